// SPDX-License-Identifier: Apache-2.0
// Sections of the report that show results: headline, general statistics, comparison, flow, harms.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "hortega/output/drawings.hpp"
#include "hortega/output/parameter_range.hpp"
#include "hortega/output/report.hpp"
#include "hortega/output/sections.hpp"
#include "hortega/output/tables.hpp"
#include "hortega/output/words.hpp"

namespace hortega::output {
namespace {

using evidence::Estimate;
using evidence::Verdict;

std::string with_range(const std::string& value, const std::string& range) {
  if (range.empty()) return value;
  return fmt::format("{}<span class=\"range\">{}</span>", value, range);
}

std::string estimate_cell(const Estimate* e, int draws) {
  if (!e) return "<td class=\"n\">–</td>";
  // The mean of a ratio that most trials do not give says nothing of them.
  const bool no_mean =
      is_ratio(e->quantity.estimator) && e->defined_share < k_least_defined && !std::isnan(e->median);
  if (!no_mean && !std::isfinite(e->mean)) return "<td class=\"n\">–</td>";
  std::string value = with_range(no_mean ? "median " + show_number(e->median) : show_number(e->mean),
                                 show_interval(e->low, e->high));
  const auto range = parameter_range(e->mean, e->sd_parameters, e->quantity.estimator, draws);
  if (range && !no_mean) value = with_range(value, "[" + show_interval(range->first, range->second) + "]");
  if (e->defined_share < 1.0)
    value = with_range(value, fmt::format("in {} of trials", show_percent(100.0 * e->defined_share)));
  return fmt::format("<td class=\"n\">{}</td>", value);
}

/// What conduct adds, with its Monte Carlo error.
std::string conduct_cell(const Estimate& e) {
  if (!std::isfinite(e.conduct_share)) return "<td class=\"n\">–</td>";
  return fmt::format("<td class=\"n\">{}</td>",
                     with_range((e.conduct_share > 0 ? "+" : "") + show_number(e.conduct_share),
                                "\u00b1\u00a0" + show_number(e.conduct_mc_error) + " (MC error)"));
}

std::string arm_heading(const trial::Protocol& protocol, std::size_t index) {
  return fmt::format("<span class=\"swatch arm{}\" aria-hidden=\"true\"></span>{}", index % 4 + 1,
                     escape_html(protocol.arms[index].id));
}

std::string verdict_chip(Verdict verdict) {
  std::string css(verdict_words(verdict));
  std::replace(css.begin(), css.end(), ' ', '-');
  const char* sign = verdict == Verdict::inside     ? "✓ "
                     : verdict == Verdict::overlaps ? "≈ "
                     : verdict == Verdict::outside  ? "✗ "
                                                    : "";
  return fmt::format("<span class=\"chip v-{}\">{}{}</span>", css, sign, verdict_words(verdict));
}

struct Counts {
  int inside = 0, overlaps = 0, outside = 0, not_scored = 0;
};
Counts count(const evidence::RunSummary& summary) {
  Counts c;
  for (const auto& row : summary.comparisons) {
    if (row.verdict == Verdict::inside) ++c.inside;
    if (row.verdict == Verdict::overlaps) ++c.overlaps;
    if (row.verdict == Verdict::outside) ++c.outside;
    if (row.verdict == Verdict::not_scored) ++c.not_scored;
  }
  return c;
}

/// "of 11 scored numbers, inside the published interval: 7; ..."
std::string tally(const Counts& c) {
  const int scored = c.inside + c.overlaps + c.outside;
  std::string text =
      fmt::format("of {} scored number{}, inside the published interval: {}; overlapping it: {}; outside: {}",
                  scored, scored == 1 ? "" : "s", c.inside, c.overlaps, c.outside);
  if (c.not_scored > 0) text += fmt::format("; not scored: {}", c.not_scored);
  return text;
}

/// "hazard ratio, HSCT against DMT, at 5 years"
std::string quantity_words(const evidence::RunSummary& summary, const evidence::Quantity& q) {
  std::string text = endpoint_name(summary.protocol, q.endpoint) + ", " + estimator_words(q.estimator);
  text += ", " + q.arm + (q.reference.empty() ? "" : " against " + q.reference);
  if (q.time_day > 0.0) text += ", at " + show_time(q.time_day);
  for (const auto& subgroup : summary.protocol.subgroups)
    if (subgroup.id == q.subgroup) text += ", " + (subgroup.label.empty() ? subgroup.id : subgroup.label);
  return text;
}

}  // namespace

std::string headline_section(Page& page) {
  const auto& summary = page.summary;
  const Counts c = count(summary);
  std::string out = "<section class=\"headline\" aria-label=\"Question and answer\">";
  out += fmt::format("<p class=\"question\">{}</p>", escape_html(summary.protocol.question));
  out += fmt::format("<p class=\"answer\">{}</p>", escape_html(answer_sentence(summary)));
  if (!summary.comparisons.empty()) {
    out +=
        fmt::format("<p>Against what was published: {}. <a href=\"#comparison\">See each</a>.</p>", tally(c));
  }
  return out + "<p class=\"notice\">Simulated data; research, not medical advice.</p></section>";
}

std::string general_section(Page& page) {
  const auto& summary = page.summary;
  const auto& protocol = summary.protocol;
  std::string out = "<h2 id=\"general\">All statistics</h2>";
  out += fmt::format(
      "<p>Means over {} replicates; below each, where 95 % of single trials lie{}. Every number, also of "
      "each "
      "visit: {}.</p>",
      show_count(summary.replicates),
      summary.draws >= k_least_draws_shown
          ? fmt::format(", and in brackets, where it can be told from chance, the 95 % range that comes from "
                        "the model's parameters alone: the replicates are spread over {} draws of what the "
                        "calibration left possible",
                        summary.draws)
          : std::string(),
      csv_link("tables/estimates.csv"));
  out +=
      "<p class=\"quiet\">“In 10 % of trials”: in the others the number does not exist (a ratio when an arm "
      "has "
      "no "
      "event); the mean is of those that have one, and therefore not of all trials.</p>";
  std::string legend;
  for (std::size_t i = 0; i < protocol.arms.size(); ++i)
    legend += fmt::format("<span>{}: {}</span>", arm_heading(protocol, i),
                          escape_html(arm_label(protocol, protocol.arms[i].id)));
  out += "<p class=\"key\">" + legend + "</p>";

  const bool conduct = std::any_of(summary.estimates.begin(), summary.estimates.end(), [](const auto& e) {
    return e.is_contrast && std::isfinite(e.conduct_share);
  });
  // Numbers of arms: for each endpoint and estimator the longest horizon.
  const auto horizon = [](const Estimate& e) {
    return e.quantity.time_day <= 0.0 ? 1e12 : e.quantity.time_day;
  };
  std::string arms_rows;
  std::string contrasts;
  for (const auto& spec : protocol.endpoints) {
    std::vector<std::string> estimators;
    std::map<std::string, std::map<std::string, const Estimate*>> by_estimator;
    for (const auto& e : summary.estimates) {
      const auto& q = e.quantity;
      if (q.endpoint != spec.id || !q.subgroup.empty()) continue;
      if (!q.reference.empty()) {
        if (e.quantity.time_day > 0.0) {
          const bool longer =
              std::any_of(summary.estimates.begin(), summary.estimates.end(), [&](const auto& o) {
                return o.quantity.endpoint == q.endpoint && o.quantity.estimator == q.estimator &&
                       o.quantity.arm == q.arm && o.quantity.reference == q.reference &&
                       o.quantity.subgroup.empty() && horizon(o) > horizon(e);
              });
          if (longer) continue;
        }
        const std::string power =
            e.test.empty() || !std::isfinite(e.significant_share)
                ? "–"
                : with_range(show_percent(100.0 * e.significant_share),
                             "\u00b1\u00a0" + show_number(100.0 * e.significant_mc_error) + " (MC error)");
        contrasts += fmt::format(
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{} against {}</td>{}{}<td "
            "class=\"n\">{}</td><td>{}</td></tr>",
            escape_html(endpoint_name(spec)), escape_html(estimator_words(q.estimator)), escape_html(q.arm),
            escape_html(q.reference), estimate_cell(&e, summary.draws), conduct ? conduct_cell(e) : "", power,
            escape_html(e.test));
        continue;
      }
      auto& cell = by_estimator[q.estimator][q.arm];
      if (std::find(estimators.begin(), estimators.end(), q.estimator) == estimators.end())
        estimators.push_back(q.estimator);
      if (!cell || horizon(e) > horizon(*cell)) cell = &e;
    }
    if (estimators.empty()) continue;
    arms_rows += fmt::format("<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{}\">{}{}</th></tr>",
                             protocol.arms.size() + 2, escape_html(endpoint_name(spec)),
                             spec.primary ? " (primary)" : "");
    for (const auto& estimator : estimators) {
      const auto& cells = by_estimator[estimator];
      const Estimate* any = cells.begin()->second;
      arms_rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td>",
                               escape_html(capitalised(estimator_words(estimator))),
                               any->quantity.time_day > 0.0 ? show_time(any->quantity.time_day) : "end");
      for (const auto& arm : protocol.arms) {
        const auto found = cells.find(arm.id);
        arms_rows += estimate_cell(found == cells.end() ? nullptr : found->second, summary.draws);
      }
      arms_rows += "</tr>";
    }
  }
  if (!contrasts.empty())
    out +=
        "<h3>Differences between arms</h3><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
        "aria-label=\"Differences "
        "between arms\"><table><thead><tr><th scope=\"col\">Endpoint</th><th scope=\"col\">Measure</th><th "
        "scope=\"col\">Arms</th><th scope=\"col\" class=\"n\">Value</th>" +
        std::string(conduct ? "<th scope=\"col\" class=\"n\">Conduct’s share</th>" : "") +
        "<th scope=\"col\" class=\"n\">Trials with p &lt; " + show_number(protocol.analysis.alpha) +
        "</th><th scope=\"col\">Test</th></tr></thead><tbody>" + contrasts + "</tbody></table></div>" +
        (conduct
             ? "<p class=\"quiet\">Conduct’s share: the same trials with blinding, expectation and reporting "
               "as "
               "in the study, minus without. What is left is the model’s biology. Each visit and subgroup: " +
                   csv_link("tables/conduct.csv") + ".</p>"
             : "");
  if (!arms_rows.empty()) {
    out +=
        "<h3>Each arm</h3><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Numbers of each "
        "arm\"><table><thead><tr><th scope=\"col\">Measure</th><th scope=\"col\">At</th>";
    for (std::size_t i = 0; i < protocol.arms.size(); ++i)
      out += "<th scope=\"col\" class=\"n\">" + arm_heading(protocol, i) + "</th>";
    out += "</tr></thead><tbody>" + arms_rows + "</tbody></table></div>";
  }
  return out;
}

