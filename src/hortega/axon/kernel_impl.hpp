// SPDX-License-Identifier: Apache-2.0
//
// The time-stepping kernel, as a template over the number type. Instantiated once per instruction set
// (kernel.cpp, kernel_avx2.cpp, kernel_avx512.cpp).
#pragma once

#include "hortega/axon/kernel.hpp"
#include "hortega/core/lanes.hpp"
#include "hortega/core/math.hpp"

namespace hortega::axon::kernel {

/// Rate in 1/ms at `v` (see Rate).
template <class T>
[[gnu::always_inline]] inline T rate_at(const Rate& rate, const T& v) {
  const T x = (v - T(rate.midpoint_mv)) * T(1.0 / rate.slope_mv);
  const T decay = math::exp(T(0.0) - x);
  switch (rate.form) {
    case RateForm::linoid: {
      const auto near = x < T(1e-3) && x > T(-1e-3);
      const T series = T(1.0) + x * (T(0.5) + x * T(1.0 / 12.0));
      const T quotient = x / core::select(near, T(1.0), T(1.0) - decay);
      return T(rate.scale * rate.slope_mv) * core::select(near, series, quotient);
    }
    case RateForm::sigmoid:
      return T(rate.scale) / (T(1.0) + decay);
    default:
      return T(rate.scale) * decay;
  }
}

/// Gates from half a step before to half a step after, exactly for the voltage of the moment between;
/// conductances and the sources that they make.
template <class T>
inline void update_channels(Block& b, double* conductance_of, double* total_of, double* source_of) {
  const std::size_t n = b.n_padded;
  for (std::size_t a = 0; a < n; a += core::lane_width<T>) {
    const T v = core::load<T>(b.u + a) + T(b.rest_mv);
    T total = T(0.0);
    T source = core::load<T>(b.source + a);
    std::size_t g = 0;
    for (std::size_t c = 0; c < b.n_channels; ++c) {
      const KernelChannel& channel = b.channels[c];
      T conductance = core::load<T>(b.density + c * n + a);
      for (std::size_t of_channel = 0; of_channel < channel.n_gates; ++of_channel, ++g) {
        const KernelGate& gate = b.gates[g];
        // exp(-s) as 1 / (1 + s + s^2/2 + s^3/6), s = (opening + closing) dt: of third order, between 0 and 1
        // for any step, and no exponential of its own.
        const T dt = core::load<T>(b.gate_speed + g * n + a);
        const T opened = rate_at(gate.opening, v) * dt;
        const T s = opened + rate_at(gate.closing, v) * dt;
        const T gained = T(1.0) + s * (T(0.5) + s * T(1.0 / 6.0));  // not biology: 1/3!
        const T x = (core::load<T>(b.gate + g * n + a) + opened * gained) / (T(1.0) + s * gained);
        core::store(b.gate + g * n + a, x);
        for (int k = 0; k < gate.power; ++k) conductance = conductance * x;
      }
      core::store(conductance_of + c * n + a, conductance);
      total = total + conductance;
      source = source + conductance * T(channel.reversal_from_rest_mv);
    }
    core::store(total_of + a, total);
    core::store(source_of + a, source);
  }
}

/// One coefficient of the lanes, which may share it.
template <class T, bool uniform>
[[gnu::always_inline]] inline T coefficient_at(const double* of_compartment, std::size_t c) {
  if constexpr (uniform)
    return T(of_compartment[c]);
  else
    return core::load<T>(of_compartment + c * core::lane_width<T>);
}

/// Eliminates a chunk's runs from left to right: what they ask of the active compartments before and after
/// them.
template <class T, bool uniform, bool single>
[[gnu::always_inline]] inline void eliminate(const Block& b, const Chunk& chunk, T& to_left, T& to_right) {
  constexpr std::size_t w = core::lane_width<T>;
  constexpr std::size_t stride =
      (single ? std::size_t{n_single_coefficients} : std::size_t{n_coefficients}) * (uniform ? 1 : w);
  const double* coefficient = b.coefficients + chunk.coefficients;
  const double* state = b.state + chunk.state;
  double* pivot = b.pivot_state + chunk.state;
  T before_inside = T(0.0), before_periaxonal = T(0.0), sum = T(0.0);
  for (std::size_t i = 0; i < chunk.compartments; ++i, coefficient += stride) {
    const auto at = [&](std::size_t c) { return coefficient_at<T, uniform>(coefficient, c); };
    if constexpr (single) {
      const T across = at(single_twice_c_over_dt) * core::load<T>(state);
      sum = sum + at(single_from_left) * across;
      const T w_inside = at(single_inverse) * (across + before_inside);
      core::store(pivot, w_inside);
      before_inside = at(single_axial_next) * w_inside;
      state += w;
      pivot += w;
    } else {
      const T periaxonal = core::load<T>(state + w);
      const T across = at(twice_c_over_dt) * (core::load<T>(state) - periaxonal);
      const T below = at(twice_myelin_c_over_dt) * periaxonal - across;
      sum = sum + (at(from_left_inside) * across + at(from_left_periaxonal) * below);
      const T y_inside = across + before_inside;
      const T y_periaxonal = below + before_periaxonal;
      const T i12 = at(inverse_12);
      const T w_inside = at(inverse_11) * y_inside + i12 * y_periaxonal;
      const T w_periaxonal = i12 * y_inside + at(inverse_22) * y_periaxonal;
      core::store(pivot, w_inside);
      core::store(pivot + w, w_periaxonal);
      before_inside = at(axial_next) * w_inside;
      before_periaxonal = at(periaxonal_next) * w_periaxonal;
      state += 2 * w;
      pivot += 2 * w;
    }
  }
  to_left = sum;
  to_right = before_inside;
}

template <class T>
[[gnu::flatten]] inline void eliminate_runs(Block& b, double* from_right, double* from_left) {
  constexpr std::size_t w = core::lane_width<T>;
  for (std::size_t k = 0; k < b.n_chunks; ++k) {
    const Chunk& chunk = b.chunks[k];
    T to_left = T(0.0), to_right = T(0.0);
    if (chunk.single)
      chunk.uniform ? eliminate<T, true, true>(b, chunk, to_left, to_right)
                    : eliminate<T, false, true>(b, chunk, to_left, to_right);
    else
      chunk.uniform ? eliminate<T, true, false>(b, chunk, to_left, to_right)
                    : eliminate<T, false, false>(b, chunk, to_left, to_right);
    core::store(from_right + k * w, to_left);
    core::store(from_left + b.width + k * w, to_right);
  }
  for (std::size_t r = b.n_runs; r < b.n_chunks * w; ++r) from_right[r] = 0.0;
}

/// The tridiagonal system of the active compartments, `width` fibres side by side: their potential in the
/// middle of the step. Inlined always: for double it must not be a function that files of several instruction
/// sets share.
template <class T>
[[gnu::always_inline]] inline void solve_active(const Block& b, const double* diagonal, double* right,
                                                double* inverse, double* middle) {
  const std::size_t w = b.width;
  for (std::size_t f = 0; f < w; f += core::lane_width<T>) {
    T carried = T(0.0), coupling = T(0.0), before = T(0.0);
    for (std::size_t s = 0; s < b.n_sites; ++s) {
      const std::size_t a = s * w + f;
      const T factor = coupling * before;
      const T pivot = core::load<T>(diagonal + a) - coupling * factor;
      carried = core::load<T>(right + a) + factor * carried;
      before = T(1.0) / pivot;
      core::store(inverse + a, before);
      core::store(right + a, carried);
      coupling = core::load<T>(b.next + a);
    }
    T after = T(0.0);
    for (std::size_t s = b.n_sites; s-- > 0;) {
      const std::size_t a = s * w + f;
      after = (core::load<T>(right + a) + core::load<T>(b.next + a) * after) * core::load<T>(inverse + a);
      core::store(middle + a, after);
    }
  }
}

/// Back through a chunk's runs with both ends known, and on to the end of the step.
template <class T, bool uniform, bool single>
[[gnu::always_inline]] inline void finish(const Block& b, const Chunk& chunk, const T& left, T inside) {
  constexpr std::size_t w = core::lane_width<T>;
  constexpr std::size_t stride =
      (single ? std::size_t{n_single_coefficients} : std::size_t{n_coefficients}) * (uniform ? 1 : w);
  constexpr std::size_t values = (single ? 1 : 2) * w;
  const double* coefficient = b.coefficients + chunk.coefficients + chunk.compartments * stride;
  double* state = b.state + chunk.state + chunk.compartments * values;
  const double* pivot = b.pivot_state + chunk.state + chunk.compartments * values;
  T periaxonal = T(0.0);
  for (std::size_t i = chunk.compartments; i-- > 0;) {
    coefficient -= stride;
    state -= values;
    pivot -= values;
    const auto at = [&](std::size_t c) { return coefficient_at<T, uniform>(coefficient, c); };
    if constexpr (single) {
      inside = core::load<T>(pivot) + at(single_inverse) * (at(single_axial_next) * inside);
      const T middle = inside + left * at(single_from_left);
      core::store(state, (middle + middle) - core::load<T>(state));
    } else {
      const T in = at(axial_next) * inside;
      const T in_periaxonal = at(periaxonal_next) * periaxonal;
      const T i12 = at(inverse_12);
      inside = core::load<T>(pivot) + (at(inverse_11) * in + i12 * in_periaxonal);
      periaxonal = core::load<T>(pivot + w) + (i12 * in + at(inverse_22) * in_periaxonal);
      const T middle = inside + left * at(from_left_inside);
      const T middle_periaxonal = periaxonal + left * at(from_left_periaxonal);
      core::store(state, (middle + middle) - core::load<T>(state));
      core::store(state + w, (middle_periaxonal + middle_periaxonal) - core::load<T>(state + w));
    }
  }
}

template <class T>
[[gnu::flatten]] inline void finish_runs(Block& b, const double* middle) {
  constexpr std::size_t w = core::lane_width<T>;
  for (std::size_t k = 0; k < b.n_chunks; ++k) {
    const Chunk& chunk = b.chunks[k];
    const T left = core::load<T>(middle + k * w);
    const T right = core::load<T>(middle + b.width + k * w);
    if (chunk.single)
      chunk.uniform ? finish<T, true, true>(b, chunk, left, right)
                    : finish<T, false, true>(b, chunk, left, right);
    else
      chunk.uniform ? finish<T, true, false>(b, chunk, left, right)
                    : finish<T, false, false>(b, chunk, left, right);
  }
}

/// Active compartments to the end of the step, with the books of charge and work.
template <class T>
inline void finish_active(Block& b, const double* conductance_of, const double* middle) {
  const std::size_t n = b.n_padded;
  const T dt = T(b.dt_ms);
  for (std::size_t a = 0; a < n; a += core::lane_width<T>) {
    const T u = core::load<T>(middle + a);
    T current = core::load<T>(b.leak + a) * u - core::load<T>(b.source + a);
    for (std::size_t c = 0; c < b.n_channels; ++c) {
      const T through =
          core::load<T>(conductance_of + c * n + a) * (u - T(b.channels[c].reversal_from_rest_mv));
      core::store(b.charge + c * n + a, core::load<T>(b.charge + c * n + a) + dt * through);
      current = current + through;
    }
    core::store(b.work + a, core::load<T>(b.work + a) + dt * (current * u));
    core::store(b.u + a, (u + u) - core::load<T>(b.u + a));
  }
}

template <class T>
void advance_block(Block& b) {
  const std::size_t n = b.n_padded;
  double* const right = b.scratch;
  double* const diagonal = right + n;
  double* const from_right = diagonal + n;
  double* const from_left = from_right + n;
  double* const middle = from_left + n;
  double* const inverse = middle + n;
  double* const conductance = inverse + n;
  const std::size_t active = b.n_sites * b.width;
  for (std::size_t a = 0; a < n; ++a) {
    from_left[a] = 0.0;
    from_right[a] = 0.0;
    middle[a] = 0.0;
  }
  for (std::size_t step = 0; step < b.steps; ++step) {
    update_channels<T>(b, conductance, diagonal, right);
    const double* stimulus = b.stimulus + step * b.width;
    for (std::size_t f = 0; f < b.width; ++f) right[b.stimulus_site * b.width + f] += stimulus[f];
    eliminate_runs<T>(b, from_right, from_left);
    for (std::size_t a = 0; a < n; a += core::lane_width<T>) {
      const T source = core::load<T>(right + a) + core::load<T>(b.twice_c + a) * core::load<T>(b.u + a);
      core::store(right + a, source + core::load<T>(from_left + a) + core::load<T>(from_right + a));
      core::store(diagonal + a, core::load<T>(diagonal + a) + core::load<T>(b.diagonal + a));
    }
    if (b.width == 1)
      solve_active<double>(b, diagonal, right, inverse, middle);
    else
      solve_active<T>(b, diagonal, right, inverse, middle);
    finish_runs<T>(b, middle);
    finish_active<T>(b, conductance, middle);
    if ((step + 1) % b.trace_every == 0) {
      double* trace = b.trace + (step / b.trace_every) * active;
      for (std::size_t a = 0; a < active; ++a) trace[a] = b.u[a];
    }
  }
}

}  // namespace hortega::axon::kernel
