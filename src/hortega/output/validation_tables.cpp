// SPDX-License-Identifier: Apache-2.0
// validation.csv, validation.json and the text on the terminal.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

#include "hortega/core/files.hpp"
#include "hortega/core/value.hpp"
#include "hortega/evidence/row_simulator.hpp"
#include "hortega/output/tables.hpp"
#include "hortega/output/validation_report.hpp"
#include "hortega/output/validation_sections.hpp"
#include "hortega/output/words.hpp"

namespace hortega::output {
namespace {

using core::Value;
using evidence::Headline;
using evidence::RowPrediction;
using evidence::Score;
using evidence::Tally;
using evidence::Target;
using evidence::ValidationRow;

/// The number rounded to k_digits; null if it is none.
Value number(double value) {
  if (!std::isfinite(value)) return {};
  return Value(std::strtod(fmt::format("{:.{}g}", value, k_digits).c_str(), nullptr));
}

Value number(const std::optional<double>& value) { return value ? number(*value) : Value(); }

Value tally_value(const Tally& t) {
  Value v;
  v.set("rows_scored", t.rows).set("studies", t.families);
  v.set("inside_50", number(t.share_50())).set("inside_90", number(t.share_90()));
  v.set("rows_inside_50", t.inside_50).set("rows_inside_90", t.inside_90);
  const auto limits = [](const analysis::Interval& i) {
    return Value(Value::Array{number(i.lower), number(i.upper)});
  };
  v.set("inside_50_interval", limits(t.interval_50())).set("inside_90_interval", limits(t.interval_90()));
  v.set("inside_90_error_by_study", number(t.clustered_error_90));
  return v.set("interval_score", number(t.interval_score_90))
      .set("interval_score_50", number(t.interval_score_50));
}

Value headline_value(const Headline& h) {
  Value v = tally_value(h.shown());
  v.set("between_study_term", h.between_added.has_value());
  v.set("without_between_study_term", tally_value(h.chance_alone));
  Value::Array baselines;
  for (const auto& b : h.baselines) {
    Value item;
    item.set("name", b.name).set("rows_not_scored", b.not_scored);
    baselines.push_back(
        item.set("baseline", tally_value(b.baseline)).set("engine_on_the_same_rows", tally_value(b.engine)));
  }
  return v.set("baselines", std::move(baselines));
}

Value set_aside_value(const ValidationReport& report) {
  Value::Array studies;
  for (const evidence::StudySetAside& study : report.result.set_aside) {
    Value v;
    v.set("study", study.family).set("alone", tally_value(study.alone));
    v.set("without_it", tally_value(study.without_it));
    for (const evidence::StudyLookedAt& seen : report.looked_at)
      if (seen.study == study.family) v.set("looked_at", seen.reason);
    studies.push_back(std::move(v));
  }
  return Value(std::move(studies));
}

Value headlines_value(const ValidationReport& report) {
  Value v;
  for (const Headline& h : report.result.headlines) {
    Value of = headline_value(h);
    if (h.group == evidence::Group::set_aside) of.set("by_study", set_aside_value(report));
    v.set(std::string(evidence::name(h.group)), std::move(of));
  }
  return v;
}

Value score_value(const std::optional<Score>& score, evidence::Link link) {
  if (!score) return {};
  const auto limits = [&](double low, double high) {
    const analysis::Interval unit = evidence::in_unit(link, low, high);
    return Value(Value::Array{number(unit.lower), number(unit.upper)});
  };
  Value v;
  v.set("interval_50", limits(score->low_50, score->high_50));
  v.set("interval_90", limits(score->low_90, score->high_90));
  v.set("inside_50", score->inside_50).set("inside_90", score->inside_90);
  v.set("z", number(score->z)).set("pit", number(score->pit));
  return v.set("interval_score", number(score->interval_score_90))
      .set("interval_score_50", number(score->interval_score_50));
}

Value prediction_value(const RowPrediction& p, evidence::Link link) {
  Value v;
  v.set("defined_share", number(p.defined_share));
  if (!p.is_defined()) return v;
  v.set("mean", number(evidence::from_link(link, p.mean)));
  v.set("sd_parameters", number(p.sd_parameters)).set("sd_study", number(p.sd_study));
  v.set("sd_between_studies", number(p.sd_between)).set("sd_simulation", number(p.sd_simulation));
  v.set("with_between_study_term", score_value(p.between_added, link));
  return v.set("without_between_study_term", score_value(p.chance_alone, link));
}

std::string_view link_name(evidence::Link link) {
  if (link == evidence::Link::log) return "log";
  if (link == evidence::Link::log_rest) return "log_rest";
  return link == evidence::Link::logit ? "logit" : "identity";
}

Value row_value(const ValidationReport& report, const ValidationRow& row) {
  const Target& t = report.input.targets[row.target];
  const auto& facts = report.input.facts[row.target];
  Value v;
  v.set("row_id", t.row_id).set("part", t.part).set("group", evidence::name(row.group));
  v.set("role", t.role).set("study", t.study).set("family", t.family);
  v.set("domain", evidence::name(facts.domain)).set("outcome", t.text).set("unit", t.unit);
  v.set("protocol", t.protocol).set("endpoint", t.endpoint).set("estimator", t.estimator);
  v.set("arms", t.arms).set("link", link_name(t.link));
  v.set("published", number(t.published)).set("published_low", number(t.low));
  v.set("published_high", number(t.high)).set("interval_derived", t.derived);
  if (!row.why_not_scored.empty()) v.set("not_scored", row.why_not_scored);
  v.set("prediction", prediction_value(row.main, t.link));
  Value alternatives;
  for (std::size_t i = 0; i < row.alternatives.size(); ++i)
    alternatives.set(report.input.alternatives[i].name, prediction_value(row.alternatives[i], t.link));
  if (!alternatives.is_null()) v.set("alternatives", std::move(alternatives));
  if (row.prior) v.set("prior", prediction_value(*row.prior, t.link));
  Value others;
  others.set("studies", row.other_studies);
  if (row.others_mean) others.set("mean", number(evidence::from_link(t.link, *row.others_mean)));
  others.set("score", score_value(row.others, t.link));
  return v.set("other_studies", std::move(others));
}

std::string_view how_words(evidence::StudyLeftOut::How how) {
  using How = evidence::StudyLeftOut::How;
  if (how == How::reweighted) return "re-weighted";
  return how == How::refitted ? "refitted" : "not computed";
}

std::string text_tally(const std::string& name, const Tally& t) {
  if (t.rows == 0) return fmt::format("{:<34} {:>5}\n", name, 0);
  return fmt::format("{:<34} {:>5} {:>8} {:>11.0f} % {:>11.0f} % {:>12.2f}\n", name, t.rows, t.families,
                     100.0 * t.share_50(), 100.0 * t.share_90(), t.interval_score_90);
}

/// ASCII for terminals whose encoding is not known.
std::string plain(std::string text) {
  const std::pair<const char*, const char*> swaps[] = {
      {"\u2212", "-"}, {"\u00a0", " "}, {"\u202f", " "}, {"–", "-"}};
  for (const auto& [from, to] : swaps)
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at))
      text.replace(at, std::string_view(from).size(), to);
  return text;
}

}  // namespace

