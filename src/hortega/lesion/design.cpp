// SPDX-License-Identifier: Apache-2.0
#include "hortega/lesion/design.hpp"

#include "hortega/core/files.hpp"
#include "hortega/core/lanes.hpp"
#include "hortega/core/math.hpp"

namespace hortega::lesion {

// not biology from here: the ranges and points of a table, and the grids that its runs use
std::vector<TableAxis> design_axes() {
  return {
      {"t_cells_per_mm",
       "T cells that cross in the attack, for each mm of venule",
       "mm-1",
       {20000.0, 40000.0, 80000.0, 140000.0, 250000.0},
       true},
      {"attack_day", "duration of the attack", "day", {7.0, 14.0, 28.0}, false},
      {"age_years", "age", "year", {20.0, 45.0, 70.0}, false},
      {"progenitor_density", "progenitors relative to normal white matter", "1", {0.2, 0.5, 1.0, 1.5}, true},
      {"iron_uptake",
       "chance that a dying oligodendrocyte leaves an iron-laden microglial cell",
       "1",
       {0.005, 0.03, 0.08, 0.15, 0.25, 0.4},
       true},
      {"mesenchymal_per_mm",
       "mesenchymal cells given, for each mm of venule",
       "mm-1",
       {0.0, 5000.0, 20000.0, 50000.0},
       false},
      {"grafted_per_mm",
       "progenitors grafted, for each mm of venule",
       "mm-1",
       {0.0, 50000.0, 100000.0},
       false},
      {"cells_day", "day on which cells are given", "day", {1.0, 3.0, 8.0, 25.0, 90.0}, true}};
}

TissueSettings design_settings(std::span<const double> inputs, DesignGrid grid, std::uint64_t seed) {
  const auto in = [&](DesignInput i) { return inputs[static_cast<std::size_t>(i)]; };
  TissueSettings s;
  s.grid = grid == DesignGrid::reduced ? Grid{100, 100, 1, 0.06, 0.02} : Grid{400, 400, 1, 0.02, 0.02};
  s.step_day = 1.0 / 6.0;
  s.age_years = in(DesignInput::age_years);
  s.progenitor_density = in(DesignInput::progenitor_density);
  s.iron_uptake = in(DesignInput::iron_uptake);
  s.attacks = {{0.0, in(DesignInput::attack_day), in(DesignInput::t_cells_per_mm)}};
  s.additions = {{Added::mesenchymal, in(DesignInput::cells_day), in(DesignInput::mesenchymal_per_mm), 1.0},
                 {Added::progenitors, in(DesignInput::cells_day), in(DesignInput::grafted_per_mm), 1.0}};
  s.seed = seed;
  return s;
}
// not biology to here

namespace {

// Nought of either dose has this share of the design: its square, nought of both, is a third.
constexpr double k_nought = 0.57735026918962576;  // not biology: the root of a third

bool is_dose(std::size_t axis) {
  return axis == static_cast<std::size_t>(DesignInput::mesenchymal_per_mm) ||
         axis == static_cast<std::size_t>(DesignInput::grafted_per_mm);
}

double along(const TableAxis& axis, double x) { return axis.logarithmic ? math::log(x) : x; }

}  // namespace

std::vector<double> design_point(std::span<const double> unit) {
  const auto axes = design_axes();
  std::vector<double> out;
  for (std::size_t a = 0; a < axes.size(); ++a) {
    const double low = along(axes[a], axes[a].values.front());
    const double high = along(axes[a], axes[a].values.back());
    const double u = is_dose(a) ? core::max(0.0, unit[a] - k_nought) / (1.0 - k_nought) : unit[a];
    const double x = low + u * (high - low);
    out.push_back(axes[a].logarithmic ? math::exp(x) : x);
  }
  return out;
}

std::vector<double> design_features(std::span<const double> inputs) {
  const auto axes = design_axes();
  std::vector<double> out;
  for (std::size_t a = 0; a < axes.size(); ++a) {
    const double low = along(axes[a], axes[a].values.front());
    const double high = along(axes[a], axes[a].values.back());
    out.push_back((along(axes[a], inputs[a]) - low) / (high - low));
  }
  const double late = out.back() - 0.5;  // not biology: from the middle of the axis
  out.pop_back();
  const auto place = [&](DesignInput dose) { return out[static_cast<std::size_t>(dose)]; };
  const double mesenchymal = place(DesignInput::mesenchymal_per_mm);
  const double grafted = place(DesignInput::grafted_per_mm);
  out.push_back(mesenchymal * late);
  out.push_back(grafted * late);
  return out;
}

DesignOutcomes run_design(const TissueSettings& settings, const TissueParameters& parameters) {
  constexpr double k_end_day = 365.25;
  Tissue tissue(settings, parameters);
  while (tissue.day() < k_end_day) tissue.step();
  const Measures m = tissue.measure();
  return {m.lesion, m.repaired_fraction, m.transected_fraction, m.rim_fraction};
}

std::uint64_t design_seed(std::size_t run, DesignRepeat repeat) {
  constexpr std::uint64_t k_apart = 100'000;  // not biology: beyond any run's number
  return run + 1 + (repeat == DesignRepeat::other_seed ? k_apart : 0);
}

std::vector<std::string> design_columns() {
  std::vector<std::string> columns;
  for (const TableAxis& axis : design_axes()) columns.push_back(axis.name);
  for (const char* repeat : {"", "other_seed_", "full_"}) {
    for (const char* outcome : {"size", "repaired_fraction", "transected_fraction", "rim_fraction"})
      columns.push_back(std::string(repeat) + outcome);
  }
  return columns;
}

std::size_t design_column(DesignRepeat repeat, DesignOutcome outcome) {
  return k_design_inputs + static_cast<std::size_t>(repeat) * k_design_outcomes +
         static_cast<std::size_t>(outcome);
}

std::string design_digest(const TissueParameters& parameters, std::uint64_t seed) {
  static_assert(sizeof(TissueParameters) % sizeof(double) == 0, "nothing but numbers");
  core::Sha256 hash;
  hash.update(&parameters, sizeof parameters);
  for (const TableAxis& axis : design_axes())
    hash.update(axis.values.data(), axis.values.size() * sizeof(double));
  // What the middle of the cube becomes, and its piece of tissue.
  const auto middle = design_point(std::vector<double>(k_design_inputs, 0.5));
  const Grid grid = design_settings(middle, DesignGrid::reduced, seed).grid;
  const double piece[] = {k_nought, grid.voxel_mm, static_cast<double>(grid.voxels())};
  hash.update(piece, sizeof piece);
  hash.update(&seed, sizeof seed);
  return hash.hex();
}

}  // namespace hortega::lesion
