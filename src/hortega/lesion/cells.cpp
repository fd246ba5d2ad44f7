// SPDX-License-Identifier: Apache-2.0
#include "hortega/lesion/cells.hpp"

#include <algorithm>

#include "hortega/core/lanes.hpp"
#include "hortega/lesion/tasks.hpp"

namespace hortega::lesion {

namespace {

// Each of two cells takes half of half of their overlap.
constexpr double k_push = 0.25;  // not biology: numerics of the relaxation

double reflected(double at, double length) {
  if (at < 0.0) at = -at;
  if (at >= length) at = 2.0 * length - at;
  // A jump longer than the tissue ends at its border.
  return std::clamp(at, 0.0, length * (1.0 - 1e-12));
}

}  // namespace

Cells::Cells(const Grid& grid) : grid_(grid), first_(grid.voxels() + 1, 0) {}

void Cells::add(CellKind kind, double x, double y, double z) {
  Cell cell;
  cell.x = x;
  cell.y = y;
  cell.z = z;
  cell.id = next_id_++;
  cell.kind = kind;
  reflect(cell);
  cells_.push_back(cell);
}

void Cells::reflect(Cell& cell) const {
  cell.x = reflected(cell.x, static_cast<double>(grid_.nx) * grid_.voxel_mm);
  cell.y = reflected(cell.y, static_cast<double>(grid_.ny) * grid_.voxel_mm);
  if (!grid_.is_section()) cell.z = reflected(cell.z, static_cast<double>(grid_.nz) * grid_.voxel_mm);
}

std::size_t Cells::voxel_of(const Cell& cell) const {
  const double per_mm = 1.0 / grid_.voxel_mm;
  const auto x = std::min(grid_.nx - 1, static_cast<std::size_t>(cell.x * per_mm));
  const auto y = std::min(grid_.ny - 1, static_cast<std::size_t>(cell.y * per_mm));
  const auto z = grid_.is_section() ? 0 : std::min(grid_.nz - 1, static_cast<std::size_t>(cell.z * per_mm));
  return grid_.index(x, y, z);
}

void Cells::sort() {
  std::fill(first_.begin(), first_.end(), 0);
  voxel_.resize(cells_.size());
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    voxel_[i] = static_cast<std::uint32_t>(voxel_of(cells_[i]));
    ++first_[voxel_[i] + 1];
  }
  for (std::size_t v = 1; v < first_.size(); ++v) first_[v] += first_[v - 1];
  spare_.resize(cells_.size());
  for (std::size_t i = 0; i < cells_.size(); ++i) spare_[first_[voxel_[i]]++] = cells_[i];
  cells_.swap(spare_);
  // Each entry now points at the end of its voxel, which is the beginning of the next.
  for (std::size_t v = first_.size() - 1; v > 0; --v) first_[v] = first_[v - 1];
  first_[0] = 0;
}

void Cells::relax(double radius_mm) {
  push_.resize(3 * cells_.size());
  const double reach = 2.0 * radius_mm;
  const double reach2 = reach * reach;
  const std::size_t rows = grid_.ny * grid_.nz;
  const std::size_t work = k_work_per_cell * cells_.size();
  for_tasks(rows, work, [&](std::size_t row) {
    const std::size_t y = row % grid_.ny;
    const std::size_t z = row / grid_.ny;
    const std::size_t y0 = y > 0 ? y - 1 : y;
    const std::size_t y1 = std::min(y + 1, grid_.ny - 1);
    const std::size_t z0 = z > 0 ? z - 1 : z;
    const std::size_t z1 = std::min(z + 1, grid_.nz - 1);
    for (std::size_t i = first_[row * grid_.nx]; i < first_[(row + 1) * grid_.nx]; ++i) {
      const Cell& a = cells_[i];
      const auto x = std::min(grid_.nx - 1, static_cast<std::size_t>(a.x / grid_.voxel_mm));
      const std::size_t x0 = x > 0 ? x - 1 : x;
      const std::size_t x1 = std::min(x + 1, grid_.nx - 1);
      double px = 0.0;
      double py = 0.0;
      double pz = 0.0;
      for (std::size_t nz = z0; nz <= z1; ++nz) {
        for (std::size_t ny = y0; ny <= y1; ++ny) {
          const std::size_t line = grid_.index(0, ny, nz);
          const std::size_t end = first_[line + x1 + 1];
          for (std::size_t j = first_[line + x0]; j < end; ++j) {
            const Cell& b = cells_[j];
            const double dx = a.x - b.x;
            const double dy = a.y - b.y;
            const double dz = a.z - b.z;
            const double d2 = dx * dx + dy * dy + dz * dz;
            if (d2 >= reach2 || i == j) continue;
            if (d2 <= 0.0) {
              // On one spot: apart along x, the older one to the left.
              px += a.id < b.id ? -k_push * reach : k_push * reach;
              continue;
            }
            const double share = k_push * (reach / core::square_root(d2) - 1.0);
            px += share * dx;
            py += share * dy;
            pz += share * dz;
          }
        }
      }
      push_[3 * i] = px;
      push_[3 * i + 1] = py;
      push_[3 * i + 2] = pz;
    }
  });
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    if (push_[3 * i] == 0.0 && push_[3 * i + 1] == 0.0 && push_[3 * i + 2] == 0.0) continue;
    cells_[i].x += push_[3 * i];
    cells_[i].y += push_[3 * i + 1];
    cells_[i].z += push_[3 * i + 2];
    reflect(cells_[i]);
  }
}

void Cells::settle() {
  const std::size_t before = cells_.size();
  for (std::size_t i = 0; i < before; ++i) {
    if (cells_[i].fate != Fate::divides) continue;
    cells_[i].fate = Fate::lives;
    Cell daughter = cells_[i];
    daughter.id = next_id_++;
    cells_.push_back(daughter);
  }
  cells_.erase(
      std::remove_if(cells_.begin(), cells_.end(), [](const Cell& c) { return c.fate == Fate::dies; }),
      cells_.end());
}

}  // namespace hortega::lesion
