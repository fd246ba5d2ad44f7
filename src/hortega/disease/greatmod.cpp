// SPDX-License-Identifier: Apache-2.0
//
// The reactions of the GreatMod net, stated once, and the two solvers over them (see greatmod.hpp). The
// stochastic solver's dependency graph is derived at compile time from the places each rate reads: firing a
// reaction is one straight run of code that changes the places and refreshes just the rates it touched.
#include "hortega/disease/greatmod.hpp"

#include "hortega/core/dormand_prince.hpp"
#include "hortega/core/parallel.hpp"
#include "hortega/core/random.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace hortega::disease::greatmod {

namespace {

struct Change {
  Place place;
  int by;
};

// A reaction: what it changes, and the places its rate depends on.
struct Reaction {
  std::array<Change, 3> changes;
  std::size_t n_changes;
  std::uint32_t reads;
};

template <class... P>
constexpr std::uint32_t places(P... place) {
  return ((1U << static_cast<unsigned>(place)) | ...);
}

constexpr std::uint32_t k_cytokines_out = places(il10_out, il17_out, ifng_out);
constexpr std::uint32_t k_cytokines_in = places(il10_in, il17_in, ifng_in);

// Reaction numbers are positions in this list. Frequent reactions come first and reactions that depend on
// the same places sit together, because partial sums are kept for groups of eight.
enum ReactionId : std::uint8_t {
  // group 0
  nk_makes_il10,
  il10_out_consumed,
  nk_makes_ifng,
  ifng_out_consumed,
  nk_divides,
  nk_dies,
  nk_enters,
  nk_kills_teff,
  // group 1: effector cells outside
  teff_activation,
  memory_recall,
  antigen_killing,
  treg_kills_teff_out,
  teff_out_divides,
  memory_formation,
  teff_out_dies,
  teff_crosses,
  // group 2
  teff_out_makes_ifng,
  teff_out_makes_il17,
  treg_activation,
  il17_out_consumed,
  bbb_opens,
  bbb_closes,
  rest_teff_returns,
  rest_treg_returns,
  // group 3: regulatory cells outside, regulatory cells inside
  treg_out_divides,
  treg_out_dies,
  treg_crosses,
  treg_out_makes_il10,
  treg_in_divides,
  treg_in_dies,
  treg_in_makes_il10,
  treg_reactivation_in,
  // group 4: effector cells inside
  teff_in_divides,
  teff_in_dies,
  treg_kills_teff_in,
  teff_in_makes_ifng,
  teff_in_makes_il17,
  il10_in_consumed,
  il17_in_consumed,
  ifng_in_consumed,
  // group 5
  damage_odc5,
  damage_odc4,
  damage_odc3,
  damage_odc2,
  remyelination_odc2,
  remyelination_odc3,
  remyelination_odc4,
  reactivation_odc1,
  // group 6
  reactivation_odc2,
  reactivation_odc3,
  reactivation_odc4,
  reactivation_odc5,
  n_reactions
};

constexpr std::size_t k_group = 8;
constexpr std::size_t k_groups = (n_reactions + k_group - 1) / k_group;

constexpr Reaction reaction(ReactionId id) {
  const auto one = [](Place a, int by, std::uint32_t reads) {
    return Reaction{{{{a, by}, {a, 0}, {a, 0}}}, 1, reads};
  };
  const auto two = [](Place a, int by_a, Place b, int by_b, std::uint32_t reads) {
    return Reaction{{{{a, by_a}, {b, by_b}, {a, 0}}}, 2, reads};
  };
  const auto three = [](Place a, int by_a, Place b, int by_b, Place c, int by_c, std::uint32_t reads) {
    return Reaction{{{{a, by_a}, {b, by_b}, {c, by_c}}}, 3, reads};
  };
  switch (id) {
    case nk_makes_il10:
      return one(il10_out, 1, places(nk));
    case il10_out_consumed:
      return one(il10_out, -1, places(il10_out));
    case nk_makes_ifng:
      return one(ifng_out, 1, places(nk));
    case ifng_out_consumed:
      return one(ifng_out, -1, places(ifng_out));
    case nk_divides:
      return one(nk, 1, places(nk));
    case nk_dies:
      return one(nk, -1, places(nk));
    case nk_enters:
      return one(nk, 1, places(nk));
    case nk_kills_teff:
      return two(nk, -1, teff_out, -1, places(nk, teff_out));
    case teff_activation:
      return three(rest_teff, -1, teff_out, 1, rest_teff_temp, 1, places(rest_teff, antigen, ifng_out));
    case memory_recall:
      return two(memory, -1, teff_out, 1, places(memory, antigen, ifng_out));
    case antigen_killing:
      return two(antigen, -1, teff_out, -1, places(antigen, teff_out) | k_cytokines_out);
    case treg_kills_teff_out:
      return one(teff_out, -1, places(treg_out, teff_out, il10_out));
    case teff_out_divides:
      return one(teff_out, 1, places(teff_out));
    case memory_formation:
      return two(teff_out, -1, memory, 1, places(teff_out));
    case teff_out_dies:
      return one(teff_out, -1, places(teff_out));
    case teff_crosses:
      return two(teff_out, -1, rest_teff_in, 1, places(teff_out, bbb));
    case teff_out_makes_ifng:
      return one(ifng_out, 1, places(teff_out));
    case teff_out_makes_il17:
      return one(il17_out, 1, places(teff_out));
    case treg_activation:
      return three(rest_treg, -1, treg_out, 1, rest_treg_temp, 1, places(rest_treg, teff_out));
    case il17_out_consumed:
      return one(il17_out, -1, places(il17_out));
    case bbb_opens:
      return two(il17_out, -1, bbb, 1, places(il17_out));
    case bbb_closes:
      return two(il10_out, -1, bbb, -1, places(il10_out, bbb));
    case rest_teff_returns:
      return two(rest_teff_temp, -1, rest_teff, 1, places(rest_teff_temp));
    case rest_treg_returns:
      return two(rest_treg_temp, -1, rest_treg, 1, places(rest_treg_temp));
    case treg_out_divides:
      return one(treg_out, 1, places(treg_out));
    case treg_out_dies:
      return one(treg_out, -1, places(treg_out));
    case treg_crosses:
      return two(treg_out, -1, rest_treg_in, 1, places(treg_out, bbb));
    case treg_out_makes_il10:
      return one(il10_out, 1, places(treg_out));
    case treg_in_divides:
      return one(treg_in, 1, places(treg_in));
    case treg_in_dies:
      return one(treg_in, -1, places(treg_in));
    case treg_in_makes_il10:
      return one(il10_in, 1, places(treg_in));
    case treg_reactivation_in:
      return two(rest_treg_in, -1, treg_in, 1, places(rest_treg_in, teff_in));
    case teff_in_divides:
      return one(teff_in, 1, places(teff_in));
    case teff_in_dies:
      return one(teff_in, -1, places(teff_in));
    case treg_kills_teff_in:
      return one(teff_in, -1, places(treg_in, teff_in, il10_in));
    case teff_in_makes_ifng:
      return one(ifng_in, 1, places(teff_in));
    case teff_in_makes_il17:
      return one(il17_in, 1, places(teff_in));
    case il10_in_consumed:
      return one(il10_in, -1, places(il10_in));
    case il17_in_consumed:
      return one(il17_in, -1, places(il17_in));
    case ifng_in_consumed:
      return one(ifng_in, -1, places(ifng_in));
    case damage_odc5:
      return two(odc5, -1, odc4, 1, places(odc5, teff_in) | k_cytokines_in);
    case damage_odc4:
      return two(odc4, -1, odc3, 1, places(odc4, teff_in) | k_cytokines_in);
    case damage_odc3:
      return two(odc3, -1, odc2, 1, places(odc3, teff_in) | k_cytokines_in);
    case damage_odc2:
      return two(odc2, -1, odc1, 1, places(odc2, teff_in) | k_cytokines_in);
    case remyelination_odc2:
      return two(odc2, -1, odc3, 1, places(odc2));
    case remyelination_odc3:
      return two(odc3, -1, odc4, 1, places(odc3));
    case remyelination_odc4:
      return two(odc4, -1, odc5, 1, places(odc4));
    case reactivation_odc1:
      return two(rest_teff_in, -1, teff_in, 1, places(rest_teff_in, odc1, ifng_in));
    case reactivation_odc2:
      return two(rest_teff_in, -1, teff_in, 1, places(rest_teff_in, odc2, ifng_in));
    case reactivation_odc3:
      return two(rest_teff_in, -1, teff_in, 1, places(rest_teff_in, odc3, ifng_in));
    case reactivation_odc4:
      return two(rest_teff_in, -1, teff_in, 1, places(rest_teff_in, odc4, ifng_in));
    case reactivation_odc5:
      return two(rest_teff_in, -1, teff_in, 1, places(rest_teff_in, odc5, ifng_in));
    case n_reactions:
      break;
  }
  return Reaction{};
}

// q of MODELS 2.1: how far pro-inflammatory cytokines outweigh IL-10 in a compartment.
inline double balance(double il10, double il17, double ifng, bool counts) {
  if (!counts) return 0.0;
  return 0.5 * (il17 + ifng - il10) / (il17 + ifng + il10);
}
inline bool balance_counts_out(const State& x) { return x[il17_out] + x[ifng_out] + x[il10_out] > 1.0; }
inline bool balance_counts_in(const State& x) { return x[il17_in] + x[ifng_in] + x[il10_in] >= 1.0; }

// Rate of one reaction per hour. `s` gives the signals (0/1 switches and saturating factors), which the two
// solvers evaluate differently. Inlined so that a constant `id` leaves one expression.
template <class Signals>
[[gnu::always_inline]] inline double rate(ReactionId id, const State& x, const Signals& s,
                                          const Parameters& p) {
  constexpr double third = 1.0 / 3.0;
  switch (id) {
    case nk_makes_il10:
      return p.nk_to_il10 * x[nk];
    case il10_out_consumed:
      return p.il10_consumption * x[il10_out];
    case nk_makes_ifng:
      return p.nk_to_ifng * x[nk];
    case ifng_out_consumed:
      return p.ifng_consumption * x[ifng_out];
    case nk_divides:
      return p.nk_division * x[nk];
    case nk_dies:
      return p.cell_death * x[nk];
    case nk_enters:
      return p.nk_entry * s.nk_deficit(x);
    case nk_kills_teff:
      return p.nk_kills_t * x[nk] * x[teff_out];
    case teff_activation:
      return s.antigen_present(x) * p.te_e * x[rest_teff] * s.ifng_factor_out(x);
    case memory_recall:
      return s.recall() * x[memory] * x[antigen] * s.ifng_factor_out(x);
    case antigen_killing:
      return p.tek_a * x[antigen] * x[teff_out] * (1.0 + s.balance_out(x));
    case treg_kills_teff_out:
      return p.trk_te * x[treg_out] * x[teff_out] * s.il10_factor_out(x);
    case teff_out_divides:
      return 2.0 * third * p.te2 * x[teff_out];
    case memory_formation:
      return third * p.te2 * x[teff_out];
    case teff_out_dies:
      return p.cell_death * x[teff_out];
    case teff_crosses:
      return p.pass_bbb_teff * x[teff_out] * x[bbb];
    case teff_out_makes_ifng:
      return p.teff_to_ifng * x[teff_out];
    case teff_out_makes_il17:
      return p.teff_to_il17 * x[teff_out];
    case treg_activation:
      return p.tr_e * x[rest_treg] * x[teff_out];
    case il17_out_consumed:
      return p.il17_consumption * x[il17_out];
    case bbb_opens:
      return p.il17_opens_bbb * x[il17_out];
    case bbb_closes:
      return p.il10_closes_bbb * x[il10_out] * x[bbb];
    case rest_teff_returns:
      return p.thymic_return_teff * x[rest_teff_temp];
    case rest_treg_returns:
      return p.thymic_return_treg * x[rest_treg_temp];
    case treg_out_divides:
      return p.tr2 * x[treg_out];
    case treg_out_dies:
      return p.cell_death * x[treg_out];
    case treg_crosses:
      return p.pass_bbb_treg * x[treg_out] * x[bbb];
    case treg_out_makes_il10:
      return p.treg_to_il10 * x[treg_out];
    case treg_in_divides:
      return p.tr2 * x[treg_in];
    case treg_in_dies:
      return p.cell_death * x[treg_in];
    case treg_in_makes_il10:
      return p.treg_to_il10 * x[treg_in];
    case treg_reactivation_in:
      return p.tr_e * x[rest_treg_in] * x[teff_in];
    case teff_in_divides:
      return 2.0 * third * p.te2 * x[teff_in];
    case teff_in_dies:
      return p.cell_death * x[teff_in];
    case treg_kills_teff_in:
      return p.trk_te * x[treg_in] * x[teff_in] * s.il10_factor_in(x);
    case teff_in_makes_ifng:
      return p.teff_to_ifng * x[teff_in];
    case teff_in_makes_il17:
      return p.teff_to_il17 * x[teff_in];
    case il10_in_consumed:
      return p.il10_consumption * x[il10_in];
    case il17_in_consumed:
      return p.il17_consumption * x[il17_in];
    case ifng_in_consumed:
      return p.ifng_consumption * x[ifng_in];
    case damage_odc5:
      return p.tek_odc * x[odc5] * x[teff_in] * (1.0 + s.balance_in(x));
    case damage_odc4:
      return p.tek_odc * x[odc4] * x[teff_in] * (1.0 + s.balance_in(x));
    case damage_odc3:
      return p.tek_odc * x[odc3] * x[teff_in] * (1.0 + s.balance_in(x));
    case damage_odc2:
      return p.tek_odc * x[odc2] * x[teff_in] * (1.0 + s.balance_in(x));
    case remyelination_odc2:
      return p.remyelination * x[odc2];
    case remyelination_odc3:
      return p.remyelination * x[odc3];
    case remyelination_odc4:
      return p.remyelination * x[odc4];
    case reactivation_odc1:
      return s.odc_present(x, odc1) * p.te_e * x[rest_teff_in] * s.ifng_factor_in(x);
    case reactivation_odc2:
      return s.odc_present(x, odc2) * p.te_e * x[rest_teff_in] * s.ifng_factor_in(x);
    case reactivation_odc3:
      return s.odc_present(x, odc3) * p.te_e * x[rest_teff_in] * s.ifng_factor_in(x);
    case reactivation_odc4:
      return s.odc_present(x, odc4) * p.te_e * x[rest_teff_in] * s.ifng_factor_in(x);
    case reactivation_odc5:
      return s.odc_present(x, odc5) * p.te_e * x[rest_teff_in] * s.ifng_factor_in(x);
    case n_reactions:
      break;
  }
  return 0.0;
}

// ---------------------------------------------------------------------------------------------------------
// Ordinary differential equations

// Which 0/1 switches are on. Frozen within a step, so that the right-hand side is smooth there.
struct Switches {
  bool antigen_on = false;
  bool nk_below_target = false;
  bool balance_out_on = false;
  bool balance_in_on = false;
  std::array<bool, 5> odc_on{};

