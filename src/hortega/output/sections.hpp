// SPDX-License-Identifier: Apache-2.0
// The sections of the report, each as HTML from the summary.
#pragma once

#include <string>

#include "hortega/evidence/summary.hpp"
#include "hortega/output/figures.hpp"
#include "hortega/output/write_run.hpp"

namespace hortega::output {

/// What sections share: the run, and a counter that gives every figure its own id.
struct Page {
  const evidence::RunSummary& summary;
  const RunContext& context;
  const std::string& results_hash;
  int figures = 0;

  /// A figure element with its specification beside it. `caption`, `above` and `below` (the drawing) are
  /// HTML, `table` is the path of its CSV.
  std::string figure(const Figure& figure, const std::string& caption, const std::string& table,
                     const std::string& above = "", const std::string& below = "");
};

/// "<a href=...>CSV</a>"
std::string csv_link(const std::string& path);
/// The definition sentence of an endpoint as HTML, empty if there is none.
std::string definition_of(const evidence::RunSummary& summary, const std::string& endpoint);

std::string headline_section(Page& page);
std::string general_section(Page& page);
std::string comparison_section(Page& page);
std::string flow_section(Page& page);
std::string curves_section(Page& page);
std::string multiverse_section(Page& page);  ///< empty where the run has no multiverse
std::string bands_section(Page& page);
std::string symptoms_section(Page& page);
std::string harms_section(Page& page);
std::string resources_section(Page& page);  ///< empty where the run kept no accounts
std::string cells_section(Page& page);      ///< empty where no regimen gives cells
std::string people_section(Page& page);
std::string trust_section(Page& page);  ///< empty where nothing was validated
std::string parameters_section(Page& page);
std::string population_section(Page& page);
std::string definitions_section(Page& page);
std::string repeat_section(Page& page);

}  // namespace hortega::output
