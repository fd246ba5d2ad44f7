// SPDX-License-Identifier: Apache-2.0
// The page of a comparison of options.
#include "hortega/output/options_page.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "hortega/core/files.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/core/value.hpp"
#include "hortega/core/version.hpp"
#include "hortega/output/page.hpp"
#include "hortega/output/tables.hpp"
#include "hortega/output/words.hpp"

namespace hortega::output {
namespace {

constexpr std::size_t k_shown_horizon = 2;  // five years
// Outcomes with a picture; a walking aid or a wheelchair, whichever is told.
constexpr std::string_view k_pictured[] = {"relapse_free", "worsening_free", "walking_aid", "wheelchair",
                                           "serious_infection"};
constexpr std::string_view k_not_told = "not told from chance";
constexpr std::string_view k_fixed =
    "Parameters that the fit does not vary, most of those of transplants and drugs among them, stand at one "
    "value: what is not known of them is in no range here.";

constexpr std::string_view k_style = R"css(
.people{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,140px),1fr));gap:14px;margin:.8em 0 1.4em}
.people figcaption{overflow-wrap:anywhere}
.people figure{margin:0}.people svg{width:100%;max-width:190px;height:auto;display:block}
.people .has{fill:var(--a1)}.people .lacks{fill:var(--line)}.people .harm .has{fill:var(--bad)}
.people .big{font-size:1.5rem;font-weight:650}
table.options td{min-width:6em}table.options tbody th{min-width:9.5em}table.options tr.group th{background:var(--soft);font-weight:620}
table.options th:first-child{position:sticky;left:0;z-index:1;background:var(--paper)}
@media (max-width:640px){table.options tbody th{min-width:7em;max-width:9em;overflow-wrap:anywhere}}
@media print{table.options th:first-child{position:static}}
.headline .options{margin:.2em 0;padding:0;list-style:none;font-size:1.08rem}.headline .options li{margin:.2em 0}
.better{color:var(--good)}.worse{color:var(--bad)}.far{color:var(--warn)}
dl.facts{display:grid;grid-template-columns:minmax(7em,auto) 1fr;gap:.25em 1.2em;margin:.6em 0}
dl.facts dt{color:var(--quiet);margin:0}dl.facts dd{margin:0}
.advice{border-left:5px solid var(--warn);background:var(--soft);padding:.6em 1em;border-radius:4px}
)css";

std::string whole(double x) { return fmt::format("{:.0f}", std::fabs(x) < 0.5 ? 0.0 : x); }

// "62", or "0.4" where whole people would hide it.
std::string people(double per_100) {
  if (per_100 > 0.0 && per_100 < 0.95) return per_100 < 0.05 ? "under 0.1" : fmt::format("{:.1f}", per_100);
  return whole(per_100);
}

std::string span_of(const evidence::Range& r) {
  return fmt::format("{} to {}", people(r.low), people(r.high));
}

// Without decimals a narrow range would read as none.
std::string parameter_span(const std::optional<evidence::Range>& r) {
  if (!r) return std::string(k_not_told);
  if (people(r->low) != people(r->high)) return span_of(*r);
  return fmt::format("{:.1f} to {:.1f}", r->low, r->high);
}

// Rounded up: it is a limit.
std::string limit(double per_100) { return fmt::format("{:.1f}", std::ceil(10.0 * per_100) / 10.0); }

// A, B, C ...: what options are called where their labels are too long.
std::string letter(std::size_t option) {
  constexpr std::size_t k_letters = 26;
  return option < k_letters ? std::string(1, static_cast<char>('A' + option)) : fmt::format("{}", option + 1);
}

std::string with_sign(double x) {
  if (std::fabs(x) < 0.05) return "0";
  const std::string size = people(std::fabs(x));
  return (x < 0.0 ? "\u2212" : "+") + size;
}

std::string signed_span(const evidence::Range& r) {
  return fmt::format("{} to {}", with_sign(r.low), with_sign(r.high));
}

std::string years(int n) { return fmt::format("{} year{}", n, n == 1 ? "" : "s"); }

bool beyond(const OptionColumn& option, std::size_t horizon) {
  return trial::k_horizons_year[horizon] > option.longest_follow_up_year() + 0.01;
}

const char* star(const OptionColumn& option) { return beyond(option, k_shown_horizon) ? "*" : ""; }

bool any_star(const OptionsReport& report) {
  return std::any_of(report.options.begin(), report.options.end(),
                     [](const OptionColumn& o) { return beyond(o, k_shown_horizon); });
}

constexpr std::string_view k_star_means =
    "longer than any study with published numbers that would have let the person in was followed: "
    "extrapolated";

// An option is validated if each of its parts is.
bool validated(const OptionColumn& option) {
  return std::all_of(option.standing.begin(), option.standing.end(),
                     [](const evidence::Standing& s) { return s.validated(); });
}

// What of an option no published number was ever held against; empty for one therapy that has such numbers.
std::string not_held(const OptionColumn& option) {
  const bool several = option.standing.size() > 1;
  if (validated(option))
    return several ? "published numbers were held against the engine for each part, never for the "
                     "combination itself"
                   : "";
  if (!several)
    return "no published number was ever held against the engine for it, so nothing says whether the engine "
           "is right";
  std::vector<std::string> never;
  for (const evidence::Standing& s : option.standing) {
    if (!s.validated()) never.push_back(s.regimen);
  }
  return fmt::format(
      "no published number was ever held against the engine for {}, nor for the combination itself, so "
      "nothing says whether the engine is right",
      core::quoted_list(never));
}

// Whose published numbers an option was held against, where none is of people like this person.
std::string other_people_only(const OptionColumn& option) {
  std::string out;
  for (const evidence::Standing& s : option.standing) {
    const std::string whom = s.other_people();
    if (whom.empty()) continue;
    out +=
        fmt::format("{}{}held against published numbers in other people only ({})", out.empty() ? "" : "; ",
                    option.standing.size() > 1 ? "'" + s.regimen + "' " : "", whom);
  }
  return out;
}

// What an option is to be doubted for, before its numbers are read.
struct Warning {
  std::string label;  // of the option; empty: of the whole answer
  std::string text;
};
std::vector<Warning> warnings_of(const OptionsReport& report) {
  std::vector<Warning> all;
  for (const std::string& text : report.warnings) all.push_back({"", text});
  for (const OptionColumn& o : report.options) {
    if (!validated(o)) all.push_back({o.label, not_held(o)});
    if (const std::string others = other_people_only(o); !others.empty()) all.push_back({o.label, others});
  }
  return all;
}

// Under the answer.
std::string warnings(const OptionsReport& report) {
  std::string out;
  for (const Warning& w : warnings_of(report))
    out += fmt::format(
        "<p class=\"advice\">{}{}.</p>",
        w.label.empty() ? "" : "<strong>" + escape_html(w.label) + "</strong>: ", escape_html(w.text));
  return out;
}

