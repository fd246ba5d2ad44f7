// SPDX-License-Identifier: Apache-2.0
// Estimators on small trials whose answers are worked out by hand in the comments.
#include "hortega/evidence/estimates.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "hortega/evidence/compare.hpp"
#include "hortega/evidence/outcomes.hpp"
#include "replicates.hpp"

namespace hortega::evidence {
namespace {

using made::contrast;
using made::endpoint;
using made::of_arm;
using made::value;
using Kind = trial::EndpointKind;

constexpr double k_year = 365.25;

// Five people of arm A: relapses on days 100 and 150; 200; none and lost on day 300; none; 700.
trial::Replicate relapsing() {
  std::vector<trial::Participant> people;
  for (const int end : {732, 732, 300, 732, 732}) people.push_back(made::person(0, {2, 2, 2}, end));
  made::relapse(people[0], 100);
  made::relapse(people[0], 150);
  made::relapse(people[1], 200);
  made::relapse(people[4], 700);
  people[2].end_reason = trial::EndReason::dropped_out;
  return made::replicate(people);
}

TEST(Estimates, RelapsesByHand) {
  const auto p = made::protocol({endpoint("relapse", Kind::relapse)});
  const auto r = relapsing();
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("relapse", "events", "A")), 3);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("relapse", "percent", "A")), 60);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("relapse", "percent", "A", k_year)), 40);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("relapse", "free_percent", "A", k_year)), 60);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("relapse", "count", "A")), 4);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("relapse", "mean_count", "A", k_year)), 0.6);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("relapse", "median_count", "A")), 1);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("relapse", "percent_with", "A")), 60);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("relapse", "percent_without", "A")), 40);
  // 4 x 732 + 300 days at risk.
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("relapse", "rate", "A")), 4 / ((4 * 732 + 300) / k_year));
  // S: 4/5 after day 100, 3/5 after 200, 2 at risk at 700: 3/10.
  EXPECT_NEAR(value(p, r, of_arm("relapse", "km_percent", "A", k_year)), 40, 1e-12);
  EXPECT_NEAR(value(p, r, of_arm("relapse", "km_free_percent", "A")), 30, 1e-12);
  EXPECT_NEAR(value(p, r, of_arm("relapse", "median_time_months", "A")), 700 / 30.4375, 1e-12);
  EXPECT_TRUE(std::isnan(value(p, r, of_arm("relapse", "median_time_months", "A", k_year))));
  EXPECT_TRUE(std::isnan(value(p, r, of_arm("relapse", "rate", "B")))) << "nobody is in arm B";
}

TEST(Estimates, AHorizonTakesInItsOwnVisit) {
  // Six months are 182.6 days, their visit falls on day 183.
  const auto p = made::protocol({endpoint("relapse", Kind::relapse)});
  auto on = made::person(0, {2, 2, 2});
  made::relapse(on, 183);
  const auto r = made::replicate({on, made::person(0, {2, 2, 2})});
  EXPECT_EQ(value(p, r, of_arm("relapse", "percent", "A", 182.625)), 50);
  EXPECT_NEAR(value(p, r, of_arm("relapse", "km_percent", "A", 182.625)), 50, 1e-12);
  EXPECT_EQ(value(p, r, of_arm("relapse", "percent", "A", 182)), 0);
}

TEST(Estimates, TheWholeFollowUpTakesInItsLastVisit) {
  // 24 months are 730.5 days, the last visit falls on day 731; 12 months are 365.25 days, it falls on day
  // 365.
  for (const auto& [follow_up_day, last] : {std::pair{730.5, 731}, std::pair{365.25, 365}}) {
    auto p = made::protocol({endpoint("gd", Kind::gd), endpoint("relapse", Kind::relapse)});
    p.accrual.follow_up_day = follow_up_day;
    auto found = made::person(0, {2, 2, 2}, last), free = found;
    for (const int day : {0, last}) {
      made::scan(found, day, day == last ? 1 : 0, 0);
      made::scan(free, day, 0, 0);
    }
    made::relapse(found, last);
    const auto r = made::replicate({found, free});
    EXPECT_NEAR(value(p, r, of_arm("relapse", "km_percent", "A")), 50, 1e-12) << follow_up_day;
    EXPECT_NEAR(value(p, r, of_arm("gd", "km_percent", "A")), 50, 1e-12) << follow_up_day;
    EXPECT_NEAR(value(p, r, of_arm("gd", "km_free_percent", "A")), 50, 1e-12) << follow_up_day;
    EXPECT_DOUBLE_EQ(value(p, r, of_arm("gd", "percent", "A")), 50) << "the crude share agrees";
    // And the curve ends there, with both still at risk.
    const Estimation estimation(p);
    const auto summary = estimation.combine({estimation.estimate(r)});
    const auto curve = std::find_if(summary.curves.begin(), summary.curves.end(),
                                    [](const Curve& c) { return c.endpoint == "gd" && c.arm == "A"; });
    ASSERT_NE(curve, summary.curves.end());
    EXPECT_EQ(curve->day.back(), last);
    EXPECT_NEAR(curve->survival.back(), 0.5, 1e-12);
    EXPECT_EQ(curve->at_risk.back(), 2);
  }
}

