// SPDX-License-Identifier: Apache-2.0
// What making the cells of a replicate's people took and gave, kept small, and put together over replicates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "hortega/evidence/summary.hpp"

namespace hortega::evidence {

/// Sums over the people of an arm whose regimen of cells began; number i of arm a stands at
/// a * k_cells_numbers + i. Weeks to make are kept as days, to the nearest, of those whose batch passed.
struct CellsTally {
  struct Cell {
    std::uint32_t index = 0;  ///< arm * k_most_days + day
    std::uint32_t count = 0;
  };
  std::vector<Cell> days;  ///< ascending
  std::vector<double> sum;
};

/// Numbers of a tally: people, those without cells, those of whom no batch passed, those with a product that
/// passed; of all people batches begun and batches failed by why; of products that passed passages and
/// potency, with how many tell them.
inline constexpr std::size_t k_cells_numbers = 13;

CellsTally tally_cells(const trial::Replicate& replicate, std::size_t arms);

/// One row for each arm in which a regimen of cells began, over all people of all replicates.
std::vector<CellsMadeRow> combine_cells(std::span<const CellsTally* const> tallies,
                                        const trial::Protocol& protocol);

}  // namespace hortega::evidence
