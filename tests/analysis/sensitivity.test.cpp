// SPDX-License-Identifier: Apache-2.0
// Screening, variance-based indices, the emulator and the tornado against functions whose answers are known.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

#include "hortega/analysis/emulator.hpp"
#include "hortega/analysis/low_discrepancy.hpp"
#include "hortega/analysis/morris.hpp"
#include "hortega/analysis/sobol_indices.hpp"
#include "hortega/analysis/tornado.hpp"
#include "hortega/core/parallel.hpp"
#include "reference.hpp"

namespace {

namespace analysis = hortega::analysis;
using analysis::test::agrees;
using analysis::test::Random;

// Ishigami & Homma 1990 with a = 7, b = 0.1, on [-pi, pi]^3. Analytic indices (Saltelli et al. 2008, p. 179;
// Sobol & Levitan 1999): D = a^2/8 + b pi^4/5 + b^2 pi^8/18 + 1/2.
double ishigami(std::span<const double> unit) {
  const auto x = [&](std::size_t i) { return std::numbers::pi * (2.0 * unit[i] - 1.0); };
  const double s1 = std::sin(x(0));
  const double s2 = std::sin(x(1));
  return s1 + 7.0 * s2 * s2 + 0.1 * std::pow(x(2), 4) * s1;
}
constexpr std::array<double, 3> k_ishigami_first{0.3139, 0.4424, 0.0};
constexpr std::array<double, 3> k_ishigami_total{0.5576, 0.4424, 0.2437};
constexpr double k_ishigami_variance = 13.8446;

// Sobol's g-function (Saltelli & Sobol 1995): V_i = 1 / (3 (1 + a_i)^2), V = prod (1 + V_i) - 1.
constexpr std::array<double, 8> k_g{0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0};
double g_function(std::span<const double> x) {
  double product = 1.0;
  for (std::size_t i = 0; i < x.size(); ++i)
    product *= (std::fabs(4.0 * x[i] - 2.0) + k_g[i]) / (1.0 + k_g[i]);
  return product;
}

std::vector<double> outcomes_at(const std::vector<double>& points, std::size_t inputs,
                                const analysis::Outcome& outcome) {
  std::vector<double> y;
  for (std::size_t p = 0; p < points.size(); p += inputs) y.push_back(outcome({&points[p], inputs}));
  return y;
}

TEST(LowDiscrepancy, IsSobolsSequenceButForADigitalShift) {
  const auto expected = analysis::test::read_reference("sensitivity");
  const std::vector<double> points = analysis::sobol_points(64, 40, 3);
  const auto word = [&](std::size_t i, std::size_t j) {
    return static_cast<std::uint32_t>(points[i * 40 + j] * 0x1p32);
  };
  for (const std::size_t j : {std::size_t{7}, std::size_t{39}}) {
    std::vector<double> unshifted;
    for (std::size_t i = 0; i < 64; ++i)
      unshifted.push_back(static_cast<double>(word(i, j) ^ word(0, j)) * 0x1p-32);
    EXPECT_TRUE(agrees(unshifted, expected.at("sobol_" + std::to_string(j))));
  }
  EXPECT_NE(points, analysis::sobol_points(64, 40, 4));
  EXPECT_THROW(analysis::sobol_points(8, 0, 1), std::invalid_argument);
  EXPECT_THROW(analysis::sobol_points(8, analysis::k_most_sobol_dimensions + 1, 1), std::invalid_argument);
}

TEST(Sobol, IshigamiAsPublished) {
  analysis::SobolSettings settings;
  settings.points = 16384;
  const analysis::SobolIndices s = analysis::sobol_indices(3, ishigami, settings);
  EXPECT_NEAR(s.variance, k_ishigami_variance, 0.02);
  EXPECT_NEAR(s.mean, 3.5, 0.01);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(s.of[i].first, k_ishigami_first[i], 0.005) << i;
    EXPECT_NEAR(s.of[i].total, k_ishigami_total[i], 0.005) << i;
  }
}

