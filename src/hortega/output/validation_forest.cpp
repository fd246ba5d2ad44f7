// SPDX-License-Identifier: Apache-2.0
// The forest: every scored number on the scale of its own predictive interval, by domain.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "hortega/evidence/row_simulator.hpp"
#include "hortega/output/validation_sections.hpp"
#include "hortega/output/words.hpp"

namespace hortega::output {
namespace {

using evidence::Group;
using evidence::Link;
using evidence::Score;
using evidence::Target;
using evidence::ValidationRow;

/// Half widths of the predictive interval that the axis shows on either side.
constexpr double k_reach = 3.0;

/// Where link values lie, in percent of the width: the predictive 90 % interval takes the middle third.
class Place {
 public:
  Place(const Score& s, Link link)
      : middle_(0.5 * (s.low_90 + s.high_90)), half_(std::max(1e-12, 0.5 * (s.high_90 - s.low_90))) {
    // A reduction grows as its link falls; larger numbers lie to the right.
    if (link == Link::log_rest) half_ = -half_;
  }
  /// Unclamped, in half widths from the middle.
  double position(double x) const { return (x - middle_) / half_; }
  double percent(double x) const {
    const double p = position(x);
    return 50.0 + 50.0 / k_reach * std::clamp(std::isnan(p) ? 0.0 : p, -k_reach, k_reach);
  }

