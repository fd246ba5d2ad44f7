// SPDX-License-Identifier: Apache-2.0
// Is the posterior's spread right? Simulation-based calibration.
#include "hortega/evidence/simulation_check.hpp"

#include <boost/math/distributions/chi_squared.hpp>

#include <algorithm>
#include <cmath>
#include <map>

#include "hortega/core/files.hpp"
#include "hortega/core/problems.hpp"

namespace hortega::evidence {

namespace {

using Kind = FitNoise::Kind;

struct Truth {
  std::vector<double> theta;
  double tau = 0.0;
  std::vector<Target> targets;
};

Truth draw_truth(const ForwardModel& model, std::size_t variables, std::span<const Target> targets,
                 const FitNoise& noise, std::uint32_t set, const LikelihoodSettings& settings) {
  Truth truth;
  std::uint32_t item = 0;
  for (std::size_t k = 0; k < variables; ++k) truth.theta.push_back(noise.normal(Kind::truth, set, item++));
  truth.tau = settings.tau_scale * std::abs(noise.normal(Kind::truth, set, item++));
  truth.targets.assign(targets.begin(), targets.end());
  const std::vector<Prediction> exact = model(truth.theta, noise.engine_seed(FitNoise::Use::truth, set));
  std::map<std::string, double> of_family;
  for (const Target& t : targets) {
    if (!of_family.contains(t.family))
      of_family[t.family] = noise.normal(Kind::truth_observation, set, item++);
  }
  const Likelihood likelihood(targets, exact, settings);
  for (std::size_t j = 0; j < likelihood.rows().size(); ++j) {
    const ScoredRow& row = likelihood.rows()[j];
    Target& target = truth.targets[row.target];
    const double sign = noise.uniform(Kind::truth_observation, set, item++) < 0.5 ? -1.0 : 1.0;
    const double own = noise.normal(Kind::truth_observation, set, item++);
    const double chance = noise.normal(Kind::truth_observation, set, item++);
    const double rho = settings.family_correlation;
    const double deviation = std::sqrt(rho) * sign * of_family[target.family] + std::sqrt(1.0 - rho) * own;
    target.y = exact[row.target].mean + std::sqrt(likelihood.variance(j, 0.0)) * chance +
               truth.tau * row.effect_scale * deviation;
    if (!std::isfinite(target.y)) target.why_not_scored = "the number is not defined at this truth";
  }
  return truth;
}

int rank_of(double truth, const std::vector<double>& draws) {
  return static_cast<int>(std::count_if(draws.begin(), draws.end(), [truth](double d) { return d < truth; }));
}

// Whether a rank lies in the central share of ranks 0 to `draws`.
bool inside(int rank, int draws, double share) {
  const double position = (rank + 0.5) / (draws + 1.0);
  return std::abs(position - 0.5) <= 0.5 * share;
}

}  // namespace

SimulationCheck sbc(const ForwardModel& model, std::size_t variables, std::span<const Target> targets,
                    int n_sets, std::uint64_t seed, const CalibrationSettings& settings) {
  SimulationCheck out;
  out.sets = n_sets;
  out.draws = settings.smoother.members / 2;
  const FitNoise noise(seed);
  const std::vector<double> start(variables, 0.0);
  for (int set = 0; set < n_sets; ++set) {
    const auto number = static_cast<std::uint32_t>(set);
    const Truth truth = draw_truth(model, variables, targets, noise, number, settings.likelihood);
    CalibrationSettings own = settings;
    own.seed = noise.engine_seed(FitNoise::Use::another_fit, number);
    Journal journal({}, core::sha256_hex(""), in_turn(model), 64);
    const Calibration fit = calibrate(start, truth.targets, journal, own);
    std::vector<std::vector<double>> values(variables + 1);
    for (const CalibratedDraw& draw : fit.draws) {
      if (draw.weight == 0.0 || static_cast<int>(values.front().size()) == out.draws) continue;
      for (std::size_t k = 0; k < variables; ++k) values[k].push_back(draw.theta[k]);
      values.back().push_back(draw.tau);
    }
    if (static_cast<int>(values.front().size()) < out.draws)
      throw core::RunError("more than half of the draws did not converge");
    std::vector<int>& ranks = out.ranks.emplace_back();
    for (std::size_t k = 0; k < variables; ++k) ranks.push_back(rank_of(truth.theta[k], values[k]));
    ranks.push_back(rank_of(truth.tau, values.back()));
  }
  out.inside_50.assign(variables + 1, 0.0);
  out.inside_90.assign(variables + 1, 0.0);
  for (const auto& ranks : out.ranks) {
    for (std::size_t k = 0; k <= variables; ++k) {
      if (inside(ranks[k], out.draws, 0.5)) out.inside_50[k] += 1.0 / n_sets;
      if (inside(ranks[k], out.draws, 0.9)) out.inside_90[k] += 1.0 / n_sets;
    }
  }
  for (std::size_t k = 0; k < variables; ++k) {
    out.all_inside_50 += out.inside_50[k] / static_cast<double>(variables);
    out.all_inside_90 += out.inside_90[k] / static_cast<double>(variables);
  }
  return out;
}

Uniformity uniformity(std::span<const int> ranks, int draws, int bins) {
  std::vector<double> counts(static_cast<std::size_t>(bins), 0.0);
  for (const int rank : ranks)
    counts[static_cast<std::size_t>(static_cast<std::int64_t>(rank) * bins / (draws + 1))] += 1.0;
  const double expected = static_cast<double>(ranks.size()) / bins;
  Uniformity out;
  for (const double c : counts) out.chi_squared += (c - expected) * (c - expected) / expected;
  out.p = boost::math::cdf(complement(boost::math::chi_squared(bins - 1), out.chi_squared));
  return out;
}

}  // namespace hortega::evidence
