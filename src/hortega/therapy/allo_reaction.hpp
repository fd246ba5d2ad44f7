// SPDX-License-Identifier: Apache-2.0
//
// Donor and host T cells after an allogeneic graft: two reactions against each other that grow on the antigen
// presented to them, and what they leave: the graft or its loss, chimerism, residual host cells.
//
//   A' = alpha (1 - block) A P / (A + P) - (delta + kill) A - gamma B A      donor's cells against the host
//   P' = - P / tau + phi D                                                  host tissue presented
//   B' = alpha (1 - block) B Q / (B + Q) - (delta + kill) B - kappa A B      host's cells against the graft
//   Q' = - Q / tau                                                          donor tissue presented
//   host T: H' = - kappa A H;  host and donor progenitors likewise by A and B
//
// Cells relative to the T cells of a body. Expansion that competes for antigen grows with about the square
// root of precursors at most (Quiel 2011, PNAS 108:3312; De Boer and Perelson 2013, J Immunol 190:5454, whose
// form this is, with antigen lost at one rate): a mismatch with a thousand times the precursors is no
// thousandfold reaction. Alloreactivity as such a growth under limits: Toor 2014, Front Immunol 5:613.
#pragma once

#include "hortega/therapy/allo_donor.hpp"

namespace hortega::therapy {

/// What acts on the reaction on a day.
struct Suppression {
  double blocked = 0.0;        // share of division blocked
  double kill_per_day = 0.0;   // of all T cells (antithymocyte globulin)
  double treat_per_day = 0.0;  // of activated cells (steroids)
  double gut_damage = 0.0;     // tissue damage that presents more antigen
};

class AlloReaction {
 public:
  /// On the day of the graft. `host_t`: host T cells left, relative to before; `host_marrow`: host
  /// progenitors left; `infused_marrow`: progenitors given, on the same scale; `mucosa`: damage done by the
  /// conditioning; `vigour`: the person's factor on growth.
  void begin(const Parameters& p, const DonorGraft& graft, double host_t, double host_marrow,
             double infused_marrow, double mucosa, double vigour);
  void advance_day(const Parameters& p, const Suppression& s);
  /// Dividing cells killed at once, powers of ten.
  void kill_dividing(double log10);
  double against_host() const { return a_; }
  double against_graft() const { return b_; }
  /// Share of T cells that are the host's.
  double host_share() const { return host_share_; }
  /// The same on the day of the graft, and how many of those host cells the donor's have spared.
  double host_share_at_graft() const { return first_host_share_; }
  double host_spared() const { return host_spared_; }
  double donor_marrow_share() const;
  double donor_marrow_share_at_graft() const { return given_marrow_ / (given_marrow_ + first_host_marrow_); }
  /// The graft is gone.
  bool rejected() const { return rejected_; }

 private:
  double a_ = 0.0, b_ = 0.0, p_host_ = 0.0, p_donor_ = 0.0;
  double host_share_ = 1.0, first_host_share_ = 1.0, host_spared_ = 1.0;
  double host_marrow_ = 1.0, first_host_marrow_ = 1.0;
  double donor_marrow_ = 0.0, given_marrow_ = 0.0;
  double vigour_ = 1.0;
  bool rejected_ = false;
};

}  // namespace hortega::therapy
