// SPDX-License-Identifier: Apache-2.0
// Scales on which simulated and published numbers are compared.
#include "hortega/evidence/row_simulator.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>

#include "hortega/core/document.hpp"

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

// What is asked beside the rows stands apart from them: it changes neither their number nor their order.
TEST(RowSimulator, KeepsWhatIsAskedApartFromTheRows) {
  const std::string data = std::string(HORTEGA_SOURCE_DIR) + "/data";
  const auto published = PublishedRows::load(data + "/evidence/published.csv");
  const auto map = read_evidence_map(core::Document::load(data + "/evidence/map.toml"), published);
  const auto protocol =
      trial::read_protocol(core::Document::load(data + "/protocols/british-columbia.toml")).value;
  const Quantity rate = {"relapse-years-5-10", "rate", "untreated", "", 0.0, "relapsing-onset"};
  const RowSimulator plain({protocol}, map, published, {});
  const RowSimulator more({protocol}, map, published, {}, {},
                          {{"a", "british-columbia", rate}, {"b", "no-such-protocol", rate}});
  ASSERT_EQ(plain.targets().size(), more.targets().size());
  for (std::size_t i = 0; i < plain.targets().size(); ++i)
    EXPECT_EQ(plain.targets()[i].row_id, more.targets()[i].row_id);
  EXPECT_TRUE(plain.asked().empty());
  ASSERT_EQ(more.asked().size(), 1U);
  EXPECT_EQ(more.asked()[0].row_id, "a");
  EXPECT_EQ(more.asked()[0].link, Link::log);
  EXPECT_FALSE(more.asked()[0].why_not_scored.empty());
  const Quantity unknown = {"relapse-years-5-10", "rates", "untreated", "", 0.0, ""};
  EXPECT_THROW(RowSimulator({protocol}, map, published, {}, {}, {{"a", "british-columbia", unknown}}),
               std::invalid_argument);
}

}  // namespace
}  // namespace hortega::evidence
