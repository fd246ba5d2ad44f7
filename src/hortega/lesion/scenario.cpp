// SPDX-License-Identifier: Apache-2.0
#include "hortega/lesion/scenario.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace hortega::lesion {

namespace {

using core::Kind;
using core::Report;
using core::Schema;

// not biology from here: limits of what may be asked for
constexpr double k_largest_mm = 100.0;
constexpr double k_least_voxel_mm = 0.01;
constexpr double k_largest_voxel_mm = 0.2;
constexpr double k_share_of_memory = 0.8;
constexpr double k_days_per_year = 365.25;
constexpr double k_most_steps = 2e6;
constexpr double k_oldest_day = 110.0 * k_days_per_year;
constexpr double k_usual_attack_day = 14.0;
constexpr double k_most_dense = 5.0;
// Numbers that a voxel needs beside its fields: what it holds, its list of cells, some cells.
constexpr double k_numbers_of_voxel = 9.0;
// A territory may miss its length by this share; with rounding of numbers like 0.08 / 0.06.
constexpr double k_territory_off = 1.0 / 3.0 + 1e-9;
// Of the model of rings: two fields with their sources and what is destroyed; three variables of a frame as
// they are written.
constexpr double k_bytes_of_rings = 5.0 * sizeof(double) + 3.0 * sizeof(float);
// A frame of the film stands in the page as text, four letters for three bytes.
constexpr double k_bytes_of_frame = 4.0 / 3.0;
// not biology to here

Schema<Domain> domain_schema() {
  Schema<Domain> s("The piece of tissue, with a venule in its middle, across a section and along a block.");
  s.integer("dimensions", &Domain::dimensions).range(2, 3).doc("2: a section; 3: a block.");
  s.quantity("size", &Domain::size_mm, Kind::length)
      .above(0)
      .at_most(k_largest_mm)
      .doc("Side of the square.");
  s.quantity("height", &Domain::height_mm, Kind::length)
      .above(0)
      .at_most(k_largest_mm)
      .doc("Of a block, along the venule.");
  s.quantity("voxel", &Domain::voxel_mm, Kind::length)
      .range(k_least_voxel_mm, k_largest_voxel_mm)
      .doc("Side of a voxel; not below a cell's diameter.");
  s.quantity("thickness", &Domain::thickness_mm, Kind::length)
      .above(0)
      .at_most(1.0)
      .doc("Of a section: how many cells it holds.");
  return s;
}

Schema<Times> time_schema() {
  Schema<Times> s("How long, in what steps, and what is kept.");
  s.quantity("duration", &Times::duration_day, Kind::time).above(0).doc("From the first attack's clock.");
  s.quantity("step", &Times::step_day, Kind::time).above(0).at_most(1.0).doc("Of cells and fields.");
  s.choice("solver", &Times::solver, {{"implicit", Solver::implicit}, {"explicit", Solver::explicit_steps}})
      .doc("implicit is stable for any step; explicit only for a short one, which is checked.");
  s.quantity("measure", &Times::measure_day, Kind::time).above(0).doc("Between rows of volumes.csv.");
  s.quantity("frame", &Times::frame_day, Kind::time)
      .above(0)
      .doc("Between frames of the film and of fields.nc.");
  return s;
}

Schema<Host> host_schema() {
  Schema<Host> s("Whose tissue it is.");
  s.quantity("age", &Host::age_day, Kind::time)
      .range(0.0, k_oldest_day)
      .doc("Slows progenitors and clearance.");
  s.number("progenitor_density", &Host::progenitor_density)
      .range(0.0, k_most_dense)
      .doc("Relative to normal white matter.");
  s.number("iron_uptake", &Host::iron_uptake)
      .range(0.0, 1.0)
      .doc(
          "Chance that a dying oligodendrocyte leaves an iron-laden microglial cell; drawn with the seed if "
          "absent.");
  return s;
}

Schema<Attack> attack_schema() {
  Schema<Attack> s("T cells that cross the venule, evenly over a time.");
  s.quantity("start", &Attack::start_day, Kind::time).range(0.0, 1e5).doc("Day of the first.");
  s.quantity("duration", &Attack::duration_day, Kind::time)
      .above(0)
      .def(k_usual_attack_day)
      .doc("How long they come.");
  s.number("t_cells_per_mm", &Attack::t_cells_per_mm)
      .range(0.0, 1e7)
      .required()
      .doc("In all, for each mm of venule.");
  return s;
}

Schema<Injury> injury_schema() {
  Schema<Injury> s("Oligodendrocytes that die at once, everywhere, without inflammation.");
  s.quantity("day", &Injury::day, Kind::time).range(0.0, 1e5).doc("When.");
  s.number("fraction", &Injury::fraction).range(0.0, 1.0).required().doc("Of all.");
  return s;
}

Schema<LeverEntry> lever_schema() {
  Schema<LeverEntry> s(
      "Levers from a day to a day: factors on what the tissue does, or releases from outside.");
  s.quantity("from", &LeverEntry::from_day, Kind::time).at_least(0).doc("First day.");
  s.quantity("to", &LeverEntry::to_day, Kind::time).above(0).doc("Last day; absent: to the end.");
  const auto factor = [&s](const char* key, double LeverEntry::*member, const char* doc) {
    s.number(key, member).range(0.0, 100.0).doc(doc);
  };
  factor("entry", &LeverEntry::entry, "Factor on cells that cross from the venule.");
  factor("activation", &LeverEntry::activation, "Factor on the reactivation of T cells.");
  factor("cytokine", &LeverEntry::cytokine, "Factor on the release of inflammatory cytokine.");
  factor("differentiation", &LeverEntry::differentiation, "Factor on the differentiation of progenitors.");
  factor("division", &LeverEntry::division, "Factor on the division of progenitors.");
  factor("rim", &LeverEntry::rim, "Factor on the harm that iron-laden microglia do.");
  factor("regulator", &LeverEntry::regulator,
         "Regulator released everywhere, as by this share of all cells.");
  factor("trophic", &LeverEntry::trophic, "Trophic factor released everywhere, likewise.");
  s.check([](const LeverEntry& l, const Report& r) {
    if (l.to_day && *l.to_day <= l.from_day) r.problem("to", "ends before it begins", "after `from`");
  });
  return s;
}

Schema<Addition> addition_schema() {
  Schema<Addition> s("Cells put around the venule.");
  s.choice("kind", &Addition::kind,
           {{"mesenchymal", Added::mesenchymal}, {"progenitors", Added::progenitors}})
      .required()
      .doc("mesenchymal cells release regulator and trophic factor; progenitors divide and differentiate.");
  s.quantity("day", &Addition::day, Kind::time).range(0.0, 1e5).required().doc("When.");
  s.number("cells_per_mm", &Addition::cells).range(0.0, 1e6).required().doc("For each mm of venule.");
  s.quantity("radius", &Addition::radius_mm, Kind::length).above(0).doc("Spread evenly within.");
  return s;
}

Schema<Rings> rings_schema() {
  Schema<Rings> s("Chemotaxis of macrophages without dimensions (model = \"rings\"; docs/lesion.md).");
  s.number("chi", &Rings::chi)
      .range(0.0, 100.0)
      .doc("Strength of chemotaxis; rings above (2/beta)(1+sqrt(eps))^2.");
  s.number("beta", &Rings::beta).above(0).doc("Attractant released by macrophages.");
  s.number("delta", &Rings::delta).at_least(0).doc("Attractant released by destroyed oligodendrocytes.");
  s.number("eps", &Rings::eps).above(0).doc("Diffusion of attractant relative to that of macrophages.");
  s.number("tau", &Rings::tau).above(0).doc("Slowness of attractant.");
  s.number("r", &Rings::r).at_least(0).doc("Rate at which macrophages destroy oligodendrocytes.");
  s.number("width", &Rings::width).above(0).doc("Side of the square.");
  s.integer("voxels", &Rings::voxels).range(16, 4000).doc("Along one side.");
  s.number("step", &Rings::step).above(0).doc("Of time.");
  s.number("duration", &Rings::duration).above(0).doc("Of the run.");
  s.integer("frames", &Rings::frames).range(1, 400).doc("Of the film.");
  s.check([](const Rings& k, const Report& r) {
    // Drift goes through a voxel of side h at chi / 4 * gradient; beyond h / (2 chi) centred fluxes grow.
    const double h = k.width / k.voxels;
    const double most = h * h / (2.0 * (1.0 + k.chi));
    if (k.step > most)
      r.problem("step", fmt::format("a step of {} is unstable with these voxels and chi", k.step),
                fmt::format("at most {:.4g}", most));
    if (k.duration / k.step > k_most_steps)
      r.problem("duration", "more than two million steps", "a shorter run");
  });
  return s;
}

Schema<WeatherleyEntry> weatherley_schema() {
  Schema<WeatherleyEntry> s("The lesion model of Weatherley et al. 2026 (model = \"weatherley\").");
  s.integer("schedule", &WeatherleyEntry::schedule)
      .range(1, 4)
      .doc("1: 3 relapses of 28 d, 2: 3 of 60 d, 3: 6 of 14 d, 4: 6 of 28 d.");
  s.integer("therapy_day", &WeatherleyEntry::therapy_day).range(0, 300).doc("When therapies begin.");
  s.integer("days", &WeatherleyEntry::days).range(1, 3000).doc("Of the run.");
  s.boolean("close_barrier", &WeatherleyEntry::close_barrier).doc("Crossing 0.025 in place of 0.1.");
  s.boolean("protect", &WeatherleyEntry::protect)
      .doc("Oligodendrocytes bear more bare sites (integrated stress response).");
  s.number("restore", &WeatherleyEntry::restore)
      .range(0.0, 1.0)
      .doc("Share of lost oligodendrocytes put back.");
  return s;
}

double memory_of_machine() {
  return static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double giga(double bytes) {
  constexpr double k_giga = 1e9;
  return bytes / k_giga;
}

std::size_t voxels_along(double mm, double voxel_mm) {
  return std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(mm / voxel_mm)));
}

}  // namespace

