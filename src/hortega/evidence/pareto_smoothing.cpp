// SPDX-License-Identifier: Apache-2.0
// Pareto smoothed importance sampling.
#include "hortega/evidence/pareto_smoothing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace hortega::evidence {
namespace {

constexpr std::size_t k_shortest_tail = 5;

/// Weak prior of Vehtari et al. on k: ten observations at 0.5.
double shrunk(double k, double n) { return (k * n + 10.0 * 0.5) / (n + 10.0); }

/// k of the distribution whose -k/sigma is b, by profile likelihood (Zhang & Stephens, equation 6).
double shape_given(double b, std::span<const double> x) {
  double sum = 0.0;
  for (const double value : x) sum += std::log1p(-b * value);
  return sum / static_cast<double>(x.size());
}

void normalise(std::vector<double>& weight) {
  const double sum = std::accumulate(weight.begin(), weight.end(), 0.0);
  for (double& w : weight) w /= sum;
}

}  // namespace

GeneralisedPareto fit_generalised_pareto(std::span<const double> exceedances) {
  if (exceedances.size() < k_shortest_tail)
    throw std::invalid_argument("a tail of fewer than five values cannot be fitted");
  std::vector<double> x(exceedances.begin(), exceedances.end());
  std::sort(x.begin(), x.end());
  if (!(x.front() > 0.0) || !std::isfinite(x.back()) || x.front() == x.back())
    throw std::invalid_argument("a tail needs positive, finite values that differ");
  const double n = static_cast<double>(x.size());
  const double quartile = x[static_cast<std::size_t>(std::floor(n / 4.0 + 0.5)) - 1];
  const int points = 80 + static_cast<int>(std::floor(std::sqrt(n)));
  std::vector<double> b, log_likelihood;
  for (int j = 1; j <= points; ++j) {
    const double candidate = 1.0 / x.back() + (1.0 - std::sqrt(points / (j - 0.5))) / (3.0 * quartile);
    const double k = shape_given(candidate, x);
    const double value = n * (std::log(-candidate / k) - k - 1.0);
    if (!std::isfinite(value)) continue;  // b = 0, the exponential: a single point, its neighbours stand in
    b.push_back(candidate);
    log_likelihood.push_back(value);
  }
  if (b.empty()) throw std::invalid_argument("a tail without any likelihood cannot be fitted");
  const double highest = *std::max_element(log_likelihood.begin(), log_likelihood.end());
  double sum = 0.0, sum_b = 0.0;
  for (std::size_t j = 0; j < b.size(); ++j) {
    const double w = std::exp(log_likelihood[j] - highest);
    sum += w, sum_b += w * b[j];
  }
  const double mean_b = sum_b / sum;
  const double k = shape_given(mean_b, x);
  return {k, -k / mean_b};
}

SmoothedWeights pareto_smoothed(std::span<const double> log_ratios) {
  const std::size_t n = log_ratios.size();
  double highest = -std::numeric_limits<double>::infinity();
  for (const double r : log_ratios) {
    if (std::isnan(r) || r == std::numeric_limits<double>::infinity())
      throw std::invalid_argument("an importance ratio is no number");
    highest = std::max(highest, r);
  }
  if (!std::isfinite(highest)) throw std::invalid_argument("no draw has an importance ratio");
  SmoothedWeights result;
  result.weight.resize(n);
  for (std::size_t i = 0; i < n; ++i) result.weight[i] = std::exp(log_ratios[i] - highest);

  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return result.weight[a] < result.weight[b]; });
  const double s = static_cast<double>(n);
  const auto length = static_cast<std::size_t>(std::ceil(std::min(0.2 * s, 3.0 * std::sqrt(s))));
  result.pareto_k = std::numeric_limits<double>::infinity();
  const bool alike = result.weight[order.front()] == result.weight[order.back()];
  if (alike) {
    result.pareto_k = -std::numeric_limits<double>::infinity();
  } else if (length >= k_shortest_tail && length < n) {
    const double cutoff = std::max(result.weight[order[n - length - 1]], std::numeric_limits<double>::min());
    std::vector<double> tail;
    std::vector<std::size_t> places;
    for (std::size_t i = n - length; i < n; ++i) {
      if (result.weight[order[i]] <= cutoff) continue;
      tail.push_back(result.weight[order[i]] - cutoff);
      places.push_back(order[i]);
    }
    if (tail.size() >= k_shortest_tail && tail.front() < tail.back()) {
      const GeneralisedPareto fit = fit_generalised_pareto(tail);
      const double m = static_cast<double>(tail.size());
      const double k = shrunk(fit.k, m);
      if (std::isfinite(k)) {
        result.pareto_k = k;
        for (std::size_t i = 0; i < places.size(); ++i) {
          const double log_tail = std::log1p(-(static_cast<double>(i) + 0.5) / m);
          const double excess =
              std::abs(k) < 1e-12 ? -fit.sigma * log_tail : fit.sigma * std::expm1(-k * log_tail) / k;
          result.weight[places[i]] = std::min(1.0, cutoff + excess);
        }
      }
    }
  }
  normalise(result.weight);
  double squares = 0.0;
  for (const double w : result.weight) squares += w * w;
  result.effective_size = 1.0 / squares;
  return result;
}

double largest_usable_k(std::size_t draws) {
  if (draws < 2) return 0.0;
  return std::min(1.0 - 1.0 / std::log10(static_cast<double>(draws)), 0.7);
}

}  // namespace hortega::evidence
