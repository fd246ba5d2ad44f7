// SPDX-License-Identifier: Apache-2.0
// The page of a sensitivity analysis: static HTML and SVG.
#include "hortega/output/sensitivity_page.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "hortega/output/page.hpp"
#include "hortega/output/words.hpp"

namespace hortega::output {
namespace {

using analysis::Flip;
using analysis::RankedBar;
using evidence::OutcomeSensitivity;

/// Bars that are shown, besides all that flip the conclusion.
constexpr std::size_t k_most_bars = 20;
constexpr std::size_t k_most_screened = 8;

std::string style() {
  return ".srow{display:grid;grid-template-columns:minmax(11rem,17rem) 1fr minmax(8rem,11rem);gap:.2rem "
         ".8rem;"
         "align-items:center;padding:.12rem 0;border-bottom:1px solid var(--line,#ddd);font-size:.92rem}"
         ".srow svg{width:100%;height:16px;overflow:visible}.srow .name{overflow-wrap:anywhere}"
         ".srow .said,.srow .range{font-size:.82rem}.srow "
         ".range{display:block;opacity:.8}.gA{fill:#1b7f5c}.gB{fill:#4a9d3f}.gC{fill:#b58900}.gD{fill:#"
         "c4532d}"
         ".gF{fill:#3b6fb6}.none{stroke:currentColor;stroke-width:1;stroke-dasharray:2 2;opacity:.6}"
         ".at{stroke:currentColor;stroke-width:1.4}.whisk{stroke:currentColor;stroke-width:1}"
         ".total{fill:#3b6fb6;opacity:.35}.first{fill:#3b6fb6}.key{font-size:.85rem}.key "
         "span{white-space:nowrap;margin-right:1em}"
         ".key svg{width:.9em;height:.9em;vertical-align:-.1em;margin-right:.25em}"
         "@media(max-width:40rem){.srow{grid-template-columns:1fr}}";
}

std::string grade_words(char grade) {
  switch (grade) {
    case 'A':
      return "measured in people with MS";
    case 'B':
      return "measured in other people";
    case 'C':
      return "measured in animals or in vitro";
    case 'F':
      return "fitted";
    default:
      return "assumed";
  }
}

std::string flip_words(Flip flip) {
  switch (flip) {
    case Flip::direction:
      return "turns the direction";
    case Flip::significance:
      return "decides whether a trial finds it";
    case Flip::both:
      return "turns the direction, and whether a trial finds it";
    case Flip::none:
      break;
  }
  return "";
}

double natural(const SensitivityPage& page, double effect) {
  return page.logarithmic ? std::exp(effect) : effect;
}

std::vector<const RankedBar*> flips(const SensitivityPage& page) {
  std::vector<const RankedBar*> out;
  for (const RankedBar& r : page.result.bars) {
    if (r.flip != Flip::none) out.push_back(&r);
  }
  return out;
}

/// Those above noise, widest first, and every one that flips.
std::vector<const RankedBar*> shown_bars(const SensitivityPage& page) {
  std::vector<const RankedBar*> out;
  std::size_t above = 0;
  for (const RankedBar& r : page.result.bars) {
    if (r.flip != Flip::none || (r.above_noise && above < k_most_bars)) out.push_back(&r);
    above += r.above_noise ? 1 : 0;
  }
  return out;
}

std::string bar_row(const SensitivityPage& page, const RankedBar& r, double low, double high) {
  const auto place = [&](double x) { return 100.0 * (x - low) / (high - low); };
  const std::string interval = show_interval(natural(page, r.effect.lower), natural(page, r.effect.upper));
  const std::string flip = flip_words(r.flip);
  const std::string says =
      fmt::format("{}, from {} to {}: effect {}{}{}", r.bar.name, show_number(r.bar.low.parameter),
                  show_number(r.bar.high.parameter), interval, flip.empty() ? "" : "; ", flip);
  std::string out = fmt::format(
      "<div class=\"srow\"><span class=\"name\"><code>{}</code><span class=\"range\">{} to {}, "
      "{}</span></span>"
      "<svg role=\"img\" aria-label=\"{}\"><title>{}</title>",
      escape_html(r.bar.name), show_number(r.bar.low.parameter), show_number(r.bar.high.parameter),
      grade_words(r.bar.grade), escape_html(says), escape_html(says));
  out += fmt::format("<rect class=\"g{}\" x=\"{:.2f}%\" width=\"{:.2f}%\" y=\"3\" height=\"10\"/>",
                     r.bar.grade, place(r.effect.lower), place(r.effect.upper) - place(r.effect.lower));
  const auto line = [&](const char* css, double x) {
    out += fmt::format("<line class=\"{}\" x1=\"{:.2f}%\" x2=\"{:.2f}%\" y1=\"0\" y2=\"16\"/>", css, place(x),
                       place(x));
  };
  if (low < 0.0 && high > 0.0) line("none", 0.0);
  line("at", page.result.at_value.effect);
  return out + fmt::format("</svg><span>{}{}</span></div>", interval,
                           flip.empty() ? "" : "<br><span class=\"said\">" + flip + "</span>");
}

std::string tornado_section(const SensitivityPage& page) {
  std::string out = "<h2 id=\"conclusion\">What moves the conclusion</h2>";
  const auto bars = shown_bars(page);
  out += fmt::format(
      "<p>{}: {} with every parameter at its value; {} of trials of the protocol’s size find it. Each bar "
      "shows "
      "that number while one parameter goes from one end of its range to the other and all others stay. "
      "The full line is the value, the broken one no difference. Bars narrower than chance are left out.</p>",
      escape_html(capitalised(page.conclusion)), show_number(natural(page, page.result.at_value.effect)),
      show_percent(100.0 * page.result.at_value.significant_share));
  if (bars.empty()) return out + "<p>No parameter moves it by more than chance does.</p>";
  double low = std::min(0.0, page.result.at_value.effect), high = std::max(0.0, page.result.at_value.effect);
  for (const RankedBar* r : bars) {
    low = std::min(low, r->effect.lower);
    high = std::max(high, r->effect.upper);
  }
  const double margin = std::max(1e-9, 0.03 * (high - low));
  low -= margin, high += margin;
  out += "<p class=\"key\">";
  for (const char grade : {'A', 'B', 'C', 'D', 'F'}) {
    out += fmt::format(
        "<span><svg aria-hidden=\"true\"><rect class=\"g{}\" width=\"100%\" height=\"100%\"/></svg>{} "
        "({})</span> ",
        grade, grade, grade_words(grade));
  }
  out += "</p>";
  for (const RankedBar* r : bars) out += bar_row(page, *r, low, high);
  return out + "<p class=\"quiet\">All parameters: <a href=\"tables/sensitivity-tornado.csv\">CSV</a>.</p>";
}

std::string grades_section(const SensitivityPage& page) {
  std::string out =
      "<h2 id=\"grades\">By grade of evidence</h2><p>How much of the conclusion rests on what was measured, "
      "fitted, or assumed. One parameter moves at a time.</p><div class=\"scroll\" tabindex=\"0\" "
      "role=\"region\" aria-label=\"By grade\"><table><thead><tr><th scope=\"col\">Grade</th><th "
      "scope=\"col\" "
      "class=\"n\">Parameters</th><th scope=\"col\" class=\"n\">Above noise</th><th scope=\"col\" "
      "class=\"n\">Effect over all their ranges</th><th scope=\"col\" class=\"n\">Flip the "
      "conclusion</th></tr></thead><tbody>";
  for (const analysis::GradeSummary& g : page.result.grades) {
    out += fmt::format(
        "<tr><th scope=\"row\">{} ({})</th><td class=\"n\">{}</td><td class=\"n\">{}</td><td "
        "class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
        g.grade, grade_words(g.grade), g.parameters, g.above_noise,
        show_interval(natural(page, g.effect.lower), natural(page, g.effect.upper)), g.flips);
  }
  return out + "</tbody></table></div>";
}

std::string share_row(const std::string& name, const analysis::SobolIndex& x) {
  const auto percent = [](double share) { return 100.0 * std::clamp(share, 0.0, 1.0); };
  const std::string says =
      fmt::format("{}: alone {} ({}), with others {} ({})", name, show_number(x.first),
                  show_interval(x.first_interval.lower, x.first_interval.upper), show_number(x.total),
                  show_interval(x.total_interval.lower, x.total_interval.upper));
  return fmt::format(
      "<div class=\"srow\"><span class=\"name\"><code>{}</code></span><svg role=\"img\" "
      "aria-label=\"{}\"><title>{}</title><rect class=\"total\" width=\"{:.2f}%\" y=\"3\" "
      "height=\"10\"/><rect "
      "class=\"first\" width=\"{:.2f}%\" y=\"3\" height=\"10\"/><line class=\"whisk\" x1=\"{:.2f}%\" "
      "x2=\"{:.2f}%\" y1=\"8\" y2=\"8\"/></svg><span>{} / {}<br><span class=\"said\">total "
      "{}</span></span></div>",
      escape_html(name), escape_html(says), escape_html(says), percent(x.total), percent(x.first),
      percent(x.total_interval.lower), percent(x.total_interval.upper), show_number(x.first),
      show_number(x.total), show_interval(x.total_interval.lower, x.total_interval.upper));
}

std::string outcome_part(const SensitivityPage& page, const OutcomeSensitivity& o) {
  const evidence::Sensitivity& s = page.result;
  std::string out = fmt::format("<h3>{}</h3>", escape_html(capitalised(o.name)));
  if (!o.refused.empty()) {
    out += fmt::format("<p>No shares of variance: {}. The strongest by screening:</p><p>",
                       escape_html(o.refused));
    std::size_t told = 0;
    for (const std::size_t j : analysis::by_strength(o.effects)) {
      if (told == k_most_screened || !o.effects[j].above_noise) break;
      out += fmt::format("{}<code>{}</code> ({})", told++ == 0 ? "" : ", ",
                         escape_html(s.variables[j].parameter.name()), s.variables[j].grade);
    }
    return out + (told == 0 ? "none is above noise.</p>" : "</p>");
  }
  out += fmt::format(
      "<p class=\"quiet\">Emulator: Q2 {} on held-out points (noise allows {}). Dark: the parameter alone. "
      "Light: "
      "together with others. Line: 95 % interval of the light bar.</p>",
      show_number(o.held_out.q2), show_number(o.held_out.ceiling));
  std::vector<std::size_t> order(s.strongest.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return o.sobol.of[a].total > o.sobol.of[b].total; });
  for (const std::size_t i : order) {
    const evidence::SensitivityVariable& v = s.variables[s.strongest[i]];
    out += share_row(fmt::format("{} ({})", v.parameter.name(), v.grade), o.sobol.of[i]);
  }
  return out;
}

std::string variance_section(const SensitivityPage& page) {
  std::string out = fmt::format(
      "<h2 id=\"variance\">Who makes the uncertainty</h2><p>The {} strongest of {} parameters, each drawn "
      "from "
      "its range. The share of an outcome’s variance that each makes alone / with others (Sobol).</p>",
      page.result.strongest.size(), page.result.variables.size());
  for (const OutcomeSensitivity& o : page.result.outcomes) out += outcome_part(page, o);
  return out +
         "<p class=\"quiet\">Tables: <a href=\"tables/sensitivity-sobol.csv\">shares</a>, <a "
         "href=\"tables/sensitivity-morris.csv\">screening of all parameters</a>.</p>";
}

}  // namespace

