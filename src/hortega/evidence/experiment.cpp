// SPDX-License-Identifier: Apache-2.0
#include "hortega/evidence/experiment.hpp"

#include "hortega/analysis/quantiles.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace hortega::evidence {

namespace {

using trial::AnimalCourse;
using trial::ExperimentMeasure;
using trial::ExperimentReplicate;

constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<double, 2> k_range = {0.05, 0.95};

struct Moments {
  double n = 0.0, mean = k_nan, sd = k_nan;
};

Moments moments_of(const std::vector<double>& values) {
  Moments m;
  m.n = static_cast<double>(values.size());
  if (values.empty()) return m;
  double sum = 0.0;
  for (const double x : values) sum += x;
  m.mean = sum / m.n;
  if (values.size() < 2) return m;
  double squares = 0.0;
  for (const double x : values) squares += (x - m.mean) * (x - m.mean);
  m.sd = std::sqrt(squares / (m.n - 1.0));
  return m;
}

Moments measured(const trial::ExperimentEndpoint& endpoint, const std::vector<AnimalCourse>& arm,
                 int last_day) {
  std::vector<double> values;
  for (const AnimalCourse& animal : arm) {
    if (const auto x = trial::measure_of(endpoint.kind, animal, last_day)) values.push_back(*x);
  }
  Moments m = moments_of(values);
  if (endpoint.kind == ExperimentMeasure::incidence) {
    m.mean *= 100.0;
    m.sd *= 100.0;
  }
  return m;
}

OverReplicates over(const std::vector<double>& values) {
  std::vector<double> finite;
  for (const double x : values)
    if (std::isfinite(x)) finite.push_back(x);
  OverReplicates out;
  out.replicates = static_cast<int>(finite.size());
  if (finite.empty()) return out;
  const Moments m = moments_of(finite);
  out.mean = m.mean;
  out.sd = m.sd;
  const std::vector<double> ends = analysis::quantiles(finite, k_range);
  out.low = ends[0];
  out.high = ends[1];
  return out;
}

/// (mean a - mean b) over the pooled standard deviation; nan where no animal differs.
double standardised(const Moments& a, const Moments& b) {
  const double freedom = a.n + b.n - 2.0;
  const double pooled = std::sqrt(((a.n - 1.0) * a.sd * a.sd + (b.n - 1.0) * b.sd * b.sd) / freedom);
  return pooled > 0.0 ? (a.mean - b.mean) / pooled : k_nan;
}

class Summary {
 public:
  Summary(const trial::Experiment& e, const std::vector<std::vector<ExperimentReplicate>>& replicates)
      : e_(e), replicates_(replicates) {}

  std::size_t arm_index(const std::string& id) const {
    for (std::size_t a = 0; a < e_.arms.size(); ++a)
      if (e_.arms[a].id == id) return a;
    throw std::invalid_argument("the experiment has no arm '" + id + "'");
  }
  const trial::ExperimentEndpoint& endpoint(const std::string& id) const {
    for (const trial::ExperimentEndpoint& x : e_.endpoints)
      if (x.id == id) return x;
    throw std::invalid_argument("the experiment has no endpoint '" + id + "'");
  }
  std::vector<Moments> of_arm(std::size_t h, std::size_t arm, const trial::ExperimentEndpoint& endpoint,
                              int last_day) const {
    std::vector<Moments> out;
    for (const ExperimentReplicate& r : replicates_[h])
      out.push_back(measured(endpoint, r.arms[arm], last_day));
    return out;
  }
  enum class Difference { plain, standardised };
  OverReplicates contrast(std::size_t h, const std::string& endpoint_id, const std::string& arm,
                          const std::string& reference, Difference kind, int last_day) const {
    const trial::ExperimentEndpoint& x = endpoint(endpoint_id);
    const std::vector<Moments> a = of_arm(h, arm_index(arm), x, last_day);
    const std::vector<Moments> b = of_arm(h, arm_index(reference), x, last_day);
    std::vector<double> values;
    for (std::size_t i = 0; i < a.size(); ++i)
      values.push_back(kind == Difference::plain ? a[i].mean - b[i].mean : standardised(a[i], b[i]));
    return over(values);
  }
  OverReplicates mean(std::size_t h, const std::string& endpoint_id, const std::string& arm,
                      int last_day) const {
    std::vector<double> values;
    for (const Moments& m : of_arm(h, arm_index(arm), endpoint(endpoint_id), last_day))
      values.push_back(m.mean);
    return over(values);
  }
  ScoreCurve curve(std::size_t h, std::size_t arm) const {
    ScoreCurve out;
    out.hypothesis = h;
    out.arm = arm;
    const std::size_t days = replicates_[h].front().arms[arm].front().score.size();
    for (std::size_t day = 0; day < days; ++day) {
      std::vector<double> means;
      for (const ExperimentReplicate& r : replicates_[h]) {
        double sum = 0.0;
        for (const AnimalCourse& animal : r.arms[arm]) sum += animal.score[day];
        means.push_back(sum / static_cast<double>(r.arms[arm].size()));
      }
      out.by_day.push_back(over(means));
    }
    return out;
  }

