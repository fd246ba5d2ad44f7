// SPDX-License-Identifier: Apache-2.0
//
// Runs a protocol: recruits from a pool of lives, simulates replicates. A replicate is a pure function of
// seed and number.
#pragma once

#include "hortega/cohort/baselines.hpp"
#include "hortega/cohort/bedside.hpp"
#include "hortega/cohort/pool.hpp"
#include "hortega/cohort/tilt.hpp"
#include "hortega/core/parameters.hpp"
#include "hortega/disease/rates.hpp"
#include "hortega/trial/conduct.hpp"
#include "hortega/trial/participant.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace hortega::trial {

/// What a run needs beside the protocol.
struct Environment {
  const core::ParameterSet* parameters = nullptr;
  cohort::CourseFactory courses;
};

/// Smallest share of the pool that may carry the weights before a run refuses (docs/input.md).
inline constexpr double k_least_effective_share = 0.1;
inline constexpr int k_most_lives = 200000;

/// What to do with a pool that meets the published baseline with too few lives.
enum class ThinPool : std::uint8_t {
  refuse,  ///< it doubles up to the most lives, then InputError
  grow,    ///< it doubles up to the most lives, then heavy lives are enrolled more than once in a replicate
  allow    ///< it stays as it is
};

/// A recruited population, ready for replicates.
struct Recruitment {
  disease::Parameters disease;
  cohort::Pool pool;
  std::vector<double> weight;                    // of each candidate; sums to 1
  std::vector<std::uint32_t> person;             // the life behind each candidate
  cohort::Copies copies = cohort::Copies::none;  // of one life in one replicate
  std::vector<cohort::RowMatch> rows;            // population.source = "csv": whom each row resembles
  PopulationReport report;
};

/// Simulates the pool and tilts it so that no life's weight asks for more than one place in a replicate.
/// While the effective share is below the limit, or no such weights meet the baseline, the pool doubles, up
/// to most_lives; then InputError, unless thin pools are allowed. InputError too if nobody qualifies. With
/// population.source = "csv" each row of the file is matched instead (cohort/baselines.hpp); a row with fewer
/// than cohort::k_least_lives_per_row effective lives makes the pool grow and then refuse in the same way,
/// and one that nobody resembles is an InputError in any case.
Recruitment recruit(const Protocol& protocol, const Environment& environment, ThinPool thin,
                    int most_lives = k_most_lives);

/// How many lives several trials share: all the first ones; a trial that rests on too few of them (Kish's
/// effective number after weighting) gets as many again, alone with others of its kind, until it rests on
/// enough or there are `at_most`.
struct SharedLives {
  int first = 0;
  int at_most = 0;  ///< no more than `first` if below it
  double effective_at_least = 0.0;
};

/// Recruits for several trials from the same lives (0, 1, .. of `seed`, which takes the place of the
/// protocols' own; those who take a prior therapy live twice, with it and without). What recruit() gives with
/// that seed, that many lives and thin pools allowed, but that heavy lives are enrolled as often as their
/// weight asks for (the pools are small, and what is sought are unbiased means), but for settings (year,
/// centre) that a prior therapy might ask for: the first protocol's hold; and but for the counts of lives
/// lost at each criterion, which are nought. Empty where nobody qualifies. Protocols with a file of baselines
/// are refused (std::invalid_argument).
std::vector<std::optional<Recruitment>> recruit_together(const std::vector<Protocol>& protocols,
                                                         const Environment& environment, SharedLives lives,
                                                         std::uint64_t seed);

/// Age at which a life that has not entered is no longer followed.
double latest_age_year(const Population& population);

/// The candidates that a replicate enrols, in order of number; the same one twice if there are too few, or if
/// the recruitment allows copies.
std::vector<std::size_t> enrolled(const Protocol& protocol, const Recruitment& recruitment, int replicate);

/// Names of the criteria in the order in which they are tested (Pool::excluded_by).
const std::vector<std::string>& criterion_names();

enum class ConductSwitch : std::uint8_t { as_protocol, off };

/// Looks at one participant while the trial is simulated: `see` gets the day, from randomisation, and what
/// the model hides, with that day's treatment begun; every fourth day from 0 while the participant is
/// followed. Nothing that is seen changes by it.
struct Watch {
  std::uint32_t number = 0;  ///< Participant::number
  std::function<void(int day, const disease::Person& person)> see;
};

/// One simulated trial. Thread-safe but for `watch`.
Replicate simulate_replicate(const Protocol& protocol, const Environment& environment,
                             const Recruitment& recruitment, int number,
                             ConductSwitch conduct = ConductSwitch::as_protocol,
                             const Watch* watch = nullptr);

/// Distinct lives that the first n replicates enrol.
int distinct_lives(const Protocol& protocol, const Recruitment& recruitment, int replicates);

}  // namespace hortega::trial
