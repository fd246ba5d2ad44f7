// SPDX-License-Identifier: Apache-2.0
// Estimators: the ways in which a published number is made from an endpoint, and what each may be applied to.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hortega::evidence {

/// Defined one by one in data/evidence/README.md.
enum class Estimator {
  events,
  count,
  percent,
  free_percent,
  km_percent,
  km_free_percent,
  median_time_months,
  median_age_years,
  mean,
  median,
  sd,
  mean_change,
  median_change,
  mean_percent_change,
  geometric_mean_percent_change,
  median_percent_change,
  mean_change_per_year,
  percent_change_per_year,
  rate,
  per_scan,
  mean_count,
  median_count,
  percent_with,
  percent_without,
  percent_with_at_visit,
  share_percent,
  not_below_percent,
  hazard_ratio,
  rate_ratio,
  odds_ratio,
  rate_reduction_percent,
  risk_reduction_percent,
  count_reduction_percent,
  change_reduction_percent,
  mean_difference,
  mean_change_difference,
  standardised_mean_difference
};

/// Of one arm, or of the first arm of a contrast against the second.
enum class Applies { arm, contrast };

/// The unit in which a statistic is compared, whatever unit was printed.
enum class Unit {
  percent,
  months,
  years,
  per_person,       ///< events or lesions per person
  per_person_year,  ///< per year of follow-up
  per_scan,
  measurement,  ///< of the endpoint: EDSS, mL, percent of volume, days, seconds
  ratio
};

/// How an interval follows from a value and n where none was printed.
enum class Derivation { none, binomial, poisson, student };

/// The scale on which distances are measured.
enum class Scale { linear, logarithmic };

struct EstimatorInfo {
  Estimator estimator;
  std::string_view name;  ///< as written in map.toml
  Applies applies;
  Unit unit;
  Derivation derivation;
  Scale scale;
};

std::span<const EstimatorInfo> estimators();
const EstimatorInfo& info(Estimator estimator);

/// May the estimator be applied to an endpoint of this kind (`cdw`, `gd`, ...)? False for unknown kinds.
bool fits(Estimator estimator, std::string_view kind);

}  // namespace hortega::evidence
