// SPDX-License-Identifier: Apache-2.0
// The section of the report on what the therapies take: money by kind, days in hospital, visits, weeks to the
// dose, failures of products.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "hortega/economics/account.hpp"
#include "hortega/output/parameter_range.hpp"
#include "hortega/output/sections.hpp"
#include "hortega/output/tables.hpp"
#include "hortega/output/words.hpp"

namespace hortega::output {
namespace {

using evidence::ResourceRow;

const ResourceRow* find(const evidence::RunSummary& summary, std::string_view measure, std::string_view arm,
                        std::string_view reference = {}) {
  for (const ResourceRow& row : summary.resources)
    if (row.measure == measure && row.arm == arm && row.reference == reference) return &row;
  return nullptr;
}

// Money and counts of 100 or more without decimals.
std::string amount(double x) {
  if (std::fabs(x) < 0.005) return "0";
  return std::fabs(x) < 100.0 ? show_number(x) : show_count(std::round(x));
}

std::string between(double low, double high) {
  if (!std::isfinite(low) || !std::isfinite(high)) return {};
  return amount(low) + " to " + amount(high);
}

std::string line(const std::string& text) {
  return text.empty() ? std::string() : "<span class=\"range\">" + text + "</span>";
}

// Mean, where single trials' means lie, and in brackets the parameters' part.
// A difference may be negative, an amount may not.
std::string cell(const ResourceRow* row, std::string_view kind, int draws) {
  if (row == nullptr || !std::isfinite(row->mean)) return "<td class=\"n\">–</td>";
  std::string out = "<td class=\"n\">" + amount(row->mean) + line(between(row->low, row->high));
  if (const auto range = parameter_range(row->mean, row->sd_parameters, kind, draws))
    out += line("[" + between(range->first, range->second) + "]");
  if (std::isfinite(row->q50) && row->q90 > row->q10)
    out += line(fmt::format("people: {}", between(row->q10, row->q90)));
  return out + "</td>";
}

struct Part {
  std::string_view measure;
  std::string_view label;
  int colour;
};
constexpr std::array<Part, 4> k_parts = {{{"cost_drugs", "drugs", 1},
                                          {"cost_cells", "cells", 2},
                                          {"cost_hospital", "hospital", 3},
                                          {"cost_outpatient", "visits and day care", 4}}};

// One bar an arm, of what the money went to.
std::string bars(const evidence::RunSummary& summary) {
  double most = 0.0;
  for (const auto& arm : summary.protocol.arms) {
    const ResourceRow* row = find(summary, "cost", arm.id);
    if (row != nullptr && std::isfinite(row->mean)) most = std::max(most, row->mean);
  }
  if (most <= 0.0) return {};
  std::string out = "<p class=\"key\">";
  for (const Part& part : k_parts)
    out += fmt::format("<span><span class=\"swatch arm{}\" aria-hidden=\"true\"></span>{}</span>",
                       part.colour, part.label);
  out += "</p>";
  for (const auto& arm : summary.protocol.arms) {
    const ResourceRow* whole = find(summary, "cost", arm.id);
    if (whole == nullptr || !std::isfinite(whole->mean)) continue;
    std::string rects, words;
    double at = 0.0;
    for (const Part& part : k_parts) {
      const ResourceRow* row = find(summary, part.measure, arm.id);
      if (row == nullptr || !(row->mean > 0.0)) continue;
      const double width = 100.0 * row->mean / most;
      rects +=
          fmt::format("<rect x=\"{:.3f}\" y=\"0\" width=\"{:.3f}\" height=\"8\" style=\"fill:var(--a{})\"/>",
                      at, width, part.colour);
      words += fmt::format("{}{} {}", words.empty() ? "" : ", ", part.label, amount(row->mean));
      at += width;
    }
    out += fmt::format(
        "<p style=\"margin:.5em 0 .1em\">{}: <strong>{}</strong> EUR a person</p><svg viewBox=\"0 0 100 8\" "
        "preserveAspectRatio=\"none\" style=\"width:100%;height:18px;display:block\" role=\"img\" "
        "aria-label=\"{}\">{}</svg>",
        escape_html(arm_label(summary.protocol, arm.id)), amount(whole->mean), escape_html(words), rects);
  }
  return out;
}

}  // namespace

std::string resources_section(Page& page) {
  const auto& summary = page.summary;
  if (summary.resources.empty()) return {};
  const auto& protocol = summary.protocol;
  std::string out = "<h2 id=\"resources\">What it takes</h2>";
  out += fmt::format(
      "<p>What each person had, counted until they left: doses, beds, visits, products. Direct costs of "
      "treatment "
      "in euros of {}, from unit costs of public sources (What it rests on; <code>price_</code>), list "
      "prices "
      "without discounts, nothing discounted over time. No care for disability, no work lost, none of the "
      "trial’s own "
      "visits and scans, and no ratio of costs to effects.</p>",
      economics::k_price_year);
  out += "<figure>" + bars(summary) + "</figure>";
  out +=
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"What it "
      "takes\"><table><thead><tr><th "
      "scope=\"col\">A person</th>";
  for (std::size_t i = 0; i < protocol.arms.size(); ++i)
    out += fmt::format("<th scope=\"col\" class=\"n\">{}</th>", escape_html(protocol.arms[i].id));
  std::vector<std::pair<std::string, std::string>> contrasts;
  for (const auto& pair : protocol.analysis.contrasts)
    if (pair.size() == 2 && find(summary, "cost", pair[0], pair[1]) != nullptr)
      contrasts.emplace_back(pair[0], pair[1]);
  for (const auto& [arm, reference] : contrasts)
    out += fmt::format("<th scope=\"col\" class=\"n\">{} minus {}</th>", escape_html(arm),
                       escape_html(reference));
  out += "</tr></thead><tbody>";
  bool time = false;
  const auto group = [&](const char* words) {
    return fmt::format("<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{}\">{}</th></tr>",
                       1 + protocol.arms.size() + contrasts.size(), words);
  };
  out += group("Money, EUR");
  for (const economics::Row& row : economics::rows()) {
    if (!time && row.unit.find("EUR") == std::string::npos) {
      time = true;
      out += group("Time, visits, failures");
    }
    out += fmt::format("<tr><th scope=\"row\" title=\"{}\">{}</th>", escape_html(row.definition),
                       escape_html(capitalised(row.label)));
    for (const auto& arm : protocol.arms) out += cell(find(summary, row.id, arm.id), "mean", summary.draws);
    for (const auto& [arm, reference] : contrasts)
      out += cell(find(summary, row.id, arm, reference), "difference", summary.draws);
    out += "</tr>";
  }
  out += "</tbody></table></div>";
  if (!summary.not_priced.empty()) {
    std::string drugs;
    for (const std::string& drug : summary.not_priced)
      drugs += (drugs.empty() ? "" : ", ") + escape_html(drug);
    out += "<p class=\"warn\">Without a price, so not in the costs: " + drugs + ".</p>";
  }
  out += "<details class=\"more\"><summary>What each row counts</summary><dl>";
  for (const economics::Row& row : economics::rows())
    out += fmt::format("<dt>{}</dt><dd>{}</dd>", escape_html(capitalised(row.label)),
                       escape_html(row.definition));
  out += "</dl></details>";
  std::string tables = csv_link(std::string(k_resources_table_path));
  if (!summary.periods.empty())
    tables +=
        fmt::format("; for a model of cost and utility: {}, {}", csv_link(std::string(k_qalys_table_path)),
                    csv_link(std::string(k_states_table_path)));
  return out + fmt::format(
                   "<p class=\"quiet\">Means over {} replicates; below each, where 95 % of single trials’ "
                   "means lie{}; "
                   "people: 10 % and 90 % of single people. {}</p>",
                   show_count(summary.replicates),
                   summary.draws >= k_least_draws_shown
                       ? ", in brackets the 95 % range that comes from the model’s parameters alone "
                         "(prices are held)"
                       : "",
                   tables);
}

}  // namespace hortega::output
