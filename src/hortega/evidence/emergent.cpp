// SPDX-License-Identifier: Apache-2.0
// Facts that should come out by themselves.
#include "hortega/evidence/emergent.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

#include "hortega/core/document.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/evidence/map.hpp"

namespace hortega::evidence {
namespace {

constexpr const char* k_file = "data/evidence/emergent.toml";

// A number of one arm: nothing else is asked.
const EstimatorInfo* estimator_named(const std::string& name) {
  for (const EstimatorInfo& known : estimators())
    if (known.name == name && known.applies == Applies::arm) return &known;
  return nullptr;
}

void check_question(const EmergentFact& f, const core::Report& report) {
  if (!f.protocol) {
    if (f.arm || f.subgroup || f.endpoint || f.over_endpoint || f.estimator || f.published)
      report.problem("", "the fact asks something and names no `protocol`", "the id of a protocol");
    return;
  }
  if (f.row || f.over) report.problem("row", "the fact names rows and a `protocol`", "one of them");
  if (!f.arm || !f.endpoint || !f.estimator)
    report.problem("protocol", "the fact does not say what it asks", "`arm`, `endpoint` and `estimator`");
  if (f.estimator && estimator_named(*f.estimator) == nullptr)
    report.problem("estimator", "no estimator of one arm is called '" + *f.estimator + "'");
}

void check_fact(const EmergentFact& f, const core::Report& report) {
  if (f.none) {
    if (f.row || f.over || f.protocol || !f.range.empty())
      report.problem("none", "a fact with `none` says how to check it too", "either the one or the other");
    return;
  }
  check_question(f, report);
  if (!f.row && !f.protocol)
    report.problem("", "the fact has neither `row`, `protocol` nor `none`", "one of them");
  if (f.range.size() != 2 || f.range[0] >= f.range[1])
    report.problem(f.range.empty() ? "" : "range", "`range` is not a lowest and a highest value");
  if (f.fitted && (!f.over || f.range.empty() || f.range[0] <= 0.0 || f.factor <= 0.0))
    report.problem("fitted", "only a ratio of two rows with a positive range can be fitted");
  if (f.how.empty()) report.problem("", "the fact does not say `how` it is computed");
}

core::Schema<EmergentFact> fact_schema() {
  using F = EmergentFact;
  core::Schema<F> s("One fact.");
  s.text("id", &F::id).required().doc("Name.");
  s.text("statement", &F::statement).required().doc("The fact in one sentence.");
  s.text("how", &F::how).doc("How it is computed.");
  s.text("unit", &F::unit).doc("Unit of the value.");
  s.text("row", &F::row).doc("Id of the published row whose simulated number is taken.");
  s.text("over", &F::over).doc("Row that it is divided by.");
  s.text("protocol", &F::protocol).doc("Id of the protocol that is asked, where no row gives the fact.");
  s.text("arm", &F::arm).doc("Asked: id of the arm, or `all`.");
  s.text("subgroup", &F::subgroup).doc("Asked: id of the subgroup.");
  s.text("endpoint", &F::endpoint).doc("Asked: id of the endpoint.");
  s.text("over_endpoint", &F::over_endpoint).doc("Asked: endpoint whose number it is divided by.");
  s.text("estimator", &F::estimator).doc("Asked: how the number is made from the endpoint.");
  s.number("published", &F::published).doc("Asked: the value by the source.");
  s.number("factor", &F::factor).doc("What the value is multiplied by.");
  s.numbers("range", &F::range).doc("Lowest and highest value that count as the fact.");
  s.boolean("fitted", &F::fitted).doc("Whether a calibration takes it as a row.");
  s.text("none", &F::none).doc("Why no shipped protocol can show it.");
  s.check(check_fact);
  return s;
}

constexpr std::size_t k_nowhere = static_cast<std::size_t>(-1);

std::size_t find(const std::vector<Target>& targets, const std::string& name) {
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const Target& t = targets[i];
    if (name == (t.part == 0 ? t.row_id : fmt::format("{}/{}", t.row_id, t.part))) return i;
  }
  return k_nowhere;
}

/// Smallest value at or below which `share` of the weight lies.
double weighted_quantile(const std::vector<std::pair<double, double>>& sorted, double share) {
  double all = 0.0, sum = 0.0;
  for (const auto& [value, weight] : sorted) all += weight;
  for (const auto& [value, weight] : sorted) {
    sum += weight;
    if (sum >= share * all) return value;
  }
  return sorted.back().first;
}

std::string numerator_of(const EmergentFact& fact) { return fact.row ? *fact.row : fact.id; }

std::optional<std::string> denominator_of(const EmergentFact& fact) {
  return fact.over_endpoint ? std::optional<std::string>(fact.id + " over") : fact.over;
}

JudgedFact judge_one(const EmergentFact& fact, const std::vector<Target>& targets,
                     const DrawPredictions& draws) {
  JudgedFact out;
  out.fact = fact;
  if (fact.none) {
    out.why_not = *fact.none;
    return out;
  }
  const std::string numerator = numerator_of(fact);
  const std::optional<std::string> denominator = denominator_of(fact);
  const std::size_t row = find(targets, numerator);
  const std::size_t over = denominator ? find(targets, *denominator) : row;
  if (row == k_nowhere || over == k_nowhere) {
    const std::string& missing = row == k_nowhere ? numerator : *denominator;
    out.why_not =
        fmt::format("{} is not simulated", fact.protocol ? "the protocol '" + *fact.protocol + "'" : missing);
    return out;
  }
  const auto made = [&](double a, double b) { return fact.factor * a / (denominator ? b : 1.0); };
  const double published = made(targets[row].published, targets[over].published);
  if (std::isfinite(published)) out.published = published;
  if (fact.protocol) out.published = fact.published;
  std::vector<std::pair<double, double>> values;
  for (std::size_t d = 0; d < draws.draws(); ++d) {
    const auto number = [&](std::size_t i) { return from_link(targets[i].link, draws.by_draw[d][i].mean); };
    const double value = made(number(row), number(over));
    const double weight = draws.weight.empty() ? 1.0 : draws.weight[d];
    if (std::isfinite(value) && weight > 0.0) values.emplace_back(value, weight);
  }
  if (values.empty()) {
    out.why_not = "the simulation does not give its numbers";
    return out;
  }
  std::sort(values.begin(), values.end());
  out.value = weighted_quantile(values, 0.5);
  out.low = weighted_quantile(values, 0.05), out.high = weighted_quantile(values, 0.95);
  out.passes = *out.value >= fact.range[0] && *out.value <= fact.range[1];
  return out;
}

}  // namespace

