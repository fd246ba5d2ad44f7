// SPDX-License-Identifier: Apache-2.0
// Many replicates put together: means, spread between trials, Monte Carlo errors.
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>

#include "hortega/analysis/inference.hpp"
#include "hortega/analysis/monte_carlo.hpp"
#include "hortega/evidence/estimates.hpp"
#include "hortega/evidence/estimation_plan.hpp"
#include "hortega/evidence/statistics.hpp"

namespace hortega::evidence {
namespace {

constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();

// Type 7 of sorted values that may begin or end in infinities, which stay what they are.
double quantile(const std::vector<double>& sorted, double p) {
  if (sorted.empty()) return k_nan;
  const double position = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(position));
  const double fraction = position - static_cast<double>(below);
  double value = sorted[below];
  // Between two infinities there is no difference to take.
  if (fraction > 0.0 && sorted[below + 1] != sorted[below])
    value += fraction * (sorted[below + 1] - sorted[below]);
  return value;
}

// A ratio is averaged on the logarithmic scale: a few trials with hardly an event would carry its plain mean.
bool is_ratio(Estimator estimator) { return info(estimator).unit == Unit::ratio; }

// The variance of values in groups, split (one-way random effects; analysis of variance for unequal groups,
// Searle, Casella and McCulloch 1992, 3.6).
struct Split {
  double between = k_nan, within = k_nan;  // variances
  double of_mean = k_nan;                  // variance of the mean over all
};

Split split_variance(const std::vector<double>& values, const std::vector<std::size_t>& group,
                     std::size_t groups) {
  std::vector<double> sum(groups, 0.0), count(groups, 0.0);
  double all = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    sum[group[i]] += values[i];
    count[group[i]] += 1.0;
    all += values[i];
  }
  const auto n = static_cast<double>(values.size());
  const double mean = all / n;
  double used = 0.0, square = 0.0, ss_between = 0.0, ss_within = 0.0;
  for (std::size_t g = 0; g < groups; ++g) {
    if (count[g] == 0.0) continue;
    used += 1.0;
    square += count[g] * count[g];
    const double away = sum[g] / count[g] - mean;
    ss_between += count[g] * away * away;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double away = values[i] - sum[group[i]] / count[group[i]];
    ss_within += away * away;
  }
  Split out;
  if (used < 2.0 || n <= used) return out;
  const double ms_between = ss_between / (used - 1.0);
  out.within = ss_within / (n - used);
  const double n0 = (n - square / n) / (used - 1.0);
  out.between = std::max(0.0, (ms_between - out.within) / n0);
  out.of_mean = out.between * square / (n * n) + out.within / n;
  return out;
}

// Mean over replicates, its Monte Carlo error, and the parts of the spread where there are draws.
struct Spread {
  double mean = k_nan, sd = k_nan, mc_error = k_nan, sd_parameters = k_nan, sd_chance = k_nan;
};

Spread spread_of(const std::vector<double>& values, const std::vector<std::size_t>& draw, int draws) {
  Spread out;
  if (values.size() == 1) out.mean = values.front();
  if (values.size() > 1) {
    const auto mean = analysis::monte_carlo_mean(values);
    out.mean = mean.estimate;
    out.mc_error = mean.standard_error;
    out.sd = mean.standard_error * std::sqrt(static_cast<double>(values.size()));
  }
  if (draws > 0 && values.size() > 1) {
    const Split split = split_variance(values, draw, static_cast<std::size_t>(draws));
    out.sd_parameters = std::sqrt(split.between);
    out.sd_chance = std::sqrt(split.within);
    // Replicates of one draw are alike: the error of the mean is that of the draws.
    if (std::isfinite(split.of_mean)) out.mc_error = std::sqrt(split.of_mean);
  }
  return out;
}

// Is it good to have the event of this endpoint?
bool event_is_good(const EstimationPlan& plan, std::size_t endpoint) {
  const EndpointPlan& planned = plan.endpoints[endpoint];
  switch (planned.spec.kind) {
    case trial::EndpointKind::cdi:
    case trial::EndpointKind::anc_engraftment:
    case trial::EndpointKind::platelet_engraftment:
      return true;
    case trial::EndpointKind::composite:
    case trial::EndpointKind::edss_plus:
      return !planned.components.empty() &&
             std::all_of(planned.components.begin(), planned.components.end(),
                         [&](std::size_t component) { return event_is_good(plan, component); });
    default:
      return planned.spec.improvement.has_value();
  }
}

