// SPDX-License-Identifier: Apache-2.0
//
// Mitoxantrone: each dose kills a share of T and, more, of B cells; neutrophils dip and return within three
// weeks. The heart remembers the cumulative dose; acute leukaemia may follow.
#include "hortega/therapy/drug_course.hpp"
#include "hortega/therapy/late_harms.hpp"
#include "hortega/therapy/registry.hpp"

namespace hortega::therapy {

namespace {

constexpr double k_ln10 = 2.302585092994046;  // not biology: ln 10
// not biology from here: neutrophil counts of CTCAE grades 3 and 4, 1e9/L
constexpr double k_grade_3 = 1.0;
constexpr double k_grade_4 = 0.5;
// not biology to here
constexpr int k_leukaemia_days = 1826;  // not biology: the five years of the source's share
constexpr std::uint32_t k_cardiac_number = 1;
constexpr std::uint32_t k_leukaemia_number = 2;

class Mitoxantrone final : public DrugCourse {
 public:
  Mitoxantrone(const Regimen& regimen, const Parameters& parameters)
      : DrugCourse(regimen, parameters, Slot::mitoxantrone, Intake::single_doses),
        leukaemia_(slot_index(Slot::mitoxantrone, k_leukaemia_number)) {}

 protected:
  void prepare(const Patient& patient) override {
    sensitivity_ = math::exp(p_.mitoxantrone_kill_t.spread * response_of(patient, slot_));
  }
  void dose(int day, const Dosing& line, const Patient& patient, CourseSink& sink) override {
    const double mg_m2 = mg_per_m2_of(line.dose, *patient.profile);
    disease::Pulse pulse;
    pulse.naive = pulse.memory = pulse.effector = pulse.treg =
        math::exp(-k_ln10 * p_.mitoxantrone_kill_t.value * mg_m2 * sensitivity_);
    pulse.naive_b = pulse.memory_b = math::exp(-k_ln10 * p_.mitoxantrone_kill_b.value * mg_m2 * sensitivity_);
    sink.pulse(pulse);
    sink.milestone(Milestone::infusion, day, mg_m2);
    // Share of people with cardiac dysfunction at a cumulative dose: logistic; this dose brings the rise of
    // the curve.
    const double before = cardiac_share(cumulative_);
    cumulative_ += mg_m2;
    const double rise = (cardiac_share(cumulative_) - before) / (1.0 - before);
    if (harm_happens(patient, day, slot_, k_cardiac_number, rise)) {
      sink.harm(
          {"ejection fraction decreased", 2, day, day + 365, true});  // not biology: recorded for a year
    }
    since_dose_ = 0;
    neutropenia(day, patient.profile->neutrophils_1e9_per_l);
  }
  void elapse(int days, const Patient&) override {
    if (since_dose_ != k_never) since_dose_ += days;
  }
  void act(int, const Patient&, disease::Levers<double>& levers) const override {
    if (!dips()) return;
    // A tent: down to the nadir, up to recovery (E1015).
    const double since = since_dose_;
    const double nadir = p_.mitoxantrone_nadir_day.value;
    const double end = p_.mitoxantrone_recovery_day.value;
    const double depth = this->depth();
    const double shape = since < nadir ? since / nadir : (end - since) / (end - nadir);
    levers.neutrophils = 1.0 - depth * std::clamp(shape, 0.0, 1.0);
  }
  int refresh_days() const override { return dips() ? 2 : k_never; }  // not biology: step
  int other_harms(int day, const Patient& patient, CourseSink& sink) override {
    if (leukaemia_over()) {
      leukaemia_.stop();
    } else if (!leukaemia_started_) {
      leukaemia_started_ = true;
      leukaemia_.start(day, p_.mitoxantrone_leukaemia.value, patient.key);
    } else if (leukaemia_.due() <= day &&
               leukaemia_.happens(day, p_.mitoxantrone_leukaemia.value, patient.key)) {
      sink.harm({"acute leukaemia", 4, day, day + 365, true});  // not biology: recorded for a year
      leukaemia_.stop();
    }
    late_.tell(day, sink);
    return std::min(leukaemia_.due(), late_.due());
  }
  bool gone() const override { return !dips() && late_.empty() && leukaemia_over(); }

 private:
  bool leukaemia_over() const { return since_dose_ > k_leukaemia_days; }
  bool dips() const { return since_dose_ != k_never && since_dose_ <= p_.mitoxantrone_recovery_day.value; }
  double depth() const { return 1.0 - p_.mitoxantrone_nadir_neutrophils.value; }
  /// The days of the dip below grade 3, if it goes there.
  void neutropenia(int day, double baseline) {
    const double lowest = baseline * p_.mitoxantrone_nadir_neutrophils.value;
    if (lowest >= k_grade_3) return;
    const double nadir = p_.mitoxantrone_nadir_day.value;
    const double end = p_.mitoxantrone_recovery_day.value;
    const double shape =
        std::max(0.0, (1.0 - k_grade_3 / baseline) / depth());  // of the tent, where it crosses
    late_.add({"neutrophil count decreased", lowest < k_grade_4 ? 4 : 3,
               day + static_cast<int>(nadir * shape), day + static_cast<int>(end - (end - nadir) * shape),
               false});
  }
  double cardiac_share(double mg_m2) const {
    if (mg_m2 <= 0.0) return 0.0;
    return 1.0 / (1.0 + math::exp(-(mg_m2 - p_.mitoxantrone_cardiac_dose.value) *
                                  p_.mitoxantrone_cardiac_slope.value));
  }
  double sensitivity_ = 1.0;
  double cumulative_ = 0.0;
  int since_dose_ = k_never;
  HarmClock leukaemia_;
  LateHarms late_;
  bool leukaemia_started_ = false;
};

}  // namespace

HORTEGA_THERAPY(mitoxantrone) {
  return {[](const Regimen& r, const Parameters& p) -> std::unique_ptr<Course> {
            return std::make_unique<Mitoxantrone>(r, p);
          },
          [](const Parameters& p) { return a_year_after_doses(p.visits_pulsed); }};
}

}  // namespace hortega::therapy
