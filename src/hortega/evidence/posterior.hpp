// SPDX-License-Identifier: Apache-2.0
// What a calibration leaves behind: draws of the free parameters, and the record of how they came about.
//
//   posterior.csv    draw, weight, tau, then each variable in natural units ("NAME", "NAME.spread")
//   posterior.toml   program, seed, settings, digest of the draws; rows with their residuals; losses on seeds
//                    that the fit never used; posterior against prior; pairs that trade off; checks
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "hortega/core/parameters.hpp"
#include "hortega/core/value.hpp"
#include "hortega/evidence/calibration.hpp"
#include "hortega/evidence/free_parameters.hpp"

namespace hortega::evidence {

/// Draws with weight above 0; weights sum to 1.
struct Posterior {
  std::vector<std::string> names;           ///< of the variables
  std::vector<std::vector<double>> values;  ///< one list of natural values a draw
  std::vector<double> weight;
  std::vector<double> tau;
  core::Value record;  ///< posterior.toml

  std::size_t size() const { return values.size(); }
};

/// One variable after the fit, in natural units unless said otherwise.
struct VariableSummary {
  std::string name, unit;
  double prior_mean = 0.0, prior_sd = 0.0;
  double mean = 0.0, sd = 0.0, low_95 = 0.0, median = 0.0, high_95 = 0.0;
  double mode = 0.0;             ///< where the search for a mode ended
  double shrinkage = 0.0;        ///< 1 - posterior variance / prior variance, in prior units
  double median_quantile = 0.5;  ///< of the posterior median, in the prior
  bool at_bound = false;         ///< the median is within 2 % of an end of the prior
};

/// Two variables of which the rows say little more than a combination.
struct TradeOff {
  std::string first, second;
  double correlation = 0.0;  ///< in prior units; beyond 0.7 either way
};

struct CalibrationCheck {
  std::string name;
  bool passed = false;
  std::string detail;
};

std::vector<VariableSummary> summarise(const FreeParameters& parameters, const Calibration& fit);
/// The strongest first.
std::vector<TradeOff> trade_offs(const FreeParameters& parameters, const Calibration& fit);
/// at_bound (lists the parameters), draws (effective size of at least 100), unseen (on unseen seeds the loss
/// of the posterior mean is not above the prior mean's).
std::vector<CalibrationCheck> check(const FreeParameters& parameters, const Calibration& fit);

/// `program`: version line; `digest`: calibration_digest.
Posterior make_posterior(const FreeParameters& parameters, std::span<const Target> targets,
                         const Calibration& fit, const CalibrationSettings& settings,
                         const std::string& program, const std::string& digest);

/// Writes DIR/posterior.csv and DIR/posterior.toml. Throws core::RunError.
void write_posterior(const std::filesystem::path& directory, const Posterior& posterior);

/// Reads both. Throws core::InputError if one is missing, malformed or belongs to another.
Posterior read_posterior(const std::filesystem::path& directory);

/// Marks as fitted the targets that are rows of the posterior's record, and no others.
void mark_fitted(std::vector<Target>& targets, const Posterior& posterior);

/// The set with the variables of draw i. Throws core::InputError if the set has no such parameter or the
/// value lies outside its range (the posterior is of other parameters).
core::ParameterSet with_draw(core::ParameterSet set, const Posterior& posterior, std::size_t i);

/// Variables whose passport is not what the fit left in it (scripts/adopt-posterior: the mode or the mean of
/// the draws, to four digits) or, of those drawn from a prior (`[from_prior]`), what it held then; in the
/// posterior's order. Whoever takes draws does not see these edits. A variable that the record or the set
/// does not know is none of them.
std::vector<std::string> edited_variables(const core::ParameterSet& set, const Posterior& posterior);

/// Predictions of the draws (one row a draw and target: draw, row, part, seed, mean, sd_study, mc_se, on the
/// link's scale), for re-weighting.
std::string predictions_csv(std::span<const Target> targets, const Calibration& fit);

}  // namespace hortega::evidence
