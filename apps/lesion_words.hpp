// SPDX-License-Identifier: Apache-2.0
// What `hortega lesion` says to people: quantities by their words and units, the conditions of a scenario,
// numbers with four significant digits. Files keep all digits.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "hortega/core/value.hpp"
#include "hortega/lesion/scenario.hpp"

namespace hortega::apps {

using Lines = std::vector<std::pair<std::string, std::string>>;  // name, value

/// Four significant digits, or all before the point if these are more; yes and no; text as it is.
std::string short_text(const core::Value& value);

/// The quantities of a summary in words, with their units; lists are left out.
Lines lesion_numbers(const core::Value& summary);

/// Whose tissue, which attacks, which cells: what the scenario says, with what it leaves to defaults.
Lines lesion_conditions(const lesion::Scenario& scenario);

}  // namespace hortega::apps
