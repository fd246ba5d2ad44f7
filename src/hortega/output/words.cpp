// SPDX-License-Identifier: Apache-2.0
// How the report says things.
#include "hortega/output/words.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <utility>

#include <fmt/format.h>

namespace hortega::output {

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string slug(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_')
      out += c;
    else if (c >= 'A' && c <= 'Z')
      out += static_cast<char>(c - 'A' + 'a');
    else
      out += '-';
  }
  return out.empty() ? "unnamed" : out;
}

namespace {

std::string with_true_minus(const std::string& text) {
  return !text.empty() && text[0] == '-' ? "\u2212" + text.substr(1) : text;
}

}  // namespace

std::string show_number(double value) {
  if (std::isnan(value)) return "–";
  if (std::isinf(value)) return value > 0 ? "∞" : "\u2212∞";
  const double size = std::abs(value);
  if (size == 0.0) return "0";
  if (size >= 9999.5) return value < 0 ? "\u2212" + show_count(size) : show_count(size);
  if (size < 0.0005) return with_true_minus(fmt::format("{:.1e}", value));
  // As many decimals as three significant digits need, at least none and at most four.
  const int decimals = std::clamp(2 - static_cast<int>(std::floor(std::log10(size))), 0, 4);
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return with_true_minus(text);
}

std::string show_interval(double low, double high) {
  if (std::isnan(low) || std::isnan(high)) return "";
  return show_number(low) + " to " + show_number(high);
}

std::string show_count(double value) {
  if (!std::isfinite(value)) return "–";
  const std::string digits = fmt::format("{:.0f}", std::abs(value));
  std::string out = value < -0.5 ? "\u2212" : "";
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0 && digits.size() > 4) out += "\u202f";
    out += digits[i];
  }
  return out;
}

std::string show_percent(double value) {
  if (!std::isfinite(value)) return "–";
  const double size = std::abs(value);
  const std::string text = fmt::format("{:.{}f}", value, size > 0.0 && size < 9.95 ? 1 : 0);
  return with_true_minus(text) + "\u00a0%";
}

std::string show_time(double day) {
  if (day <= 0.0) return "the end of follow-up";
  const double months = day / (365.25 / 12.0);
  const double whole_months = std::round(months);
  if (whole_months < 3.5 && std::abs(months - whole_months) > 0.1) return fmt::format("{:.0f} days", day);
  if (whole_months >= 24.0) {
    const double years = day / 365.25;
    if (std::abs(years - std::round(years)) < 0.03) return fmt::format("{:.0f} years", std::round(years));
  }
  if (whole_months < 1.0) return fmt::format("{:.0f} days", day);
  return fmt::format("{:.0f} month{}", whole_months, whole_months == 1.0 ? "" : "s");
}

std::string_view kind_name(trial::EndpointKind kind) {
  using K = trial::EndpointKind;
  switch (kind) {
    case K::relapse:
      return "Relapse";
    case K::cdw:
      return "Confirmed disability worsening";
    case K::cdi:
      return "Confirmed disability improvement";
    case K::pira:
      return "Progression independent of relapse";
    case K::raw:
      return "Relapse-associated worsening";
    case K::neda3:
      return "Loss of NEDA-3";
    case K::neda4:
      return "Loss of NEDA-4";
    case K::edss:
      return "EDSS";
    case K::edss_milestone:
      return "EDSS milestone";
    case K::spms_conversion:
      return "Conversion to progressive MS";
    case K::gd:
      return "Gd+ lesions";
    case K::new_t2:
      return "New or enlarging T2 lesions";
    case K::t2_volume:
      return "T2 lesion volume";
    case K::brain_volume:
      return "Brain volume";
    case K::t25fw:
      return "Timed 25-foot walk";
    case K::nhpt:
      return "Nine-hole peg test";
    case K::sdmt:
      return "Symbol digit modalities test";
    case K::snfl:
      return "Serum NfL";
    case K::death:
      return "Death";
    case K::trm:
      return "Treatment-related death";
    case K::adverse_event:
      return "Adverse event";
    case K::anc_engraftment:
      return "Neutrophil engraftment";
    case K::platelet_engraftment:
      return "Platelet engraftment";
    case K::relapse_free_survival:
      return "Relapse or death";
    case K::composite:
      return "Composite endpoint";
    case K::edss_plus:
      return "EDSS-plus progression";
    case K::low_contrast:
      return "Low-contrast letters";
    case K::vep:
      return "Visual evoked potential";
    case K::eq5d:
      return "EQ-5D utility";
    case K::new_t1:
      return "New black holes";
    case K::t1_volume:
      return "T1-hypointense volume";
  }
  return "Endpoint";
}

