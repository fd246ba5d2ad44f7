// SPDX-License-Identifier: Apache-2.0
// Running a scenario of each model and writing what came out.
#include "lesion_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <vector>

#include "hortega/core/files.hpp"
#include "hortega/core/interrupt.hpp"
#include "hortega/core/progress.hpp"
#include "hortega/lesion/chemotaxis.hpp"
#include "hortega/lesion/weatherley.hpp"
#include "hortega/output/film_page.hpp"
#include "hortega/output/grid_file.hpp"
#include "hortega/output/nifti.hpp"
#include "hortega/output/picture.hpp"
#include "lesion_words.hpp"

namespace hortega::apps {

namespace {

using lesion::Measures;
using lesion::Scenario;
using output::Colour;
using output::Picture;

constexpr std::size_t k_levels = 40;  // of a colour ramp
// A film with more frames than this would be a report too large to mail.
constexpr std::size_t k_most_frames = 120;

/// Four ramps of myelin, from none to all: tissue, enhancing, rim; then cells.
struct TissueColours {
  static constexpr std::size_t tissue = 0;
  static constexpr std::size_t enhancing = k_levels;
  static constexpr std::size_t rim = 2 * k_levels;
  static constexpr std::size_t cells = 3 * k_levels;
  static std::vector<Colour> palette() {
    std::vector<Colour> all = output::ramp({238, 230, 214}, {30, 62, 84}, k_levels);
    const auto add = [&all](const std::vector<Colour>& more) {
      all.insert(all.end(), more.begin(), more.end());
    };
    add(output::ramp({253, 226, 120}, {118, 112, 60}, k_levels));
    add(output::ramp({226, 120, 60}, {150, 60, 40}, k_levels));
    add({{214, 30, 50}, {120, 20, 120}, {60, 170, 90}, {150, 230, 120}, {90, 200, 240}});
    return all;
  }
};

const std::vector<std::pair<std::string, std::string>>& tissue_legend() {
  static const std::vector<std::pair<std::string, std::string>> all = {
      {"#1e3e54", "myelin (pale: none left)"},
      {"#fde278", "enhancing: barrier open"},
      {"#e2783c", "iron-laden microglia (rim)"},
      {"#d61e32", "T cell"},
      {"#781478", "macrophage"},
      {"#96e678", "grafted progenitor"},
      {"#5ac8f0", "mesenchymal cell"}};
  return all;
}

std::size_t level(double share) {
  const double at = std::clamp(share, 0.0, 1.0) * static_cast<double>(k_levels - 1);
  return static_cast<std::size_t>(std::lround(at));
}

/// The middle plane; cells as points in the voxel where they are. Host progenitors are everywhere and are
/// left out.
Picture picture_of(const lesion::Tissue& tissue) {
  const lesion::Grid& g = tissue.grid();
  const std::size_t z = g.nz / 2;
  Picture p;
  p.width = g.nx;
  p.height = g.ny;
  p.palette = TissueColours::palette();
  p.levels.resize(g.nx * g.ny);
  for (std::size_t y = 0; y < g.ny; ++y) {
    for (std::size_t x = 0; x < g.nx; ++x) {
      std::size_t base = TissueColours::tissue;
      if (tissue.label(x, y, z) == lesion::Label::rim) base = TissueColours::rim;
      if (tissue.enhances(x, y, z)) base = TissueColours::enhancing;
      p.levels[y * g.nx + x] = static_cast<std::uint8_t>(base + level(tissue.myelin(g.index(x, y, z))));
    }
  }
  for (std::size_t i = 0; i < tissue.cells().size(); ++i) {
    const lesion::Cell& cell = tissue.cells()[i];
    if (cell.kind == lesion::CellKind::progenitor) continue;
    const std::size_t v = tissue.cells().voxel_of(cell);
    if (v / (g.nx * g.ny) != z) continue;
    p.levels[v % (g.nx * g.ny)] =
        static_cast<std::uint8_t>(TissueColours::cells + static_cast<std::size_t>(cell.kind));
  }
  return p;
}

/// Frames as files and in the page.
class Film {
 public:
  Film(const core::OutputDirectory& out, output::FilmPage& page) : out_(out), page_(page) {}
  void add(const Picture& picture, const std::string& caption) {
    const std::string bytes = output::png(picture);
    out_.write(fmt::format("frames/frame_{:04}.png", page_.frames.size()), bytes);
    page_.frames.push_back({caption, "data:image/png;base64," + output::base64(bytes)});
  }

