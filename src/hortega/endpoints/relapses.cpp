// SPDX-License-Identifier: Apache-2.0
// Relapses: merging, confirmation, grading, counts and times.
#include "hortega/endpoints/relapses.hpp"

#include <algorithm>
#include <cstdlib>

namespace hortega::endpoints {
namespace {

bool counts(const Relapse& relapse, RelapseKind kind) {
  return !relapse.pseudo && (kind == RelapseKind::reported || relapse.confirmed);
}

/// Calls visit(onset_day) for each relapse after merging, in order; stops when it returns false. A merged
/// relapse counts if any of its reports does.
template <class Visit>
void for_each_relapse(std::span<const Relapse> relapses, const RelapseCounting& rule, Visit visit) {
  std::size_t i = 0;
  while (i < relapses.size()) {
    if (relapses[i].pseudo) {
      ++i;
      continue;
    }
    const int onset = relapses[i].onset_day;
    bool counted = counts(relapses[i], rule.kind);
    for (++i; i < relapses.size() && relapses[i].onset_day - onset < rule.gap_days; ++i) {
      counted = counted || counts(relapses[i], rule.kind);
    }
    if (counted && !visit(onset)) return;
  }
}

int last_known_day(const PersonRecord& person) {
  return std::min(person.end_of_follow_up_day, person.death_day);
}

/// Last visit before `day` with no relapse onset in the days before it, and with an EDSS or all grades.
const Visit* last_stable_visit(const PersonRecord& person, int day, int stable_days) {
  const Visit* found = nullptr;
  for (const auto& visit : person.visits) {
    if (visit.day >= day) break;
    if (is_missing(visit.edss) && visit.fs == kMissingGrades) continue;
    if (!relapse_between(person.relapses, visit.day - stable_days + 1, visit.day)) found = &visit;
  }
  return found;
}

struct GradeRise {
  int by_one = 0, by_two = 0, by_more = 0;
  bool known = false;
};

enum class Systems { all, objective };  // objective: without bowel and bladder, cerebral

GradeRise grade_rise(const Visit& before, const Visit& during, Systems systems) {
  GradeRise rise;
  for (std::size_t k = 0; k < kFunctionalSystems; ++k) {
    const auto system = static_cast<FunctionalSystem>(k);
    if (systems == Systems::objective &&
        (system == FunctionalSystem::bowel_bladder || system == FunctionalSystem::cerebral)) {
      continue;
    }
    if (before.fs[k] == kMissingGrade || during.fs[k] == kMissingGrade) continue;
    rise.known = true;
    const int change = during.fs[k] - before.fs[k];
    rise.by_one += change == 1;
    rise.by_two += change == 2;
    rise.by_more += change > 2;
  }
  return rise;
}

}  // namespace

void merge_relapses(std::span<const Relapse> reported, std::vector<Relapse>& merged, int gap_days) {
  merged.clear();
  for (const auto& relapse : reported) {
    if (relapse.pseudo) continue;
    if (merged.empty() || relapse.onset_day - merged.back().onset_day >= gap_days) {
      merged.push_back(relapse);
      continue;
    }
    auto& same = merged.back();
    // kNever is "not recorded": a recorded end wins over it.
    same.end_day = same.end_day == kNever      ? relapse.end_day
                   : relapse.end_day == kNever ? same.end_day
                                               : std::max(same.end_day, relapse.end_day);
    if (same.severity == RelapseSeverity::unknown) {
      same.severity = relapse.severity;
    } else if (relapse.severity != RelapseSeverity::unknown) {
      same.severity = std::max(same.severity, relapse.severity);
    }
    if (is_missing(same.peak_edss) || relapse.peak_edss > same.peak_edss) same.peak_edss = relapse.peak_edss;
    same.confirmed = same.confirmed || relapse.confirmed;
    same.steroids = same.steroids || relapse.steroids;
  }
}

bool relapse_between(std::span<const Relapse> relapses, int first_day, int last_day, RelapseKind kind) {
  for (const auto& relapse : relapses) {
    if (relapse.onset_day > last_day) break;
    if (relapse.onset_day >= first_day && counts(relapse, kind)) return true;
  }
  return false;
}

Ternary protocol_confirmed(const PersonRecord& person, const Relapse& relapse,
                           const RelapseConfirmation& rule) {
  const Visit* before = last_stable_visit(person, relapse.onset_day, rule.stable_after_relapse_days);
  if (before == nullptr) return Ternary::unknown;
  Ternary answer = Ternary::unknown;
  for (const auto& visit : person.visits) {
    if (visit.day < relapse.onset_day) continue;
    if (visit.day > relapse.onset_day + rule.examination_within_days) break;
    const auto rise = grade_rise(*before, visit, Systems::objective);
    const double edss_rise = visit.edss - before->edss;  // NaN compares false
    if (edss_rise >= rule.edss_step || rise.by_two + rise.by_more >= 1 || rise.by_one >= 2)
      return Ternary::yes;
    if (rise.known || !is_missing(edss_rise)) answer = Ternary::no;
  }
  return answer;
}

RelapseSeverity severity_from_change(const Visit& before, const Visit& during, bool hospitalised) {
  if (hospitalised) return RelapseSeverity::severe;
  const auto rise = grade_rise(before, during, Systems::all);
  const double edss_rise = during.edss - before.edss;
  if (edss_rise > 2.0 || rise.by_more > 0 || rise.by_two > 2) return RelapseSeverity::severe;
  if (edss_rise >= 1.0 || rise.by_two > 0 || rise.by_one >= 4) return RelapseSeverity::moderate;
  if (edss_rise >= 0.5 || rise.by_one > 0) return RelapseSeverity::mild;
  return RelapseSeverity::unknown;
}

Recovery recovery(const PersonRecord& person, const Relapse& relapse, int after_days, int window_days) {
  const Visit* before = last_stable_visit(person, relapse.onset_day, 30);
  double peak = relapse.peak_edss;
  const Visit* late = nullptr;
  const int due = relapse.onset_day + after_days;
  for (const auto& visit : person.visits) {
    if (visit.day < relapse.onset_day || is_missing(visit.edss)) continue;
    if (visit.day <= relapse.onset_day + 30) {
      if (is_missing(peak) || visit.edss > peak) peak = visit.edss;
    }
    if (std::abs(visit.day - due) > window_days) continue;
    if (late == nullptr || std::abs(visit.day - due) < std::abs(late->day - due)) late = &visit;
  }
  if (before == nullptr || late == nullptr || is_missing(before->edss) || is_missing(peak))
    return Recovery::unknown;
  if (relapse_between(person.relapses, std::max(late->day - 30, relapse.onset_day + 1), late->day)) {
    return Recovery::unknown;
  }
  if (late->edss <= before->edss) return Recovery::complete;
  if (peak <= before->edss) return Recovery::unknown;  // no rise was seen, so its recovery cannot be
  return late->edss >= peak ? Recovery::none : Recovery::partial;
}

RelapseExposure& RelapseExposure::operator+=(const RelapseExposure& other) {
  relapses += other.relapses;
  peri_transplant += other.peri_transplant;
  years += other.years;
  return *this;
}

double RelapseExposure::annualised_rate() const { return years > 0 ? relapses / years : kMissing; }

bool is_peri_transplant(const PersonRecord& person, int onset_day, int peri_days) {
  if (person.transplant_day == kNever && person.mobilisation_day == kNever) return false;
  const int first = std::min(person.mobilisation_day, person.transplant_day);
  // Without a graft the window that mobilisation opened closes as if the graft had been given then.
  const int graft = person.transplant_day == kNever ? first : person.transplant_day;
  return onset_day >= first && onset_day <= graft + peri_days;
}

RelapseExposure relapse_exposure(const PersonRecord& person, int from_day, int to_day,
                                 const RelapseCounting& rule) {
  RelapseExposure sum;
  const int end = std::min(to_day, last_known_day(person));
  if (end <= from_day) return sum;
  sum.years = (end - from_day) / kDaysPerYear;
  for_each_relapse(person.relapses, rule, [&](int onset) {
    if (onset >= to_day || onset > end) return false;
    if (onset >= from_day) {
      ++sum.relapses;
      sum.peri_transplant += is_peri_transplant(person, onset, rule.peri_days);
    }
    return true;
  });
  return sum;
}

TimeToEvent time_to_first_relapse(const PersonRecord& person, int from_day, const RelapseCounting& rule) {
  const int end = last_known_day(person);
  TimeToEvent result{
      false, end, kNever,
      person.death_day <= person.end_of_follow_up_day ? Censoring::death : Censoring::end_of_follow_up};
  for_each_relapse(person.relapses, rule, [&](int onset) {
    if (onset < from_day) return true;
    if (onset <= end) result = {true, onset, kNever, Censoring::none};
    return false;
  });
  return result;
}

Ternary relapse_free(const PersonRecord& person, int from_day, int to_day, const RelapseCounting& rule) {
  const auto first = time_to_first_relapse(person, from_day, rule);
  if (first.event && first.day < to_day) return Ternary::no;
  return last_known_day(person) >= to_day ? Ternary::yes : Ternary::unknown;
}

}  // namespace hortega::endpoints
