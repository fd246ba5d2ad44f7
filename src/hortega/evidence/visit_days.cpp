// SPDX-License-Identifier: Apache-2.0
// The planned visits that analyses ask about.
#include "hortega/evidence/visit_days.hpp"

#include <algorithm>
#include <cmath>

#include "hortega/endpoints/record.hpp"

namespace hortega::evidence {
namespace {

constexpr double k_near_day = 45.0;
constexpr double k_many_years = 10.0;

}  // namespace

double last_day(double follow_up_day) { return std::round(follow_up_day); }

std::vector<double> planned_days(const trial::Schedule& schedule, double follow_up_day) {
  std::vector<double> days;
  const auto add = [&](double day) {
    if (day >= 1.0 && day <= follow_up_day + 0.5)
      days.push_back(std::min(std::round(day), last_day(follow_up_day)));
  };
  for (const double day : schedule.at_day) add(day);
  if (schedule.every_day && *schedule.every_day > 0.0) {
    const double until = std::min(schedule.until_day.value_or(follow_up_day), follow_up_day);
    const auto n = static_cast<long>(std::floor(until / *schedule.every_day + 1e-9));
    for (long k = 1; k <= n; ++k) add(static_cast<double>(k) * *schedule.every_day);
  }
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  return days;
}

double planned_near(const std::vector<double>& planned, double day) {
  double found = day, distance = k_near_day + 1e-9;
  for (const double candidate : planned) {
    const double away = std::abs(candidate - day);
    if (away < distance) {
      found = candidate;
      distance = away;
    }
  }
  return found;
}

std::vector<double> yearly_days(double follow_up_day) {
  const double year = endpoints::kDaysPerYear;
  const double step = follow_up_day > k_many_years * year ? 5.0 * year : year;
  std::vector<double> days;
  for (double k = 1.0; k * step < follow_up_day - k_near_day; k += 1.0) days.push_back(k * step);
  return days;
}

}  // namespace hortega::evidence
