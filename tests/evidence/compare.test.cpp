// SPDX-License-Identifier: Apache-2.0
// Published beside simulated: intervals, units, verdicts, distances.
// Reference limits: SciPy 1.10 (beta.ppf for Clopper-Pearson, chi2.ppf for Garwood, t.ppf).
#include "hortega/evidence/compare.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace hortega::evidence {
namespace {

class Compare : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    const std::string data = std::string(HORTEGA_SOURCE_DIR) + "/data/evidence/";
    published_ = new PublishedRows(PublishedRows::load(data + "published.csv"));
    map_ = new EvidenceMap(read_evidence_map(core::Document::load(data + "map.toml"), *published_));
  }
  static void TearDownTestSuite() {
    delete published_;
    delete map_;
  }

  static PublishedStatistic statistic(const std::string& id, int part = 0) {
    for (const MapEntry& e : map_->entries)
      if (e.id == id && e.part.value_or(0) == part) return published_statistic(*published_->find(id), e);
    throw std::out_of_range(id);
  }
  static void expect_interval(const PublishedStatistic& s, double lower, double upper, double tolerance) {
    ASSERT_TRUE(s.interval.has_value()) << s.why_not_scored;
    EXPECT_NEAR(s.interval->lower, lower, tolerance);
    EXPECT_NEAR(s.interval->upper, upper, tolerance);
  }

  static PublishedRows* published_;
  static EvidenceMap* map_;
};
PublishedRows* Compare::published_ = nullptr;
EvidenceMap* Compare::map_ = nullptr;

TEST_F(Compare, TakesThePrintedInterval) {
  const PublishedStatistic s = statistic("E0003");  // MIST hazard ratio
  EXPECT_EQ(s.value, 0.07);
  EXPECT_EQ(s.basis, IntervalBasis::printed);
  EXPECT_FALSE(is_derived(s.basis));
  EXPECT_EQ(s.scale, Scale::logarithmic);
  expect_interval(s, 0.02, 0.24, 0);
}

TEST_F(Compare, DerivesExactBinomialIntervals) {
  const PublishedStatistic few = statistic("E0001");  // 3 of 52
  EXPECT_NEAR(few.value.value(), 100.0 * 3 / 52, 1e-12);
  EXPECT_EQ(few.basis, IntervalBasis::derived_binomial);
  EXPECT_TRUE(is_derived(few.basis));
  expect_interval(few, 1.2059318026738424, 15.947335863859097, 1e-9);
  expect_interval(statistic("E0008"), 0.0, 6.487076082542459, 1e-9);                  // no death among 55
  expect_interval(statistic("E0229"), 14.201711967818994, 20.243153974266917, 1e-9);  // 17 % of 627
}

TEST_F(Compare, DerivesExactPoissonIntervals) {
  const PublishedStatistic total = statistic("E0014");  // 39 relapses of 55 people: one per person
  EXPECT_NEAR(total.value.value(), 39.0 / 55.0, 1e-12);
  EXPECT_EQ(total.basis, IntervalBasis::derived_poisson);
  expect_interval(total, 0.5042329543533904, 0.9693506157424153, 1e-9);
  // 0.22 relapses a year in 627 people over 104 weeks: 275 in 1249.7 person-years.
  expect_interval(statistic("E0904"), 0.19480939532126978, 0.24765611325682055, 1e-9);
}

TEST_F(Compare, DerivesAnIntervalOfAMeanFromItsSpread) {
  PublishedRow row;
  row.values = {3.1}, row.n = 28, row.unit = "EDSS";
  MapEntry entry;
  entry.estimator = Estimator::mean, entry.sd = 1.84;
  const PublishedStatistic s = published_statistic(row, entry);
  EXPECT_EQ(s.basis, IntervalBasis::derived_student);
  expect_interval(s, 3.1 - 0.7134775166764631, 3.1 + 0.7134775166764631, 1e-9);
  entry.sd.reset(), entry.se = 0.1;
  expect_interval(published_statistic(row, entry), 3.1 - 0.1959963984540054, 3.1 + 0.1959963984540054, 1e-9);
}

TEST_F(Compare, ConvertsPrintedUnits) {
  EXPECT_NEAR(statistic("E0291").value.value(), 11.4 * 12, 1e-12);          // years to months
  EXPECT_NEAR(statistic("E0284").value.value(), 1.3163, 1e-12);             // mm3 to mL
  EXPECT_NEAR(statistic("E0302").value.value(), 100.0 * 158 / 730, 1e-12);  // patients to percent
}

TEST_F(Compare, TakesEachNumberOfACellWithItsOwnPeople) {
  const PublishedStatistic siponimod = statistic("E0913", 1), placebo = statistic("E0913", 2);
  EXPECT_EQ(siponimod.value, 26);
  EXPECT_EQ(placebo.value, 32);
  // The interval that is printed belongs to the hazard ratio.
  EXPECT_EQ(siponimod.basis, IntervalBasis::derived_binomial);
  EXPECT_LT(siponimod.interval->upper - siponimod.interval->lower,
            placebo.interval->upper - placebo.interval->lower);
}