// An outcome that is told of this person; nullptr for one that is not.
const OutcomeRow* outcome(const OptionsReport& report, std::string_view id) {
  const auto at = std::find_if(report.outcomes.begin(), report.outcomes.end(),
                               [&](const OutcomeRow& row) { return row.spec.id == id; });
  return at == report.outcomes.end() ? nullptr : &*at;
}

// Does the difference favour the first option, beyond what luck and parameters explain?
enum class Favours { first, second, nobody };
Favours favours(trial::Sense sense, double difference, const evidence::Range& both) {
  if (both.low <= 0.0 && both.high >= 0.0) return Favours::nobody;
  const bool more = difference > 0.0;
  return more == (sense == trial::Sense::benefit) ? Favours::first : Favours::second;
}
Favours favours(const OutcomeRow& row, const evidence::Difference& d) {
  return favours(row.spec.sense, d.per_100, d.both);
}
const char* style_of(Favours f) {
  return f == Favours::first ? "better" : f == Favours::second ? "worse" : "";
}

// A hundred people as ten rows of dots.
std::string picture(double per_100) {
  const int filled = static_cast<int>(std::lround(per_100));
  std::string out =
      fmt::format("<svg viewBox=\"0 0 110 110\" role=\"img\" aria-label=\"{} of 100\">", filled);
  for (int i = 0; i < 100; ++i)
    out += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"4\" class=\"{}\"/>", 10 + 10 * (i % 10),
                       10 + 10 * (i / 10), i < filled ? "has" : "lacks");
  return out + "</svg>";
}

std::string pictures(const OptionsReport& report) {
  std::string out = "<h2 id=\"picture\">Five years on, out of 100</h2>";
  for (const std::string_view id : k_pictured) {
    const OutcomeRow* told = outcome(report, id);
    if (told == nullptr) continue;
    const OutcomeRow& row = *told;
    out += fmt::format("<h3>{}</h3><div class=\"people\">", capitalised(escape_html(row.spec.label)));
    for (std::size_t o = 0; o < report.options.size(); ++o) {
      const evidence::Frequency& f = row.frequency[o][k_shown_horizon];
      out += fmt::format(
          "<figure class=\"{}\">{}<figcaption><span class=\"big\">{}</span>{} of "
          "100<br>{}: {}</figcaption></figure>",
          row.spec.sense == trial::Sense::harm ? "harm" : "benefit", picture(f.per_100), people(f.per_100),
          beyond(report.options[o], k_shown_horizon) ? "<span class=\"far\">*</span>" : "", letter(o),
          escape_html(report.options[o].label));
    }
    out += "</div>";
  }
  if (any_star(report))
    out += fmt::format("<p class=\"quiet\"><span class=\"far\">*</span> {}.</p>", k_star_means);
  return out;
}

std::string frequency_cell(const OptionsReport& report, const OutcomeRow& row, std::size_t o, std::size_t h) {
  if (!row.spec.simulated) return "<td class=\"n quiet\">not simulated</td>";
  const evidence::Frequency& f = row.frequency[o][h];
  const std::string number =
      people(f.per_100) + (beyond(report.options[o], h)
                               ? "<span class=\"far\" title=\"longer than any study of it\">*</span>"
                               : "");
  if (f.simulation_limit)
    return fmt::format(
        "<td class=\"n\">{}<span class=\"range\">{} among {} simulated:</span><span class=\"range\">fewer "
        "than {}{}</span></td>",
        number, f.per_100 > 0.0 ? "all" : "none", show_count(report.followed), limit(*f.simulation_limit),
        f.per_100 > 0.0 ? " lack it" : "");
  return fmt::format(
      "<td class=\"n\">{}<span class=\"range\">luck and people {}</span>{}</td>", number, span_of(f.chance),
      report.draws > 0 ? "<span class=\"range\">parameters " + parameter_span(f.parameters) + "</span>" : "");
}

std::string difference_cell(const OptionsReport& report, const OutcomeRow& row,
                            const evidence::Difference& d) {
  if (!row.spec.simulated) return "<td class=\"n\">\u2013</td>";
  if (d.simulation_limit)
    return fmt::format(
        "<td class=\"n\">{}<span class=\"range\">none differ among {} simulated:</span><span "
        "class=\"range\">fewer than {}</span></td>",
        with_sign(d.per_100), show_count(report.followed), limit(*d.simulation_limit));
  return fmt::format(
      "<td class=\"n\"><span class=\"{}\">{}</span><span class=\"range\">{}</span><span class=\"range\">{} "
      "first "
      "alone</span><span class=\"range\">{} other alone</span></td>",
      style_of(favours(row, d)), with_sign(d.per_100), signed_span(d.both), people(d.only_first),
      people(d.only_second));
}

// A table up to its first row: a column for each option, then one for each difference.
std::string head_of(const OptionsReport& report, std::string_view name, std::string_view first) {
  std::string out = fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table "
      "class=\"options\"><thead><tr><th scope=\"col\">{}</th>",
      name, first);
  for (std::size_t o = 0; o < report.options.size(); ++o)
    out += fmt::format("<th scope=\"col\" class=\"n\">{}: {}</th>", letter(o),
                       escape_html(report.options[o].label));
  for (std::size_t o = 1; o < report.options.size(); ++o)
    out += fmt::format("<th scope=\"col\" class=\"n\">A minus {}</th>", letter(o));
  return out + "</tr></thead><tbody>";
}

std::string table_of(const OptionsReport& report, const std::vector<OutcomeRow>& rows, std::size_t h) {
  std::string out = head_of(report, "Outcomes", "Out of 100");
  bool harms = false;
  if (!rows.empty() && rows.front().spec.sense == trial::Sense::benefit)
    out += fmt::format("<tr class=\"group\"><th colspan=\"{}\">Benefits: more is better</th></tr>",
                       2 * report.options.size());
  for (const OutcomeRow& row : rows) {
    if (row.spec.sense == trial::Sense::harm && !harms) {
      harms = true;
      out += fmt::format("<tr class=\"group\"><th colspan=\"{}\">Harms: fewer is better</th></tr>",
                         2 * report.options.size());
    }
    out += fmt::format("<tr><th scope=\"row\">{}</th>", capitalised(escape_html(row.spec.label)));
    for (std::size_t o = 0; o < report.options.size(); ++o) out += frequency_cell(report, row, o, h);
    for (std::size_t o = 1; o < report.options.size(); ++o)
      out += difference_cell(report, row, row.difference[o - 1][h]);
    out += "</tr>";
  }
  return out + "</tbody></table></div>";
}

