// SPDX-License-Identifier: Apache-2.0
// Internal to endpoints/: the visits that have one measure, and the search for a visit that confirms a
// change.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "hortega/endpoints/worsening.hpp"

namespace hortega::endpoints::internal {

inline constexpr std::size_t kNone = static_cast<std::size_t>(-1);

struct Observation {
  int day;
  bool scheduled;
  double value;  // turned so that higher is worse
};

/// The visits of a person that have the measure. On the stack for up to 128 of them: a million people are
/// read per run.
class Series {
 public:
  Series(std::span<const Visit> visits, Measure measure) {
    const double sign = worsens_downwards(measure) ? -1 : 1;
    if (visits.size() > inline_.size()) long_.reserve(visits.size());
    for (const auto& visit : visits) {
      const double value = value_of(visit, measure);
      if (is_missing(value)) continue;
      const Observation seen{visit.day, visit.scheduled, sign * value};
      if (visits.size() > inline_.size()) {
        long_.push_back(seen);
      } else {
        inline_[size_] = seen;
      }
      ++size_;
    }
    data_ = long_.empty() ? inline_.data() : long_.data();
  }
  Series(const Series&) = delete;
  Series& operator=(const Series&) = delete;

  std::size_t size() const { return size_; }
  const Observation& operator[](std::size_t i) const { return data_[i]; }

 private:
  std::array<Observation, 128> inline_;
  std::vector<Observation> long_;
  const Observation* data_ = nullptr;
  std::size_t size_ = 0;
};

inline bool relapse_in_days_before(const PersonRecord& person, int day, int days, RelapseKind kind) {
  return days > 0 && relapse_between(person.relapses, day - days, day, kind);
}

/// May a visit on this day, so long after onset, confirm?
inline bool in_confirmation_window(double days_after_onset, const WorseningOptions& options) {
  const auto inside = [&](double due) {
    return days_after_onset >= due - options.tolerance_before_days &&
           days_after_onset <= due + options.tolerance_after_days;
  };
  return inside(options.confirmation_days) ||
         (options.second_confirmation_days > 0 && inside(options.second_confirmation_days));
}

inline bool may_confirm(const PersonRecord& person, int day, bool scheduled, int onset_day,
                        const WorseningOptions& options) {
  return in_confirmation_window(day - onset_day, options) && day >= options.confirmation_not_before_day &&
         (options.confirming_visit == VisitKind::any || scheduled) &&
         !relapse_in_days_before(person, day, options.relapse_to_confirmation_days, options.relapse_kind);
}

/// Index of the first visit that confirms a change first seen at i, kNone if none does. holds(k): is the
/// change there at k?
template <class Holds>
std::size_t confirming_index(const PersonRecord& person, const Series& series, std::size_t i,
                             const WorseningOptions& options, Holds holds) {
  if (options.confirmation_days <= 0) return i;
  for (std::size_t c = i + 1; c < series.size(); ++c) {
    const bool held = holds(c);
    if (!held && options.intermediate == IntermediateVisits::must_hold) return kNone;
    if (held && may_confirm(person, series[c].day, series[c].scheduled, series[i].day, options)) return c;
  }
  return kNone;
}

/// Last index of the unbroken run that starts at i.
template <class Holds>
std::size_t end_of_run(const Series& series, std::size_t i, Holds holds) {
  while (i + 1 < series.size() && holds(i + 1)) ++i;
  return i;
}

/// Does a change confirmed at c last as long as asked?
template <class Holds>
bool lasts(const Series& series, std::size_t c, double days, Holds holds) {
  if (days <= 0) return true;
  for (std::size_t k = c + 1; k < series.size() && series[k].day - series[c].day <= days; ++k) {
    if (!holds(k)) return false;
  }
  return true;
}

/// Is a change first seen at i and never confirmed an event all the same?
template <class Holds>
bool counts_unconfirmed(const PersonRecord& person, const Series& series, std::size_t i,
                        const WorseningOptions& options, Holds holds) {
  if (options.unconfirmed == UnconfirmedAtEnd::censored) return false;
  if (end_of_run(series, i, holds) + 1 != series.size()) return false;
  if (options.unconfirmed == UnconfirmedAtEnd::event_if_at_last_visit) return true;
  return person.dropped_out && person.end_of_follow_up_day <
                                   series[i].day + options.confirmation_days - options.tolerance_before_days;
}

/// Day and reason of censoring for someone without an event.
TimeToEvent censored(const PersonRecord& person, const Series& series, std::size_t baseline,
                     const WorseningOptions& options);

/// Index of the baseline visit, kNone if there is none.
std::size_t baseline_index(const PersonRecord& person, const Series& series, const WorseningOptions& options);

/// Counts a death from MS as an event where the options say so and nothing happened before.
void apply_ms_death(const PersonRecord& person, const WorseningOptions& options, TimeToEvent& result);

}  // namespace hortega::endpoints::internal
