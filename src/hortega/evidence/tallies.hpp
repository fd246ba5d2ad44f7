// SPDX-License-Identifier: Apache-2.0
// Counts that a replicate leaves behind for the bands over time and the table of harms: small, and added up
// exactly.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hortega::evidence {

/// A histogram of one measure in one arm on one day, kept sparse: cells are (band * days + day) * bins + bin.
struct BandTally {
  struct Cell {
    std::uint32_t index = 0;
    std::uint32_t count = 0;
  };
  std::vector<Cell> cells;           ///< ascending
  std::vector<double> sum;           ///< of the values, bands x days
  std::vector<std::uint32_t> count;  ///< people, bands x days
};

/// People of an arm with a harm.
struct HarmTally {
  std::string term;
  std::uint32_t arm = 0;
  std::uint32_t any = 0, grade3 = 0, serious = 0, death = 0;
};

}  // namespace hortega::evidence
