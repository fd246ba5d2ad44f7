// SPDX-License-Identifier: Apache-2.0
//
// Making progenitors: how long it takes, what it costs, what is in the product.
#pragma once

#include "hortega/therapy/course.hpp"
#include "hortega/therapy/parameters.hpp"
#include "hortega/therapy/progenitor_plan.hpp"

namespace hortega::therapy {

struct ProgenitorProduct {
  bool usable = false;
  int attempts = 0;
  double days = 0.0;            // from the decision to release, all attempts
  double cost_eur = 0.0;        // all attempts
  double cells = 0.0;           // as prescribed
  double lineage_share = 0.0;   // of the cells, on the way to oligodendrocytes
  double residual_share = 0.0;  // of the cells, still pluripotent
  double mismatch = 0.0;        // to the person's immunity: 0 own, 1 unmatched donor
};

/// One product for a person, decided on `day`. Own cells are reprogrammed, banked, differentiated and tested,
/// twice at most; donor lines stand in a bank, differentiated and tested. Fetal cells never were pluripotent.
ProgenitorProduct make_progenitors(const Parameters& p, const ProgenitorPlan& plan, const Patient& patient,
                                   int day);

}  // namespace hortega::therapy
