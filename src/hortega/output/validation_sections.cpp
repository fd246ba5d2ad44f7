// SPDX-License-Identifier: Apache-2.0
// Headline, scores, tables and lists of the validation page.
#include "hortega/output/validation_sections.hpp"
#include "hortega/evidence/row_simulator.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "hortega/core/version.hpp"
#include "hortega/output/words.hpp"

namespace hortega::output {
namespace {

using evidence::Group;
using evidence::Headline;
using evidence::Link;
using evidence::RowPrediction;
using evidence::Score;
using evidence::Tally;
using evidence::Target;
using evidence::ValidationRow;

std::string open_table(const std::string& label, const std::vector<std::string>& columns,
                       const char* css = "") {
  std::string out = fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table{}><thead><tr>", label,
      css);
  for (const std::string& column : columns) {
    // A leading '#' marks a column of numbers.
    const bool number = !column.empty() && column[0] == '#';
    out += fmt::format("<th scope=\"col\"{}>{}</th>", number ? " class=\"n\"" : "",
                       escape_html(number ? column.substr(1) : column));
  }
  return out + "</tr></thead><tbody>";
}
constexpr const char* k_close_table = "</tbody></table></div>";

std::string cell(const std::string& html) { return "<td class=\"n\">" + html + "</td>"; }
std::string cell(const std::string& html, const std::string& below) {
  return below.empty() ? cell(html) : cell(html + "<span class=\"range\">" + below + "</span>");
}

std::string percent_interval(const analysis::Interval& i) {
  if (std::isnan(i.lower)) return "";
  return fmt::format("{:.0f} to {:.0f} %", 100.0 * i.lower, 100.0 * i.upper);
}

std::string tally_cells(const Tally& t) {
  if (t.rows == 0) return "<td class=\"n\">0</td>" + cell("–") + cell("–") + cell("–") + cell("–");
  return cell(std::to_string(t.rows)) + cell(std::to_string(t.families)) +
         cell(show_percent(100.0 * t.share_50()), percent_interval(t.interval_50())) +
         cell(show_percent(100.0 * t.share_90()), percent_interval(t.interval_90())) +
         cell(show_number(t.interval_score_90));
}

std::string published_cell(const Target& t) {
  return cell(show_number(t.published),
              std::isfinite(t.low) && std::isfinite(t.high)
                  ? show_number(t.low) + " to " + show_number(t.high) + (t.derived ? "*" : "")
                  : "");
}

std::string z_cell(double z) {
  if (!std::isfinite(z)) return cell("–");
  const std::string text = (z > 0 ? "+" : "") + show_number(std::round(10.0 * z) / 10.0);
  return cell(std::abs(z) > 1.645 ? "<b class=\"bad\">" + text + "</b>" : text);
}

std::string predicted_cell(const RowPrediction& p, Link link) {
  if (!p.is_defined()) return cell("–");
  const Score& s = *p.shown();
  return cell(show_number(evidence::from_link(link, p.mean)), limits_words(link, s.low_90, s.high_90));
}

/// Share of the predictive variance that parameters make.
std::string parameters_share(const RowPrediction& p) {
  if (!p.is_defined()) return "–";
  const double all = p.sd_parameters * p.sd_parameters + p.sd_study * p.sd_study +
                     p.sd_between * p.sd_between + p.sd_simulation * p.sd_simulation;
  return all > 0.0 ? show_percent(100.0 * p.sd_parameters * p.sd_parameters / all) : "–";
}

const Headline* first_with_rows(const ValidationReport& report) {
  for (const Headline& h : report.result.headlines)
    if (h.chance_alone.rows > 0) return &h;
  return nullptr;
}

/// How a guess did on the numbers that it can make, for people.
std::string against_words(const evidence::BaselineComparison& b) {
  const bool prior = b.name == "prior";
  const double ratio = b.engine.interval_score_90 / b.baseline.interval_score_90;
  const char* verdict = ratio < 0.95   ? "the engine does better"
                        : ratio > 1.05 ? "the engine does worse"
                                       : "there is little between them";
  const std::size_t all = b.baseline.rows + b.not_scored;
  return fmt::format(
      "{}{}: {} inside its 90 % range, {} inside the engine's; mean score {} against {} (smaller is "
      "better), so {}.",
      prior ? "Beside the engine with parameters anywhere in their ranges (the prior)"
            : "Beside a guess without any model, the mean of the other "
              "studies",
      b.not_scored ? fmt::format(" (it can be made for {} of the {} numbers)", b.baseline.rows, all) : "",
      b.baseline.inside_90, b.engine.inside_90, show_number(b.baseline.interval_score_90),
      show_number(b.engine.interval_score_90), verdict);
}

std::string plural(std::size_t n, const char* one, const char* more) {
  return fmt::format("{} {}", n, n == 1 ? one : more);
}

}  // namespace

