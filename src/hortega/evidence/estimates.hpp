// SPDX-License-Identifier: Apache-2.0
// From simulated trials to numbers: every replicate is analysed as its trial would be, then replicates are
// put together.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hortega/evidence/cells_made.hpp"
#include "hortega/evidence/model_inputs.hpp"
#include "hortega/evidence/resources.hpp"
#include "hortega/evidence/summary.hpp"
#include "hortega/evidence/tallies.hpp"

namespace hortega::evidence {

struct EstimationPlan;

/// What an analysis gives beside what is asked of it.
enum class Scope : std::uint8_t {
  report,      ///< what a trialist expects of each endpoint, curves and bands
  multiverse,  ///< that, and every published definition of worsening, PIRA and RAW (evidence/multiverse.hpp)
  asked        ///< nothing, and no flow, harms or definitions: for the many runs of a calibration
};

/// What one replicate gave for one quantity. Not defined: value NaN (an infinite ratio is 0 or infinity). A p
/// may exist without a value.
struct Outcome {
  double value = 0.0;
  double p = 0.0;  ///< contrasts: of the trial's test, NaN if it cannot be had
  double n = 0.0;  ///< people it rests on
};

/// All that is kept of a replicate: no person. Plain data, indices as in the Estimation that made it.
struct ReplicateResult {
  int number = 0;
  std::vector<Outcome> outcomes;  ///< one a quantity
  std::vector<double> survival;   ///< curves x days; NaN once nobody is left at risk
  std::vector<double> at_risk;
  BandTally bands;
  std::vector<HarmTally> harms;  ///< by term, then arm
  ResourceTally resources;       ///< empty without prices
  ModelTally model;
  CellsTally cells;         ///< empty where no regimen gives cells
  std::vector<int> people;  ///< by arm
  std::vector<int> flow;    ///< arms x boxes
};

/// Time of one person to one endpoint, days from its origin: what a dataset of times to event holds.
struct PersonTime {
  std::uint32_t participant = 0;
  std::size_t endpoint = 0;  ///< index into the protocol's endpoints
  int day = 0;
  bool event = false;
  bool competing = false;  ///< another death ended the time (cumulative incidence)
  endpoints::Censoring censoring = endpoints::Censoring::none;
};

/// The analysis of a protocol. Immutable once made: estimate() may be called from any thread.
class Estimation {
 public:
  /// Quantities: what a trialist expects of each endpoint at the end of follow-up and at the yearly visits,
  /// then those `asked` that are not among them. Throws std::invalid_argument on an unknown preset, endpoint,
  /// arm, subgroup or estimator, or an estimator that the endpoint's kind cannot give.
  /// With `prices` the people's accounts are kept too (scope `asked`: not).
  explicit Estimation(trial::Protocol protocol, std::span<const Quantity> asked = {},
                      Scope scope = Scope::report, std::optional<economics::Prices> prices = {});
  ~Estimation();
  Estimation(Estimation&&) noexcept;
  Estimation& operator=(Estimation&&) noexcept;

  /// Those of the multiverse last, under the ids of its definitions.
  const std::vector<Quantity>& quantities() const;
  ReplicateResult estimate(const trial::Replicate& replicate) const;

  /// Estimates, curves, bands, harms, flow, definitions and multiverse, in the order of the replicates'
  /// numbers whatever the order given. Comparisons (evidence/comparison.hpp), population, examples and
  /// `first` are the caller's. `without_conduct`: some of the same replicates with conduct off, for its share
  /// of each estimate; empty: no shares. `draws`: replicate i is of draw i mod draws, and estimates and
  /// curves tell the two parts of their uncertainty apart; 0: all of one set of parameters.
  RunSummary combine(std::vector<ReplicateResult> results, std::vector<ReplicateResult> without_conduct = {},
                     int draws = 0) const;

  /// The times behind the curves, by person and endpoint; people who are not at risk are left out.
  std::vector<PersonTime> person_times(const trial::Replicate& replicate) const;

 private:
  std::unique_ptr<const EstimationPlan> plan_;
  std::optional<economics::Prices> prices_;
};

}  // namespace hortega::evidence
