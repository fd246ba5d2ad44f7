// SPDX-License-Identifier: Apache-2.0
// hortega axon SCENARIO.toml: a fibre that conducts, or does not.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "command.hpp"
#include "hortega/axon/conduction_file.hpp"
#include "hortega/axon/kernel.hpp"
#include "hortega/axon/study.hpp"
#include "hortega/core/data_path.hpp"
#include "hortega/core/files.hpp"
#include "hortega/core/interrupt.hpp"
#include "hortega/core/parallel.hpp"
#include "hortega/core/progress.hpp"
#include "hortega/output/axon_page.hpp"
#include "hortega/output/picture.hpp"
#include "run_directory.hpp"
#include "scenario_run.hpp"

namespace hortega::apps {

namespace {

struct Options {
  std::string scenario;
  std::string out;
  std::vector<std::string> settings;
  int threads = 0;
  bool json = false;
};

std::string number(const std::optional<double>& value, int digits) {
  return value ? fmt::format("{:.{}f}", *value, digits) : "-";
}

void print_table(const axon::Study& study) {
  fmt::print("{}\n\n", output::axon_answer(study));
  std::size_t width = 6;
  for (const auto& one : study.cases) width = std::max(width, one.name.size());
  fmt::print("{:<{}}  degC  through      m/s  delay ms  refractory ms  safety  ATP/um", "fibre", width);
  for (const double hz : study.scenario.measure.train_hz) fmt::print("  {:>7}", fmt::format("{:g}/s", hz));
  fmt::print("\n");
  const auto row = [&](const axon::CaseResult& one) {
    fmt::print("{:<{}}  {:>4g}  {:<7}  {:>7}  {:>8}  {:>13}  {:>6}  {:>6}", one.name, width, one.celsius,
               one.transmitted       ? "yes"
               : one.still_under_way ? "open"
                                     : "no",
               number(one.velocity_m_per_s, 3), number(one.delay_ms, 3), number(one.refractory_ms, 2),
               number(one.safety_factor, 2), number(one.atp_per_um, 0));
    for (const auto& train : one.trains)
      fmt::print("  {:>7}", fmt::format("{}/{}", train.arrived, train.given));
    fmt::print("\n");
    if (one.still_under_way)
      fmt::print(stderr,
                 "note: {}: the record ended before the spike did; a longer run.duration_ms follows it\n",
                 one.name);
  };
  row(study.intact);
  for (const auto& one : study.cases) row(one);
}

// With what was set by hand, which no other part of the summary tells.
core::Value summary_of(const Options& options, const axon::Study& study) {
  core::Value summary = output::axon_summary(study);
  core::Value::Array settings;
  for (const std::string& s : options.settings) settings.push_back(s);
  return summary.set("settings", std::move(settings));
}

void write_outputs(const Options& options, const axon::Study& study, const std::string& command,
                   const core::OutputDirectory& directory) {
  directory.write("summary.json", core::to_json(summary_of(options, study)));
  directory.write("tables/cases.csv", output::axon_cases_csv(study));
  directory.write("tables/nodes.csv", output::axon_nodes_csv(study));
  int number = 0;
  const auto picture = [&](const axon::CaseResult& one) {
    std::string name;
    for (const char c : one.name) {
      const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0;
      if (plain || (!name.empty() && name.back() != '-')) name += plain ? c : '-';
    }
    directory.write(fmt::format("pictures/{:02d}-{}.svg", number++, name), output::space_time_svg(one));
  };
  picture(study.intact);
  for (const auto& one : study.cases) picture(one);
  directory.write("report.html", output::axon_html(study, command));
}

void rebuild_tables(const Options& options) {
  refuse_settings_of_tables(options.settings, "axon");
  const std::filesystem::path data = core::data_folder();
  const std::filesystem::path path = options.out.empty()
                                         ? data / "tables" / "conduction.nc"
                                         : std::filesystem::path(options.out) / "conduction.nc";
  const auto parameters = core::ParameterSet::read_directory((data / "parameters" / "axon").string());
  core::watch_for_interrupts();
  const axon::TableAxes axes = axon::table_axes();
  core::Progress progress("axon tables",
                          static_cast<std::int64_t>(axes.diameter_um.size() * axes.celsius.size()));
  const auto table = axon::build_conduction_table(parameters, [&progress] { progress.tick(); });
  const core::OutputDirectory directory{path.parent_path()};
  axon::write_conduction_table(table, path.string());
  const auto row = [&](double share, axon::Lesion lesion, const char* name) {
    constexpr double lesion_mm = 0.25, cool = 33.0, body = 37.0, fever = 39.0;
    fmt::print("{:<22}", name);
    for (const double celsius : {cool, body, fever}) {
      const auto c = table.at(table.mix.front(), lesion, share, celsius, lesion_mm);
      fmt::print("  {:>5.1f} %  {:>6.3f} ms", 100.0 * c.transmitted_fraction, c.delay_ms);
    }
    fmt::print("\n");
  };
  fmt::print(
      "{}: fibres that conduct through 0.25 mm of lesion, and their delay\n{:<22}  {:>16}  {:>16}  {:>16}\n",
      table.mix.front(), "", "33 degC", "37 degC", "39 degC");
  row(0.0, axon::Lesion::fresh, "bare, fresh");
  row(0.0, axon::Lesion::adapted, "bare, with channels");
  for (const double share : axes.wrap_share)
    if (share > 0.0)
      row(share, axon::Lesion::fresh, fmt::format("{:.0f} % of the wraps", 100.0 * share).c_str());
  fmt::print(stderr, "table: {}\n", path.string());
}

void run(const Options& options) {
  const auto started = std::chrono::system_clock::now();
  core::set_threads(options.threads);
  if (options.scenario == "tables") {
    rebuild_tables(options);
    return;
  }
  const ScenarioInput input = load_scenario(options.scenario, "axon", options.settings);
  const core::Schema<axon::Scenario> schema = axon::scenario_schema();
  const auto read = schema.read(input.document);
  const auto parameters = parameters_by_hand(
      "axon", read.value.model == axon::Model::halter_clark ? "halter_" : "mrg_", input.parameter_settings);
  axon::judge(read, parameters);
  std::optional<RunDirectory> directory;  // refuses before anything runs
  if (!options.out.empty()) directory.emplace(options.out, Resume::no);
  core::watch_for_interrupts();
  axon::Study study;
  try {
    core::Progress progress("axon", static_cast<std::int64_t>(axon::steps_of(read.value)));
    study = axon::run_study(read.value, parameters, [&progress] { progress.tick(); });
  } catch (const std::invalid_argument& error) {
    throw core::InputError(read.places.problem("run", error.what()));
  }
  core::throw_if_interrupted();
  if (directory) {
    output::ScenarioContext context;
    context.command = fmt::format("hortega axon {} --out {}", options.scenario, options.out) +
                      settings_as_typed(options.settings);
    context.inputs = inputs_of_scenario(options.scenario, "axon");
    context.threads = core::threads();
    context.isa = axon::name_of(axon::resolve(axon::Isa::best));
    context.scenario = schema.write(read.value);
    context.settings = options.settings;
    context.results = {"summary.json", "tables/cases.csv", "tables/nodes.csv"};
    write_outputs(options, study, context.command, core::OutputDirectory(directory->fresh()));
    publish_scenario(*directory, std::move(context), started);
  }
  if (options.json)
    fmt::print("{}", core::to_json(summary_of(options, study)));
  else
    print_table(study);
  if (!options.out.empty()) fmt::print(stderr, "report: {}/report.html\n", options.out);
}

}  // namespace

void add_axon(CLI::App& app) {
  auto options = std::make_shared<Options>();
  auto* command =
      app.add_subcommand("axon", "Conduction along a myelinated, demyelinated or remyelinated fibre");
  command
      ->add_option("scenario", options->scenario,
                   "Scenario (TOML, see docs/axon.md); or `tables`: rebuild the table of conduction")
      ->required();
  command->add_option("--out", options->out,
                      "Directory for report.html, summary.json, manifest.json, tables and pictures; with "
                      "`tables`, for conduction.nc (default: data/tables)");
  command
      ->add_option("--set", options->settings,
                   "KEY=VALUE: a key of the scenario, or parameter.NAME (repeatable)")
      ->allow_extra_args(false);
  command->add_option("--threads", options->threads, "Threads (0: all cores); results do not depend on it")
      ->check(CLI::Range(0, 1024));
  command->add_flag("--json", options->json, "Print everything as JSON on stdout");
  command->footer("Example:\n  hortega axon data/scenarios/axon-uhthoff.toml --out out/uhthoff");
  command->callback([options] { run(*options); });
}

}  // namespace hortega::apps
