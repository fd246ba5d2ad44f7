// SPDX-License-Identifier: Apache-2.0
//
// Weights that meet published moments, and draws by weight.
#include "hortega/cohort/tilt.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <set>

namespace hortega::cohort {
namespace {

std::vector<double> normals(std::size_t n, std::uint32_t stream, double mean, double sd) {
  core::Draws d({1, stream, 0}, core::Purpose::test, 0);
  std::vector<double> x(n);
  for (double& v : x) v = mean + sd * d.normal();
  return x;
}

TEST(Tilt, WithoutMomentsAllWeighTheSame) {
  const TiltResult r = tilt({}, 4);
  EXPECT_EQ(r.weight, (std::vector<double>{0.25, 0.25, 0.25, 0.25}));
  EXPECT_DOUBLE_EQ(r.effective_share, 1.0);
}

TEST(Tilt, AHandCase) {
  // Values 0 and 1, wanted mean 3/4: weights 1/4 and 3/4; (sum w)^2 / (n sum w^2) = 1 / (2 * (1/16 + 9/16)) =
  // 0.8.
  const std::vector<TiltMoment> moments = {{"x", {0.0, 1.0}, 0.75}};
  const TiltResult r = tilt(moments, 2);
  EXPECT_TRUE(r.converged);
  EXPECT_NEAR(r.weight[0], 0.25, 1e-6);
  EXPECT_NEAR(r.weight[1], 0.75, 1e-6);
  EXPECT_NEAR(r.effective_share, 0.8, 1e-5);
  EXPECT_DOUBLE_EQ(r.before[0], 0.5);
  EXPECT_NEAR(r.after[0], 0.75, 1e-6);
}

TEST(Tilt, WeightsOfAMeanAreExponentialInIt) {
  const std::vector<double> x = normals(500, 1, 40.0, 10.0);
  const TiltResult r = tilt(std::vector<TiltMoment>{{"age", x, 36.0}}, x.size());
  ASSERT_TRUE(r.converged);
  const double slope = std::log(r.weight[1] / r.weight[0]) / (x[1] - x[0]);
  for (std::size_t i = 2; i < x.size(); ++i)
    EXPECT_NEAR(std::log(r.weight[i] / r.weight[0]), slope * (x[i] - x[0]), 1e-9);
  // For a normal pool the tilt is a shift: slope = (36 - 40) / 100, and the effective share exp(-(4/10)^2).
  EXPECT_NEAR(slope, -0.04, 0.006);
  EXPECT_NEAR(r.effective_share, std::exp(-0.16), 0.05);
}

TEST(Tilt, SeveralMomentsAreMetTogether) {
  const std::size_t n = 3000;
  const std::vector<double> age = normals(n, 1, 38.0, 9.0);
  std::vector<double> edss = normals(n, 2, 2.5, 1.5);
  for (std::size_t i = 0; i < n; ++i) edss[i] += 0.05 * (age[i] - 38.0);
  std::vector<double> square(n);
  for (std::size_t i = 0; i < n; ++i) square[i] = (age[i] - 36.0) * (age[i] - 36.0);
  const std::vector<TiltMoment> moments = {
      {"age", age, 36.0}, {"EDSS", edss, 3.35}, {"variance", square, 64.0}};
  const TiltResult r = tilt(moments, n);
  EXPECT_TRUE(r.converged);
  EXPECT_NEAR(std::accumulate(r.weight.begin(), r.weight.end(), 0.0), 1.0, 1e-12);
  EXPECT_NEAR(r.after[0], 36.0, 1e-4);
  EXPECT_NEAR(r.after[1], 3.35, 1e-4);
  EXPECT_NEAR(r.after[2], 64.0, 1e-3);
  EXPECT_LT(r.effective_share, 0.9);
  EXPECT_GT(r.effective_share, 0.2);
}

TEST(Tilt, ATargetOutsideThePoolIsFlagged) {
  const std::vector<double> x = normals(200, 3, 30.0, 2.0);
  EXPECT_FALSE(tilt(std::vector<TiltMoment>{{"age", x, 90.0}}, x.size()).converged);
  // A moment without variation cannot be moved: flagged too, unless it is met already.
  const std::vector<double> same(50, 2.0);
  EXPECT_FALSE(tilt(std::vector<TiltMoment>{{"relapses", same, 2.4}}, same.size()).converged);
  EXPECT_TRUE(tilt(std::vector<TiltMoment>{{"relapses", same, 2.0}}, same.size()).converged);
}

TEST(Draw, IsDistinctAndAFunctionOfSeedAndReplicate) {
  const std::vector<double> weight(100, 0.01);
  const auto a = draw_without_replacement(weight, 40, 7, 3);
  EXPECT_EQ(std::set<std::size_t>(a.begin(), a.end()).size(), 40U);
  EXPECT_EQ(a, draw_without_replacement(weight, 40, 7, 3));
  EXPECT_NE(a, draw_without_replacement(weight, 40, 7, 4));
  EXPECT_NE(a, draw_without_replacement(weight, 40, 8, 3));
  // A shorter draw is the beginning of a longer one.
  const auto b = draw_without_replacement(weight, 10, 7, 3);
  EXPECT_TRUE(std::equal(b.begin(), b.end(), a.begin()));
}

TEST(Draw, TheFirstIsDrawnInProportionToWeight) {
  const std::vector<double> weight = {0.1, 0.2, 0.3, 0.4};
  constexpr int k_n = 20000;
  std::vector<int> count(4, 0);
  std::vector<int> in_two(4, 0);
  for (std::uint32_t i = 0; i < k_n; ++i) {
    const auto drawn = draw_without_replacement(weight, 2, 1, i);
    ++count[drawn[0]];
    ++in_two[drawn[0]];
    ++in_two[drawn[1]];
  }
  double chi = 0.0;
  for (std::size_t i = 0; i < 4; ++i) {
    const double e = weight[i] * k_n;
    chi += (count[i] - e) * (count[i] - e) / e;
  }
  EXPECT_LT(chi, 16.3);  // chi-square, 3 degrees of freedom, 0.1 %
  // The second in proportion among those left: P(4 in two) = .4 + .1*.4/.9 + .2*.4/.8 + .3*.4/.7 = .7159.
  EXPECT_NEAR(in_two[3] / static_cast<double>(k_n), 0.71587, 4.0 * std::sqrt(0.7159 * 0.2841 / k_n));
  // Equal chances would be seen.
  double equal = 0.0;
  for (std::size_t i = 0; i < 4; ++i) equal += (count[i] - k_n / 4.0) * (count[i] - k_n / 4.0) / (k_n / 4.0);
  EXPECT_GT(equal, 16.3);
}

TEST(Draw, FewerCandidatesThanPlacesGoRoundAgainAndNothingWeighsNothing) {
  const std::vector<double> weight = {0.5, 0.0, 0.5};
  const auto drawn = draw_without_replacement(weight, 5, 1, 0);
  ASSERT_EQ(drawn.size(), 5U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(drawn[i + 2], drawn[i]);
  for (const std::size_t i : drawn) EXPECT_NE(i, 1U);
  EXPECT_TRUE(draw_without_replacement(std::vector<double>{0.0}, 2, 1, 0).empty());
}

}  // namespace
}  // namespace hortega::cohort
