// SPDX-License-Identifier: Apache-2.0
// MRI measures of a person.
#include "hortega/endpoints/mri.hpp"

#include <cstdlib>

namespace hortega::endpoints {
namespace {

template <class Count>
LesionCount lesions(const PersonRecord& person, int from_day, int to_day, Count count) {
  LesionCount sum;
  int last = from_day;
  for (const auto& scan : person.scans) {
    if (scan.day <= from_day || scan.day > to_day || count(scan) == kMissingCount) continue;
    sum.lesions += count(scan);
    ++sum.scans;
    last = scan.day;
  }
  sum.years = (last - from_day) / kDaysPerYear;
  return sum;
}

}  // namespace

double annualised_percent(double percent, double days) {
  if (!(days > 0)) return kMissing;
  return (std::pow(1 + percent / 100, kDaysPerYear / days) - 1) * 100;
}

double brain_volume_change_percent(const Scan& earlier, const Scan& later) {
  const double from = 1 + earlier.brain_volume_change_percent / 100;
  const double to = 1 + later.brain_volume_change_percent / 100;
  return (to / from - 1) * 100;
}

Ternary mri_activity(const Scan& scan) {
  if (scan.gd_count > 0 || scan.new_or_enlarging_t2 > 0) return Ternary::yes;
  if (scan.gd_count == kMissingCount || scan.new_or_enlarging_t2 == kMissingCount) return Ternary::unknown;
  return Ternary::no;
}

LesionCount& LesionCount::operator+=(const LesionCount& other) {
  lesions += other.lesions;
  scans += other.scans;
  years += other.years;
  return *this;
}

double LesionCount::per_scan() const { return scans > 0 ? static_cast<double>(lesions) / scans : kMissing; }

double LesionCount::per_year() const { return years > 0 ? lesions / years : kMissing; }

LesionCount gd_lesions(const PersonRecord& person, int from_day, int to_day) {
  return lesions(person, from_day, to_day, [](const Scan& scan) { return scan.gd_count; });
}

LesionCount new_t2_lesions(const PersonRecord& person, int from_day, int to_day) {
  return lesions(person, from_day, to_day, [](const Scan& scan) { return scan.new_or_enlarging_t2; });
}

LesionCount new_t1_lesions(const PersonRecord& person, int from_day, int to_day) {
  return lesions(person, from_day, to_day, [](const Scan& scan) { return scan.new_t1; });
}

const Scan* scan_near(const PersonRecord& person, int day, int window_days) {
  const Scan* found = nullptr;
  for (const auto& scan : person.scans) {
    const int distance = std::abs(scan.day - day);
    if (distance > window_days) continue;
    if (found == nullptr || distance < std::abs(found->day - day)) found = &scan;
  }
  return found;
}

double annualised_brain_volume_change(const PersonRecord& person, int from_day, int to_day, int window_days) {
  const Scan* from = scan_near(person, from_day, window_days);
  const Scan* to = scan_near(person, to_day, window_days);
  if (from == nullptr || to == nullptr) return kMissing;
  return annualised_percent(brain_volume_change_percent(*from, *to), to->day - from->day);
}

}  // namespace hortega::endpoints