  static Switches at(const State& x, const Parameters& p) {
    Switches s;
    s.antigen_on = x[antigen] >= 1.0;
    s.nk_below_target = x[nk] < p.nk_target_tokens;
    s.balance_out_on = balance_counts_out(x);
    s.balance_in_on = balance_counts_in(x);
    for (std::size_t k = 0; k < 5; ++k) s.odc_on[k] = x[odc1 + k] >= 1.0;
    return s;
  }
  bool operator==(const Switches&) const = default;
};

struct SmoothSignals {
  const Switches& on;
  double recall_rate;
  double target_nk;
  double ifng_out_factor;
  double ifng_in_factor;
  double il10_out_factor;
  double il10_in_factor;

  double nk_deficit(const State& x) const { return on.nk_below_target ? target_nk - x[nk] : 0.0; }
  double antigen_present(const State&) const { return on.antigen_on ? 1.0 : 0.0; }
  double odc_present(const State&, Place level) const {
    return on.odc_on[static_cast<std::size_t>(level - odc1)] ? 1.0 : 0.0;
  }
  double recall() const { return recall_rate; }
  double ifng_factor_out(const State&) const { return ifng_out_factor; }
  double ifng_factor_in(const State&) const { return ifng_in_factor; }
  double il10_factor_out(const State&) const { return il10_out_factor; }
  double il10_factor_in(const State&) const { return il10_in_factor; }
  double balance_out(const State& x) const {
    return balance(x[il10_out], x[il17_out], x[ifng_out], on.balance_out_on);
  }
  double balance_in(const State& x) const {
    return balance(x[il10_in], x[il17_in], x[ifng_in], on.balance_in_on);
  }
};

double ifng_factor(double ifng, const Parameters& p) { return 0.5 + math::exp(-ifng / p.c_ifn_tokens); }
double il10_factor(double il10, const Parameters& p) { return 1.0 - math::exp(-il10 / p.c_il10_tokens); }

// The recall of memory works only after the switch time.
double recall_rate_after(double t_h, const Parameters& p) {
  return t_h >= p.memory_switch_h ? 2.0 * p.te_e : 0.0;
}

template <std::size_t... R>
void add_rates(const State& x, const SmoothSignals& s, const Parameters& p, State& dxdt,
               std::index_sequence<R...>) {
  const auto add = [&](auto constant) {
    constexpr auto id = static_cast<ReactionId>(decltype(constant)::value);
    constexpr Reaction r = reaction(id);
    const double v = rate(id, x, s, p);
    for (std::size_t c = 0; c < r.n_changes; ++c)
      dxdt[r.changes[c].place] += static_cast<double>(r.changes[c].by) * v;
  };
  (add(std::integral_constant<std::size_t, R>{}), ...);
}

// Hours at which a solver must stop: antigen events and the memory switch. `is_antigen` false for the latter.
struct Stop {
  double t_h;
  bool is_antigen;
};
std::vector<Stop> stops_of(const Scenario& scenario) {
  std::vector<Stop> stops;
  for (const double t : scenario.antigen_h) stops.push_back({t, true});
  stops.push_back({scenario.parameters.memory_switch_h, false});
  std::stable_sort(stops.begin(), stops.end(), [](const Stop& a, const Stop& b) { return a.t_h < b.t_h; });
  return stops;
}

constexpr double k_switch_accuracy_h = 1e-9;

}  // namespace

