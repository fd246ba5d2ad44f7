// SPDX-License-Identifier: Apache-2.0
// The small results that every method of analysis/ shares: intervals, tests, the terms of a regression and
// how a fit ended. analysis/ estimates and tests endpoints, real or simulated, from plain spans; it knows no
// model. Every function of this folder is pure and may be called from any thread. A mistake of the caller
// (sizes that do not match, values outside their range) throws std::invalid_argument; data that a method
// cannot estimate from never throws: the result says so in its status.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hortega::analysis {

struct Interval {
  double lower = 0.0;
  double upper = 0.0;
};

/// A test referred to chi-squared with `df` degrees of freedom; df 0 (nothing to compare) has p = 1.
struct ChiSquareTest {
  double statistic = 0.0;
  int df = 0;
  double p = 1.0;
};

/// How a regression ended. Only `converged` means that every term may be read without a second look.
enum class FitStatus {
  converged,
  no_events,       ///< nothing happened to anybody: no term is estimable
  rank_deficient,  ///< some columns follow from earlier ones (terms marked aliased); the others are estimated
  monotone_likelihood,  ///< some estimates are infinite (terms marked infinite), e.g. an arm without events
  not_converged,        ///< the iteration limit was reached; the terms hold the last iterate
  not_estimable         ///< too few observations for the residual variance
};

enum class TermStatus { estimated, infinite, aliased };

/// One coefficient with its Wald test and interval, on the scale of the linear predictor.
/// `infinite`: coefficient +-infinity, standard error infinity, statistic 0, p 1, interval the whole line.
/// `aliased`: every number is NaN.
struct Term {
  TermStatus status = TermStatus::aliased;
  double coefficient = 0.0;
  double standard_error = 0.0;
  double statistic = 0.0;  ///< z, or t in a linear model
  double p = 1.0;          ///< two-sided
  Interval interval;
};

/// exp(coefficient) with its interval: the hazard ratio of a Cox term, the rate ratio of a count term.
struct Ratio {
  TermStatus status = TermStatus::aliased;
  double ratio = 0.0;
  double p = 1.0;
  Interval interval;
};

Ratio exponentiate(const Term& term);

/// A dense matrix by rows, one row a person: values[row * columns + column]. It does not own its values.
struct MatrixView {
  std::span<const double> values;
  std::size_t columns = 0;

  std::size_t rows() const { return columns == 0 ? 0 : values.size() / columns; }
  double operator()(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
};

/// The usual confidence level of every interval here.
inline constexpr double k_confidence = 0.95;

/// Quantile z such that a standard normal lies in [-z, z] with probability `confidence`, in (0, 1).
double normal_half_width(double confidence);

/// Two-sided p of a standard normal statistic.
double two_sided_p(double z);

/// Upper tail of chi-squared; df 0 gives 1.
double chi_square_p(double statistic, int df);

}  // namespace hortega::analysis
