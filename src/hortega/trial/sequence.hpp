// SPDX-License-Identifier: Apache-2.0
//
// What people of an arm get after the regimen that they start with: steps that are planned, or that wait for
// failure. Here the table of a step and its checks; switching.hpp decides when one is taken.
#pragma once

#include "hortega/trial/protocol.hpp"

namespace hortega::trial {

/// Keys of `[[arm.sequence]]`.
core::Schema<SequenceStep> sequence_step_schema();

/// What the sequences and the rescue of a protocol name: endpoints, scans, days.
void check_sequences(const Protocol& protocol, const core::Report& report);

}  // namespace hortega::trial