TEST(Estimates, TheAttackOfTheOnsetIsNoRelapse) {
  auto relapses = endpoint("relapse", Kind::relapse);
  relapses.origin = trial::Origin::onset;
  auto with = relapses;
  with.id = "with";
  with.count_onset = true;
  const auto p = made::protocol({relapses, with});
  auto one = made::person(0, {2, 2, 2});
  made::relapse(one, 0);
  made::relapse(one, 200);
  const auto r = made::replicate({one});
  EXPECT_EQ(value(p, r, of_arm("relapse", "mean_count", "A", 700)), 1);
  EXPECT_EQ(value(p, r, of_arm("with", "mean_count", "A", 700)), 2);
}

TEST(Estimates, ARateWithinYearsCountsTheirRelapsesAndTheirTime) {
  auto window = endpoint("window", Kind::relapse);
  window.not_before_day = 200;
  window.within_day = 400;
  const auto p = made::protocol({window});
  auto whole = made::person(0, {2, 2, 2});
  for (const int day : {150, 200, 399, 500}) made::relapse(whole, day);  // two within
  auto lost = made::person(0, {2, 2, 2}, 300);
  made::relapse(lost, 250);
  auto before = made::person(0, {2, 2}, 150);  // gone before it begins
  made::relapse(before, 100);
  auto after = made::person(0, {2, 2, 2});
  made::relapse(after, 400);  // its end is not within
  const auto r = made::replicate({whole, lost, before, after});
  // 200 + 100 + 0 + 200 days.
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("window", "rate", "A")), 3 / (500 / k_year));
}

TEST(Estimates, ALimitTakesInTheVisitThatItNames) {
  // Within six months, 182.625 days: their visit falls on day 183.
  auto early = endpoint("early", Kind::relapse);
  early.within_day = 182.625;
  const auto p = made::protocol({early});
  auto at = made::person(0, {2, 2, 2}), after = at;
  made::relapse(at, 183);
  made::relapse(after, 184);
  const auto r = made::replicate({at, after});
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("early", "percent", "A")), 50);
  EXPECT_NEAR(value(p, r, of_arm("early", "km_percent", "A")), 50, 1e-12);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("early", "mean_count", "A")), 0.0) << "a rate ends before its last day";
}

TEST(Estimates, ALimitIsNedasLandmark) {
  auto limited = endpoint("limited", Kind::neda3);
  limited.within_day = 182.625;  // the nearest visit of every 84 days is on day 168
  const auto p =
      made::protocol({endpoint("cdp", Kind::cdw, "opera"), endpoint("neda", Kind::neda3), limited});
  std::vector<trial::Participant> people(2, made::person(0, {2, 2, 2, 2, 2, 2, 2, 2, 2}));
  for (auto& person : people) {
    for (const int day : {0, 168, 336, 504, 672}) made::scan(person, day, 0, 0);
  }
  made::relapse(people[1], 400);  // after six months
  const auto r = made::replicate(people);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("neda", "free_percent", "A")), 50);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("limited", "free_percent", "A")), 100);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("limited", "free_percent", "A", 672)), 100)
      << "asked later all the same";
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("limited", "events", "A")), 0);
}

TEST(Estimates, FewerPeopleSpreadMore) {
  EXPECT_EQ(spread_in_fewer(1656, 414), 2);  // a quarter of them
  EXPECT_EQ(spread_in_fewer(80, 110), 1);    // analysed of those randomised
  EXPECT_EQ(spread_in_fewer(80, 0), 1);
}

TEST(Estimates, RescueEndsObservationOnlyWhereItCensors) {
  auto people = relapsing().participants;
  people[1].rescue_day = 180;  // before the relapse on day 200
  const auto r = made::replicate(people);
  auto p = made::protocol({endpoint("relapse", Kind::relapse)});
  const auto q = of_arm("relapse", "events", "A");
  ASSERT_EQ(p.analysis.estimand, trial::Estimand::treatment_policy);
  EXPECT_EQ(value(p, r, q), 3);
  people[1].censor_day = 180;
  EXPECT_EQ(value(p, made::replicate(people), q), 2);
  p.analysis.estimand = trial::Estimand::hypothetical;
  EXPECT_EQ(value(p, r, q), 2);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("relapse", "rate", "A")), 3 / ((3 * 732 + 300 + 180) / k_year));
}