bool more_is_good(trial::EndpointKind kind) {
  return kind == trial::EndpointKind::sdmt || kind == trial::EndpointKind::low_contrast ||
         kind == trial::EndpointKind::brain_volume || kind == trial::EndpointKind::eq5d;
}

// 1 where a contrast above that of equal arms speaks for the arm, -1 where it speaks for the reference, 0
// where that cannot be said: of a share of a change it hangs on whether the reference got better or worse.
int sense_of(const EstimationPlan& plan, const Question& question) {
  switch (question.estimator) {
    case Estimator::hazard_ratio:
    case Estimator::odds_ratio:
      return event_is_good(plan, question.endpoint) ? 1 : -1;
    case Estimator::risk_reduction_percent:
      return event_is_good(plan, question.endpoint) ? -1 : 1;
    case Estimator::rate_ratio:  // of relapses, lesions and harms
      return -1;
    case Estimator::rate_reduction_percent:
    case Estimator::count_reduction_percent:
      return 1;
    case Estimator::mean_difference:
    case Estimator::standardised_mean_difference:
    case Estimator::mean_change_difference:
      return more_is_good(plan.endpoints[question.endpoint].spec.kind) ? 1 : -1;
    default:
      return 0;
  }
}

// Share of trials (values 0 and 1) with its Monte Carlo error; replicates of one draw are alike.
analysis::MonteCarlo share_of(const std::vector<double>& values, const std::vector<std::size_t>& draw,
                              int draws) {
  const auto successes = std::count(values.begin(), values.end(), 1.0);
  auto share = analysis::monte_carlo_proportion(successes, static_cast<std::int64_t>(values.size()));
  if (draws > 0) {
    const Split split = split_variance(values, draw, static_cast<std::size_t>(draws));
    if (std::isfinite(split.of_mean)) share.standard_error = std::sqrt(split.of_mean);
  }
  return share;
}

Estimate over_replicates(const EstimationPlan& plan, const std::vector<ReplicateResult>& results,
                         std::size_t index, int draws) {
  const Quantity& quantity = plan.quantities[index];
  const Question& question = plan.questions[index];
  Estimate out;
  out.quantity = quantity;
  out.is_contrast = question.is_contrast;
  out.evaluated_day = question.evaluated_day;
  std::vector<double> all, averaged, significant;
  std::vector<std::size_t> draw, draw_of_test;
  double n = 0.0, for_arm = 0.0, for_reference = 0.0;
  const bool ratio = is_ratio(question.estimator);
  const int sense = sense_of(plan, question);
  for (const auto& result : results) {
    const Outcome& one = result.outcomes.at(index);
    if (!std::isnan(one.p)) {
      const bool found = one.p < plan.protocol.analysis.alpha;
      significant.push_back(found ? 1.0 : 0.0);
      if (draws > 0) draw_of_test.push_back(static_cast<std::size_t>(result.number % draws));
      const double away = sense * (one.value - (ratio ? 1.0 : 0.0));  // infinite ratios have their side too
      for_arm += found && away > 0.0;
      for_reference += found && away < 0.0;
    }
    if (std::isnan(one.value)) continue;
    all.push_back(one.value);
    n += one.n;
    if (std::isfinite(one.value) && (!ratio || one.value > 0.0)) {
      averaged.push_back(ratio ? std::log(one.value) : one.value);
      if (draws > 0) draw.push_back(static_cast<std::size_t>(result.number % draws));
    }
  }
  const auto count = static_cast<double>(results.size());
  out.defined_share = static_cast<double>(averaged.size()) / count;
  out.n = all.empty() ? k_nan : n / static_cast<double>(all.size());
  const Spread spread = spread_of(averaged, draw, draws);
  out.mean = spread.mean;
  out.sd = spread.sd;
  out.mc_error = spread.mc_error;
  out.sd_parameters = spread.sd_parameters;
  out.sd_chance = spread.sd_chance;
  if (ratio) {
    out.mean = std::exp(out.mean);
    out.mc_error *= out.mean;  // delta method
    out.sd *= out.mean;
    out.sd_parameters *= out.mean;
    out.sd_chance *= out.mean;
  }
  std::sort(all.begin(), all.end());
  out.low = quantile(all, 0.025);
  out.median = quantile(all, 0.5);
  out.high = quantile(all, 0.975);
  if (question.is_contrast) {
    out.test = test_of(question.estimator);
    out.significant_share = out.significant_mc_error = k_nan;
    if (!significant.empty()) {
      const auto share = share_of(significant, draw_of_test, draws);
      out.significant_share = share.estimate;
      out.significant_mc_error = share.standard_error;
      if (sense != 0) {
        const auto tested = static_cast<double>(significant.size());
        out.significant_for_arm = for_arm / tested;
        out.significant_for_reference = for_reference / tested;
      }
    }
  }
  return out;
}