State initial_state() {
  State x{};
  x[odc5] = 500.0;
  x[nk] = 30.0;
  x[rest_teff] = 1687.0;
  x[rest_treg] = 63.0;
  x[il10_in] = x[il17_in] = x[ifng_in] = 1.0;
  x[il10_out] = 13.0;
  x[il17_out] = 8.0;
  x[ifng_out] = 42.0;
  return x;
}

std::vector<State> solve_ode(const Scenario& scenario) {
  const Parameters& p = scenario.parameters;
  State x = initial_state();
  Switches on = Switches::at(x, p);
  double recall_rate = recall_rate_after(0.0, p);
  const auto derivative = [&](double, const State& y, State& dydt) {
    dydt.fill(0.0);
    const SmoothSignals s{on,
                          recall_rate,
                          p.nk_target_tokens,
                          ifng_factor(y[ifng_out], p),
                          ifng_factor(y[ifng_in], p),
                          il10_factor(y[il10_out], p),
                          il10_factor(y[il10_in], p)};
    add_rates(y, s, p, dydt, std::make_index_sequence<n_reactions>{});
  };
  core::DormandPrince<n_places, decltype(derivative)> solver(derivative,
                                                             {.relative = 1e-10, .absolute = 1e-12}, 1e-3);

  double t = 0.0;
  const auto advance_to = [&](double t_end) {
    State trial;
    double within = std::numeric_limits<double>::infinity();  // upper bound while a switch is localised
    while (t < t_end) {
      double h = std::min(solver.step(), within);
      const bool last = t + h >= t_end;
      if (last) h = t_end - t;
      const double error = solver.attempt(t, x, h, trial);
      if (error > 1.0) {
        solver.set_step(solver.next_step(h, error));
        continue;
      }
      const Switches after = Switches::at(trial, p);
      const bool switched = !(after == on);
      if (switched && h > k_switch_accuracy_h) {
        within = 0.5 * h;
        continue;
      }
      x = trial;
      solver.accept();
      t = last ? t_end : t + h;
      if (switched) {
        on = after;
        solver.restart();
        within = std::numeric_limits<double>::infinity();
      } else if (h < within && !last) {
        solver.set_step(solver.next_step(h, error));
      }
    }
  };

  std::vector<State> samples;
  samples.reserve(scenario.sample_h.size());
  const std::vector<Stop> stops = stops_of(scenario);
  std::size_t next_stop = 0;
  for (const double t_sample : scenario.sample_h) {
    for (; next_stop < stops.size() && stops[next_stop].t_h < t_sample; ++next_stop) {
      advance_to(stops[next_stop].t_h);
      if (stops[next_stop].is_antigen) x[antigen] += p.antigen_per_event_tokens;
      recall_rate = recall_rate_after(t, p);
      on = Switches::at(x, p);
      solver.restart();
    }
    advance_to(t_sample);
    samples.push_back(x);
  }
  return samples;
}

