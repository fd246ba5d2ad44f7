// SPDX-License-Identifier: Apache-2.0
// The engine as calibration and validation see it: runs many protocols at given parameters and returns the
// simulated number beside each published one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "hortega/core/parameters.hpp"
#include "hortega/evidence/estimates.hpp"
#include "hortega/evidence/forward.hpp"
#include "hortega/evidence/map.hpp"
#include "hortega/evidence/published.hpp"
#include "hortega/trial/simulate.hpp"

namespace hortega::evidence {

/// Therapies at given parameters; `keeps` holds what the environment points at.
struct World {
  std::shared_ptr<const void> keeps;
  trial::Environment environment;
};
using WorldOf = std::function<World(const core::ParameterSet&)>;

/// Which rows: by role, and whether studies that were set aside are among them.
struct RowChoice {
  bool calibration = true;
  bool validation = true;
  bool set_aside = true;
};

struct RowSimulatorOptions {
  int lives = 8000;  ///< all trials recruit from the same ones
  /// A trial whose published baseline few of them meet would otherwise read the same handful of people in
  /// every replicate (primary progressive trials: some six of 5,000).
  int times_at_most = 8;          ///< lives of a thin trial, in these
  double effective_share = 0.02;  ///< of these; with as many effective ones a trial is not thin
  int people_per_arm = 1500;      ///< at least so many in the smallest arm, over all replicates
  int replicates_at_least = 1;
  int people_at_most = 8000;  ///< a protocol, over all replicates, where the smallest arm would ask for more
  /// Only these protocols (ids) are simulated, numbers of the others are NaN; empty: all.
  std::vector<std::string> only;
  trial::ConductSwitch conduct = trial::ConductSwitch::as_protocol;
};

/// A number that is asked of a protocol though no published row gives it.
struct AskedNumber {
  std::string id;  ///< any that is no row's
  std::string protocol;
  Quantity quantity;  ///< of one arm
};

/// What a protocol took in one prediction.
struct RowCost {
  std::string protocol;
  int qualifying = 0;
  double effective_share = 0.0;
  int replicates = 0;
  double thread_s = 0.0;  ///< of replicates and their analysis, over all threads
};

/// From so many simulated studies their spread is known to about 13 %.
inline constexpr int k_replicates_for_spread = 30;

class RowSimulator {
 public:
  /// Takes the rows that the map points at one of the protocols, and what is `asked` of those protocols.
  /// Throws std::invalid_argument as Estimation does.
  RowSimulator(std::vector<trial::Protocol> protocols, const EvidenceMap& map, const PublishedRows& published,
               WorldOf world, const RowChoice& choice = {}, const std::vector<AskedNumber>& asked = {});
  ~RowSimulator();

  /// In the order of protocols, then of published.csv.
  const std::vector<Target>& targets() const { return targets_; }
  /// What was asked of the protocols, in their order: never scored, never fitted.
  const std::vector<Target>& asked() const { return asked_; }

  /// Simulates every protocol at these parameters; `seed` takes the place of the protocols' own. Predictions
  /// are of targets(), then of asked(). Where nobody qualifies for a trial its numbers are NaN. `cost`, where
  /// given, says what each protocol took.
  std::vector<Prediction> predict(const core::ParameterSet& parameters, std::uint64_t seed,
                                  const RowSimulatorOptions& options,
                                  std::vector<RowCost>* cost = nullptr) const;

  /// Completes standard errors by the spread between simulated studies of the published size, from one
  /// prediction at the reference parameters with many replicates (k_replicates_for_spread): of numbers
  /// without any interval (medians, reductions), and of lesion and event counts whose exact Poisson interval
  /// ignores that people differ (the wider is kept). From then on a prediction with fewer replicates takes
  /// its sd_study and mc_se from that spread.
  void complete_errors(const std::vector<Prediction>& reference);

 private:
  struct Study;
  void put_predictions(const Study& study, const RunSummary& summary, const RowCost& of,
                       std::vector<Prediction>& predictions) const;
  std::vector<Study> studies_;
  std::vector<Target> targets_, asked_;
  std::vector<double> spread_;  ///< of each target between studies; empty before complete_errors
  WorldOf world_;
};

/// On the link's scale, and back. Values that the scale cannot hold are moved to its nearest sensible one:
/// `people` says how near (half an event among them); 0 if not known.
double to_link(Link link, double natural, double people);
double from_link(Link link, double x);

}  // namespace hortega::evidence
