// SPDX-License-Identifier: Apache-2.0
// The design of runs, the emulators and the table.
#include "lesion_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "hortega/analysis/emulator.hpp"
#include "hortega/analysis/low_discrepancy.hpp"
#include "hortega/core/data_path.hpp"
#include "hortega/core/files.hpp"
#include "hortega/core/interrupt.hpp"
#include "hortega/core/parallel.hpp"
#include "hortega/core/progress.hpp"
#include "hortega/lesion/design.hpp"

namespace hortega::apps {

namespace {

using lesion::DesignGrid;
using lesion::DesignOutcome;
using lesion::k_design_inputs;

constexpr int k_folds = 8;

double phi(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

struct Response {
  const char* name;
  const char* long_name;
  const char* units;
  std::function<double(const DesignOutcome&)> get;
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

const std::vector<Response>& responses() {
  static const std::vector<Response> all = {
      {"size", "tissue that ever lost half of its myelin, in a section, at one year", "mm2",
       [](const DesignOutcome& o) { return o.size_mm2; },
       [](double x) { return std::log(std::max(x, 0.01)); }, [](double y) { return std::exp(y); }},
      {"repaired_fraction", "share of the lost myelin that is back at one year", "1",
       [](const DesignOutcome& o) { return o.repaired_fraction; }, logit, expit},
      {"transected_fraction", "share of the lesion's axons transected at one year", "1",
       [](const DesignOutcome& o) { return o.transected_fraction; }, logit, expit},
      {"rim_fraction", "share of the lesion's edge with an iron rim at one year", "1",
       [](const DesignOutcome& o) { return o.rim_fraction; }, logit, expit}};
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

}  // namespace

core::Value build_lesion_table(const lesion::TissueParameters& parameters,
                               const LesionTableSettings& settings) {
  const auto runs = static_cast<std::size_t>(settings.runs);
  const auto checks = static_cast<std::size_t>(settings.full_checks);
  const std::filesystem::path file =
      settings.file.empty() ? core::data_folder() / "tables" / "lesion.nc" : settings.file;
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path());
  const std::vector<double> unit = analysis::sobol_points(runs, k_design_inputs, settings.seed);
  const auto inputs_of = [&](std::size_t i) {
    return lesion::design_point(std::span(unit).subspan(i * k_design_inputs, k_design_inputs));
  };
  std::vector<DesignOutcome> outcomes(runs);
  {
    core::Progress progress("lesions", static_cast<std::int64_t>(runs));
    core::parallel_for(runs, [&](std::size_t i) {
      core::throw_if_interrupted();
      outcomes[i] =
          lesion::run_design(lesion::design_settings(inputs_of(i), DesignGrid::reduced, i + 1), parameters);
      progress.tick();
    });
  }
  // The reduced tissue against the full one, same inputs, on a few lesions of the design that fit well
  // inside.
  double worst_repair = 0.0;
  double mean_size_ratio = 0.0;
  {
    core::Progress progress("full size", static_cast<std::int64_t>(checks));
    for (std::size_t i = 0; i < checks; ++i) {
      core::throw_if_interrupted();
      const DesignOutcome full =
          lesion::run_design(lesion::design_settings(inputs_of(i), DesignGrid::full, i + 1), parameters);
      worst_repair = std::max(worst_repair, std::abs(full.repaired_fraction - outcomes[i].repaired_fraction));
      mean_size_ratio += outcomes[i].size_mm2 / std::max(full.size_mm2, 1e-9) / static_cast<double>(checks);
      fmt::print(stderr,
                 "run {}: size {:.2f} / {:.2f} mm2, repaired {:.3f} / {:.3f}, rim {:.2f} / {:.2f} (reduced / "
                 "full)\n",
                 i + 1, outcomes[i].size_mm2, full.size_mm2, outcomes[i].repaired_fraction,
                 full.repaired_fraction, outcomes[i].rim_fraction, full.rim_fraction);
      progress.tick();
    }
  }
  const auto axes = lesion::design_axes();
  const auto points = grid_points(axes);
  // What has no lesion has no outcome: those runs are left out of all but size.
  std::vector<lesion::TableOutput> outputs;
  core::Value summary;
  summary.set("runs", settings.runs).set("points", points.size());
  if (checks > 0) {
    summary.set("worst_repaired_reduced_to_full", worst_repair)
        .set("mean_size_reduced_over_full", mean_size_ratio);
  }
  analysis::EmulatorSettings fit;
  fit.starts = 2;
  fit.iterations = 40;
  for (const Response& response : responses()) {
    core::throw_if_interrupted();
    std::vector<double> x;
    std::vector<double> y;
    for (std::size_t i = 0; i < runs; ++i) {
      if (outcomes[i].size_mm2 <= 0.0) continue;
      x.insert(x.end(), unit.begin() + static_cast<std::ptrdiff_t>(i * k_design_inputs),
               unit.begin() + static_cast<std::ptrdiff_t>((i + 1) * k_design_inputs));
      y.push_back(response.to(response.get(outcomes[i])));
    }
    const analysis::Emulator emulator(x, k_design_inputs, y, fit);
    const analysis::HeldOut held = analysis::held_out(x, k_design_inputs, y, k_folds, fit);
    lesion::TableOutput output;
    output.name = response.name;
    output.long_name = response.long_name;
    output.units = response.units;
    output.held_out_q2 = held.q2;
    output.noise_ceiling = held.ceiling;
    for (std::size_t i = 0; i < y.size(); ++i) {
      const double error = response.from(held.predicted[i]) - response.from(y[i]);
      output.held_out_rmse += error * error / static_cast<double>(y.size());
    }
    output.held_out_rmse = std::sqrt(output.held_out_rmse);
    output.values.resize(points.size());
    std::vector<double> chronic(points.size());
    const bool is_rim = output.name == "rim_fraction";
    core::parallel_for(points.size(), [&](std::size_t i) {
      const double mean = emulator.mean(lesion::unit_point(points[i]));
      output.values[i] = response.from(mean);
      // Chronic active: more than half of the edge, so 0 on the logit scale; lesions scatter about the mean.
      if (is_rim) chronic[i] = phi(mean / std::max(emulator.noise_sd(), 1e-6));
    });
    summary.set(output.name + "_held_out_q2", held.q2)
        .set(output.name + "_held_out_rmse", output.held_out_rmse);
    summary.set(output.name + "_noise_ceiling", held.ceiling);
    outputs.push_back(output);
    if (!is_rim) continue;
    lesion::TableOutput probability = output;
    probability.name = "chronic_active_probability";
    probability.long_name =
        "chance of an iron rim on more than half of the edge at one year; errors are those of rim_fraction";
    probability.values = chronic;
    outputs.push_back(probability);
  }
  const std::string against =
      checks == 0 ? "not compared with the full piece of tissue"
                  : fmt::format(
                        "against 8 mm at 20 um on {} of them: repaired fraction differs by at most {:.3f}, "
                        "size ratio {:.2f} in the mean",
                        checks, worst_repair, mean_size_ratio);
  const std::string comment = fmt::format(
      "Made by `hortega lesion tables --runs {} --full-checks {} --seed {}`: Sobol design over the axes' "
      "ranges, one year each on 5 mm at 50 um; {}. A Gaussian process for each output; held-out errors by {} "
      "folds stand with the variables.",
      settings.runs, checks, settings.seed, against, k_folds);
  const lesion::LesionTable table(axes, outputs, comment);
  const std::filesystem::path part = file.string() + ".part";
  table.write(part);
  std::filesystem::rename(part, file);
  summary.set("file", file.string());
  return summary;
}

}  // namespace hortega::apps
