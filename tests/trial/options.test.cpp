// SPDX-License-Identifier: Apache-2.0
//
// One life under several options: the same luck, and a drug that works.
#include "hortega/trial/options.hpp"

#include "hortega/therapy/courses.hpp"

#include <gtest/gtest.h>

#include <algorithm>

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
  const auto k = static_cast<std::size_t>(at - common.begin());
  return static_cast<int>(std::count_if(all.begin(), all.end(),
                                        [&](const Fate& f) { return f.has[k * k_horizons + horizon] != 0; }));
}

TEST(SlowOptions, TwinsMeetTheSameLuck) {
  ASSERT_GT(world().people.size(), 60U);
  const std::vector<Fate> once = fates("none");
  const std::vector<Fate> again = fates("placebo");
  ASSERT_EQ(once.size(), world().people.size());
  for (std::size_t i = 0; i < once.size(); ++i) {
    EXPECT_EQ(once[i].has, again[i].has) << i;
    EXPECT_EQ(once[i].death_day, again[i].death_day);
  }
}

TEST(SlowOptions, OutcomesGoOneWayOverTime) {
  const std::vector<Fate> all = fates("none");
  for (std::size_t h = 1; h < k_horizons; ++h) {
    for (const char* id : {"relapse_free", "worsening_free", "neda"})
      EXPECT_LE(with(all, id, h), with(all, id, h - 1));
    for (const char* id : {"walking_aid", "death"}) EXPECT_GE(with(all, id, h), with(all, id, h - 1));
  }
  EXPECT_EQ(with(all, "treatment_death", k_horizons - 1), 0);
}

TEST(SlowOptions, ADrugSparesRelapsesAndATransplantHarms) {
  const std::vector<Fate> none = fates("none");
  EXPECT_GT(with(fates("natalizumab"), "relapse_free", 1), with(none, "relapse_free", 1) + 15);
  const std::vector<Fate> graft = fates("ahsct-cy-atg");
  // Untreated people have a few, under the steroids for their relapses.
  EXPECT_GT(with(graft, "serious_infection", 0), with(none, "serious_infection", 0) + 40);
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
      EXPECT_EQ(use.to_day, endpoints::kNever);  // nobody stops it
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

}  // namespace
}  // namespace hortega::trial
