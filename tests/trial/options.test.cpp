// SPDX-License-Identifier: Apache-2.0
//
// One life under several options: the same luck, and a drug that works.
#include "hortega/trial/options.hpp"

#include "hortega/therapy/courses.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <string>
#include <utility>

namespace hortega::trial {
namespace {

struct World {
  core::ParameterSet set =
      core::ParameterSet::read_directory(std::string(HORTEGA_SOURCE_DIR) + "/data/parameters");
  disease::Parameters disease = disease::load_parameters(set);
  therapy::Parameters therapy = therapy::load_parameters(set);
  therapy::RegimenLibrary regimens =
      therapy::RegimenLibrary::read_directory(std::string(HORTEGA_SOURCE_DIR) + "/data/regimens");
  std::vector<cohort::Candidate> people;
  Environment environment;

  World() {
    environment.parameters = &set;
    environment.courses = [this](const std::string& id) {
      return therapy::make_course(regimens.find(id), therapy);
    };
    cohort::PoolOptions options;
    options.seed = 9;
    options.lives = 200;
    const cohort::Criteria active = [](const cohort::Screening& s) {
      return s.history->relapses_within(s.life_day, 365.25) >= 1 && s.age_year < 45.0 ? cohort::k_qualifies
                                                                                      : 0;
    };
    people = cohort::make_pool(disease, options, active, environment.courses).candidates;
    people.resize(std::min<std::size_t>(people.size(), 96));
  }
};

World& world() {
  static World w;
  return w;
}

std::vector<Fate> fates(const std::string& regimen) {
  OptionSettings settings;
  settings.seed = 4;
  settings.edss_today = 2.0;
  return follow(world().environment, world().disease, world().people, {regimen, false}, settings);
}

int with(const std::vector<Fate>& all, const std::string& outcome, std::size_t horizon) {
  const auto& common = common_outcomes();
  const auto at =
      std::find_if(common.begin(), common.end(), [&](const OutcomeSpec& s) { return s.id == outcome; });
  if (at == common.end()) {
    ADD_FAILURE() << "no outcome " << outcome;
    return 0;
  }
  const auto k = static_cast<std::size_t>(at - common.begin());
  return static_cast<int>(std::count_if(all.begin(), all.end(),
                                        [&](const Fate& f) { return f.has[k * k_horizons + horizon] != 0; }));
}

Participant with_visits(std::initializer_list<std::pair<int, float>> utilities) {
  Participant who;
  for (const auto& [day, utility] : utilities) {
    endpoints::Visit v;
    v.day = day;
    v.eq5d = utility;
    v.symptoms.fill(utility * 10.0F);
    who.visits.push_back(v);
  }
  return who;
}

// Areas by hand: 200 days of 0.8 falling to 0.6 are 140, the 165 days at 0.6 until day 365 are 99.
TEST(Options, UtilityIsTheAreaUnderTheVisitsOverTheYears) {
  constexpr double k_of_floats = 1e-6;
  Participant who = with_visits({{0, 0.8F}, {200, 0.6F}, {400, 0.6F}});
  EXPECT_NEAR(mean_utility(who, 365), 239.0 / 365.0, k_of_floats);
  // To the middle of a falling line: 100 days of 0.8 to 0.7.
  EXPECT_NEAR(mean_utility(who, 100), 0.75, k_of_floats);
  // The last visit holds until the horizon.
  EXPECT_NEAR(mean_utility(who, 500), (140.0 + 300.0 * 0.6) / 500.0, k_of_floats);
  // An examination because of symptoms falls on bad days: it is left out.
  endpoints::Visit bad = who.visits[1];
  bad.day = 100, bad.eq5d = 0.1F, bad.scheduled = false;
  who.visits.insert(who.visits.begin() + 1, bad);
  EXPECT_NEAR(mean_utility(who, 365), 239.0 / 365.0, k_of_floats);
  // Nought after death: 140 and 100 days at 0.6.
  who.visits.pop_back();
  who.death_day = 300;
  EXPECT_NEAR(mean_utility(who, 365), 200.0 / 365.0, k_of_floats);
  EXPECT_TRUE(std::isnan(mean_utility(Participant{}, 365)));
}

TEST(Options, SeverityIsThatOfTheVisitOfTheHorizonAndOfTheLiving) {
  Participant who = with_visits({{0, 0.1F}, {183, 0.2F}, {365, 0.3F}, {548, 0.4F}});
  EXPECT_NEAR(severity_at(who, 0, 365), 3.0, 1e-6);
  EXPECT_NEAR(severity_at(who, endpoints::kSymptoms - 1, 365), 3.0, 1e-6);
  EXPECT_TRUE(std::isnan(severity_at(who, 0, 731)));  // half a year after the last visit
  who.visits[2].scheduled = false;
  EXPECT_TRUE(std::isnan(severity_at(who, 0, 365)));
  who.visits[2].scheduled = true;
  who.death_day = 360;
  EXPECT_TRUE(std::isnan(severity_at(who, 0, 365)));
}

// Which outcomes a person with these harms has within a year.
std::vector<std::string> outcomes_of(std::vector<endpoints::Harm> harms) {
  Participant who = with_visits({{0, 0.7F}, {183, 0.7F}, {365, 0.7F}, {548, 0.7F}});
  for (endpoints::Visit& v : who.visits) v.edss = 2.0;
  who.end_of_follow_up_day = 548;
  who.harms = std::move(harms);
  OptionSettings settings;
  settings.edss_today = 2.0;
  const Fate fate = fate_of(who, settings);
  std::vector<std::string> out;
  const std::vector<OutcomeSpec>& common = common_outcomes();
  for (std::size_t k = 0; k < common.size(); ++k) {
    if (common[k].sense == Sense::harm && fate.has[k * k_horizons] != 0) out.push_back(common[k].id);
  }
  return out;
}

TEST(Options, GraftVersusHostDiseaseIsAHarmOfItsOwn) {
  using List = std::vector<std::string>;
  EXPECT_EQ(outcomes_of({{"acute graft-versus-host disease", 2, 30, 90, false}}), List{"graft_versus_host"});
  EXPECT_EQ(outcomes_of({{"chronic graft-versus-host disease", 3, 200, 565, true}}),
            List{"graft_versus_host"});
  EXPECT_EQ(outcomes_of({{"chronic graft-versus-host disease", 1, 200, 565, false}}), List{});
  // A rash of stage 3 is grade II as a whole (MAGIC), which is told beside it; stages are no grades.
  EXPECT_EQ(outcomes_of({{"acute skin GvHD", 3, 30, 90, true}}), List{});
  EXPECT_EQ(outcomes_of({{"autoimmune thyroid disease", 2, 200, 400, false}}), List{"autoimmunity"});
  EXPECT_EQ(outcomes_of({{"pulmonary embolism", 3, 20, 30, true}}), List{"other_harm"});
  EXPECT_EQ(outcomes_of({{"acute graft-versus-host disease", 2, 400, 460, false}}),
            List{});  // after the year
}

// Fever without neutrophils would hide every other infection in one row: nearly all transplants have it.
TEST(Options, FebrileNeutropeniaAndOtherInfectionsAreTwoOutcomes) {
  using List = std::vector<std::string>;
  EXPECT_EQ(outcomes_of({{"febrile neutropenia", 3, 10, 14, true}}), List{"febrile_neutropenia"});
  EXPECT_EQ(outcomes_of({{"serious infection", 3, 60, 74, true}}), List{"serious_infection"});
  EXPECT_EQ(outcomes_of({{"sepsis", 4, 12, 22, true}}), List{"serious_infection"});
  EXPECT_EQ(outcomes_of({{"infection", 2, 60, 74, false}}), List{});
}

// The common outcomes that a person is told of.
std::vector<std::string> told(bool female, double edss_today) {
  std::vector<std::string> ids;
  for (const OutcomeSpec& spec : common_outcomes()) {
    if (const auto one = told_of(spec, female, edss_today)) ids.push_back(one->id);
  }
  return ids;
}

TEST(Options, NobodyIsToldOfComingToWhatTheyHave) {
  using testing::Contains;
  using testing::Not;
  EXPECT_THAT(told(true, 5.5), Contains("walking_aid"));
  EXPECT_THAT(told(true, 5.5), Not(Contains("wheelchair")));
  EXPECT_THAT(told(true, 6.0), Not(Contains("walking_aid")));
  EXPECT_THAT(told(true, 6.5), Contains("wheelchair"));
  EXPECT_THAT(told(true, 7.0), Not(Contains("wheelchair")));
  EXPECT_THAT(told(true, 7.0), Not(Contains("walking_aid")));
  EXPECT_EQ(told(true, 7.0).size(), common_outcomes().size() - 2);
}

TEST(Options, InfertilityOfMenIsNotSimulated) {
  const auto& common = common_outcomes();
  const auto fertility =
      std::find_if(common.begin(), common.end(), [](const OutcomeSpec& s) { return s.id == "fertility"; });
  ASSERT_NE(fertility, common.end());
  EXPECT_EQ(told_of(*fertility, true, 2.0)->label, "early menopause");
  EXPECT_TRUE(told_of(*fertility, true, 2.0)->simulated);
  EXPECT_EQ(told_of(*fertility, false, 2.0)->label, "infertility");
  EXPECT_FALSE(told_of(*fertility, false, 2.0)->simulated);
  for (const OutcomeSpec& spec : common)
    EXPECT_TRUE(spec.id == "fertility" || told_of(spec, false, 6.5).value_or(spec).simulated);
}

// EDSS 7 at two visits half a year apart; once is not enough, and the visit of today counts for nothing.
TEST(Options, AWheelchairIsCountedFromTwoVisits) {
  Participant who = with_visits({{0, 0.2F}, {183, 0.2F}, {365, 0.2F}, {548, 0.2F}, {731, 0.2F}});
  const double edss[] = {7.0, 7.0, 6.5, 7.0, 7.0};
  for (std::size_t i = 0; i < who.visits.size(); ++i) who.visits[i].edss = edss[i];
  who.end_of_follow_up_day = 731;
  OptionSettings settings;
  settings.edss_today = 6.5;
  const std::vector<Fate> one = {fate_of(who, settings)};
  EXPECT_EQ(with(one, "wheelchair", 0), 0);  // by day 365
  EXPECT_EQ(with(one, "wheelchair", 1), 1);  // days 548 and 731
  EXPECT_EQ(with(one, "walking_aid", 0), 1);
}

TEST(Options, MildHarmsAreKeptAndCountInNoGroup) {
  EXPECT_TRUE(outcomes_of({{"fever", 1, 1, 3, false}}).empty());
  Participant who = with_visits({{0, 0.7F}, {365, 0.7F}});
  who.end_of_follow_up_day = 365;
  who.harms = {{"headache", 2, 9, 12, false}, {"fever", 1, 1, 3, false}};
  const Fate fate = fate_of(who, OptionSettings{});
  ASSERT_EQ(fate.harms.size(), 2U);
  EXPECT_EQ(fate.harms[0].term, "fever");  // by day
  EXPECT_EQ(fate.harms[1].grade, 2);
}

TEST(Options, MeasuresAreUtilityAndTheSymptomsInOrder) {
  const std::vector<MeasureSpec>& all = common_measures();
  ASSERT_EQ(all.size(), 1 + endpoints::kSymptoms);
  EXPECT_EQ(all[0].id, "eq5d");
  EXPECT_EQ(all[0].sense, Sense::benefit);
  EXPECT_FALSE(all[0].assumed);
  for (std::size_t s = 0; s < endpoints::kSymptoms; ++s) {
    EXPECT_EQ(all[1 + s].id, endpoints::kSymptomNames[s]);
    EXPECT_EQ(all[1 + s].sense, Sense::harm);
    EXPECT_TRUE(all[1 + s].assumed);  // maps of grade D
  }
  EXPECT_EQ(all.back().label, "trouble with memory and thinking");
}

TEST(SlowOptions, TwinsMeetTheSameLuck) {
  ASSERT_GT(world().people.size(), 60U);
  const std::vector<Fate> once = fates("none");
  const std::vector<Fate> again = fates("placebo");
  ASSERT_EQ(once.size(), world().people.size());
  for (std::size_t i = 0; i < once.size(); ++i) {
    EXPECT_EQ(once[i].has, again[i].has) << i;
    EXPECT_EQ(once[i].death_day, again[i].death_day);
    ASSERT_EQ(once[i].amount.size(), common_measures().size() * k_horizons);
    for (std::size_t k = 0; k < once[i].amount.size(); ++k) {
      const bool both_dead = std::isnan(once[i].amount[k]) && std::isnan(again[i].amount[k]);
      EXPECT_TRUE(both_dead || once[i].amount[k] == again[i].amount[k]) << i << ' ' << k;
    }
  }
}

TEST(SlowOptions, OutcomesGoOneWayOverTime) {
  const std::vector<Fate> all = fates("none");
  for (std::size_t h = 1; h < k_horizons; ++h) {
    for (const char* id : {"relapse_free", "worsening_free", "neda"})
      EXPECT_LE(with(all, id, h), with(all, id, h - 1));
    for (const char* id : {"walking_aid", "wheelchair", "death"})
      EXPECT_GE(with(all, id, h), with(all, id, h - 1));
  }
  EXPECT_EQ(with(all, "treatment_death", k_horizons - 1), 0);
}

TEST(SlowOptions, ADrugSparesRelapsesAndATransplantHarms) {
  const std::vector<Fate> none = fates("none");
  EXPECT_GT(with(fates("natalizumab"), "relapse_free", 1), with(none, "relapse_free", 1) + 15);
  const std::vector<Fate> graft = fates("ahsct-cy-atg");
  EXPECT_GT(with(graft, "febrile_neutropenia", 0), with(none, "febrile_neutropenia", 0) + 40);
  EXPECT_EQ(with(none, "autoimmunity", k_horizons - 1), 0);
}

TEST(SlowOptions, ATherapyJoinsAnotherOnItsDay) {
  OptionSettings settings;
  settings.seed = 4;
  settings.edss_today = 2.0;
  int joined = 0, before = 0;
  const Option option{"natalizumab", false, {{"interferon-beta", 200.0}}};
  const auto seen = [&](std::size_t, const Participant& who) {
    for (const endpoints::Use& use : who.uses) {
      if (use.item != "interferon beta-1a") continue;
      ++joined;
      before += use.from_day < 200 ? 1 : 0;
      EXPECT_EQ(use.to_day, std::numeric_limits<int>::max());  // nobody stops it
    }
    // What it joins goes on: an infusion every four weeks until the end.
    const auto infusions = std::count_if(who.uses.begin(), who.uses.end(), [](const endpoints::Use& use) {
      return use.what == endpoints::Resource::infusion && use.item == "natalizumab";
    });
    EXPECT_NEAR(static_cast<double>(infusions), std::min(who.end_of_follow_up_day, who.death_day) / 28.0,
                1.0);
  };
  follow(world().environment, world().disease, world().people, option, settings, seen);
  EXPECT_GT(joined, static_cast<int>(world().people.size()) * 9 / 10);
  EXPECT_EQ(before, 0);
}

// Half a year, 182.6 days, ends on day 183.
SequenceStep after_half_a_year(const std::string& regimen, double washout_day = 0.0) {
  SequenceStep step;
  step.regimen = regimen;
  step.start_day = 182.625;
  step.washout_day = washout_day;
  return step;
}

std::vector<int> infusion_days(const Participant& who, const std::string& regimen) {
  std::vector<int> days;
  for (const endpoints::Use& use : who.uses) {
    if (use.what == endpoints::Resource::infusion && use.item == regimen) days.push_back(use.from_day);
  }
  return days;
}

TEST(SlowOptions, ASwitchStopsTheOneAndBeginsTheOtherAfterTheWashout) {
  OptionSettings settings;
  settings.seed = 4;
  settings.edss_today = 2.0;
  int switched = 0;
  const Option option{"natalizumab", false, {}, {after_half_a_year("interferon-beta", 28.0)}};
  const auto seen = [&](std::size_t, const Participant& who) {
    if (who.end_of_follow_up_day <= 211) return;
    ++switched;
    // Every 28 days from today; the next would be day 196.
    EXPECT_EQ(infusion_days(who, "natalizumab"), (std::vector<int>{0, 28, 56, 84, 112, 140, 168}));
    int watched = 0, taken = 0;
    for (const endpoints::Use& use : who.uses) {
      if (use.what == endpoints::Resource::visit && use.item == "natalizumab") {
        ++watched;
        EXPECT_EQ(use.to_day, 183);
      }
      if (use.item != "interferon beta-1a") continue;
      ++taken;
      EXPECT_EQ(use.from_day, 183 + 28);
      EXPECT_EQ(use.to_day, std::numeric_limits<int>::max());  // nobody stops it
    }
    EXPECT_EQ(watched, 1);
    EXPECT_EQ(taken, 1);
    ASSERT_EQ(who.switches.size(), 1U);
    EXPECT_EQ(who.switches[0].day, 183);
    EXPECT_EQ(who.switches[0].start_day, 211);
    EXPECT_EQ(who.rescue_day, endpoints::kNever) << "planned, so no rescue";
  };
  follow(world().environment, world().disease, world().people, option, settings, seen);
  EXPECT_GT(switched, static_cast<int>(world().people.size()) * 9 / 10);
}

TEST(SlowOptions, WhatIsTakenTodayGoesOnUntilTheSwitch) {
  OptionSettings settings;
  settings.seed = 4;
  settings.edss_today = 2.0;
  settings.drug_today = "natalizumab";
  std::vector<cohort::Candidate> people = world().people;
  for (cohort::Candidate& c : people) c.on_prior_therapy = true;
  int switched = 0;
  const Option option{"none", true, {}, {after_half_a_year("interferon-beta")}};
  follow(world().environment, world().disease, people, option, settings,
         [&](std::size_t, const Participant& who) {
           if (who.end_of_follow_up_day <= 183) return;
           ++switched;
           // Today falls in the middle of two infusions.
           EXPECT_EQ(infusion_days(who, "natalizumab"), (std::vector<int>{14, 42, 70, 98, 126, 154, 182}));
           EXPECT_TRUE(std::any_of(who.uses.begin(), who.uses.end(), [](const endpoints::Use& use) {
             return use.item == "interferon beta-1a" && use.from_day == 183;
           }));
         });
  EXPECT_GT(switched, static_cast<int>(people.size()) * 9 / 10);
}

// Twins are the same until the switch; then the drug's effect ends and relapses come back.
TEST(SlowOptions, ASwitchChangesNothingBeforeItAndEndsTheEffectAfterIt) {
  OptionSettings settings;
  settings.seed = 4;
  settings.edss_today = 2.0;
  struct Early {
    std::vector<std::pair<int, double>> edss;
    std::vector<int> relapses;
    bool operator==(const Early&) const = default;
  };
  const auto followed = [&](const Option& option, std::vector<Early>& early) {
    early.resize(world().people.size());
    return follow(world().environment, world().disease, world().people, option, settings,
                  [&](std::size_t life, const Participant& who) {
                    for (const endpoints::Visit& v : who.visits)
                      if (v.day > 0 && v.day <= 183) early[life].edss.emplace_back(v.day, v.edss);
                    for (const endpoints::Relapse& r : who.relapses)
                      if (r.onset_day > 0 && r.onset_day < 183) early[life].relapses.push_back(r.onset_day);
                  });
  };
  std::vector<Early> before_kept, before_stop;
  const std::vector<Fate> kept = followed({"natalizumab", false}, before_kept);
  const std::vector<Fate> stopped =
      followed({"natalizumab", false, {}, {after_half_a_year("none")}}, before_stop);
  ASSERT_EQ(kept.size(), stopped.size());
  std::size_t seen = 0;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    seen += before_stop[i].edss.empty() ? 0U : 1U;
    EXPECT_EQ(before_stop[i], before_kept[i]) << i;
  }
  EXPECT_GT(seen, kept.size() * 9 / 10);
  // Over two years more than 15 of these people are spared by the drug (above); here it is gone for nine
  // tenths of five years.
  EXPECT_LT(with(stopped, "relapse_free", 2), with(kept, "relapse_free", 2) - 10);
}

}  // namespace
}  // namespace hortega::trial
