// SPDX-License-Identifier: Apache-2.0
#include "hortega/output/parameter_range.hpp"

#include <cmath>

#include "hortega/output/words.hpp"

namespace hortega::output {

std::optional<std::pair<double, double>> parameter_range(double mean, double sd_parameters,
                                                         std::string_view estimator, int draws) {
  if (draws < k_least_draws_shown || !std::isfinite(mean) || !std::isfinite(sd_parameters) ||
      sd_parameters <= 0.0)
    return std::nullopt;
  const double half = 1.96 * sd_parameters;
  if (estimator.find("reduction") != std::string_view::npos && mean < 100.0) {
    const double rest = 100.0 - mean;  // is never negative
    return std::pair{100.0 - rest * std::exp(half / rest), 100.0 - rest * std::exp(-half / rest)};
  }
  const bool may_be_negative = estimator.find("change") != std::string_view::npos ||
                               estimator.find("difference") != std::string_view::npos;
  if (may_be_negative || mean <= 0.0) return std::pair{mean - half, mean + half};
  if (is_percentage(std::string(estimator))) {
    if (mean >= 100.0) return std::pair{mean - half, mean};
    const double odds = mean / (100.0 - mean);
    const double factor = std::exp(half * 100.0 / (mean * (100.0 - mean)));  // delta method
    const double low = odds / factor, high = odds * factor;
    return std::pair{100.0 * low / (1.0 + low), 100.0 * high / (1.0 + high)};
  }
  return std::pair{mean * std::exp(-half / mean), mean * std::exp(half / mean)};
}

}  // namespace hortega::output
