// SPDX-License-Identifier: Apache-2.0
// What a scenario asks, run for each of its cases.
#include "hortega/axon/study.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "hortega/core/interrupt.hpp"
#include "hortega/core/math.hpp"
#include "hortega/core/parallel.hpp"

namespace hortega::axon {

namespace {

constexpr std::size_t k_columns = 400, k_rows = 240;
constexpr double k_snapshot_us = 5.0;    // not biology: a spike's rise has a dozen of them
constexpr double k_most_values = 5e9;    // not biology: snapshots times compartments times 1000, for memory
constexpr double k_afterwards_ms = 1.0;  // shown after the last arrival
constexpr std::size_t k_tried = 16;      // values tried side by side in a search
constexpr int k_rounds = 2;              // of a search, the second between two values of the first
constexpr double k_least_sodium = 0.02;  // not biology: where the search for the least density begins
constexpr double k_longest_interval_ms = 20.0;  // not biology: where the search begins
constexpr double k_shortest_interval_ms = 0.2;  // not biology: and ends

struct Question {
  const Scenario& scenario;
  const CaseFibre& made;
  std::size_t from, to;
  Settings settings;
};

Stimulus pulses_at(const Question& q, const std::vector<double>& start_ms) {
  Stimulus s;
  s.node = static_cast<int>(q.made.node_of[static_cast<std::size_t>(q.scenario.stimulus.node - 1)]);
  for (const double t : start_ms)
    s.pulses.push_back({t, q.scenario.stimulus.duration_ms, q.scenario.stimulus.amplitude_na});
  return s;
}

/// Spikes at `to_node` for each job.
std::vector<int> arrivals(const Question& q, const std::vector<Job>& jobs) {
  double last_ms = 0.0;
  for (const Job& job : jobs) last_ms = std::max(last_ms, job.stimulus.pulses.back().start_ms);
  Settings settings = q.settings;
  settings.duration_ms = last_ms + q.scenario.run.duration_ms;
  settings.trace_every_us = std::max(settings.dt_us, k_snapshot_us);
  std::vector<int> n;
  for (const Recording& r : simulate(jobs, settings)) n.push_back(static_cast<int>(spikes(r, q.to).size()));
  return n;
}

/// The least value between `low` and `high` from which on all values tried succeed; in rounds, each side by
/// side.
template <class Succeeds>
std::optional<double> threshold(double low, double high, Succeeds succeeds) {
  std::optional<double> found;
  for (int round = 0; round < k_rounds; ++round) {
    std::vector<double> tried(k_tried);
    for (std::size_t k = 0; k < k_tried; ++k)
      tried[k] = low * math::power(high / low, static_cast<double>(k) / (k_tried - 1));
    const std::vector<bool> good = succeeds(tried);
    std::size_t least = k_tried;
    while (least > 0 && good[least - 1]) --least;
    if (least == k_tried) return found;
    found = tried[least];
    if (least == 0) return found;
    low = tried[least - 1];
    high = tried[least];
  }
  return found;
}

std::optional<double> refractory_period(const Question& q) {
  return threshold(k_shortest_interval_ms, k_longest_interval_ms,
                   [&q](const std::vector<double>& interval_ms) {
                     std::vector<Job> jobs;
                     jobs.reserve(interval_ms.size());
                     for (const double ms : interval_ms)
                       jobs.push_back({&q.made.fibre, pulses_at(q, {0.0, ms})});
                     std::vector<bool> both;
                     for (const int n : arrivals(q, jobs)) both.push_back(n >= 2);
                     return both;
                   });
}

std::optional<double> safety_factor(const Question& q) {
  const std::size_t fast = q.made.fibre.membrane.channel("fast_sodium");
  const auto least = threshold(k_least_sodium, 1.0, [&](const std::vector<double>& share) {
    std::vector<Fibre> fibres(share.size(), q.made.fibre);
    std::vector<Job> jobs;
    for (std::size_t k = 0; k < share.size(); ++k) {
      for (Piece& p : fibres[k].pieces)
        if (!p.channel_ms_per_cm2.empty()) p.channel_ms_per_cm2[fast] *= share[k];
      jobs.push_back({&fibres[k], pulses_at(q, {0.0})});
    }
    std::vector<bool> through;
    for (const int n : arrivals(q, jobs)) through.push_back(n >= 1);
    return through;
  });
  return least ? std::optional(1.0 / *least) : std::nullopt;
}

SpaceTime picture(const Recording& r) {
  SpaceTime p;
  for (const Compartment& c : r.compartments) p.length_um += c.length_um;
  p.duration_ms = r.snapshots.back().t_ms;
  p.columns = k_columns;
  p.rows = std::min(k_rows, r.snapshots.size());
  p.inside_mv.reserve(p.rows * p.columns);
  std::vector<std::size_t> nearest(k_columns);
  std::size_t at = 0;
  for (std::size_t c = 0; c < k_columns; ++c) {
    const double x = (static_cast<double>(c) + 0.5) * p.length_um / k_columns;
    while (at + 1 < r.compartments.size() &&
           std::abs(r.compartments[at + 1].position_um - x) <= std::abs(r.compartments[at].position_um - x))
      ++at;
    nearest[c] = at;
  }
  for (std::size_t row = 0; row < p.rows; ++row) {
    const Snapshot& s = r.snapshots[row * (r.snapshots.size() - 1) / std::max<std::size_t>(1, p.rows - 1)];
    for (const std::size_t i : nearest) p.inside_mv.push_back(static_cast<float>(s.inside_mv[i] + r.rest_mv));
  }
  return p;
}

void measure_single(const Question& q, CaseResult& out) {
  Settings settings = q.settings;
  settings.duration_ms = q.scenario.run.duration_ms;
  const Stimulus stimulus = pulses_at(q, {0.0});
  const Recording r = simulate(q.made.fibre, stimulus, settings);
  out.node_position_um = r.node_position_um;
  for (std::size_t k = 0; k < r.node_position_um.size(); ++k) {
    const auto found = spikes(r, k);
    out.arrival_ms.push_back(found.empty() ? std::nullopt : std::optional(found.front().arrival_ms));
    if (found.empty()) continue;
    out.reached_node = static_cast<int>(k) + 1;
    out.reached_um = r.node_position_um[k];
  }
  // A spike needs less than a millisecond from node to node; one that fired so late, or a stimulus that ended
  // so late, may still go on.
  const double last_ms = out.reached_node > 0
                             ? *out.arrival_ms[static_cast<std::size_t>(out.reached_node - 1)]
                             : q.scenario.stimulus.duration_ms;
  out.still_under_way = !out.arrival_ms.back() && last_ms + 1.0 > settings.duration_ms;
  if (const auto first = spikes(r, q.from); !first.empty()) {
    out.peak_mv = first.front().peak_mv;
    out.half_width_ms = first.front().half_width_ms;
  }
  out.transmitted = out.arrival_ms[q.to].has_value();
  out.velocity_m_per_s = velocity_m_per_s(r, q.from, q.to);
  if (out.arrival_ms[q.from] && out.arrival_ms[q.to])
    out.delay_ms = *out.arrival_ms[q.to] - *out.arrival_ms[q.from];
  if (!out.still_under_way) out.atp_per_um = atp_per_um(r, q.made.fibre.membrane, stimulus.node);
}

/// The same run again for as long as something happens in any case, with the potential everywhere.
void look_closely(const Question& q, double shown_ms, CaseResult& out) {
  Settings settings = q.settings;
  settings.duration_ms = shown_ms;
  const auto values = static_cast<double>(2 * compartments(q.made.fibre).size());
  const double least_us = 1e3 * shown_ms * values / k_most_values;
  settings.snapshot_every_us = std::max({k_snapshot_us, settings.dt_us, least_us});
  const Recording r = simulate(q.made.fibre, pulses_at(q, {0.0}), settings);
  if (out.transmitted && least_us < k_snapshot_us) {
    for (std::size_t k = q.from; k < q.to; ++k) {
      const auto ratio = charge_ratio(r, k);
      if (!ratio || (out.charge_ratio && *ratio >= *out.charge_ratio)) continue;
      out.charge_ratio = ratio;
      out.charge_ratio_node = static_cast<int>(k) + 1;
    }
  }
  out.picture = picture(r);
}

Question question(const Scenario& scenario, const CaseFibre& made) {
  const auto node = [&](int n) { return made.node_of[static_cast<std::size_t>(n - 1)]; };
  Question q{scenario, made, node(scenario.measure.from_node), node(scenario.measure.to_node), {}};
  q.settings.dt_us = scenario.run.dt_us;
  return q;
}

CaseResult run_case(const Scenario& scenario, const Case& one, const core::ParameterSet& parameters,
                    const std::function<void()>& done) {
  CaseResult out;
  out.name = one.name;
  out.fibre = case_fibre(scenario, one, parameters);
  out.celsius = out.fibre.fibre.celsius;
  const Question q = question(scenario, out.fibre);
  const auto tell = [&done] {
    if (done) done();
  };
  measure_single(q, out);
  tell();
  if (out.transmitted && scenario.measure.refractory) out.refractory_ms = refractory_period(q);
  tell();
  if (out.transmitted && scenario.measure.safety) out.safety_factor = safety_factor(q);
  tell();
  for (const double hz : scenario.measure.train_hz) {
    std::vector<double> start_ms;
    start_ms.reserve(static_cast<std::size_t>(scenario.measure.train_pulses));
    for (int k = 0; k < scenario.measure.train_pulses; ++k) start_ms.push_back(1e3 * k / hz);
    out.trains.push_back({hz, scenario.measure.train_pulses,
                          arrivals(q, {{&out.fibre.fibre, pulses_at(q, start_ms)}}).front()});
    tell();
  }
  return out;
}

/// Temperatures of cases other than the scenario's, ascending.
std::vector<double> other_celsius(const Scenario& scenario) {
  std::vector<double> all;
  for (const Case& one : scenario.cases)
    if (one.celsius && *one.celsius != scenario.celsius) all.push_back(*one.celsius);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

Case intact_case(std::optional<double> celsius) { return {"intact", celsius, {}}; }

IntactAt run_intact_at(const Scenario& scenario, double celsius, const core::ParameterSet& parameters) {
  CaseResult one;
  one.fibre = case_fibre(scenario, intact_case(celsius), parameters);
  measure_single(question(scenario, one.fibre), one);
  return {celsius, one.transmitted, one.velocity_m_per_s, one.delay_ms, one.still_under_way};
}

/// Delay of the intact fibre at the temperature of a case.
std::optional<double> intact_delay_ms(const Study& study, double celsius) {
  for (const IntactAt& at : study.intact_at)
    if (at.celsius == celsius) return at.delay_ms;
  return study.intact.delay_ms;
}

double last_arrival_ms(const CaseResult& one) {
  double last = 0.0;
  for (const auto& arrival : one.arrival_ms)
    if (arrival) last = std::max(last, *arrival);
  return last;
}

}  // namespace

std::size_t steps_of(const Scenario& scenario) {
  // Single spike, refractory period, safety factor, each train, picture.
  return (scenario.cases.size() + 1) * (4 + scenario.measure.train_hz.size()) +
         other_celsius(scenario).size();
}

StudyCost study_cost(const Scenario& scenario, const core::ParameterSet& parameters) {
  const auto steps = [&](double ms) { return std::ceil(ms / (1e-3 * scenario.run.dt_us) - 1e-9); };
  const double single_ms = scenario.run.duration_ms;
  StudyCost cost;
  cost.steps = steps(single_ms);
  // Of each case: a spike and its picture, the searches, the trains.
  constexpr double tries = static_cast<double>(k_rounds) * static_cast<double>(k_tried);
  double runs = 2.0, all_steps = 2.0 * cost.steps;
  if (scenario.measure.refractory) {
    runs += tries;
    all_steps += tries * steps(k_longest_interval_ms + single_ms);
  }
  if (scenario.measure.safety) {
    runs += tries;
    all_steps += tries * cost.steps;
  }
  for (const double hz : scenario.measure.train_hz) {
    runs += 1.0;
    all_steps += steps(1e3 * (scenario.measure.train_pulses - 1) / hz + single_ms);
  }
  const auto add = [&](const Case& one, double of_runs, double of_steps) {
    const std::size_t n = compartments(case_fibre(scenario, one, parameters).fibre).size();
    ++cost.fibres;
    cost.compartments = std::max(cost.compartments, n);
    cost.runs += of_runs;
    cost.compartment_steps += of_steps * static_cast<double>(n);
  };
  add(intact_case({}), runs, all_steps);
  for (const Case& one : scenario.cases) add(one, runs, all_steps);
  for (const double celsius : other_celsius(scenario)) add(intact_case(celsius), 1.0, cost.steps);
  return cost;
}

std::string cost_words(const StudyCost& cost) {
  return fmt::format(
      "  {} fibre{} of up to {} compartments, {:.0f} time steps for a spike; at most {:.0f} runs with {:.2g} "
      "steps of a compartment in all",
      cost.fibres, cost.fibres == 1 ? "" : "s", cost.compartments, cost.steps, cost.runs,
      cost.compartment_steps);
}

Study run_study(const Scenario& scenario, const core::ParameterSet& parameters,
                const std::function<void()>& done) {
  Study study;
  study.scenario = scenario;
  std::vector<Case> cases = scenario.cases;
  cases.insert(cases.begin(), intact_case({}));
  std::vector<CaseResult> results(cases.size());
  const std::vector<double> other = other_celsius(scenario);
  study.intact_at.resize(other.size());
  core::parallel_for(cases.size(),
                     [&](std::size_t k) { results[k] = run_case(scenario, cases[k], parameters, done); });
  core::throw_if_interrupted();
  core::parallel_for(other.size(), [&](std::size_t k) {
    study.intact_at[k] = run_intact_at(scenario, other[k], parameters);
    if (done) done();
  });
  core::throw_if_interrupted();
  // One time for all pictures, so that they can be compared.
  double shown_ms = 0.0;
  for (const CaseResult& one : results) shown_ms = std::max(shown_ms, last_arrival_ms(one) + k_afterwards_ms);
  shown_ms = std::min(shown_ms, scenario.run.duration_ms);
  core::parallel_for(results.size(), [&](std::size_t k) {
    look_closely(question(scenario, results[k].fibre), shown_ms, results[k]);
    if (done) done();
  });
  core::throw_if_interrupted();
  study.intact = std::move(results[0]);
  for (std::size_t k = 1; k < results.size(); ++k) {
    const std::optional<double> intact_ms = intact_delay_ms(study, results[k].celsius);
    if (results[k].delay_ms && intact_ms) results[k].extra_delay_ms = *results[k].delay_ms - *intact_ms;
    study.cases.push_back(std::move(results[k]));
  }
  return study;
}

}  // namespace hortega::axon
