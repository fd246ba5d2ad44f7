// SPDX-License-Identifier: Apache-2.0
// A folder of one test: CTest runs the tests of a fixture side by side, so that a fixed name would be shared.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

namespace hortega::testing_support {

/// An empty folder of this process and object alone; gone with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "hortega-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::filesystem::filesystem_error("mkdtemp", name, {});
    path_ = name;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace hortega::testing_support