namespace {

// Where the head of a label ends: at a colon or a comma, but for those in parentheses and the commas of a
// list of numbers.
std::size_t end_of_head(const std::string& label) {
  int depth = 0;
  for (std::size_t i = 0; i < label.size(); ++i) {
    const char c = label[i];
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (depth > 0 || (c != ':' && c != ',')) continue;
    const bool of_numbers = c == ',' && i > 0 && i + 2 < label.size() &&
                            std::isdigit(static_cast<unsigned char>(label[i - 1])) != 0 &&
                            std::isdigit(static_cast<unsigned char>(label[i + 2])) != 0;
    if (!of_numbers) return i;
  }
  return label.size();
}

}  // namespace

std::string endpoint_name(const trial::EndpointSpec& spec) {
  if (spec.label.empty()) {
    std::string name(kind_name(spec.kind));
    if (!spec.term.empty()) name = capitalised(spec.term);
    return name;
  }
  return spec.label.substr(0, end_of_head(spec.label));
}

std::string endpoint_name(const trial::Protocol& protocol, const std::string& id) {
  for (const auto& spec : protocol.endpoints)
    if (spec.id == id) return endpoint_name(spec);
  return id;
}

std::string arm_label(const trial::Protocol& protocol, const std::string& id) {
  if (id == "all") return "All arms";
  for (const auto& arm : protocol.arms)
    if (arm.id == id) return arm.label.empty() ? arm.id : arm.label;
  return id;
}

namespace {

// Names of data/evidence/README.md.
constexpr std::array<std::pair<std::string_view, std::string_view>, 37> k_estimators = {{
    {"events", "people with the event"},
    {"count", "events in all"},
    {"percent", "people with the event, %"},
    {"free_percent", "people without the event, %"},
    {"km_percent", "with the event (Kaplan-Meier), %"},
    {"km_free_percent", "without the event (Kaplan-Meier), %"},
    {"median_time_months", "median time, months"},
    {"median_age_years", "median age, years"},
    {"mean", "mean"},
    {"median", "median"},
    {"sd", "standard deviation"},
    {"mean_change", "mean change"},
    {"median_change", "median change"},
    {"mean_percent_change", "mean change, %"},
    {"geometric_mean_percent_change", "geometric mean change, %"},
    {"median_percent_change", "median change, %"},
    {"mean_change_per_year", "mean change a year"},
    {"percent_change_per_year", "change a year, %"},
    {"rate", "events a person-year"},
    {"per_scan", "lesions a scan"},
    {"mean_count", "mean number a person"},
    {"median_count", "median number a person"},
    {"percent_with", "people with any, %"},
    {"percent_without", "people without any, %"},
    {"percent_with_at_visit", "people with any at the scan, %"},
    {"share_percent", "share of all events, %"},
    {"not_below_percent", "count never below the threshold, %"},
    {"hazard_ratio", "hazard ratio"},
    {"rate_ratio", "rate ratio"},
    {"odds_ratio", "odds ratio"},
    {"rate_reduction_percent", "reduction of the rate, %"},
    {"risk_reduction_percent", "reduction of the hazard, %"},
    {"count_reduction_percent", "reduction of the count, %"},
    {"change_reduction_percent", "reduction of the change, %"},
    {"mean_difference", "difference of means"},
    {"mean_change_difference", "difference of mean changes"},
    {"standardised_mean_difference", "standardised difference of means"},
}};

}  // namespace

std::string estimator_words(const std::string& estimator) {
  for (const auto& [name, words] : k_estimators)
    if (name == estimator) return std::string(words);
  return estimator;
}

bool is_percentage(const std::string& estimator) {
  const std::string words = estimator_words(estimator);
  return words.size() > 3 && words.compare(words.size() - 3, 3, ", %") == 0;
}

bool is_ratio(const std::string& estimator) {
  return estimator == "hazard_ratio" || estimator == "rate_ratio" || estimator == "odds_ratio";
}

std::string_view verdict_words(evidence::Verdict verdict) {
  switch (verdict) {
    case evidence::Verdict::inside:
      return "inside";
    case evidence::Verdict::overlaps:
      return "overlaps";
    case evidence::Verdict::outside:
      return "outside";
    case evidence::Verdict::not_scored:
      break;
  }
  return "not scored";
}

std::string_view end_reason_words(trial::EndReason reason) {
  switch (reason) {
    case trial::EndReason::completed:
      return "completed";
    case trial::EndReason::data_cut:
      return "reached the data cut";
    case trial::EndReason::dropped_out:
      return "dropped out";
    case trial::EndReason::died:
      break;
  }
  return "died";
}

std::uint32_t replicate_number(const trial::Participant& person) {
  // The number of a copy holds the replicate, and above it how often the life was enrolled.
  constexpr std::uint32_t k_replicate_bits = (1U << 20U) - 1U;
  return std::max(1U, person.copy & k_replicate_bits);
}

std::string person_id(const trial::Participant& person) {
  return fmt::format("{}-{}", replicate_number(person), person.number + 1);
}

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

}  // namespace hortega::output