Schema<Scenario> scenario_schema() {
  Schema<Scenario> s("A lesion in tissue.");
  s.format("hortega-lesion", 1);
  s.text("id", &Scenario::id).required().identifier().doc("Names the output folder.");
  s.text("title", &Scenario::title).required().doc("Heading of the report.");
  s.choice("model", &Scenario::model,
           {{"tissue", Model::tissue}, {"rings", Model::rings}, {"weatherley", Model::weatherley}})
      .doc(
          "tissue: cells and signals around a venule; rings: chemotaxis alone; weatherley: a published "
          "model.");
  s.table("domain", &Scenario::domain, domain_schema()).doc("The piece of tissue.");
  s.table("time", &Scenario::time, time_schema()).doc("Duration and steps.");
  s.table("host", &Scenario::host, host_schema()).doc("Whose tissue.");
  s.tables("attack", &Scenario::attacks, attack_schema()).doc("What comes through the venule.");
  s.tables("injury", &Scenario::injuries, injury_schema()).doc("Loss without inflammation.");
  s.tables("lever", &Scenario::levers, lever_schema()).doc("What acts from outside, over time.");
  s.tables("addition", &Scenario::additions, addition_schema()).doc("Cells given.");
  s.table("rings", &Scenario::rings, rings_schema()).doc("Constants of model = \"rings\".");
  s.table("weatherley", &Scenario::weatherley, weatherley_schema())
      .doc("Settings of model = \"weatherley\".");
  s.check([](const Scenario& c, const Report& r) {
    if (c.model != Model::tissue) return;
    if (c.domain.voxel_mm > 0.1 * c.domain.size_mm)
      r.problem("domain.voxel", "fewer than ten voxels along a side", "at most a tenth of `size`");
    if (c.time.duration_day / c.time.step_day > k_most_steps)
      r.problem("time.step", "more than two million steps", "a longer step or a shorter duration");
  });
  return s;
}

