// SPDX-License-Identifier: Apache-2.0
//
// What a person's tracts conduct, from the table that the fibre's scale made (docs/axon.md). The table is
// read once a process; making the rates cuts it to each functional system's mix of diameters and to the
// lengths of lesions, so that straight lines over body temperature are all that the day loop meets.
#pragma once

#include "hortega/disease/systems.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace hortega::axon {
class ConductionTable;
}  // namespace hortega::axon

namespace hortega::disease {

struct Parameters;

/// The table's mix of diameters that stands for a system. Bladder, sensation, co-ordination and the brain
/// stem go with the pyramidal tract: they too run in long tracts of the cord and brain stem, and the table
/// has no mix of their own.
inline constexpr std::array<std::string_view, k_systems> k_system_mixes = {
    "optic-nerve",   "corticospinal", "corticospinal", "corticospinal",
    "corticospinal", "corticospinal", "callosal"};

inline constexpr std::size_t k_heat_knots = 7;  // temperatures of the table
inline constexpr std::size_t k_heat_steps = k_heat_knots - 1;

/// A function of body temperature: straight lines between the table's temperatures, its ends beyond.
struct OfHeat {
  double coldest = 0.0;
  double step[k_heat_steps] = {};  // gain from each temperature of the table to the next
};

/// Extra latency (ms) of the fibres of a tract that conduct, by their state.
struct Delays {
  OfHeat bare, remyelinated;
};

struct Conduction {
  double celsius[k_heat_knots] = {};
  double per_step[k_heat_steps] = {};  // 1 / width of each step, 1/K
  OfHeat bare_loss[k_systems];         // share of bare fibres that a spike does not come through
  OfHeat remyelinated_loss[k_systems];
  Delays optic_nerve, optic_radiation;
};

/// The table of the data folder (tables/conduction.nc), read at the first call. Throws core::InputError that
/// names the file if it is missing or no such table.
const axon::ConductionTable& conduction_table();
/// Where conduction_table() looks.
std::string conduction_table_path();
/// Reads a table and checks that it has what a person asks of it. Throws core::InputError.
axon::ConductionTable read_person_conduction(const std::string& path);

/// The table at this person's parameters.
Conduction conduction_of(const Parameters& p);

}  // namespace hortega::disease
