// SPDX-License-Identifier: Apache-2.0
// Facts that the person model should bring forth by itself: data/evidence/emergent.toml, and whether the
// simulated numbers show them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hortega/core/schema.hpp"
#include "hortega/evidence/row_simulator.hpp"
#include "hortega/evidence/validation.hpp"

namespace hortega::evidence {

/// One fact: checked on the simulated number of `row` (over that of `over`), times `factor`; or, where no
/// published row gives it, on a number asked of a protocol; or `none` says why it cannot be.
struct EmergentFact {
  std::string id, statement, how, unit;
  std::optional<std::string> row, over;  ///< "E0223", or "E0248/2" for its second number
  /// Asked: `estimator` of `endpoint` (over that of `over_endpoint`) in `arm` and `subgroup` of `protocol`.
  std::optional<std::string> protocol, arm, subgroup, endpoint, over_endpoint, estimator;
  std::optional<double> published;  ///< asked: what the source says, as the fact's value
  double factor = 1.0;
  std::vector<double> range;  ///< lowest and highest value that count as the fact
  /// The fit takes it as a row: `range` as its central 95 % on the logarithm. Two rows of one study share
  /// what is peculiar to that study, so their ratio is known better than either, and tau does not widen it.
  bool fitted = false;
  std::optional<std::string> none;
};

struct EmergentFacts {
  std::vector<EmergentFact> facts;
};

core::Schema<EmergentFacts> emergent_facts_schema();

/// Holds what facts ask against the protocols in `directory` (ID.toml): file, arm, subgroup and endpoints
/// exist and the estimator fits. Throws core::InputError with every problem.
void check_asked(const EmergentFacts& facts, const std::string& directory);

/// What facts ask of protocols, for RowSimulator; judge() knows the numbers by their ids.
std::vector<AskedNumber> asked_numbers(const EmergentFacts& facts);

/// Facts to be fitted, as targets after the rows that they are made of.
class FittedFacts {
 public:
  /// Facts whose rows are not among `rows` are no target. Throws core::InputError for a fact of other rows
  /// than rates and counts of role calibration.
  FittedFacts(const EmergentFacts& facts, const std::vector<Target>& rows);
  const std::vector<Target>& targets() const { return targets_; }
  /// Adds the predictions of the facts to those of the rows.
  void append(std::vector<Prediction>& predictions) const;

 private:
  struct Parts {
    std::size_t row = 0, over = 0;
    double log_factor = 0.0;
  };
  std::vector<Target> targets_;
  std::vector<Parts> parts_;
};

struct JudgedFact {
  EmergentFact fact;
  std::optional<double> published;  ///< the same from the published numbers
  /// Median and central 90 % over the parameter draws, of expected values.
  std::optional<double> value, low, high;
  bool passes = false;  ///< the median lies in the range
  std::string why_not;  ///< not judged: why
};

/// Judges each fact on the draws. `targets` are rows, then numbers that were asked. A fact whose numbers are
/// not among them, or have no value, is not judged.
std::vector<JudgedFact> judge(const EmergentFacts& facts, const std::vector<Target>& targets,
                              const DrawPredictions& draws);

}  // namespace hortega::evidence
