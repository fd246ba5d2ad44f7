// SPDX-License-Identifier: Apache-2.0
// A localised linear fit over a cloud of evaluations.
#include "hortega/evidence/linear_response.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace hortega::evidence {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// t^2 below which an entry is dropped.
constexpr double k_t2_limit = 2.0;
// A residual below this share of the values' size is rounding.
constexpr double k_rounding = 1e-12;

// The system that the rows defined by the same evaluations share.
struct Design {
  std::vector<Index> used;
  MatrixXd x;        // weighted; a column for each seed, then the variables
  VectorXd root;     // roots of the weights
  MatrixXd inverse;  // (x'x + ridge)^-1
  Index seeds = 0;
  double freedom = 0.0;
};

Design make_design(const Cloud& cloud, const std::vector<Index>& used, double ridge) {
  Design d;
  d.used = used;
  const Index variables = cloud.theta.cols();
  std::map<int, Index> seed_column;
  for (const Index i : used) seed_column.emplace(cloud.seed[static_cast<std::size_t>(i)], 0);
  for (auto& [seed, column] : seed_column) column = d.seeds++;
  const auto n = static_cast<Index>(used.size());
  d.x = MatrixXd::Zero(n, d.seeds + variables);
  d.root.resize(n);
  double total = 0.0;
  for (Index row = 0; row < n; ++row) {
    const Index i = used[static_cast<std::size_t>(row)];
    d.root(row) = std::sqrt(cloud.weight(i));
    total += cloud.weight(i);
    d.x(row, seed_column.at(cloud.seed[static_cast<std::size_t>(i)])) = d.root(row);
    d.x.row(row).tail(variables) = d.root(row) * cloud.theta.row(i);
  }
  MatrixXd normal = d.x.transpose() * d.x;
  for (Index k = 0; k < variables; ++k)
    normal(d.seeds + k, d.seeds + k) += ridge * total / static_cast<double>(n);
  d.inverse = normal.ldlt().solve(MatrixXd::Identity(normal.rows(), normal.cols()));
  d.freedom = static_cast<double>(n - d.x.cols());
  return d;
}

void fit_row(const Cloud& cloud, const Design& d, Index row, Localise localise, LinearResponse& out) {
  const Index variables = cloud.theta.cols();
  VectorXd y(static_cast<Index>(d.used.size()));
  for (Index i = 0; i < y.size(); ++i) y(i) = cloud.value(d.used[static_cast<std::size_t>(i)], row);
  // Around the mean: less is lost to rounding.
  const double mean = y.mean();
  const VectorXd weighted = ((y.array() - mean) * d.root.array()).matrix();
  VectorXd coefficient = d.inverse * (d.x.transpose() * weighted);
  const double size = std::max(std::abs(mean), (y.array() - mean).abs().maxCoeff());
  const double residual2 = (weighted - d.x * coefficient).squaredNorm();
  const double variance =
      std::max(residual2 / std::max(d.freedom, 1.0), k_rounding * k_rounding * size * size);
  out.residual_sd(row) = std::sqrt(variance);
  if (localise == Localise::yes) {
    for (Index k = 0; k < variables; ++k) {
      double& b = coefficient(d.seeds + k);
      const double b2 = b * b;
      const double error2 = variance * d.inverse(d.seeds + k, d.seeds + k);
      b = b2 > k_t2_limit * error2 ? b * (1.0 - k_t2_limit * error2 / b2) : 0.0;
    }
    // The seeds' intercepts that go with the slopes that are left.
    for (Index s = 0; s < d.seeds; ++s) {
      const VectorXd rest = weighted - d.x.rightCols(variables) * coefficient.tail(variables);
      coefficient(s) = d.x.col(s).dot(rest) / d.x.col(s).squaredNorm();
    }
  }
  out.slope.row(row) = coefficient.tail(variables).transpose();
  out.intercept(row) = mean + coefficient.head(d.seeds).mean();
  out.usable[static_cast<std::size_t>(row)] = true;
}

}  // namespace

Cloud make_cloud(const Likelihood& likelihood, std::span<const std::vector<double>> thetas,
                 std::span<const std::vector<Prediction>> predictions, std::span<const int> seeds) {
  const auto n = static_cast<Index>(thetas.size());
  const auto variables = static_cast<Index>(thetas.empty() ? 0 : thetas.front().size());
  const auto rows = static_cast<Index>(likelihood.rows().size());
  Cloud out;
  out.theta.resize(n, variables);
  out.value = MatrixXd::Constant(n, rows, std::numeric_limits<double>::quiet_NaN());
  out.seed.assign(seeds.begin(), seeds.end());
  out.weight = VectorXd::Ones(n);
  for (Index i = 0; i < n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    out.theta.row(i) = Eigen::Map<const Eigen::RowVectorXd>(thetas[at].data(), variables);
    if (predictions[at].empty()) {
      out.weight(i) = 0.0;
      continue;
    }
    for (Index j = 0; j < rows; ++j)
      out.value(i, j) = predictions[at][likelihood.rows()[static_cast<std::size_t>(j)].target].mean;
  }
  return out;
}

LinearResponse fit_response(const Cloud& cloud, double ridge, Localise localise) {
  const Index rows = cloud.value.cols();
  const Index variables = cloud.theta.cols();
  LinearResponse out;
  out.intercept = VectorXd::Zero(rows);
  out.slope = MatrixXd::Zero(rows, variables);
  out.residual_sd = VectorXd::Zero(rows);
  out.usable.assign(static_cast<std::size_t>(rows), false);
  // Nearly all rows are defined by the same evaluations.
  std::map<std::vector<Index>, Design> designs;
  for (Index row = 0; row < rows; ++row) {
    std::vector<Index> used;
    for (Index i = 0; i < cloud.theta.rows(); ++i) {
      if (cloud.weight(i) > 0.0 && std::isfinite(cloud.value(i, row))) used.push_back(i);
    }
    if (2 * static_cast<Index>(used.size()) < cloud.theta.rows() || used.empty()) continue;
    auto at = designs.find(used);
    if (at == designs.end()) at = designs.emplace(used, make_design(cloud, used, ridge)).first;
    if (ridge == 0.0 && at->second.freedom < 1.0) continue;
    fit_row(cloud, at->second, row, localise, out);
  }
  return out;
}

}  // namespace hortega::evidence