// ---------------------------------------------------------------------------------------------------------
// Exact stochastic simulation

namespace {

// Saturating factors of whole token counts, computed once per parameter set.
class FactorTables {
 public:
  explicit FactorTables(const Parameters& p) {
    for (std::size_t n = 0; n < k_size; ++n) {
      ifng_[n] = ifng_factor(static_cast<double>(n), p);
      il10_[n] = il10_factor(static_cast<double>(n), p);
    }
  }
  // Beyond the table both factors equal their limits to the last bit (exp(-2047/20) < 1e-44).
  double ifng(double count) const { return ifng_[index(count)]; }
  double il10(double count) const { return il10_[index(count)]; }

 private:
  static constexpr std::size_t k_size = 2048;
  static std::size_t index(double count) {
    return static_cast<std::size_t>(static_cast<std::int64_t>(core::min(count, k_size - 1.0)));
  }
  std::array<double, k_size> ifng_{};
  std::array<double, k_size> il10_{};
};

struct CountSignals {
  const FactorTables& tables;
  double target_nk;
  double recall_rate;

  double nk_deficit(const State& x) const { return core::max(target_nk - x[nk], 0.0); }
  double antigen_present(const State& x) const { return x[antigen] >= 1.0 ? 1.0 : 0.0; }
  double odc_present(const State& x, Place level) const { return x[level] >= 1.0 ? 1.0 : 0.0; }
  double recall() const { return recall_rate; }
  double ifng_factor_out(const State& x) const { return tables.ifng(x[ifng_out]); }
  double ifng_factor_in(const State& x) const { return tables.ifng(x[ifng_in]); }
  double il10_factor_out(const State& x) const { return tables.il10(x[il10_out]); }
  double il10_factor_in(const State& x) const { return tables.il10(x[il10_in]); }
  double balance_out(const State& x) const {
    return balance(x[il10_out], x[il17_out], x[ifng_out], balance_counts_out(x));
  }
  double balance_in(const State& x) const {
    return balance(x[il10_in], x[il17_in], x[ifng_in], balance_counts_in(x));
  }
};

constexpr std::size_t k_draw_lanes = 16;
struct DrawBlock {};

}  // namespace
}  // namespace hortega::disease::greatmod

