// SPDX-License-Identifier: Apache-2.0
//
// Aplasia and engraftment: the published melphalan/autograft model of neutrophils (source:
// melphalan_autograft.hpp) grown by what a transplant needs: other drugs as a log-kill of the proliferating
// pool, graft cells that home into it, and a feedback that does not exceed what it was at the lowest counts
// of the data. Platelets are the same chain with their own times.
#pragma once

#include "hortega/therapy/parameters.hpp"

namespace hortega::therapy {

/// Constants of one chain of cells; times in hours, doses in mg, counts in 1e9/L.
struct MarrowConstants {
  double clearance_l_per_h;  // of melphalan
  double slope_l_per_mg;     // kill effect of its concentration
  double mean_transit_h, loss_per_h, baseline_e9_per_l;
  double feedback, feedback_gain_gcsf;
};

class Marrow {
 public:
  /// `feedback_floor`: count below which the feedback grows no further.
  Marrow(const MarrowConstants& parameters, double feedback_floor, double homing_day);

  /// Powers of ten of the proliferating pool, and a share of them of the maturing cells.
  void kill(double log10, double maturing_share);
  /// A dose of melphalan, all of it at once.
  void melphalan(double mg, bool gcsf);
  /// Progenitors on their way to the marrow, as a share of the proliferating pool at rest.
  void infuse(double share_of_pool) { homing_ += share_of_pool * rest_; }
  /// A share of all precursors is gone: of the proliferating pool, what matures and what is on its way.
  void lose(double share) {
    const double kept = 1.0 - share;
    pool_ *= kept;
    t1_ *= kept;
    t2_ *= kept;
    t3_ *= kept;
    homing_ *= kept;
  }
  /// Adds to the blood at once (transfusion).
  void transfuse(double count) { blood_ += count; }
  void advance_day(bool gcsf);
  double count() const { return blood_; }

 private:
  struct Slope {
    double pool, t1, t2, t3, blood, homing;
  };
  Slope slope(const Slope& x, bool gcsf) const;
  double feedback(double blood, bool gcsf) const;

  MarrowConstants p_;
  double floor_;
  double homing_per_h_;
  double rate_;
  double rest_;
  double pool_, t1_, t2_, t3_, blood_;
  double homing_ = 0.0;
};

/// Neutrophils of a person, with the published typical values and the person's own count.
Marrow make_neutrophils(const Parameters& p, double count_e9_per_l);
/// Platelets of a person.
Marrow make_platelets(const Parameters& p, double count_e9_per_l);

}  // namespace hortega::therapy
