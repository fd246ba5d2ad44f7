// SPDX-License-Identifier: Apache-2.0
//
// Progenitors once they are in: how many live, how far they have come, how many have matured, and what myelin
// they can make there.
#pragma once

#include "hortega/disease/state.hpp"
#include "hortega/therapy/progenitor_product.hpp"

namespace hortega::therapy {

/// What a graft meets: from what is seen of the person's lesions.
struct LesionBed {
  double volume_ml = 0.0;    // of all lesions
  double young_share = 0.0;  // of the fibres without myelin, those of lesions some weeks old
};
LesionBed lesion_bed(const disease::StateView& state);

class ProgenitorGraft {
 public:
  void give(const Parameters& p, const ProgenitorPlan& plan, const ProgenitorProduct& product,
            const Patient& patient);
  /// Some days under protection (share of T-cell activation blocked, 0 to 1).
  void elapse(const Parameters& p, int days, double protection);
  bool given() const { return plan_ != nullptr; }
  int age_day() const { return age_day_; }
  /// Share of the cells that settled which rejection has left.
  double unrejected() const { return unrejected_; }
  /// Cells that settled, over cells given.
  double settled_share() const { return settled_share_; }
  /// Living cells, all kinds.
  double living(const Parameters& p) const;
  /// Those of the oligodendrocyte lineage.
  double lineage(const Parameters& p) const { return living(p) * lineage_share_; }
  /// How far cells have come from where they settled, mm.
  double distance_mm(const Parameters& p) const;
  /// Share of white matter, and of the lesions in it, within that distance.
  double reach(const Parameters& p) const;
  /// Share of the lineage's cells old enough to make myelin.
  double matured(const Parameters& p) const;

 private:
  const ProgenitorPlan* plan_ = nullptr;
  double cells_ = 0.0;
  double lineage_share_ = 0.0;
  double settled_share_ = 0.0;
  double mismatch_ = 0.0;
  double unrejected_ = 1.0;
  double migration_mm_per_day_ = 0.0;
  int age_day_ = 0;
};

/// Myelinating cells that the graft adds to lesions, of what a healthy system has (the lever `grafted`):
/// share of the lesions in reach x density there over the healthy one (no more than 1) x share matured x
/// share that the lesion permits to differentiate. The one place where the graft's yield of myelin is
/// decided. The table of the tissue scale (lesion/) is not read: the cells that come to a lesion are fewer
/// than its least graft, they come to old lesions and its latest day is the 90th, and where progenitors are
/// few it repairs too little with none given (docs/progenitors.md, where runs of the tissue stand beside this
/// function).
double myelinating_cells_added(const Parameters& p, const ProgenitorGraft& graft, const LesionBed& bed);

/// Factor on slow axon loss by what living cells secrete (the lever `trophic`).
double trophic_factor(const Parameters& p, const ProgenitorGraft& graft);

}  // namespace hortega::therapy
