// SPDX-License-Identifier: Apache-2.0
// A sample of the posterior: an iterative ensemble smoother.
//
// Ensemble randomised maximum likelihood in its Gauss-Newton form (Raanes, Stordal & Evensen 2019,
// doi:10.5194/npg-26-325-2019). Member i has a draw z_i of the prior, a draw of the observations' errors e_i
// and a tau_i, and goes to the minimum of
//
//   J_i(theta) = |theta - z_i|^2 / 2 + (y + e_i - g(theta))' C(tau_i)^-1 (y + e_i - g(theta)) / 2
//
// by steps  theta <- theta - s_i (I + G' C^-1 G)^-1 [ (theta - z_i) - G' C^-1 (y + e_i - g(theta)) ]
// with C = diag(v_j / w_j) of the likelihood and G the ensemble's own localised linear response. Where g is
// linear the members are exact draws of the posterior after one step; elsewhere they are approximate, and how
// good they are is checked on synthetic data (simulation_check.hpp).
//
// Where it begins is free, unlike in a smoother of multiple data assimilation, which has to begin at the
// prior: the target J_i holds the whole prior. It begins at  mode + start_spread * z_i: near enough to the
// mode for G to be of use, wide enough to see every variable.
//
// Before the first step not all members are evaluated: where they are is only a beginning, and the response
// of a part of them tells where all have to go.
//
// tau: before each step its posterior given the ensemble's response is computed on a grid with the variables
// integrated out, and the members take its quantiles (k + 1/2) / N in an order drawn once.
//
// Seeds: in each iteration the members share a few seeds in turn (seeds_per_iteration), others in the next;
// what a seed's people have in common is taken for chance, not for an answer to the variables. A member whose
// J rose by more than `slack` goes back to where it was and tries half the step.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "hortega/evidence/evaluation.hpp"
#include "hortega/evidence/fit_noise.hpp"
#include "hortega/evidence/likelihood.hpp"
#include "hortega/evidence/linear_response.hpp"

namespace hortega::evidence {

struct SmootherSettings {
  int members = 208;
  int iterations = 2;  ///< steps, each after an evaluation of the members
  /// So many members are evaluated before the first step; their linear response stands in for the others.
  int first_members = 104;
  int seeds_per_iteration = 4;
  double start_spread = 0.5;
  double slack = 2.0;
  Localise localise = Localise::yes;
};

struct SmootherIteration {
  double objective = 0.0;  ///< mean J of the members
  double accepted = 1.0;   ///< share whose last step was kept
  double tau = 0.0;        ///< posterior mean
  int failed = 0;          ///< members where the engine could not run
};

struct SmoothedEnsemble {
  std::vector<std::vector<double>> theta;
  std::vector<double> tau;
  std::vector<SmootherIteration> history;
  std::vector<bool> never_ran;  ///< the engine could run at no place of this member
};

/// Throws core::InputError if there are fewer members than variables + seeds + 10, for then no linear
/// response can be told from chance.
void check_members(std::size_t variables, const SmootherSettings& settings);

/// `seed_of(k)`: seeds of the engine, not used before. Throws as check_members does.
SmoothedEnsemble smooth(std::span<const double> mode, const Likelihood& likelihood, Journal& journal,
                        const FitNoise& noise, const std::function<std::uint64_t(int)>& seed_of,
                        const SmootherSettings& settings);

/// J_i of a member of the ensemble at theta.
double member_objective(std::size_t member, std::span<const double> theta, double tau,
                        std::span<const Prediction> predictions, const Likelihood& likelihood,
                        const FitNoise& noise);

}  // namespace hortega::evidence
