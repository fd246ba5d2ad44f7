// SPDX-License-Identifier: Apache-2.0
// Mixtures of normals against another program, and the score of an interval by hand.
#include "hortega/evidence/predictive.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "reference.hpp"

namespace hortega::evidence {
namespace {

const NormalMixture k_three = {{0.2, 0.5, 0.3}, {-2.0, 0.0, 3.0}, {0.5, 1.0, 0.2}};

TEST(NormalMixture, QuantilesAgreeWithAnotherRootFinderAndWithSampling) {
  const Reference reference("validation.csv");
  for (const double p : {0.05, 0.25, 0.5, 0.75, 0.95}) {
    std::string name = std::to_string(p);
    name.erase(name.find_last_not_of('0') + 1);
    EXPECT_NEAR(quantile(k_three, p), reference["mixture_" + name], 1e-12);
    EXPECT_NEAR(cdf(k_three, quantile(k_three, p)), p, 1e-14);
  }
  // Four million draws: the standard error of a quantile is sqrt(p (1 - p) / n) over the density there.
  for (const double p : {0.05, 0.75}) {
    const double sampled = reference[p == 0.05 ? "mixture_sampled_0.05" : "mixture_sampled_0.75"];
    const double error = std::sqrt(p * (1 - p) / 4e6) / std::exp(log_density(k_three, sampled));
    EXPECT_NEAR(quantile(k_three, p), sampled, 4 * error) << p;
  }
  EXPECT_NEAR(log_density(k_three, 1.0), reference["mixture_log_density_1"], 1e-12);
  const MixtureMoments m = moments(k_three);
  EXPECT_DOUBLE_EQ(m.mean, 0.5);  // .2 * -2 + .3 * 3
  EXPECT_NEAR(m.variance_between, 0.2 * 6.25 + 0.5 * 0.25 + 0.3 * 6.25, 1e-15);
  EXPECT_NEAR(m.variance_within, 0.2 * 0.25 + 0.5 + 0.3 * 0.04, 1e-15);
  EXPECT_NEAR(m.variance_between + m.variance_within, reference["mixture_variance"], 0.01);
}

TEST(NormalMixture, PointsAndSingleNormals) {
  const NormalMixture points = {{0.5, 0.5}, {1.0, 2.0}, {0.0, 0.0}};
  EXPECT_DOUBLE_EQ(cdf(points, 1.0), 0.5);
  EXPECT_DOUBLE_EQ(cdf(points, 0.999), 0.0);
  EXPECT_NEAR(quantile(points, 0.4), 1.0, 1e-12);
  EXPECT_NEAR(quantile(points, 0.6), 2.0, 1e-12);
  const NormalMixture one = {{1.0}, {5.0}, {2.0}};
  EXPECT_NEAR(quantile(one, 0.95), 5.0 + 2.0 * 1.6448536269514722, 1e-12);  // R: qnorm(.95)
  EXPECT_THROW(quantile({}, 0.5), std::invalid_argument);
  EXPECT_THROW(quantile(one, 1.0), std::invalid_argument);
}

TEST(IntervalScore, IsWidthAndPenalty) {
  // Gneiting & Raftery 2007, equation 43 with alpha = .1 and .5.
  EXPECT_DOUBLE_EQ(interval_score(1.0, 3.0, 2.0, 0.9), 2.0);
  EXPECT_DOUBLE_EQ(interval_score(1.0, 3.0, 3.0, 0.9), 2.0);
  EXPECT_NEAR(interval_score(1.0, 3.0, 3.5, 0.9), 2.0 + 20.0 * 0.5, 1e-12);
  EXPECT_NEAR(interval_score(1.0, 3.0, 0.0, 0.5), 2.0 + 4.0 * 1.0, 1e-12);
}

TEST(Predictive, AddsTheTermsOnceEach) {
  DrawPredictions draws;
  draws.by_draw = {{{1.0, 0.3, 0.2}}, {{2.0, 0.4, 0.2}}};
  draws.between_study_sd = {{0.1}, {0.2}};
  // Own people: of the simulation error only what is left in the mean over two draws is missing, a half.
  NormalMixture m = predictive(draws, 0, BetweenStudies::left_out);
  ASSERT_EQ(m.mean.size(), 2U);
  EXPECT_DOUBLE_EQ(m.weight[0], 0.5);
  EXPECT_NEAR(m.sd[0], std::sqrt(0.09 + 0.5 * 0.04), 1e-15);
  m = predictive(draws, 0, BetweenStudies::included);
  EXPECT_NEAR(m.sd[1], std::sqrt(0.16 + 0.04 + 0.5 * 0.04), 1e-15);
  draws.people = People::same_for_all_draws;
  m = predictive(draws, 0, BetweenStudies::left_out);
  EXPECT_NEAR(m.sd[0], std::sqrt(0.09 + 0.04), 1e-15);
  draws.between_study_sd.clear();
  EXPECT_TRUE(predictive(draws, 0, BetweenStudies::included).mean.empty());
}

TEST(Predictive, LeavesOutDrawsWithoutANumber) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  DrawPredictions draws;
  draws.by_draw = {{{1.0, 0.3, 0.0}}, {{nan, 0.4, 0.0}}, {{3.0, 0.3, 0.0}}};
  draws.weight = {1.0, 2.0, 3.0};
  double share = 0.0;
  const NormalMixture m = predictive(draws, 0, BetweenStudies::left_out, &share);
  EXPECT_DOUBLE_EQ(share, 4.0 / 6.0);
  ASSERT_EQ(m.weight.size(), 2U);
  EXPECT_DOUBLE_EQ(m.weight[0], 0.25);
  EXPECT_DOUBLE_EQ(m.weight[1], 0.75);
}

}  // namespace
}  // namespace hortega::evidence
