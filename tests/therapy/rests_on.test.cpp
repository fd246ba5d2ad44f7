// SPDX-License-Identifier: Apache-2.0
//
// The parameters that an answer is said to rest on are those that the course reads.
#include "hortega/therapy/rests_on.hpp"

#include "harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hortega::therapy {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<std::string> of(const Regimen& regimen) { return parameters_of(regimen, testing::world().set); }
const Regimen& shipped(const char* id) { return testing::world().library.find(id); }

// allo_course.cpp reads it on every day on which prophylaxis blocks; autologous transplants give none.
TEST(RestsOn, ProphylaxisOfADonorsGraftHoldsBackTheDiseaseToo) {
  int donors = 0;
  for (const Regimen& regimen : testing::world().library.all()) {
    if (regimen.kind != RegimenKind::allogeneic_transplant) continue;
    ++donors;
    ASSERT_FALSE(regimen.prophylaxis.empty()) << regimen.id;
    EXPECT_THAT(of(regimen), Contains("protection_on_autoimmunity")) << regimen.id;
  }
  EXPECT_GT(donors, 3);
  Regimen without = shipped("allo-sibling-bu-cy");
  without.prophylaxis.clear();
  EXPECT_THAT(of(without), Not(Contains("protection_on_autoimmunity")));
  EXPECT_THAT(of(shipped("ahsct-cy-atg")), Not(Contains("protection_on_autoimmunity")));
  EXPECT_THAT(of(shipped("tacrolimus")), Contains("protection_on_autoimmunity"));
}

TEST(RestsOn, OfADrugItsOwnAndOfNothingNothing) {
  EXPECT_THAT(of(shipped("natalizumab")), Contains("natalizumab_kept"));
  EXPECT_THAT(of(shipped("natalizumab")), Not(Contains("tacrolimus_half_block")));
  EXPECT_THAT(of(shipped("none")), IsEmpty());
}

}  // namespace
}  // namespace hortega::therapy
