// SPDX-License-Identifier: Apache-2.0
// Conversion to secondary progressive MS from visits alone: Lorscheider 2016 (Brain 139:2395), defaults of
// MSoutcomes spmsDx, as stated in docs/endpoints.md.
#include <algorithm>

#include "hortega/endpoints/composite.hpp"
#include "hortega/endpoints/series.hpp"

namespace hortega::endpoints {

using internal::kNone;

namespace {

constexpr auto kPyramidal = static_cast<std::size_t>(FunctionalSystem::pyramidal);
constexpr std::size_t kGrades =
    kFunctionalSystems + 1;  // ambulation is a candidate for the leading system too

std::uint8_t grade(const Visit& visit, std::size_t k) {
  return k < kFunctionalSystems ? visit.fs[k] : visit.ambulation;
}

/// Pointers to the visits that have EDSS, from the first with any functional-system grade on.
class Course {
 public:
  explicit Course(std::span<const Visit> visits) {
    for (const auto& visit : visits) {
      if (is_missing(visit.edss)) continue;
      if (visits_.empty() && visit.fs == kMissingGrades) continue;
      visits_.push_back(&visit);
    }
  }
  std::size_t size() const { return visits_.size(); }
  const Visit& operator[](std::size_t i) const { return *visits_[i]; }

 private:
  std::vector<const Visit*> visits_;
};

/// Does a leading system (greatest rise over baseline at i) stay raised for the confirmation period?
bool leading_system_confirmed(const Course& course, std::size_t baseline, std::size_t i, double days) {
  std::array<int, kGrades> rise{};
  for (std::size_t k = 0; k < kGrades; ++k) {
    const auto before = grade(course[baseline], k), now = grade(course[i], k);
    if (before != kMissingGrade && now != kMissingGrade) rise[k] = now - before;
  }
  const int greatest = *std::max_element(rise.begin(), rise.end());
  if (greatest <= 0) return false;
  for (std::size_t k = 0; k < kGrades; ++k) {
    if (rise[k] != greatest) continue;
    std::size_t last = i;
    while (last + 1 < course.size()) {
      const auto next = grade(course[last + 1], k);
      if (next != kMissingGrade && next <= grade(course[baseline], k)) break;
      ++last;
    }
    if (course[last].day - course[i].day >= days) return true;
  }
  return false;
}

}  // namespace

TimeToEvent time_to_spms(const PersonRecord& person, const SpmsOptions& options) {
  const Course course(person.visits);
  if (course.size() < 3) return {false, 0, kNever, Censoring::no_baseline};
  const std::size_t n = course.size();
  std::size_t baseline = 0;
  for (std::size_t i = 1; i < n; ++i) {
    const double from = course[baseline].edss;
    if (course[i].edss < from) {
      // Improvement re-baselines once it has lasted at two visits in a row and for the regression period.
      std::size_t last = i;
      while (last + 1 < n && course[last + 1].edss < from) ++last;
      if (last > i && course[last].day - course[i].day > options.regression_days) baseline = i;
      continue;
    }
    const auto worse = [&](std::size_t k) {
      return course[k].edss - from >= options.step.threshold(from) && course[k].edss >= options.minimum_edss;
    };
    if (!worse(i)) continue;
    // Sustained to the end: only two visits in a row without it undo it.
    bool sustained = true;
    for (std::size_t k = i + 1; k + 1 < n; ++k) sustained = sustained && (worse(k) || worse(k + 1));
    std::size_t confirmation = kNone;
    for (std::size_t k = i + 1; k < n && confirmation == kNone; ++k) {
      if (course[k].day - course[i].day > options.confirmation_days && worse(k) &&
          !internal::relapse_in_days_before(person, course[k].day, options.relapse_days,
                                            RelapseKind::reported)) {
        confirmation = k;
      }
    }
    if (confirmation == kNone || !sustained) continue;
    const std::uint8_t pyramidal = course[i].fs[kPyramidal];
    const bool pyramidal_enough = course[i].edss >= 5.5 ||  // MSoutcomes takes pyramidal 2 for granted there
                                  (pyramidal != kMissingGrade && pyramidal >= options.minimum_pyramidal);
    const bool relapse =
        relapse_between(person.relapses, course[i - 1].day + 1, course[i].day) ||
        internal::relapse_in_days_before(person, course[i].day, options.relapse_days, RelapseKind::reported);
    if (!relapse && pyramidal_enough &&
        leading_system_confirmed(course, baseline, i, options.confirmation_days)) {
      return {true, course[i].day, course[confirmation].day, Censoring::none};
    }
    baseline = i;  // a confirmed worsening of another kind: judged from its level from now on
  }
  return {false, course[n - 1].day, kNever,
          person.death_day <= person.end_of_follow_up_day ? Censoring::death : Censoring::last_visit};
}

}  // namespace hortega::endpoints
