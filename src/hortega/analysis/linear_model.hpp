// SPDX-License-Identifier: Apache-2.0
// Continuous outcomes: linear model, analysis of covariance, Welch's difference of means, Wilcoxon's rank
// sum.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hortega/analysis/inference.hpp"

namespace hortega::analysis {

struct LinearFit {
  FitStatus status =
      FitStatus::not_estimable;    ///< rank_deficient: later columns that follow from earlier are aliased
  std::vector<Term> terms;         ///< statistic is t on residual_df; aliased also where not_estimable
  std::vector<double> covariance;  ///< columns x columns by rows
  double residual_sd = 0.0;
  int residual_df = 0;
};

/// Least squares by Householder QR; rows of `design` are people and it holds its own intercept. Agrees with
/// lm. Fewer people than estimable columns + 1 is not_estimable.
LinearFit linear_regression(std::span<const double> outcome, MatrixView design,
                            double confidence = k_confidence);

/// change ~ arm + baseline: change from baseline adjusted for baseline by arm (arms 0 .. n_arms-1, 0 the
/// reference).
struct Ancova {
  LinearFit fit;  ///< terms: intercept, baseline, arm 1, arm 2, ... (each against arm 0)
  std::vector<double> adjusted_mean,
      adjusted_mean_se;  ///< per arm at the mean baseline; empty unless converged
};

Ancova ancova(std::span<const double> change, std::span<const double> baseline,
              std::span<const std::int32_t> arm, std::int32_t n_arms, double confidence = k_confidence);

/// Mean of a - mean of b with Welch's degrees of freedom (t.test).
struct MeanDifference {
  FitStatus status = FitStatus::not_estimable;  ///< fewer than two people on a side, or no spread at all
  double difference = 0.0;
  double standard_error = 0.0;
  double df = 0.0;
  double t = 0.0;
  double p = 1.0;
  Interval interval;  ///< the whole line where not estimable
};

MeanDifference welch_difference(std::span<const double> a, std::span<const double> b,
                                double confidence = k_confidence);

/// Wilcoxon-Mann-Whitney by the normal approximation with tie and continuity corrections
/// (wilcox.test, exact = FALSE, correct = TRUE); z 0 and p 1 where all values are tied or a side is empty.
struct RankSum {
  double w = 0.0;  ///< Mann-Whitney count for a
  double z = 0.0;
  double p = 1.0;
};

RankSum wilcoxon_rank_sum(std::span<const double> a, std::span<const double> b);

}  // namespace hortega::analysis