std::string row_words(const Target& t) {
  std::string text = t.study + ": " + t.text;
  if (!t.arms.empty()) text += " (" + t.arms + ")";
  return text;
}

std::string limits_words(Link link, double low, double high) {
  const analysis::Interval limits = evidence::in_unit(link, low, high);
  return show_interval(limits.lower, limits.upper);
}

std::string share_words(std::size_t inside, std::size_t rows) {
  if (rows == 0) return "none";
  return fmt::format("{} of {} ({:.0f} %)", inside, rows,
                     100.0 * static_cast<double>(inside) / static_cast<double>(rows));
}

std::string validation_answer(const ValidationReport& report) {
  const Headline* h = first_with_rows(report);
  if (h == nullptr) return "No published number could be scored.";
  const Tally& t = h->shown();
  const char* of = h->group == Group::set_aside ? "that were set aside before any change to the model"
                   : h->group == Group::used    ? "that were looked at while the model was built"
                                                : "to which the model was fitted";
  const double expected = 0.9 * static_cast<double>(t.rows);
  std::string out = fmt::format(
      "Of {} from {} {}, {} ({:.0f} %) {} where the engine says that 90 % of such studies should fall; a "
      "right "
      "engine would have about {:.0f}.",
      plural(t.rows, "published number", "published numbers"), plural(t.families, "study", "studies"), of,
      t.inside_90, 100.0 * t.share_90(), t.inside_90 == 1 ? "lies" : "lie", expected);
  const auto limits = t.interval_90();
  if (limits.upper < 0.9) {
    out += " It claims to know more than it does.";
  } else if (limits.lower > 0.9) {
    out += " Its ranges are wider than they need be.";
  }
  return out;
}

std::string looked_at_words(const ValidationReport& report) {
  std::string out;
  for (const evidence::StudyLookedAt& seen : report.looked_at) {
    for (const evidence::StudySetAside& study : report.result.set_aside) {
      if (study.family != seen.study) continue;
      if (!out.empty()) out += " ";
      const Tally& rest = study.without_it;
      out += fmt::format(
          "{} was set aside too, but its rows were read while the model was mended ({}): without it {}.",
          seen.study, seen.reason,
          rest.rows == 0 ? std::string("no number is left")
                         : share_words(rest.inside_90, rest.rows) + " lie inside the 90 % range");
    }
  }
  return out;
}

std::string validation_headline_section(const ValidationReport& report) {
  std::string out = "<section class=\"headline\" aria-label=\"Finding\">";
  out += "<p class=\"question\">Does the engine foretell what studies found?</p>";
  out += "<p class=\"answer\">" + escape_html(validation_answer(report)) + "</p>";
  const std::string looked_at = looked_at_words(report);
  if (!looked_at.empty()) out += "<p>" + escape_html(looked_at) + "</p>";
  if (const Headline* h = first_with_rows(report))
    for (const auto& b : h->baselines)
      if (b.baseline.rows > 0) out += "<p>" + escape_html(against_words(b)) + "</p>";
  out += "<p class=\"notice\">Simulated data; research, not medical advice.</p></section>";
  if (!report.notices.empty()) {
    out += "<div class=\"notices\" role=\"note\">";
    for (const std::string& notice : report.notices) out += "<p>" + escape_html(notice) + "</p>";
    out += "</div>";
  }
  return out;
}