std::string comparison_section(Page& page) {
  const auto& summary = page.summary;
  const Counts c = count(summary);
  std::string out = "<h2 id=\"comparison\">Simulated beside published</h2>";
  if (summary.comparisons.empty()) {
    out += "<p>No published row of this study is mapped to an endpoint of the protocol.</p>";
  } else {
    out += "<figure><h3>" + capitalised(tally(c)) + "</h3>";
    out +=
        "<p class=\"key\"><span><svg aria-hidden=\"true\"><line class=\"pub\" x1=\"1\" x2=\"33\" y1=\"7\" "
        "y2=\"7\" "
        "stroke-width=\"2\"/><rect class=\"pub\" x=\"12.5\" y=\"2.5\" width=\"9\" "
        "height=\"9\"/></svg>published, "
        "interval</span><span><svg aria-hidden=\"true\"><line class=\"pub\" x1=\"1\" x2=\"33\" y1=\"7\" "
        "y2=\"7\" "
        "stroke-width=\"2\"/><rect class=\"pub\" x=\"12.5\" y=\"2.5\" width=\"9\" height=\"9\" "
        "style=\"fill:var(--panel)\" stroke-width=\"2\"/></svg>published, interval derived "
        "here</span><span><svg "
        "aria-hidden=\"true\"><line class=\"simrange\" x1=\"1\" x2=\"33\" y1=\"7\" y2=\"7\" "
        "stroke-width=\"5\"/><circle class=\"sim\" cx=\"17\" cy=\"7\" r=\"5\"/></svg>simulated: mean, and 95 "
        "% of "
        "single trials</span></p>";
    for (const auto& row : summary.comparisons)
      out += fmt::format(
          "<div class=\"cmp\"><div><p>{}</p><p class=\"quiet\">{} · {} {}</p>{}</div>{}</div>",
          escape_html(capitalised(row.endpoint_text)), escape_html(row.row_id),
          escape_html(row.simulated.quantity.arm + (row.simulated.quantity.reference.empty()
                                                        ? ""
                                                        : " against " + row.simulated.quantity.reference)),
          verdict_chip(row.verdict),
          row.remark.empty() ? "" : "<p class=\"quiet\">" + escape_html(row.remark) + "</p>",
          comparison_drawing(row));
    out += fmt::format(
        "<figcaption><p>Each row has its own scale (ratios: logarithmic). The verdict compares the Monte "
        "Carlo interval of "
        "the simulated mean (the thin line through the dot, often hidden by it) with the published interval, "
        "which "
        "already holds the chance of one trial. n: {} replicates. {}</p></figcaption></figure>",
        show_count(summary.replicates), csv_link("tables/comparison.csv"));

    bool conduct = false;
    for (const auto& row : summary.comparisons)
      conduct = conduct || std::isfinite(row.simulated.conduct_share);
    out +=
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Simulated beside "
        "published\"><table><thead><tr>"
        "<th scope=\"col\">Row</th><th scope=\"col\">Outcome</th><th scope=\"col\" "
        "class=\"n\">Published</th><th "
        "scope=\"col\" class=\"n\">Simulated</th>";
    if (conduct) out += "<th scope=\"col\" class=\"n\">Conduct’s share</th>";
    out += "<th scope=\"col\">Verdict</th><th scope=\"col\" class=\"n\">z</th></tr></thead><tbody>";
    for (const auto& row : summary.comparisons) {
      const std::string published_range = show_interval(row.published_low, row.published_high);
      out += fmt::format(
          "<tr><th scope=\"row\">{}<span class=\"range\">{}</span><span class=\"range\">{}</span></th><td "
          "class=\"wide\">{}<span class=\"range\">{}</span><span "
          "class=\"range\">{}</span></td><td class=\"n\">{}</td><td "
          "class=\"n\">{}</td>",
          escape_html(row.row_id), escape_html(row.role), escape_html(row.status),
          escape_html(capitalised(row.endpoint_text)),
          escape_html(quantity_words(summary, row.simulated.quantity)), escape_html(row.citation),
          with_range(
              show_number(row.published) + "\u00a0" + escape_html(row.unit),
              published_range.empty() ? "" : published_range + (row.interval_derived ? " (derived)" : "")),
          with_range(show_number(row.simulated.mean), show_interval(row.simulated.low, row.simulated.high)));
      if (conduct) out += conduct_cell(row.simulated);
      out += fmt::format("<td>{}</td><td class=\"n\">{}</td></tr>", verdict_chip(row.verdict),
                         show_number(row.z));
    }
    out += "</tbody></table></div>";
    out +=
        "<p class=\"quiet\">Under each row's name its role and status. Role: calibration rows may have been "
        "used to fit, validation rows never. Status: "
        "verified "
        "numbers were read in the source, memory ones remembered. “Derived” intervals are computed from the "
        "number of people, not printed. z: distance in standard errors of both.";
    if (conduct)
      out +=
          " Conduct’s share: how much of the simulated number comes from how the trial was run (blinding, "
          "reporting, drop-out), as the difference from the same trial without it.";
    out += "</p>";
  }
  if (!summary.unmapped.empty()) {
    out += fmt::format("<h3>Published rows of this study that the protocol does not give: {}</h3>",
                       summary.unmapped.size());
    out +=
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Rows without a simulated "
        "number\"><table><thead><tr><th scope=\"col\">Row</th><th scope=\"col\">Outcome</th><th "
        "scope=\"col\">Why</th></tr></thead><tbody>";
    for (const auto& row : summary.unmapped)
      out += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>", escape_html(row.row_id),
                         escape_html(row.endpoint_text), escape_html(row.reason));
    out += "</tbody></table></div><p>" + csv_link("tables/unmapped.csv") + "</p>";
  }
  return out;
}

