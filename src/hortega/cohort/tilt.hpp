// SPDX-License-Identifier: Apache-2.0
//
// Weights that match a pool to published baseline moments: exponential tilting (entropy balancing;
// Hainmueller 2012, doi:10.1093/pan/mpr025), and weighted sampling without replacement.
#pragma once

#include "hortega/core/random.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hortega::cohort {

/// One moment: the value of each candidate and the mean it should have.
struct TiltMoment {
  std::string name;
  std::vector<double> value;
  double target = 0.0;
  std::optional<double> plain_mean = std::nullopt;  // reported instead of the mean of `value`, if given
};

struct TiltResult {
  std::vector<double> weight;    // sums to 1
  double effective_share = 1.0;  // (sum w)^2 / (n sum w^2)
  std::vector<double> before;    // unweighted means
  std::vector<double> after;     // weighted means
  bool converged = true;         // false: no weights meet the moments exactly; the nearest found are given
};

/// Damped Newton on the dual. No moments: equal weights.
TiltResult tilt(std::span<const TiltMoment> moments, std::size_t n);

/// Indices of k distinct candidates with probability proportional to weight (Efraimidis & Spirakis 2006,
/// doi:10.1016/j.ipl.2005.11.003), in order of draw; a function of seed and replicate. Fewer candidates than
/// k: all, then again from the start (each copy has a future of its own).
std::vector<std::size_t> draw_without_replacement(std::span<const double> weight, std::size_t k,
                                                  std::uint64_t seed, std::uint32_t replicate);

}  // namespace hortega::cohort