TEST(Estimates, WhileOnTreatmentEndsWhenTheTreatmentStops) {
  auto people = relapsing().participants;
  people[0].stopped_day = 120;  // between the relapses of days 100 and 150
  const auto r = made::replicate(people);
  auto p = made::protocol({endpoint("relapse", Kind::relapse)});
  EXPECT_EQ(value(p, r, of_arm("relapse", "count", "A")), 4);
  p.analysis.estimand = trial::Estimand::while_on_treatment;
  EXPECT_EQ(value(p, r, of_arm("relapse", "count", "A")), 3);
}

TEST(Estimates, TimeFromTheGraft) {
  auto spec = endpoint("relapse", Kind::relapse);
  spec.origin = trial::Origin::transplant;
  const auto p = made::protocol({spec});
  auto grafted = made::person(0, {2, 2}), crossed = made::person(1, {2, 2});
  grafted.transplant_day = 60;
  made::relapse(grafted, 20);   // before the graft: not counted
  made::relapse(grafted, 160);  // 100 days after it
  crossed.rescue_day = 400;
  crossed.transplant_day = 430;  // the rescue's graft is no origin
  made::relapse(crossed, 50);
  const auto r = made::replicate({grafted, crossed});
  EXPECT_NEAR(value(p, r, of_arm("relapse", "median_time_months", "A")), 100 / 30.4375, 1e-12);
  EXPECT_NEAR(value(p, r, of_arm("relapse", "median_time_months", "B")), 50 / 30.4375, 1e-12);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("relapse", "rate", "A")), 1 / ((732 - 60) / k_year));
}

// Three graft recipients: engrafted on day 12, never below, and without a graft at all.
TEST(Estimates, WhoNeverFallsBelowHasNoDayOfEngraftment) {
  auto spec = endpoint("platelets", Kind::platelet_engraftment);
  spec.origin = trial::Origin::transplant;
  const auto p = made::protocol({spec});
  auto low = made::person(0, {2, 2}), high = made::person(0, {2, 2}), without = made::person(0, {2, 2});
  low.transplant_day = high.transplant_day = 60;
  low.milestones.push_back({endpoints::Milestone::platelet_engraftment, 72, 12.0});
  high.milestones.push_back({endpoints::Milestone::platelet_not_below, 90, 30.0});
  const auto r = made::replicate({low, high, without});
  EXPECT_EQ(value(p, r, of_arm("platelets", "mean", "A")), 12);
  EXPECT_EQ(value(p, r, of_arm("platelets", "median", "A")), 12);
  EXPECT_EQ(value(p, r, of_arm("platelets", "percent", "A")), 100) << "of those at risk";
  EXPECT_EQ(value(p, r, of_arm("platelets", "not_below_percent", "A")), 50) << "of the grafted";
}

TEST(Estimates, WorseningWithOverrides) {
  auto spec = endpoint("cdp", Kind::cdw, "opera");
  // Rise on day 84, held on 168 (84 days later) and 252 (168 later), gone on 336.
  const auto r = made::replicate({made::person(0, {2, 3, 3, 3, 2, 2}), made::person(0, {2, 2, 2, 2, 2, 2})});
  const auto percent = [&](const trial::EndpointSpec& s) {
    return value(made::protocol({s}), r, of_arm(s.id, "percent", "A"));
  };
  EXPECT_EQ(percent(spec), 50);
  spec.confirmation_day = 168;
  EXPECT_EQ(percent(spec), 50);
  spec.confirmation_day = 252;
  EXPECT_EQ(percent(spec), 0);
  spec.confirmation_day = 84;
  spec.sustained = true;
  EXPECT_EQ(percent(spec), 0);
  spec.sustained = false;
  spec.not_before_day =
      168;  // 14 days of visit window: onset counts from day 154, where the rise is old but still seen
  EXPECT_EQ(percent(spec), 50);
  spec.not_before_day = 300;
  EXPECT_EQ(percent(spec), 0);
  spec.preset = "no-such";
  EXPECT_THROW(percent(spec), std::invalid_argument);
}

