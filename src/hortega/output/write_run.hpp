// SPDX-License-Identifier: Apache-2.0
// Writes everything that `hortega run` leaves in its directory: the one entry point of this folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hortega/core/parameters.hpp"
#include "hortega/evidence/standing.hpp"
#include "hortega/evidence/summary.hpp"
#include "hortega/output/adam.hpp"

namespace hortega::output {

/// A file that the run read.
struct InputFile {
  std::string path;
  std::string sha256;
  std::uint64_t bytes = 0;
};

/// Reads the file and takes its digest. Throws core::RunError.
InputFile describe_input(const std::string& path);

/// What the summary cannot know: how the run was made.
struct RunContext {
  std::string command;  ///< as typed; how to repeat the run
  std::vector<InputFile> inputs;
  int threads = 1;
  std::string isa;        ///< of the kernels in use: sse2, avx2, avx512
  std::string posterior;  ///< SHA-256 of the values of the run's draws; empty without draws
  std::vector<std::string> warnings;
  std::string started_utc, ended_utc;  ///< utc_timestamp(); kept out of every hash
  std::string created_utc;             ///< of the datasets: source_date_epoch(), else when the run started
  double wall_s = 0.0;
  std::vector<core::Passport> parameters;    ///< that the result rests on
  std::vector<evidence::Standing> standing;  ///< of the arms' regimens, without regard to any person
  std::vector<PersonTime> times;             ///< of summary.first, for ADTTE
  std::vector<std::string> beside;  ///< files that the caller wrote below the directory: the manifest's too
};

/// What was written.
struct WrittenRun {
  std::vector<std::string> paths;  ///< below the directory, in the order of writing; the manifest is the last
  std::string results_sha256;      ///< manifest.hpp says of what
};

/// "2026-01-31T12:00:00Z" of seconds since 1970.
std::string utc_timestamp(std::int64_t unix_seconds);

/// Seconds since 1970 of the environment variable SOURCE_DATE_EPOCH, by which files that bear a date come out
/// the same again (https://reproducible-builds.org/specs/source-date-epoch/); nothing where it is not set.
/// Throws core::InputError where it is no such number.
std::optional<std::int64_t> source_date_epoch();

/// Writes report.html, summary.json, tables/*.csv, adam/, trajectories.nc and, last, manifest.json below
/// `directory`, each under a temporary name that is then renamed. Throws core::RunError with the path and the
/// reason.
WrittenRun write_run(const evidence::RunSummary& summary, const RunContext& context,
                     const std::string& directory);

}  // namespace hortega::output
