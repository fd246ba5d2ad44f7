// SPDX-License-Identifier: Apache-2.0
// The endpoint multiverse: every published definition of worsening, PIRA and RAW (docs/endpoints.md) as an
// endpoint of one protocol, so that the same simulated trials are analysed under each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "hortega/evidence/endpoint_plan.hpp"
#include "hortega/evidence/summary.hpp"

namespace hortega::evidence {

/// One definition and the endpoint that asks it.
struct MultiversePlan {
  MultiverseDefinition definition;
  EndpointPlan endpoint;
};

/// Each worsening preset confirmed over 3, 6 and 12 months (weeks: 12, 24, 48; in the unit that the preset
/// itself counts in; an unconfirmed one as it is), the composites of docs/endpoints.md and each PIRA preset's
/// PIRA and RAW over the same lengths, then the protocol's own endpoints of these kinds that none of them is.
/// Definitions that come to the same sentence are one entry, with the others' ids. Origin and last day
/// counted are those of the protocol's own worsening (the primary one, else the first). Ids are unique.
std::vector<MultiversePlan> multiverse_of(const trial::Protocol& protocol);

}  // namespace hortega::evidence
