// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/allo_reaction.hpp"

#include "hortega/core/math.hpp"

namespace hortega::therapy {

namespace {
constexpr double k_ten = 10.0;  // not biology: base of the log kill
constexpr int k_steps = 4;      // a day, of rates below 2 a day
constexpr double k_step = 1.0 / k_steps;
}  // namespace

void AlloReaction::begin(const Parameters& p, const DonorGraft& graft, double host_t, double host_marrow,
                         double infused_marrow, double mucosa, double vigour) {
  a_ = graft.precursors * graft.t_share;
  b_ = graft.host_precursors * host_t;
  p_host_ = 1.0 + p.allo_presentation_by_mucosa.value * mucosa;
  p_donor_ = 1.0;
  host_share_ = first_host_share_ = host_t / (host_t + graft.t_share);
  host_spared_ = 1.0;
  host_marrow_ = first_host_marrow_ = host_marrow;
  donor_marrow_ = given_marrow_ = infused_marrow;
  vigour_ = vigour;
}

double AlloReaction::donor_marrow_share() const {
  return rejected_ ? 0.0 : donor_marrow_ / (donor_marrow_ + host_marrow_);
}

void AlloReaction::kill_dividing(double log10) {
  const double left = math::power(k_ten, -log10);
  a_ *= left;
  b_ *= left;
}

void AlloReaction::advance_day(const Parameters& p, const Suppression& s) {
  if (rejected_) return;
  const double growth = p.allo_growth.value * vigour_ * (1.0 - s.blocked);
  const double loss = p.allo_loss.value + s.kill_per_day + s.treat_per_day;
  const double fade = 1.0 / p.allo_presentation_time.value;
  const double kappa = p.allo_host_kill.value;
  const double against = p.allo_graft_kill.value;
  const double renewal = p.allo_thymic_renewal.value;
  for (int i = 0; i < k_steps; ++i) {
    const double a = a_;
    const double b = b_;
    // Linearly implicit in what is lost, so that no cell count turns negative.
    a_ = (a + k_step * growth * a * p_host_ / (a + p_host_)) / (1.0 + k_step * (loss + against * b));
    b_ = (b + k_step * growth * b * p_donor_ / (b + p_donor_)) / (1.0 + k_step * (loss + kappa * a));
    p_host_ = (p_host_ + k_step * p.allo_presentation_by_damage.value * s.gut_damage) / (1.0 + k_step * fade);
    p_donor_ /= 1.0 + k_step * fade;
    const double host = host_share_ / (1.0 + k_step * kappa * a);
    const double donor = (1.0 - host_share_) / (1.0 + k_step * against * b);
    host_share_ = host / (host + donor);
    host_spared_ /= 1.0 + k_step * kappa * a;
    host_marrow_ /= 1.0 + k_step * kappa * a;
    donor_marrow_ /= 1.0 + k_step * against * b;
    host_share_ += k_step * renewal * (1.0 - donor_marrow_share() - host_share_);
  }
  if (donor_marrow_ < p.allo_rejection_floor.value * given_marrow_) {
    rejected_ = true;
    host_share_ = 1.0;
    a_ = 0.0;
  }
}

}  // namespace hortega::therapy
