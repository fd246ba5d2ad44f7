// SPDX-License-Identifier: Apache-2.0
// Published definitions of worsening (docs/endpoints.md, data/evidence/PROTOCOLS.md 7; [m]: from memory).
#include "hortega/endpoints/worsening.hpp"

namespace hortega::endpoints {
namespace {

// A nominal 12-week or 3-month visit may fall a little early: half the visit window (14 days) for visits
// counted in weeks, the whole of it for visits counted in months, the MRI-like 28 days for yearly ones.
constexpr double kWeekVisitTolerance = 7;
constexpr double kMonthVisitTolerance = 14;
constexpr double kYearVisitTolerance = 28;

/// What all trials share: change from the value at randomisation, confirmed by any later examination that is
/// late enough.
WorseningOptions trial(const StepRule& step, double confirmation_days, double tolerance_before_days) {
  WorseningOptions options;
  options.step = step;
  options.improvement_step = step;
  options.confirmation_days = confirmation_days;
  options.tolerance_before_days = tolerance_before_days;
  options.tolerance_after_days = kNoLimit;
  options.baseline_visit = BaselineVisit::last_before_randomisation;
  options.relapse_to_baseline_days =
      0;  // the reference is the baseline visit; eligibility keeps relapses away from it
  return options;
}

WorseningOptions msbase() {
  WorseningOptions options;
  options.step = steps::msbase;
  options.improvement_step = steps::improvement_msbase;
  options.confirmation_days = months(3, MonthLength::msbase_30_25);
  options.tolerance_before_days = 0;
  options.tolerance_after_days = kNoLimit;
  options.sustained_days = kNoLimit;
  options.baseline = Baseline::roving_worsening;
  options.moved_baseline = MovedBaseline::mildest_in_confirmation;
  return options;
}

WorseningOptions oratorio() {
  auto options = trial(steps::opera, weeks(12), kWeekVisitTolerance);
  options.unconfirmed = UnconfirmedAtEnd::event_if_dropped_out;
  return options;
}

WorseningOptions mist() {
  auto options = trial(steps::one, months(6), kMonthVisitTolerance);
  options.onset_not_before_day = 365 - 14;  // the 12-month visit, inside its window
  return options;
}

WorseningOptions expand() {
  auto options = trial(steps::freedoms, months(3), kMonthVisitTolerance);
  options.confirming_visit = VisitKind::scheduled;
  return options;
}

WorseningOptions transplant(const StepRule& step, double confirmation_days, double tolerance_before_days) {
  auto options = trial(step, confirmation_days, tolerance_before_days);
  options.baseline_visit = BaselineVisit::last_before_transplant;
  options.confirmation_not_before_day = 90;  // a choice of ours, docs/endpoints.md
  return options;
}

WorseningOptions boffa() {
  auto options = transplant(steps::opera, months(6), kMonthVisitTolerance);
  options.unconfirmed = UnconfirmedAtEnd::event_if_at_last_visit;
  return options;
}

WorseningOptions petrou() { return trial(steps::freedoms, 0, 0); }

const std::array<WorseningPresetInfo, 14>& table() {
  using P = WorseningPreset;
  static const std::array<WorseningPresetInfo, 14> presets{{
      {P::msprog, "msprog", "msprog 1.0 defaults", WorseningOptions{}},
      {P::msbase, "msbase", "MSoutcomes 0.2.1 CDW and CDI (Kalincik 2015)", msbase()},
      {P::opera, "opera", "OPERA I/II, CDP12 (use 168 days for CDP24)",
       trial(steps::opera, weeks(12), kWeekVisitTolerance)},
      {P::oratorio, "oratorio", "ORATORIO, CDP12; drop-out before confirmation counts", oratorio()},
      {P::mist, "mist", "MIST (JAMA 2019)", mist()},
      {P::affirm, "affirm", "AFFIRM, 12 weeks",
       trial(steps::one_not_at_zero, weeks(12), kWeekVisitTolerance)},
      {P::freedoms, "freedoms", "FREEDOMS, 3 months",
       trial(steps::freedoms, months(3), kMonthVisitTolerance)},
      {P::care_ms, "care-ms", "CARE-MS I, 6 months",
       trial(steps::one_not_at_zero, months(6), kMonthVisitTolerance)},
      {P::expand, "expand", "EXPAND, 3 months, at a scheduled visit", expand()},
      {P::ebmt, "ebmt", "Muraro 2017 (EBMT/CIBMTR), 12 months",
       transplant(steps::opera, months(12), kYearVisitTolerance)},
      {P::boffa, "boffa", "Boffa 2021, 6 months; last-value rule at the end [m]", boffa()},
      {P::burman, "burman", "Burman 2014, 6 months [m]",
       transplant(steps::opera, months(6), kMonthVisitTolerance)},
      {P::atkins, "atkins", "Atkins 2016, 6 months [m]",
       transplant(steps::opera, months(6), kMonthVisitTolerance)},
      {P::petrou, "petrou", "Petrou 2020, unconfirmed, within a six-month period [m]", petrou()},
  }};
  return presets;
}

}  // namespace

std::span<const WorseningPresetInfo> worsening_presets() { return table(); }

const WorseningPresetInfo& worsening_preset(WorseningPreset preset) {
  return table()[static_cast<std::size_t>(preset)];
}

const WorseningPresetInfo* find_worsening_preset(std::string_view name) {
  for (const auto& info : table()) {
    if (info.name == name) return &info;
  }
  return nullptr;
}

}  // namespace hortega::endpoints
