// SPDX-License-Identifier: Apache-2.0
#include "hortega/disease/paralysis.hpp"

#include "hortega/core/problems.hpp"
#include "hortega/disease/disability.hpp"

namespace hortega::disease {

ParalysisScale load_paralysis_scale(const core::ParameterSet& set) {
  constexpr std::array<const char*, 5> names = {"mouse_score_tail", "mouse_score_paresis", "mouse_score_hind",
                                                "mouse_score_fore", "mouse_score_moribund"};
  ParalysisScale scale;
  for (std::size_t i = 0; i < names.size(); ++i) {
    scale.threshold[i] = set.get(names[i]).value;
    if (i == 0 || scale.threshold[i] > scale.threshold[i - 1]) continue;
    const core::Passport& p = set.find(names[i]);
    throw core::InputError(core::Problem{{p.file, p.line, 0, {}},
                                         names[i],
                                         "the thresholds of the score do not rise",
                                         std::string("above ") + names[i - 1],
                                         {}});
  }
  return scale;
}

double motor_loss(const Rates& rates, const State<double>& state, const Traits<double>& traits) {
  double grade[k_systems];
  double loss = 0.0;
  grades_of(rates, state, traits, state.fever, BlockedFibres::counted, grade, loss);
  return loss;
}

double paralysis_score(const ParalysisScale& scale, double motor_loss) {
  double score = 0.0;
  for (std::size_t i = 0; i < scale.threshold.size(); ++i) {
    if (motor_loss < scale.threshold[i]) return score;
    score = static_cast<double>(i) + 1.0;
    if (i + 1 < scale.threshold.size() && motor_loss >= 0.5 * (scale.threshold[i] + scale.threshold[i + 1]))
      score += 0.5;
  }
  return score;
}

}  // namespace hortega::disease
