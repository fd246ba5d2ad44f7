// SPDX-License-Identifier: Apache-2.0
//
// The one parallel loop. Work is cut into blocks whose number does not depend on the number of threads; a sum
// is made per block and combined in index order, so that results never depend on threads.
#pragma once

#include <cstddef>
#include <functional>

namespace hortega::core {

/// Threads that parallel_for uses; 0 (the default) means all cores.
void set_threads(int n);
int threads();

/// Calls body(i) for i = 0..n-1, in any order and on any thread. If bodies throw, the exception of the lowest
/// i is rethrown after all have ended, so that a message does not depend on luck.
void parallel_for(std::size_t n, const std::function<void(std::size_t)>& body);

/// Whether the caller runs as the body of a parallel_for: the threads have work then, and another loop within
/// would cost more than it brings.
bool inside_parallel_for();

}  // namespace hortega::core
