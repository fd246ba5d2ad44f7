// SPDX-License-Identifier: Apache-2.0
// Intervals of proportions and rates.
#include "hortega/analysis/proportions.hpp"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <stdexcept>

namespace hortega::analysis {
namespace {

void require_valid(Binomial x) {
  if (x.n < 1 || x.events < 0 || x.events > x.n)
    throw std::invalid_argument("events must lie in 0 .. n, n >= 1");
}

double tail_of(double confidence) {
  if (!(confidence > 0.0 && confidence < 1.0)) throw std::invalid_argument("confidence must lie in (0, 1)");
  return 0.5 * (1.0 - confidence);
}

}  // namespace

Interval wilson(Binomial x, double confidence) {
  require_valid(x);
  const double z = normal_half_width(confidence);
  const auto n = static_cast<double>(x.n);
  const double p = x.proportion();
  const double centre = p + z * z / (2.0 * n);
  const double half = z * std::sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n));
  const double scale = 1.0 + z * z / n;
  // The bounds are exactly 0 and 1 at the ends; rounding must not push them outside.
  const double lower = x.events == 0 ? 0.0 : std::max(0.0, (centre - half) / scale);
  const double upper = x.events == x.n ? 1.0 : std::min(1.0, (centre + half) / scale);
  return {lower, upper};
}

Interval clopper_pearson(Binomial x, double confidence) {
  require_valid(x);
  const double tail = tail_of(confidence);
  const auto k = static_cast<double>(x.events);
  const auto n = static_cast<double>(x.n);
  Interval interval{0.0, 1.0};
  if (x.events > 0) interval.lower = boost::math::ibeta_inv(k, n - k + 1.0, tail);
  if (x.events < x.n) interval.upper = boost::math::ibetac_inv(k + 1.0, n - k, tail);
  return interval;
}

Difference newcombe_difference(Binomial a, Binomial b, double confidence) {
  const Interval of_a = wilson(a, confidence);
  const Interval of_b = wilson(b, confidence);
  const double pa = a.proportion();
  const double pb = b.proportion();
  const double difference = pa - pb;
  return {difference,
          {difference - std::hypot(pa - of_a.lower, of_b.upper - pb),
           difference + std::hypot(of_a.upper - pa, pb - of_b.lower)}};
}

ChiSquareTest two_proportion_test(Binomial a, Binomial b) {
  require_valid(a);
  require_valid(b);
  const auto na = static_cast<double>(a.n);
  const auto nb = static_cast<double>(b.n);
  const double pooled = static_cast<double>(a.events + b.events) / (na + nb);
  const double variance = pooled * (1.0 - pooled) * (1.0 / na + 1.0 / nb);
  ChiSquareTest test{0.0, 1, 1.0};
  if (variance > 0.0) {
    const double difference = a.proportion() - b.proportion();
    test.statistic = difference * difference / variance;
    test.p = chi_square_p(test.statistic, 1);
  }
  return test;
}

OddsRatio odds_ratio(Binomial a, Binomial b, double confidence) {
  require_valid(a);
  require_valid(b);
  OddsRatio result;
  result.half_added = a.events == 0 || b.events == 0 || a.events == a.n || b.events == b.n;
  const double extra = result.half_added ? 0.5 : 0.0;
  const double a1 = static_cast<double>(a.events) + extra;
  const double a0 = static_cast<double>(a.n - a.events) + extra;
  const double b1 = static_cast<double>(b.events) + extra;
  const double b0 = static_cast<double>(b.n - b.events) + extra;
  result.log_odds_ratio = std::log(a1 / a0) - std::log(b1 / b0);
  result.standard_error = std::sqrt(1.0 / a1 + 1.0 / a0 + 1.0 / b1 + 1.0 / b0);
  result.odds_ratio = std::exp(result.log_odds_ratio);
  result.p = two_sided_p(result.log_odds_ratio / result.standard_error);
  const double half = normal_half_width(confidence) * result.standard_error;
  result.interval = {std::exp(result.log_odds_ratio - half), std::exp(result.log_odds_ratio + half)};
  return result;
}

RateEstimate exact_poisson_rate(std::int64_t events, double exposure, double confidence) {
  if (events < 0) throw std::invalid_argument("events must not be negative");
  if (!(exposure > 0.0) || !std::isfinite(exposure)) throw std::invalid_argument("exposure must be positive");
  const double tail = tail_of(confidence);
  const auto k = static_cast<double>(events);
  RateEstimate result{k / exposure, {0.0, boost::math::gamma_q_inv(k + 1.0, tail) / exposure}};
  if (events > 0) result.interval.lower = boost::math::gamma_p_inv(k, tail) / exposure;
  return result;
}

}  // namespace hortega::analysis