std::string tables(const OptionsReport& report) {
  std::string out =
      "<h2 id=\"outcomes\">Benefits and harms</h2><p>Each number is out of 100 people whose past is like "
      "this person's, all followed from today; those who die stay in the hundred. <em>Luck and people</em>: "
      "how "
      "the count among 100 scatters, were the parameters known. <em>Parameters</em> that the fit varies: "
      "what "
      "is not known of these; <em>not told from chance</em> where draws of them differ no more than the "
      "number "
      "of lives explains, which is no certainty. The difference is between twins, the same life with the "
      "same "
      "luck under both; its range holds both parts, and is coloured where it leaves nought out. <em>First "
      "alone</em>: those of 100 who have it under the first and not under the other. Where nobody has it, "
      "<em>fewer than</em> is the limit that the number simulated sets, copies of one life as one (95 "
      "%).</p><p><strong>";
  out += k_fixed;
  out += "</strong></p>";
  for (const std::size_t h : {k_shown_horizon, std::size_t{0}, std::size_t{1}, std::size_t{3}}) {
    const bool open = h == k_shown_horizon;
    out +=
        fmt::format("<details class=\"more\"{}><summary>After {}</summary>{}</details>", open ? " open" : "",
                    years(trial::k_horizons_year[h]), table_of(report, report.outcomes, h));
  }
  out += fmt::format("<p class=\"quiet\"><span class=\"far\">*</span> {}.</p>", k_star_means);
  out += "<p>Harms that are <strong>not simulated</strong>, so that nothing here speaks of them: ";
  for (const std::string& harm : trial::harms_not_simulated())
    out += (&harm == &trial::harms_not_simulated().front() ? "" : "; ") + escape_html(harm);
  out += ".</p>";
  const auto single_kinds = [&](const char* grade, const std::vector<OutcomeRow>& rows) {
    if (rows.empty()) return;
    out += fmt::format(
        "<details class=\"more\"><summary>Single kinds of harm, {}, after {}</summary>{}</details>", grade,
        years(trial::k_horizons_year[k_shown_horizon]), table_of(report, rows, k_shown_horizon));
  };
  single_kinds("grade 2 or more", report.harms);
  single_kinds("mild (grade 1)", report.mild_harms);
  return out +
         "<p><a href=\"options.csv\">options.csv</a> · <a href=\"differences.csv\">differences.csv</a> · <a "
         "href=\"compare.json\">compare.json</a></p>";
}

// A mean to the decimals of its measure; of a difference the sign is always there.
std::string measured(double x, int decimals, bool signed_always = false) {
  const std::string size = fmt::format("{:.{}f}", std::fabs(x), decimals);
  const bool nought = size.find_first_not_of("0.") == std::string::npos;
  return (nought ? "" : x < 0.0 ? "\u2212" : signed_always ? "+" : "") + size;
}

std::string measure_cell(const evidence::Amount& a, int decimals, bool far, bool over_draws) {
  if (!std::isfinite(a.mean)) return "<td class=\"n\">\u2013</td>";
  const auto span = [&](const char* words, const evidence::Range& r) {
    return fmt::format("<span class=\"range\">{} {} to {}</span>", words, measured(r.low, decimals),
                       measured(r.high, decimals));
  };
  return fmt::format("<td class=\"n\">{}{}{}{}</td>", measured(a.mean, decimals),
                     far ? "<span class=\"far\" title=\"longer than any study of it\">*</span>" : "",
                     span("luck and people", a.chance),
                     !over_draws    ? ""
                     : a.parameters ? span("parameters", *a.parameters)
                                    : fmt::format("<span class=\"range\">parameters "
                                                  "{}</span>",
                                                  k_not_told));
}

std::string measure_difference_cell(const MeasureOptions& m, const evidence::Amount& a) {
  if (!std::isfinite(a.mean)) return "<td class=\"n\">\u2013</td>";
  const int decimals = m.spec.decimals;
  return fmt::format("<td class=\"n\"><span class=\"{}\">{}</span><span class=\"range\">{} to {}</span></td>",
                     m.spec.assumed ? "" : style_of(favours(m.spec.sense, a.mean, a.both)),
                     measured(a.mean, decimals, true), measured(a.both.low, decimals, true),
                     measured(a.both.high, decimals, true));
}

std::string measure_table(const OptionsReport& report, std::size_t h) {
  std::string out = head_of(report, "Symptoms and quality of life", "Mean of people");
  for (const MeasureOptions& m : report.measures) {
    out += fmt::format("<tr><th scope=\"row\">{}</th>", capitalised(escape_html(m.spec.label)));
    for (std::size_t o = 0; o < report.options.size(); ++o)
      out += measure_cell(m.amount[o][h], m.spec.decimals, beyond(report.options[o], h), report.draws > 0);
    for (const auto& of_option : m.difference) out += measure_difference_cell(m, of_option[h]);
    out += "</tr>";
  }
  return out + "</tbody></table></div>";
}

std::string measures(const OptionsReport& report) {
  std::string out =
      "<h2 id=\"symptoms\">Symptoms and quality of life</h2><p>Utility is 1 in full health and 0 in "
      "death: its mean over the years until then, nought after death; more is better. It comes "
      "<strong>from EDSS and relapses alone</strong>, so harms of a therapy (chronic graft-versus-host "
      "disease, infertility, a malignancy) do not lower it unless they kill or raise the EDSS. Symptoms "
      "are from 0 (none) to 10 at the examination of that time; less is better; of those alive, and a "
      "pair of twins counts where both are. The maps from the state of the nervous system to symptoms "
      "are assumed (grade D), so no difference of theirs is coloured. On such a scale of pain, a fall of "
      "about "
      "two points is one that people call much better (Farrar 2001, doi:10.1016/S0304-3959(01)00349-9): "
      "differences of a few tenths are not noticeable. <em>Luck and people</em>: how the mean of a hundred "
      "such people scatters, "
      "were the parameters known. <em>Parameters</em> that the fit varies: what is not known of these. "
      "The difference is between twins; its range holds both parts, and that of utility is coloured where it "
      "leaves nought out.</p>";
  for (const std::size_t h : {k_shown_horizon, std::size_t{0}, std::size_t{1}, std::size_t{3}})
    out += fmt::format("<details class=\"more\"{}><summary>After {}</summary>{}</details>",
                       h == k_shown_horizon ? " open" : "", years(trial::k_horizons_year[h]),
                       measure_table(report, h));
  return out + "<p><a href=\"symptoms.csv\">symptoms.csv</a></p>";
}

// Money and counts of 100 or more without decimals.
std::string amount(double x) {
  if (std::fabs(x) < 0.005) return "0";
  return std::fabs(x) < 100.0 ? show_number(x) : show_count(std::round(x));
}

