// SPDX-License-Identifier: Apache-2.0
// One lesion scenario, run and written: volumes, fields, labels, pictures, report.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "hortega/core/value.hpp"
#include "hortega/lesion/scenario.hpp"

namespace hortega::apps {

/// Runs the scenario and writes its folder. Returns the summary: numbers by name.
core::Value run_lesion(const lesion::Scenario& scenario, const lesion::TissueParameters& parameters,
                       std::uint64_t seed, const std::filesystem::path& out, const std::string& command);

}  // namespace hortega::apps
