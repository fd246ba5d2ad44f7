// SPDX-License-Identifier: Apache-2.0
// Time to event: a sample sorted once, Kaplan-Meier, restricted mean and the log-rank family.
// Agrees with R's survival 3.5-3 (survfit, survdiff); times are tied only if exactly equal (R's timefix off).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "hortega/analysis/inference.hpp"

namespace hortega::analysis {

/// Right-censored times, sorted once (O(n log n)) and shared by every method below (each O(n)).
/// Status 0 is censored, k > 0 an event of cause k; a censoring at the time of an event comes after it.
class SurvivalSample {
 public:
  /// Times finite and >= 0 in any one unit, statuses >= 0, both indexed by person.
  SurvivalSample(std::span<const double> time, std::span<const std::int32_t> status);

  std::size_t size() const { return time_.size(); }
  /// Ascending times, their statuses, and the person each belongs to.
  std::span<const double> time() const { return time_; }
  std::span<const std::int32_t> status() const { return status_; }
  std::span<const std::size_t> person() const { return person_; }

  /// The people whose group (indexed by person) is `wanted`, renumbered from 0 in their order. O(n).
  SurvivalSample only(std::span<const std::int32_t> group, std::int32_t wanted) const;
  /// The same people with every event of another cause turned into a censoring. O(n).
  SurvivalSample cause_specific(std::int32_t cause) const;

 private:
  SurvivalSample() = default;
  std::vector<double> time_;
  std::vector<std::int32_t> status_;
  std::vector<std::size_t> person_;
};

/// Kaplan-Meier product-limit curve: one entry per distinct time (event or censoring), ascending.
struct KaplanMeierCurve {
  std::vector<double> time;
  std::vector<std::int64_t> at_risk, events, censored;
  std::vector<double> survival;
  std::vector<double> variance;  ///< Greenwood variance of the survival; 0 where the survival is 0
  std::vector<double> lower,
      upper;  ///< log-log band; NaN where survival is 0 or 1, as log(-log S) is undefined
  double confidence = k_confidence;
};

/// Any status > 0 counts as the event (use cause_specific first where that is not meant).
/// Kalbfleisch & Prentice 2002, eq. 1.10 (Greenwood) and 1.13 (log-log interval).
KaplanMeierCurve kaplan_meier(const SurvivalSample& sample, double confidence = k_confidence);

struct SurvivalAt {
  double survival = 1.0;
  double variance = 0.0;
  double lower = 1.0, upper = 1.0;  ///< NaN where undefined, see KaplanMeierCurve
  std::int64_t at_risk = 0;         ///< people with time >= t, the figure under a plot
  bool beyond_follow_up = false;    ///< t is later than the last time of the sample while S > 0
};

/// The curve at time t (right-continuous). O(log n).
SurvivalAt survival_at(const KaplanMeierCurve& curve, double t);

struct MedianSurvival {
  std::optional<double> median, lower, upper;  ///< empty: not reached
};

/// Median with the Brookmeyer-Crowley interval from the curve's log-log band (as print.survfit: where the
/// curve is flat at exactly 0.5, the midpoint of the step).
MedianSurvival median_survival(const KaplanMeierCurve& curve);

/// Area under the curve from 0 to tau, in the unit of time (Irwin 1949; variance as in survival:::survmean).
struct RestrictedMean {
  double mean = 0.0;
  double variance = 0.0;
  Interval interval;
  bool extrapolated = false;  ///< follow-up ends before tau with S > 0: the last level was carried on
};

RestrictedMean restricted_mean(const KaplanMeierCurve& curve, double tau);

/// Difference of two independent restricted means (a - b) with Wald interval and test.
struct RestrictedMeanDifference {
  double difference = 0.0;
  double standard_error = 0.0;
  double z = 0.0, p = 1.0;  ///< z 0 and p 1 where the standard error is 0
  Interval interval;
};

RestrictedMeanDifference restricted_mean_difference(const RestrictedMean& a, const RestrictedMean& b,
                                                    double confidence = k_confidence);

/// Weights S(t-)^rho (1 - S(t-))^gamma of Fleming & Harrington 1991; 0, 0 is the log-rank test.
struct FlemingHarrington {
  double rho = 0.0;
  double gamma = 0.0;
};

struct LogRankResult {
  std::vector<double> observed, expected;  ///< per group, weighted
  std::vector<double> covariance;          ///< of observed - expected, groups x groups by rows
  ChiSquareTest test;
};

/// Groups 0 .. n_groups-1 indexed by person; `stratum` (any integers) may be empty. S(t-) is the pooled curve
/// of the stratum. Groups without expected events are left out of the test, as survdiff does.
LogRankResult log_rank(const SurvivalSample& sample, std::span<const std::int32_t> group,
                       std::int32_t n_groups, std::span<const std::int32_t> stratum = {},
                       FlemingHarrington weight = {});

}  // namespace hortega::analysis