std::string amount_cell(const evidence::Amount& a, bool over_draws, bool of_people) {
  if (!std::isfinite(a.mean)) return "<td class=\"n\">\u2013</td>";
  std::string out = "<td class=\"n\">" + amount(a.mean);
  const auto span = [&](const char* words, double low, double high) {
    out += fmt::format("<span class=\"range\">{} {} to {}</span>", words, amount(low), amount(high));
  };
  if (of_people) {
    if (a.q90 > a.q10) span("8 of 10 people:", a.q10, a.q90);
    if (over_draws && a.parameters) span("parameters", a.parameters->low, a.parameters->high);
    if (over_draws && !a.parameters)
      out += fmt::format("<span class=\"range\">parameters {}</span>", k_not_told);
  } else {
    span("", a.both.low, a.both.high);
  }
  return out + "</td>";
}

std::string resource_table(const OptionsReport& report, std::size_t h) {
  std::string out = head_of(report, "What it takes", "A person, mean");
  for (const ResourceOptions& r : report.resources) {
    out += fmt::format("<tr><th scope=\"row\">{}{}</th>", capitalised(escape_html(r.row.label)),
                       r.row.unit == economics::k_currency ? ", EUR" : "");
    for (const auto& of_option : r.amount) out += amount_cell(of_option[h], report.draws > 0, true);
    for (const auto& of_option : r.difference) out += amount_cell(of_option[h], report.draws > 0, false);
    out += "</tr>";
  }
  return out + "</tbody></table></div>";
}

std::string resources(const OptionsReport& report) {
  std::string out = fmt::format(
      "<h2 id=\"takes\">What it takes</h2><p>What a person uses up on average, in euros of {} by public unit "
      "costs: "
      "list prices without discounts, nothing discounted over time, no care for disability, no work lost. "
      "Who dies "
      "costs nothing more. No ratio of costs to effects is made of it. <em>8 of 10 people</em>: single "
      "people, "
      "without the tenth that takes least and the tenth that takes most. <em>Parameters</em> that the fit "
      "varies: what is not known of these, prices held. The range of a difference holds "
      "the mean of a hundred people and the parameters.</p>",
      economics::k_price_year);
  for (const std::size_t h : {k_shown_horizon, std::size_t{0}, std::size_t{1}, std::size_t{3}})
    out += fmt::format("<details class=\"more\"{}><summary>Within {}</summary>{}</details>",
                       h == k_shown_horizon ? " open" : "", years(trial::k_horizons_year[h]),
                       resource_table(report, h));
  out +=
      "<p class=\"quiet\">A mean may lie outside of what 8 of 10 people take: a few differ much from the "
      "rest, "
      "those who die or stop early among them.</p>";
  if (!report.not_priced.empty()) {
    std::string drugs;
    for (const std::string& drug : report.not_priced)
      drugs += (drugs.empty() ? "" : ", ") + escape_html(drug);
    out += "<p class=\"far\">Without a price, so not in the costs: " + drugs + ".</p>";
  }
  out += "<details class=\"more\"><summary>What each row counts</summary><dl>";
  for (const ResourceOptions& r : report.resources)
    out += fmt::format("<dt>{}</dt><dd>{}</dd>", capitalised(escape_html(r.row.label)),
                       escape_html(r.row.definition));
  return out + "</dl></details><p><a href=\"resources.csv\">resources.csv</a></p>";
}

std::string person(const OptionsReport& report) {
  std::string out = "<h2 id=\"person\">The person</h2><dl class=\"facts\">";
  for (const auto& [heading, text] : report.facts)
    out += fmt::format("<dt>{}</dt><dd>{}</dd>", escape_html(heading), escape_html(text));
  out += "</dl>";
  if (!report.not_used.empty()) {
    out += "<p>Not used:</p><ul>";
    for (const std::string& line : report.not_used) out += "<li>" + escape_html(line) + "</li>";
    out += "</ul>";
  }
  return out + fmt::format(
                   "<p>{} lives of this sex were begun, their first symptom moved to this age, and carried "
                   "through these drugs to today. Weighted by how likely this record would be in each, they "
                   "amount to <strong>{} distinct lives</strong> (below 100 there would be no answer){}. {} "
                   "were followed under each option.</p>",
                   show_count(report.lives), show_count(std::floor(report.effective_lives)),
                   report.draws > 0 ? fmt::format(", over {} draws of the parameters that amount to {:.0f}",
                                                  report.draws, report.effective_draws)
                                    : "",
                   show_count(report.followed));
}

std::string study_line(const evidence::StudyStanding& s) {
  std::string out = fmt::format("<li>{} <code>{}</code>: ", escape_html(s.title), escape_html(s.protocol));
  if (s.outside.empty()) {
    out += "would have let the person in";
  } else {
    out += "outside: ";
    for (std::size_t i = 0; i < s.outside.size(); ++i) out += (i > 0 ? "; " : "") + escape_html(s.outside[i]);
  }
  out += s.rows == 0 ? "; no published number scored"
                     : fmt::format("; {} of {} published numbers in the 90 % range", s.rows_inside, s.rows);
  if (s.set_aside > 0) out += fmt::format(" ({} of {} set aside)", s.set_aside_inside, s.set_aside);
  return out + "</li>";
}

std::string basis(const OptionsReport& report) {
  std::string out = "<h2 id=\"basis\">What each answer rests on</h2>";
  for (const OptionColumn& o : report.options) {
    out += fmt::format("<h3>{}</h3><ul>", escape_html(o.label));
    if (o.in_turn > 0)
      out +=
          "<li>Given one after another: each part stands on its own studies, and what one leaves for the "
          "next is the model's alone.</li>";
    if (o.parts.size() > 1 + o.in_turn)
      out +=
          "<li>No published study gave these together to such people: each part stands on its own studies, "
          "and how "
          "they act on one another is the model's alone.</li>";
    const std::string never = not_held(o);
    if (!never.empty()) out += fmt::format("<li>{}.</li>", escape_html(capitalised(never)));
    if (const std::string others = other_people_only(o); !others.empty())
      out += fmt::format("<li>{}.</li>", escape_html(capitalised(others)));
    for (std::size_t part = 0; part < o.standing.size(); ++part) {
      if (o.parts.size() > 1) out += "<li>" + escape_html(o.parts[part]) + ":<ul>";
      for (const evidence::StudyStanding& s : o.standing[part].studies) out += study_line(s);
      if (o.parts.size() > 1) out += "</ul></li>";
    }
    if (o.grades.empty()) {
      out += "<li>No parameter of a therapy: the course of the disease alone.</li></ul>";
      continue;
    }
    out += "<li>Parameters of its process: ";
    for (std::size_t i = 0; i < o.grades.size(); ++i)
      out += fmt::format("{}{} of grade <span class=\"grade\">{}</span>", i > 0 ? ", " : "",
                         o.grades[i].second, o.grades[i].first);
    out += "</li></ul>";
    if (!o.assumed.empty()) {
      out +=
          fmt::format("<details class=\"more\"><summary>The {} assumed ones</summary><p>", o.assumed.size());
      for (std::size_t i = 0; i < o.assumed.size(); ++i)
        out += fmt::format("{}<code>{}</code>", i > 0 ? ", " : "", escape_html(o.assumed[i]));
      out += "</p></details>";
    }
  }
  return out +
         "<p class=\"quiet\">A measured in people with MS, B in other people, C in animals or in vitro, D "
         "assumed, F fitted.</p>";
}

