// SPDX-License-Identifier: Apache-2.0
//
// Autoimmunity of thyroid and platelets that follows the expansion of few surviving clones after depletion.
#pragma once

#include "hortega/therapy/late_harms.hpp"
#include "hortega/therapy/parameters.hpp"
#include "hortega/therapy/response.hpp"

namespace hortega::therapy {

/// Draws the late autoimmunity of one depletion; `share` scales the risk of a first course of alemtuzumab
/// (1).
inline void draw_autoimmunity(const Parameters& p, const Patient& patient, int day, Slot slot,
                              std::uint32_t number, double share, LateHarms& late) {
  core::Draws d(patient.key, core::Purpose::harm, static_cast<std::uint32_t>(day), slot_index(slot, number));
  const double u_thyroid = d.uniform();
  const double u_itp = d.uniform();
  const double z_thyroid = d.normal();
  const double z_itp = d.normal();
  const auto when = [&](double z) {
    return day +
           static_cast<int>(p.reconstitution_latency.value * math::exp(p.reconstitution_latency.spread * z));
  };
  constexpr int year = 365;  // not biology: recorded for a year
  if (u_thyroid < p.reconstitution_thyroid.value * share) {
    late.add({"autoimmune thyroid disease", 2, when(z_thyroid), when(z_thyroid) + year, false});
  }
  if (u_itp < p.reconstitution_itp.value * share) {
    late.add({"immune thrombocytopenia", 3, when(z_itp), when(z_itp) + year, true});
  }
}

}  // namespace hortega::therapy
