// SPDX-License-Identifier: Apache-2.0
// Cox regression against R's coxph, and the fits that cannot be had.
#include "hortega/analysis/cox.hpp"

#include "reference.hpp"

namespace hortega::analysis {
namespace {

using test::agrees;
using test::Named;

void expect_fit(const Named& r, const std::string& name, const CoxFit& fit) {
  SCOPED_TRACE(name);
  ASSERT_EQ(fit.status, FitStatus::converged);
  std::vector<double> coefficient, se, p, ci;
  for (const Term& term : fit.terms) {
    coefficient.push_back(term.coefficient);
    se.push_back(term.standard_error);
    p.push_back(term.p);
    ci.push_back(term.interval.lower);
  }
  for (const Term& term : fit.terms) ci.push_back(term.interval.upper);
  EXPECT_TRUE(agrees(coefficient, r.at(name + ".coefficient")));
  EXPECT_TRUE(agrees(se, r.at(name + ".se")));
  EXPECT_TRUE(agrees(p, r.at(name + ".p")));
  EXPECT_TRUE(agrees(ci, r.at(name + ".ci")));
  EXPECT_TRUE(agrees(fit.covariance, r.at(name + ".covariance")));
  EXPECT_TRUE(agrees(std::vector<double>{fit.log_likelihood_null, fit.log_likelihood},
                     r.at(name + ".log_likelihood")));
  ASSERT_TRUE(fit.wald.has_value());
  EXPECT_TRUE(
      agrees(std::vector<double>{fit.likelihood_ratio.statistic, fit.wald->statistic, fit.score.statistic},
             r.at(name + ".tests")));
  EXPECT_TRUE(
      agrees(std::vector<double>{fit.likelihood_ratio.p, fit.wald->p, fit.score.p}, r.at(name + ".tests_p")));
}

struct ThreeArms {
  Named table = test::read_table("three_arm.csv");
  SurvivalSample sample{table.at("time"), test::integers(table.at("cause"))};