std::string change(const OptionsReport& report) {
  std::string out =
      "<h2 id=\"change\">What would change it</h2><p>Parameters whose draws go with the difference five "
      "years on (rank correlation, of those strongest), of what one of the two options or a drug of the past "
      "reads, and of the disease. Of the parameters that the fit varies, to know "
      "these better would move the answer most. Those that it does not vary, most of those of transplants "
      "and "
      "drugs among them, stand at their values: how far they would move it is not asked here.</p>";
  for (const InfluenceRow& row : report.influences) {
    out += fmt::format("<h3>{}: first minus {}</h3>", capitalised(escape_html(row.outcome)),
                       escape_html(row.option));
    if (row.parameters.empty()) {
      out += "<p class=\"quiet\">The draws differ no more than the number of lives explains.</p>";
      continue;
    }
    if (std::none_of(row.parameters.begin(), row.parameters.end(),
                     [](const evidence::Influence& i) { return i.beyond_chance; })) {
      out += "<p class=\"quiet\">None stands out from chance among so few draws.</p>";
      continue;
    }
    out += "<ul>";
    for (const evidence::Influence& i : row.parameters)
      out += fmt::format("<li><code>{}</code> {}{:.2f}{}</li>", escape_html(i.name),
                         i.correlation < 0 ? "\u2212" : "+", std::fabs(i.correlation),
                         i.beyond_chance ? " <strong>beyond chance</strong>" : "");
    out += "</ul>";
  }
  if (report.influences.empty())
    out += "<p>No draws of the parameters were used, so nothing can be said.</p>";
  return out;
}

std::string made(const OptionsReport& report) {
  return fmt::format(
      "<h2 id=\"made\">How it was made</h2><ul>"
      "<li>The record is held against lives with an error of its own: relapses that go unrecorded, raters "
      "who "
      "differ, lesions that a report misses (<code>data/parameters/person</code>). Relapses count by year, "
      "not "
      "by day; a scan may fall on any week of sixteen.</li>"
      "<li>Relapses of the past were treated with steroids as often as this person's.</li>"
      "<li>A drug taken today is taken as running for long; of one that was stopped, what it did to the "
      "immune "
      "system stays, but nothing in the blood.</li>"
      "<li>Each option is held to for ten years unless it ends itself or is a switch: nobody switches "
      "when it fails, and nobody becomes pregnant.</li>"
      "<li>Study conduct is off: no expectation, no misread fever.</li></ul>"
      "<pre>{}</pre><p>{}; seed {}. The same command gives the same bytes with any number of threads.</p>",
      escape_html(report.command), escape_html(core::version_line(report.isa)), report.seed);
}

std::string definitions(const OptionsReport& report) {
  std::string out = "<h2 id=\"definitions\">Definitions</h2><dl>";
  for (const OutcomeRow& row : report.outcomes)
    out += fmt::format("<dt>{}</dt><dd>{}</dd>", capitalised(escape_html(row.spec.label)),
                       escape_html(row.spec.definition));
  for (const MeasureOptions& m : report.measures)
    out += fmt::format("<dt>{}</dt><dd>{}</dd>", capitalised(escape_html(m.spec.label)),
                       escape_html(m.spec.definition));
  return out + "</dl>";
}

core::Value as_value(const evidence::Range& r) {
  core::Value::Array pair;
  pair.emplace_back(r.low);
  pair.emplace_back(r.high);
  return core::Value(std::move(pair));
}

core::Value as_value(const std::optional<evidence::Range>& r) { return r ? as_value(*r) : core::Value(); }

core::Value as_value(const std::optional<double>& x) { return x ? core::Value(*x) : core::Value(); }

core::Value as_value(const evidence::Amount& a) {
  core::Value v;
  if (!std::isfinite(a.mean)) return v.set("mean", core::Value());
  v.set("mean", a.mean).set("q10", a.q10).set("q90", a.q90).set("chance_95", as_value(a.chance));
  return v.set("parameters_95", as_value(a.parameters))
      .set("both_95", as_value(a.both))
      .set("simulation_se", a.simulation_se);
}

// Means and differences of a row, horizon by horizon.
template <class Row>
core::Value::Array amounts_at(const OptionsReport& report, const Row& r) {
  core::Value::Array at;
  for (std::size_t h = 0; h < trial::k_horizons; ++h) {
    core::Value::Array options, differences;
    for (std::size_t o = 0; o < report.options.size(); ++o)
      options.push_back(as_value(r.amount[o][h]).set("option", report.options[o].id));
    for (std::size_t o = 1; o < report.options.size(); ++o)
      differences.push_back(as_value(r.difference[o - 1][h])
                                .set("first", report.options[0].id)
                                .set("second", report.options[o].id));
    core::Value horizon;
    horizon.set("years", trial::k_horizons_year[h]).set("options", std::move(options));
    at.push_back(horizon.set("differences", std::move(differences)));
  }
  return at;
}

core::Value as_value(const OptionsReport& report, const ResourceOptions& r) {
  core::Value v;
  v.set("id", r.row.id).set("label", r.row.label).set("unit", r.row.unit).set("definition", r.row.definition);
  return v.set("at", amounts_at(report, r));
}

std::string_view name_of(trial::Sense sense) { return sense == trial::Sense::benefit ? "benefit" : "harm"; }

core::Value as_value(const OptionsReport& report, const MeasureOptions& m) {
  core::Value v;
  v.set("id", m.spec.id).set("label", m.spec.label).set("sense", name_of(m.spec.sense));
  v.set("unit", m.spec.unit).set("definition", m.spec.definition);
  return v.set("at", amounts_at(report, m));
}

void set_null(core::Value& v, std::initializer_list<const char*> keys) {
  for (const char* key : keys) v.set(key, core::Value());
}

