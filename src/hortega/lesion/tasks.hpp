// SPDX-License-Identifier: Apache-2.0
// core's parallel loop, or a plain one where the work is less than waking threads costs, or where many pieces
// of tissue are simulated side by side.
#pragma once

#include <cstddef>

#include "hortega/core/parallel.hpp"

namespace hortega::lesion {

/// Numbers to be worked on (about a nanosecond each) below which threads do not pay.
inline constexpr std::size_t k_least_for_threads = 200'000;
/// Work of one voxel in a step, of tissue and of the model of rings, and of one cell's neighbourhood.
inline constexpr std::size_t k_work_per_voxel = 10;
inline constexpr std::size_t k_work_per_ring_voxel = 8;
inline constexpr std::size_t k_work_per_cell = 50;

template <class Body>
void for_tasks(std::size_t tasks, std::size_t work, const Body& body) {
  if (work < k_least_for_threads || core::inside_parallel_for()) {
    for (std::size_t i = 0; i < tasks; ++i) body(i);
  } else {
    core::parallel_for(tasks, body);
  }
}

}  // namespace hortega::lesion
