// SPDX-License-Identifier: Apache-2.0
// What a trialist expects to read of an endpoint without asking.
#pragma once

#include <vector>

#include "hortega/evidence/summary.hpp"

namespace hortega::evidence {

/// Per endpoint in the protocol's order: numbers of every arm at the end of follow-up and at the yearly
/// visits, then the protocol's contrasts.
std::vector<Quantity> default_quantities(const trial::Protocol& protocol);

/// The same question: equal names, and times less than a day apart.
bool same_question(const Quantity& a, const Quantity& b);

}  // namespace hortega::evidence
