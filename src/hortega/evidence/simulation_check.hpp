// SPDX-License-Identifier: Apache-2.0
// Is the posterior's spread right? Simulation-based calibration (Talts et al. 2018, arXiv:1804.06788).
//
// Truths are drawn from the prior, published numbers from the model at each truth, and each set of numbers is
// fitted. If the posterior is right, the rank of a truth among the draws of its posterior is uniform, and the
// central 90 % of the draws hold nine truths in ten. A posterior too narrow makes ranks pile up at both ends.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hortega/evidence/calibration.hpp"

namespace hortega::evidence {

struct SimulationCheck {
  int sets = 0;
  int draws = 0;  ///< among which a truth is ranked: ranks run from 0 to `draws`
  /// One list a set: the rank of each variable's truth, last tau's.
  std::vector<std::vector<int>> ranks;
  /// Of each variable, last tau: share of truths inside the central 50 % and 90 % of the draws.
  std::vector<double> inside_50, inside_90;
  /// Over all variables (without tau).
  double all_inside_50 = 0.0, all_inside_90 = 0.0;
};

/// `targets` give links, standard errors, people and families; their published values are replaced. Two rows
/// of a family share their deviation with correlation family_correlation and a sign drawn for each row. Each
/// fit begins at theta 0 and ranks its truth among `draws` of its draws (more than half of the members).
/// Deterministic in `seed`.
SimulationCheck sbc(const ForwardModel& model, std::size_t variables, std::span<const Target> targets,
                    int n_sets, std::uint64_t seed, const CalibrationSettings& settings);

/// How far from uniform ranks are: chi-squared of counts in `bins` equal bins, and its p value (bins - 1
/// degrees of freedom).
struct Uniformity {
  double chi_squared = 0.0;
  double p = 1.0;
};
Uniformity uniformity(std::span<const int> ranks, int draws, int bins);

}  // namespace hortega::evidence