TEST(Estimates, DeathsCompeteWithDeathsOfTreatment) {
  const auto p =
      made::protocol({endpoint("death", Kind::death), endpoint("trm", Kind::trm),
                      endpoint("rfs", Kind::relapse_free_survival), endpoint("relapse", Kind::relapse)});
  std::vector<trial::Participant> people(4, made::person(0, {2, 2}));
  made::die(people[0], 50, false);
  made::die(people[1], 100, true);
  made::relapse(people[2], 300);
  const auto r = made::replicate(people);
  EXPECT_NEAR(value(p, r, of_arm("death", "km_percent", "A")), 50, 1e-12);
  // Aalen-Johansen: S(100-) = 3/4, hazard of cause 1 there 1/3. One minus Kaplan-Meier would give 1/3.
  EXPECT_NEAR(value(p, r, of_arm("trm", "km_percent", "A")), 25, 1e-12);
  EXPECT_NEAR(value(p, r, of_arm("rfs", "km_percent", "A")), 75, 1e-12);
  EXPECT_NEAR(value(p, r, of_arm("relapse", "km_percent", "A")), 50, 1e-12) << "death censors";
}

TEST(Estimates, HarmsByTermAndGrade) {
  auto mild = endpoint("infection", Kind::adverse_event), severe = endpoint("serious", Kind::adverse_event);
  mild.term = severe.term = "infection";
  severe.grade_at_least = 3;
  auto toxicity = endpoint("toxicity", Kind::adverse_event);
  toxicity.term = "non-haematological toxicity";
  toxicity.grade_at_least = 4;
  toxicity.within_day = 100;
  const auto p = made::protocol({mild, severe, toxicity});
  std::vector<trial::Participant> people(4, made::person(0, {2, 2}));
  people[0].harms = {{"viral infection", 2, 10, 20, false}, {"infection", 3, 400, 410, true}};
  people[1].harms = {{"neutropenia", 4, 12, 20, false}, {"mucositis", 4, 150, 160, true}};
  people[2].harms = {{"febrile neutropenia", 4, 30, 35, true}};
  const auto r = made::replicate(people);
  EXPECT_EQ(value(p, r, of_arm("infection", "percent", "A")), 25);
  EXPECT_EQ(value(p, r, of_arm("infection", "count", "A")), 2);
  EXPECT_EQ(value(p, r, of_arm("serious", "percent", "A", 365)), 0);
  EXPECT_EQ(value(p, r, of_arm("serious", "percent", "A")), 25);
  EXPECT_EQ(value(p, r, of_arm("toxicity", "percent", "A")), 25)
      << "neutropenia is of the blood, mucositis is late";
}

TEST(Estimates, HarmsAreKnownByTheirWords) {
  EXPECT_TRUE(is_term("infusion related reaction", "infusion reaction"));
  EXPECT_TRUE(is_term("autoimmune thyroid disease", "thyroid disease"));
  EXPECT_TRUE(is_term("sepsis", "infection"));
  EXPECT_FALSE(is_term("febrile neutropenia", "infection"));
  EXPECT_FALSE(is_term("injection site reaction", "infusion reaction"));
  EXPECT_FALSE(is_term("infection", ""));
  EXPECT_FALSE(is_term("lymphocyte count decreased", "non-haematological toxicity"));
  EXPECT_TRUE(is_term("sepsis", "non-haematological toxicity"));
}

TEST(Estimates, ValuesAtVisits) {
  const auto p = made::protocol(
      {endpoint("edss", Kind::edss), endpoint("brain", Kind::brain_volume), endpoint("t2", Kind::t2_volume)});
  std::vector<trial::Participant> people = {made::person(0, {2.0, 2.0, 2.5, 3.0, 3.5}),
                                            made::person(0, {4.0, 4.0, 4.0, 4.0, 4.0}),
                                            made::person(0, {3.0, 3.0, 2.0})};
  people[1].visits[4].scheduled = false;  // seen on day 336 for symptoms alone
  made::scan(people[0], 0, 0, 0, 4.0, 0.0);
  made::scan(people[0], 336, 0, 0, 5.0, -1.0);
  made::scan(people[1], 0, 0, 0, 10.0, 0.0);
  made::scan(people[1], 340, 0, 0, 9.0, -3.0);
  const auto r = made::replicate(people);
  // Day 365 is asked; the planned visit nearest to it is on day 336, where person 0 alone has a scheduled
  // EDSS.
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("edss", "mean", "A", 365)), 3.5);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("edss", "mean", "A", 168)), (2.5 + 4.0 + 2.0) / 3);
  EXPECT_NEAR(value(p, r, of_arm("edss", "mean_change", "A", 168)), (0.5 + 0.0 - 1.0) / 3, 1e-12);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("edss", "median_change", "A", 168)), 0.0);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("brain", "mean_change", "A", 336)), -2.0);
  EXPECT_NEAR(value(p, r, of_arm("brain", "percent_change_per_year", "A", 336)),
              50 * (std::pow(0.99, k_year / 336) - 1) + 50 * (std::pow(0.97, k_year / 340) - 1), 1e-12);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("t2", "mean_percent_change", "A", 336)), (25.0 - 10.0) / 2);
  EXPECT_NEAR(value(p, r, of_arm("t2", "geometric_mean_percent_change", "A", 336)),
              100 * (std::sqrt(1.25 * 0.9) - 1), 1e-12);
}