TEST_F(Compare, DoesNotScoreWithoutAnInterval) {
  const PublishedStatistic spread = statistic("E0004");  // median with quartiles, not a confidence interval
  EXPECT_FALSE(spread.interval.has_value());
  EXPECT_FALSE(spread.why_not_scored.empty());
  EXPECT_FALSE(statistic("E0005").interval.has_value());  // mean EDSS without a spread
  EXPECT_FALSE(statistic("E0572").value.has_value());     // a word
  const Comparison c = compare(spread, {24, {23, 25}});
  EXPECT_EQ(c.verdict, Verdict::not_scored);
  EXPECT_EQ(c.why, spread.why_not_scored);
  EXPECT_FALSE(c.z.has_value());
}

TEST_F(Compare, TakesAnIntervalFromSimulatedStudiesWhereNothingElseGivesOne) {
  PublishedStatistic median = statistic("E0291");  // 11.4 years to DSS 4, n = 1562, no interval
  ASSERT_FALSE(median.interval.has_value());
  derive_from_replicates(median, 0.0);
  EXPECT_FALSE(median.interval.has_value());
  derive_from_replicates(median, 4.0);
  EXPECT_EQ(median.basis, IntervalBasis::derived_replicates);
  EXPECT_TRUE(is_derived(median.basis));
  expect_interval(median, 136.8 - 4 * 1.959963984540054, 136.8 + 4 * 1.959963984540054, 1e-9);
  EXPECT_EQ(compare(median, {143, {142, 144}}).verdict, Verdict::inside);
  PublishedStatistic printed = statistic("E0003");
  derive_from_replicates(printed, 4.0);
  EXPECT_EQ(printed.basis, IntervalBasis::printed);
  PublishedStatistic word = statistic("E0572");
  derive_from_replicates(word, 4.0);
  EXPECT_FALSE(word.interval.has_value());
}

TEST_F(Compare, TellsInsideFromOverlapsFromOutside) {
  const PublishedStatistic change = statistic("E0007");  // -1.7 (-2.03 to -1.29)
  EXPECT_EQ(compare(change, {-1.5, {-1.6, -1.4}}).verdict, Verdict::inside);
  EXPECT_EQ(compare(change, {-1.2, {-1.35, -1.05}}).verdict, Verdict::overlaps);
  EXPECT_EQ(compare(change, {-1.0, {-1.1, -0.9}}).verdict, Verdict::outside);
  EXPECT_EQ(compare(change, {std::numeric_limits<double>::quiet_NaN(), {}}).verdict, Verdict::not_scored);
}

TEST_F(Compare, MeasuresDistanceWithBothErrors) {
  const double z = 1.959963984540054;
  // Errors on the sides that face each other: (1.7 - 1.29) / z and 0.1 / z.
  const Comparison linear = compare(statistic("E0007"), {-1.0, {-1.1, -0.9}});
  EXPECT_NEAR(linear.z.value(), 0.7 / std::hypot(0.41 / z, 0.1 / z), 1e-12);
  EXPECT_NEAR(linear.z.value(), 3.2509790536199032, 1e-9);
  const Comparison ratio = compare(statistic("E0003"), {0.20, {0.15, 0.25}});
  EXPECT_EQ(ratio.verdict, Verdict::inside);
  EXPECT_NEAR(ratio.z.value(), 1.6262092098564194, 1e-9);
  EXPECT_FALSE(compare(statistic("E0003"), {0.0, {0.0, 0.1}}).z.has_value());  // no logarithm
  EXPECT_EQ(compare(statistic("E0008"), {0.0, {0.0, 0.0}}).z, 0.0);
}

TEST_F(Compare, ScoresARangeOfPublishedValuesWithoutDistance) {
  const PublishedStatistic share = statistic("E0712");  // 78.7-88.9 over arms and confirmations
  EXPECT_EQ(share.basis, IntervalBasis::range);
  const Comparison c = compare(share, {80, {75, 85}});
  EXPECT_EQ(c.verdict, Verdict::inside);
  EXPECT_FALSE(c.z.has_value());
}

TEST_F(Compare, EveryMappedRowIsScoredOrSaysWhyNot) {
  int scored = 0;
  for (const MapEntry& e : map_->entries) {
    if (e.none) continue;
    const PublishedStatistic s = published_statistic(*published_->find(e.id), e);
    EXPECT_NE(s.interval.has_value(), !s.why_not_scored.empty()) << e.id;
    if (!s.interval) continue;
    ++scored;
    EXPECT_LE(s.interval->lower, s.interval->upper) << e.id;
    if (s.basis != IntervalBasis::range) {
      // An interval derived from a rounded count still holds the printed value.
      EXPECT_LE(s.interval->lower, *s.value + 1e-9) << e.id;
      EXPECT_GE(s.interval->upper, *s.value - 1e-9) << e.id;
    }
  }
  EXPECT_GT(scored, 140);
}

}  // namespace
}  // namespace hortega::evidence
