// SPDX-License-Identifier: Apache-2.0
//
// Neutrophils and platelets of one person around a graft: their fall, transfusions, and the days on which
// they return or fail to (docs/endpoints.md).
#pragma once

#include "hortega/therapy/course.hpp"
#include "hortega/therapy/hsct_marrow.hpp"

#include <optional>

namespace hortega::therapy {

class BloodCounts {
 public:
  /// Counts at rest before conditioning. Without neutrophils by `failure_day` after the graft it has failed.
  void start(const Parameters& p, const disease::Profile& profile, int day, int failure_day);
  bool started() const { return neutrophils_.has_value(); }
  /// Powers of ten of the proliferating precursors.
  void kill(const Parameters& p, double log10);
  void melphalan(double mg);
  /// CD34+ cells and what is left of them after thawing; `worth` is how many progenitors one of them stands
  /// for, relative to the parameter.
  void infuse(const Parameters& p, double worth, double cd34_e6_per_kg, double thawed);
  /// The donor's share of all precursors is lost (a rejected graft).
  void lose(double share);
  /// One day, with the milestones that it brings.
  void advance_day(const Parameters& p, int day, int graft_day, int g_csf_from_day, CourseSink& sink);

  double neutrophils_e9_per_l() const { return neutrophils_->count(); }
  /// Relative to the person's own counts.
  double neutrophil_level() const { return neutrophils_->count() / baseline_neutrophils_; }
  double platelet_level() const { return platelets_->count() / baseline_platelets_; }
  bool failed() const { return failure_told_; }
  /// The neutrophils have come back for good, or never went.
  bool recovered() const { return anc_day_ != k_never; }
  bool discharged() const { return discharged_; }
  /// The neutrophils never fell below the threshold.
  bool spared() const { return recovered() && !neutrophils_low_; }

 private:
  std::optional<Marrow> neutrophils_;
  std::optional<Marrow> platelets_;
  double baseline_neutrophils_ = 1.0;
  double baseline_platelets_ = 1.0;
  int failure_day_ = 0;
  bool neutrophils_low_ = false;
  bool platelets_low_ = false;
  int neutrophils_ok_ = 0;  // consecutive days at the threshold
  int platelets_ok_ = 0;
  int last_transfusion_ = 0;
  int anc_day_ = k_never;
  int platelet_day_ = k_never;
  bool discharged_ = false;
  bool failure_told_ = false;
};

}  // namespace hortega::therapy
