// SPDX-License-Identifier: Apache-2.0
// MRI measures (docs/endpoints.md).
#include "hortega/endpoints/mri.hpp"

#include <gtest/gtest.h>

#include "people.hpp"

namespace hortega::endpoints {
namespace {

using testing::Person;

TEST(AnnualisedPercent, ByTheFormula) {
  EXPECT_NEAR(annualised_percent(-0.35, 365.25), -0.35, 1e-12);
  // Two years at -0.5 % a year: 0.995^2 - 1 = -0.9975 %.
  EXPECT_NEAR(annualised_percent(-0.9975, 730.5), -0.5, 1e-12);
  EXPECT_TRUE(is_missing(annualised_percent(-1, 0)));
  EXPECT_TRUE(is_missing(annualised_percent(kMissing, 365)));
}

TEST(BrainVolume, BetweenScansOfACumulativeSeries) {
  Person person{2};
  person.scan(0, 0, 0, 0).scan(180, 0, 0, -1.0).scan(545, 0, 0, -1.495);
  // (1 - 0.01495) / (1 - 0.01) = 0.995.
  EXPECT_NEAR(brain_volume_change_percent(person.scans[1], person.scans[2]), -0.5, 1e-12);
  EXPECT_NEAR(annualised_brain_volume_change(person.view(), 180, 545), annualised_percent(-0.5, 365), 1e-12);
  EXPECT_TRUE(is_missing(annualised_brain_volume_change(person.view(), 180, 900)));
}

TEST(LesionCounts, SkipScansWithoutTheCount) {
  Person person{2};
  person.scan(0, 4, 0).scan(183, 1, 2).scan(365, kMissingCount, 3).scan(730, 0, kMissingCount);
  const auto gd = gd_lesions(person.view(), 0, 730);
  EXPECT_EQ(gd.lesions, 1);
  EXPECT_EQ(gd.scans, 2);
  EXPECT_DOUBLE_EQ(gd.per_scan(), 0.5);
  EXPECT_DOUBLE_EQ(gd.years, 730 / 365.25);
  const auto t2 = new_t2_lesions(person.view(), 0, 730);
  EXPECT_EQ(t2.lesions, 5);
  EXPECT_DOUBLE_EQ(t2.per_year(), 5 / (365 / 365.25));  // the last scan counted is that of day 365
  EXPECT_TRUE(is_missing(gd_lesions(person.view(), 730, 800).per_scan()));
}

TEST(MriActivity, UnknownOnlyIfNothingIsSeen) {
  Scan scan;
  EXPECT_EQ(mri_activity(scan), Ternary::unknown);
  scan.gd_count = 0;
  EXPECT_EQ(mri_activity(scan), Ternary::unknown);
  scan.new_or_enlarging_t2 = 0;
  EXPECT_EQ(mri_activity(scan), Ternary::no);
  scan.gd_count = kMissingCount;
  scan.new_or_enlarging_t2 = 2;
  EXPECT_EQ(mri_activity(scan), Ternary::yes);
}

TEST(ScanNear, NearestInTheWindow) {
  Person person{2};
  person.scan(0, 0, 0).scan(160, 0, 0).scan(190, 0, 0);
  EXPECT_EQ(scan_near(person.view(), 180)->day, 190);
  EXPECT_EQ(scan_near(person.view(), 175)->day, 160);  // a tie: the earlier
  EXPECT_EQ(scan_near(person.view(), 100), nullptr);
}

}  // namespace
}  // namespace hortega::endpoints
