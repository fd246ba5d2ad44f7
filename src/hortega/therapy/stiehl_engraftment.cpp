// SPDX-License-Identifier: Apache-2.0
// Published model with its own constants: Stiehl 2015 (myelo package, healthy branch)
//
// Derived constants and the day of engraftment of the Stiehl lineage model (see stiehl_engraftment.hpp).
#include "hortega/therapy/stiehl_engraftment.hpp"

#include <limits>

namespace hortega::therapy {

template class StiehlEngraftment<double>;

StiehlDerived stiehl_derived(const StiehlParameters& p) {
  // Stem cells are constant when 2 a1 s = 1; then the balances of C2 and C3 give p2 and a2.
  const double s = 1.0 / (2.0 * p.self_renewal_stem);
  const double feedback = (1.0 / s - 1.0) / p.mature_per_kg;
  const double inflow = p.division_stem_per_day * p.stem_per_kg / p.committed_per_kg;   // (1 - 2 a2 s) p2
  const double outflow = p.loss_mature_per_day * p.mature_per_kg / p.committed_per_kg;  // 2 (1 - a2 s) p2
  const double division = outflow - inflow;
  const double renewal = (1.0 - inflow / division) / (2.0 * s);
  return {feedback, renewal, division};
}

double stiehl_engraftment_day(double stem_per_kg, double committed_per_kg) {
  constexpr double step_h = 0.5;
  StiehlEngraftment<double> model{StiehlParameters{}};
  model.infuse(stem_per_kg, committed_per_kg);
  double before = model.mature_per_kg();
  for (double t_h = 0.0; t_h < 365.0 * 24.0; t_h += step_h) {
    model.advance(step_h, 1);
    const double after = model.mature_per_kg();
    if (after >= k_engrafted_mature_per_kg)
      return (t_h + step_h * (k_engrafted_mature_per_kg - before) / (after - before)) / 24.0;
    before = after;
  }
  return std::numeric_limits<double>::infinity();
}

}  // namespace hortega::therapy