FittedFacts::FittedFacts(const EmergentFacts& facts, const std::vector<Target>& rows) {
  constexpr double k_central_95 = 2.0 * 1.959963984540054;
  for (const EmergentFact& fact : facts.facts) {
    if (!fact.fitted) continue;
    const std::size_t row = find(rows, *fact.row);
    const std::size_t over = find(rows, *fact.over);
    if (row == k_nowhere || over == k_nowhere) continue;
    for (const std::size_t i : {row, over}) {
      if (rows[i].link != Link::log || rows[i].set_aside || rows[i].role != "calibration")
        throw core::InputError(core::Problem{
            {k_file, 0, 0, {}},
            "fitted",
            fmt::format("the fact '{}' is made of row {}, which cannot be fitted", fact.id, rows[i].row_id),
            "rates and counts of role calibration",
            {}});
    }
    Target t;
    t.row_id = fact.id, t.role = "calibration", t.status = "fact";
    t.study = rows[row].study, t.family = "fact " + fact.id;
    t.protocol = rows[row].protocol, t.endpoint = rows[row].endpoint, t.estimator = "ratio of rows";
    t.text = fact.statement, t.unit = fact.unit, t.link = Link::log;
    t.low = fact.range[0], t.high = fact.range[1];
    t.published = fact.factor * rows[row].published / rows[over].published;
    t.y = 0.5 * (std::log(t.low) + std::log(t.high));
    t.se = (std::log(t.high) - std::log(t.low)) / k_central_95;
    t.differs_between_studies = false;
    targets_.push_back(std::move(t));
    parts_.push_back({row, over, std::log(fact.factor)});
  }
}

