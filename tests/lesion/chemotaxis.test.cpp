// SPDX-License-Identifier: Apache-2.0
//
// Rings by chemotaxis: threshold and wavelength against linear analysis (chemotaxis.hpp: chi_c = 5.828427 and
// 5.2835 at beta = 1, eps = 0.5), growth above and decay below, saturation, and two plaques.
#include "hortega/lesion/chemotaxis.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "hortega/core/parallel.hpp"
#include "hortega/lesion/tasks.hpp"

namespace {

using hortega::lesion::ChemotaxisConstants;
using hortega::lesion::ChemotaxisModel;

constexpr double k_pi = 3.14159265358979323846;

ChemotaxisConstants constants(double chi) {
  ChemotaxisConstants k;
  k.chi = chi;
  return k;
}

// A line in the diseased state, disturbed by a cosine of `half_waves` over its length.
ChemotaxisModel disturbed(double chi, double length, int half_waves, std::size_t voxels, double step) {
  const auto k = constants(chi);
  ChemotaxisModel model(k, voxels, 1, length / static_cast<double>(voxels), step);
  for (std::size_t x = 0; x < voxels; ++x) {
    const double wave =
        std::cos(half_waves * k_pi * (static_cast<double>(x) + 0.5) / static_cast<double>(voxels));
    model.macrophages(0)[x] = 1.0 + 1e-4 * wave;
    model.attractant(0)[x] = k.beta + k.delta + 1e-4 * wave;
    model.destroyed(0)[x] = 1.0;
  }
  return model;
}

double amplitude(const ChemotaxisModel& model, int half_waves) {
  double sum = 0.0;
  for (std::size_t x = 0; x < model.nx(); ++x)
    sum += (model.macrophages(0)[x] - 1.0) *
           std::cos(half_waves * k_pi * (static_cast<double>(x) + 0.5) / static_cast<double>(model.nx()));
  return 2.0 * sum / static_cast<double>(model.nx());
}

// Rate of growth of one wave, after the fast mode has died.
double growth(double chi, double wavelength) {
  auto model = disturbed(chi, wavelength, 2, 64, 0.005);
  for (int i = 0; i < 2000; ++i) model.step();
  const double before = amplitude(model, 2);
  for (int i = 0; i < 1000; ++i) model.step();
  return std::log(amplitude(model, 2) / before) / 5.0;
}

TEST(Chemotaxis, FormulaOfTheThreshold) {
  EXPECT_NEAR(critical_chi(constants(1.0)), 5.828427, 1e-6);
  EXPECT_NEAR(critical_wavelength(constants(1.0)), 5.2835, 1e-4);
}

TEST(Chemotaxis, ThresholdWithinOnePercent) {
  const double wavelength = critical_wavelength(constants(1.0));
  double low = 5.0;
  double high = 7.0;
  for (int i = 0; i < 12; ++i) {
    const double middle = 0.5 * (low + high);
    (growth(middle, wavelength) > 0.0 ? high : low) = middle;
  }
  EXPECT_NEAR(0.5 * (low + high) / 5.828427, 1.0, 0.01) << 0.5 * (low + high);
  RecordProperty("chi_c", std::to_string(0.5 * (low + high)));
}

TEST(Chemotaxis, FastestWaveAtTheThresholdWithinOnePercent) {
  // The top of a parabola through the rates of three waves near the expected one.
  const double chi = 5.828427;
  const double k0 = std::pow(0.5, -0.25);
  const double dk = 0.1;
  const auto rate = [&](double k) { return growth(chi, 2.0 * k_pi / k); };
  const double left = rate(k0 - dk);
  const double middle = rate(k0);
  const double right = rate(k0 + dk);
  const double top = k0 + 0.5 * dk * (left - right) / (left - 2.0 * middle + right);
  EXPECT_NEAR(2.0 * k_pi / top / 5.2835, 1.0, 0.01) << 2.0 * k_pi / top;
}

TEST(Chemotaxis, DecaysBelowAndGrowsAbove) {
  const double length = 8.0 * 5.2835;
  const auto grown = [&](double chi) {
    auto model = disturbed(chi, length, 16, 400, 0.005);
    for (int i = 0; i < 12000; ++i) model.step();
    return amplitude(model, 16);
  };
  EXPECT_LT(grown(5.75), 1e-4);
  EXPECT_GT(grown(5.90), 1e-4);
}

// Of the linearised equations at (1, beta + delta, 1), where a wave of number k grows at the larger root of
// s^2 + s ((1 + k^2) + (1 + eps k^2)) + (1 + k^2)(1 + eps k^2) - beta chi k^2 / 2 (tau = 1).
TEST(Chemotaxis, GrowsJustAboveAndDecaysJustBelowAtTheRateOfLinearAnalysis) {
  const double wavelength = critical_wavelength(constants(1.0));
  const double k2 = std::pow(2.0 * k_pi / wavelength, 2.0);
  const auto expected = [&](double chi) {
    const auto c = constants(chi);
    const double b = (1.0 + k2) + (1.0 + c.eps * k2);
    const double det = (1.0 + k2) * (1.0 + c.eps * k2) - 0.5 * c.beta * chi * k2;
    return 0.5 * (-b + std::sqrt(b * b - 4.0 * det));
  };
  EXPECT_GT(expected(7.0), 0.15);
  EXPECT_LT(expected(5.0), -0.1);
  EXPECT_NEAR(growth(7.0, wavelength), expected(7.0), 0.01);
  EXPECT_NEAR(growth(5.0, wavelength), expected(5.0), 0.01);
}

// A line of 400 cells and 8 wavelengths after it has settled.
void expect_settled(double chi, int steps, double expected_rms, double expected_low, double expected_high) {
  auto model = disturbed(chi, 8.0 * 5.2835, 16, 400, 0.01);
  for (int i = 0; i < steps; ++i) model.step();
  double rms = 0.0;
  double lowest = 9.0;
  double highest = 0.0;
  for (std::size_t x = 0; x < model.nx(); ++x) {
    const double m = model.macrophages(0)[x];
    rms += (m - 1.0) * (m - 1.0);
    lowest = std::min(lowest, m);
    highest = std::max(highest, m);
  }
  rms = std::sqrt(rms / static_cast<double>(model.nx()));
  EXPECT_NEAR(rms, expected_rms, 0.05) << chi;
  EXPECT_NEAR(lowest, expected_low, 0.06) << chi;
  EXPECT_NEAR(highest, expected_high, 0.10) << chi;
}

// Another finite-volume run of these equations (400 cells): rms and range of m. At chi = 7 a wave has grown
// ten thousandfold by time 50.
TEST(Chemotaxis, SaturatesWhereTheFiniteVolumeRunDid) {
  expect_settled(6.2, 40000, 0.51, 0.284, 1.563);
  expect_settled(7.0, 20000, 0.672, 0.142, 1.608);
}

// A plaque that grows from its middle: the profile of what it destroyed, from the middle outwards.
std::vector<double> plaque(double chi) {
  auto k = constants(chi);
  k.r = 0.3;
  const std::size_t n = 161;
  ChemotaxisModel model(k, n, n, 0.4, 0.01);
  for (std::size_t y = 78; y <= 82; ++y) {
    for (std::size_t x = 78; x <= 82; ++x) model.macrophages(y)[x] = 1.0;
  }
  for (int i = 0; i < 1500; ++i) model.step();
  std::vector<double> profile;
  for (std::size_t x = 80; x < n; ++x) profile.push_back(model.destroyed(80)[x]);
  return profile;
}

int rings(const std::vector<double>& profile) {
  int count = 0;
  for (std::size_t i = 2; i + 2 < profile.size(); ++i) {
    const double low = std::min(*std::min_element(profile.begin() + static_cast<long>(i > 8 ? i - 8 : 0),
                                                  profile.begin() + static_cast<long>(i)),
                                profile[i]);
    if (profile[i] > profile[i - 1] && profile[i] >= profile[i + 1] && profile[i] - low > 0.02) ++count;
  }
  return count;
}

// .ci/run has this suite under ThreadSanitizer as well.
TEST(ChemotaxisThreads, SameBytesOnOneTwoAndThree) {
  const auto state = [](int threads) {
    hortega::core::set_threads(threads);
    const std::size_t n = 161;
    ChemotaxisModel model(constants(15.0), n, n, 0.4, 0.01);
    model.macrophages(80)[80] = 1.0;
    for (int i = 0; i < 20; ++i) model.step();
    hortega::core::set_threads(0);
    std::vector<double> all;
    for (std::size_t y = 0; y < n; ++y) {
      all.insert(all.end(), model.macrophages(y), model.macrophages(y) + n);
      all.insert(all.end(), model.attractant(y), model.attractant(y) + n);
      all.insert(all.end(), model.destroyed(y), model.destroyed(y) + n);
    }
    return all;
  };
  ASSERT_GE(hortega::lesion::k_work_per_ring_voxel * 161 * 161, hortega::lesion::k_least_for_threads);
  const auto one = state(1);
  EXPECT_TRUE(state(2) == one);
  EXPECT_TRUE(state(3) == one);
}

TEST(Chemotaxis, RingsAboveAndAHomogeneousPlaqueBelow) {
  const auto below = plaque(4.0);
  EXPECT_GT(below[0], 0.5);
  EXPECT_EQ(rings(below), 0);
  const auto above = plaque(15.0);
  EXPECT_GE(rings(above), 2);
}

}  // namespace
