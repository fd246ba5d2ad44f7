// SPDX-License-Identifier: Apache-2.0
// Endpoints made of several: EDSS-Plus, confirmed composite progression, milestones, conversion to secondary
// progressive MS, relapse-free survival, EDSS change (docs/endpoints.md).
#pragma once

#include "hortega/endpoints/worsening.hpp"

namespace hortega::endpoints {

/// Which hands of the nine-hole peg test count.
enum class Hands : std::uint8_t { either, dominant };

struct CompositeOptions {
  WorseningOptions edss;  ///< rule for EDSS; the timing rules hold for all components
  StepRule timed_tests = steps::twenty_percent;
  Hands hands = Hands::either;
};
CompositeOptions edss_plus();                              ///< 24 weeks (Cadavid 2017)
CompositeOptions composite_progression(double days = 84);  ///< cCDP12, or 168 for cCDP24

/// The earlier event; without one the longer time at risk.
TimeToEvent first_of(const TimeToEvent& a, const TimeToEvent& b);

/// Each component and the earliest of them.
struct CompositeResult {
  TimeToEvent any, edss, t25fw, nhpt;
};
CompositeResult composite_worsening(const PersonRecord& person, const CompositeOptions& options);
std::string definition(const CompositeOptions& options);

/// What becomes of somebody who is at a milestone at the first visit: trials leave them out, cohorts counted
/// from onset keep them.
enum class AtFirstVisit { not_at_risk, counts };

/// First visit with EDSS >= `milestone`, confirmed as `timing` says (its step rule is not used). Who is there
/// at the first visit is by `present` not at risk (Censoring::no_baseline), or as at any other visit.
TimeToEvent time_to_milestone(const PersonRecord& person, double milestone, const WorseningOptions& timing,
                              AtFirstVisit present = AtFirstVisit::not_at_risk);

/// Conversion to SPMS by data (Lorscheider 2016; MSoutcomes spmsDx defaults): see definition().
struct SpmsOptions {
  StepRule step = steps::msbase;
  double minimum_edss = 4.0;
  std::uint8_t minimum_pyramidal = 2;
  double confirmation_days = 3 * 30.25;
  double regression_days =
      9 * 30.25;  ///< an improvement over two visits in a row moves the baseline after so long
  int relapse_days = 30;
};
TimeToEvent time_to_spms(const PersonRecord& person, const SpmsOptions& options = {});
std::string definition(const SpmsOptions& options);

/// EDSS at the visit nearest to `day` less EDSS at baseline (last visit at or before day 0); NaN if missing.
double edss_change(const PersonRecord& person, int day, int window_days = 14);

/// Improvement confirmed and held to the last visit.
TimeToEvent time_to_sustained_improvement(const PersonRecord& person, double confirmation_days = 168);

/// Failure of a six-month treatment period (Petrou 2020): EDSS at any visit of (start, end] above that at the
/// start by the step of the preset `petrou`, unconfirmed. unknown without both a start and a later value.
Ternary petrou_failure(const PersonRecord& person, int start_day, int end_day);

/// Relapse or death, whichever first (RFS, BEAT-MS).
TimeToEvent relapse_free_survival(const PersonRecord& person, const RelapseCounting& rule = {});

/// Confirmed worsening or death, whichever first (PFS).
TimeToEvent progression_free_survival(const PersonRecord& person, const WorseningOptions& worsening);

}  // namespace hortega::endpoints
