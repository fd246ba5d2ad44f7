// SPDX-License-Identifier: Apache-2.0
// What `hortega axon` and `hortega lesion` share: a scenario with what --set changes in it, parameters set by
// hand, and the manifest of a run.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "hortega/core/document.hpp"
#include "hortega/core/parameters.hpp"
#include "hortega/output/manifest.hpp"
#include "run_directory.hpp"

namespace hortega::apps {

/// A scenario file and --set KEY=VALUE, told apart.
struct ScenarioInput {
  core::Document document;                      ///< with the keys that were set
  std::vector<std::string> parameter_settings;  ///< those that name a parameter, as typed
};

/// `kind` is the subcommand that reads the file, and the folder of its numbers in data/parameters. Throws
/// core::InputError.
ScenarioInput load_scenario(const std::string& file, const std::string& kind,
                            const std::vector<std::string>& settings);

/// Parameters of data/parameters/FOLDER with those settings; only names that begin with `prefix` can be set,
/// for others would change nothing. Throws core::InputError.
core::ParameterSet parameters_by_hand(const std::string& folder, const std::string& prefix,
                                      const std::vector<std::string>& parameter_settings);

/// A table is made of data/parameters/FOLDER as it stands: throws core::InputError if there are settings.
void refuse_settings_of_tables(const std::vector<std::string>& settings, const std::string& folder);

/// The scenario file and the files of data/parameters/FOLDER: what such a run reads.
std::vector<output::InputFile> inputs_of_scenario(const std::string& file, const std::string& folder);

/// " --set 'A=B'" for each.
std::string settings_as_typed(const std::vector<std::string>& settings);

/// Writes manifest.json beside everything that was written below directory.fresh(), and publishes it all. The
/// context's times are filled in here. Throws core::RunError.
void publish_scenario(RunDirectory& directory, output::ScenarioContext context,
                      std::chrono::system_clock::time_point started);

}  // namespace hortega::apps
