// SPDX-License-Identifier: Apache-2.0
//
// The machinery of the tissue: the same bytes with any number of threads, grid and step convergence,
// mechanics, sections and blocks.
#include "hortega/lesion/tissue.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "hortega/core/parallel.hpp"
#include "hortega/core/random.hpp"
#include "lesion/reference_tissue.hpp"

namespace {

using namespace hortega;
using namespace hortega::lesion;
using tests::small_settings;

// Everything that a run holds, as bytes.
std::string state_of(const TissueSettings& settings, int threads, double days) {
  core::set_threads(threads);
  Tissue tissue(settings, tests::parameters());
  while (tissue.day() < days - 1e-9) tissue.step();
  std::string bytes;
  const auto put = [&bytes](double value) {
    char raw[sizeof value];
    std::memcpy(raw, &value, sizeof value);
    bytes.append(raw, sizeof value);
  };
  const Grid& g = tissue.grid();
  for (std::size_t v = 0; v < g.voxels(); ++v) {
    put(tissue.myelin(v));
    put(tissue.debris(v));
    put(tissue.axons(v));
  }
  for (std::size_t f = 0; f < k_fields; ++f) {
    for (std::size_t z = 0; z < g.nz; ++z) {
      for (std::size_t y = 0; y < g.ny; ++y) {
        for (std::size_t x = 0; x < g.nx; ++x) put(tissue.fields().at(f, x, y, z));
      }
    }
  }
  for (std::size_t i = 0; i < tissue.cells().size(); ++i) {
    put(tissue.cells()[i].x);
    put(tissue.cells()[i].y);
    put(tissue.cells()[i].id);
  }
  core::set_threads(0);
  return bytes;
}

TEST(Tissue, SameBytesOnOneTwoAndThreeThreads) {
  TissueSettings s = small_settings(3);
  s.additions = {{Added::mesenchymal, 3.0, 5000.0, 0.5}, {Added::progenitors, 8.0, 5000.0, 0.5}};
  const std::string one = state_of(s, 1, 25.0);
  EXPECT_TRUE(state_of(s, 2, 25.0) == one);
  EXPECT_TRUE(state_of(s, 3, 25.0) == one);
  s.seed = 4;
  EXPECT_FALSE(state_of(s, 1, 25.0) == one);
}

TEST(Tissue, SameBytesInABlock) {
  TissueSettings s = small_settings(5);
  s.grid = {24, 24, 20, 0.06, 0.0};
  s.attacks = {{0.0, 6.0, 20000.0}};
  const std::string one = state_of(s, 1, 8.0);
  EXPECT_TRUE(state_of(s, 3, 8.0) == one);
}

TEST(Tissue, ABlockGrowsALesionAroundItsVenule) {
  TissueSettings s = small_settings(2);
  s.grid = {36, 36, 12, 0.06, 0.0};
  s.attacks = {{0.0, 14.0, 60000.0}};
  Tissue tissue(s, tests::parameters());
  while (tissue.day() < 20.0) tissue.step();
  const Measures m = tissue.measure();
  EXPECT_GT(m.lesion, 0.05);
  EXPECT_LT(tissue.onset_mm(), 0.4);
}

double mean_lesion(double voxel_mm, double step_day) {
  double sum = 0.0;
  constexpr std::size_t k_runs = 4;
  for (std::size_t seed = 1; seed <= k_runs; ++seed) {
    TissueSettings s = small_settings(seed);
    const auto n = static_cast<std::size_t>(std::lround(4.0 / voxel_mm));
    s.grid = {n, n, 1, voxel_mm, 0.02};
    s.step_day = step_day;
    sum += tests::course(s, {30.0})[0].lesion / static_cast<double>(k_runs);
  }
  return sum;
}

TEST(Tissue, GridConverges) {
  const double coarse = mean_lesion(0.05, 1.0 / 6.0);
  const double fine = mean_lesion(0.02, 1.0 / 6.0);
  EXPECT_NEAR(coarse / fine, 1.0, 0.12) << coarse << " and " << fine << " mm2";
}

TEST(Tissue, StepConverges) {
  const double coarse = mean_lesion(0.05, 1.0 / 6.0);
  const double fine = mean_lesion(0.05, 1.0 / 24.0);
  EXPECT_NEAR(coarse / fine, 1.0, 0.2) << coarse << " and " << fine << " mm2";
}

TEST(Tissue, HealthyTissueStaysHealthy) {
  TissueSettings s = small_settings(1);
  s.attacks.clear();
  Tissue tissue(s, tests::parameters());
  const double before = tissue.measure().cells[static_cast<std::size_t>(CellKind::progenitor)];
  while (tissue.day() < 200.0) tissue.step();
  const Measures m = tissue.measure();
  EXPECT_EQ(m.lesion, 0.0);
  EXPECT_EQ(m.oligodendrocytes, 1.0);
  EXPECT_NEAR(m.cells[static_cast<std::size_t>(CellKind::progenitor)] / before, 1.0, 0.15);
}

TEST(Cells, OverlapIsHalvedAndThePairStaysWhereItWas) {
  const Grid grid{10, 10, 1, 0.02, 0.02};
  Cells cells(grid);
  cells.add(CellKind::t_cell, 0.100, 0.100, 0.0);
  cells.add(CellKind::t_cell, 0.106, 0.108, 0.0);  // 0.010 apart, overlap 0.002 at radius 0.006
  cells.sort();
  cells.relax(0.006);
  const double dx = cells[1].x - cells[0].x;
  const double dy = cells[1].y - cells[0].y;
  EXPECT_NEAR(std::sqrt(dx * dx + dy * dy), 0.011, 1e-12);
  EXPECT_NEAR(cells[0].x + cells[1].x, 0.206, 1e-12);
  EXPECT_NEAR(cells[0].y + cells[1].y, 0.208, 1e-12);
}

TEST(Cells, NeighboursAcrossVoxelsAreFoundAsByAllPairs) {
  const Grid grid{15, 15, 9, 0.02, 0.0};
  Cells cells(grid);
  for (std::uint32_t i = 0; i < 400; ++i) {
    const auto w = core::draw({1, i, 0}, core::Purpose::test, 0, 0);
    cells.add(CellKind::t_cell, 0.3 * core::to_uniform(w[0]), 0.3 * core::to_uniform(w[1]),
              0.18 * core::to_uniform(w[2]));
  }
  cells.sort();
  std::vector<Cell> before;
  for (std::size_t i = 0; i < cells.size(); ++i) before.push_back(cells[i]);
  const double reach = 0.02;
  cells.relax(0.5 * reach);
  for (std::size_t i = 0; i < before.size(); ++i) {
    double px = 0.0;
    for (std::size_t j = 0; j < before.size(); ++j) {
      const double dx = before[i].x - before[j].x;
      const double dy = before[i].y - before[j].y;
      const double dz = before[i].z - before[j].z;
      const double d = std::sqrt(dx * dx + dy * dy + dz * dz);
      if (i == j || d >= reach) continue;
      px += 0.25 * (reach / d - 1.0) * dx;
    }
    const double x = before[i].x + px;
    if (x > 0.0 && x < 0.3) {
      EXPECT_NEAR(cells[i].x, x, 1e-12);
    }
  }
}

}  // namespace
