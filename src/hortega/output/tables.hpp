// SPDX-License-Identifier: Apache-2.0
// The numbers of a run as files: tables/*.csv, one for each table and figure of the report, and summary.json.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hortega/core/parameters.hpp"
#include "hortega/evidence/summary.hpp"

namespace hortega::output {

struct TextFile {
  std::string path;  ///< below the directory of the run
  std::string bytes;
};

/// Digits of numbers in hashed files: enough to read, few enough to hide the last bits of a sum.
inline constexpr int k_digits = 9;

/// tables/*.csv, sorted by path. Numbers have nine significant digits, missing ones are empty cells; days
/// count from randomisation (curves: from the endpoint's origin).
std::vector<TextFile> csv_tables(const evidence::RunSummary& summary,
                                 const std::vector<core::Passport>& parameters);

/// Path of the table of what therapies used and cost, written only where the run kept accounts.
inline constexpr std::string_view k_resources_table_path = "tables/resources.csv";

/// Paths of the tables for cost-utility models: years, quality-adjusted years and costs by year of follow-up,
/// over replicates and one by one, and people in EDSS states at planned visits.
inline constexpr std::string_view k_qalys_table_path = "tables/qalys_and_costs.csv";
inline constexpr std::string_view k_replicate_qalys_table_path = "tables/qalys_and_costs_replicates.csv";
inline constexpr std::string_view k_states_table_path = "tables/edss_states.csv";

/// Path of the table of what making the cells took, written only where a regimen gives cells.
inline constexpr std::string_view k_cells_table_path = "tables/cells_made.csv";

/// Path of the table of the multiverse, written only where the run has one.
inline constexpr std::string_view k_multiverse_table_path = "tables/multiverse.csv";

/// Path of the table behind a Kaplan-Meier figure and behind a figure of a measure over time.
std::string curve_table_path(const std::string& endpoint);
std::string band_table_path(const std::string& measure);

/// Estimates, comparisons, population, flow, harms and definitions. No time, no thread, no machine.
std::string summary_json(const evidence::RunSummary& summary);

}  // namespace hortega::output
