// SPDX-License-Identifier: Apache-2.0
// How much studies differ beyond chance: the posterior of tau. Private to calibration.
#pragma once

#include <vector>

#include "hortega/evidence/likelihood.hpp"
#include "hortega/evidence/linear_response.hpp"

namespace hortega::evidence {

/// On a grid; one point (0) where the prior says that studies do not differ.
struct TauPosterior {
  std::vector<double> tau;
  std::vector<double> cumulative;  ///< up to each point; ends with 1
  double mode = 0.0;

  /// Linear between the points.
  double quantile(double p) const;
  double mean() const;
};

/// Posterior of tau with the variables integrated out, for the prior theta ~ N(0, 1) and the linear response:
///
///   p(tau | y)  ~  p(tau) N( y; a, diag(v_j(tau)) + G G' )^w,   w the mean weight of the rows
///
/// Integrating matters: tau that is fitted together with the variables comes out too small, for they take up
/// a part of every deviation. The weights of the composite likelihood enter as one power of the whole, which
/// widens the posterior but does not move it: inside the determinant they would count the rows as fewer, but
/// the variables that those rows inform as many as before, and tau would come out several times too large.
TauPosterior tau_posterior(const Likelihood& likelihood, const LinearResponse& response);

}  // namespace hortega::evidence
