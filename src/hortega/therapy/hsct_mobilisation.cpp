// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/hsct_mobilisation.hpp"

#include "hortega/therapy/response.hpp"

namespace hortega::therapy {

Collection collect(const Parameters& p, const Mobilisation& plan, const Patient& patient, int attempt) {
  core::Draws d(patient.key, core::Purpose::mobilisation, 0);
  // Yield is mostly a trait of the person: the second attempt shares the draw and gains by its better means.
  const double age = patient.state.age_year() - p.cd34_yield_reference_age.value;
  double session =
      p.cd34_yield.value * math::exp(p.cd34_yield.spread * d.normal() + p.cd34_yield_age_slope.value * age);
  if (!plan.cyclophosphamide) session *= p.cd34_yield_without_chemotherapy.value;
  for (int i = 0; i < attempt; ++i) session *= p.cd34_second_attempt.value;
  Collection c;
  while (c.sessions < plan.sessions && 1e6 * c.cd34_e6_per_kg < plan.target_per_kg) {
    c.cd34_e6_per_kg += session;
    session *= p.cd34_later_session.value;
    ++c.sessions;
  }
  return c;
}

}  // namespace hortega::therapy
