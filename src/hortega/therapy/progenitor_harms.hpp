// SPDX-License-Identifier: Apache-2.0
//
// What can go wrong with progenitors: the needle or the puncture, and tumours of pluripotent cells left in
// the product.
#pragma once

#include "hortega/therapy/late_harms.hpp"
#include "hortega/therapy/progenitor_graft.hpp"

namespace hortega::therapy {

/// Chance that at least one of n cells makes a tumour, each with the chance p: 1 - (1 - p)^n.
double tumour_chance(double p, double n);

/// Bleeding along tracts, trouble with the ventricle, headache after the puncture: on the day of the graft.
void draw_procedure_harms(const Parameters& p, const ProgenitorPlan& plan, const Patient& patient, int day,
                          CourseSink& sink);

/// A tumour, if one comes: on which days it shows on a scan and causes symptoms, and which comes first under
/// the plan's surveillance.
class Teratoma {
 public:
  /// On the day on which tumours have taken: pluripotent cells that were given and not rejected until
  /// then.
  void draw(const Parameters& p, const ProgenitorPlan& plan, double pluripotent_cells, const Patient& patient,
            int graft_day, int today);
  int due() const { return told_ ? k_never : day_; }
  /// Tells it when due: found by a scan and removed, or by symptoms, with damage.
  void tell(const Parameters& p, int day, CourseSink& sink);

 private:
  int day_ = k_never;
  bool by_scan_ = false;
  bool told_ = false;
};

}  // namespace hortega::therapy
