// SPDX-License-Identifier: Apache-2.0
// From how many simulated lives a run took its people, in words.
#pragma once

#include "hortega/trial/participant.hpp"

#include <string>

namespace hortega::output {

/// "20 000 lives"; "10 pools of 2000 lives" and "10 pools of 2000 to 8000 lives" where each draw of the
/// posterior has a pool of its own.
std::string lives_words(const trial::PopulationReport& population);

}  // namespace hortega::output
