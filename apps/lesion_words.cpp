// SPDX-License-Identifier: Apache-2.0
// Words and units of a lesion's quantities and conditions.
#include "lesion_words.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string_view>

namespace hortega::apps {

namespace {

struct Quantity {
  std::string_view key, words, unit;
};

constexpr std::array<Quantity, 30> k_quantities = {{
    {"model", "Model", ""},
    {"seed", "Seed", ""},
    {"duration_day", "Time simulated", "days"},
    {"lesion_mm2", "Lesion: tissue that ever lost half of its myelin", "mm²"},
    {"lesion_mm3", "Lesion: tissue that ever lost half of its myelin", "mm³"},
    {"largest_demyelinated_mm2", "Demyelinated tissue at its largest", "mm²"},
    {"largest_demyelinated_mm3", "Demyelinated tissue at its largest", "mm³"},
    {"demyelinated_mm2", "Demyelinated tissue at the end", "mm²"},
    {"demyelinated_mm3", "Demyelinated tissue at the end", "mm³"},
    {"enhancing_day", "Enhanced for", "days"},
    {"repaired_fraction", "Share of the lesion's lost myelin that is back", ""},
    {"transected_fraction", "Share of the lesion's axons that are transected", ""},
    {"rim_fraction", "Share of the lesion's edge with iron-laden microglia", ""},
    {"chronic_active", "Chronic active: a rim on most of the edge, half a year or more after the attack", ""},
    {"edge_laden_share", "Share of iron-laden cells among the microglia of the edge", ""},
    {"core_laden_share", "Share of iron-laden cells among the microglia within the edge", ""},
    {"edge_over_core_laden", "The first of these shares over the second", ""},
    {"iron_uptake", "Chance that a dying oligodendrocyte leaves an iron-laden microglial cell", ""},
    {"territory_mm", "Side of an oligodendrocyte's territory on these voxels", "mm"},
    {"onset_distance_mm", "Distance from the venule of the first tissue to lose half of its myelin", "mm"},
    {"chi", "Strength of chemotaxis", ""},
    {"critical_chi", "Strength above which rings form", ""},
    {"critical_wavelength", "Wavelength at that strength", ""},
    {"rings", "Rings from the middle to the edge", ""},
    {"destroyed_share", "Share of oligodendrocytes destroyed", ""},
    {"schedule", "Schedule of relapses", ""},
    {"dead_oligodendrocytes", "Dead oligodendrocytes", ""},
    {"oligodendrocytes", "Oligodendrocytes in all", ""},
    {"intact_share", "Share of sites with full myelin", ""},
    {"covered_share", "Share of sites that are not bare", ""},
}};

// Four significant digits; a number of more before the point keeps them.
std::string four_digits(double value) {
  constexpr double k_four_before_the_point = 1e3;
  return std::abs(value) >= k_four_before_the_point ? fmt::format("{:.0f}", value)
                                                    : fmt::format("{:.4g}", value);
}

std::string model_words(lesion::Model model) {
  switch (model) {
    case lesion::Model::tissue:
      return "cells and signals around a venule";
    case lesion::Model::rings:
      return "chemotaxis alone, without dimensions";
    case lesion::Model::weatherley:
      return "Weatherley et al. 2026";
  }
  return {};
}

std::string days(double from_day, double to_day) {
  return fmt::format("day {} to {}", four_digits(from_day), four_digits(to_day));
}

void add_lever(const lesion::LeverEntry& lever, double end_day, Lines& lines) {
  const lesion::LeverEntry none;
  std::string text;
  const auto add = [&text](std::string_view name, double value, double usual) {
    if (value != usual) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, four_digits(value));
  };
  add("entry ×", lever.entry, none.entry);
  add("activation ×", lever.activation, none.activation);
  add("cytokine ×", lever.cytokine, none.cytokine);
  add("differentiation ×", lever.differentiation, none.differentiation);
  add("division ×", lever.division, none.division);
  add("harm of iron-laden microglia ×", lever.rim, none.rim);
  add("regulator as of a share of all cells of", lever.regulator, none.regulator);
  add("trophic factor as of a share of all cells of", lever.trophic, none.trophic);
  lines.emplace_back("Lever, " + days(lever.from_day, lever.to_day.value_or(end_day)),
                     text.empty() ? "no change" : text);
}

Lines conditions_of_tissue(const lesion::Scenario& c) {
  constexpr double k_days_per_year = 365.25;  // not biology: the Julian year
  Lines lines;
  const lesion::Domain& d = c.domain;
  lines.emplace_back(
      "Tissue",
      d.dimensions == 2
          ? fmt::format("a section of {0} by {0} mm, {1} mm thick, voxels of {2} mm", four_digits(d.size_mm),
                        four_digits(d.thickness_mm), four_digits(d.voxel_mm))
          : fmt::format("a block of {0} by {0} by {1} mm, voxels of {2} mm", four_digits(d.size_mm),
                        four_digits(d.height_mm), four_digits(d.voxel_mm)));
  lines.emplace_back("Time", fmt::format("{} days in steps of {} days", four_digits(c.time.duration_day),
                                         four_digits(c.time.step_day)));
  lines.emplace_back("Age", four_digits(c.host.age_day / k_days_per_year) + " years");
  lines.emplace_back("Progenitors of the tissue",
                     four_digits(c.host.progenitor_density) + " times those of normal white matter");
  for (const lesion::Attack& a : c.attacks)
    lines.emplace_back("Attack, " + days(a.start_day, a.start_day + a.duration_day),
                       four_digits(a.t_cells_per_mm) + " T cells for each mm of venule");
  if (c.attacks.empty()) lines.emplace_back("Attack", "none");
  for (const lesion::Injury& i : c.injuries)
    lines.emplace_back("Injury, day " + four_digits(i.day),
                       "a share of " + four_digits(i.fraction) + " of all oligodendrocytes dies");
  for (const lesion::Addition& a : c.additions)
    lines.emplace_back("Cells given, day " + four_digits(a.day),
                       fmt::format("{} {} for each mm of venule, within {} mm of it", four_digits(a.cells),
                                   a.kind == lesion::Added::mesenchymal ? "mesenchymal cells" : "progenitors",
                                   four_digits(a.radius_mm)));
  for (const lesion::LeverEntry& lever : c.levers) add_lever(lever, c.time.duration_day, lines);
  return lines;
}

Lines conditions_of_rings(const lesion::Rings& k) {
  return {{"Attractant",
           fmt::format("released by macrophages {}, by what is destroyed {}; its diffusion {} of "
                       "theirs, its slowness {}",
                       four_digits(k.beta), four_digits(k.delta), four_digits(k.eps), four_digits(k.tau))},
          {"Rate of destruction", four_digits(k.r)},
          {"Square", fmt::format("{} wide, {} voxels along a side", four_digits(k.width), k.voxels)},
          {"Time", fmt::format("{} in steps of {}", four_digits(k.duration), four_digits(k.step))}};
}

Lines conditions_of_weatherley(const lesion::WeatherleyEntry& w) {
  Lines lines = {{"Days", std::to_string(w.days)}};
  std::string therapy;
  const auto add = [&therapy](const std::string& words) { therapy += (therapy.empty() ? "" : ", ") + words; };
  if (w.close_barrier) add("barrier closed");
  if (w.protect) add("oligodendrocytes protected");
  if (w.restore > 0.0) add("a share of " + four_digits(w.restore) + " of lost oligodendrocytes put back");
  lines.emplace_back("Therapy",
                     therapy.empty() ? "none" : therapy + fmt::format(", from day {}", w.therapy_day));
  return lines;
}

}  // namespace

