// SPDX-License-Identifier: Apache-2.0
// hortega lesion SCENARIO.toml: one lesion in tissue. hortega lesion tables: what the person's scale reads.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "command.hpp"
#include "hortega/core/interrupt.hpp"
#include "hortega/core/parallel.hpp"
#include "hortega/core/parameters.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/lesion/kernel.hpp"
#include "hortega/lesion/scenario.hpp"
#include "lesion_run.hpp"
#include "lesion_tables.hpp"
#include "lesion_words.hpp"
#include "parameter_setting.hpp"
#include "run_directory.hpp"
#include "scenario_run.hpp"

namespace hortega::apps {
namespace {

struct Options {
  std::string scenario;
  std::string out;
  std::vector<std::string> settings;
  bool json = false;
  int threads = 0;
  std::uint64_t seed = 1;
  int runs = 400;
  int full_checks = 5;
  bool refit = false;
  bool resume = false;
};

lesion::TissueParameters tissue_parameters(const std::vector<std::string>& settings) {
  return lesion::load_tissue_parameters(parameters_by_hand("lesion", "tissue_", settings));
}

// The other models have constants of their own: a parameter of the tissue would change nothing.
void refuse_for_other_models(const lesion::Scenario& scenario, const std::vector<std::string>& settings) {
  if (scenario.model == lesion::Model::tissue || settings.empty()) return;
  throw core::InputError(
      core::Problem{{"--set", 0, 0, {}},
                    {},
                    "'" + read_parameter_setting(settings.front()).name + "' is not of this scenario's model",
                    "a key of the scenario; parameters are of model = \"tissue\"",
                    {}});
}

void print(const core::Value& summary, bool json) {
  if (json) {
    fmt::print("{}", core::to_json(summary));
    return;
  }
  for (const auto& [key, value] : *summary.table()) {
    if (value.array() == nullptr) fmt::print("{:<34} {}\n", key, short_text(value));
  }
}

void run(const Options& options) {
  const auto started = std::chrono::system_clock::now();
  core::watch_for_interrupts();
  core::set_threads(options.threads);
  if (options.scenario == "tables") {
    refuse_settings_of_tables(options.settings, "lesion");
    LesionTableSettings settings;
    settings.runs = options.runs;
    settings.full_checks = options.full_checks;
    settings.seed = options.seed;
    settings.refit = options.refit;
    settings.resume = options.resume;
    if (!options.out.empty()) settings.file = options.out;
    print(build_lesion_table(tissue_parameters({}), settings), options.json);
    return;
  }
  const ScenarioInput input = load_scenario(options.scenario, "lesion", options.settings);
  const core::Schema<lesion::Scenario> schema = lesion::scenario_schema();
  const core::Read<lesion::Scenario> read = schema.read(input.document);
  refuse_for_other_models(read.value, input.parameter_settings);
  const lesion::TissueParameters parameters = tissue_parameters(input.parameter_settings);
  lesion::check_scenario(read, parameters);
  const std::string out = options.out.empty() ? "lesion-" + read.value.id : options.out;
  RunDirectory directory(out, Resume::no);  // refuses before anything runs
  output::ScenarioContext context;
  context.command = fmt::format("hortega lesion {} --out {} --seed {}", options.scenario, out, options.seed) +
                    settings_as_typed(options.settings);
  context.inputs = inputs_of_scenario(options.scenario, "lesion");
  context.seed = options.seed;
  context.threads = core::threads();
  context.isa = lesion::kernel::name_of(lesion::kernel::current_isa());
  context.scenario = schema.write(read.value);
  context.settings = options.settings;
  context.results = {"summary.json", "volumes.csv"};
  const core::Value summary = run_lesion(read.value, parameters, options.seed, options.settings,
                                         context.command, core::OutputDirectory(directory.fresh()));
  publish_scenario(directory, std::move(context), started);
  print(summary, options.json);
  fmt::print(stderr, "written: {}/report.html\n", out);
}

}  // namespace

void add_lesion(CLI::App& app) {
  auto options = std::make_shared<Options>();
  auto* command =
      app.add_subcommand("lesion", "Simulate one lesion in tissue, or rebuild the tables made from many");
  command->add_option("scenario", options->scenario, "Scenario (TOML), or the word tables")->required();
  command->add_option("--out", options->out, "Folder for the results (tables: the file)");
  command
      ->add_option("--set", options->settings,
                   "KEY=VALUE: a key of the scenario, or parameter.NAME (repeatable)")
      ->allow_extra_args(false);
  command->add_flag("--json", options->json, "Print the summary as JSON on stdout");
  command->add_option("--threads", options->threads, "Threads (0: all cores); results do not depend on it")
      ->check(CLI::Range(0, 1024));
  command->add_option("--seed", options->seed, "Seed of all random numbers")
      ->capture_default_str()
      ->check(not_negative());
  command->add_option("--runs", options->runs, "tables: runs of the design")
      ->check(CLI::Range(24, 400))
      ->capture_default_str();
  command
      ->add_option("--full-checks", options->full_checks, "tables: runs repeated on the full piece of tissue")
      ->check(CLI::Range(0, 24))
      ->capture_default_str();
  auto* refit = command->add_flag("--refit", options->refit,
                                  "tables: take the runs that the file holds, make those it lacks, fit anew");
  command
      ->add_flag("--resume", options->resume,
                 "tables: go on with the runs that a build cut off left beside the file (FILE.runs)")
      ->excludes(refit);
  command->footer("Example:\n  hortega lesion data/scenarios/lesion-acute-repair.toml --out acute");
  command->callback([options] { run(*options); });
}

}  // namespace hortega::apps