template <>
inline constexpr std::size_t hortega::core::lane_width<hortega::disease::greatmod::DrawBlock> =
    hortega::disease::greatmod::k_draw_lanes;

namespace hortega::disease::greatmod {
namespace {

// Uniforms and standard exponentials of one run, made in blocks: the compiler vectorises Philox and the
// logarithm over a block. Lane l of block b is Philox at (run, purpose verification, day l, index b).
class EventDraws {
 public:
  EventDraws(std::uint64_t seed, std::uint32_t run) : seed_(seed) {
    for (std::size_t l = 0; l < k_lanes; ++l) {
      person_[l] = run;
      purpose_day_[l] = core::purpose_and_day(core::Purpose::verification, static_cast<std::uint32_t>(l));
    }
  }
  void next() {
    if (++at_ < k_lanes) return;
    at_ = 0;
    double words[4][k_lanes];
    core::draw_lanes<DrawBlock>(seed_, person_, copy_, purpose_day_, block_++, words);
    for (std::size_t l = 0; l < k_lanes; ++l) {
      // Two words make a uniform in (0, 1) with 52 bits, so that rare reactions are not rounded away.
      uniform_[l] = words[0][l] + (words[1][l] - 0.5) * 0x1p-32;
      exponential_[l] = words[2][l] + (words[3][l] - 0.5) * 0x1p-32;
    }
    using Lane = core::Lanes<xsimd::sse2>;
    for (std::size_t l = 0; l < k_lanes; l += core::lane_width<Lane>) {
      const Lane u = core::load<Lane>(exponential_ + l);
      core::store(exponential_ + l, Lane(0.0) - math::log(u));
    }
  }
  double uniform() const { return uniform_[at_]; }
  double exponential() const { return exponential_[at_]; }

