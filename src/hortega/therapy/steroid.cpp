// SPDX-License-Identifier: Apache-2.0
//
// High-dose steroid for a relapse: the barrier closes for weeks. It ends by itself when the seal has faded.
#include "hortega/therapy/drug_course.hpp"

namespace hortega::therapy {

namespace {

constexpr double k_open = 0.01;  // not biology: a seal of less is taken as none
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
    seal_ = full_;
    if (doses_given_ == 0 &&
        harm_happens(patient, day, slot_, k_insomnia_number, p_.steroid_insomnia.value)) {
      sink.harm({"insomnia", 1, day, day + 7, false});
    }
    int last = 0;
    for (const Dosing& line : regimen_.doses) last = std::max(last, static_cast<int>(line.at_day.back()));
    if (day - start_ >= last) stop(day);  // a course of days, not a maintenance
  }
  void elapse(int days, const Patient&) override {
    seal_ *= math::exp(-days / p_.steroid_fade.value);
    if (seal_ < k_open) seal_ = 0.0;
  }
  void act(int, const Patient&, disease::Levers<double>& levers) const override {
    levers.barrier_seal = 1.0 - seal_;
  }
  int refresh_days() const override { return seal_ > 0.0 ? 3 : k_never; }  // not biology: step
  bool gone() const override { return seal_ == 0.0; }

 private:
  double full_ = 0.0;
  double seal_ = 0.0;
};

}  // namespace

std::unique_ptr<Course> make_steroid(const Regimen& r, const Parameters& p) {
  return std::make_unique<Steroid>(r, p);
}

}  // namespace hortega::therapy
