// SPDX-License-Identifier: Apache-2.0
//
// The day loop of a block, templated over the number type. Included by kernel.cpp, kernel_avx2.cpp and
// kernel_avx512.cpp only; everything here is a template on T, so that no instruction set's code can stand in
// for another's at link time (docs/numerics.md).
#pragma once

#include "hortega/core/random.hpp"
#include "hortega/disease/disability.hpp"
#include "hortega/disease/equations.hpp"
#include "hortega/disease/kernel.hpp"

namespace hortega::disease::kernel {

template <class T>
inline constexpr std::size_t width = core::lane_width<T>;

template <class T, class Struct>
void load_struct(Struct& to, const double (*from)[k_block], std::size_t lane, std::size_t n) {
  T* values = reinterpret_cast<T*>(&to);
  for (std::size_t i = 0; i < n; ++i) values[i] = core::load<T>(&from[i][lane]);
}

template <class T, class Struct>
void store_struct(double (*to)[k_block], const Struct& from, std::size_t lane, std::size_t n) {
  const T* values = reinterpret_cast<const T*>(&from);
  for (std::size_t i = 0; i < n; ++i) core::store(&to[i][lane], values[i]);
}

template <class T>
void add_event(Events& events, EventKind kind, std::size_t lane, std::uint32_t day, double with,
               double without) {
  Event& e = events.event[events.count++];
  e.kind = kind;
  e.lane = static_cast<std::uint8_t>(lane);
  e.life_day = day;
  e.with = with;
  e.without = without;
}

/// Days for the lanes lane0 .. lane0 + width - 1.
template <class T>
void advance_lanes(const Rates& r, Block& block, std::size_t lane0, int days, Events& events) {
  using core::any;
  using core::Mask;
  using core::mask_bits;
  using core::select;
  constexpr std::size_t w = width<T>;
  State<T> s;
  Traits<T> trait;
  Levers<T> lever;
  load_struct<T>(s, block.state, lane0, k_state_size);
  load_struct<T>(trait, block.traits, lane0, k_trait_size);
  load_struct<T>(lever, block.levers, lane0, k_lever_size);
  const std::uint32_t* person = block.person + lane0;
  const std::uint32_t* copy = block.copy + lane0;
  std::uint32_t* day = block.life_day + lane0;
  std::uint8_t* alive = block.alive + lane0;
  std::uint32_t purpose_day[w];
  double per_lane[w];
  const T zero(0.0);
  const T one(1.0);
  const Steady<T> steady = steady_of(r, trait, lever);

  // The daily draws of the whole stretch first: they depend on nothing else, so the processor overlaps them.
  T daily[k_longest_stretch][4];
  for (int d = 0; d < days; ++d) {
    for (std::size_t i = 0; i < w; ++i)
      purpose_day[i] = core::purpose_and_day(core::Purpose::daily, day[i] + static_cast<std::uint32_t>(d));
    core::draw_uniforms<T>(block.seed, person, copy, purpose_day, 0, daily[d]);
  }

  for (int d = 0; d < days; ++d) {
    // Lesions that stop enhancing today.
    const std::uint32_t clock = block.clock + static_cast<std::uint32_t>(d);
    std::uint8_t* ending = block.enhancement_ends[clock % k_enhancement_days] + lane0;
    unsigned ended = 0;
    for (std::size_t i = 0; i < w; ++i) ended |= ending[i];
    if (ended != 0) {
      for (std::size_t i = 0; i < w; ++i) {
        per_lane[i] = static_cast<double>(ending[i]);
        ending[i] = 0;
      }
      s.enhancing = s.enhancing - core::load<T>(per_lane);
    }

    const T u_infection = daily[d][0];
    const T u_birth = daily[d][1];
    const T u_death = daily[d][2];
    const T u_rim = daily[d][3];

    // A rim fades away (at most one a day; they last for years), with its share of the T2 volume.
    const Mask<T> fades = u_rim < s.rims * T(r.rim_end_day);
    if (any(fades)) {
      const T left = s.rims - one;
      s.rim_part = select(fades, s.rim_part * left / s.rims, s.rim_part);
      s.rims = select(fades, left, s.rims);
    }

    // Infection (at most one a day; rates are a few a year).
    const T rate = T(r.infection_rate_day) * trait.infection_factor * lever.infection *
                   (one + T(r.season_amplitude) * s.season_cos);
    const Mask<T> infected = u_infection > one - rate;
    const T fever_before = s.fever;
    if (any(infected)) {
      for (std::size_t i = 0; i < w; ++i)
        purpose_day[i] = core::purpose_and_day(core::Purpose::infection, day[i]);
      T u[4];
      core::draw_uniforms<T>(block.seed, person, copy, purpose_day, 0, u);
      const T stimulus = zero - T(r.stimulus_mean) * math::log(u[0]);
      const T fever = zero - T(r.fever_mean) * math::log(u[1]);
      s.stimulus = s.stimulus + select(infected, stimulus, zero);
      s.fever = s.fever + select(infected, fever, zero);
      const std::uint32_t bits = mask_bits(infected);
      core::store(per_lane, stimulus);
      for (std::size_t i = 0; i < w; ++i) {
        if (((bits >> i) & 1U) != 0 && alive[i] != 0) {
          add_event<T>(events, EventKind::infection, lane0 + i, day[i], per_lane[i], 0.0);
        }
      }
    }

    // Births: Poisson by inversion of one uniform, so that fewer expected births are a subset of more (twins
    // keep their lesions). exp(-x) >= 1 - x, so most days need no exponential.
    const T expected = lesion_births_expected(r, s, trait, lever);
    Mask<T> attacked = u_birth > T(2.0);  // nobody yet
    if (any(u_birth > one - expected)) {
      T term = math::exp(zero - expected);
      T cumulative = term;
      Mask<T> born = u_birth > cumulative;
      for (std::uint32_t n = 0; n < 16 && any(born); ++n) {
        for (std::size_t i = 0; i < w; ++i)
          purpose_day[i] = core::purpose_and_day(core::Purpose::lesion, day[i]);
        T u[16];
        for (std::uint32_t part = 0; part < 4; ++part) {
          T four[4];
          core::draw_uniforms<T>(block.seed, person, copy, purpose_day, 4 * n + part, four);
          for (std::size_t j = 0; j < 4; ++j) u[4 * part + j] = four[j];
        }
        Mask<T> eloquent = born;
        const T duration = lesion_birth(r, s, trait, born, u, eloquent);
        attacked = attacked || eloquent;
        const std::uint32_t bits = mask_bits(born);
        core::store(per_lane, duration);
        for (std::size_t i = 0; i < w; ++i) {
          if (((bits >> i) & 1U) != 0) {
            // Days are positive, so half a day up and cut off is rounding.
            const auto ends = clock + static_cast<std::uint32_t>(
                                          per_lane[i] + 0.5);  // NOLINT(bugprone-incorrect-roundings)
            ++block.enhancement_ends[ends % k_enhancement_days][lane0 + i];
          }
        }
        term = term * expected / T(static_cast<double>(n) + 1.0);
        cumulative = cumulative + term;
        born = u_birth > cumulative;
      }
    }

    // Is an attack, or a fever, strong enough to be felt?
    if (any(attacked)) {
      T block_most(0.0);
      for (std::size_t k = 0; k < k_systems; ++k) block_most = core::max(block_most, s.blocked[k]);
      const Mask<T> felt = attacked && (block_most >= T(r.relapse_block) * trait.reserve);
      if (any(felt)) {
        double with[w];
        double without[w];
        core::store(with, noise_free_edss(r, s, trait, s.fever, BlockedFibres::counted));
        core::store(without, noise_free_edss(r, s, trait, s.fever, BlockedFibres::ignored));
        const std::uint32_t bits = mask_bits(felt);
        for (std::size_t i = 0; i < w; ++i) {
          if (((bits >> i) & 1U) != 0 && alive[i] != 0) {
            add_event<T>(events, EventKind::attack, lane0 + i, day[i], with[i], without[i]);
          }
        }
      }
    }
    if (any(infected)) {
      const Mask<T> felt =
          infected && (most_blocked_by_heat(r, s, fever_before) >= T(r.relapse_block) * trait.reserve);
      if (any(felt)) {
        double with[w];
        double without[w];
        core::store(with, noise_free_edss(r, s, trait, s.fever, BlockedFibres::counted));
        core::store(without, noise_free_edss(r, s, trait, fever_before, BlockedFibres::counted));
        const std::uint32_t bits = mask_bits(felt);
        for (std::size_t i = 0; i < w; ++i) {
          if (((bits >> i) & 1U) != 0 && alive[i] != 0) {
            add_event<T>(events, EventKind::fever, lane0 + i, day[i], with[i], without[i]);
          }
        }
      }
    }

    const Mask<T> dies = u_death < s.death_hazard + lever.death;
    if (any(dies)) {
      const std::uint32_t bits = mask_bits(dies);
      for (std::size_t i = 0; i < w; ++i) {
        if (((bits >> i) & 1U) != 0 && alive[i] != 0) {
          add_event<T>(events, EventKind::death, lane0 + i, day[i], 0.0, 0.0);
          alive[i] = 0;
        }
      }
    }

    // The last clone is gone (graded_regrowth; else the threshold is nought).
    s.memory = select(s.memory < trait.clone_threshold, zero, s.memory);
    for (int step = 0; step < r.substeps; ++step) {
      step_immunity(r, s, lever, steady);
      const T lost = step_tissue(r, s, lever, steady);
      step_markers(r, s, lever, lost);
    }
    const T season = s.season_cos;
    s.season_cos = T(r.season_cos) * season - T(r.season_sin) * s.season_sin;
    s.season_sin = T(r.season_sin) * season + T(r.season_cos) * s.season_sin;
    for (std::size_t i = 0; i < w; ++i) ++day[i];
  }
  store_struct<T>(block.state, s, lane0, k_state_size);
}

template <class T>
void advance_block(const Rates& r, Block& block, int days, Events& events) {
  events.count = 0;
  for (std::size_t lane = 0; lane < k_block; lane += width<T>) advance_lanes<T>(r, block, lane, days, events);
  block.clock += static_cast<std::uint32_t>(days);
}

/// Four normals per draw index of one purpose and "day" for the lanes.
template <class T>
void normals(const Block& block, std::size_t lane0, core::Purpose purpose, const std::uint32_t* day,
             std::uint32_t index, T* out) {
  constexpr std::size_t w = width<T>;
  std::uint32_t purpose_day[w];
  T u[4];
  for (std::size_t i = 0; i < w; ++i) purpose_day[i] = core::purpose_and_day(purpose, day[i]);
  core::draw_uniforms<T>(block.seed, block.person + lane0, block.copy + lane0, purpose_day, index, u);
  for (std::size_t j = 0; j < 4; ++j) out[j] = math::normal_quantile(u[j]);
}

template <class T>
void observe_lanes(const Rates& r, const Block& block, std::size_t lane0, RaterNoise noise,
                   const double* grade_shift, Observation& out) {
  constexpr std::size_t w = width<T>;
  State<T> s;
  Traits<T> trait;
  load_struct<T>(s, block.state, lane0, k_state_size);
  load_struct<T>(trait, block.traits, lane0, k_trait_size);
  T grade[k_systems];
  T walk;
  grades_of(r, s, trait, s.fever, BlockedFibres::counted, grade, walk);
  T whole[k_systems];
  for (std::size_t k = 0; k < k_systems; ++k) whole[k] = whole_grade(grade[k], k);
  core::store(&out.edss_hidden[lane0], edss_of_walking(r, edss_of_grades(whole), walk));

  T white[12];  // shared, walk, T25FW, 9HPT, seven systems, SDMT
  T slow[8];    // seven systems, walking
  if (noise == RaterNoise::on) {
    const std::uint32_t* day = block.life_day + lane0;
    for (std::uint32_t part = 0; part < 3; ++part)
      normals(block, lane0, core::Purpose::rater, day, part, white + 4 * part);
    // Slow fluctuation: normals on a grid of days, joined by straight lines (docs/model.md).
    std::uint32_t before[w];
    std::uint32_t after[w];
    double share[w];
    const auto period = static_cast<std::uint32_t>(r.slow_period_day);
    for (std::size_t i = 0; i < w; ++i) {
      before[i] = day[i] / period;
      after[i] = before[i] + 1;
      share[i] = static_cast<double>(day[i] % period) / static_cast<double>(period);
    }
    T a[8];
    T b[8];
    for (std::uint32_t part = 0; part < 2; ++part) {
      normals(block, lane0, core::Purpose::fluctuation, before, part, a + 4 * part);
      normals(block, lane0, core::Purpose::fluctuation, after, part, b + 4 * part);
    }
    const T x = core::load<T>(share);
    for (std::size_t j = 0; j < 8; ++j) slow[j] = a[j] + (b[j] - a[j]) * x;
  } else {
    for (T& z : white) z = T(0.0);
    for (T& z : slow) z = T(0.0);
  }
  const T shift = grade_shift != nullptr ? core::load<T>(grade_shift + lane0) : T(0.0);
  for (std::size_t k = 0; k < k_systems; ++k) {
    const T seen = grade[k] + T(r.rater_white) * white[4 + k] + T(r.rater_shared) * white[0] +
                   T(r.slow_fluctuation) * slow[k] + shift;
    whole[k] = whole_grade(seen, k);
    core::store(&out.grade[k][lane0], whole[k]);
  }
  const T walk_seen = walk + T(r.walk_noise) * (white[1] + slow[7]);
  core::store(&out.edss[lane0], edss_of_walking(r, edss_of_grades(whole), walk_seen));
  core::store(&out.ambulation_edss[lane0], edss_of_walking(r, T(0.0), walk_seen));
  // Timed tests: log-normal about a curve of the loss of function that each depends on.
  constexpr double k_longest_walk_s = 180.0;  // not biology: the test's limit
  constexpr double k_longest_pegs_s = 300.0;  // not biology: the test's limit
  const T walk_positive = core::max(T(0.0), walk);
  core::store(&out.t25fw_s[lane0],
              core::min(T(k_longest_walk_s),
                        T(r.t25fw_best) * math::exp(T(r.t25fw_slope) * walk_positive * walk_positive +
                                                    T(r.t25fw_noise) * white[2])));
  const T loss_hand = T(0.5) * (grade[index(System::cerebellar)] + grade[index(System::sensory)]);
  core::store(&out.nhpt_s[lane0],
              core::min(T(k_longest_pegs_s), T(r.nhpt_best) * math::exp(T(r.nhpt_slope) * loss_hand +
                                                                        T(r.nhpt_noise) * white[3])));
  core::store(&out.sdmt[lane0],
              core::max(T(0.0), T(r.sdmt_best) - T(r.sdmt_slope) * grade[index(System::cerebral)] +
                                    T(r.sdmt_noise) * white[11]));
}

template <class T>
void observe_block(const Rates& r, const Block& block, RaterNoise noise, const double* grade_shift,
                   Observation& out) {
  for (std::size_t lane = 0; lane < k_block; lane += width<T>)
    observe_lanes<T>(r, block, lane, noise, grade_shift, out);
}

}  // namespace hortega::disease::kernel
