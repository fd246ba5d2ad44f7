// SPDX-License-Identifier: Apache-2.0
// Version and build, as CMake knew them.
#include "hortega/core/version.hpp"

#include "hortega_version.hpp"

namespace hortega::core {

std::string_view version() { return HORTEGA_VERSION; }
std::string_view compiler() { return HORTEGA_COMPILER; }
std::string_view build_flags() { return HORTEGA_BUILD_FLAGS; }

std::string version_line(std::string_view isa) {
  std::string line = "hortega " + std::string(version()) + " (" + std::string(compiler()) + ", " +
                     std::string(build_flags());
  if (!isa.empty()) line += ", " + std::string(isa);
  return line + ")";
}

}  // namespace hortega::core
