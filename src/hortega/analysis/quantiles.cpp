// SPDX-License-Identifier: Apache-2.0
// Sample quantiles of type 7.
#include "hortega/analysis/quantiles.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace hortega::analysis {

std::vector<double> quantiles(std::span<const double> values, std::span<const double> probabilities) {
  if (values.empty()) throw std::invalid_argument("quantiles of nothing");
  if (!std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); })) {
    throw std::invalid_argument("a value is not finite");
  }
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> result;
  result.reserve(probabilities.size());
  for (const double p : probabilities) {
    if (!(p >= 0.0 && p <= 1.0)) throw std::invalid_argument("a probability lies outside [0, 1]");
    const double position = p * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(std::floor(position));
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    const double fraction = position - static_cast<double>(below);
    result.push_back(sorted[below] + fraction * (sorted[above] - sorted[below]));
  }
  return result;
}

}  // namespace hortega::analysis
