// SPDX-License-Identifier: Apache-2.0
//
// The pool of lives from which a trial recruits: people simulated from onset, each tested every quarter
// against the criteria; one qualifying moment per life is kept with the whole state.
#pragma once

#include "hortega/cohort/bedside.hpp"
#include "hortega/cohort/history.hpp"
#include "hortega/disease/kernel.hpp"
#include "hortega/disease/person.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hortega::cohort {

/// What is known of a person on the day of screening.
struct Screening {
  const History* history = nullptr;
  bool female = false;
  double age_year = 0.0;
  std::uint32_t life_day = 0;
  double edss = 0.0;
  int gd_count = 0;
  int pyramidal = 0;
  double t2_volume_ml = 0.0;
  bool on_prior_therapy = false;
  bool pregnant_or_post_partum = false;
  double duration_day() const {
    return history->first_symptom_day
               ? static_cast<double>(life_day) - static_cast<double>(*history->first_symptom_day)
               : 0.0;
  }
};

/// Number of the first criterion that is not met, or k_qualifies. Criteria are numbered by the caller (at
/// most 16).
inline constexpr int k_qualifies = -1;
using Criteria = std::function<int(const Screening&)>;

/// A life at its qualifying moment.
struct Candidate {
  disease::Person person;
  History history;
  disease::Profile profile;
  double edss = 0.0;
  int gd_count = 0;
  double t2_volume_ml = 0.0;
  bool on_prior_therapy = false;
  double age_year() const { return person.state.age_year; }
  double duration_years() const;
};

struct PoolOptions {
  std::uint64_t seed = 1;
  int lives = 20000;
  double prior_therapy_share = 0.0;
  std::string prior_therapy = "none";
  double latest_age_year = 65.0;  // lives are followed up to this age
  bool from_onset = false;        // everybody enters at the first clinical event, whatever the criteria
  therapy::Setting setting;
};

struct Pool {
  std::vector<Candidate> candidates;  // in order of person
  int lives = 0;
  std::vector<std::int64_t>
      excluded_by;  // lives that never qualified, by the criterion that failed at their best moment
};

/// One of several searches through the same lives.
struct PoolSearch {
  Criteria criteria;
  double latest_age_year = 65.0;
  bool from_onset = false;
  /// Whether a life of this course can still come to qualify; empty: any can. Those that cannot are not
  /// followed further.
  std::function<bool(Course)> open = {};
};

/// One pool a search, as if made one by one, for the cost of one: a life is simulated until the last search
/// is done with it, and then its lane goes to the next life. The searches' ages and starts stand in place of
/// the options'.
std::vector<Pool> make_pools(const disease::Parameters& parameters, const PoolOptions& options,
                             const std::vector<PoolSearch>& searches, const CourseFactory& courses,
                             std::uint32_t first_person = 0);

/// A person takes the prior therapy if this uniform number is below its share.
double prior_therapy_draw(std::uint64_t seed, std::uint32_t person);

/// Simulates the lives (all threads). `first_person` lets a pool grow by further lives. The search's age and
/// start are the options'.
Pool make_pool(const disease::Parameters& parameters, const PoolOptions& options, const Criteria& criteria,
               const CourseFactory& courses, std::uint32_t first_person = 0,
               std::function<bool(Course)> open = {});

}  // namespace hortega::cohort
