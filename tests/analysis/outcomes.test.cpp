// SPDX-License-Identifier: Apache-2.0
// Proportions, rates, continuous outcomes, quantiles and Monte Carlo errors against R and published values.
#include "hortega/analysis/linear_model.hpp"
#include "hortega/analysis/monte_carlo.hpp"
#include "hortega/analysis/proportions.hpp"
#include "hortega/analysis/quantiles.hpp"
#include "reference.hpp"

namespace hortega::analysis {
namespace {

using test::agrees;
using test::Named;
using Values = std::vector<double>;

Binomial cell(const Named& r, int i) {
  const auto& line = r.at("proportion" + std::to_string(i));
  return {static_cast<std::int64_t>(line[0]), static_cast<std::int64_t>(line[1])};
}

TEST(Proportions, IntervalsAgreeWithR) {
  const Named r = test::read_reference("outcomes");
  for (int i = 1; i <= 8; ++i) {
    SCOPED_TRACE(i);
    const Binomial x = cell(r, i);
    const Interval score = wilson(x);
    const Interval exact = clopper_pearson(x);
    EXPECT_TRUE(agrees(Values{static_cast<double>(x.events), static_cast<double>(x.n), score.lower,
                              score.upper, exact.lower, exact.upper},
                       r.at("proportion" + std::to_string(i))));
  }
  // Closed form: the two-sided exact upper limit of 0 in 100 is 1 - 0.025^(1/100) = 0.03622.
  EXPECT_NEAR(clopper_pearson({0, 100}).upper, 1.0 - std::pow(0.025, 0.01), 1e-15);
}

TEST(Proportions, DifferencesAgreeWithRAndNewcombe) {
  const Named r = test::read_reference("outcomes");
  for (const int i : {1, 3, 5, 7}) {
    SCOPED_TRACE(i);
    const Difference d = newcombe_difference(cell(r, i), cell(r, i + 1));
    EXPECT_TRUE(agrees(Values{d.difference, d.interval.lower, d.interval.upper},
                       r.at("newcombe" + std::to_string(i))));
    const ChiSquareTest test = two_proportion_test(cell(r, i), cell(r, i + 1));
    EXPECT_TRUE(agrees(Values{test.statistic, test.p}, r.at("chi_square" + std::to_string(i))));
  }
  // Newcombe 1998, table II, method 10: 56/70 - 48/80 is 0.0524 to 0.3339, 9/10 - 3/10 is 0.1705 to 0.8090.
  EXPECT_NEAR(newcombe_difference({56, 70}, {48, 80}).interval.lower, 0.0524, 5e-5);
  EXPECT_NEAR(newcombe_difference({56, 70}, {48, 80}).interval.upper, 0.3339, 5e-5);
  EXPECT_NEAR(newcombe_difference({9, 10}, {3, 10}).interval.lower, 0.1705, 5e-5);
  EXPECT_NEAR(newcombe_difference({9, 10}, {3, 10}).interval.upper, 0.8090, 5e-5);
  EXPECT_EQ(two_proportion_test({0, 5}, {0, 9}).p, 1.0);
  EXPECT_THROW(wilson({1, 0}), std::invalid_argument);
}

TEST(Proportions, SwappingTheArmsChangesTheSignAlone) {
  const Difference d = newcombe_difference({7, 31}, {19, 40});
  const Difference e = newcombe_difference({19, 40}, {7, 31});
  EXPECT_DOUBLE_EQ(d.difference, -e.difference);
  EXPECT_DOUBLE_EQ(d.interval.lower, -e.interval.upper);
  EXPECT_DOUBLE_EQ(odds_ratio({7, 31}, {19, 40}).log_odds_ratio,
                   -odds_ratio({19, 40}, {7, 31}).log_odds_ratio);
}

TEST(Proportions, OddsRatioAgreesWithLogisticRegression) {
  const Named r = test::read_reference("outcomes");
  for (const int i : {1, 3}) {
    const OddsRatio o = odds_ratio(cell(r, i), cell(r, i + 1));
    EXPECT_TRUE(agrees(Values{o.log_odds_ratio, o.standard_error, o.p, o.interval.lower, o.interval.upper},
                       r.at("odds" + std::to_string(i))));
    EXPECT_FALSE(o.half_added);
  }
  const OddsRatio empty = odds_ratio({0, 10}, {5, 10});
  EXPECT_TRUE(empty.half_added);
  EXPECT_NEAR(empty.odds_ratio, 0.5 / 10.5, 1e-15);  // (0.5 / 10.5) / (5.5 / 5.5)
}

TEST(Proportions, ExactPoissonAgreesWithR) {
  const Named r = test::read_reference("outcomes");
  for (const int k : {0, 1, 7, 250}) {
    const RateEstimate rate = exact_poisson_rate(k, 12.5);
    EXPECT_TRUE(agrees(Values{static_cast<double>(k), rate.rate, rate.interval.lower, rate.interval.upper},
                       r.at("rate" + std::to_string(k))));
  }
}

void expect_linear(const Named& r, const std::string& name, const LinearFit& fit) {
  SCOPED_TRACE(name);
  ASSERT_EQ(fit.status, FitStatus::converged);
  Values terms, ci;
  for (const Term& t : fit.terms) {
    for (const double v : {t.coefficient, t.standard_error, t.statistic, t.p}) terms.push_back(v);
    ci.push_back(t.interval.lower);
  }
  for (const Term& t : fit.terms) ci.push_back(t.interval.upper);
  EXPECT_TRUE(agrees(terms, r.at(name + ".terms")));
  EXPECT_TRUE(agrees(ci, r.at(name + ".ci")));
  EXPECT_TRUE(agrees(fit.covariance, r.at(name + ".covariance")));
  EXPECT_TRUE(agrees(Values{fit.residual_sd, static_cast<double>(fit.residual_df)}, r.at(name + ".sigma")));
}

TEST(LinearModel, AgreesWithLm) {
  const Named r = test::read_reference("outcomes");
  const Named d = test::read_table("edss.csv");
  const Ancova result = ancova(d.at("edss_change"), d.at("baseline"), test::integers(d.at("arm")), 3);
  expect_linear(r, "ancova", result.fit);
  Values adjusted = result.adjusted_mean;
  adjusted.insert(adjusted.end(), result.adjusted_mean_se.begin(), result.adjusted_mean_se.end());
  EXPECT_TRUE(agrees(adjusted, r.at("ancova.adjusted")));
  expect_linear(r, "line", linear_regression(d.at("volume_change"), {test::design(d, {"1", "baseline"}), 2}));
}

TEST(LinearModel, FlagsAliasedColumnsAndTooFewPeople) {
  const Named d = test::read_table("edss.csv");
  const auto x = test::design(d, {"1", "baseline", "arm=0", "arm=1", "arm=2"});
  const LinearFit fit = linear_regression(d.at("volume_change"), {x, 5});
  EXPECT_EQ(fit.status, FitStatus::rank_deficient);
  EXPECT_EQ(fit.terms[3].status, TermStatus::estimated);
  EXPECT_EQ(fit.terms[4].status, TermStatus::aliased);
  EXPECT_EQ(fit.residual_df, 206);  // 210 people, 4 independent columns
  const Values two{1.0, 2.0};
  EXPECT_EQ(linear_regression(two, {Values{1, 0, 1, 1}, 2}).status, FitStatus::not_estimable);
  EXPECT_THROW(linear_regression(two, {Values{1, 0, 1}, 2}), std::invalid_argument);
}

TEST(LinearModel, WelchAndWilcoxonAgreeWithR) {
  const Named r = test::read_reference("outcomes");
  const Named d = test::read_table("edss.csv");
  for (const int k : {1, 2}) {
    const MeanDifference m = welch_difference(test::where(d.at("volume_change"), d.at("arm"), k),
                                              test::where(d.at("volume_change"), d.at("arm"), 0));
    ASSERT_EQ(m.status, FitStatus::converged);
    EXPECT_TRUE(
        agrees(Values{m.difference, m.standard_error, m.df, m.t, m.p, m.interval.lower, m.interval.upper},
               r.at("welch" + std::to_string(k))));
    const Values a = test::where(d.at("edss_change"), d.at("arm"), k);
    const Values b = test::where(d.at("edss_change"), d.at("arm"), 0);
    const RankSum w = wilcoxon_rank_sum(a, b);
    EXPECT_TRUE(agrees(Values{w.w, w.p}, r.at("wilcoxon" + std::to_string(k))));
    EXPECT_DOUBLE_EQ(wilcoxon_rank_sum(b, a).z, -w.z);
  }
  EXPECT_EQ(welch_difference(Values{1.0}, Values{1.0, 2.0}).status, FitStatus::not_estimable);
  EXPECT_EQ(welch_difference(Values{1.0, 1.0}, Values{2.0, 2.0}).status, FitStatus::not_estimable);
  EXPECT_EQ(wilcoxon_rank_sum(Values{1.0, 1.0}, Values{1.0}).p, 1.0);
}

TEST(Quantiles, AgreeWithType7) {
  const Named r = test::read_reference("outcomes");
  const Named d = test::read_table("edss.csv");
  const Values p{0, 0.025, 0.1, 0.25, 0.5, 0.731, 0.975, 1};
  EXPECT_TRUE(agrees(quantiles(d.at("volume_change"), p), r.at("quantiles"), 1e-14));
  EXPECT_THROW(quantiles(Values{}, p), std::invalid_argument);
  EXPECT_THROW(quantiles(Values{1.0}, Values{1.5}), std::invalid_argument);
}

TEST(MonteCarlo, AgreesWithRAndMorris) {
  const Named r = test::read_reference("outcomes");
  const Values v = test::read_table("edss.csv").at("volume_change");
  const MonteCarlo bias = monte_carlo_bias(v, -0.5);
  const MonteCarlo spread = monte_carlo_empirical_se(v);
  const MonteCarlo mse = monte_carlo_mse(v, -0.5);
  EXPECT_TRUE(agrees(Values{bias.estimate, bias.standard_error, spread.estimate, spread.standard_error,
                            mse.estimate, mse.standard_error},
                     r.at("monte_carlo")));
  // Power 0.90 with 1000 replicates: 0.00949; alpha 0.025 with 10 000: 0.00156 (Morris 2019).
  EXPECT_NEAR(monte_carlo_proportion(900, 1000).standard_error, 0.00949, 5e-6);
  EXPECT_NEAR(monte_carlo_proportion(250, 10000).standard_error, 0.00156, 5e-6);
  EXPECT_THROW(monte_carlo_mean(Values{1.0}), std::invalid_argument);
}

}  // namespace
}  // namespace hortega::analysis
