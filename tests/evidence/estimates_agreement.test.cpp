// SPDX-License-Identifier: Apache-2.0
// A replicate of realistic size and untidiness: every number equals that of analysis/ called directly on
// lists made with endpoints/ alone.
#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "hortega/analysis/counts.hpp"
#include "hortega/analysis/cox.hpp"
#include "hortega/analysis/linear_model.hpp"
#include "hortega/analysis/proportions.hpp"
#include "hortega/analysis/survival.hpp"
#include "hortega/endpoints/composite.hpp"
#include "hortega/endpoints/worsening.hpp"
#include "replicates.hpp"

namespace hortega::evidence {
namespace {

using made::contrast;
using made::endpoint;
using made::of_arm;
using Kind = trial::EndpointKind;

constexpr int k_end = 732;

// 240 people, relapses by gamma-Poisson with rate 0.8 (A) and 1.4 (B) a year, EDSS walking in half steps, 5 %
// of visits missed, drop-out 15 % a year.
trial::Replicate untidy() {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  std::vector<trial::Participant> people;
  for (std::size_t i = 0; i < 240; ++i) {
    const std::size_t arm = i % 2;
    auto p = made::person(arm);
    const double lost = -std::log(uniform(random)) / 0.15 * 365.25;
    if (lost < k_end) {
      p.end_of_follow_up_day = static_cast<int>(lost);
      p.end_reason = trial::EndReason::dropped_out;
    }
    double edss = 2.0 + std::floor(uniform(random) * 5.0) / 2.0;
    for (int day = 0; day <= p.end_of_follow_up_day; day += 84) {
      const double u = uniform(random);
      edss = std::clamp(edss + (u < 0.12 + 0.08 * static_cast<double>(arm) ? 0.5
                                : u > 0.92                                 ? -0.5
                                                                           : 0.0),
                        1.0, 9.0);
      if (day > 0 && uniform(random) < 0.05) continue;
      endpoints::Visit visit;
      visit.day = day;
      visit.edss = edss;
      p.visits.push_back(visit);
    }
    std::gamma_distribution<double> frailty(1.5, 1.0 / 1.5);
    const double rate = frailty(random) * (arm == 0 ? 0.8 : 1.4) / 365.25;
    for (double day = -std::log(uniform(random)) / rate; day < p.end_of_follow_up_day;
         day -= std::log(uniform(random)) / rate)
      made::relapse(p, static_cast<int>(day));
    std::poisson_distribution<int> lesions(arm == 0 ? 0.4 : 1.5);
    for (int day = 0; day <= p.end_of_follow_up_day; day += 168)
      made::scan(p, day, lesions(random), lesions(random));
    people.push_back(p);
  }
  return made::replicate(people);
}

endpoints::PersonRecord record(const trial::Participant& p) {
  endpoints::PersonRecord r;
  r.visits = p.visits;
  r.relapses = p.relapses;
  r.scans = p.scans;
  r.end_of_follow_up_day = p.end_of_follow_up_day;
  r.dropped_out = p.end_reason == trial::EndReason::dropped_out;
  return r;
}

class Agreement : public ::testing::Test {
 protected:
  static trial::Protocol plan() {
    auto cdp = endpoint("cdp", Kind::cdw, "opera");
    cdp.confirmation_day = 168;
    return made::protocol(
        {cdp, endpoint("relapse", Kind::relapse), endpoint("edss", Kind::edss), endpoint("gd", Kind::gd)});
  }
  const trial::Protocol protocol_ = plan();
  const trial::Replicate replicate_ = untidy();
  const endpoints::WorseningOptions rule_ = endpoints::with_confirmation(
      endpoints::worsening_preset(endpoints::WorseningPreset::opera).options, 168);
};

TEST_F(Agreement, TimesToWorsening) {
  std::vector<double> time, is_a;
  std::vector<std::int32_t> status, group;
  for (const auto& p : replicate_.participants) {
    const auto t = endpoints::time_to_confirmed_change(record(p), rule_);
    time.push_back(t.day);
    status.push_back(t.event);
    group.push_back(p.arm == 0);
    is_a.push_back(p.arm == 0);
  }
  const analysis::SurvivalSample all(time, status);
  ASSERT_GT(std::count(status.begin(), status.end(), 1), 20);
  const auto a = analysis::kaplan_meier(all.only(group, 1));
  EXPECT_DOUBLE_EQ(made::value(protocol_, replicate_, of_arm("cdp", "km_percent", "A", 600)),
                   100 * (1 - analysis::survival_at(a, 600).survival));
  const auto cox = analysis::cox_regression(all, {is_a, 1});
  const auto hazard = made::outcome(protocol_, replicate_, contrast("cdp", "hazard_ratio"));
  EXPECT_NEAR(hazard.value, std::exp(cox.terms[0].coefficient), 1e-12);
  EXPECT_NEAR(hazard.p, analysis::log_rank(all, group, 2).test.p, 1e-14);
  EXPECT_NEAR(made::value(protocol_, replicate_, contrast("cdp", "risk_reduction_percent")),
              100 * (1 - hazard.value), 1e-12);
}

TEST_F(Agreement, RelapseRates) {
  std::vector<std::int32_t> count, arm;
  std::vector<double> years;
  for (const std::size_t wanted : {1U, 0U}) {  // the reference first
    for (const auto& p : replicate_.participants) {
      if (p.arm != wanted) continue;
      const auto e = endpoints::relapse_exposure(record(p), 0, 10000);
      count.push_back(e.relapses);
      years.push_back(e.years);
      arm.push_back(p.arm == 0);
    }
  }
  const auto design = analysis::arm_design(arm, 2);
  const auto fit = analysis::negative_binomial_regression(count, years, {design, 2});
  const auto rate = made::outcome(protocol_, replicate_, contrast("relapse", "rate_ratio"));
  EXPECT_DOUBLE_EQ(rate.value, std::exp(fit.terms[1].coefficient));
  EXPECT_DOUBLE_EQ(rate.p, fit.terms[1].p);
  EXPECT_LT(rate.value, 1);
  double total = 0.0, time = 0.0;
  for (std::size_t i = 0; i < count.size(); ++i) {
    if (arm[i] == 0) continue;
    total += count[i];
    time += years[i];
  }
  EXPECT_DOUBLE_EQ(made::value(protocol_, replicate_, of_arm("relapse", "rate", "A")), total / time);
}

TEST_F(Agreement, EdssChange) {
  std::vector<double> change, baseline;
  std::vector<std::int32_t> arm;
  for (const std::size_t wanted : {1U, 0U}) {
    for (const auto& p : replicate_.participants) {
      const double c = endpoints::edss_change(record(p), 672);
      if (p.arm != wanted || std::isnan(c)) continue;
      change.push_back(c);
      baseline.push_back(p.visits.front().edss);
      arm.push_back(p.arm == 0);
    }
  }
  const auto fit = analysis::ancova(change, baseline, arm, 2).fit;
  const auto difference =
      made::outcome(protocol_, replicate_, contrast("edss", "mean_change_difference", 672));
  EXPECT_DOUBLE_EQ(difference.value, fit.terms[2].coefficient);
  EXPECT_DOUBLE_EQ(difference.p, fit.terms[2].p);
  EXPECT_EQ(difference.n, static_cast<double>(change.size()));
}

TEST_F(Agreement, OddsOfWorsening) {
  std::map<std::size_t, analysis::Binomial> share;
  for (const auto& p : replicate_.participants) {
    ++share[p.arm].n;
    share[p.arm].events += endpoints::time_to_confirmed_change(record(p), rule_).event;
  }
  const auto odds = made::outcome(protocol_, replicate_, contrast("cdp", "odds_ratio"));
  EXPECT_DOUBLE_EQ(odds.value, analysis::odds_ratio(share[0], share[1]).odds_ratio);
  EXPECT_DOUBLE_EQ(odds.p, analysis::two_proportion_test(share[0], share[1]).p);
}

TEST_F(Agreement, LesionsOverScans) {
  double gd = 0.0, scans = 0.0;
  for (const auto& p : replicate_.participants) {
    if (p.arm != 1) continue;
    for (const auto& s : p.scans) {
      if (s.day == 0) continue;
      gd += s.gd_count;
      ++scans;
    }
  }
  EXPECT_DOUBLE_EQ(made::value(protocol_, replicate_, of_arm("gd", "per_scan", "B")), gd / scans);
  const auto ratio = made::outcome(protocol_, replicate_, contrast("gd", "count_reduction_percent"));
  EXPECT_GT(ratio.value, 50);
  EXPECT_LT(ratio.p, 0.001);
}

}  // namespace
}  // namespace hortega::evidence
