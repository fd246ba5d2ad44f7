// SPDX-License-Identifier: Apache-2.0
// Sections of the report that show a course in time: curves, measures, single people.
#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "hortega/output/assets.hpp"
#include "hortega/output/parameter_range.hpp"
#include "hortega/output/sections.hpp"
#include "hortega/output/tables.hpp"
#include "hortega/output/words.hpp"

namespace hortega::output {

std::string csv_link(const std::string& path) {
  return fmt::format("<a href=\"{0}\" download>{0}</a>", escape_html(path));
}

std::string definition_of(const evidence::RunSummary& summary, const std::string& endpoint) {
  for (const auto& row : summary.definitions)
    if (row.endpoint == endpoint) return escape_html(row.sentence);
  return "";
}

std::string Page::figure(const Figure& drawn, const std::string& caption, const std::string& table,
                         const std::string& above, const std::string& below) {
  const std::string id = fmt::format("spec{}", ++figures);
  return fmt::format(
      "<figure><h3>{}</h3>{}<div class=\"vega\" data-spec=\"{}\" role=\"img\" "
      "aria-label=\"{}\"></div>{}<figcaption><p>{} "
      "{}</p></figcaption><script type=\"application/json\" id=\"{}\">{}</script></figure>",
      escape_html(drawn.title), above, id, escape_html(drawn.description), below, caption, csv_link(table),
      id, drawn.spec);
}

namespace {

/// The arms of a figure: colour and dashes beside their names.
template <class Rows>
std::string arm_key(const evidence::RunSummary& summary, const Rows& rows) {
  std::string out = "<p class=\"key\">";
  const auto& arms = summary.protocol.arms;
  for (std::size_t i = 0; i < arms.size(); ++i) {
    if (std::none_of(rows.begin(), rows.end(), [&](const auto* row) { return row->arm == arms[i].id; }))
      continue;
    out += fmt::format(
        "<span><svg aria-hidden=\"true\"><line x1=\"1\" x2=\"33\" y1=\"7\" y2=\"7\" stroke=\"{}\" "
        "stroke-width=\"2.4\" stroke-dasharray=\"{}\"/></svg>{}</span>",
        k_arm_colours[i % k_arm_colours.size()], k_arm_dashes[i % k_arm_dashes.size()],
        escape_html(arms[i].id));
  }
  return out + "</p>";
}

/// Measures that have a section of their own.
bool is_of_symptoms_section(std::string_view measure) {
  return measure == "eq5d" || std::find(endpoints::kSymptomNames.begin(), endpoints::kSymptomNames.end(),
                                        measure) != endpoints::kSymptomNames.end();
}

/// Mean numbers at risk at a few days, one row an arm.
std::string risk_table(const evidence::RunSummary& summary,
                       const std::vector<const evidence::Curve*>& curves) {
  const double last = last_day_shown(curves);
  const TimeUnit unit = time_unit(last);
  const std::vector<double> days = table_days(last);
  std::string head, body;
  for (const double day : days) head += fmt::format("<th scope=\"col\">{:.0f}</th>", day / unit.days);
  for (std::size_t i = 0; i < summary.protocol.arms.size(); ++i) {
    for (const auto* curve : curves) {
      if (curve->arm != summary.protocol.arms[i].id) continue;
      body += fmt::format(
          "<tr><th scope=\"row\"><span class=\"swatch arm{}\" aria-hidden=\"true\"></span>{}</th>", i % 4 + 1,
          escape_html(curve->arm));
      for (const double day : days) {
        // The last grid day at or before it.
        const auto after = std::upper_bound(curve->day.begin(), curve->day.end(), day + 0.5);
        if (after == curve->day.begin()) {
          body += "<td>–</td>";
          continue;
        }
        const auto at = static_cast<std::size_t>(after - curve->day.begin()) - 1;
        const double n = curve->at_risk[at];
        body +=
            std::isfinite(n) ? fmt::format("<td>{:.{}f}</td>", n, n < 9.95 && n > 0.0 ? 1 : 0) : "<td>–</td>";
      }
      body += "</tr>";
    }
  }
  return fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Numbers at risk\"><table "
      "class=\"risk\"><thead><tr><th scope=\"col\">At risk, "
      "{}</th>{}</tr></thead><tbody>{}</tbody></table></div>",
      unit.plural, head, body);
}

bool nobody_has_the_event(const std::vector<const evidence::Curve*>& curves) {
  return std::all_of(curves.begin(), curves.end(), [](const evidence::Curve* curve) {
    return std::all_of(curve->survival.begin(), curve->survival.end(), [](double s) { return s >= 1.0; });
  });
}

}  // namespace

