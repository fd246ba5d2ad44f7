// SPDX-License-Identifier: Apache-2.0
// How the report says things: numbers, times, names of endpoints and estimators, and escaping.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "hortega/evidence/summary.hpp"

namespace hortega::output {

/// Text for HTML content and quoted attributes.
std::string escape_html(std::string_view text);

/// A file name part: lower-case letters, digits, '-' and '_'; anything else becomes '-'.
std::string slug(std::string_view text);

/// Three significant digits for people, a true minus sign, "–" for a missing number.
std::string show_number(double value);
/// "low to high"; empty if either end is missing.
std::string show_interval(double low, double high);
/// The mean of a ratio is shown where at least this share of the trials have one.
inline constexpr double k_least_defined = 0.5;
/// A whole number with thin spaces between thousands.
std::string show_count(double value);
/// "9.1 %"
std::string show_percent(double value);

/// "3 months", "5 years" (whole years from two years on), "100 days"; "the end of follow-up" for 0.
std::string show_time(double day);

/// Name of an endpoint in running text: its label up to the first ':' or ',', else the name of its kind.
std::string endpoint_name(const trial::EndpointSpec& spec);
std::string endpoint_name(const trial::Protocol& protocol, const std::string& id);
/// "NEDA-3", "Gd+ lesions" ...
std::string_view kind_name(trial::EndpointKind kind);

/// Label of an arm, or its id where it has none; "All arms" for `all`.
std::string arm_label(const trial::Protocol& protocol, const std::string& id);

/// What an estimator gives, in words: "hazard ratio", "share with the event (Kaplan-Meier), %".
std::string estimator_words(const std::string& estimator);
/// Are its values percentages?
bool is_percentage(const std::string& estimator);
/// Is it a ratio, shown on a logarithmic scale?
bool is_ratio(const std::string& estimator);

std::string_view verdict_words(evidence::Verdict verdict);

/// "A person's follow-up ended because": completed, reached the data cut, dropped out, died.
std::string_view end_reason_words(trial::EndReason reason);

/// The replicate of a participant, counted from 1 as `hortega replay` asks for it.
std::uint32_t replicate_number(const trial::Participant& person);
/// "2-7": person 7 of replicate 2, both counted from 1.
std::string person_id(const trial::Participant& person);

/// First letter in capitals.
std::string capitalised(std::string text);

}  // namespace hortega::output