std::string validation_score_section(const ValidationReport& report) {
  std::string out = "<h2 id=\"scores\">How often, and how far</h2>";
  out += "<div class=\"figures-big\">";
  for (const Headline& h : report.result.headlines) {
    const Tally& t = h.shown();
    out += fmt::format(
        "<div><span>{}</span><b>{}</b><span>{}</span></div>",
        escape_html(capitalised(std::string(words(h.group)))),
        t.rows ? show_percent(100.0 * t.share_90()) : "–",
        t.rows ? fmt::format("of {} inside the 90 % range, {} inside the 50 % range",
                             plural(t.rows, "number", "numbers"), show_percent(100.0 * t.share_50()))
               : std::string("no number scored"));
  }
  out += "</div>";
  out +=
      "<p>Each published number was predicted as a study of its size would have found it. <b>Set aside</b>: "
      "a "
      "third of the validation studies, chosen by a hash of their names before the model was changed; the "
      "headline is theirs. <b>Used to choose the model</b>: the other validation "
      "studies. "
      "<b>Fitted</b>: the model was fitted to them, so agreement there proves little.</p>";
  out += open_table(
      "Scores", {"Rows", "#Numbers", "#Studies", "#Inside 50 % range", "#Inside 90 % range", "#Mean score"});
  for (const Headline& h : report.result.headlines) {
    out += fmt::format("<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"6\">{}</th></tr>",
                       escape_html(capitalised(std::string(words(h.group)))));
    if (h.between_added)
      out += "<tr><th scope=\"row\">With differences between studies</th>" + tally_cells(*h.between_added) +
             "</tr>";
    out += "<tr><th scope=\"row\">Chance, people and parameters alone</th>" + tally_cells(h.chance_alone) +
           "</tr>";
    for (const auto& b : h.baselines) {
      const bool prior = b.name == "prior";
      out +=
          fmt::format("<tr><th scope=\"row\">Baseline: {}<span class=\"range\">{}</span></th>{}</tr>",
                      prior ? "the engine with parameters anywhere in their ranges (prior)"
                            : "the mean of the other studies",
                      b.not_scored ? plural(b.not_scored, "number", "numbers") + " cannot be scored so" : "",
                      tally_cells(b.baseline));
      if (b.baseline.rows > 0 && b.not_scored > 0)
        out += "<tr><th scope=\"row\">The engine on the same numbers</th>" + tally_cells(b.engine) + "</tr>";
    }
  }
  out += k_close_table;
  double clustered = std::numeric_limits<double>::quiet_NaN();
  if (const Headline* h = first_with_rows(report)) clustered = h->shown().clustered_error_90;
  out +=
      "<p class=\"quiet\">Below each share: its exact 95 % binomial interval, as if numbers were "
      "independent. "
      "Numbers of one study are not";
  if (std::isfinite(clustered))
    out += fmt::format(": with whole studies as units the standard error of the headline's share is {}",
                       show_percent(100.0 * clustered));
  out +=
      ". Mean score: the interval score of the 90 % range (its width, plus 20 times the distance by which a "
      "published value lies outside; Gneiting &amp; Raftery 2007), on the logarithm for rates and ratios, "
      "the "
      "logit for percentages, and in units of its usual size for measures. Smaller is better.</p>";
  return out;
}

std::string validation_one_by_one_section(const ValidationReport& report) {
  std::string out = "<h2 id=\"one-by-one\">Studies set aside, one by one</h2>";
  if (report.result.set_aside.empty()) return out + "<p>None of them could be scored.</p>";
  out +=
      "<p>A study with many numbers can carry the headline. Beside each: what the headline is without "
      "it.</p>";
  out += open_table("Studies set aside",
                    {"Study", "#Numbers", "#Inside 50 %", "#Inside 90 %", "#Numbers without it",
                     "#Inside 50 %, without it", "#Inside 90 %, without it"},
                    " class=\"wrapped\"");
  for (const evidence::StudySetAside& study : report.result.set_aside) {
    const bool seen = std::any_of(report.looked_at.begin(), report.looked_at.end(),
                                  [&](const auto& s) { return s.study == study.family; });
    out += fmt::format("<tr><th scope=\"row\">{}{}</th>", escape_html(study.family),
                       seen ? "<span class=\"range\">read while the model was mended</span>" : "");
    for (const Tally* t : {&study.alone, &study.without_it})
      out += cell(std::to_string(t->rows)) + cell(share_words(t->inside_50, t->rows)) +
             cell(share_words(t->inside_90, t->rows));
    out += "</tr>";
  }
  return out + k_close_table;
}

