// SPDX-License-Identifier: Apache-2.0
//
// The number type of the model. A model function is a template over T and runs with T = double (one person,
// the oracle of the tests) or T = Lanes<Arch> (several people side by side). Every operation used here is
// exact by IEEE 754
// (+ - * / sqrt, comparison, selection), and the elementary functions are ours (math.hpp), so that a person
// gets the same bits whatever the number type and the instruction set (docs/numerics.md).
#pragma once

#include <xsimd/xsimd.hpp>

#include <cstddef>
#include <cstdint>

namespace hortega::core {

template <class Arch>
using Lanes = xsimd::batch<double, Arch>;

/// Number of people that one value of type T holds.
template <class T>
inline constexpr std::size_t lane_width = 1;
template <class Arch>
inline constexpr std::size_t lane_width<xsimd::batch<double, Arch>> = xsimd::batch<double, Arch>::size;

/// The truth value that comparing two T gives.
template <class T>
struct MaskOf {
  using type = bool;
};
template <class Arch>
struct MaskOf<xsimd::batch<double, Arch>> {
  using type = xsimd::batch_bool<double, Arch>;
};
template <class T>
using Mask = typename MaskOf<T>::type;

// The scalar forms of what xsimd gives for batches. min and max follow the SSE instruction (second operand
// when equal or NaN), so that both number types agree to the bit.
inline double select(bool condition, double a, double b) { return condition ? a : b; }
inline double min(double a, double b) { return a < b ? a : b; }
inline double max(double a, double b) { return a > b ? a : b; }
inline bool any(bool a) { return a; }
inline bool all(bool a) { return a; }

using xsimd::all;
using xsimd::any;
using xsimd::max;
using xsimd::min;
using xsimd::select;

inline double square_root(double x) { return __builtin_sqrt(x); }
template <class Arch>
Lanes<Arch> square_root(const Lanes<Arch>& x) {
  return xsimd::sqrt(x);
}

/// Reads lane_width<T> values that need no alignment.
template <class T>
T load(const double* from) {
  if constexpr (lane_width<T> == 1) {
    return *from;
  } else {
    return T::load_unaligned(from);
  }
}
inline void store(double* to, double x) { *to = x; }
template <class Arch>
void store(double* to, const Lanes<Arch>& x) {
  x.store_unaligned(to);
}

/// The mask as one bit per lane, lane 0 lowest.
inline std::uint32_t mask_bits(bool m) { return m ? 1U : 0U; }
template <class Arch>
std::uint32_t mask_bits(const xsimd::batch_bool<double, Arch>& m) {
  constexpr std::size_t width = Lanes<Arch>::size;
  bool lane[width];
  m.store_unaligned(lane);
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < width; ++i) bits |= (lane[i] ? 1U : 0U) << i;
  return bits;
}

}  // namespace hortega::core
