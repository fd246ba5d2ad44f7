// SPDX-License-Identifier: Apache-2.0
// The planned visits that analyses ask about.
#pragma once

#include <vector>

#include "hortega/trial/protocol.hpp"

namespace hortega::evidence {

/// Planned days after day 0, ascending, rounded to whole days, the last inside follow-up.
std::vector<double> planned_days(const trial::Schedule& schedule, double follow_up_day);

/// The planned day at which a number asked for `day` was taken: the nearest at most 45 days away, else `day`.
double planned_near(const std::vector<double>& planned, double day);

/// Every year of follow-up but its end (every five years where it lasts more than ten).
std::vector<double> yearly_days(double follow_up_day);

}  // namespace hortega::evidence
