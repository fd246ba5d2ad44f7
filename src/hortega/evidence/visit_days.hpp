// SPDX-License-Identifier: Apache-2.0
// The planned visits that analyses ask about.
#pragma once

#include <vector>

#include "hortega/trial/protocol.hpp"

namespace hortega::evidence {

/// The last day of a follow-up that ends within a day (24 months are 730.5 days): that on which the
/// simulation completes people (simulate_replicate) and the last planned visit falls (trial::days_of).
double last_day(double follow_up_day);

/// Planned days after day 0, ascending, rounded to whole days, none after the
/// last day.
std::vector<double> planned_days(const trial::Schedule& schedule, double follow_up_day);

/// The planned day at which a number asked for `day` was taken: the nearest at most 45 days away, else `day`.
double planned_near(const std::vector<double>& planned, double day);

/// Every year of follow-up but its end (every five years where it lasts more than ten).
std::vector<double> yearly_days(double follow_up_day);

}  // namespace hortega::evidence
