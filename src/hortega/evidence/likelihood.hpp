// SPDX-License-Identifier: Apache-2.0
// How well simulated numbers agree with published ones.
//
// Row j, on its link's scale, with prediction g_j(theta):
//
//   y_j ~ N( g_j, v_j ),   v_j = se_j^2 + mc_j^2 + (tau^2 + b_f(j)^2) h_j^2,
//   log L = sum_j w_f(j) log N(y_j; g_j, v_j)
//
// se: sampling error of the published number. mc: Monte Carlo error of the simulated one. tau: how much
// studies differ beyond chance (era, raters, recruitment), a random effect whose size is inferred,
// with a half-normal prior of scale 0.25. h is 1 on the logarithmic and logit scales (a tau of 0.25 is a
// quarter more or less in a rate or an odds); on the identity scale it is the standard deviation between
// people, sd_study * sqrt(people), so that tau means as much there. h is 0 for a ratio within one study
// (FittedFacts, evidence/emergent.hpp): what is peculiar to the study stands above and below the line. b: a
// further term of studies whose bias is suspected ([[bias]] of data/evidence/map.toml, with the reason; 0 of
// all others).
//
// Several rows of one study are not several studies: their people are the same, and so is what is peculiar to
// their study. The sign in which two endpoints share it is not known (fewer relapses, more people free of
// them), so the rows of a family have no common deviation; instead their likelihoods are weighted as a
// composite likelihood, by Kish's design effect (Survey Sampling, 1965): w_f = 1 / (1 + (m_f - 1) rho) with
// m_f rows in the family and rho = 0.3 (declared; nothing measures it) the correlation of their deviations.
// However many rows a study has, it then counts as less than 3.4 independent rows. For a weighted row the fit
// treats v_j / w_f as its variance; a predictive interval of a single row uses v_j.
//
// mc and h change little with theta and are taken from reference predictions once: log L then depends on
// theta through g alone.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "hortega/evidence/forward.hpp"

namespace hortega::evidence {

struct LikelihoodSettings {
  double tau_scale = 0.25;          ///< of the half-normal prior; 0: studies do not differ
  double family_correlation = 0.3;  ///< rho
  /// A row whose number the parameters make undefined counts as this many standard deviations off.
  double undefined_z = 5.0;
};

/// A row that is fitted.
struct ScoredRow {
  std::size_t target = 0;  ///< its index among the targets
  double y = 0.0;
  double se = 0.0;
  double mc_se = 0.0;
  double effect_scale = 1.0;  ///< h
  double study_bias = 0.0;    ///< b
  double weight = 1.0;        ///< w
};

struct RowLeftOut {
  std::size_t target = 0;
  std::string reason;
};

/// Why a target is no part of the fit; empty if it is.
std::string why_not_fitted(const Target& target);

/// Sums of squared standardised residuals, weighted as the likelihood is.
struct Loss {
  double sampling = 0.0;  ///< tau = 0: chance alone is allowed for
  double with_tau = 0.0;  ///< differences between studies are, too
};

class Likelihood {
 public:
  /// `reference`: predictions of all targets at some theta that is not far off. Throws std::invalid_argument
  /// for another number of predictions than targets, and core::InputError if no row is left to be fitted.
  Likelihood(std::span<const Target> targets, std::span<const Prediction> reference,
             const LikelihoodSettings& settings);

  const std::vector<ScoredRow>& rows() const { return rows_; }
  const std::vector<RowLeftOut>& left_out() const { return left_out_; }
  const LikelihoodSettings& settings() const { return settings_; }

  /// v_j.
  double variance(std::size_t row, double tau) const;
  /// Residual y - g over the square root of v_j; undefined_z where the prediction is not finite.
  double standardised_residual(std::size_t row, std::span<const Prediction> predictions, double tau) const;
  /// log L; `predictions` are of all targets.
  double log_likelihood(std::span<const Prediction> predictions, double tau) const;
  double log_prior(double tau) const;
  Loss loss(std::span<const Prediction> predictions, double tau) const;

 private:
  LikelihoodSettings settings_;
  std::vector<ScoredRow> rows_;
  std::vector<RowLeftOut> left_out_;
};

}  // namespace hortega::evidence
