// SPDX-License-Identifier: Apache-2.0
// Many replicates put together: results worked out by hand, or by the same arithmetic on plain lists.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <utility>

#include "hortega/analysis/quantiles.hpp"
#include "replicates.hpp"

namespace hortega::evidence {
namespace {

using made::contrast;
using made::endpoint;
using made::of_arm;
using Kind = trial::EndpointKind;

const Estimate& find(const RunSummary& summary, const Quantity& q) {
  const Estimate* found = find_estimate(summary, q);
  if (found == nullptr) throw std::out_of_range(q.estimator);
  return *found;
}

// Replicate k: arm A has k people of ten with a relapse on day 100, arm B eight.
trial::Replicate with_events(int k) {
  std::vector<trial::Participant> people;
  for (int i = 0; i < 10; ++i) {
    people.push_back(made::person(0, {2, 2, 3}));
    if (i < k) made::relapse(people.back(), 100 + i);
    people.push_back(made::person(1, {2, 2, 3}));
    if (i < 8) made::relapse(people.back(), 100 + i);
  }
  auto r = made::replicate(people, k);
  r.consort.arms.resize(2);
  r.consort.arms[0].allocated = 10;
  r.consort.arms[0].dropped_out = k;
  return r;
}

TEST(Combination, MomentsQuantilesAndMonteCarloErrors) {
  const auto p = made::protocol({endpoint("relapse", Kind::relapse)});
  const Estimation estimation(p);
  std::vector<ReplicateResult> results;
  for (int k = 0; k < 5; ++k) results.push_back(estimation.estimate(with_events(k)));
  const auto summary = estimation.combine(results);
  const auto& percent = find(summary, of_arm("relapse", "percent", "A"));  // 0, 10, 20, 30, 40
  EXPECT_DOUBLE_EQ(percent.mean, 20);
  EXPECT_NEAR(percent.sd, std::sqrt(250.0), 1e-12);
  EXPECT_NEAR(percent.mc_error, std::sqrt(50.0), 1e-12);
  EXPECT_NEAR(percent.low, 1, 1e-12);  // type 7: 0.1 of the way from 0 to 10
  EXPECT_DOUBLE_EQ(percent.median, 20);
  EXPECT_NEAR(percent.high, 39, 1e-12);
  EXPECT_EQ(percent.n, 10);
  EXPECT_FALSE(percent.is_contrast);

  const auto& hazard = find(summary, contrast("relapse", "hazard_ratio"));
  double sum = 0.0;
  int significant = 0;
  for (const auto& result : results) {
    for (std::size_t q = 0; q < estimation.quantities().size(); ++q) {
      if (!(estimation.quantities()[q] == contrast("relapse", "hazard_ratio"))) continue;
      significant += result.outcomes[q].p < 0.05;
      if (result.number > 0) sum += std::log(result.outcomes[q].value);
    }
  }
  EXPECT_DOUBLE_EQ(hazard.defined_share, 0.8) << "nobody relapsed in arm A of replicate 0";
  EXPECT_NEAR(hazard.mean, std::exp(sum / 4), 1e-12);
  EXPECT_GT(significant, 0);
  EXPECT_LT(significant, 5);
  EXPECT_DOUBLE_EQ(hazard.significant_share, significant / 5.0);
  EXPECT_NEAR(hazard.significant_mc_error,
              std::sqrt(hazard.significant_share * (1 - hazard.significant_share) / 5), 1e-12);
  EXPECT_FALSE(hazard.test.empty());

  const auto flow = std::find_if(summary.flow.begin(), summary.flow.end(), [](const FlowRow& row) {
    return row.arm == "A" && row.box == "dropped_out";
  });
  ASSERT_NE(flow, summary.flow.end());
  EXPECT_DOUBLE_EQ(flow->mean, 2);
  EXPECT_EQ(flow->lowest, 0);
  EXPECT_EQ(flow->highest, 4);
  ASSERT_EQ(summary.definitions.size(), 1U);
  EXPECT_NE(summary.definitions[0].sentence.find("30 days"), std::string::npos);
}

// Ten people an arm: so many of A and of B with a relapse.
trial::Replicate relapses_of(int a, int b, int number) {
  std::vector<trial::Participant> people;
  for (int i = 0; i < 10; ++i) {
    people.push_back(made::person(0, {2, 2, 3}));
    if (i < a) made::relapse(people.back(), 100 + i);
    people.push_back(made::person(1, {2, 2, 3}));
    if (i < b) made::relapse(people.back(), 100 + i);
  }
  return made::replicate(people, number);
}

TEST(Combination, ValuesOfSingleTrialsAreKept) {
  const auto p = made::protocol({endpoint("relapse", Kind::relapse)});
  const Estimation estimation(p);
  const auto summary = estimation.combine(
      {estimation.estimate(relapses_of(3, 5, 1)), estimation.estimate(relapses_of(2, 10, 0))});
  ASSERT_EQ(summary.replicate_values.size(), 2 * summary.estimates.size());
  std::vector<double> percent;
  for (const auto& one : summary.replicate_values) {
    if (!(summary.estimates.at(one.estimate).quantity == of_arm("relapse", "percent", "A"))) continue;
    EXPECT_EQ(one.replicate, static_cast<int>(percent.size())) << "in the order of their numbers";
    EXPECT_TRUE(std::isnan(one.p)) << "a number of one arm has no test";
    percent.push_back(one.value);
  }
  EXPECT_EQ(percent, (std::vector<double>{20, 30}));
}

TEST(Combination, EstimatesNameTheDayAtWhichTheyWereTaken) {
  auto early = endpoint("early", Kind::relapse);
  early.within_day = 182.625;
  auto p = made::protocol({endpoint("relapse", Kind::relapse), early, endpoint("edss", Kind::edss)});
  p.accrual.follow_up_day = 730.5;
  const std::vector<Quantity> asked{of_arm("relapse", "km_percent", "A", 182.625)};
  const Estimation estimation(p, asked);
  const auto summary = estimation.combine({estimation.estimate(relapses_of(2, 5, 0))});
  const auto day = [&](const Quantity& q) { return find(summary, q).evaluated_day; };
  EXPECT_EQ(day(of_arm("relapse", "km_percent", "A", 182.625)), 183) << "half a year ends on a day";
  EXPECT_EQ(day(of_arm("relapse", "km_percent", "A")), 731) << "24 months are 730.5 days";
  EXPECT_EQ(day(of_arm("relapse", "rate", "A")), 731);
  EXPECT_EQ(day(contrast("relapse", "hazard_ratio")), 731);
  EXPECT_EQ(day(of_arm("early", "km_percent", "A")), 183);
  EXPECT_EQ(day(of_arm("early", "percent", "A")), 183);
  EXPECT_EQ(day(of_arm("edss", "mean", "A")), 672) << "the last visit of every 84 days";
  EXPECT_EQ(day(of_arm("edss", "mean", "A", 365.25)), 336) << "the visit next to a year";
}

TEST(Combination, ADifferenceIsInFavourOfOneArm) {
  // A better (10 : 0), B better (0 : 10) twice, no difference (5 : 5).
  const std::vector<std::pair<int, int>> relapsed{{0, 10}, {10, 0}, {10, 0}, {5, 5}};
  const auto p = made::protocol({endpoint("relapse", Kind::relapse)});
  const auto reduction = contrast("relapse", "risk_reduction_percent");
  const std::vector<Quantity> asked{reduction};
  const Estimation estimation(p, asked);
  std::vector<ReplicateResult> results;
  for (std::size_t k = 0; k < relapsed.size(); ++k)
    results.push_back(
        estimation.estimate(relapses_of(relapsed[k].first, relapsed[k].second, static_cast<int>(k))));
  const auto summary = estimation.combine(results);
  const auto& hazard = find(summary, contrast("relapse", "hazard_ratio"));
  EXPECT_DOUBLE_EQ(hazard.significant_share, 0.75);
  EXPECT_DOUBLE_EQ(hazard.significant_for_arm, 0.25);
  EXPECT_DOUBLE_EQ(hazard.significant_for_reference, 0.5) << "an infinite ratio has its side";
  // 100 % where nobody of A relapses; none can be had where nobody of B does.
  EXPECT_DOUBLE_EQ(find(summary, reduction).significant_for_arm, 0.25);
  EXPECT_DOUBLE_EQ(find(summary, reduction).significant_for_reference, 0.0);
}

TEST(Combination, MoreImprovementIsInFavour) {
  const auto p = made::protocol({endpoint("improved", Kind::cdi)});
  const Estimation estimation(p);
  std::vector<trial::Participant> people;
  for (int i = 0; i < 10; ++i) {
    people.push_back(made::person(0, {4, 2, 2, 2, 2, 2}));  // from day 84 on two points better
    people.push_back(made::person(1, {4, 4, 4, 4, 4, 4}));
  }
  const auto summary = estimation.combine({estimation.estimate(made::replicate(people))});
  const auto& hazard = find(summary, contrast("improved", "hazard_ratio"));
  EXPECT_DOUBLE_EQ(hazard.significant_for_arm, 1);
  EXPECT_DOUBLE_EQ(hazard.significant_for_reference, 0);
}

TEST(Combination, TheErrorOfPowerKnowsThatReplicatesOfADrawAreAlike) {
  // Two draws of three replicates: all significant in the one, none in the other. Between draws the analysis
  // of variance has 1.5, within 0, three a draw: 0.5 between; of the mean 0.5 x 18 / 36 = 0.25. The binomial
  // error would be sqrt(0.25 / 6) = 0.20.
  const auto p = made::protocol({endpoint("relapse", Kind::relapse)});
  const Estimation estimation(p);
  std::vector<ReplicateResult> results;
  for (int k = 0; k < 6; ++k)
    results.push_back(estimation.estimate(relapses_of(k % 2 == 0 ? 0 : 5, 5 + 5 * (k % 2 == 0), k)));
  const auto of_draws = estimation.combine(results, {}, 2), of_one = estimation.combine(results);
  const auto& one = find(of_draws, contrast("relapse", "hazard_ratio"));
  EXPECT_DOUBLE_EQ(one.significant_share, 0.5);
  EXPECT_NEAR(one.significant_mc_error, 0.5, 1e-12);
  const auto& fixed = find(of_one, contrast("relapse", "hazard_ratio"));
  EXPECT_NEAR(fixed.significant_mc_error, std::sqrt(0.25 / 6), 1e-12);
}

TEST(Combination, QuantilesKeepWhatIsInfinite) {
  const auto p = made::protocol({endpoint("relapse", Kind::relapse)});
  const Estimation estimation(p);
  // Nobody of arm B relapses: the ratio is infinite as soon as somebody of A does, not defined before.
  std::vector<ReplicateResult> results;
  for (int k = 0; k < 5; ++k) {
    auto replicate = with_events(k);
    for (auto& person : replicate.participants) {
      if (person.arm == 1 && k != 1) person.relapses.clear();
    }
    results.push_back(estimation.estimate(replicate));
  }
  const auto summary = estimation.combine(results);
  // A ratio below 1 (one event against eight), then three times infinity.
  const auto& hazard = find(summary, contrast("relapse", "hazard_ratio"));
  EXPECT_DOUBLE_EQ(hazard.defined_share, 0.2);
  EXPECT_LT(hazard.mean, 1.0);
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(hazard.low, infinity) << "0.075 of the way from the one to infinity";
  EXPECT_EQ(hazard.median, infinity);
  EXPECT_EQ(hazard.high, infinity);
}

TEST(Combination, CurvesAreMeansOverReplicates) {
  const auto p = made::protocol({endpoint("relapse", Kind::relapse)});
  const Estimation estimation(p);
  std::vector<ReplicateResult> results;
  for (int k = 0; k < 5; ++k) results.push_back(estimation.estimate(with_events(k)));
  const auto summary = estimation.combine(results);
  ASSERT_EQ(summary.curves.size(), 2U);
  const auto& a = summary.curves[0];
  EXPECT_EQ(a.arm, "A");
  EXPECT_DOUBLE_EQ(a.survival.front(), 1);
  EXPECT_DOUBLE_EQ(a.at_risk.front(), 10);
  EXPECT_DOUBLE_EQ(a.day.back(), 732);
  EXPECT_NEAR(a.survival.back(), 0.8, 1e-12);
  EXPECT_NEAR(a.low.back(), 0.61, 1e-12);
  EXPECT_NEAR(a.high.back(), 0.99, 1e-12);
  EXPECT_DOUBLE_EQ(a.at_risk.back(), 8);
}

TEST(Combination, OrderOfReplicatesDoesNotMatter) {
  const auto p = made::protocol({endpoint("relapse", Kind::relapse), endpoint("edss", Kind::edss)});
  const Estimation estimation(p);
  std::vector<ReplicateResult> results;
  for (int k = 0; k < 9; ++k) results.push_back(estimation.estimate(with_events(k)));
  const auto one = estimation.combine(results);
  std::reverse(results.begin(), results.end());
  std::swap(results[2], results[5]);
  const auto other = estimation.combine(results);
  ASSERT_EQ(one.estimates.size(), other.estimates.size());
  std::size_t compared = 0;
  for (std::size_t i = 0; i < one.estimates.size(); ++i) {
    ASSERT_EQ(std::isnan(one.estimates[i].mean), std::isnan(other.estimates[i].mean)) << i;
    if (std::isnan(one.estimates[i].mean)) continue;
    ++compared;
    EXPECT_EQ(one.estimates[i].mean, other.estimates[i].mean);
    EXPECT_EQ(one.estimates[i].sd, other.estimates[i].sd);
  }
  EXPECT_GT(compared, 0U);
  ASSERT_FALSE(one.bands.empty());
  ASSERT_EQ(one.bands.size(), other.bands.size());
  for (std::size_t i = 0; i < one.bands.size(); ++i) EXPECT_EQ(one.bands[i].mean, other.bands[i].mean);
}

TEST(Combination, BandsHoldTheQuantilesOfAllPeople) {
  auto p = made::protocol({endpoint("edss", Kind::edss)});
  const Estimation estimation(p);
  std::mt19937_64 random(20240501);
  std::uniform_int_distribution<int> halves(2, 14);
  std::lognormal_distribution<double> snfl(2.3, 0.5);
  std::vector<ReplicateResult> results;
  std::vector<double> edss, nfl;
  for (int k = 0; k < 4; ++k) {
    std::vector<trial::Participant> people;
    for (int i = 0; i < 31; ++i) {
      auto person = made::person(0, {2.0, halves(random) / 2.0});
      person.snfl_pg_per_ml = {10.0, snfl(random)};
      edss.push_back(person.visits[1].edss);
      nfl.push_back(person.snfl_pg_per_ml[1]);
      made::scan(person, 0, 1, 0);
      people.push_back(person);
    }
    results.push_back(estimation.estimate(made::replicate(people, k)));
  }
  const auto summary = estimation.combine(results);
  const std::vector<double> at{0.10, 0.25, 0.50, 0.75, 0.90};
  const auto band_of = [&](std::string_view measure) {
    const auto found = std::find_if(summary.bands.begin(), summary.bands.end(), [&](const Band& band) {
      return band.measure == measure && band.arm == "A";
    });
    if (found == summary.bands.end()) throw std::out_of_range(std::string(measure));
    return *found;
  };
  const auto band = band_of("edss");
  ASSERT_EQ(band.day, (std::vector<double>{0, 84}));
  const auto exact = analysis::quantiles(edss, at);
  EXPECT_EQ(band.n[1], 124);
  EXPECT_NEAR(band.mean[1], std::accumulate(edss.begin(), edss.end(), 0.0) / 124, 1e-12);
  EXPECT_NEAR(band.q10[1], exact[0], 1e-12);
  EXPECT_NEAR(band.q25[1], exact[1], 1e-12);
  EXPECT_NEAR(band.q50[1], exact[2], 1e-12);
  EXPECT_NEAR(band.q75[1], exact[3], 1e-12);
  EXPECT_NEAR(band.q90[1], exact[4], 1e-12);
  const auto binned = band_of("snfl");
  const auto near = analysis::quantiles(nfl, at);
  EXPECT_NEAR(binned.q50[1], near[2], 0.005 * near[2]) << "half a bin of 0.8 %";
  EXPECT_NEAR(binned.q90[1], near[4], 0.005 * near[4]);
  EXPECT_EQ(band_of("gd").q50[0], 1);
  EXPECT_EQ(band_of("cumulative_relapses").mean.back(), 0);
}

// What everybody has is every quantile of it, to the last bit: 0 at baseline and the steps of each scale.
TEST(Combination, BandsHoldTheStepsOfAScaleExactly) {
  const auto p = made::protocol({endpoint("edss", Kind::edss)});
  const Estimation estimation(p);
  std::vector<trial::Participant> people;
  for (int i = 0; i < 5; ++i) {
    auto person = made::person(0, {3.5, 6.5});
    for (auto& visit : person.visits) {
      visit.eq5d = 1.0F, visit.low_contrast_letters = 38.0F, visit.vep_ms = 112.0F;
      visit.symptoms = {0, 10, 2.5, 1, 0, 0, 0, 0, 7};
    }
    made::scan(person, 0, 0, 0, 0.0, 0.0);
    made::scan(person, 168, 2, 0, 0.0, -0.4);
    person.scans[0].t1_volume_ml = person.scans[1].t1_volume_ml = 0.0;
    people.push_back(person);
  }
  std::vector<ReplicateResult> results;
  results.push_back(estimation.estimate(made::replicate(people)));
  const auto summary = estimation.combine(results);
  const auto expect = [&](std::string_view measure, std::size_t day, double value) {
    const auto band = std::find_if(summary.bands.begin(), summary.bands.end(),
                                   [&](const Band& b) { return b.measure == measure && b.arm == "A"; });
    ASSERT_NE(band, summary.bands.end()) << measure;
    ASSERT_LT(day, band->day.size()) << measure;
    for (const auto* q : {&band->q10, &band->q25, &band->q50, &band->q75, &band->q90})
      EXPECT_EQ(q->at(day), value) << measure;
  };
  expect("brain_volume", 0, 0.0);
  expect("brain_volume", 1, -0.4);
  expect("t2_volume", 0, 0.0);
  expect("t1_volume", 1, 0.0);
  expect("edss", 0, 3.5);
  expect("edss", 1, 6.5);
  expect("eq5d", 0, 1.0);
  expect("low_contrast", 1, 38.0);
  expect("vep", 0, 112.0);
  expect("fatigue", 0, 0.0);
  expect("pain", 0, 10.0);
  expect("numbness", 0, 2.5);
  expect("cognition", 1, 7.0);
  expect("gd", 0, 0.0);
  expect("gd", 1, 2.0);
  expect("cumulative_relapses", 1, 0.0);
}

TEST(Combination, HarmsArePercentagesOfAllPeople) {
  auto p = made::protocol({endpoint("edss", Kind::edss)});
  const Estimation estimation(p);
  std::vector<ReplicateResult> results;
  for (int k = 0; k < 2; ++k) {
    std::vector<trial::Participant> people(5, made::person(0, {2}));
    people.push_back(made::person(1, {2}));
    people[0].harms = {{"infection", 2, 5, 9, false}, {"infection", 3, 50, 60, true}};
    if (k == 1) people[1].harms = {{"infection", 5, 70, 80, true}};
    people[2].harms = {{"infection", 1, 800, 810, false}};  // after the end of follow-up
    results.push_back(estimation.estimate(made::replicate(people, k)));
  }
  const auto summary = estimation.combine(results);
  ASSERT_EQ(summary.harms.size(), 2U);
  EXPECT_EQ(summary.harms[0].arm, "A");
  EXPECT_DOUBLE_EQ(summary.harms[0].percent_any, 30);
  EXPECT_DOUBLE_EQ(summary.harms[0].percent_grade3, 30);
  EXPECT_DOUBLE_EQ(summary.harms[0].percent_serious, 30);
  EXPECT_DOUBLE_EQ(summary.harms[0].percent_death, 10);
  EXPECT_DOUBLE_EQ(summary.harms[1].percent_any, 0);
}

// Replicate k without conduct has one person fewer with a relapse in arm A, and in replicate 3 two fewer.
TEST(Combination, TheShareOfConductIsThatOfPairedReplicates) {
  const auto p = made::protocol({endpoint("relapse", Kind::relapse)});
  const Estimation estimation(p);
  std::vector<ReplicateResult> with, without;
  for (int k = 2; k < 7; ++k) with.push_back(estimation.estimate(with_events(k)));
  for (const int k : {4, 3, 2}) {
    without.push_back(estimation.estimate(with_events(k == 3 ? k - 2 : k - 1)));
    without.back().number = k;
  }
  const auto off = estimation.combine(with);
  EXPECT_TRUE(std::isnan(find(off, of_arm("relapse", "percent", "A")).conduct_share));
  const auto summary = estimation.combine(with, without);
  const auto& percent = find(summary, of_arm("relapse", "percent", "A"));
  EXPECT_NEAR(percent.conduct_share, 40.0 / 3.0, 1e-12);  // 10, 20, 10
  EXPECT_NEAR(percent.conduct_mc_error, std::sqrt(200.0 / 3.0 / 2.0 / 3.0), 1e-12);
  EXPECT_EQ(find(summary, of_arm("relapse", "percent", "B")).conduct_share, 0.0);
  // A ratio: geometric means of the pairs.
  const auto q = contrast("relapse", "hazard_ratio");
  const auto at =
      static_cast<std::size_t>(std::find(estimation.quantities().begin(), estimation.quantities().end(), q) -
                               estimation.quantities().begin());
  ASSERT_LT(at, estimation.quantities().size());
  double on_log = 0.0, off_log = 0.0;
  for (int i = 0; i < 3; ++i) on_log += std::log(with[static_cast<std::size_t>(i)].outcomes[at].value) / 3.0;
  for (const auto& r : without) off_log += std::log(r.outcomes[at].value) / 3.0;
  const auto& hazard = find(summary, q);
  EXPECT_NEAR(hazard.conduct_share, std::exp(on_log) - std::exp(off_log), 1e-12);
  EXPECT_GT(hazard.conduct_mc_error, 0.0);
  EXPECT_EQ(hazard.mean, find(off, q).mean) << "the estimate itself is that of all replicates";
}

}  // namespace
}  // namespace hortega::evidence
