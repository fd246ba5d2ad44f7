// SPDX-License-Identifier: Apache-2.0
// The runs behind the lesion table: which inputs vary over which ranges, the reduced piece of tissue, and
// what is read off at the end. `hortega lesion tables` and the test of the table share it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "hortega/lesion/table.hpp"
#include "hortega/lesion/tissue.hpp"

namespace hortega::lesion {

/// Inputs of the table, in the order of its axes.
enum class DesignInput : std::uint8_t {
  t_cells_per_mm,
  attack_day,
  age_years,
  progenitor_density,
  iron_uptake,
  mesenchymal_per_mm,
  grafted_per_mm,
  cells_day
};
inline constexpr std::size_t k_design_inputs = 8;

/// The axes with the points that the table has.
std::vector<TableAxis> design_axes();

/// From the unit cube to inputs, along each axis as it is interpolated. Of the two doses the lowest part of
/// the cube is nought, for each apart, so that a third of the design is given nothing: what the table says of
/// lesions left alone then rests on such lesions, not on what is carried over from treated ones.
std::vector<double> design_point(std::span<const double> unit);

/// What the emulators see of the inputs: their places along the axes from 0 to 1 and, for each dose, its
/// place times the day's from the middle. The day has a number of its own only through the doses: of what is
/// not given, the day cannot matter.
inline constexpr std::size_t k_design_features = 9;
std::vector<double> design_features(std::span<const double> inputs);

enum class DesignGrid { reduced, full };

/// 6 mm at 60 um (a voxel is then a territory, as large as those of the full piece), or 8 mm at 20 um; steps
/// of 4 hours.
TissueSettings design_settings(std::span<const double> inputs, DesignGrid grid, std::uint64_t seed);

/// What is read off after a year, in this order.
enum class DesignOutcome : std::uint8_t { size, repaired_fraction, transected_fraction, rim_fraction };
inline constexpr std::size_t k_design_outcomes = 4;
/// Size is mm2 of a section that ever lost half of its myelin.
using DesignOutcomes = std::array<double, k_design_outcomes>;

/// One year of that tissue.
DesignOutcomes run_design(const TissueSettings& settings, const TissueParameters& parameters);

/// Which of the outcomes of a run: its own; those of another seed; those of the full piece of tissue. The
/// latter two are made for the first few runs alone.
enum class DesignRepeat : std::uint8_t { first, other_seed, full };
std::uint64_t design_seed(std::size_t run, DesignRepeat repeat);

/// Columns of the runs of a table: inputs, then the outcomes of each repeat.
std::vector<std::string> design_columns();
std::size_t design_column(DesignRepeat repeat, DesignOutcome outcome);

/// Of all that decides the runs but the code: parameters, axes, what is left untreated, the reduced piece and
/// the seed of the design.
std::string design_digest(const TissueParameters& parameters, std::uint64_t seed);

}  // namespace hortega::lesion
