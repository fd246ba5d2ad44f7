// SPDX-License-Identifier: Apache-2.0
// The directory of a run while it runs. Nothing of a run is seen in it before all of it is there: files are
// written below DIR/.partial/new and moved to their places at the end.
//
//   DIR/.partial/*.bin   finished replicates (resumable.hpp)
//   DIR/.partial/new/    the results while they are written
#pragma once

#include <filesystem>
#include <vector>

namespace hortega::apps {

enum class Resume { no, yes };

class RunDirectory {
 public:
  /// Makes the directory. Without Resume::yes what a run before left in DIR/.partial is thrown away. Throws
  /// core::RunError if a component of the path is a regular file, or on any failure.
  RunDirectory(std::filesystem::path path, Resume resume);
  /// Unless published: removes the results that were being written, and every directory made here in which
  /// nothing is left.
  ~RunDirectory();
  RunDirectory(const RunDirectory&) = delete;
  RunDirectory& operator=(const RunDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// Where finished replicates are kept.
  std::filesystem::path partial() const;
  /// Where the results are to be written.
  std::filesystem::path fresh() const;
  /// Moves the results to their places, in place of those of a run before (the manifest goes first and comes
  /// last), and removes DIR/.partial. Throws core::RunError.
  void publish();

 private:
  std::filesystem::path path_;
  std::vector<std::filesystem::path> made_;  // by us, the innermost first
};

}  // namespace hortega::apps