TEST(Sobol, GFunctionAsPublished) {
  const analysis::SobolIndices s = analysis::sobol_indices(8, g_function, {8192, 100, 0.95, 5});
  double variance = 1.0;
  for (const double a : k_g) variance *= 1.0 + 1.0 / (3.0 * (1.0 + a) * (1.0 + a));
  variance -= 1.0;
  EXPECT_NEAR(s.variance / variance, 1.0, 0.01);
  for (std::size_t i = 0; i < 8; ++i) {
    const double v = 1.0 / (3.0 * (1.0 + k_g[i]) * (1.0 + k_g[i]));
    EXPECT_NEAR(s.of[i].first, v / variance, 0.01) << i;
    EXPECT_NEAR(s.of[i].total, v * (variance + 1.0) / (1.0 + v) / variance, 0.01) << i;
  }
}

// The truth lies in the intervals at least as often as they say, over designs with other shifts; and they are
// no wider than sampling at random asks for. That width, 2 x 1.645 standard errors of the estimators on 256
// random rows, is from 4,000 such designs in NumPy (standard errors .0616, .0552, .0570 of the first and
// .0891, .0424, .0280 of the total); a fifth either way, as intervals by quantiles of 200 resamples were up
// to a twentieth narrower there.
TEST(Sobol, IntervalsCoverAndAreNoWiderThanTheyMust) {
  constexpr std::array<double, 3> k_first_width{0.2028, 0.1815, 0.1876};
  constexpr std::array<double, 3> k_total_width{0.2933, 0.1396, 0.0921};
  std::array<double, 3> first_width{};
  std::array<double, 3> total_width{};
  int inside = 0;
  int all = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const analysis::SobolIndices s = analysis::sobol_indices(3, ishigami, {256, 200, 0.90, seed});
    for (std::size_t i = 0; i < 3; ++i) {
      const auto covers = [](const analysis::Interval& in, double truth) {
        return in.lower <= truth && truth <= in.upper;
      };
      inside += covers(s.of[i].first_interval, k_ishigami_first[i]) ? 1 : 0;
      inside += covers(s.of[i].total_interval, k_ishigami_total[i]) ? 1 : 0;
      all += 2;
      first_width[i] += (s.of[i].first_interval.upper - s.of[i].first_interval.lower) / 40.0;
      total_width[i] += (s.of[i].total_interval.upper - s.of[i].total_interval.lower) / 40.0;
    }
  }
  EXPECT_GE(inside, all * 90 / 100) << inside << " of " << all;
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(first_width[i] / k_first_width[i], 1.0, 0.2) << i;
    EXPECT_NEAR(total_width[i] / k_total_width[i], 1.0, 0.2) << i;
  }
}

TEST(Sobol, SameForAnyThreads) {
  const auto at = [](int threads) {
    hortega::core::set_threads(threads);
    const analysis::SobolIndices s = analysis::sobol_indices(3, ishigami, {128, 50, 0.95, 1});
    hortega::core::set_threads(0);
    std::vector<double> all{s.mean, s.variance};
    for (const auto& i : s.of) {
      all.insert(all.end(), {i.first, i.total, i.first_interval.lower, i.total_interval.upper});
    }
    return all;
  };
  EXPECT_EQ(at(1), at(4));
}

TEST(Sobol, AConstantHasNoIndicesAndNotANumberIsRefused) {
  const analysis::SobolIndices s =
      analysis::sobol_indices(2, [](std::span<const double>) { return 1.0; }, {16, 5, 0.95, 1});
  EXPECT_TRUE(std::isnan(s.of[0].first));
  EXPECT_THROW(
      analysis::sobol_indices(2, [](std::span<const double>) { return std::nan(""); }, {16, 5, 0.95, 1}),
      std::invalid_argument);
}

// y = 3 x0 - 2 x1 + 4 x2 x3: effects 3, -2, 4 x3, 4 x2, 0.
double screened(std::span<const double> x) { return 3.0 * x[0] - 2.0 * x[1] + 4.0 * x[2] * x[3]; }

