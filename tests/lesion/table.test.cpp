// SPDX-License-Identifier: Apache-2.0
//
// The lesion table: interpolation, a round through a file, and the committed table against fresh runs.
#include "hortega/lesion/table.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
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
  return {{a, b}, {f}, "made for a test", {"abc", {"a", "f"}, {0.5, 1.0, 2.5, std::nan("")}}};
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

TEST(LesionTable, RefusesWhatIsNoQuestionAndWhatIsNoTable) {
  const LesionTable table = small_table();
  const double one[] = {1.0};
  EXPECT_THROW(static_cast<void>(table.at(0, one)), std::invalid_argument);
  const double no_number[] = {1.0, std::nan("")};
  EXPECT_THROW(static_cast<void>(table.at(0, no_number)), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(table.axis("c")), std::invalid_argument);
  const TableOutput three{"f", "", "1", {1.0, 2.0, 3.0}, 0.0, 0.0, 0.0};
  EXPECT_THROW(LesionTable({{"a", "", "1", {1.0, 1.0, 2.0}, false}}, {three}, ""), std::invalid_argument);
  EXPECT_THROW(LesionTable({{"a", "", "1", {0.0, 1.0, 2.0}, true}}, {three}, ""), std::invalid_argument);
  EXPECT_THROW(LesionTable({{"a", "", "1", {0.0, 1.0}, false}}, {three}, ""), std::invalid_argument);
  EXPECT_THROW(LesionTable({}, {}, ""), std::invalid_argument);
}

// The fixed values lie off the points of their axes and beyond an end.
TEST(LesionTable, ACutAgreesWithTheWhole) {
  const LesionTable table = small_table();
  for (const double fixed : {0.3, 2.0, 7.0}) {
    const std::optional<double> first[] = {fixed, std::nullopt};
    const LesionTable cut = table.cut(first);
    ASSERT_EQ(cut.axes().size(), 1U);
    EXPECT_EQ(cut.axes()[0].name, "b");
    EXPECT_EQ(cut.outputs()[0].held_out_q2, 0.9);
    for (const double x : {0.5, 1.0, 2.2, 10.0, 11.0}) {
      const double one[] = {x};
      const double two[] = {fixed, x};
      EXPECT_NEAR(cut.at(0, one), table.at(0, two), 1e-12) << fixed << " " << x;
    }
  }
  const std::optional<double> all[] = {1.0, 2.0};
  EXPECT_THROW(static_cast<void>(table.cut(all)), std::invalid_argument);
  const std::optional<double> too_few[] = {std::nullopt};
  EXPECT_THROW(static_cast<void>(table.cut(too_few)), std::invalid_argument);
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
  EXPECT_EQ(back.runs().digest, "abc");
  EXPECT_EQ(back.runs().columns, (std::vector<std::string>{"a", "f"}));
  ASSERT_EQ(back.runs().size(), 2U);
  EXPECT_EQ(back.runs().row(1)[0], 2.5);
  EXPECT_TRUE(std::isnan(back.runs().row(1)[1]));
  EXPECT_THROW(static_cast<void>(LesionTable::read(folder.path() / "none.nc")), hortega::core::RunError);
}

// Features of the axes but the day are the places of the unit cube, above the part of a dose that is nought.
TEST(LesionDesign, PlacesAlongTheAxesAreThoseOfTheUnitCube) {
  const double nought = 1.0 / std::sqrt(3.0);  // of each dose, so that a third is without both
  const double unit[k_design_inputs] = {0.1, 0.9, 0.5, 0.3, 0.7, nought + 0.4 * (1.0 - nought), 1.0, 0.25};
  const auto features = design_features(design_point(unit));
  ASSERT_EQ(features.size(), k_design_features);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(features[i], unit[i], 1e-12);
  EXPECT_NEAR(features[5], 0.4, 1e-12);
  EXPECT_NEAR(features[6], 1.0, 1e-12);
  EXPECT_NEAR(features[7], 0.4 * (0.25 - 0.5), 1e-12);
  EXPECT_NEAR(features[8], 0.25 - 0.5, 1e-12);
}

TEST(LesionDesign, AThirdIsGivenNothingAndThenTheDayCannotMatter) {
  std::size_t untreated = 0;
  std::size_t one_kind = 0;
  constexpr std::size_t k_side = 60;
  for (std::size_t i = 0; i < k_side; ++i) {
    for (std::size_t j = 0; j < k_side; ++j) {
      const auto middle = [](std::size_t n) { return (static_cast<double>(n) + 0.5) / k_side; };
      const double unit[k_design_inputs] = {0.5, 0.5, 0.5, 0.5, 0.5, middle(i), middle(j), 0.9};
      auto point = design_point(unit);
      const bool none = point[5] == 0.0 && point[6] == 0.0;
      untreated += none ? 1 : 0;
      one_kind += (point[5] == 0.0) != (point[6] == 0.0) ? 1 : 0;
      if (!none) continue;
      const auto features = design_features(point);
      point[7] = 2.0;
      EXPECT_EQ(design_features(point), features);
    }
  }
  EXPECT_NEAR(static_cast<double>(untreated) / (k_side * k_side), 1.0 / 3.0, 0.02);
  EXPECT_NEAR(static_cast<double>(one_kind) / (k_side * k_side), 0.49, 0.02);  // 2 (1 - 0.577) 0.577
}