 private:
  const trial::Experiment& e_;
  const std::vector<std::vector<ExperimentReplicate>>& replicates_;
};

OverReplicates simulated_for(const Summary& all, std::size_t h, const MapEntry& entry) {
  const int last_day = static_cast<int>(std::lround(entry.time_day.value_or(0.0)));
  switch (*entry.estimator) {
    case Estimator::mean:
    case Estimator::percent:
      return all.mean(h, *entry.endpoint, *entry.arm, last_day);
    case Estimator::mean_difference:
      return all.contrast(h, *entry.endpoint, entry.contrast[0], entry.contrast[1],
                          Summary::Difference::plain, last_day);
    case Estimator::standardised_mean_difference:
      return all.contrast(h, *entry.endpoint, entry.contrast[0], entry.contrast[1],
                          Summary::Difference::standardised, last_day);
    default:
      throw std::invalid_argument("row " + entry.id + ": animals have no " +
                                  std::string(info(*entry.estimator).name));
  }
}

ExperimentComparison compared(const Summary& all, std::size_t hypotheses, const MapEntry& entry,
                              const PublishedRow& row) {
  ExperimentComparison out;
  out.row = row;
  out.published = published_statistic(row, entry);
  out.endpoint = *entry.endpoint;
  out.arm = entry.contrast.empty() ? *entry.arm : entry.contrast[0];
  out.reference = entry.contrast.empty() ? "" : entry.contrast[1];
  out.note = entry.note.value_or("");
  for (std::size_t h = 0; h < hypotheses; ++h) {
    const OverReplicates value = simulated_for(all, h, entry);
    out.simulated.push_back(value);
    // Chance in the published groups is in the published interval: here only that of the mean over
    // repetitions.
    const double half = analysis::normal_half_width(analysis::k_confidence) * value.sd /
                        std::sqrt(std::max(1.0, static_cast<double>(value.replicates)));
    out.verdicts.push_back(
        compare(out.published, {value.mean, {value.mean - half, value.mean + half}, analysis::k_confidence}));
  }
  return out;
}

}  // namespace

ExperimentSummary summarise_experiment(const trial::Experiment& experiment,
                                       const std::vector<std::vector<ExperimentReplicate>>& replicates,
                                       const EvidenceMap& map, const PublishedRows& published) {
  ExperimentSummary out;
  out.experiment = experiment;
  for (const trial::Hypothesis& h : experiment.hypotheses)
    out.hypotheses.push_back(h.label.empty() ? h.id : h.label);
  if (out.hypotheses.empty()) out.hypotheses.emplace_back();
  const Summary all(experiment, replicates);
  for (std::size_t h = 0; h < out.hypotheses.size(); ++h) {
    for (std::size_t a = 0; a < experiment.arms.size(); ++a) {
      out.curves.push_back(all.curve(h, a));
      for (const trial::ExperimentEndpoint& endpoint : experiment.endpoints) {
        std::vector<double> means;
        std::vector<double> spreads;
        for (const Moments& m : all.of_arm(h, a, endpoint, 0)) {
          means.push_back(m.mean);
          spreads.push_back(m.sd);
        }
        out.numbers.push_back({h, endpoint.id, experiment.arms[a].id, "", over(means), over(spreads)});
      }
    }
    for (const auto& pair : experiment.contrasts) {
      for (const trial::ExperimentEndpoint& endpoint : experiment.endpoints) {
        out.numbers.push_back(
            {h,
             endpoint.id,
             pair[0],
             pair[1],
             all.contrast(h, endpoint.id, pair[0], pair[1], Summary::Difference::standardised, 0),
             {}});
      }
    }
  }
  for (const MapEntry& entry : map.entries) {
    if (!entry.experiment || entry.protocol != experiment.id) continue;
    if (const PublishedRow* row = published.find(entry.id))
      out.comparisons.push_back(compared(all, out.hypotheses.size(), entry, *row));
  }
  return out;
}

}  // namespace hortega::evidence
