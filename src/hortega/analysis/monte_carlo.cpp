// SPDX-License-Identifier: Apache-2.0
// Monte Carlo standard errors.
#include "hortega/analysis/monte_carlo.hpp"

#include <cmath>
#include <stdexcept>
#include <vector>

namespace hortega::analysis {
namespace {

void require_two(std::span<const double> values) {
  if (values.size() < 2) throw std::invalid_argument("a Monte Carlo error needs at least two replicates");
}

}  // namespace

MonteCarlo monte_carlo_proportion(std::int64_t successes, std::int64_t n) {
  if (n < 1 || successes < 0 || successes > n)
    throw std::invalid_argument("successes must lie in 0 .. n, n >= 1");
  const double p = static_cast<double>(successes) / static_cast<double>(n);
  return {p, std::sqrt(p * (1.0 - p) / static_cast<double>(n))};
}

MonteCarlo monte_carlo_mean(std::span<const double> values) {
  require_two(values);
  const auto n = static_cast<double>(values.size());
  double mean = 0.0;
  for (const double v : values) mean += v;
  mean /= n;
  double squares = 0.0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  return {mean, std::sqrt(squares / (n * (n - 1.0)))};
}

MonteCarlo monte_carlo_bias(std::span<const double> estimates, double truth) {
  MonteCarlo result = monte_carlo_mean(estimates);
  result.estimate -= truth;
  return result;
}

MonteCarlo monte_carlo_empirical_se(std::span<const double> estimates) {
  const auto n = static_cast<double>(estimates.size());
  const double sd = monte_carlo_mean(estimates).standard_error * std::sqrt(n);
  return {sd, sd / std::sqrt(2.0 * (n - 1.0))};
}

MonteCarlo monte_carlo_mse(std::span<const double> estimates, double truth) {
  std::vector<double> squares;
  squares.reserve(estimates.size());
  for (const double e : estimates) squares.push_back((e - truth) * (e - truth));
  return monte_carlo_mean(squares);
}

}  // namespace hortega::analysis
