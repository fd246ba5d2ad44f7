// SPDX-License-Identifier: Apache-2.0
// Scales on which simulated and published numbers are compared.
#include "hortega/evidence/row_simulator.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hortega::evidence {
namespace {

TEST(Links, GoThereAndBack) {
  for (const Link link : {Link::identity, Link::log, Link::logit, Link::log_rest}) {
    for (const double x : {0.3, 5.0, 42.0, 97.0})
      EXPECT_NEAR(from_link(link, to_link(link, x, 1000.0)), x, 1e-12) << static_cast<int>(link);
  }
  // A reduction is the logarithm of what is left, so it may be negative (a rise).
  EXPECT_DOUBLE_EQ(to_link(Link::log_rest, 50.0, 0.0), std::log(0.5));
  EXPECT_DOUBLE_EQ(to_link(Link::log_rest, -20.0, 0.0), std::log(1.2));
}

TEST(Links, KeepOffTheEdgeByHalfAnEvent) {
  EXPECT_DOUBLE_EQ(from_link(Link::logit, to_link(Link::logit, 0.0, 24.0)), 100.0 * 0.5 / 25.0);
  EXPECT_DOUBLE_EQ(from_link(Link::logit, to_link(Link::logit, 100.0, 24.0)), 100.0 - 100.0 * 0.5 / 25.0);
  EXPECT_DOUBLE_EQ(from_link(Link::log, to_link(Link::log, 0.0, 50.0)), 0.01);
}

}  // namespace
}  // namespace hortega::evidence
