// SPDX-License-Identifier: Apache-2.0
// What the regressions share inside: which columns can be estimated, and how a solution becomes terms.
// Private to the sources of analysis/ (it brings Eigen along).
#pragma once

#include <Eigen/Dense>
#include <cstddef>
#include <vector>

#include "hortega/analysis/inference.hpp"

namespace hortega::analysis::fitting {

/// The columns that do not follow from earlier ones: modified Gram-Schmidt in order, a column being dropped
/// when less than `tolerance` of its length is left (R's lm and glm use the same order and 1e-7).
std::vector<Eigen::Index> independent_columns(const Eigen::MatrixXd& x, double tolerance = 1e-7);

/// The same decision from a positive semi-definite information matrix (in-order Cholesky).
std::vector<Eigen::Index> independent_of_information(const Eigen::MatrixXd& information,
                                                     double tolerance = 1e-12);

/// The chosen columns of a matrix, and the chosen rows and columns of a square one.
Eigen::MatrixXd select_columns(const Eigen::MatrixXd& x, const std::vector<Eigen::Index>& columns);
Eigen::MatrixXd select_square(const Eigen::MatrixXd& a, const std::vector<Eigen::Index>& columns);
Eigen::VectorXd select(const Eigen::VectorXd& v, const std::vector<Eigen::Index>& columns);

/// Copies a row-major view, checking that it has `rows` rows of finite values (else std::invalid_argument).
Eigen::MatrixXd to_matrix(MatrixView view, std::size_t rows);

/// Terms of a maximum-likelihood fit, for all columns; those outside `kept` are aliased.
struct Solution {
  std::vector<Eigen::Index> kept;  ///< columns that were fitted
  Eigen::VectorXd coefficient;     ///< one a kept column
  std::vector<double> infinite;    ///< one a kept column: 0, or the sign of the infinite estimate
  Eigen::VectorXd size;            ///< typical magnitude of each kept column
  Eigen::MatrixXd information;     ///< of the kept columns at the solution
};

/// Fills terms and the covariance (all columns) from a solution. With infinite terms the information vanishes
/// along the direction in which the estimate runs away; that direction has no part in the finite terms, whose
/// covariance is then read from the generalised inverse.
void fill_terms(const Solution& solution, Eigen::Index columns, double confidence, std::vector<Term>& terms,
                std::vector<double>& covariance);

/// Marks in `infinite` (by the sign of its coefficient) every column with a part in a direction along which
/// the information has fallen below 1e-9 of `scale`, its size before the fit; says whether there was any.
/// `information` is that of columns of size 1.
bool mark_vanishing(const Eigen::MatrixXd& information, double scale, const Eigen::VectorXd& coefficient,
                    std::vector<double>& infinite);

Term aliased_term();

}  // namespace hortega::analysis::fitting
