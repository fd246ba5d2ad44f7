// SPDX-License-Identifier: Apache-2.0
//
// Lengths of time as courses keep their calendars: in whole days.
#pragma once

#include <cmath>

namespace hortega::therapy {

/// The nearest whole day, halves upward.
inline int whole(double day) { return static_cast<int>(std::floor(day + 0.5)); }

}  // namespace hortega::therapy