std::string validation_worst_section(const ValidationReport& report) {
  const auto worst = evidence::worst_rows(report.result, 10);
  std::string out = "<h2 id=\"worst\">Farthest out</h2>";
  if (worst.empty()) return out + "<p>No row was scored.</p>";
  out += "<p>The numbers that the engine misses by most. What hangs on them should not be believed.</p>";
  out += open_table("Farthest out", {"Row", "Outcome", "Used as", "#Published", "#Predicted", "#z"});
  for (const std::size_t i : worst) {
    const ValidationRow& row = report.result.rows[i];
    const Target& t = report.input.targets[row.target];
    out += fmt::format(
        "<tr><th scope=\"row\"><a href=\"#row-{}\">{}</a></th><td class=\"out\">{}<span "
        "class=\"range\">{}</span></td><td>{}</td>",
        row.target, escape_html(t.row_id), escape_html(row_words(t)), escape_html(t.unit), words(row.group));
    out += published_cell(t) + predicted_cell(row.main, t.link) + z_cell(row.main.shown()->z) + "</tr>";
  }
  return out + k_close_table;
}

std::string validation_table_section(const ValidationReport& report) {
  std::string out = "<h2 id=\"rows\">All numbers</h2>";
  out +=
      "<p>Published with its 95 % interval (*: computed here: exact for shares and counts, for other numbers "
      "and for counts that vary more between people the spread between simulated studies of that size); "
      "predicted: the "
      "mean, "
      "below it where 90 % of studies of that size should fall; z: the distance in standard deviations of "
      "the "
      "prediction, <b class=\"bad\">marked</b> beyond 1.6; parameters: their part of the predictive "
      "variance, "
      "the rest being chance, people and differences between studies. Everything: <a "
      "href=\"validation.csv\">CSV</a>, <a href=\"validation.json\">JSON</a>.</p>";
  if (!report.input.alternatives.empty()) {
    out += "<dl>";
    for (const auto& set : report.input.alternatives)
      out += fmt::format("<dt>{}</dt><dd>{}</dd>", escape_html(capitalised(set.name)),
                         escape_html(set.description));
    out += "</dl>";
  }
  std::vector<std::string> columns = {"Row",        "Outcome", "Used as",    "#Published",
                                      "#Predicted", "#z",      "#Parameters"};
  for (const auto& set : report.input.alternatives) columns.push_back("#" + capitalised(set.name));
  columns.emplace_back("#Other studies");
  for (const evidence::Domain domain :
       {evidence::Domain::relapses, evidence::Domain::lesions, evidence::Domain::disability,
        evidence::Domain::progression, evidence::Domain::brain_volume, evidence::Domain::harms,
        evidence::Domain::immune, evidence::Domain::other}) {
    std::size_t scored = 0, inside = 0;
    std::string rows;
    for (const ValidationRow& row : report.result.rows) {
      const Target& t = report.input.targets[row.target];
      if (report.input.facts[row.target].domain != domain) continue;
      if (row.why_not_scored.empty()) {
        ++scored;
        inside += row.main.shown()->inside_90 ? 1 : 0;
      }
      rows += fmt::format(
          "<tr id=\"row-{}\"><th scope=\"row\">{}</th><td class=\"out\">{}<span "
          "class=\"range\">{}</span></td><td>{}</td>",
          row.target, escape_html(t.row_id) + (t.part ? fmt::format("/{}", t.part) : ""),
          escape_html(row_words(t)), escape_html(t.unit),
          row.why_not_scored.empty()
              ? std::string(words(row.group))
              : "not scored<span class=\"range\">" + escape_html(row.why_not_scored) + "</span>");
      rows += published_cell(t) + predicted_cell(row.main, t.link);
      rows += row.why_not_scored.empty() ? z_cell(row.main.shown()->z) : cell("–");
      rows += cell(parameters_share(row.main));
      for (const RowPrediction& a : row.alternatives) rows += predicted_cell(a, t.link);
      rows += row.others ? cell(show_number(evidence::from_link(t.link, *row.others_mean)),
                                limits_words(t.link, row.others->low_90, row.others->high_90))
                         : cell("–");
      rows += "</tr>";
    }
    if (rows.empty()) continue;
    out += fmt::format(
        "<details class=\"domain\"><summary><b>{}</b>: {}</summary>", name(domain),
        scored ? share_words(inside, scored) + " inside the 90 % range" : std::string("nothing scored"));
    out += open_table(std::string(name(domain)), columns) + rows + k_close_table + "</details>";
  }
  return out;
}

