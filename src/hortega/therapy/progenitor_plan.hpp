// SPDX-License-Identifier: Apache-2.0
//
// Progenitors as a regimen prescribes them: from which line, how many, by which route.
#pragma once

#include <cstdint>
#include <optional>

namespace hortega::therapy {

enum class ProgenitorLine : std::uint8_t { own_induced, banked_induced, embryonic, fetal };
enum class ProgenitorRoute : std::uint8_t { intracerebral, ventricular, intrathecal };

struct ProgenitorPlan {
  ProgenitorLine line = ProgenitorLine::fetal;
  std::optional<double> cells;         // in all; or
  std::optional<double> cells_per_kg;  // of the person
  ProgenitorRoute route = ProgenitorRoute::intracerebral;
  int tracts = 1;                                // of the needle, intracerebral only
  bool ready = false;                            // made before the regimen begins
  std::optional<double> residual_pluripotent;    // share, as a release test says
  std::optional<double> surveillance_every_day;  // scans for tumours
};

}  // namespace hortega::therapy
