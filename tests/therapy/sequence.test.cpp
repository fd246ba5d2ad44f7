// SPDX-License-Identifier: Apache-2.0
//
// Plans: start, stop, switch on failure with a washout, and levers that compose.
#include "harness.hpp"

#include <gtest/gtest.h>

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

TEST(Sequence, StepsFollowTheirDaysAndLeversCompose) {
  Someone who;
  Plan plan;
  plan.steps = {{&world().library.find("interferon-beta"), 0, 400, nullptr},
                {&world().library.find("methylprednisolone"), 200, std::nullopt, nullptr}};
  Treatment t(plan, world().therapy);
  live(t, who, 0, 199);
  EXPECT_EQ(t.current().size(), 1U);
  EXPECT_EQ(who.levers.barrier_seal, 1.0);
  const double entry = who.levers.entry;
  EXPECT_LT(entry, 0.9);
  live(t, who, 200, 202);
  EXPECT_LT(who.levers.barrier_seal, 0.7);
  EXPECT_NEAR(who.levers.entry, entry, 0.02);  // both act
  live(t, who, 203, 399);
  EXPECT_EQ(who.levers.barrier_seal, 1.0);  // the steroid ended by itself
  live(t, who, 400, 800);
  EXPECT_TRUE(t.current().empty());
  EXPECT_EQ(who.levers.entry, 1.0);
  EXPECT_EQ(t.next_due(), k_never);
}

TEST(Sequence, FailureSwitchesAfterTheWashout) {
  Someone who;
  Plan plan;
  plan.steps = {{&world().library.find("interferon-beta"), 0, std::nullopt,
                 [](int day, const Patient&) { return day >= 300; }}};
  plan.fallbacks = {&world().library.find("natalizumab")};
  plan.washout_day = 28;
  Treatment t(plan, world().therapy);
  for (int day = 0; day <= 340; ++day) t.update(day, who.patient, who.sink, who.levers);
  ASSERT_EQ(t.current().size(), 1U);
  EXPECT_EQ(t.current()[0]->id, "natalizumab");
  EXPECT_EQ(who.sink.milestones.at(Milestone::infusion).first, 328);
  EXPECT_GT(who.levers.lymphocytes_seen, 1.3);
}

TEST(Sequence, SwitchReplacesAtOnce) {
  Someone who;
  Treatment t(Plan{}, world().therapy);
  t.resume(world().library.find("fingolimod"), 0, who.patient);
  live(t, who, 0, 10);
  EXPECT_LT(who.levers.egress, 0.6);
  t.switch_to(world().library.find("ocrelizumab"), 11, 0);
  live(t, who, 11, 150);
  ASSERT_EQ(t.current().size(), 1U);
  EXPECT_EQ(t.current()[0]->id, "ocrelizumab");
  EXPECT_EQ(who.levers.egress, 1.0);
  EXPECT_GT(who.levers.kill_b, 0.5);
}

}  // namespace
}  // namespace hortega::therapy