TEST(Morris, EffectsOfAKnownFunction) {
  const analysis::RadialDesign design(5, 64, 1);
  ASSERT_EQ(design.evaluations(), 64U * 6U);
  std::vector<double> y;
  for (std::size_t e = 0; e < design.evaluations(); ++e) {
    const std::vector<double> x = design.point(e);
    for (const double v : x) ASSERT_TRUE(v > 0.0 && v < 1.0);
    y.push_back(screened(x));
  }
  const auto effects = analysis::elementary_effects(design, y);
  EXPECT_NEAR(effects[0].mu, 3.0, 1e-9);
  EXPECT_NEAR(effects[0].sigma, 0.0, 1e-9);
  EXPECT_NEAR(effects[1].mu, -2.0, 1e-9);
  EXPECT_NEAR(effects[1].mu_star, 2.0, 1e-9);
  // 4 U: mean 2, sd 4 / sqrt(12).
  EXPECT_NEAR(effects[2].mu, 2.0, 0.1);
  EXPECT_NEAR(effects[3].sigma, 4.0 / std::sqrt(12.0), 0.1);
  EXPECT_LT(effects[2].mu_interval.lower, 2.0);
  EXPECT_GT(effects[2].mu_interval.upper, 2.0);
  EXPECT_DOUBLE_EQ(effects[4].mu_star, 0.0);
  EXPECT_FALSE(effects[4].above_noise);
  EXPECT_TRUE(effects[0].above_noise);
  EXPECT_EQ(analysis::by_strength(effects)[0], 0U);
  EXPECT_EQ(analysis::by_strength(effects)[4], 4U);
}

TEST(Morris, NoiseAloneIsNamedAsNoise) {
  constexpr std::size_t inputs = 60;
  const analysis::RadialDesign design(inputs, 12, 2);
  Random random(9);
  const auto normal = [&] {
    double sum = -6.0;
    for (int i = 0; i < 12; ++i) sum += random.uniform();
    return sum;
  };
  std::vector<double> y;
  for (std::size_t e = 0; e < design.evaluations(); ++e) y.push_back(5.0 * design.point(e)[0] + normal());
  // The noise of an effect, as a caller measures it: effects of an input that does nothing, repeated.
  std::vector<std::vector<double>> repeats(50);
  for (auto& group : repeats) {
    for (int k = 0; k < 4; ++k) group.push_back((normal() - normal()) / 0.5);
  }
  analysis::MorrisSettings settings;
  settings.effect_noise_sd = analysis::pooled_sd(repeats);
  EXPECT_NEAR(settings.effect_noise_sd, std::sqrt(2.0) / 0.5, 0.3);
  const auto effects = analysis::elementary_effects(design, y, settings);
  EXPECT_TRUE(effects[0].above_noise);
  int false_alarms = 0;
  for (std::size_t j = 1; j < inputs; ++j) false_alarms += effects[j].above_noise ? 1 : 0;
  EXPECT_LE(false_alarms, 9);  // 3 expected of 59; effects of one base point share its noise
}

TEST(Morris, MissingOutcomes) {
  const analysis::RadialDesign design(2, 4, 1);
  std::vector<double> y(design.evaluations(), 1.0);
  y[1] = std::numeric_limits<double>::quiet_NaN();  // input 0 moved from base point 0
  EXPECT_EQ(analysis::elementary_effects(design, y)[0].effects.size(), 3U);
  for (std::size_t b = 0; b < 3; ++b) y[b * 3 + 1] = y[1];
  const auto effects = analysis::elementary_effects(design, y);
  EXPECT_TRUE(std::isnan(effects[0].mu_star));
  EXPECT_FALSE(effects[0].above_noise);
  EXPECT_EQ(analysis::by_strength(effects), (std::vector<std::size_t>{1, 0}));
  EXPECT_THROW(analysis::elementary_effects(design, std::vector<double>(3)), std::invalid_argument);
  EXPECT_TRUE(std::isnan(analysis::pooled_sd(std::vector<std::vector<double>>{{1.0}, {}})));
}