core::Value as_value(const OptionsReport& report, const OutcomeRow& row) {
  core::Value::Array at;
  for (std::size_t h = 0; h < trial::k_horizons; ++h) {
    core::Value horizon;
    horizon.set("years", trial::k_horizons_year[h]);
    core::Value::Array options;
    for (std::size_t o = 0; o < report.options.size(); ++o) {
      core::Value v;
      v.set("option", report.options[o].id);
      if (row.spec.simulated) {
        const evidence::Frequency& f = row.frequency[o][h];
        v.set("per_100", f.per_100).set("chance_95", as_value(f.chance));
        v.set("parameters_95", as_value(f.parameters)).set("both_95", as_value(f.both));
        v.set("simulation_se", f.simulation_se).set("simulation_limit", as_value(f.simulation_limit));
      } else {
        set_null(v,
                 {"per_100", "chance_95", "parameters_95", "both_95", "simulation_se", "simulation_limit"});
      }
      options.push_back(v.set("beyond_any_study", beyond(report.options[o], h)));
    }
    horizon.set("options", std::move(options));
    core::Value::Array differences;
    for (std::size_t o = 1; o < report.options.size(); ++o) {
      core::Value v;
      v.set("first", report.options[0].id).set("second", report.options[o].id);
      if (row.spec.simulated) {
        const evidence::Difference& d = row.difference[o - 1][h];
        v.set("per_100", d.per_100).set("only_first", d.only_first).set("only_second", d.only_second);
        v.set("chance_95", as_value(d.chance)).set("parameters_95", as_value(d.parameters));
        v.set("both_95", as_value(d.both)).set("simulation_se", d.simulation_se);
        v.set("simulation_limit", as_value(d.simulation_limit));
      } else {
        set_null(v, {"per_100", "only_first", "only_second", "chance_95", "parameters_95", "both_95",
                     "simulation_se", "simulation_limit"});
      }
      differences.push_back(std::move(v));
    }
    at.push_back(horizon.set("differences", std::move(differences)));
  }
  core::Value v;
  v.set("id", row.spec.id).set("label", row.spec.label);
  v.set("sense", name_of(row.spec.sense));
  v.set("definition", row.spec.definition).set("simulated", row.spec.simulated);
  return v.set("at", std::move(at));
}

std::vector<const OutcomeRow*> all_rows(const OptionsReport& report) {
  std::vector<const OutcomeRow*> rows;
  for (const OutcomeRow& r : report.outcomes) rows.push_back(&r);
  for (const OutcomeRow& r : report.harms) rows.push_back(&r);
  for (const OutcomeRow& r : report.mild_harms) rows.push_back(&r);
  return rows;
}

// "28 fewer", "3 more": of another option, held against the first.
std::string more_or_fewer(double other_minus_first) {
  if (std::fabs(other_minus_first) < 0.05) return "none";
  return people(std::fabs(other_minus_first)) + (other_minus_first < 0.0 ? " fewer" : " more");
}

std::string against_first(const OutcomeRow& row, const evidence::Difference& d) {
  if (d.simulation_limit) return "no difference from A";
  if (favours(row, d) == Favours::nobody)
    return fmt::format("no clear difference from A ({} to {})", more_or_fewer(-d.both.high),
                       more_or_fewer(-d.both.low));
  const double low = std::min(std::fabs(d.both.low), std::fabs(d.both.high));
  const double high = std::max(std::fabs(d.both.low), std::fabs(d.both.high));
  return fmt::format("{} than A ({} to {})", more_or_fewer(-d.per_100), people(low), people(high));
}

constexpr std::string_view k_answer_head = "Of 100 people with a past like this, five years from now:";

// One line for each option: those without worsening, how they differ from the first, deaths where it kills.
std::vector<std::string> answer_lines(const OptionsReport& report) {
  std::vector<std::string> lines;
  const OutcomeRow* row = outcome(report, "worsening_free");
  const OutcomeRow* deaths = outcome(report, "treatment_death");
  for (std::size_t o = 0; row != nullptr && o < report.options.size(); ++o) {
    std::string line =
        fmt::format("{}: {}{} {}", letter(o), people(row->frequency[o][k_shown_horizon].per_100),
                    star(report.options[o]), row->spec.label);
    if (o > 0) line += "; " + against_first(*row, row->difference[o - 1][k_shown_horizon]);
    const double dead = deaths == nullptr ? 0.0 : deaths->frequency[o][k_shown_horizon].per_100;
    if (dead > 0.0)
      line += fmt::format("; the treatment itself kills {}{}", people(dead), star(report.options[o]));
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string answer_in_html(const OptionsReport& report) {
  std::string out = fmt::format("<p class=\"answer\">{}</p><ul class=\"options\">", k_answer_head);
  for (const std::string& line : answer_lines(report)) out += "<li>" + escape_html(line) + "</li>";
  out += "</ul><p class=\"quiet\">";
  for (std::size_t o = 0; o < report.options.size(); ++o)
    out += fmt::format("{}{}: {}", o > 0 ? "<br>" : "", letter(o), escape_html(report.options[o].label));
  if (any_star(report)) out += fmt::format("<br><span class=\"far\">*</span> {}", k_star_means);
  return out + "</p>";
}

// Cells of a table for a terminal: a label, then a column for each option and each difference.
using TextRow = std::vector<std::string>;

std::string in_columns(const std::vector<TextRow>& rows) {
  std::vector<std::size_t> width;
  for (const TextRow& row : rows) {
    width.resize(std::max(width.size(), row.size()), 0);
    for (std::size_t i = 0; i < row.size(); ++i) width[i] = std::max(width[i], row[i].size());
  }
  std::string out;
  for (const TextRow& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i)
      out += i == 0 ? fmt::format("{:<{}}", row[i], width[i]) : fmt::format("  {:>{}}", row[i], width[i]);
    out += "\n";
  }
  return out;
}

std::string plain(std::string text) {
  for (std::size_t at = 0; (at = text.find("\u2212", at)) != std::string::npos;) text.replace(at, 3, "-");
  return text;
}

TextRow text_row(const OptionsReport& report, const OutcomeRow& row) {
  TextRow cells = {row.spec.label};
  for (std::size_t o = 0; o < report.options.size(); ++o) {
    const evidence::Frequency& f = row.frequency[o][k_shown_horizon];
    const std::string number = people(f.per_100) + star(report.options[o]);
    if (!row.spec.simulated) {
      cells.emplace_back("not simulated");
    } else if (f.simulation_limit) {
      cells.push_back(fmt::format("{} ({} among {}: fewer than {}{})", number,
                                  f.per_100 > 0.0 ? "all" : "none", report.followed,
                                  limit(*f.simulation_limit), f.per_100 > 0.0 ? " lack it" : ""));
    } else {
      cells.push_back(fmt::format("{} ({}; {})", number, span_of(f.chance),
                                  f.parameters ? parameter_span(f.parameters) : "-"));
    }
  }
  for (const auto& of_option : row.difference) {
    const evidence::Difference& d = of_option[k_shown_horizon];
    cells.push_back(!row.spec.simulated ? "-"
                    : d.simulation_limit
                        ? fmt::format("0 (fewer than {} differ)", limit(*d.simulation_limit))
                        : plain(fmt::format("{} ({})", with_sign(d.per_100), signed_span(d.both))));
  }
  return cells;
}

TextRow text_row(const OptionsReport& report, const MeasureOptions& m) {
  TextRow cells = {m.spec.label};
  const auto span = [&](const evidence::Range& r) {
    return measured(r.low, m.spec.decimals) + " to " + measured(r.high, m.spec.decimals);
  };
  for (std::size_t o = 0; o < report.options.size(); ++o) {
    const evidence::Amount& a = m.amount[o][k_shown_horizon];
    cells.push_back(
        plain(fmt::format("{}{} ({}; {})", measured(a.mean, m.spec.decimals), star(report.options[o]),
                          span(a.chance), a.parameters ? span(*a.parameters) : "-")));
  }
  for (const auto& of_option : m.difference) {
    const evidence::Amount& a = of_option[k_shown_horizon];
    cells.push_back(plain(fmt::format("{} ({} to {})", measured(a.mean, m.spec.decimals, true),
                                      measured(a.both.low, m.spec.decimals, true),
                                      measured(a.both.high, m.spec.decimals, true))));
  }
  return cells;
}

// Means alone: between which amounts single people lie is no range of the mean.
TextRow text_row(const ResourceOptions& r) {
  const bool money = r.row.unit == economics::k_currency;
  const int decimals = money ? 0 : 1;
  TextRow cells = {r.row.label + ", mean" + (money ? ", EUR" : "")};
  for (const auto& of_option : r.amount)
    cells.push_back(fmt::format("{:.{}f}", of_option[k_shown_horizon].mean, decimals));
  for (const auto& of_option : r.difference) {
    const evidence::Amount& a = of_option[k_shown_horizon];
    cells.push_back(
        fmt::format("{0:.{3}f} ({1:.{3}f} to {2:.{3}f})", a.mean, a.both.low, a.both.high, decimals));
  }
  return cells;
}

}  // namespace

