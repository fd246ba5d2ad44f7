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
#include "hortega/lesion/tasks.hpp"
#include "lesion/reference_tissue.hpp"

namespace {

using namespace hortega;
using namespace hortega::lesion;
using tests::small_settings;

// Everything that a run holds, as bytes.
std::string state_of(const Tissue& tissue) {
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
    put(tissue.cells()[i].z);
    put(tissue.cells()[i].load);
    put(tissue.cells()[i].id);
  }
  return bytes;
}

// The state after so many days, with a number of threads.
Tissue run_on(int threads, const TissueSettings& settings, double days,
              const TissueParameters& parameters = tests::parameters()) {
  core::set_threads(threads);
  Tissue tissue(settings, parameters);
  while (tissue.day() < days - 1e-9) tissue.step();
  core::set_threads(0);
  return tissue;
}

TEST(Tissue, AnotherSeedIsAnotherLesion) {
  TissueSettings s = small_settings(3);
  const std::string one = state_of(run_on(1, s, 5.0));
  EXPECT_TRUE(state_of(run_on(1, s, 5.0)) == one);
  s.seed = 4;
  EXPECT_FALSE(state_of(run_on(1, s, 5.0)) == one);
}

// Tissue large enough to wake threads in the loops over territories and over neighbours; .ci/run has this
// suite under ThreadSanitizer as well.
TissueSettings wide_settings(std::uint64_t seed) {
  TissueSettings s = small_settings(seed);
  s.grid = {160, 160, 1, 0.05, 0.02};
  return s;
}

TEST(TissueThreads, SameBytesOnOneTwoAndThree) {
  TissueSettings s = wide_settings(3);
  s.additions = {{Added::mesenchymal, 1.0, 5000.0, 0.5}, {Added::progenitors, 2.0, 5000.0, 0.5}};
  ASSERT_GE(k_work_per_voxel * s.grid.voxels(), k_least_for_threads);
  const Tissue tissue = run_on(1, s, 3.0);
  ASSERT_GE(k_work_per_cell * tissue.cells().size(), k_least_for_threads);
  const std::string one = state_of(tissue);
  EXPECT_TRUE(state_of(run_on(2, s, 3.0)) == one);
  EXPECT_TRUE(state_of(run_on(3, s, 3.0)) == one);
}

TEST(TissueThreads, SameBytesInABlock) {
  TissueSettings s = small_settings(5);
  s.grid = {30, 30, 24, 0.06, 0.0};
  s.attacks = {{0.0, 6.0, 20000.0}};
  ASSERT_GE(k_work_per_voxel * s.grid.voxels(), k_least_for_threads);
  const std::string one = state_of(run_on(1, s, 1.0));
  EXPECT_TRUE(state_of(run_on(2, s, 1.0)) == one);
  EXPECT_TRUE(state_of(run_on(3, s, 1.0)) == one);
}

// So many progenitors (8000 per mm3 of normal tissue, 2.2 times that in 12.8 mm3) that counting them is
// shared out.
TEST(TissueThreads, SameBytesWhereCellsAreMany) {
  TissueSettings s = wide_settings(6);
  s.grid.thickness_mm = 0.2;
  s.progenitor_density = 2.2;
  const Tissue tissue = run_on(1, s, 0.5);
  ASSERT_GE(tissue.cells().size(), k_least_for_threads);
  const std::string one = state_of(tissue);
  EXPECT_TRUE(state_of(run_on(2, s, 0.5)) == one);
  EXPECT_TRUE(state_of(run_on(3, s, 0.5)) == one);
}