// Data as tests/analysis/reference/sensitivity.py makes them.
TEST(Emulator, AgreesWithSciPy) {
  const auto expected = analysis::test::read_reference("sensitivity");
  std::vector<double> points;
  std::vector<double> y;
  for (int i = 1; i <= 40; ++i) {
    const std::array<double, 3> x{std::fmod(i * std::sqrt(2.0), 1.0), std::fmod(i * std::sqrt(3.0), 1.0),
                                  std::fmod(i * std::sqrt(5.0), 1.0)};
    points.insert(points.end(), x.begin(), x.end());
    y.push_back(std::sin(5.0 * x[0]) + 0.5 * x[1] + 0.1 * std::sin(1000.0 * i));
  }
  analysis::EmulatorSettings settings;
  settings.iterations = 300;
  const analysis::Emulator emulator(points, 3, y, settings);
  // Both searches stop where the likelihood is flat to their tolerance.
  EXPECT_NEAR(emulator.noise_sd(), expected.at("noise_sd")[0], 2e-3);
  EXPECT_NEAR(emulator.lengths()[0], expected.at("lengths")[0], 0.02);
  const std::array<std::array<double, 3>, 3> at{{{0.1, 0.2, 0.3}, {0.5, 0.5, 0.5}, {0.95, 0.05, 0.6}}};
  for (std::size_t k = 0; k < at.size(); ++k) {
    const analysis::Emulated e = emulator.predict(at[k]);
    EXPECT_NEAR(e.mean, expected.at("mean")[k], 2e-3);
    EXPECT_NEAR(e.variance / expected.at("variance")[k], 1.0, 0.05);
    EXPECT_DOUBLE_EQ(e.mean, emulator.mean(at[k]));
  }
  // Ours is of outcomes with sd 1, the other's of them as they are.
  double mean = 0.0;
  double square = 0.0;
  for (const double v : y) mean += v / 40.0;
  for (const double v : y) square += (v - mean) * (v - mean) / 39.0;
  EXPECT_NEAR(emulator.log_likelihood() - 36.0 * 0.5 * std::log(square), expected.at("likelihood")[0], 2e-3);
}

TEST(SlowEmulator, SobolOfIshigami) {
  const std::vector<double> points = analysis::sobol_points(256, 3, 1);
  const std::vector<double> y = outcomes_at(points, 3, ishigami);
  const analysis::Emulator emulator(points, 3, y);
  const analysis::HeldOut held = analysis::held_out(points, 3, y, 5);
  EXPECT_GT(held.q2, 0.95);
  EXPECT_GT(held.ceiling, held.q2);
  const analysis::SobolIndices s = analysis::sobol_indices(emulator, held, {1024, 200, 0.95, 1}, 20);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(s.of[i].first, k_ishigami_first[i], 0.03) << i;
    EXPECT_NEAR(s.of[i].total, k_ishigami_total[i], 0.03) << i;
    EXPECT_LT(s.of[i].total_interval.lower, s.of[i].total) << i;
    EXPECT_GT(s.of[i].total_interval.upper, s.of[i].total) << i;
  }
}

// Fifteen inputs, five of which matter (Friedman 1991), with noise whose size is known.
double friedman(std::span<const double> x) {
  return 10.0 * std::sin(std::numbers::pi * x[0] * x[1]) + 20.0 * (x[2] - 0.5) * (x[2] - 0.5) + 10.0 * x[3] +
         5.0 * x[4];
}

TEST(SlowEmulator, FifteenInputsWithNoise) {
  constexpr std::size_t inputs = 15;
  const std::vector<double> points = analysis::sobol_points(200, inputs, 1);
  std::vector<double> y = outcomes_at(points, inputs, friedman);
  Random random(3);
  for (double& v : y) {
    double normal = -6.0;
    for (int i = 0; i < 12; ++i) normal += random.uniform();
    v += normal;
  }
  const analysis::Emulator emulator(points, inputs, y);
  EXPECT_NEAR(emulator.noise_sd(), 1.0, 0.25);
  const analysis::HeldOut held = analysis::held_out(points, inputs, y, 5);
  EXPECT_GT(held.q2, 0.85);
  EXPECT_LT(held.q2, held.ceiling + 0.02);
  EXPECT_NEAR(held.inside_90, 0.90, 0.07);
  const analysis::SobolIndices truth = analysis::sobol_indices(inputs, friedman, {8192, 10, 0.95, 1});
  const analysis::SobolIndices s = analysis::sobol_indices(emulator, held, {256, 100, 0.95, 1}, 20);
  for (std::size_t i = 0; i < inputs; ++i) EXPECT_NEAR(s.of[i].first, truth.of[i].first, 0.06) << i;
}

