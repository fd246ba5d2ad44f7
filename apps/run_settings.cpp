// SPDX-License-Identifier: Apache-2.0
// Keeping a run's inputs beside its results, and reading them back.
#include "run_settings.hpp"

#include <fmt/format.h>

#include "hortega/core/files.hpp"
#include "hortega/core/problems.hpp"

namespace hortega::apps {

namespace {

constexpr const char* k_protocol = "protocol.toml";
constexpr const char* k_settings = "settings.toml";
constexpr const char* k_baselines = "baselines.csv";
constexpr const char* k_regimens = "regimens";
constexpr std::string_view k_parameter_prefix = "parameter.";

core::Schema<RunSettings> settings_schema() {
  core::Schema<RunSettings> s("What a run was told beside its protocol.");
  s.format("hortega-run-settings", 1);
  s.boolean("allow_thin", &RunSettings::allow_thin).doc("The run was to go on with a thin pool.");
  s.integer("draws", &RunSettings::draws).doc("Draws of the posterior; 0: the values of data/parameters.");
  s.text("posterior", &RunSettings::posterior).doc("SHA-256 of the values of these draws.");
  s.map("parameters", &RunSettings::parameters, core::as_number()).doc("Parameters set by hand.");
  s.texts("regimens", &RunSettings::regimens).doc("Files of regimens beside the protocol.");
  s.text("digest", &RunSettings::digest).required().doc("SHA-256 of what decided the results.");
  return s;
}

}  // namespace

std::vector<std::string> write_run_inputs(const RunInputs& in, const std::vector<std::string>& settings,
                                          trial::ThinPool thin, int draws, const std::string& posterior,
                                          const std::filesystem::path& directory) {
  const core::OutputDirectory out(directory);
  std::vector<std::string> files = {k_protocol, k_settings};
  trial::Protocol protocol = in.protocol;
  if (protocol.population.source == "csv") {
    out.write(k_baselines, core::read_file(protocol.population.csv));
    protocol.population.csv = k_baselines;
    files.emplace_back(k_baselines);
  }
  RunSettings kept;
  for (const std::string& regimen : in.own_regimens) {
    const std::filesystem::path file =
        std::filesystem::path(k_regimens) / std::filesystem::path(regimen).filename();
    out.write(file, core::read_file(regimen));
    kept.regimens.push_back(file.string());
    files.push_back(file.string());
  }
  out.write(k_protocol,
            "# The protocol of this run with every default made explicit; `hortega run` takes it.\n" +
                core::to_toml(trial::protocol_schema().write(protocol)));
  kept.allow_thin = thin == trial::ThinPool::allow;
  kept.draws = draws;
  kept.posterior = posterior;
  kept.digest = digest_of(in, thin);
  for (const std::string& setting : settings) {
    if (!setting.starts_with(k_parameter_prefix)) continue;
    const std::string name =
        setting.substr(k_parameter_prefix.size(), setting.find('=') - k_parameter_prefix.size());
    kept.parameters[name] = evidence::variable_of(in.parameters, name);
  }
  out.write(k_settings, "# What the run was told beside protocol.toml; `hortega replay` reads it.\n" +
                            core::to_toml(settings_schema().write(kept)));
  return files;
}

KeptRun read_kept_run(const std::filesystem::path& directory) {
  std::error_code error;
  for (const char* name : {k_protocol, k_settings}) {
    if (std::filesystem::exists(directory / name, error)) continue;
    throw core::InputError(core::Problem{{directory.string(), 0, 0, {}},
                                         {},
                                         fmt::format("this is no directory of a run: there is no {}", name),
                                         "the --out of `hortega run`, after the run has ended",
                                         {}});
  }
  KeptRun run;
  run.settings = settings_schema().read(core::Document::load((directory / k_settings).string())).value;
  std::vector<std::string> parameters;
  for (const auto& [name, value] : run.settings.parameters)
    parameters.push_back(fmt::format("{}{}={:.17g}", k_parameter_prefix, name, value));
  std::vector<std::string> regimens;
  for (const std::string& file : run.settings.regimens) regimens.push_back((directory / file).string());
  run.inputs = load_run_inputs(trial::read_protocol(core::Document::load((directory / k_protocol).string())),
                               parameters, regimens);
  const auto thin = run.settings.allow_thin ? trial::ThinPool::allow : trial::ThinPool::refuse;
  run.same_model = digest_of(*run.inputs, thin) == run.settings.digest;
  if (run.settings.draws > 0) {
    run.posterior = posterior_of_data();
    const int there = run.posterior ? static_cast<int>(run.posterior->size()) : 0;
    if (there < run.settings.draws) {
      throw core::InputError(
          core::Problem{{(directory / k_settings).string(), 0, 0, {}},
                        "draws",
                        fmt::format("the run had {} draws of a posterior; the data folder has {}",
                                    run.settings.draws, there),
                        "the posterior of the run",
                        {}});
    }
    run.same_model = run.same_model && digest_of(run.posterior, run.settings.draws) == run.settings.posterior;
  }
  return run;
}

}  // namespace hortega::apps
