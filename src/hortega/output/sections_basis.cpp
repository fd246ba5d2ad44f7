// SPDX-License-Identifier: Apache-2.0
// Sections of the report that say what it rests on: parameters, population, definitions, how to repeat.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "hortega/core/version.hpp"
#include "hortega/output/population.hpp"
#include "hortega/output/sections.hpp"
#include "hortega/output/words.hpp"

namespace hortega::output {
namespace {

struct GradeWords {
  char grade;
  std::string_view words;
};
constexpr std::array<GradeWords, 5> k_grades = {{{'A', "measured in people with MS"},
                                                 {'B', "measured in other people"},
                                                 {'C', "measured in animals or in vitro"},
                                                 {'D', "assumed"},
                                                 {'F', "fitted to calibration rows"}}};

/// "t2_volume_ml" of the protocol as "T2 volume (mL)".
std::string moment_words(const std::string& name) {
  static const std::map<std::string, std::string> known = {{"age", "Age (years)"},
                                                           {"edss", "EDSS"},
                                                           {"duration_years", "Years since the first attack"},
                                                           {"relapses_1y", "Relapses in the year before"},
                                                           {"relapses_2y", "Relapses in two years before"},
                                                           {"gd_count", "Gd+ lesions"},
                                                           {"t2_volume_ml", "T2 lesion volume (mL)"},
                                                           {"female_share", "Share of women"}};
  const auto found = known.find(name);
  if (found != known.end()) return found->second;
  std::string text = name;
  std::replace(text.begin(), text.end(), '_', ' ');
  return capitalised(text);
}

std::string parameter_table(const std::vector<core::Passport>& parameters) {
  std::string out =
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Parameters\"><table><thead><tr><th "
      "scope=\"col\">Parameter</th><th scope=\"col\">Grade</th><th scope=\"col\" class=\"n\">Value</th><th "
      "scope=\"col\" class=\"n\">Spread</th><th scope=\"col\">Source</th></tr></thead><tbody>";
  for (const auto& p : parameters)
    out += fmt::format(
        "<tr><th scope=\"row\"><code>{}</code></th><td><span class=\"grade\">{}</span></td><td "
        "class=\"n\">{}{}<span "
        "class=\"range\">{}</span></td><td class=\"n\">{}</td><td class=\"wide\">{}{}</td></tr>",
        escape_html(p.name), p.grade, show_number(p.value),
        p.unit == "1" ? "" : "\u00a0" + escape_html(p.unit), show_interval(p.low, p.high),
        show_number(p.spread), escape_html(p.source),
        p.reason.empty() ? "" : "<span class=\"range\">" + escape_html(p.reason) + "</span>");
  return out + "</tbody></table></div>";
}

/// "38.2 (8.9)": mean and SD of the arm's people, "–" without any.
std::string mean_and_sd(const std::vector<double>& values) {
  if (values.empty()) return "–";
  const auto n = static_cast<double>(values.size());
  double sum = 0.0, square = 0.0;
  for (const double x : values) sum += x;
  for (const double x : values) square += (x - sum / n) * (x - sum / n);
  if (values.size() < 2) return show_number(sum / n);
  return fmt::format("{} ({})", show_number(sum / n), show_number(std::sqrt(square / (n - 1.0))));
}

/// The table that a trial's publication begins with, of the first simulated trial.
std::string baseline_by_arm(const evidence::RunSummary& summary) {
  using Record = trial::BaselineRecord;
  struct Row {
    const char* name;
    double (*value)(const Record&);
  };
  constexpr std::array<Row, 6> rows = {
      {{"Women, %", [](const Record& b) { return b.female ? 100.0 : 0.0; }},
       {"Age, years", [](const Record& b) { return b.age_year; }},
       {"Years since the first attack", [](const Record& b) { return b.duration_years; }},
       {"EDSS", [](const Record& b) { return b.edss; }},
       {"Relapses in the year before", [](const Record& b) { return static_cast<double>(b.relapses_1y); }},
       {"Gd+ lesions", [](const Record& b) { return static_cast<double>(b.gd_count); }}}};
  const auto& people = summary.first.participants;
  if (people.empty()) return "";
  std::string out =
      "<h3 id=\"baseline\">Baseline by arm</h3><p>People of the first simulated trial as recorded on day 0: "
      "mean "
      "(standard deviation), of women the share.</p><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"Baseline by arm\"><table><thead><tr><th scope=\"col\">At entry</th>";
  const auto& arms = summary.protocol.arms;
  for (std::size_t a = 0; a < arms.size(); ++a) {
    const auto n = std::count_if(people.begin(), people.end(), [a](const auto& p) { return p.arm == a; });
    out += fmt::format("<th scope=\"col\" class=\"n\">{} (n = {})</th>", escape_html(arms[a].id), n);
  }
  out += "</tr></thead><tbody>";
  for (const Row& row : rows) {
    out += fmt::format("<tr><th scope=\"row\">{}</th>", row.name);
    for (std::size_t a = 0; a < arms.size(); ++a) {
      std::vector<double> values;
      for (const auto& person : people)
        if (person.arm == a) values.push_back(row.value(person.baseline));
      std::string text = mean_and_sd(values);
      if (&row == &rows.front()) text = text.substr(0, text.find(" ("));  // a share has no SD of interest
      out += fmt::format("<td class=\"n\">{}</td>", text);
    }
    out += "</tr>";
  }
  return out + "</tbody></table></div><p>" + csv_link("adam/adsl.csv") + "</p>";
}

}  // namespace

std::string parameters_section(Page& page) {
  const auto& parameters = page.context.parameters;
  std::string out = "<h2 id=\"parameters\">What the result rests on</h2>";
  if (parameters.empty()) return out + "<p>No parameters were named for this run.</p>";
  std::string counts;
  for (const auto& [grade, words] : k_grades) {
    int n = 0;
    for (const auto& p : parameters) n += p.grade == grade ? 1 : 0;
    if (n > 0)
      counts += fmt::format("<li><span class=\"grade\">{}</span> {}: {} parameter{}</li>", grade, words, n,
                            n == 1 ? "" : "s");
  }
  out += fmt::format(
      "<p>{} parameters, each with its source and a grade. Below the value: the range that is plausible. "
      "Spread: standard "
      "deviation between people on the log scale.</p><ul>{}</ul>",
      parameters.size(), counts);
  // A long list would bury what follows.
  if (parameters.size() > 25)
    out += "<details class=\"more\"><summary>Show all " + std::to_string(parameters.size()) + "</summary>" +
           parameter_table(parameters) + "</details>";
  else
    out += parameter_table(parameters);
  return out + "<p>" + csv_link("tables/parameters.csv") + "</p>";
}

std::string population_section(Page& page) {
  const auto& summary = page.summary;
  const auto& population = summary.population;
  std::string out = "<h2 id=\"population\">Virtual population</h2>";
  if (population.lives > 0)
    out += fmt::format(
        "<p>{} were simulated from onset; {} met the criteria at some time. Weighting them to the "
        "baseline of the trial "
        "leaves an effective share of {}. The {} replicates used {} distinct lives, every copy with its own "
        "future. Simulated numbers below are those of screening; on day 0 people are rated anew, with the "
        "rater’s "
        "error.</p>",
        lives_words(population), show_count(population.qualifying),
        show_percent(100.0 * population.effective_share), show_count(summary.replicates),
        show_count(population.distinct_lives_used));
  if (!population.rows.empty()) {
    const auto thinnest =
        std::min_element(population.rows.begin(), population.rows.end(),
                         [](const auto& a, const auto& b) { return a.effective_lives < b.effective_lives; });
    out += fmt::format(
        "<p>{} rows of a file of baselines were matched, each with lives that resemble it. The thinnest, "
        "“{}” (line "
        "{}), rests on {} effective lives. {}</p>",
        show_count(static_cast<double>(population.rows.size())), escape_html(thinnest->subject),
        thinnest->line, show_number(thinnest->effective_lives), csv_link("baseline-rows.csv"));
  }
  if (population.moments.empty()) return out + baseline_by_arm(summary);
  out +=
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Baseline "
      "moments\"><table><thead><tr><th "
      "scope=\"col\">At baseline</th><th scope=\"col\" class=\"n\">Trial</th><th scope=\"col\" "
      "class=\"n\">Before "
      "weighting</th><th scope=\"col\" class=\"n\">After</th></tr></thead><tbody>";
  for (const auto& m : population.moments)
    out += fmt::format(
        "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td class=\"n\">{}</td><td "
        "class=\"n\">{}</td></tr>",
        escape_html(moment_words(m.name)), show_number(m.target), show_number(m.before),
        show_number(m.after));
  return out + "</tbody></table></div><p>" + csv_link("tables/population.csv") + "</p>" +
         baseline_by_arm(summary);
}

std::string definitions_section(Page& page) {
  const auto& summary = page.summary;
  if (summary.definitions.empty()) return "";
  std::string out =
      "<h2 id=\"definitions\">Definitions</h2><p>What each endpoint counts, as it was computed.</p><dl>";
  for (const auto& row : summary.definitions)
    out += fmt::format("<dt>{} <code>{}</code></dt><dd>{}</dd>",
                       escape_html(endpoint_name(summary.protocol, row.endpoint)), escape_html(row.endpoint),
                       escape_html(row.sentence));
  return out + "</dl><p>" + csv_link("tables/definitions.csv") + "</p>";
}

std::string repeat_section(Page& page) {
  const auto& context = page.context;
  std::string out = "<h2 id=\"repeat\">How to repeat the run</h2>";
  out += "<pre>" + escape_html(context.command) + "</pre>";
  out += fmt::format(
      "<p>{}; seed {}. The results hash is the same with any number of threads and any instruction set.</p>",
      escape_html(core::version_line(context.isa)), page.summary.protocol.seed);
  out += fmt::format(
      "<p>Results hash <code>{}</code>, of <code>LC_ALL=C sha256sum summary.json tables/*.csv | "
      "sha256sum</code> in "
      "this folder. <a href=\"manifest.json\">manifest.json</a> lists every file.</p>",
      escape_html(page.results_hash));
  if (!context.inputs.empty()) {
    out +=
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Inputs\"><table><thead><tr><th "
        "scope=\"col\">Input</th><th scope=\"col\" class=\"n\">Bytes</th><th "
        "scope=\"col\">SHA-256</th></tr></thead><tbody>";
    for (const auto& input : context.inputs)
      out += fmt::format(
          "<tr><th scope=\"row\"><code>{}</code></th><td class=\"n\">{}</td><td "
          "class=\"digest\"><code>{}</code></td></tr>",
          escape_html(input.path), show_count(static_cast<double>(input.bytes)), escape_html(input.sha256));
    out += "</tbody></table></div>";
  }
  if (!context.warnings.empty()) {
    out += "<h3>Warnings of the run</h3><ul>";
    for (const auto& warning : context.warnings) out += "<li>" + escape_html(warning) + "</li>";
    out += "</ul>";
  }
  return out;
}

}  // namespace hortega::output