std::string curves_section(Page& page) {
  const auto& summary = page.summary;
  std::string out = "<h2 id=\"curves\">Time to event</h2>";
  std::vector<const trial::EndpointSpec*> order;
  for (const auto& spec : summary.protocol.endpoints)
    if (spec.primary) order.push_back(&spec);
  for (const auto& spec : summary.protocol.endpoints)
    if (!spec.primary) order.push_back(&spec);
  std::string grid, nobody;
  for (const auto* spec : order) {
    std::vector<const evidence::Curve*> curves;
    double people = 0.0;
    for (const auto& curve : summary.curves) {
      if (curve.endpoint != spec->id || curve.day.empty()) continue;
      curves.push_back(&curve);
      if (std::isfinite(curve.at_risk.front())) people += curve.at_risk.front();
    }
    if (curves.empty()) continue;
    if (!spec->primary && nobody_has_the_event(curves)) {
      nobody += (nobody.empty() ? "" : "; ") + endpoint_name(*spec);
      continue;
    }
    const std::string definition = definition_of(summary, spec->id);
    const std::string caption = fmt::format(
        "{}{}Mean of {} replicates, band: 95 % of them{}; at risk at the start: {} people a replicate.",
        spec->primary ? "Primary endpoint. " : "", definition.empty() ? "" : definition + " ",
        show_count(summary.replicates),
        summary.draws >= k_least_draws_shown
            ? ", the darker one: 95 % of what comes from the model's parameters alone, as far as it can be "
              "told from chance"
            : "",
        show_number(people));
    const std::string figure =
        page.figure(curve_figure(summary, *spec, curves), caption, curve_table_path(spec->id),
                    arm_key(summary, curves), risk_table(summary, curves));
    if (spec->primary)
      out += figure;
    else
      grid += figure;
  }
  if (!grid.empty()) out += "<div class=\"grid\">" + grid + "</div>";
  if (!nobody.empty())
    out += fmt::format("<p>In nobody of any arm in {} replicates, so not drawn: {}.</p>",
                       show_count(summary.replicates), escape_html(nobody));
  if (page.figures == 0 && nobody.empty())
    out += "<p>The protocol has no endpoint that is a time to an event.</p>";
  return out;
}

std::string bands_section(Page& page) {
  const auto& summary = page.summary;
  std::string out = "<h2 id=\"course\">Over time</h2>";
  // Disability first, then what visits and scans count.
  std::vector<std::string> order = {"edss", "cumulative_relapses", "gd",   "t2_volume",   "t1_volume",
                                    "rims", "brain_volume",        "snfl", "lymphocytes", "low_contrast",
                                    "vep"};
  for (const auto& band : summary.bands)
    if (std::find(order.begin(), order.end(), band.measure) == order.end() &&
        !is_of_symptoms_section(band.measure))
      order.push_back(band.measure);
  std::string grid;
  for (const auto& measure : order) {
    std::vector<const evidence::Band*> bands;
    double n = 0.0;
    for (const auto& band : summary.bands) {
      if (band.measure != measure || band.day.empty()) continue;
      bands.push_back(&band);
      n += band.n.front();
    }
    if (bands.empty()) continue;
    const bool counts = measure == "cumulative_relapses" || measure == "gd";
    const std::string caption =
        fmt::format("Mean of everyone still followed{}; {} people at the start, all replicates together.",
                    counts ? "" : ", band: the middle half of people", show_count(n));
    const std::string figure = page.figure(band_figure(summary, measure, bands), caption,
                                           band_table_path(measure), arm_key(summary, bands));
    if (measure == "edss")
      out += figure;
    else
      grid += figure;
  }
  if (!grid.empty()) out += "<div class=\"grid\">" + grid + "</div>";
  return out;
}

