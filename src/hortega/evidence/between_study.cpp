// SPDX-License-Identifier: Apache-2.0
// How much studies differ beyond chance: the posterior of tau.
#include "hortega/evidence/between_study.hpp"

#include <algorithm>
#include <cmath>

namespace hortega::evidence {

namespace {

// The grid ends where the half-normal prior has 1e-9 left.
constexpr double k_prior_end = 6.0;
constexpr int k_points = 121;

}  // namespace

double TauPosterior::quantile(double p) const {
  if (tau.size() == 1) return tau.front();
  const auto above = std::lower_bound(cumulative.begin(), cumulative.end(), p);
  if (above == cumulative.begin()) return tau.front();
  if (above == cumulative.end()) return tau.back();
  const auto i = static_cast<std::size_t>(above - cumulative.begin());
  const double step = cumulative[i] - cumulative[i - 1];
  const double share = step > 0.0 ? (p - cumulative[i - 1]) / step : 0.5;
  return tau[i - 1] + share * (tau[i] - tau[i - 1]);
}

double TauPosterior::mean() const {
  double sum = 0.0;
  for (std::size_t i = 1; i < tau.size(); ++i)
    sum += 0.5 * (tau[i] + tau[i - 1]) * (cumulative[i] - cumulative[i - 1]);
  return sum;
}

TauPosterior tau_posterior(const Likelihood& likelihood, const LinearResponse& response) {
  TauPosterior out;
  const double scale = likelihood.settings().tau_scale;
  std::vector<std::size_t> used;
  for (std::size_t j = 0; j < likelihood.rows().size(); ++j) {
    if (response.usable[j]) used.push_back(j);
  }
  if (scale == 0.0 || used.empty()) {
    out.tau = {0.0};
    out.cumulative = {1.0};
    return out;
  }
  const auto rows = static_cast<Eigen::Index>(used.size());
  Eigen::MatrixXd slope(rows, response.slope.cols());
  Eigen::VectorXd residual(rows);
  double mean_weight = 0.0;
  for (Eigen::Index j = 0; j < rows; ++j) {
    const std::size_t row = used[static_cast<std::size_t>(j)];
    slope.row(j) = response.slope.row(static_cast<Eigen::Index>(row));
    residual(j) = likelihood.rows()[row].y - response.intercept(static_cast<Eigen::Index>(row));
    mean_weight += likelihood.rows()[row].weight / static_cast<double>(rows);
  }
  const Eigen::MatrixXd from_variables = slope * slope.transpose();
  std::vector<double> log_density;
  for (int i = 0; i < k_points; ++i) {
    const double tau = k_prior_end * scale * i / (k_points - 1);
    Eigen::MatrixXd covariance = from_variables;
    double log_p = likelihood.log_prior(tau);
    for (Eigen::Index j = 0; j < rows; ++j) {
      const std::size_t row = used[static_cast<std::size_t>(j)];
      covariance(j, j) += likelihood.variance(row, tau);
    }
    const Eigen::LLT<Eigen::MatrixXd> factor(covariance);
    const Eigen::VectorXd white = factor.matrixL().solve(residual);
    double log_marginal = -0.5 * white.squaredNorm();
    for (Eigen::Index j = 0; j < rows; ++j) log_marginal -= std::log(factor.matrixLLT()(j, j));
    log_p += mean_weight * log_marginal;
    out.tau.push_back(tau);
    log_density.push_back(log_p);
  }
  const auto highest = std::max_element(log_density.begin(), log_density.end());
  out.mode = out.tau[static_cast<std::size_t>(highest - log_density.begin())];
  out.cumulative.assign(out.tau.size(), 0.0);
  for (std::size_t i = 1; i < out.tau.size(); ++i)
    out.cumulative[i] =
        out.cumulative[i - 1] + std::exp(log_density[i] - *highest) + std::exp(log_density[i - 1] - *highest);
  for (double& c : out.cumulative) c /= out.cumulative.back();
  return out;
}

}  // namespace hortega::evidence
