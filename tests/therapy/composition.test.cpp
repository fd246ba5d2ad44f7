// SPDX-License-Identifier: Apache-2.0
//
// Courses beside each other and one after another: levers compose, and what was stopped washes out.
#include "harness.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>

namespace hortega::therapy {
namespace {

using testing::Life;
using testing::world;

struct Someone {
  disease::State<double> state = disease::make_person(world().disease, 7, 3).state;
  disease::Profile profile = disease::make_profile(world().disease, 7, 3);
  Patient patient{{7, 3, 0}, &world().disease, &profile, state, 3.0, {}};
  Life sink;
  disease::Levers<double> levers = disease::no_levers();
};

void live(Treatment& t, Someone& who, int from, int to) {
  for (int day = from; day <= to; ++day) {
    if (t.next_due() <= day || day == from) t.update(day, who.patient, who.sink, who.levers);
  }
}

TEST(Composition, FactorsMultiplyAndRatesAddInEitherOrder) {
  // docs/model.md, "How levers compose". The numbers' product, 1.5, and sum, 3.5, are exact in binary.
  using Values = std::array<double, disease::k_lever_size>;
  Values a{};
  Values b{};
  a.fill(0.5);
  b.fill(3.0);
  const auto together = [](const Values& first, const Values& second) {
    disease::Levers<double> all = disease::no_levers();
    disease::compose(all, std::bit_cast<disease::Levers<double>>(first));
    disease::compose(all, std::bit_cast<disease::Levers<double>>(second));
    return all;
  };
  const disease::Levers<double> ab = together(a, b);
  EXPECT_EQ(ab.entry, 1.5);
  EXPECT_EQ(ab.recovery, 1.5);
  EXPECT_EQ(ab.kill_t, 3.5);
  EXPECT_EQ(ab.grafted, 3.5);
  const auto none = std::bit_cast<Values>(disease::no_levers());
  const auto one_way = std::bit_cast<Values>(ab);
  const auto other_way = std::bit_cast<Values>(together(b, a));
  for (std::size_t i = 0; i < none.size(); ++i) {
    ASSERT_TRUE(none[i] == 0.0 || none[i] == 1.0) << i;
    EXPECT_EQ(one_way[i], none[i] == 1.0 ? 1.5 : 3.5) << i;
    EXPECT_EQ(other_way[i], one_way[i]) << i;
  }
}

TEST(Composition, LeversOfTwoCoursesCompose) {
  Someone who;
  Treatment t(world().therapy);
  t.start(world().library.find("interferon-beta"), 0, who.patient, who.sink);
  live(t, who, 0, 199);
  EXPECT_EQ(who.levers.barrier_seal, 1.0);
  const double entry = who.levers.entry;
  EXPECT_LT(entry, 0.9);
  t.start(world().library.find("methylprednisolone"), 200, who.patient, who.sink);
  live(t, who, 200, 202);
  EXPECT_LT(who.levers.barrier_seal, 0.7);
  EXPECT_NEAR(who.levers.entry, entry, 0.02);  // both act
  live(t, who, 203, 399);
  EXPECT_EQ(who.levers.barrier_seal, 1.0);  // the steroid ended by itself
  t.stop_all(400);
  live(t, who, 400, 800);
  EXPECT_TRUE(t.empty());
  EXPECT_EQ(who.levers.entry, 1.0);
  EXPECT_GT(t.next_due(), 800);  // nothing but the infections that everybody catches
}

double infections_per_year(const std::vector<Life>& lives, double years) {
  double n = 0.0;
  for (const Life& l : lives) {
    n += static_cast<double>(std::count_if(l.harms.begin(), l.harms.end(),
                                           [](const Harm& h) { return h.term == "serious infection"; }));
  }
  return n / (years * static_cast<double>(lives.size()));
}

TEST(Composition, TwoCoursesAreNotTwoSetsOfInfections) {
  testing::Options o;
  o.people = 1500;
  o.days = 4 * 365;
  const auto twice = [](const char* id) {
    return [id](Treatment& t, int day, const Patient& who, CourseSink& sink) {
      t.start(world().library.find("placebo"), day, who, sink);
      t.start(world().library.find(id), day, who, sink);
    };
  };
  const double alone = infections_per_year(testing::run("placebo", o), 4.0);
  // 8.9 per 1,000 person-years (serious_infection_rate): 53 in 6,000, with a standard deviation of 7.
  EXPECT_NEAR(alone, 0.0089, 0.0037);
  o.begin = twice("clemastine");
  EXPECT_NEAR(infections_per_year(testing::run("clemastine", o), 4.0), alone, 1e-12);
}

TEST(Composition, InfectionsGoOnWhenNoCourseIsLeft) {
  testing::Options o;
  o.people = 1500;
  o.days = 4 * 365;
  const auto lives = testing::run("methylprednisolone", o);  // weeks
  EXPECT_NEAR(infections_per_year(lives, 4.0), infections_per_year(testing::run("placebo", o), 4.0), 0.004);
  EXPECT_GT(infections_per_year(lives, 4.0), 0.004);
}

TEST(Composition, ASteroidActsAsMuchAsItsFadingEffectHoweverOftenItIsAsked) {
  // Doses on days 0, 1 and 2: the mean over five weeks of an effect that fades with 10 days, in closed form.
  Someone who;
  Treatment t(world().therapy);
  const double fade = world().therapy.steroid_fade.value;
  const double expected = 1.0 + (world().therapy.steroid_recovery.value - 1.0) * fade *
                                    (2.0 * (1.0 - std::exp(-1.0 / fade)) + 1.0 - std::exp(-33.0 / fade)) /
                                    35.0;
  t.start(world().library.find("methylprednisolone"), 0, who.patient, who.sink);
  double sum = 0.0;
  for (int day = 0; day < 35; ++day) {
    live(t, who, day, day);
    sum += who.levers.recovery;
  }
  EXPECT_NEAR(sum / 35.0, expected, 0.02);
}

TEST(Composition, WhatWasStoppedWashesOutUnderWhatFollows) {
  Someone who;
  Treatment t(world().therapy);
  t.resume(world().library.find("fingolimod"), 0, who.patient);
  live(t, who, 0, 10);
  EXPECT_LT(who.levers.egress, 0.6);
  t.stop_all(11);
  t.start(world().library.find("ocrelizumab"), 11, who.patient, who.sink);
  live(t, who, 11, 200);
  EXPECT_EQ(who.levers.egress, 1.0);
  EXPECT_GT(who.levers.kill_b, 0.5);
}

TEST(Composition, WhatIsStoppedWashesOutFromThatDayHoweverLongNobodyAsked) {
  // In steady state a course may go unasked for years: that time is not off the drug.
  Someone who;
  Treatment t(world().therapy);
  t.resume(world().library.find("fingolimod"), 0, who.patient);
  t.update(0, who.patient, who.sink, who.levers);
  const double on = who.levers.egress;
  ASSERT_GT(t.next_due(), 300);
  t.stop_all(300);
  t.update(300, who.patient, who.sink, who.levers);
  EXPECT_NEAR(who.levers.egress, on, 1e-12);
  live(t, who, 301, 308);
  EXPECT_GT(who.levers.lymphocytes_seen, on + 0.03);
  EXPECT_LT(who.levers.lymphocytes_seen, 0.9);  // a half-life later much is left
}

}  // namespace
}  // namespace hortega::therapy
