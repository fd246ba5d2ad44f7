// SPDX-License-Identifier: Apache-2.0
// The search for the data folder: environment, installed place, source tree.
#include "hortega/core/data_path.hpp"

#include <cstdlib>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace hortega::core {

namespace fs = std::filesystem;

DataSearch data_search() {
  DataSearch search;
  if (const char* value = std::getenv("HORTEGA_DATA")) search.environment = value;
  std::error_code ignored;  // without /proc the installed place is skipped
  search.executable = fs::read_symlink("/proc/self/exe", ignored);
  search.source_tree = HORTEGA_SOURCE_DIR;
  return search;
}

fs::path find_data_folder(const DataSearch& search) {
  std::vector<fs::path> places;
  if (!search.environment.empty()) {
    places.emplace_back(search.environment);
  } else {
    if (!search.executable.empty())
      places.push_back(search.executable.parent_path().parent_path() / "share" / "hortega");
    if (!search.source_tree.empty()) places.push_back(search.source_tree / "data");
  }
  std::string looked;
  for (const fs::path& place : places) {
    std::error_code ignored;
    if (fs::is_directory(place / "parameters", ignored)) return place;
    looked += (looked.empty() ? " " : ", ") + place.string();
  }
  const std::string why = search.environment.empty()
                              ? "no data folder found (one with a subfolder `parameters`)"
                              : "HORTEGA_DATA names no data folder (no subfolder `parameters`)";
  throw std::runtime_error(why + "; looked in" + looked);
}

fs::path data_folder() { return find_data_folder(data_search()); }

}  // namespace hortega::core
