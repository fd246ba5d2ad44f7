// SPDX-License-Identifier: Apache-2.0
#include "hortega/output/experiment_page.hpp"

#include "hortega/core/files.hpp"
#include "hortega/output/assets.hpp"
#include "hortega/output/figures.hpp"
#include "hortega/output/page.hpp"
#include "hortega/output/words.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hortega::output {
namespace {

using evidence::ExperimentComparison;
using evidence::ExperimentNumber;
using evidence::ExperimentSummary;
using evidence::OverReplicates;
using Json = nlohmann::ordered_json;

std::string label_of(const trial::ExperimentArm& arm) { return arm.label.empty() ? arm.id : arm.label; }

std::string arm_label(const ExperimentSummary& s, const std::string& id) {
  for (const trial::ExperimentArm& arm : s.experiment.arms)
    if (arm.id == id) return label_of(arm);
  return id;
}

std::string endpoint_label(const ExperimentSummary& s, const std::string& id) {
  for (const trial::ExperimentEndpoint& e : s.experiment.endpoints)
    if (e.id == id) return e.label.empty() ? e.id : e.label;
  return id;
}

// The first arm is the ink of the text, the others have the colours of arms.
std::string_view colour_of(std::size_t arm) {
  return arm == 0 ? k_ink_colour : k_arm_colours[(arm - 1) % k_arm_colours.size()];
}
std::string_view dash_of(std::size_t arm) {
  return arm == 0 ? k_arm_dashes[0] : k_arm_dashes[arm % k_arm_dashes.size()];
}

/// Rounded for a page.
Json number(double value) {
  if (!std::isfinite(value)) return nullptr;
  return std::strtod(fmt::format("{:.4g}", value).c_str(), nullptr);
}

Json arm_channel(const ExperimentSummary& s, bool colour) {
  Json domain = Json::array();
  Json range = Json::array();
  for (std::size_t a = 0; a < s.experiment.arms.size(); ++a) {
    domain.push_back(label_of(s.experiment.arms[a]));
    if (colour)
      range.push_back(colour_of(a));
    else
      range.push_back(Json::parse("[" + std::string(dash_of(a)) + "]"));
  }
  return {{"field", "arm"},
          {"type", "nominal"},
          {"scale", {{"domain", domain}, {"range", range}}},
          {"legend", nullptr}};
}

std::string curve_spec(const ExperimentSummary& s, std::size_t hypothesis) {
  Json values = Json::array();
  double most = 0.0;
  for (const evidence::ScoreCurve& curve : s.curves) {
    for (const OverReplicates& day : curve.by_day) most = std::max(most, day.high);
    if (curve.hypothesis != hypothesis) continue;
    for (std::size_t day = 0; day < curve.by_day.size(); ++day) {
      const OverReplicates& x = curve.by_day[day];
      values.push_back({{"arm", label_of(s.experiment.arms[curve.arm])},
                        {"first", curve.arm == 0},
                        {"t", day},
                        {"y", number(x.mean)},
                        {"l", number(x.low)},
                        {"h", number(x.high)}});
    }
  }
  const Json x = {{"field", "t"},
                  {"type", "quantitative"},
                  {"title", "Days since immunisation"},
                  {"scale", {{"domain", {0, number(s.experiment.follow_up_day)}}, {"nice", false}}},
                  {"axis", {{"grid", false}, {"domain", true}, {"tickCount", 8}}}};
  const auto y = [&](const char* field) {
    return Json{{"field", field},
                {"type", "quantitative"},
                {"title", "Mean score (0 to 5)"},
                {"scale", {{"domain", {0, number(std::min(5.0, std::ceil(2.0 * most) / 2.0))}}}},
                {"axis", {{"tickCount", 6}}}};
  };
  const Json tooltip = {{{"field", "arm"}, {"title", "Group"}},
                        {{"field", "t"}, {"title", "Day"}},
                        {{"field", "y"}, {"title", "Mean score"}, {"format", ".2f"}}};
  Json layers = Json::array();
  layers.push_back(
      {{"transform", {{{"filter", "datum.first"}}}},
       {"mark", {{"type", "area"}, {"opacity", 0.12}}},
       {"encoding", {{"y", y("l")}, {"y2", {{"field", "h"}}}, {"color", arm_channel(s, true)}}}});
  layers.push_back({{"mark", {{"type", "line"}, {"strokeWidth", 2.2}, {"clip", true}}},
                    {"encoding",
                     {{"y", y("y")},
                      {"color", arm_channel(s, true)},
                      {"strokeDash", arm_channel(s, false)},
                      {"tooltip", tooltip}}}});
  const Json spec = {{"$schema", "https://vega.github.io/schema/vega-lite/v6.json"},
                     {"description", "Mean clinical score by day and group"},
                     {"width", "container"},
                     {"height", 260},
                     {"autosize", {{"type", "fit-x"}, {"contains", "padding"}}},
                     {"data", {{"values", values}}},
                     {"encoding", {{"x", x}}},
                     {"layer", layers}};
  return for_script(spec.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::string arm_key(const ExperimentSummary& s) {
  std::string out = "<p class=\"key\">";
  for (std::size_t a = 0; a < s.experiment.arms.size(); ++a) {
    out += fmt::format(
        "<span><svg aria-hidden=\"true\"><line x1=\"1\" x2=\"33\" y1=\"7\" y2=\"7\" stroke=\"{}\" "
        "stroke-width=\"2.4\" stroke-dasharray=\"{}\"/></svg>{}</span>",
        colour_of(a), dash_of(a), escape_html(label_of(s.experiment.arms[a])));
  }
  return out + "</p>";
}

std::string csv_link(const char* path) { return fmt::format("<a href=\"tables/{}\">CSV</a>", path); }

// Of what is told by hypothesis, if there are several.
std::string heading_of(const ExperimentSummary& s, std::size_t h, const char* alone) {
  return s.hypotheses[h].empty() ? alone : s.hypotheses[h];
}

// A standardised difference, to a hundredth: finer is chance.
std::string show_difference(double value) {
  const double hundredths = std::round(100.0 * value);
  return fmt::format("{}{:.2f}", hundredths < 0.0 ? "−" : "", std::abs(hundredths) / 100.0);
}

std::string curves_section(const ExperimentSummary& s) {
  std::string out =
      "<h2 id=\"curves\">Scores</h2><p>0 well, 1 limp tail, 2 weak hind limbs, 3 hind limbs paralysed, 4 "
      "fore "
      "limbs as well, 5 moribund or dead.</p>";
  for (std::size_t h = 0; h < s.hypotheses.size(); ++h) {
    const std::string title = heading_of(s, h, "Mean score by day");
    out += fmt::format(
        "<figure><h3>{}</h3>{}<div class=\"vega\" data-spec=\"scores{}\" role=\"img\" aria-label=\"{}: mean "
        "clinical score by day and group\"></div><figcaption><p>Means of {} repetitions of the experiment; "
        "the shade holds 90 % of the repetitions of the first group. {}</p></figcaption><script "
        "type=\"application/json\" id=\"scores{}\">{}</script></figure>",
        escape_html(title), arm_key(s), h, escape_html(title), s.experiment.replicates,
        csv_link("score-curves.csv"), h, curve_spec(s, h));
  }
  return out;
}

std::string shown(const OverReplicates& x) {
  if (x.replicates == 0) return "–";
  return fmt::format("{} <span class=\"quiet\">({})</span>", show_number(x.mean),
                     show_interval(x.low, x.high));
}

std::string shown_difference(const OverReplicates& x) {
  if (x.replicates == 0) return "–";
  return fmt::format("{} <span class=\"quiet\">({} to {})</span>", show_difference(x.mean),
                     show_difference(x.low), show_difference(x.high));
}

std::string table_begin(const std::string& label) {
  return fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table><thead><tr>",
      escape_html(label));
}

const ExperimentNumber* find(const ExperimentSummary& s, std::size_t h, const std::string& endpoint,
                             const std::string& arm, const std::string& reference) {
  for (const ExperimentNumber& n : s.numbers)
    if (n.hypothesis == h && n.endpoint == endpoint && n.arm == arm && n.reference == reference) return &n;
  return nullptr;
}

std::string measures_section(const ExperimentSummary& s) {
  std::string out = fmt::format(
      "<h2 id=\"measures\">Measures by group</h2><p>Mean of the animals of a group, over the repetitions "
      "(90 % of these in brackets). Onset and maximum are of those who fall ill. {}</p>",
      csv_link("measures.csv"));
  for (std::size_t h = 0; h < s.hypotheses.size(); ++h) {
    if (!s.hypotheses[h].empty()) out += "<h3>" + escape_html(s.hypotheses[h]) + "</h3>";
    out += table_begin("Measures by group") + "<th scope=\"col\">Group</th>";
    for (const trial::ExperimentEndpoint& e : s.experiment.endpoints)
      out += "<th scope=\"col\" class=\"n\">" + escape_html(endpoint_label(s, e.id)) +
             (e.kind == trial::ExperimentMeasure::incidence ? ", %" : "") + "</th>";
    out += "</tr></thead><tbody>";
    for (const trial::ExperimentArm& arm : s.experiment.arms) {
      out += "<tr><th scope=\"row\">" + escape_html(label_of(arm)) + "</th>";
      for (const trial::ExperimentEndpoint& e : s.experiment.endpoints) {
        const ExperimentNumber* n = find(s, h, e.id, arm.id, "");
        out += "<td class=\"n\">" + (n != nullptr ? shown_difference(n->value) : "–") + "</td>";
      }
      out += "</tr>";
    }
    out += "</tbody></table></div>";
  }
  return out;
}

std::string contrasts_section(const ExperimentSummary& s) {
  if (s.experiment.contrasts.empty()) return {};
  std::string out = fmt::format(
      "<h2 id=\"contrasts\">Cells against none</h2><p>Standardised difference of the means: below nought, "
      "animals with cells fare better. Over the repetitions (90 % of these in brackets): chance in groups of "
      "this size, and what is not known of the cells. {}</p>",
      csv_link("measures.csv"));
  for (const trial::ExperimentEndpoint& e : s.experiment.endpoints) {
    if (e.kind != trial::ExperimentMeasure::clinical_score && e.kind != trial::ExperimentMeasure::max_score)
      continue;
    out += "<h3>" + escape_html(endpoint_label(s, e.id)) + "</h3>" + table_begin("Contrasts") +
           "<th scope=\"col\">Group</th>";
    for (std::size_t h = 0; h < s.hypotheses.size(); ++h)
      out += "<th scope=\"col\" class=\"n\">" + escape_html(heading_of(s, h, "Standardised difference")) +
             "</th>";
    out += "</tr></thead><tbody>";
    for (const auto& pair : s.experiment.contrasts) {
      out += "<tr><th scope=\"row\">" + escape_html(arm_label(s, pair[0])) + "</th>";
      for (std::size_t h = 0; h < s.hypotheses.size(); ++h) {
        const ExperimentNumber* n = find(s, h, e.id, pair[0], pair[1]);
        out += "<td class=\"n\">" + (n != nullptr ? shown(n->value) : "–") + "</td>";
      }
      out += "</tr>";
    }
    out += "</tbody></table></div>";
  }
  return out;
}

std::string published_words(const ExperimentComparison& c) {
  if (!c.published.value) return escape_html(c.row.value_text);
  std::string out = show_number(*c.published.value);
  if (c.published.interval)
    out += fmt::format(" ({}{})", show_interval(c.published.interval->lower, c.published.interval->upper),
                       is_derived(c.published.basis) ? "*" : "");
  return out;
}

std::string comparison_section(const ExperimentSummary& s) {
  if (s.comparisons.empty()) return {};
  std::string out = fmt::format(
      "<h2 id=\"published\">Simulated beside published</h2><p>Role <em>calibration</em>: untreated mice "
      "were set to it; treated ones to nothing. Where a row is a word, the standardised difference of the "
      "mean "
      "daily score stands beside it. "
      "{}</p>",
      csv_link("comparisons.csv"));
  out += table_begin("Simulated beside published") +
         "<th scope=\"col\">Row</th><th scope=\"col\">Study</th><th scope=\"col\">Group</th><th "
         "scope=\"col\">Outcome</th><th scope=\"col\" class=\"n\">Published (95 %)</th>";
  for (std::size_t h = 0; h < s.hypotheses.size(); ++h)
    out += "<th scope=\"col\" class=\"n\">" +
           escape_html(s.hypotheses[h].empty() ? "Simulated" : s.hypotheses[h]) + "</th>";
  out += "</tr></thead><tbody>";
  for (const ExperimentComparison& c : s.comparisons) {
    out += fmt::format(
        "<tr><th scope=\"row\">{}<br><span "
        "class=\"quiet\">{}</span></th><td>{}</td><td>{}</td><td>{}</td><td "
        "class=\"n\">{}</td>",
        c.row.id, name(c.row.role), escape_html(c.row.study), escape_html(arm_label(s, c.arm)),
        escape_html(c.row.endpoint), published_words(c));
    for (std::size_t h = 0; h < c.simulated.size(); ++h) {
      const bool scored = c.verdicts[h].verdict != evidence::Verdict::not_scored;
      out += fmt::format(
          "<td class=\"n\">{}{}</td>", shown(c.simulated[h]),
          scored ? fmt::format("<br><span class=\"quiet\">{}</span>", evidence::name(c.verdicts[h].verdict))
                 : "");
    }
    out += "</tr>";
  }
  return out +
         "</tbody></table></div><p class=\"quiet\">* interval from n and the printed spread, not printed by "
         "the "
         "source.</p>";
}

std::string rests_section(const ExperimentSummary& s, const ExperimentContext& context) {
  std::size_t by_grade[5] = {};
  constexpr std::string_view grades = "ABCDF";
  for (const core::Passport& p : context.numbers) {
    const std::size_t at = grades.find(p.grade);
    if (at != std::string_view::npos) ++by_grade[at];
  }
  std::string out = fmt::format(
      "<h2 id=\"rests\">What it rests on</h2><p>{} numbers of a mouse: {} measured in animals or in vitro, "
      "{} "
      "assumed, {} fitted to untreated animals. No number was chosen by looking at treated animals. {}</p>",
      context.numbers.size(), by_grade[2], by_grade[3], by_grade[4], csv_link("parameters.csv"));
  if (!s.experiment.priors.empty()) {
    out += "<p>Drawn anew, evenly from its range, in each repetition: ";
    for (std::size_t i = 0; i < s.experiment.priors.size(); ++i)
      out += fmt::format("{}<code>{}</code>", i == 0 ? "" : ", ", escape_html(s.experiment.priors[i]));
    out += ".</p>";
  }
  return out +
         "<p>The equations are those of people with other numbers; what a mouse shares with a person, what "
         "it does "
         "not, and what nobody knows stands in docs/mouse.md. What helps mice has seldom helped people.</p>";
}

}  // namespace

std::string experiment_answer(const ExperimentSummary& s) {
  if (s.experiment.contrasts.empty()) return "Groups are described; none is compared.";
  std::string endpoint = s.experiment.endpoints.front().id;
  for (const trial::ExperimentEndpoint& e : s.experiment.endpoints) {
    if (e.kind != trial::ExperimentMeasure::clinical_score) continue;
    endpoint = e.id;
    break;
  }
  std::string out = "Standardised difference (" + endpoint_label(s, endpoint) + "): ";
  for (std::size_t h = 0; h < s.hypotheses.size(); ++h) {
    if (!s.hypotheses[h].empty()) out += fmt::format("{}{}: ", h == 0 ? "" : "; ", s.hypotheses[h]);
    for (std::size_t i = 0; i < s.experiment.contrasts.size(); ++i) {
      const auto& pair = s.experiment.contrasts[i];
      const ExperimentNumber* n = find(s, h, endpoint, pair[0], pair[1]);
      out += fmt::format("{}{} {}", i == 0 ? "" : ", ", arm_label(s, pair[0]),
                         n != nullptr && n->value.replicates > 0 ? show_difference(n->value.mean) : "–");
    }
  }
  return out + ".";
}

std::string experiment_html(const ExperimentSummary& s, const ExperimentContext& context) {
  PageParts parts;
  parts.title = s.experiment.title;
  parts.kind = "Simulated experiment in mice";
  parts.has_figures = true;
  parts.headline = "<section class=\"headline\" aria-label=\"Finding\"><p class=\"question\">" +
                   escape_html(s.experiment.question) + "</p><p class=\"answer\">" +
                   escape_html(experiment_answer(s)) +
                   "</p><p class=\"notice\">Simulated mice; research, not medical advice.</p></section>";
  const auto add = [&](const char* id, const char* name, const std::string& html) {
    if (html.empty()) return;
    parts.contents.emplace_back(id, name);
    parts.body += fmt::format("<section aria-labelledby=\"{}\">{}</section>\n", id, html);
  };
  add("curves", "Scores", curves_section(s));
  add("published", "Simulated beside published", comparison_section(s));
  add("contrasts", "Cells against none", contrasts_section(s));
  add("measures", "Measures by group", measures_section(s));
  add("rests", "What it rests on", rests_section(s, context));
  add("repeat", "How to repeat it",
      "<h2 id=\"repeat\">How to repeat it</h2><pre>" + escape_html(context.command) + "</pre>");
  return html_page(parts);
}

core::Value experiment_json(const ExperimentSummary& s) {
  using core::Value;
  const auto of = [](const OverReplicates& x) {
    Value v{Value::Table{}};
    if (x.replicates > 0) v.set("mean", x.mean).set("low", x.low).set("high", x.high);
    if (std::isfinite(x.sd)) v.set("sd", x.sd);
    return v.set("replicates", x.replicates);
  };
  Value root{Value::Table{}};
  root.set("format", "hortega-experiment-summary").set("version", 1);
  root.set("id", s.experiment.id).set("title", s.experiment.title).set("question", s.experiment.question);
  root.set("answer", experiment_answer(s)).set("replicates", s.experiment.replicates);
  const auto hypothesis = [&](std::size_t h) {
    return s.experiment.hypotheses.empty() ? std::string() : s.experiment.hypotheses[h].id;
  };
  Value::Array numbers;
  for (const ExperimentNumber& n : s.numbers) {
    Value v{Value::Table{}};
    if (!s.experiment.hypotheses.empty()) v.set("hypothesis", hypothesis(n.hypothesis));
    v.set("endpoint", n.endpoint).set("arm", n.arm);
    if (!n.reference.empty()) v.set("reference", n.reference);
    v.set("statistic", n.reference.empty() ? "mean" : "standardised_mean_difference");
    numbers.push_back(v.set("value", of(n.value)));
  }
  root.set("measures", numbers);
  Value::Array rows;
  for (const ExperimentComparison& c : s.comparisons) {
    for (std::size_t h = 0; h < c.simulated.size(); ++h) {
      Value v{Value::Table{}};
      v.set("row", c.row.id).set("role", std::string(name(c.row.role))).set("published", c.row.value_text);
      if (!s.experiment.hypotheses.empty()) v.set("hypothesis", hypothesis(h));
      v.set("simulated", of(c.simulated[h]));
      rows.push_back(v.set("verdict", std::string(evidence::name(c.verdicts[h].verdict))));
    }
  }
  return root.set("comparisons", rows);
}

std::string experiment_curves_csv(const ExperimentSummary& s) {
  core::CsvWriter csv({"hypothesis", "arm", "day", "mean_score", "sd", "low_90", "high_90"});
  for (const evidence::ScoreCurve& c : s.curves) {
    for (std::size_t day = 0; day < c.by_day.size(); ++day) {
      const OverReplicates& x = c.by_day[day];
      csv.cell(s.hypotheses[c.hypothesis]).cell(s.experiment.arms[c.arm].id).cell(day);
      csv.cell(x.mean, 6).cell(x.sd, 6).cell(x.low, 6).cell(x.high, 6).end_row();
    }
  }
  return csv.text();
}

std::string experiment_numbers_csv(const ExperimentSummary& s) {
  core::CsvWriter csv({"hypothesis", "endpoint", "arm", "reference", "statistic", "mean", "sd", "low_90",
                       "high_90", "sd_between_animals", "replicates"});
  for (const ExperimentNumber& n : s.numbers) {
    csv.cell(s.hypotheses[n.hypothesis]).cell(n.endpoint).cell(n.arm).cell(n.reference);
    csv.cell(n.reference.empty() ? "mean" : "standardised_mean_difference");
    csv.cell(n.value.mean, 6).cell(n.value.sd, 6).cell(n.value.low, 6).cell(n.value.high, 6);
    csv.cell(n.between_animals.mean, 6).cell(n.value.replicates).end_row();
  }
  return csv.text();
}

std::string experiment_comparisons_csv(const ExperimentSummary& s) {
  core::CsvWriter csv({"row", "role", "status", "study", "endpoint", "arm", "reference", "published",
                       "published_low", "published_high", "hypothesis", "simulated", "simulated_low_90",
                       "simulated_high_90", "verdict", "note", "citation"});
  for (const ExperimentComparison& c : s.comparisons) {
    for (std::size_t h = 0; h < c.simulated.size(); ++h) {
      csv.cell(c.row.id).cell(name(c.row.role)).cell(name(c.row.status)).cell(c.row.study);
      csv.cell(c.row.endpoint).cell(c.arm).cell(c.reference).cell(c.row.value_text);
      if (c.published.interval)
        csv.cell(c.published.interval->lower, 6).cell(c.published.interval->upper, 6);
      else
        csv.empty().empty();
      csv.cell(s.hypotheses[h]).cell(c.simulated[h].mean, 6).cell(c.simulated[h].low, 6);
      csv.cell(c.simulated[h].high, 6).cell(evidence::name(c.verdicts[h].verdict)).cell(c.note);
      csv.cell(c.row.citation).end_row();
    }
  }
  return csv.text();
}

std::string experiment_parameters_csv(const ExperimentContext& context) {
  core::CsvWriter csv(
      {"name", "value", "unit", "spread", "grade", "low", "high", "source", "reason", "note"});
  for (const core::Passport& p : context.numbers) {
    csv.cell(p.name).cell(p.value).cell(p.unit).cell(p.spread).cell(std::string(1, p.grade));
    csv.cell(p.low).cell(p.high).cell(p.source).cell(p.reason).cell(p.note).end_row();
  }
  return csv.text();
}

}  // namespace hortega::output
