// SPDX-License-Identifier: Apache-2.0
#include "hortega/disease/state.hpp"

#include <algorithm>
#include <cstring>

namespace hortega::disease {

static_assert(sizeof(State<double>) == k_state_size * sizeof(double));

namespace {

template <class Struct>
void copy_out(Struct& to, const double (*from)[k_block], std::size_t lane, std::size_t n) {
  double values[sizeof(Struct) / sizeof(double)];
  for (std::size_t i = 0; i < n; ++i) values[i] = from[i][lane];
  std::memcpy(&to, values, sizeof values);
}

template <class Struct>
void copy_in(double (*to)[k_block], const Struct& from, std::size_t lane, std::size_t n) {
  double values[sizeof(Struct) / sizeof(double)];
  std::memcpy(values, &from, sizeof values);
  for (std::size_t i = 0; i < n; ++i) to[i][lane] = values[i];
}

}  // namespace

const std::array<std::string_view, k_state_size>& state_names() {
#define HORTEGA_NAME(name) #name,
#define HORTEGA_NAME7(name)                                                                                  \
  #name "_visual", #name "_brainstem", #name "_pyramidal", #name "_cerebellar", #name "_sensory",            \
      #name "_bowel_bladder", #name "_cerebral",
  static const std::array<std::string_view, k_state_size> names = {HORTEGA_STATE(HORTEGA_NAME, HORTEGA_NAME7)};
#undef HORTEGA_NAME
#undef HORTEGA_NAME7
  return names;
}

State<double> state_of(const Block& block, std::size_t lane) {
  State<double> s;
  copy_out(s, block.state, lane, k_state_size);
  return s;
}

Person take(const Block& block, std::size_t lane) {
  Person p;
  copy_out(p.state, block.state, lane, k_state_size);
  copy_out(p.traits, block.traits, lane, k_trait_size);
  copy_out(p.levers, block.levers, lane, k_lever_size);
  p.person = block.person[lane];
  p.copy = block.copy[lane];
  p.life_day = block.life_day[lane];
  std::copy(std::begin(block.enhancement_ends[lane]), std::end(block.enhancement_ends[lane]),
            p.enhancement_ends.begin());
  return p;
}

void put(Block& block, std::size_t lane, const Person& p) {
  copy_in(block.state, p.state, lane, k_state_size);
  copy_in(block.traits, p.traits, lane, k_trait_size);
  copy_in(block.levers, p.levers, lane, k_lever_size);
  block.person[lane] = p.person;
  block.copy[lane] = p.copy;
  block.life_day[lane] = p.life_day;
  block.alive[lane] = 1;
  std::copy(p.enhancement_ends.begin(), p.enhancement_ends.end(), std::begin(block.enhancement_ends[lane]));
}

void set_levers(Block& block, std::size_t lane, const Levers<double>& levers) {
  copy_in(block.levers, levers, lane, k_lever_size);
}

void apply(Block& block, std::size_t lane, const Pulse& pulse) {
  State<double> s;
  copy_out(s, block.state, lane, k_state_size);
  s.naive *= pulse.naive;
  s.naive_reactive *= pulse.naive;
  s.memory *= pulse.memory;
  s.bulk_memory *= pulse.memory;
  s.effector *= pulse.effector;
  s.treg *= pulse.treg;
  s.memory_b *= pulse.memory_b;
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
  copy_in(block.state, s, lane, k_state_size);
}

}  // namespace hortega::disease
