// SPDX-License-Identifier: Apache-2.0
// Scores of rows, headlines and studies left out.
#include "hortega/evidence/validation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>

#include <boost/math/distributions/students_t.hpp>

#include "hortega/analysis/proportions.hpp"
#include "hortega/evidence/other_studies.hpp"
#include "hortega/evidence/pareto_smoothing.hpp"
#include "hortega/evidence/row_simulator.hpp"

namespace hortega::evidence {
namespace {

constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();

void check_draws(const DrawPredictions& draws, std::size_t targets, const std::string& what) {
  const auto refuse = [&](const char* why) { throw std::invalid_argument(what + ": " + why); };
  if (draws.by_draw.empty()) refuse("no draw");
  for (const auto& draw : draws.by_draw)
    if (draw.size() != targets) refuse("a draw has not one prediction a target");
  if (!draws.weight.empty() && draws.weight.size() != draws.draws()) refuse("not one weight a draw");
  if (draws.between_study_sd.empty()) return;
  if (draws.between_study_sd.size() != draws.draws()) refuse("not one between-study term a draw");
  for (const auto& draw : draws.between_study_sd)
    if (draw.size() != targets) refuse("a draw has not one between-study term a target");
}

/// Spread of the parts, from the predictions themselves.
void split_variance(const DrawPredictions& draws, std::size_t target, std::span<const double> weight,
                    RowPrediction& row) {
  double all = 0.0, squares = 0.0, mean = 0.0, study = 0.0, between = 0.0, mc = 0.0;
  const auto each = [&](const auto& use) {
    for (std::size_t d = 0; d < draws.draws(); ++d) {
      const Prediction& p = draws.by_draw[d][target];
      if (!std::isfinite(p.mean) || !std::isfinite(p.sd_study)) continue;
      use(d, p, weight.empty() ? 1.0 : weight[d]);
    }
  };
  each([&](std::size_t, const Prediction&, double w) { all += w; });
  if (all <= 0.0) return;
  each([&](std::size_t d, const Prediction& p, double w) {
    w /= all;
    squares += w * w;
    mean += w * p.mean;
    study += w * p.sd_study * p.sd_study;
    mc += w * (std::isfinite(p.mc_se) ? p.mc_se * p.mc_se : 0.0);
    if (!draws.between_study_sd.empty()) {
      const double tau = draws.between_study_sd[d][target];
      between += w * tau * tau;
    }
  });
  double variance = 0.0;
  each([&](std::size_t, const Prediction& p, double w) {
    variance += w / all * (p.mean - mean) * (p.mean - mean);
  });
  // Draws with people of their own differ by simulation error too; only draws with the same people do not.
  const double in_spread = draws.people == People::own_of_each_draw ? mc * (1.0 - squares) : 0.0;
  row.mean = mean;
  row.sd_parameters = std::sqrt(std::max(0.0, variance - in_spread));
  row.sd_study = std::sqrt(study);
  row.sd_between = std::sqrt(between);
  row.sd_simulation = std::sqrt(mc);
}

RowPrediction predict_row(const DrawPredictions& draws, const Target& target, std::size_t index,
                          std::span<const double> weight, double unit) {
  RowPrediction row;
  const NormalMixture alone = predictive(draws, index, BetweenStudies::left_out, weight, &row.defined_share);
  split_variance(draws, index, weight, row);
  if (alone.mean.empty() || row.defined_share < k_least_defined_share) return row;
  row.chance_alone = score(alone, target.y, unit);
  const NormalMixture added = predictive(draws, index, BetweenStudies::included, weight);
  if (!added.mean.empty()) row.between_added = score(added, target.y, unit);
  return row;
}

/// Root mean square of published values in each unit, of targets that can be scored.
std::map<std::string, double> unit_sizes(const std::vector<Target>& targets) {
  std::map<std::string, std::pair<double, double>> sums;
  for (const Target& t : targets) {
    if (t.link != Link::identity || !t.why_not_scored.empty() || !std::isfinite(t.y)) continue;
    sums[t.unit].first += t.y * t.y;
    sums[t.unit].second += 1.0;
  }
  std::map<std::string, double> sizes;
  for (const auto& [unit, sum] : sums) {
    const double size = std::sqrt(sum.first / sum.second);
    sizes[unit] = size > 0.0 ? size : 1.0;
  }
  return sizes;
}

/// The guess from other studies, as a score. Its z counts in half widths of its 68 % interval.
void guess_from_others(const std::vector<Target>& targets, const std::vector<std::string>& keys,
                       ValidationRow& row) {
  const Target& t = targets[row.target];
  const RandomEffects pooled = other_studies(targets, keys, row.target);
  row.other_studies = pooled.studies;
  if (pooled.studies < 2 || !(t.se > 0.0)) return;
  row.others_mean = pooled.mean;
  Score s;
  const GuessInterval half = prediction_interval(pooled, t.se, 0.5);
  const GuessInterval most = prediction_interval(pooled, t.se, 0.9);
  s.low_50 = half.low, s.high_50 = half.high, s.low_90 = most.low, s.high_90 = most.high;
  const double sd = std::sqrt(pooled.between_sd * pooled.between_sd +
                              pooled.standard_error * pooled.standard_error + t.se * t.se);
  s.z = (t.y - pooled.mean) / sd;
  s.pit = boost::math::cdf(boost::math::students_t(static_cast<double>(pooled.studies) - 1.0), s.z);
  s.inside_50 = t.y >= s.low_50 && t.y <= s.high_50;
  s.inside_90 = t.y >= s.low_90 && t.y <= s.high_90;
  s.interval_score_50 = interval_score(s.low_50, s.high_50, t.y, 0.5) / row.score_unit;
  s.interval_score_90 = interval_score(s.low_90, s.high_90, t.y, 0.9) / row.score_unit;
  row.others = s;
}

/// Collects scores of rows and adds them up.
class Adder {
 public:
  void add(const Score& score, const Target& target) {
    scores_.push_back(score);
    families_.push_back(target.family);
  }
  Tally sum() const { return tally(scores_, families_); }

