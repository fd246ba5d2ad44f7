// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/progenitor_graft.hpp"

#include "hortega/therapy/division.hpp"
#include "hortega/therapy/response.hpp"

namespace hortega::therapy {

namespace {
constexpr std::uint32_t k_survival_number = 1;  // of the person's response draws
constexpr std::uint32_t k_migration_number = 2;
constexpr double k_pi = 3.14159265358979323846;  // not biology: pi
constexpr double k_sphere = 4.0 / 3.0 * k_pi;    // not biology: a sphere's volume over its radius cubed
constexpr double k_ln2 = 0.6931471805599453;     // not biology: ln 2
constexpr double k_mm3_per_ml = 1000.0;          // not biology: units

const core::Parameter& settled(const Parameters& p, ProgenitorRoute route) {
  switch (route) {
    case ProgenitorRoute::ventricular:
      return p.graft_survival_ventricle;
    case ProgenitorRoute::intrathecal:
      return p.graft_survival_lumbar;
    case ProgenitorRoute::intracerebral:
      break;
  }
  return p.graft_survival_brain;
}
}  // namespace

LesionBed lesion_bed(const disease::StateView& state) {
  double blocked = 0.0;
  double bare = 0.0;
  for (std::size_t k = 0; k < disease::k_systems; ++k) {
    blocked += state.blocked(k);
    bare += state.bare(k);
  }
  return {state.t2_volume_ml(), blocked + bare > 0.0 ? blocked / (blocked + bare) : 0.0};
}

void ProgenitorGraft::give(const Parameters& p, const ProgenitorPlan& plan, const ProgenitorProduct& product,
                           const Patient& patient) {
  plan_ = &plan;
  cells_ = product.cells;
  lineage_share_ = product.lineage_share;
  mismatch_ = product.mismatch;
  settled_share_ =
      personal(settled(p, plan.route), response_of(patient, Slot::progenitors, k_survival_number), 0.0, 1.0);
  migration_mm_per_day_ =
      personal(p.graft_migration, response_of(patient, Slot::progenitors, k_migration_number), 0.0, 1e3);
  unrejected_ = 1.0;
  age_day_ = 0;
}

void ProgenitorGraft::elapse(const Parameters& p, int days, double protection) {
  if (!given() || days <= 0) return;
  unrejected_ *= math::exp(-p.graft_rejection.value * mismatch_ * (1.0 - protection) * days);
  age_day_ += days;
}

// Division slows down as the niche fills: the clock of the divisions runs ever slower and stands still at
// graft_doubling_period; on that clock division goes on at a constant rate (therapy/division).
double ProgenitorGraft::living(const Parameters& p) const {
  const double period = p.graft_doubling_period.value;
  DivisionRates rates;
  rates.division_per_day = k_ln2 * p.graft_doublings.value / period;
  const double clock_day = period * (1.0 - math::exp(-age_day_ / period));
  return dividing_mean(rates, cells_ * settled_share_ * unrejected_, clock_day);
}

double ProgenitorGraft::distance_mm(const Parameters& p) const {
  return migration_mm_per_day_ * std::min<double>(age_day_, p.graft_migration_period.value);
}

double ProgenitorGraft::reach(const Parameters& p) const {
  if (!given()) return 0.0;
  const double r = distance_mm(p);
  if (plan_->route != ProgenitorRoute::intracerebral) {
    // From the surfaces that fluid washes: lesions thin out with the distance from them.
    return 1.0 - math::exp(-r / p.lesion_csf_distance.value);
  }
  const double around_tract = k_pi * r * r * p.graft_tract_length.value + k_sphere * r * r * r;
  return std::min(1.0, plan_->tracts * around_tract / k_mm3_per_ml / p.white_matter_volume.value);
}

double ProgenitorGraft::matured(const Parameters& p) const {
  if (age_day_ <= 0) return 0.0;
  return 1.0 / (1.0 + math::power(p.graft_maturation.value / age_day_, p.graft_maturation_steepness.value));
}

double myelinating_cells_added(const Parameters& p, const ProgenitorGraft& graft, const LesionBed& bed) {
  const double reach = graft.reach(p);
  if (reach <= 0.0 || bed.volume_ml <= 0.0) return 0.0;
  // Cells spread over the white matter in reach, denser in lesions than elsewhere.
  const double preference = p.graft_lesion_preference.value;
  const double lesions_ml = std::min(bed.volume_ml, p.white_matter_volume.value);
  const double weighed_ml = reach * (p.white_matter_volume.value + (preference - 1.0) * lesions_ml);
  const double in_lesions_per_ml = preference * graft.lineage(p) / weighed_ml;
  const double density = std::min(1.0, in_lesions_per_ml / p.oligodendrocyte_density.value);
  const double chronic = p.graft_chronic_permission.value;
  const double permitted = chronic + (1.0 - chronic) * bed.young_share;
  return reach * density * graft.matured(p) * permitted;
}

double trophic_factor(const Parameters& p, const ProgenitorGraft& graft) {
  const double living = graft.given() ? graft.living(p) : 0.0;
  return 1.0 - p.graft_trophic.value * living / (living + p.graft_trophic_half.value);
}

}  // namespace hortega::therapy
