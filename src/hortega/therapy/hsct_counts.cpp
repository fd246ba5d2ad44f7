// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/hsct_counts.hpp"

#include "hortega/core/math.hpp"
#include "hortega/therapy/days.hpp"

#include <cmath>

namespace hortega::therapy {

namespace {

// Definitions of engraftment (PMC11161398, table 1), not biology: first of three days at the count, platelets
// without transfusion for a week; no neutrophils by the day of failure is a graft failure. Who never falls
// below the count by then has no day: that is told instead. A transfusion is support: who gets one has
// fallen.
constexpr double k_anc_threshold = 0.5;        // not biology: 1e9/L
constexpr double k_platelet_threshold = 20.0;  // not biology: 1e9/L
constexpr int k_engraftment_days = 3;
constexpr int k_transfusion_free_days = 7;
constexpr int k_failure_recorded_days = 30;  // not biology: how long the harm is recorded

}  // namespace

void BloodCounts::start(const Parameters& p, const disease::Profile& profile, int day, int failure_day) {
  baseline_neutrophils_ = profile.neutrophils_1e9_per_l;
  baseline_platelets_ = profile.platelets_1e9_per_l;
  neutrophils_ = make_neutrophils(p, baseline_neutrophils_);
  platelets_ = make_platelets(p, baseline_platelets_);
  last_transfusion_ = day - k_transfusion_free_days;
  failure_day_ = failure_day;
}

void BloodCounts::kill(const Parameters& p, double log10) {
  neutrophils_->kill(log10, 0.0);
  platelets_->kill(log10 * p.platelet_kill_share.value, p.platelet_maturing_share.value);
}

void BloodCounts::melphalan(double mg) {
  neutrophils_->melphalan(mg, false);
  platelets_->melphalan(mg, false);
}

void BloodCounts::infuse(const Parameters& p, double worth, double cd34_e6_per_kg, double thawed) {
  neutrophils_->infuse(p.graft_progenitor_share.value * worth * cd34_e6_per_kg * thawed);
  platelets_->infuse(p.platelet_graft_share.value * worth * cd34_e6_per_kg * thawed);
}

void BloodCounts::lose(double share) {
  neutrophils_->lose(share);
  platelets_->lose(share);
}

void BloodCounts::advance_day(const Parameters& p, int day, int graft_day, int g_csf_from_day,
                              CourseSink& sink) {
  const bool after = day >= graft_day;
  const bool gcsf = after && day - graft_day >= g_csf_from_day && anc_day_ == k_never;
  neutrophils_->advance_day(gcsf);
  platelets_->advance_day(false);
  if (platelets_->count() < p.platelet_transfusion_trigger.value) {
    platelets_->transfuse(p.platelet_transfusion_rise.value);
    last_transfusion_ = day;
    platelets_ok_ = 0;
    platelets_low_ = platelets_low_ || after;
  }
  if (!after) return;
  // Counted from the fall on: on the day of the graft the counts may not have fallen yet.
  const bool late = day - graft_day >= failure_day_;
  neutrophils_low_ = neutrophils_low_ || neutrophils_->count() < k_anc_threshold;
  platelets_low_ = platelets_low_ || platelets_->count() < k_platelet_threshold;
  neutrophils_ok_ = neutrophils_low_ && neutrophils_->count() >= k_anc_threshold ? neutrophils_ok_ + 1 : 0;
  if (anc_day_ == k_never && !neutrophils_low_ && late) {
    anc_day_ = graft_day;  // nothing to wait for
    sink.milestone(Milestone::anc_not_below, day, day - graft_day);
  } else if (anc_day_ == k_never && neutrophils_ok_ == k_engraftment_days) {
    anc_day_ = day - k_engraftment_days + 1;
    sink.milestone(Milestone::anc_engraftment, anc_day_, anc_day_ - graft_day);
  }
  const bool unsupported = day - last_transfusion_ >= k_transfusion_free_days;
  platelets_ok_ =
      platelets_low_ && unsupported && platelets_->count() >= k_platelet_threshold ? platelets_ok_ + 1 : 0;
  if (platelet_day_ == k_never && !platelets_low_ && late) {
    platelet_day_ = graft_day;
    sink.milestone(Milestone::platelet_not_below, day, day - graft_day);
  } else if (platelet_day_ == k_never && platelets_ok_ == k_engraftment_days) {
    platelet_day_ = day - k_engraftment_days + 1;
    sink.milestone(Milestone::platelet_engraftment, platelet_day_, platelet_day_ - graft_day);
  }
  if (anc_day_ == k_never && !failure_told_ && late && neutrophils_ok_ == 0) {
    failure_told_ = true;
    sink.milestone(Milestone::graft_failure, day, 0.0);
    sink.harm({"graft failure", 4, day, day + k_failure_recorded_days, true});
  }
  if (!discharged_ && anc_day_ != k_never && day - anc_day_ >= whole(p.discharge_after_engraftment.value)) {
    discharged_ = true;
    sink.milestone(Milestone::discharge, day, day - graft_day);
  }
}

}  // namespace hortega::therapy