std::string symptoms_section(Page& page) {
  const auto& summary = page.summary;
  const auto band_of = [&](std::string_view measure, const std::string& arm) -> const evidence::Band* {
    for (const auto& band : summary.bands)
      if (band.measure == measure && band.arm == arm && !band.day.empty()) return &band;
    return nullptr;
  };
  std::string rows;
  for (const auto name : endpoints::kSymptomNames) {
    std::string cells;
    bool any = false;
    for (const auto& arm : summary.protocol.arms) {
      const auto* band = band_of(name, arm.id);
      any = any || band != nullptr;
      const auto cell = [](double value) {
        return std::isfinite(value) ? fmt::format("<td class=\"n\">{:.1f}</td>", value)
                                    : "<td class=\"n\">–</td>";
      };
      cells += band == nullptr ? "<td class=\"n\">–</td><td class=\"n\">–</td>"
                               : cell(band->mean.front()) + cell(band->mean.back());
    }
    if (any)
      rows += fmt::format("<tr><th scope=\"row\">{}</th>{}</tr>",
                          name == "mood" ? "Low mood" : escape_html(capitalised(std::string(name))), cells);
  }
  if (rows.empty()) return "";
  std::string out = "<h2 id=\"symptoms\">Symptoms and quality of life</h2>";
  std::vector<const evidence::Band*> utility;
  double n = 0.0;
  for (const auto& band : summary.bands) {
    if (band.measure != "eq5d" || band.day.empty()) continue;
    utility.push_back(&band);
    n += band.n.front();
  }
  if (!utility.empty()) {
    out += page.figure(
        band_figure(summary, "eq5d", utility),
        fmt::format("EQ-5D utility by EDSS, less a decrement for a relapse in the half year before. Mean of "
                    "everyone still followed, band: the middle half of people; {} people at the start, all "
                    "replicates together.",
                    show_count(n)),
        band_table_path("eq5d"), arm_key(summary, utility));
  }
  out +=
      "<p>Mean severity of each symptom, from 0 (none) to 10, at entry and at the last planned visit, of "
      "those still "
      "followed. The maps from the state of the nervous system to symptoms are assumed (grade D).</p>"
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Symptoms\"><table><thead><tr><th "
      "scope=\"col\" rowspan=\"2\">Symptom</th>";
  for (const auto& arm : summary.protocol.arms)
    out += "<th scope=\"colgroup\" colspan=\"2\">" + escape_html(arm.id) + "</th>";
  out += "</tr><tr>";
  for (std::size_t i = 0; i < summary.protocol.arms.size(); ++i)
    out += "<th scope=\"col\" class=\"n\">Entry</th><th scope=\"col\" class=\"n\">End</th>";
  out += "</tr></thead><tbody>" + rows + "</tbody></table></div><p class=\"quiet\">Over time:";
  for (const auto name : endpoints::kSymptomNames) out += " " + csv_link(band_table_path(std::string(name)));
  return out + "</p>";
}

std::string people_section(Page& page) {
  const auto& summary = page.summary;
  if (summary.examples.empty()) return "";
  std::string out =
      "<h2 id=\"people\">A few people</h2><p>Simulated participants as their visits, reports and scans saw "
      "them.</p><div class=\"grid\">";
  for (const auto& person : summary.examples) {
    const std::string caption = fmt::format(
        "{}, {:.0f} years at entry, {:.1f} years since the first attack, {} relapse{} in the year before.",
        person.baseline.female ? "Woman" : "Man", std::floor(person.baseline.age_year),
        person.baseline.duration_years, person.baseline.relapses_1y,
        person.baseline.relapses_1y == 1 ? "" : "s");
    out += page.figure(person_figure(summary, person), caption, "tables/people.csv");
  }
  return out + "</div>";
}

}  // namespace hortega::output
