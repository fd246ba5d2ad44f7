// SPDX-License-Identifier: Apache-2.0
//
// Pulses of cyclophosphamide below transplant doses: each kills shares of T and B cells as in conditioning
// (hsct_kill.hpp), behind the barrier by what reaches it; neutrophils dip and return. Bladder, ovaries and
// later malignancies go with the doses given.
#include "hortega/therapy/drug_course.hpp"
#include "hortega/therapy/hsct_kill.hpp"
#include "hortega/therapy/late_harms.hpp"
#include "hortega/therapy/registry.hpp"

namespace hortega::therapy {

namespace {

constexpr double k_ln10 = 2.302585092994046;  // not biology: ln 10
constexpr double k_usual_mg_per_m2 = 700.0;   // not biology: the dose that harms per pulse are stated for
// not biology from here: neutrophil counts of CTCAE grades 3 and 4, 1e9/L
constexpr double k_grade_3 = 1.0;
constexpr double k_grade_4 = 0.5;
// not biology to here
constexpr int k_lasting_day = 1095;  // not biology: what does not recover is recorded for three years
constexpr std::uint32_t k_nausea_number = 1;
constexpr std::uint32_t k_bladder_number = 2;
constexpr std::uint32_t k_ovary_number = 3;
constexpr std::uint32_t k_malignancy_number = 4;

class CyclophosphamidePulses final : public DrugCourse {
 public:
  CyclophosphamidePulses(const Regimen& regimen, const Parameters& parameters)
      : DrugCourse(regimen, parameters, Slot::cyclophosphamide, Intake::single_doses) {}

 protected:
  void prepare(const Patient& patient) override {
    sensitivity_ = math::exp(p_.conditioning_sensitivity.spread * response_of(patient, slot_));
  }
  void dose(int day, const Dosing& line, const Patient& patient, CourseSink& sink) override {
    const disease::Profile& profile = *patient.profile;
    const double mg_m2 = mg_per_m2_of(line.dose, profile);
    const Kill kill = kill_of(p_, ConditioningDrug::cyclophosphamide, line.dose, profile);
    const auto left = [&](double log10) { return math::exp(-k_ln10 * log10 * sensitivity_); };
    disease::Pulse pulse;
    pulse.naive = pulse.memory = pulse.effector = left(kill.t);
    pulse.treg = left(kill.t * p_.treg_sensitivity.value);
    pulse.memory_b = pulse.naive_b = left(kill.b);
    pulse.resident = left(kill.cns_t);
    pulse.compartment = left(kill.cns_t * (1.0 - p_.compartment_resistance.value));
    sink.pulse(pulse);
    sink.milestone(Milestone::infusion, day, mg_m2);
    depth_ = 1.0 - math::exp(-k_ln10 * p_.pulse_nadir.value * mg_m2);
    since_dose_ = 0;
    neutropenia(day, profile.neutrophils_1e9_per_l);
    // Harms per pulse of the usual dose, in proportion to smaller and larger ones.
    const double pulses = mg_m2 / k_usual_mg_per_m2;
    const auto happens = [&](std::uint32_t number, const core::Parameter& p) {
      return harm_happens(patient, day, slot_, number, 1.0 - math::power(1.0 - p.value, pulses));
    };
    if (happens(k_nausea_number, p_.pulse_nausea)) sink.harm({"nausea", 2, day, day + 2, false});
    if (happens(k_bladder_number, p_.pulse_cystitis)) {
      late_.add({"haemorrhagic cystitis", 3, day + 2, day + 9, true});  // not biology: recorded for a week
    }
    if (!menopause_ && profile.female && patient.state.age_year() < p_.ovarian_window_age.value &&
        happens(k_ovary_number, p_.pulse_menopause)) {
      menopause_ = true;
      late_.add({"premature menopause", 3, day + 30, day + k_lasting_day, false});
    }
    if (happens(k_malignancy_number, p_.pulse_malignancy)) {
      const int later = day + static_cast<int>(p_.pulse_malignancy_delay.value);
      late_.add({"secondary malignancy", 4, later, later + 365, true});  // not biology: recorded for a year
    }
  }
  void elapse(int days, const Patient&) override {
    if (since_dose_ != k_never) since_dose_ += days;
  }
  void act(int, const Patient&, disease::Levers<double>& levers) const override {
    if (!dips()) return;
    // A tent: down to the nadir, up to recovery.
    const double nadir = p_.pulse_nadir_day.value;
    const double end = p_.pulse_recovery_day.value;
    const double shape = since_dose_ < nadir ? since_dose_ / nadir : (end - since_dose_) / (end - nadir);
    levers.neutrophils = 1.0 - depth_ * std::clamp(shape, 0.0, 1.0);
  }
  int refresh_days() const override { return dips() ? 2 : k_never; }  // not biology: step
  int other_harms(int day, const Patient&, CourseSink& sink) override {
    late_.tell(day, sink);
    return late_.due();
  }
  bool gone() const override { return !dips() && late_.empty(); }

 private:
  bool dips() const { return since_dose_ != k_never && since_dose_ <= p_.pulse_recovery_day.value; }
  /// The days of the dip below grade 3, if it goes there.
  void neutropenia(int day, double baseline) {
    const double lowest = baseline * (1.0 - depth_);
    if (lowest >= k_grade_3) return;
    const double nadir = p_.pulse_nadir_day.value;
    const double end = p_.pulse_recovery_day.value;
    const double shape = std::max(0.0, (1.0 - k_grade_3 / baseline) / depth_);
    late_.add({"neutrophil count decreased", lowest < k_grade_4 ? 4 : 3,
               day + static_cast<int>(nadir * shape), day + static_cast<int>(end - (end - nadir) * shape),
               false});
  }
  double sensitivity_ = 1.0;
  double depth_ = 0.0;
  int since_dose_ = k_never;
  bool menopause_ = false;
  LateHarms late_;
};

}  // namespace

HORTEGA_THERAPY(cyclophosphamide) {
  return {[](const Regimen& r, const Parameters& p) -> std::unique_ptr<Course> {
            return std::make_unique<CyclophosphamidePulses>(r, p);
          },
          [](const Parameters& p) { return a_year_after_doses(p.visits_pulsed); }};
}

}  // namespace hortega::therapy