TEST(Estimates, LesionsOverScans) {
  const auto p = made::protocol({endpoint("gd", Kind::gd), endpoint("new-t2", Kind::new_t2)});
  std::vector<trial::Participant> people(3, made::person(0, {2, 2}));
  for (auto& person : people) made::scan(person, 0, 7, endpoints::kMissingCount);  // baseline does not count
  made::scan(people[0], 168, 2, 3);
  made::scan(people[0], 336, 0, 1);
  made::scan(people[1], 168, 0, 0);  // person 2 has no scan after baseline
  const auto r = made::replicate(people);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("gd", "per_scan", "A")), 2.0 / 3);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("new-t2", "mean_count", "A")), 2);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("new-t2", "mean_count", "A", 168)), 1.5);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("gd", "percent_with", "A")), 50);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("gd", "percent_with_at_visit", "A", 336)), 0);
}

TEST(Estimates, EyesUtilityAndBlackHoles) {
  const auto p = made::protocol({endpoint("letters", Kind::low_contrast), endpoint("vep", Kind::vep),
                                 endpoint("eq5d", Kind::eq5d), endpoint("new-t1", Kind::new_t1),
                                 endpoint("t1-volume", Kind::t1_volume)});
  std::vector<trial::Participant> people(2, made::person(0, {2, 2, 2}));
  for (std::size_t i = 0; i < 3; ++i) {
    auto& visit = people[0].visits[i];
    visit.low_contrast_letters = 40.0F - static_cast<float>(i);
    visit.vep_ms = 110.0F + 2.0F * static_cast<float>(i);
    visit.eq5d = 0.75F - 0.125F * static_cast<float>(i);
  }
  for (auto& person : people) {
    made::scan(person, 0, 0, endpoints::kMissingCount);
    made::scan(person, 168, 0, 4);
  }
  people[0].scans[1].new_t1 = 3;
  people[1].scans[1].new_t1 = 0;
  people[0].scans[0].t1_volume_ml = 1.0, people[0].scans[1].t1_volume_ml = 1.5;
  people[1].scans[0].t1_volume_ml = 2.0, people[1].scans[1].t1_volume_ml = 2.0;
  const auto r = made::replicate(people);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("letters", "mean", "A", 168)), 38.0);  // of the one who was tested
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("vep", "mean_change", "A", 168)), 4.0);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("eq5d", "mean", "A", 84)), 0.625);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("new-t1", "mean_count", "A", 168)), 1.5);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("new-t1", "percent_with", "A", 168)), 50.0);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("t1-volume", "mean_change", "A", 168)), 0.25);
}

// A visit every 12 weeks with these times of the walk (NaN: not done).
trial::Participant walking(std::vector<float> seconds) {
  auto person = made::person(0, std::vector<double>(seconds.size(), 4.0));
  for (std::size_t i = 0; i < seconds.size(); ++i) person.visits[i].t25fw_s = seconds[i];
  return person;
}

constexpr float k_not_done = std::numeric_limits<float>::quiet_NaN();

TEST(Estimates, BetterAtAVisit) {
  auto walk = endpoint("walk", Kind::t25fw);
  walk.improvement = 0.25;
  walk.not_before_day = 168;
  const auto p = made::protocol({walk});
  std::vector<trial::Participant> people = {
      walking({8, 8, 6}),       // a quarter: 2 of 8 s
      walking({8, 5, 6.008F}),  // 24.9 %, and better only at the visit before
      walking({8, 5}),          // not seen on day 168
      walking({8, 8, k_not_done}),
      walking({k_not_done, 8, 4}),  // none at entry: does not count
      walking({8, 8, 9}),
      walking({8, 8, 8}),
  };
  // An examination between the visits, inside the visit's window, is not the visit.
  auto between = people.back().visits.back();
  between.day = 160, between.t25fw_s = 5, between.scheduled = false;
  people.back().visits.insert(people.back().visits.end() - 1, between);
  const auto r = made::replicate(people);
  // Four with the walk on day 168, six with one at entry.
  EXPECT_NEAR(value(p, r, of_arm("walk", "km_percent", "A", 168)), 25, 1e-12);
  EXPECT_NEAR(value(p, r, of_arm("walk", "percent", "A", 168)), 100.0 / 6, 1e-12);
  EXPECT_EQ(made::outcome(p, r, of_arm("walk", "percent", "A", 168)).n, 6);
  EXPECT_EQ(value(p, r, of_arm("walk", "events", "A", 167)), 0);
  // It is a measure beside: of those with both, -2, -1.992, 1 and 0 s.
  EXPECT_NEAR(value(p, r, of_arm("walk", "mean_change", "A", 168)), -2.992 / 4, 1e-6);
}

