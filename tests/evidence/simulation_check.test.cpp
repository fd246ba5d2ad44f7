// SPDX-License-Identifier: Apache-2.0
// Coverage and ranks on synthetic data, without an engine: 6 variables, 8 rows.
#include "hortega/evidence/simulation_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "calibration_model.hpp"

namespace hortega::evidence {
namespace {

CalibrationSettings small_fit() {
  CalibrationSettings settings;
  settings.smoother.members = 100;
  settings.mode.evaluations = 30;
  return settings;
}

std::vector<int> ranks_of_all(const SimulationCheck& check) {
  std::vector<int> out;
  for (const auto& ranks : check.ranks) out.insert(out.end(), ranks.begin(), ranks.end() - 1);
  return out;
}

TEST(SimulationCheck, RanksOfACurvedProblemAreUniform) {
  TestModel model = random_model(8, 6, 0.2, 21);
  model.curvature = 0.15;
  model.mc_se = 0.05;
  const SimulationCheck check = sbc(model, 6, targets_of(model, 0.2, 22), 10, 9, small_fit());
  ASSERT_EQ(check.ranks.size(), 10U);
  EXPECT_EQ(check.draws, 50);
  // 60 ranks: standard errors 6 % and 4 %, somewhat more because the six of a set are not independent.
  EXPECT_NEAR(check.all_inside_50, 0.5, 0.2);
  EXPECT_NEAR(check.all_inside_90, 0.9, 0.12);
  EXPECT_GT(uniformity(ranks_of_all(check), check.draws, 6).p, 0.005);
}

// The check can fail: published numbers that are further off than their standard errors say.
TEST(SimulationCheck, FindsAPosteriorThatIsTooNarrow) {
  const TestModel model = random_model(8, 6, 0.2, 21);
  const FitNoise noise(9);
  const ForwardModel further_off = [&](std::span<const double> theta, std::uint64_t seed) {
    auto out = model(theta, seed);
    for (std::uint32_t set = 0; set < 10; ++set) {
      if (seed != noise.engine_seed(FitNoise::Use::truth, set)) continue;
      for (std::uint32_t j = 0; j < 8; ++j) out[j].mean += 0.4 * noise.normal(FitNoise::Kind::prior, set, j);
    }
    return out;
  };
  CalibrationSettings settings = small_fit();
  settings.likelihood.tau_scale = 0.0;
  const SimulationCheck check = sbc(further_off, 6, targets_of(model, 0.1, 22), 10, 9, settings);
  EXPECT_LT(check.all_inside_90, 0.78);
  EXPECT_LT(uniformity(ranks_of_all(check), check.draws, 6).p, 0.005);
}

TEST(SimulationCheck, RowsOfOneStudyMakeThePosteriorWiderNotNarrower) {
  const TestModel model = random_model(12, 6, 0.2, 23);
  std::vector<Target> targets = targets_of(model, 0.1, 24);
  for (std::size_t j = 0; j < targets.size(); ++j) targets[j].family = j < 6 ? "one" : "two";
  const SimulationCheck check = sbc(model, 6, targets, 20, 10, small_fit());
  EXPECT_GT(check.all_inside_90, 0.88);
}

TEST(SimulationCheck, UniformityOfKnownCounts) {
  // 4 bins of ranks 0..7 with 4, 0, 2, 2: chi-squared (4 + 4 + 0 + 0) / 2 = 4; R: pchisq(4, 3, lower =
  // FALSE).
  const std::vector<int> ranks = {0, 1, 0, 1, 4, 5, 6, 7};
  const Uniformity u = uniformity(ranks, 7, 4);
  EXPECT_DOUBLE_EQ(u.chi_squared, 4.0);
  EXPECT_NEAR(u.p, 0.2614641299, 1e-9);
}

}  // namespace
}  // namespace hortega::evidence