std::string validation_headline_json(const ValidationReport& report) {
  return core::to_json(headlines_value(report));
}

std::string validation_json(const ValidationReport& report) {
  const auto list = [](const auto& items, const auto& make) {
    Value::Array array;
    for (const auto& item : items) array.push_back(make(item));
    return Value(std::move(array));
  };
  Value root;
  root.set("format", "hortega-validation").set("version", 1).set("simulated_data", true);
  root.set("predictions", report.input.main.name).set("description", report.input.main.description);
  root.set("draws", report.result.draws).set("seed", static_cast<std::int64_t>(report.seed));
  root.set("posterior", report.input.main_is_posterior);
  root.set("notices", list(report.notices, [](const std::string& text) { return Value(text); }));
  root.set("headline", headlines_value(report));
  root.set("rows", list(report.result.rows, [&](const auto& row) { return row_value(report, row); }));
  root.set("largest_usable_pareto_k", number(report.result.usable_k));
  root.set("studies_left_out", list(report.result.studies, [](const auto& s) {
             Value v;
             v.set("study", s.family).set("rows", s.rows).set("how", how_words(s.how));
             v.set("pareto_k", number(s.pareto_k)).set("effective_draws", number(s.effective_size));
             v.set("in_the_fit", tally_value(s.fitted));
             return v.set("left_out", s.left_out ? tally_value(*s.left_out) : Value());
           }));
  root.set("emergent_facts", list(report.facts, [](const auto& f) {
             Value v;
             v.set("id", f.fact.id).set("statement", f.fact.statement);
             if (!f.value) return v.set("not_checked", f.why_not);
             v.set("how", f.fact.how).set("unit", f.fact.unit);
             v.set("range", Value::Array{number(f.fact.range[0]), number(f.fact.range[1])});
             v.set("published", number(f.published)).set("value", number(f.value));
             return v.set("low", number(f.low)).set("high", number(f.high)).set("passes", f.passes);
           }));
  root.set("rows_without_simulation", list(report.left_out, [](const auto& row) {
             Value v;
             v.set("row_id", row.row_id).set("study", row.study).set("outcome", row.outcome);
             return v.set("reason", row.reason);
           }));
  return core::to_json(root);
}

