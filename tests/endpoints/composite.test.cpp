// SPDX-License-Identifier: Apache-2.0
// Composites, milestones, SPMS conversion, survival (docs/endpoints.md).
#include "hortega/endpoints/composite.hpp"

#include <gtest/gtest.h>

#include "people.hpp"

namespace hortega::endpoints {
namespace {

using testing::Person;

TEST(Composite, TheEarliestComponentWithItsOwnConfirmation) {
  Person person{4, 4, 4, 5, 5, 5};
  const float walk[] = {8.0f, 9.6f, 9.7f, 10.0f, 10.0f, 10.0f};  // exactly 20 % more at day 84
  for (std::size_t k = 0; k < 6; ++k) person.visits[k].t25fw_s = walk[k];
  const auto result = composite_worsening(person.view(), edss_plus());
  EXPECT_EQ(result.edss.day, 252);
  EXPECT_TRUE(result.edss.event);
  EXPECT_EQ(result.t25fw.day, 84);
  EXPECT_FALSE(result.nhpt.event);
  EXPECT_EQ(result.nhpt.censoring, Censoring::no_baseline);
  EXPECT_TRUE(result.any.event);
  EXPECT_EQ(result.any.day, 84);
  EXPECT_EQ(result.any.confirmed_day, 252);  // 24 weeks later
  EXPECT_EQ(composite_worsening(person.view(), composite_progression(84)).any.confirmed_day, 168);
}

TEST(Composite, EitherHandOrTheDominantOne) {
  Person person{4, 4, 4, 4};
  const float dominant[] = {20, 21, 22, 22}, other[] = {20, 25, 25, 25};
  for (std::size_t k = 0; k < 4; ++k) {
    person.visits[k].nhpt_dominant_s = dominant[k];
    person.visits[k].nhpt_non_dominant_s = other[k];
  }
  auto options = edss_plus();
  EXPECT_EQ(composite_worsening(person.view(), options).any.day, 84);
  EXPECT_TRUE(composite_worsening(person.view(), options).any.event);
  options.hands = Hands::dominant;
  const auto result = composite_worsening(person.view(), options);
  EXPECT_FALSE(result.any.event);
  EXPECT_EQ(result.any.day, 252);
}

TEST(Milestone, ConfirmedAndAtRisk) {
  Person person{3, 4, 3, 4, 4.5};
  auto result = time_to_milestone(person.view(), 4, {});
  EXPECT_TRUE(result.event);
  EXPECT_EQ(result.day, 252);
  EXPECT_EQ(result.confirmed_day, 336);
  EXPECT_EQ(time_to_milestone(person.view(), 6, {}).censoring, Censoring::last_visit);
  EXPECT_EQ(time_to_milestone(person.view(), 3, {}).censoring, Censoring::no_baseline);
}

TEST(Milestone, CohortsFromOnsetCountWhoBeginsWithIt) {
  Person there{4, 4, 4, 4};
  const auto result = time_to_milestone(there.view(), 4, {}, AtFirstVisit::counts);
  EXPECT_TRUE(result.event);
  EXPECT_EQ(result.day, 0);
  // An attack at onset that passes does not, and they are at risk later.
  Person passing{4, 2, 2, 4, 4};
  EXPECT_EQ(time_to_milestone(passing.view(), 4, {}, AtFirstVisit::counts).day, 252);
  EXPECT_EQ(time_to_milestone(passing.view(), 4, {}).censoring, Censoring::no_baseline);
}

/// EDSS with grades so that the pyramidal system leads.
Person with_pyramidal(std::initializer_list<double> edss, std::initializer_list<int> pyramidal) {
  Person person(edss);
  auto grade = pyramidal.begin();
  for (auto& visit : person.visits) {
    visit.fs = {0, 0, static_cast<std::uint8_t>(*grade++), 1, 1, 0, 0};
    visit.ambulation = 0;
  }
  return person;
}

TEST(Spms, ProgressionWithoutRelapseFromFourUp) {
  Person converts = with_pyramidal({3, 3, 4, 4, 4, 4}, {2, 2, 3, 3, 3, 3});
  const auto result = time_to_spms(converts.view());
  EXPECT_TRUE(result.event);
  EXPECT_EQ(result.day, 168);
  EXPECT_EQ(result.confirmed_day, 336);  // more than 90.75 days after 168 on a grid of 84

  Person below_four = with_pyramidal({2, 2, 3, 3, 3, 3}, {2, 2, 3, 3, 3, 3});
  EXPECT_FALSE(time_to_spms(below_four.view()).event);

  Person by_relapse = with_pyramidal({3, 3, 4, 4, 4, 4}, {2, 2, 3, 3, 3, 3});
  by_relapse.relapse(150);
  EXPECT_FALSE(time_to_spms(by_relapse.view()).event);

  Person weak_pyramidal = with_pyramidal({3, 3, 4, 4, 4, 4}, {0, 0, 1, 1, 1, 1});
  EXPECT_FALSE(time_to_spms(weak_pyramidal.view()).event);

  Person not_leading =
      with_pyramidal({3, 3, 4, 4, 4, 4}, {2, 2, 3, 2, 2, 2});  // the rise is lost at the next visit
  EXPECT_FALSE(time_to_spms(not_leading.view()).event);

  Person undone = with_pyramidal({3, 3, 4, 4, 4, 3, 3}, {2, 2, 3, 3, 3, 2, 2});
  EXPECT_FALSE(time_to_spms(undone.view()).event);
}

TEST(Spms, BaselineFollowsALastingImprovement) {
  // 5 -> 3 held for more than 272 days, then 4 without relapse.
  Person person = with_pyramidal({5, 3, 3, 3, 3, 3, 4, 4, 4}, {3, 2, 2, 2, 2, 2, 3, 3, 3});
  const auto result = time_to_spms(person.view());
  EXPECT_TRUE(result.event);
  EXPECT_EQ(result.day, 504);
}

TEST(EdssChange, FromBaselineToAVisitInTheWindow) {
  Person person = Person{3}.visit(180, 2.5).visit(370, 2);
  EXPECT_EQ(edss_change(person.view(), 365), -1);
  EXPECT_EQ(edss_change(person.view(), 183), -0.5);
  EXPECT_TRUE(is_missing(edss_change(person.view(), 700)));
  Person late = Person{}.visit(10, 3).visit(365, 2);
  EXPECT_TRUE(is_missing(edss_change(late.view(), 365)));  // no value at or before day 0
}

TEST(SustainedImprovement, HeldToTheLastVisit) {
  Person held{4, 3, 3, 3};
  EXPECT_EQ(time_to_sustained_improvement(held.view()).day, 84);
  EXPECT_TRUE(time_to_sustained_improvement(held.view()).event);
  Person lost{4, 3, 3, 3, 4};
  EXPECT_FALSE(time_to_sustained_improvement(lost.view()).event);
}

TEST(Petrou, FailureWithinAPeriod) {
  Person person{6, 6, 6.5, 6};
  EXPECT_EQ(petrou_failure(person.view(), 0, 100), Ternary::no);
  EXPECT_EQ(petrou_failure(person.view(), 0, 183), Ternary::yes);
  EXPECT_EQ(petrou_failure(person.view(), 168, 252), Ternary::no);
  EXPECT_EQ(petrou_failure(person.view(), 252, 400), Ternary::unknown);
}

TEST(Survival, DeathCounts) {
  Person person{2, 2, 2};
  person.record.end_of_follow_up_day = 200;
  EXPECT_FALSE(relapse_free_survival(person.view()).event);
  person.record.death_day = 200;
  EXPECT_TRUE(relapse_free_survival(person.view()).event);
  EXPECT_EQ(relapse_free_survival(person.view()).day, 200);
  EXPECT_TRUE(progression_free_survival(person.view(), {}).event);
  person.relapse(50);
  EXPECT_EQ(relapse_free_survival(person.view()).day, 50);
  EXPECT_EQ(progression_free_survival(person.view(), {}).day, 200);
}

}  // namespace
}  // namespace hortega::endpoints