std::string validation_studies_section(const ValidationReport& report) {
  std::string out = "<h2 id=\"studies\">One study left out at a time</h2>";
  if (!report.input.main_is_posterior)
    return out +
           "<p>Not computed: the predictions are not those of parameters fitted to these studies, so there "
           "is "
           "nothing to leave a study out of.</p>";
  out += fmt::format(
      "<p>Would the engine have foretold a fitted study without it? The {} draws of the parameters are "
      "re-weighted as if the study had not been in the fit (Pareto smoothed importance sampling; Vehtari and "
      "others 2024). That holds only where Pareto k is at most {:.2f} and at least {:.0f} draws stay "
      "effective; elsewhere the fit was repeated, or nothing is claimed.</p>",
      report.result.draws, report.result.usable_k, evidence::k_least_effective_draws);
  if (report.result.studies.empty()) return out + "<p>No fitted study.</p>";
  out += open_table("Studies left out",
                    {"Study", "#Numbers", "#Pareto k", "#Effective draws", "How", "#Inside 90 %, in the fit",
                     "#Inside 90 %, left out", "#Mean score, in the fit", "#Mean score, left out"},
                    " class=\"wrapped\"");
  using How = evidence::StudyLeftOut::How;
  for (const auto& s : report.result.studies) {
    const char* how = s.how == How::reweighted ? "re-weighted"
                      : s.how == How::refitted ? "fitted again"
                                               : "not computed";
    out += fmt::format("<tr><th scope=\"row\">{}</th>", escape_html(s.family)) +
           cell(std::to_string(s.rows)) + cell(show_number(s.pareto_k)) +
           cell(show_number(std::round(s.effective_size))) +
           fmt::format("<td{}>{}</td>", s.how == How::not_computed ? " class=\"bad\"" : "", how) +
           cell(share_words(s.fitted.inside_90, s.fitted.rows)) +
           cell(s.left_out ? share_words(s.left_out->inside_90, s.left_out->rows) : "–") +
           cell(show_number(s.fitted.interval_score_90)) +
           cell(s.left_out ? show_number(s.left_out->interval_score_90) : "–") + "</tr>";
  }
  return out + k_close_table;
}

std::string validation_facts_section(const ValidationReport& report) {
  std::string out = "<h2 id=\"facts\">Facts that should come out by themselves</h2>";
  if (report.facts.empty()) return out + "<p>None were given.</p>";
  out +=
      "<p>Nothing is fitted to these, unless marked so. A fact passes if the median over the parameter draws "
      "lies in its "
      "range.</p>";
  out += open_table("Emergent facts", {"Fact", "#Range", "#Published", "#Simulated", "Passes"});
  std::string unchecked;
  for (const auto& f : report.facts) {
    if (!f.value) {
      unchecked += fmt::format("<li>{} <span class=\"quiet\">{}</span></li>", escape_html(f.fact.statement),
                               escape_html(f.why_not));
      continue;
    }
    const std::string spread = *f.low == *f.high ? "" : show_interval(*f.low, *f.high);
    out += fmt::format("<tr><td class=\"out\">{}<span class=\"range\">{}</span></td>",
                       escape_html(f.fact.statement),
                       escape_html(f.fact.how + (f.fact.fitted ? " Its range is a row of the fit." : ""))) +
           cell(show_interval(f.fact.range[0], f.fact.range[1]), escape_html(f.fact.unit)) +
           cell(f.published ? show_number(*f.published) : "–") + cell(show_number(*f.value), spread) +
           fmt::format("<td><span class=\"chip {}\">{}</span></td></tr>", f.passes ? "v-inside" : "v-outside",
                       f.passes ? "✓ passes" : "✗ fails");
  }
  out += k_close_table;
  if (!unchecked.empty()) out += "<h3>Not checked</h3><ul>" + unchecked + "</ul>";
  return out;
}

