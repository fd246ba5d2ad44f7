// SPDX-License-Identifier: Apache-2.0
// What a protocol may say and probably does not mean: told by `check`, refused by nobody.
#pragma once

#include "hortega/trial/protocol.hpp"

#include <vector>

namespace hortega::trial {

/// Visits after the end of follow-up, several primary endpoints, marks of arms, endpoints or subgroups that
/// the protocol does not have; each with its place. Published trials have such, so that they are no problems.
std::vector<core::Problem> doubts(const core::Read<Protocol>& read);

}  // namespace hortega::trial