// What conduct adds to an estimate, from pairs of the same replicate with and without it: people and chance
// are the same in both, so the pairs tell it far more precisely than two means would.
void add_conduct_share(Estimate& estimate, Estimator estimator, const std::vector<ReplicateResult>& with,
                       const std::vector<ReplicateResult>& without, std::size_t index) {
  const bool ratio = is_ratio(estimator);
  std::vector<double> a, b;
  for (const auto& off : without) {
    const auto on = std::lower_bound(with.begin(), with.end(), off.number,
                                     [](const ReplicateResult& r, int number) { return r.number < number; });
    if (on == with.end() || on->number != off.number) continue;
    const double x = on->outcomes.at(index).value, y = off.outcomes.at(index).value;
    if (!std::isfinite(x) || !std::isfinite(y) || (ratio && (x <= 0.0 || y <= 0.0))) continue;
    a.push_back(ratio ? std::log(x) : x);
    b.push_back(ratio ? std::log(y) : y);
  }
  if (a.size() < 2) return;
  double scale_a = 1.0, scale_b = 1.0;
  if (ratio) {
    scale_a = std::exp(analysis::monte_carlo_mean(a).estimate);
    scale_b = std::exp(analysis::monte_carlo_mean(b).estimate);
  }
  // Of ratios linearised at the geometric means (delta method).
  std::vector<double> differences;
  for (std::size_t i = 0; i < a.size(); ++i) differences.push_back(scale_a * a[i] - scale_b * b[i]);
  const auto mean = analysis::monte_carlo_mean(differences);
  estimate.conduct_share = ratio ? scale_a - scale_b : mean.estimate;
  estimate.conduct_mc_error = mean.standard_error;
}

// Days on which fewer than half of the replicates have anybody left are not drawn.
Curve mean_curve(const EstimationPlan& plan, const CurvePlan& wanted,
                 const std::vector<ReplicateResult>& results, std::size_t first, int draws) {
  Curve curve;
  curve.endpoint = plan.protocol.endpoints[wanted.endpoint].id;
  curve.arm = plan.protocol.arms[wanted.arm].id;
  std::vector<double> values;
  std::vector<std::size_t> draw;
  for (std::size_t d = 0; d < wanted.day.size(); ++d) {
    values.clear();
    draw.clear();
    double sum = 0.0, at_risk = 0.0;
    for (const auto& result : results) {
      at_risk += result.at_risk.at(first + d);
      const double value = result.survival.at(first + d);
      if (std::isnan(value)) continue;
      values.push_back(value);
      if (draws > 0) draw.push_back(static_cast<std::size_t>(result.number % draws));
      sum += value;
    }
    if (2 * values.size() < results.size() || values.empty()) break;
    const double mean = sum / static_cast<double>(values.size());
    if (draws > 0) {
      const Split split = split_variance(values, draw, static_cast<std::size_t>(draws));
      const double half = std::isfinite(split.between)
                              ? analysis::normal_half_width(analysis::k_confidence) * std::sqrt(split.between)
                              : k_nan;
      curve.low_parameters.push_back(std::max(0.0, mean - half));
      curve.high_parameters.push_back(std::min(1.0, mean + half));
    }
    std::sort(values.begin(), values.end());
    curve.day.push_back(wanted.day[d]);
    curve.survival.push_back(mean);
    curve.low.push_back(quantile(values, 0.025));
    curve.high.push_back(quantile(values, 0.975));
    curve.at_risk.push_back(at_risk / static_cast<double>(results.size()));
  }
  return curve;
}

