// SPDX-License-Identifier: Apache-2.0
// The order in which the files of a run are made: results first, then their hash, then what quotes it, and
// the manifest last.
#include "hortega/output/write_run.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "hortega/core/files.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/output/adam.hpp"
#include "hortega/output/manifest.hpp"
#include "hortega/output/report.hpp"
#include "hortega/output/tables.hpp"
#include "hortega/output/trajectories.hpp"

namespace hortega::output {
namespace {

/// A library writes `relative` by itself under a temporary name, which is then renamed or removed.
template <class Write>
std::string write_by_library(const core::OutputDirectory& directory, const std::string& relative,
                             Write write) {
  const std::filesystem::path path = directory.prepare(relative);
  const std::filesystem::path temporary = path.string() + ".part";
  std::error_code error;
  try {
    write(temporary);
  } catch (...) {
    std::filesystem::remove(temporary, error);
    throw;
  }
  std::string digest = core::sha256_of_file(temporary);
  std::filesystem::rename(temporary, path, error);
  if (error) {
    const std::string reason = error.message();
    std::filesystem::remove(temporary, error);
    throw core::RunError(path.string() + ": " + reason);
  }
  return digest;
}

}  // namespace

InputFile describe_input(const std::string& path) {
  const std::string bytes = core::read_file(path);
  return {path, core::sha256_hex(bytes), bytes.size()};
}

WrittenRun write_run(const evidence::RunSummary& summary, const RunContext& context,
                     const std::string& directory_path) {
  const core::OutputDirectory directory{directory_path};
  std::vector<OutputFile> written;
  const auto write = [&](const std::string& path, const std::string& bytes) {
    directory.write(path, bytes);
    written.push_back({path, core::sha256_hex(bytes)});
  };

  write("summary.json", summary_json(summary));
  for (const auto& table : csv_tables(summary, context.parameters)) write(table.path, table.bytes);
  WrittenRun run;
  run.results_sha256 = results_sha256(written);

  const std::string study_id = "SIM-" + run.results_sha256.substr(0, 8);
  for (const auto& dataset : adam_datasets(summary, context.times, study_id)) {
    std::string name = dataset.name;
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    write("adam/" + name + ".csv", adam_csv(dataset));
    write("adam/" + name + ".json", adam_dataset_json(dataset, study_id, context.created_utc));
  }
  const std::string digest = write_by_library(directory, "trajectories.nc",
                                              [&](const auto& path) { write_trajectories(summary, path); });
  written.push_back({"trajectories.nc", digest});
  write("report.html", report_html(summary, context, run.results_sha256));
  for (const auto& path : context.beside)
    written.push_back({path, core::sha256_of_file(std::filesystem::path(directory_path) / path)});
  directory.write("manifest.json", manifest_json(summary, context, written, run.results_sha256));

  for (const auto& file : written) run.paths.push_back(file.path);
  run.paths.emplace_back("manifest.json");
  return run;
}

}  // namespace hortega::output
