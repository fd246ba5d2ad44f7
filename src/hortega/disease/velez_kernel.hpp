// SPDX-License-Identifier: Apache-2.0
// Published model with its own constants: Velez de Mendizabal 2011, doi:10.1186/1752-0509-5-114
//
// The solver of the Velez model for lanes of people. Each lane has its own clock, step size and influx events
// and takes the next person when its own is done, so that no lane waits for another. Instantiated once per
// instruction set (velez.cpp, velez_avx2.cpp, velez_avx512.cpp): everything here is a template over T.
#pragma once

#include "hortega/core/dop853.hpp"
#include "hortega/core/lanes.hpp"
#include "hortega/disease/velez.hpp"

#include <utility>

namespace hortega::disease::velez {

/// People of a block and where their results go. `effector_influx_day[i]` and `regulatory_influx_day[i]` end
/// in infinity.
struct Block {
  std::size_t n_people;
  int days;
  double tolerance;
  const double* effector_growth;
  const double* regulatory_growth;
  const double* const* effector_influx_day;
  const double* const* regulatory_influx_day;
  double* effector_cells;
  double (*final_state)[n_variables];
  std::uint64_t steps;
};

namespace detail {

// Sum over stages of coefficient * k[stage][variable]; zero coefficients cost nothing.
template <class T, class Coefficient, std::size_t first, std::size_t... J>
[[gnu::always_inline]] inline T weighted(const T (*k)[n_variables], std::size_t variable,
                                         std::index_sequence<first, J...>) {
  // The first coefficient of every row is not zero.
  T sum = T(Coefficient::at(first)) * k[first][variable];
  [[maybe_unused]] const auto add = [&](auto constant) {
    constexpr std::size_t j = decltype(constant)::value;
    if constexpr (Coefficient::at(j) != 0.0) sum = sum + T(Coefficient::at(j)) * k[j][variable];
  };
  (add(std::integral_constant<std::size_t, J>{}), ...);
  return sum;
}

template <class T, std::size_t stage>
struct StageRow {
  static constexpr double at(std::size_t j) { return core::dop853::a[stage][j]; }
};
template <class T>
struct SolutionRow {
  static constexpr double at(std::size_t j) { return core::dop853::b[j]; }
};
template <class T>
struct Error5Row {
  static constexpr double at(std::size_t j) { return core::dop853::error_5[j]; }
};
template <class T>
struct Error3Row {
  static constexpr double at(std::size_t j) { return core::dop853::error_3[j]; }
};

template <class T, std::size_t stage>
inline void evaluate_stage(const T* x, const T& h, const T& effector_growth, const T& regulatory_growth,
                           T (*k)[n_variables]) {
  T at[n_variables];
  // Nothing depends on irreversible damage, so the last variable needs no stage values.
  for (std::size_t v = 0; v < n_variables - 1; ++v)
    at[v] = x[v] + h * weighted<T, StageRow<T, stage>>(k, v, std::make_index_sequence<stage>{});
  derivative(at, effector_growth, regulatory_growth, k[stage]);
}

// A step is a long chain of dependent operations; two batches side by side keep the processor busy.
template <class T>
inline constexpr std::size_t n_batches = core::lane_width<T> == 1 ? 1 : 2;

// One step of every lane of `groups` batches, with the error norm of each (at most 1 is acceptable) by
// Hairer's combination of two estimators, over the active cells: resting cells follow a linear equation, and
// their error shows in the active ones that they feed.
template <class T, std::size_t groups>
inline void attempt(const T (*x)[n_variables], const T* h, const T* effector_growth,
                    const T* regulatory_growth, double tolerance, T (*x_new)[n_variables], T* error) {
  T k[groups][core::dop853::n_stages][n_variables];
  for (std::size_t g = 0; g < groups; ++g)
    derivative(x[g], effector_growth[g], regulatory_growth[g], k[g][0]);
  const auto stage_of_all = [&](auto constant) {
    constexpr std::size_t stage = decltype(constant)::value;
    for (std::size_t g = 0; g < groups; ++g)
      evaluate_stage<T, stage>(x[g], h[g], effector_growth[g], regulatory_growth[g], k[g]);
  };
  const auto stages = [&]<std::size_t... S>(std::index_sequence<S...>) {
    (stage_of_all(std::integral_constant<std::size_t, S + 1>{}), ...);
  };
  stages(std::make_index_sequence<core::dop853::n_stages - 1>{});
  using All = std::make_index_sequence<core::dop853::n_stages>;
  for (std::size_t g = 0; g < groups; ++g) {
    for (std::size_t v = 0; v < n_variables; ++v)
      x_new[g][v] = x[g][v] + h[g] * weighted<T, SolutionRow<T>>(k[g], v, All{});
    T sum_5 = T(0.0);
    T sum_3 = T(0.0);
    for (std::size_t v = 2; v < 4; ++v) {
      const T scale = T(1.0) / core::max(x[g][v], x_new[g][v]);  // counts are positive
      const T error_5 = weighted<T, Error5Row<T>>(k[g], v, All{}) * scale;
      const T error_3 = weighted<T, Error3Row<T>>(k[g], v, All{}) * scale;
      sum_5 = sum_5 + error_5 * error_5;
      sum_3 = sum_3 + error_3 * error_3;
    }
    const T denominator = core::square_root(T(2.0) * (sum_5 + T(0.01) * sum_3));
    error[g] = h[g] * sum_5 / core::max(denominator, T(1e-300)) * T(1.0 / tolerance);
  }
}

}  // namespace detail

/// Simulates the people of the block.
template <class T>
void simulate_block(Block& block) {
  constexpr std::size_t groups = detail::n_batches<T>;
  constexpr std::size_t batch = core::lane_width<T>;
  constexpr std::size_t width = groups * batch;
  constexpr double infinity = __builtin_inf();
  constexpr double first_step_day = 0.01;

  double x_of[n_variables][width];
  double stop_of[width];
  double t_of[width];
  double h_of[width];
  double effector_growth_of[width];
  double regulatory_growth_of[width];
  std::size_t person[width];
  int day[width];
  const double* next_effector[width];
  const double* next_regulatory[width];
  std::size_t next_person = 0;
  std::size_t busy = 0;

  const auto first_stop = [&](std::size_t i) {
    double stop = day[i] < block.days ? static_cast<double>(day[i] + 1) : infinity;
    stop = *next_effector[i] < stop ? *next_effector[i] : stop;
    stop_of[i] = *next_regulatory[i] < stop ? *next_regulatory[i] : stop;
  };
  // Lane i takes the next person; with none left it idles on a copy of the block's first, without a stop.
  const auto take_person = [&](std::size_t i) {
    const bool found = next_person < block.n_people;
    person[i] = found ? next_person++ : 0;
    for (std::size_t v = 0; v < n_variables; ++v) x_of[v][i] = initial_state.data()[v];
    t_of[i] = 0.0;
    h_of[i] = first_step_day;
    effector_growth_of[i] = block.effector_growth[person[i]];
    regulatory_growth_of[i] = block.regulatory_growth[person[i]];
    next_effector[i] = block.effector_influx_day[person[i]];
    next_regulatory[i] = block.regulatory_influx_day[person[i]];
    day[i] = 0;
    if (found) {
      ++busy;
      first_stop(i);
    } else {
      stop_of[i] = infinity;
    }
  };
  for (std::size_t i = 0; i < width; ++i) take_person(i);

  T x[groups][n_variables];
  T x_new[groups][n_variables];
  T stop[groups];
  T t[groups];
  T h[groups];
  T effector_growth[groups];
  T regulatory_growth[groups];
  T step[groups];
  T error[groups];
  const auto load_all = [&] {
    for (std::size_t g = 0; g < groups; ++g) {
      for (std::size_t v = 0; v < n_variables; ++v) x[g][v] = core::load<T>(x_of[v] + g * batch);
      stop[g] = core::load<T>(stop_of + g * batch);
      t[g] = core::load<T>(t_of + g * batch);
      h[g] = core::load<T>(h_of + g * batch);
      effector_growth[g] = core::load<T>(effector_growth_of + g * batch);
      regulatory_growth[g] = core::load<T>(regulatory_growth_of + g * batch);
    }
  };
  load_all();

  while (busy > 0) {
    // The last step to a stop ends there exactly; the one before shares what is left.
    for (std::size_t g = 0; g < groups; ++g) {
      const T remaining = stop[g] - t[g];
      step[g] = core::select(remaining <= h[g], remaining,
                             core::select(remaining < T(2.0) * h[g], T(0.5) * remaining, h[g]));
    }
    detail::attempt<T, groups>(x, step, effector_growth, regulatory_growth, block.tolerance, x_new, error);
    block.steps += busy;
    std::uint32_t reached = 0;
    for (std::size_t g = 0; g < groups; ++g) {
      const T remaining = stop[g] - t[g];
      const auto last = remaining <= h[g];
      const auto shortened = remaining < T(2.0) * h[g];
      const auto accepted = error[g] <= T(1.0);
      for (std::size_t v = 0; v < n_variables; ++v) x[g][v] = core::select(accepted, x_new[g][v], x[g][v]);
      // error^(-1/8) by three square roots; bounds 1/3 and 6 (Hairer's defaults)
      const T root = core::square_root(core::square_root(core::square_root(core::max(error[g], T(1e-8)))));
      const T wanted = step[g] * core::min(core::max(T(0.9) / root, T(0.333)), T(6.0));
      const T kept = core::select(shortened, core::max(h[g], wanted), wanted);
      h[g] = core::select(accepted, kept, core::select(error[g] < T(1e10), wanted, T(0.1) * step[g]));
      t[g] = core::select(accepted, core::select(last, stop[g], t[g] + step[g]), t[g]);
      reached |= (core::mask_bits(accepted) & core::mask_bits(last)) << (g * batch);
    }
    if (reached == 0) continue;

    for (std::size_t g = 0; g < groups; ++g) {
      core::store(x_of[0] + g * batch, x[g][0]);
      core::store(x_of[1] + g * batch, x[g][1]);
      core::store(x_of[2] + g * batch, x[g][2]);
    }
    bool replaced = false;
    for (; reached != 0; reached &= reached - 1) {
      const auto i = static_cast<std::size_t>(__builtin_ctz(reached));
      if (*next_effector[i] == stop_of[i]) {
        x_of[0][i] += published.impulse_cells;
        ++next_effector[i];
      }
      if (*next_regulatory[i] == stop_of[i]) {
        x_of[1][i] += published.impulse_cells;
        ++next_regulatory[i];
      }
      if (static_cast<double>(day[i] + 1) == stop_of[i]) {
        block.effector_cells[person[i] * static_cast<std::size_t>(block.days) +
                             static_cast<std::size_t>(day[i])] = x_of[2][i];
        if (++day[i] == block.days) {
          if (!replaced) {
            for (std::size_t g = 0; g < groups; ++g) {
              for (std::size_t v = 3; v < n_variables; ++v) core::store(x_of[v] + g * batch, x[g][v]);
              core::store(t_of + g * batch, t[g]);
              core::store(h_of + g * batch, h[g]);
            }
            replaced = true;
          }
          for (std::size_t v = 0; v < n_variables; ++v) block.final_state[person[i]][v] = x_of[v][i];
          --busy;
          take_person(i);
          continue;
        }
      }
      first_stop(i);
    }
    if (replaced) {
      load_all();
    } else {
      for (std::size_t g = 0; g < groups; ++g) {
        x[g][0] = core::load<T>(x_of[0] + g * batch);
        x[g][1] = core::load<T>(x_of[1] + g * batch);
        stop[g] = core::load<T>(stop_of + g * batch);
      }
    }
  }
}

extern template void simulate_block<double>(Block&);
extern template void simulate_block<core::Lanes<xsimd::sse2>>(Block&);
extern template void simulate_block<core::Lanes<xsimd::avx2>>(Block&);
extern template void simulate_block<core::Lanes<xsimd::avx512bw>>(Block&);

}  // namespace hortega::disease::velez