// `value` of each replicate; those where it is not defined do not count.
template <class Value>
OverTrials over_trials(const std::vector<ReplicateResult>& results, int draws, const Value& value) {
  std::vector<double> values;
  std::vector<std::size_t> draw;
  for (const auto& result : results) {
    const double x = value(result);
    if (!std::isfinite(x)) continue;
    values.push_back(x);
    if (draws > 0) draw.push_back(static_cast<std::size_t>(result.number % draws));
  }
  OverTrials out;
  const Spread spread = spread_of(values, draw, draws);
  out.mean = spread.mean;
  out.mc_error = spread.mc_error;
  out.sd_parameters = spread.sd_parameters;
  out.sd_chance = spread.sd_chance;
  std::sort(values.begin(), values.end());
  out.low = quantile(values, 0.025);
  out.high = quantile(values, 0.975);
  return out;
}

ResourceRow resource_row(const economics::Row& row, const OverTrials& over) {
  ResourceRow out;
  out.measure = row.id;
  out.label = row.label;
  out.unit = row.unit;
  out.mean = over.mean;
  out.mc_error = over.mc_error;
  out.sd_parameters = over.sd_parameters;
  out.sd_chance = over.sd_chance;
  out.q10 = out.q50 = out.q90 = k_nan;
  out.low = over.low;
  out.high = over.high;
  return out;
}

std::size_t arm_index(const trial::Protocol& protocol, const std::string& id) {
  std::size_t a = 0;
  while (a < protocol.arms.size() && protocol.arms[a].id != id) ++a;
  return a;
}

// The arms that the protocol compares, the first with the second.
std::vector<std::pair<std::size_t, std::size_t>> contrasts_of(const trial::Protocol& protocol) {
  std::vector<std::pair<std::size_t, std::size_t>> out;
  for (const auto& pair : protocol.analysis.contrasts) {
    if (pair.size() != 2) continue;
    const std::size_t a = arm_index(protocol, pair[0]), b = arm_index(protocol, pair[1]);
    if (a < protocol.arms.size() && b < protocol.arms.size()) out.emplace_back(a, b);
  }
  return out;
}

// Of each measure the arms, then the differences that the protocol asks for.
std::vector<ResourceRow> resource_rows(const trial::Protocol& protocol,
                                       const std::vector<ReplicateResult>& results, int draws) {
  std::vector<const ResourceTally*> tallies;
  for (const auto& result : results)
    if (!result.resources.sum.empty()) tallies.push_back(&result.resources);
  std::vector<ResourceRow> rows;
  if (tallies.size() != results.size()) return rows;
  const std::size_t arms = protocol.arms.size();
  for (const economics::Row& row : economics::rows()) {
    const auto over = [&](const auto& value) {
      return resource_row(
          row, over_trials(results, draws, [&](const ReplicateResult& r) { return value(r.resources); }));
    };
    for (std::size_t a = 0; a < arms; ++a) {
      ResourceRow one = over([&](const ResourceTally& t) { return row_value(t, row, a, arms); });
      const PeopleQuantiles q = people_quantiles(tallies, row, a, arms);
      one.q10 = q.q10, one.q50 = q.q50, one.q90 = q.q90;
      one.arm = protocol.arms[a].id;
      rows.push_back(std::move(one));
    }
    for (const auto& contrast : contrasts_of(protocol)) {
      const std::size_t a = contrast.first, b = contrast.second;
      ResourceRow one = over(
          [&](const ResourceTally& t) { return row_value(t, row, a, arms) - row_value(t, row, b, arms); });
      one.arm = protocol.arms[a].id;
      one.reference = protocol.arms[b].id;
      rows.push_back(std::move(one));
    }
  }
  return rows;
}

double mean_people(const std::vector<ReplicateResult>& results, std::size_t arm) {
  double sum = 0.0;
  for (const auto& result : results) sum += result.people.at(arm);
  return sum / static_cast<double>(results.size());
}