TEST(Estimates, BetterForAsLongAsAsked) {
  auto once = endpoint("once", Kind::t25fw), twice = endpoint("twice", Kind::t25fw);
  once.improvement = twice.improvement = 0.25;
  twice.confirmation_day = 84;
  const auto p = made::protocol({once, twice});
  const auto r = made::replicate({walking({8, 6, 6}), walking({8, 6, 8})});
  EXPECT_EQ(value(p, r, of_arm("once", "percent", "A")), 100);
  EXPECT_EQ(value(p, r, of_arm("twice", "percent", "A")), 50);
}

TEST(Estimates, BetterInLettersDigitsHandsOrAny) {
  auto letters = endpoint("letters", Kind::low_contrast), digits = endpoint("digits", Kind::sdmt);
  auto walk = endpoint("walk", Kind::t25fw), pegs = endpoint("pegs", Kind::nhpt);
  letters.improvement = 8;
  digits.improvement = 4;
  walk.improvement = pegs.improvement = 0.25;
  auto any = endpoint("any", Kind::composite);
  any.components = {"walk", "pegs"};
  const auto p = made::protocol({letters, digits, walk, pegs, any});
  std::vector<trial::Participant> people = {walking({8, 6}), walking({8, 8}), walking({8, 8}),
                                            walking({8, 8})};
  const auto set = [&](std::size_t i, float endpoints::Visit::*test, float entry, float later) {
    people[i].visits[0].*test = entry;
    people[i].visits[1].*test = later;
  };
  using endpoints::Visit;
  set(0, &Visit::low_contrast_letters, 30, 38);
  set(1, &Visit::low_contrast_letters, 30, 37.5F);
  set(2, &Visit::low_contrast_letters, 38, 30);
  set(0, &Visit::sdmt, 40, 44);
  set(1, &Visit::sdmt, 40, 43);
  for (std::size_t i = 0; i < 3; ++i) set(i, &Visit::nhpt_dominant_s, 24, 24);
  set(1, &Visit::nhpt_non_dominant_s, 24, 18);  // the other hand counts too
  const auto r = made::replicate(people);
  EXPECT_NEAR(value(p, r, of_arm("letters", "km_percent", "A", 84)), 100.0 / 3, 1e-12);
  EXPECT_NEAR(value(p, r, of_arm("digits", "km_percent", "A", 84)), 50, 1e-12);
  EXPECT_NEAR(value(p, r, of_arm("walk", "km_percent", "A", 84)), 25, 1e-12);
  EXPECT_NEAR(value(p, r, of_arm("pegs", "km_percent", "A", 84)), 100.0 / 3, 1e-12);
  // One walks, another places pegs faster; the fourth did no pegs and counts by the walk.
  EXPECT_NEAR(value(p, r, of_arm("any", "km_percent", "A", 84)), 50, 1e-12);
}

TEST(Estimates, SharesOfWorseningByRelapse) {
  const auto p =
      made::protocol({endpoint("pira", Kind::pira, "muller2023"), endpoint("raw", Kind::raw, "muller2023")});
  // The same rise on day 168, with a relapse on day 150 in one of three (as S1 of docs/endpoints.md).
  std::vector<trial::Participant> people(3, made::person(0, {2, 2, 3, 3, 3, 3}));
  made::relapse(people[0], 150);
  const auto r = made::replicate(people);
  EXPECT_NEAR(value(p, r, of_arm("pira", "share_percent", "A")), 200.0 / 3, 1e-12);
  EXPECT_NEAR(value(p, r, of_arm("raw", "share_percent", "A")), 100.0 / 3, 1e-12);
  EXPECT_NEAR(value(p, r, of_arm("pira", "share_percent", "all")), 200.0 / 3, 1e-12);
}

