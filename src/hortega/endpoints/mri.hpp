// SPDX-License-Identifier: Apache-2.0
// MRI measures: enhancing and new T2 lesions, their rates, brain volume change a year (docs/endpoints.md).
#pragma once

#include "hortega/endpoints/record.hpp"

namespace hortega::endpoints {

/// Volume change p % over `days` as % a year: ((1 + p/100)^(365.25/days) - 1) * 100. NaN if days <= 0 or p
/// missing.
double annualised_percent(double percent, double days);

/// Change between two scans of a series whose PBVC is cumulative from day 0, percent of the earlier volume.
double brain_volume_change_percent(const Scan& earlier, const Scan& later);

/// Any Gd+ or new/enlarging T2 on this scan? unknown if none is seen and a count is missing.
Ternary mri_activity(const Scan& scan);

/// Lesions summed over the scans with day in (from_day, to_day] that have the count, and the time those scans
/// cover.
struct LesionCount {
  int lesions = 0;
  int scans = 0;
  double years = 0;  ///< from_day to the last counted scan
  LesionCount& operator+=(const LesionCount& other);
  double per_scan() const;  ///< NaN without scans
  double per_year() const;  ///< NaN without time
};
LesionCount gd_lesions(const PersonRecord& person, int from_day, int to_day);
LesionCount new_t2_lesions(const PersonRecord& person, int from_day, int to_day);
LesionCount new_t1_lesions(const PersonRecord& person, int from_day, int to_day);  ///< black holes

/// Scan nearest to `day` within the window (the earlier at a tie); nullptr if none.
const Scan* scan_near(const PersonRecord& person, int day, int window_days = 28);

/// Brain volume change a year between the scans near two days; NaN if either is missing.
double annualised_brain_volume_change(const PersonRecord& person, int from_day, int to_day,
                                      int window_days = 28);

}  // namespace hortega::endpoints