 private:
  std::vector<Score> scores_;
  std::vector<std::string> families_;
};

Headline headline(Group group, const ValidationInput& input, const std::vector<ValidationRow>& rows) {
  Headline h;
  h.group = group;
  Adder alone, added;
  bool has_between = false;
  for (const ValidationRow& row : rows) {
    if (row.group != group || !row.why_not_scored.empty()) continue;
    const Target& t = input.targets[row.target];
    alone.add(*row.main.chance_alone, t);
    if (row.main.between_added) {
      added.add(*row.main.between_added, t);
      has_between = true;
    }
  }
  h.chance_alone = alone.sum();
  if (has_between) h.between_added = added.sum();
  const auto against = [&](const std::string& name, const auto& score_of) {
    Adder baseline, engine;
    BaselineComparison c;
    c.name = name;
    for (const ValidationRow& row : rows) {
      if (row.group != group || !row.why_not_scored.empty()) continue;
      const std::optional<Score> s = score_of(row);
      if (!s) {
        ++c.not_scored;
        continue;
      }
      baseline.add(*s, input.targets[row.target]);
      engine.add(*row.main.shown(), input.targets[row.target]);
    }
    c.baseline = baseline.sum(), c.engine = engine.sum();
    h.baselines.push_back(std::move(c));
  };
  if (input.prior)
    against("prior",
            [](const ValidationRow& row) { return row.prior ? row.prior->shown() : std::optional<Score>(); });
  against("other studies", [](const ValidationRow& row) { return row.others; });
  return h;
}

std::vector<StudySetAside> one_by_one(const ValidationInput& input, const std::vector<ValidationRow>& rows) {
  std::vector<const ValidationRow*> scored;
  std::set<std::string> families;
  for (const ValidationRow& row : rows) {
    if (row.group != Group::set_aside || !row.why_not_scored.empty()) continue;
    scored.push_back(&row);
    families.insert(input.targets[row.target].family);
  }
  std::vector<StudySetAside> out;
  for (const std::string& family : families) {
    Adder alone, without_it;
    for (const ValidationRow* row : scored) {
      const Target& t = input.targets[row->target];
      (t.family == family ? alone : without_it).add(*row->main.shown(), t);
    }
    out.push_back({family, alone.sum(), without_it.sum()});
  }
  return out;
}

/// Log-likelihood of a target under a draw: as the fit had it, else normal.
double log_likelihood(const ValidationInput& input, std::size_t draw, std::size_t target) {
  if (!input.log_likelihood.empty()) return input.log_likelihood[draw][target];
  const DrawPredictions& draws = input.main.draws;
  const Target& t = input.targets[target];
  const Prediction& p = draws.by_draw[draw][target];
  const double tau = draws.between_study_sd.empty() ? 0.0 : draws.between_study_sd[draw][target];
  const double mc = std::isfinite(p.mc_se) ? p.mc_se : 0.0;
  const double variance = t.se * t.se + tau * tau + mc * mc;
  const double residual = t.y - p.mean;
  return -0.5 * (std::log(2.0 * 3.14159265358979323846 * variance) + residual * residual / variance);
}

}  // namespace

Group group_of(const Target& target) {
  if (target.set_aside) return Group::set_aside;
  return target.fitted ? Group::fitted : Group::used;
}

std::string_view name(Group group) {
  switch (group) {
    case Group::set_aside:
      return "set_aside";
    case Group::used:
      return "used";
    case Group::fitted:
      break;
  }
  return "fitted";
}

std::string_view words(Group group) {
  switch (group) {
    case Group::set_aside:
      return "set aside";
    case Group::used:
      return "used to choose the model";
    case Group::fitted:
      break;
  }
  return "fitted";
}

std::string_view name(Domain domain) {
  switch (domain) {
    case Domain::relapses:
      return "Relapses";
    case Domain::lesions:
      return "Lesions";
    case Domain::disability:
      return "Disability";
    case Domain::progression:
      return "Progression";
    case Domain::brain_volume:
      return "Brain volume";
    case Domain::harms:
      return "Harms and death";
    case Domain::immune:
      return "Blood and engraftment";
    case Domain::other:
      break;
  }
  return "Other";
}

double Tally::share_50() const {
  return rows ? static_cast<double>(inside_50) / static_cast<double>(rows) : k_nan;
}
double Tally::share_90() const {
  return rows ? static_cast<double>(inside_90) / static_cast<double>(rows) : k_nan;
}
analysis::Interval Tally::interval_50() const {
  if (!rows) return {k_nan, k_nan};
  return analysis::clopper_pearson({static_cast<std::int64_t>(inside_50), static_cast<std::int64_t>(rows)});
}
analysis::Interval Tally::interval_90() const {
  if (!rows) return {k_nan, k_nan};
  return analysis::clopper_pearson({static_cast<std::int64_t>(inside_90), static_cast<std::int64_t>(rows)});
}

analysis::Interval in_unit(Link link, double low, double high) {
  const double a = from_link(link, low), b = from_link(link, high);
  return {std::min(a, b), std::max(a, b)};
}

Score score(const NormalMixture& mixture, double y, double unit) {
  Score s;
  s.low_50 = quantile(mixture, 0.25), s.high_50 = quantile(mixture, 0.75);
  s.low_90 = quantile(mixture, 0.05), s.high_90 = quantile(mixture, 0.95);
  const MixtureMoments m = moments(mixture);
  const double sd = std::sqrt(m.variance_between + m.variance_within);
  s.z = sd > 0.0 ? (y - m.mean) / sd : k_nan;
  s.pit = cdf(mixture, y);
  s.inside_50 = y >= s.low_50 && y <= s.high_50;
  s.inside_90 = y >= s.low_90 && y <= s.high_90;
  s.interval_score_50 = interval_score(s.low_50, s.high_50, y, 0.5) / unit;
  s.interval_score_90 = interval_score(s.low_90, s.high_90, y, 0.9) / unit;
  return s;
}

Tally tally(const std::vector<Score>& scores, const std::vector<std::string>& families) {
  Tally t;
  t.rows = scores.size();
  t.interval_score_50 = t.interval_score_90 = t.clustered_error_90 = k_nan;
  if (scores.empty()) return t;
  double sum_50 = 0.0, sum_90 = 0.0;
  for (const Score& s : scores) {
    t.inside_50 += s.inside_50 ? 1 : 0, t.inside_90 += s.inside_90 ? 1 : 0;
    sum_50 += s.interval_score_50, sum_90 += s.interval_score_90;
  }
  const double n = static_cast<double>(scores.size());
  t.interval_score_50 = sum_50 / n, t.interval_score_90 = sum_90 / n;
  std::map<std::string, double> residuals;
  for (std::size_t i = 0; i < scores.size(); ++i)
    residuals[families.at(i)] += (scores[i].inside_90 ? 1.0 : 0.0) - t.share_90();
  t.families = residuals.size();
  if (t.families >= 2) {
    double sum = 0.0;
    for (const auto& [family, residual] : residuals) sum += residual * residual;
    const double g = static_cast<double>(t.families);
    t.clustered_error_90 = std::sqrt(g / (g - 1.0) * sum) / n;
  }
  return t;
}

std::vector<StudyLeftOut> leave_studies_out(const ValidationInput& input) {
  std::map<std::string, std::vector<std::size_t>> fitted;
  for (std::size_t i = 0; i < input.targets.size(); ++i) {
    const Target& t = input.targets[i];
    if (group_of(t) == Group::fitted && t.why_not_scored.empty()) fitted[t.family].push_back(i);
  }
  const DrawPredictions& draws = input.main.draws;
  const auto sizes = unit_sizes(input.targets);
  std::vector<StudyLeftOut> out;
  for (const auto& [family, rows] : fitted) {
    StudyLeftOut study;
    study.family = family;
    std::vector<double> log_ratios(draws.draws());
    std::vector<std::size_t> used;
    for (const std::size_t r : rows) {
      const bool everywhere = std::all_of(draws.by_draw.begin(), draws.by_draw.end(),
                                          [r](const auto& d) { return std::isfinite(d[r].mean); });
      if (everywhere) used.push_back(r);
    }
    study.rows = used.size();
    if (used.empty()) continue;
    for (std::size_t d = 0; d < draws.draws(); ++d) {
      double& ratio = log_ratios[d];
      ratio = draws.weight.empty() ? 0.0 : std::log(draws.weight[d]);
      for (const std::size_t r : used) ratio -= log_likelihood(input, d, r);
      for (const FactOfStudy& fact : input.facts_in_fit)
        if (fact.family == family) ratio -= fact.log_likelihood[d];
    }
    const SmoothedWeights weights = pareto_smoothed(log_ratios);
    study.pareto_k = weights.pareto_k, study.effective_size = weights.effective_size;
    const auto tally_with = [&](const DrawPredictions& from, std::span<const double> weight) {
      Adder adder;
      for (const std::size_t r : used) {
        const Target& t = input.targets[r];
        const double unit = t.link == Link::identity ? sizes.at(t.unit) : 1.0;
        const RowPrediction p = predict_row(from, t, r, weight, unit);
        if (p.shown()) adder.add(*p.shown(), t);
      }
      return adder.sum();
    };
    study.fitted = tally_with(draws, draws.weight);
    const auto refit = input.refits.find(family);
    if (refit != input.refits.end()) {
      study.how = StudyLeftOut::How::refitted;
      study.left_out = tally_with(refit->second, refit->second.weight);
    } else if (weights.effective_size >= k_least_effective_draws &&
               weights.pareto_k <= largest_usable_k(draws.draws())) {
      study.how = StudyLeftOut::How::reweighted;
      study.left_out = tally_with(draws, weights.weight);
    }
    out.push_back(std::move(study));
  }
  return out;
}

Validation validate(const ValidationInput& input) {
  const std::size_t n = input.targets.size();
  if (input.facts.size() != n) throw std::invalid_argument("not one set of facts a target");
  check_draws(input.main.draws, n, input.main.name);
  for (const auto& set : input.alternatives) check_draws(set.draws, n, set.name);
  if (input.prior) check_draws(input.prior->draws, n, input.prior->name);
  for (const auto& [family, draws] : input.refits) check_draws(draws, n, "without " + family);
  if (!input.log_likelihood.empty()) {
    if (input.log_likelihood.size() != input.main.draws.draws())
      throw std::invalid_argument("not one log-likelihood a draw");
    for (const auto& draw : input.log_likelihood)
      if (draw.size() != n) throw std::invalid_argument("a draw has not one log-likelihood a target");
  }
  for (const FactOfStudy& fact : input.facts_in_fit)
    if (fact.log_likelihood.size() != input.main.draws.draws())
      throw std::invalid_argument("a fact has not one log-likelihood a draw");

  const auto sizes = unit_sizes(input.targets);
  std::vector<std::string> keys;
  for (const RowFacts& f : input.facts) keys.push_back(f.key);
  Validation v;
  v.draws = input.main.draws.draws();
  v.usable_k = largest_usable_k(v.draws);
  for (std::size_t i = 0; i < n; ++i) {
    const Target& t = input.targets[i];
    ValidationRow row;
    row.target = i;
    row.group = group_of(t);
    row.why_not_scored = t.why_not_scored;
    if (row.why_not_scored.empty() && !std::isfinite(t.y)) row.why_not_scored = "no published number";
    if (t.link == Link::identity && row.why_not_scored.empty()) row.score_unit = sizes.at(t.unit);
    const auto under = [&](const PredictionSet& set) {
      return predict_row(set.draws, t, i, set.draws.weight, row.score_unit);
    };
    row.main = under(input.main);
    if (row.why_not_scored.empty() && !row.main.is_defined())
      row.why_not_scored = row.main.defined_share > 0.0
                               ? "fewer than half of the parameter draws give this number"
                               : "the simulation does not give this number";
    for (const auto& set : input.alternatives) row.alternatives.push_back(under(set));
    if (input.prior) row.prior = under(*input.prior);
    if (row.why_not_scored.empty()) guess_from_others(input.targets, keys, row);
    v.rows.push_back(std::move(row));
  }
  for (const Group group : {Group::set_aside, Group::used, Group::fitted})
    v.headlines.push_back(headline(group, input, v.rows));
  v.set_aside = one_by_one(input, v.rows);
  if (input.main_is_posterior) v.studies = leave_studies_out(input);
  return v;
}

std::vector<std::size_t> worst_rows(const Validation& validation, std::size_t most) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < validation.rows.size(); ++i)
    if (validation.rows[i].why_not_scored.empty() && std::isfinite(validation.rows[i].main.shown()->z))
      order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::abs(validation.rows[a].main.shown()->z) > std::abs(validation.rows[b].main.shown()->z);
  });
  if (order.size() > most) order.resize(most);
  return order;
}

}  // namespace hortega::evidence
