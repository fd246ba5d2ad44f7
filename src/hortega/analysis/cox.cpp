// SPDX-License-Identifier: Apache-2.0
// Newton-Raphson for Cox's partial likelihood with Efron's ties.
#include "hortega/analysis/cox.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "hortega/analysis/fitting.hpp"

namespace hortega::analysis {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// People by stratum and within it by descending time, so that risk sets only grow.
struct Ordered {
  MatrixXd x;  // columns x people: one person's covariates lie together
  std::vector<double> time;
  std::vector<bool> event;
  std::vector<std::size_t> stratum_end;
};

struct Likelihood {
  double value = 0.0;
  VectorXd score;
  MatrixXd information;
};

Ordered order_people(const SurvivalSample& sample, const MatrixXd& covariates,
                     std::span<const std::int32_t> stratum) {
  const std::size_t n = sample.size();
  const auto person = sample.person();
  std::vector<std::size_t> position(n);
  for (std::size_t i = 0; i < n; ++i) position[i] = n - 1 - i;
  if (!stratum.empty()) {
    std::stable_sort(position.begin(), position.end(),
                     [&](std::size_t a, std::size_t b) { return stratum[person[a]] < stratum[person[b]]; });
  }
  Ordered people;
  people.x.resize(covariates.cols(), covariates.rows());
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t at = position[i];
    people.x.col(static_cast<Index>(i)) = covariates.row(static_cast<Index>(person[at])).transpose();
    people.time.push_back(sample.time()[at]);
    people.event.push_back(sample.status()[at] > 0);
    const bool last =
        i + 1 == n || (!stratum.empty() && stratum[person[position[i + 1]]] != stratum[person[at]]);
    if (last) people.stratum_end.push_back(i + 1);
  }
  return people;
}

Likelihood evaluate(const Ordered& people, const VectorXd& beta) {
  const Index p = beta.size();
  Likelihood result{0.0, VectorXd::Zero(p), MatrixXd::Zero(p, p)};
  const VectorXd eta = people.x.transpose() * beta;
  VectorXd s1(p), tied1(p), mean(p);
  MatrixXd s2(p, p), tied2(p, p);
  std::size_t begin = 0;
  for (const std::size_t end : people.stratum_end) {
    // The partial likelihood does not change with a shift of eta within a stratum; this one forbids overflow.
    const double shift = eta.segment(static_cast<Index>(begin), static_cast<Index>(end - begin)).maxCoeff();
    double s0 = 0.0;
    s1.setZero();
    s2.setZero();
    for (std::size_t i = begin; i < end;) {
      double tied0 = 0.0, deaths = 0.0;
      tied1.setZero();
      tied2.setZero();
      std::size_t j = i;
      for (; j < end && people.time[j] == people.time[i]; ++j) {
        const auto column = people.x.col(static_cast<Index>(j));
        const double linear = eta(static_cast<Index>(j)) - shift;
        const double risk = std::exp(linear);
        s0 += risk;
        s1.noalias() += risk * column;
        s2.noalias() += risk * column * column.transpose();
        if (people.event[j]) {
          deaths += 1.0;
          tied0 += risk;
          tied1.noalias() += risk * column;
          tied2.noalias() += risk * column * column.transpose();
          result.value += linear;
          result.score += column;
        }
      }
      for (double l = 0.0; l < deaths; l += 1.0) {
        const double fraction = l / deaths;
        const double denominator = s0 - fraction * tied0;
        result.value -= std::log(denominator);
        mean = (s1 - fraction * tied1) / denominator;
        result.score -= mean;
        result.information.noalias() += (s2 - fraction * tied2) / denominator - mean * mean.transpose();
      }
      i = j;
    }
    begin = end;
  }
  return result;
}

// Newton's end: the estimate, and which coordinates run away.
struct Maximum {
  VectorXd beta;
  Likelihood at;
  std::vector<double> infinite;
  FitStatus status = FitStatus::not_converged;
  int iterations = 0;
};

