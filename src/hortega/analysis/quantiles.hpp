// SPDX-License-Identifier: Apache-2.0
// Sample quantiles.
#pragma once

#include <span>
#include <vector>

namespace hortega::analysis {

/// Quantiles of type 7 (Hyndman & Fan 1996; R's default) at each probability in [0, 1]; at least one value,
/// all finite, in any order. O(n log n).
std::vector<double> quantiles(std::span<const double> values, std::span<const double> probabilities);

}  // namespace hortega::analysis
