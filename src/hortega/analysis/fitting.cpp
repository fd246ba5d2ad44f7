// SPDX-License-Identifier: Apache-2.0
// Rank decisions and terms, shared by the regressions.
#include "hortega/analysis/fitting.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace hortega::analysis::fitting {

std::vector<Eigen::Index> independent_columns(const Eigen::MatrixXd& x, double tolerance) {
  std::vector<Eigen::Index> kept;
  Eigen::MatrixXd basis(x.rows(), x.cols());
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    Eigen::VectorXd rest = x.col(j);
    const double length = rest.norm();
    for (int pass = 0; pass < 2; ++pass) {  // twice is enough (Kahan), against cancellation
      for (Eigen::Index b = 0; b < static_cast<Eigen::Index>(kept.size()); ++b) {
        rest -= basis.col(b).dot(rest) * basis.col(b);
      }
    }
    if (!(rest.norm() > tolerance * length)) continue;
    basis.col(static_cast<Eigen::Index>(kept.size())) = rest.normalized();
    kept.push_back(j);
  }
  return kept;
}

std::vector<Eigen::Index> independent_of_information(const Eigen::MatrixXd& information, double tolerance) {
  std::vector<Eigen::Index> kept;
  Eigen::MatrixXd rest = information;
  for (Eigen::Index j = 0; j < rest.cols(); ++j) {
    if (!(rest(j, j) > tolerance * information(j, j))) continue;
    kept.push_back(j);
    const Eigen::VectorXd column = rest.col(j);
    rest -= column * column.transpose() / column(j);
  }
  return kept;
}

Eigen::MatrixXd select_columns(const Eigen::MatrixXd& x, const std::vector<Eigen::Index>& columns) {
  Eigen::MatrixXd result(x.rows(), static_cast<Eigen::Index>(columns.size()));
  for (std::size_t j = 0; j < columns.size(); ++j)
    result.col(static_cast<Eigen::Index>(j)) = x.col(columns[j]);
  return result;
}

Eigen::MatrixXd select_square(const Eigen::MatrixXd& a, const std::vector<Eigen::Index>& columns) {
  return select_columns(select_columns(a, columns).transpose(), columns);
}

Eigen::VectorXd select(const Eigen::VectorXd& v, const std::vector<Eigen::Index>& columns) {
  Eigen::VectorXd result(static_cast<Eigen::Index>(columns.size()));
  for (std::size_t j = 0; j < columns.size(); ++j) result(static_cast<Eigen::Index>(j)) = v(columns[j]);
  return result;
}

Eigen::MatrixXd to_matrix(MatrixView view, std::size_t rows) {
  if (view.columns == 0 || view.values.size() != rows * view.columns) {
    throw std::invalid_argument("the matrix does not have one row a person");
  }
  Eigen::MatrixXd x(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(view.columns));
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < view.columns; ++j) {
      if (!std::isfinite(view(i, j))) throw std::invalid_argument("a covariate is not finite");
      x(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = view(i, j);
    }
  }
  return x;
}

bool mark_vanishing(const Eigen::MatrixXd& information, double scale, const Eigen::VectorXd& coefficient,
                    std::vector<double>& infinite) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(information);
  bool any = false;
  for (Eigen::Index k = 0; k < information.cols(); ++k) {
    if (eigen.eigenvalues()(k) > 1e-9 * scale) continue;
    any = true;
    for (Eigen::Index j = 0; j < information.cols(); ++j) {
      if (std::fabs(eigen.eigenvectors()(j, k)) < 1e-3) continue;
      infinite[static_cast<std::size_t>(j)] = coefficient(j) < 0.0 ? -1.0 : 1.0;
    }
  }
  return any;
}

Term aliased_term() {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  return {TermStatus::aliased, nan, nan, nan, nan, {nan, nan}};
}

namespace {

// Inverse of a positive-definite information; with `runaway`, its generalised inverse without the vanishing
// directions, decided after scaling to a unit-free matrix by the columns' `size`.
Eigen::MatrixXd invert(const Eigen::MatrixXd& information, const Eigen::VectorXd& size, bool runaway) {
  if (!runaway) {
    Eigen::MatrixXd inverse =
        information.ldlt().solve(Eigen::MatrixXd::Identity(information.rows(), information.cols()));
    if ((inverse.diagonal().array() > 0.0).all()) return inverse;
  }
  const Eigen::VectorXd scale = size.cwiseInverse();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(scale.asDiagonal() * information *
                                                             scale.asDiagonal());
  Eigen::VectorXd inverse = eigen.eigenvalues();
  const double smallest = 1e-7 * inverse.maxCoeff();
  for (auto& value : inverse) value = value > smallest ? 1.0 / value : 0.0;
  return scale.asDiagonal() * eigen.eigenvectors() * inverse.asDiagonal() * eigen.eigenvectors().transpose() *
         scale.asDiagonal();
}

}  // namespace

void fill_terms(const Solution& solution, Eigen::Index columns, double confidence, std::vector<Term>& terms,
                std::vector<double>& covariance) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double z = normal_half_width(confidence);
  const auto p = static_cast<std::size_t>(columns);
  terms.assign(p, aliased_term());
  covariance.assign(p * p, 0.0);
  const bool runaway = std::any_of(solution.infinite.begin(), solution.infinite.end(),
                                   [](double sign) { return sign != 0.0; });
  const Eigen::MatrixXd inverse = invert(solution.information, solution.size, runaway);
  for (std::size_t a = 0; a < solution.kept.size(); ++a) {
    const auto row = static_cast<std::size_t>(solution.kept[a]);
    Term& term = terms[row];
    // A term without information of its own (a fit that did not converge) is as good as infinite.
    const auto own = static_cast<Eigen::Index>(a);
    double sign = solution.infinite[a];
    if (sign == 0.0 && !(inverse(own, own) > 0.0)) sign = solution.coefficient(own) < 0.0 ? -1.0 : 1.0;
    if (sign != 0.0) {
      term = {TermStatus::infinite, sign * infinity, infinity, 0.0, 1.0, {-infinity, infinity}};
      continue;
    }
    for (std::size_t b = 0; b < solution.kept.size(); ++b) {
      if (solution.infinite[b] != 0.0) continue;
      covariance[row * p + static_cast<std::size_t>(solution.kept[b])] =
          inverse(static_cast<Eigen::Index>(a), static_cast<Eigen::Index>(b));
    }
    term.status = TermStatus::estimated;
    term.coefficient = solution.coefficient(static_cast<Eigen::Index>(a));
    term.standard_error = std::sqrt(covariance[row * p + row]);
    term.statistic = term.coefficient / term.standard_error;
    term.p = two_sided_p(term.statistic);
    term.interval = {term.coefficient - z * term.standard_error, term.coefficient + z * term.standard_error};
  }
}

}  // namespace hortega::analysis::fitting