Maximum maximise(const Ordered& people, const Likelihood& null, int max_iterations) {
  const Index p = null.score.size();
  Maximum result{VectorXd::Zero(p), null, std::vector<double>(static_cast<std::size_t>(p), 0.0),
                 FitStatus::not_converged, 0};
  VectorXd step(p);
  for (int iteration = 1; iteration <= max_iterations; ++iteration) {
    result.iterations = iteration;
    step = result.at.information.ldlt().solve(result.at.score);
    if (!step.allFinite()) break;
    // On scaled columns a step of 5 multiplies a hazard by 148: longer ones only overshoot.
    const double length = step.cwiseAbs().maxCoeff();
    if (length > 5.0) step *= 5.0 / length;
    Likelihood next = evaluate(people, result.beta + step);
    const double slack = 1e-12 * (1.0 + std::fabs(result.at.value));
    for (int halving = 0; halving < 30 && !(next.value >= result.at.value - slack); ++halving) {
      step *= 0.5;
      next = evaluate(people, result.beta + step);
    }
    const double gain = next.value - result.at.value;
    result.beta += step;
    result.at = std::move(next);
    if (step.cwiseAbs().maxCoeff() <= 1e-10 * (1.0 + result.beta.cwiseAbs().maxCoeff())) {
      result.status = FitStatus::converged;
      break;
    }
    // The likelihood is flat but a coefficient still walks by whole units: its maximum lies at infinity.
    if (iteration >= 10 && gain <= slack && step.cwiseAbs().maxCoeff() > 0.01) {
      result.status = FitStatus::monotone_likelihood;
      for (Index j = 0; j < p; ++j) {
        if (std::fabs(step(j)) > 0.01)
          result.infinite[static_cast<std::size_t>(j)] = step(j) > 0.0 ? 1.0 : -1.0;
      }
      break;
    }
  }
  // A step may also vanish because the information did: that is no maximum either.
  const double scale = null.information.diagonal().maxCoeff();
  if (fitting::mark_vanishing(result.at.information, scale, result.beta, result.infinite) &&
      result.status == FitStatus::converged) {
    result.status = FitStatus::monotone_likelihood;
  }
  return result;
}

ChiSquareTest chi_square(double statistic, Index df) {
  const double value = std::max(statistic, 0.0);
  return {value, static_cast<int>(df), chi_square_p(value, static_cast<int>(df))};
}

}  // namespace

CoxFit cox_regression(const SurvivalSample& sample, MatrixView covariates,
                      std::span<const std::int32_t> stratum, const CoxOptions& options) {
  if (!stratum.empty() && stratum.size() != sample.size()) {
    throw std::invalid_argument("stratum has another length than the sample");
  }
  MatrixXd x = fitting::to_matrix(covariates, sample.size());
  const Index columns = x.cols();
  CoxFit fit;
  fit.terms.assign(covariates.columns, fitting::aliased_term());
  fit.covariance.assign(covariates.columns * covariates.columns, 0.0);
  for (const auto status : sample.status()) fit.events += status > 0 ? 1 : 0;
  if (fit.events == 0) {
    fit.status = FitStatus::no_events;
    return fit;
  }
  VectorXd scale(columns);
  for (Index j = 0; j < columns; ++j) {
    const double magnitude = x.col(j).cwiseAbs().maxCoeff();
    x.col(j).array() -= x.col(j).mean();
    scale(j) = std::sqrt(x.col(j).squaredNorm() / static_cast<double>(x.rows()));
    if (scale(j) > 1e-12 * magnitude) {
      x.col(j) /= scale(j);
    } else {
      x.col(j).setZero();
    }
  }
  Ordered people = order_people(sample, x, stratum);
  Likelihood null = evaluate(people, VectorXd::Zero(columns));
  fit.log_likelihood_null = fit.log_likelihood = null.value;
  fitting::Solution solution;
  solution.kept = fitting::independent_of_information(null.information);
  const auto rank = static_cast<Index>(solution.kept.size());
  if (rank == 0) {
    fit.status = FitStatus::rank_deficient;
    return fit;
  }
  if (rank < columns) {
    people.x = fitting::select_columns(people.x.transpose(), solution.kept).transpose().eval();
    null.score = fitting::select(null.score, solution.kept);
    null.information = fitting::select_square(null.information, solution.kept);
    scale = fitting::select(scale, solution.kept);
  }
  const Maximum maximum = maximise(people, null, options.max_iterations);
  fit.iterations = maximum.iterations;
  fit.log_likelihood = maximum.at.value;
  fit.status = maximum.status;
  if (fit.status == FitStatus::converged && rank < columns) fit.status = FitStatus::rank_deficient;
  fit.likelihood_ratio = chi_square(2.0 * (fit.log_likelihood - fit.log_likelihood_null), rank);
  fit.score = chi_square(null.score.dot(null.information.ldlt().solve(null.score)), rank);
  if (maximum.status == FitStatus::converged) {
    fit.wald = chi_square(maximum.beta.dot(maximum.at.information * maximum.beta), rank);
  }
  solution.coefficient = maximum.beta.cwiseQuotient(scale);
  solution.infinite = maximum.infinite;
  solution.size = scale;
  solution.information = scale.asDiagonal() * maximum.at.information * scale.asDiagonal();
  fitting::fill_terms(solution, columns, options.confidence, fit.terms, fit.covariance);
  return fit;
}

}  // namespace hortega::analysis
