// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/registry.hpp"

#include <vector>

namespace hortega::therapy {

// Made by cmake/Therapies.cmake: HORTEGA_THERAPIES(X), an X(kind) for each.
#include "hortega/therapy/therapies.inc"

#define HORTEGA_X(kind) HORTEGA_THERAPY(kind);
HORTEGA_THERAPIES(HORTEGA_X)
#undef HORTEGA_X

namespace {

Therapy named(Therapy therapy, std::string_view kind) {
  therapy.kind = kind;
  return therapy;
}

}  // namespace

std::span<const Therapy> therapies() {
#define HORTEGA_X(kind) named(therapy_of_##kind(), #kind),
  static const std::vector<Therapy> all = {HORTEGA_THERAPIES(HORTEGA_X)};
#undef HORTEGA_X
  return all;
}

RegimenKind kind_of_own_file(std::size_t i) {
  return static_cast<RegimenKind>(static_cast<int>(RegimenKind::of_own_file) + static_cast<int>(i));
}

const Therapy* therapy_of(RegimenKind kind) {
  const int i = static_cast<int>(kind) - static_cast<int>(RegimenKind::of_own_file);
  return i < 0 || i >= static_cast<int>(therapies().size()) ? nullptr
                                                            : &therapies()[static_cast<std::size_t>(i)];
}

}  // namespace hortega::therapy
