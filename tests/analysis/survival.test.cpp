// SPDX-License-Identifier: Apache-2.0
// Kaplan-Meier, median, restricted mean and log-rank against R's survival, and their edge cases.
#include "hortega/analysis/survival.hpp"

#include "reference.hpp"

namespace hortega::analysis {
namespace {

using test::agrees;
using test::Named;

SurvivalSample sample_of(const Named& table, const std::string& status) {
  return SurvivalSample(table.at("time"), test::integers(table.at(status)));
}

std::vector<double> as_double(const std::vector<std::int64_t>& values) {
  return {values.begin(), values.end()};
}

double or_nan(const std::optional<double>& value) {
  return value ? *value : std::numeric_limits<double>::quiet_NaN();
}

void expect_curve(const Named& r, const std::string& name, const SurvivalSample& sample, double tau,
                  const std::vector<double>& at) {
  SCOPED_TRACE(name);
  const KaplanMeierCurve curve = kaplan_meier(sample);
  EXPECT_TRUE(agrees(curve.time, r.at(name + ".time")));
  EXPECT_TRUE(agrees(as_double(curve.at_risk), r.at(name + ".at_risk")));
  EXPECT_TRUE(agrees(as_double(curve.events), r.at(name + ".events")));
  EXPECT_TRUE(agrees(as_double(curve.censored), r.at(name + ".censored")));
  EXPECT_TRUE(agrees(curve.survival, r.at(name + ".survival")));
  EXPECT_TRUE(agrees(curve.variance, r.at(name + ".variance")));
  EXPECT_TRUE(agrees(curve.lower, r.at(name + ".lower")));
  EXPECT_TRUE(agrees(curve.upper, r.at(name + ".upper")));
  const MedianSurvival median = median_survival(curve);
  EXPECT_TRUE(agrees(std::vector<double>{or_nan(median.median), or_nan(median.lower), or_nan(median.upper)},
                     r.at(name + ".median")));
  std::vector<double> values;
  for (const double t : at) values.push_back(survival_at(curve, t).survival);
  for (const double t : at) values.push_back(static_cast<double>(survival_at(curve, t).at_risk));
  EXPECT_TRUE(agrees(values, r.at(name + ".at")));
  const RestrictedMean mean = restricted_mean(curve, tau);
  EXPECT_TRUE(agrees(std::vector<double>{mean.mean, std::sqrt(mean.variance)}, r.at(name + ".rmst")));
}

void expect_log_rank(const Named& r, const std::string& name, const LogRankResult& ours) {
  SCOPED_TRACE(name);
  EXPECT_TRUE(agrees(ours.observed, r.at(name + ".observed")));
  EXPECT_TRUE(agrees(ours.expected, r.at(name + ".expected")));
  EXPECT_TRUE(agrees(ours.covariance, r.at(name + ".covariance")));
  EXPECT_TRUE(agrees(std::vector<double>{ours.test.statistic, ours.test.p}, r.at(name + ".test")));
}

TEST(KaplanMeier, AgreesWithSurvfitOnTextbookAndTiedData) {
  const Named r = test::read_reference("survival");
  const Named gehan = test::read_table("gehan.csv");
  const Named three = test::read_table("three_arm.csv");
  const SurvivalSample textbook = sample_of(gehan, "status");
  const SurvivalSample tied = sample_of(three, "cause");
  const auto gehan_arm = test::integers(gehan.at("arm"));
  const auto three_arm = test::integers(three.at("arm"));
  for (std::int32_t k = 0; k < 2; ++k) {
    expect_curve(r, "gehan" + std::to_string(k), textbook.only(gehan_arm, k), 20.0, {0.0, 8.0, 8.5, 50.0});
  }
  for (std::int32_t k = 0; k < 3; ++k) {
    expect_curve(r, "arm" + std::to_string(k), tied.only(three_arm, k), 90.0, {12.0, 52.0, 96.0});
  }
  const RestrictedMeanDifference difference =
      restricted_mean_difference(restricted_mean(kaplan_meier(textbook.only(gehan_arm, 1)), 20.0),
                                 restricted_mean(kaplan_meier(textbook.only(gehan_arm, 0)), 20.0));
  EXPECT_TRUE(agrees(std::vector<double>{difference.difference, difference.standard_error},
                     r.at("gehan.rmst_difference")));
  EXPECT_NEAR(difference.interval.upper - difference.interval.lower,
              2 * 1.959963984540054 * difference.standard_error, 1e-12);
}

TEST(KaplanMeier, GivesThePublishedMediansOfFreireich) {
  // Freireich 1963 by Kaplan-Meier: 8 weeks on placebo, 23 on 6-mercaptopurine (Kleinbaum & Klein 2012, ch.
  // 2).
  const Named gehan = test::read_table("gehan.csv");
  const auto arm = test::integers(gehan.at("arm"));
  const SurvivalSample sample = sample_of(gehan, "status");
  EXPECT_EQ(median_survival(kaplan_meier(sample.only(arm, 0))).median, 8.0);
  EXPECT_EQ(median_survival(kaplan_meier(sample.only(arm, 1))).median, 23.0);
}

TEST(KaplanMeier, MedianOfAStepAtOneHalfIsItsMidpoint) {
  // Four people, no censoring: S = 3/4, 1/2, 1/4, 0, so that the curve is flat at 1/2 from 2 to 3.
  const std::vector<double> time{1, 2, 3, 4};
  const std::vector<std::int32_t> status{1, 1, 1, 1};
  EXPECT_EQ(median_survival(kaplan_meier(SurvivalSample(time, status))).median, 2.5);
}

TEST(KaplanMeier, WithoutEventsStaysAtOneAndSaysSo) {
  const std::vector<double> time{3, 1, 2};
  const std::vector<std::int32_t> status{0, 0, 0};
  const KaplanMeierCurve curve = kaplan_meier(SurvivalSample(time, status));
  EXPECT_EQ(curve.survival, (std::vector<double>{1, 1, 1}));
  EXPECT_FALSE(median_survival(curve).median.has_value());
  const RestrictedMean mean = restricted_mean(curve, 5.0);
  EXPECT_EQ(mean.mean, 5.0);
  EXPECT_EQ(mean.variance, 0.0);
  EXPECT_TRUE(mean.extrapolated);
  EXPECT_FALSE(restricted_mean(curve, 2.5).extrapolated);
  EXPECT_TRUE(survival_at(curve, 3.5).beyond_follow_up);
  EXPECT_FALSE(survival_at(curve, 3.0).beyond_follow_up);
}

TEST(KaplanMeier, OfNobodyIsEmpty) {
  const KaplanMeierCurve curve = kaplan_meier(SurvivalSample({}, {}));
  EXPECT_TRUE(curve.time.empty());
  EXPECT_EQ(survival_at(curve, 1.0).survival, 1.0);
  EXPECT_TRUE(restricted_mean(curve, 1.0).extrapolated);
}

TEST(SurvivalSample, RefusesWhatIsNotATime) {
  const std::vector<std::int32_t> status{1};
  EXPECT_THROW(SurvivalSample(std::vector<double>{-1.0}, status), std::invalid_argument);
  EXPECT_THROW(SurvivalSample(std::vector<double>{std::nan("")}, status), std::invalid_argument);
  EXPECT_THROW(SurvivalSample(std::vector<double>{1.0, 2.0}, status), std::invalid_argument);
  EXPECT_THROW(SurvivalSample(std::vector<double>{1.0}, std::vector<std::int32_t>{-1}),
               std::invalid_argument);
}

TEST(LogRank, AgreesWithSurvdiff) {
  const Named r = test::read_reference("survival");
  const Named gehan = test::read_table("gehan.csv");
  const Named three = test::read_table("three_arm.csv");
  const SurvivalSample tied = sample_of(three, "cause");
  const auto arm = test::integers(three.at("arm"));
  const LogRankResult textbook = log_rank(sample_of(gehan, "status"), test::integers(gehan.at("arm")), 2);
  expect_log_rank(r, "gehan.log_rank", textbook);
  EXPECT_NEAR(textbook.test.statistic, 16.79, 0.005);  // Kleinbaum & Klein 2012, ch. 2
  expect_log_rank(r, "three.log_rank", log_rank(tied, arm, 3));
  expect_log_rank(r, "three.peto", log_rank(tied, arm, 3, {}, {1.0, 0.0}));
  expect_log_rank(r, "three.stratified", log_rank(tied, arm, 3, test::integers(three.at("site"))));
}

TEST(LogRank, AgreesWithTheDefinitionOfFlemingHarringtonWeights) {
  const Named r = test::read_reference("survival");
  const Named three = test::read_table("three_arm.csv");
  const SurvivalSample tied = sample_of(three, "cause");
  const auto arm = test::integers(three.at("arm"));
  expect_log_rank(r, "three.late", log_rank(tied, arm, 3, {}, {0.0, 1.0}));
  expect_log_rank(r, "three.half", log_rank(tied, arm, 3, {}, {0.5, 0.5}));
  // The judge's own arithmetic, unweighted, is survdiff's.
  EXPECT_TRUE(agrees(r.at("three.check.covariance"), r.at("three.log_rank.covariance")));
}

TEST(LogRank, LeavesOutEmptyGroupsAndSurvivesNoEvents) {
  const std::vector<double> time{1, 2, 3, 4};
  const std::vector<std::int32_t> arm{0, 2, 0, 2};
  const SurvivalSample some(time, std::vector<std::int32_t>{1, 1, 0, 1});
  const LogRankResult three = log_rank(some, arm, 3);
  const LogRankResult two = log_rank(some, std::vector<std::int32_t>{0, 1, 0, 1}, 2);
  EXPECT_EQ(three.test.df, 1);
  EXPECT_DOUBLE_EQ(three.test.statistic, two.test.statistic);
  const LogRankResult none = log_rank(SurvivalSample(time, std::vector<std::int32_t>{0, 0, 0, 0}), arm, 3);
  EXPECT_EQ(none.test.df, 0);
  EXPECT_EQ(none.test.p, 1.0);
  EXPECT_THROW(log_rank(some, arm, 2), std::invalid_argument);
}

TEST(LogRank, DoesNotCareWhatTheArmsAreCalled) {
  const Named three = test::read_table("three_arm.csv");
  const SurvivalSample tied = sample_of(three, "cause");
  auto arm = test::integers(three.at("arm"));
  const LogRankResult first = log_rank(tied, arm, 3);
  for (auto& a : arm) a = (a + 1) % 3;
  const LogRankResult renamed = log_rank(tied, arm, 3);
  EXPECT_TRUE(agrees(renamed.test.statistic, first.test.statistic, 1e-12));
  for (std::size_t g = 0; g < 3; ++g)
    EXPECT_TRUE(agrees(renamed.expected[(g + 1) % 3], first.expected[g], 1e-12));
}

}  // namespace
}  // namespace hortega::analysis
