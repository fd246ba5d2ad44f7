// SPDX-License-Identifier: Apache-2.0
#include "hortega/lesion/levers.hpp"

namespace hortega::lesion {

Levers levers_at(const std::vector<LeverPeriod>& periods, double day) {
  Levers all;
  for (const LeverPeriod& p : periods) {
    if (day < p.from_day || day >= p.to_day) continue;
    all.entry *= p.levers.entry;
    all.activation *= p.levers.activation;
    all.cytokine *= p.levers.cytokine;
    all.differentiation *= p.levers.differentiation;
    all.division *= p.levers.division;
    all.rim *= p.levers.rim;
    all.regulator += p.levers.regulator;
    all.trophic += p.levers.trophic;
  }
  return all;
}

}  // namespace hortega::lesion
