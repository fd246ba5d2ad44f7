// SPDX-License-Identifier: Apache-2.0
//
// The loops of kernel.hpp as templates over the number type: T = double, or lanes of an instruction set.
#pragma once

#include "hortega/core/lanes.hpp"
#include "hortega/lesion/kernel.hpp"

namespace hortega::lesion::kernel {

// Transposes a square of lane_width x lane_width numbers held in registers.
inline void transpose(double (&)[1]) {}
inline void transpose(core::Lanes<xsimd::sse2> (&r)[2]) {
  const __m128d a = r[0];
  const __m128d b = r[1];
  r[0] = _mm_unpacklo_pd(a, b);
  r[1] = _mm_unpackhi_pd(a, b);
}
#ifdef __AVX2__
inline void transpose(core::Lanes<xsimd::avx2> (&r)[4]) {
  const __m256d a = _mm256_unpacklo_pd(r[0], r[1]);
  const __m256d b = _mm256_unpackhi_pd(r[0], r[1]);
  const __m256d c = _mm256_unpacklo_pd(r[2], r[3]);
  const __m256d d = _mm256_unpackhi_pd(r[2], r[3]);
  r[0] = _mm256_permute2f128_pd(a, c, 0x20);
  r[1] = _mm256_permute2f128_pd(b, d, 0x20);
  r[2] = _mm256_permute2f128_pd(a, c, 0x31);
  r[3] = _mm256_permute2f128_pd(b, d, 0x31);
}
#endif
#ifdef __AVX512F__
inline void transpose(core::Lanes<xsimd::avx512bw> (&r)[8]) {
  __m512d pair[8];
  for (int i = 0; i < 4; ++i) {
    pair[2 * i] = _mm512_unpacklo_pd(r[2 * i], r[2 * i + 1]);
    pair[2 * i + 1] = _mm512_unpackhi_pd(r[2 * i], r[2 * i + 1]);
  }
  __m512d quad[8];
  for (int i = 0; i < 2; ++i) {
    quad[i] = _mm512_shuffle_f64x2(pair[i], pair[i + 2], 0x88);
    quad[i + 2] = _mm512_shuffle_f64x2(pair[i], pair[i + 2], 0xDD);
    quad[i + 4] = _mm512_shuffle_f64x2(pair[i + 4], pair[i + 6], 0x88);
    quad[i + 6] = _mm512_shuffle_f64x2(pair[i + 4], pair[i + 6], 0xDD);
  }
  for (int i = 0; i < 4; ++i) {
    r[i] = _mm512_shuffle_f64x2(quad[i], quad[i + 4], 0x88);
    r[i + 4] = _mm512_shuffle_f64x2(quad[i], quad[i + 4], 0xDD);
  }
}
#endif

// Stores past the cache, for blocks that do not fit there; the address is a multiple of the vector's size.
inline void store_past_cache(double* to, double x) { *to = x; }
inline void store_past_cache(double* to, const core::Lanes<xsimd::sse2>& x) { _mm_stream_pd(to, x); }
#ifdef __AVX2__
inline void store_past_cache(double* to, const core::Lanes<xsimd::avx2>& x) { _mm256_stream_pd(to, x); }
#endif
#ifdef __AVX512F__
inline void store_past_cache(double* to, const core::Lanes<xsimd::avx512bw>& x) { _mm512_stream_pd(to, x); }
#endif

// One row by itself: what is left over when rows do not fill the lanes. Same operations, so same bits.
template <class T>
void solve_one_row(const LineFactors& f, double* u, const double* source, double source_factor,
                   double keep_factor) {
  const std::size_t n = f.pivot.size();
  double y = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    const double d =
        source == nullptr ? u[i] * keep_factor : (u[i] + source[i] * source_factor) * keep_factor;
    y = d * f.pivot[i] + (f.a * f.pivot[i]) * y;
    u[i] = y;
  }
  for (std::size_t i = n - 1; i-- > 0;) {
    y = u[i] + f.back[i] * y;
    u[i] = y;
  }
}

