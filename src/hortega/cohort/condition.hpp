// SPDX-License-Identifier: Apache-2.0
//
// Lives that resemble one person: simulated from their onset to the person's day, under the person's own
// drugs, and weighted by how likely the person's record would be in them.
//
// Sequential importance sampling with resampling (Del Moral 2006, doi:10.1111/j.1467-9868.2006.00553.x):
// where the record has thinned the lives, heavy ones go on in several copies, each with a luck of its own
// from that day on; the estimate of the record's probability stays unbiased. A copied life is simulated again
// from its onset, so that what it takes is in its body as in any other.
#pragma once

#include "hortega/cohort/known_person.hpp"
#include "hortega/cohort/pool.hpp"
#include "hortega/cohort/record_noise.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace hortega::cohort {

struct ConditionOptions {
  std::uint64_t seed = 1;
  int lives = 400;                 // begun
  int begun_per_life_kept = 2;     // many while the record is short and lives cheap, fewer later
  std::uint32_t first_person = 0;  // numbers of the lives begin here
  int ratings = 32;                // by which an EDSS is judged in a life
  double resample_below = 0.5;     // of the lives that are kept; 0: never
  therapy::Setting setting;
};

struct ConditionedLife {
  Candidate candidate;
  double weight = 0.0;         // sums to 1
  std::uint32_t ancestor = 0;  // number of the life from which it was copied
};

struct Conditioned {
  std::vector<ConditionedLife> lives;  // those with weight
  double log_probability = 0.0;        // of the record, estimated; -inf: no life fits
  int begun = 0;                       // lives of the person's sex that were begun
  int at_onset = 0;  // of these, had their first symptom at the person's age, and of the right kind
  int resamplings = 0;
  double effective_ancestors() const;
};

/// (sum w)^2 / sum w^2.
double effective_number(std::span<const double> weights);

/// What of the record was left aside, in words for the page.
std::vector<std::string> not_used(const KnownPerson& person);

/// Windows of days after the first symptom in which relapses are counted, the last ending today: of a year
/// each, longer the longer ago (k-th end: today less 1, 2, 3, 4, 5, 7, 10, 15, 20, 30 years).
struct RelapseWindow {
  int from_day = 0;  // not included
  int to_day = 0;
  int recorded = 0;
};
std::vector<RelapseWindow> relapse_windows(const KnownPerson& person);

/// Simulates `lives` people of the person's sex. Their age at onset is moved so that their first symptom
/// falls on the person's age (to a year), with the prior density of that age as first weight. Thread-safe;
/// the result depends on neither threads nor order.
Conditioned condition(const disease::Parameters& parameters, const KnownPerson& person,
                      const RecordNoise& noise, const CourseFactory& courses,
                      const ConditionOptions& options);

}  // namespace hortega::cohort
