// SPDX-License-Identifier: Apache-2.0
// hortega run --sensitivity: which parameters carry a protocol's outcomes and its conclusion.
#pragma once

#include <filesystem>
#include <string>

#include "hortega/evidence/sensitivity.hpp"
#include "inputs.hpp"

namespace hortega::apps {

/// What is looked at in a protocol: the primary contrast first (of the first contrast; a ratio as its
/// logarithm), then, where there are such endpoints, the difference of EDSS change, the relapse rate of each
/// arm and the deaths of each arm.
struct SensitivityPlan {
  std::vector<evidence::Quantity> quantities;
  std::vector<std::string> names;
  std::vector<bool> logarithmic;
};

/// Throws core::InputError if the protocol compares nothing.
SensitivityPlan sensitivity_plan(const trial::Protocol& protocol);

/// Trials of the protocol at any parameters: so many that they have 540 people (small; trials of at most 270)
/// or 1200 (large; of the protocol's size). Outcomes are estimated over all of them as if they were one; the
/// share of single trials that would be significant follows from the p of all. `effort` scales lives and
/// people. `inputs` must outlive it.
evidence::TrialEngine sensitivity_engine(const RunInputs& inputs, const SensitivityPlan& plan, double effort);

/// The settings for a share `effort` of the usual number of simulations.
evidence::SensitivitySettings sensitivity_settings(double effort, std::uint64_t seed);

/// Writes sensitivity.html, sensitivity.json and tables/sensitivity-*.csv below `directory`; returns the text
/// for the terminal.
std::string write_sensitivity(const evidence::Sensitivity& result, const SensitivityPlan& plan,
                              const evidence::SensitivitySettings& settings, double effort,
                              const RunInputs& inputs, const std::string& command,
                              const std::filesystem::path& directory);

}  // namespace hortega::apps
