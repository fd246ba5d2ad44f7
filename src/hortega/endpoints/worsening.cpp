// SPDX-License-Identifier: Apache-2.0
// The search for confirmed changes (docs/endpoints.md, with moving baselines as in msprog 1.0).
#include "hortega/endpoints/worsening.hpp"

#include "hortega/endpoints/series.hpp"

namespace hortega::endpoints {

using internal::kNone;
using internal::Series;

double value_of(const Visit& visit, Measure measure) {
  switch (measure) {
    case Measure::edss:
      return visit.edss;
    case Measure::t25fw:
      return static_cast<double>(visit.t25fw_s);
    case Measure::nhpt_dominant:
      return static_cast<double>(visit.nhpt_dominant_s);
    case Measure::nhpt_non_dominant:
      return static_cast<double>(visit.nhpt_non_dominant_s);
    case Measure::sdmt:
      return static_cast<double>(visit.sdmt);
    case Measure::low_contrast:
      return static_cast<double>(visit.low_contrast_letters);
  }
  return kMissing;
}

double StepRule::threshold(double baseline) const {
  if (fraction > 0) {
    // Timed tests are kept as float: a change of exactly the fraction must count (1e-6 is ten float
    // roundings).
    const double relative = fraction * std::abs(baseline) * (1 - 1e-6);
    return step_mid > 0 ? std::min(step_mid, relative) : relative;
  }
  return baseline < split_low ? step_low : baseline < split_high ? step_mid : step_high;
}

namespace internal {

std::size_t baseline_index(const PersonRecord& person, const Series& series,
                           const WorseningOptions& options) {
  const int last_day =
      options.baseline_visit == BaselineVisit::first ? -kNever
      : options.baseline_visit == BaselineVisit::last_before_randomisation || person.transplant_day == kNever
          ? 0
          : person.transplant_day;
  std::size_t found = kNone;
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (series[i].day < options.baseline_not_before_day) continue;
    if (found != kNone && series[i].day > last_day) break;
    if (relapse_in_days_before(person, series[i].day, options.relapse_to_baseline_days, options.relapse_kind))
      continue;
    found = i;
  }
  return found;
}

TimeToEvent censored(const PersonRecord& person, const Series& series, std::size_t baseline,
                     const WorseningOptions& options) {
  if (baseline == kNone) return {false, 0, kNever, Censoring::no_baseline};
  const int last = series[series.size() - 1].day;
  if (options.censor_at == CensorAt::last_visit || options.confirmation_days <= 0) {
    return {false, last, kNever,
            person.death_day <= person.end_of_follow_up_day ? Censoring::death : Censoring::last_visit};
  }
  for (std::size_t i = series.size(); i-- > baseline;) {
    for (std::size_t c = i + 1; c < series.size(); ++c) {
      if (may_confirm(person, series[c].day, series[c].scheduled, series[i].day, options)) {
        return {false, series[i].day, kNever, Censoring::last_confirmable_visit};
      }
    }
  }
  return {false, series[baseline].day, kNever, Censoring::last_confirmable_visit};
}

void apply_ms_death(const PersonRecord& person, const WorseningOptions& options, TimeToEvent& result) {
  if (options.ms_death != MsDeath::counts || options.direction != Direction::worsening || !person.ms_death)
    return;
  if (person.death_day > person.end_of_follow_up_day || result.censoring == Censoring::no_baseline) return;
  if (!result.event || person.death_day < result.day)
    result = {true, person.death_day, kNever, Censoring::none};
}

}  // namespace internal

