// SPDX-License-Identifier: Apache-2.0
//
// Alemtuzumab: each infusion kills a share of T and B cells. Blood is emptied further than tissue, and cells
// come back from there; what survives expands into the empty niche (disease/equations.hpp), and autoimmunity
// follows that expansion.
#include "hortega/therapy/autoimmunity.hpp"
#include "hortega/therapy/drug_course.hpp"
#include "hortega/therapy/registry.hpp"

namespace hortega::therapy {

namespace {

constexpr std::uint32_t k_reaction_number = 1;
constexpr std::uint32_t k_late_number = 2;

class Alemtuzumab final : public DrugCourse {
 public:
  Alemtuzumab(const Regimen& regimen, const Parameters& parameters)
      : DrugCourse(regimen, parameters, Slot::alemtuzumab, Intake::single_doses) {}

 protected:
  void prepare(const Patient& patient) override { z_ = response_of(patient, slot_); }
  void dose(int day, const Dosing& line, const Patient& patient, CourseSink& sink) override {
    // The total of a course decides, with a saturating curve; this infusion adds what it adds to that.
    if (last_dose_ == k_never || day - last_dose_ > k_same_course_days) {
      course_mg_ = 0.0;
      if (harm_happens(patient, day, slot_, k_reaction_number, p_.alemtuzumab_reaction.value)) {
        sink.harm({"infusion associated reaction", 2, day, day + 5, false});
      }
      draw_autoimmunity(p_, patient, day, slot_, k_late_number, 1.0, late_);
    }
    const double before = log_share(course_mg_);
    course_mg_ += mg_of(line.dose, *patient.profile);
    const double added = log_share(course_mg_) - before;
    const double sensitivity = math::exp(-p_.alemtuzumab_pool_survival.spread * z_);
    disease::Pulse pulse;
    const double t = math::exp(math::log(p_.alemtuzumab_pool_survival.value) * added * sensitivity);
    pulse.naive = pulse.memory = pulse.effector = t;
    pulse.treg = math::exp(math::log(p_.alemtuzumab_treg_survival.value) * added * sensitivity);
    pulse.memory_b = pulse.naive_b =
        math::exp(math::log(p_.alemtuzumab_b_survival.value) * added * sensitivity);
    sink.pulse(pulse);
    sink.milestone(Milestone::infusion, day, line.dose.amount);
    last_dose_ = day;
    // In blood less is left than in the whole pool, until cells redistribute.
    hidden_ = 1.0 - p_.alemtuzumab_blood_survival.value / p_.alemtuzumab_pool_survival.value;
  }
  void elapse(int days, const Patient&) override {
    hidden_ *= math::exp(-days / p_.alemtuzumab_redistribution.value);
    if (hidden_ < k_even) hidden_ = 0.0;
  }
  void act(int, const Patient&, disease::Levers<double>& levers) const override {
    levers.lymphocytes_seen = 1.0 - hidden_;
  }
  int refresh_days() const override {
    return hidden_ > 0.0 ? 7 : 91;
  }  // not biology: step; counts rise for years
  int other_harms(int day, const Patient&, CourseSink& sink) override {
    late_.tell(day, sink);
    return late_.due();
  }
  // Nothing of the drug is left after weeks; the course stays as long as late autoimmunity may come.
  bool gone() const override { return hidden_ == 0.0 && late_.empty(); }

 private:
  static constexpr int k_same_course_days = 30;  // not biology: gap that begins another course
  static constexpr double k_even = 0.02;         // not biology: what is taken as even

  double log_share(double mg) const {
    const double half = p_.alemtuzumab_half_dose.value;
    const double reference = p_.alemtuzumab_reference_dose.value;
    return mg / (mg + half) * (reference + half) / reference;
  }

  double z_ = 0.0;
  double course_mg_ = 0.0;
  int last_dose_ = k_never;
  double hidden_ = 0.0;
  LateHarms late_;
};

}  // namespace

HORTEGA_THERAPY(alemtuzumab) {
  return {[](const Regimen& r, const Parameters& p) -> std::unique_ptr<Course> {
            return std::make_unique<Alemtuzumab>(r, p);
          },
          [](const Parameters& p) {
            return Watching{p.visits_alemtuzumab.value, p.visits_alemtuzumab_time.value};
          },
          "reconstitution"};
}

}  // namespace hortega::therapy
