// SPDX-License-Identifier: Apache-2.0
//
// What the tests of the person model share: the committed parameters, people in blocks, their bytes.
#pragma once

#include "hortega/core/parameters.hpp"
#include "hortega/disease/kernel.hpp"
#include "hortega/disease/person.hpp"
#include "hortega/disease/rates.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hortega::disease::testing {

inline const core::ParameterSet& parameter_set() {
  static const core::ParameterSet set =
      core::ParameterSet::read_directory(std::string(HORTEGA_SOURCE_DIR) + "/data/parameters");
  return set;
}

inline const Parameters& parameters() {
  static const Parameters p = load_parameters(parameter_set());
  return p;
}

/// Restores the instruction set in use at the end of a test.
class IsaGuard {
 public:
  IsaGuard() : before_(current_isa()) {}
  ~IsaGuard() { choose_isa(before_); }
  IsaGuard(const IsaGuard&) = delete;
  IsaGuard& operator=(const IsaGuard&) = delete;

 private:
  Isa before_;
};

template <class T>
void append_bytes(std::string& to, const T& value) {
  to.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// A block of the people first, first + 1, ... at biological onset.
inline Block block_of(const Parameters& p, std::uint64_t seed, std::uint32_t first) {
  Block block;
  block.seed = seed;
  for (std::size_t lane = 0; lane < k_block; ++lane) {
    put(block, lane, make_person(p, seed, first + static_cast<std::uint32_t>(lane)));
  }
  return block;
}

/// Index of a number of State<double> by its name; fails loudly in the caller if unknown (k_state_size).
inline std::size_t state_index(std::string_view name) {
  std::size_t i = 0;
  while (i < k_state_size && state_names()[i] != name) ++i;
  return i;
}

}  // namespace hortega::disease::testing
