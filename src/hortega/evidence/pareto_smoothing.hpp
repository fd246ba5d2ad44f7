// SPDX-License-Identifier: Apache-2.0
// Pareto smoothed importance sampling: weights that turn draws of one distribution into draws of another,
// and how far they can be trusted.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace hortega::evidence {

/// Generalised Pareto distribution of exceedances: shape k (> 0: heavy tail), scale sigma.
struct GeneralisedPareto {
  double k = 0.0;
  double sigma = 0.0;
};

/// Estimate by Zhang & Stephens 2009 (Technometrics 51:316), whose k has the other sign. At least five
/// positive values in any order, not all equal; std::invalid_argument otherwise.
GeneralisedPareto fit_generalised_pareto(std::span<const double> exceedances);

struct SmoothedWeights {
  std::vector<double> weight;  ///< adds to 1
  /// Shape of the tail, drawn towards 0.5 by ten observations' worth; infinite where the tail could not be
  /// fitted (fewer than five exceedances), minus infinite where all ratios are alike.
  double pareto_k = 0.0;
  double effective_size = 0.0;  ///< 1 / sum of squares
};

/// Weights from the logarithms of importance ratios (Vehtari, Simpson, Gelman, Yao & Gabry 2024, J Mach Learn
/// Res 25:72): the min(S/5, 3 sqrt(S)) largest are replaced by quantiles of the fitted tail, none larger than
/// the largest ratio. A ratio of minus infinity gives weight 0. Throws std::invalid_argument if none is
/// finite or one is NaN.
SmoothedWeights pareto_smoothed(std::span<const double> log_ratios);

/// The largest k at which weights of so many draws can be used: min(1 - 1/log10(S), 0.7) (same source).
double largest_usable_k(std::size_t draws);

}  // namespace hortega::evidence