std::string options_answer(const OptionsReport& report) {
  std::string out(k_answer_head);
  for (const std::string& line : answer_lines(report)) out += "\n" + line;
  out += "\n";
  for (std::size_t o = 0; o < report.options.size(); ++o)
    out += fmt::format("{}{} is {}", o > 0 ? "; " : "", letter(o), report.options[o].label);
  out += ".";
  if (any_star(report)) out += fmt::format("\n* {}.", k_star_means);
  return out;
}

std::string options_text(const OptionsReport& report) {
  std::string out(k_answer_head);
  for (const std::string& line : answer_lines(report)) out += "\n" + line;
  out += "\n\n";
  for (std::size_t o = 0; o < report.options.size(); ++o) {
    out += fmt::format("  {}: {}\n", letter(o), report.options[o].label);
    for (const std::string& doubt : {not_held(report.options[o]), other_people_only(report.options[o])}) {
      if (!doubt.empty()) out += fmt::format("     {}\n", doubt);
    }
  }
  if (any_star(report)) out += fmt::format("  *: {}\n", k_star_means);
  out += fmt::format(
      "\n{} effective lives; out of 100 after {} years, with 95 % ranges by luck and people, and by "
      "parameters "
      "that the fit varies (-: {}); of differences by both together\n",
      static_cast<int>(report.effective_lives), trial::k_horizons_year[k_shown_horizon], k_not_told);
  TextRow head = {""};
  for (std::size_t o = 0; o < report.options.size(); ++o) head.push_back(letter(o));
  for (std::size_t o = 1; o < report.options.size(); ++o) head.push_back("A minus " + letter(o));
  std::vector<TextRow> rows = {head};
  for (const OutcomeRow& row : report.outcomes) rows.push_back(text_row(report, row));
  for (const MeasureOptions& m : report.measures) {
    if (m.spec.id == "eq5d") rows.push_back(text_row(report, m));
  }
  for (const ResourceOptions& r : report.resources) {
    if (r.row.id == "cost" || r.row.id == "hospital_days" || r.row.id == "visits")
      rows.push_back(text_row(r));
  }
  return out + in_columns(rows) + "Research software: it advises no patient.\n";
}

namespace {

constexpr double k_no_number = std::numeric_limits<double>::quiet_NaN();  // an empty cell

void range_cells(core::CsvWriter& csv, const std::optional<evidence::Range>& r, int digits = 6) {
  csv.cell(r ? r->low : k_no_number, digits).cell(r ? r->high : k_no_number, digits);
}

}  // namespace

std::string options_csv(const OptionsReport& report) {
  core::CsvWriter csv({"outcome", "label", "sense", "years", "option", "per_100", "chance_low", "chance_high",
                       "parameters_low", "parameters_high", "both_low", "both_high", "simulation_se",
                       "simulation_limit", "beyond_any_study"});
  for (const OutcomeRow* row : all_rows(report)) {
    for (std::size_t h = 0; h < trial::k_horizons; ++h) {
      for (std::size_t o = 0; o < report.options.size(); ++o) {
        const evidence::Frequency& f = row->frequency[o][h];
        csv.cell(row->spec.id).cell(row->spec.label);
        csv.cell(row->spec.sense == trial::Sense::benefit ? "benefit" : "harm");
        csv.cell(trial::k_horizons_year[h]).cell(report.options[o].id);
        if (row->spec.simulated) {
          csv.cell(f.per_100, 6);
          range_cells(csv, f.chance);
          range_cells(csv, f.parameters);
          range_cells(csv, f.both);
          csv.cell(f.simulation_se, 4).cell(f.simulation_limit.value_or(k_no_number), 4);
        } else {
          for (int empty = 0; empty < 9; ++empty) csv.empty();
        }
        csv.cell(beyond(report.options[o], h) ? 1 : 0).end_row();
      }
    }
  }
  return csv.text();
}

std::string differences_csv(const OptionsReport& report) {
  core::CsvWriter csv({"outcome", "label", "sense", "years", "first", "second", "per_100", "only_first",
                       "only_second", "chance_low", "chance_high", "parameters_low", "parameters_high",
                       "both_low", "both_high", "simulation_se", "simulation_limit"});
  for (const OutcomeRow* row : all_rows(report)) {
    for (std::size_t h = 0; h < trial::k_horizons; ++h) {
      for (std::size_t o = 1; o < report.options.size(); ++o) {
        const evidence::Difference& d = row->difference[o - 1][h];
        csv.cell(row->spec.id).cell(row->spec.label);
        csv.cell(row->spec.sense == trial::Sense::benefit ? "benefit" : "harm");
        csv.cell(trial::k_horizons_year[h]).cell(report.options[0].id).cell(report.options[o].id);
        if (row->spec.simulated) {
          csv.cell(d.per_100, 6).cell(d.only_first, 6).cell(d.only_second, 6);
          range_cells(csv, d.chance);
          range_cells(csv, d.parameters);
          range_cells(csv, d.both);
          csv.cell(d.simulation_se, 4).cell(d.simulation_limit.value_or(k_no_number), 4);
        } else {
          for (int empty = 0; empty < 11; ++empty) csv.empty();
        }
        csv.end_row();
      }
    }
  }
  return csv.text();
}