namespace {

bool moves_by(Baseline baseline, Direction direction) {
  switch (baseline) {
    case Baseline::fixed:
      return false;
    case Baseline::roving:
      return true;
    case Baseline::roving_improvement:
      return direction == Direction::improvement;
    case Baseline::roving_worsening:
      return direction == Direction::worsening;
  }
  return false;
}

struct Reference {
  std::size_t index;
  double value;
};

/// Calls found(change) for each confirmed change until it returns false.
template <class Found>
void search(const PersonRecord& person, const Series& series, std::size_t baseline,
            const WorseningOptions& options, Found found) {
  if (baseline == kNone) return;
  Reference reference{baseline, series[baseline].value};
  // Values are turned so that higher is worse; a step rule speaks of the value as measured.
  const double sign = worsens_downwards(options.measure) ? -1 : 1;
  std::size_t i = baseline + 1;
  while (i < series.size()) {
    const int day = series[i].day;
    if (options.after_relapse == AfterRelapse::rebaseline &&
        relapse_between(person.relapses, series[reference.index].day + 1, day, options.relapse_kind)) {
      // Nothing is judged between a relapse and the first visit far enough from it, which is the new
      // baseline.
      if (!internal::relapse_in_days_before(person, day, options.relapse_to_baseline_days,
                                            options.relapse_kind)) {
        reference = {i, series[i].value};
      }
      ++i;
      continue;
    }
    const double worse_by = options.step.threshold(sign * reference.value);
    const double better_by = options.improvement_step.threshold(sign * reference.value);
    const double from = reference.value;
    const double change = series[i].value - from;
    const bool worse = change >= worse_by;
    if (!worse && !(-change >= better_by)) {
      ++i;
      continue;
    }
    const Direction direction = worse ? Direction::worsening : Direction::improvement;
    const auto holds = [&](std::size_t k) {
      const double c = series[k].value - from;
      return worse ? c >= worse_by : -c >= better_by;
    };
    const bool asked = direction == options.direction;
    const bool moves = moves_by(options.baseline, direction);
    const bool eligible =
        (asked || moves) && day >= options.onset_not_before_day &&
        (options.onset_visit == VisitKind::any || series[i].scheduled) &&
        !internal::relapse_in_days_before(person, day, options.relapse_to_event_days, options.relapse_kind);
    if (!eligible) {
      ++i;
      continue;
    }
    const std::size_t c = internal::confirming_index(person, series, i, options, holds);
    const bool confirmed = c != kNone && internal::lasts(series, c, options.sustained_days, holds);
    if (!confirmed &&
        !(c == kNone && asked && internal::counts_unconfirmed(person, series, i, options, holds))) {
      ++i;
      continue;
    }
    const std::size_t last_held = internal::end_of_run(series, confirmed ? c : i, holds);
    ConfirmedChange event;
    event.direction = direction;
    event.baseline_day = series[reference.index].day;
    event.preceding_day = series[i - 1].day;
    event.day = day;
    event.confirmed_day = confirmed && options.confirmation_days > 0 ? series[c].day : kNever;
    event.sustained_until_day = series[last_held].day;
    event.baseline_value = sign * from;
    event.value = sign * series[i].value;
    if (!found(event) || !confirmed) return;
    if (!moves) {
      i = last_held + 1;
      continue;
    }
    reference = {c, series[c].value};
    if (options.moved_baseline == MovedBaseline::mildest_in_confirmation) {
      reference = {i, series[i].value};
      for (std::size_t k = i + 1; k <= c && series[k].day - day <= options.confirmation_days; ++k) {
        const bool milder = worse ? series[k].value < reference.value : series[k].value > reference.value;
        if (milder) reference = {k, series[k].value};
      }
    }
    i = reference.index + 1;
  }
}

}  // namespace

TimeToEvent time_to_confirmed_change(const PersonRecord& person, const WorseningOptions& options) {
  const Series series(person.visits, options.measure);
  const std::size_t baseline = internal::baseline_index(person, series, options);
  TimeToEvent result = internal::censored(person, series, baseline, options);
  search(person, series, baseline, options, [&](const ConfirmedChange& change) {
    if (change.direction != options.direction) return true;
    result = {true, change.day, change.confirmed_day, Censoring::none};
    return false;
  });
  internal::apply_ms_death(person, options, result);
  return result;
}

void confirmed_changes(const PersonRecord& person, const WorseningOptions& options,
                       std::vector<ConfirmedChange>& changes) {
  changes.clear();
  const Series series(person.visits, options.measure);
  search(person, series, internal::baseline_index(person, series, options), options,
         [&](const ConfirmedChange& change) {
           changes.push_back(change);
           return true;
         });
}

WorseningOptions with_confirmation(WorseningOptions options, double days) {
  options.confirmation_days = days;
  options.second_confirmation_days = 0;
  return options;
}

WorseningOptions as_improvement(WorseningOptions options) {
  options.direction = Direction::improvement;
  if (options.baseline == Baseline::roving_worsening) options.baseline = Baseline::roving_improvement;
  return options;
}

}  // namespace hortega::endpoints