TEST(Emulator, RealisationsAreOfTheEmulator) {
  const std::vector<double> points = analysis::sobol_points(24, 2, 1);
  // Noisy: without noise the rare features of high frequency carry the variance, and a mean of squares needs
  // very many realisations.
  Random random(2);
  const std::vector<double> y = outcomes_at(
      points, 2, [&](std::span<const double> x) { return std::sin(6.0 * x[0]) + x[1] + random.uniform(); });
  const analysis::Emulator emulator(points, 2, y);
  const std::array<double, 2> at{0.02, 0.98};
  const analysis::Emulated expected = emulator.predict(at);
  double mean = 0.0;
  double square = 0.0;
  constexpr int n = 2000;
  for (int r = 0; r < n; ++r) {
    const double v = emulator.realisation(static_cast<std::uint64_t>(r))(at) - expected.mean;
    mean += v / n;
    square += v * v / n;
  }
  EXPECT_NEAR(mean, 0.0, 4.0 * std::sqrt(expected.variance / n));
  EXPECT_NEAR(square / expected.variance, 1.0, 0.1);
}

TEST(Emulator, RefusesWhatItCannotTell) {
  const std::vector<double> points = analysis::sobol_points(64, 4, 1);
  Random random(1);
  std::vector<double> noise(64);
  for (double& v : noise) v = random.uniform();
  const analysis::Emulator emulator(points, 4, noise);
  const analysis::HeldOut held = analysis::held_out(points, 4, noise, 4);
  EXPECT_LT(held.q2, 0.3);
  EXPECT_THROW(analysis::sobol_indices(emulator, held, {}), std::invalid_argument);
  EXPECT_THROW(analysis::Emulator(points, 4, std::vector<double>(64, 2.0)), std::invalid_argument);
  EXPECT_THROW(analysis::Emulator(points, 4, std::vector<double>(63, 2.0)), std::invalid_argument);
  EXPECT_THROW(analysis::held_out(points, 4, noise, 1), std::invalid_argument);
}

TEST(Tornado, RanksGradesAndFlips) {
  const analysis::Finding at_value{-1.0, 0.9};
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<analysis::TornadoBar> bars{
      {"weak", 'D', {0.0, {-1.01, 0.9}, 0.02}, {1.0, {-0.99, 0.4}, 0.02}},  // noise, so no flip either
      {"lost", 'D', {0.0, {-1.0, 0.9}, 0.02}, {1.0, {-0.2, 0.3}, 0.02}},
      {"turned", 'B', {0.0, {-1.5, 1.0}, 0.02}, {1.0, {0.4, 0.6}, 0.02}},
      {"absent", 'F', {0.0, {nan, nan}, 0.0}, {1.0, {nan, nan}, 0.0}},
  };
  // A share that crosses one half within its own noise flips nothing.
  std::vector<analysis::TornadoBar> unsure{bars[1]};
  unsure[0].high.share_noise_sd = 0.31;
  EXPECT_EQ(analysis::tornado(at_value, unsure)[0].flip, analysis::Flip::none);
  const auto ranked = analysis::tornado(at_value, bars);
  ASSERT_EQ(ranked.size(), 4U);
  EXPECT_EQ(ranked[0].bar.name, "turned");
  EXPECT_DOUBLE_EQ(ranked[0].swing, 1.9);
  EXPECT_EQ(ranked[0].flip, analysis::Flip::direction);
  EXPECT_EQ(ranked[1].bar.name, "lost");
  EXPECT_EQ(ranked[1].flip, analysis::Flip::significance);
  EXPECT_DOUBLE_EQ(ranked[1].effect.lower, -1.0);
  EXPECT_DOUBLE_EQ(ranked[1].effect.upper, -0.2);
  EXPECT_EQ(ranked[2].flip, analysis::Flip::none);
  EXPECT_FALSE(ranked[2].above_noise);
  EXPECT_DOUBLE_EQ(ranked[3].swing, 0.0);
  const auto grades = analysis::by_grade(ranked);
  ASSERT_EQ(grades.size(), 3U);
  EXPECT_EQ(grades[0].grade, 'B');
  EXPECT_EQ(grades[1].grade, 'D');
  EXPECT_EQ(grades[1].parameters, 2);
  EXPECT_EQ(grades[1].flips, 1);
  EXPECT_EQ(grades[1].above_noise, 1);
  EXPECT_DOUBLE_EQ(grades[1].effect.lower, -1.01);
}

}  // namespace
