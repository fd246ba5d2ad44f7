// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/allo_donor.hpp"

#include "hortega/core/math.hpp"

#include <algorithm>

namespace hortega::therapy {

namespace {

bool given_on(const std::vector<int>& days, int offset) {
  return std::find(days.begin(), days.end(), offset) != days.end();
}

// Full from its first day to the taper, then falling to nothing on the last day.
double level_of(const Prophylaxis& drug, int offset) {
  if (offset < drug.from_day || offset >= drug.to_day) return 0.0;
  if (offset < drug.taper_from_day) return 1.0;
  return static_cast<double>(drug.to_day - offset) / (drug.to_day - drug.taper_from_day);
}

}  // namespace

DonorGraft graft_of(const Parameters& p, const Donor& donor, double z) {
  DonorGraft g;
  switch (donor.kind) {
    case DonorKind::matched_sibling:
      g.precursors = p.allo_precursors_sibling.value;
      break;
    case DonorKind::matched_unrelated:
      g.precursors = p.allo_precursors_unrelated.value;
      break;
    case DonorKind::haploidentical:
      g.precursors = p.allo_precursors_haploidentical.value;
      break;
    case DonorKind::cord_blood:
      g.precursors = p.allo_precursors_cord.value;
      break;
  }
  g.host_precursors = g.precursors;
  const core::Parameter* cd34 = &p.allo_cd34_blood;
  double t_cells = p.allo_t_cells_blood.value;
  if (donor.source == GraftSource::marrow) {
    cd34 = &p.allo_cd34_marrow;
    t_cells = p.allo_t_cells_marrow.value;
  } else if (donor.source == GraftSource::cord) {
    cd34 = &p.allo_cd34_cord;
    t_cells = p.allo_t_cells_cord.value;
    g.precursors *= p.allo_cord_naivety.value;  // its T cells have met nothing and respond less
    g.progenitors_per_cd34 = p.allo_cord_progenitors.value;
  }
  g.t_share = t_cells / p.body_t_cells.value;
  g.cd34_e6_per_kg = cd34->value * math::exp(cd34->spread * z);
  return g;
}

double blocked(const Parameters& p, const std::vector<Prophylaxis>& drugs, int offset,
               const Handling& handling) {
  double passes = 1.0;
  for (const Prophylaxis& drug : drugs) {
    const double level = level_of(drug, offset);
    if (level <= 0.0) continue;
    if (drug.drug == ProphylaxisDrug::calcineurin_inhibitor) {
      // Hyperbolic in exposure, so that who has half the level keeps more than half of the block.
      const double at_target = p.allo_calcineurin_block.value / (1.0 - p.allo_calcineurin_block.value);
      passes /= 1.0 + at_target * level * handling.calcineurin;
    } else if (drug.drug == ProphylaxisDrug::mycophenolate) {
      passes *= 1.0 - p.allo_mycophenolate_block.value * level;
    }
  }
  return 1.0 - passes;
}

double methotrexate_kill(const Parameters& p, const std::vector<Prophylaxis>& drugs, int offset,
                         const disease::Profile& profile) {
  double log10 = 0.0;
  for (const Prophylaxis& drug : drugs) {
    if (drug.drug == ProphylaxisDrug::methotrexate && given_on(drug.days, offset)) {
      log10 += p.allo_methotrexate_kill.value * mg_per_m2_of(*drug.dose, profile);
    }
  }
  return log10;
}

double dividing_kill(const Parameters& p, const Regimen& regimen, int offset,
                     const disease::Profile& profile) {
  double log10 = methotrexate_kill(p, regimen.prophylaxis, offset, profile);
  if (offset <= 0) return log10;
  for (const Conditioning& c : regimen.conditioning) {
    if (c.drug == ConditioningDrug::cyclophosphamide && given_on(c.days, offset)) {
      log10 += p.allo_cyclophosphamide_kill.value * mg_per_kg_of(c.dose, profile);
    }
  }
  return log10;
}

double methotrexate_mucosa(const Parameters& p, const std::vector<Prophylaxis>& drugs, int offset,
                           const disease::Profile& profile) {
  double mucosa = 0.0;
  for (const Prophylaxis& drug : drugs) {
    if (drug.drug == ProphylaxisDrug::methotrexate && given_on(drug.days, offset)) {
      mucosa += p.allo_methotrexate_mucosa.value * mg_per_m2_of(*drug.dose, profile);
    }
  }
  return mucosa;
}

int prophylaxis_ends(const std::vector<Prophylaxis>& drugs) {
  int day = 0;
  for (const Prophylaxis& drug : drugs) day = std::max(day, drug.to_day);
  return day;
}

}  // namespace hortega::therapy