// Chemokine falls below what counts as nothing while macrophages that stay still feel for it in the
// territories around theirs: signals fade within the hour, T cells die and macrophages turn within hours, and
// no macrophage dies.
TEST(TissueThreads, SameBytesWhileASignalEnds) {
  TissueSettings s = wide_settings(7);
  s.attacks = {{0.0, 0.5, 200000.0}};
  TissueParameters p = tests::parameters();
  p.signal_relaxation = 0.02;
  p.t_reactivation = 10.0;
  p.t_death = 10.0;
  p.barrier_opening = 5.0;
  p.macrophage_turning = 10.0;
  p.macrophage_death = 0.0;
  p.debris_chemokine = 0.0;
  const auto chemokine = [](const Tissue& tissue) {
    return tissue.fields().at(static_cast<std::size_t>(Field::chemokine), 80, 80);
  };
  EXPECT_GT(chemokine(run_on(1, s, 1.0, p)), 0.0);
  const Tissue tissue = run_on(1, s, 12.0, p);
  EXPECT_EQ(chemokine(tissue), 0.0);
  EXPECT_GT(tissue.measure().cells[static_cast<std::size_t>(CellKind::macrophage)], 0.0);
  const std::string one = state_of(tissue);
  EXPECT_TRUE(state_of(run_on(2, s, 12.0, p)) == one);
  EXPECT_TRUE(state_of(run_on(3, s, 12.0, p)) == one);
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

// What is measured at the edge, from what every voxel says of itself. A voxel is a territory here.
void expect_edge_by_hand(const Tissue& tissue) {
  const Grid& g = tissue.grid();
  const TissueParameters& p = tests::parameters();
  ASSERT_NEAR(tissue.territory_mm(), g.voxel_mm, 1e-12);
  const double microglia = p.cell_density * p.microglia_share * g.voxel_mm3();
  const auto nx = static_cast<int>(g.nx);
  const auto ny = static_cast<int>(g.ny);
  const auto nz = static_cast<int>(g.nz);
  const auto inside = [&](int x, int y, int z) {
    return x >= 0 && x < nx && y >= 0 && y < ny && z >= 0 && z < nz;
  };
  const auto hit = [&](int x, int y, int z) {
    const std::size_t v =
        g.index(static_cast<std::size_t>(x), static_cast<std::size_t>(y), static_cast<std::size_t>(z));
    return tissue.lowest_myelin(v) < 0.5;
  };
  const auto laden = [&](int x, int y, int z) {
    return static_cast<double>(
        tissue.laden(static_cast<std::size_t>(x), static_cast<std::size_t>(y), static_cast<std::size_t>(z)));
  };
  double edge = 0.0;
  double core = 0.0;
  double rim = 0.0;
  double edge_laden = 0.0;
  double core_laden = 0.0;
  for (int z = 0; z < nz; ++z) {
    for (int y = 0; y < ny; ++y) {
      for (int x = 0; x < nx; ++x) {
        if (!hit(x, y, z)) continue;
        bool open = false;
        double count = 0.0;
        double around = 0.0;
        for (int dz = -1; dz <= 1; ++dz) {
          for (int dy = -1; dy <= 1; ++dy) {
            for (int dx = -1; dx <= 1; ++dx) {
              if (!inside(x + dx, y + dy, z + dz)) continue;
              count += laden(x + dx, y + dy, z + dz);
              around += 1.0;
              const bool face = dx * dx + dy * dy + dz * dz == 1;
              open = open || (face && !hit(x + dx, y + dy, z + dz));
            }
          }
        }
        (open ? edge : core) += 1.0;
        (open ? edge_laden : core_laden) += laden(x, y, z);
        if (open && count > 0.1 * microglia * around) rim += 1.0;
      }
    }
  }
  ASSERT_GT(edge, 0.0);
  ASSERT_GT(core, 0.0);
  const Measures m = tissue.measure();
  EXPECT_GT(m.laden, 0.0);
  EXPECT_NEAR(m.rim_fraction, rim / edge, 1e-12);
  EXPECT_NEAR(m.edge_laden_share, edge_laden / (edge * microglia), 1e-12);
  EXPECT_NEAR(m.core_laden_share, core_laden / (core * microglia), 1e-12);
}

TEST(Tissue, TheEdgeOfASectionIsMeasuredAsDefined) {
  TissueSettings s = small_settings(2);
  s.iron_uptake = 0.1;
  expect_edge_by_hand(run_on(0, s, 25.0));
}

// About a tenth of the microglia laden, the share at which an edge counts as rim: so it matters which
// neighbours are counted.
TEST(Tissue, TheEdgeOfABlockIsMeasuredAsDefined) {
  TissueSettings s = small_settings(2);
  s.grid = {24, 24, 5, 0.06, 0.0};
  s.iron_uptake = 0.03;
  s.attacks = {{0.0, 14.0, 60000.0}};
  expect_edge_by_hand(run_on(0, s, 18.0));
}

TEST(Tissue, OligodendrocytesAreThoseThereWereLessTheLostAndTheMade) {
  TissueSettings s = small_settings(4);
  s.iron_uptake = 0.1;
  s.injuries = {{20.0, 0.2}};
  s.additions = {{Added::progenitors, 25.0, 20000.0, 0.5}};
  for (const Measures& m : tests::course(s, {10.0, 21.0, 60.0})) {
    EXPECT_NEAR(m.oligodendrocytes, 1.0 - m.oligodendrocytes_lost + m.oligodendrocytes_made, 1e-12) << m.day;
    EXPECT_GT(m.oligodendrocytes_lost, 0.0);
    if (m.day > 50.0) {
      EXPECT_GT(m.oligodendrocytes_made, 0.0);
    }
  }
}

// Without clearance, new myelin and the death of macrophages, what myelin there was is still there: on
// fibres, as debris or eaten. What is eaten is held in single precision.
TEST(Tissue, MyelinIsOnFibresDebrisOrEaten) {
  const TissueSettings s = small_settings(4);
  TissueParameters p = tests::parameters();
  p.debris_clearance = 0.0;
  p.myelination = 0.0;
  p.macrophage_death = 0.0;
  const Tissue tissue = run_on(0, s, 20.0, p);
  const Grid& g = tissue.grid();
  double eaten = 0.0;
  for (std::size_t i = 0; i < tissue.cells().size(); ++i) {
    const Cell& cell = tissue.cells()[i];
    if (cell.kind == CellKind::macrophage) eaten += static_cast<double>(cell.load);
  }
  eaten /= p.cell_density * p.oligodendrocyte_share * g.voxel_mm3();
  double myelin = 0.0;
  double debris = 0.0;
  for (std::size_t v = 0; v < g.voxels(); ++v) {
    myelin += tissue.myelin(v);
    debris += tissue.debris(v);
  }
  EXPECT_GT(eaten, 1.0);
  EXPECT_NEAR(myelin + debris + eaten, static_cast<double>(g.voxels()), 1e-4 * eaten);
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

// Territories are 50 um wide on the coarse grid and 60 um on the fine one.
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

TEST(Tissue, TerritoriesAreWholeVoxels) {
  const auto side = [](double voxel_mm) {
    return static_cast<double>(voxels_of_territory(0.06, voxel_mm)) * voxel_mm;
  };
  for (const double voxel : {0.06, 0.03, 0.02, 0.015, 0.01}) EXPECT_NEAR(side(voxel), 0.06, 1e-12) << voxel;
  EXPECT_NEAR(side(0.05), 0.05, 1e-12);
  EXPECT_NEAR(side(0.025), 0.05, 1e-12);
  EXPECT_NEAR(side(0.04), 0.08, 1e-12);
  EXPECT_NEAR(side(0.2), 0.2, 1e-12);
}

TEST(Tissue, HealthyTissueStaysHealthy) {
  TissueSettings s = small_settings(1);
  s.attacks.clear();
  Tissue tissue(s, tests::parameters());
  const double before = tissue.measure().cells[static_cast<std::size_t>(CellKind::progenitor)];
  while (tissue.day() < 200.0) tissue.step();
  const Measures m = tissue.measure();
  EXPECT_EQ(m.lesion, 0.0);
  EXPECT_EQ(m.edge_laden_share, 0.0);
  EXPECT_EQ(m.core_laden_share, 0.0);
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
  std::size_t moved = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    double px = 0.0;
    double py = 0.0;
    double pz = 0.0;
    for (std::size_t j = 0; j < before.size(); ++j) {
      const double dx = before[i].x - before[j].x;
      const double dy = before[i].y - before[j].y;
      const double dz = before[i].z - before[j].z;
      const double d = std::sqrt(dx * dx + dy * dy + dz * dz);
      if (i == j || d >= reach) continue;
      const double share = 0.25 * (reach / d - 1.0);
      px += share * dx;
      py += share * dy;
      pz += share * dz;
    }
    moved += px != 0.0 ? 1 : 0;
    // Who would leave the tissue is reflected.
    const auto expect_at = [](double found, double expected, double end) {
      if (expected > 0.0 && expected < end) {
        EXPECT_NEAR(found, expected, 1e-12);
      }
    };
    expect_at(cells[i].x, before[i].x + px, 0.3);
    expect_at(cells[i].y, before[i].y + py, 0.3);
    expect_at(cells[i].z, before[i].z + pz, 0.18);
  }
  // 400 cells at random in 0.0162 mm3: 0.83 of them within 0.02 mm of another, so that 56 % have a neighbour.
  EXPECT_GT(moved, 100U);
}

}  // namespace