std::string validation_csv(const ValidationReport& report) {
  std::vector<std::string> columns = {"row_id",
                                      "part",
                                      "group",
                                      "study",
                                      "family",
                                      "domain",
                                      "outcome",
                                      "arms",
                                      "unit",
                                      "link",
                                      "published",
                                      "published_low",
                                      "published_high",
                                      "interval_derived",
                                      "not_scored",
                                      "predicted",
                                      "low_50",
                                      "high_50",
                                      "low_90",
                                      "high_90",
                                      "z",
                                      "pit",
                                      "inside_50",
                                      "inside_90",
                                      "interval_score",
                                      "interval_score_50",
                                      "low_90_chance_alone",
                                      "high_90_chance_alone",
                                      "z_chance_alone",
                                      "inside_90_chance_alone",
                                      "interval_score_chance_alone",
                                      "sd_parameters",
                                      "sd_study",
                                      "sd_between_studies",
                                      "sd_simulation",
                                      "other_studies",
                                      "other_studies_mean",
                                      "other_studies_low_90",
                                      "other_studies_high_90",
                                      "prior_low_90",
                                      "prior_high_90"};
  for (const auto& set : report.input.alternatives) {
    columns.push_back(set.name + ": predicted");
    columns.push_back(set.name + ": z");
  }
  core::CsvWriter csv(columns);
  for (const ValidationRow& row : report.result.rows) {
    const Target& t = report.input.targets[row.target];
    const auto value = [&](double x) { csv.cell(x, k_digits); };
    const auto unit = [&](double x) { value(evidence::from_link(t.link, x)); };
    const auto limits = [&](double low, double high) {
      const analysis::Interval unit_limits = evidence::in_unit(t.link, low, high);
      value(unit_limits.lower), value(unit_limits.upper);
    };
    const auto blank = [&](int n) {
      for (int i = 0; i < n; ++i) csv.empty();
    };
    csv.cell(t.row_id).cell(t.part).cell(evidence::name(row.group)).cell(t.study).cell(t.family);
    csv.cell(evidence::name(report.input.facts[row.target].domain)).cell(t.text).cell(t.arms).cell(t.unit);
    csv.cell(link_name(t.link));
    value(t.published), value(t.low), value(t.high);
    csv.cell(t.derived ? "Y" : "N").cell(row.why_not_scored);
    const RowPrediction& p = row.main;
    if (p.is_defined()) {
      const Score& s = *p.shown();
      unit(p.mean), limits(s.low_50, s.high_50), limits(s.low_90, s.high_90);
      value(s.z), value(s.pit);
      csv.cell(s.inside_50 ? "Y" : "N").cell(s.inside_90 ? "Y" : "N");
      value(s.interval_score_90), value(s.interval_score_50);
      const Score& alone = *p.chance_alone;
      limits(alone.low_90, alone.high_90), value(alone.z);
      csv.cell(alone.inside_90 ? "Y" : "N");
      value(alone.interval_score_90);
      value(p.sd_parameters), value(p.sd_study), value(p.sd_between), value(p.sd_simulation);
    } else {
      blank(20);
    }
    csv.cell(row.other_studies);
    if (row.others)
      unit(*row.others_mean), limits(row.others->low_90, row.others->high_90);
    else
      blank(3);
    if (row.prior && row.prior->is_defined())
      limits(row.prior->shown()->low_90, row.prior->shown()->high_90);
    else
      blank(2);
    for (const RowPrediction& a : row.alternatives) {
      if (a.is_defined())
        unit(a.mean), value(a.shown()->z);
      else
        blank(2);
    }
    csv.end_row();
  }
  return csv.text();
}

std::string validation_text(const ValidationReport& report) {
  std::string out = plain(validation_answer(report)) + "\n";
  const std::string looked_at = looked_at_words(report);
  out += looked_at.empty() ? "\n" : plain(looked_at) + "\n\n";
  for (const std::string& notice : report.notices) out += "Note: " + plain(notice) + "\n";
  out += fmt::format("\n{:<34} {:>5} {:>8} {:>13} {:>13} {:>12}\n", "rows", "n", "studies", "inside 50 %",
                     "inside 90 %", "mean score");
  for (const Headline& h : report.result.headlines) {
    const std::string group(evidence::words(h.group));
    out += text_tally(capitalised(group), h.shown());
    if (h.between_added) out += text_tally("  chance and people alone", h.chance_alone);
    for (const auto& b : h.baselines) {
      if (b.baseline.rows == 0) continue;
      out += text_tally("  baseline: " + b.name, b.baseline);
      out += text_tally("    the engine on those rows", b.engine);
    }
  }
  out += "\nFarthest out:\n";
  for (const std::size_t i : evidence::worst_rows(report.result, 10)) {
    const ValidationRow& row = report.result.rows[i];
    const Target& t = report.input.targets[row.target];
    const Score& s = *row.main.shown();
    out += fmt::format("{:<6} {:<72.72} published {:>8} predicted {:<18} z {:+.1f}\n", t.row_id,
                       plain(row_words(t)), plain(show_number(t.published)),
                       plain(limits_words(t.link, s.low_90, s.high_90)), s.z);
  }
  return out;
}

}  // namespace hortega::output