Grid Scenario::grid() const {
  const std::size_t n = voxels_along(domain.size_mm, domain.voxel_mm);
  return {n, n, domain.dimensions == 2 ? 1 : voxels_along(domain.height_mm, domain.voxel_mm), domain.voxel_mm,
          domain.thickness_mm};
}

TissueSettings Scenario::settings(std::uint64_t seed) const {
  TissueSettings s;
  s.grid = grid();
  s.step_day = time.step_day;
  s.solver = time.solver;
  s.age_years = host.age_day / k_days_per_year;
  s.progenitor_density = host.progenitor_density;
  s.iron_uptake = host.iron_uptake;
  s.attacks = attacks;
  s.injuries = injuries;
  s.additions = additions;
  for (const LeverEntry& e : levers) {
    LeverPeriod p;
    p.from_day = e.from_day;
    if (e.to_day) p.to_day = *e.to_day;
    p.levers = {e.entry,    e.activation, e.cytokine,  e.differentiation,
                e.division, e.rim,        e.regulator, e.trophic};
    s.levers.push_back(p);
  }
  s.seed = seed;
  return s;
}

double bytes_needed(const Grid& grid) {
  const double numbers = 2.0 * static_cast<double>(k_fields) + k_numbers_of_voxel;  // values and sources
  return numbers * static_cast<double>(sizeof(double)) * static_cast<double>(grid.voxels());
}

