// SPDX-License-Identifier: Apache-2.0
//
// Autologous transplantation as a process: mobilisation, apheresis, conditioning, graft, aplasia,
// engraftment, rebuilding, late harms. Each part stands in a file of its own (hsct_*.hpp); this one keeps the
// calendar.
#pragma once

#include "hortega/therapy/hsct_conditioning.hpp"
#include "hortega/therapy/hsct_counts.hpp"
#include "hortega/therapy/hsct_harms.hpp"
#include "hortega/therapy/hsct_kill.hpp"
#include "hortega/therapy/hsct_mobilisation.hpp"
#include "hortega/therapy/regimen.hpp"
#include "hortega/therapy/uses.hpp"

#include <optional>

namespace hortega::therapy {

class TransplantCourse final : public Course {
 public:
  TransplantCourse(const Regimen& regimen, const Parameters& parameters);
  void begin(int day, const Patient& patient, CourseSink& sink) override;
  void resume(int day, const Patient& patient) override;
  void update(int day, const Patient& patient, CourseSink& sink, disease::Levers<double>& levers) override;
  int next_due() const override { return next_due_; }
  /// Before conditioning the transplant is called off; afterwards the graft must be given, and is.
  void stop(int day) override;
  bool finished() const override { return phase_ == Phase::finished; }
  const Parameters* parameters() const override { return &p_; }
  /// From conditioning to a year after the graft.
  bool tells_infections() const override {
    return phase_ == Phase::transplant || phase_ == Phase::rebuilding;
  }

 private:
  enum class Phase { mobilisation, waiting, transplant, rebuilding, late, finished };

  void mobilise(int day, const Patient& patient, CourseSink& sink);
  void apheresis(int day, const Patient& patient, CourseSink& sink);
  void transplant_day(int day, const Patient& patient, CourseSink& sink);
  void give_conditioning(int day, const Patient& patient, CourseSink& sink);
  void give_graft(int day, const Patient& patient, CourseSink& sink);
  void rebuild(int day, const Patient& patient, CourseSink& sink);
  bool organ_toxicity(int day, CourseSink& sink);
  void pulse_kill(const Kill& kill, CourseSink& sink);
  void write_levers(int day, const Patient& patient, disease::Levers<double>& levers) const;
  void plan_next(int day);
  double t_remaining() const;

  const Regimen& regimen_;
  const Parameters& p_;
  Phase phase_ = Phase::finished;
  int start_ = 0;
  int attempt_ = 0;
  int mobilised_day_ = 0;
  int apheresis_day_ = 0;
  int neutropenia_day_ = k_never;
  int conditioning_day_ = k_never;  // first day of conditioning
  int graft_day_ = k_never;
  double graft_e6_per_kg_ = 0.0;
  bool cancelled_ = false;

  double sensitivity_ = 1.0;
  double log10_t_ = 0.0;  // killed so far by cytotoxic drugs
  double mucosa_ = 0.0;
  Exposure exposure_;
  AtgLevel atg_;
  BloodCounts counts_;
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
