// SPDX-License-Identifier: Apache-2.0
// Replicates in parallel, the finished ones kept on disk in blocks, so that a run that is cut off can go on.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "hortega/evidence/estimates.hpp"
#include "run_directory.hpp"

namespace hortega::apps {

/// Replicates that belong together.
struct Series {
  std::string name;                 ///< begins the names of its files
  std::string label;                ///< of the progress bar
  std::string digest;               ///< of everything that decides its results
  std::filesystem::path directory;  ///< of its files
  int replicates = 0;
  Resume resume = Resume::no;
};

struct SeriesResult {
  std::vector<evidence::ReplicateResult> results;
  std::vector<bool> taken_over;  ///< of each, whether it came from a file
  int count_taken_over() const;
};

/// Calls make(number) for every replicate that no file gives, from any thread. Files of another digest, cut
/// short or damaged, are told on stderr and ignored. When interrupted it writes what is finished and throws
/// core::Interrupted; when a file cannot be written, core::RunError, at once.
SeriesResult run_series(const Series& series,
                        const std::function<evidence::ReplicateResult(int number)>& make);

}  // namespace hortega::apps
