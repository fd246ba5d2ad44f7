// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/hsct_kill.hpp"

#include "hortega/therapy/response.hpp"

namespace hortega::therapy {

namespace {

constexpr double k_ten = 10.0;  // not biology: base of the log kill

/// Where a cytotoxic drug's numbers stand: log10 per mg/kg or per mg/m2.
struct Cytotoxic {
  DoseBasis basis;
  const core::Parameter& t;
  const core::Parameter& b;
  const core::Parameter& marrow;
  const core::Parameter& cns;
  const core::Parameter& volume;
  const core::Parameter& mucosa;
};

Cytotoxic cytotoxic(const Parameters& p, ConditioningDrug drug) {
  switch (drug) {
    case ConditioningDrug::carmustine:
      return {DoseBasis::body_surface, p.carmustine_kill_t, p.carmustine_kill_b, p.carmustine_kill_marrow,
              p.carmustine_cns,        p.carmustine_volume, p.carmustine_mucosa};
    case ConditioningDrug::etoposide:
      return {DoseBasis::body_surface, p.etoposide_kill_t, p.etoposide_kill_b, p.etoposide_kill_marrow,
              p.etoposide_cns,         p.etoposide_volume, p.etoposide_mucosa};
    case ConditioningDrug::cytarabine:
      return {DoseBasis::body_surface, p.cytarabine_kill_t, p.cytarabine_kill_b, p.cytarabine_kill_marrow,
              p.cytarabine_cns,        p.cytarabine_volume, p.cytarabine_mucosa};
    case ConditioningDrug::melphalan:
      return {DoseBasis::body_surface, p.melphalan_kill_t, p.melphalan_kill_b, p.melphalan_kill_marrow,
              p.melphalan_cns,         p.melphalan_volume, p.melphalan_mucosa};
    case ConditioningDrug::busulfan:
      return {DoseBasis::body_weight, p.busulfan_kill_t, p.busulfan_kill_b, p.busulfan_kill_marrow,
              p.busulfan_cns,         p.busulfan_volume, p.busulfan_mucosa};
    case ConditioningDrug::fludarabine:
      return {DoseBasis::body_surface, p.fludarabine_kill_t, p.fludarabine_kill_b, p.fludarabine_kill_marrow,
              p.fludarabine_cns,       p.fludarabine_volume, p.fludarabine_mucosa};
    default:
      break;
  }
  return {DoseBasis::body_weight,         p.cyclophosphamide_kill_t, p.cyclophosphamide_kill_b,
          p.cyclophosphamide_kill_marrow, p.cyclophosphamide_cns,    p.cyclophosphamide_volume,
          p.cyclophosphamide_mucosa};
}

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
  const Cytotoxic c = cytotoxic(p, drug);
  const double amount =
      c.basis == DoseBasis::body_weight ? mg_per_kg_of(dose, profile) : mg_per_m2_of(dose, profile);
  kill.t = c.t.value * amount;
  kill.b = c.b.value * amount;
  kill.marrow = c.marrow.value * amount;
  kill.cns_t = kill.t * c.cns.value;
  kill.volume_percent = c.volume.value * amount;
  kill.mucosa = c.mucosa.value * amount;
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
  return graft.cd34_selected ? share * math::power(k_ten, -p.graft_selection_log.value) : share;
}

}  // namespace hortega::therapy
