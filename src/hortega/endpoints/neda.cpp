// SPDX-License-Identifier: Apache-2.0
// No evidence of disease activity.
#include "hortega/endpoints/neda.hpp"

#include <algorithm>

#include "hortega/endpoints/mri.hpp"

namespace hortega::endpoints {
namespace {

bool loses_too_much(const Scan& reference, const Scan& scan, const NedaOptions& options) {
  const double loss =
      -annualised_percent(brain_volume_change_percent(reference, scan), scan.day - reference.day);
  return options.brain_loss == BrainLossLimit::below ? loss >= options.brain_loss_limit_percent_per_year
                                                     : loss > options.brain_loss_limit_percent_per_year;
}

WorseningOptions worsening_from(const NedaOptions& options) {
  auto worsening = options.worsening;
  if (options.from_day != 0) {
    worsening.baseline_not_before_day =
        std::max(worsening.baseline_not_before_day, options.from_day - options.visit_window_days);
  }
  return worsening;
}

int last_visit_day(const PersonRecord& person, Measure measure) {
  for (std::size_t i = person.visits.size(); i-- > 0;) {
    if (!is_missing(value_of(person.visits[i], measure))) return person.visits[i].day;
  }
  return -kNever;
}

}  // namespace

Ternary neda(const NedaComponents& components, NedaLevel level) {
  const std::array<Ternary, 4> all{components.no_relapse, components.no_worsening, components.no_mri_activity,
                                   components.no_brain_loss};
  const std::span<const Ternary> needed(all.data(), level == NedaLevel::neda4 ? 4 : 3);
  if (std::find(needed.begin(), needed.end(), Ternary::no) != needed.end()) return Ternary::no;
  if (std::find(needed.begin(), needed.end(), Ternary::unknown) != needed.end()) return Ternary::unknown;
  return Ternary::yes;
}

NedaComponents neda_components(const PersonRecord& person, int to_day, const NedaOptions& options) {
  NedaComponents result;
  result.no_relapse = relapse_free(person, options.from_day, to_day, options.relapses);

  const auto worsening = time_to_confirmed_change(person, worsening_from(options));
  const int latest_visit = to_day + options.visit_window_days;
  if (worsening.event && worsening.day <= latest_visit) {
    result.no_worsening = Ternary::no;
  } else if (worsening.censoring != Censoring::no_baseline &&
             last_visit_day(person, options.worsening.measure) >= to_day - options.visit_window_days) {
    result.no_worsening = Ternary::yes;
  }

  const Scan* reference = scan_near(person, options.rebaseline_day, options.mri_window_days);
  const int after = reference != nullptr ? reference->day : options.rebaseline_day + options.mri_window_days;
  bool complete = reference != nullptr;
  const Scan* last = nullptr;
  for (const auto& scan : person.scans) {
    if (scan.day <= after || scan.day > to_day + options.mri_window_days) continue;
    const auto activity = mri_activity(scan);
    if (activity == Ternary::yes) result.no_mri_activity = Ternary::no;
    if (activity == Ternary::unknown) complete = false;
    last = &scan;
  }
  if (last == nullptr || last->day < to_day - options.mri_window_days) complete = false;
  if (complete && result.no_mri_activity == Ternary::unknown) result.no_mri_activity = Ternary::yes;

  if (reference != nullptr && last != nullptr && last->day >= to_day - options.mri_window_days &&
      last->day - reference->day >= options.brain_minimum_days &&
      !is_missing(brain_volume_change_percent(*reference, *last))) {
    result.no_brain_loss = loses_too_much(*reference, *last, options) ? Ternary::no : Ternary::yes;
  }
  return result;
}

TimeToEvent time_to_disease_activity(const PersonRecord& person, const NedaOptions& options) {
  // Without any scan nobody is known to be free. Nor do those count who relapse: of such people the failures
  // alone would.
  if (person.scans.empty()) return {};
  TimeToEvent first = time_to_first_relapse(person, options.from_day, options.relapses);
  const auto earlier = [&](int day, int confirmed_day) {
    if (!first.event || day < first.day) first = {true, day, confirmed_day, Censoring::none};
  };
  const auto worsening = time_to_confirmed_change(person, worsening_from(options));
  if (worsening.event) earlier(worsening.day, worsening.confirmed_day);
  const Scan* reference = scan_near(person, options.rebaseline_day, options.mri_window_days);
  const int after = reference != nullptr ? reference->day : options.rebaseline_day + options.mri_window_days;
  for (const auto& scan : person.scans) {
    if (scan.day <= after) continue;
    const bool brain_failed = options.level == NedaLevel::neda4 && reference != nullptr &&
                              scan.day - reference->day >= options.brain_minimum_days &&
                              loses_too_much(*reference, scan, options);
    if (mri_activity(scan) == Ternary::yes || brain_failed) {
      earlier(scan.day, kNever);
      break;
    }
  }
  return first;
}

}  // namespace hortega::endpoints