std::string validation_left_out_section(const ValidationReport& report) {
  struct Item {
    std::string id, words;
  };
  std::map<std::string, std::vector<Item>> by_reason;
  for (const ValidationRow& row : report.result.rows) {
    if (row.why_not_scored.empty()) continue;
    const Target& t = report.input.targets[row.target];
    by_reason[row.why_not_scored].push_back({t.row_id, row_words(t)});
  }
  for (const LeftOutRow& row : report.left_out)
    by_reason[row.reason].push_back({row.row_id, row.study + ": " + row.outcome});
  std::size_t all = 0;
  std::vector<std::pair<std::string, std::vector<Item>>> sorted(by_reason.begin(), by_reason.end());
  for (const auto& [reason, items] : sorted) all += items.size();
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second.size() > b.second.size(); });
  std::string out = "<h2 id=\"left-out\">Numbers left out, and why</h2>";
  if (all == 0) return out + "<p>None.</p>";
  out += fmt::format("<p>{} published as outcomes are not in the scores. Each has its reason.</p>",
                     plural(all, "number", "numbers"));
  for (const auto& [reason, items] : sorted) {
    out +=
        fmt::format("<details class=\"domain\"><summary>{} <span class=\"quiet\">({})</span></summary><ul>",
                    escape_html(capitalised(reason)), items.size());
    for (const Item& item : items)
      out += fmt::format("<li>{} <span class=\"quiet\">{}</span></li>", escape_html(item.id),
                         escape_html(item.words));
    out += "</ul></details>";
  }
  return out;
}

std::string validation_methods_section(const ValidationReport& report) {
  std::string out = "<h2 id=\"methods\">How it was computed</h2><ul>";
  out += fmt::format("<li>{}: {} ({}).</li>", escape_html(capitalised(report.input.main.name)),
                     escape_html(report.input.main.description),
                     plural(report.result.draws, "set of parameters", "sets of parameters"));
  if (report.input.prior)
    out +=
        fmt::format("<li>Prior, a baseline: {} ({}); it has the term for differences between studies.</li>",
                    escape_html(report.input.prior->description),
                    plural(report.input.prior->draws.draws(), "set of parameters", "sets of parameters"));
  out +=
      "<li>For every set of parameters the study was simulated; the predictive distribution of its number is "
      "the mixture over sets of normals on the scale of the logarithm (rates, ratios, times), the logit "
      "(percentages) or the measure itself, with the spread that a study of the published size has by chance "
      "and by who takes part.</li>"
      "<li>Parameters, chance and people, and differences between studies are parted by the law of total "
      "variance. The error of simulating finitely many people is counted once.</li>"
      "<li>Differences between studies (conduct, era, rating) beyond chance are a normal term whose size the "
      "fit inferred, where there is one; scores are given with it and without.</li>"
      "<li>The mean of the other studies: random-effects mean (DerSimonian &amp; Laird 1986) over other "
      "study "
      "families with the same endpoint, statistic and class of arms, as an interval for a study of this "
      "size; "
      "families count once; below two, nothing is guessed.</li></ul>";
  return out;
}

std::string validation_repeat_section(const ValidationReport& report, const std::string& results_hash) {
  std::string out = "<h2 id=\"repeat\">How to repeat it</h2><pre>" + escape_html(report.command) + "</pre>";
  out += fmt::format(
      "<p>{}; seed {}. The results hash is the same with any number of threads.</p><p>Results hash "
      "<code>{}</code>, of <code>LC_ALL=C sha256sum validation.csv validation.json | sha256sum</code> in "
      "this "
      "folder.</p>",
      escape_html(core::version_line(report.isa)), report.seed, escape_html(results_hash));
  if (!report.inputs.empty()) {
    out += "<details class=\"more\"><summary>Inputs</summary>" +
           open_table("Inputs", {"Input", "#Bytes", "SHA-256"});
    for (const InputFile& input : report.inputs)
      out += fmt::format(
          "<tr><th scope=\"row\"><code>{}</code></th><td class=\"n\">{}</td><td "
          "class=\"digest\"><code>{}</code></td></tr>",
          escape_html(input.path), show_count(static_cast<double>(input.bytes)), escape_html(input.sha256));
    out += std::string(k_close_table) + "</details>";
  }
  return out;
}

}  // namespace hortega::output
