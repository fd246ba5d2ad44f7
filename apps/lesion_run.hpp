// SPDX-License-Identifier: Apache-2.0
// One lesion scenario, run and written: volumes, fields, labels, pictures, report.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hortega/core/files.hpp"
#include "hortega/core/value.hpp"
#include "hortega/lesion/scenario.hpp"

namespace hortega::apps {

/// Of 20 minutes, in the model of Weatherley.
inline constexpr int k_weatherley_steps_per_day = 72;  // not biology: the published model's step

/// Runs the scenario and writes its results below `out`. `settings`: --set as typed; `command`: how to repeat
/// it. Returns the summary: numbers by name, and the settings.
core::Value run_lesion(const lesion::Scenario& scenario, const lesion::TissueParameters& parameters,
                       std::uint64_t seed, const std::vector<std::string>& settings,
                       const std::string& command, const core::OutputDirectory& out);

}  // namespace hortega::apps
