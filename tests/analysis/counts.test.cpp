// SPDX-License-Identifier: Apache-2.0
// Count regression against R's glm and MASS::glm.nb, and the fits that cannot be had.
#include "hortega/analysis/counts.hpp"

#include "reference.hpp"

namespace hortega::analysis {
namespace {

using test::agrees;
using test::Named;

void expect_fit(const Named& r, const std::string& name, const CountFit& fit) {
  SCOPED_TRACE(name);
  ASSERT_EQ(fit.status, FitStatus::converged);
  std::vector<double> coefficient, se, p;
  for (const Term& term : fit.terms) {
    coefficient.push_back(term.coefficient);
    se.push_back(term.standard_error);
    p.push_back(term.p);
  }
  EXPECT_TRUE(agrees(coefficient, r.at(name + ".coefficient")));
  EXPECT_TRUE(agrees(se, r.at(name + ".se")));
  EXPECT_TRUE(agrees(p, r.at(name + ".p")));
  EXPECT_TRUE(agrees(fit.covariance, r.at(name + ".covariance")));
  EXPECT_TRUE(agrees(fit.log_likelihood, r.at(name + ".log_likelihood")[0]));
  if (r.contains(name + ".theta")) {
    EXPECT_EQ(fit.dispersion, Dispersion::estimated);
    EXPECT_TRUE(agrees(std::vector<double>{fit.theta, fit.theta_standard_error}, r.at(name + ".theta")));
  }
}

struct Trial {
  Named table = test::read_table("counts.csv");
  Named r = test::read_reference("counts");
  std::vector<double> exposure = table.at("exposure_year");
  std::vector<std::int32_t> relapses = test::integers(table.at("relapses"));

