// SPDX-License-Identifier: Apache-2.0
// One parameter at a time: what an outcome does between the two ends of each range, by grade of evidence, and
// which conclusions do not survive it. Plain data; who runs the model fills it in.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "hortega/analysis/inference.hpp"

namespace hortega::analysis {

/// A conclusion about a difference between arms: which way it goes, and in which share of trials it is found.
struct Finding {
  double effect = 0.0;             ///< 0: no difference; NaN if not known
  double significant_share = 0.0;  ///< of simulated trials, in [0, 1]; NaN if not known
};

/// An end of a parameter's range.
struct TornadoEnd {
  double parameter = 0.0;
  Finding found;
  /// Of `effect` and of `significant_share`, minus those at the parameter's own value; 0 if there is none.
  double noise_sd = 0.0;
  double share_noise_sd = 0.0;
};

struct TornadoBar {
  std::string name;
  char grade = 'D';
  TornadoEnd low, high;
};

/// What moves between the ends.
enum class Flip { none, direction, significance, both };

struct RankedBar {
  TornadoBar bar;
  Interval effect;           ///< of low, high and the effect at the parameter's value
  double swing = 0.0;        ///< its width
  bool above_noise = false;  ///< an end is 2 sd or more from the effect at the value
  Flip flip = Flip::none;
};

/// By swing, widest first (equal ones by name). Where an end is above noise, direction flips if the sign of
/// its effect is not that at the value, significance if the share of
/// trials lies on the other side of one half and is itself 2 sd or more away. An end that is NaN is left out.
std::vector<RankedBar> tornado(const Finding& at_value, std::span<const TornadoBar> bars);

/// Of the bars of one grade: their number, how many flip, and the effect's range over all of them.
struct GradeSummary {
  char grade = 'D';
  int parameters = 0;
  int above_noise = 0;
  int flips = 0;
  double largest_swing = 0.0;
  Interval effect;
};

/// In the order of the letters; grades without a bar are left out.
std::vector<GradeSummary> by_grade(std::span<const RankedBar> ranked);

}  // namespace hortega::analysis
