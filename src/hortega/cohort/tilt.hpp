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
  std::string sd_name = {};  // not empty: squared deviations from the target of the moment before, which are
                             // reported as the SD of this name
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

/// As tilt, with no weight above most_weight (1 over the places of a trial: then k draws can give every
/// candidate the places that its weight asks for): the weights nearest to equal ones, in the sense of
/// relative entropy, that meet the moments under that limit. Not converged: there are none.
TiltResult tilt_below(std::span<const TiltMoment> moments, std::size_t n, double most_weight);

/// What happens to a candidate whose weight asks for more than one place.
enum class Copies : std::uint8_t {
  none,        ///< one place; what it cannot carry goes to the others in proportion to their weights
  as_weighted  ///< as many as the weight asks for, each with a future of its own
};

/// The expected number of places of each candidate among k: k times its weight, with Copies::none at most
/// one.
std::vector<double> places(std::span<const double> weight, std::size_t k, Copies copies);

/// Indices of k candidates, in random order, so that each is among them with the probability that places()
/// gives: weighted means of what is drawn are those of the whole (Pareto sampling, Rosen 1997,
/// doi:10.1016/S0378-3758(96)00186-3; drawing one after the other in proportion to weight would leave heavy
/// candidates too few places). person[i] is the number of the life behind candidate i: its luck in being
/// drawn is a function of seed, person and replicate, whoever else qualifies. Fewer candidates of positive
/// weight than k: all, then again from the start (each copy has a future of its own).
std::vector<std::size_t> draw_by_weight(std::span<const double> weight, std::span<const std::uint32_t> person,
                                        std::size_t k, std::uint64_t seed, std::uint32_t replicate,
                                        Copies copies);

}  // namespace hortega::cohort
