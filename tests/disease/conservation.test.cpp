// SPDX-License-Identifier: Apache-2.0
//
// Positivity and conservation, every day: the fractions of each system's fibres lie in [0, 1] and sum to one,
// pools stay positive and finite, enhancing lesions are those whose end is booked. Shown for 1,000 people
// over 30 years and for parameters and levers at the ends of their ranges.
#include "hortega/core/random.hpp"
#include "people.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace hortega::disease {
namespace {

using testing::parameter_set;
using testing::parameters;

constexpr double k_rounding = 1e-12;  // sums of a few fractions over 11,000 days

// Empty when everything holds; else what does not.
std::string fault(const Block& block, std::size_t lane) {
  const State<double> s = state_of(block, lane);
  for (std::size_t k = 0; k < k_systems; ++k) {
    const double parts[] = {s.blocked[k], s.bare[k], s.remyelinated[k], s.lost[k]};
    for (const double x : parts) {
      if (!(x >= 0.0)) return "a negative fraction of " + std::string(k_system_names[k]);
    }
    const double sum = parts[0] + parts[1] + parts[2] + parts[3];
    if (!(sum <= 1.0 + k_rounding)) return "more than all fibres of " + std::string(k_system_names[k]);
  }
  for (std::size_t i = 0; i < k_state_size; ++i) {
    const std::string_view name = state_names()[i];
    const double x = block.state[i][lane];
    if (!std::isfinite(x)) return std::string(name) + " is not finite";
    if (x < 0.0 && name != "season_cos" && name != "season_sin") return std::string(name) + " is negative";
  }
  const auto ends = take(block, lane).enhancement_ends;
  const int booked = std::accumulate(ends.begin(), ends.end(), 0);
  if (s.enhancing != static_cast<double>(booked)) return "enhancing lesions without a booked end";
  return {};
}

TEST(Conservation, TheCheckSeesEachFault) {
  Block block = testing::block_of(parameters(), 1, 0);
  EXPECT_EQ(fault(block, 0), "");
  const auto broken = [&](std::string_view name, double value) {
    Block b = block;
    b.state[testing::state_index(name)][0] = value;
    return fault(b, 0);
  };
  EXPECT_NE(broken("bare_pyramidal", -1e-15), "");
  EXPECT_NE(broken("lost_visual", 1.0 + 1e-9), "");
  EXPECT_NE(broken("memory", -1e-15), "");
  EXPECT_NE(broken("effector", std::nan("")), "");
  EXPECT_NE(broken("enhancing", 1.0), "");
}

TEST(Conservation, AThousandPeopleOverThirtyYears) {
  const Rates rates = make_rates(parameters());
  Events events;
  for (std::uint32_t first = 0; first < 1000; first += k_block) {
    Block block = testing::block_of(parameters(), 3, first);
    for (int day = 0; day < 30 * 365; ++day) {
      advance(rates, block, 1, events);
      for (std::size_t lane = 0; lane < k_block; ++lane) {
        const std::string f = fault(block, lane);
        ASSERT_EQ(f, "") << "person " << first + lane << " day " << day;
      }
    }
  }
}

// Every parameter at one end of its plausible range, which end by a draw.
Parameters corner(std::uint32_t number) {
  core::ParameterSet set = parameter_set();
  core::Draws d({5, number, 0}, core::Purpose::test, 0);
  for (const core::Passport& p : parameter_set().all()) set.set(p.name, d.happens(0.5) ? p.low : p.high);
  return load_parameters(set);
}

Levers<double> extreme_levers(core::Draws& d) {
  Levers<double> l = no_levers();
  const auto pick = [&](double low, double high) { return d.happens(0.5) ? low : high; };
  l.entry = pick(0.0, 2.0);
  l.egress = pick(0.0, 2.0);
  l.activation = pick(0.0, 3.0);
  l.kill_t = pick(0.0, 5.0);
  l.kill_b = pick(0.0, 5.0);
  l.treg_gain = pick(0.0, 10.0);
  l.microglia = pick(0.0, 5.0);
  l.barrier_seal = pick(0.0, 2.0);
  l.trophic = pick(0.0, 5.0);
  l.remyelination = pick(0.0, 100.0);
  l.toxic_axon = pick(0.0, 0.5);
  l.toxic_volume = pick(0.0, 0.01);
  l.infection = pick(0.0, 20.0);
  return l;
}

TEST(Conservation, ExtremeParametersLeversAndPulses) {
  Events events;
  for (std::uint32_t trial = 0; trial < 40; ++trial) {
    const Parameters p = corner(trial);
    const Rates rates = make_rates(p);
    Block block = testing::block_of(p, 7, 1000 * trial);
    core::Draws d({5, trial, 1}, core::Purpose::test, 0);
    for (int day = 0; day < 10 * 365; ++day) {
      for (std::size_t lane = 0; lane < k_block; ++lane) {
        if (day % 200 == 0) set_levers(block, lane, extreme_levers(d));
        if (day % 331 == 0) {
          Pulse pulse;
          pulse.naive = d.uniform();
          pulse.memory = 0.0;
          pulse.effector = 0.0;
          pulse.treg = d.uniform();
          pulse.compartment = 0.0;
          pulse.repertoire = 0.0;
          pulse.thymic_rebound = 3.0;
          pulse.treg_set = 5.0;
          pulse.toxic_volume_percent = 2.0;
          pulse.toxic_axon_share = 0.4 * d.uniform();
          apply(block, lane, pulse);
        }
      }
      advance(rates, block, 1, events);
      for (std::size_t lane = 0; lane < k_block; ++lane) {
        const std::string f = fault(block, lane);
        ASSERT_EQ(f, "") << "corner " << trial << " lane " << lane << " day " << day;
      }
    }
  }
}

TEST(Conservation, APulseOfToxicityTakesOnlyIntactFibres) {
  Block block = testing::block_of(parameters(), 1, 0);
  block.state[testing::state_index("bare_sensory")][2] = 0.7;
  block.state[testing::state_index("lost_sensory")][2] = 0.2;
  Pulse pulse;
  pulse.toxic_axon_share = 0.5;
  apply(block, 2, pulse);
  EXPECT_EQ(fault(block, 2), "");
  EXPECT_NEAR(state_of(block, 2).lost[index(System::sensory)], 0.3, 1e-15);  // the last tenth
  EXPECT_NEAR(state_of(block, 2).lost[index(System::visual)], 0.5, 1e-15);
}

}  // namespace
}  // namespace hortega::disease
