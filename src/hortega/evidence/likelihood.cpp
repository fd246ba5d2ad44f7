// SPDX-License-Identifier: Apache-2.0
// How well simulated numbers agree with published ones.
#include "hortega/evidence/likelihood.hpp"

#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>

#include "hortega/core/problems.hpp"

namespace hortega::evidence {

namespace {

constexpr double k_log_two_pi = 1.8378770664093453;
// People assumed behind a standard error whose n is not known, for the size of tau on the identity scale.
constexpr double k_people_if_unknown = 100.0;

// The standard deviation between people; from the published standard error where the simulated one is not
// defined.
double between_people(const Target& target, const Prediction& reference) {
  const double people = target.people > 0.0 ? target.people : k_people_if_unknown;
  const bool simulated = std::isfinite(reference.sd_study) && reference.sd_study > 0.0;
  return (simulated ? reference.sd_study : target.se) * std::sqrt(people);
}

}  // namespace

std::string why_not_fitted(const Target& target) {
  if (target.role != "calibration") return "role " + target.role + ": only compared";
  if (!target.why_not_scored.empty()) return target.why_not_scored;
  if (target.set_aside) return "set aside";
  return {};
}

Likelihood::Likelihood(std::span<const Target> targets, std::span<const Prediction> reference,
                       const LikelihoodSettings& settings)
    : settings_(settings) {
  if (targets.size() != reference.size()) throw std::invalid_argument("one prediction for each target");
  std::map<std::string, int> members;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const Target& target = targets[i];
    std::string reason = why_not_fitted(target);
    if (reason.empty() && !(std::isfinite(target.y) && std::isfinite(target.se) && target.se > 0.0))
      reason = "its error is not known";
    if (!reason.empty()) {
      left_out_.push_back({i, std::move(reason)});
      continue;
    }
    ScoredRow row;
    row.target = i;
    row.y = target.y;
    row.se = target.se;
    row.mc_se = std::isfinite(reference[i].mc_se) ? reference[i].mc_se : 0.0;
    if (target.link == Link::identity) row.effect_scale = between_people(target, reference[i]);
    if (!target.differs_between_studies) row.effect_scale = 0.0;
    row.study_bias = target.study_bias;
    rows_.push_back(row);
    ++members[target.family];
  }
  if (rows_.empty()) {
    throw core::InputError(core::Problem{
        {}, {}, "no row is left to be fitted", "rows of role calibration with an uncertainty", {}});
  }
  for (ScoredRow& row : rows_)
    row.weight = 1.0 / (1.0 + (members[targets[row.target].family] - 1) * settings.family_correlation);
}

double Likelihood::variance(std::size_t row, double tau) const {
  const ScoredRow& r = rows_[row];
  const double between = (tau * tau + r.study_bias * r.study_bias) * r.effect_scale * r.effect_scale;
  return r.se * r.se + r.mc_se * r.mc_se + between;
}

double Likelihood::standardised_residual(std::size_t row, std::span<const Prediction> predictions,
                                         double tau) const {
  const double mean = predictions[rows_[row].target].mean;
  if (!std::isfinite(mean)) return settings_.undefined_z;
  return (rows_[row].y - mean) / std::sqrt(variance(row, tau));
}

double Likelihood::log_likelihood(std::span<const Prediction> predictions, double tau) const {
  double sum = 0.0;
  for (std::size_t j = 0; j < rows_.size(); ++j) {
    const double z = standardised_residual(j, predictions, tau);
    sum -= 0.5 * rows_[j].weight * (z * z + std::log(variance(j, tau)) + k_log_two_pi);
  }
  return sum;
}

double Likelihood::log_prior(double tau) const {
  if (tau < 0.0) return -std::numeric_limits<double>::infinity();
  if (settings_.tau_scale == 0.0) return tau == 0.0 ? 0.0 : -std::numeric_limits<double>::infinity();
  const double z = tau / settings_.tau_scale;
  return std::log(2.0 / settings_.tau_scale) - 0.5 * (z * z + k_log_two_pi);
}

Loss Likelihood::loss(std::span<const Prediction> predictions, double tau) const {
  Loss out;
  for (std::size_t j = 0; j < rows_.size(); ++j) {
    const double chance = standardised_residual(j, predictions, 0.0);
    const double with_tau = standardised_residual(j, predictions, tau);
    out.sampling += rows_[j].weight * chance * chance;
    out.with_tau += rows_[j].weight * with_tau * with_tau;
  }
  return out;
}

}  // namespace hortega::evidence
