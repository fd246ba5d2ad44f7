// SPDX-License-Identifier: Apache-2.0
//
// Weights that meet published moments, and draws by weight.
#include "hortega/cohort/tilt.hpp"

#include <gtest/gtest.h>

#include <algorithm>
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

std::vector<std::uint32_t> numbered(std::size_t n) {
  std::vector<std::uint32_t> person(n);
  std::iota(person.begin(), person.end(), 0U);
  return person;
}

// Two candidates in ten carry x = 1; the mean is to be 0.6 with no weight above 0.2. Without a limit each of
// the two weighs 0.3; with it the two cannot carry 0.6, and with a limit of 0.3 they just can.
TEST(TiltBelow, KeepsToTheLimitOrSaysThatItCannot) {
  std::vector<double> x(10, 0.0);
  x[3] = x[8] = 1.0;
  const std::vector<TiltMoment> moments = {{"x", x, 0.6}};
  EXPECT_FALSE(tilt_below(moments, 10, 0.2).converged);
  const TiltResult free = tilt_below(moments, 10, 0.5);
  EXPECT_TRUE(free.converged);
  EXPECT_NEAR(free.weight[3], 0.3, 1e-6);
  EXPECT_EQ(free.weight, tilt(moments, 10).weight);  // the limit says nothing
}

