// SPDX-License-Identifier: Apache-2.0
//
// What a therapy's file says of itself. A line
//
//   HORTEGA_THERAPY(minocycline) { return {...}; }
//
// in any file of this folder makes "minocycline" a kind of regimen: the build collects these lines
// (cmake/Therapies.cmake), and no other file need name it. Its parameters are passports called
// minocycline_... in a file data/parameters/therapy*.toml; one that this layer does not list is read by
// Parameters::own.
#pragma once

#include "hortega/therapy/course.hpp"
#include "hortega/therapy/parameters.hpp"
#include "hortega/therapy/regimen.hpp"
#include "hortega/therapy/uses.hpp"

#include <memory>
#include <span>
#include <string_view>

namespace hortega::therapy {

struct Therapy {
  std::unique_ptr<Course> (*make)(const Regimen&, const Parameters&) = nullptr;
  Watching (*watching)(const Parameters&) = nullptr;
  /// Parameters of its process that are named neither after its kind nor after a drug of the regimen begin
  /// so.
  std::string_view stem = {};
  std::string_view kind = {};  // the name above; set by the registry
};

#define HORTEGA_THERAPY(kind) Therapy therapy_of_##kind()

/// All of them, by name.
std::span<const Therapy> therapies();

/// The kind of the i-th of them.
RegimenKind kind_of_own_file(std::size_t i);

/// Null for kinds that are not of a file of their own.
const Therapy* therapy_of(RegimenKind kind);

}  // namespace hortega::therapy