const LesionTable& shipped() {
  static const LesionTable table = LesionTable::read(HORTEGA_SOURCE_DIR "/data/tables/lesion.nc");
  return table;
}

// Any change of a parameter or an axis asks for `hortega lesion tables`.
TEST(ShippedLesionTable, IsMadeWithTheParametersAndAxesAsTheyAre) {
  EXPECT_EQ(shipped().runs().digest, design_digest(tests::parameters(), 1))
      << "rebuild it: hortega lesion tables --runs 400";
  EXPECT_EQ(shipped().runs().columns, design_columns());
  ASSERT_EQ(shipped().axes().size(), k_design_inputs);
  for (std::size_t a = 0; a < k_design_inputs; ++a)
    EXPECT_EQ(shipped().axes()[a].values, design_axes()[a].values);
}

// To the byte: the same runs with the code as it is.
TEST(ShippedLesionTable, RunsOfItsDesignComeOutAgain) {
  const std::vector<std::size_t> sample = {0, 133, 398};
  std::vector<DesignOutcomes> fresh(sample.size());
  hortega::core::parallel_for(sample.size(), [&](std::size_t i) {
    const auto inputs = shipped().runs().row(sample[i]).first(k_design_inputs);
    fresh[i] =
        run_design(design_settings(inputs, DesignGrid::reduced, design_seed(sample[i], DesignRepeat::first)),
                   tests::parameters());
  });
  for (std::size_t i = 0; i < sample.size(); ++i) {
    for (std::size_t o = 0; o < k_design_outcomes; ++o) {
      const auto outcome = static_cast<DesignOutcome>(o);
      EXPECT_EQ(fresh[i][o], shipped().runs().row(sample[i])[design_column(DesignRepeat::first, outcome)])
          << "run " << sample[i] << " outcome " << o;
    }
  }
}

// Against lesions that are no runs of its design.
TEST(ShippedLesionTable, AgreesWithFreshRuns) {
  const LesionTable& table = shipped();
  const std::vector<std::vector<double>> lesions = {{80000.0, 14.0, 30.0, 1.0, 0.03, 0.0, 0.0, 30.0},
                                                    {140000.0, 14.0, 60.0, 0.5, 0.03, 0.0, 0.0, 30.0},
                                                    {80000.0, 14.0, 45.0, 1.0, 0.15, 0.0, 0.0, 30.0},
                                                    {80000.0, 14.0, 30.0, 0.3, 0.02, 0.0, 50000.0, 40.0}};
  std::vector<DesignOutcomes> fresh(lesions.size());
  hortega::core::parallel_for(lesions.size(), [&](std::size_t i) {
    fresh[i] = run_design(design_settings(lesions[i], DesignGrid::reduced, 9000 + i), tests::parameters());
  });
  const char* names[] = {"size", "repaired_fraction", "transected_fraction", "rim_fraction"};
  for (std::size_t o = 0; o < k_design_outcomes; ++o) {
    const std::size_t output = table.output(names[o]);
    for (std::size_t i = 0; i < lesions.size(); ++i) {
      // Three times the error that the table states of itself; the points of its axes lie apart.
      EXPECT_NEAR(table.at(output, lesions[i]), fresh[i][o],
                  0.02 + 3.0 * table.outputs()[output].held_out_rmse)
          << names[o] << " of lesion " << i;
    }
  }
}

// What the person's scale needs of it, at a lesion of the middle: directions that biology.test.cpp shows in
// the tissue itself.
TEST(ShippedLesionTable, SaysWhatTheTissueDoes) {
  const LesionTable& table = shipped();
  const auto at = [&](const char* output, std::size_t axis, double value) {
    std::vector<double> inputs = {100000.0, 14.0, 35.0, 1.0, 0.03, 0.0, 0.0, 20.0};
    inputs[axis] = value;
    return table.at(table.output(output), inputs);
  };
  const std::size_t age = table.axis("age_years");
  const std::size_t iron = table.axis("iron_uptake");
  EXPECT_GT(at("size", table.axis("t_cells_per_mm"), 200000.0),
            at("size", table.axis("t_cells_per_mm"), 50000.0));
  EXPECT_GT(at("repaired_fraction", age, 25.0), at("repaired_fraction", age, 65.0));
  EXPECT_GT(at("repaired_fraction", table.axis("progenitor_density"), 1.0),
            at("repaired_fraction", table.axis("progenitor_density"), 0.3));
  EXPECT_GT(at("repaired_fraction", iron, 0.02), 2.0 * at("repaired_fraction", iron, 0.3));
  EXPECT_GT(at("chronic_active_probability", iron, 0.3), 0.9);
  EXPECT_LT(at("chronic_active_probability", iron, 0.02), 0.1);
  std::vector<double> early = {100000.0, 14.0, 35.0, 1.0, 0.03, 50000.0, 0.0, 1.0};
  std::vector<double> late = early;
  late[table.axis("cells_day")] = 90.0;
  const std::size_t size = table.output("size");
  EXPECT_LT(table.at(size, early), 0.7 * table.at(size, late));
}

}  // namespace
