// SPDX-License-Identifier: Apache-2.0
// hortega run of an experiment in mice.
#pragma once

#include <string>
#include <vector>

#include "hortega/core/document.hpp"
#include "hortega/trial/experiment.hpp"

namespace hortega::apps {

/// What the command line asks of an experiment.
struct ExperimentOptions {
  std::string protocol;               // as typed
  std::string out;                    // empty: out/ID
  std::vector<std::string> settings;  // --set, --seed and --replicates among them
  bool json = false;
};

/// Is the document an experiment (format = "hortega-experiment")?
bool is_experiment(const core::Document& document);

/// The people's and the mouse's parameters and the mouse's regimens of the data folder.
trial::ExperimentInputs load_experiment_inputs();

/// Holds an experiment against the data folder; returns what a run costs, in words. Throws InputError.
std::string judge_experiment(const core::Read<trial::Experiment>& read);

/// Simulates and writes report.html, summary.json, tables/*.csv and manifest.json.
void run_experiment(const ExperimentOptions& options);

}  // namespace hortega::apps
