// SPDX-License-Identifier: Apache-2.0
// What a protocol says of a target: its domain, its endpoint in words, and which rows of other studies are
// alike.
#pragma once

#include <string>

#include "hortega/evidence/validation.hpp"
#include "hortega/trial/protocol.hpp"

namespace hortega::evidence {

Domain domain_of(trial::EndpointKind kind);

/// "transplant" (most get an autograft), "untreated" (placebo or none), "drug"; "all" for all arms together;
/// empty for an arm that the protocol does not have.
std::string arm_class(const trial::Protocol& protocol, const std::string& arm);

/// Facts of a target of this protocol. Its `arms` are "ARM" or "ARM / REFERENCE", where
/// it is of a subgroup followed by " (SUBGROUP)". Shares with the event are
/// alike whether crude, counted or by Kaplan-Meier. Throws std::invalid_argument if the protocol has no such
/// endpoint.
RowFacts row_facts(const Target& target, const trial::Protocol& protocol);

}  // namespace hortega::evidence
