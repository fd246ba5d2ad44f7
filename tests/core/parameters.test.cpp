// SPDX-License-Identifier: Apache-2.0
// Passports: what is wrong with one is told with its place, and a value set by hand keeps to its range.
#include "hortega/core/parameters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "hortega/core/files.hpp"
#include "hortega/core/problems.hpp"
#include "support/temporary_folder.hpp"

namespace hortega::core {
namespace {

using testing::HasSubstr;

std::string told(const std::function<void()>& action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "taken";
}

ParameterSet read(const std::string& text) {
  const testing_support::TemporaryFolder folder;
  OutputDirectory(folder.path() / "passports").write("a.toml", text);
  return ParameterSet::read_directory((folder.path() / "passports").string());
}

constexpr const char* k_rate =
    "[rate]\nvalue = 12.0\nunit = \"1/year\"\nspread = 0.3\nsource = \"x\"\ngrade = \"A\"\nrange = [5, 30]\n";

TEST(ParameterSet, ANegativeSpreadIsToldWithItsPlaceAndWithTheOtherProblems) {
  const std::string text = told([] {
    read(
        "[rate]\nvalue = 12.0\nunit = \"1/year\"\nspread = -0.3\nsource = \"x\"\ngrade = \"G\"\nrange = [5, "
        "30]\n");
  });
  EXPECT_THAT(text, HasSubstr("a.toml:4:10: error: rate.spread: spread -0.3 is negative (0 or more)\n"));
  EXPECT_THAT(text, HasSubstr("rate.grade: grade 'G'"));
}

TEST(ParameterSet, AValueSetByHandKeepsToItsRangeInItsUnit) {
  ParameterSet set = read(std::string(k_rate) +
                          "[share]\nvalue = 0.2\nunit = \"1\"\nspread = 0.1\nsource = \"x\"\ngrade = "
                          "\"A\"\nrange = [0.05, 0.4]\n");
  EXPECT_EQ(told([&] { set.set("share", 0.9); }),
            "--set: error: share: 0.9 is outside its range (0.05 to 0.4)\n");
  EXPECT_EQ(told([&] { set.set("rate", 31.0); }),
            "--set: error: rate: 31 is outside its range (5 to 30 1/year)\n");
  set.set("rate", 30.0);
  EXPECT_EQ(set.get("rate").value, 30.0);
}

TEST(ParameterSet, ASpreadSetByHandKeepsToItsRange) {
  ParameterSet set = read(std::string(k_rate) + "spread_range = [0.2, 0.6]\n");
  EXPECT_EQ(told([&] { set.set_spread("rate", 0.7); }),
            "--set: error: rate.spread: 0.7 is outside its range (0.2 to 0.6)\n");
  set.set_spread("rate", 0.6);
  EXPECT_EQ(set.get("rate").spread, 0.6);
  ParameterSet free = read(k_rate);
  EXPECT_EQ(told([&] { free.set_spread("rate", -0.1); }),
            "--set: error: rate.spread: -0.1 is outside its range (0 or more)\n");
  free.set_spread("rate", 0.0);
  EXPECT_EQ(free.get("rate").spread, 0.0);
}

}  // namespace
}  // namespace hortega::core
