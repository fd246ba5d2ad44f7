// SPDX-License-Identifier: Apache-2.0
//
// Cladribine tablets: lymphocytes take the drug up within hours and die of it over weeks, B cells further
// than T cells and memory B cells furthest; a part reaches the brain. Two short courses a year apart; between
// and after them cells come back as the disease lets them.
#include "hortega/therapy/drug_course.hpp"
#include "hortega/therapy/registry.hpp"

namespace hortega::therapy {

namespace {

constexpr double k_none = 1e-3;                // not biology: mg/kg taken as none
constexpr double k_lymphopenia_grade_3 = 0.5;  // not biology: CTCAE version 5, 1e9/L
constexpr std::uint32_t k_zoster_number = 1;

class Cladribine final : public DrugCourse {
 public:
  Cladribine(const Regimen& regimen, const Parameters& parameters)
      : DrugCourse(regimen, parameters, Slot::cladribine, Intake::single_doses),
        zoster_(slot_index(Slot::cladribine, k_zoster_number)) {}

 protected:
  void prepare(const Patient& patient) override {
    sensitivity_ = math::exp(p_.cladribine_kill_t.spread * response_of(patient, slot_));
  }
  void dose(int day, const Dosing& line, const Patient& patient, CourseSink& sink) override {
    const double mg_kg = mg_per_kg_of(line.dose, *patient.profile);
    inside_ += mg_kg;
    // Memory B cells die further than B cells do altogether, and T cells behind the barrier by the share of
    // the drug that is there.
    const double t = p_.cladribine_kill_t.value * mg_kg * sensitivity_;
    disease::Pulse pulse;
    pulse.memory_b = math::exp(-p_.cladribine_kill_memory_b.value * mg_kg * sensitivity_);
    pulse.treg = math::exp(-t * p_.treg_sensitivity.value);
    pulse.resident = math::exp(-t * p_.cladribine_cns.value);
    pulse.compartment = math::exp(-t * p_.cladribine_cns.value * (1.0 - p_.compartment_resistance.value));
    sink.pulse(pulse);
    sink.milestone(Milestone::infusion, day, mg_kg);
    lymphopenia_told_ = false;
  }
  void elapse(int days, const Patient&) override {
    inside_ *= math::exp(-days / p_.cladribine_death_time.value);
    if (inside_ < k_none) inside_ = 0.0;
  }
  void act(int day, const Patient&, disease::Levers<double>& levers) const override {
    const double inside = inside_ * mean_while_fading(days_ahead(day), p_.cladribine_death_time.value);
    const double dying = inside / p_.cladribine_death_time.value * sensitivity_;
    levers.kill_t = p_.cladribine_kill_t.value * dying;
    levers.kill_b = p_.cladribine_kill_b.value * dying;
  }
  int refresh_days() const override { return inside_ > 0.0 ? 7 : 28; }  // not biology: step
  int other_harms(int day, const Patient& patient, CourseSink& sink) override {
    const disease::Levers<double> levers = disease::no_levers();
    const double missing = lymphopenia(patient, 1.0);
    const double most = p_.zoster_rate.value * (1.0 + p_.zoster_by_lymphopenia.value);
    if (!zoster_started_) {
      zoster_started_ = true;
      zoster_.start(day, most, patient.key);
    } else if (zoster_.due() <= day) {
      const double rate = p_.zoster_rate.value * (1.0 + p_.zoster_by_lymphopenia.value * missing);
      if (zoster_.happens(day, rate, patient.key)) {
        sink.harm({"herpes zoster", 2, day, day + 28, false});  // not biology: recorded for four weeks
      }
    }
    if (!lymphopenia_told_ && disease::lymphocyte_count(*patient.parameters, *patient.profile, patient.state,
                                                        levers) < k_lymphopenia_grade_3) {
      lymphopenia_told_ = true;  // once a dose
      sink.harm({"lymphocyte count decreased", 3, day, day, false});
    }
    return zoster_.due();
  }
  bool gone() const override { return inside_ == 0.0; }

 private:
  double sensitivity_ = 1.0;
  double inside_ = 0.0;  // mg/kg whose cells have not died yet
  HarmClock zoster_;
  bool zoster_started_ = false;
  bool lymphopenia_told_ = true;
};

}  // namespace

HORTEGA_THERAPY(cladribine) {
  return {[](const Regimen& r, const Parameters& p) -> std::unique_ptr<Course> {
            return std::make_unique<Cladribine>(r, p);
          },
          [](const Parameters& p) { return a_year_after_doses(p.visits_pulsed); }};
}

}  // namespace hortega::therapy
