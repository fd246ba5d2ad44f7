// SPDX-License-Identifier: Apache-2.0
// A published number beside a simulated one: the interval of the first, the verdict, the distance.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hortega/analysis/inference.hpp"
#include "hortega/evidence/map.hpp"
#include "hortega/evidence/published.hpp"

namespace hortega::evidence {

/// Where the interval of a published number comes from.
enum class IntervalBasis {
  none,               ///< nothing gives one: the row is shown, not scored
  printed,            ///< the publication
  range,              ///< limits of several published values, no confidence
  derived_binomial,   ///< n: exact (Clopper-Pearson); people lost before the horizon count as followed
  derived_poisson,    ///< n and time, or scans: exact (Garwood); too narrow where people differ
  derived_student,    ///< the mean's standard error, or the standard deviation and n
  derived_replicates  ///< how much the statistic differs between simulated studies of the published size
};
std::string_view name(IntervalBasis basis);
/// Computed here, not printed: reports mark it.
bool is_derived(IntervalBasis basis);

/// A published number in the unit in which it is compared (info(estimator).unit): an event count out of n is
/// a percentage, a total of relapses or lesions is one per person, years are months.
struct PublishedStatistic {
  std::optional<double> value;
  std::optional<analysis::Interval> interval;
  double confidence = analysis::k_confidence;
  IntervalBasis basis = IntervalBasis::none;
  Scale scale = Scale::linear;
  std::string why_not_scored;  ///< empty if there is a value and an interval
};

/// The number of `row` that `entry` names (an entry with a statistic; std::invalid_argument with `none`).
PublishedStatistic published_statistic(const PublishedRow& row, const MapEntry& entry);

/// The simulated statistic in the same unit, with an interval of the given confidence. Give the Monte Carlo
/// interval of the mean over replicates: the sampling error of a trial of that size is already in the
/// published interval.
struct Simulated {
  double value = 0.0;
  analysis::Interval interval;
  double confidence = analysis::k_confidence;
};

/// By what the spread between studies of `simulated` people grows in one of `published` (0: not known): one
/// of two pooled trials, a part of a register. Never below 1: where fewer were simulated than randomised, the
/// published number too rests on those who were measured.
double spread_in_fewer(double simulated, double published);

/// Gives a published number that has no interval one from the simulation: value -+ z times the standard
/// deviation of the statistic between replicates that are as large as the study was (for means without a
/// spread, medians and reductions). It answers whether chance alone could make the difference, if the model
/// is right about how people differ. Does nothing if there is no value, an interval already, or no positive
/// finite deviation.
void derive_from_replicates(PublishedStatistic& published, double sd_between_replicates);

enum class Verdict {
  inside,     ///< the simulated value lies in the published interval
  overlaps,   ///< it does not, but its own interval reaches in
  outside,    ///< the intervals are apart
  not_scored  ///< see `why`
};
std::string_view name(Verdict verdict);

struct Comparison {
  Verdict verdict = Verdict::not_scored;
  /// (simulated - published) over both standard errors together, on the statistic's scale (logarithm of
  /// ratios and times); each error is half the interval on the side of the other value. Empty for a range,
  /// and where a logarithm or an error does not exist.
  std::optional<double> z;
  std::string why;  ///< of not_scored
};

Comparison compare(const PublishedStatistic& published, const Simulated& simulated);

}  // namespace hortega::evidence