 private:
  const core::OutputDirectory& out_;
  output::FilmPage& page_;
};

const std::vector<output::GridVariable>& tissue_variables() {
  static const std::vector<output::GridVariable> all = {
      {"myelin", "myelin, share of normal", "1"},
      {"debris", "myelin debris, share of normal myelin", "1"},
      {"axons", "axons, share of normal", "1"},
      {"oligodendrocytes", "oligodendrocytes of the territory, share of normal", "1"},
      {"cytokine", "inflammatory cytokine, as released by this share of all cells", "1"},
      {"plasma", "leaked plasma protein, 1: barrier fully open for long", "1"},
      {"label", "0 normal, 1 demyelinated, 2 repaired, 3 rim", "1"},
      {"cells", "immune and added cells in the voxel", "1"}};
  return all;
}

void put_fields(const lesion::Tissue& tissue, output::GridFile& file) {
  const lesion::Grid& g = tissue.grid();
  std::array<std::vector<float>, 8> values;
  for (auto& v : values) v.assign(g.voxels(), 0.0F);
  for (std::size_t z = 0; z < g.nz; ++z) {
    for (std::size_t y = 0; y < g.ny; ++y) {
      for (std::size_t x = 0; x < g.nx; ++x) {
        const std::size_t v = g.index(x, y, z);
        const double all[7] = {tissue.myelin(v),
                               tissue.debris(v),
                               tissue.axons(v),
                               tissue.coverage(x, y, z),
                               tissue.fields().at(static_cast<std::size_t>(lesion::Field::cytokine), x, y, z),
                               tissue.fields().at(static_cast<std::size_t>(lesion::Field::plasma), x, y, z),
                               static_cast<double>(tissue.label(x, y, z))};
        for (std::size_t k = 0; k < 7; ++k) values[k][v] = static_cast<float>(all[k]);
      }
    }
  }
  for (std::size_t i = 0; i < tissue.cells().size(); ++i) {
    if (tissue.cells()[i].kind != lesion::CellKind::progenitor)
      values[7][tissue.cells().voxel_of(tissue.cells()[i])] += 1.0F;
  }
  file.begin(tissue.day());
  for (std::size_t k = 0; k < values.size(); ++k) file.put(k, values[k]);
}

std::string volumes_csv(const std::vector<Measures>& all, const std::string& unit) {
  core::CsvWriter csv({"day", "lesion_" + unit, "demyelinated_" + unit, "enhancing_" + unit,
                       "repaired_fraction", "transected_fraction", "rim_fraction", "oligodendrocytes",
                       "oligodendrocytes_made", "oligodendrocytes_lost", "t_cells", "macrophages",
                       "progenitors", "grafted_progenitors", "mesenchymal_cells", "iron_laden_microglia",
                       "edge_laden_share", "core_laden_share"});
  for (const Measures& m : all) {
    csv.cell(m.day).cell(m.lesion).cell(m.demyelinated).cell(m.enhancing).cell(m.repaired_fraction);
    csv.cell(m.transected_fraction)
        .cell(m.rim_fraction)
        .cell(m.oligodendrocytes)
        .cell(m.oligodendrocytes_made);
    csv.cell(m.oligodendrocytes_lost);
    for (const double n : m.cells) csv.cell(n);
    csv.cell(m.laden).cell(m.edge_laden_share).cell(m.core_laden_share);
    csv.end_row();
  }
  return csv.text();
}

template <class Get>
output::Curve curve(const char* name, const std::vector<Measures>& all, const Get& get) {
  output::Curve c;
  c.name = name;
  for (const Measures& m : all) c.values.push_back(get(m));
  return c;
}

/// A rim on more than half of the edge, half a year or more after the attack: chronic active.
bool is_chronic_active(const Measures& end) {
  constexpr double k_half_year_day = 182.0;
  return end.day >= k_half_year_day && end.rim_fraction > 0.5;
}

/// How hollow the rim is: a lesion that is laden all over has a rim on all of its edge, and none to be seen.
std::string rim_words(const Measures& end) {
  if (!is_chronic_active(end)) return "kept no rim on most of its edge";
  if (end.core_laden_share <= 0.0) return "kept an iron rim on more than half of its edge and none within";
  return fmt::format("kept an iron rim on more than half of its edge, {:.1f} times as dense as within",
                     end.edge_laden_share / end.core_laden_share);
}

core::Value finish(const core::OutputDirectory& out, output::FilmPage& page, const core::Value& summary) {
  out.write("report.html", output::film_html(page));
  out.write("summary.json", core::to_json(summary));
  return summary;
}

core::Value run_tissue(const Scenario& scenario, const lesion::TissueParameters& parameters,
                       std::uint64_t seed, const core::OutputDirectory& out, output::FilmPage& page) {
  lesion::Tissue tissue(scenario.settings(seed), parameters);
  const lesion::Grid& g = tissue.grid();
  const std::string unit = g.is_section() ? "mm2" : "mm3";
  const auto temporary = out.prepare(".fields.nc.part");
  output::GridFile fields(temporary, g.nx, g.ny, g.nz, g.voxel_mm, "days since 2000-01-01", scenario.title,
                          tissue_variables());
  Film film(out, page);
  std::vector<Measures> measures;
  const double frame_day =
      std::max(scenario.time.frame_day, scenario.time.duration_day / static_cast<double>(k_most_frames));
  const auto steps =
      static_cast<std::int64_t>(std::ceil(scenario.time.duration_day / scenario.time.step_day - 1e-9));
  core::Progress progress("lesion", steps);
  double next_measure = 0.0;
  double next_frame = 0.0;
  constexpr double k_slack = 1e-9;
  for (std::int64_t step = 0; step <= steps; ++step) {
    core::throw_if_interrupted();
    if (tissue.day() >= next_measure - k_slack || step == steps) {
      measures.push_back(tissue.measure());
      next_measure += scenario.time.measure_day;
    }
    if (tissue.day() >= next_frame - k_slack || step == steps) {
      film.add(picture_of(tissue), fmt::format("day {:.0f}", tissue.day()));
      put_fields(tissue, fields);
      next_frame += frame_day;
    }
    if (step == steps) break;
    tissue.step();
    progress.tick();
  }
  fields.close();
  std::filesystem::rename(temporary, out.path() / "fields.nc");
  out.write("volumes.csv", volumes_csv(measures, unit));
  std::vector<std::uint8_t> labels(g.voxels());
  for (std::size_t z = 0; z < g.nz; ++z) {
    for (std::size_t y = 0; y < g.ny; ++y) {
      for (std::size_t x = 0; x < g.nx; ++x)
        labels[g.index(x, y, z)] = static_cast<std::uint8_t>(tissue.label(x, y, z));
    }
  }
  out.write("labels.nii", output::nifti_labels(labels, g.nx, g.ny, g.nz, g.voxel_mm,
                                               g.is_section() ? g.thickness_mm : g.voxel_mm,
                                               "Hortega lesion: 1 demyelinated 2 repaired 3 rim"));
  const Measures& end = measures.back();
  double largest = 0.0;
  double enhancing_day = 0.0;
  for (std::size_t i = 0; i < measures.size(); ++i) {
    largest = std::max(largest, measures[i].demyelinated);
    if (i > 0 && measures[i].enhancing > 0.0) enhancing_day += measures[i].day - measures[i - 1].day;
  }
  core::Value summary;
  summary.set("model", "tissue").set("seed", static_cast<std::int64_t>(seed)).set("duration_day", end.day);
  summary.set("lesion_" + unit, end.lesion).set("largest_demyelinated_" + unit, largest);
  summary.set("demyelinated_" + unit, end.demyelinated).set("enhancing_day", enhancing_day);
  summary.set("repaired_fraction", end.repaired_fraction).set("transected_fraction", end.transected_fraction);
  summary.set("rim_fraction", end.rim_fraction).set("chronic_active", is_chronic_active(end));
  summary.set("edge_laden_share", end.edge_laden_share).set("core_laden_share", end.core_laden_share);
  if (end.core_laden_share > 0.0)
    summary.set("edge_over_core_laden", end.edge_laden_share / end.core_laden_share);
  summary.set("iron_uptake", tissue.iron_uptake()).set("territory_mm", tissue.territory_mm());
  if (tissue.onset_mm() >= 0.0) summary.set("onset_distance_mm", tissue.onset_mm());
  page.kind = "Simulated lesion";
  if (end.lesion > 0.0) {
    page.answer = fmt::format(
        "The lesion reached {:.2f} {} without myelin and enhanced for {:.0f} days. On day {:.0f}, {:.0f} % "
        "of the lost myelin "
        "was back, {:.0f} % of its axons were transected, and it {}.",
        largest, unit == "mm2" ? "mm²" : "mm³", enhancing_day, end.day, 100.0 * end.repaired_fraction,
        100.0 * end.transected_fraction, rim_words(end));
  } else {
    page.answer = fmt::format(
        "No tissue lost half of its myelin. Of the oligodendrocytes {:.1f} % are there on day {:.0f}.",
        100.0 * end.oligodendrocytes, end.day);
  }
  page.legend = tissue_legend();
  page.film_note = fmt::format("{:g} mm of tissue across, voxels of {:g} µm; the venule is in the middle.",
                               static_cast<double>(g.nx) * g.voxel_mm, 1000.0 * g.voxel_mm);
  page.x_label = "days";
  for (const Measures& m : measures) page.times.push_back(m.day);
  const char* square = g.is_section() ? "mm²" : "mm³";
  page.figures = {
      {"Size",
       square,
       {curve("ever demyelinated", measures, [](const Measures& m) { return m.lesion; }),
        curve("demyelinated", measures, [](const Measures& m) { return m.demyelinated; }),
        curve("enhancing", measures, [](const Measures& m) { return m.enhancing; })}},
      {"Repair and damage",
       "share of the lesion",
       {curve("myelin regained", measures, [](const Measures& m) { return m.repaired_fraction; }),
        curve("axons transected", measures, [](const Measures& m) { return m.transected_fraction; }),
        curve("rim on its edge", measures, [](const Measures& m) { return m.rim_fraction; })}},
      {"Immune cells",
       "cells",
       {curve("T cells", measures, [](const Measures& m) { return m.cells[0]; }),
        curve("macrophages", measures, [](const Measures& m) { return m.cells[1]; }),
        curve("iron-laden microglia", measures, [](const Measures& m) { return m.laden; })}},
      {"Oligodendrocytes",
       "share of the original number",
       {curve("alive", measures, [](const Measures& m) { return m.oligodendrocytes; }),
        curve("lost so far", measures, [](const Measures& m) { return m.oligodendrocytes_lost; }),
        curve("made so far", measures, [](const Measures& m) { return m.oligodendrocytes_made; })}}};
  page.files = {"volumes.csv", "fields.nc", "labels.nii", "summary.json"};
  page.method =
      "Cells are agents, signals are fields solved implicitly; every constant has a passport in "
      "data/parameters/lesion/lesion.toml, most of "
      "them assumed (grade D). Equations and checks: docs/lesion.md.";
  return summary;
}

Picture ramp_picture(std::size_t n, const std::function<double(std::size_t, std::size_t)>& share) {
  Picture p;
  p.width = p.height = n;
  p.palette = output::ramp({30, 62, 84}, {240, 226, 190}, k_levels);
  p.levels.resize(n * n);
  for (std::size_t y = 0; y < n; ++y) {
    for (std::size_t x = 0; x < n; ++x) p.levels[y * n + x] = static_cast<std::uint8_t>(level(share(x, y)));
  }
  return p;
}

/// Rises along a profile that come back by more than a fiftieth: rings.
int rings_of(const std::vector<double>& profile) {
  constexpr double k_contrast = 0.02;
  int count = 0;
  double low = 1e9;
  double high = -1e9;
  bool rising = false;
  for (const double v : profile) {
    if (rising) {
      high = std::max(high, v);
      if (v < high - k_contrast) {
        ++count;
        rising = false;
        low = v;
      }
    } else {
      low = std::min(low, v);
      if (v > low + k_contrast) {
        rising = true;
        high = v;
      }
    }
  }
  return count;
}

lesion::ChemotaxisConstants constants_of(const lesion::Rings& k) {
  return {k.chi, k.beta, k.delta, k.eps, k.tau, k.r};
}

lesion::WeatherleySettings settings_of(const lesion::WeatherleyEntry& entry) {
  lesion::WeatherleySettings s;
  s.schedule = entry.schedule;
  s.steps = entry.days * k_weatherley_steps_per_day;
  s.therapy_step = entry.therapy_day * k_weatherley_steps_per_day;
  s.close_barrier = entry.close_barrier;
  s.protect = entry.protect;
  s.restore_fraction = entry.restore;
  return s;
}

core::Value run_rings(const Scenario& scenario, const core::OutputDirectory& out, output::FilmPage& page) {
  const lesion::Rings& k = scenario.rings;
  const auto n = static_cast<std::size_t>(k.voxels);
  const double h = k.width / static_cast<double>(n);
  lesion::ChemotaxisModel model(constants_of(k), n, n, h, k.step);
  for (std::size_t y = n / 2 - 2; y <= n / 2 + 2; ++y) {
    for (std::size_t x = n / 2 - 2; x <= n / 2 + 2; ++x) model.macrophages(y)[x] = 1.0;
  }
  const auto temporary = out.prepare(".fields.nc.part");
  output::GridFile fields(temporary, n, n, 1, h, "1", scenario.title,
                          {{"macrophages", "macrophages", "1"},
                           {"attractant", "chemoattractant", "1"},
                           {"destroyed", "destroyed oligodendrocytes", "1"}});
  Film film(out, page);
  core::CsvWriter csv({"time", "destroyed_share", "macrophages_mean", "rings"});
  const auto steps = static_cast<std::int64_t>(std::ceil(k.duration / k.step - 1e-9));
  core::Progress progress("rings", steps);
  output::Curve destroyed{"destroyed", {}};
  int rings = 0;
  std::vector<double> last_profile;
  for (std::int64_t step = 0; step <= steps; ++step) {
    core::throw_if_interrupted();
    if (step * k.frames / steps != (step - 1) * k.frames / steps || step == 0) {
      const double time = static_cast<double>(step) * k.step;
      double lost = 0.0;
      double cells = 0.0;
      std::vector<float> values[3];
      for (auto& v : values) v.resize(n * n);
      for (std::size_t y = 0; y < n; ++y) {
        for (std::size_t x = 0; x < n; ++x) {
          lost += model.destroyed(y)[x];
          cells += model.macrophages(y)[x];
          values[0][y * n + x] = static_cast<float>(model.macrophages(y)[x]);
          values[1][y * n + x] = static_cast<float>(model.attractant(y)[x]);
          values[2][y * n + x] = static_cast<float>(model.destroyed(y)[x]);
        }
      }
      fields.begin(time);
      for (std::size_t i = 0; i < 3; ++i) fields.put(i, values[i]);
      const double all = static_cast<double>(n * n);
      const double* middle = model.destroyed(n / 2);
      last_profile.assign(middle + n / 2, middle + n);
      rings = rings_of(last_profile);
      csv.cell(time).cell(lost / all).cell(cells / all).cell(rings);
      csv.end_row();
      page.times.push_back(time);
      destroyed.values.push_back(lost / all);
      film.add(ramp_picture(n, [&](std::size_t x, std::size_t y) { return model.destroyed(y)[x]; }),
               fmt::format("time {:.1f}", time));
    }
    if (step == steps) break;
    model.step();
    progress.tick();
  }
  fields.close();
  std::filesystem::rename(temporary, out.path() / "fields.nc");
  out.write("volumes.csv", csv.text());
  const double critical = lesion::critical_chi(constants_of(k));
  core::Value summary;
  summary.set("model", "rings").set("chi", k.chi).set("critical_chi", critical);
  summary.set("critical_wavelength", lesion::critical_wavelength(constants_of(k)));
  summary.set("rings", rings).set("destroyed_share", destroyed.values.back());
  page.kind = "Simulated lesion";
  page.answer = fmt::format(
      "{}: chemotaxis is {:.1f} times its critical strength, and {}.",
      k.chi > critical ? "Above the threshold" : "Below the threshold", k.chi / critical,
      rings > 0
          ? fmt::format("the plaque has {} ring{} from its middle to its edge", rings, rings == 1 ? "" : "s")
          : "the plaque is homogeneous");
  page.legend = {{"#1e3e54", "tissue"}, {"#f0e2be", "oligodendrocytes destroyed"}};
  page.film_note = "Without dimensions: lengths in those that a macrophage wanders in its time of growth.";
  page.x_label = "time";
  page.figures = {{"Destroyed tissue", "share", {destroyed}}};
  page.files = {"volumes.csv", "fields.nc", "summary.json"};
  page.method =
      "Chemotaxis and reaction after Khonsari & Calvez 2007, Lombardo's form from memory; threshold and "
      "wavelength are "
      "tested against linear "
      "analysis (docs/lesion.md).";
  return summary;
}

core::Value run_weatherley(const Scenario& scenario, std::uint64_t seed, const core::OutputDirectory& out,
                           output::FilmPage& page) {
  using lesion::WeatherleyModel;
  const lesion::WeatherleySettings settings = settings_of(scenario.weatherley);
  WeatherleyModel model(settings, seed);
  Film film(out, page);
  core::CsvWriter csv(
      {"day", "dead_oligodendrocytes", "healthy_oligodendrocytes", "covered_share", "reactivated_t_cells"});
  output::Curve dead{"dead", {}};
  output::Curve covered{"sites with myelin", {}};
  output::Curve cells{"reactivated T cells", {}};
  core::Progress progress("weatherley", settings.steps);
  constexpr int k_day = k_weatherley_steps_per_day;
  constexpr int k_frame = 5 * k_day;
  for (int step = 0; step <= settings.steps; ++step) {
    if (step % k_day == 0) {
      core::throw_if_interrupted();
      const double day = static_cast<double>(step) / k_day;
      csv.cell(day).cell(model.dead()).cell(model.healthy()).cell(model.covered()).cell(model.reactivated());
      csv.end_row();
      page.times.push_back(day);
      dead.values.push_back(model.dead());
      covered.values.push_back(model.covered());
      cells.values.push_back(static_cast<double>(model.reactivated()));
      if (step % k_frame == 0) {
        Picture p;
        p.width = WeatherleyModel::k_width;
        p.height = WeatherleyModel::k_height;
        p.palette = output::ramp({238, 230, 214}, {30, 62, 84}, k_levels);
        for (int y = 0; y < WeatherleyModel::k_height; ++y) {
          for (int x = 0; x < WeatherleyModel::k_width; ++x)
            p.levels.push_back(static_cast<std::uint8_t>(level(model.grade(x, y) / 4.0)));
        }
        film.add(p, fmt::format("day {:.0f}", day));
      }
    }
    if (step == settings.steps) break;
    model.step();
    progress.tick();
  }
  out.write("volumes.csv", csv.text());
  core::Value summary;
  summary.set("model", "weatherley")
      .set("seed", static_cast<std::int64_t>(seed))
      .set("schedule", settings.schedule);
  summary.set("dead_oligodendrocytes", model.dead())
      .set("oligodendrocytes", WeatherleyModel::k_oligodendrocytes);
  summary.set("intact_share", model.intact()).set("covered_share", model.covered());
  page.kind = "Published model, run again";
  page.answer = fmt::format(
      "On day {} {} of {} oligodendrocytes were dead and {:.0f} % of sites had full myelin.",
      scenario.weatherley.days, model.dead(), WeatherleyModel::k_oligodendrocytes, 100.0 * model.intact());
  page.legend = {{"#1e3e54", "full myelin"}, {"#eee6d6", "bare"}};
  page.film_note =
      "The blood is on the left, beyond the perivascular space; myelin is 100 sites wide and 300 high.";
  page.x_label = "days";
  page.figures = {{"Oligodendrocytes", "of 1200", {dead}},
                  {"Myelin", "share of sites", {covered}},
                  {"Immune cells", "cells", {cells}}};
  page.files = {"volumes.csv", "summary.json"};
  page.method =
      "Weatherley et al. 2026 (doi:10.1371/journal.pcbi.1013273), from its rules; compared over seeds in "
      "docs/lesion.md.";
  return summary;
}

}  // namespace

core::Value run_lesion(const Scenario& scenario, const lesion::TissueParameters& parameters,
                       std::uint64_t seed, const std::vector<std::string>& settings,
                       const std::string& command, const core::OutputDirectory& out) {
  output::FilmPage page;
  page.title = scenario.title;
  page.command = command;
  core::Value summary;
  switch (scenario.model) {
    case lesion::Model::tissue:
      summary = run_tissue(scenario, parameters, seed, out, page);
      break;
    case lesion::Model::rings:
      summary = run_rings(scenario, out, page);
      break;
    case lesion::Model::weatherley:
      summary = run_weatherley(scenario, seed, out, page);
      break;
  }
  core::Value::Array by_hand;
  for (const std::string& setting : settings) by_hand.emplace_back(setting);
  summary.set("settings", std::move(by_hand));
  page.conditions = lesion_conditions(scenario);
  for (const std::string& setting : settings) page.conditions.emplace_back("Set by hand", setting);
  page.numbers = lesion_numbers(summary);
  page.files.emplace_back("manifest.json");
  return finish(out, page, summary);
}

}  // namespace hortega::apps
