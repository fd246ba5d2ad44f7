// SPDX-License-Identifier: Apache-2.0
// A calibration from start to end: mode, posterior sample, and how well each does on people that no fit has
// seen.
//
// The smoother's last ensemble is evaluated on seeds that the fit never used; so are the prior mean, the mode
// and the posterior mean (each on all of them). A member whose objective there is far above the others' did
// not arrive at its minimum and gets weight 0; the others weigh the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "hortega/evidence/evaluation.hpp"
#include "hortega/evidence/likelihood.hpp"
#include "hortega/evidence/mode_search.hpp"
#include "hortega/evidence/smoother.hpp"

namespace hortega::evidence {

struct CalibrationSettings {
  std::uint64_t seed = 1;
  int unseen_seeds = 2;
  ModeSettings mode;
  SmootherSettings smoother;
  LikelihoodSettings likelihood;
};

struct CalibratedDraw {
  std::vector<double> theta;
  double tau = 0.0;
  double weight = 1.0;
  std::vector<Prediction> predictions;  ///< on an unseen seed; empty if the engine could not run
};

/// A point on the unseen seeds.
struct PointOnUnseen {
  std::vector<double> theta;
  std::vector<std::vector<Prediction>> predictions;  ///< one list a seed
  Loss loss;                                         ///< mean over the seeds; NaN if the engine cannot run
};

struct Calibration {
  std::vector<ScoredRow> rows;
  std::vector<RowLeftOut> left_out;
  Mode mode;
  Loss mode_on_fitted_seed;
  std::vector<SmootherIteration> history;
  std::vector<CalibratedDraw> draws;
  double tau = 0.0;  ///< posterior mean; all losses are given at it
  PointOnUnseen prior_mean, at_mode, posterior_mean;
  Loss posterior;          ///< mean over draws, each on its unseen seed
  int not_converged = 0;   ///< draws of weight 0
  double effective = 0.0;  ///< (sum w)^2 / sum w^2
  std::vector<std::uint64_t> unseen_seeds;
};

/// `start`: where the search for the mode begins, in prior units. Evaluations: 1 + at most mode.evaluations
/// + first_members + members * iterations + 3 * unseen_seeds. Throws core::RunError if the engine cannot run
/// at the start, core::InputError if nothing can be fitted, and what Journal throws.
Calibration calibrate(std::span<const double> start, std::span<const Target> targets, Journal& journal,
                      const CalibrationSettings& settings);

/// SHA-256 of targets, start and settings, with `rest` for what the caller knows (program, names and ranges
/// of the variables).
std::string calibration_digest(std::span<const double> start, std::span<const Target> targets,
                               const CalibrationSettings& settings, const std::string& rest);

}  // namespace hortega::evidence
