// SPDX-License-Identifier: Apache-2.0
// NEDA: vectors of docs/endpoints.md, re-baselining, missing parts, time to first failure.
#include "hortega/endpoints/neda.hpp"

#include <gtest/gtest.h>

#include "hortega/endpoints/mri.hpp"
#include "people.hpp"

namespace hortega::endpoints {
namespace {

using testing::Person;

/// A year of quiet with one scan at its ends.
Person quiet_year(double pbvc) {
  Person person{2, 2, 2, 2, 2};
  person.visit(365, 2).scan(0, 0, 0, 0).scan(365, 0, 0, pbvc);
  return person;
}

Ternary at_a_year(Person& person, NedaLevel level) {
  NedaOptions options;
  options.level = level;
  return neda(person.view(), 365, options);
}

TEST(NedaVectors, OfTheSpecification) {
  Person little = quiet_year(-0.35);
  EXPECT_EQ(at_a_year(little, NedaLevel::neda3), Ternary::yes);
  EXPECT_EQ(at_a_year(little, NedaLevel::neda4), Ternary::yes);
  Person much = quiet_year(-0.55);
  EXPECT_EQ(at_a_year(much, NedaLevel::neda3), Ternary::yes);
  EXPECT_EQ(at_a_year(much, NedaLevel::neda4), Ternary::no);
  Person lesion = quiet_year(-0.35);
  lesion.scans[1].new_or_enlarging_t2 = 1;
  EXPECT_EQ(at_a_year(lesion, NedaLevel::neda3), Ternary::no);
  EXPECT_EQ(at_a_year(lesion, NedaLevel::neda4), Ternary::no);
  Person unseen = quiet_year(-0.35);
  unseen.scans.pop_back();
  EXPECT_EQ(at_a_year(unseen, NedaLevel::neda3), Ternary::unknown);
  EXPECT_EQ(at_a_year(unseen, NedaLevel::neda4), Ternary::unknown);
}

TEST(Neda, EachComponentFails) {
  Person relapse = quiet_year(-0.1);
  relapse.relapse(100);
  EXPECT_EQ(at_a_year(relapse, NedaLevel::neda3), Ternary::no);
  Person worse = quiet_year(-0.1);
  for (std::size_t k = 2; k < worse.visits.size(); ++k) worse.visits[k].edss = 3;
  EXPECT_EQ(at_a_year(worse, NedaLevel::neda3), Ternary::no);
  Person enhancing = quiet_year(-0.1);
  enhancing.scans[1].gd_count = 1;
  EXPECT_EQ(at_a_year(enhancing, NedaLevel::neda3), Ternary::no);
}

TEST(Neda, FailureWinsOverMissing) {
  Person person = quiet_year(-0.1);
  person.scans.clear();
  person.relapse(100);
  EXPECT_EQ(at_a_year(person, NedaLevel::neda3), Ternary::no);
  NedaComponents components;
  EXPECT_EQ(neda(components, NedaLevel::neda3), Ternary::unknown);
  components = {Ternary::yes, Ternary::yes, Ternary::yes, Ternary::unknown};
  EXPECT_EQ(neda(components, NedaLevel::neda3), Ternary::yes);
  EXPECT_EQ(neda(components, NedaLevel::neda4), Ternary::unknown);
}

TEST(Neda, UnknownWhereFollowUpEndsBefore) {
  Person person{2, 2, 2};
  person.scan(0, 0, 0, 0).scan(168, 0, 0, 0);
  const auto components = neda_components(person.view(), 365, {});
  EXPECT_EQ(components.no_relapse, Ternary::unknown);
  EXPECT_EQ(components.no_worsening, Ternary::unknown);
  EXPECT_EQ(components.no_mri_activity, Ternary::unknown);
}

TEST(Neda, RebaseliningForgivesEarlyLesions) {
  Person person{2, 2, 2, 2, 2, 2, 2, 2, 2};
  person.visit(731, 2).scan(0, 5, 0, 0).scan(183, 0, 3, -1.2).scan(365, 0, 0, -1.3).scan(731, 0, 0, -1.5);
  NedaOptions options;
  options.level = NedaLevel::neda4;
  EXPECT_EQ(neda(person.view(), 731, options), Ternary::no);
  options.rebaseline_day = 180;
  EXPECT_EQ(neda(person.view(), 731, options), Ternary::yes);  // -0.3 % in 1.5 years
  person.scans.erase(person.scans.begin() + 1);                // no scan at month 6: nothing to compare with
  EXPECT_EQ(neda(person.view(), 731, options), Ternary::unknown);
}

TEST(Neda, LimitOfBrainLoss) {
  // A loss of exactly the limit: a failure where it must be below, none where it may be at most that.
  Person person = quiet_year(-0.8);
  person.visit(731, 2).scan(731, 0, 0, -0.8);
  NedaOptions options;
  options.level = NedaLevel::neda4;
  options.brain_loss_limit_percent_per_year = -annualised_percent(-0.8, 731);
  EXPECT_EQ(neda(person.view(), 731, options), Ternary::no);
  options.brain_loss = BrainLossLimit::at_most;
  EXPECT_EQ(neda(person.view(), 731, options), Ternary::yes);
}

TEST(TimeToDiseaseActivity, IsTheEarliestComponent) {
  Person person{2, 2, 2, 3, 3, 3};
  person.scan(0, 2, 0, 0).scan(168, 0, 0, 0).scan(336, 0, 1, 0);
  NedaOptions options;
  auto first = time_to_disease_activity(person.view(), options);
  EXPECT_TRUE(first.event);
  EXPECT_EQ(first.day, 252);
  EXPECT_EQ(first.confirmed_day, 336);
  person.scans[1].gd_count = 1;
  EXPECT_EQ(time_to_disease_activity(person.view(), options).day, 168);
  person.relapse(20);
  EXPECT_EQ(time_to_disease_activity(person.view(), options).day, 20);
  Person quiet{2, 2, 2};
  quiet.scan(0, 0, 0, 0);
  first = time_to_disease_activity(quiet.view(), options);
  EXPECT_FALSE(first.event);
  EXPECT_EQ(first.day, 168);
}

TEST(TimeToDiseaseActivity, WhoWasNeverScannedIsNotAtRisk) {
  Person person{2, 2, 2};
  EXPECT_EQ(time_to_disease_activity(person.view(), {}).censoring, Censoring::no_baseline);
  person.relapse(20);
  EXPECT_FALSE(time_to_disease_activity(person.view(), {}).event);
  EXPECT_EQ(time_to_disease_activity(person.view(), {}).censoring, Censoring::no_baseline);
  person.scan(0, 0, 0, 0);
  EXPECT_TRUE(time_to_disease_activity(person.view(), {}).event);
}

TEST(NedaDefinition, NamesItsParts) {
  NedaOptions options;
  options.level = NedaLevel::neda4;
  const auto text = definition(options);
  EXPECT_NE(text.find("below 0.4 % a year"), std::string::npos);
  options.level = NedaLevel::neda3;
  EXPECT_EQ(definition(options).find("brain"), std::string::npos);
}

}  // namespace
}  // namespace hortega::endpoints
