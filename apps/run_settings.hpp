// SPDX-License-Identifier: Apache-2.0
// What a run was told beside its protocol, as DIR/settings.toml keeps it for `hortega replay`.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "draws.hpp"
#include "inputs.hpp"

namespace hortega::apps {

struct RunSettings {
  bool allow_thin = false;
  int draws = 0;                             ///< of the posterior; replicate i is of draw i mod draws
  std::string posterior;                     ///< digest_of(posterior, draws)
  std::map<std::string, double> parameters;  ///< by name, those set on the command line
  std::vector<std::string> regimens;         ///< files of the user's own
  std::string digest;                        ///< digest_of the run's inputs
};

/// The files that make a run repeatable, written below `directory`: protocol.toml (every default made
/// explicit), settings.toml, baselines.csv where the protocol has a file of baselines, and the user's own
/// regimens below regimens/. `settings` are the --set of the command line. Returns their names. Throws
/// core::RunError.
std::vector<std::string> write_run_inputs(const RunInputs& inputs, const std::vector<std::string>& settings,
                                          trial::ThinPool thin, int draws, const std::string& posterior,
                                          const std::filesystem::path& directory);

/// A run's inputs as write_run_inputs left them.
struct KeptRun {
  std::unique_ptr<RunInputs> inputs;
  RunSettings settings;
  std::optional<evidence::Posterior> posterior;  ///< of the data folder, where the run had draws
  bool same_model = true;  ///< false: version, parameters, posterior or regimens are not those of the run
};

/// Reads them. Throws core::InputError if the directory holds no run.
KeptRun read_kept_run(const std::filesystem::path& directory);

}  // namespace hortega::apps
