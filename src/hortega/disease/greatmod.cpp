// SPDX-License-Identifier: Apache-2.0
// Published model with its own constants: Pernice 2020, doi:10.1186/s12859-020-03823-9
//
// The two solvers over the reactions of the GreatMod net (greatmod_net.hpp). The
// stochastic solver's dependency graph is derived at compile time from the places each rate reads: firing a
// reaction is one straight run of code that changes the places and refreshes just the rates it touched.
#include "hortega/disease/greatmod.hpp"

#include "hortega/core/dormand_prince.hpp"
#include "hortega/core/parallel.hpp"
#include "hortega/core/random.hpp"
#include "hortega/disease/greatmod_net.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace hortega::disease::greatmod {

using namespace net;

namespace {

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
    const auto refresh_if = [&](auto constant) {
      constexpr std::size_t reader = decltype(constant)::value;
      if constexpr (depends(reader, id)) refresh<static_cast<ReactionId>(reader)>();
    };
    (refresh_if(std::integral_constant<std::size_t, R>{}), ...);
    const auto sum_if = [&](auto constant) {
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
