// SPDX-License-Identifier: Apache-2.0
// Estimators: the ways in which a published number is made from an endpoint.
#include "hortega/evidence/estimator.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hortega::evidence {
namespace {

using E = Estimator;
constexpr auto arm = Applies::arm, contrast = Applies::contrast;
constexpr auto linear = Scale::linear, logarithmic = Scale::logarithmic;
constexpr auto none = Derivation::none, binomial = Derivation::binomial, poisson = Derivation::poisson,
               student = Derivation::student;

// In the order of the enum.
constexpr std::array<EstimatorInfo, 37> k_estimators = {{
    {E::events, "events", arm, Unit::percent, binomial, linear},
    {E::count, "count", arm, Unit::per_person, poisson, linear},
    {E::percent, "percent", arm, Unit::percent, binomial, linear},
    {E::free_percent, "free_percent", arm, Unit::percent, binomial, linear},
    {E::km_percent, "km_percent", arm, Unit::percent, binomial, linear},
    {E::km_free_percent, "km_free_percent", arm, Unit::percent, binomial, linear},
    {E::median_time_months, "median_time_months", arm, Unit::months, none, linear},
    {E::median_age_years, "median_age_years", arm, Unit::years, none, linear},
    {E::mean, "mean", arm, Unit::measurement, student, linear},
    {E::median, "median", arm, Unit::measurement, none, linear},
    {E::sd, "sd", arm, Unit::measurement, none, linear},
    {E::mean_change, "mean_change", arm, Unit::measurement, student, linear},
    {E::median_change, "median_change", arm, Unit::measurement, none, linear},
    {E::mean_percent_change, "mean_percent_change", arm, Unit::percent, student, linear},
    {E::geometric_mean_percent_change, "geometric_mean_percent_change", arm, Unit::percent, none, linear},
    {E::median_percent_change, "median_percent_change", arm, Unit::percent, none, linear},
    {E::mean_change_per_year, "mean_change_per_year", arm, Unit::measurement, student, linear},
    {E::percent_change_per_year, "percent_change_per_year", arm, Unit::percent, student, linear},
    {E::rate, "rate", arm, Unit::per_person_year, poisson, linear},
    {E::per_scan, "per_scan", arm, Unit::per_scan, poisson, linear},
    {E::mean_count, "mean_count", arm, Unit::per_person, poisson, linear},
    {E::median_count, "median_count", arm, Unit::per_person, none, linear},
    {E::percent_with, "percent_with", arm, Unit::percent, binomial, linear},
    {E::percent_without, "percent_without", arm, Unit::percent, binomial, linear},
    {E::percent_with_at_visit, "percent_with_at_visit", arm, Unit::percent, binomial, linear},
    {E::share_percent, "share_percent", arm, Unit::percent, none, linear},
    {E::not_below_percent, "not_below_percent", arm, Unit::percent, binomial, linear},
    {E::hazard_ratio, "hazard_ratio", contrast, Unit::ratio, none, logarithmic},
    {E::rate_ratio, "rate_ratio", contrast, Unit::ratio, none, logarithmic},
    {E::odds_ratio, "odds_ratio", contrast, Unit::ratio, none, logarithmic},
    {E::rate_reduction_percent, "rate_reduction_percent", contrast, Unit::percent, none, linear},
    {E::risk_reduction_percent, "risk_reduction_percent", contrast, Unit::percent, none, linear},
    {E::count_reduction_percent, "count_reduction_percent", contrast, Unit::percent, none, linear},
    {E::change_reduction_percent, "change_reduction_percent", contrast, Unit::percent, none, linear},
    {E::mean_difference, "mean_difference", contrast, Unit::measurement, none, linear},
    {E::mean_change_difference, "mean_change_difference", contrast, Unit::measurement, none, linear},
    {E::standardised_mean_difference, "standardised_mean_difference", contrast, Unit::measurement, none,
     linear},
}};

// What an endpoint yields for a person: whether and when, how often, how much, one of several classes, or
// that a count never fell.
constexpr unsigned k_event = 1, k_count = 2, k_measure = 4, k_share = 8, k_fall = 16;

constexpr std::array<std::pair<std::string_view, unsigned>, 38> k_kinds = {{
    {"relapse", k_event | k_count},
    {"cdw", k_event},
    {"cdi", k_event},
    {"pira", k_event | k_share},
    {"raw", k_event | k_share},
    {"neda3", k_event},
    {"neda4", k_event},
    {"edss", k_measure},
    {"edss_milestone", k_event},
    {"spms_conversion", k_event},
    {"gd", k_event | k_count | k_measure},
    {"new_t2", k_event | k_count | k_measure},
    {"t2_volume", k_measure},
    {"brain_volume", k_measure},
    {"t25fw", k_event | k_measure},
    {"nhpt", k_event | k_measure},
    {"sdmt", k_event | k_measure},
    {"snfl", k_measure},
    {"death", k_event},
    {"trm", k_event},
    {"adverse_event", k_event | k_count},
    {"anc_engraftment", k_event | k_measure | k_fall},
    {"platelet_engraftment", k_event | k_measure | k_fall},
    {"relapse_free_survival", k_event},
    {"composite", k_event},
    {"edss_plus", k_event},
    {"low_contrast", k_event | k_measure},
    {"vep", k_measure},
    {"eq5d", k_measure},
    {"new_t1", k_event | k_count | k_measure},
    {"t1_volume", k_measure},
    // Of animals (trial/experiment.hpp).
    {"clinical_score", k_measure},
    {"cumulative_score", k_measure},
    {"incidence", k_event},
    {"onset_day", k_measure},
    {"max_score", k_measure},
    {"axon_loss", k_measure},
    {"lesions", k_measure},
}};

unsigned needs(Estimator estimator) {
  switch (estimator) {
    case E::events:
    case E::percent:
    case E::free_percent:
    case E::km_percent:
    case E::km_free_percent:
    case E::median_time_months:
    case E::median_age_years:
    case E::hazard_ratio:
    case E::odds_ratio:
    case E::risk_reduction_percent:
      return k_event;
    case E::count:
    case E::rate:
    case E::per_scan:
    case E::mean_count:
    case E::median_count:
    case E::percent_with:
    case E::percent_without:
    case E::rate_ratio:
    case E::rate_reduction_percent:
    case E::count_reduction_percent:
      return k_count;
    case E::percent_with_at_visit:
      return k_count | k_measure;
    case E::share_percent:
      return k_share;
    case E::not_below_percent:
      return k_fall;
    case E::mean:
    case E::median:
    case E::sd:
    case E::mean_change:
    case E::median_change:
    case E::mean_percent_change:
    case E::geometric_mean_percent_change:
    case E::median_percent_change:
    case E::mean_change_per_year:
    case E::percent_change_per_year:
    case E::change_reduction_percent:
    case E::mean_difference:
    case E::mean_change_difference:
    case E::standardised_mean_difference:
      return k_measure;
  }
  return 0;
}

}  // namespace

std::span<const EstimatorInfo> estimators() { return k_estimators; }

const EstimatorInfo& info(Estimator estimator) { return k_estimators[static_cast<std::size_t>(estimator)]; }

bool fits(Estimator estimator, std::string_view kind) {
  const auto at =
      std::find_if(k_kinds.begin(), k_kinds.end(), [&](const auto& k) { return k.first == kind; });
  return at != k_kinds.end() && (at->second & needs(estimator)) == needs(estimator);
}

}  // namespace hortega::evidence
