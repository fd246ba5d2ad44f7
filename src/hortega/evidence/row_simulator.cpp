// SPDX-License-Identifier: Apache-2.0
// Many protocols at one set of parameters, each published number beside its simulated one.
#include "hortega/evidence/row_simulator.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>

#include "hortega/core/parallel.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/evidence/comparison.hpp"
#include "hortega/evidence/holdout.hpp"

namespace hortega::evidence {
namespace {

constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();
constexpr double k_half_event = 0.5;
constexpr double k_without_people = 1000.0;  // how near to its edge a share may come if n is not known

Link link_of(Estimator estimator) {
  switch (estimator) {
    case Estimator::rate_reduction_percent:
    case Estimator::risk_reduction_percent:
    case Estimator::count_reduction_percent:
    case Estimator::change_reduction_percent:
      return Link::log_rest;
    case Estimator::share_percent:
      return Link::logit;
    case Estimator::median_count:      // often nought
    case Estimator::median_age_years:  // years count, not ratios of ages
      return Link::identity;
    default:
      break;
  }
  const EstimatorInfo& about = info(estimator);
  if (about.unit == Unit::percent)
    return about.derivation == Derivation::binomial ? Link::logit : Link::identity;
  return about.unit == Unit::measurement ? Link::identity : Link::log;
}

// Derivative of the link at a natural value.
double slope(Link link, double natural) {
  switch (link) {
    case Link::identity:
      return 1.0;
    case Link::log:
      return 1.0 / natural;
    case Link::logit:
      return 100.0 / (natural * (100.0 - natural));
    case Link::log_rest:
      return -1.0 / (100.0 - natural);
  }
  return k_nan;
}

// A natural value moved off the edge that the link cannot hold.
double inside(Link link, double natural, double people) {
  const double n = people > 0.0 ? people : k_without_people;
  switch (link) {
    case Link::identity:
      return natural;
    case Link::log:
      return std::max(natural, k_half_event / n);
    case Link::logit: {
      const double edge = 100.0 * k_half_event / (n + 1.0);
      return std::clamp(natural, edge, 100.0 - edge);
    }
    case Link::log_rest:
      return std::min(natural, 100.0 - 100.0 * k_half_event / n);
  }
  return natural;
}

// Standard error on the link's scale from the limits: from both where the scale holds both, else from the
// one that it holds.
double error_of(Link link, double y, double low, double high, double confidence) {
  double a = link == Link::identity ? low : k_nan, b = link == Link::identity ? high : k_nan;
  if (link == Link::log) {
    if (low > 0.0) a = std::log(low);
    if (high > 0.0) b = std::log(high);
  } else if (link == Link::logit) {
    if (low > 0.0) a = std::log(low / (100.0 - low));
    if (high < 100.0) b = std::log(high / (100.0 - high));
  } else if (link == Link::log_rest) {
    if (high < 100.0) a = std::log(1.0 - high / 100.0);
    if (low < 100.0) b = std::log(1.0 - low / 100.0);
  }
  const double z = analysis::normal_half_width(confidence);
  if (std::isfinite(a) && std::isfinite(b)) return (b - a) / (2.0 * z);
  if (std::isfinite(b)) return (b - y) / z;
  if (std::isfinite(a)) return (y - a) / z;
  return k_nan;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Target target_of(const PublishedRow& row, const MapEntry& entry, const trial::Protocol& protocol,
                 const Quantity& quantity, const std::set<std::string>& aside) {
  Target t;
  t.row_id = row.id;
  t.part = entry.part.value_or(0);
  t.role = name(row.role);
  t.status = name(row.status);
  t.study = row.study;
  t.family = study_family(row.study);
  t.fitted = row.role == Role::calibration;
  t.set_aside = aside.count(t.family) > 0;
  t.protocol = protocol.id;
  t.endpoint = quantity.endpoint;
  t.estimator = quantity.estimator;
  t.arms = quantity.arm + (quantity.reference.empty() ? "" : " / " + quantity.reference);
  if (!quantity.subgroup.empty()) t.arms += " (" + quantity.subgroup + ")";
  t.text = row.endpoint;
  t.unit = unit_of(row, entry);
  t.link = link_of(*entry.estimator);
  t.people = entry.denominator ? *entry.denominator : row.n.value_or(0.0);
  const PublishedStatistic s = published_statistic(row, entry);
  const Unit unit = info(*entry.estimator).unit;
  const bool is_time = unit == Unit::months || unit == Unit::years;
  t.published = s.value.value_or(k_nan);
  t.derived = is_derived(s.basis);
  t.low = t.high = t.se = k_nan;
  t.y = s.value ? to_link(t.link, *s.value, t.people) : k_nan;
  if (is_time && s.value && *s.value <= 0.0) {
    t.why_not_scored = "a median time of nought has no logarithm";
  } else if (s.basis == IntervalBasis::range) {
    t.is_range = true;
    t.why_not_scored = "a range of several published values, not an interval";
  } else if (s.interval) {
    t.low = s.interval->lower;
    t.high = s.interval->upper;
    t.se = error_of(t.link, t.y, t.low, t.high, s.confidence);
    if (!(t.se > 0.0)) t.why_not_scored = "no standard error follows from the interval";
  } else {
    t.why_not_scored = s.why_not_scored;
  }
  return t;
}

Target target_of(const AskedNumber& number, Estimator estimator) {
  Target t;
  t.row_id = number.id;
  t.protocol = number.protocol;
  t.endpoint = number.quantity.endpoint;
  t.estimator = number.quantity.estimator;
  t.arms = number.quantity.arm;
  if (!number.quantity.subgroup.empty()) t.arms += " (" + number.quantity.subgroup + ")";
  t.link = link_of(estimator);
  t.published = t.low = t.high = t.y = t.se = k_nan;
  t.why_not_scored = "no published row";
  return t;
}

Estimator estimator_named(const std::string& name) {
  for (const EstimatorInfo& known : estimators())
    if (known.name == name) return known.estimator;
  throw std::invalid_argument("no estimator is called \"" + name + "\"");
}

bool is_wanted(const PublishedRow& row, const RowChoice& choice, const std::set<std::string>& aside) {
  if (!choice.set_aside && aside.count(study_family(row.study)) > 0) return false;
  return (row.role == Role::calibration && choice.calibration) ||
         (row.role == Role::validation && choice.validation);
}

int smallest_arm(const trial::Protocol& protocol) {
  double all = 0.0, least = std::numeric_limits<double>::infinity();
  for (const trial::Arm& arm : protocol.arms) {
    all += arm.allocation;
    least = std::min(least, arm.allocation);
  }
  return std::max(1, static_cast<int>(std::floor(protocol.population.n * least / all)));
}

}  // namespace

struct RowSimulator::Study {
  trial::Protocol protocol;
  Estimation estimation;
  std::vector<Quantity> quantities;
  std::vector<std::size_t> question;  ///< of each target, its index into quantities
  std::size_t first_target = 0;
  std::vector<std::size_t> asked_question;  ///< of each number that is asked
  std::size_t first_asked = 0;
};

double to_link(Link link, double natural, double people) {
  const double x = inside(link, natural, people);
  switch (link) {
    case Link::identity:
      return x;
    case Link::log:
      return std::log(x);
    case Link::logit:
      return std::log(x / (100.0 - x));
    case Link::log_rest:
      return std::log(1.0 - x / 100.0);
  }
  return k_nan;
}

double from_link(Link link, double x) {
  switch (link) {
    case Link::identity:
      return x;
    case Link::log:
      return std::exp(x);
    case Link::logit:
      return 100.0 / (1.0 + std::exp(-x));
    case Link::log_rest:
      return 100.0 * (1.0 - std::exp(x));
  }
  return k_nan;
}

RowSimulator::RowSimulator(std::vector<trial::Protocol> protocols, const EvidenceMap& map,
                           const PublishedRows& published, WorldOf world, const RowChoice& choice,
                           const std::vector<AskedNumber>& asked)
    : world_(std::move(world)) {
  const std::set<std::string> aside = families_set_aside(published);
  for (trial::Protocol& protocol : protocols) {
    std::vector<Quantity> quantities;
    std::vector<std::size_t> question, asked_question;
    const std::size_t first = targets_.size(), first_asked = asked_.size();
    const auto place_of = [&](const Quantity& quantity) {
      const auto known = std::find(quantities.begin(), quantities.end(), quantity);
      const auto place = static_cast<std::size_t>(known - quantities.begin());
      if (known == quantities.end()) quantities.push_back(quantity);
      return place;
    };
    for (const PublishedRow& row : published.rows()) {
      if (!row.is_outcome() || !is_wanted(row, choice, aside)) continue;
      for (const MapEntry& entry : map.entries) {
        if (entry.id != row.id || !entry.is_mapped() || entry.protocol != protocol.id) continue;
        const Quantity quantity = quantity_of(entry);
        targets_.push_back(target_of(row, entry, protocol, quantity, aside));
        for (const StudyBias& bias : map.biases) {
          if (bias.study == targets_.back().family) targets_.back().study_bias = bias.sd;
        }
        question.push_back(place_of(quantity));
      }
    }
    for (const AskedNumber& number : asked) {
      if (number.protocol != protocol.id) continue;
      asked_.push_back(target_of(number, estimator_named(number.quantity.estimator)));
      asked_question.push_back(place_of(number.quantity));
    }
    if (quantities.empty()) continue;
    Estimation estimation(protocol, quantities, Scope::asked);
    studies_.push_back({std::move(protocol), std::move(estimation), std::move(quantities),
                        std::move(question), first, std::move(asked_question), first_asked});
  }
}

RowSimulator::~RowSimulator() = default;

std::vector<Prediction> RowSimulator::predict(const core::ParameterSet& parameters, std::uint64_t seed,
                                              const RowSimulatorOptions& options,
                                              std::vector<RowCost>* cost) const {
  const World world = world_(parameters);
  std::vector<Prediction> predictions(targets_.size() + asked_.size(), Prediction{k_nan, k_nan, k_nan});
  std::vector<const Study*> studies;
  std::vector<trial::Protocol> protocols;
  for (const Study& study : studies_) {
    if (!options.only.empty() &&
        std::find(options.only.begin(), options.only.end(), study.protocol.id) == options.only.end())
      continue;
    studies.push_back(&study);
    protocols.push_back(study.protocol);
    protocols.back().seed = seed;
  }
  const auto recruitments = trial::recruit_together(
      protocols, world.environment,
      {options.lives, options.times_at_most * options.lives, options.effective_share * options.lives}, seed);

  struct Task {
    std::size_t study = 0;
    int replicate = 0;
    double seconds = 0.0;
    ReplicateResult result;
  };
  std::vector<Task> tasks;
  for (std::size_t s = 0; s < studies.size(); ++s) {
    if (!recruitments[s]) continue;  // nobody qualifies: the numbers stay undefined
    const int arm = smallest_arm(protocols[s]);
    const int wanted = std::min((options.people_per_arm + arm - 1) / arm,
                                options.people_at_most / std::max(1, protocols[s].population.n));
    const int replicates = std::max(options.replicates_at_least, wanted);
    for (int i = 0; i < replicates; ++i) tasks.push_back({s, i, 0.0, {}});
  }
  core::parallel_for(tasks.size(), [&](std::size_t i) {
    Task& task = tasks[i];
    const auto start = std::chrono::steady_clock::now();
    task.result = studies[task.study]->estimation.estimate(
        trial::simulate_replicate(protocols[task.study], world.environment, *recruitments[task.study],
                                  task.replicate, options.conduct));
    task.seconds = seconds_since(start);
  });

  auto next = tasks.begin();
  for (std::size_t s = 0; s < studies.size(); ++s) {
    RowCost of{protocols[s].id, 0, 0.0, 0, 0.0};
    std::vector<ReplicateResult> results;
    for (; next != tasks.end() && next->study == s; ++next) {
      results.push_back(std::move(next->result));
      of.thread_s += next->seconds;
    }
    if (recruitments[s]) {
      of.qualifying = recruitments[s]->report.qualifying;
      of.effective_share = recruitments[s]->report.effective_share;
      of.replicates = static_cast<int>(results.size());
      put_predictions(*studies[s], studies[s]->estimation.combine(std::move(results)), of, predictions);
    }
    if (cost != nullptr) cost->push_back(of);
  }
  return predictions;
}

void RowSimulator::put_predictions(const Study& study, const RunSummary& summary, const RowCost& of,
                                   std::vector<Prediction>& predictions) const {
  // The same lives are enrolled in every replicate: their sampling error does not shrink with replicates.
  const double lives = of.effective_share * of.qualifying;
  const double shared = study.protocol.population.n / std::max(1.0, lives);
  const auto put = [&](const Target& target, std::size_t question, double known, Prediction& out) {
    const Estimate& estimate = summary.estimates.at(question);
    if (!std::isfinite(estimate.mean)) return;
    const double people = estimate.n * of.replicates;
    const double steep = std::fabs(slope(target.link, inside(target.link, estimate.mean, people)));
    out.mean = to_link(target.link, estimate.mean, people);
    const double fewer = spread_in_fewer(estimate.n, target.people);
    out.sd_study = estimate.sd * steep * fewer;
    if (of.replicates < k_replicates_for_spread && known > 0.0) {
      out.sd_study = known;
      out.mc_se = known / fewer * std::sqrt(1.0 / of.replicates + shared);
    } else {
      out.mc_se = std::hypot(estimate.mc_error * steep, out.sd_study / fewer * std::sqrt(shared));
    }
  };
  for (std::size_t k = 0; k < study.question.size(); ++k) {
    const std::size_t t = study.first_target + k;
    put(targets_[t], study.question[k], spread_.empty() ? k_nan : spread_[t], predictions[t]);
  }
  for (std::size_t k = 0; k < study.asked_question.size(); ++k) {
    const std::size_t a = study.first_asked + k;
    put(asked_[a], study.asked_question[k], k_nan, predictions[targets_.size() + a]);
  }
}

void RowSimulator::complete_errors(const std::vector<Prediction>& reference) {
  spread_.clear();
  for (const Prediction& p : reference) spread_.push_back(p.sd_study);
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    Target& t = targets_[i];
    const double spread = reference.at(i).sd_study;
    const bool edge = t.link == Link::log && t.published <= 0.0 && !std::isfinite(t.low);
    if (!std::isfinite(t.y) || edge || !(spread > 0.0)) continue;
    if (t.is_range || t.people <= 0.0) continue;  // not an interval; the spread of a study of unknown size
    const bool none = !std::isfinite(t.se) && !std::isfinite(t.low);
    const bool poisson = t.derived && t.link == Link::log;
    if (none || (poisson && spread > t.se)) {
      t.se = spread;
      t.derived = true;
      const double half = analysis::normal_half_width(analysis::k_confidence) * spread;
      const double a = from_link(t.link, t.y - half), b = from_link(t.link, t.y + half);
      t.low = std::min(a, b);
      t.high = std::max(a, b);
      t.why_not_scored.clear();
    }
  }
}

}  // namespace hortega::evidence
