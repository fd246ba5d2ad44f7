// SPDX-License-Identifier: Apache-2.0
// hortega lesion SCENARIO.toml: one lesion in tissue. hortega lesion tables: what the person's scale reads.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>

#include "command.hpp"
#include "hortega/core/data_path.hpp"
#include "hortega/core/interrupt.hpp"
#include "hortega/core/parallel.hpp"
#include "hortega/core/parameters.hpp"
#include "hortega/lesion/scenario.hpp"
#include "lesion_run.hpp"
#include "lesion_tables.hpp"

namespace hortega::apps {
namespace {

struct Options {
  std::string scenario;
  std::string out;
  bool json = false;
  int threads = 0;
  std::uint64_t seed = 1;
  int runs = 400;
  int full_checks = 5;
  bool refit = false;
  bool resume = false;
};

lesion::TissueParameters tissue_parameters() {
  return lesion::load_tissue_parameters(
      core::ParameterSet::read_directory((core::data_folder() / "parameters" / "lesion").string()));
}

std::string text_of(const core::Value& value) {
  if (value.text() != nullptr) return *value.text();
  std::string json = core::to_json(value);
  while (!json.empty() && json.back() == '\n') json.pop_back();
  return json;
}

void print(const core::Value& summary, bool json) {
  if (json) {
    fmt::print("{}", core::to_json(summary));
    return;
  }
  for (const auto& [key, value] : *summary.table()) fmt::print("{:<34} {}\n", key, text_of(value));
}

void run(const Options& options) {
  core::watch_for_interrupts();
  core::set_threads(options.threads);
  if (options.scenario == "tables") {
    LesionTableSettings settings;
    settings.runs = options.runs;
    settings.full_checks = options.full_checks;
    settings.seed = options.seed;
    settings.refit = options.refit;
    settings.resume = options.resume;
    if (!options.out.empty()) settings.file = options.out;
    print(build_lesion_table(tissue_parameters(), settings), options.json);
    return;
  }
  const core::Document document = load_input(options.scenario, {"lesion"});
  const core::Read<lesion::Scenario> read = lesion::scenario_schema().read(document);
  const lesion::TissueParameters parameters = tissue_parameters();
  lesion::check_scenario(read, parameters);
  const std::string out = options.out.empty() ? "lesion-" + read.value.id : options.out;
  const std::string command =
      fmt::format("hortega lesion {} --out {} --seed {}", options.scenario, out, options.seed);
  const core::Value summary = run_lesion(read.value, parameters, options.seed, out, command);
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
