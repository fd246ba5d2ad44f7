// SPDX-License-Identifier: Apache-2.0
// The answer to a protocol's question in one sentence.
#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "hortega/output/parameter_range.hpp"
#include "hortega/output/report.hpp"
#include "hortega/output/words.hpp"

namespace hortega::output {
namespace {

using evidence::Estimate;
using evidence::RunSummary;

const trial::EndpointSpec* primary_endpoint(const RunSummary& summary) {
  for (const auto& spec : summary.protocol.endpoints)
    if (spec.primary) return &spec;
  return summary.protocol.endpoints.empty() ? nullptr : &summary.protocol.endpoints.front();
}

/// The whole follow-up counts as later than any day.
double horizon(const Estimate& e) { return e.quantity.time_day <= 0.0 ? 1e12 : e.quantity.time_day; }

/// The estimate over the longest horizon by the first of the estimators that there is.
template <std::size_t N>
const Estimate* best(const RunSummary& summary, const std::string& endpoint, const std::string& arm,
                     const std::string& reference, const std::array<std::string_view, N>& estimators) {
  for (const auto estimator : estimators) {
    const Estimate* found = nullptr;
    for (const auto& e : summary.estimates) {
      const auto& q = e.quantity;
      if (q.endpoint != endpoint || q.estimator != estimator || q.arm != arm || q.reference != reference ||
          !q.subgroup.empty() || !std::isfinite(e.mean))
        continue;
      if (!found || horizon(e) > horizon(*found)) found = &e;
    }
    if (found) return found;
  }
  return nullptr;
}

constexpr std::array<std::string_view, 8> k_contrasts = {"hazard_ratio",
                                                         "rate_ratio",
                                                         "odds_ratio",
                                                         "mean_change_difference",
                                                         "mean_difference",
                                                         "risk_reduction_percent",
                                                         "rate_reduction_percent",
                                                         "count_reduction_percent"};
constexpr std::array<std::string_view, 9> k_of_arms = {
    "km_percent", "percent", "rate", "mean_change", "mean", "mean_count", "median", "percent_with", "events"};

std::string value_of(const Estimate& e) {
  if (is_percentage(e.quantity.estimator))
    return fmt::format("{} ({} to {})", show_percent(e.mean), show_percent(e.low), show_percent(e.high));
  return fmt::format("{} ({})", show_number(e.mean), show_interval(e.low, e.high));
}

// A ratio that some trials do not give, as an arm had no event in them: its mean is that of the others alone.
bool is_partial(const Estimate& e) { return is_ratio(e.quantity.estimator) && e.defined_share < 1.0; }

std::string direction(const Estimate& e, bool time_to_event) {
  const double none = is_ratio(e.quantity.estimator) ? 1.0 : 0.0;
  const bool percent = e.quantity.estimator.find("reduction") != std::string::npos;
  // A reduction is positive where the number is lower.
  // Judged on the mean over trials, within its Monte Carlo error; how single trials scatter is told beside
  // it. A ratio whose mean is not that of all trials has a direction only where 95 % of all of them agree.
  const double reach = 1.96 * e.mc_error;
  const double least = is_partial(e) ? e.low : e.mean - reach;
  const double most = is_partial(e) ? e.high : e.mean + reach;
  const bool lower = percent ? least > none : most < none;
  const bool higher = percent ? most < none : least > none;
  if (lower) return time_to_event ? "less often or later" : "lower";
  if (higher) return time_to_event ? "more often or earlier" : "higher";
  return time_to_event ? "not clearly more or less often" : "not clearly different";
}

// The number itself with where single trials lie.
std::string effect(const Estimate& e) {
  const std::string& estimator = e.quantity.estimator;
  const auto show = [&](double value) {
    return is_percentage(estimator) ? show_percent(value) : show_number(value);
  };
  const std::string range = show_interval(e.low, e.high);
  const std::string scatter = range.empty() ? "" : fmt::format(", {} in 95\u00a0% of the trials", range);
  if (!is_partial(e))
    return fmt::format("{} {} on average{}", estimator_words(estimator), show(e.mean), scatter);
  const bool events = estimator == "hazard_ratio" || estimator == "rate_ratio";
  std::string text =
      fmt::format("{} {} in the median trial{}; in {} of the trials {}", estimator_words(estimator),
                  show(e.median), scatter, show_percent(100.0 * (1.0 - e.defined_share)),
                  events ? "an arm had no event" : "it was 0, infinite or not defined");
  if (e.defined_share >= k_least_defined)
    text += fmt::format(", and over the others the mean was {}", show(e.mean));
  return text;
}

// What of the spread comes from the parameters, as a sentence; empty without draws.
std::string from_parameters(const Estimate& e, int draws) {
  if (draws < k_least_draws_shown || !std::isfinite(e.sd_parameters)) return {};
  if (is_partial(e) && e.defined_share < k_least_defined) return {};
  const auto range = parameter_range(e.mean, e.sd_parameters, e.quantity.estimator, draws);
  if (!range) return " What is not known of the model's parameters cannot be told from chance in it.";
  return fmt::format(" What is not known of the model's parameters by itself lets it lie anywhere in {}.",
                     show_interval(range->first, range->second));
}

// Over draws in which mesenchymal cells do nothing and over the others, the share of trials that would show a
// difference; empty without such cells or draws. Few draws hold far from half of either.
std::string by_what_cells_do(const RunSummary& summary, const Estimate& contrast) {
  const std::vector<bool>& nothing = summary.cells_do_nothing;
  if (nothing.empty()) return {};
  const auto index = static_cast<std::size_t>(&contrast - summary.estimates.data());
  struct Share {
    double tested = 0.0, found = 0.0;
  };
  Share without, others;
  for (const auto& one : summary.replicate_values) {
    if (one.estimate != index || std::isnan(one.p)) continue;
    Share& share = nothing[static_cast<std::size_t>(one.replicate) % nothing.size()] ? without : others;
    share.tested += 1.0;
    if (one.p < summary.protocol.analysis.alpha) share.found += 1.0;
  }
  std::string text = fmt::format(" In {} of the {} draws mesenchymal cells do nothing (every strength none)",
                                 std::count(nothing.begin(), nothing.end(), true), nothing.size());
  const auto show = [](const Share& share) { return show_percent(100.0 * share.found / share.tested); };
  if (without.tested > 0.0) text += fmt::format(": there {} of the trials would show it", show(without));
  if (others.tested > 0.0)
    text += without.tested > 0.0
                ? fmt::format(", in the others {}", show(others))
                : fmt::format(": in the others {} of the trials would show it", show(others));
  return text + ".";
}

std::string lower_case_start(std::string text) {
  // Abbreviations such as EDSS, NEDA-3 and Gd+ keep their capitals: their first word is not a capital and
  // small letters alone.
  const auto is_small = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto word_end = std::find_if_not(text.begin() + (text.empty() ? 0 : 1), text.end(), is_small);
  const bool plain =
      word_end - text.begin() > 1 && (word_end == text.end() || *word_end == ' ' || *word_end == ',');
  if (plain && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

}  // namespace

std::string answer_sentence(const RunSummary& summary) {
  const auto* spec = primary_endpoint(summary);
  if (!spec) return "The protocol asks for no endpoint.";
  const auto& protocol = summary.protocol;
  const std::string name = lower_case_start(endpoint_name(*spec));
  const std::string trials =
      fmt::format("{} simulated trial{} of {} people", show_count(summary.replicates),
                  summary.replicates == 1 ? "" : "s", show_count(protocol.population.n));
  const Estimate* contrast = nullptr;
  for (const auto& pair : protocol.analysis.contrasts) {
    if (pair.size() != 2) continue;
    contrast = best(summary, spec->id, pair[0], pair[1], k_contrasts);
    if (contrast) break;
  }
  if (!contrast) {
    std::string arms;
    for (const auto& arm : protocol.arms) {
      const auto* e = best(summary, spec->id, arm.id, "", k_of_arms);
      if (e)
        arms += fmt::format("{}{} with {} ({} at {})", arms.empty() ? "" : ", ", value_of(*e), arm.id,
                            estimator_words(e->quantity.estimator), show_time(e->quantity.time_day));
    }
    if (arms.empty()) return fmt::format("In {}, {} could not be estimated.", trials, name);
    return fmt::format("In {}, {}: {}.", trials, name, arms);
  }
  const auto& q = contrast->quantity;
  const auto* with = best(summary, spec->id, q.arm, "", k_of_arms);
  const auto* without = best(summary, spec->id, q.reference, "", k_of_arms);
  const bool event = is_ratio(q.estimator) || q.estimator.find("reduction") != std::string::npos;
  std::string text = fmt::format(
      "In {}, {} {} {} with {} than with {}: {}; {} of the trials would show a difference "
      "(p\u00a0<\u00a0{})",
      trials, name, event ? "came" : "was", direction(*contrast, event), q.arm, q.reference,
      effect(*contrast), show_percent(100.0 * contrast->significant_share),
      show_number(protocol.analysis.alpha));
  if (std::isfinite(contrast->significant_for_arm))
    text +=
        fmt::format(", {} in favour of {} and {} of {}", show_percent(100.0 * contrast->significant_for_arm),
                    q.arm, show_percent(100.0 * contrast->significant_for_reference), q.reference);
  // Assurance (docs/glossary.md): the power at single parameter sets, averaged.
  if (summary.draws > 0) text += ", averaged over what is not known of the parameters";
  if (with && without && with->quantity.estimator == without->quantity.estimator) {
    const std::string& estimator = with->quantity.estimator;
    const std::string when = show_time(with->quantity.time_day);
    if (estimator == "km_percent" || estimator == "percent" || estimator == "events")
      text += fmt::format("; by {} it had come to {} of people with {} and to {} with {}", when,
                          value_of(*with), q.arm, value_of(*without), q.reference);
    else
      text += fmt::format("; {} at {}: {} with {}, {} with {}", estimator_words(estimator), when,
                          value_of(*with), q.arm, value_of(*without), q.reference);
  }
  text += "." + by_what_cells_do(summary, *contrast) + from_parameters(*contrast, summary.draws);
  if (std::isfinite(contrast->conduct_share))
    text += fmt::format(" Of the {}, {}{} (\u00b1\u00a0{}) comes from how the trial is conducted.",
                        estimator_words(q.estimator), contrast->conduct_share > 0.0 ? "+" : "",
                        show_number(contrast->conduct_share), show_number(contrast->conduct_mc_error));
  // A percentage needs its sign once, not in the name and in the value.
  for (std::size_t at = text.find(", %"); at != std::string::npos; at = text.find(", %", at))
    text.erase(at, 3);
  return text;
}

}  // namespace hortega::output