void FittedFacts::append(std::vector<Prediction>& predictions) const {
  for (const Parts& p : parts_) {
    const Prediction& a = predictions.at(p.row);
    const Prediction& b = predictions.at(p.over);
    // As if the two were independent: their errors are small beside the range of a fact.
    predictions.push_back(
        {a.mean - b.mean + p.log_factor, std::hypot(a.sd_study, b.sd_study), std::hypot(a.mc_se, b.mc_se)});
  }
}

core::Schema<EmergentFacts> emergent_facts_schema() {
  core::Schema<EmergentFacts> s("Facts that the person model should bring forth by itself.");
  s.format("hortega-emergent-facts", 1);
  s.tables("fact", &EmergentFacts::facts, fact_schema()).distinct("id").not_empty().doc("The facts.");
  return s;
}

void check_asked(const EmergentFacts& facts, const std::string& directory) {
  core::Problems problems;
  for (const EmergentFact& fact : facts.facts) {
    if (!fact.protocol) continue;
    const auto add = [&](const char* key, const std::string& message) {
      problems.add(core::Problem{{k_file, 0, 0, {}}, key, fact.id + ": " + message, {}, {}});
    };
    const std::filesystem::path file = std::filesystem::path(directory) / (*fact.protocol + ".toml");
    if (!std::filesystem::exists(file)) {
      add("protocol", "there is no protocol '" + *fact.protocol + "'");
      continue;
    }
    const ProtocolNames names = protocol_names(core::Document::load(file.string()));
    const auto known = [](const std::vector<std::string>& all, const std::string& id) {
      return std::find(all.begin(), all.end(), id) != all.end();
    };
    if (*fact.arm != "all" && !known(names.arms, *fact.arm)) add("arm", "no arm '" + *fact.arm + "'");
    if (fact.subgroup && !known(names.subgroups, *fact.subgroup))
      add("subgroup", "no subgroup '" + *fact.subgroup + "'");
    const auto check = [&](const char* key, const std::string& id) {
      const auto at = names.endpoints.find(id);
      if (at == names.endpoints.end())
        add(key, "no endpoint '" + id + "'");
      else if (!fits(estimator_named(*fact.estimator)->estimator, at->second))
        add("estimator", *fact.estimator + " cannot be made from an endpoint of kind '" + at->second + "'");
    };
    check("endpoint", *fact.endpoint);
    if (fact.over_endpoint) check("over_endpoint", *fact.over_endpoint);
  }
  problems.throw_if_any();
}

std::vector<AskedNumber> asked_numbers(const EmergentFacts& facts) {
  std::vector<AskedNumber> out;
  for (const EmergentFact& fact : facts.facts) {
    if (!fact.protocol) continue;
    const auto ask = [&](const std::string& id, const std::string& endpoint) {
      Quantity quantity;
      quantity.endpoint = endpoint;
      quantity.estimator = *fact.estimator;
      quantity.arm = *fact.arm;
      quantity.subgroup = fact.subgroup.value_or("");
      out.push_back({id, *fact.protocol, std::move(quantity)});
    };
    ask(numerator_of(fact), *fact.endpoint);
    if (fact.over_endpoint) ask(*denominator_of(fact), *fact.over_endpoint);
  }
  return out;
}

std::vector<JudgedFact> judge(const EmergentFacts& facts, const std::vector<Target>& targets,
                              const DrawPredictions& draws) {
  std::vector<JudgedFact> out;
  for (const EmergentFact& fact : facts.facts) out.push_back(judge_one(fact, targets, draws));
  return out;
}

}  // namespace hortega::evidence
