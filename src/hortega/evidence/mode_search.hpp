// SPDX-License-Identifier: Apache-2.0
// A first mode of the posterior, in few evaluations.
//
// A derivative-free Gauss-Newton method (Cartis & Roberts 2019, doi:10.1007/s12532-019-00161-7): predictions,
// not their sum of squares, are modelled as linear in the variables, which needs one evaluation a variable
// where a quadratic model of the sum (BOBYQA) needs two and then many more. The evaluations begin with a
// two-level orthogonal design around the start (Sylvester's Hadamard matrix), so that every slope is the mean
// of all of them. Each step minimises minus the log posterior under the linear model in a box around the best
// point (NLopt, SLSQP); the box grows and shrinks by how well the model foretold the step. When no step gains
// any more, another design is evaluated around the best point as long as the evaluations last.
//
// Points are compared under the same seed (common random numbers). So that no small population is fitted in
// place of the biology, a design is shared out over two seeds, the steps begin under another, the seed is
// rotated every so many evaluations with the best point evaluated anew, and the last steps are judged by the
// mean over four further seeds. With each new seed tau becomes its conditional mode.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "hortega/evidence/evaluation.hpp"
#include "hortega/evidence/likelihood.hpp"

namespace hortega::evidence {

struct ModeSettings {
  int evaluations = 110;  ///< at most; 0: the start is taken for the mode
  int rotate_every = 12;  ///< evaluations after which the seed changes
  double design_step = 0.35;
  double first_radius = 0.5;
};

struct Mode {
  std::vector<double> theta;
  double tau = 0.0;
  std::vector<Prediction> predictions;  ///< under the last seed, or the mean under the last four
  double objective = 0.0;               ///< minus the log posterior there
  int evaluations = 0;
  int seeds = 1;           ///< how many the search used
  bool converged = false;  ///< no step promised to gain anything
};

/// No variable leaves -k_theta_limit to k_theta_limit (1e-5 of the prior at either end).
inline constexpr double k_theta_limit = 4.25;

/// `at_start`: predictions at the start under seed_of(0).
Mode find_mode(std::span<const double> start, const std::vector<Prediction>& at_start,
               const Likelihood& likelihood, Journal& journal,
               const std::function<std::uint64_t(int)>& seed_of, const ModeSettings& settings);

}  // namespace hortega::evidence