namespace {

const economics::Row& names_of(const ResourceOptions& r) { return r.row; }
const trial::MeasureSpec& names_of(const MeasureOptions& m) { return m.spec; }

// One line a row, horizon and option or difference.
template <class Row>
std::string amounts_csv(const OptionsReport& report, const std::vector<Row>& rows) {
  core::CsvWriter csv({"measure", "label", "unit", "years", "option", "minus", "mean", "q10", "q90",
                       "chance_low", "chance_high", "parameters_low", "parameters_high", "both_low",
                       "both_high", "simulation_se"});
  const auto line = [&](const Row& r, std::size_t h, const std::string& option, const std::string& minus,
                        const evidence::Amount& a) {
    csv.cell(names_of(r).id)
        .cell(names_of(r).label)
        .cell(names_of(r).unit)
        .cell(trial::k_horizons_year[h])
        .cell(option)
        .cell(minus);
    if (!std::isfinite(a.mean)) {
      for (int empty = 0; empty < 10; ++empty) csv.cell("");
      csv.end_row();
      return;
    }
    for (const double x : {a.mean, a.q10, a.q90, a.chance.low, a.chance.high}) csv.cell(x, k_digits);
    range_cells(csv, a.parameters, k_digits);
    range_cells(csv, a.both, k_digits);
    csv.cell(a.simulation_se, 4).end_row();
  };
  for (const Row& r : rows) {
    for (std::size_t h = 0; h < trial::k_horizons; ++h) {
      for (std::size_t o = 0; o < report.options.size(); ++o)
        line(r, h, report.options[o].id, "", r.amount[o][h]);
      for (std::size_t o = 1; o < report.options.size(); ++o)
        line(r, h, report.options[0].id, report.options[o].id, r.difference[o - 1][h]);
    }
  }
  return csv.text();
}

}  // namespace

std::string symptoms_csv(const OptionsReport& report) { return amounts_csv(report, report.measures); }

std::string resources_csv(const OptionsReport& report) { return amounts_csv(report, report.resources); }

double OptionColumn::longest_follow_up_year() const {
  double shortest = standing.empty() ? 0.0 : standing.front().longest_follow_up_year();
  for (const evidence::Standing& s : standing) shortest = std::min(shortest, s.longest_follow_up_year());
  return shortest;
}

std::string options_json(const OptionsReport& report) {
  core::Value v;
  v.set("format", "hortega-comparison").set("version", 1).set("simulated_data", true);
  v.set("advice", "Research software: it advises no patient.");
  v.set("person", report.person_id).set("answer", options_answer(report));
  v.set("lives_begun", report.lives).set("effective_lives", report.effective_lives);
  v.set("draws", report.draws).set("effective_draws", report.effective_draws);
  v.set("followed_per_option", report.followed).set("seed", std::to_string(report.seed));
  core::Value::Array not_used;
  for (const std::string& line : report.not_used) not_used.emplace_back(line);
  v.set("not_used", std::move(not_used));
  core::Value::Array warnings;
  for (const Warning& w : warnings_of(report))
    warnings.emplace_back(w.label.empty() ? w.text : w.label + ": " + w.text);
  v.set("warnings", std::move(warnings));
  core::Value::Array not_simulated;
  for (const std::string& harm : trial::harms_not_simulated()) not_simulated.emplace_back(harm);
  v.set("harms_not_simulated", std::move(not_simulated));
  core::Value::Array options;
  for (const OptionColumn& o : report.options) {
    core::Value one;
    one.set("id", o.id).set("label", o.label);
    core::Value::Array studies;
    core::Value::Array parts;
    for (const evidence::Standing& standing : o.standing) {
      parts.emplace_back(standing.regimen);
      for (const evidence::StudyStanding& s : standing.studies) {
        core::Value study;
        study.set("regimen", standing.regimen).set("protocol", s.protocol).set("inside", s.outside.empty());
        core::Value::Array reasons;
        for (const std::string& r : s.outside) reasons.emplace_back(r);
        study.set("outside_because", std::move(reasons)).set("follow_up_years", s.follow_up_year);
        study.set("rows_scored", s.rows).set("rows_inside_90", s.rows_inside);
        studies.push_back(
            study.set("set_aside_scored", s.set_aside).set("set_aside_inside_90", s.set_aside_inside));
      }
    }
    if (o.standing.size() > 1) one.set("parts", std::move(parts));
    one.set("validated", validated(o));
    if (const std::string never = not_held(o); !never.empty()) one.set("not_validated", never);
    if (const std::string others = other_people_only(o); !others.empty())
      one.set("other_people_only", others);
    core::Value grades;
    for (const auto& [grade, n] : o.grades) grades.set(std::string(1, grade), n);
    one.set("studies", std::move(studies));
    if (!o.grades.empty()) one.set("parameter_grades", std::move(grades));
    options.push_back(std::move(one));
  }
  v.set("options", std::move(options));
  core::Value::Array outcomes;
  for (const OutcomeRow* row : all_rows(report)) outcomes.push_back(as_value(report, *row));
  v.set("outcomes", std::move(outcomes));
  core::Value::Array symptoms;
  for (const MeasureOptions& m : report.measures) symptoms.push_back(as_value(report, m));
  v.set("symptoms", std::move(symptoms));
  core::Value::Array resources;
  for (const ResourceOptions& r : report.resources) resources.push_back(as_value(report, r));
  v.set("currency", fmt::format("{} of {}", economics::k_currency, economics::k_price_year));
  v.set("resources", std::move(resources));
  core::Value::Array not_priced;
  for (const std::string& drug : report.not_priced) not_priced.emplace_back(drug);
  v.set("not_priced", std::move(not_priced));
  core::Value::Array influences;
  for (const InfluenceRow& row : report.influences) {
    for (const evidence::Influence& i : row.parameters) {
      core::Value one;
      one.set("outcome", row.outcome).set("option", row.option).set("parameter", i.name);
      influences.push_back(one.set("rank_correlation", i.correlation).set("beyond_chance", i.beyond_chance));
    }
  }
  return core::to_json(v.set("influences", std::move(influences)));
}

std::string options_html(const OptionsReport& report) {
  PageParts parts;
  parts.title = report.person_label.empty() ? report.person_id : report.person_label;
  parts.kind = "Options for one person, twin by twin";
  parts.headline = fmt::format(
      "<div class=\"headline\">{}</div><p class=\"advice\">Research and education. "
      "It tells of "
      "simulated people who resemble a record; it advises no patient and doses nothing.</p>{}",
      answer_in_html(report), warnings(report));
  parts.contents = {
      {"picture", "Five years on"},       {"outcomes", "Benefits and harms"}, {"symptoms", "Symptoms"},
      {"takes", "What it takes"},         {"person", "The person"},           {"basis", "What it rests on"},
      {"change", "What would change it"}, {"made", "How it was made"},        {"definitions", "Definitions"}};
  for (const std::string& section :
       {pictures(report), tables(report), measures(report), resources(report), person(report), basis(report),
        change(report), made(report), definitions(report)})
    parts.body += "<section>" + section + "</section>\n";
  parts.more_style = k_style;
  return html_page(parts);
}

}  // namespace hortega::output