  std::vector<std::int32_t> relapses_without(double arm) const {
    auto count = relapses;
    for (std::size_t i = 0; i < count.size(); ++i) {
      if (table.at("arm")[i] == arm) count[i] = 0;
    }
    return count;
  }
};

TEST(Counts, PoissonAgreesWithGlm) {
  const Trial d;
  const auto x = test::design(d.table, {"1", "arm=1", "arm=2", "baseline_relapses"});
  expect_fit(d.r, "poisson", poisson_regression(d.relapses, d.exposure, {x, 4}));
}

TEST(Counts, NegativeBinomialAgreesWithGlmNb) {
  const Trial d;
  const auto x = test::design(d.table, {"1", "arm=1", "arm=2", "baseline_relapses"});
  expect_fit(d.r, "nb", negative_binomial_regression(d.relapses, d.exposure, {x, 4}));
  const auto arms = arm_design(test::integers(d.table.at("arm")), 3);
  EXPECT_EQ(arms, test::design(d.table, {"1", "arm=1", "arm=2"}));
  expect_fit(d.r, "nb_arms", negative_binomial_regression(d.relapses, d.exposure, {arms, 3}));
  const CountFit lesions =
      negative_binomial_regression(test::integers(d.table.at("lesions")), d.exposure, {arms, 3});
  expect_fit(d.r, "lesions", lesions);
  const Ratio ratio = exponentiate(lesions.terms[2]);
  EXPECT_DOUBLE_EQ(ratio.ratio, std::exp(lesions.terms[2].coefficient));
  EXPECT_DOUBLE_EQ(ratio.interval.upper, std::exp(lesions.terms[2].interval.upper));
}

TEST(Counts, FallsBackToPoissonWithoutOverDispersion) {
  const Trial d;
  const std::vector<double> one(d.exposure.size(), 1.0);
  const auto arms = test::design(d.table, {"1", "arm=1", "arm=2"});
  const CountFit fit = negative_binomial_regression(test::integers(d.table.at("steady")), one, {arms, 3});
  EXPECT_EQ(fit.dispersion, Dispersion::poisson_limit);
  EXPECT_EQ(fit.theta, std::numeric_limits<double>::infinity());
  expect_fit(d.r, "steady", fit);
}

TEST(Counts, FlagsAnArmWithoutRelapses) {
  const Trial d;
  const auto x = test::design(d.table, {"1", "arm=1", "baseline_relapses", "arm=2"});
  const CountFit fit = negative_binomial_regression(d.relapses_without(2), d.exposure, {x, 4});
  EXPECT_EQ(fit.status, FitStatus::monotone_likelihood);
  EXPECT_EQ(fit.dispersion, Dispersion::estimated);
  EXPECT_EQ(fit.terms[3].coefficient, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(exponentiate(fit.terms[3]).ratio, 0.0);
  for (std::size_t j = 0; j < 3; ++j) {  // the rest is the fit without that arm
    EXPECT_TRUE(agrees(fit.terms[j].coefficient, d.r.at("no_arm2.coefficient")[j]));
    EXPECT_TRUE(agrees(fit.terms[j].standard_error, d.r.at("no_arm2.se")[j]));
  }
  EXPECT_TRUE(agrees(std::vector<double>{fit.theta, fit.theta_standard_error}, d.r.at("no_arm2.theta")));
  EXPECT_TRUE(agrees(fit.log_likelihood, d.r.at("no_arm2.log_likelihood")[0]));
}

TEST(Counts, FlagsAReferenceArmWithoutRelapses) {
  const Trial d;
  const auto x = test::design(d.table, {"1", "arm=1", "arm=2", "baseline_relapses"});
  const CountFit fit = negative_binomial_regression(d.relapses_without(0), d.exposure, {x, 4});
  EXPECT_EQ(fit.status, FitStatus::monotone_likelihood);
  EXPECT_EQ(fit.terms[0].coefficient, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(fit.terms[1].coefficient, std::numeric_limits<double>::infinity());
  EXPECT_EQ(fit.terms[2].coefficient, std::numeric_limits<double>::infinity());
  EXPECT_EQ(fit.terms[3].status, TermStatus::estimated);
  EXPECT_TRUE(agrees(fit.terms[3].coefficient, d.r.at("no_arm0.coefficient")[2]));
  EXPECT_TRUE(agrees(fit.terms[3].standard_error, d.r.at("no_arm0.se")[2]));
  EXPECT_TRUE(agrees(fit.theta, d.r.at("no_arm0.theta")[0]));
}

TEST(Counts, FlagsNoEventsAndAliasedColumns) {
  const Trial d;
  const auto x = test::design(d.table, {"1", "arm=1", "arm=2", "arm=0"});
  const std::vector<std::int32_t> none(d.relapses.size(), 0);
  EXPECT_EQ(negative_binomial_regression(none, d.exposure, {x, 4}).status, FitStatus::no_events);
  const CountFit fit = negative_binomial_regression(d.relapses, d.exposure, {x, 4});
  EXPECT_EQ(fit.status, FitStatus::rank_deficient);
  EXPECT_EQ(fit.terms[3].status, TermStatus::aliased);
  EXPECT_TRUE(agrees(fit.terms[2].coefficient, d.r.at("nb_arms.coefficient")[2]));
  EXPECT_THROW(poisson_regression(none, std::vector<double>(none.size(), 0.0), {x, 4}),
               std::invalid_argument);
}

TEST(Counts, TheUnitOfExposureMovesTheInterceptAlone) {
  const Trial d;
  const auto x = test::design(d.table, {"1", "arm=1", "arm=2"});
  auto days = d.exposure;
  for (double& t : days) t *= 365.25;
  const CountFit years = negative_binomial_regression(d.relapses, d.exposure, {x, 3});
  const CountFit other = negative_binomial_regression(d.relapses, days, {x, 3});
  EXPECT_TRUE(agrees(other.terms[0].coefficient, years.terms[0].coefficient - std::log(365.25)));
  EXPECT_TRUE(agrees(other.terms[2].coefficient, years.terms[2].coefficient));
  EXPECT_TRUE(agrees(other.theta, years.theta));
}

}  // namespace
}  // namespace hortega::analysis