 private:
  static constexpr std::size_t k_lanes = k_draw_lanes;
  std::uint64_t seed_;
  std::uint32_t block_ = 0;
  std::size_t at_ = k_lanes - 1;
  std::uint32_t person_[k_lanes]{};
  std::uint32_t copy_[k_lanes]{};
  std::uint32_t purpose_day_[k_lanes]{};
  double uniform_[k_lanes]{};
  double exponential_[k_lanes]{};
};

// One run of the direct method: places, rates, and sums of rates by groups of eight, kept exact by summing
// anew whatever changed (no drift).
class Realisation {
 public:
  Realisation(const Parameters& p, const FactorTables& tables)
      : parameters_(p),
        signals_{tables, p.nk_target_tokens, recall_rate_after(0.0, p)},
        state_(initial_state()) {
    refresh_all();
  }

  const State& state() const { return state_; }
  double total() const {
    static_assert(k_groups == 7);
    return ((sums_[0] + sums_[1]) + (sums_[2] + sums_[3])) + ((sums_[4] + sums_[5]) + sums_[6]);
  }
  void add_antigen(double tokens) { state_[antigen] += tokens; }
  void set_time(double t_h) { signals_.recall_rate = recall_rate_after(t_h, parameters_); }
  void refresh_all() { refresh_all(std::make_index_sequence<n_reactions>{}); }

