// SPDX-License-Identifier: Apache-2.0
// What `hortega run` writes of an experiment in mice: the page with its curves of scores, tables, summary.
#pragma once

#include "hortega/core/parameters.hpp"
#include "hortega/core/value.hpp"
#include "hortega/evidence/experiment.hpp"

#include <string>
#include <vector>

namespace hortega::output {

/// What the summary cannot know.
struct ExperimentContext {
  std::string command;                  ///< how to repeat it
  std::vector<core::Passport> numbers;  ///< the mouse's
};

/// The finding in a sentence or two, by the rows of clinical_score (or of the first endpoint).
std::string experiment_answer(const evidence::ExperimentSummary& summary);

/// The page. It opens offline and asks for nothing.
std::string experiment_html(const evidence::ExperimentSummary& summary, const ExperimentContext& context);

/// summary.json.
core::Value experiment_json(const evidence::ExperimentSummary& summary);

/// One row a hypothesis, arm and day; a hypothesis, arm (or contrast) and endpoint; a published row and
/// hypothesis; a number of the mouse.
std::string experiment_curves_csv(const evidence::ExperimentSummary& summary);
std::string experiment_numbers_csv(const evidence::ExperimentSummary& summary);
std::string experiment_comparisons_csv(const evidence::ExperimentSummary& summary);
std::string experiment_parameters_csv(const ExperimentContext& context);

}  // namespace hortega::output
