// SPDX-License-Identifier: Apache-2.0
//
// Antibodies against CD20 (ocrelizumab, rituximab, ofatumumab): serum level by one compartment with the
// terminal half-life, B-cell death by level. B cells come back when the level no longer kills faster than
// they are made: half a year after the last injection of ofatumumab, a year and a half after ocrelizumab.
#include "hortega/therapy/drug_course.hpp"
#include "hortega/therapy/registry.hpp"

namespace hortega::therapy {

namespace {

constexpr double k_ln2 = 0.6931471805599453;
constexpr double k_gone_kill_per_day = 1e-4;    // not biology: what is taken as gone
constexpr double k_reference_weight_kg = 75.0;  // not biology: scale of the volume's exponent
constexpr std::uint32_t k_reaction_number = 1;

/// What differs between the antibodies.
struct Antibody {
  const core::Parameter* half_life;
  const core::Parameter* volume;  // apparent: over bioavailability
  const core::Parameter* kill;
  const core::Parameter* half_kill;
  const core::Parameter* first_reaction;
  const core::Parameter* later_reaction;
  const char* reaction;
  double interval_day;  // not biology: of a prescription that gives none
  Slot slot;
};

class AntiCd20 final : public DrugCourse {
 public:
  AntiCd20(const Regimen& regimen, const Parameters& parameters, const Antibody& drug)
      : DrugCourse(regimen, parameters, drug.slot, Intake::single_doses), drug_(drug) {}

 protected:
  void prepare(const Patient& patient) override {
    const double size =
        math::power(patient.profile->weight_kg / k_reference_weight_kg, p_.ocrelizumab_weight_exponent.value);
    volume_l_ = drug_.volume->value * size;
    loss_per_day_ = k_ln2 / drug_.half_life->value;
    half_kill_ = personal(*drug_.half_kill, response_of(patient, slot_), 0.0, 1e3);
  }
  int settle(const Patient& patient) override {
    const Dosing& line = regimen_.doses.back();
    const double every = line.every_day.value_or(drug_.interval_day);
    const int since = static_cast<int>(every / 2.0);
    concentration_ = mg_of(line.dose, *patient.profile) / volume_l_ /
                     (1.0 - math::exp(-loss_per_day_ * every)) * math::exp(-loss_per_day_ * since);
    return since;
  }
  void dose(int day, const Dosing& line, const Patient& patient, CourseSink& sink) override {
    concentration_ += mg_of(line.dose, *patient.profile) / volume_l_;
    sink.milestone(Milestone::infusion, day, line.dose.amount);
    const bool first = doses_given_ == 0 && !resumed_;
    const double share = first ? drug_.first_reaction->value : drug_.later_reaction->value;
    if (harm_happens(patient, day, slot_, k_reaction_number, share)) {
      sink.harm({drug_.reaction, 2, day, day + 1, false});
    }
  }
  void elapse(int days, const Patient&) override { concentration_ *= math::exp(-loss_per_day_ * days); }
  void act(int, const Patient&, disease::Levers<double>& levers) const override { levers.kill_b = kill(); }
  int refresh_days() const override {
    // Saturated for months: the rate hardly moves until the level nears the half-kill.
    return concentration_ > 20.0 * half_kill_ ? 28 : 7;  // not biology: step
  }
  bool gone() const override { return kill() < k_gone_kill_per_day; }

 private:
  double kill() const { return drug_.kill->value * concentration_ / (concentration_ + half_kill_); }
  const Antibody drug_;
  double volume_l_ = 1.0;
  double loss_per_day_ = 0.0;
  double half_kill_ = 1.0;
  double concentration_ = 0.0;
};

}  // namespace

HORTEGA_THERAPY(anti_cd20) {
  return {[](const Regimen& r, const Parameters& p) -> std::unique_ptr<Course> {
            return std::make_unique<AntiCd20>(
                r, p,
                Antibody{&p.ocrelizumab_half_life, &p.ocrelizumab_volume, &p.ocrelizumab_kill,
                         &p.ocrelizumab_half_kill, &p.ocrelizumab_first_reaction,
                         &p.ocrelizumab_later_reaction, "infusion related reaction",
                         168.0,  // not biology: as licensed
                         Slot::anti_cd20});
          },
          [](const Parameters& p) { return as_long_as_taken(p.visits_infused); }, "ocrelizumab"};
}

HORTEGA_THERAPY(rituximab) {
  return {
      [](const Regimen& r, const Parameters& p) -> std::unique_ptr<Course> {
        return std::make_unique<AntiCd20>(
            r, p,
            Antibody{&p.rituximab_half_life, &p.rituximab_volume, &p.rituximab_kill, &p.rituximab_half_kill,
                     &p.rituximab_first_reaction, &p.rituximab_later_reaction, "infusion related reaction",
                     182.0,  // not biology: as usually given
                     Slot::rituximab});
      },
      [](const Parameters& p) { return as_long_as_taken(p.visits_infused); }};
}

HORTEGA_THERAPY(ofatumumab) {
  return {[](const Regimen& r, const Parameters& p) -> std::unique_ptr<Course> {
            return std::make_unique<AntiCd20>(
                r, p,
                Antibody{&p.ofatumumab_half_life, &p.ofatumumab_volume, &p.ofatumumab_kill,
                         &p.ofatumumab_half_kill, &p.ofatumumab_first_reaction, &p.ofatumumab_later_reaction,
                         "injection related reaction",
                         28.0,  // not biology: as licensed
                         Slot::ofatumumab});
          },
          [](const Parameters& p) { return as_long_as_taken(p.visits_infused); }};
}

}  // namespace hortega::therapy
