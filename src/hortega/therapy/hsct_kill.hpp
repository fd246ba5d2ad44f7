// SPDX-License-Identifier: Apache-2.0
//
// What a dose of a conditioning drug does, as powers of ten killed per dose: exposure times the sensitivity
// of each pool; inside the CNS by the drug's penetration; and what it costs in brain volume and mucosa.
#pragma once

#include "hortega/therapy/parameters.hpp"
#include "hortega/therapy/regimen.hpp"

namespace hortega::therapy {

struct Kill {
  double t = 0.0;       // log10
  double b = 0.0;       // log10
  double marrow = 0.0;  // log10, proliferating neutrophil precursors
  double cns_t = 0.0;   // log10, T cells behind the barrier
  double volume_percent = 0.0;
  double mucosa = 0.0;  // 1 = a course of BEAM
};
Kill& operator+=(Kill& a, const Kill& b);

/// Effect of one dose. Antithymocyte globulin is not in it: it stays for weeks (AtgLevel). Melphalan's share
/// of `marrow` counts for stem cells; neutrophils feel it through its own pharmacokinetics (hsct_marrow).
Kill kill_of(const Parameters& p, ConditioningDrug drug, const Dose& dose, const disease::Profile& profile);

/// Active antithymocyte globulin in the body, mg/kg, and the death of T cells that it causes.
class AtgLevel {
 public:
  void add(double mg_per_kg) { level_ += mg_per_kg; }
  void elapse(const Parameters& p, double days);
  double kill_per_day(const Parameters& p) const;
  double level() const { return level_; }

 private:
  double level_ = 0.0;
};

/// Share of the body's T cells that an infused graft gives back.
double graft_t_share(const Parameters& p, const Graft& graft);

}  // namespace hortega::therapy
