// SPDX-License-Identifier: Apache-2.0
// Published model with its own constants: Pernice 2020, doi:10.1186/s12859-020-03823-9
//
// The GreatMod relapsing-remitting MS net of Pernice et al., BMC Bioinformatics 2020;21:550
// (doi:10.1186/s12859-020-03823-9), re-implemented as a verification case: the same list of reactions is
// solved as ordinary differential equations and by exact stochastic simulation. Not part of our own disease
// model. Reactions and numbers: those of qBioTurin/Multiple-Sclerosis on GitHub (Net, transition.cpp, input).
// Its drug place (daclizumab) with three transitions is left out: the verification cases have no drug.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hortega::disease::greatmod {

/// Places of the net. "out" is lymph node and blood, "in" the central nervous system; odc1 (irreversibly
/// damaged) to odc5 (healthy) are levels of oligodendrocytes.
enum Place : std::uint8_t {
  rest_teff,
  rest_treg,
  rest_teff_temp,
  rest_treg_temp,
  teff_out,
  treg_out,
  memory,
  antigen,
  nk,
  il10_out,
  il17_out,
  ifng_out,
  bbb,
  rest_teff_in,
  rest_treg_in,
  teff_in,
  treg_in,
  il10_in,
  il17_in,
  ifng_in,
  odc1,
  odc2,
  odc3,
  odc4,
  odc5,
  n_places
};

/// Amounts by place. Doubles in both solvers; whole numbers in the stochastic one.
using State = std::array<double, n_places>;

/// Constants of the published net, per hour unless the name says otherwise (input/paramMS.csv,
/// paramHealthy.csv and plistCalib.csv of the authors' repository).
struct Parameters {
  double te_e;  // activation of effector cells
  double tr_e;  // activation of regulatory cells
  double tr2 = 0.006;
  double te2 = 0.04;
  double tek_odc = 6e-4;
  double trk_te = 0.02;
  double tek_a = 6e-4;
  double pass_bbb_treg = 0.45;
  double pass_bbb_teff = 0.005;
  double c_il10_tokens = 10.0;
  double c_ifn_tokens = 20.0;
  double nk_kills_t = 0.01;
  double nk_to_ifng = 0.03;
  double nk_to_il10 = 0.045;
  double il17_opens_bbb = 0.0115;
  double il10_closes_bbb = 0.0765;
  double remyelination = 0.01;
  double il10_consumption = 0.09;
  double il17_consumption = 0.03;
  double ifng_consumption = 0.05;
  double treg_to_il10 = 0.0555556;
  double teff_to_ifng = 0.0466049;
  double teff_to_il17 = 0.00895062;
  double nk_entry = 0.267;
  double nk_target_tokens = 30.0;
  double nk_division = 0.0416;
  double cell_death = 0.0416667;
  double thymic_return_teff = 0.2963841;
  double thymic_return_treg = 0.3174603;
  double memory_switch_h = 1608.0;
  double antigen_per_event_tokens = 100.0;
};
inline constexpr Parameters multiple_sclerosis{.te_e = 0.018, .tr_e = 7e-5};
inline constexpr Parameters healthy{.te_e = 0.015, .tr_e = 4e-4};

/// The published initial marking.
State initial_state();

/// Hours of the antigen events of the published two-year case (days 2, 67, 127, 295, 300, 303, 307, 600); the
/// 30-day case has the first alone.
inline constexpr std::array<double, 8> two_year_antigen_h{48.0,   1608.0, 3048.0, 7080.0,
                                                          7200.0, 7272.0, 7368.0, 14400.0};

/// What to run. Both lists ascend; a sample at the hour of an event is taken before it.
struct Scenario {
  Parameters parameters = multiple_sclerosis;
  std::vector<double> antigen_h;
  std::vector<double> sample_h;
};

/// The net as ordinary differential equations: the state at each sample hour. Adaptive (Dormand-Prince, error
/// per step 1e-10), with every 0/1 switch of the net localised to 1e-9 h.
std::vector<State> solve_ode(const Scenario& scenario);

/// One exact realisation by the direct method (Gillespie 1977): writes the state at each sample hour to
/// `samples` and returns the number of reactions fired. A run is a pure function of (seed, run).
std::uint64_t simulate_ssa(const Scenario& scenario, std::uint64_t seed, std::uint32_t run, State* samples);

/// Runs 0..n_runs-1 in parallel; result[run * number of samples + sample].
std::vector<State> simulate_ssa_ensemble(const Scenario& scenario, std::uint64_t seed, std::uint32_t n_runs);

/// Fires n_events reactions from the initial state and an antigen event, and returns how many propensities
/// differed from a full recomputation after any of them: 0 unless the dependency graph is wrong.
std::uint64_t stale_propensities(const Parameters& parameters, std::uint64_t seed, std::uint32_t n_events,
                                 double t_h);

}  // namespace hortega::disease::greatmod
