// SPDX-License-Identifier: Apache-2.0
//
// A person's bytes depend on seed and person alone: not on the instruction set, the lane, the neighbours or
// the stretches in which the days are advanced (docs/numerics.md).
#include "hortega/core/random.hpp"
#include "people.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>

namespace hortega::disease {
namespace {

using testing::append_bytes;

constexpr std::uint64_t k_seed = 2024;
constexpr int k_stop_day = 24;            // divisible by every stretch tried
constexpr int k_days = 152 * k_stop_day;  // ten years
constexpr std::uint32_t k_people = 64;

// The committed parameters with hotter fevers: at their own rise one is felt every three hundred years.
const Parameters& parameters() {
  static const Parameters hot = [] {
    Parameters p = testing::parameters();
    p.fever_rise.value *= 3.0;
    return p;
  }();
  return hot;
}

using Lives = std::map<std::uint32_t, std::string>;  // all bytes that a person ever shows

// What a person takes at a stop; different people, different drugs, at different times.
void treat(Block& block, std::size_t lane) {
  const std::uint32_t person = block.person[lane];
  const std::uint32_t stop = block.life_day[lane] / k_stop_day;
  if (stop == 20 + person % 16) {
    Levers<double> levers = no_levers();
    levers.entry = 0.2 + 0.1 * (person % 5);
    levers.activation = 0.7;
    levers.kill_t = person % 3 == 0 ? 0.01 : 0.0;
    levers.kill_b = person % 4 == 0 ? 0.05 : 0.0;
    levers.treg_gain = 0.3 * (person % 2);
    levers.microglia = 0.8;
    levers.barrier_seal = 0.9;
    levers.trophic = 0.7;
    levers.remyelination = 1.5;
    levers.toxic_axon = 1e-5;
    levers.toxic_volume = 1e-4;
    levers.infection = 1.3;
    levers.death = person % 8 == 7 ? 1e-4 : 0.0;
    set_levers(block, lane, levers);
  }
  if (stop == 60 + person % 7) {
    Pulse pulse;
    pulse.naive = 0.05;
    pulse.memory = 0.02;
    pulse.effector = 0.01;
    pulse.treg = 0.1;
    pulse.resident = 0.5;
    pulse.repertoire = 0.3;
    pulse.thymic_rebound = 1.0;
    pulse.toxic_volume_percent = 0.8;
    pulse.toxic_axon_share = 0.002;
    apply(block, lane, pulse);
  }
}

// Lives the people named by `lanes` (k_block at a time) and returns what each showed.
Lives live(const std::vector<std::uint32_t>& order, int stretch) {
  const Parameters& p = parameters();
  const Rates rates = make_rates(p);
  Lives lives;
  for (std::size_t first = 0; first < order.size(); first += k_block) {
    Block block;
    block.seed = k_seed;
    for (std::size_t lane = 0; lane < k_block; ++lane)
      put(block, lane, make_person(p, k_seed, order[first + lane]));
    Events events;
    Observation seen;
    for (int day = 0; day < k_days; day += k_stop_day) {
      for (std::size_t lane = 0; lane < k_block; ++lane) treat(block, lane);
      for (int gone = 0; gone < k_stop_day; gone += stretch) {
        advance(rates, block, stretch, events);
        for (int i = 0; i < events.count; ++i) {
          const Event& e = events.event[i];
          std::string& bytes = lives[block.person[e.lane]];
          append_bytes(bytes, e.kind);
          append_bytes(bytes, e.life_day);
          append_bytes(bytes, e.with);
          append_bytes(bytes, e.without);
        }
      }
      if (day % (4 * k_stop_day) != 0) continue;
      observe(rates, block, RaterNoise::on, nullptr, seen);
      for (std::size_t lane = 0; lane < k_block; ++lane) {
        std::string& bytes = lives[block.person[lane]];
        append_bytes(bytes, seen.edss[lane]);
        for (std::size_t k = 0; k < k_systems; ++k) append_bytes(bytes, seen.grade[k][lane]);
        append_bytes(bytes, seen.ambulation_edss[lane]);
        append_bytes(bytes, seen.t25fw_s[lane]);
        append_bytes(bytes, seen.nhpt_s[lane]);
        append_bytes(bytes, seen.sdmt[lane]);
        append_bytes(bytes, seen.edss_hidden[lane]);
        const State<double> s = state_of(block, lane);
        append_bytes(bytes, s);
        set_death_hazard(block, lane, death_hazard_per_day(p, true, s.age_year, seen.edss_hidden[lane]));
      }
    }
    for (std::size_t lane = 0; lane < k_block; ++lane) {
      std::string& bytes = lives[block.person[lane]];
      append_bytes(bytes, state_of(block, lane));
      append_bytes(bytes, block.life_day[lane]);
      append_bytes(bytes, block.alive[lane]);
      append_bytes(bytes, take(block, lane).enhancement_ends);
    }
  }
  return lives;
}

std::vector<std::uint32_t> in_order() {
  std::vector<std::uint32_t> order(k_people);
  for (std::uint32_t i = 0; i < k_people; ++i) order[i] = i;
  return order;
}

const Lives& reference() {
  static const Lives lives = [] {
    const testing::IsaGuard guard;
    choose_isa(Isa::one);
    return live(in_order(), 8);
  }();
  return lives;
}

void expect_reference(const Lives& lives) {
  ASSERT_EQ(lives.size(), reference().size());
  for (const auto& [person, bytes] : lives)
    EXPECT_EQ(bytes == reference().at(person), true) << "person " << person;
}

TEST(Lanes, EveryInstructionSetGivesTheSameBytes) {
  const testing::IsaGuard guard;
  ASSERT_EQ(reference().size(), k_people);
  for (const Isa isa : available_isas()) {
    choose_isa(isa);
    SCOPED_TRACE(name_of(isa));
    expect_reference(live(in_order(), 8));
  }
}

TEST(Lanes, NeitherLaneNorNeighboursMatter) {
  const testing::IsaGuard guard;
  std::vector<std::uint32_t> shuffled = in_order();
  core::Draws d({k_seed, 0, 0}, core::Purpose::test, 0);
  for (std::size_t i = shuffled.size(); i > 1; --i) {
    std::swap(shuffled[i - 1], shuffled[static_cast<std::size_t>(d.uniform() * static_cast<double>(i))]);
  }
  ASSERT_NE(shuffled, in_order());
  for (const Isa isa : available_isas()) {
    choose_isa(isa);
    SCOPED_TRACE(name_of(isa));
    expect_reference(live(shuffled, 8));
  }
}

TEST(Lanes, APersonAloneInAPaddedBlockIsTheSame) {
  const testing::IsaGuard guard;
  const Parameters& p = parameters();
  const Rates rates = make_rates(p);
  for (const Isa isa : available_isas()) {
    choose_isa(isa);
    int told = 0;
    for (std::size_t lane = 0; lane < k_block; ++lane) {
      Block full = testing::block_of(p, k_seed, 40);
      Block padded;
      padded.seed = k_seed;
      for (std::size_t l = 0; l < k_block; ++l) {
        put(padded, l, make_person(p, k_seed, 40 + static_cast<std::uint32_t>(lane)));
        padded.alive[l] = l == 3 ? 1 : 0;
      }
      Events events;
      Events events_padded;
      for (int i = 0; i < 200; ++i) {
        advance(rates, full, 8, events);
        advance(rates, padded, 8, events_padded);
        int among_others = 0;
        for (int k = 0; k < events.count; ++k) among_others += events.event[k].lane == lane ? 1 : 0;
        ASSERT_EQ(events_padded.count, among_others) << name_of(isa) << " lane " << lane << " stretch " << i;
        for (int k = 0; k < events_padded.count; ++k)
          ASSERT_EQ(events_padded.event[k].lane, 3);  // empty lanes are silent
        told += events_padded.count;
      }
      const State<double> a = state_of(full, lane);
      const State<double> b = state_of(padded, 3);
      // Bytes are what is promised. NOLINTNEXTLINE(bugprone-suspicious-memory-comparison)
      EXPECT_EQ(std::memcmp(&a, &b, sizeof a), 0) << name_of(isa) << " lane " << lane;
    }
    EXPECT_GT(told, 20);  // eight people over 4.4 years with about two infections a year
  }
}

TEST(Lanes, StretchesOfDaysDoNotMatter) {
  const testing::IsaGuard guard;
  for (const Isa isa : {Isa::one, available_isas().back()}) {
    choose_isa(isa);
    for (const int stretch : {1, 3}) {
      SCOPED_TRACE(std::string(name_of(isa)) + ", " + std::to_string(stretch) + " days");
      expect_reference(live(in_order(), stretch));
    }
  }
}

TEST(Lanes, TheLivesComparedAreEventful) {
  // Without attacks, fevers and deaths the comparisons above would compare little.
  std::map<EventKind, int> seen;
  const Parameters& p = parameters();
  const Rates rates = make_rates(p);
  Events events;
  for (std::uint32_t first = 0; first < k_people; first += k_block) {
    Block block = testing::block_of(p, k_seed, first);
    for (int day = 0; day < k_days; day += 8) {
      for (std::size_t lane = 0; lane < k_block; ++lane) set_death_hazard(block, lane, 1e-4);
      advance(rates, block, 8, events);
      for (int i = 0; i < events.count; ++i) ++seen[events.event[i].kind];
    }
  }
  EXPECT_GT(seen[EventKind::attack], 100);
  EXPECT_GT(seen[EventKind::fever], 10);
  EXPECT_GT(seen[EventKind::infection], 500);
  EXPECT_GT(seen[EventKind::death], 5);
}

// Must show 5: a person's infections (days and sizes) are the same under two regimens.
TEST(Twins, InfectionsAreTheSameWhateverIsTaken) {
  const Rates rates = make_rates(parameters());
  std::string infections[2];
  std::string attacks[2];
  for (const bool treated : {false, true}) {
    for (std::uint32_t first = 0; first < k_people; first += k_block) {
      Block block = testing::block_of(parameters(), k_seed, first);
      Events events;
      for (int day = 0; day < k_days; day += 8) {
        if (treated && day == 400) {
          for (std::size_t lane = 0; lane < k_block; ++lane) {
            Levers<double> levers = no_levers();
            levers.entry = 0.1;
            levers.kill_b = 0.1;
            levers.activation = 0.5;
            levers.treg_gain = 1.0;
            set_levers(block, lane, levers);
            Pulse pulse;
            pulse.memory = 0.01;
            pulse.effector = 0.01;
            apply(block, lane, pulse);
          }
        }
        advance(rates, block, 8, events);
        for (int i = 0; i < events.count; ++i) {
          const Event& e = events.event[i];
          if (e.kind != EventKind::infection && e.kind != EventKind::attack) continue;
          if (e.kind == EventKind::attack && day < 400) continue;
          std::string& bytes = (e.kind == EventKind::infection ? infections : attacks)[treated ? 1 : 0];
          append_bytes(bytes, block.person[e.lane]);
          append_bytes(bytes, e.life_day);
          append_bytes(bytes, e.with);
        }
      }
    }
  }
  EXPECT_GT(infections[0].size(), 1000U);
  EXPECT_EQ(infections[0] == infections[1], true);
  EXPECT_GT(attacks[0].size(), 1000U);
  EXPECT_LT(attacks[1].size(), attacks[0].size() / 2);  // the regimen does something, once it is given
}

TEST(Lanes, AStretchLongerThanTheEventBufferIsRefused) {
  Block block = testing::block_of(parameters(), k_seed, 0);
  Events events;
  const Rates rates = make_rates(parameters());
  EXPECT_THROW(advance(rates, block, k_longest_stretch + 1, events), std::logic_error);
  EXPECT_THROW(advance(rates, block, -1, events), std::logic_error);
}

}  // namespace
}  // namespace hortega::disease
