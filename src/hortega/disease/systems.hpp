// SPDX-License-Identifier: Apache-2.0
//
// The functional systems of the Expanded Disability Status Scale and the sites where a lesion can fall.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace hortega::disease {

/// Order of the functional systems everywhere (docs/endpoints.md).
enum class System : std::size_t {
  visual,
  brainstem,
  pyramidal,
  cerebellar,
  sensory,
  bowel_bladder,
  cerebral
};
inline constexpr std::size_t k_systems = 7;
inline constexpr std::array<std::string_view, k_systems> k_system_names = {
    "visual", "brainstem", "pyramidal", "cerebellar", "sensory", "bowel_bladder", "cerebral"};

enum class Site : std::size_t { optic_nerve, cord, brainstem, cerebellum, hemisphere };
inline constexpr std::size_t k_sites = 5;

inline constexpr std::size_t index(System s) { return static_cast<std::size_t>(s); }

}  // namespace hortega::disease