double cells_expected(const Scenario& c, const TissueParameters& p) {
  const Domain& d = c.domain;
  const double venule_mm = d.dimensions == 2 ? d.thickness_mm : d.height_mm;
  const double progenitors = p.cell_density * p.progenitor_share * c.host.progenitor_density *
                             (1.0 + p.progenitor_expansion) * d.size_mm * d.size_mm * venule_mm;
  double per_mm = p.monocyte_entry * std::min(1.0 / p.macrophage_death, c.time.duration_day);
  for (const Attack& a : c.attacks) per_mm += a.t_cells_per_mm;
  for (const Addition& a : c.additions) per_mm += a.cells;
  return progenitors + per_mm * venule_mm;
}

namespace {

struct Need {
  double voxels = 0.0;
  double cells = 0.0;
  double bytes = 0.0;
};

// By floating-point numbers: a count of voxels might not fit an integer.
Need need_of_tissue(const Scenario& c, const TissueParameters& parameters) {
  const Domain& d = c.domain;
  const double side = d.size_mm / d.voxel_mm;
  Need need;
  need.voxels = side * side * (d.dimensions == 2 ? 1.0 : std::max(1.0, d.height_mm / d.voxel_mm));
  need.cells = cells_expected(c, parameters);
  need.bytes = need.voxels * bytes_needed({1, 1, 1, 1.0, 1.0}) + need.cells * Cells::bytes_of_cell();
  return need;
}

Need need_of_rings(const Rings& k) {
  Need need;
  need.voxels = static_cast<double>(k.voxels) * k.voxels;
  need.bytes = need.voxels * (k_bytes_of_rings + k_bytes_of_frame * k.frames);
  return need;
}

double steps_in(double duration, double step) { return std::ceil(duration / step - 1e-9); }

}  // namespace

