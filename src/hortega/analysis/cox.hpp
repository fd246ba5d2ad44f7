// SPDX-License-Identifier: Apache-2.0
// Cox proportional hazards regression with Efron's handling of ties.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "hortega/analysis/inference.hpp"
#include "hortega/analysis/survival.hpp"

namespace hortega::analysis {

struct CoxOptions {
  double confidence = k_confidence;
  int max_iterations = 60;
};

struct CoxFit {
  FitStatus status = FitStatus::not_converged;
  std::vector<Term> terms;  ///< log hazard ratios, in the order of the columns
  std::vector<double>
      covariance;  ///< columns x columns by rows; 0 in rows and columns of terms not estimated
  double log_likelihood_null = 0.0;
  double log_likelihood = 0.0;     ///< with an infinite term: its limit
  ChiSquareTest likelihood_ratio;  ///< valid with infinite terms too
  ChiSquareTest score;  ///< valid with infinite terms too; the log-rank test for one two-group column
  std::optional<ChiSquareTest> wald;  ///< empty unless all terms that are not aliased were estimated
  std::int64_t events = 0;
  int iterations = 0;
};

/// Rows of `covariates` are people (no intercept column); any status > 0 is the event; `stratum` (any
/// integers) may be empty. Newton-Raphson on centred and scaled columns, O(people * columns^2) an iteration.
/// Efron 1977; agrees with coxph(ties = "efron"). A fit that cannot be had is flagged, see FitStatus.
CoxFit cox_regression(const SurvivalSample& sample, MatrixView covariates,
                      std::span<const std::int32_t> stratum = {}, const CoxOptions& options = {});

}  // namespace hortega::analysis