  // The same people with the events of one arm turned into censorings.
  SurvivalSample without_events_in(double arm) const {
    auto status = test::integers(table.at("cause"));
    for (std::size_t i = 0; i < status.size(); ++i) {
      if (table.at("arm")[i] == arm) status[i] = 0;
    }
    return SurvivalSample(table.at("time"), status);
  }
};

TEST(Cox, AgreesWithCoxphEfron) {
  const Named r = test::read_reference("cox");
  const Named gehan = test::read_table("gehan.csv");
  const CoxFit textbook = cox_regression(SurvivalSample(gehan.at("time"), test::integers(gehan.at("status"))),
                                         {gehan.at("arm"), 1});
  expect_fit(r, "gehan", textbook);
  // Efron's estimate for these data: -1.572 (se 0.412), as in Therneau & Grambsch and the coxph literature.
  EXPECT_NEAR(textbook.terms[0].coefficient, -1.572, 5e-4);
  const ThreeArms d;
  const auto x = test::design(d.table, {"arm=1", "arm=2", "age", "edss"});
  expect_fit(r, "three", cox_regression(d.sample, {x, 4}));
  expect_fit(r, "stratified", cox_regression(d.sample, {x, 4}, test::integers(d.table.at("site"))));
  const auto arms = test::design(d.table, {"arm=1", "arm=2"});
  expect_fit(r, "cause2", cox_regression(d.sample.cause_specific(2), {arms, 2}));
}

TEST(Cox, ScoreTestWithoutTiesIsTheLogRankTest) {
  const std::vector<double> time{1, 2.5, 3, 4, 5, 6.5, 7, 8};
  const std::vector<std::int32_t> status{1, 1, 0, 1, 1, 0, 1, 1};
  const std::vector<std::int32_t> arm{0, 1, 0, 0, 1, 1, 0, 1};
  const SurvivalSample sample(time, status);
  const std::vector<double> x(arm.begin(), arm.end());
  EXPECT_NEAR(cox_regression(sample, {x, 1}).score.statistic, log_rank(sample, arm, 2).test.statistic, 1e-12);
}

TEST(Cox, FlagsAnArmWithoutEvents) {
  const Named r = test::read_reference("cox");
  const ThreeArms d;
  const auto x = test::design(d.table, {"arm=1", "age", "arm=2"});
  const CoxFit fit = cox_regression(d.without_events_in(2), {x, 3});
  EXPECT_EQ(fit.status, FitStatus::monotone_likelihood);
  EXPECT_FALSE(fit.wald.has_value());
  EXPECT_EQ(fit.terms[2].status, TermStatus::infinite);
  EXPECT_EQ(fit.terms[2].coefficient, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(fit.terms[2].p, 1.0);
  EXPECT_EQ(exponentiate(fit.terms[2]).ratio, 0.0);
  // The others, and the likelihood, are those of the fit without that arm. The run stops at a likelihood flat
  // to 1e-12, which leaves about its square root in the estimates.
  for (std::size_t j = 0; j < 2; ++j) {
    EXPECT_EQ(fit.terms[j].status, TermStatus::estimated);
    EXPECT_TRUE(agrees(fit.terms[j].coefficient, r.at("no_arm2.coefficient")[j], 1e-6));
    EXPECT_TRUE(agrees(fit.terms[j].standard_error, r.at("no_arm2.se")[j], 1e-6));
  }
  EXPECT_TRUE(agrees(fit.log_likelihood, r.at("no_arm2.log_likelihood")[1]));
  EXPECT_LT(fit.likelihood_ratio.p, 1e-10);  // which the Wald test would have missed
}

TEST(Cox, FlagsAReferenceArmWithoutEvents) {
  const ThreeArms d;
  const SurvivalSample sample = d.without_events_in(0);
  const CoxFit fit = cox_regression(sample, {test::design(d.table, {"arm=1", "arm=2", "age"}), 3});
  EXPECT_EQ(fit.status, FitStatus::monotone_likelihood);
  EXPECT_EQ(fit.terms[0].coefficient, std::numeric_limits<double>::infinity());
  EXPECT_EQ(fit.terms[1].coefficient, std::numeric_limits<double>::infinity());
  // Against arm 1 as reference only arm 0 is infinite, and age must not notice the change of reference.
  const CoxFit other = cox_regression(sample, {test::design(d.table, {"arm=0", "arm=2", "age"}), 3});
  EXPECT_EQ(other.terms[0].coefficient, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(other.terms[1].status, TermStatus::estimated);
  EXPECT_EQ(fit.terms[2].status, TermStatus::estimated);
  EXPECT_TRUE(agrees(fit.terms[2].coefficient, other.terms[2].coefficient, 1e-6));
  EXPECT_TRUE(agrees(fit.terms[2].standard_error, other.terms[2].standard_error, 1e-6));
}

TEST(Cox, FlagsNoEventsAndAliasedColumns) {
  const ThreeArms d;
  const auto x = test::design(d.table, {"arm=1", "arm=2"});
  const std::vector<std::int32_t> nobody(d.sample.size(), 0);
  const CoxFit none = cox_regression(SurvivalSample(d.table.at("time"), nobody), {x, 2});
  EXPECT_EQ(none.status, FitStatus::no_events);
  EXPECT_EQ(none.likelihood_ratio.p, 1.0);
  EXPECT_EQ(none.terms[0].status, TermStatus::aliased);

  const CoxFit twice = cox_regression(d.sample, {test::design(d.table, {"arm=1", "arm=2", "arm=0"}), 3});
  EXPECT_EQ(twice.status, FitStatus::rank_deficient);
  EXPECT_EQ(twice.terms[2].status, TermStatus::aliased);
  const CoxFit once = cox_regression(d.sample, {x, 2});
  for (std::size_t j = 0; j < 2; ++j) {
    EXPECT_TRUE(agrees(twice.terms[j].coefficient, once.terms[j].coefficient));
    EXPECT_TRUE(agrees(twice.terms[j].standard_error, once.terms[j].standard_error));
  }
  EXPECT_EQ(twice.likelihood_ratio.df, 2);

  const CoxFit constant = cox_regression(d.sample, {test::design(d.table, {"1"}), 1});
  EXPECT_EQ(constant.status, FitStatus::rank_deficient);
  EXPECT_THROW(cox_regression(d.sample, {x, 3}), std::invalid_argument);
}

TEST(Cox, SwappingTheArmsChangesTheSignAlone) {
  const ThreeArms d;
  const CoxFit a = cox_regression(d.sample, {test::design(d.table, {"arm=2", "age"}), 2});
  auto x = test::design(d.table, {"arm=2", "age"});
  for (std::size_t i = 0; i < x.size(); i += 2) x[i] = 1.0 - x[i];
  const CoxFit b = cox_regression(d.sample, {x, 2});
  EXPECT_TRUE(agrees(b.terms[0].coefficient, -a.terms[0].coefficient, 1e-10));
  EXPECT_TRUE(agrees(b.terms[0].standard_error, a.terms[0].standard_error, 1e-10));
  EXPECT_TRUE(agrees(b.log_likelihood, a.log_likelihood, 1e-12));
}

}  // namespace
}  // namespace hortega::analysis
