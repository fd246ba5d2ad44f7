// SPDX-License-Identifier: Apache-2.0
// The uncertainty of an estimate in two parts, when replicates are spread over draws of the parameters.
#include "hortega/evidence/estimates.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace hortega::evidence {
namespace {

trial::Protocol protocol() {
  trial::Protocol p;
  p.id = "small";
  trial::Arm a;
  a.id = "a";
  trial::Arm b;
  b.id = "b";
  p.arms = {a, b};
  trial::EndpointSpec relapse;
  relapse.id = "relapse";
  relapse.kind = trial::EndpointKind::relapse;
  p.endpoints = {relapse};
  p.accrual.follow_up_day = 731.0;
  p.visits.edss.every_day = 91.3125;
  p.visits.edss.until_day = 731.0;
  return p;
}

Estimate combined(const Quantity& quantity, const std::vector<double>& values, int draws) {
  const std::vector<Quantity> asked = {quantity};
  const Estimation estimation(protocol(), asked, Scope::asked);
  std::vector<ReplicateResult> results(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    results[i].number = static_cast<int>(i);
    results[i].outcomes = {Outcome{values[i], std::nan(""), 100.0}};
  }
  return estimation.combine(std::move(results), {}, draws).estimates.front();
}

const Quantity k_rate = {"relapse", "rate", "a", "", 0.0, ""};

// By hand: draw 0 gave 1, 2, 3, draw 1 gave 5, 6, 7. Mean squares 24 between and 1 within; (24 - 1) / 3
// between draws; variance of the mean 23/3 / 2 + 1/6 = 4.
TEST(Draws, VarianceIsSplitAsByHand) {
  const Estimate e = combined(k_rate, {1, 5, 2, 6, 3, 7}, 2);
  EXPECT_DOUBLE_EQ(e.mean, 4.0);
  EXPECT_NEAR(e.sd_parameters, std::sqrt(23.0 / 3.0), 1e-12);
  EXPECT_NEAR(e.sd_chance, 1.0, 1e-12);
  EXPECT_NEAR(e.mc_error, 2.0, 1e-12);
}

// Unequal groups, from R's lme4-free formula: anova(lm(y ~ draw)) of y = c(1,5,2,6,3), draw = c(0,1,0,1,0)
// gives mean squares 14.7 and 0.8333; n0 = (5 - 13/5) / 1 = 2.4.
TEST(Draws, UnequalGroups) {
  const Estimate e = combined(k_rate, {1, 5, 2, 6, 3}, 2);
  EXPECT_NEAR(e.sd_parameters, std::sqrt((14.7 - 2.5 / 3.0) / 2.4), 1e-12);
  EXPECT_NEAR(e.sd_chance, std::sqrt(2.5 / 3.0), 1e-12);
}

TEST(Draws, WithoutThemThereIsOnePart) {
  const Estimate e = combined(k_rate, {1, 5, 2, 6, 3, 7}, 0);
  EXPECT_TRUE(std::isnan(e.sd_parameters));
  EXPECT_TRUE(std::isnan(e.sd_chance));
  EXPECT_NEAR(e.mc_error, e.sd / std::sqrt(6.0), 1e-12);
}

TEST(Draws, MoreAlikeThanChanceIsNoParameterVariance) {
  const Estimate e = combined(k_rate, {1, 1, 5, 5, 3, 3}, 2);
  EXPECT_EQ(e.sd_parameters, 0.0);
  EXPECT_NEAR(e.sd_chance, 2.0, 1e-12);
}

TEST(Draws, OneReplicateADrawCannotTellThemApart) {
  EXPECT_TRUE(std::isnan(combined(k_rate, {1, 5, 2}, 3).sd_parameters));
}

TEST(Draws, RatiosAreSplitOnTheirLogarithm) {
  std::vector<double> values;
  for (const double x : {1.0, 5.0, 2.0, 6.0, 3.0, 7.0}) values.push_back(std::exp(0.1 * x));
  const Estimate e = combined({"relapse", "rate_ratio", "a", "b", 0.0, ""}, values, 2);
  EXPECT_NEAR(e.mean, std::exp(0.4), 1e-12);
  EXPECT_NEAR(e.sd_parameters, 0.1 * std::sqrt(23.0 / 3.0) * std::exp(0.4), 1e-12);
}

}  // namespace
}  // namespace hortega::evidence
