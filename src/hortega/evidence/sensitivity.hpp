// SPDX-License-Identifier: Apache-2.0
// Which parameters carry a trial's outcomes and its conclusion, and what is left of them when each assumption
// moves over its range.
//
//   1  Screening: elementary effects (analysis/morris.hpp) of every parameter of data/parameters on small
//      trials, all of them moving over what their passports allow.
//   2  The strongest, the others at their values: a Gaussian process (analysis/emulator.hpp) fitted to larger
//      trials, each of other people, so that chance goes to its nugget; refused where its held-out Q2 is
//      below 0.8, else Sobol's indices.
//   3  One at a time: the conclusion at both ends of each range, everything else at its value.
//
// A coordinate of the unit cube is a quantile of the parameter's prior as in a calibration (FreeParameter: a
// normal with 95 % of it in the passport's range, cut off there). In 3 the ends are those of the range.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "hortega/analysis/emulator.hpp"
#include "hortega/analysis/morris.hpp"
#include "hortega/analysis/tornado.hpp"
#include "hortega/core/parameters.hpp"
#include "hortega/evidence/free_parameters.hpp"

namespace hortega::evidence {

struct SensitivityVariable {
  FreeParameter parameter;
  char grade = 'D';
};

/// Every passport's value or, where that is a convention, its spread: of all grades, as FreeParameters has it
/// for grade F; a convention without a spread moves over its narrow range.
std::vector<SensitivityVariable> sensitivity_variables(const core::ParameterSet& set);

/// How many people are simulated to look at a point.
enum class TrialSize : std::uint8_t { small, large };

/// What a trial gave; outcomes that cannot be had are NaN.
struct TrialOutcomes {
  std::vector<double> value;       ///< the first is the effect that the conclusion is about: 0 is none
  double significant_share = 0.0;  ///< of trials of the protocol's size
};

/// Simulates at these parameters. Throws core::InputError where the trial cannot be had. Thread-safe.
using TrialEngine =
    std::function<TrialOutcomes(const core::ParameterSet&, std::uint64_t seed, TrialSize size)>;

struct SensitivitySettings {
  int base_points = 8;      ///< of the screening
  int strongest = 15;       ///< at most so many go on to the emulator
  int design_points = 256;  ///< of the emulator
  int folds = 10;
  /// Each end of a range is simulated with so many, at least 2; with one where that gives exactly what the
  /// value gives.
  int conclusion_seeds = 2;
  int realisations = 40;
  std::size_t sobol_points = 1024;
  std::uint64_t seed = 1;
};

/// One outcome through all stages.
struct OutcomeSensitivity {
  std::string name;
  double effect_noise_sd = 0.0;                      ///< of an elementary effect
  std::vector<analysis::ElementaryEffects> effects;  ///< one a variable
  analysis::HeldOut held_out;
  double noise_sd = 0.0;         ///< of a large trial, by the emulator's nugget
  std::string refused;           ///< why there are no indices; empty if there are
  analysis::SobolIndices sobol;  ///< of the strongest, in their order
};

/// What a stage took; not a result.
struct SensitivityStage {
  std::string name;
  int evaluations = 0;
  double wall_s = 0.0;
};

struct Sensitivity {
  std::vector<SensitivityVariable> variables;
  std::vector<OutcomeSensitivity> outcomes;
  std::vector<std::size_t> strongest;  ///< variables, strongest first
  analysis::Finding at_value;
  std::vector<analysis::RankedBar> bars;
  std::vector<analysis::GradeSummary> grades;
  std::vector<SensitivityStage> stages;
  int evaluations = 0;
  int failed = 0;  ///< where the engine gave no trial
};

/// All three stages. `outcomes` names what the engine gives. Deterministic whatever the threads. Strength is
/// mu* as a share of its outcome's largest, 0 below noise, averaged over outcomes. Throws core::Interrupted.
Sensitivity sensitivity(const core::ParameterSet& set, const std::vector<std::string>& outcomes,
                        const TrialEngine& engine, const SensitivitySettings& settings);

}  // namespace hortega::evidence