void check_scenario(const core::Read<Scenario>& read, const TissueParameters& parameters) {
  const Scenario& c = read.value;
  core::Problems problems;
  const double memory = memory_of_machine();
  if (c.model == Model::rings) {
    const auto [voxels, cells, bytes] = need_of_rings(c.rings);
    if (bytes > k_share_of_memory * memory)
      problems.add(read.places.problem(
          "rings.voxels",
          fmt::format("{:.3g} voxels and {} frames need up to {:.1f} GB, and this machine has {:.1f} GB",
                      voxels, c.rings.frames, giga(bytes), giga(memory)),
          "fewer voxels or `frames`"));
  }
  if (c.model != Model::tissue) {
    problems.throw_if_any();
    return;
  }
  const Domain& d = c.domain;
  const auto [voxels, cells, bytes] = need_of_tissue(c, parameters);
  if (bytes > k_share_of_memory * memory || std::max(voxels, cells) > static_cast<double>(UINT32_MAX)) {
    problems.add(read.places.problem(
        "domain.voxel",
        fmt::format("{:.3g} voxels of {:g} mm and some {:.3g} cells need {:.1f} GB, and this machine has "
                    "{:.1f} GB",
                    voxels, d.voxel_mm, cells, giga(bytes), giga(memory)),
        "larger voxels, a smaller `size` or fewer cells"));
  }
  const double territory = parameters.territory;
  const double real = static_cast<double>(voxels_of_territory(territory, d.voxel_mm)) * d.voxel_mm;
  if (std::abs(real / territory - 1.0) > k_territory_off)
    problems.add(read.places.problem(
        "domain.voxel",
        fmt::format("a territory of oligodendrocytes would be {:g} mm wide for {:g} mm", real, territory),
        fmt::format("off by no more than a third; {:g} mm, its half and its third fit", territory)));
  if (d.voxel_mm < 2.0 * parameters.cell_radius)
    problems.add(read.places.problem("domain.voxel", "smaller than a cell",
                                     fmt::format("at least {:g} mm", 2.0 * parameters.cell_radius)));
  if (c.time.solver == Solver::explicit_steps) {
    const double signal =
        parameters.chemokine_range * parameters.chemokine_range / parameters.signal_relaxation;
    const double plasma = parameters.plasma_range * parameters.plasma_range * parameters.plasma_clearance;
    const double largest = std::min(
        largest_explicit_step_day(signal, 1.0 / parameters.signal_relaxation, d.voxel_mm, d.dimensions),
        largest_explicit_step_day(plasma, parameters.plasma_clearance, d.voxel_mm, d.dimensions));
    if (c.time.step_day > largest)
      problems.add(
          read.places.problem("time.step",
                              fmt::format("an explicit step of {:g} d is unstable on voxels of {:g} mm",
                                          c.time.step_day, d.voxel_mm),
                              fmt::format("at most {:.3g} d, or solver = \"implicit\"", largest)));
  }
  for (std::size_t i = 0; i < c.additions.size(); ++i) {
    if (2.0 * c.additions[i].radius_mm > d.size_mm)
      problems.add(read.places.problem(fmt::format("addition[{}].radius", i), "wider than the tissue",
                                       fmt::format("at most {:g} mm", 0.5 * d.size_mm)));
  }
  problems.throw_if_any();
}

std::string territory_words(const Scenario& c, const TissueParameters& parameters) {
  if (c.model != Model::tissue) return {};
  const double voxel = c.domain.voxel_mm;
  const double real = static_cast<double>(voxels_of_territory(parameters.territory, voxel)) * voxel;
  constexpr double k_same = 1e-9;
  return fmt::format("territories of oligodendrocytes: {:g} mm{}", real,
                     std::abs(real / parameters.territory - 1.0) < k_same
                         ? ""
                         : fmt::format(" for {:g}, which the voxel does not divide", parameters.territory));
}

std::string cost_words(const Scenario& c, const TissueParameters& parameters) {
  constexpr double k_mega = 1e6;
  if (c.model == Model::weatherley) return {};
  if (c.model == Model::rings) {
    const Need need = need_of_rings(c.rings);
    return fmt::format("  {:.0f} voxels in {:.0f} steps, up to {:.1f} MB of memory", need.voxels,
                       steps_in(c.rings.duration, c.rings.step), need.bytes / k_mega);
  }
  const Need need = need_of_tissue(c, parameters);
  return fmt::format("  {} voxels and up to {:.0f} cells in {:.0f} steps, about {:.0f} MB of memory",
                     c.grid().voxels(), need.cells, steps_in(c.time.duration_day, c.time.step_day),
                     std::ceil(need.bytes / k_mega));
}

}  // namespace hortega::lesion
