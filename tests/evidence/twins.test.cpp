// SPDX-License-Identifier: Apache-2.0
//
// Natural frequencies and differences of twins against numbers known otherwise.
#include "hortega/evidence/twins.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

namespace hortega::evidence {
namespace {

// n lives of which every one in `period` has it; each its own ancestor.
struct Lives {
  std::vector<std::uint8_t> has;
  std::vector<std::uint32_t> ancestor;
  Lives(int n, int with) : has(static_cast<std::size_t>(n), 0), ancestor(static_cast<std::size_t>(n)) {
    for (int i = 0; i < with; ++i) has[static_cast<std::size_t>(i)] = 1;
    std::iota(ancestor.begin(), ancestor.end(), 0U);
  }
  DrawValues values(double weight) const { return {weight, has, ancestor}; }
};

TEST(TwinFrequency, OfOneDrawIsBinomial) {
  const Lives lives(10000, 3000);
  const std::vector<DrawValues> draws = {lives.values(1.0)};
  const Frequency f = frequency(draws);
  EXPECT_DOUBLE_EQ(f.per_100, 30.0);
  EXPECT_DOUBLE_EQ(f.chance.low, 21.0);  // R: qbinom(0.025, 100, 0.3)
  EXPECT_DOUBLE_EQ(f.chance.high, 39.0);
  EXPECT_FALSE(f.parameters);  // one draw says nothing of parameters
  EXPECT_FALSE(f.simulation_limit);
  EXPECT_NEAR(f.simulation_se, 100.0 * std::sqrt(0.3 * 0.7 / 10000), 1e-4);
}

TEST(TwinFrequency, SeparatesParametersFromTheNumberOfLives) {
  // Two draws far apart, many lives: all of the spread is the parameters'.
  const Lives low(4000, 800);
  const Lives high(4000, 1600);
  const std::vector<DrawValues> far = {low.values(0.5), high.values(0.5)};
  const Frequency f = frequency(far);
  EXPECT_DOUBLE_EQ(f.per_100, 30.0);
  ASSERT_TRUE(f.parameters);
  EXPECT_NEAR(f.parameters->low, 20.0, 0.1);
  EXPECT_NEAR(f.parameters->high, 40.0, 0.1);
  EXPECT_LT(f.both.low, 15.0);
  EXPECT_GT(f.both.high, 46.0);
  // Two draws of ten lives that differ by one: no more than the number of lives explains.
  const Lives three(10, 3);
  const Lives four(10, 4);
  const std::vector<DrawValues> near = {three.values(0.5), four.values(0.5)};
  const Frequency g = frequency(near);
  EXPECT_FALSE(g.parameters);
  EXPECT_FALSE(difference(near, near).parameters);
  // Draws far apart of which one has nearly all the weight: its own value is no range.
  const std::vector<DrawValues> heavy = {low.values(0.99), high.values(0.01)};
  EXPECT_FALSE(frequency(heavy).parameters);
}

TEST(TwinFrequency, NobodyOfManyIsNotNever) {
  const Lives none(160, 0);
  const std::vector<DrawValues> draws = {none.values(1.0)};
  const Frequency f = frequency(draws);
  EXPECT_EQ(f.per_100, 0.0);
  ASSERT_TRUE(f.simulation_limit);
  EXPECT_NEAR(*f.simulation_limit, 1.8549, 1e-3);  // 100 (1 - 0.05^(1/160)), of Clopper and Pearson
  // It is no doubt about parameters, and stands in no other range.
  EXPECT_FALSE(f.parameters);
  EXPECT_EQ(f.both.high, 0.0);
  // Everybody of them: as many may lack it.
  const Lives everybody(160, 160);
  const std::vector<DrawValues> all = {everybody.values(1.0)};
  ASSERT_TRUE(frequency(all).simulation_limit);
  EXPECT_NEAR(*frequency(all).simulation_limit, 1.8549, 1e-3);
  // Two draws of 80 are 160; where nine tenths of the weight is on one, 1 / (0.81 / 80 + 0.01 / 80) = 97.56.
  const Lives half(80, 0);
  const std::vector<DrawValues> even = {half.values(0.5), half.values(0.5)};
  EXPECT_NEAR(*frequency(even).simulation_limit, 1.8549, 1e-3);
  const std::vector<DrawValues> uneven = {half.values(0.9), half.values(0.1)};
  EXPECT_NEAR(*frequency(uneven).simulation_limit, 100.0 * (1.0 - std::pow(0.05, 0.82 / 80.0)), 1e-9);
}

TEST(TwinFrequency, CopiesAddNothingToWhatNobodyShows) {
  Lives copies(100, 0);
  for (std::size_t i = 0; i < 100; ++i) copies.ancestor[i] = static_cast<std::uint32_t>(i / 10);
  const std::vector<DrawValues> draws = {copies.values(1.0)};
  ASSERT_TRUE(frequency(draws).simulation_limit);
  EXPECT_NEAR(*frequency(draws).simulation_limit, 25.8866, 1e-3);  // 100 (1 - 0.05^(1/10)): ten lives
}

TEST(TwinDifference, OfPairsThatNeverDifferHasTheSameLimit) {
  const Lives some(160, 40);
  const std::vector<DrawValues> draws = {some.values(1.0)};
  const Difference d = difference(draws, draws);
  ASSERT_TRUE(d.simulation_limit);
  EXPECT_NEAR(*d.simulation_limit, 1.8549, 1e-3);  // 100 (1 - 0.05^(1/160))
  EXPECT_FALSE(frequency(draws).simulation_limit);
  const Lives fewer(160, 39);
  const std::vector<DrawValues> other = {fewer.values(1.0)};
  EXPECT_FALSE(difference(draws, other).simulation_limit);
}

TEST(TwinFrequency, CopiesOfOneLifeCountAsOne) {
  Lives copies(100, 50);
  for (std::size_t i = 0; i < 100; ++i) copies.ancestor[i] = static_cast<std::uint32_t>(i / 10);
  const std::vector<DrawValues> draws = {copies.values(1.0)};
  // Ten clusters, five of all and five of none: the variance of a mean of ten, 0.25 / 9.
  EXPECT_NEAR(frequency(draws).simulation_se, 100.0 * std::sqrt(0.25 / 9.0), 1e-9);
}

TEST(TwinDifference, CountsThoseUnderOneAlone) {
  // 4 under both, 3 under the first alone, 1 under the second alone, 2 under neither.
  Lives first(10, 0);
  Lives second(10, 0);
  first.has = {1, 1, 1, 1, 1, 1, 1, 0, 0, 0};
  second.has = {1, 1, 1, 1, 0, 0, 0, 1, 0, 0};
  const std::vector<DrawValues> a = {first.values(1.0)};
  const std::vector<DrawValues> b = {second.values(1.0)};
  const Difference d = difference(a, b);
  EXPECT_NEAR(d.per_100, 20.0, 1e-12);
  EXPECT_NEAR(d.only_first, 30.0, 1e-12);
  EXPECT_NEAR(d.only_second, 10.0, 1e-12);
  // Variance of a pair 0.4 - 0.04; a hundred pairs.
  EXPECT_NEAR(d.chance.high - d.per_100, 1.959963984540054 * 10.0 * std::sqrt(0.36), 1e-9);
}

TEST(RankCorrelation, IsSpearmans) {
  const std::vector<double> x = {1, 2, 3, 4, 5};
  const std::vector<double> y = {2, 1, 4, 3, 5};
  const std::vector<double> w = {1, 1, 1, 1, 1};
  EXPECT_NEAR(rank_correlation(x, y, w), 0.8, 1e-12);  // R: cor(x, y, method = "spearman")
  const std::vector<double> none = {1, 0, 0, 1, 1};    // weights drop the pairs that disagree but one
  EXPECT_NEAR(rank_correlation(x, y, none), 1.0, 1e-12);
}

TEST(Influences, TellASignalFromChance) {
  std::vector<std::vector<double>> values;
  std::vector<double> by_draw;
  for (int d = 0; d < 40; ++d) {
    values.push_back({static_cast<double>(d), static_cast<double>((7 * d + 3) % 40)});
    by_draw.push_back(-2.0 * d);
  }
  const std::vector<double> weight(40, 1.0 / 40);
  const std::vector<Influence> all = influences({"drives", "idle"}, values, by_draw, weight, 5);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].name, "drives");
  EXPECT_NEAR(all[0].correlation, -1.0, 1e-12);
  EXPECT_TRUE(all[0].beyond_chance);
  EXPECT_FALSE(all[1].beyond_chance);
  EXPECT_TRUE(influences({"drives", "idle"}, values, std::vector<double>(40, 3.0), weight, 5).empty());
}

