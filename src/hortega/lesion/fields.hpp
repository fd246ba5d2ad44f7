// SPDX-License-Identifier: Apache-2.0
//
// Substrates that diffuse, decay and are released on a closed grid:
//
//   du/dt = D lap u - k u + s,   no flux through the border
//
// The implicit step is locally one-dimensional (Yanenko 1971; Marchuk 1990): sources and decay by backward
// Euler, then one backward Euler solve along each direction. The directions commute here, so their order is
// of no matter. Unconditionally stable, positive, and conserving; first order in time, second in space
// (tests/lesion/fields.test.cpp shows both). The explicit step (forward Euler) is second order in space and
// stable only below the step of `largest_explicit_step_day`.
#pragma once

#include <cstddef>
#include <vector>

#include <xsimd/xsimd.hpp>

#include "hortega/lesion/grid.hpp"
#include "hortega/lesion/kernel.hpp"

namespace hortega::lesion {

struct Substrate {
  double diffusion_mm2_per_day = 0.0;
  double decay_per_day = 0.0;
};

enum class Sources { none, given };

class Fields {
 public:
  /// All values 0. The step is fixed here, so that the factors of the implicit solver are made once.
  Fields(const Grid& grid, std::vector<Substrate> substrates, double step_day,
         Sources sources = Sources::given);

  const Grid& grid() const { return grid_; }
  std::size_t substrates() const { return substrates_.size(); }

  /// Value of a voxel. Rows are padded: use row() to walk along x.
  double at(std::size_t substrate, std::size_t x, std::size_t y, std::size_t z = 0) const {
    return values_[offset(substrate, y, z) + x];
  }
  double* row(std::size_t substrate, std::size_t y, std::size_t z = 0) {
    return values_.data() + offset(substrate, y, z);
  }
  const double* row(std::size_t substrate, std::size_t y, std::size_t z = 0) const {
    return values_.data() + offset(substrate, y, z);
  }
  /// Release per day into the voxels of a row, used by every step until overwritten.
  /// Only with Sources::given.
  double* source_row(std::size_t substrate, std::size_t y, std::size_t z = 0) {
    return sources_.data() + offset(substrate, y, z);
  }

  /// One implicit step of all substrates.
  void step();
  /// One explicit step; sources are added. Throws std::invalid_argument if the step is unstable.
  void explicit_step();

  /// Sum over voxels: conserved by step() but for decay and sources.
  double total(std::size_t substrate) const;

 private:
  std::size_t offset(std::size_t substrate, std::size_t y, std::size_t z) const {
    return ((substrate * grid_.nz + z) * grid_.ny + y) * stride_;
  }

  Grid grid_;
  std::vector<Substrate> substrates_;
  double step_day_;
  std::size_t stride_;
  using Aligned = std::vector<double, xsimd::aligned_allocator<double, 64>>;
  Aligned values_;
  Aligned sources_;
  Aligned other_;  // the explicit step writes here
  struct Factors {
    kernel::LineFactors x, y, z;
  };
  std::vector<Factors> factors_;
};

/// h^2 / (2 d D): beyond it the explicit step grows oscillations (von Neumann).
double largest_explicit_step_day(double diffusion_mm2_per_day, double decay_per_day, double voxel_mm,
                                 int dimensions);

}  // namespace hortega::lesion
