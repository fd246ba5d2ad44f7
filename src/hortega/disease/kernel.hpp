// SPDX-License-Identifier: Apache-2.0
//
// Blocks of people through time. One source (kernel_impl.hpp) is compiled for each instruction set and for
// one person at a time; all give the same bytes.
#pragma once

#include "hortega/disease/rates.hpp"
#include "hortega/disease/state.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace hortega::disease {

enum class EventKind : std::uint8_t {
  attack,     // an eloquent lesion blocked enough fibres to be felt; `with` and `without` are EDSS with and
              // without block
  fever,      // an infection's heat blocks bare fibres (pseudo-relapse candidate)
  infection,  // a community infection; `with` is its stimulus
  death,
};

struct Event {
  EventKind kind;
  std::uint8_t lane;
  std::uint32_t life_day;
  double with;
  double without;
};

/// Longest stretch that one call may advance; keeps the event buffer bounded.
inline constexpr int k_longest_stretch = 8;

/// Events of one call, in order of lane group, then day. 4 kinds x 8 lanes x 8 days at most.
struct Events {
  int count = 0;
  Event event[4 * k_block * k_longest_stretch];
};

/// Values of one visit per lane. Grades are whole; `edss_hidden` is without noise, for mortality and for the
/// tests of the natural course, never for an endpoint.
struct Observation {
  double edss[k_block];
  double grade[k_systems][k_block];
  double ambulation_edss[k_block];  // the step that walking alone sets (0 when unrestricted)
  double t25fw_s[k_block];
  double nhpt_s[k_block];
  double sdmt[k_block];
  double edss_hidden[k_block];
};

enum class RaterNoise { on, off };

/// The instruction sets that a block can run on. `one` is one person at a time in plain double.
enum class Isa : std::uint8_t { one, sse2, avx2, avx512 };
std::string_view name_of(Isa isa);
/// Those that this machine has, slowest first.
std::vector<Isa> available_isas();
/// The one in use: the best available unless chosen (--isa, HORTEGA_ISA).
Isa current_isa();
/// Throws RunError when the machine lacks it.
void choose_isa(Isa isa);

/// Advances all lanes by `days` (at most k_longest_stretch) and adds what happened to `events` (cleared
/// first).
void advance(const Rates& rates, Block& block, int days, Events& events);

/// Visit of all lanes today. Draws depend on person, copy and day of life only. `grade_shift` (per lane, may
/// be null) is added to every grade that the rater sees: expectation, part of a trial's conduct.
void observe(const Rates& rates, const Block& block, RaterNoise noise, const double* grade_shift,
             Observation& out);

}  // namespace hortega::disease