std::string sensitivity_answer(const SensitivityPage& page) {
  const auto turning = flips(page);
  const auto assumed =
      std::count_if(turning.begin(), turning.end(), [](const RankedBar* r) { return r->bar.grade == 'D'; });
  const auto above = std::count_if(page.result.bars.begin(), page.result.bars.end(),
                                   [](const RankedBar& r) { return r.above_noise; });
  if (turning.empty())
    return fmt::format("No single one of {} parameters turns the conclusion within its range; {} move it.",
                       page.result.bars.size(), above);
  return fmt::format("{} of {} parameters can turn the conclusion within {} range{}; {} move it.",
                     turning.size(), page.result.bars.size(), turning.size() == 1 ? "its" : "their",
                     assumed == 0 ? "" : fmt::format(", {} of them assumed and not measured", assumed),
                     above);
}

std::string sensitivity_html(const SensitivityPage& page) {
  PageParts parts;
  parts.title = page.trial;
  parts.kind = "Sensitivity";
  parts.more_style = style();
  parts.headline =
      "<section class=\"headline\" aria-label=\"Finding\"><p class=\"question\">Which assumptions does "
      "the conclusion hang on?</p><p class=\"answer\">" +
      escape_html(sensitivity_answer(page)) +
      "</p><p class=\"notice\">Simulated data; research, not medical advice.</p></section>";
  if (page.effort < 1.0) {
    parts.headline += fmt::format(
        "<div class=\"notices\" role=\"note\"><p>A quick look with {} of the usual simulations: what is "
        "found is a "
        "list of candidates, and what is not found may be there.</p></div>",
        show_percent(100.0 * page.effort));
  }
  const auto add = [&](const char* id, const char* name, const std::string& html) {
    parts.contents.emplace_back(id, name);
    parts.body += fmt::format("<section aria-labelledby=\"{}\">{}</section>\n", id, html);
  };
  add("conclusion", "What moves the conclusion", tornado_section(page));
  add("grades", "By grade of evidence", grades_section(page));
  add("variance", "Who makes the uncertainty", variance_section(page));
  add("repeat", "How to repeat it",
      fmt::format(
          "<h2 id=\"repeat\">How to repeat it</h2><pre>{}</pre><p>{} simulations, of which {} could not be "
          "had. Methods: docs/sensitivity.md.</p>",
          escape_html(page.command), page.result.evaluations, page.result.failed));
  return html_page(parts);
}

}  // namespace hortega::output
