// SPDX-License-Identifier: Apache-2.0
#include "hortega/core/parallel.hpp"

#include "hortega/core/interrupt.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#ifdef HORTEGA_USE_JTHREAD
#include <vector>
#else
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>
#endif

namespace hortega::core {

namespace {

std::atomic<int> thread_count{0};
thread_local int bodies_here = 0;

// Keeps the exception of the lowest index.
class FirstException {
 public:
  void keep(std::size_t index) {
    const std::lock_guard lock(mutex_);
    if (!exception_ || index < index_) {
      exception_ = std::current_exception();
      index_ = index;
    }
  }
  void rethrow() const {
    if (exception_) std::rethrow_exception(exception_);
  }

 private:
  std::mutex mutex_;
  std::exception_ptr exception_;
  std::size_t index_ = 0;
};

}  // namespace

void set_threads(int n) { thread_count = n; }

int threads() {
  const int n = thread_count;
  return n > 0 ? n : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

bool inside_parallel_for() { return bodies_here > 0; }

void parallel_for(std::size_t n, const std::function<void(std::size_t)>& body) {
  FirstException first;
  const auto guarded = [&](std::size_t i) {
    if (interrupting_signal() != 0) return;
    ++bodies_here;
    try {
      body(i);
    } catch (...) {
      first.keep(i);
    }
    --bodies_here;
  };
#ifdef HORTEGA_USE_JTHREAD
  std::atomic<std::size_t> next{0};
  const auto worker = [&] {
    for (std::size_t i = next++; i < n; i = next++) guarded(i);
  };
  {
    std::vector<std::jthread> pool;
    for (int t = 1; t < threads(); ++t) pool.emplace_back(worker);
    worker();
  }
#else
  // More threads than cores are allowed: that results do not depend on them must be testable anywhere.
  const oneapi::tbb::global_control limit(oneapi::tbb::global_control::max_allowed_parallelism,
                                          static_cast<std::size_t>(threads()));
  oneapi::tbb::task_arena arena(threads());
  arena.execute([&] { oneapi::tbb::parallel_for(std::size_t{0}, n, guarded); });
#endif
  first.rethrow();
  throw_if_interrupted();
}

}  // namespace hortega::core
