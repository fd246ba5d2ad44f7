// SPDX-License-Identifier: Apache-2.0
// Monte Carlo standard errors of what is averaged over replicates (Morris, White & Crowther 2019, table 6).
#pragma once

#include <cstdint>
#include <span>

namespace hortega::analysis {

/// An estimate over replicates and the standard error that the number of replicates leaves in it.
struct MonteCarlo {
  double estimate = 0.0;
  double standard_error = 0.0;
};

/// Share of n >= 1 replicates with some result (power, coverage, type-I error): sqrt(p (1 - p) / n).
MonteCarlo monte_carlo_proportion(std::int64_t successes, std::int64_t n);

/// Mean over at least two replicates: sd / sqrt(n). Bias against `truth` is the mean of (estimate - truth).
MonteCarlo monte_carlo_mean(std::span<const double> values);
MonteCarlo monte_carlo_bias(std::span<const double> estimates, double truth);

/// Empirical standard error (sd of the estimates), with standard error sd / sqrt(2 (n - 1)).
MonteCarlo monte_carlo_empirical_se(std::span<const double> estimates);

/// Mean squared error against `truth`, with sqrt(sum (e_i^2 - MSE)^2 / (n (n - 1))).
MonteCarlo monte_carlo_mse(std::span<const double> estimates, double truth);

}  // namespace hortega::analysis
