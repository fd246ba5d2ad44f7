// SPDX-License-Identifier: Apache-2.0
//
// Cells that gather outside the CNS while a drug bars their way (in the blood under natalizumab: Kivisakk
// 2009, PMC2690969; in lymph nodes under S1P modulators) and go there when the bar falls: rebound.
#pragma once

#include "hortega/core/math.hpp"

namespace hortega::therapy {

/// Level 0 (none gathered) to 1 (as after a long full block): follows the block with the time in which the
/// cells gather and disperse.
class KeptCells {
 public:
  void settle(double blocked) { level_ = blocked; }
  void elapse(int days, double blocked, double time_day) {
    level_ = blocked + (level_ - blocked) * math::exp(-days / time_day);
  }
  double level() const { return level_; }
  bool gone() const { return level_ < k_none; }

 private:
  static constexpr double k_none = 0.01;  // not biology: the rest is ignored
  double level_ = 0.0;
};

}  // namespace hortega::therapy
