// SPDX-License-Identifier: Apache-2.0
//
// Therapies that name themselves: found by the build, told apart, with parameters of their own.
#include "hortega/therapy/registry.hpp"

#include "hortega/core/problems.hpp"
#include "hortega/therapy/response.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace hortega::therapy {
namespace {

TEST(Registry, HoldsWhatFilesNameSortedAndOnce) {
  const auto all = therapies();
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(),
                             [](const Therapy& a, const Therapy& b) { return a.kind < b.kind; }));
  std::set<std::string_view> kinds;
  std::set<Slot> slots;
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_TRUE(kinds.insert(all[i].kind).second) << all[i].kind;
    EXPECT_TRUE(slots.insert(slot_of(all[i].kind)).second) << all[i].kind;
    EXPECT_GT(static_cast<std::uint32_t>(slot_of(all[i].kind)),
              static_cast<std::uint32_t>(Slot::progenitors));
    ASSERT_NE(all[i].make, nullptr) << all[i].kind;
    ASSERT_NE(all[i].watching, nullptr) << all[i].kind;
    EXPECT_EQ(therapy_of(kind_of_own_file(i)), &all[i]);
  }
  EXPECT_TRUE(kinds.contains("natalizumab"));  // from a file of its own
  EXPECT_TRUE(kinds.contains("siponimod"));    // the second of a file
  EXPECT_EQ(therapy_of(RegimenKind::mesenchymal), nullptr);
  EXPECT_EQ(therapy_of(kind_of_own_file(all.size())), nullptr);
}

TEST(Registry, AParameterOfATherapysOwnIsReadByName) {
  Parameters p;
  p.not_listed["minocycline_half_life"] = {0.7, 0.2};
  EXPECT_DOUBLE_EQ(p.own("minocycline_half_life").spread, 0.2);
  try {
    (void)p.own("minocycline_half_lives");
    FAIL() << "no error";
  } catch (const core::InputError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("minocycline_half_lives"));
  }
}

}  // namespace
}  // namespace hortega::therapy
