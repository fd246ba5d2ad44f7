// SPDX-License-Identifier: Apache-2.0
// A lesion scenario as a file: what tissue, what happens to it, for how long, and how it is simulated.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "hortega/core/schema.hpp"
#include "hortega/lesion/tissue.hpp"

namespace hortega::lesion {

enum class Model { tissue, rings, weatherley };

// not biology from here: what a scenario is when its file does not say
struct Domain {
  int dimensions = 2;
  double size_mm = 6.0;    ///< side of the square
  double height_mm = 2.0;  ///< of a block, along the venule
  double voxel_mm = 0.02;
  double thickness_mm = 0.02;  ///< of a section
};

struct Times {
  double duration_day = 365.25;
  double step_day = 1.0 / 6.0;
  Solver solver = Solver::implicit;
  double measure_day = 1.0;
  double frame_day = 7.0;
};

struct Host {
  double age_day = 35.0 * 365.25;
  double progenitor_density = 1.0;
  std::optional<double> iron_uptake;
};

/// A period of levers as it stands in a file.
struct LeverEntry {
  double from_day = 0.0;
  std::optional<double> to_day;
  double entry = 1.0, activation = 1.0, cytokine = 1.0, differentiation = 1.0, division = 1.0, rim = 1.0;
  double regulator = 0.0, trophic = 0.0;
};

/// The model of chemotaxis and rings, without dimensions.
struct Rings {
  double chi = 15.0, beta = 1.0, delta = 1.0, eps = 0.5, tau = 1.0, r = 0.3;
  double width = 64.0;
  int voxels = 160;
  double step = 0.004;
  double duration = 15.0;
  int frames = 30;
};

struct WeatherleyEntry {
  int schedule = 4;
  int therapy_day = 80;
  int days = 300;
  bool close_barrier = false;
  bool protect = false;
  double restore = 0.0;
};

// not biology to here

struct Scenario {
  std::string id;
  std::string title;
  Model model = Model::tissue;
  Domain domain;
  Times time;
  Host host;
  std::vector<Attack> attacks;
  std::vector<Injury> injuries;
  std::vector<LeverEntry> levers;
  std::vector<Addition> additions;
  Rings rings;
  WeatherleyEntry weatherley;

  Grid grid() const;
  TissueSettings settings(std::uint64_t seed) const;
};

core::Schema<Scenario> scenario_schema();

/// Bytes that a tissue of this grid holds, about.
double bytes_needed(const Grid& grid);

/// Cells that a tissue holds at most, about: its progenitors, all that is sent in or added, and monocytes for
/// as long as a macrophage lives.
double cells_expected(const Scenario& scenario, const TissueParameters& parameters);

/// Everything that the schema cannot see: memory, a stable step, a grid that fits the constants. Throws
/// InputError.
void check_scenario(const core::Read<Scenario>& read, const TissueParameters& parameters);

/// One line: how large territories are on these voxels, and how large they should be. Empty but for a tissue.
std::string territory_words(const Scenario& scenario, const TissueParameters& parameters);

/// What a scenario that check_scenario let pass will cost, in a line: voxels, steps, memory. Empty for the
/// published model, of which this layer knows the settings alone.
std::string cost_words(const Scenario& scenario, const TissueParameters& parameters);

}  // namespace hortega::lesion