 private:
  double middle_, half_;
};

std::string mark(Group group, double x, bool inside) {
  const char* css = inside ? "fin" : "fout";
  if (group == Group::fitted)
    return fmt::format(
        "<svg x=\"{:.2f}%\" y=\"8\" overflow=\"visible\"><path class=\"{} hollow\" d=\"M0 -4.2L4.2 0L0 "
        "4.2L-4.2 0Z\"/></svg>",
        x, css);
  return fmt::format("<circle class=\"{}{}\" cx=\"{:.2f}%\" cy=\"8\" r=\"{}\"/>", css,
                     group == Group::used ? " hollow" : "", x, group == Group::used ? "3.6" : "4.2");
}

/// A name for a narrow column: the study family stands for the study.
std::string short_words(const Target& t) {
  std::string text = t.family + ": " + t.text;
  if (!t.arms.empty()) text += " (" + t.arms + ")";
  return text;
}

std::string line(const ValidationReport& report, const ValidationRow& row) {
  const Target& t = report.input.targets[row.target];
  const Score& s = *row.main.shown();
  const Place place(s, t.link);
  const double position = place.position(t.y);
  const std::string words = row_words(t);
  const std::string published =
      fmt::format("{} {}", show_number(t.published), t.unit == "ratio" ? "" : t.unit);
  const std::string says = fmt::format("{}: published {}, predicted {} in 90 % of such studies, {}", words,
                                       published, limits_words(t.link, s.low_90, s.high_90),
                                       s.inside_90    ? "inside"
                                       : position > 0 ? "above"
                                                      : "below");
  std::string out = fmt::format(
      "<a class=\"frow\" href=\"#row-{}\" title=\"{}\"><span class=\"fname\">{}</span><svg role=\"img\" "
      "aria-label=\"{}\">",
      row.target, escape_html(says), escape_html(short_words(t)), escape_html(says));
  out += fmt::format("<line class=\"fmid\" x1=\"50%\" x2=\"50%\" y1=\"0\" y2=\"16\"/>");
  const auto band = [&](double low, double high, const char* css) {
    const double a = place.percent(low), b = place.percent(high);
    out += fmt::format("<rect class=\"{}\" x=\"{:.2f}%\" width=\"{:.2f}%\" y=\"4\" height=\"8\"/>", css,
                       std::min(a, b), std::abs(b - a));
  };
  band(s.low_90, s.high_90, "f90");
  band(s.low_50, s.high_50, "f50");
  if (std::isfinite(t.low) && std::isfinite(t.high))
    out +=
        fmt::format("<line class=\"{}\" x1=\"{:.2f}%\" x2=\"{:.2f}%\" y1=\"8\" y2=\"8\"/>",
                    s.inside_90 ? "fin" : "fout", place.percent(evidence::to_link(t.link, t.low, t.people)),
                    place.percent(evidence::to_link(t.link, t.high, t.people)));
  out += mark(row.group, place.percent(t.y), s.inside_90);
  // Beyond the axis: say which way.
  if (std::abs(position) > k_reach)
    out += fmt::format("<text class=\"fgone\" x=\"{}%\" y=\"12\" text-anchor=\"{}\">{}</text>",
                       position > 0 ? 100 : 0, position > 0 ? "end" : "start", position > 0 ? "»" : "«");
  return out + fmt::format("</svg><span class=\"fval\">{}</span></a>", escape_html(show_number(t.published)));
}

}  // namespace

std::string_view validation_style() {
  return R"css(
.forest{columns:2 430px;column-gap:34px;margin-top:.8em}
.fgroup{margin:0 0 1.1em}.fgroup h3{break-after:avoid;margin:.2em 0;font-size:.95rem}
.fgroup h3 span{font-weight:400;color:var(--quiet)}
.frow{display:grid;grid-template-columns:minmax(0,1fr) 140px 3.6em;gap:0 9px;align-items:center;height:19px;font-size:.76rem;color:inherit;text-decoration:none;break-inside:avoid}
.frow:hover{background:var(--soft)}
.frow .fname{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.frow .fval{text-align:right;color:var(--quiet);font-variant-numeric:tabular-nums;white-space:nowrap}
.frow svg,.key svg.fk{height:16px;overflow:visible}.frow>svg{width:140px}.key svg.fk{width:40px}
.f90{fill:var(--a1);opacity:.22}.f50{fill:var(--a1);opacity:.42}.fmid{stroke:var(--line)}
.fin{fill:var(--ink);stroke:var(--ink);stroke-width:1.4}.fout{fill:var(--bad);stroke:var(--bad);stroke-width:1.4}
line.fin,line.fout{opacity:.65}.hollow{fill:var(--paper)!important}.fgone{fill:var(--bad);font-size:13px;font-weight:700}
.figures-big{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:12px;margin:14px 0 4px}
.figures-big div{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:12px 16px}
.figures-big b{display:block;font-size:1.55rem;line-height:1.2;font-weight:650;font-variant-numeric:tabular-nums}
.figures-big span{color:var(--quiet);font-size:.86rem}
.notices{border-left:5px solid var(--warn);background:var(--panel);border-radius:6px;padding:10px 18px;margin:10px 0}
.notices p{margin:.3em 0}
.bad{color:var(--bad)}.good{color:var(--good)}
tr:target{background:var(--soft);outline:2px solid var(--link)}
td.out{min-width:230px}
details.domain{border-top:1px solid var(--line);padding:.35em 0}details.domain>summary{cursor:pointer;padding:.25em 0}
details.domain>summary b{font-weight:620}
table.cred td{min-width:150px}table.cred th{min-width:120px}
@media (max-width:640px){.frow{grid-template-columns:minmax(0,1fr) 112px 3em}.frow>svg{width:112px}.fgroup{font-size:.95em}
td.out{min-width:180px}}
@media print{.forest{columns:2}.frow{height:12px;font-size:6.5pt}.frow svg{height:11px}details.domain{display:block}}
)css";
}

std::string validation_forest_section(const ValidationReport& report) {
  const auto& rows = report.result.rows;
  std::string groups;
  for (const evidence::Domain domain :
       {evidence::Domain::relapses, evidence::Domain::lesions, evidence::Domain::disability,
        evidence::Domain::progression, evidence::Domain::brain_volume, evidence::Domain::harms,
        evidence::Domain::immune, evidence::Domain::other}) {
    std::vector<const ValidationRow*> members;
    for (const ValidationRow& row : rows)
      if (row.why_not_scored.empty() && report.input.facts[row.target].domain == domain)
        members.push_back(&row);
    if (members.empty()) continue;
    // What was set aside first: the headline is theirs.
    std::stable_sort(members.begin(), members.end(),
                     [](const ValidationRow* a, const ValidationRow* b) { return a->group < b->group; });
    const auto inside =
        static_cast<std::size_t>(std::count_if(members.begin(), members.end(), [](const ValidationRow* row) {
          return row->main.shown()->inside_90;
        }));
    groups += fmt::format("<div class=\"fgroup\"><h3>{} <span>{} inside</span></h3>", name(domain),
                          share_words(inside, members.size()));
    for (const ValidationRow* row : members) groups += line(report, *row);
    groups += "</div>";
  }
  std::string out = "<h2 id=\"forest\">Every number at a glance</h2>";
  if (groups.empty()) return out + "<p>No row was scored.</p>";
  out +=
      "<p>One line a published number, each on its own scale: the blue bar is where the engine says that 90 "
      "% "
      "of studies of that size should fall (dark: the middle half), the mark is what was published, with its "
      "95 % interval. Left of the bar, the published number is smaller than predicted; right of it, "
      "larger.</p>";
  const auto key = [](const char* drawing, const char* words) {
    return fmt::format("<span><svg class=\"fk\" aria-hidden=\"true\">{}</svg>{}</span>", drawing, words);
  };
  out += "<p class=\"key\">";
  out += key("<circle class=\"fin\" cx=\"20\" cy=\"8\" r=\"4.2\"/>", "set aside, inside");
  out += key("<circle class=\"fout\" cx=\"20\" cy=\"8\" r=\"4.2\"/>", "outside (any group)");
  out += key("<circle class=\"fin hollow\" cx=\"20\" cy=\"8\" r=\"3.6\"/>", "used to choose the model");
  out += key("<path class=\"fin hollow\" d=\"M20 3.8L24.2 8L20 12.2L15.8 8Z\"/>", "fitted");
  out += key("<text class=\"fgone\" x=\"20\" y=\"12\" text-anchor=\"middle\">»</text>", "beyond the drawing");
  return out + "</p><div class=\"forest\">" + groups + "</div>";
}

}  // namespace hortega::output
