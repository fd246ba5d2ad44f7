// SPDX-License-Identifier: Apache-2.0
// The parts of the validation page, each as HTML.
#pragma once

#include <string>

#include "hortega/output/validation_report.hpp"

namespace hortega::output {

/// "AFFIRM (Polman): sustained progression HR (natalizumab / placebo)", plain text.
std::string row_words(const evidence::Target& target);
/// Published or predicted limits in the row's unit: "0.43 to 0.77".
std::string limits_words(evidence::Link link, double low, double high);
/// "12 of 20 (60 %)"
std::string share_words(std::size_t inside, std::size_t rows);

std::string validation_headline_section(const ValidationReport& report);
std::string validation_score_section(const ValidationReport& report);
std::string validation_one_by_one_section(const ValidationReport& report);
std::string validation_worst_section(const ValidationReport& report);
std::string validation_table_section(const ValidationReport& report);
std::string validation_studies_section(const ValidationReport& report);
std::string validation_facts_section(const ValidationReport& report);
std::string validation_left_out_section(const ValidationReport& report);
std::string validation_methods_section(const ValidationReport& report);
std::string validation_repeat_section(const ValidationReport& report, const std::string& results_hash);

/// The forest: every scored row by domain, on a scale of its own predictive interval (validation_forest.cpp).
std::string validation_forest_section(const ValidationReport& report);
/// Styles of the forest and the wide table.
std::string_view validation_style();

}  // namespace hortega::output