template <class T>
void solve_rows_as(const LineFactors& f, const RowTask& task, double* scratch) {
  constexpr std::size_t width = core::lane_width<T>;
  constexpr std::size_t groups = k_tile / width;
  const std::size_t n = f.pivot.size();
  const std::size_t whole = n / width * width;
  if (task.rows < k_tile || width == 1) {
    for (std::size_t row = 0; row < task.rows; ++row) {
      solve_one_row<T>(f, task.u + row * task.row_stride,
                       task.source == nullptr ? nullptr : task.source + row * task.source_stride,
                       task.source_factor, task.keep_factor);
    }
    return;
  }
  const T keep(task.keep_factor);
  const T gain(task.source_factor);
  T y[groups];
  for (std::size_t g = 0; g < groups; ++g) y[g] = T(0.0);
  // Squares of width x width numbers are turned over, so that the lanes hold rows while the line is walked.
  for (std::size_t i = 0; i < whole; i += width) {
    for (std::size_t g = 0; g < groups; ++g) {
      T square[width];
      for (std::size_t r = 0; r < width; ++r) {
        const std::size_t row = g * width + r;
        T d = core::load<T>(task.u + row * task.row_stride + i);
        if (task.source != nullptr) d = d + core::load<T>(task.source + row * task.source_stride + i) * gain;
        square[r] = d * keep;
      }
      transpose(square);
      T last = y[g];
      for (std::size_t c = 0; c < width; ++c) {
        const double pivot = f.pivot[i + c];
        last = square[c] * T(pivot) + T(f.a * pivot) * last;
        core::store(scratch + (i + c) * k_tile + g * width, last);
      }
      y[g] = last;
    }
  }
  for (std::size_t i = whole; i < n; ++i) {
    const double pivot = f.pivot[i];
    for (std::size_t g = 0; g < groups; ++g) {
      double lane[width];
      for (std::size_t r = 0; r < width; ++r) {
        const std::size_t row = g * width + r;
        double d = task.u[row * task.row_stride + i];
        if (task.source != nullptr) d = d + task.source[row * task.source_stride + i] * task.source_factor;
        lane[r] = d * task.keep_factor;
      }
      y[g] = core::load<T>(lane) * T(pivot) + T(f.a * pivot) * y[g];
      core::store(scratch + i * k_tile + g * width, y[g]);
    }
  }
  // Backward: what is beyond the last whole square first.
  for (std::size_t i = n; i-- > whole;) {
    for (std::size_t g = 0; g < groups; ++g) {
      if (i + 1 < n) y[g] = core::load<T>(scratch + i * k_tile + g * width) + T(f.back[i]) * y[g];
      double lane[width];
      core::store(lane, y[g]);
      for (std::size_t r = 0; r < width; ++r) task.u[(g * width + r) * task.row_stride + i] = lane[r];
    }
  }
  for (std::size_t block = whole; block > 0;) {
    block -= width;
    for (std::size_t g = 0; g < groups; ++g) {
      T square[width];
      T last = y[g];
      for (std::size_t c = width; c-- > 0;) {
        const std::size_t i = block + c;
        if (i + 1 < n) last = core::load<T>(scratch + i * k_tile + g * width) + T(f.back[i]) * last;
        square[c] = last;
      }
      y[g] = last;
      transpose(square);
      for (std::size_t r = 0; r < width; ++r)
        core::store(task.u + (g * width + r) * task.row_stride + block, square[r]);
    }
  }
}

template <class T>
void solve_columns_as(const LineFactors& f, double* u, std::size_t line_stride, std::size_t columns) {
  constexpr std::size_t width = core::lane_width<T>;
  constexpr std::size_t groups = k_tile / width;
  const std::size_t n = f.pivot.size();
  if (columns < k_tile) {
    for (std::size_t column = 0; column < columns; ++column) {
      double y = 0.0;
      for (std::size_t i = 0; i < n; ++i) {
        y = u[i * line_stride + column] * f.pivot[i] + (f.a * f.pivot[i]) * y;
        u[i * line_stride + column] = y;
      }
      for (std::size_t i = n - 1; i-- > 0;) {
        y = u[i * line_stride + column] + f.back[i] * y;
        u[i * line_stride + column] = y;
      }
    }
    return;
  }
  T y[groups];
  for (std::size_t g = 0; g < groups; ++g) y[g] = T(0.0);
  for (std::size_t i = 0; i < n; ++i) {
    double* line = u + i * line_stride;
    const T pivot(f.pivot[i]);
    const T carry(f.a * f.pivot[i]);
    for (std::size_t g = 0; g < groups; ++g) {
      y[g] = core::load<T>(line + g * width) * pivot + carry * y[g];
      core::store(line + g * width, y[g]);
    }
  }
  for (std::size_t i = n - 1; i-- > 0;) {
    double* line = u + i * line_stride;
    const T back(f.back[i]);
    for (std::size_t g = 0; g < groups; ++g) {
      y[g] = core::load<T>(line + g * width) + back * y[g];
      core::store(line + g * width, y[g]);
    }
  }
}

