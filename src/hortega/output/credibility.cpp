// SPDX-License-Identifier: Apache-2.0
// The credibility assessment: fixed words, and figures from the validation.
#include "hortega/output/credibility.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "hortega/core/version.hpp"
#include "hortega/output/validation_sections.hpp"
#include "hortega/output/words.hpp"

namespace hortega::output {
namespace {

using evidence::Headline;
using evidence::Tally;

struct Block {
  std::string heading;
  std::vector<std::string> paragraphs;
  std::vector<std::string> columns;             ///< of the table, if any
  std::vector<std::vector<std::string>> cells;  ///< by row
};

std::string covered(const Headline& h) {
  const Tally& t = h.shown();
  if (t.rows == 0) return fmt::format("no number {}", evidence::words(h.group));
  return fmt::format("{} inside the 90 % range, {} inside the 50 % range, mean interval score {}",
                     share_words(t.inside_90, t.rows), share_words(t.inside_50, t.rows),
                     show_number(t.interval_score_90));
}

/// The goal of output comparison, and whether it is met: nothing else decides it.
std::string output_comparison(const ValidationReport& report) {
  const Headline& h = report.result.headlines.front();
  if (h.chance_alone.rows == 0) return "Cannot be judged: no number that was set aside could be scored.";
  const Tally& t = h.shown();
  bool better = true, compared = false;
  std::string beside;
  for (const auto& b : h.baselines) {
    if (b.name != "other studies" || b.baseline.rows == 0) continue;
    compared = true;
    better = b.engine.interval_score_90 < b.baseline.interval_score_90;
    beside = fmt::format(
        "; on the {} numbers where the mean of the other studies can be scored, {} against its {}",
        b.baseline.rows, show_number(b.engine.interval_score_90), show_number(b.baseline.interval_score_90));
  }
  const bool met = t.share_90() >= 0.8 && better && compared;
  return fmt::format("{}: {}{}.", met ? "Met" : "Not met", covered(h), beside);
}

std::string facts_words(const ValidationReport& report) {
  const auto checked = std::count_if(report.facts.begin(), report.facts.end(),
                                     [](const auto& f) { return f.value.has_value(); });
  const auto passed =
      std::count_if(report.facts.begin(), report.facts.end(), [](const auto& f) { return f.passes; });
  std::string failed;
  for (const auto& f : report.facts)
    if (f.value && !f.passes) failed += (failed.empty() ? "" : ", ") + f.fact.id;
  return fmt::format("{} of {} checked facts come out by themselves{}; {} are not checked.", passed, checked,
                     failed.empty() ? "" : " (fails: " + failed + ")",
                     static_cast<std::ptrdiff_t>(report.facts.size()) - checked);
}

/// Median over scored rows of a part of the predictive variance.
std::string median_part(const ValidationReport& report, double evidence::RowPrediction::*part) {
  std::vector<double> shares;
  for (const auto& row : report.result.rows) {
    const auto& p = row.main;
    if (!row.why_not_scored.empty()) continue;
    const double all = p.sd_parameters * p.sd_parameters + p.sd_study * p.sd_study +
                       p.sd_between * p.sd_between + p.sd_simulation * p.sd_simulation;
    if (all > 0.0) shares.push_back(p.*part * (p.*part) / all);
  }
  if (shares.empty()) return "–";
  std::nth_element(shares.begin(), shares.begin() + static_cast<std::ptrdiff_t>(shares.size() / 2),
                   shares.end());
  return show_percent(100.0 * shares[shares.size() / 2]);
}

std::string parameter_words(const ValidationReport& report) {
  if (report.parameters == 0) return "The parameters were not counted for this page.";
  return fmt::format(
      "{} parameters, each with source and grade; {} are assumed (grade D), {} are fitted (grade F).",
      report.parameters, report.parameters_assumed, report.parameters_fitted);
}

std::string draws_words(const ValidationReport& report) {
  if (!report.input.main_is_posterior)
    return "These predictions have no posterior behind them: the uncertainty of parameters is not what a fit "
           "leaves.";
  return fmt::format(
      "{} draws of the posterior; parameters make {} of the predictive variance (median over "
      "numbers).",
      report.result.draws, median_part(report, &evidence::RowPrediction::sd_parameters));
}

std::string studies_words(const ValidationReport& report) {
  if (report.result.studies.empty()) return "no study was left out";
  std::size_t done = 0;
  for (const auto& s : report.result.studies)
    done += s.how != evidence::StudyLeftOut::How::not_computed ? 1 : 0;
  return fmt::format("leave-one-study-out computed for {} of {} fitted studies", done,
                     report.result.studies.size());
}

std::vector<Block> blocks(const ValidationReport& report) {
  std::vector<Block> out;
  const auto& headlines = report.result.headlines;
  out.push_back(
      {"Question, use and risk",
       {"In the form of ASME V&V 40-2018: what is asked of the model decides how much evidence it needs."},
       {"", ""},
       {{"Question of interest",
         "Among people with multiple sclerosis who would be enrolled, what outcomes and harms would arms "
         "with a "
         "stem-cell therapy and with its alternatives show, with what spread, and what trial would show a "
         "difference?"},
        {"Context of use",
         "Research, teaching and the planning of trials, for groups of people. Results are read beside the "
         "published evidence, never instead of it. No decision about a single patient; no dose for anybody."},
        {"Model influence",
         "Low to moderate: one source among others (published trials, registries, clinical judgement) in "
         "planning "
         "a study."},
        {"Decision consequence",
         "Moderate: a badly planned trial exposes people to a procedure that can kill, without an answer. "
         "For "
         "treating a patient it would be high, and that use is excluded."},
        {"Model risk", "Moderate for planning; too high, and excluded, for individual care."}}});

  const std::string term = headlines.front().between_added ? "with" : "without";
  out.push_back(
      {"Credibility factors",
       {"The factors of V&V 40, the goal that moderate risk asks for, and what there is."},
       {"Factor", "Goal", "What there is"},
       {{"Software quality assurance", "Every change built, tested and checked in the same way",
         "Tests of every layer, sanitizers, warnings as errors, checks of sources (.ci/run)."},
        {"Numerical code verification", "Equations against exact solutions or another program",
         "Tests against closed forms, SciPy and R (tests/*/reference); statistics against R's survival and "
         "MASS."},
        {"Discretisation and solver error", "Small beside the differences between people",
         "The step of the person model is compared with a deterministic limit of an adaptive solver "
         "(tests/disease)."},
        {"Use error", "Wrong input is refused, with its place",
         "Strict reading of every file with line, key and what is allowed; runs repeat from their own "
         "folder."},
        {"Model form", "Rivals side by side where mechanisms are in doubt",
         report.input.alternatives.empty()
             ? "No rival column in this validation."
             : fmt::format("{} other set{} of predictions beside the main one (columns of the table).",
                           report.input.alternatives.size(),
                           report.input.alternatives.size() == 1 ? "" : "s")},
        {"Model inputs", "Every number with source, range and grade; uncertainty carried through",
         parameter_words(report) + " " + draws_words(report)},
        {"Comparator: samples and conditions", "Published studies whose entry criteria are simulated",
         fmt::format("{} published numbers can be simulated, {} more cannot (each with its reason).",
                     report.result.rows.size(), report.left_out.size())},
        {"Equivalency of inputs", "Simulated participants have the trial's baseline",
         "People enter by the trial's own criteria out of simulated lives and are weighted to its baseline; "
         "the "
         "report of each run shows before and after."},
        {"Output comparison",
         "Set aside: at least 80 % inside the 90 % range, and a better mean score than the mean of the other "
         "studies",
         output_comparison(report)},
        {"Relevance of the quantities", "The outcomes that trials use",
         "Published definitions of relapse, worsening, NEDA, MRI and harms (docs/endpoints.md)."},
        {"Relevance to the context of use", "Validated where it is used",
         "Adults with relapsing or progressive MS in trials, cohorts and registries, on autologous "
         "transplantation and drugs. Of other cells and of donor transplants few numbers exist, mostly of "
         "harms in small trials; children and people outside trials are not validated."}}});

  out.push_back(
      {"Eight categories of evidence",
       {"The categories of the FDA's guidance of November 2023, which is for devices and mechanistic models; "
        "it is "
        "used here as a form. Nothing here was submitted to or seen by an authority.",
        fmt::format("Figures are those of this validation, {} the term for differences between studies.",
                    term)},
       {"Category", "What there is"},
       {{"1 Code verification",
         "Tests of each layer; the same bytes on any number of threads and instruction set."},
        {"2 Model calibration", (report.input.main_is_posterior ? std::string("Fitted numbers: ")
                                                                : std::string("Not fitted yet. Numbers "
                                                                              "meant for fitting: ")) +
                                    covered(headlines.back()) + "."},
        {"3 Bench test validation",
         "None as such. Laboratory measurements (receptor saturation, cell counts, half-lives) enter as "
         "parameters, "
         "and what enters cannot validate."},
        {"4 In vivo validation",
         "Mice with experimental autoimmune encephalomyelitis, by groups as published (docs/mouse.md). None "
         "in "
         "people: no data of single people are compared with their simulation."},
        {"5 Population-based validation",
         fmt::format("Set aside before any change: {}. Used to choose the model: {}. {}.",
                     covered(headlines.at(0)), covered(headlines.at(1)), capitalised(studies_words(report)))},
        {"6 Emergent behaviour", facts_words(report)},
        {"7 Model plausibility",
         "Mechanisms with their sources in docs/model.md. " + parameter_words(report)},
        {"8 Calculation verification and uncertainty in the context of use",
         fmt::format("Error of simulating finitely many people: {} of the predictive variance (median over "
                     "numbers). {}",
                     median_part(report, &evidence::RowPrediction::sd_simulation), draws_words(report))}}});

  out.push_back(
      {"What was read",
       {"FDA: Assessing the Credibility of Computational Modeling and Simulation in Medical Device "
        "Submissions, "
        "Guidance for Industry and FDA Staff, issued 17 November 2023 (docket FDA-2021-D-0980; text kept by "
        "the "
        "National Library of Medicine, nlmuid-9918733188906676). Of it the front matter was read; the eight "
        "categories and the two parts of model risk were read in a summary (reguvirta.com).",
        "ASME V&V 40-2018, Assessing Credibility of Computational Modeling through Verification and "
        "Validation: "
        "Application to Medical Devices. Only its abstract was read (webstore.ansi.org); the steps and the "
        "names of "
        "the factors are from secondary sources and memory."},
       {},
       {}});
  return out;
}

}  // namespace

std::string credibility_section(const ValidationReport& report) {
  std::string out = "<h2 id=\"credibility\">Credibility</h2>";
  for (const Block& block : blocks(report)) {
    out += "<h3>" + escape_html(block.heading) + "</h3>";
    for (const std::string& text : block.paragraphs) out += "<p>" + escape_html(text) + "</p>";
    if (block.cells.empty()) continue;
    out += fmt::format(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table class=\"cred\">",
        escape_html(block.heading));
    if (!block.columns.front().empty()) {
      out += "<thead><tr>";
      for (const std::string& column : block.columns)
        out += "<th scope=\"col\">" + escape_html(column) + "</th>";
      out += "</tr></thead>";
    }
    out += "<tbody>";
    for (const auto& row : block.cells) {
      out += "<tr><th scope=\"row\">" + escape_html(row.front()) + "</th>";
      for (std::size_t i = 1; i < row.size(); ++i) out += "<td>" + escape_html(row[i]) + "</td>";
      out += "</tr>";
    }
    out += "</tbody></table></div>";
  }
  return out;
}

std::string credibility_markdown(const ValidationReport& report) {
  std::string out =
      "# Credibility\n\nWritten by `hortega validate` beside its page, with the figures of that validation; "
      "do "
      "not edit.\n\n" +
      validation_answer(report) + "\n";
  const std::string looked_at = looked_at_words(report);
  if (!looked_at.empty()) out += "\n" + looked_at + "\n";
  for (const std::string& notice : report.notices) out += "\n> " + notice + "\n";
  const auto cell = [](std::string text) {
    for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2))
      text.insert(at, "\\");
    return text;
  };
  for (const Block& block : blocks(report)) {
    out += "\n## " + block.heading + "\n";
    for (const std::string& text : block.paragraphs) out += "\n" + text + "\n";
    if (block.cells.empty()) continue;
    out += "\n|";
    for (const std::string& column : block.columns) out += " " + column + " |";
    out += "\n|";
    for (std::size_t i = 0; i < block.columns.size(); ++i) out += "---|";
    out += "\n";
    for (const auto& row : block.cells) {
      out += "|";
      for (const std::string& text : row) out += " " + cell(text) + " |";
      out += "\n";
    }
  }
  return out;
}

}  // namespace hortega::output
