// SPDX-License-Identifier: Apache-2.0
// The estimators by name, from what people contribute to a number and, for contrasts, the p of the trial's
// test.
//
// Horizon T: the time asked; people's times, counts and scans up to it.
//   events                people with the event by T                      percent, free_percent   crude
//   shares, of all at risk km_percent            100 (1 - S(T)), Kaplan-Meier; where death competes the
//   Aalen-Johansen incidence; km_free_percent its
//                         complement
//   median_time_months    of S (a month: 30.4375 days), not defined if it is not reached; median_age_years
//   the same with time
//                         counted from birth
//   count, mean_count, median_count, percent_with, percent_without        events or lesions: total, per
//   person, share of people rate                  total over total years                          per_scan
//   total over scans mean, median, sd      of the measure at T's visit percent_with_at_visit   share with a
//   value above 0 mean_change, median_change, mean_percent_change, median_percent_change,
//   geometric_mean_percent_change   from baseline mean_change_per_year, percent_change_per_year (compound)
//   mean over people of change over time between the visits share_percent         PIRA (RAW) among all
//   confirmed worsenings                           not_below_percent     engraftment: grafted people whose
//   count never fell below the threshold; they have no day and are in no other number
// NEDA's crude shares are those of the landmark T: percent = evidence of activity, people with unknown answer
// left out. Contrasts (a against the reference b) and their tests:
//   hazard_ratio, risk_reduction_percent = 100 (1 - HR)                    Cox (Efron; cause-specific),
//   log-rank test rate_ratio, rate_reduction_percent, count_reduction_percent = 100 (1 - RR)   negative
//   binomial, offset years (lesions: scans),
//                         Wald; where an arm has no event the exact conditional Poisson test
//   odds_ratio            of crude shares, chi-squared
//   mean_difference, standardised_mean_difference (pooled sd)             Welch
//   mean_change_difference ANCOVA with the baseline, change_reduction_percent = 100 (1 - mean change a / b),
//   ANCOVA's test
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "hortega/analysis/competing_risks.hpp"
#include "hortega/analysis/survival.hpp"
#include "hortega/evidence/estimates.hpp"
#include "hortega/evidence/estimator.hpp"
#include "hortega/evidence/outcomes.hpp"

namespace hortega::evidence {

enum class Death : std::uint8_t { censors, competes };

/// The share with the event over time in one group. Outcomes that are not at risk are left out.
class EventCurve {
 public:
  EventCurve(std::span<const PersonOutcome> people, Death death);

  std::size_t people() const { return people_; }
  /// NaN if follow-up ends more than 45 days (a visit's delay) before t with people still free.
  double event_probability(double t) const;
  std::int64_t at_risk(double t) const;
  double last_day() const;  ///< of anybody's follow-up
  /// First time with an event probability of one half, at most `horizon`; NaN if there is none.
  double median(double horizon) const;

 private:
  std::size_t people_ = 0;
  Death death_;
  std::optional<analysis::KaplanMeierCurve> survival_;
  std::optional<analysis::CumulativeIncidence> incidence_;
};

/// Numbers of one group. The estimator must be of the family that the function's name says (else
/// std::invalid_argument); NaN where it is not defined.
Outcome crude_share(Estimator estimator, std::span<const PersonOutcome> people, double horizon_day);
Outcome landmark_share(Estimator estimator, std::span<const endpoints::Ternary> free);
Outcome counted(Estimator estimator, std::span<const PersonCount> people);
Outcome measured(Estimator estimator, std::span<const PersonValue> people);

/// What an event count is divided by.
enum class Exposure : std::uint8_t { years, scans };

/// Ratios a : b with the p of the test. An arm without events gives 0 or infinity.
Outcome hazard_ratio(std::span<const PersonOutcome> a, std::span<const PersonOutcome> b, double horizon_day);
Outcome rate_ratio(std::span<const PersonCount> a, std::span<const PersonCount> b, Exposure exposure);
Outcome odds_ratio(Outcome a_percent, Outcome b_percent);
Outcome compared(Estimator estimator, std::span<const PersonValue> a, std::span<const PersonValue> b);

/// 100 (1 - ratio), 100 at a ratio of 0, NaN at infinity.
Outcome as_reduction(Outcome ratio);

/// The test behind a contrast's p, in words.
std::string_view test_of(Estimator estimator);

}  // namespace hortega::evidence