// What a replicate gave a person of the arm.
double a_person(const EstimationPlan& plan, const ReplicateResult& result, YearMeasure measure,
                std::size_t arm, std::size_t period) {
  const int people = result.people.at(arm);
  return people > 0 ? plan.model.sum(result.model, measure, arm, period) / people : k_nan;
}

std::vector<PeriodRow> period_rows(const EstimationPlan& plan, const std::vector<ReplicateResult>& results,
                                   bool priced, int draws) {
  struct Named {
    YearMeasure measure;
    const char* id;
    const char* unit;
  };
  constexpr Named k_named[] = {{YearMeasure::years, "years", "years"},
                               {YearMeasure::qalys, "qalys", "QALY"},
                               {YearMeasure::cost, "cost", "EUR"}};
  const auto& arms = plan.protocol.arms;
  std::vector<PeriodRow> rows;
  for (const Named& named : k_named) {
    if (named.measure == YearMeasure::cost && !priced) continue;
    for (std::size_t p = 0; p < plan.model.periods().size(); ++p) {
      const auto add = [&](std::size_t a, const std::string& reference, const auto& value) {
        const Period& period = plan.model.periods()[p];
        rows.push_back({named.id, named.unit, arms[a].id, reference, period.year, period.from_day,
                        period.to_day, mean_people(results, a), over_trials(results, draws, value)});
      };
      const auto of = [&](const ReplicateResult& r, std::size_t a) {
        return a_person(plan, r, named.measure, a, p);
      };
      for (std::size_t a = 0; a < arms.size(); ++a)
        add(a, "", [&](const ReplicateResult& r) { return of(r, a); });
      for (const auto& contrast : contrasts_of(plan.protocol)) {
        const std::size_t a = contrast.first, b = contrast.second;
        add(a, arms[b].id, [&](const ReplicateResult& r) { return of(r, a) - of(r, b); });
      }
    }
  }
  return rows;
}

std::vector<StateRow> state_rows(const EstimationPlan& plan, const std::vector<ReplicateResult>& results,
                                 int draws) {
  std::vector<StateRow> rows;
  for (std::size_t a = 0; a < plan.protocol.arms.size(); ++a) {
    const double people = mean_people(results, a);
    for (std::size_t d = 0; d < plan.model.days().size(); ++d) {
      for (std::size_t s = 0; s < k_states.size(); ++s) {
        const auto share = [&](const ReplicateResult& r) {
          return r.people.at(a) > 0
                     ? static_cast<double>(plan.model.in_state(r.model, a, d, s)) / r.people.at(a)
                     : k_nan;
        };
        rows.push_back({plan.protocol.arms[a].id, plan.model.days()[d], std::string(k_states[s]), people,
                        over_trials(results, draws, share)});
      }
    }
  }
  return rows;
}

std::vector<ReplicatePeriod> replicate_periods(const EstimationPlan& plan,
                                               const std::vector<ReplicateResult>& results) {
  std::vector<ReplicatePeriod> rows;
  for (const auto& result : results) {
    for (std::size_t a = 0; a < plan.protocol.arms.size(); ++a) {
      for (std::size_t p = 0; p < plan.model.periods().size(); ++p) {
        const Period& period = plan.model.periods()[p];
        rows.push_back({result.number, plan.protocol.arms[a].id, period.year, period.from_day, period.to_day,
                        result.people.at(a), a_person(plan, result, YearMeasure::years, a, p),
                        a_person(plan, result, YearMeasure::qalys, a, p),
                        a_person(plan, result, YearMeasure::cost, a, p)});
      }
    }
  }
  return rows;
}

std::vector<FlowRow> flow_rows(const trial::Protocol& protocol, const std::vector<ReplicateResult>& results) {
  std::vector<FlowRow> rows;
  for (std::size_t a = 0; a < protocol.arms.size(); ++a) {
    for (std::size_t b = 0; b < k_flow_boxes.size(); ++b) {
      FlowRow row{protocol.arms[a].id, std::string(k_flow_boxes[b]), 0.0, std::numeric_limits<int>::max(), 0};
      for (const auto& result : results) {
        const int count = result.flow.at(a * k_flow_boxes.size() + b);
        row.mean += count;
        row.lowest = std::min(row.lowest, count);
        row.highest = std::max(row.highest, count);
      }
      row.mean /= static_cast<double>(results.size());
      rows.push_back(row);
    }
  }
  return rows;
}

