// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/progenitor_product.hpp"

#include "hortega/therapy/response.hpp"

namespace hortega::therapy {

namespace {
constexpr int k_attempts = 2;  // not biology: who pays for a third
}

ProgenitorProduct make_progenitors(const Parameters& p, const ProgenitorPlan& plan, const Patient& patient,
                                   int day) {
  core::Draws d(patient.key, core::Purpose::progenitor_product, static_cast<std::uint32_t>(day));
  const double u[k_attempts] = {d.uniform(), d.uniform()};
  const double z_residual = d.normal();

  ProgenitorProduct product;
  product.cells = plan.cells ? *plan.cells : plan.cells_per_kg.value_or(0.0) * patient.profile->weight_kg;
  const bool own = plan.line == ProgenitorLine::own_induced;
  const bool fetal = plan.line == ProgenitorLine::fetal;
  product.lineage_share = fetal ? p.progenitor_fetal_lineage.value : p.progenitor_purity.value;
  product.mismatch = own                                           ? 0.0
                     : plan.line == ProgenitorLine::banked_induced ? p.graft_mismatch_banked.value
                                                                   : 1.0;
  if (!fetal) {
    // What a release test certifies holds for the lot; without one lots differ.
    product.residual_share = plan.residual_pluripotent
                                 ? *plan.residual_pluripotent
                                 : personal(p.progenitor_residual, z_residual, 0.0, 1.0);
  }
  if (own) product.days = p.progenitor_own_line_days.value;
  for (; product.attempts < k_attempts && !product.usable; ++product.attempts) {
    product.cost_eur += own ? p.progenitor_own_cost.value : p.progenitor_bank_cost.value;
    if (own) product.days += p.progenitor_differentiation_days.value + p.progenitor_release_days.value;
    // Lots of a bank failed before anybody waited for them.
    product.usable = !own || u[product.attempts] >= p.progenitor_batch_failure.value;
  }
  if (!own) product.days = p.progenitor_bank_days.value;
  if (plan.ready) product.days = 0.0;
  return product;
}

}  // namespace hortega::therapy
