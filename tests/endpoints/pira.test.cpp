// SPDX-License-Identifier: Apache-2.0
// PIRA and RAW: classes of six series (docs/endpoints.md: msprog 77b905c, MSoutcomes 0.2.1) and the windows
// of each preset.
#include "hortega/endpoints/pira.hpp"

#include <gtest/gtest.h>

#include "people.hpp"

namespace hortega::endpoints {
namespace {

using testing::Person;

ClassifiedEvents of(Person& person, PiraPreset preset) {
  return pira_and_raw(person.view(), pira_preset(preset).options);
}

TEST(PiraVectors, ClassesUnderMuller2023) {
  Person s1{2, 2, 3, 3, 3}, s2{2, 3, 2.5, 3, 3}, s3{0, 1, 1, 1.5, 1.5}, s4{5.5, 6, 6, 6, 6};
  Person* pira[] = {&s1, &s2, &s3, &s4};
  const int day[] = {168, 252, 252, 84};
  for (std::size_t k = 0; k < 4; ++k) {
    const auto events = of(*pira[k], PiraPreset::muller2023);
    EXPECT_TRUE(events.first_pira.event) << "S" << k + 1;
    EXPECT_EQ(events.first_pira.day, day[k]) << "S" << k + 1;
    EXPECT_EQ(events.raw + events.neither, 0) << "S" << k + 1;
  }
  Person s5{2, 3.5, 3, 3, 3};
  s5.relapse(70);
  auto events = of(s5, PiraPreset::muller2023);
  EXPECT_FALSE(events.first_pira.event);
  EXPECT_TRUE(events.first_raw.event);
  EXPECT_EQ(events.first_raw.day, 84);
  Person s6{2, 2, 3, 3, 3};
  s6.relapse(275);
  events = of(s6, PiraPreset::muller2023);
  EXPECT_EQ(events.pira, 0);
  EXPECT_EQ(events.raw, 0);
  EXPECT_EQ(events.neither, 1);
}

TEST(PiraVectors, S6UnderEachDefinition) {
  Person s6{2, 2, 3, 3, 3};
  s6.relapse(275);
  const auto day = [&](PiraPreset preset) {
    const auto first = of(s6, preset).first_pira;
    return first.event ? first.day : -1;
  };
  EXPECT_EQ(day(PiraPreset::muller2023), -1);
  EXPECT_EQ(day(PiraPreset::muller2023_spec), 168);
  EXPECT_EQ(day(PiraPreset::cagol2022), 168);
  EXPECT_EQ(day(PiraPreset::muller2025), 168);
  EXPECT_EQ(day(PiraPreset::kappos2020), 168);
  EXPECT_EQ(day(PiraPreset::msoutcomes), 168);
  // Kappos hangs on the open window: day 252 lies within 30 days before the relapse, day 336 does not.
  auto narrow = pira_preset(PiraPreset::kappos2020).options;
  narrow.worsening.tolerance_before_days = narrow.worsening.tolerance_after_days = 30;
  EXPECT_FALSE(pira_and_raw(s6.view(), narrow).first_pira.event);
}

TEST(PiraVectors, S5IsPiraUnderNoDefinition) {
  Person s5{2, 3.5, 3, 3, 3};
  s5.relapse(70);
  for (const auto& info : pira_presets()) {
    const auto events = pira_and_raw(s5.view(), info.options);
    EXPECT_FALSE(events.first_pira.event) << info.name;
    EXPECT_TRUE(events.first_raw.event) << info.name;
  }
}

TEST(Pira, WithoutRelapsesEveryDefinitionSaysPira) {
  Person person{2, 2, 3, 3, 3};
  for (const auto& info : pira_presets()) {
    const auto events = pira_and_raw(person.view(), info.options);
    EXPECT_EQ(events.pira, 1) << info.name;
    EXPECT_EQ(events.raw + events.neither, 0) << info.name;
    EXPECT_EQ(find_pira_preset(info.name), &info);
    EXPECT_NE(definition(info.options).find("PIRA"), std::string::npos);
  }
  EXPECT_EQ(find_pira_preset("muller"), nullptr);
}

TEST(Pira, WindowEdgesOfMuller2023) {
  // Onset day 168, confirmation day 252: a relapse on day 77 is 91 days before onset, one on day 78 is 90.
  for (const auto& [relapse, pira] : {std::pair{77, true}, {78, false}, {198, false}}) {
    Person person{2, 2, 3, 3};
    person.relapse(relapse);
    EXPECT_EQ(of(person, PiraPreset::muller2023).first_pira.event, pira) << relapse;
  }
}

TEST(Pira, RebaselinedDefinitionsSeePiraAfterARelapseAndCountItOnce) {
  // Relapse at 70 leaves 3; the rise to 4 at 420 is progression from the level after it.
  Person person{2, 3, 3, 3, 3, 4, 4};
  person.relapse(70);
  const auto events = of(person, PiraPreset::kappos2020);
  EXPECT_EQ(events.pira, 1);
  EXPECT_EQ(events.first_pira.day, 420);
  EXPECT_EQ(events.raw, 1);
  EXPECT_EQ(events.first_raw.day, 84);
  EXPECT_EQ(events.neither, 0);
}

}  // namespace
}  // namespace hortega::endpoints
