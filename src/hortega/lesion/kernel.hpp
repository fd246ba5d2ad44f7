// SPDX-License-Identifier: Apache-2.0
//
// Inner loops of the field solver. One source (kernel_impl.hpp) is compiled for each instruction set; all
// give the same bytes, because a line of the grid is solved by the same operations in any lane.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace hortega::lesion::kernel {

enum class Isa : std::uint8_t { one, sse2, avx2, avx512 };
std::string_view name_of(Isa isa);
/// Those that this machine has, slowest first.
std::vector<Isa> available_isas();
Isa current_isa();
/// Throws RunError when the machine lacks it.
void choose_isa(Isa isa);

/// Factors of the tridiagonal matrix 1 - a (u[i-1] - 2 u[i] + u[i+1]) of one line with closed ends, by
/// Thomas' elimination: y[i] = (d[i] + a y[i-1]) pivot[i], then u[i] = y[i] + back[i] u[i+1].
struct LineFactors {
  double a = 0.0;
  std::vector<double> pivot;  ///< one for each point of the line
  std::vector<double> back;
};
LineFactors factorise(std::size_t points, double a);

/// Lines in one call: the columns of a tile are handled side by side.
inline constexpr std::size_t k_tile = 16;

/// Solves `rows` lines that lie along x, each `row_stride` numbers after the last; before that
/// u = (u + dt source) / (1 + decay dt), where source may be null. `scratch` holds k_tile * points numbers.
struct RowTask {
  double* u;
  const double* source;
  std::size_t row_stride;
  std::size_t source_stride;
  std::size_t rows;  ///< at most k_tile
  double source_factor;
  double keep_factor;
};
void solve_rows(const LineFactors& f, const RowTask& task, double* scratch);

/// Solves `columns` lines (at most k_tile) that lie side by side along x; the points of a line are
/// `line_stride` numbers apart.
void solve_columns(const LineFactors& f, double* u, std::size_t line_stride, std::size_t columns);

/// One explicit step of diffusion and decay for the rows [y0, y1) of the plane z of a block, closed ends:
/// out = u + a (sum of neighbours - 2 dimensions u) - loss u. Rows of `out` begin at multiples of 64 bytes
/// and are written in multiples of 8 numbers, what lies behind the last voxel with 0.
struct StencilTask {
  const double* u;
  double* out;
  std::size_t nx, ny, nz, row_stride;
  std::size_t z, y0, y1;
  double a, loss;
  bool past_cache;  ///< the result is too large for the cache
};
void explicit_step(const StencilTask& task);

}  // namespace hortega::lesion::kernel