  // Fires the reaction whose slice of the total holds `target` in [0, total].
  void fire_at(double target) {
    std::size_t group = 0;
    while (group + 1 < k_groups && target >= sums_[group]) target -= sums_[group++];
    std::size_t r = group * k_group;
    const std::size_t last = std::min<std::size_t>(r + k_group, n_reactions) - 1;
    while (r < last && target >= rates_[r]) target -= rates_[r++];
    if (rates_[r] <= 0.0) {  // rounding at the edge of a slice
      r = 0;
      while (rates_[r] <= 0.0) ++r;
    }
    fire(r, std::make_index_sequence<n_reactions>{});
  }

  // Rates that differ from those computed anew.
  std::uint64_t stale() {
    const auto kept = rates_;
    refresh_all();
    std::uint64_t n = 0;
    for (std::size_t r = 0; r < n_reactions; ++r) n += kept[r] != rates_[r] ? 1U : 0U;
    return n;
  }

 private:
  template <ReactionId id>
  [[gnu::always_inline]] void refresh() {
    rates_[id] = rate(id, state_, signals_, parameters_);
  }
  template <std::size_t group>
  [[gnu::always_inline]] void sum_group() {
    const double* a = rates_.data() + group * k_group;
    sums_[group] = ((a[0] + a[1]) + (a[2] + a[3])) + ((a[4] + a[5]) + (a[6] + a[7]));
  }
  template <std::size_t... R>
  void refresh_all(std::index_sequence<R...>) {
    (refresh<static_cast<ReactionId>(R)>(), ...);
    sum_all(std::make_index_sequence<k_groups>{});
  }
  template <std::size_t... G>
  void sum_all(std::index_sequence<G...>) {
    (sum_group<G>(), ...);
  }

  static constexpr std::uint32_t places_changed(ReactionId id) {
    const Reaction r = reaction(id);
    std::uint32_t mask = 0;
    for (std::size_t c = 0; c < r.n_changes; ++c) mask |= 1U << r.changes[c].place;
    return mask;
  }
  static constexpr bool depends(std::size_t reader, ReactionId fired) {
    return (reaction(static_cast<ReactionId>(reader)).reads & places_changed(fired)) != 0;
  }
  static constexpr bool group_depends(std::size_t group, ReactionId fired) {
    for (std::size_t r = group * k_group; r < (group + 1) * k_group && r < n_reactions; ++r)
      if (depends(r, fired)) return true;
    return false;
  }

