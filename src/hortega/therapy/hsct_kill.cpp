// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/hsct_kill.hpp"

#include "hortega/therapy/response.hpp"

namespace hortega::therapy {

namespace {

/// Where a cytotoxic drug's numbers stand: log10 per mg/kg or per mg/m2.
struct Cytotoxic {
  DoseBasis basis;
  core::Parameter Parameters::*t;
  core::Parameter Parameters::*b;
  core::Parameter Parameters::*marrow;
  core::Parameter Parameters::*cns;
  core::Parameter Parameters::*volume;
  core::Parameter Parameters::*mucosa;
};

#define HORTEGA_CYTOTOXIC(drug, basis)                                                              \
  Cytotoxic {                                                                                       \
    basis, &Parameters::drug##_kill_t, &Parameters::drug##_kill_b, &Parameters::drug##_kill_marrow, \
        &Parameters::drug##_cns, &Parameters::drug##_volume, &Parameters::drug##_mucosa             \
  }

Cytotoxic cytotoxic(ConditioningDrug drug) {
  switch (drug) {
    case ConditioningDrug::carmustine:
      return HORTEGA_CYTOTOXIC(carmustine, DoseBasis::body_surface);
    case ConditioningDrug::etoposide:
      return HORTEGA_CYTOTOXIC(etoposide, DoseBasis::body_surface);
    case ConditioningDrug::cytarabine:
      return HORTEGA_CYTOTOXIC(cytarabine, DoseBasis::body_surface);
    case ConditioningDrug::melphalan:
      return HORTEGA_CYTOTOXIC(melphalan, DoseBasis::body_surface);
    case ConditioningDrug::busulfan:
      return HORTEGA_CYTOTOXIC(busulfan, DoseBasis::body_weight);
    default:
      break;
  }
  return HORTEGA_CYTOTOXIC(cyclophosphamide, DoseBasis::body_weight);
}
#undef HORTEGA_CYTOTOXIC

}  // namespace

Kill& operator+=(Kill& a, const Kill& b) {
  a.t += b.t;
  a.b += b.b;
  a.marrow += b.marrow;
  a.cns_t += b.cns_t;
  a.volume_percent += b.volume_percent;
  a.mucosa += b.mucosa;
  return a;
}

Kill kill_of(const Parameters& p, ConditioningDrug drug, const Dose& dose, const disease::Profile& profile) {
  Kill kill;
  switch (drug) {
    case ConditioningDrug::atg:
      return kill;
    case ConditioningDrug::rituximab:
      kill.b = p.rituximab_kill_b.value * mg_per_m2_of(dose, profile);
      return kill;
    case ConditioningDrug::alemtuzumab:
      kill.t = kill.b = p.transplant_alemtuzumab_kill_t.value * mg_of(dose, profile);
      return kill;
    default:
      break;
  }
  const Cytotoxic c = cytotoxic(drug);
  const double amount =
      c.basis == DoseBasis::body_weight ? mg_per_kg_of(dose, profile) : mg_per_m2_of(dose, profile);
  kill.t = (p.*c.t).value * amount;
  kill.b = (p.*c.b).value * amount;
  kill.marrow = (p.*c.marrow).value * amount;
  kill.cns_t = kill.t * (p.*c.cns).value;
  kill.volume_percent = (p.*c.volume).value * amount;
  kill.mucosa = (p.*c.mucosa).value * amount;
  return kill;
}

void AtgLevel::elapse(const Parameters& p, double days) {
  level_ *= math::exp(-0.6931471805599453 * days / p.atg_half_life.value);
  if (level_ < 1e-4) level_ = 0.0;  // not biology: gone
}

double AtgLevel::kill_per_day(const Parameters& p) const {
  return p.atg_kill.value * level_ / (level_ + p.atg_half_kill.value);
}

double graft_t_share(const Parameters& p, const Graft& graft) {
  const double share = p.graft_t_cells.value / p.body_t_cells.value;
  return graft.cd34_selected ? share * math::exp(-2.302585092994046 * p.graft_selection_log.value) : share;
}

}  // namespace hortega::therapy
