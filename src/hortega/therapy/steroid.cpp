// SPDX-License-Identifier: Apache-2.0
//
// High-dose steroid for a relapse: the barrier closes, and blocked fibres conduct again sooner; how many stay
// bare is not its doing. It ends by itself when the effect has faded.
#include "hortega/therapy/drug_course.hpp"

namespace hortega::therapy {

namespace {

constexpr double k_gone = 0.01;  // not biology: an effect of less is taken as none
constexpr std::uint32_t k_insomnia_number = 1;

class Steroid final : public DrugCourse {
 public:
  Steroid(const Regimen& regimen, const Parameters& parameters)
      : DrugCourse(regimen, parameters, Slot::steroid, Intake::single_doses) {}

 protected:
  void prepare(const Patient& patient) override {
    full_ = 1.0 - personal(p_.steroid_seal, response_of(patient, slot_), 0.0, 1.0);
  }
  void dose(int day, const Dosing&, const Patient& patient, CourseSink& sink) override {
    effect_ = 1.0;
    if (doses_given_ == 0 &&
        harm_happens(patient, day, slot_, k_insomnia_number, p_.steroid_insomnia.value)) {
      sink.harm({"insomnia", 1, day, day + 7, false});
    }
    int last = 0;
    for (const Dosing& line : regimen_.doses) last = std::max(last, static_cast<int>(line.at_day.back()));
    if (day - start_ >= last) stop(day);  // a course of days, not a maintenance
  }
  void elapse(int days, const Patient&) override {
    effect_ *= math::exp(-days / p_.steroid_fade.value);
    if (effect_ < k_gone) effect_ = 0.0;
  }
  void act(int day, const Patient&, disease::Levers<double>& levers) const override {
    const double effect = effect_ * mean_while_fading(days_ahead(day), p_.steroid_fade.value);
    levers.barrier_seal = 1.0 - full_ * effect;
    levers.recovery = 1.0 + (p_.steroid_recovery.value - 1.0) * effect;
  }
  int refresh_days() const override { return effect_ > 0.0 ? 3 : k_never; }  // not biology: step
  bool gone() const override { return effect_ == 0.0; }

 private:
  double full_ = 0.0;    // the person's seal at full effect
  double effect_ = 0.0;  // 1 on the day of a dose
};

}  // namespace

std::unique_ptr<Course> make_steroid(const Regimen& r, const Parameters& p) {
  return std::make_unique<Steroid>(r, p);
}

}  // namespace hortega::therapy
