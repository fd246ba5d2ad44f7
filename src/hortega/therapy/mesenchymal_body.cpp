// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/mesenchymal_body.hpp"

#include "hortega/core/math.hpp"

#include <algorithm>

namespace hortega::therapy {

namespace {

constexpr double k_ln2 = 0.6931471805599453;  // not biology: ln 2
constexpr double k_hours_per_day = 24.0;
constexpr double k_gone_e6 = 1e-9;  // not biology: fewer cells than one in a thousand

/// What leaves a place in a step.
double leave(double& place, double rate_per_day, double days) {
  const double out = place * (1.0 - math::exp(-rate_per_day * days));
  place -= out;
  return out;
}

}  // namespace

void MesenchymalBody::circulate(double cells, double lung_share, const BodyState& body) {
  // Arrest in a passage: most in the lung's capillaries; of what passes, the brain's share of the blood flow
  // meets the brain, where inflamed vessels hold some; the rest ends in liver, spleen and kidney.
  const double held = std::min(
      1.0, p_.msc_cns_arrest.value * body.homing * (1.0 + p_.msc_homing_by_barrier.value * body.barrier));
  const double past = cells * (1.0 - lung_share);
  const double vessels = past * p_.brain_blood_flow.value * held;
  now_.living.lung += cells * lung_share;
  now_.living.vessels += vessels;
  now_.living.organs += past - vessels;
}

void MesenchymalBody::give(CellRoute route, double living_e6, double dead_e6, const BodyState& body) {
  given_ += living_e6 + dead_e6;
  died_ += dead_e6;
  switch (route) {
    case CellRoute::intravenous:
      circulate(living_e6, p_.msc_lung_trapping.value, body);
      now_.engulfed.outside += dead_e6;
      break;
    case CellRoute::intra_arterial: {
      // Into an artery of the brain: all of them meet it first, the rest returns by the veins.
      const double held = std::min(
          1.0, p_.msc_cns_arrest.value * body.homing * (1.0 + p_.msc_homing_by_barrier.value * body.barrier));
      now_.living.vessels += living_e6 * held;
      circulate(living_e6 * (1.0 - held), p_.msc_lung_trapping.value, body);
      now_.engulfed.outside += dead_e6;
      break;
    }
    case CellRoute::intrathecal:
      now_.living.csf += living_e6;
      now_.engulfed.csf += dead_e6;
      break;
    case CellRoute::intralesional:
      now_.living.graft += living_e6;
      now_.engulfed.tissue += dead_e6;
      break;
  }
}

void MesenchymalBody::step(double days, const BodyState& body) {
  const double vascular = k_ln2 / p_.msc_vascular_half_life.value * body.clearance;
  const double in_tissue = k_ln2 / p_.msc_tissue_half_life.value * body.clearance;
  const double in_csf = k_ln2 / p_.msc_csf_half_life.value * body.clearance;

  // Lung: some of what leaves is released alive and goes round once more.
  const double left = leave(now_.living.lung, vascular, days);
  const double released = left * p_.msc_lung_release.value / body.clearance;
  const double organs_died = leave(now_.living.organs, vascular, days);
  // Vessels: transmigrate into tissue or die.
  const double vessels_left = leave(now_.living.vessels, vascular, days);
  const double entered = vessels_left * p_.msc_transmigration.value;
  // CSF: some settle in tissue.
  const double csf_settled = leave(now_.living.csf, p_.msc_csf_migration.value, days);
  const double csf_died = leave(now_.living.csf, in_csf, days);
  const double tissue_died = leave(now_.living.tissue, in_tissue, days);
  const double graft_died = leave(now_.living.graft, in_tissue, days);
  now_.living.tissue += entered + csf_settled;
  circulate(released, 0.0, body);

  const double outside = (left - released) + organs_died;
  const double inside = (vessels_left - entered) + tissue_died + graft_died;
  died_ += outside + inside + csf_died;
  // Cells that die are taken up; the macrophages keep the change for as long as they live.
  const double keep = math::exp(-k_ln2 * days / p_.msc_macrophage_half_life.value);
  now_.engulfed.outside = now_.engulfed.outside * keep + outside;
  now_.engulfed.tissue = now_.engulfed.tissue * keep + inside;
  now_.engulfed.csf = now_.engulfed.csf * keep + csf_died;
}

bool MesenchymalBody::in_vessels() const {
  return now_.living.lung + now_.living.organs + now_.living.vessels > k_gone_e6;
}

// Hours while cells are in the vessels, which they leave within a day or so; then days.
double MesenchymalBody::next_step(double days) const {
  return std::min(days, in_vessels() ? 1.0 / k_hours_per_day : 1.0);
}

void MesenchymalBody::elapse(double days, const BodyState& body) {
  if (given_ <= 0.0) return;
  for (double done = 0.0; done < days;) {
    const double length = next_step(days - done);
    step(length, body);
    done += length;
  }
}

CellExposure MesenchymalBody::mean_over(double days, const BodyState& body) const {
  MesenchymalBody ahead(*this);
  CellExposure mean;
  for (double done = 0.0; done < days;) {
    const double length = ahead.next_step(days - done);
    const CellExposure before = ahead.now_;
    ahead.step(length, body);
    const double w = 0.5 * length / days;
    const auto add = [&](const CellExposure& x) {
      mean.living.lung += w * x.living.lung;
      mean.living.organs += w * x.living.organs;
      mean.living.vessels += w * x.living.vessels;
      mean.living.csf += w * x.living.csf;
      mean.living.tissue += w * x.living.tissue;
      mean.living.graft += w * x.living.graft;
      mean.engulfed.outside += w * x.engulfed.outside;
      mean.engulfed.csf += w * x.engulfed.csf;
      mean.engulfed.tissue += w * x.engulfed.tissue;
    };
    add(before);
    add(ahead.now_);
    done += length;
  }
  return mean;
}

bool MesenchymalBody::gone(double share) const {
  return now_.living.sum() + now_.engulfed.sum() <= share * given_;
}

}  // namespace hortega::therapy
