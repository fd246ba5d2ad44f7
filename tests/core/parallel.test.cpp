// SPDX-License-Identifier: Apache-2.0
//
// The parallel loop: every index once, the lowest exception wins, sums by block do not depend on threads.
#include "hortega/core/parallel.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

namespace hortega::core {
namespace {

TEST(Parallel, VisitsEachIndexOnce) {
  for (const int n_threads : {1, 2, 3}) {
    set_threads(n_threads);
    std::vector<int> visits(1000, 0);
    parallel_for(visits.size(), [&](std::size_t i) { ++visits[i]; });
    for (const int v : visits) ASSERT_EQ(v, 1);
  }
  set_threads(0);
}

TEST(Parallel, RethrowsTheLowestIndex) {
  for (const int n_threads : {1, 3}) {
    set_threads(n_threads);
    try {
      parallel_for(200, [](std::size_t i) {
        if (i % 50 == 7) throw std::runtime_error(std::to_string(i));
      });
      FAIL() << "no exception";
    } catch (const std::runtime_error& e) {
      EXPECT_STREQ(e.what(), "7");
    }
  }
  set_threads(0);
}

TEST(Parallel, BodiesKnowThatTheyAreBodies) {
  for (const int n_threads : {1, 3}) {
    set_threads(n_threads);
    EXPECT_FALSE(inside_parallel_for());
    std::vector<int> inside(50, 0);
    parallel_for(inside.size(), [&](std::size_t i) {
      parallel_for(2, [](std::size_t) {});
      inside[i] = inside_parallel_for() ? 1 : 0;
    });
    for (const int in : inside) EXPECT_EQ(in, 1);
    EXPECT_THROW(parallel_for(3, [](std::size_t) { throw std::runtime_error("stops"); }), std::runtime_error);
    EXPECT_FALSE(inside_parallel_for());
  }
  set_threads(0);
}

TEST(Parallel, BlockSumsAreTheSameForAnyThreads) {
  std::vector<double> totals;
  for (const int n_threads : {1, 2, 3}) {
    set_threads(n_threads);
    std::vector<double> block(64, 0.0);
    parallel_for(block.size(), [&](std::size_t b) {
      for (int i = 0; i < 1000; ++i) block[b] += std::sin(static_cast<double>(b) * 1000.0 + i);
    });
    double total = 0.0;
    for (const double s : block) total += s;
    totals.push_back(total);
  }
  EXPECT_EQ(totals[0], totals[1]);
  EXPECT_EQ(totals[0], totals[2]);
  set_threads(0);
}

}  // namespace
}  // namespace hortega::core
