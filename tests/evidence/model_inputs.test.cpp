// SPDX-License-Identifier: Apache-2.0
//
// Years, quality-adjusted years, costs and EDSS states for cost-utility models, against sums by hand.
#include "hortega/evidence/model_inputs.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <tuple>

#include "hortega/economics/account.hpp"
#include "replicates.hpp"

namespace hortega::evidence {
namespace {

constexpr double k_year = 365.25;

/// EDSS and utility the same at every visit.
trial::Participant steady(std::size_t arm, double edss, float utility, int end_day = 732) {
  std::vector<double> seen;
  for (int day = 0; day <= end_day; day += 84) seen.push_back(edss);
  trial::Participant p = made::person(arm, seen, end_day);
  for (auto& visit : p.visits) visit.eq5d = utility;
  return p;
}

trial::Protocol protocol() {
  return made::protocol({made::endpoint("relapse", trial::EndpointKind::relapse)});
}

TEST(ModelInputs, TheYearsOfAFollowUpWithoutAShortRest) {
  const ModelPlan plan(protocol());  // 732 days: a third year of one day would be none
  ASSERT_EQ(plan.periods().size(), 3U);
  EXPECT_EQ(plan.periods()[0].from_day, 0);
  EXPECT_EQ(plan.periods()[0].to_day, 732);
  EXPECT_EQ(plan.periods()[0].year, 0);
  EXPECT_EQ(plan.periods()[1].to_day, 365);
  EXPECT_EQ(plan.periods()[2].year, 2);
  EXPECT_EQ(plan.periods()[2].from_day, 365);
  EXPECT_EQ(plan.periods()[2].to_day, 732);
  trial::Protocol year = protocol();
  year.accrual.follow_up_day = 365.25;
  ASSERT_EQ(ModelPlan(year).periods().size(), 2U);  // the whole, and the year that it is
  EXPECT_EQ(ModelPlan(year).periods()[1].to_day, 365);
  EXPECT_EQ(plan.days().front(), 0);
  EXPECT_EQ(plan.days()[1], 84);
}

TEST(ModelInputs, AStateIsOfTheLastPlannedExaminationUntilDeathOrLeaving) {
  const std::map<double, std::string> states = {
      {0.0, "edss 0-1.5"}, {1.5, "edss 0-1.5"}, {2.0, "edss 2-3.5"}, {3.5, "edss 2-3.5"},
      {4.0, "edss 4-5.5"}, {5.5, "edss 4-5.5"}, {6.0, "edss 6-6.5"}, {6.5, "edss 6-6.5"},
      {7.0, "edss 7-7.5"}, {7.5, "edss 7-7.5"}, {8.0, "edss 8-9.5"}, {9.5, "edss 8-9.5"}};
  for (const auto& [edss, state] : states)
    EXPECT_EQ(k_states[state_on(made::person(0, {edss}), 40)], state) << edss;
  trial::Participant p = made::person(0, {3.0, 5.0}, 200);
  endpoints::Visit relapse;
  relapse.day = 90, relapse.edss = 7.0, relapse.scheduled = false;
  p.visits.push_back(relapse);
  EXPECT_EQ(k_states[state_on(p, 83)], "edss 2-3.5");
  EXPECT_EQ(k_states[state_on(p, 84)], "edss 4-5.5");
  EXPECT_EQ(k_states[state_on(p, 200)], "edss 4-5.5");  // a visit for a relapse is no state
  EXPECT_EQ(k_states[state_on(p, 201)], "not followed");
  made::die(p, 150, false);
  EXPECT_EQ(k_states[state_on(p, 149)], "edss 4-5.5");
  EXPECT_EQ(k_states[state_on(p, 150)], "dead");
  EXPECT_EQ(k_states[state_on(p, 700)], "dead");
}

TEST(ModelInputs, QualityAdjustedYearsUntilLeavingOrDeath) {
  EXPECT_NEAR(qalys_until(steady(0, 2.0, 0.5F), 732), 0.5 * 732 / k_year, 1e-12);
  EXPECT_NEAR(qalys_until(steady(0, 2.0, 0.5F, 100), 732), 0.5 * 100 / k_year, 1e-12);
  trial::Participant dies = steady(0, 2.0, 0.5F);
  made::die(dies, 300, false);
  EXPECT_NEAR(qalys_until(dies, 732), 0.5 * 300 / k_year, 1e-12);
  EXPECT_NEAR(qalys_until(dies, 200), 0.5 * 200 / k_year, 1e-12);
  EXPECT_EQ(qalys_until(dies, 0), 0.0);
  // From 0.5 to 0.75 in 84 days: a straight line, then held.
  trial::Participant better = made::person(0, {2.0, 2.0}, 184);
  better.visits[0].eq5d = 0.5F, better.visits[1].eq5d = 0.75F;
  EXPECT_NEAR(qalys_until(better, 184), (84 * 0.625 + 100 * 0.75) / k_year, 1e-12);
  EXPECT_TRUE(std::isnan(qalys_until(made::person(0, {2.0}), 100)));  // no utility was asked
}

TEST(ModelInputs, PeriodsAddUpAndSharesHaveEverybodyAsDenominator) {
  const auto set = core::ParameterSet::read_directory(std::string(HORTEGA_SOURCE_DIR) + "/data/parameters");
  const auto prices = economics::Prices::load(set);
  const Estimation estimation(protocol(), {}, Scope::report, prices);
  const auto people = [] {
    std::vector<trial::Participant> all = {steady(0, 2.0, 0.75F), steady(0, 6.0, 0.5F, 200),
                                           steady(0, 2.0, 0.75F), steady(1, 4.0, 0.25F)};
    made::die(all[2], 400, false);
    for (const int day : {0, 300, 365, 390, 500})
      all[0].uses.push_back({endpoints::Resource::infusion, "x", day, day, 1.0, false});
    return all;
  };
  const RunSummary summary = estimation.combine(
      {estimation.estimate(made::replicate(people(), 0)), estimation.estimate(made::replicate(people(), 1))});
  std::map<std::tuple<std::string, std::string, std::string, int, int>, OverTrials> found;
  for (const PeriodRow& row : summary.periods) {
    found[{row.measure, row.arm, row.reference, row.from_day, row.to_day}] = row.over;
    EXPECT_EQ(row.people, row.arm == "A" ? 3.0 : 1.0);
  }
  const auto mean = [&](const char* measure, int from, int to, const char* arm = "A",
                        const char* reference = "") {
    return found.at({measure, arm, reference, from, to}).mean;
  };
  EXPECT_EQ(found.size(), 3U * 3U * 3U);  // measures, periods; A, B, A against B
  EXPECT_NEAR(mean("years", 0, 732), (732 + 200 + 400) / k_year / 3, 1e-12);
  EXPECT_NEAR(mean("years", 0, 365), (365 + 200 + 365) / k_year / 3, 1e-12);
  EXPECT_NEAR(mean("years", 365, 732), (367 + 0 + 35) / k_year / 3, 1e-12);
  EXPECT_NEAR(mean("qalys", 365, 732), 0.75 * (367 + 35) / k_year / 3, 1e-12);
  EXPECT_NEAR(mean("qalys", 0, 732), (0.75 * (732 + 400) + 0.5 * 200) / k_year / 3, 1e-12);
  EXPECT_NEAR(mean("qalys", 0, 365, "A", "B"), (0.75 * 730 + 0.5 * 200) / k_year / 3 - 0.25 * 365 / k_year,
              1e-12);
  EXPECT_NEAR(mean("cost", 0, 365), 3 * set.get("price_infusion").value / 3, 1e-9);
  EXPECT_NEAR(mean("cost", 365, 732), 2 * set.get("price_infusion").value / 3, 1e-9);
  // The whole is what the table of resources has.
  for (const ResourceRow& row : summary.resources) {
    if (row.measure == "cost" || row.measure == "years") {
      EXPECT_NEAR(row.mean, mean(row.measure.c_str(), 0, 732, row.arm.c_str(), row.reference.c_str()), 1e-9);
    }
    if (row.measure == "cost_first_year") {
      EXPECT_NEAR(row.mean, mean("cost", 0, 365, row.arm.c_str(), row.reference.c_str()), 1e-9);
    }
  }
  std::map<std::tuple<std::string, int, std::string>, double> share;
  std::map<std::tuple<std::string, int>, double> all;
  for (const StateRow& row : summary.states) {
    share[{row.arm, row.day, row.state}] = row.share.mean;
    all[{row.arm, row.day}] += row.share.mean;
    EXPECT_EQ(row.share.mc_error, 0.0);  // both trials are the same
  }
  for (const auto& [at, sum] : all) EXPECT_NEAR(sum, 1.0, 1e-12);
  EXPECT_NEAR((share.at({"A", 168, "edss 2-3.5"})), 2.0 / 3, 1e-12);
  EXPECT_NEAR((share.at({"A", 168, "edss 6-6.5"})), 1.0 / 3, 1e-12);
  EXPECT_NEAR((share.at({"A", 252, "not followed"})), 1.0 / 3, 1e-12);
  EXPECT_NEAR((share.at({"A", 420, "dead"})), 1.0 / 3, 1e-12);
  EXPECT_NEAR((share.at({"B", 420, "edss 4-5.5"})), 1.0, 1e-12);
  ASSERT_EQ(summary.replicate_periods.size(), 2U * 2U * 3U);
  EXPECT_EQ(summary.replicate_periods[6].replicate, 1);
  EXPECT_EQ(summary.replicate_periods[0].people, 3);
  EXPECT_NEAR(summary.replicate_periods[0].qalys, mean("qalys", 0, 732), 1e-12);
  EXPECT_NEAR(summary.replicate_periods[1].cost, mean("cost", 0, 365), 1e-9);
}

TEST(ModelInputs, WithoutPricesThereIsNoCost) {
  const Estimation estimation(protocol());
  const RunSummary summary = estimation.combine(
      {estimation.estimate(made::replicate({steady(0, 2.0, 0.5F), steady(1, 2.0, 0.5F)}))});
  ASSERT_FALSE(summary.periods.empty());
  for (const PeriodRow& row : summary.periods) EXPECT_NE(row.measure, "cost");
  EXPECT_TRUE(std::isnan(summary.replicate_periods.front().cost));
}

}  // namespace
}  // namespace hortega::evidence
