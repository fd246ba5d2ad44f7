// SPDX-License-Identifier: Apache-2.0
// tables/*.csv and summary.json.
#include "hortega/output/tables.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

#include <fmt/format.h>

#include "hortega/core/files.hpp"
#include "hortega/core/value.hpp"
#include "hortega/output/words.hpp"

namespace hortega::output {
namespace {

using core::CsvWriter;
using core::Value;

/// A writer whose numbers have the digits of hashed files.
class Table {
 public:
  explicit Table(const std::vector<std::string>& columns) : csv_(columns) {}
  Table& operator<<(double value) {
    csv_.cell(value, k_digits);
    return *this;
  }
  template <class T>
  Table& operator<<(const T& value) {
    csv_.cell(value);
    return *this;
  }
  void end_row() { csv_.end_row(); }
  TextFile file(std::string path) const { return {std::move(path), csv_.text()}; }

 private:
  CsvWriter csv_;
};

const std::vector<std::string> k_estimate_columns = {"endpoint",
                                                     "estimator",
                                                     "arm",
                                                     "reference",
                                                     "subgroup",
                                                     "time_day",
                                                     "mean",
                                                     "sd",
                                                     "low",
                                                     "median",
                                                     "high",
                                                     "mc_error",
                                                     "n",
                                                     "defined_share",
                                                     "significant_share",
                                                     "significant_mc_error",
                                                     "test",
                                                     "sd_parameters",
                                                     "sd_chance",
                                                     "significant_for_arm",
                                                     "significant_for_reference",
                                                     "evaluated_day"};

TextFile estimates_table(const evidence::RunSummary& summary) {
  Table table(k_estimate_columns);
  for (const auto& e : summary.estimates) {
    table << e.quantity.endpoint << e.quantity.estimator << e.quantity.arm << e.quantity.reference
          << e.quantity.subgroup << e.quantity.time_day << e.mean << e.sd << e.low << e.median << e.high
          << e.mc_error << e.n << e.defined_share;
    if (e.is_contrast)
      table << e.significant_share << e.significant_mc_error << e.test;
    else
      table << ""
            << ""
            << "";
    table << e.sd_parameters << e.sd_chance << e.significant_for_arm << e.significant_for_reference
          << e.evaluated_day;
    table.end_row();
  }
  return table.file("tables/estimates.csv");
}

/// The number of a replicate, its draw and the draw's row of the posterior.
void put_replicate(Table& table, const evidence::RunSummary& summary, int replicate) {
  table << replicate + 1;
  if (summary.draws > 0)
    table << replicate % summary.draws;
  else
    table << "";
  if (summary.posterior_rows.empty())
    table << "";
  else
    table << summary.posterior_rows.at(static_cast<std::size_t>(replicate) % summary.posterior_rows.size());
}

/// Every estimate of every simulated trial, for pictures and rules of one's own.
TextFile replicates_table(const evidence::RunSummary& summary) {
  Table table({"replicate", "draw", "posterior_row", "endpoint", "estimator", "arm", "reference", "subgroup",
               "time_day", "value", "p"});
  for (const auto& one : summary.replicate_values) {
    const auto& q = summary.estimates.at(one.estimate).quantity;
    put_replicate(table, summary, one.replicate);
    table << q.endpoint << q.estimator << q.arm << q.reference << q.subgroup << q.time_day << one.value
          << one.p;
    table.end_row();
  }
  return table.file("tables/replicates.csv");
}

/// What conduct adds to every difference between arms.
TextFile conduct_table(const evidence::RunSummary& summary) {
  Table table({"endpoint", "estimator", "arm", "reference", "subgroup", "time_day", "mean", "mc_error",
               "conduct_share", "conduct_mc_error"});
  for (const auto& e : summary.estimates) {
    if (!e.is_contrast) continue;
    table << e.quantity.endpoint << e.quantity.estimator << e.quantity.arm << e.quantity.reference
          << e.quantity.subgroup << e.quantity.time_day << e.mean << e.mc_error << e.conduct_share
          << e.conduct_mc_error;
    table.end_row();
  }
  return table.file("tables/conduct.csv");
}

TextFile comparison_table(const evidence::RunSummary& summary) {
  Table table({"row_id",
               "role",
               "status",
               "study",
               "outcome",
               "unit",
               "published",
               "published_low",
               "published_high",
               "interval_derived",
               "endpoint",
               "estimator",
               "arm",
               "reference",
               "subgroup",
               "time_day",
               "simulated",
               "simulated_mc_error",
               "simulated_low",
               "simulated_high",
               "conduct_share",
               "conduct_mc_error",
               "verdict",
               "z",
               "citation",
               "remark"});
  for (const auto& row : summary.comparisons) {
    const auto& q = row.simulated.quantity;
    table << row.row_id << row.role << row.status << row.study << row.endpoint_text << row.unit
          << row.published << row.published_low << row.published_high << (row.interval_derived ? "Y" : "N")
          << q.endpoint << q.estimator << q.arm << q.reference << q.subgroup << q.time_day
          << row.simulated.mean << row.simulated.mc_error << row.simulated.low << row.simulated.high
          << row.simulated.conduct_share << row.simulated.conduct_mc_error << verdict_words(row.verdict)
          << row.z << row.citation << row.remark;
    table.end_row();
  }
  return table.file("tables/comparison.csv");
}

TextFile curve_table(const evidence::RunSummary& summary, const std::string& endpoint) {
  Table table({"endpoint", "arm", "day", "event_free", "low", "high", "at_risk", "low_parameters",
               "high_parameters"});
  for (const auto& curve : summary.curves) {
    if (curve.endpoint != endpoint) continue;
    for (std::size_t i = 0; i < curve.day.size(); ++i) {
      table << curve.endpoint << curve.arm << curve.day[i] << curve.survival[i] << curve.low[i]
            << curve.high[i] << curve.at_risk[i];
      if (curve.low_parameters.empty())
        table << ""
              << "";
      else
        table << curve.low_parameters[i] << curve.high_parameters[i];
      table.end_row();
    }
  }
  return table.file(curve_table_path(endpoint));
}

TextFile band_table(const evidence::RunSummary& summary, const std::string& measure) {
  Table table({"measure", "arm", "day", "mean", "q10", "q25", "q50", "q75", "q90", "n"});
  for (const auto& band : summary.bands) {
    if (band.measure != measure) continue;
    for (std::size_t i = 0; i < band.day.size(); ++i) {
      table << band.measure << band.arm << band.day[i] << band.mean[i] << band.q10[i] << band.q25[i]
            << band.q50[i] << band.q75[i] << band.q90[i] << band.n[i];
      table.end_row();
    }
  }
  return table.file(band_table_path(measure));
}

TextFile flow_table(const evidence::RunSummary& summary) {
  Table table({"arm", "box", "mean", "lowest", "highest"});
  for (const auto& row : summary.flow) {
    table << row.arm << row.box << row.mean << row.lowest << row.highest;
    table.end_row();
  }
  return table.file("tables/flow.csv");
}

TextFile harms_table(const evidence::RunSummary& summary) {
  Table table({"term", "arm", "percent_any", "percent_grade3", "percent_serious", "percent_death"});
  for (const auto& row : summary.harms) {
    table << row.term << row.arm << row.percent_any << row.percent_grade3 << row.percent_serious
          << row.percent_death;
    table.end_row();
  }
  return table.file("tables/harms.csv");
}

TextFile resources_table(const evidence::RunSummary& summary) {
  Table table({"measure", "label", "unit", "arm", "reference", "mean", "q10", "median", "q90", "low", "high",
               "mc_error", "sd_parameters", "sd_chance"});
  for (const auto& row : summary.resources) {
    table << row.measure << row.label << row.unit << row.arm << row.reference << row.mean << row.q10
          << row.q50 << row.q90 << row.low << row.high << row.mc_error << row.sd_parameters << row.sd_chance;
    table.end_row();
  }
  return table.file(std::string(k_resources_table_path));
}

void put_over(Table& table, const evidence::OverTrials& over) {
  table << over.mean << over.low << over.high << over.mc_error << over.sd_parameters << over.sd_chance;
}

TextFile qalys_table(const evidence::RunSummary& summary) {
  Table table({"measure", "unit", "arm", "reference", "year", "from_day", "to_day", "people", "mean", "low",
               "high", "mc_error", "sd_parameters", "sd_chance"});
  for (const auto& row : summary.periods) {
    table << row.measure << row.unit << row.arm << row.reference << row.year << row.from_day << row.to_day
          << row.people;
    put_over(table, row.over);
    table.end_row();
  }
  return table.file(std::string(k_qalys_table_path));
}

TextFile replicate_qalys_table(const evidence::RunSummary& summary) {
  Table table({"replicate", "draw", "posterior_row", "arm", "year", "from_day", "to_day", "people", "years",
               "qalys", "cost"});
  for (const auto& row : summary.replicate_periods) {
    put_replicate(table, summary, row.replicate);
    table << row.arm << row.year << row.from_day << row.to_day << row.people << row.years << row.qalys
          << row.cost;
    table.end_row();
  }
  return table.file(std::string(k_replicate_qalys_table_path));
}

TextFile states_table(const evidence::RunSummary& summary) {
  Table table(
      {"arm", "day", "state", "people", "mean", "low", "high", "mc_error", "sd_parameters", "sd_chance"});
  for (const auto& row : summary.states) {
    table << row.arm << row.day << row.state << row.people;
    put_over(table, row.share);
    table.end_row();
  }
  return table.file(std::string(k_states_table_path));
}

TextFile cells_table(const evidence::RunSummary& summary) {
  Table table({"arm", "people", "without_cells", "no_batch", "batches", "too_few", "senescent", "karyotype",
               "contaminated", "weak", "other", "passages", "potency", "weeks_q10", "weeks_median",
               "weeks_q90"});
  for (const auto& row : summary.cells_made) {
    table << row.arm << row.people << row.without_cells << row.no_batch << row.batches << row.too_few
          << row.senescent << row.karyotype << row.contaminated << row.weak << row.other << row.passages
          << row.potency << row.weeks_q10 << row.weeks_median << row.weeks_q90;
    table.end_row();
  }
  return table.file(std::string(k_cells_table_path));
}

TextFile population_table(const evidence::RunSummary& summary) {
  Table table({"quantity", "target", "before", "after"});
  for (const auto& moment : summary.population.moments) {
    table << moment.name << moment.target << moment.before << moment.after;
    table.end_row();
  }
  return table.file("tables/population.csv");
}

TextFile unmapped_table(const evidence::RunSummary& summary) {
  Table table({"row_id", "outcome", "reason"});
  for (const auto& row : summary.unmapped) {
    table << row.row_id << row.endpoint_text << row.reason;
    table.end_row();
  }
  return table.file("tables/unmapped.csv");
}

TextFile definitions_table(const evidence::RunSummary& summary) {
  Table table({"endpoint", "definition"});
  for (const auto& row : summary.definitions) {
    table << row.endpoint << row.sentence;
    table.end_row();
  }
  return table.file("tables/definitions.csv");
}

/// "a b c"
std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

TextFile multiverse_table(const evidence::RunSummary& summary) {
  Table table({"definition",
               "family",
               "preset",
               "confirmation_day",
               "published",
               "same_as",
               "own_endpoint",
               "arm",
               "reference",
               "people",
               "events_arm",
               "percent_arm",
               "events_reference",
               "percent_reference",
               "hazard_ratio",
               "mc_error",
               "low",
               "median",
               "high",
               "defined_share",
               "significant_share",
               "significant_mc_error",
               "significant_for_arm",
               "significant_for_reference",
               "test",
               "sentence"});
  for (const auto& row : summary.multiverse) {
    const auto& d = row.definition;
    table << d.id << d.family << d.preset << d.confirmation_day << (d.published ? "Y" : "N")
          << joined(d.same_as) << joined(d.own) << row.arm << row.reference;
    table << row.events.n + (row.reference.empty() ? 0.0 : row.reference_events.n) << row.events.mean
          << row.percent.mean;
    if (row.reference.empty()) {
      for (int empty = 0; empty < 13; ++empty) table << "";
    } else {
      const auto& hr = row.hazard_ratio;
      table << row.reference_events.mean << row.reference_percent.mean << hr.mean << hr.mc_error << hr.low
            << hr.median << hr.high << hr.defined_share << hr.significant_share << hr.significant_mc_error
            << hr.significant_for_arm << hr.significant_for_reference << hr.test;
    }
    table << d.sentence;
    table.end_row();
  }
  return table.file(std::string(k_multiverse_table_path));
}

TextFile parameters_table(const std::vector<core::Passport>& parameters) {
  Table table({"name", "value", "unit", "spread", "grade", "low", "high", "source", "reason", "note"});
  for (const auto& p : parameters) {
    table << p.name << p.value << p.unit << p.spread << std::string(1, p.grade) << p.low << p.high << p.source
          << p.reason << p.note;
    table.end_row();
  }
  return table.file("tables/parameters.csv");
}

/// What the figure of a person shows and what its visits found, one event a row.
TextFile people_table(const evidence::RunSummary& summary) {
  Table table({"person", "arm", "regimen", "day", "event", "value"});
  for (const auto& p : summary.examples) {
    const std::string arm = p.arm < summary.protocol.arms.size() ? summary.protocol.arms[p.arm].id : "";
    const auto row = [&](int day, const std::string& event, double value) {
      table << person_id(p) << arm << p.regimen << day << event << value;
      table.end_row();
    };
    for (const auto& visit : p.visits) {
      row(visit.day, "edss", visit.edss);
      row(visit.day, "eq5d", static_cast<double>(visit.eq5d));
      row(visit.day, "low_contrast", static_cast<double>(visit.low_contrast_letters));
      row(visit.day, "vep", static_cast<double>(visit.vep_ms));
      for (std::size_t k = 0; k < endpoints::kSymptoms; ++k)
        row(visit.day, std::string(endpoints::kSymptomNames[k]), static_cast<double>(visit.symptoms[k]));
    }
    for (const auto& relapse : p.relapses)
      if (!relapse.pseudo) row(relapse.onset_day, "relapse", relapse.peak_edss);
    for (const auto& scan : p.scans)
      row(scan.day, "gd", scan.gd_count == endpoints::kMissingCount ? endpoints::kMissing : scan.gd_count);
    const auto mark = [&](int day, const std::string& event) {
      if (day != endpoints::kNever) row(day, event, endpoints::kMissing);
    };
    mark(p.treated_day(), "first dose");
    mark(p.transplant_day, "transplant");
    for (const auto& change : p.switches)
      mark(change.day, (change.allocated ? "switch to " : "rescue: ") + change.regimen);
    mark(p.stopped_day, "stopped");
    mark(p.death_day, "death");
    row(p.end_of_follow_up_day, std::string("end: ") + std::string(end_reason_words(p.end_reason)),
        endpoints::kMissing);
  }
  return table.file("tables/people.csv");
}

/// The number rounded to k_digits; null if it is none.
Value number(double value) {
  if (!std::isfinite(value)) return {};
  return Value(std::strtod(fmt::format("{:.{}g}", value, k_digits).c_str(), nullptr));
}

Value to_value(const evidence::Estimate& e) {
  Value v;
  v.set("endpoint", e.quantity.endpoint).set("estimator", e.quantity.estimator).set("arm", e.quantity.arm);
  if (!e.quantity.reference.empty()) v.set("reference", e.quantity.reference);
  if (!e.quantity.subgroup.empty()) v.set("subgroup", e.quantity.subgroup);
  v.set("time_day", number(e.quantity.time_day)).set("evaluated_day", number(e.evaluated_day));
  v.set("mean", number(e.mean)).set("sd", number(e.sd));
  v.set("low", number(e.low)).set("median", number(e.median)).set("high", number(e.high));
  v.set("mc_error", number(e.mc_error)).set("n", number(e.n)).set("defined_share", number(e.defined_share));
  if (e.is_contrast) {
    v.set("significant_share", number(e.significant_share));
    v.set("significant_mc_error", number(e.significant_mc_error)).set("test", e.test);
    v.set("significant_for_arm", number(e.significant_for_arm));
    v.set("significant_for_reference", number(e.significant_for_reference));
  }
  if (std::isfinite(e.sd_parameters))
    v.set("sd_parameters", number(e.sd_parameters)).set("sd_chance", number(e.sd_chance));
  if (std::isfinite(e.conduct_share))
    v.set("conduct_share", number(e.conduct_share)).set("conduct_mc_error", number(e.conduct_mc_error));
  return v;
}

Value to_value(const evidence::ComparisonRow& row) {
  Value v;
  v.set("row_id", row.row_id).set("role", row.role).set("status", row.status).set("study", row.study);
  v.set("outcome", row.endpoint_text).set("unit", row.unit).set("published", number(row.published));
  v.set("published_low", number(row.published_low)).set("published_high", number(row.published_high));
  v.set("interval_derived", row.interval_derived).set("simulated", to_value(row.simulated));
  v.set("verdict", std::string(verdict_words(row.verdict))).set("z", number(row.z));
  v.set("citation", row.citation).set("remark", row.remark);
  return v;
}

Value to_value(const evidence::MultiverseRow& row) {
  const auto& d = row.definition;
  const auto texts = [](const std::vector<std::string>& words) {
    Value::Array array;
    for (const auto& word : words) array.emplace_back(word);
    return Value(std::move(array));
  };
  Value v;
  v.set("definition", d.id).set("family", d.family);
  if (!d.preset.empty()) v.set("preset", d.preset);
  v.set("confirmation_day", number(d.confirmation_day)).set("published", d.published);
  v.set("same_as", texts(d.same_as)).set("own_endpoints", texts(d.own)).set("arm", row.arm);
  if (!row.reference.empty()) v.set("reference", row.reference);
  v.set("events", number(row.events.mean)).set("percent", number(row.percent.mean));
  if (!row.reference.empty()) {
    const auto& hr = row.hazard_ratio;
    v.set("reference_events", number(row.reference_events.mean));
    v.set("reference_percent", number(row.reference_percent.mean));
    v.set("hazard_ratio", number(hr.mean)).set("mc_error", number(hr.mc_error)).set("low", number(hr.low));
    v.set("median", number(hr.median)).set("high", number(hr.high));
    v.set("defined_share", number(hr.defined_share));
    v.set("significant_share", number(hr.significant_share));
    v.set("significant_mc_error", number(hr.significant_mc_error));
    v.set("significant_for_arm", number(hr.significant_for_arm));
    v.set("significant_for_reference", number(hr.significant_for_reference));
  }
  return v.set("sentence", d.sentence);
}

Value population_value(const trial::PopulationReport& population) {
  Value v;
  v.set("lives", population.lives).set("qualifying", population.qualifying);
  v.set("effective_share", number(population.effective_share));
  v.set("distinct_lives_used", population.distinct_lives_used);
  Value::Array moments;
  for (const auto& m : population.moments) {
    Value moment;
    moment.set("name", m.name).set("target", number(m.target)).set("before", number(m.before));
    moments.push_back(moment.set("after", number(m.after)));
  }
  v.set("moments", std::move(moments));
  return v;
}

template <class Rows, class Make>
Value list(const Rows& rows, Make make) {
  Value::Array array;
  for (const auto& row : rows) array.push_back(make(row));
  return array;
}

}  // namespace

std::string curve_table_path(const std::string& endpoint) {
  return "tables/kaplan_meier_" + slug(endpoint) + ".csv";
}

std::string band_table_path(const std::string& measure) {
  return "tables/over_time_" + slug(measure) + ".csv";
}

std::vector<TextFile> csv_tables(const evidence::RunSummary& summary,
                                 const std::vector<core::Passport>& parameters) {
  std::vector<TextFile> files = {estimates_table(summary),     comparison_table(summary),
                                 conduct_table(summary),       flow_table(summary),
                                 harms_table(summary),         population_table(summary),
                                 unmapped_table(summary),      definitions_table(summary),
                                 parameters_table(parameters), people_table(summary)};
  if (!summary.replicate_values.empty()) files.push_back(replicates_table(summary));
  if (!summary.resources.empty()) files.push_back(resources_table(summary));
  if (!summary.periods.empty()) {
    files.push_back(qalys_table(summary));
    files.push_back(replicate_qalys_table(summary));
  }
  if (!summary.states.empty()) files.push_back(states_table(summary));
  if (!summary.cells_made.empty()) files.push_back(cells_table(summary));
  if (!summary.multiverse.empty()) files.push_back(multiverse_table(summary));
  std::set<std::string> endpoints;
  for (const auto& curve : summary.curves) endpoints.insert(curve.endpoint);
  for (const auto& endpoint : endpoints) files.push_back(curve_table(summary, endpoint));
  std::set<std::string> measures;
  for (const auto& band : summary.bands) measures.insert(band.measure);
  for (const auto& measure : measures) files.push_back(band_table(summary, measure));
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

std::string summary_json(const evidence::RunSummary& summary) {
  const auto& protocol = summary.protocol;
  Value root;
  root.set("format", "hortega-summary").set("version", 1).set("simulated_data", true);
  Value about;
  about.set("id", protocol.id).set("title", protocol.title).set("question", protocol.question);
  about.set("seed", static_cast<std::int64_t>(protocol.seed)).set("people", protocol.population.n);
  about.set("conduct", protocol.conduct.enabled);
  root.set("protocol", std::move(about)).set("replicates", summary.replicates);
  if (summary.draws > 0) root.set("draws", summary.draws);
  root.set("population", population_value(summary.population));
  root.set("estimates", list(summary.estimates, [](const auto& e) { return to_value(e); }));
  root.set("comparisons", list(summary.comparisons, [](const auto& row) { return to_value(row); }));
  root.set("unmapped", list(summary.unmapped, [](const auto& row) {
             Value v;
             v.set("row_id", row.row_id).set("outcome", row.endpoint_text).set("reason", row.reason);
             return v;
           }));
  root.set("flow", list(summary.flow, [](const auto& row) {
             Value v;
             v.set("arm", row.arm).set("box", row.box).set("mean", number(row.mean));
             return v.set("lowest", row.lowest).set("highest", row.highest);
           }));
  root.set("harms", list(summary.harms, [](const auto& row) {
             Value v;
             v.set("term", row.term).set("arm", row.arm).set("percent_any", number(row.percent_any));
             v.set("percent_grade3", number(row.percent_grade3));
             v.set("percent_serious", number(row.percent_serious));
             return v.set("percent_death", number(row.percent_death));
           }));
  if (!summary.resources.empty()) {
    root.set("currency", fmt::format("{} of {}", economics::k_currency, economics::k_price_year));
    root.set("resources", list(summary.resources, [](const auto& row) {
               Value v;
               v.set("measure", row.measure).set("unit", row.unit).set("arm", row.arm);
               if (!row.reference.empty()) v.set("reference", row.reference);
               v.set("mean", number(row.mean)).set("q10", number(row.q10)).set("median", number(row.q50));
               v.set("q90", number(row.q90)).set("low", number(row.low)).set("high", number(row.high));
               v.set("mc_error", number(row.mc_error));
               if (std::isfinite(row.sd_parameters))
                 v.set("sd_parameters", number(row.sd_parameters)).set("sd_chance", number(row.sd_chance));
               return v;
             }));
    Value::Array not_priced;
    for (const std::string& drug : summary.not_priced) not_priced.emplace_back(drug);
    root.set("not_priced", std::move(not_priced));
  }
  root.set("definitions", list(summary.definitions, [](const auto& row) {
             Value v;
             v.set("endpoint", row.endpoint).set("definition", row.sentence);
             return v;
           }));
  if (!summary.multiverse.empty())
    root.set("multiverse", list(summary.multiverse, [](const auto& row) { return to_value(row); }));
  return core::to_json(root);
}

}  // namespace hortega::output
