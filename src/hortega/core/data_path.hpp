// SPDX-License-Identifier: Apache-2.0
// Where the program's own data (parameters, protocols, regimens, evidence) lie on this machine.
#pragma once

#include <filesystem>
#include <string>

namespace hortega::core {

/// The facts that the search depends on; `data_search()` reads them from the running program.
struct DataSearch {
  std::string environment;            ///< HORTEGA_DATA; empty if unset
  std::filesystem::path executable;   ///< the program's own file, symbolic links resolved; empty if unknown
  std::filesystem::path source_tree;  ///< the source tree it was built from
};

[[nodiscard]] DataSearch data_search();

/// The data folder: HORTEGA_DATA if set (and then nothing else), else ../share/hortega beside the program's
/// folder, else data/ of the source tree. A folder counts if it has a subfolder `parameters`. Throws
/// std::runtime_error that lists the places looked in.
[[nodiscard]] std::filesystem::path find_data_folder(const DataSearch& search);

/// find_data_folder(data_search()).
[[nodiscard]] std::filesystem::path data_folder();

}  // namespace hortega::core
