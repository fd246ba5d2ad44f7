// SPDX-License-Identifier: Apache-2.0
// The design of runs, the emulators and the table.
#include "lesion_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <mutex>
#include <string>
#include <vector>

#include "hortega/analysis/emulator.hpp"
#include "hortega/analysis/low_discrepancy.hpp"
#include "hortega/core/data_path.hpp"
#include "hortega/core/files.hpp"
#include "hortega/core/interrupt.hpp"
#include "hortega/core/parallel.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/core/progress.hpp"
#include "hortega/lesion/design.hpp"

namespace hortega::apps {

namespace {

using lesion::DesignGrid;
using lesion::DesignOutcome;
using lesion::DesignRepeat;
using lesion::k_design_inputs;
using lesion::k_design_outcomes;

constexpr int k_folds = 8;
constexpr double k_not_run = std::numeric_limits<double>::quiet_NaN();

double phi(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

struct Response {
  DesignOutcome outcome;
  const char* name;
  const char* long_name;
  const char* units;
  // The scale on which the emulator works, and back.
  std::function<double(double)> to;
  std::function<double(double)> from;
};

double logit(double p) {
  constexpr double k_edge = 0.01;  // a share of 0 or 1 is as far as this
  const double q = std::clamp(p, k_edge, 1.0 - k_edge);
  return std::log(q / (1.0 - q));
}
double expit(double x) { return 1.0 / (1.0 + std::exp(-x)); }

double area_mm2() {
  const lesion::Grid grid =
      lesion::design_settings(lesion::design_point(std::vector<double>(k_design_inputs, 0.5)),
                              DesignGrid::reduced, 1)
          .grid;
  return static_cast<double>(grid.voxels()) * grid.voxel_measure();
}

const std::vector<Response>& responses() {
  static const std::vector<Response> all = {
      {DesignOutcome::size, "size", "tissue that ever lost half of its myelin, in a section, at one year",
       "mm2", [](double x) { return std::log(std::max(x, 0.01)); },
       [](double y) { return std::min(std::exp(y), area_mm2()); }},
      {DesignOutcome::repaired_fraction, "repaired_fraction",
       "share of the lost myelin that is back at one year", "1", logit, expit},
      {DesignOutcome::transected_fraction, "transected_fraction",
       "share of the lesion's axons transected at one year", "1", logit, expit},
      {DesignOutcome::rim_fraction, "rim_fraction", "share of the lesion's edge with an iron rim at one year",
       "1", logit, expit}};
  return all;
}

/// Every point of the grid of axes, the last axis fastest.
std::vector<std::vector<double>> grid_points(const std::vector<lesion::TableAxis>& axes) {
  std::vector<std::vector<double>> all = {{}};
  for (const auto& axis : axes) {
    std::vector<std::vector<double>> more;
    more.reserve(all.size() * axis.values.size());
    for (const auto& point : all) {
      for (const double v : axis.values) {
        more.push_back(point);
        more.back().push_back(v);
      }
    }
    all.swap(more);
  }
  return all;
}

/// What stands in the file is rounded so that it packs: far below the emulator's error.
double rounded(double x) {
  constexpr double k_parts = 8192.0;
  return std::round(x * k_parts) / k_parts;
}

/// Under a temporary name, then renamed: readers see the old file or the new one.
void write_whole(const lesion::LesionTable& table, const std::filesystem::path& file) {
  const std::filesystem::path part = file.string() + ".part";
  table.write(part);
  std::filesystem::rename(part, file);
}

std::filesystem::path kept_beside(const std::filesystem::path& file) { return file.string() + ".runs"; }

/// The runs of a design, those that `known` holds taken over. What is made is kept in `kept` run by run: a
/// build of many minutes that is killed loses the lesions under way alone.
lesion::TableRuns make_runs(const lesion::TissueParameters& parameters, const LesionTableSettings& settings,
                            const std::vector<double>& unit, const lesion::TableRuns& known,
                            const std::filesystem::path& kept) {
  const auto runs = static_cast<std::size_t>(settings.runs);
  lesion::TableRuns out{lesion::design_digest(parameters, settings.seed), lesion::design_columns(), {}};
  const std::size_t columns = out.columns.size();
  out.values.assign(runs * columns, k_not_run);
  for (std::size_t i = 0; i < std::min(runs, known.size()); ++i)
    std::copy_n(known.row(i).begin(), columns, out.values.begin() + static_cast<std::ptrdiff_t>(i * columns));
  std::mutex one_at_a_time;  // NetCDF is not made for threads
  const auto make = [&](std::size_t i, DesignRepeat repeat) {
    core::throw_if_interrupted();
    double* row = out.values.data() + i * columns;
    double* to = row + lesion::design_column(repeat, DesignOutcome::size);
    if (!std::isnan(*to)) return;
    const auto inputs = lesion::design_point(std::span(unit).subspan(i * k_design_inputs, k_design_inputs));
    const auto outcomes = lesion::run_design(
        lesion::design_settings(inputs, repeat == DesignRepeat::full ? DesignGrid::full : DesignGrid::reduced,
                                lesion::design_seed(i, repeat)),
        parameters);
    const std::lock_guard lock(one_at_a_time);
    std::copy(inputs.begin(), inputs.end(), row);
    std::copy(outcomes.begin(), outcomes.end(), to);
    write_whole({lesion::design_axes(), {}, "runs of a table that is being made", out}, kept);
  };
  {
    core::Progress progress("lesions", settings.runs);
    core::parallel_for(runs, [&](std::size_t i) {
      make(i, DesignRepeat::first);
      progress.tick();
    });
  }
  core::Progress progress("full size", settings.full_checks);
  for (std::size_t i = 0; i < static_cast<std::size_t>(settings.full_checks); ++i) {
    make(i, DesignRepeat::other_seed);
    make(i, DesignRepeat::full);
    progress.tick();
  }
  return out;
}

/// The reduced piece of tissue against the full one, with the same inputs.
struct AgainstFull {
  double size_ratio = 0.0;  ///< geometric mean, reduced over full
  std::array<double, k_design_outcomes> worst{};
  std::array<double, k_design_outcomes> worst_other_seed{};  ///< what chance alone does
};

AgainstFull compare(const lesion::TableRuns& runs, std::size_t checks) {
  AgainstFull out;
  double log_ratio = 0.0;
  for (std::size_t i = 0; i < checks; ++i) {
    const auto row = runs.row(i);
    const auto get = [&](DesignRepeat repeat, DesignOutcome outcome) {
      return row[lesion::design_column(repeat, outcome)];
    };
    std::string line = fmt::format("run {}, reduced / other seed / full:", i + 1);
    for (const Response& r : responses()) {
      const auto o = static_cast<std::size_t>(r.outcome);
      const double first = get(DesignRepeat::first, r.outcome);
      const double other = get(DesignRepeat::other_seed, r.outcome);
      const double full = get(DesignRepeat::full, r.outcome);
      out.worst[o] = std::max(out.worst[o], std::abs(first - full));
      out.worst_other_seed[o] = std::max(out.worst_other_seed[o], std::abs(first - other));
      line += fmt::format(" {} {:.3f} / {:.3f} / {:.3f}", r.name, first, other, full);
      if (r.outcome == DesignOutcome::size)
        log_ratio += std::log(std::max(first, 0.01) / std::max(full, 0.01)) / static_cast<double>(checks);
    }
    fmt::print(stderr, "{}\n", line);
  }
  out.size_ratio = std::exp(log_ratio);
  return out;
}

/// An outcome at every point of the table, and what the emulator is worth on runs that it did not see.
struct Fitted {
  lesion::TableOutput output;
  std::vector<double> mean;       // on the emulator's scale
  std::vector<double> predicted;  // of each run, held out, on that scale
  std::vector<double> observed;
};

Fitted fit_response(const Response& response, const lesion::TableRuns& runs,
                    const std::vector<std::vector<double>>& points) {
  constexpr std::size_t k_features = lesion::k_design_features;
  std::vector<double> x;
  Fitted out;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    // What has no lesion has no outcome: those runs are left out of all but size.
    const auto row = runs.row(i);
    const bool none = row[lesion::design_column(DesignRepeat::first, DesignOutcome::size)] <= 0.0;
    if (none && response.outcome != DesignOutcome::size) continue;
    const auto features = lesion::design_features(row.first(k_design_inputs));
    x.insert(x.end(), features.begin(), features.end());
    out.observed.push_back(response.to(row[lesion::design_column(DesignRepeat::first, response.outcome)]));
  }
  analysis::EmulatorSettings fit;
  fit.starts = 2;
  fit.iterations = 40;
  const analysis::Emulator emulator(x, k_features, out.observed, fit);
  const analysis::HeldOut held = analysis::held_out(x, k_features, out.observed, k_folds, fit);
  out.predicted = held.predicted;
  out.output.name = response.name;
  out.output.long_name = response.long_name;
  out.output.units = response.units;
  out.output.held_out_q2 = held.q2;
  out.output.noise_ceiling = held.ceiling;
  double squares = 0.0;
  for (std::size_t i = 0; i < held.predicted.size(); ++i) {
    const double error = response.from(held.predicted[i]) - response.from(out.observed[i]);
    squares += error * error / static_cast<double>(held.predicted.size());
  }
  out.output.held_out_rmse = std::sqrt(squares);
  out.mean.resize(points.size());
  core::parallel_for(points.size(),
                     [&](std::size_t i) { out.mean[i] = emulator.mean(lesion::design_features(points[i])); });
  for (const double mean : out.mean) out.output.values.push_back(rounded(response.from(mean)));
  return out;
}

/// The chance of a rim on more than half of the edge (0 on the logit scale): lesions scatter about the
/// emulated rim as the held-out ones do. Its error is that of the chance against what happened (Brier).
lesion::TableOutput chronic_active(const Fitted& rim) {
  const auto n = static_cast<double>(rim.observed.size());
  double squares = 0.0;
  double share = 0.0;
  for (std::size_t i = 0; i < rim.observed.size(); ++i) {
    squares += (rim.predicted[i] - rim.observed[i]) * (rim.predicted[i] - rim.observed[i]) / n;
    share += (rim.observed[i] > 0.0 ? 1.0 : 0.0) / n;
  }
  const double scatter = std::sqrt(squares);
  double brier = 0.0;
  double unavoidable = 0.0;
  for (std::size_t i = 0; i < rim.observed.size(); ++i) {
    const double chance = phi(rim.predicted[i] / scatter);
    const double error = chance - (rim.observed[i] > 0.0 ? 1.0 : 0.0);
    brier += error * error / n;
    unavoidable += chance * (1.0 - chance) / n;
  }
  const double variance = std::max(share * (1.0 - share), 1e-9);
  lesion::TableOutput out;
  out.name = "chronic_active_probability";
  out.long_name = "chance of an iron rim on more than half of the edge at one year";
  out.units = "1";
  out.held_out_q2 = 1.0 - brier / variance;
  out.held_out_rmse = std::sqrt(brier);
  out.noise_ceiling = 1.0 - unavoidable / variance;
  for (const double mean : rim.mean) out.values.push_back(rounded(phi(mean / scatter)));
  return out;
}

lesion::TableRuns known_runs(const std::filesystem::path& file, const std::string& digest,
                             const std::string& option) {
  lesion::TableRuns known = lesion::LesionTable::read(file).runs();
  if (known.digest != digest || known.columns != lesion::design_columns())
    throw core::InputError(core::Problem{{file.string(), 0, 0, {}},
                                         {},
                                         "its runs were made with other parameters, axes or another --seed",
                                         "without " + option + " they are made anew",
                                         {}});
  return known;
}

}  // namespace

core::Value build_lesion_table(const lesion::TissueParameters& parameters,
                               const LesionTableSettings& settings) {
  const std::filesystem::path file =
      settings.file.empty() ? core::data_folder() / "tables" / "lesion.nc" : settings.file;
  lesion::TableRuns known;
  const std::string digest = lesion::design_digest(parameters, settings.seed);
  const std::filesystem::path kept = kept_beside(file);
  if (settings.refit) known = known_runs(file, digest, "--refit");
  if (settings.resume) known = known_runs(kept, digest, "--resume");
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path());
  const std::vector<double> unit =
      analysis::sobol_points(static_cast<std::size_t>(settings.runs), k_design_inputs, settings.seed);
  lesion::TableRuns runs;
  try {
    runs = make_runs(parameters, settings, unit, known, kept);
  } catch (const core::Interrupted&) {
    fmt::print(stderr, "the runs made are kept in {}; --resume goes on with them\n", kept.string());
    throw;
  }
  core::Value summary;
  summary.set("runs", settings.runs);
  std::string against = "not compared with the full piece of tissue";
  if (settings.full_checks > 0) {
    const AgainstFull full = compare(runs, static_cast<std::size_t>(settings.full_checks));
    summary.set("size_reduced_over_full", full.size_ratio);
    for (const Response& r : responses()) {
      const auto o = static_cast<std::size_t>(r.outcome);
      summary.set(fmt::format("{}_worst_to_full", r.name), full.worst[o]);
      summary.set(fmt::format("{}_worst_to_other_seed", r.name), full.worst_other_seed[o]);
    }
    const auto repaired = static_cast<std::size_t>(DesignOutcome::repaired_fraction);
    against = fmt::format(
        "against 8 mm at 20 um on {} of them: size ratio {:.2f} in the mean, repaired fraction differs by at "
        "most {:.3f} (another seed: {:.3f})",
        settings.full_checks, full.size_ratio, full.worst[repaired], full.worst_other_seed[repaired]);
  }
  const auto axes = lesion::design_axes();
  const auto points = grid_points(axes);
  std::vector<lesion::TableOutput> outputs;
  for (const Response& response : responses()) {
    core::throw_if_interrupted();
    const Fitted fitted = fit_response(response, runs, points);
    outputs.push_back(fitted.output);
    if (response.outcome == DesignOutcome::rim_fraction) outputs.push_back(chronic_active(fitted));
  }
  for (const lesion::TableOutput& output : outputs) {
    summary.set(output.name + "_held_out_q2", output.held_out_q2)
        .set(output.name + "_held_out_rmse", output.held_out_rmse)
        .set(output.name + "_noise_ceiling", output.noise_ceiling);
  }
  const std::string comment = fmt::format(
      "Made by `hortega lesion tables --runs {} --full-checks {} --seed {}`: Sobol design over the axes' "
      "ranges, a third of it given nothing, one year each on 6 mm at 60 um; {}. A Gaussian process for each "
      "output; held-out errors by {} "
      "folds stand with the variables (Q2 on the scale of its logarithm or logit; for the chance the Brier "
      "score against no knowledge). The runs themselves stand in `runs`.",
      settings.runs, settings.full_checks, settings.seed, against, k_folds);
  const lesion::LesionTable table(axes, outputs, comment, std::move(runs));
  write_whole(table, file);
  std::filesystem::remove(kept);
  summary.set("points", points.size()).set("file", file.string());
  return summary;
}

}  // namespace hortega::apps
