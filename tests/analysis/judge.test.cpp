// SPDX-License-Identifier: Apache-2.0
// Runs the R judges again where Rscript is present and holds their answers against the committed ones.
#include <cstdlib>
#include <filesystem>

#include "reference.hpp"

namespace hortega::analysis {
namespace {

class Judge : public ::testing::TestWithParam<const char*> {};

TEST_P(Judge, ReproducesTheCommittedAnswers) {
  if (std::system("Rscript --vanilla -e 'library(survival); library(MASS)' > /dev/null 2>&1") != 0) {
    GTEST_SKIP() << "Rscript with survival and MASS is not installed";
  }
  const std::string judge = GetParam();
  const std::string directory = test::directory();
  const auto out = std::filesystem::temp_directory_path() / ("hortega_judge_" + judge + ".csv");
  const std::string command = "Rscript --vanilla '" + directory + "reference/" + judge + ".R' '" + directory +
                              "data' '" + out.string() + "'";
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
  const test::Named now = test::read_answers(out.string());
  const test::Named committed = test::read_reference(judge);
  std::filesystem::remove(out);
  ASSERT_EQ(now.size(), committed.size());
  for (const auto& [name, values] : committed) {
    ASSERT_TRUE(now.contains(name)) << name;
    // Another linear-algebra library under R may move the last digits.
    EXPECT_TRUE(test::agrees(now.at(name), values, 1e-10)) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(R, Judge, ::testing::Values("survival", "cox", "counts", "outcomes"));

}  // namespace
}  // namespace hortega::analysis
