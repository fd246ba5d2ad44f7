// SPDX-License-Identifier: Apache-2.0
//
// The points at which something from outside acts on a lesion. Whoever treats fills them over time; nothing
// here knows a therapy (CONTRIBUTING.md, rule 1).
#pragma once

#include <vector>

namespace hortega::lesion {

/// Factors on what the tissue does by itself; 1 is untouched.
struct Levers {
  double entry = 1.0;            ///< cells that cross from the venule
  double activation = 1.0;       ///< reactivation of T cells in the tissue
  double cytokine = 1.0;         ///< release of inflammatory cytokine
  double differentiation = 1.0;  ///< of progenitors
  double division = 1.0;         ///< of progenitors
  double rim = 1.0;              ///< harm done by iron-laden microglia
  double regulator = 0.0;        ///< released everywhere, as that of so many cells (share of all cells)
  double trophic = 0.0;          ///< likewise
};

/// Levers from a day to a day.
struct LeverPeriod {
  double from_day = 0.0;
  double to_day = 1e9;
  Levers levers;
};

enum class Added { mesenchymal, progenitors };

/// Cells put around the venule.
struct Addition {
  Added kind = Added::mesenchymal;
  double day = 0.0;
  double cells = 0.0;      ///< to a 2-D section of 1 mm thickness, or to each mm of venule
  double radius_mm = 1.0;  ///< spread evenly within
};

/// All periods that hold on a day, multiplied (factors) and added (releases).
Levers levers_at(const std::vector<LeverPeriod>& periods, double day);

}  // namespace hortega::lesion
