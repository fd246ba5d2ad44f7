// SPDX-License-Identifier: Apache-2.0
// Tails and quantiles of the normal and chi-squared distributions, from Boost.Math.
#include "hortega/analysis/inference.hpp"

#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace hortega::analysis {

double normal_half_width(double confidence) {
  if (!(confidence > 0.0 && confidence < 1.0)) throw std::invalid_argument("confidence must lie in (0, 1)");
  return std::numbers::sqrt2 * boost::math::erf_inv(confidence);
}

double two_sided_p(double z) { return std::erfc(std::fabs(z) / std::numbers::sqrt2); }

double chi_square_p(double statistic, int df) {
  if (df <= 0 || statistic <= 0.0) return 1.0;
  if (std::isinf(statistic)) return 0.0;
  return boost::math::gamma_q(0.5 * df, 0.5 * statistic);
}

Ratio exponentiate(const Term& term) {
  return {term.status,
          std::exp(term.coefficient),
          term.p,
          {std::exp(term.interval.lower), std::exp(term.interval.upper)}};
}

}  // namespace hortega::analysis