std::string short_text(const core::Value& value) {
  if (value.text() != nullptr) return *value.text();
  if (value.real() != nullptr) return four_digits(*value.real());
  if (value.boolean() != nullptr) return *value.boolean() ? "yes" : "no";
  std::string json = core::to_json(value);
  while (!json.empty() && json.back() == '\n') json.pop_back();
  return json;
}

Lines lesion_numbers(const core::Value& summary) {
  Lines lines;
  for (const auto& [key, value] : *summary.table()) {
    if (value.array() != nullptr) continue;
    std::string name = key, unit;
    for (const Quantity& q : k_quantities) {
      if (q.key != key) continue;
      name = q.words;
      unit = q.unit;
    }
    lines.emplace_back(name, short_text(value) + (unit.empty() ? "" : " " + unit));
  }
  return lines;
}

Lines lesion_conditions(const lesion::Scenario& c) {
  Lines lines = {{"Model", model_words(c.model)}};
  const auto add = [&lines](const Lines& more) { lines.insert(lines.end(), more.begin(), more.end()); };
  switch (c.model) {
    case lesion::Model::tissue:
      add(conditions_of_tissue(c));
      break;
    case lesion::Model::rings:
      add(conditions_of_rings(c.rings));
      break;
    case lesion::Model::weatherley:
      add(conditions_of_weatherley(c.weatherley));
      break;
  }
  return lines;
}

}  // namespace hortega::apps
