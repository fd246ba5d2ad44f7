// SPDX-License-Identifier: Apache-2.0
//
// Natural frequencies of outcomes in people who resemble one person, under several options, from fates over
// draws of the parameters; and the differences between options, twin by twin.
//
// Two parts of the uncertainty: among a hundred such people luck and what is not known of them make a count
// scatter (binomial); and the parameters are not known (the frequency differs from draw to draw beyond what
// the finite number of lives explains).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hortega::evidence {

struct Range {
  double low = 0.0;
  double high = 0.0;
};

/// Out of a hundred people. Ranges hold 95 %.
struct Frequency {
  double per_100 = 0.0;
  Range chance;  // luck and people, the parameters known
  // The parameters that draws vary, of endlessly many people. None where draws differ no more than the number
  // of lives explains, or one draw carries the weight: that is no knowledge of the parameters.
  std::optional<Range> parameters;
  Range both;
  double simulation_se = 0.0;  // of per_100, by the finite number of simulated lives
  // Where nobody has it, or everybody: of a hundred, fewer than this have it (or lack it) all the same, 95 %.
  // By the number of simulated lives alone, copies of one life as one; in no other range.
  std::optional<double> simulation_limit;
};

/// First option minus second, out of a hundred twins.
struct Difference {
  double per_100 = 0.0;
  double only_first = 0.0, only_second = 0.0;  // of a hundred, those who have it under one option alone
  Range chance;
  std::optional<Range> parameters;
  Range both;
  double simulation_se = 0.0;
  std::optional<double> simulation_limit;  // where no pair differs: of a hundred, fewer than this do, 95 %
  std::vector<double> by_draw;             // of a hundred, chance of the finite number of lives taken out
};

/// One 0 or 1 a life, by draw. `ancestor`: lives copied from one life share its traits and count as a
/// cluster.
struct DrawValues {
  double weight = 0.0;  // of the draw; all sum to 1
  std::vector<std::uint8_t> has;
  std::span<const std::uint32_t> ancestor;
};

Frequency frequency(std::span<const DrawValues> draws);
/// The lives of both stand in the same order.
Difference difference(std::span<const DrawValues> first, std::span<const DrawValues> second);

/// An amount a life, by draw: money, days, visits. NaN: it does not count there.
struct DrawAmounts {
  double weight = 0.0;
  std::vector<double> x;
  std::span<const std::uint32_t> ancestor;
};

/// Of a hundred such people, the mean. Ranges hold 95 %.
struct Amount {
  double mean = 0.0;            // NaN where it counts for nobody
  double q10 = 0.0, q90 = 0.0;  // of single people, all draws together
  Range chance;                 // luck and people, the parameters known
  std::optional<Range> parameters;
  Range both;
  double simulation_se = 0.0;
};
Amount amount(std::span<const DrawAmounts> draws);
/// First minus second, twin by twin; a pair counts where both do.
Amount amount_difference(std::span<const DrawAmounts> first, std::span<const DrawAmounts> second);

/// Weighted rank correlation (Spearman) of two lists.
double rank_correlation(std::span<const double> x, std::span<const double> y, std::span<const double> weight);

/// A parameter whose draws go with the difference.
struct Influence {
  std::string name;
  double correlation = 0.0;
  bool beyond_chance = false;  // after Bonferroni over all parameters, at 5 %
};
/// The strongest first, at most `most`; none where the draws agree. values[d][k]: parameter k of draw d.
std::vector<Influence> influences(const std::vector<std::string>& names,
                                  const std::vector<std::vector<double>>& values,
                                  std::span<const double> by_draw, std::span<const double> weight,
                                  std::size_t most);

}  // namespace hortega::evidence