std::string flow_section(Page& page) {
  const auto& summary = page.summary;
  std::string out = "<h2 id=\"flow\">Flow of participants</h2><figure>";
  const evidence::FlowRow* completed = nullptr;
  std::string finding;
  for (const auto& arm : summary.protocol.arms) {
    completed = nullptr;
    double allocated = 0.0;
    for (const auto& row : summary.flow) {
      if (row.arm != arm.id) continue;
      if (row.box == "completed") completed = &row;
      if (row.box == "allocated") allocated = row.mean;
    }
    if (completed && allocated > 0.0)
      finding += fmt::format("{}{} of {} with {}", finding.empty() ? "" : ", ", show_number(completed->mean),
                             show_number(allocated), arm.id);
  }
  out +=
      fmt::format("<h3>Completed follow-up: {}</h3>", finding.empty() ? "not counted" : escape_html(finding));
  out += flow_drawing(summary);
  out += fmt::format(
      "<figcaption><p>Mean over {} replicates; in brackets the lowest and highest of a single one. Someone "
      "rescued or "
      "switched may be counted below as well. {}</p></figcaption></figure>",
      show_count(summary.replicates), csv_link("tables/flow.csv"));
  return out;
}

std::string harms_section(Page& page) {
  const auto& summary = page.summary;
  const auto& arms = summary.protocol.arms;
  std::string out = "<h2 id=\"harms\">Harms</h2>";
  std::vector<std::string> terms;
  std::map<std::string, std::map<std::string, const evidence::HarmRow*>> by_term;
  for (const auto& row : summary.harms) {
    if (by_term.find(row.term) == by_term.end()) terms.push_back(row.term);
    by_term[row.term][row.arm] = &row;
  }
  if (terms.empty()) return out + "<p>No adverse event was recorded.</p>";
  const auto worst = [&](const std::string& term) {
    double most = 0.0;
    for (const auto& [arm, row] : by_term[term]) most = std::max(most, row->percent_any);
    return most;
  };
  std::stable_sort(terms.begin(), terms.end(),
                   [&](const auto& a, const auto& b) { return worst(a) > worst(b); });
  out += "<p>Of 100 people, those who had the event at least once during follow-up.</p>";
  out +=
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Harms\"><table><thead><tr><th "
      "scope=\"col\" "
      "rowspan=\"2\">Event</th>";
  for (std::size_t i = 0; i < arms.size(); ++i)
    out += "<th scope=\"colgroup\" colspan=\"4\">" + arm_heading(summary.protocol, i) + "</th>";
  out += "</tr><tr>";
  for (std::size_t i = 0; i < arms.size(); ++i)
    out +=
        "<th scope=\"col\" class=\"n\">Any</th><th scope=\"col\" class=\"n\">Grade ≥ 3</th><th scope=\"col\" "
        "class=\"n\">Serious</th><th scope=\"col\" class=\"n\">Fatal</th>";
  out += "</tr></thead><tbody>";
  const auto cell = [](double percent) {
    const std::string text = !std::isfinite(percent) ? "–"
                             : percent == 0.0        ? "0"
                                                     : fmt::format("{:.1f}", percent);
    return "<td class=\"n\">" + (percent > 0.0 && percent < 0.05 ? std::string("&lt; 0.1") : text) + "</td>";
  };
  for (const auto& term : terms) {
    out += "<tr><th scope=\"row\">" + escape_html(capitalised(term)) + "</th>";
    for (const auto& arm : arms) {
      const auto found = by_term[term].find(arm.id);
      if (found == by_term[term].end()) {
        out += "<td class=\"n\">–</td><td class=\"n\">–</td><td class=\"n\">–</td><td class=\"n\">–</td>";
        continue;
      }
      const auto& row = *found->second;
      out += cell(row.percent_any) + cell(row.percent_grade3) + cell(row.percent_serious) +
             cell(row.percent_death);
    }
    out += "</tr>";
  }
  out += "</tbody></table></div>";
  out += fmt::format("<p class=\"quiet\">CTCAE grades; percent of all participants of {} replicates. {}</p>",
                     show_count(summary.replicates), csv_link("tables/harms.csv"));
  return out;
}

}  // namespace hortega::output
