// SPDX-License-Identifier: Apache-2.0
// A small piece of tissue for the tests: 4 mm at 50 um, an attack of 14 days, steps of 4 hours.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "hortega/core/parallel.hpp"
#include "hortega/lesion/tissue.hpp"

namespace hortega::lesion::tests {

inline const TissueParameters& parameters() {
  static const TissueParameters p = load_tissue_parameters(
      core::ParameterSet::read_directory(HORTEGA_SOURCE_DIR "/data/parameters/lesion"));
  return p;
}

inline TissueSettings small_settings(std::uint64_t seed) {
  TissueSettings s;
  s.grid = {80, 80, 1, 0.05, 0.02};
  s.step_day = 1.0 / 6.0;
  s.age_years = 30.0;
  s.iron_uptake = 0.02;
  s.attacks = {{0.0, 14.0, 100000.0}};
  s.seed = seed;
  return s;
}

/// Measures at the days given (increasing).
inline std::vector<Measures> course(const TissueSettings& settings, const std::vector<double>& days) {
  Tissue tissue(settings, parameters());
  std::vector<Measures> all;
  for (const double day : days) {
    while (tissue.day() < day - 1e-9) tissue.step();
    all.push_back(tissue.measure());
  }
  return all;
}

/// The same for seeds 1 to n, side by side; `change` may edit the settings of each.
inline std::vector<std::vector<Measures>> courses(std::size_t n, const std::vector<double>& days,
                                                  const std::function<void(TissueSettings&)>& change) {
  std::vector<std::vector<Measures>> all(n);
  core::parallel_for(n, [&](std::size_t i) {
    TissueSettings s = small_settings(i + 1);
    change(s);
    all[i] = course(s, days);
  });
  return all;
}

}  // namespace hortega::lesion::tests
