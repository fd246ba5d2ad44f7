// SPDX-License-Identifier: Apache-2.0
#include "hortega/lesion/fields.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "hortega/lesion/tasks.hpp"

namespace hortega::lesion {

namespace {

// A row of a power of two would put the points of a column into one set of the cache.
constexpr std::size_t k_padding = 8;
// Rows that one task of the explicit step takes: three planes of them stay in the cache.
constexpr std::size_t k_stencil_rows = 32;
// Numbers beyond which a result of the explicit step goes past the cache (16 MB).
constexpr std::size_t k_cached = 2'000'000;
constexpr std::size_t k_on_stack = 1024;

std::size_t tiles(std::size_t n) { return (n + kernel::k_tile - 1) / kernel::k_tile; }

}  // namespace

double largest_explicit_step_day(double diffusion_mm2_per_day, double decay_per_day, double voxel_mm,
                                 int dimensions) {
  const double rate = 2.0 * dimensions * diffusion_mm2_per_day / (voxel_mm * voxel_mm) + 0.5 * decay_per_day;
  return rate > 0.0 ? 1.0 / rate : 1e300;
}

Fields::Fields(const Grid& grid, std::vector<Substrate> substrates, double step_day, Sources sources)
    : grid_(grid),
      substrates_(std::move(substrates)),
      step_day_(step_day),
      stride_((grid.nx + k_padding - 1) / k_padding * k_padding + k_padding) {
  const std::size_t size = substrates_.size() * grid_.nz * grid_.ny * stride_;
  values_.assign(size, 0.0);
  if (sources == Sources::given) sources_.assign(size, 0.0);
  factors_.reserve(substrates_.size());
  for (const Substrate& s : substrates_) {
    const double a = s.diffusion_mm2_per_day * step_day_ / (grid_.voxel_mm * grid_.voxel_mm);
    factors_.push_back({kernel::factorise(grid_.nx, a), kernel::factorise(grid_.ny, a),
                        kernel::factorise(grid_.nz, grid_.is_section() ? 0.0 : a)});
  }
}

void Fields::step() {
  const std::size_t planes = substrates_.size() * grid_.nz;
  const std::size_t rows = tiles(grid_.ny);
  for_tasks(planes * rows, values_.size(), [&](std::size_t task) {
    const std::size_t plane = task / rows;
    const std::size_t substrate = plane / grid_.nz;
    const std::size_t y = task % rows * kernel::k_tile;
    const std::size_t here = offset(substrate, y, plane % grid_.nz);
    const double keep = 1.0 / (1.0 + substrates_[substrate].decay_per_day * step_day_);
    const kernel::RowTask lines{values_.data() + here,
                                sources_.empty() ? nullptr : sources_.data() + here,
                                stride_,
                                stride_,
                                std::min(kernel::k_tile, grid_.ny - y),
                                step_day_,
                                keep};
    if (grid_.nx <= k_on_stack) {
      std::array<double, k_on_stack * kernel::k_tile> scratch;
      kernel::solve_rows(factors_[substrate].x, lines, scratch.data());
    } else {
      std::vector<double> scratch(grid_.nx * kernel::k_tile);
      kernel::solve_rows(factors_[substrate].x, lines, scratch.data());
    }
  });
  const std::size_t columns = tiles(grid_.nx);
  for_tasks(planes * columns, values_.size(), [&](std::size_t task) {
    const std::size_t plane = task / columns;
    const std::size_t substrate = plane / grid_.nz;
    const std::size_t x = task % columns * kernel::k_tile;
    kernel::solve_columns(factors_[substrate].y, values_.data() + offset(substrate, 0, plane % grid_.nz) + x,
                          stride_, std::min(kernel::k_tile, grid_.nx - x));
  });
  if (grid_.is_section()) return;
  for_tasks(substrates_.size() * grid_.ny, values_.size(), [&](std::size_t task) {
    const std::size_t substrate = task / grid_.ny;
    double* line = values_.data() + offset(substrate, task % grid_.ny, 0);
    for (std::size_t x = 0; x < grid_.nx; x += kernel::k_tile) {
      kernel::solve_columns(factors_[substrate].z, line + x, stride_ * grid_.ny,
                            std::min(kernel::k_tile, grid_.nx - x));
    }
  });
}

void Fields::explicit_step() {
  for (const Substrate& s : substrates_) {
    if (step_day_ > largest_explicit_step_day(s.diffusion_mm2_per_day, s.decay_per_day, grid_.voxel_mm,
                                              grid_.dimensions()))
      throw std::invalid_argument("the explicit step is unstable");
  }
  if (other_.empty()) other_.assign(values_.size(), 0.0);
  const std::size_t chunks = (grid_.ny + k_stencil_rows - 1) / k_stencil_rows;
  for_tasks(substrates_.size() * chunks, values_.size(), [&](std::size_t task) {
    const std::size_t substrate = task / chunks;
    const Substrate& s = substrates_[substrate];
    const std::size_t y0 = task % chunks * k_stencil_rows;
    const std::size_t y1 = std::min(grid_.ny, y0 + k_stencil_rows);
    for (std::size_t z = 0; z < grid_.nz; ++z) {
      kernel::explicit_step({values_.data() + offset(substrate, 0, 0),
                             other_.data() + offset(substrate, 0, 0), grid_.nx, grid_.ny, grid_.nz, stride_,
                             z, y0, y1,
                             s.diffusion_mm2_per_day * step_day_ / (grid_.voxel_mm * grid_.voxel_mm),
                             s.decay_per_day * step_day_, values_.size() > k_cached});
      if (sources_.empty()) continue;
      for (std::size_t y = y0; y < y1; ++y) {
        double* out = other_.data() + offset(substrate, y, z);
        const double* from = sources_.data() + offset(substrate, y, z);
        for (std::size_t x = 0; x < grid_.nx; ++x) out[x] += step_day_ * from[x];
      }
    }
  });
  values_.swap(other_);
}

double Fields::total(std::size_t substrate) const {
  double sum = 0.0;
  for (std::size_t z = 0; z < grid_.nz; ++z) {
    for (std::size_t y = 0; y < grid_.ny; ++y) {
      const double* values = row(substrate, y, z);
      for (std::size_t x = 0; x < grid_.nx; ++x) sum += values[x];
    }
  }
  return sum;
}

}  // namespace hortega::lesion
