// SPDX-License-Identifier: Apache-2.0
// The runs behind the lesion table: which inputs vary over which ranges, the reduced piece of tissue, and
// what is read off at the end. `hortega lesion tables` and the test of the table share it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
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

/// From the unit cube to inputs, along each axis as it is interpolated.
std::vector<double> design_point(std::span<const double> unit);
std::vector<double> unit_point(std::span<const double> inputs);

enum class DesignGrid { reduced, full };

/// 5 mm at 50 um, or 8 mm at 20 um; steps of 4 hours.
TissueSettings design_settings(std::span<const double> inputs, DesignGrid grid, std::uint64_t seed);

struct DesignOutcome {
  double size_mm2 = 0.0;  ///< ever demyelinated, at one year
  double repaired_fraction = 0.0;
  double transected_fraction = 0.0;
  double rim_fraction = 0.0;
};

/// One year of that tissue.
DesignOutcome run_design(const TissueSettings& settings, const TissueParameters& parameters);

}  // namespace hortega::lesion
