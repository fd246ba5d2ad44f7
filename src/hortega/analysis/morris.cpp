// SPDX-License-Identifier: Apache-2.0
// Elementary effects of a radial design.
#include "hortega/analysis/morris.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "hortega/analysis/low_discrepancy.hpp"
#include "hortega/analysis/quantiles.hpp"
#include "hortega/core/random.hpp"

namespace hortega::analysis {

namespace {

constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();
constexpr double k_step = 0.5;
constexpr int k_noise_screenings = 4000;
constexpr double k_noise_quantile = 0.95;

struct Moments {
  double mu = 0.0;
  double mu_star = 0.0;
  double sigma = 0.0;
};

Moments moments_of(std::span<const double> effects) {
  Moments m;
  const auto n = static_cast<double>(effects.size());
  for (const double e : effects) {
    m.mu += e / n;
    m.mu_star += std::fabs(e) / n;
  }
  for (const double e : effects) m.sigma += (e - m.mu) * (e - m.mu) / (n - 1.0);
  m.sigma = std::sqrt(m.sigma);
  return m;
}

Interval interval_of(const std::vector<double>& values, double confidence) {
  const std::array<double, 2> at{(1.0 - confidence) / 2.0, (1.0 + confidence) / 2.0};
  const std::vector<double> q = quantiles(values, at);
  return {q[0], q[1]};
}

// The quantile of the mean of n absolute standard normals.
double noise_quantile(std::size_t n, std::uint64_t seed) {
  core::Draws draws({seed, static_cast<std::uint32_t>(n), 1}, core::Purpose::verification, 1);
  std::vector<double> means;
  for (int i = 0; i < k_noise_screenings; ++i) {
    double sum = 0.0;
    for (std::size_t k = 0; k < n; ++k) sum += std::fabs(draws.normal());
    means.push_back(sum / static_cast<double>(n));
  }
  return quantiles(means, std::array<double, 1>{k_noise_quantile}).front();
}

}  // namespace

RadialDesign::RadialDesign(std::size_t inputs, std::size_t base_points, std::uint64_t seed)
    : inputs_(inputs), base_points_(base_points) {
  if (base_points < 2) throw std::invalid_argument("a screening needs two base points");
  base_ = sobol_points(base_points, inputs, seed);
}

double RadialDesign::step(std::size_t b, std::size_t j) const {
  return base_[b * inputs_ + j] < 1.0 - k_step ? k_step : -k_step;
}

std::vector<double> RadialDesign::point(std::size_t e) const {
  const std::size_t b = base_of(e);
  const auto from = base_.begin() + static_cast<std::ptrdiff_t>(b * inputs_);
  std::vector<double> x(from, from + static_cast<std::ptrdiff_t>(inputs_));
  const std::size_t moved = e % (inputs_ + 1);
  if (moved > 0) x[moved - 1] += step(b, moved - 1);
  return x;
}

std::vector<ElementaryEffects> elementary_effects(const RadialDesign& design,
                                                  std::span<const double> outcomes,
                                                  const MorrisSettings& settings) {
  if (outcomes.size() != design.evaluations())
    throw std::invalid_argument("the outcomes are not those of the design");
  std::vector<double> quantile_of_n(design.base_points() + 1, k_nan);
  std::vector<ElementaryEffects> all(design.inputs());
  for (std::size_t j = 0; j < design.inputs(); ++j) {
    ElementaryEffects& of = all[j];
    for (std::size_t b = 0; b < design.base_points(); ++b) {
      const std::size_t at = b * (design.inputs() + 1);
      const double effect = (outcomes[at + 1 + j] - outcomes[at]) / design.step(b, j);
      if (std::isfinite(effect)) of.effects.push_back(effect);
    }
    const std::size_t n = of.effects.size();
    if (n < 2) {
      of.mu = of.mu_star = of.sigma = of.noise_mu_star = k_nan;
      of.mu_interval = of.mu_star_interval = of.sigma_interval = {k_nan, k_nan};
      continue;
    }
    const Moments m = moments_of(of.effects);
    of.mu = m.mu;
    of.mu_star = m.mu_star;
    of.sigma = m.sigma;
    core::Draws draws({settings.seed, static_cast<std::uint32_t>(j), 0}, core::Purpose::verification, 1);
    std::vector<double> mu;
    std::vector<double> mu_star;
    std::vector<double> sigma;
    std::vector<double> sample(n);
    for (int i = 0; i < settings.bootstrap; ++i) {
      for (double& e : sample)
        e = of.effects[static_cast<std::size_t>(draws.uniform() * static_cast<double>(n))];
      const Moments again = moments_of(sample);
      mu.push_back(again.mu);
      mu_star.push_back(again.mu_star);
      sigma.push_back(again.sigma);
    }
    of.mu_interval = interval_of(mu, settings.confidence);
    of.mu_star_interval = interval_of(mu_star, settings.confidence);
    of.sigma_interval = interval_of(sigma, settings.confidence);
    if (std::isnan(quantile_of_n[n])) quantile_of_n[n] = noise_quantile(n, settings.seed);
    of.noise_mu_star = settings.effect_noise_sd * quantile_of_n[n];
    of.above_noise = of.mu_star > of.noise_mu_star;
  }
  return all;
}

std::vector<std::size_t> by_strength(std::span<const ElementaryEffects> effects) {
  std::vector<std::size_t> order(effects.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto strength = [&](std::size_t j) {
    return std::isnan(effects[j].mu_star) ? -1.0 : effects[j].mu_star;
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return strength(a) > strength(b); });
  return order;
}

double pooled_sd(std::span<const std::vector<double>> groups) {
  double squares = 0.0;
  double freedom = 0.0;
  for (const std::vector<double>& group : groups) {
    std::vector<double> finite;
    std::copy_if(group.begin(), group.end(), std::back_inserter(finite),
                 [](double v) { return std::isfinite(v); });
    if (finite.size() < 2) continue;
    const Moments m = moments_of(finite);
    const auto df = static_cast<double>(finite.size() - 1);
    squares += m.sigma * m.sigma * df;
    freedom += df;
  }
  return freedom > 0.0 ? std::sqrt(squares / freedom) : k_nan;
}

}  // namespace hortega::analysis
