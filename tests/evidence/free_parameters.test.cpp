// SPDX-License-Identifier: Apache-2.0
// The variables of the fit and their priors.
#include "hortega/evidence/free_parameters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <string>

#include "hortega/core/document.hpp"
#include "hortega/core/files.hpp"
#include "hortega/core/problems.hpp"
#include "support/temporary_folder.hpp"

namespace hortega::evidence {
namespace {

using Part = FreeParameter::Part;
using Scale = FreeParameter::Scale;

TEST(FreeParameter, ScaleFollowsFromTheRange) {
  EXPECT_EQ(FreeParameter("a", Part::value, "1", 0.005, 0.15, 0.03).scale(), Scale::logit);
  EXPECT_EQ(FreeParameter("a", Part::value, "1/year", 0.005, 0.15, 0.03).scale(), Scale::log);
  EXPECT_EQ(FreeParameter("a", Part::value, "1", 0.5, 6.0, 2.0).scale(), Scale::log);
  EXPECT_EQ(FreeParameter("a", Part::value, "1", 0.0, 0.1, 0.03).scale(), Scale::identity);
  EXPECT_EQ(FreeParameter("a", Part::value, "1", -0.8, 0.2, -0.5).scale(), Scale::identity);
}

TEST(FreeParameter, PriorIsATruncatedNormalOnItsScale) {
  const FreeParameter p("rate", Part::value, "1/year", 5.0, 20.0, 14.0);
  EXPECT_NEAR(p.natural(0.0), 10.0, 1e-12);
  EXPECT_NEAR(p.natural(40.0), 20.0, 1e-12);
  EXPECT_NEAR(p.natural(-40.0), 5.0, 1e-12);
  EXPECT_LE(p.natural(40.0), 20.0);
  EXPECT_GE(p.natural(-40.0), 5.0);
  // theta 1: SciPy, norm.ppf(.025 + .95 * norm.cdf(1)) = 0.9317902; log 2 of scale a 1.9599640 of the range.
  EXPECT_NEAR(p.natural(1.0), 10.0 * std::exp(std::log(2.0) * 0.9317902 / 1.9599640), 1e-5);
  for (const double theta : {-3.0, -0.7, 0.0, 2.2}) EXPECT_NEAR(p.theta(p.natural(theta)), theta, 1e-9);
  EXPECT_LT(p.theta(5.0), -5.0);
  EXPECT_TRUE(std::isfinite(p.theta(5.0)));
}

TEST(FreeParameters, EveryParameterOfGradeF) {
  const auto set = core::ParameterSet::read_directory(HORTEGA_SOURCE_DIR "/data/parameters");
  const FreeParameters free(set);
  const auto fitted =
      std::count_if(set.all().begin(), set.all().end(), [](const auto& p) { return p.grade == 'F'; });
  EXPECT_GE(static_cast<long>(free.size()), fitted);
  EXPECT_GE(free.size(), 20U);
  const auto names = free.names();
  EXPECT_THAT(names, testing::Contains("lesion_propensity.spread"));
  EXPECT_THAT(names, testing::Not(testing::Contains("lesion_propensity")));
  EXPECT_THAT(names, testing::Contains("lesion_rate"));
  // The start is the passports' values.
  const core::ParameterSet back = free.at(set, free.start());
  for (const core::Passport& p : set.all()) {
    EXPECT_NEAR(back.get(p.name).value, p.value, 1e-6 * (p.high - p.low)) << p.name;
    EXPECT_NEAR(back.get(p.name).spread, p.spread, 1e-9 + 1e-6 * p.spread) << p.name;
  }
  // No theta leaves a range: set() would throw.
  EXPECT_NO_THROW(free.at(set, std::vector<double>(free.size(), 12.0)));
  EXPECT_NO_THROW(free.at(set, std::vector<double>(free.size(), -12.0)));
  EXPECT_THROW(free.at(set, std::vector<double>(free.size() - 1, 0.0)), std::invalid_argument);
}

class Passports : public testing::Test {
 protected:
  static std::string told(const std::function<void()>& action) {
    try {
      action();
    } catch (const core::InputError& error) {
      return error.what();
    }
    return "taken";
  }
  core::ParameterSet read(const std::string& keys) {
    const testing_support::TemporaryFolder temporary;
    const auto folder = temporary.path() / "passports";
    const core::OutputDirectory out(folder);
    out.write("a.toml", "[size]\nvalue = 1.0\nunit = \"1\"\nspread = 0.5\nsource = \"E0001\"\n" + keys);
    return core::ParameterSet::read_directory(folder.string());
  }
};

TEST_F(Passports, ASpreadVariesWithinItsRange) {
  core::ParameterSet set = read("grade = \"F\"\nrange = [0.2, 2.0]\nspread_range = [0.1, 0.9]\n");
  const FreeParameters free(set);
  EXPECT_THAT(free.names(), testing::ElementsAre("size", "size.spread"));
  EXPECT_EQ(free[1].low(), 0.1);
  set_variable(set, "size.spread", 0.8);
  EXPECT_EQ(set.get("size").spread, 0.8);
  EXPECT_THAT(told([&] { set.set_spread("size", 0.95); }),
              testing::HasSubstr("size.spread: 0.95 is outside its range (0.1 to 0.9)"));
  EXPECT_THAT(told([&] { set.set_spread("syze", 0.5); }), testing::HasSubstr("no parameter 'syze'"));
}

TEST_F(Passports, OfAPinnedValueTheSpreadVariesAndNeedsARange) {
  const FreeParameters free(read("grade = \"F\"\nrange = [0.99, 1.01]\nspread_range = [0.3, 0.7]\n"));
  EXPECT_THAT(free.names(), testing::ElementsAre("size.spread"));
  EXPECT_EQ(free[0].low(), 0.3);
  EXPECT_EQ(free[0].high(), 0.7);
  // [size] is the first line of the file.
  EXPECT_THAT(
      told([&] { FreeParameters(read("grade = \"F\"\nrange = [0.99, 1.01]\n")); }),
      testing::HasSubstr("a.toml:1: error: size.spread_range: a fitted spread has no range for its prior"));
}

// The prior of a spread stands still: the range of the fit in use, whatever the passport's spread is now.
// Numbers: key `range` of the variables of data/posterior.toml.
TEST(FreeParameters, PriorsOfSpreadsAreThoseOfTheFitInUse) {
  const FreeParameters free(core::ParameterSet::read_directory(HORTEGA_SOURCE_DIR "/data/parameters"));
  const core::Document record = core::Document::load(HORTEGA_SOURCE_DIR "/data/posterior.toml");
  const core::Value::Array& variables = *record.root().find("variable")->array();
  int spreads = 0;
  for (const core::Value& variable : variables) {
    const std::string& name = *variable.find("name")->text();
    if (!name.ends_with(".spread")) continue;
    ++spreads;
    const auto p = std::find_if(free.all().begin(), free.all().end(),
                                [&](const FreeParameter& f) { return f.name() == name; });
    ASSERT_NE(p, free.all().end()) << name;
    const core::Value::Array& range = *variable.find("range")->array();
    EXPECT_EQ(p->low(), *range[0].real()) << name;
    EXPECT_EQ(p->high(), *range[1].real()) << name;
  }
  EXPECT_EQ(spreads, 5);
}

TEST_F(Passports, AVariableIsAValueOrASpread) {
  const core::ParameterSet set = read("grade = \"F\"\nrange = [0.2, 2.0]\nspread_range = [0.1, 0.9]\n");
  EXPECT_EQ(variable_of(set, "size"), 1.0);
  EXPECT_EQ(variable_of(set, "size.spread"), 0.5);
  EXPECT_THAT(told([&] { variable_of(set, "syze.spread"); }), testing::HasSubstr("no parameter 'syze'"));
}

TEST_F(Passports, Refuses) {
  const std::string keys = "grade = \"F\"\nrange = [0.2, 2.0]\nspread_range = ";
  EXPECT_THAT(told([&] { read(keys + "[0.6, 0.9]\n"); }),
              testing::HasSubstr("size.spread_range: spread 0.5 lies outside its range (0.6 to 0.9)"));
  EXPECT_THAT(told([&] { read(keys + "[-1, 0.9]\n"); }),
              testing::HasSubstr("size.spread_range: no range ([low, high] from 0 on)"));
  EXPECT_THAT(told([&] { FreeParameters(read("grade = \"D\"\nreason = \"x\"\nrange = [0.2, 2.0]\n")); }),
              testing::HasSubstr("no parameter has grade F"));
}

}  // namespace
}  // namespace hortega::evidence
