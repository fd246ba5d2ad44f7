// SPDX-License-Identifier: Apache-2.0
//
// Fingolimod and siponimod: lymphocytes held in lymph nodes. Retention follows the drug level by a saturating
// curve; the blood count and the effectors that leave the nodes fall alike. What gathered in the nodes leaves
// them when the drug does.
#include "hortega/therapy/drug_course.hpp"
#include "hortega/therapy/kept_cells.hpp"
#include "hortega/therapy/registry.hpp"

namespace hortega::therapy {

namespace {

constexpr double k_lymphopenia_grade_3 = 0.5;  // not biology: CTCAE version 5, 1e9/L
constexpr double k_steady = 0.01;              // not biology: what is taken as steady or gone
constexpr std::uint32_t k_bradycardia_number = 1;
constexpr std::uint32_t k_macula_number = 2;

/// What differs between the two.
struct S1p {
  const core::Parameter* half_life;
  const core::Parameter* retention;
  const core::Parameter* half_effect;
  const core::Parameter* microglia;  // null: none
  const core::Parameter* bradycardia;
  const core::Parameter* macular_oedema;  // null: none modelled
  double licensed_mg;                     // not biology: the daily dose at which the level is 1
  Slot slot;
};

class S1pModulator final : public DrugCourse {
 public:
  S1pModulator(const Regimen& regimen, const Parameters& parameters, const S1p& drug)
      : DrugCourse(regimen, parameters, drug.slot, Intake::continuous), drug_(drug) {}

 protected:
  void prepare(const Patient& patient) override {
    z_ = response_of(patient, slot_);
    const Dosing& line = regimen_.doses.back();  // titration stands before it
    target_ = mg_of(line.dose, *patient.profile) / drug_.licensed_mg / line.every_day.value_or(1.0);
  }
  int settle(const Patient&) override {
    level_ = target_;
    kept_.settle(1.0);
    return 0;
  }
  void elapse(int days, const Patient&) override {
    const double goal = stopped_ ? 0.0 : target_;
    level_ = goal + (level_ - goal) * math::exp(-0.6931471805599453 * days / drug_.half_life->value);
    if (std::abs(level_ - goal) < k_steady * target_) level_ = goal;
    kept_.elapse(days, std::min(1.0, level_ / target_), p_.s1p_kept_fade.value);
  }
  void act(int, const Patient&, disease::Levers<double>& levers) const override {
    const double held = drug_.retention->value * level_ / (level_ + drug_.half_effect->value);
    const double free = std::min(1.0, (1.0 - held) * math::exp(drug_.retention->spread * z_ * held));
    // In steady state the count says what is free; what gathered and is held no more comes out besides.
    const double released = std::max(0.0, kept_.level() - std::min(1.0, level_ / target_));
    levers.egress = free * (1.0 + p_.s1p_kept.value * released);
    levers.lymphocytes_seen = free;
    if (drug_.microglia != nullptr) {
      levers.microglia = 1.0 - (1.0 - drug_.microglia->value) * std::min(1.0, level_);
    }
  }
  int refresh_days() const override {
    if (level_ == (stopped_ ? 0.0 : target_) && (!stopped_ || kept_.gone())) return k_never;
    return drug_.half_life->value < 4.0 ? 1 : 3;  // not biology: step
  }
  int other_harms(int day, const Patient& patient, CourseSink& sink) override {
    if (!first_dose_seen_ && !resumed_) {
      first_dose_seen_ = true;
      if (harm_happens(patient, start_, slot_, k_bradycardia_number, drug_.bradycardia->value)) {
        sink.harm({"bradycardia", 2, day, day + 1, false});
      }
      if (drug_.macular_oedema != nullptr &&
          harm_happens(patient, start_, slot_, k_macula_number, drug_.macular_oedema->value)) {
        sink.harm({"macular oedema", 2, day, day + 90, true});  // not biology: recorded for three months
      }
    }
    if (!lymphopenia_told_) {
      disease::Levers<double> levers = disease::no_levers();
      act(day, patient, levers);
      if (disease::lymphocyte_count(*patient.parameters, *patient.profile, patient.state, levers) <
          k_lymphopenia_grade_3) {
        lymphopenia_told_ = true;
        sink.harm({"lymphocyte count decreased", 3, day, day, false});
      }
    }
    return k_never;
  }
  bool gone() const override { return level_ == 0.0 && kept_.gone(); }

 private:
  const S1p drug_;
  double z_ = 0.0;
  KeptCells kept_;
  double target_ = 1.0;
  double level_ = 0.0;
  bool first_dose_seen_ = false;
  bool lymphopenia_told_ = false;
};

}  // namespace

HORTEGA_THERAPY(fingolimod) {
  return {[](const Regimen& r, const Parameters& p) -> std::unique_ptr<Course> {
            return std::make_unique<S1pModulator>(
                r, p,
                S1p{&p.fingolimod_half_life, &p.fingolimod_retention, &p.fingolimod_half_effect, nullptr,
                    &p.fingolimod_bradycardia, &p.fingolimod_macular_oedema, 0.5, Slot::fingolimod});
          },
          [](const Parameters& p) { return as_long_as_taken(p.visits_oral); }};
}

HORTEGA_THERAPY(siponimod) {
  return {[](const Regimen& r, const Parameters& p) -> std::unique_ptr<Course> {
            return std::make_unique<S1pModulator>(
                r, p,
                S1p{&p.siponimod_half_life, &p.siponimod_retention, &p.siponimod_half_effect,
                    &p.siponimod_microglia, &p.siponimod_bradycardia, nullptr, 2.0, Slot::siponimod});
          },
          [](const Parameters& p) { return as_long_as_taken(p.visits_oral); }};
}

}  // namespace hortega::therapy
