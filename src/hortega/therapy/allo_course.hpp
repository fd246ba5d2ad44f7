// SPDX-License-Identifier: Apache-2.0
//
// Allogeneic transplantation as a process: conditioning, a donor's graft, prophylaxis, aplasia, two reactions
// of T cells against each other, chimerism, graft-versus-host disease, deaths and late harms. Conditioning,
// counts and infections are those of the autologous transplant (hsct_*.hpp); this file keeps the calendar.
#pragma once

#include "hortega/therapy/allo_donor.hpp"
#include "hortega/therapy/allo_gvhd.hpp"
#include "hortega/therapy/allo_reaction.hpp"
#include "hortega/therapy/hsct_conditioning.hpp"
#include "hortega/therapy/uses.hpp"

namespace hortega::therapy {

class AllogeneicCourse final : public Course {
 public:
  AllogeneicCourse(const Regimen& regimen, const Parameters& parameters);
  void begin(int day, const Patient& patient, CourseSink& sink) override;
  void resume(int day, const Patient& patient) override;
  void update(int day, const Patient& patient, CourseSink& sink, disease::Levers<double>& levers) override;
  int next_due() const override { return next_due_; }
  /// Before conditioning the transplant is called off; afterwards the graft must be given, and is.
  void stop(int day) override;
  bool finished() const override { return phase_ == Phase::finished; }
  const Parameters* parameters() const override { return &p_; }
  /// From conditioning until graft-versus-host disease is quiet and prophylaxis over.
  bool tells_infections() const override { return phase_ == Phase::transplant; }

 private:
  enum class Phase { waiting, transplant, late, finished };

  void transplant_day(int day, const Patient& patient, CourseSink& sink);
  void drugs_of_day(int day, const Patient& patient, CourseSink& sink);
  void give_graft(int day, const Patient& patient, CourseSink& sink);
  void react(int day, const Patient& patient, CourseSink& sink);
  void replace_clones(CourseSink& sink);
  void rebuild(int day, const Patient& patient, CourseSink& sink);
  void lose_graft(int day, CourseSink& sink);
  void watch_failure(int day);
  bool dies(int day, int days, const Patient& patient, CourseSink& sink);
  bool organ_toxicity(int day, CourseSink& sink);
  void late_day(int day, const Patient& patient, CourseSink& sink);
  double t_remaining() const;
  double blocked_today(int day) const {
    return blocked(p_, regimen_.prophylaxis, day - graft_day_, handling_);
  }
  double reactive_share() const;
  void write_levers(int day, disease::Levers<double>& levers) const;
  void plan_next(int day);

  const Regimen& regimen_;
  const Parameters& p_;
  Phase phase_ = Phase::finished;
  int conditioning_day_ = k_never;
  int graft_day_ = k_never;
  bool cancelled_ = false;

  double sensitivity_ = 1.0;
  double vigour_ = 1.0;
  double donor_yield_ = 0.0;  // standard normal
  double worth_ = 1.0;
  Handling handling_;
  double log10_t_ = 0.0;       // of T cells, killed by cytotoxic drugs before the graft
  double atg_survival_ = 1.0;  // of T cells, under antithymocyte globulin before the graft
  double log10_marrow_ = 0.0;
  double mucosa_ = 0.0;
  Exposure exposure_;
  AtgLevel atg_;
  BloodCounts counts_;
  DonorGraft graft_;
  AlloReaction reaction_;
  GraftVersusHost gvhd_;
  double told_reactive_ = 1.0;  // share of CNS-reactive cells that the pools of the disease already show
  bool lost_ = false;
  bool failure_watched_ = false;
  int marrow_until_ = k_never;
  int next_chimerism_ = 0;
  bool treg_done_ = false;
  bool thymus_done_ = false;

  TransplantUses uses_;
  TransplantInfections infections_;
  std::vector<OrganToxicity> toxicities_;
  LateHarms late_;
  HarmClock malignancy_;
  int last_ = 0;
  int next_due_ = k_never;
};

}  // namespace hortega::therapy
