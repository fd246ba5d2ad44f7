// SPDX-License-Identifier: Apache-2.0
// Saltelli's and Jansen's estimators.
#include "hortega/analysis/sobol_indices.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "hortega/analysis/low_discrepancy.hpp"
#include "hortega/analysis/quantiles.hpp"
#include "hortega/core/parallel.hpp"
#include "hortega/core/random.hpp"

namespace hortega::analysis {

namespace {

constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();

struct Estimate {
  double mean = 0.0;
  double variance = 0.0;
  std::vector<double> first;
  std::vector<double> total;
};

// From these rows, in this order.
Estimate estimate(std::size_t inputs, std::span<const double> outcomes, std::span<const std::size_t> rows) {
  const std::size_t width = inputs + 2;
  const auto n = static_cast<double>(rows.size());
  Estimate e;
  for (const std::size_t p : rows) e.mean += (outcomes[p * width] + outcomes[p * width + 1]) / (2.0 * n);
  e.first.assign(inputs, 0.0);
  e.total.assign(inputs, 0.0);
  for (const std::size_t p : rows) {
    const double* y = &outcomes[p * width];
    const double a = y[0] - e.mean;
    const double b = y[1] - e.mean;
    e.variance += (a * a + b * b) / (2.0 * n - 1.0);
    for (std::size_t i = 0; i < inputs; ++i) {
      const double moved = y[2 + i] - y[0];
      e.first[i] += b * moved / n;
      e.total[i] += moved * moved / (2.0 * n);
    }
  }
  for (std::size_t i = 0; i < inputs; ++i) {
    e.first[i] = e.variance > 0.0 ? e.first[i] / e.variance : k_nan;
    e.total[i] = e.variance > 0.0 ? e.total[i] / e.variance : k_nan;
  }
  return e;
}

Interval interval_of(std::vector<double> values, double confidence) {
  // A resample may consist of one outcome alone.
  std::erase_if(values, [](double v) { return !std::isfinite(v); });
  if (values.empty()) return {k_nan, k_nan};
  const std::array<double, 2> at{(1.0 - confidence) / 2.0, (1.0 + confidence) / 2.0};
  const std::vector<double> q = quantiles(values, at);
  return {q[0], q[1]};
}

}  // namespace

SaltelliDesign::SaltelliDesign(std::size_t inputs, std::size_t points, std::uint64_t seed)
    : inputs_(inputs), points_(points), both_(sobol_points(points, 2 * inputs, seed)) {
  if (points < 2) throw std::invalid_argument("Sobol's indices need two rows");
}

std::vector<double> SaltelliDesign::evaluate(const Outcome& outcome) const {
  std::vector<double> outcomes(evaluations());
  core::parallel_for(points_, [&](std::size_t p) {
    const double* a = &both_[p * 2 * inputs_];
    const double* b = a + inputs_;
    double* y = &outcomes[p * (inputs_ + 2)];
    std::vector<double> x(a, a + inputs_);
    y[0] = outcome(x);
    y[1] = outcome(std::span<const double>(b, inputs_));
    for (std::size_t i = 0; i < inputs_; ++i) {
      x[i] = b[i];
      y[2 + i] = outcome(x);
      x[i] = a[i];
    }
  });
  return outcomes;
}

std::vector<ResampledIndices> resampled_indices(const SaltelliDesign& design,
                                                std::span<const double> outcomes, int n, std::uint64_t seed) {
  std::vector<ResampledIndices> all(static_cast<std::size_t>(n));
  const std::size_t points = design.points();
  core::parallel_for(all.size(), [&](std::size_t k) {
    core::Draws draws({seed, static_cast<std::uint32_t>(k), 0}, core::Purpose::verification, 2);
    std::vector<std::size_t> sample(points);
    for (std::size_t& p : sample) p = static_cast<std::size_t>(draws.uniform() * static_cast<double>(points));
    Estimate e = estimate(design.inputs(), outcomes, sample);
    all[k] = {std::move(e.first), std::move(e.total)};
  });
  return all;
}

void put_intervals(std::span<const ResampledIndices> resamples, double confidence,
                   std::vector<SobolIndex>& indices) {
  for (std::size_t i = 0; i < indices.size(); ++i) {
    std::vector<double> first;
    std::vector<double> total;
    for (const ResampledIndices& r : resamples) {
      first.push_back(r.first[i]);
      total.push_back(r.total[i]);
    }
    indices[i].first_interval = interval_of(std::move(first), confidence);
    indices[i].total_interval = interval_of(std::move(total), confidence);
  }
}

SobolIndices sobol_indices(const SaltelliDesign& design, std::span<const double> outcomes,
                           const SobolSettings& settings) {
  if (outcomes.size() != design.evaluations())
    throw std::invalid_argument("the outcomes are not those of the design");
  if (!std::all_of(outcomes.begin(), outcomes.end(), [](double y) { return std::isfinite(y); }))
    throw std::invalid_argument("an outcome is not finite");
  std::vector<std::size_t> rows(design.points());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const Estimate whole = estimate(design.inputs(), outcomes, rows);
  SobolIndices result{whole.mean, whole.variance, std::vector<SobolIndex>(design.inputs())};
  for (std::size_t i = 0; i < design.inputs(); ++i) {
    result.of[i].first = whole.first[i];
    result.of[i].total = whole.total[i];
  }
  put_intervals(resampled_indices(design, outcomes, settings.bootstrap, settings.seed), settings.confidence,
                result.of);
  return result;
}

SobolIndices sobol_indices(std::size_t inputs, const Outcome& outcome, const SobolSettings& settings) {
  const SaltelliDesign design(inputs, settings.points, settings.seed);
  return sobol_indices(design, design.evaluate(outcome), settings);
}

}  // namespace hortega::analysis