TEST(Estimates, NedaAtALandmarkLeavesOutTheUnknown) {
  const auto p = made::protocol({endpoint("cdp", Kind::cdw, "opera"), endpoint("neda", Kind::neda3)});
  std::vector<trial::Participant> people(4, made::person(0, {2, 2, 2, 2, 2, 2, 2, 2, 2}));
  for (auto& person : people) {
    for (const int day : {0, 168, 336, 504, 672}) made::scan(person, day, 0, 0);
  }
  made::relapse(people[1], 90);
  people[2].scans[2].gd_count = 1;
  people[3].scans.resize(2);  // no scan after day 168
  const auto r = made::replicate(people);
  EXPECT_NEAR(value(p, r, of_arm("neda", "free_percent", "A")), 100.0 / 3, 1e-12);
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("neda", "free_percent", "A", 168)), 75);
}

TEST(Estimates, NedaCannotBeToldWithoutScans) {
  auto p = made::protocol({endpoint("cdp", Kind::cdw, "opera"), endpoint("neda", Kind::neda3)});
  std::vector<trial::Participant> people(4, made::person(0, {2, 2, 2, 2, 2, 2, 2, 2, 2}));
  made::relapse(people[1], 90);  // of the four only this one would have an answer: 0 % free
  const auto unseen = made::replicate(people);
  p.visits.mri.every_day.reset();
  for (const char* estimator : {"free_percent", "percent", "events", "km_percent", "km_free_percent"})
    EXPECT_TRUE(std::isnan(value(p, unseen, of_arm("neda", estimator, "A")))) << estimator;
  EXPECT_TRUE(std::isnan(value(p, unseen, contrast("neda", "odds_ratio"))));
  // Scans on day 168 alone: the visit of day 84 has none within 28 days, that of day 168 has.
  p.visits.mri.at_day = {168};
  for (auto& person : people) {
    made::scan(person, 0, 0, 0);
    made::scan(person, 168, 0, 0);
  }
  const auto r = made::replicate(people);
  EXPECT_TRUE(std::isnan(value(p, r, of_arm("neda", "free_percent", "A", 84))));
  EXPECT_DOUBLE_EQ(value(p, r, of_arm("neda", "free_percent", "A", 168)), 75);
  EXPECT_TRUE(std::isnan(value(p, r, of_arm("neda", "free_percent", "A")))) << "the last visit is on day 672";
}

TEST(Estimates, MilestoneFromAnotherMilestoneAndSubgroups) {
  auto four = endpoint("dss4", Kind::edss_milestone), six = endpoint("from4", Kind::edss_milestone);
  four.edss = 4.0;
  six.edss = 6.0;
  six.origin = trial::Origin::endpoint;
  six.origin_endpoint = "dss4";
  auto p = made::protocol({four, six});
  trial::Subgroup men;
  men.id = "men";
  men.sex = "male";
  p.subgroups = {men};
  // EDSS 4 on day 84 and 6 on day 336: 252 days apart. The woman never reaches 4.
  auto man = made::person(0, {3, 4, 4, 4, 6, 6, 6}), woman = made::person(0, {3, 3, 3, 3, 3, 3, 3});
  woman.baseline.female = true;
  man.baseline.age_year = 40;
  const auto r = made::replicate({man, woman});
  EXPECT_NEAR(value(p, r, of_arm("from4", "median_time_months", "A")), 252 / 30.4375, 1e-12);
  EXPECT_EQ(value(p, r, of_arm("dss4", "percent", "A")), 50);
  EXPECT_EQ(value(p, r, {"dss4", "percent", "A", "", 0.0, "men"}), 100);
  EXPECT_NEAR(value(p, r, {"dss4", "median_age_years", "A", "", 0.0, "men"}), 40 + 84 / k_year, 1e-12);
}

TEST(Estimates, SubgroupsByCourseAndByLesionsAtEntry) {
  auto p = made::protocol({endpoint("gd", Kind::gd)});
  trial::Subgroup progressive, active, quiet;
  progressive.id = "progressive";
  progressive.phenotypes = {trial::Phenotype::secondary_progressive, trial::Phenotype::primary_progressive};
  active.id = "active";
  active.gd_count = std::vector<int>{1, 1000};
  quiet.id = "quiet";
  quiet.gd_count = std::vector<int>{0, 0};
  p.subgroups = {progressive, active, quiet};
  std::vector<trial::Participant> people(4, made::person(0, {2}));
  for (auto& person : people) made::scan(person, 168, 0, 0);
  people[0].baseline.phenotype = trial::Phenotype::primary_progressive;
  people[0].scans.back().gd_count = 1;
  people[1].baseline.phenotype = trial::Phenotype::secondary_progressive;
  people[2].baseline.gd_count = 3;
  people[2].scans.back().gd_count = 2;
  const auto r = made::replicate(people);
  EXPECT_EQ(value(p, r, of_arm("gd", "events", "A", 168)), 2);
  EXPECT_EQ(value(p, r, {"gd", "percent", "A", "", 168.0, "progressive"}), 50);
  EXPECT_EQ(value(p, r, {"gd", "percent", "A", "", 168.0, "active"}), 100);
  EXPECT_NEAR(value(p, r, {"gd", "percent", "A", "", 168.0, "quiet"}), 100.0 / 3.0, 1e-12);
  p.endpoints[0].at_least = 2;  // one lesion is not enough
  EXPECT_EQ(value(p, r, of_arm("gd", "events", "A", 168)), 1);
}

