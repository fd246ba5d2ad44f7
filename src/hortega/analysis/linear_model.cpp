// SPDX-License-Identifier: Apache-2.0
// Least squares by QR, analysis of covariance, Welch and Wilcoxon.
#include "hortega/analysis/linear_model.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "hortega/analysis/fitting.hpp"

namespace hortega::analysis {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Two-sided p of Student's t, from the incomplete beta function (Abramowitz & Stegun 26.7.1).
double student_p(double t, double df) {
  if (std::isinf(t)) return 0.0;
  return boost::math::ibeta(0.5 * df, 0.5, df / (df + t * t));
}

// t with P(|T| <= t) = confidence, by inverting the same relation from its accurate side.
double student_half_width(double confidence, double df) {
  double complement = 0.0;
  const double x = boost::math::ibeta_inv(0.5 * df, 0.5, 1.0 - confidence, &complement);
  return std::sqrt(df * complement / x);
}

void require_finite(std::span<const double> values) {
  if (!std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); })) {
    throw std::invalid_argument("an outcome is not finite");
  }
}

struct Moments {
  double n = 0.0, mean = 0.0, variance = 0.0;
};

Moments moments(std::span<const double> values) {
  Moments result;
  result.n = static_cast<double>(values.size());
  for (const double v : values) result.mean += v;
  result.mean /= result.n;
  for (const double v : values) result.variance += (v - result.mean) * (v - result.mean);
  result.variance /= result.n - 1.0;
  return result;
}

}  // namespace

LinearFit linear_regression(std::span<const double> outcome, MatrixView design, double confidence) {
  if (!(confidence > 0.0 && confidence < 1.0)) throw std::invalid_argument("confidence must lie in (0, 1)");
  require_finite(outcome);
  const MatrixXd all = fitting::to_matrix(design, outcome.size());
  const std::size_t columns = design.columns;
  LinearFit fit;
  fit.terms.assign(columns, fitting::aliased_term());
  fit.covariance.assign(columns * columns, 0.0);
  const std::vector<Index> kept = fitting::independent_columns(all);
  fit.residual_df = static_cast<int>(all.rows()) - static_cast<int>(kept.size());
  if (kept.empty() || fit.residual_df < 1) return fit;
  const MatrixXd x = fitting::select_columns(all, kept);
  const Eigen::Map<const VectorXd> y(outcome.data(), x.rows());
  const Eigen::HouseholderQR<MatrixXd> qr(x);
  const VectorXd beta = qr.solve(y);
  const double variance = (y - x * beta).squaredNorm() / fit.residual_df;
  const MatrixXd inverse_r = qr.matrixQR().topRows(x.cols()).template triangularView<Eigen::Upper>().solve(
      MatrixXd::Identity(x.cols(), x.cols()));
  const MatrixXd covariance = variance * inverse_r * inverse_r.transpose();
  const double half = student_half_width(confidence, fit.residual_df);
  fit.residual_sd = std::sqrt(variance);
  for (std::size_t a = 0; a < kept.size(); ++a) {
    const auto row = static_cast<std::size_t>(kept[a]);
    for (std::size_t b = 0; b < kept.size(); ++b) {
      fit.covariance[row * columns + static_cast<std::size_t>(kept[b])] =
          covariance(static_cast<Index>(a), static_cast<Index>(b));
    }
    Term& term = fit.terms[row];
    term.status = TermStatus::estimated;
    term.coefficient = beta(static_cast<Index>(a));
    term.standard_error = std::sqrt(covariance(static_cast<Index>(a), static_cast<Index>(a)));
    // A perfect fit has no standard error: the statistic is then +-infinity, or 0 for a coefficient of 0.
    term.statistic = term.coefficient == 0.0 ? 0.0 : term.coefficient / term.standard_error;
    term.p = student_p(term.statistic, fit.residual_df);
    term.interval = {term.coefficient - half * term.standard_error,
                     term.coefficient + half * term.standard_error};
  }
  fit.status = kept.size() == columns ? FitStatus::converged : FitStatus::rank_deficient;
  return fit;
}

