// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/hsct_conditioning.hpp"

#include "hortega/core/math.hpp"

namespace hortega::therapy {

namespace {
constexpr double k_ln10 = 2.302585092994046;  // not biology: ln 10
}

std::optional<Kill> condition(const Parameters& p, const std::vector<Conditioning>& drugs, int offset,
                              const disease::Profile& profile, AtgLevel& atg, BloodCounts& counts,
                              Exposure& exposure) {
  Kill kill;
  double by_kinetics = 0.0;  // log10 of marrow that the counts take from the drug's own kinetics
  bool any = false;
  for (const Conditioning& c : drugs) {
    for (const int day : c.days) {
      if (day != offset) continue;
      any = true;
      const Kill dose = kill_of(p, c.drug, c.dose, profile);
      kill += dose;
      switch (c.drug) {
        case ConditioningDrug::atg:
          atg.add(mg_per_kg_of(c.dose, profile));
          break;
        case ConditioningDrug::melphalan:
          counts.melphalan(mg_of(c.dose, profile));
          by_kinetics += dose.marrow;
          break;
        case ConditioningDrug::busulfan:
          exposure.busulfan_mg_per_kg += mg_per_kg_of(c.dose, profile);
          break;
        case ConditioningDrug::cyclophosphamide:
          exposure.cyclophosphamide_mg_per_kg += mg_per_kg_of(c.dose, profile);
          break;
        case ConditioningDrug::carmustine:
          exposure.carmustine_mg_per_m2 += mg_per_m2_of(c.dose, profile);
          break;
        default:
          break;
      }
    }
  }
  if (!any) return std::nullopt;
  counts.kill(p, kill.marrow - by_kinetics);
  exposure.mucosa += kill.mucosa;
  return kill;
}

disease::Pulse pulse_of(const Parameters& p, const Kill& kill, double sensitivity, double t_survival) {
  disease::Pulse pulse;
  pulse.naive = pulse.memory = pulse.effector = t_survival;
  pulse.treg = math::exp(-k_ln10 * kill.t * p.treg_sensitivity.value * sensitivity);
  pulse.memory_b = pulse.naive_b = math::exp(-k_ln10 * kill.b * sensitivity);
  pulse.resident = math::exp(-k_ln10 * kill.cns_t * sensitivity);
  pulse.compartment = math::exp(-k_ln10 * kill.cns_t * sensitivity * (1.0 - p.compartment_resistance.value));
  pulse.toxic_volume_percent = kill.volume_percent;
  pulse.toxic_axon_share = 0.01 * kill.volume_percent * p.toxic_axon_by_volume.value;  // percent to share
  return pulse;
}

}  // namespace hortega::therapy
