// SPDX-License-Identifier: Apache-2.0
// Planned visits that analyses ask about.
#include "hortega/evidence/visit_days.hpp"

#include <gtest/gtest.h>

namespace hortega::evidence {
namespace {

using Days = std::vector<double>;

TEST(VisitDays, FromListsAndIntervals) {
  trial::Schedule listed;
  listed.at_day = {0, 182.625, 365.25, 1095.75};  // months 0, 6, 12, 36
  EXPECT_EQ(planned_days(listed, 1095.75), (Days{183, 365, 1096}))
      << "month 36 is the day on which the simulation ends follow-up";
  EXPECT_EQ(planned_days(listed, 400), (Days{183, 365}));
  trial::Schedule every;
  every.every_day = 84;
  every.until_day = 252;
  EXPECT_EQ(planned_days(every, 732), (Days{84, 168, 252}));
  EXPECT_EQ(planned_days(every, 170), (Days{84, 168}));
}

TEST(VisitDays, TheLastIsThatOfTheSimulation) {
  // Months 12, 24 and 36: 365.25, 730.5 and 1095.75 days.
  for (const double months : {12.0, 24.0, 36.0}) {
    const double follow_up_day = months * 30.4375;
    trial::Schedule schedule;
    schedule.at_day = {0, follow_up_day};
    const auto simulated = trial::days_of(schedule, follow_up_day);
    EXPECT_EQ(planned_days(schedule, follow_up_day), (Days{static_cast<double>(simulated.back())})) << months;
    EXPECT_EQ(last_day(follow_up_day), simulated.back()) << months;
  }
}

TEST(VisitDays, NearestPlannedWithin45Days) {
  const Days planned{84, 168, 336};
  EXPECT_EQ(planned_near(planned, 365.25), 336);
  EXPECT_EQ(planned_near(planned, 700), 700);
}

TEST(VisitDays, YearsBeforeTheEnd) {
  EXPECT_EQ(yearly_days(1826.25), (Days{365.25, 730.5, 1095.75, 1461}));
  EXPECT_EQ(yearly_days(365.25), Days{});
  EXPECT_EQ(yearly_days(20 * 365.25).size(), 3U);
}

}  // namespace
}  // namespace hortega::evidence
