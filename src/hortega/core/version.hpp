// SPDX-License-Identifier: Apache-2.0
// Which Hortega this is and what it was built with: for --version and the manifest.
#pragma once

#include <string>
#include <string_view>

namespace hortega::core {

/// Version of the project, e.g. "0.1.0".
std::string_view version();

/// Compiler and its version, e.g. "GCC 12.2.0".
std::string_view compiler();

/// Build type and flags that the compiler was given by CMake, e.g. "Release -O2 -DNDEBUG".
std::string_view build_flags();

/// "hortega 0.1.0 (GCC 12.2.0, Release -O2 -DNDEBUG, isa)"; the instruction set is that of the kernels in
/// use, which the caller knows (an empty text leaves it out).
std::string version_line(std::string_view isa);

}  // namespace hortega::core
