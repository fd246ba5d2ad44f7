// SPDX-License-Identifier: Apache-2.0
// Proportions, rates and 2 x 2 tables: score, exact and Newcombe intervals.
#pragma once

#include <cstdint>

#include "hortega/analysis/inference.hpp"

namespace hortega::analysis {

/// Events among n >= 1 people, 0 <= events <= n (else std::invalid_argument).
struct Binomial {
  std::int64_t events = 0;
  std::int64_t n = 0;

  double proportion() const { return static_cast<double>(events) / static_cast<double>(n); }
};

/// Wilson's score interval without continuity correction (Wilson 1927; prop.test, correct = FALSE).
Interval wilson(Binomial x, double confidence = k_confidence);

/// Clopper & Pearson's exact interval (1934; binom.test).
Interval clopper_pearson(Binomial x, double confidence = k_confidence);

struct Difference {
  double difference = 0.0;
  Interval interval;
};

/// Proportion a - b with Newcombe's hybrid score interval (Newcombe 1998, Stat Med 17:873, method 10).
Difference newcombe_difference(Binomial a, Binomial b, double confidence = k_confidence);

/// Pearson's chi-squared of two proportions, no continuity correction; p = 1 where nobody or everybody has
/// events.
ChiSquareTest two_proportion_test(Binomial a, Binomial b);

/// Odds ratio a : b with Woolf's interval. With an empty cell one half is added to every cell
/// (Haldane-Anscombe).
struct OddsRatio {
  double log_odds_ratio = 0.0;
  double standard_error = 0.0;
  double odds_ratio = 1.0;
  double p = 1.0;
  Interval interval;  ///< of the odds ratio
  bool half_added = false;
};

OddsRatio odds_ratio(Binomial a, Binomial b, double confidence = k_confidence);

/// Rate events / exposure with the exact (Garwood 1936) interval, per unit of exposure > 0 (poisson.test).
struct RateEstimate {
  double rate = 0.0;
  Interval interval;
};

RateEstimate exact_poisson_rate(std::int64_t events, double exposure, double confidence = k_confidence);

}  // namespace hortega::analysis
