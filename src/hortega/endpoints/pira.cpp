// SPDX-License-Identifier: Apache-2.0
// PIRA and RAW among confirmed worsenings.
#include "hortega/endpoints/pira.hpp"

#include "hortega/endpoints/series.hpp"

namespace hortega::endpoints {
namespace {

PiraOptions roving(std::initializer_list<RelapseFreeInterval> intervals) {
  PiraOptions options;
  options.worsening.baseline = Baseline::roving;
  for (const auto& interval : intervals) options.relapse_free[options.relapse_free_count++] = interval;
  return options;
}

PiraOptions rebaselined(Baseline baseline, std::initializer_list<RelapseFreeInterval> intervals) {
  auto options = roving(intervals);
  options.worsening.baseline = baseline;
  options.worsening.after_relapse = AfterRelapse::rebaseline;
  return options;
}

PiraOptions msoutcomes() {
  PiraOptions options;
  options.worsening = worsening_preset(WorseningPreset::msbase).options;
  options.worsening.after_relapse = AfterRelapse::rebaseline;
  return options;
}

const std::array<PiraPresetInfo, 6>& table() {
  using P = PiraPreset;
  constexpr auto reference = Anchor::reference;
  constexpr auto preceding = Anchor::preceding;
  constexpr auto event = Anchor::event;
  constexpr auto confirmation = Anchor::confirmation;
  static const std::array<PiraPresetInfo, 6> presets{{
      {P::muller2023, "muller2023", "Mueller 2023, recommendation of a systematic review",
       roving({{event, -90, event, 30}, {confirmation, -90, confirmation, 30}})},
      {P::muller2023_spec, "muller2023_spec", "Mueller 2023, high specificity",
       roving({{reference, 0, confirmation, 0}})},
      {P::kappos2020, "kappos2020", "Kappos 2020, pooled OPERA",
       rebaselined(Baseline::fixed, {{reference, 0, event, 30}, {confirmation, -30, confirmation, 30}})},
      {P::cagol2022, "cagol2022", "Cagol 2022", roving({{event, -90, confirmation, 0}})},
      {P::muller2025, "muller2025", "Mueller 2025 (JAMA Neurol 82:614)",
       rebaselined(Baseline::roving_improvement,
                   {{preceding, 0, event, 0}, {confirmation, -30, confirmation, 0}})},
      {P::msoutcomes, "msoutcomes", "MSoutcomes 0.2.1 PIRA", msoutcomes()},
  }};
  return presets;
}

bool after_relapse(const PersonRecord& person, const ConfirmedChange& change, const PiraOptions& options) {
  return relapse_between(person.relapses, change.day - options.association_days, change.day,
                         options.worsening.relapse_kind);
}

bool relapse_free(const PersonRecord& person, const ConfirmedChange& change, int confirmation_day,
                  const PiraOptions& options) {
  const auto day_of = [&](Anchor anchor) {
    switch (anchor) {
      case Anchor::reference:
        return change.baseline_day;
      case Anchor::preceding:
        return change.preceding_day;
      case Anchor::event:
        return change.day;
      case Anchor::confirmation:
        return confirmation_day;
    }
    return change.day;
  };
  for (std::size_t k = 0; k < options.relapse_free_count; ++k) {
    const auto& interval = options.relapse_free[k];
    if (relapse_between(person.relapses, day_of(interval.first) + interval.first_offset_days,
                        day_of(interval.last) + interval.last_offset_days, options.worsening.relapse_kind)) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::span<const PiraPresetInfo> pira_presets() { return table(); }

const PiraPresetInfo& pira_preset(PiraPreset preset) { return table()[static_cast<std::size_t>(preset)]; }

const PiraPresetInfo* find_pira_preset(std::string_view name) {
  for (const auto& info : table()) {
    if (info.name == name) return &info;
  }
  return nullptr;
}

WorseningClass classify(const PersonRecord& person, const ConfirmedChange& change,
                        const PiraOptions& options) {
  const auto& rule = options.worsening;
  const auto otherwise =
      after_relapse(person, change, options) ? WorseningClass::raw : WorseningClass::neither;
  if (change.confirmed_day == kNever) {
    return relapse_free(person, change, change.day, options) ? WorseningClass::pira : otherwise;
  }
  // Any visit that confirms may serve: with an open window a later one can lie clear of a relapse that spoils
  // the first.
  for (const auto& visit : person.visits) {
    if (visit.day < change.confirmed_day || is_missing(value_of(visit, rule.measure))) continue;
    if (visit.day > change.sustained_until_day) break;
    if (!internal::may_confirm(person, visit.day, visit.scheduled, change.day, rule)) continue;
    if (relapse_free(person, change, visit.day, options)) return WorseningClass::pira;
  }
  return otherwise;
}

ClassifiedEvents pira_and_raw(const PersonRecord& person, const PiraOptions& options) {
  ClassifiedEvents result;
  const auto& rule = options.worsening;
  {
    const internal::Series series(person.visits, rule.measure);
    const auto baseline = internal::baseline_index(person, series, rule);
    result.first_pira = internal::censored(person, series, baseline, rule);
    result.first_raw = result.first_pira;
  }
  thread_local std::vector<ConfirmedChange> changes;
  thread_local std::vector<int> pira_days;
  pira_days.clear();
  const auto note = [](TimeToEvent& first, const ConfirmedChange& change) {
    if (!first.event) first = {true, change.day, change.confirmed_day, Censoring::none};
  };
  confirmed_changes(person, rule, changes);
  for (const auto& change : changes) {
    if (change.direction != Direction::worsening || classify(person, change, options) != WorseningClass::pira)
      continue;
    ++result.pira;
    pira_days.push_back(change.day);
    note(result.first_pira, change);
  }
  // A definition that re-baselines after relapses cannot see what they left behind: RAW is looked for from
  // the baseline before them. Its own verdict on PIRA stands.
  const bool rebaselines = rule.after_relapse == AfterRelapse::rebaseline;
  if (rebaselines) {
    auto kept = rule;
    kept.after_relapse = AfterRelapse::keep_baseline;
    confirmed_changes(person, kept, changes);
  }
  for (const auto& change : changes) {
    if (change.direction != Direction::worsening) continue;
    if (std::find(pira_days.begin(), pira_days.end(), change.day) != pira_days.end()) continue;
    if (after_relapse(person, change, options)) {
      ++result.raw;
      note(result.first_raw, change);
    } else {
      ++result.neither;
    }
  }
  return result;
}

}  // namespace hortega::endpoints
