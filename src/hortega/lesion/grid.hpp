// SPDX-License-Identifier: Apache-2.0
// The regular grid of a piece of tissue: a section (2-D, with a thickness) or a block (3-D), cubic voxels.
#pragma once

#include <cstddef>

namespace hortega::lesion {

/// Voxels are addressed (x, y, z), x fastest. Lengths in mm; the origin is a corner of the tissue.
struct Grid {
  std::size_t nx = 1;
  std::size_t ny = 1;
  std::size_t nz = 1;  ///< 1: a section
  double voxel_mm = 1.0;
  double thickness_mm = 1.0;  ///< of a section; not used in 3-D

  bool is_section() const { return nz == 1; }
  int dimensions() const { return is_section() ? 2 : 3; }
  std::size_t voxels() const { return nx * ny * nz; }
  std::size_t index(std::size_t x, std::size_t y, std::size_t z) const { return (z * ny + y) * nx + x; }
  double voxel_mm3() const { return voxel_mm * voxel_mm * (is_section() ? thickness_mm : voxel_mm); }
  /// What one voxel adds to the size of a lesion: mm2 of a section, mm3 of a block.
  double voxel_measure() const { return is_section() ? voxel_mm * voxel_mm : voxel_mm3(); }
};

}  // namespace hortega::lesion
