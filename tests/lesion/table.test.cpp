// SPDX-License-Identifier: Apache-2.0
//
// The lesion table: interpolation, a round through a file, and the committed table against fresh runs.
#include "hortega/lesion/table.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include "hortega/core/parallel.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/lesion/design.hpp"
#include "lesion/reference_tissue.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace hortega::lesion;

LesionTable small_table() {
  // f = 2 a + 3 log(b), which multilinear interpolation in a and log(b) gives exactly.
  TableAxis a{"a", "first", "1", {0.0, 1.0, 4.0}, false};
  TableAxis b{"b", "second", "mm", {1.0, 10.0}, true};
  TableOutput f{"f", "a sum", "1", {}, 0.9, 0.1, 0.95};
  for (const double x : a.values) {
    for (const double y : b.values) f.values.push_back(2.0 * x + 3.0 * std::log(y));
  }
  return {{a, b}, {f}, "made for a test"};
}

TEST(LesionTable, InterpolatesAndHoldsAtItsEnds) {
  const LesionTable table = small_table();
  const double inside[] = {2.5, 4.0};
  EXPECT_NEAR(table.at(0, inside), 5.0 + 3.0 * std::log(4.0), 1e-12);
  const double beyond[] = {9.0, 0.1};
  EXPECT_NEAR(table.at(0, beyond), 8.0, 1e-12);
  EXPECT_EQ(table.output("f"), 0U);
  EXPECT_THROW(static_cast<void>(table.output("g")), std::invalid_argument);
}

TEST(LesionTable, SurvivesAFile) {
  const hortega::testing_support::TemporaryFolder folder;
  const auto path = folder.path() / "t.nc";
  small_table().write(path);
  const LesionTable back = LesionTable::read(path);
  ASSERT_EQ(back.axes().size(), 2U);
  EXPECT_TRUE(back.axes()[1].logarithmic);
  EXPECT_EQ(back.comment(), "made for a test");
  const double at[] = {1.7, 3.0};
  EXPECT_NEAR(back.at(0, at), small_table().at(0, at), 1e-6);
  EXPECT_EQ(back.outputs()[0].held_out_q2, 0.9);
  EXPECT_THROW(static_cast<void>(LesionTable::read(folder.path() / "none.nc")), hortega::core::RunError);
}

TEST(LesionTable, UnitCubeAndInputsAreInverse) {
  const double unit[k_design_inputs] = {0.1, 0.9, 0.5, 0.3, 0.7, 0.0, 1.0, 0.25};
  const auto back = unit_point(design_point(unit));
  for (std::size_t i = 0; i < k_design_inputs; ++i) EXPECT_NEAR(back[i], unit[i], 1e-12);
}

TEST(LesionTable, TheCommittedOneAgreesWithFreshRuns) {
  const std::filesystem::path path = HORTEGA_SOURCE_DIR "/data/tables/lesion.nc";
  if (!std::filesystem::exists(path))
    GTEST_SKIP() << "data/tables/lesion.nc is not there: hortega lesion tables";
  const LesionTable table = LesionTable::read(path);
  ASSERT_EQ(table.axes().size(), k_design_inputs);
  const std::vector<std::vector<double>> lesions = {{80000.0, 14.0, 30.0, 1.0, 0.03, 0.0, 0.0, 30.0},
                                                    {140000.0, 14.0, 60.0, 0.5, 0.03, 0.0, 0.0, 30.0},
                                                    {80000.0, 14.0, 45.0, 1.0, 0.15, 0.0, 0.0, 30.0},
                                                    {80000.0, 14.0, 30.0, 0.3, 0.02, 0.0, 50000.0, 40.0}};
  std::vector<DesignOutcome> fresh(lesions.size());
  hortega::core::parallel_for(lesions.size(), [&](std::size_t i) {
    fresh[i] = run_design(design_settings(lesions[i], DesignGrid::reduced, 9000 + i), tests::parameters());
  });
  const auto repaired = table.output("repaired_fraction");
  const auto transected = table.output("transected_fraction");
  for (std::size_t i = 0; i < lesions.size(); ++i) {
    // Three times the error that the table states of itself, which holds the emulator's, not the grid's.
    EXPECT_NEAR(table.at(repaired, lesions[i]), fresh[i].repaired_fraction,
                0.03 + 3.0 * table.outputs()[repaired].held_out_rmse)
        << i;
    EXPECT_NEAR(table.at(transected, lesions[i]), fresh[i].transected_fraction,
                0.02 + 3.0 * table.outputs()[transected].held_out_rmse)
        << i;
  }
}

}  // namespace
