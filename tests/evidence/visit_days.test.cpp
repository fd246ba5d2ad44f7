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
  EXPECT_EQ(planned_days(listed, 1095.75), (Days{183, 365, 1095}))
      << "month 36 is the last whole day of follow-up";
  EXPECT_EQ(planned_days(listed, 400), (Days{183, 365}));
  trial::Schedule every;
  every.every_day = 84;
  every.until_day = 252;
  EXPECT_EQ(planned_days(every, 732), (Days{84, 168, 252}));
  EXPECT_EQ(planned_days(every, 170), (Days{84, 168}));
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
