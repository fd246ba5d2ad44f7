// SPDX-License-Identifier: Apache-2.0
#include "hortega/disease/state.hpp"

#include <algorithm>
#include <cstddef>

namespace hortega::disease {

static_assert(sizeof(State<double>) == k_state_size * sizeof(double));

namespace {

// The structs are plain rows of doubles. Copied number by number: a copy through a buffer stalls on its own
// stores.
template <class Struct>
void copy_out(Struct& to, const double (*from)[k_block], std::size_t lane) {
  double* values = reinterpret_cast<double*>(&to);
  for (std::size_t i = 0; i < sizeof(Struct) / sizeof(double); ++i) values[i] = from[i][lane];
}

template <class Struct>
void copy_in(double (*to)[k_block], const Struct& from, std::size_t lane) {
  const double* values = reinterpret_cast<const double*>(&from);
  for (std::size_t i = 0; i < sizeof(Struct) / sizeof(double); ++i) to[i][lane] = values[i];
}

}  // namespace

const std::array<std::string_view, k_state_size>& state_names() {
#define HORTEGA_NAME(name) #name,
#define HORTEGA_NAME7(name)                                                                       \
#name "_visual", #name "_brainstem", #name "_pyramidal", #name "_cerebellar", #name "_sensory", \
      #name "_bowel_bladder", #name "_cerebral",
  static const std::array<std::string_view, k_state_size> names = {
      HORTEGA_STATE(HORTEGA_NAME, HORTEGA_NAME7)};
#undef HORTEGA_NAME
#undef HORTEGA_NAME7
  return names;
}

const std::array<std::string_view, k_lever_size>& lever_names() {
#define HORTEGA_NAME(name, def) #name,
  static const std::array<std::string_view, k_lever_size> names = {HORTEGA_LEVERS(HORTEGA_NAME, 0)};
#undef HORTEGA_NAME
  return names;
}

State<double> state_of(const Block& block, std::size_t lane) {
  State<double> s;
  copy_out(s, block.state, lane);
  return s;
}

Person take(const Block& block, std::size_t lane) {
  Person p;
  copy_out(p.state, block.state, lane);
  copy_out(p.traits, block.traits, lane);
  copy_out(p.levers, block.levers, lane);
  p.person = block.person[lane];
  p.copy = block.copy[lane];
  p.life_day = block.life_day[lane];
  for (std::uint32_t ahead = 0; ahead < k_enhancement_days; ++ahead) {
    p.enhancement_ends[(p.life_day + ahead) % k_enhancement_days] =
        block.enhancement_ends[(block.clock + ahead) % k_enhancement_days][lane];
  }
  return p;
}

void put(Block& block, std::size_t lane, const Person& p) {
  copy_in(block.state, p.state, lane);
  copy_in(block.traits, p.traits, lane);
  copy_in(block.levers, p.levers, lane);
  block.person[lane] = p.person;
  block.copy[lane] = p.copy;
  block.life_day[lane] = p.life_day;
  block.alive[lane] = 1;
  for (std::uint32_t ahead = 0; ahead < k_enhancement_days; ++ahead) {
    block.enhancement_ends[(block.clock + ahead) % k_enhancement_days][lane] =
        p.enhancement_ends[(p.life_day + ahead) % k_enhancement_days];
  }
}

void set_levers(Block& block, std::size_t lane, const Levers<double>& levers) {
  copy_in(block.levers, levers, lane);
}

void set_death_hazard(Block& block, std::size_t lane, double per_day) {
  block.state[offsetof(State<double>, death_hazard) / sizeof(double)][lane] = per_day;
}

void apply(Block& block, std::size_t lane, const Pulse& pulse) {
  State<double> s;
  copy_out(s, block.state, lane);
  s.naive *= pulse.naive;
  s.naive_reactive *= pulse.naive * pulse.reactive;
  s.memory *= pulse.memory * pulse.reactive;
  s.bulk_memory *= pulse.memory;
  s.effector *= pulse.effector * pulse.reactive;
  s.treg *= pulse.treg;
  s.memory_b *= pulse.memory_b;
  s.ebv *= pulse.memory_b;
  s.naive_b *= pulse.naive_b;
  s.resident *= pulse.resident;
  s.compartment *= pulse.compartment;
  s.microglia *= pulse.microglia;
  if (pulse.repertoire >= 0.0) s.repertoire = pulse.repertoire;
  s.thymic_rebound += pulse.thymic_rebound;
  if (pulse.treg_set >= 0.0) s.treg = pulse.treg_set;
  s.toxic_volume += pulse.toxic_volume_percent;
  for (std::size_t k = 0; k < k_systems; ++k) {
    // Taken from intact fibres, as far as there are any: the fractions still sum to one.
    const double intact = 1.0 - s.blocked[k] - s.bare[k] - s.remyelinated[k] - s.lost[k];
    s.lost[k] += std::clamp(pulse.toxic_axon_share, 0.0, std::max(0.0, intact));
  }
  copy_in(block.state, s, lane);
}

}  // namespace hortega::disease
