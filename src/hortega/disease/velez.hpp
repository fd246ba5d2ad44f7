// SPDX-License-Identifier: Apache-2.0
// Published model with its own constants: Velez de Mendizabal 2011, doi:10.1186/1752-0509-5-114
//
// Cross-regulation of effector and regulatory T cells with random thymic influx: Velez de Mendizabal et al.,
// BMC Syst Biol 2011;5:114, re-implemented as a verification case and as a measure of speed. Equations and
// numbers: a public transcription of the paper's Table 1 and of the authors' Vensim file (not the paper). Not
// part of our own disease model.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hortega::disease::velez {

/// Constants of the published model, per day and in cells.
struct Parameters {
  double activation = 1.0;               // delta
  double resting_loss = 0.01;            // beta
  double deactivation = 0.01;            // eta
  double effector_loss = 0.2;            // gE
  double regulatory_loss = 0.2;          // gR
  double effector_half_cells = 1000.0;   // ke
  double regulatory_half_cells = 200.0;  // kr
  double damage_gain = 1.0;              // d1
  double damage_fixation = 0.002;        // d2, Vensim file (Table 1: 0.02)
  double damage_repair = 0.1;            // r
  double damage_scale_cells = 22800.0;   // A
  double impulse_cells = 100.0;          // one influx event, effector or regulatory
  double impulses_per_year = 100.0;      // of each kind
};
inline constexpr Parameters published{};

/// Published values and ranges of the two growth rates (aE, aR, per day), in which people differ.
inline constexpr double k_effector_growth_low = 1.0;
inline constexpr double k_effector_growth_high = 2.0;
inline constexpr double k_regulatory_growth_low = 0.25;
inline constexpr double k_regulatory_growth_high = 2.0;

/// Variables: resting effector and regulatory cells, active effector and regulatory cells, reversible and
/// irreversible tissue damage.
inline constexpr std::size_t n_variables = 6;
using State = std::array<double, n_variables>;
inline constexpr State initial_state{7.5, 2.4, 1000.0, 200.0, 0.0, 0.0};

/// What one person brings: growth rates (drawn uniformly in the published ranges) and the days of influx
/// (Poisson processes), ascending, each list ended by infinity. A pure function of (seed, person, days).
struct Person {
  double effector_growth;
  double regulatory_growth;
  std::vector<double> effector_influx_day;
  std::vector<double> regulatory_influx_day;
};
Person draw_person(std::uint64_t seed, std::uint32_t person, int days);

/// Right-hand side between impulses. T: double or lanes; growth rates per day.
template <class T>
inline void derivative(const T* x, const T& effector_growth, const T& regulatory_growth, T* dxdt) {
  constexpr const Parameters& p = published;
  const T e = x[2] * T(1.0 / p.effector_half_cells);
  const T r = x[3] * T(1.0 / p.regulatory_half_cells);
  const T e2 = e * e;
  const T r2 = r * r;
  const T one_plus_e5 = T(1.0) + e2 * e2 * e;
  const T one_plus_r5 = T(1.0) + r2 * r2 * r;
  const T both = T(1.0) / (one_plus_e5 * one_plus_r5);
  const T free = one_plus_e5 * both;             // kr^5 / (kr^5 + R^5)
  const T driven = T(1.0) - one_plus_r5 * both;  // E^5 / (ke^5 + E^5)
  const T load = x[2] * T(1.0 / p.damage_scale_cells);
  dxdt[0] = T(p.deactivation) * x[2] - T(p.activation + p.resting_loss) * x[0];
  dxdt[1] = T(p.deactivation) * x[3] - T(p.activation + p.resting_loss) * x[1];
  dxdt[2] = T(p.activation) * x[0] +
            ((effector_growth + T(p.effector_loss)) * free - T(p.effector_loss + p.deactivation)) * x[2];
  dxdt[3] =
      T(p.activation) * x[1] + (regulatory_growth * driven - T(p.regulatory_loss + p.deactivation)) * x[3];
  dxdt[4] = T(p.damage_gain) * (load * load) - T(p.damage_fixation + p.damage_repair) * x[4];
  dxdt[5] = T(p.damage_fixation) * x[4];
}

/// Instruction set to run with; `best` is what the processor offers. Results do not depend on it.
enum class Lanes { best, one, sse2, avx2, avx512 };
bool available(Lanes lanes);

/// What a run gives, by person: active effector cells at the end of each day, and the state after the last.
struct Courses {
  std::vector<double> effector_cells;  // [person * days + day - 1]
  std::vector<State> final_state;
  std::uint64_t steps = 0;  // attempted, of all people
};

/// Error allowed per step relative to each count of active cells. The default meets an accuracy class of
/// ours (at most 0.05 % of person-days off by more than 1 %) with 2,048 people over 5 years: 0.041 %
/// and 0.037 % for seeds 1 and 2. In small groups the share varies, because few people are chaotic.
inline constexpr double k_default_tolerance = 1e-10;

/// Simulates people first_person .. first_person + n_people - 1 for `days` days, side by side in lanes, each
/// with steps of its own (DOP853) that end exactly at its influx events; blocks of people run in parallel.
Courses simulate(std::uint64_t seed, std::uint32_t first_person, std::size_t n_people, int days,
                 double tolerance = k_default_tolerance, Lanes lanes = Lanes::best);

}  // namespace hortega::disease::velez