// Three moments of a skewed variable under a limit, against the conditions of the optimum: weights below the
// limit are exponential in the moments, with the same multipliers for all; the others are at the limit.
TEST(TiltBelow, IsExponentialBelowTheLimit) {
  constexpr std::size_t k_n = 3000;
  std::vector<double> x(k_n), square(k_n);
  const std::vector<double> z = normals(k_n, 5, 0.0, 1.0);
  for (std::size_t i = 0; i < k_n; ++i) {
    x[i] = math::exp(z[i]);
    square[i] = (x[i] - 3.0) * (x[i] - 3.0);
  }
  const std::vector<TiltMoment> moments = {{"x", x, 3.0}, {"variance", square, 9.0}};
  const double limit = 1.0 / 1000.0;
  const TiltResult plain = tilt(moments, k_n);
  const TiltResult limited = tilt_below(moments, k_n, limit);
  ASSERT_TRUE(plain.converged);
  ASSERT_TRUE(limited.converged);
  EXPECT_GT(*std::max_element(plain.weight.begin(), plain.weight.end()), limit);
  EXPECT_NEAR(limited.after[0], 3.0, 1e-4);
  EXPECT_NEAR(limited.after[1], 9.0, 1e-3);
  double sum = 0.0;
  std::vector<std::size_t> below;
  for (std::size_t i = 0; i < k_n; ++i) {
    sum += limited.weight[i];
    EXPECT_LE(limited.weight[i], limit * (1.0 + 1e-6));
    if (limited.weight[i] < 0.999 * limit) below.push_back(i);
  }
  EXPECT_NEAR(sum, 1.0, 1e-12);
  ASSERT_GT(below.size(), 100U);
  ASSERT_LT(below.size(), k_n);
  // log w = a + b x + c (x - 3)^2 from three weights foretells every other.
  const auto log_w = [&](std::size_t i) { return std::log(limited.weight[i]); };
  std::sort(below.begin(), below.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  const std::size_t p = below.front(), q = below[below.size() / 2], r = below.back();
  const double pq = (log_w(q) - log_w(p)) / (x[q] - x[p]);
  const double pr = (log_w(r) - log_w(p)) / (x[r] - x[p]);
  const double sq = (square[q] - square[p]) / (x[q] - x[p]);
  const double sr = (square[r] - square[p]) / (x[r] - x[p]);
  const double c = (pr - pq) / (sr - sq), b = pq - c * sq;
  for (const std::size_t i : below)
    EXPECT_NEAR(log_w(i), log_w(p) + b * (x[i] - x[p]) + c * (square[i] - square[p]), 1e-6);
}

TEST(Draw, IsDistinctAndAFunctionOfSeedPersonAndReplicate) {
  const std::vector<double> weight(100, 0.01);
  const auto person = numbered(100);
  const auto draw = [&](std::size_t k, std::uint64_t seed, std::uint32_t replicate) {
    return draw_by_weight(weight, person, k, seed, replicate, Copies::none);
  };
  const auto a = draw(40, 7, 3);
  EXPECT_EQ(a.size(), 40U);
  EXPECT_EQ(std::set<std::size_t>(a.begin(), a.end()).size(), 40U);
  EXPECT_EQ(a, draw(40, 7, 3));
  EXPECT_NE(a, draw(40, 7, 4));
  EXPECT_NE(a, draw(40, 8, 3));
  // Whoever else qualifies: without the first candidate nearly the same lives are drawn.
  const std::vector<double> fewer(99, 1.0 / 99.0);
  const std::vector<std::uint32_t> others(person.begin() + 1, person.end());
  std::set<std::size_t> lives;
  for (const std::size_t i : draw_by_weight(fewer, others, 40, 7, 3, Copies::none)) lives.insert(others[i]);
  std::size_t shared = 0;
  for (const std::size_t i : a) shared += lives.count(person[i]);
  EXPECT_GE(shared, 39U);
}

// Weighted means of what is drawn are those of the whole even where the draw takes half of the candidates.
TEST(Draw, EachIsAmongThoseDrawnInProportionToItsWeight) {
  constexpr std::size_t k_candidates = 60, k_places = 30;
  constexpr std::uint32_t k_replicates = 20000;
  std::vector<double> weight(k_candidates);
  double sum = 0.0;
  for (std::size_t i = 0; i < k_candidates; ++i) sum += weight[i] = 1.0 + 0.05 * static_cast<double>(i);
  for (double& w : weight) w /= sum;
  const auto person = numbered(k_candidates);
  std::vector<int> count(k_candidates, 0);
  double first_half_early = 0.0;
  for (std::uint32_t r = 0; r < k_replicates; ++r) {
    const auto drawn = draw_by_weight(weight, person, k_places, 1, r, Copies::none);
    for (const std::size_t i : drawn) ++count[i];
    first_half_early += drawn.front() < k_candidates / 2 ? 1.0 : 0.0;
  }
  const auto expected = places(weight, k_places, Copies::none);
  for (std::size_t i = 0; i < k_candidates; ++i) {
    EXPECT_NEAR(expected[i], k_places * weight[i], 1e-12);
    EXPECT_LT(expected[i], 1.0);
    // Pareto sampling meets the wanted probabilities to a few thousandths at this size (Rosen 1997).
    EXPECT_NEAR(count[i] / static_cast<double>(k_replicates), expected[i], 0.016) << i;
  }
  // Order says nothing about weight: the first place goes to the lighter half as often as half of them hold.
  double lighter = 0.0;
  for (std::size_t i = 0; i < k_candidates / 2; ++i) lighter += expected[i];
  EXPECT_NEAR(first_half_early / k_replicates, lighter / k_places, 0.018);
}

TEST(Draw, AHeavyCandidateHasOnePlaceOrItsCopies) {
  std::vector<double> weight(11, 0.05);
  weight[4] = 0.5;
  const auto person = numbered(11);
  const auto one = places(weight, 4, Copies::none);
  EXPECT_EQ(one[4], 1.0);
  EXPECT_DOUBLE_EQ(one[0], 0.3);  // three places for ten
  const auto two = places(weight, 4, Copies::as_weighted);
  EXPECT_DOUBLE_EQ(two[4], 2.0);
  EXPECT_DOUBLE_EQ(two[0], 0.2);
  for (std::uint32_t r = 0; r < 50; ++r) {
    const auto single = draw_by_weight(weight, person, 4, 1, r, Copies::none);
    ASSERT_EQ(single.size(), 4U);
    EXPECT_EQ(std::count(single.begin(), single.end(), 4U), 1);
    const auto copied = draw_by_weight(weight, person, 4, 1, r, Copies::as_weighted);
    ASSERT_EQ(copied.size(), 4U);
    EXPECT_EQ(std::count(copied.begin(), copied.end(), 4U), 2);
  }
}

TEST(Draw, FewerCandidatesThanPlacesGoRoundAgainAndNothingWeighsNothing) {
  const std::vector<double> weight = {0.5, 0.0, 0.5};
  const auto person = numbered(3);
  const auto drawn = draw_by_weight(weight, person, 5, 1, 0, Copies::none);
  ASSERT_EQ(drawn.size(), 5U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(drawn[i + 2], drawn[i]);
  for (const std::size_t i : drawn) EXPECT_NE(i, 1U);
  const std::vector<double> nothing = {0.0};
  EXPECT_TRUE(draw_by_weight(nothing, numbered(1), 2, 1, 0, Copies::none).empty());
}

}  // namespace
}  // namespace hortega::cohort
