// SPDX-License-Identifier: Apache-2.0
// Endpoints made of several measures or of events and death.
#include "hortega/endpoints/composite.hpp"

#include <algorithm>
#include <cstdlib>

#include "hortega/endpoints/series.hpp"

namespace hortega::endpoints {

using internal::kNone;
using internal::Series;

CompositeOptions edss_plus() { return composite_progression(weeks(24)); }

CompositeOptions composite_progression(double days) {
  CompositeOptions options;
  options.edss = with_confirmation(worsening_preset(WorseningPreset::opera).options, days);
  return options;
}

TimeToEvent first_of(const TimeToEvent& a, const TimeToEvent& b) {
  if (a.event != b.event) return a.event ? a : b;
  if (a.event) return b.day < a.day ? b : a;
  // Nobody failed: at risk as long as any component was seen.
  return b.censoring != Censoring::no_baseline && (a.censoring == Censoring::no_baseline || b.day > a.day)
             ? b
             : a;
}

CompositeResult composite_worsening(const PersonRecord& person, const CompositeOptions& options) {
  const auto timed = [&](Measure measure) {
    auto rule = options.edss;
    rule.measure = measure;
    rule.step = options.timed_tests;
    rule.improvement_step = options.timed_tests;
    rule.ms_death = MsDeath::censors;  // counted once, with EDSS
    return time_to_confirmed_change(person, rule);
  };
  CompositeResult result;
  result.edss = time_to_confirmed_change(person, options.edss);
  result.t25fw = timed(Measure::t25fw);
  result.nhpt = timed(Measure::nhpt_dominant);
  if (options.hands == Hands::either) result.nhpt = first_of(result.nhpt, timed(Measure::nhpt_non_dominant));
  result.any = first_of(first_of(result.edss, result.t25fw), result.nhpt);
  return result;
}

TimeToEvent time_to_milestone(const PersonRecord& person, double milestone, const WorseningOptions& timing,
                              AtFirstVisit present) {
  const Series series(person.visits, timing.measure);
  const std::size_t baseline = internal::baseline_index(person, series, timing);
  const bool counts = present == AtFirstVisit::counts;
  if (baseline == kNone || (!counts && series[baseline].value >= milestone))
    return {false, 0, kNever, Censoring::no_baseline};
  TimeToEvent result = internal::censored(person, series, baseline, timing);
  const auto holds = [&](std::size_t k) { return series[k].value >= milestone; };
  for (std::size_t i = counts ? baseline : baseline + 1; i < series.size(); ++i) {
    if (!holds(i) || series[i].day < timing.onset_not_before_day) continue;
    if (timing.onset_visit == VisitKind::scheduled && !series[i].scheduled) continue;
    if (internal::relapse_in_days_before(person, series[i].day, timing.relapse_to_event_days,
                                         timing.relapse_kind)) {
      continue;
    }
    const std::size_t c = internal::confirming_index(person, series, i, timing, holds);
    if (c != kNone && internal::lasts(series, c, timing.sustained_days, holds)) {
      result = {true, series[i].day, timing.confirmation_days > 0 ? series[c].day : kNever, Censoring::none};
      break;
    }
    if (c == kNone && internal::counts_unconfirmed(person, series, i, timing, holds)) {
      result = {true, series[i].day, kNever, Censoring::none};
      break;
    }
  }
  internal::apply_ms_death(person, timing, result);
  return result;
}

double edss_change(const PersonRecord& person, int day, int window_days) {
  double baseline = kMissing;
  const Visit* at = nullptr;
  for (const auto& visit : person.visits) {
    if (is_missing(visit.edss)) continue;
    if (visit.day <= 0) baseline = visit.edss;
    const int distance = std::abs(visit.day - day);
    if (distance <= window_days && (at == nullptr || distance < std::abs(at->day - day))) at = &visit;
  }
  return at == nullptr ? kMissing : at->edss - baseline;
}

TimeToEvent time_to_sustained_improvement(const PersonRecord& person, double confirmation_days) {
  auto options = as_improvement(worsening_preset(WorseningPreset::msbase).options);
  options.baseline = Baseline::fixed;
  return time_to_confirmed_change(person, with_confirmation(options, confirmation_days));
}

Ternary petrou_failure(const PersonRecord& person, int start_day, int end_day) {
  const auto& step = worsening_preset(WorseningPreset::petrou).options.step;
  double baseline = kMissing;
  bool seen = false;
  for (const auto& visit : person.visits) {
    if (is_missing(visit.edss) || visit.day > end_day) continue;
    if (visit.day <= start_day) {
      baseline = visit.edss;
      continue;
    }
    if (visit.edss - baseline >= step.threshold(baseline)) return Ternary::yes;
    seen = true;
  }
  return seen && !is_missing(baseline) ? Ternary::no : Ternary::unknown;
}

namespace {

TimeToEvent or_death(const PersonRecord& person, TimeToEvent result) {
  const bool died = person.death_day <= person.end_of_follow_up_day;
  if (died && (!result.event || person.death_day < result.day))
    return {true, person.death_day, kNever, Censoring::none};
  return result;
}

}  // namespace

TimeToEvent relapse_free_survival(const PersonRecord& person, const RelapseCounting& rule) {
  return or_death(person, time_to_first_relapse(person, 0, rule));
}

TimeToEvent progression_free_survival(const PersonRecord& person, const WorseningOptions& worsening) {
  return or_death(person, time_to_confirmed_change(person, worsening));
}

}  // namespace hortega::endpoints
