// SPDX-License-Identifier: Apache-2.0
// The section of the report that shows one run under every published definition of worsening.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "hortega/output/sections.hpp"
#include "hortega/output/tables.hpp"
#include "hortega/output/words.hpp"

namespace hortega::output {
namespace {

using evidence::MultiverseRow;
using Rows = std::vector<const MultiverseRow*>;

std::string with_range(const std::string& value, const std::string& range) {
  return range.empty() ? value : fmt::format("{}<span class=\"range\">{}</span>", value, range);
}

std::string events_cell(const evidence::Estimate& events, const evidence::Estimate& percent) {
  return "<td class=\"n\">" + with_range(show_number(events.mean), show_percent(percent.mean)) + "</td>";
}

std::string row_html(const MultiverseRow& row) {
  const auto& d = row.definition;
  std::string notes = d.published || d.preset.empty() ? "" : "confirmation not of the publication";
  const auto note = [&](const std::string& text) { notes += (notes.empty() ? "" : "; ") + text; };
  for (const auto& id : d.same_as) note("the same as " + id);
  for (const auto& id : d.own) note("this protocol’s “" + id + "”");
  std::string out =
      fmt::format("<tr><th scope=\"row\">{}<span class=\"range\">{}</span></th><td class=\"wide\">{}</td>",
                  escape_html(d.id), escape_html(notes), escape_html(d.sentence));
  out += events_cell(row.events, row.percent);
  if (row.reference.empty()) return out + "</tr>";
  const auto& hr = row.hazard_ratio;
  out += events_cell(row.reference_events, row.reference_percent);
  out += "<td class=\"n\">" + with_range(show_number(hr.mean), show_interval(hr.low, hr.high)) + "</td>";
  out += "<td class=\"n\">" + show_percent(100.0 * hr.defined_share) + "</td>";
  const bool possible = row.events.mean + row.reference_events.mean > 0.0;
  const std::string power =
      possible && std::isfinite(hr.significant_share)
          ? with_range(show_percent(100.0 * hr.significant_share),
                       "\u00b1\u00a0" + show_number(100.0 * hr.significant_mc_error) + " (MC error)")
          : "–";
  return out + "<td class=\"n\">" + power + "</td></tr>";
}

std::string table_html(const Page& page, const Rows& rows) {
  const auto& first = *rows.front();
  const bool contrast = !first.reference.empty();
  std::string out = fmt::format(
      "<details class=\"more\"><summary>All {} definitions in words, with events of each arm</summary><div "
      "class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"All definitions\"><table><thead><tr><th "
      "scope=\"col\">Definition</th><th scope=\"col\">In words</th><th scope=\"col\" class=\"n\">Events, "
      "{}</th>",
      rows.size(), escape_html(first.arm));
  if (contrast)
    out += fmt::format(
        "<th scope=\"col\" class=\"n\">Events, {}</th><th scope=\"col\" class=\"n\">Hazard ratio</th><th "
        "scope=\"col\" class=\"n\">Defined in</th><th scope=\"col\" class=\"n\">Trials with p &lt; {}</th>",
        escape_html(first.reference), show_number(page.summary.protocol.analysis.alpha));
  out += "</tr></thead><tbody>";
  for (const auto* row : rows) out += row_html(*row);
  return out + "</tbody></table></div></details>";
}

}  // namespace

std::string multiverse_section(Page& page) {
  const auto& summary = page.summary;
  if (summary.multiverse.empty()) return "";
  std::string out = "<h2 id=\"multiverse\">Other definitions of worsening</h2>";
  out += fmt::format(
      "<p>The same {} simulated trials, analysed under every published definition of confirmed worsening and "
      "of its relation to relapses. Nothing but the definition differs: same people, visits, arms, follow-up "
      "and test; whom the protocol moves to another therapy is decided by its own rule throughout.</p>",
      show_count(summary.replicates));
  std::vector<std::pair<std::string, std::string>> contrasts;
  for (const auto& row : summary.multiverse) {
    const auto pair = std::make_pair(row.arm, row.reference);
    if (std::find(contrasts.begin(), contrasts.end(), pair) == contrasts.end()) contrasts.push_back(pair);
  }
  const std::string caption = fmt::format(
      "Dot: geometric mean over the trials in which both arms had an event; bar: 95 % of single trials, to "
      "the "
      "edge of the axis where that is 0 or without limit; on the right the share of trials with p &lt; {} "
      "(log-rank). Names are those of the table: a preset and its confirmation in weeks or months. A "
      "definition that has no ratio in half of the trials has no dot. ▸ and the second colour: "
      "as "
      "this protocol defines it. n: {} replicates.",
      show_number(summary.protocol.analysis.alpha), show_count(summary.replicates));
  for (const auto& [arm, reference] : contrasts) {
    Rows all;
    for (const auto& row : summary.multiverse)
      if (row.arm == arm && row.reference == reference) all.push_back(&row);
    const auto of_families = [&](std::initializer_list<std::string_view> families) {
      Rows rows;
      for (const auto* row : all)
        if (std::find(families.begin(), families.end(), row->definition.family) != families.end())
          rows.push_back(row);
      return rows;
    };
    if (!reference.empty()) {
      const std::string against = ", " + arm + " against " + reference;
      const auto draw = [&](const Rows& rows, const std::string& heading, const std::string& caption) {
        return rows.empty()
                   ? std::string()
                   : page.figure(multiverse_figure(rows, heading + against, summary.protocol.analysis.alpha),
                                 caption, std::string(k_multiverse_table_path));
      };
      const std::string again = "Drawn as the figure above.";
      out += draw(of_families({"worsening", "composite"}), "Worsening", caption);
      out += "<div class=\"grid\">" +
             draw(of_families({"pira"}), "Progression without relapse (PIRA)", again) +
             draw(of_families({"raw"}), "Relapse-associated worsening (RAW)", again) + "</div>";
    }
    out += table_html(page, all);
  }
  return out;
}

}  // namespace hortega::output
