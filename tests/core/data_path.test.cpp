// SPDX-License-Identifier: Apache-2.0
// The data folder is found by environment, then beside the installed program, then in the source tree.
#include "hortega/core/data_path.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace hortega::core {
namespace {

namespace fs = std::filesystem;

class DataPath : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "hortega-data-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    root_ = name;
    search_.executable = root_ / "prefix" / "bin" / "hortega";
    search_.source_tree = root_ / "source";
  }
  void TearDown() override { fs::remove_all(root_); }

  fs::path make(const fs::path& folder) {
    fs::create_directories(folder / "parameters");
    return folder;
  }
  std::string error() {
    try {
      return "found " + find_data_folder(search_).string();
    } catch (const std::runtime_error& problem) {
      return problem.what();
    }
  }

  fs::path root_;
  DataSearch search_;
};

TEST_F(DataPath, InstalledPlaceComesBeforeTheSourceTree) {
  const fs::path source = make(root_ / "source" / "data");
  EXPECT_EQ(find_data_folder(search_), source);
  const fs::path installed = make(root_ / "prefix" / "share" / "hortega");
  EXPECT_EQ(find_data_folder(search_), installed);
}

TEST_F(DataPath, EnvironmentWinsOverBoth) {
  make(root_ / "source" / "data");
  make(root_ / "prefix" / "share" / "hortega");
  search_.environment = make(root_ / "mine").string();
  EXPECT_EQ(find_data_folder(search_), root_ / "mine");
}

TEST_F(DataPath, WrongEnvironmentIsAnErrorNotAFallback) {
  make(root_ / "source" / "data");
  search_.environment = (root_ / "absent").string();
  EXPECT_EQ(error(), "HORTEGA_DATA names no data folder (no subfolder `parameters`); looked in " +
                         (root_ / "absent").string());
}

TEST_F(DataPath, ErrorListsThePlaces) {
  fs::create_directories(root_ / "source" / "data");  // without parameters: does not count
  EXPECT_EQ(error(), "no data folder found (one with a subfolder `parameters`); looked in " +
                         (root_ / "prefix" / "share" / "hortega").string() + ", " +
                         (root_ / "source" / "data").string());
}

TEST_F(DataPath, AFileOfThatNameDoesNotCount) {
  fs::create_directories(root_ / "source" / "data");
  std::ofstream(root_ / "source" / "data" / "parameters") << "not a folder";
  EXPECT_EQ(error().substr(0, 20), "no data folder found");
}

TEST_F(DataPath, ProgramKnowsItself) {
  ASSERT_EQ(setenv("HORTEGA_DATA", "/some/where", 1), 0);
  const DataSearch search = data_search();
  ASSERT_EQ(unsetenv("HORTEGA_DATA"), 0);
  EXPECT_EQ(search.environment, "/some/where");
  EXPECT_EQ(search.executable.filename(), "test_core");
  EXPECT_EQ(search.source_tree, fs::path(HORTEGA_SOURCE_DIR));
  EXPECT_TRUE(data_search().environment.empty());
}

}  // namespace
}  // namespace hortega::core