TEST(Estimates, ThirdAttackAndComposite) {
  auto third = endpoint("three", Kind::relapse);
  third.at_least = 3;
  third.count_onset = true;
  auto both = endpoint("any", Kind::composite);
  both.components = {"relapse", "gd"};
  const auto p = made::protocol({third, endpoint("relapse", Kind::relapse), endpoint("gd", Kind::gd), both});
  auto one = made::person(0, {2}), two = made::person(0, {2});
  made::relapse(one, 5);  // within 30 days of the first attack: the same
  made::relapse(one, 100);
  made::relapse(one, 200);
  made::relapse(two, 300);
  made::scan(two, 168, 1, 0);
  const auto r = made::replicate({one, two});
  EXPECT_EQ(value(p, r, of_arm("three", "events", "A")), 1);
  EXPECT_EQ(value(p, r, of_arm("three", "events", "A", 199)), 0);
  EXPECT_EQ(value(p, r, of_arm("any", "events", "A", 168)), 2) << "relapse on day 5, lesion on day 168";
  EXPECT_EQ(value(p, r, of_arm("any", "events", "A", 167)), 1);
}

TEST(Estimates, ArmsWithoutEventsKeepTheirTest) {
  const auto p = made::protocol({endpoint("relapse", Kind::relapse)});
  std::vector<trial::Participant> people;
  for (std::size_t i = 0; i < 20; ++i) people.push_back(made::person(i % 2, {2}));
  for (std::size_t i = 1; i < 20; i += 2) made::relapse(people[i], 100 + static_cast<int>(i));
  const auto r = made::replicate(people);
  const auto hazard = made::outcome(p, r, contrast("relapse", "hazard_ratio"));
  EXPECT_EQ(hazard.value, 0.0);
  EXPECT_LT(hazard.p, 0.001);
  const auto rate = made::outcome(p, r, contrast("relapse", "rate_ratio"));
  EXPECT_EQ(rate.value, 0.0);
  EXPECT_NEAR(rate.p, 2 * std::pow(0.5, 10), 1e-15) << "ten events, all in one of two equal exposures";
  EXPECT_EQ(value(p, r, contrast("relapse", "risk_reduction_percent")), 100);
}

TEST(Estimates, QuestionsThatCannotBeAnswered) {
  const auto p = made::protocol(
      {endpoint("edss", Kind::edss), endpoint("walk", Kind::t25fw), endpoint("letters", Kind::low_contrast)});
  const auto refuse = [&](const Quantity& q) {
    const std::vector<Quantity> asked{q};
    EXPECT_THROW(Estimation(p, asked), std::invalid_argument) << q.estimator << " of " << q.endpoint;
  };
  refuse(of_arm("edss", "km_percent", "A"));
  refuse(of_arm("walk", "percent", "A"));  // a measure as long as no change of it is defined
  refuse(of_arm("letters", "km_percent", "A"));
  refuse(of_arm("edss", "guess", "A"));
  refuse(of_arm("none", "mean", "A"));
  refuse(of_arm("edss", "mean", "C"));
  refuse(of_arm("edss", "mean_difference", "A"));
  refuse(contrast("edss", "mean"));
  refuse({"edss", "mean", "A", "", 0.0, "nobody"});
}

TEST(Estimates, PersonTimesNameTheirCensoring) {
  const auto p = made::protocol({endpoint("relapse", Kind::relapse), endpoint("trm", Kind::trm)});
  auto r = relapsing();
  made::die(r.participants[3], 500, false);
  const auto times = Estimation(p).person_times(r);
  ASSERT_EQ(times.size(), 10U);
  EXPECT_TRUE(times[0].event);
  EXPECT_EQ(times[0].day, 100);
  EXPECT_EQ(times[3].censoring, endpoints::Censoring::death);
  EXPECT_EQ(times[8].endpoint, 1U);
  EXPECT_TRUE(times[8].competing);
}

}  // namespace
}  // namespace hortega::evidence
