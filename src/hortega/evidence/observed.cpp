// SPDX-License-Identifier: Apache-2.0
// A participant as an analysis sees them.
#include "hortega/evidence/observed.hpp"

#include <algorithm>
#include <cmath>

namespace hortega::evidence {
namespace {

using endpoints::kNever;

// The first rows of a table sorted by day, up to and including `last`.
template <class Row, class Day>
std::span<const Row> until(const std::vector<Row>& rows, int last, Day day) {
  const auto end =
      std::partition_point(rows.begin(), rows.end(), [&](const Row& row) { return day(row) <= last; });
  return std::span<const Row>(rows.data(), static_cast<std::size_t>(end - rows.begin()));
}

int origin_of(const trial::Participant& participant, trial::Origin origin) {
  switch (origin) {
    case trial::Origin::transplant: {
      const int graft = allocated_transplant_day(participant);
      return graft == kNever ? 0 : graft;
    }
    case trial::Origin::onset:
      return -static_cast<int>(std::lround(participant.baseline.duration_years * endpoints::kDaysPerYear));
    case trial::Origin::randomisation:
    case trial::Origin::endpoint:
      break;
  }
  return 0;
}

int shifted(int day, int origin) { return day == kNever ? kNever : day - origin; }

}  // namespace

int last_day_analysed(const trial::Participant& participant, const trial::Protocol& protocol) {
  const auto estimand = protocol.analysis.estimand;
  int last = participant.censor_day;
  if (estimand == trial::Estimand::while_on_treatment)
    last = std::min({last, participant.stopped_day, participant.rescue_day});
  if (estimand == trial::Estimand::hypothetical) last = std::min(last, participant.rescue_day);
  return last;
}

int allocated_transplant_day(const trial::Participant& participant) {
  return participant.transplant_day <= participant.rescue_day ? participant.transplant_day : kNever;
}

Observed::Observed(const trial::Participant& participant, const trial::Protocol& protocol,
                   trial::Origin origin)
    : participant_(&participant), origin_day_(origin_of(participant, origin)) {
  const int cut = last_day_analysed(participant, protocol);
  last_day_ = std::min(cut, participant.end_of_follow_up_day);
  record_.visits = until(participant.visits, last_day_, [](const auto& v) { return v.day; });
  record_.relapses = until(participant.relapses, last_day_, [](const auto& r) { return r.onset_day; });
  record_.scans = until(participant.scans, last_day_, [](const auto& s) { return s.day; });
  if (participant.snfl_pg_per_ml.size() == participant.visits.size())
    snfl_ = std::span<const double>(participant.snfl_pg_per_ml.data(), record_.visits.size());
  if (participant.lymphocytes_1e9_per_l.size() == participant.visits.size())
    lymphocytes_ = std::span<const double>(participant.lymphocytes_1e9_per_l.data(), record_.visits.size());
  record_.end_of_follow_up_day = shifted(last_day_, origin_day_);
  record_.dropped_out =
      participant.end_reason == trial::EndReason::dropped_out && cut >= participant.end_of_follow_up_day;
  const bool death_seen = participant.death_day <= last_day_;
  record_.death_day = death_seen ? shifted(participant.death_day, origin_day_) : kNever;
  record_.ms_death = death_seen && participant.ms_death;
  const bool grafted = allocated_transplant_day(participant) != kNever;
  record_.transplant_day = grafted ? shifted(participant.transplant_day, origin_day_) : kNever;
  record_.mobilisation_day = participant.mobilisation_day <= participant.rescue_day
                                 ? shifted(participant.mobilisation_day, origin_day_)
                                 : kNever;
  if (origin_day_ == 0) return;
  visits_.assign(record_.visits.begin(), record_.visits.end());
  for (auto& visit : visits_) visit.day -= origin_day_;
  relapses_.assign(record_.relapses.begin(), record_.relapses.end());
  for (auto& relapse : relapses_) {
    relapse.onset_day -= origin_day_;
    relapse.end_day = shifted(relapse.end_day, origin_day_);
  }
  scans_.assign(record_.scans.begin(), record_.scans.end());
  for (auto& scan : scans_) scan.day -= origin_day_;
  record_.visits = visits_;
  record_.relapses = relapses_;
  record_.scans = scans_;
}

}  // namespace hortega::evidence