struct Sums {
  std::vector<double> x;
  std::vector<std::uint32_t> ancestor;
  DrawAmounts values(double weight) const { return {weight, x, ancestor}; }
};
Sums sums(int n, double first, double step) {
  Sums s;
  for (int i = 0; i < n; ++i) {
    s.x.push_back(first + step * i);
    s.ancestor.push_back(static_cast<std::uint32_t>(i));
  }
  return s;
}

TEST(TwinAmounts, MeanQuantilesAndTheMeanOfAHundred) {
  const Sums s = sums(101, 0.0, 10.0);  // 0, 10, ..., 1000
  const std::vector<DrawAmounts> draws = {s.values(1.0)};
  const Amount a = amount(draws);
  EXPECT_DOUBLE_EQ(a.mean, 500.0);
  EXPECT_DOUBLE_EQ(a.q10, 100.0);
  EXPECT_DOUBLE_EQ(a.q90, 900.0);
  const double sd = 10.0 * std::sqrt((101.0 * 101.0 - 1.0) / 12.0);  // of a discrete uniform
  EXPECT_NEAR(a.chance.high - a.chance.low, 2 * 1.959963984540054 * sd / 10.0, 1e-9);
  EXPECT_FALSE(a.parameters);
}

TEST(TwinAmounts, ParametersAreWhatDrawsDifferBy) {
  const Sums low = sums(1000, 100.0, 0.0), high = sums(1000, 300.0, 0.0);
  const std::vector<DrawAmounts> draws = {low.values(0.5), high.values(0.5)};
  const Amount a = amount(draws);
  EXPECT_DOUBLE_EQ(a.mean, 200.0);
  ASSERT_TRUE(a.parameters);
  EXPECT_DOUBLE_EQ(a.parameters->low, 100.0);
  EXPECT_DOUBLE_EQ(a.parameters->high, 300.0);
}

TEST(TwinAmounts, DifferencesPairTwinsAndLeaveOutWhoDoesNotCount) {
  Sums first = sums(3, 10.0, 1.0), second = sums(3, 4.0, 0.0);
  second.x[1] = std::nan("");
  const std::vector<DrawAmounts> a = {first.values(1.0)}, b = {second.values(1.0)};
  EXPECT_DOUBLE_EQ(amount_difference(a, b).mean, 7.0);  // (10 - 4 + 12 - 4) / 2
  second.x = {std::nan(""), std::nan(""), std::nan("")};
  const std::vector<DrawAmounts> nobody = {second.values(1.0)};
  EXPECT_TRUE(std::isnan(amount(nobody).mean));
}

}  // namespace
}  // namespace hortega::evidence
