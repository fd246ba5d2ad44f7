// SPDX-License-Identifier: Apache-2.0
// What the people of a replicate used and cost, kept small, and put together over replicates.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "hortega/economics/account.hpp"
#include "hortega/evidence/summary.hpp"

namespace hortega::evidence {

/// Sums, numbers of people and histograms of each measure in each arm; measure m of arm a stands at
/// m * arms + a.
struct ResourceTally {
  struct Cell {
    std::uint32_t index = 0;  ///< (measure * arms + arm) * bins + bin
    std::uint32_t count = 0;
  };
  std::vector<Cell> cells;  ///< ascending
  std::vector<double> sum;
  std::vector<std::uint32_t> count;     ///< people with a value
  std::vector<std::string> not_priced;  ///< drugs without a price
};

ResourceTally tally_resources(std::span<const economics::Account> accounts,
                              std::span<const std::size_t> arm_of, std::size_t arms);

/// Mean of a row in one arm of one replicate; NaN where nobody counts.
double row_value(const ResourceTally& tally, const economics::Row& row, std::size_t arm, std::size_t arms);

/// Quantiles over all people of all replicates (type 7, in steps of 0.05 up to 50 and of 0.5 % beyond;
/// of a ratio of sums there are none: NaN).
struct PeopleQuantiles {
  double q10, q50, q90;
};
PeopleQuantiles people_quantiles(std::span<const ResourceTally* const> tallies, const economics::Row& row,
                                 std::size_t arm, std::size_t arms);

}  // namespace hortega::evidence
