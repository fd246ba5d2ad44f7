// SPDX-License-Identifier: Apache-2.0
// Facts that the person model should bring forth by itself: data/evidence/emergent.toml, and whether the
// simulated numbers show them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hortega/core/schema.hpp"
#include "hortega/evidence/validation.hpp"

namespace hortega::evidence {

/// One fact: checked on the simulated number of `row` (over that of `over`), times `factor`; or `none` says
/// why it cannot be.
struct EmergentFact {
  std::string id, statement, how, unit;
  std::optional<std::string> row, over;  ///< "E0223", or "E0248/2" for its second number
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

/// Judges each fact on the draws of `set`. A fact whose rows are not among the targets, or have no number,
/// is not judged.
std::vector<JudgedFact> judge(const EmergentFacts& facts, const std::vector<Target>& targets,
                              const DrawPredictions& draws);

}  // namespace hortega::evidence