std::vector<MultiverseRow> multiverse_rows(const EstimationPlan& plan,
                                           const std::vector<ReplicateResult>& results, int draws) {
  std::vector<MultiverseRow> rows;
  const auto estimate = [&](std::size_t q) { return over_replicates(plan, results, q, draws); };
  for (const auto& wanted : plan.multiverse) {
    MultiverseRow row;
    row.definition = plan.definitions[wanted.definition];
    row.arm = plan.protocol.arms[wanted.arm].id;
    row.events = estimate(wanted.events);
    row.percent = estimate(wanted.percent);
    if (wanted.reference) {
      row.reference = plan.protocol.arms[*wanted.reference].id;
      row.reference_events = estimate(wanted.reference_events);
      row.reference_percent = estimate(wanted.reference_percent);
      row.hazard_ratio = estimate(wanted.hazard_ratio);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

RunSummary Estimation::combine(std::vector<ReplicateResult> results,
                               std::vector<ReplicateResult> without_conduct, int draws) const {
  if (results.empty()) throw std::invalid_argument("no replicate to put together");
  const auto& plan = *plan_;
  std::sort(results.begin(), results.end(),
            [](const ReplicateResult& a, const ReplicateResult& b) { return a.number < b.number; });
  RunSummary summary;
  summary.protocol = plan.protocol;
  summary.replicates = static_cast<int>(results.size());
  summary.draws = draws;
  // Sums in one order whatever the order given.
  std::sort(without_conduct.begin(), without_conduct.end(),
            [](const ReplicateResult& a, const ReplicateResult& b) { return a.number < b.number; });
  for (std::size_t q = 0; q < plan.reported; ++q) {
    summary.estimates.push_back(over_replicates(plan, results, q, draws));
    add_conduct_share(summary.estimates.back(), plan.questions[q].estimator, results, without_conduct, q);
  }
  std::size_t first = 0;
  for (const auto& curve : plan.curves) {
    auto drawn = mean_curve(plan, curve, results, first, draws);
    first += curve.day.size();
    if (!drawn.day.empty()) summary.curves.push_back(std::move(drawn));
  }
  if (plan.scope == Scope::asked) return summary;
  summary.replicate_values.reserve(results.size() * plan.reported);
  for (const auto& result : results) {
    for (std::size_t q = 0; q < plan.reported; ++q) {
      const Outcome& one = result.outcomes.at(q);
      summary.replicate_values.push_back({result.number, q, one.value, one.p});
    }
  }
  std::vector<const BandTally*> bands;
  std::vector<const std::vector<HarmTally>*> harms;
  std::vector<const CellsTally*> cells;
  std::vector<std::int64_t> people(plan.protocol.arms.size(), 0);
  for (const auto& result : results) {
    bands.push_back(&result.bands);
    harms.push_back(&result.harms);
    cells.push_back(&result.cells);
    for (std::size_t a = 0; a < people.size(); ++a) people[a] += result.people.at(a);
  }
  summary.bands = plan.bands.combine(bands);
  summary.harms = combine_harms(harms, plan.protocol, people);
  summary.flow = flow_rows(plan.protocol, results);
  summary.cells_made = combine_cells(cells, plan.protocol);
  summary.resources = resource_rows(plan.protocol, results, draws);
  summary.periods = period_rows(plan, results, prices_.has_value(), draws);
  summary.states = state_rows(plan, results, draws);
  summary.replicate_periods = replicate_periods(plan, results);
  std::set<std::string> not_priced;
  for (const auto& result : results)
    not_priced.insert(result.resources.not_priced.begin(), result.resources.not_priced.end());
  summary.not_priced.assign(not_priced.begin(), not_priced.end());
  for (std::size_t e = 0; e < plan.protocol.endpoints.size(); ++e)
    summary.definitions.push_back({plan.endpoints[e].spec.id, plan.endpoints[e].definition});
  summary.multiverse = multiverse_rows(plan, results, draws);
  return summary;
}

}  // namespace hortega::evidence
