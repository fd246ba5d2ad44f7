// SPDX-License-Identifier: Apache-2.0
//
// The donor and the graft of an allogeneic transplant: how many of their T cells know the recipient, how many
// cells are given, and the drugs that keep the two apart (which division they block, and when).
#pragma once

#include "hortega/therapy/course.hpp"
#include "hortega/therapy/parameters.hpp"
#include "hortega/therapy/regimen.hpp"

namespace hortega::therapy {

/// What a graft brings.
struct DonorGraft {
  double precursors = 0.0;       // share of T cells that react to the other's tissue (graft against host)
  double host_precursors = 0.0;  // the same of the host's T cells (host against graft)
  double t_share = 0.0;          // T cells given, relative to all in a body
  double cd34_e6_per_kg = 0.0;
  double progenitors_per_cd34 = 1.0;  // relative to blood of adults
};

/// `z` is the donor's own yield, standard normal.
DonorGraft graft_of(const Parameters& p, const Donor& donor, double z);

/// How a person handles the drugs: factors on their effect, 1 in the typical person.
struct Handling {
  double calcineurin = 1.0;
  double steroid = 1.0;
};

/// Share of the division of activated T cells that the drugs of a day block, 0 to 1. Drugs of different
/// action leave what the others leave (independent).
double blocked(const Parameters& p, const std::vector<Prophylaxis>& drugs, int offset,
               const Handling& handling);

/// Powers of ten of dividing cells, T cells and precursors of blood, killed by the methotrexate of a day.
double methotrexate_kill(const Parameters& p, const std::vector<Prophylaxis>& drugs, int offset,
                         const disease::Profile& profile);

/// Powers of ten of dividing T cells killed by the doses of a day: methotrexate of the prophylaxis, and
/// cyclophosphamide given after the graft.
double dividing_kill(const Parameters& p, const Regimen& regimen, int offset,
                     const disease::Profile& profile);

/// Mucosa damaged by methotrexate on a day, 1 = a course of BEAM.
double methotrexate_mucosa(const Parameters& p, const std::vector<Prophylaxis>& drugs, int offset,
                           const disease::Profile& profile);

/// Last day after the graft on which a drug of the prophylaxis is taken.
int prophylaxis_ends(const std::vector<Prophylaxis>& drugs);

}  // namespace hortega::therapy
