// SPDX-License-Identifier: Apache-2.0
//
// Eight lives side by side from biological onset to the day of one known person, held against that person's
// record on the way.
#pragma once

#include "hortega/cohort/condition.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace hortega::cohort {

/// What happens to, or is known of, the person on a day after the first symptom.
struct PastItem {
  enum class Kind : std::uint8_t { drug_stop, drug_start, t2_reference, scan, edss, relapses };
  int day = 0;
  Kind kind = Kind::edss;
  std::size_t index = 0;  // in the person's list, or of the window
};

/// The person's past as all lives of a search meet it.
struct Past {
  const KnownPerson* person = nullptr;
  RecordNoise noise;
  std::vector<PastItem> items;  // by day
  std::vector<RelapseWindow> windows;
  double steroid_share = 0.0;  // of relapses
  int duration_day = 0;
};
Past make_past(const KnownPerson& person, const RecordNoise& noise);

inline constexpr double k_impossible = -std::numeric_limits<double>::infinity();

/// A life to be lived: its luck is that of copy 0, from each branch on that of the branch's copy.
struct PastLife {
  std::uint32_t person = 0;
  double onset_age_year = 0.0;
  double log_prior = 0.0;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> branches;  // day of life, copy
};

/// Log probability of the record up to each checkpoint: the first symptom, each scan, EDSS and window of
/// relapses, today. -inf from where the life no longer fits.
struct PastResult {
  std::vector<double> log_at;
  std::vector<std::uint32_t> life_day_at;
  std::optional<Candidate> candidate;
  std::optional<std::uint32_t> first_symptom_day;
};

enum class Until : std::uint8_t { first_symptom, today };

/// Lives one block (at most eight), no longer than to a checkpoint. Until::first_symptom: of each only its
/// day, if it came in time for the person's age and was of the right kind.
void live_through(const disease::Parameters& parameters, const disease::Rates& rates, const Past& past,
                  const CourseFactory& courses, const ConditionOptions& options, Until until,
                  std::size_t last_checkpoint, std::span<const PastLife> lives,
                  std::span<PastResult> results);

/// Checkpoints of a past.
std::size_t count_checkpoints(const Past& past);

}  // namespace hortega::cohort