Ancova ancova(std::span<const double> change, std::span<const double> baseline,
              std::span<const std::int32_t> arm, std::int32_t n_arms, double confidence) {
  if (change.size() != baseline.size() || change.size() != arm.size()) {
    throw std::invalid_argument("change, baseline and arm differ in length");
  }
  if (n_arms < 1) throw std::invalid_argument("there must be at least one arm");
  const auto arms = static_cast<std::size_t>(n_arms);
  const std::size_t columns = arms + 1;
  std::vector<double> design(change.size() * columns, 0.0);
  double mean_baseline = 0.0;
  for (std::size_t i = 0; i < change.size(); ++i) {
    if (arm[i] < 0 || arm[i] >= n_arms) throw std::invalid_argument("an arm lies outside 0 .. n_arms-1");
    design[i * columns] = 1.0;
    design[i * columns + 1] = baseline[i];
    if (arm[i] > 0) design[i * columns + 1 + static_cast<std::size_t>(arm[i])] = 1.0;
    mean_baseline += baseline[i] / static_cast<double>(change.size());
  }
  Ancova result;
  result.fit = linear_regression(change, {design, columns}, confidence);
  if (result.fit.status != FitStatus::converged) return result;
  for (std::size_t g = 0; g < arms; ++g) {
    std::vector<double> at(columns, 0.0);
    at[0] = 1.0;
    at[1] = mean_baseline;
    if (g > 0) at[1 + g] = 1.0;
    double mean = 0.0;
    double variance = 0.0;
    for (std::size_t a = 0; a < columns; ++a) {
      mean += at[a] * result.fit.terms[a].coefficient;
      for (std::size_t b = 0; b < columns; ++b)
        variance += at[a] * at[b] * result.fit.covariance[a * columns + b];
    }
    result.adjusted_mean.push_back(mean);
    result.adjusted_mean_se.push_back(std::sqrt(variance));
  }
  return result;
}

MeanDifference welch_difference(std::span<const double> a, std::span<const double> b, double confidence) {
  if (!(confidence > 0.0 && confidence < 1.0)) throw std::invalid_argument("confidence must lie in (0, 1)");
  require_finite(a);
  require_finite(b);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  MeanDifference result;
  result.interval = {-infinity, infinity};
  if (a.size() < 2 || b.size() < 2) return result;
  const Moments of_a = moments(a);
  const Moments of_b = moments(b);
  const double va = of_a.variance / of_a.n;
  const double vb = of_b.variance / of_b.n;
  result.difference = of_a.mean - of_b.mean;
  if (!(va + vb > 0.0)) return result;
  result.status = FitStatus::converged;
  result.standard_error = std::sqrt(va + vb);
  result.df = (va + vb) * (va + vb) / (va * va / (of_a.n - 1.0) + vb * vb / (of_b.n - 1.0));
  result.t = result.difference / result.standard_error;
  result.p = student_p(result.t, result.df);
  const double half = student_half_width(confidence, result.df) * result.standard_error;
  result.interval = {result.difference - half, result.difference + half};
  return result;
}

RankSum wilcoxon_rank_sum(std::span<const double> a, std::span<const double> b) {
  require_finite(a);
  require_finite(b);
  RankSum result;
  if (a.empty() || b.empty()) return result;
  struct Value {
    double value;
    bool in_a;
  };
  std::vector<Value> pooled;
  for (const double v : a) pooled.push_back({v, true});
  for (const double v : b) pooled.push_back({v, false});
  std::sort(pooled.begin(), pooled.end(), [](const Value& x, const Value& y) { return x.value < y.value; });
  double rank_sum = 0.0;
  double ties = 0.0;
  for (std::size_t i = 0; i < pooled.size();) {
    std::size_t j = i;
    double in_a = 0.0;
    for (; j < pooled.size() && pooled[j].value == pooled[i].value; ++j) in_a += pooled[j].in_a ? 1.0 : 0.0;
    const auto tied = static_cast<double>(j - i);
    rank_sum += in_a * 0.5 * static_cast<double>(i + 1 + j);  // mean of the ranks i+1 .. j
    ties += tied * tied * tied - tied;
    i = j;
  }
  const auto na = static_cast<double>(a.size());
  const auto nb = static_cast<double>(b.size());
  result.w = rank_sum - 0.5 * na * (na + 1.0);
  const double variance = na * nb / 12.0 * (na + nb + 1.0 - ties / ((na + nb) * (na + nb - 1.0)));
  const double difference = result.w - 0.5 * na * nb;
  if (!(variance > 0.0) || difference == 0.0) return result;
  result.z = (difference - std::copysign(0.5, difference)) / std::sqrt(variance);
  result.p = std::min(1.0, two_sided_p(result.z));
  return result;
}

}  // namespace hortega::analysis
