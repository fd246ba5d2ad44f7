// SPDX-License-Identifier: Apache-2.0
#include "experiment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "hortega/core/data_path.hpp"
#include "hortega/core/files.hpp"
#include "hortega/core/interrupt.hpp"
#include "hortega/core/parallel.hpp"
#include "hortega/core/progress.hpp"
#include "hortega/core/version.hpp"
#include "hortega/evidence/experiment.hpp"
#include "hortega/output/experiment_page.hpp"
#include "hortega/output/manifest.hpp"
#include "parameter_setting.hpp"
#include "run_directory.hpp"

namespace hortega::apps {

namespace {

// parameter.NAME=VALUE, of the mouse's numbers alone: a person's would change nothing.
void set_number(trial::ExperimentInputs& in, const std::string& setting) {
  const ParameterSetting read = read_parameter_setting(setting);
  const std::string allowed = "names of data/parameters/mouse";
  if (!in.mouse.contains(read.passport()) && in.people.contains(read.passport())) {
    throw core::InputError(
        core::Problem{{"--set", 0, 0, {}},
                      {},
                      "'" + read.passport() + "' is a number of people, which no mouse has",
                      allowed,
                      {}});
  }
  set_parameter(in.mouse, read, allowed);
}

std::vector<std::string> inputs_of(const std::string& protocol) {
  std::vector<std::string> files = {protocol};
  const std::filesystem::path data = core::data_folder();
  for (const char* folder : {"parameters", "parameters/mouse", "regimens/mouse", "evidence"}) {
    std::vector<std::string> here;
    for (const auto& entry : std::filesystem::directory_iterator(data / folder)) {
      if (entry.path().extension() == ".toml" || entry.path().extension() == ".csv")
        here.push_back(entry.path().string());
    }
    std::sort(here.begin(), here.end());
    files.insert(files.end(), here.begin(), here.end());
  }
  return files;
}

core::Value manifest_of(const std::string& command, const std::vector<std::string>& inputs,
                        const std::vector<output::OutputFile>& outputs, const std::string& results) {
  core::Value root{core::Value::Table{}};
  root.set("format", "hortega-manifest").set("version", 1);
  root.set("context_of_use", "simulated data for research; not medical advice");
  core::Value tool{core::Value::Table{}};
  tool.set("name", "hortega").set("version", std::string(core::version()));
  tool.set("compiler", std::string(core::compiler())).set("flags", std::string(core::build_flags()));
  root.set("tool", tool).set("command", command).set("threads", core::threads());
  core::Value::Array read;
  for (const std::string& file : inputs) {
    const output::InputFile described = output::describe_input(file);
    core::Value v{core::Value::Table{}};
    read.push_back(v.set("path", described.path).set("sha256", described.sha256));
  }
  core::Value::Array written;
  for (const output::OutputFile& file : outputs) {
    core::Value v{core::Value::Table{}};
    written.push_back(v.set("path", file.path).set("sha256", file.sha256));
  }
  return root.set("inputs", read).set("outputs", written).set("results_sha256", results);
}

std::string format_number(double x) { return fmt::format("{:.2f}", x); }

void print(const evidence::ExperimentSummary& summary) {
  fmt::print("{:<6} {:<12} {:<28} {:>26}", "row", "role", "outcome", "published");
  for (std::size_t h = 0; h < summary.hypotheses.size(); ++h)
    fmt::print("  {:>22.22}", summary.hypotheses[h].empty() ? "simulated" : summary.hypotheses[h]);
  fmt::print("\n");
  for (const evidence::ExperimentComparison& c : summary.comparisons) {
    std::string published = c.row.value_text;
    if (c.published.value && c.published.interval) {
      published =
          fmt::format("{} ({} to {})", format_number(*c.published.value),
                      format_number(c.published.interval->lower), format_number(c.published.interval->upper));
    }
    fmt::print("{:<6} {:<12} {:<28.28} {:>26.26}", c.row.id, evidence::name(c.row.role),
               c.reference.empty() ? c.endpoint : c.arm + " / " + c.reference, published);
    for (std::size_t h = 0; h < c.simulated.size(); ++h) {
      const bool scored = c.verdicts[h].verdict != evidence::Verdict::not_scored;
      fmt::print("  {:>22}", format_number(c.simulated[h].mean) +
                                 (scored ? " " + std::string(evidence::name(c.verdicts[h].verdict)) : ""));
    }
    fmt::print("\n");
  }
}

std::vector<std::vector<trial::ExperimentReplicate>> simulate(const trial::Experiment& experiment,
                                                              const trial::ExperimentInputs& in) {
  const std::size_t hypotheses = std::max<std::size_t>(1, experiment.hypotheses.size());
  const auto replicates = static_cast<std::size_t>(experiment.replicates);
  std::vector<std::vector<trial::ExperimentReplicate>> all(
      hypotheses, std::vector<trial::ExperimentReplicate>(replicates));
  core::Progress progress("experiments", static_cast<std::int64_t>(hypotheses * replicates));
  core::parallel_for(hypotheses * replicates, [&](std::size_t i) {
    core::throw_if_interrupted();
    const std::size_t h = i / replicates;
    const std::size_t r = i % replicates;
    all[h][r] = trial::simulate_experiment(experiment, in, h, static_cast<int>(r));
    progress.tick();
  });
  return all;
}

}  // namespace

bool is_experiment(const core::Document& document) {
  const core::Value* format = document.root().find("format");
  return format != nullptr && format->text() != nullptr &&
         *format->text() == trial::experiment_schema().format_name();
}

trial::ExperimentInputs load_experiment_inputs() {
  const std::filesystem::path data = core::data_folder();
  return {core::ParameterSet::read_directory((data / "parameters").string()),
          core::ParameterSet::read_directory((data / "parameters" / "mouse").string()),
          therapy::RegimenLibrary::read_directory((data / "regimens" / "mouse").string())};
}

std::string judge_experiment(const core::Read<trial::Experiment>& read) {
  const std::vector<std::string> people =
      therapy::RegimenLibrary::read_directory((core::data_folder() / "regimens").string()).ids();
  trial::check_experiment(read, load_experiment_inputs(), people);
  int animals = 0;
  for (const trial::ExperimentArm& arm : read.value.arms) animals += arm.n;
  return fmt::format("{} animals in {} groups, {} repetitions", animals, read.value.arms.size(),
                     read.value.replicates);
}

void run_experiment(const ExperimentOptions& options) {
  core::Document document = core::Document::load(options.protocol);
  trial::ExperimentInputs in = load_experiment_inputs();
  std::string command = "hortega run " + options.protocol;
  for (const std::string& setting : options.settings) {
    command += " --set '" + setting + "'";
    if (is_parameter_setting(setting)) {
      set_number(in, setting);
    } else {
      refuse_bare_parameter(in.mouse, setting);
      document.set(setting);
    }
  }
  const core::Read<trial::Experiment> read = trial::experiment_schema().read(document);
  const std::filesystem::path data = core::data_folder();
  trial::check_experiment(read, in,
                          therapy::RegimenLibrary::read_directory((data / "regimens").string()).ids());
  const auto published = evidence::PublishedRows::load((data / "evidence" / "published.csv").string());
  const auto map =
      evidence::read_evidence_map(core::Document::load((data / "evidence" / "map.toml").string()), published);
  const std::string out = options.out.empty() ? "out/" + read.value.id : options.out;
  RunDirectory directory(out, Resume::no);
  core::watch_for_interrupts();

  const auto replicates = simulate(read.value, in);
  const evidence::ExperimentSummary summary =
      evidence::summarise_experiment(read.value, replicates, map, published);
  const output::ExperimentContext context{command, in.mouse.all()};
  const core::OutputDirectory folder(directory.fresh());
  std::vector<output::OutputFile> results;
  std::vector<output::OutputFile> all;
  const auto write = [&](const std::string& path, const std::string& bytes, bool is_result) {
    folder.write(path, bytes);
    all.push_back({path, core::sha256_hex(bytes)});
    if (is_result) results.push_back(all.back());
  };
  write("report.html", output::experiment_html(summary, context), false);
  write("summary.json", core::to_json(output::experiment_json(summary)), true);
  write("tables/score-curves.csv", output::experiment_curves_csv(summary), true);
  write("tables/measures.csv", output::experiment_numbers_csv(summary), true);
  write("tables/comparisons.csv", output::experiment_comparisons_csv(summary), true);
  write("tables/parameters.csv", output::experiment_parameters_csv(context), true);
  const std::string hash = output::results_sha256(results);
  folder.write("manifest.json", core::to_json(manifest_of(command, inputs_of(options.protocol), all, hash)));
  directory.publish();
  if (options.json) {
    fmt::print("{}", core::read_file(std::filesystem::path(out) / "summary.json"));
    return;
  }
  print(summary);
  fmt::print("\n{}\n\nreport: {}/report.html\nresults: {}\n", output::experiment_answer(summary), out, hash);
}

}  // namespace hortega::apps
