// SPDX-License-Identifier: Apache-2.0
// manifest.json: what was run, with what, what came out, and how to run it again.
#pragma once

#include <string>
#include <vector>

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

}  // namespace hortega::output
