// SPDX-License-Identifier: Apache-2.0
// Settings and manifest of the fine scales.
#include "scenario_run.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "command.hpp"
#include "hortega/core/data_path.hpp"
#include "hortega/core/files.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/output/write_run.hpp"
#include "parameter_setting.hpp"

namespace hortega::apps {

namespace fs = std::filesystem;

namespace {

std::vector<output::OutputFile> outputs_below(const fs::path& directory) {
  std::vector<output::OutputFile> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    files.push_back({fs::relative(entry.path(), directory).string(), core::sha256_of_file(entry.path())});
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

}  // namespace

ScenarioInput load_scenario(const std::string& file, const std::string& kind,
                            const std::vector<std::string>& settings) {
  ScenarioInput input{load_input(file, {kind}), {}};
  const core::ParameterSet parameters =
      core::ParameterSet::read_directory((core::data_folder() / "parameters" / kind).string());
  for (const std::string& setting : settings) {
    if (is_parameter_setting(setting)) {
      input.parameter_settings.push_back(setting);
    } else {
      refuse_bare_parameter(parameters, setting);
      input.document.set(setting);
    }
  }
  return input;
}

core::ParameterSet parameters_by_hand(const std::string& folder, const std::string& prefix,
                                      const std::vector<std::string>& parameter_settings) {
  core::ParameterSet parameters =
      core::ParameterSet::read_directory((core::data_folder() / "parameters" / folder).string());
  const std::string allowed = "a name of data/parameters/" + folder + " that begins with " + prefix;
  for (const std::string& text : parameter_settings) {
    const ParameterSetting setting = read_parameter_setting(text);
    if (parameters.contains(setting.passport()) && !setting.name.starts_with(prefix)) {
      throw core::InputError(core::Problem{
          {"--set", 0, 0, {}}, {}, "'" + setting.name + "' is not of this scenario's model", allowed, {}});
    }
    set_parameter(parameters, setting, allowed);
  }
  return parameters;
}

void refuse_settings_of_tables(const std::vector<std::string>& settings, const std::string& folder) {
  if (settings.empty()) return;
  throw core::InputError(
      core::Problem{{"--set", 0, 0, {}},
                    {},
                    "the table is made of data/parameters/" + folder + " as it stands",
                    "no --set; a copy of the data folder (HORTEGA_DATA) gives another table",
                    {}});
}

std::vector<output::InputFile> inputs_of_scenario(const std::string& file, const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(core::data_folder() / "parameters" / folder)) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  files.insert(files.begin(), file);
  std::vector<output::InputFile> described;
  described.reserve(files.size());
  for (const std::string& path : files) described.push_back(output::describe_input(path));
  return described;
}

std::string settings_as_typed(const std::vector<std::string>& settings) {
  std::string text;
  for (const std::string& setting : settings) text += " --set '" + setting + "'";
  return text;
}

void publish_scenario(RunDirectory& directory, output::ScenarioContext context,
                      std::chrono::system_clock::time_point started) {
  const auto ended = std::chrono::system_clock::now();
  context.started_utc = output::utc_timestamp(std::chrono::system_clock::to_time_t(started));
  context.ended_utc = output::utc_timestamp(std::chrono::system_clock::to_time_t(ended));
  context.wall_s = std::chrono::duration<double>(ended - started).count();
  const std::string manifest = output::scenario_manifest_json(context, outputs_below(directory.fresh()));
  core::OutputDirectory(directory.fresh()).write("manifest.json", manifest);
  directory.publish();
}

}  // namespace hortega::apps
