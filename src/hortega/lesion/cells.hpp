// SPDX-License-Identifier: Apache-2.0
//
// Cells that move: agents with positions off the grid, kept sorted by voxel, so that the cells of a voxel,
// and of a row of voxels, lie side by side. Sorting and mechanics allocate nothing once the store has grown
// to its size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hortega/lesion/grid.hpp"

namespace hortega::lesion {

enum class CellKind : std::uint8_t { t_cell, macrophage, progenitor, graft, mesenchymal };
inline constexpr std::size_t k_cell_kinds = 5;
enum class Fate : std::uint8_t { lives, dies, divides };

struct Cell {
  double x = 0.0, y = 0.0, z = 0.0;  ///< mm
  std::uint32_t id = 0;              ///< names its random numbers; never used twice
  float load = 0.0F;                 ///< myelin eaten, in that of one oligodendrocyte
  CellKind kind = CellKind::t_cell;
  bool turned = false;  ///< a T cell: reactivated; a macrophage: resolving
  Fate fate = Fate::lives;
};

class Cells {
 public:
  explicit Cells(const Grid& grid);

  /// Of memory: the cell, its copy in the sort, its voxel and its push.
  static constexpr double bytes_of_cell() {
    return static_cast<double>(2 * sizeof(Cell) + sizeof(std::uint32_t) + 3 * sizeof(double));
  }

  std::size_t size() const { return cells_.size(); }
  Cell& operator[](std::size_t i) { return cells_[i]; }
  const Cell& operator[](std::size_t i) const { return cells_[i]; }

  /// A new cell; its voxel counts from the next sort.
  void add(CellKind kind, double x, double y, double z);
  /// Counting sort by voxel; cells of a voxel keep their order.
  void sort();
  /// First cell of a voxel, after sort(); the cells of voxel v are [first(v), first(v + 1)).
  std::size_t first(std::size_t voxel) const { return first_[voxel]; }
  std::size_t voxel_of(const Cell& cell) const;

  /// Neighbours nearer than two radii push each other apart by half of their overlap (soft spheres, without
  /// inertia); the border holds. Needs sort() before, and a voxel of at least two radii.
  void relax(double radius_mm);

  /// Removes the dead and adds the daughters of those that divide, in the order of the cells.
  void settle();
  /// Keeps a position inside, by reflection.
  void reflect(Cell& cell) const;

 private:
  Grid grid_;
  std::vector<Cell> cells_, spare_;
  std::vector<std::uint32_t> first_;
  std::vector<std::uint32_t> voxel_;
  std::vector<double> push_;
  std::uint32_t next_id_ = 0;
};

}  // namespace hortega::lesion
