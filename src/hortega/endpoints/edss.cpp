// SPDX-License-Identifier: Apache-2.0
// EDSS from functional-system grades and ambulation score.
#include "hortega/endpoints/edss.hpp"

#include <algorithm>

namespace hortega::endpoints {
namespace {

constexpr std::array<std::uint8_t, 7> kVisual{0, 1, 2, 2, 3, 3, 4};
constexpr std::array<std::uint8_t, 7> kBowelBladder{0, 1, 2, 3, 3, 4, 5};
constexpr FunctionalGrades kHighestGrade{6, 5, 6, 5, 6, 6, 5};
constexpr std::size_t index_of(FunctionalSystem system) { return static_cast<std::size_t>(system); }

/// EDSS that an ambulation score of 3-16 sets alone.
constexpr std::array<double, 17> kByAmbulation{0,   0,   0,   5.0, 5.5, 6.0, 6.0, 6.0, 6.5,
                                               6.5, 7.0, 7.5, 8.0, 8.5, 9.0, 9.5, 10.0};

}  // namespace

std::uint8_t converted_visual(std::uint8_t raw) {
  return raw < kVisual.size() ? kVisual[raw] : kMissingGrade;
}

std::uint8_t converted_bowel_bladder(std::uint8_t raw) {
  return raw < kBowelBladder.size() ? kBowelBladder[raw] : kMissingGrade;
}

bool valid_grades(const FunctionalGrades& raw) {
  for (std::size_t k = 0; k < raw.size(); ++k) {
    if (raw[k] > kHighestGrade[k]) return false;
  }
  return true;
}

double functional_system_step(const FunctionalGrades& raw, CerebralGradeOne rule) {
  if (!valid_grades(raw)) return kMissing;
  FunctionalGrades grade = raw;
  grade[index_of(FunctionalSystem::visual)] = converted_visual(raw[index_of(FunctionalSystem::visual)]);
  grade[index_of(FunctionalSystem::bowel_bladder)] =
      converted_bowel_bladder(raw[index_of(FunctionalSystem::bowel_bladder)]);
  auto& cerebral = grade[index_of(FunctionalSystem::cerebral)];
  if (cerebral == 1 && rule == CerebralGradeOne::ignored) cerebral = 0;

  std::array<int, 6> n{};  // how many systems have each grade, 5 and above together
  for (const auto g : grade) ++n[std::min<std::size_t>(g, 5)];

  // Rows of the table of steps (docs/endpoints.md) in their order; the first that matches wins.
  if (n[5] >= 1 || n[4] >= 2 || (n[4] == 1 && n[3] >= 3) || n[3] >= 6) return 5.0;
  if (n[4] == 1) return n[3] + n[2] >= 1 ? 4.5 : 4.0;
  if (n[3] == 5) return 4.5;
  if (n[3] >= 3 || (n[3] == 2 && n[2] >= 1)) return 4.0;
  if (n[3] == 2) return 3.5;
  if (n[3] == 1) return n[2] >= 3 ? 4.0 : n[2] >= 1 ? 3.5 : 3.0;
  if (n[2] >= 6) return 4.0;
  if (n[2] == 5) return 3.5;
  if (n[2] >= 3) return 3.0;
  if (n[2] == 2) return 2.5;
  if (n[2] == 1) return 2.0;
  return n[1] >= 2 ? 1.5 : n[1] == 1 ? 1.0 : 0.0;
}

double edss(const FunctionalGrades& raw, std::uint8_t ambulation, CerebralGradeOne rule) {
  if (ambulation >= kByAmbulation.size()) return kMissing;
  if (ambulation >= 3) return kByAmbulation[ambulation];
  const double step = functional_system_step(raw, rule);
  if (is_missing(step)) return kMissing;
  constexpr std::array<double, 3> kAtLeast{0, 2.0, 4.5};
  return std::max(step, kAtLeast[ambulation]);
}

bool valid_edss(double value) {
  const double halves = 2 * value;
  return value == 0 || (value >= 1 && value <= 10 && halves == std::floor(halves));
}

}  // namespace hortega::endpoints
