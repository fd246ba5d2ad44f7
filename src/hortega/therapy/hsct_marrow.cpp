// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/hsct_marrow.hpp"

#include "hortega/core/math.hpp"

namespace hortega::therapy {

namespace {

constexpr double k_ten = 10.0;    // not biology: base of the log kill
constexpr double k_stages = 4.0;  // not biology: proliferating pool and three transits (Friberg 2002)
constexpr double k_ln2 = 0.6931471805599453;  // not biology: ln 2

/// Melphalan and the neutrophils of the published model.
MarrowConstants melphalan(const Parameters& p) {
  MarrowConstants m{};
  m.clearance_l_per_h = p.melphalan_clearance.value;
  m.slope_l_per_mg = p.melphalan_slope.value;
  m.mean_transit_h = p.neutrophil_transit.value;
  m.loss_per_h = k_ln2 / p.neutrophil_half_life.value;
  m.feedback = p.neutrophil_feedback.value;
  m.feedback_gain_gcsf = p.neutrophil_feedback_gcsf.value;
  return m;
}

}  // namespace

Marrow::Marrow(const MarrowConstants& parameters, double feedback_floor, double homing_day)
    : p_(parameters), floor_(feedback_floor), homing_per_h_(1.0 / (24.0 * homing_day)) {
  rate_ = k_stages / p_.mean_transit_h;
  rest_ = p_.loss_per_h * p_.baseline_e9_per_l / rate_;
  pool_ = t1_ = t2_ = t3_ = rest_;
  blood_ = p_.baseline_e9_per_l;
}

void Marrow::kill(double log10, double maturing_share) {
  pool_ *= math::power(k_ten, -log10);
  const double maturing = math::power(k_ten, -log10 * maturing_share);
  t1_ *= maturing;
  t2_ *= maturing;
  t3_ *= maturing;
}

// As in melphalan_autograft: the effect on the proliferating pool is linear in the concentration, which is
// gone within a day, so that what a dose does to daily counts follows from its area under the curve alone.
void Marrow::melphalan(double mg, bool gcsf) {
  pool_ *= math::exp(-rate_ * p_.slope_l_per_mg * mg / p_.clearance_l_per_h * feedback(blood_, gcsf));
}

// The feedback is held below its value at `floor_`, and never lets an overfull blood stop the
// marrow.
double Marrow::feedback(double blood, bool gcsf) const {
  const double exponent = p_.feedback + (gcsf ? p_.feedback_gain_gcsf : 0.0);
  return math::power(p_.baseline_e9_per_l / (blood > floor_ ? blood : floor_), exponent);
}

Marrow::Slope Marrow::slope(const Slope& x, bool gcsf) const {
  Slope d{};
  d.homing = -homing_per_h_ * x.homing;
  d.pool = rate_ * x.pool * (feedback(x.blood, gcsf) - 1.0) + homing_per_h_ * x.homing;
  d.t1 = rate_ * (x.pool - x.t1);
  d.t2 = rate_ * (x.t1 - x.t2);
  d.t3 = rate_ * (x.t2 - x.t3);
  d.blood = rate_ * x.t3 - p_.loss_per_h * x.blood;
  return d;
}

void Marrow::advance_day(bool gcsf) {
  constexpr int steps = 4;  // of rates below 3 a day; counts within 0.6 % of those of 32 steps
  constexpr double h = 24.0 / steps;
  Slope x{pool_, t1_, t2_, t3_, blood_, homing_};
  const auto moved = [](const Slope& a, const Slope& k, double step) {
    return Slope{a.pool + step * k.pool, a.t1 + step * k.t1,       a.t2 + step * k.t2,
                 a.t3 + step * k.t3,     a.blood + step * k.blood, a.homing + step * k.homing};
  };
  for (int i = 0; i < steps; ++i) {  // Runge-Kutta 4
    const Slope k1 = slope(x, gcsf);
    const Slope k2 = slope(moved(x, k1, 0.5 * h), gcsf);
    const Slope k3 = slope(moved(x, k2, 0.5 * h), gcsf);
    const Slope k4 = slope(moved(x, k3, h), gcsf);
    x = moved(x, k1, h / 6.0);  // not biology: Runge-Kutta
    x = moved(x, k2, h / 3.0);  // not biology: Runge-Kutta
    x = moved(x, k3, h / 3.0);  // not biology: Runge-Kutta
    x = moved(x, k4, h / 6.0);  // not biology: Runge-Kutta
  }
  pool_ = x.pool;
  t1_ = x.t1;
  t2_ = x.t2;
  t3_ = x.t3;
  blood_ = x.blood;
  homing_ = x.homing;
}

Marrow make_neutrophils(const Parameters& p, double count_e9_per_l) {
  MarrowConstants m = melphalan(p);
  m.baseline_e9_per_l = count_e9_per_l;
  return {m, p.marrow_feedback_floor.value, p.graft_homing.value};
}

Marrow make_platelets(const Parameters& p, double count_e9_per_l) {
  MarrowConstants m = melphalan(p);  // kinetics and slope
  m.slope_l_per_mg *= p.platelet_kill_share.value;
  m.mean_transit_h = 24.0 * p.platelet_transit.value;
  m.loss_per_h = 1.0 / (24.0 * p.platelet_life.value);
  m.baseline_e9_per_l = count_e9_per_l;
  m.feedback = p.platelet_feedback.value;
  m.feedback_gain_gcsf = 0.0;
  return {m, p.platelet_feedback_floor.value, p.graft_homing.value};
}

}  // namespace hortega::therapy
