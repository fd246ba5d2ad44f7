// SPDX-License-Identifier: Apache-2.0
//
// The field solver against solutions in closed form: heat kernel, decay, steady sources; its order in time
// and space; conservation; the same bytes on every instruction set and any number of threads.
#include "hortega/lesion/fields.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

#include "hortega/core/parallel.hpp"
#include "hortega/lesion/tasks.hpp"

namespace {

using namespace hortega;
using lesion::Fields;
using lesion::Grid;

constexpr double k_pi = 3.14159265358979323846;

Grid section(std::size_t n, double side_mm) { return {n, n, 1, side_mm / static_cast<double>(n), 0.02}; }

// cos(pi x / L) cos(pi y / L) keeps its shape on a closed square and decays at 2 D (pi / L)^2 + k.
double mode_error(std::size_t n, double step_day, double end_day) {
  const double diffusion = 0.1;
  const double decay = 0.3;
  const Grid grid = section(n, 1.0);
  Fields fields(grid, {{diffusion, decay}}, step_day);
  const auto shape = [&](std::size_t i) {
    return std::cos(k_pi * (static_cast<double>(i) + 0.5) / static_cast<double>(n));
  };
  for (std::size_t y = 0; y < n; ++y) {
    for (std::size_t x = 0; x < n; ++x) fields.row(0, y)[x] = shape(x) * shape(y);
  }
  const auto steps = static_cast<int>(std::lround(end_day / step_day));
  for (int i = 0; i < steps; ++i) fields.step();
  const double expected = std::exp(-(2.0 * diffusion * k_pi * k_pi + decay) * end_day);
  double worst = 0.0;
  for (std::size_t y = 0; y < n; ++y) {
    for (std::size_t x = 0; x < n; ++x)
      worst = std::max(worst, std::abs(fields.at(0, x, y) - expected * shape(x) * shape(y)));
  }
  return worst;
}

TEST(Fields, FirstOrderInTime) {
  const double coarse = mode_error(256, 0.02, 0.4);
  const double fine = mode_error(256, 0.01, 0.4);
  EXPECT_NEAR(std::log2(coarse / fine), 1.0, 0.05);
}

TEST(Fields, SecondOrderInSpace) {
  // Steps so small that the error of time is a hundredth of that of space: extrapolated away.
  const auto spatial = [](std::size_t n) {
    return std::abs(2.0 * mode_error(n, 0.00025, 0.1) - mode_error(n, 0.0005, 0.1));
  };
  EXPECT_NEAR(std::log2(spatial(8) / spatial(16)), 2.0, 0.15);
}

TEST(Fields, HeatKernelOnASection) {
  // A point of mass 1 in the middle: exp(-r^2 / 4Dt) / (4 pi D t), far from the border.
  const std::size_t n = 201;
  const double diffusion = 0.05;
  const double end_day = 0.5;
  const Grid grid = section(n, 4.0);
  Fields fields(grid, {{diffusion, 0.0}}, 0.0025);
  fields.row(0, n / 2)[n / 2] = 1.0 / (grid.voxel_mm * grid.voxel_mm);
  for (int i = 0; i < 200; ++i) fields.step();
  const double peak = 1.0 / (4.0 * k_pi * diffusion * end_day);
  for (std::size_t k = 0; k <= 30; k += 5) {
    const double r = static_cast<double>(k) * grid.voxel_mm;
    const double expected = peak * std::exp(-r * r / (4.0 * diffusion * end_day));
    EXPECT_NEAR(fields.at(0, n / 2 + k, n / 2), expected, 0.01 * peak) << k;
    EXPECT_NEAR(fields.at(0, n / 2 + k, n / 2 + k),
                peak * std::exp(-2.0 * r * r / (4.0 * diffusion * end_day)), 0.01 * peak)
        << k;
  }
}

TEST(Fields, HeatKernelInABlock) {
  const std::size_t n = 61;
  const Grid grid{n, n, n, 0.05, 0.0};
  const double diffusion = 0.08;
  Fields fields(grid, {{diffusion, 0.0}}, 0.0025);
  fields.row(0, n / 2, n / 2)[n / 2] = 1.0 / grid.voxel_mm3();
  const double end_day = 1.0;
  for (int i = 0; i < 400; ++i) fields.step();
  const double peak = std::pow(4.0 * k_pi * diffusion * end_day, -1.5);
  for (std::size_t k = 0; k <= 10; k += 2) {
    const double r = static_cast<double>(k) * grid.voxel_mm;
    const double expected = peak * std::exp(-r * r / (4.0 * diffusion * end_day));
    EXPECT_NEAR(fields.at(0, n / 2 + k, n / 2, n / 2), expected, 0.02 * peak);
    EXPECT_NEAR(fields.at(0, n / 2, n / 2, n / 2 + k), expected, 0.02 * peak);
  }
}

TEST(Fields, MassIsConservedAndDecaysAsBackwardEuler) {
  const Grid grid = section(67, 1.0);  // no multiple of the tile
  Fields fields(grid, {{0.3, 0.0}, {0.3, 2.0}}, 0.1);
  for (const std::size_t s : {0U, 1U}) fields.row(s, 5)[61] = 1000.0;
  for (int i = 0; i < 50; ++i) fields.step();
  EXPECT_NEAR(fields.total(0), 1000.0, 1e-9);
  EXPECT_NEAR(fields.total(1), 1000.0 * std::pow(1.2, -50), 1e-12);
}

TEST(Fields, SourcesBalanceDecay) {
  const Grid grid = section(40, 1.0);
  Fields fields(grid, {{0.05, 4.0}}, 0.1);
  fields.source_row(0, 20)[20] = 8.0;
  for (int i = 0; i < 400; ++i) fields.step();
  EXPECT_NEAR(fields.total(0), 2.0, 1e-9);  // s / k
}

TEST(Fields, LargestStepIsStableAndPositive) {
  Fields fields(section(64, 1.0), {{50.0, 0.0}}, 10.0);  // a = 2e6
  fields.row(0, 3)[7] = 1.0;
  for (int i = 0; i < 20; ++i) fields.step();
  for (std::size_t y = 0; y < 64; ++y) {
    for (std::size_t x = 0; x < 64; ++x) EXPECT_NEAR(fields.at(0, x, y), 1.0 / 4096.0, 1e-7);
  }
}

TEST(Fields, ExplicitStepAgreesAndRefusesAnUnstableStep) {
  const Grid grid{20, 22, 18, 0.05, 0.0};
  const double step = 0.9 * lesion::largest_explicit_step_day(0.05, 0.1, 0.05, 3) / 20.0;
  Fields implicit(grid, {{0.05, 0.1}}, step);
  Fields forward(grid, {{0.05, 0.1}}, step);
  for (auto* f : {&implicit, &forward}) {
    f->row(0, 11, 9)[10] = 1.0;
    f->source_row(0, 3, 3)[3] = 0.5;
  }
  for (int i = 0; i < 400; ++i) {
    implicit.step();
    forward.explicit_step();
  }
  for (std::size_t x = 0; x < grid.nx; ++x)
    EXPECT_NEAR(forward.at(0, x, 11, 9), implicit.at(0, x, 11, 9), 0.01 * implicit.at(0, 10, 11, 9));
  Fields unstable(grid, {{0.05, 0.1}}, 1.0);
  EXPECT_THROW(unstable.explicit_step(), std::invalid_argument);
}

enum class Steps { implicit, forward };

std::vector<double> filled(lesion::kernel::Isa isa, int threads, const Grid& grid,
                           Steps steps = Steps::implicit) {
  lesion::kernel::choose_isa(isa);
  core::set_threads(threads);
  Fields fields(grid, {{0.2, 1.0}, {0.01, 0.0}}, steps == Steps::implicit ? 0.1 : 1e-4);
  for (std::size_t s = 0; s < 2; ++s) {
    for (std::size_t z = 0; z < grid.nz; ++z) {
      for (std::size_t y = 0; y < grid.ny; ++y) {
        for (std::size_t x = 0; x < grid.nx; ++x) {
          fields.row(s, y, z)[x] = std::sin(static_cast<double>(x + 3 * y + 7 * z + s));
          fields.source_row(s, y, z)[x] = static_cast<double>((x * y) % 5);
        }
      }
    }
  }
  for (int i = 0; i < 3; ++i) {
    if (steps == Steps::implicit) {
      fields.step();
    } else {
      fields.explicit_step();
    }
  }
  std::vector<double> out;
  for (std::size_t s = 0; s < 2; ++s) {
    for (std::size_t z = 0; z < grid.nz; ++z) {
      for (std::size_t y = 0; y < grid.ny; ++y)
        out.insert(out.end(), fields.row(s, y, z), fields.row(s, y, z) + grid.nx);
    }
  }
  core::set_threads(0);
  lesion::kernel::choose_isa(lesion::kernel::available_isas().back());
  return out;
}

TEST(Fields, SameBytesOnEveryInstructionSetAndAnyThreads) {
  for (const Grid& grid :
       {Grid{37, 50, 1, 0.02, 0.02}, Grid{64, 64, 1, 0.02, 0.02}, Grid{19, 33, 17, 0.1, 0.0}}) {
    const auto expected = filled(lesion::kernel::Isa::one, 1, grid);
    for (const auto isa : lesion::kernel::available_isas()) {
      for (const int threads : {1, 2, 3}) {
        const auto found = filled(isa, threads, grid);
        ASSERT_EQ(found.size(), expected.size());
        EXPECT_EQ(std::memcmp(found.data(), expected.data(), found.size() * sizeof(double)), 0)
            << lesion::kernel::name_of(isa) << ", " << threads << " threads";
      }
    }
  }
}

// The grids above are too small to wake threads; .ci/run has this suite under ThreadSanitizer as well.
TEST(FieldsThreads, SameBytesWhereThreadsAreUsed) {
  const auto isa = lesion::kernel::available_isas().back();
  for (const Grid& grid : {Grid{320, 320, 1, 0.02, 0.02}, Grid{66, 64, 32, 0.02, 0.0}}) {
    ASSERT_GE(2 * grid.voxels(), lesion::k_least_for_threads);
    for (const Steps steps : {Steps::implicit, Steps::forward}) {
      const auto expected = filled(isa, 1, grid, steps);
      for (const int threads : {2, 3}) {
        const auto found = filled(isa, threads, grid, steps);
        ASSERT_EQ(found.size(), expected.size());
        EXPECT_EQ(std::memcmp(found.data(), expected.data(), found.size() * sizeof(double)), 0)
            << threads << " threads, " << grid.nz << " deep";
      }
    }
  }
}

}  // namespace
