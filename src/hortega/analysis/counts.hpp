// SPDX-License-Identifier: Apache-2.0
// Regression of counts over exposure (relapses over follow-up): Poisson and negative binomial, log link.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hortega/analysis/inference.hpp"

namespace hortega::analysis {

enum class Dispersion {
  poisson,        ///< asked for
  estimated,      ///< negative binomial, theta finite
  poisson_limit,  ///< negative binomial whose theta diverges (no over-dispersion): the fit is the Poisson fit
  not_converged   ///< the alternation reached its limit
};

struct CountOptions {
  double confidence = k_confidence;
  int max_iterations = 200;
};

struct CountFit {
  FitStatus status = FitStatus::not_converged;
  Dispersion dispersion = Dispersion::poisson;
  std::vector<Term> terms;         ///< log rates and log rate ratios, in the order of the columns
  std::vector<double> covariance;  ///< columns x columns by rows, from the expected information at theta
  double theta = 0.0;              ///< variance = mu + mu^2 / theta; infinity in the Poisson limit
  double theta_standard_error =
      0.0;                      ///< from the observed information of theta; infinity in the Poisson limit
  double log_likelihood = 0.0;  ///< with all constants
  int iterations = 0;
};

/// Rows of `design` are people and it holds its own intercept column; exposure > 0 enters as offset
/// log(exposure). Agrees with glm(family = poisson). Newton-Raphson with step halving.
CountFit poisson_regression(std::span<const std::int32_t> count, std::span<const double> exposure,
                            MatrixView design, const CountOptions& options = {});

/// Negative binomial (NB2) by alternating Newton-Raphson for the coefficients and maximum likelihood for
/// theta until neither moves, as MASS::glm.nb (Venables & Ripley 2002, 7.4). Where the profile likelihood
/// does not rise on leaving the Poisson limit (sum (y - mu)^2 - y <= 0 at the Poisson fit), or theta passes
/// 1e6, the Poisson fit is returned and flagged.
CountFit negative_binomial_regression(std::span<const std::int32_t> count, std::span<const double> exposure,
                                      MatrixView design, const CountOptions& options = {});

/// Columns "intercept, arm 1, arm 2, ..." for arms 0 .. n_arms-1, by rows; exponentiate(terms[k]) of a fit on
/// it is the rate ratio of arm k against arm 0.
std::vector<double> arm_design(std::span<const std::int32_t> arm, std::int32_t n_arms);

}  // namespace hortega::analysis