  template <ReactionId id, std::size_t... R, std::size_t... G>
  void apply(std::index_sequence<R...>, std::index_sequence<G...>) {
    constexpr Reaction r = reaction(id);
    for (std::size_t c = 0; c < r.n_changes; ++c)
      state_[r.changes[c].place] += static_cast<double>(r.changes[c].by);
    const auto refresh_if = [this](auto constant) {
      constexpr std::size_t reader = decltype(constant)::value;
      if constexpr (depends(reader, id)) refresh<static_cast<ReactionId>(reader)>();
    };
    (refresh_if(std::integral_constant<std::size_t, R>{}), ...);
    const auto sum_if = [this](auto constant) {
      constexpr std::size_t group = decltype(constant)::value;
      if constexpr (group_depends(group, id)) sum_group<group>();
    };
    (sum_if(std::integral_constant<std::size_t, G>{}), ...);
  }
  template <ReactionId id>
  static void apply_one(Realisation& self) {
    self.template apply<id>(std::make_index_sequence<n_reactions>{}, std::make_index_sequence<k_groups>{});
  }
  template <std::size_t... R>
  void fire(std::size_t r, std::index_sequence<R...>) {
    using Apply = void (*)(Realisation&);
    static constexpr Apply table[] = {&apply_one<static_cast<ReactionId>(R)>...};
    table[r](*this);
  }

  const Parameters& parameters_;
  CountSignals signals_;
  State state_;
  alignas(64) std::array<double, k_groups * k_group> rates_{};
  std::array<double, k_groups> sums_{};
};

std::uint64_t run_ssa(const Scenario& scenario, const std::vector<Stop>& stops, const FactorTables& tables,
                      std::uint64_t seed, std::uint32_t run, State* samples) {
  const Parameters& p = scenario.parameters;
  Realisation realisation(p, tables);
  EventDraws draws(seed, run);
  double t = 0.0;
  std::uint64_t fired = 0;
  const auto advance_to = [&](double t_end) {
    for (;;) {
      draws.next();
      const double total = realisation.total();
      const double t_next = t + draws.exponential() / total;
      if (!(t_next < t_end)) break;  // also when nothing can happen (total 0); waiting times have no memory
      t = t_next;
      realisation.fire_at(draws.uniform() * total);
      ++fired;
    }
    t = t_end;
  };
  std::size_t next_stop = 0;
  for (std::size_t i = 0; i < scenario.sample_h.size(); ++i) {
    const double t_sample = scenario.sample_h[i];
    for (; next_stop < stops.size() && stops[next_stop].t_h < t_sample; ++next_stop) {
      advance_to(stops[next_stop].t_h);
      if (stops[next_stop].is_antigen) realisation.add_antigen(p.antigen_per_event_tokens);
      realisation.set_time(t);
      realisation.refresh_all();
    }
    advance_to(t_sample);
    samples[i] = realisation.state();
  }
  return fired;
}

}  // namespace

std::uint64_t simulate_ssa(const Scenario& scenario, std::uint64_t seed, std::uint32_t run, State* samples) {
  const FactorTables tables(scenario.parameters);
  return run_ssa(scenario, stops_of(scenario), tables, seed, run, samples);
}

std::vector<State> simulate_ssa_ensemble(const Scenario& scenario, std::uint64_t seed, std::uint32_t n_runs) {
  const FactorTables tables(scenario.parameters);
  const std::vector<Stop> stops = stops_of(scenario);
  const std::size_t n_samples = scenario.sample_h.size();
  std::vector<State> samples(n_runs * n_samples);
  core::parallel_for(n_runs, [&](std::size_t run) {
    run_ssa(scenario, stops, tables, seed, static_cast<std::uint32_t>(run), samples.data() + run * n_samples);
  });
  return samples;
}

std::uint64_t stale_propensities(const Parameters& parameters, std::uint64_t seed, std::uint32_t n_events,
                                 double t_h) {
  const FactorTables tables(parameters);
  Realisation realisation(parameters, tables);
  realisation.set_time(t_h);
  realisation.add_antigen(parameters.antigen_per_event_tokens);
  realisation.refresh_all();
  EventDraws draws(seed, 0);
  std::uint64_t stale = 0;
  for (std::uint32_t i = 0; i < n_events; ++i) {
    draws.next();
    realisation.fire_at(draws.uniform() * realisation.total());
    stale += realisation.stale();
  }
  return stale;
}

}  // namespace hortega::disease::greatmod
