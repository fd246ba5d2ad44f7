// SPDX-License-Identifier: Apache-2.0
// manifest.json: what was run, with what, what came out, and how to run it again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hortega/core/value.hpp"
#include "hortega/evidence/summary.hpp"
#include "hortega/output/write_run.hpp"

namespace hortega::output {

struct OutputFile {
  std::string path;  ///< below the directory of the run
  std::string sha256;
};

/// SHA-256 of the lines that `sha256sum` prints for the files ("DIGEST  PATH\n"), sorted by path as bytes.
/// For a run these are summary.json and tables/*.csv, so that it depends on neither threads nor time, and
/// `LC_ALL=C sha256sum summary.json tables/*.csv | sha256sum` in the directory of the run gives the same.
std::string results_sha256(std::vector<OutputFile> files);

std::string manifest_json(const evidence::RunSummary& summary, const RunContext& context,
                          const std::vector<OutputFile>& outputs, const std::string& results_hash);

/// How a scenario of one of the fine scales was run.
struct ScenarioContext {
  std::string command;  ///< as typed; how to repeat the run
  std::vector<InputFile> inputs;
  std::optional<std::uint64_t> seed;
  int threads = 1;
  std::string isa;                     ///< of the kernels in use
  core::Value scenario;                ///< with every default
  std::vector<std::string> settings;   ///< --set, as typed
  std::vector<std::string> results;    ///< of the outputs, those that results_sha256 is of, sorted as bytes
  std::string started_utc, ended_utc;  ///< utc_timestamp()
  double wall_s = 0.0;
};

/// manifest.json of such a run: the keys of a trial's where they make sense. Throws std::logic_error if a
/// result is not among the outputs.
std::string scenario_manifest_json(const ScenarioContext& context, const std::vector<OutputFile>& outputs);

}  // namespace hortega::output
