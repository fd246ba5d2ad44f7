// SPDX-License-Identifier: Apache-2.0
// A sample of the posterior: ensemble randomised maximum likelihood.
#include "hortega/evidence/smoother.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "hortega/core/problems.hpp"
#include "hortega/evidence/between_study.hpp"
#include "hortega/evidence/mode_search.hpp"

namespace hortega::evidence {

namespace {

using Eigen::Index;
using Eigen::VectorXd;

constexpr int k_spare_members = 10;

std::uint32_t word(std::size_t i) { return static_cast<std::uint32_t>(i); }

// y_j + e_ij - g_j.
double perturbed_residual(std::size_t member, std::size_t row, double tau, double mean,
                          const Likelihood& likelihood, const FitNoise& noise) {
  const ScoredRow& r = likelihood.rows()[row];
  const double sd = std::sqrt(likelihood.variance(row, tau) / r.weight);
  return r.y + sd * noise.normal(FitNoise::Kind::observation, word(member), word(row)) - mean;
}

struct Member {
  std::vector<double> prior;  // z
  std::vector<double> theta;  // the best so far
  std::vector<Prediction> predictions;
  std::vector<double> proposal;
  double step = 1.0;
  double tau = 0.0;
  bool imputed = false;  // predictions are the linear response's
};

int least_members(std::size_t variables, const SmootherSettings& settings) {
  return static_cast<int>(variables) + settings.seeds_per_iteration + k_spare_members;
}

class Smoother {
 public:
  Smoother(std::span<const double> mode, const Likelihood& likelihood, Journal& journal,
           const FitNoise& noise, const std::function<std::uint64_t(int)>& seed_of,
           const SmootherSettings& settings)
      : mode_(mode),
        likelihood_(likelihood),
        journal_(journal),
        noise_(noise),
        seed_of_(seed_of),
        settings_(settings),
        members_(static_cast<std::size_t>(settings.members)) {
    order_.resize(members_.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    const auto luck = [&](std::size_t i) { return noise.uniform(FitNoise::Kind::order, word(i), 0); };
    std::sort(order_.begin(), order_.end(),
              [&](std::size_t a, std::size_t b) { return std::pair(luck(a), a) < std::pair(luck(b), b); });
    for (std::size_t i = 0; i < members_.size(); ++i) {
      Member& m = members_[i];
      for (std::size_t k = 0; k < mode.size(); ++k) {
        m.prior.push_back(noise.normal(FitNoise::Kind::prior, word(i), word(k)));
        m.proposal.push_back(
            std::clamp(mode[k] + settings.start_spread * m.prior[k], -k_theta_limit, k_theta_limit));
      }
    }
  }

  SmoothedEnsemble run() {
    for (int iteration = 0; iteration < settings_.iterations; ++iteration) iterate(iteration);
    SmoothedEnsemble out;
    out.history = std::move(history_);
    for (Member& m : members_) {
      out.theta.push_back(std::move(m.proposal));
      out.tau.push_back(m.tau);
      out.never_ran.push_back(m.predictions.empty());
    }
    return out;
  }

 private:
  void iterate(int iteration) {
    const std::vector<Evaluation> results = evaluate(iteration);
    const LinearResponse response = fit(results);
    const TauPosterior tau = tau_posterior(likelihood_, response);
    SmootherIteration record;
    record.tau = tau.mean();
    int accepted = 0;
    double objectives = 0.0;
    int standing = 0;
    for (std::size_t i = 0; i < members_.size(); ++i) {
      Member& m = members_[i];
      m.tau = tau.quantile((static_cast<double>(order_[i]) + 0.5) / static_cast<double>(members_.size()));
      if (i >= results.size()) {
        impute(m, response);
        ++accepted;
        propose(i, response);
        continue;
      }
      if (!results[i].failure.empty()) ++record.failed;
      if (takes(i, results[i])) {
        m.theta = m.proposal;
        m.predictions = results[i].predictions;
        m.imputed = false;
        ++accepted;
      } else {
        m.step *= 0.5;
      }
      if (!m.predictions.empty()) {
        objectives += member_objective(i, m.theta, m.tau, m.predictions, likelihood_, noise_);
        ++standing;
      }
      propose(i, response);
    }
    record.accepted = static_cast<double>(accepted) / static_cast<double>(members_.size());
    record.objective = objectives / std::max(standing, 1);
    history_.push_back(record);
  }

  std::vector<Evaluation> evaluate(int iteration) {
    std::vector<Job> jobs;
    for (std::size_t i = 0; i < evaluated_members(iteration); ++i) {
      const int seed = iteration * settings_.seeds_per_iteration + seed_index(i);
      jobs.push_back({members_[i].proposal, seed_of_(seed)});
    }
    return journal_(jobs);
  }

  std::size_t evaluated_members(int iteration) const {
    const auto first =
        static_cast<std::size_t>(std::max(settings_.first_members, least_members(mode_.size(), settings_)));
    return iteration == 0 ? std::min(first, members_.size()) : members_.size();
  }

  void impute(Member& m, const LinearResponse& response) const {
    const Eigen::Map<const VectorXd> theta(m.proposal.data(), static_cast<Index>(m.proposal.size()));
    std::size_t targets = 0;
    for (const ScoredRow& row : likelihood_.rows()) targets = std::max(targets, row.target + 1);
    m.theta = m.proposal;
    m.predictions.assign(targets, {});
    for (std::size_t j = 0; j < likelihood_.rows().size(); ++j) {
      const auto row = static_cast<Index>(j);
      m.predictions[likelihood_.rows()[j].target].mean =
          response.intercept(row) + response.slope.row(row).dot(theta);
    }
    m.imputed = true;
  }

  int seed_index(std::size_t member) const {
    return static_cast<int>(member % static_cast<std::size_t>(settings_.seeds_per_iteration));
  }

  LinearResponse fit(const std::vector<Evaluation>& results) const {
    std::vector<std::vector<double>> thetas;
    std::vector<std::vector<Prediction>> predictions;
    std::vector<int> seeds;
    for (std::size_t i = 0; i < results.size(); ++i) {
      thetas.push_back(members_[i].proposal);
      predictions.push_back(results[i].predictions);
      seeds.push_back(seed_index(i));
    }
    return fit_response(make_cloud(likelihood_, thetas, predictions, seeds), 0.0, settings_.localise);
  }

  // Whether a proposal is better than where the member is, or as good as chance lets tell.
  bool takes(std::size_t i, const Evaluation& result) const {
    const Member& m = members_[i];
    if (!result.failure.empty()) return false;
    if (m.predictions.empty() || m.imputed) return true;
    return member_objective(i, m.proposal, m.tau, result.predictions, likelihood_, noise_) <=
           member_objective(i, m.theta, m.tau, m.predictions, likelihood_, noise_) + settings_.slack;
  }

  void propose(std::size_t i, const LinearResponse& response) {
    Member& m = members_[i];
    const auto variables = static_cast<Index>(mode_.size());
    if (m.predictions.empty()) {
      // It has run nowhere yet: halfway to the mode, where the engine is known to run.
      for (std::size_t k = 0; k < mode_.size(); ++k) m.proposal[k] = 0.5 * (m.proposal[k] + mode_[k]);
      return;
    }
    const VectorXd theta = Eigen::Map<const VectorXd>(m.theta.data(), variables);
    const auto rows = static_cast<Index>(likelihood_.rows().size());
    VectorXd residual = VectorXd::Zero(rows);
    VectorXd precision = VectorXd::Zero(rows);
    for (Index j = 0; j < rows; ++j) {
      const auto row = static_cast<std::size_t>(j);
      if (!response.usable[row]) continue;
      double mean = m.predictions[likelihood_.rows()[row].target].mean;
      if (!std::isfinite(mean)) mean = response.intercept(j) + response.slope.row(j).dot(theta);
      residual(j) = perturbed_residual(i, row, m.tau, mean, likelihood_, noise_);
      precision(j) = likelihood_.rows()[row].weight / likelihood_.variance(row, m.tau);
    }
    const Eigen::MatrixXd weighted = precision.asDiagonal() * response.slope;
    Eigen::MatrixXd curvature = response.slope.transpose() * weighted;
    curvature.diagonal().array() += 1.0;
    const VectorXd gradient =
        theta - Eigen::Map<const VectorXd>(m.prior.data(), variables) - weighted.transpose() * residual;
    const VectorXd step = curvature.llt().solve(gradient);
    for (Index k = 0; k < variables; ++k)
      m.proposal[static_cast<std::size_t>(k)] =
          std::clamp(theta(k) - m.step * step(k), -k_theta_limit, k_theta_limit);
  }

  std::span<const double> mode_;
  const Likelihood& likelihood_;
  Journal& journal_;
  const FitNoise& noise_;
  const std::function<std::uint64_t(int)>& seed_of_;
  const SmootherSettings& settings_;
  std::vector<Member> members_;
  std::vector<std::size_t> order_;  // of the members by tau
  std::vector<SmootherIteration> history_;
};

}  // namespace

double member_objective(std::size_t member, std::span<const double> theta, double tau,
                        std::span<const Prediction> predictions, const Likelihood& likelihood,
                        const FitNoise& noise) {
  double sum = 0.0;
  for (std::size_t k = 0; k < theta.size(); ++k) {
    const double d = theta[k] - noise.normal(FitNoise::Kind::prior, word(member), word(k));
    sum += d * d;
  }
  for (std::size_t j = 0; j < likelihood.rows().size(); ++j) {
    const double mean = predictions[likelihood.rows()[j].target].mean;
    const double undefined = likelihood.settings().undefined_z;
    const double weight = likelihood.rows()[j].weight;
    if (!std::isfinite(mean)) {
      sum += weight * undefined * undefined;
      continue;
    }
    const double r = perturbed_residual(member, j, tau, mean, likelihood, noise);
    sum += weight * r * r / likelihood.variance(j, tau);
  }
  return 0.5 * sum;
}

void check_members(std::size_t variables, const SmootherSettings& settings) {
  const int least = least_members(variables, settings);
  if (settings.members < least || settings.iterations < 1 || settings.seeds_per_iteration < 1) {
    throw core::InputError(
        core::Problem{{},
                      "members",
                      fmt::format("{} members for {} variables", settings.members, variables),
                      fmt::format("at least {}", least),
                      {}});
  }
}

SmoothedEnsemble smooth(std::span<const double> mode, const Likelihood& likelihood, Journal& journal,
                        const FitNoise& noise, const std::function<std::uint64_t(int)>& seed_of,
                        const SmootherSettings& settings) {
  check_members(mode.size(), settings);
  return Smoother(mode, likelihood, journal, noise, seed_of, settings).run();
}

}  // namespace hortega::evidence
