// SPDX-License-Identifier: Apache-2.0
// From an endpoint as a protocol states it to the options of endpoints/, with the sentence that defines it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "hortega/endpoints/composite.hpp"
#include "hortega/endpoints/neda.hpp"
#include "hortega/endpoints/pira.hpp"
#include "hortega/trial/protocol.hpp"

namespace hortega::evidence {

inline constexpr std::size_t k_no_endpoint = static_cast<std::size_t>(-1);

/// Everything that analysing one endpoint takes. Only the options of its kind mean anything.
struct EndpointPlan {
  trial::EndpointSpec spec;
  endpoints::WorseningOptions worsening;
  std::vector<endpoints::PiraOptions> pira;  ///< one, or one a measure where the definition is composite
  endpoints::NedaOptions neda;
  endpoints::CompositeOptions composite;
  endpoints::SpmsOptions spms;
  endpoints::RelapseCounting relapses;
  std::vector<std::size_t> components;          ///< composite of other endpoints
  std::size_t origin_endpoint = k_no_endpoint;  ///< time counts from the event of this one
  std::string definition;
};

/// Throws std::invalid_argument on an unknown preset, or on a component or origin that is no endpoint before
/// this one. Without a preset: cdw and cdi `msbase`, pira and raw `muller2023`, milestones `msprog`,
/// composites and timed tests the OPERA rules, NEDA the protocol's own confirmed worsening (else `msprog`).
/// `not_before` opens a visit window (14 days) earlier.
EndpointPlan plan_endpoint(const trial::Protocol& protocol, std::size_t index);

/// Has an endpoint of this kind a time to event, and can something else end that time for good (cumulative
/// incidence instead of 1 - Kaplan-Meier)?
bool has_time(const trial::EndpointSpec& spec);
bool has_competing_death(trial::EndpointKind kind);

/// The kind as files write it.
std::string_view name(trial::EndpointKind kind);

}  // namespace hortega::evidence
