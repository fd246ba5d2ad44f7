// SPDX-License-Identifier: Apache-2.0
//
// The conditioning of one day: what its drugs kill, what stays in the body, what organs and marrow feel.
#pragma once

#include "hortega/therapy/hsct_counts.hpp"
#include "hortega/therapy/hsct_harms.hpp"
#include "hortega/therapy/hsct_kill.hpp"

#include <optional>
#include <vector>

namespace hortega::therapy {

/// Gives the drugs of the day `offset` from the graft; nothing if there are none. Antithymocyte globulin,
/// counts and exposure are brought up to date; the kill of lymphocytes is the caller's.
std::optional<Kill> condition(const Parameters& p, const std::vector<Conditioning>& drugs, int offset,
                              const disease::Profile& profile, AtgLevel& atg, BloodCounts& counts,
                              Exposure& exposure);

/// The pulse of a kill in somebody as sensitive as given; `t_survival` is what is left of T cells outside the
/// CNS.
disease::Pulse pulse_of(const Parameters& p, const Kill& kill, double sensitivity, double t_survival);

}  // namespace hortega::therapy
