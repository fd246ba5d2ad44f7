// SPDX-License-Identifier: Apache-2.0
// Shares, scores, baselines and studies left out, on examples small enough to do by hand.
#include "hortega/evidence/validation.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "hortega/evidence/row_facts.hpp"

namespace hortega::evidence {
namespace {

constexpr double k_z95 = 1.6448536269514722, k_z75 = 0.6744897501960817;  // R: qnorm(.95), qnorm(.75)

Target target(const std::string& family, const std::string& role, double y, Link link = Link::log) {
  Target t;
  t.row_id = "E0001", t.family = family, t.role = role, t.fitted = role == "calibration", t.y = y, t.se = 0.5,
  t.link = link, t.unit = "ratio";
  return t;
}

ValidationInput input(std::vector<Target> targets, const std::vector<double>& means, double sd) {
  ValidationInput in;
  in.targets = std::move(targets);
  in.facts.resize(in.targets.size());
  in.main.name = "posterior";
  std::vector<Prediction> draw;
  for (const double mean : means) draw.push_back({mean, sd, 0.0});
  in.main.draws.by_draw = {draw};
  return in;
}

TEST(Validation, CountsAndScoresByHand) {
  // Predictive N(0, 1): published at .5 (inside both), 1 (inside 90 only), 3 (outside).
  auto in = input({target("a", "calibration", 0.5), target("b", "calibration", 1.0),
                   target("b", "calibration", 3.0), target("c", "validation", 0.0)},
                  {0.0, 0.0, 0.0, 0.0}, 1.0);
  in.targets[3].set_aside = true;
  const Validation v = validate(in);
  ASSERT_EQ(v.headlines.size(), 3U);
  const Headline& fitted = v.headlines[2];
  EXPECT_EQ(fitted.group, Group::fitted);
  EXPECT_EQ(fitted.chance_alone.rows, 3U);
  EXPECT_EQ(fitted.chance_alone.families, 2U);
  EXPECT_EQ(fitted.chance_alone.inside_50, 1U);
  EXPECT_EQ(fitted.chance_alone.inside_90, 2U);
  EXPECT_NEAR(fitted.chance_alone.interval_score_90, 2.0 * k_z95 + 20.0 * (3.0 - k_z95) / 3.0, 1e-12);
  EXPECT_NEAR(fitted.chance_alone.interval_score_50,
              2.0 * k_z75 + 4.0 * ((1.0 - k_z75) + (3.0 - k_z75)) / 3.0, 1e-12);
  EXPECT_FALSE(fitted.between_added);
  // Family a: 1 - 2/3, family b: (1 - 2/3) + (0 - 2/3): both 1/3 from zero; sqrt(2 * 2/9) / 3.
  EXPECT_NEAR(fitted.chance_alone.clustered_error_90, std::sqrt(4.0 / 9.0) / 3.0, 1e-12);
  // R: binom.test(2, 3)$conf.int
  EXPECT_NEAR(fitted.chance_alone.interval_90().lower, 0.09429932, 1e-7);
  EXPECT_NEAR(fitted.chance_alone.interval_90().upper, 0.99159624, 1e-7);
  EXPECT_EQ(v.headlines[0].chance_alone.rows, 1U);
  EXPECT_EQ(v.headlines[1].chance_alone.rows, 0U);
  EXPECT_TRUE(std::isnan(v.headlines[1].chance_alone.interval_score_90));
  EXPECT_NEAR(v.rows[1].main.chance_alone->z, 1.0, 1e-15);
  EXPECT_NEAR(v.rows[1].main.chance_alone->pit, 0.8413447460685429, 1e-14);  // R: pnorm(1)
  EXPECT_EQ(worst_rows(v, 2), (std::vector<std::size_t>{2, 1}));
}

// Set aside: a (inside), b (inside, outside). Without b all is inside; without a half is.
TEST(Validation, TellsTheHeadlineWithoutEachStudyThatWasSetAside) {
  auto in = input({target("b", "validation", 0.0), target("a", "validation", 0.0),
                   target("b", "validation", 3.0), target("c", "validation", 3.0)},
                  {0.0, 0.0, 0.0, 0.0}, 1.0);
  for (std::size_t i = 0; i < 3; ++i) in.targets[i].set_aside = true;
  const Validation v = validate(in);
  ASSERT_EQ(v.set_aside.size(), 2U);
  EXPECT_EQ(v.set_aside[0].family, "a");
  EXPECT_EQ(v.set_aside[0].alone.rows, 1U);
  EXPECT_EQ(v.set_aside[0].without_it.rows, 2U);
  EXPECT_EQ(v.set_aside[0].without_it.inside_90, 1U);
  EXPECT_EQ(v.set_aside[1].family, "b");
  EXPECT_EQ(v.set_aside[1].alone.inside_90, 1U);
  EXPECT_EQ(v.set_aside[1].without_it.rows, 1U);
  EXPECT_EQ(v.set_aside[1].without_it.inside_90, 1U);
}

TEST(Validation, BetweenStudyTermWidens) {
  auto in = input({target("a", "validation", 2.0)}, {0.0}, 1.0);
  in.main.draws.between_study_sd = {{std::sqrt(3.0)}};  // total variance 4
  const Validation v = validate(in);
  EXPECT_FALSE(v.rows[0].main.chance_alone->inside_90);
  EXPECT_TRUE(v.rows[0].main.between_added->inside_90);
  EXPECT_NEAR(v.rows[0].main.between_added->high_90, 2.0 * k_z95, 1e-12);
  EXPECT_EQ(v.headlines[1].shown().inside_90, 1U);
  EXPECT_EQ(v.headlines[1].chance_alone.inside_90, 0U);
}

TEST(Validation, SplitsTheVariance) {
  auto in = input({target("a", "validation", 0.0)}, {0.0}, 1.0);
  in.main.draws.by_draw = {{{-1.0, 0.5, 0.1}}, {{1.0, 0.7, 0.1}}};
  const Validation v = validate(in);
  const RowPrediction& row = v.rows[0].main;
  EXPECT_NEAR(row.sd_study, std::sqrt(0.5 * 0.25 + 0.5 * 0.49), 1e-15);
  EXPECT_NEAR(row.sd_parameters, std::sqrt(1.0 - 0.01 * 0.5), 1e-15);
  EXPECT_NEAR(row.sd_simulation, 0.1, 1e-15);
}

TEST(Validation, ScoresMeasuresInTheSizeOfTheirUnit) {
  auto in =
      input({target("a", "validation", 3.0, Link::identity), target("b", "validation", 4.0, Link::identity)},
            {3.0, 4.0}, 1.0);
  const Validation v = validate(in);
  const double size = std::sqrt((9.0 + 16.0) / 2.0);
  EXPECT_NEAR(v.rows[0].score_unit, size, 1e-14);
  EXPECT_NEAR(v.headlines[1].chance_alone.interval_score_90, 2.0 * k_z95 / size, 1e-12);
}

TEST(Validation, RowsWithoutANumberAreNotScored) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  auto in =
      input({target("a", "validation", 0.0), target("b", "validation", 0.0), target("c", "validation", 0.0)},
            {0.0, nan, 0.0}, 1.0);
  in.targets[2].why_not_scored = "no interval";
  Validation v = validate(in);
  EXPECT_EQ(v.rows[1].why_not_scored, "the simulation does not give this number");
  EXPECT_EQ(v.rows[2].why_not_scored, "no interval");
  EXPECT_EQ(v.headlines[1].chance_alone.rows, 1U);
  in.main.draws.by_draw.push_back(in.main.draws.by_draw[0]);
  in.main.draws.by_draw.push_back(in.main.draws.by_draw[0]);
  in.main.draws.by_draw[0][1].mean = 0.0;
  v = validate(in);
  EXPECT_EQ(v.rows[1].why_not_scored, "fewer than half of the parameter draws give this number");
  in.facts.pop_back();
  EXPECT_THROW(validate(in), std::invalid_argument);
}

TEST(Validation, BaselinesAreComparedOnTheirOwnRows) {
  auto in = input({target("a", "validation", 0.0), target("b", "validation", 1.0),
                   target("c", "validation", 2.0), target("d", "validation", 0.0)},
                  {0.0, 0.0, 0.0, 0.0}, 1.0);
  for (std::size_t i = 0; i < 3; ++i) in.facts[i].key = "alike";
  in.prior = in.main;
  in.prior->draws.by_draw = {{{9.0, 1.0, 0.0},
                              {9.0, 1.0, 0.0},
                              {9.0, 1.0, 0.0},
                              {std::numeric_limits<double>::quiet_NaN(), 1.0, 0.0}}};
  const Validation v = validate(in);
  const auto& baselines = v.headlines[1].baselines;
  ASSERT_EQ(baselines.size(), 2U);
  EXPECT_EQ(baselines[0].name, "prior");
  EXPECT_EQ(baselines[0].baseline.rows, 3U);
  EXPECT_EQ(baselines[0].baseline.inside_90, 0U);
  EXPECT_EQ(baselines[0].not_scored, 1U);
  EXPECT_EQ(baselines[1].baseline.rows, 3U);
  EXPECT_EQ(baselines[1].engine.rows, 3U);
  EXPECT_EQ(baselines[1].engine.inside_90, 2U);
  EXPECT_EQ(baselines[1].not_scored, 1U);
  EXPECT_EQ(v.rows[0].other_studies, 2U);
  // Studies at 1 and 2 with errors .5: mean 1.5, Q 2, tau^2 (2 - 1) / (8 - 32/8) = .25, se^2 .25.
  EXPECT_NEAR(*v.rows[0].others_mean, 1.5, 1e-14);
  EXPECT_NEAR(v.rows[0].others->z, -1.5 / std::sqrt(0.25 + 0.25 + 0.25), 1e-12);
  // t with one degree of freedom: 6.313752 and 1 (R: qt(c(.95, .75), 1)).
  EXPECT_NEAR(v.rows[0].others->low_90, 1.5 - 6.313751514675041 * std::sqrt(0.75), 1e-9);
  EXPECT_NEAR(v.rows[0].others->high_50, 1.5 + std::sqrt(0.75), 1e-12);
}

// One mean theta, flat prior, studies y_j ~ N(theta, 1): the posterior is N(mean of y, 1/J), and without
// study j it is N(mean of the others, 1/(J - 1)).
TEST(LeaveOneStudyOut, AgreesWithTheExactPosterior) {
  const std::vector<double> y = {0.2, -0.5, 1.1, 0.4, -0.1, 0.3, 0.0, -0.6};
  const double n = static_cast<double>(y.size());
  double sum = 0.0;
  std::vector<Target> targets;
  for (std::size_t j = 0; j < y.size(); ++j) {
    targets.push_back(target(std::string(1, static_cast<char>('a' + j)), "calibration", y[j]));
    targets.back().se = 1.0;
    sum += y[j];
  }
  ValidationInput in = input(targets, std::vector<double>(y.size(), 0.0), 1.0);
  in.main_is_posterior = true;
  in.main.draws.by_draw.clear();
  in.main.draws.people = People::same_for_all_draws;
  constexpr int draws = 2000;
  for (int d = 0; d < draws; ++d) {
    const double theta =
        boost::math::quantile(boost::math::normal(sum / n, 1.0 / std::sqrt(n)), (d + 0.5) / draws);
    in.main.draws.by_draw.emplace_back(y.size(), Prediction{theta, 1.0, 0.0});
  }
  const auto studies = leave_studies_out(in);
  ASSERT_EQ(studies.size(), y.size());
  for (std::size_t j = 0; j < y.size(); ++j) {
    EXPECT_EQ(studies[j].how, StudyLeftOut::How::reweighted);
    EXPECT_LT(studies[j].pareto_k, 0.5);
    const double mean = (sum - y[j]) / (n - 1.0), sd = std::sqrt(1.0 + 1.0 / (n - 1.0));
    const double exact = interval_score(mean - k_z95 * sd, mean + k_z95 * sd, y[j], 0.9);
    EXPECT_NEAR(studies[j].left_out->interval_score_90, exact, 0.01) << j;
    const double with = std::sqrt(1.0 + 1.0 / n);
    EXPECT_NEAR(studies[j].fitted.interval_score_90, 2.0 * k_z95 * with, 0.005) << j;
  }
}

// The same with a fact of study a in the fit, one more N(theta, 1) observation: with it the posterior is
// N(mean of all nine, 1/9); without study a both are gone, without any other study the fact stays.
TEST(LeaveOneStudyOut, AFactGoesWithItsStudyAlone) {
  const std::vector<double> y = {2.0, -0.5, 1.1, 0.4, -0.1, 0.3, 0.0, -0.6};
  const double fact = 1.0;
  const double n = static_cast<double>(y.size()) + 1.0;
  double sum = fact;
  std::vector<Target> targets;
  for (std::size_t j = 0; j < y.size(); ++j) {
    targets.push_back(target(std::string(1, static_cast<char>('a' + j)), "calibration", y[j]));
    targets.back().se = 1.0;
    sum += y[j];
  }
  ValidationInput in = input(targets, std::vector<double>(y.size(), 0.0), 1.0);
  in.main_is_posterior = true;
  in.main.draws.by_draw.clear();
  in.main.draws.people = People::same_for_all_draws;
  FactOfStudy of_a;
  of_a.family = "a";
  constexpr int draws = 2000;
  for (int d = 0; d < draws; ++d) {
    const double theta =
        boost::math::quantile(boost::math::normal(sum / n, 1.0 / std::sqrt(n)), (d + 0.5) / draws);
    in.main.draws.by_draw.emplace_back(y.size(), Prediction{theta, 1.0, 0.0});
    of_a.log_likelihood.push_back(-0.5 * (fact - theta) * (fact - theta));
  }
  in.facts_in_fit = {of_a};
  const auto exact = [&](double left_out_sum, double left_out, double at) {
    const double mean = (sum - left_out_sum) / (n - left_out), sd = std::sqrt(1.0 + 1.0 / (n - left_out));
    return interval_score(mean - k_z95 * sd, mean + k_z95 * sd, at, 0.9);
  };
  const auto studies = leave_studies_out(in);
  ASSERT_EQ(studies.size(), y.size());
  ASSERT_TRUE(studies[0].left_out);
  // What stays if the fact is forgotten is two units better: the fact lies on study a's side.
  const double without_a = exact(y[0] + fact, 2.0, y[0]);
  ASSERT_GT(without_a, exact(y[0], 1.0, y[0]) + 1.5);
  EXPECT_NEAR(studies[0].left_out->interval_score_90, without_a, 0.3);
  for (std::size_t j = 1; j < y.size(); ++j) {
    ASSERT_TRUE(studies[j].left_out) << j;
    EXPECT_NEAR(studies[j].left_out->interval_score_90, exact(y[j], 1.0, y[j]), 0.01) << j;
  }
  in.facts.resize(in.targets.size());
  in.facts_in_fit[0].log_likelihood.pop_back();
  EXPECT_THROW(validate(in), std::invalid_argument);
}

TEST(LeaveOneStudyOut, AStudyThatDecidesTheFitIsNotComputedUnlessRefitted) {
  // 100 draws that only this row tells apart: without it almost every draw has no weight.
  ValidationInput in = input({target("a", "calibration", 0.0)}, {0.0}, 0.1);
  in.targets[0].se = 0.01;
  in.main_is_posterior = true;
  in.main.draws.by_draw.clear();
  for (int d = 0; d < 100; ++d)
    in.main.draws.by_draw.push_back(
        {{0.05 * boost::math::quantile(boost::math::normal(), (d + 0.5) / 100.0), 0.1, 0.0}});
  auto studies = leave_studies_out(in);
  ASSERT_EQ(studies.size(), 1U);
  EXPECT_EQ(studies[0].how, StudyLeftOut::How::not_computed);
  EXPECT_FALSE(studies[0].left_out);
  EXPECT_GT(studies[0].pareto_k, 0.5);
  in.refits["a"] = in.main.draws;
  studies = leave_studies_out(in);
  EXPECT_EQ(studies[0].how, StudyLeftOut::How::refitted);
  EXPECT_EQ(studies[0].left_out->rows, 1U);
}

TEST(RowFacts, KeysAreAlikeAcrossProtocols) {
  trial::Protocol p;
  p.id = "p";
  trial::Arm graft, control;
  graft.id = "HSCT", graft.regimens = {{"ahsct-cy-atg", 1.0, 28.0, {}}};
  control.id = "DMT", control.regimens = {{"natalizumab", 0.6, 0.0, {}}, {"placebo", 0.4, 0.0, {}}};
  p.arms = {graft, control};
  trial::EndpointSpec e;
  e.id = "prog", e.kind = trial::EndpointKind::cdw, e.label = "Progression: EDSS";
  p.endpoints = {e};
  Target t;
  t.endpoint = "prog", t.estimator = "events", t.arms = "HSCT";
  const RowFacts facts = row_facts(t, p);
  EXPECT_EQ(facts.domain, Domain::progression);
  EXPECT_EQ(facts.endpoint_words, "Progression");
  t.estimator = "km_percent";
  EXPECT_EQ(row_facts(t, p).key, facts.key);
  t.estimator = "hazard_ratio", t.arms = "HSCT / DMT";
  EXPECT_NE(row_facts(t, p).key, facts.key);
  EXPECT_EQ(arm_class(p, "DMT"), "drug");
  EXPECT_EQ(arm_class(p, "all"), "all");
  t.estimator = "km_percent", t.arms = "HSCT";
  p.endpoints[0].kind = trial::EndpointKind::t25fw;
  p.endpoints[0].worsening = 0.2;
  const std::string slower = row_facts(t, p).key;
  p.endpoints[0].worsening.reset();
  p.endpoints[0].improvement = 0.2;
  EXPECT_NE(row_facts(t, p).key, slower);
  t.arms = "nobody";
  EXPECT_EQ(row_facts(t, p).key, "");
  t.endpoint = "none";
  EXPECT_THROW(row_facts(t, p), std::invalid_argument);
}

}  // namespace
}  // namespace hortega::evidence
