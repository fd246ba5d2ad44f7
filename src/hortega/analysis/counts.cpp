// SPDX-License-Identifier: Apache-2.0
// Poisson and negative-binomial regression: Newton-Raphson, theta by maximum likelihood, and their
// alternation.
#include "hortega/analysis/counts.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "hortega/analysis/fitting.hpp"

namespace hortega::analysis {
namespace {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double k_infinity = std::numeric_limits<double>::infinity();
constexpr double k_vanished = -16.0;   // log of a mean count (1e-7) that no trial can tell from 0
constexpr double k_theta_limit = 1e6;  // beyond it the variance is the Poisson one for every count met here

struct Counts {
  MatrixXd x;
  ArrayXd y;
  ArrayXd offset;
  std::vector<double> above;    // above[j]: people whose count exceeds j
  double log_factorials = 0.0;  // sum of log y!
};

Counts prepare(std::span<const std::int32_t> count, std::span<const double> exposure, MatrixView design) {
  if (count.size() != exposure.size()) throw std::invalid_argument("count and exposure differ in length");
  Counts data;
  data.x = fitting::to_matrix(design, count.size());
  data.y.resize(static_cast<Index>(count.size()));
  data.offset.resize(static_cast<Index>(count.size()));
  for (std::size_t i = 0; i < count.size(); ++i) {
    if (count[i] < 0) throw std::invalid_argument("a count is negative");
    if (!(exposure[i] > 0.0) || !std::isfinite(exposure[i]))
      throw std::invalid_argument("an exposure is not positive");
    data.y(static_cast<Index>(i)) = count[i];
    data.offset(static_cast<Index>(i)) = std::log(exposure[i]);
    const auto y = static_cast<std::size_t>(count[i]);
    if (data.above.size() < y) data.above.resize(y, 0.0);
    if (y > 0) data.above[y - 1] += 1.0;
  }
  for (std::size_t j = data.above.size(); j-- > 1;) data.above[j - 1] += data.above[j];
  for (std::size_t j = 0; j < data.above.size(); ++j) {
    data.log_factorials += data.above[j] * std::log(static_cast<double>(j + 1));
  }
  return data;
}

// log-likelihood less its constants; theta infinite means Poisson.
double log_likelihood(const Counts& data, const ArrayXd& eta, double theta) {
  const ArrayXd mu = eta.exp();
  if (theta == k_infinity) return (data.y * eta - mu).sum();
  double value = 0.0;  // sum of log Gamma(theta + y) - log Gamma(theta), term by term
  for (std::size_t j = 0; j < data.above.size(); ++j) {
    value += data.above[j] * std::log(theta + static_cast<double>(j));
  }
  return value + (data.y * (eta - std::log(theta)) - (data.y + theta) * (mu / theta).log1p()).sum();
}

struct Iterate {
  VectorXd beta;
  ArrayXd eta;
  MatrixXd information;
  VectorXd step;
};

// One weighted least-squares step from the present eta; theta infinite is Poisson.
void newton_step(const Counts& data, double theta, Iterate& state) {
  const ArrayXd mu = state.eta.exp();
  const ArrayXd shrink = 1.0 / (1.0 + mu / theta);
  // Observed information: the likelihood is concave in the coefficients, so Newton's step converges
  // quadratically, to the same maximum as Fisher scoring.
  const ArrayXd weight = mu * shrink * shrink * (1.0 + data.y / theta);
  const VectorXd score = data.x.transpose() * ((data.y - mu) * shrink).matrix();
  state.information.noalias() = data.x.transpose() * weight.matrix().asDiagonal() * data.x;
  state.step = state.information.ldlt().solve(score);
  const double before = log_likelihood(data, state.eta, theta);
  const double slack = 1e-12 * (1.0 + std::fabs(before));
  for (int halving = 0; halving < 40; ++halving) {
    const ArrayXd next = (data.x * (state.beta + state.step)).array() + data.offset;
    if (log_likelihood(data, next, theta) >= before - slack) {
      state.eta = next;
      break;
    }
    state.step *= 0.5;
    if (halving == 39) state.step.setZero();
  }
  state.beta += state.step;
}

// Start as glm.fit does: mu = y + 0.1, which is one least-squares fit.
Iterate start(const Counts& data) {
  Iterate state;
  const ArrayXd mu = data.y + 0.1;
  const ArrayXd target = mu.log() + (data.y - mu) / mu - data.offset;
  const MatrixXd gram = data.x.transpose() * mu.matrix().asDiagonal() * data.x;
  state.beta = gram.ldlt().solve(data.x.transpose() * (mu * target).matrix());
  state.eta = (data.x * state.beta).array() + data.offset;
  return state;
}

// A step in the linear predictor, so that neither the unit nor the origin of a covariate matters.
double predictor_step(const Counts& data, const Iterate& state) {
  return (data.x * state.step).cwiseAbs().maxCoeff();
}

struct End {
  FitStatus status = FitStatus::not_converged;
  int iterations = 0;
};

// Coordinates that still walk while the likelihood is flat: their estimates are infinite.
bool runs_away(const Counts& data, const Iterate& state, double gain, double value, int iteration) {
  return iteration >= 15 && std::fabs(gain) <= 1e-12 * (1.0 + std::fabs(value)) &&
         predictor_step(data, state) > 0.01;
}

End fit_coefficients(const Counts& data, double theta, int max_iterations, Iterate& state) {
  double value = log_likelihood(data, state.eta, theta);
  for (int iteration = 1; iteration <= max_iterations; ++iteration) {
    newton_step(data, theta, state);
    const double next = log_likelihood(data, state.eta, theta);
    if (predictor_step(data, state) < 1e-11 * (1.0 + state.eta.abs().maxCoeff()))
      return {FitStatus::converged, iteration};
    if (runs_away(data, state, next - value, next, iteration))
      return {FitStatus::monotone_likelihood, iteration};
    value = next;
  }
  return {FitStatus::not_converged, max_iterations};
}

struct ThetaDerivatives {
  double score = 0.0;
  double information = 0.0;  // observed: minus the second derivative
};

// Derivatives of the log-likelihood in theta at fixed means (MASS::theta.ml); digamma(theta + y) -
// digamma(theta) is the finite sum of 1 / (theta + j), j < y.
ThetaDerivatives theta_derivatives(const Counts& data, const ArrayXd& mu, double theta) {
  ThetaDerivatives result;
  for (std::size_t j = 0; j < data.above.size(); ++j) {
    const double inverse = 1.0 / (theta + static_cast<double>(j));
    result.score += data.above[j] * inverse;
    result.information += data.above[j] * inverse * inverse;
  }
  const ArrayXd total = mu + theta;
  result.score += (-(mu / theta).log1p() + (mu - data.y) / total).sum();
  result.information += (-mu / (theta * total) + (mu - data.y) / total.square()).sum();
  return result;
}

// Maximum over log(theta) at fixed means; `theta` enters as the start. The result may pass k_theta_limit.
double maximise_theta(const Counts& data, const ArrayXd& mu, double theta) {
  double low = 0.0, high = k_infinity;  // the score is positive at low, negative at high
  for (int iteration = 0; iteration < 100; ++iteration) {
    const ThetaDerivatives at = theta_derivatives(data, mu, theta);
    if (at.score > 0.0) {
      low = theta;
    } else {
      high = theta;
    }
    const double slope = theta * at.score;
    const double curvature = theta * theta * at.information - slope;
    double step = curvature > 0.0 ? slope / curvature : (slope > 0.0 ? 1.0 : -1.0);
    step = std::clamp(step, -2.0, 2.0);
    double next = theta * std::exp(step);
    if (next <= low || next >= high) {
      if (std::fabs(step) < 1e-12) return next;
      next = high < k_infinity && low > 0.0 ? std::sqrt(low * high) : next;
    }
    theta = next;
    if (std::fabs(step) < 1e-12 || theta > 10.0 * k_theta_limit) return theta;
  }
  return theta;
}

// Columns whose information vanished at the Poisson fit, which also stops the steps.
bool mark_vanishing(const Counts& data, const Iterate& state, std::vector<double>& column) {
  const VectorXd size = data.x.cwiseAbs().colwise().maxCoeff();
  const MatrixXd unit = data.x * size.cwiseInverse().asDiagonal();
  const MatrixXd before = unit.transpose() * (data.y + 0.1).matrix().asDiagonal() * unit;
  const MatrixXd now = unit.transpose() * state.eta.exp().matrix().asDiagonal() * unit;
  return fitting::mark_vanishing(now, before.diagonal().maxCoeff(), state.beta, column);
}

// Rows whose mean runs to 0 and columns whose estimate runs to infinity, read from the last step of a
// run-away fit.
struct Runaway {
  std::vector<bool> row;
  std::vector<double> column;  // 0, or the sign of the infinite estimate
};

Runaway find_runaway(const Counts& data, const Iterate& state) {
  const VectorXd moved = data.x * state.step;
  Runaway result;
  for (Index i = 0; i < data.x.rows(); ++i) {
    result.row.push_back(data.y(i) == 0.0 && (moved(i) < -0.01 || state.eta(i) < k_vanished));
  }
  for (Index j = 0; j < data.x.cols(); ++j) {
    const double size = state.step(j) * data.x.col(j).cwiseAbs().maxCoeff();
    result.column.push_back(std::fabs(size) > 0.01 ? (size > 0.0 ? 1.0 : -1.0) : 0.0);
  }
  mark_vanishing(data, state, result.column);
  return result;
}

// The negative-binomial alternation from a Poisson fit. `poisson_limit` leaves `state` as it was.
Dispersion alternate(const Counts& data, const CountOptions& options, Iterate& state, double& theta,
                     int& iterations) {
  const ArrayXd mu = state.eta.exp();
  // sum (y - mu)^2 - y is twice the derivative of the log-likelihood in 1 / theta at the Poisson limit.
  const double excess = ((data.y - mu).square() - data.y).sum();
  if (!(excess > 0.0)) return Dispersion::poisson_limit;
  const Iterate poisson = state;
  double present = std::clamp(mu.square().sum() / excess, 1e-3, 1e4);  // moments
  for (int round = 0; round < options.max_iterations; ++round) {
    const double before = present;
    present = maximise_theta(data, state.eta.exp(), present);
    if (present > k_theta_limit) {
      state = poisson;
      return Dispersion::poisson_limit;
    }
    const End end = fit_coefficients(data, present, options.max_iterations, state);
    iterations += end.iterations;
    theta = present;
    if (end.status != FitStatus::converged) return Dispersion::not_converged;
    if (std::fabs(present - before) <= 1e-11 * present) return Dispersion::estimated;
  }
  return Dispersion::not_converged;
}

// The same without the rows whose mean runs to 0: they add nothing to the likelihood at its limit, and what
// is left has a finite maximum. Rows kept get their new linear predictor, finite coefficients their value.
Dispersion alternate_on_rest(const Counts& data, const Runaway& runaway, const CountOptions& options,
                             Iterate& state, double& theta, int& iterations) {
  std::vector<Index> rows;
  for (std::size_t i = 0; i < runaway.row.size(); ++i) {
    if (!runaway.row[i]) rows.push_back(static_cast<Index>(i));
  }
  const MatrixXd x = fitting::select_columns(data.x.transpose(), rows).transpose();
  const std::vector<Index> columns = fitting::independent_columns(x);
  Counts rest;
  rest.x = fitting::select_columns(x, columns);
  rest.y = fitting::select(data.y.matrix(), rows).array();
  rest.offset = fitting::select(data.offset.matrix(), rows).array();
  rest.above = data.above;  // the rows left out counted nothing
  Iterate inner = start(rest);
  iterations += fit_coefficients(rest, k_infinity, options.max_iterations, inner).iterations;
  const Dispersion dispersion = alternate(rest, options, inner, theta, iterations);
  for (std::size_t i = 0; i < rows.size(); ++i) state.eta(rows[i]) = inner.eta(static_cast<Index>(i));
  for (std::size_t j = 0; j < columns.size(); ++j) state.beta(columns[j]) = inner.beta(static_cast<Index>(j));
  return dispersion;
}

enum class Family { poisson, negative_binomial };

CountFit regress(std::span<const std::int32_t> count, std::span<const double> exposure, MatrixView design,
                 const CountOptions& options, Family family) {
  Counts data = prepare(count, exposure, design);
  CountFit fit;
  fit.terms.assign(design.columns, fitting::aliased_term());
  fit.covariance.assign(design.columns * design.columns, 0.0);
  fit.theta = fit.theta_standard_error = k_infinity;
  fit.dispersion = family == Family::poisson ? Dispersion::poisson : Dispersion::poisson_limit;
  if (data.above.empty()) {
    fit.status = FitStatus::no_events;
    return fit;
  }
  fitting::Solution solution;
  solution.kept = fitting::independent_columns(data.x);
  if (solution.kept.empty()) {
    fit.status = FitStatus::rank_deficient;
    return fit;
  }
  if (solution.kept.size() < design.columns) data.x = fitting::select_columns(data.x, solution.kept);

  Iterate state = start(data);
  End end = fit_coefficients(data, k_infinity, options.max_iterations, state);
  fit.iterations = end.iterations;
  std::vector<double> vanished(solution.kept.size(), 0.0);
  if (end.status == FitStatus::converged && mark_vanishing(data, state, vanished)) {
    end.status = FitStatus::monotone_likelihood;
  }
  fit.status = end.status;
  if (end.status == FitStatus::converged && solution.kept.size() < design.columns) {
    fit.status = FitStatus::rank_deficient;
  }
  Runaway runaway{std::vector<bool>(count.size(), false), std::vector<double>(solution.kept.size(), 0.0)};
  if (end.status == FitStatus::monotone_likelihood) runaway = find_runaway(data, state);
  double theta = k_infinity;
  if (family == Family::negative_binomial && end.status != FitStatus::not_converged) {
    fit.dispersion = end.status == FitStatus::monotone_likelihood
                         ? alternate_on_rest(data, runaway, options, state, theta, fit.iterations)
                         : alternate(data, options, state, theta, fit.iterations);
    if (fit.dispersion == Dispersion::not_converged) fit.status = FitStatus::not_converged;
  }
  const ArrayXd mu = state.eta.exp();
  const ArrayXd weight = mu / (1.0 + mu / theta);
  solution.information = data.x.transpose() * weight.matrix().asDiagonal() * data.x;
  solution.coefficient = state.beta;
  solution.infinite = runaway.column;
  solution.size = data.x.cwiseAbs().colwise().maxCoeff();
  fitting::fill_terms(solution, static_cast<Index>(design.columns), options.confidence, fit.terms,
                      fit.covariance);
  fit.log_likelihood = log_likelihood(data, state.eta, theta) - data.log_factorials;
  if (theta < k_infinity) {
    fit.theta = theta;
    const double information = theta_derivatives(data, mu, theta).information;
    fit.theta_standard_error = information > 0.0 ? 1.0 / std::sqrt(information) : k_infinity;
  }
  return fit;
}

}  // namespace

CountFit poisson_regression(std::span<const std::int32_t> count, std::span<const double> exposure,
                            MatrixView design, const CountOptions& options) {
  return regress(count, exposure, design, options, Family::poisson);
}

CountFit negative_binomial_regression(std::span<const std::int32_t> count, std::span<const double> exposure,
                                      MatrixView design, const CountOptions& options) {
  return regress(count, exposure, design, options, Family::negative_binomial);
}

std::vector<double> arm_design(std::span<const std::int32_t> arm, std::int32_t n_arms) {
  if (n_arms < 1) throw std::invalid_argument("there must be at least one arm");
  const auto columns = static_cast<std::size_t>(n_arms);
  std::vector<double> design(arm.size() * columns, 0.0);
  for (std::size_t i = 0; i < arm.size(); ++i) {
    if (arm[i] < 0 || arm[i] >= n_arms) throw std::invalid_argument("an arm lies outside 0 .. n_arms-1");
    design[i * columns] = 1.0;
    if (arm[i] > 0) design[i * columns + static_cast<std::size_t>(arm[i])] = 1.0;
  }
  return design;
}

}  // namespace hortega::analysis