// What a voxel becomes from itself and its neighbours; the same sum in the same order for one and for lanes.
template <class T>
T stencil(const T& centre, const T& a, const double* row, const double* north, const double* south,
          const double* below, const double* above, std::size_t x) {
  T sum = (core::load<T>(row + x - 1) + core::load<T>(row + x + 1)) +
          (core::load<T>(north + x) + core::load<T>(south + x));
  if (below != nullptr) sum = sum + (core::load<T>(below + x) + core::load<T>(above + x));
  return centre * core::load<T>(row + x) + a * sum;
}

enum class Stores { cached, past_cache };

// Every line of the cache is written whole and once: a line that is half stored past the cache has to be
// fetched again. Numbers behind the row's end become 0.
template <class T, Stores stores>
void explicit_rows(const StencilTask& t) {
  constexpr std::size_t width = core::lane_width<T>;
  constexpr std::size_t line = 8;  // numbers of a line of the cache
  const std::size_t plane = t.row_stride * t.ny;
  const std::size_t nx = t.nx;
  const bool block = t.nz > 1;
  // not biology: neighbours of a voxel
  const double centre = 1.0 - t.loss - (block ? 6.0 : 4.0) * t.a;
  const double a = t.a;
  const T centre_lanes(centre);
  const T a_lanes(a);
  for (std::size_t y = t.y0; y < t.y1; ++y) {
    const double* row = t.u + t.z * plane + y * t.row_stride;
    const double* north = y > 0 ? row - t.row_stride : row;
    const double* south = y + 1 < t.ny ? row + t.row_stride : row;
    const double* below = !block ? nullptr : t.z > 0 ? row - plane : row;
    const double* above = !block ? nullptr : t.z + 1 < t.nz ? row + plane : row;
    // What the next plane will call `above`: the processor does not guess it by itself.
    const double* ahead = t.z + 2 < t.nz ? row + 2 * plane : row;
    double* out = t.out + t.z * plane + y * t.row_stride;
    const auto put = [](double* to, const T& x) {
      if constexpr (stores == Stores::past_cache) {
        store_past_cache(to, x);
      } else {
        core::store(to, x);
      }
    };
    const auto put_end = [&](std::size_t first) {
      alignas(64) double end[line];
      for (std::size_t i = 0; i < line; ++i) {
        const std::size_t x = first + i;
        end[i] = 0.0;
        if (x >= nx) continue;
        double sum =
            ((x > 0 ? row[x - 1] : row[x]) + (x + 1 < nx ? row[x + 1] : row[x])) + (north[x] + south[x]);
        if (block) sum = sum + (below[x] + above[x]);
        end[i] = centre * row[x] + a * sum;
      }
      for (std::size_t i = 0; i < line; i += width) put(out + first + i, core::load<T>(end + i));
    };
    put_end(0);
    std::size_t x = line;
    for (; x + line < nx; x += line) {
      if constexpr (stores == Stores::past_cache) __builtin_prefetch(ahead + x);
      for (std::size_t i = 0; i < line; i += width)
        put(out + x + i, stencil<T>(centre_lanes, a_lanes, row, north, south, below, above, x + i));
    }
    if (x < nx) put_end(x);
  }
  if constexpr (stores == Stores::past_cache) _mm_sfence();
}

template <class T>
void explicit_step_as(const StencilTask& t) {
  if (t.past_cache) {
    explicit_rows<T, Stores::past_cache>(t);
  } else {
    explicit_rows<T, Stores::cached>(t);
  }
}

}  // namespace hortega::lesion::kernel
