// SPDX-License-Identifier: Apache-2.0
// How simulated numbers answer to the variables: a linear fit over a cloud of evaluations, localised. Private
// to calibration (it brings Eigen along).
#pragma once

#include <Eigen/Dense>
#include <cstddef>
#include <span>
#include <vector>

#include "hortega/evidence/likelihood.hpp"

namespace hortega::evidence {

/// Evaluations as a matrix. Those with the same seed have the same people and the same luck.
struct Cloud {
  Eigen::MatrixXd theta;   ///< one evaluation a row
  Eigen::MatrixXd value;   ///< predicted mean of each scored row of the likelihood; NaN where undefined
  std::vector<int> seed;   ///< which seed, from 0
  Eigen::VectorXd weight;  ///< of each evaluation; 0 leaves it out
};

/// g(theta) ~ intercept + slope theta, one row for each scored row.
struct LinearResponse {
  Eigen::VectorXd intercept;  ///< mean over seeds
  Eigen::MatrixXd slope;
  Eigen::VectorXd residual_sd;
  std::vector<bool> usable;  ///< false: too few evaluations define it; its slope is 0
};

enum class Localise { no, yes };

/// Rows of `theta` and predictions of jobs as a cloud with weights 1 (0 for failed evaluations).
Cloud make_cloud(const Likelihood& likelihood, std::span<const std::vector<double>> thetas,
                 std::span<const std::vector<Prediction>> predictions, std::span<const int> seeds);

/// Weighted least squares with an intercept for each seed (chance that evaluations of one seed share is no
/// effect of the variables). `ridge` is added to the diagonal in units of the mean weight, for clouds with
/// hardly more evaluations than variables.
///
/// Localisation: an entry of the slope that chance alone could have made would tie its variable to a row that
/// says nothing about it, and make the posterior too narrow (spurious correlation; the tapers in use are
/// compared by Emerick & Silva 2026, arXiv:2605.29922). Here are more evaluations than variables, so that the
/// t statistic of the entry itself (its partial correlation) can judge it, in place of the marginal
/// correlation: it is multiplied by max(0, 1 - 2 / t^2), the non-negative garrote (Breiman, Technometrics
/// 1995;37:373), 2 being the limit of Akaike's criterion. An entry that is certain keeps its value: where
/// localisation is not needed it vanishes.
LinearResponse fit_response(const Cloud& cloud, double ridge, Localise localise);

}  // namespace hortega::evidence
