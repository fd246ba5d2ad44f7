// SPDX-License-Identifier: Apache-2.0
//
// What an experiment in mice shows over its repetitions, and what was published beside it.
#pragma once

#include "hortega/evidence/compare.hpp"
#include "hortega/evidence/map.hpp"
#include "hortega/evidence/published.hpp"
#include "hortega/trial/experiment.hpp"

#include <limits>
#include <string>
#include <vector>

namespace hortega::evidence {

/// A number over repetitions: mean, standard deviation between them, and the range that holds 90 % of them.
/// All nan where no repetition has it.
struct OverReplicates {
  double mean = std::numeric_limits<double>::quiet_NaN();
  double sd = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
  int replicates = 0;  // that have it
};

/// The mean score of an arm by day (index) and the range of 90 % of repetitions.
struct ScoreCurve {
  std::size_t hypothesis = 0;
  std::size_t arm = 0;
  std::vector<OverReplicates> by_day;
};

/// A measure of an arm (the mean over its animals; incidence in percent), or of two: the standardised
/// difference of means (over the pooled standard deviation of animals) of `arm` from `reference`.
struct ExperimentNumber {
  std::size_t hypothesis = 0;
  std::string endpoint;
  std::string arm;
  std::string reference;  // empty: of the arm alone
  OverReplicates value;
  OverReplicates between_animals;  // standard deviation; of the arm alone
};

/// A published row beside the same statistic under every hypothesis.
struct ExperimentComparison {
  PublishedRow row;
  PublishedStatistic published;
  std::string endpoint, arm, reference;
  std::vector<OverReplicates> simulated;  // by hypothesis
  std::vector<Comparison> verdicts;       // by hypothesis
  std::string note;
};

struct ExperimentSummary {
  trial::Experiment experiment;
  std::vector<std::string> hypotheses;  // labels; one, unnamed, if the experiment has none
  std::vector<ScoreCurve> curves;
  std::vector<ExperimentNumber> numbers;
  std::vector<ExperimentComparison> comparisons;
};

/// replicates[hypothesis][repetition]. Rows are those that the map gives to the experiment. Throws
/// std::invalid_argument for an estimator that animals do not have (they have mean, percent, mean_difference
/// and standardised_mean_difference).
ExperimentSummary summarise_experiment(const trial::Experiment& experiment,
                                       const std::vector<std::vector<trial::ExperimentReplicate>>& replicates,
                                       const EvidenceMap& map, const PublishedRows& published);

}  // namespace hortega::evidence
