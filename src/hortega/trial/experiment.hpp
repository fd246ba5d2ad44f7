// SPDX-License-Identifier: Apache-2.0
//
// An experiment in mice with experimental autoimmune encephalomyelitis, as its file states it: groups
// immunised on one day, cells by group and day, a score every day (docs/mouse.md). No trial: nobody is
// recruited, drops out, relapses or has an EDSS.
#pragma once

#include "hortega/core/parameters.hpp"
#include "hortega/core/schema.hpp"
#include "hortega/disease/immunisation.hpp"
#include "hortega/disease/paralysis.hpp"
#include "hortega/disease/rates.hpp"
#include "hortega/therapy/parameters.hpp"
#include "hortega/therapy/regimen.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hortega::trial {

/// One group of animals.
struct ExperimentArm {
  std::string id;
  std::string label;
  int n = 0;
  std::string regimen;     // id in data/regimens/mouse; empty: nothing
  double start_day = 0.0;  // of the regimen, after immunisation
  bool immunised = true;
};

/// Parameters that differ: every arm runs under each hypothesis. None: one run with all as they are.
struct Hypothesis {
  std::string id;
  std::string label;
  std::map<std::string, double> parameters;
};

/// What is told of an animal. time: a mean score or its sum counts up to a day.
enum class ExperimentMeasure : std::uint8_t {
  clinical_score,    // mean daily score
  cumulative_score,  // sum of daily scores
  incidence,         // ill at all
  onset_day,         // of those who fall ill
  max_score,         // of those who fall ill
  axon_loss,         // of the cord, percent
  lesions            // infiltrates
};
struct ExperimentEndpoint {
  std::string id;
  std::string label;
  ExperimentMeasure kind = ExperimentMeasure::clinical_score;
};

struct Experiment {
  std::string id;
  std::string title;
  std::string question;
  std::uint64_t seed = 1;
  int replicates = 200;
  double follow_up_day = 40.0;
  std::vector<std::string> evidence;
  std::vector<std::string> priors;  // parameters that each replicate draws from their ranges
  std::vector<ExperimentArm> arms;
  std::vector<Hypothesis> hypotheses;
  std::vector<ExperimentEndpoint> endpoints;
  std::vector<std::vector<std::string>> contrasts;
  std::map<std::string, std::string> marks;
};

/// The table from which reader, JSON Schema and reference come.
const core::Schema<Experiment>& experiment_schema();

/// What an experiment reads: the people's parameters, the mouse's, and the mouse's regimens.
struct ExperimentInputs {
  core::ParameterSet people;
  core::ParameterSet mouse;
  therapy::RegimenLibrary regimens;
};

/// Holds an experiment against what it names: regimens (mesenchymal, intravenous, supplied), parameters and
/// the ranges of values. Throws InputError with every problem. `people_regimens`: ids of people's regimens,
/// so that one of these is told apart from a misspelling.
void check_experiment(const core::Read<Experiment>& read, const ExperimentInputs& inputs,
                      const std::vector<std::string>& people_regimens);

/// One animal's course.
struct AnimalCourse {
  std::vector<double> score;  // by day, from day 0 on
  double axon_loss_percent = 0.0;
  double lesions = 0.0;
};

/// One repetition of an experiment under one hypothesis: animals by arm.
struct ExperimentReplicate {
  std::vector<std::vector<AnimalCourse>> arms;
};

/// Simulates one repetition; a pure function of the experiment, its inputs, hypothesis and number, so that
/// threads do not matter. An animal has the same traits and luck under every hypothesis. An animal that
/// reaches score 5 keeps it.
ExperimentReplicate simulate_experiment(const Experiment& experiment, const ExperimentInputs& inputs,
                                        std::size_t hypothesis, int replicate);

/// First day with a score of 1 or more; empty if never.
std::optional<int> onset_of(const AnimalCourse& animal);

/// A measure of one animal up to `last_day` (0: all days); empty where the animal has none (onset and maximum
/// of those who stay well).
std::optional<double> measure_of(ExperimentMeasure measure, const AnimalCourse& animal, int last_day);

}  // namespace hortega::trial
