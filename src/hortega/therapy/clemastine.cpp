// SPDX-License-Identifier: Apache-2.0
//
// Clemastine: the plasma level at steady intake frees progenitors from muscarinic inhibition by a saturating
// curve; late remyelination goes faster. It touches neither lymphocytes nor the barrier: a partner of other
// drugs.
#include "hortega/therapy/drug_course.hpp"
#include "hortega/therapy/registry.hpp"

namespace hortega::therapy {

namespace {

constexpr double k_ln2 = 0.6931471805599453;  // not biology: ln 2
constexpr double k_steady = 0.01;             // not biology: share taken as steady or gone
constexpr double k_ug_per_mg = 1000.0;        // not biology: units
constexpr std::uint32_t k_fatigue_number = 1;

class Clemastine final : public DrugCourse {
 public:
  Clemastine(const Regimen& regimen, const Parameters& parameters)
      : DrugCourse(regimen, parameters, Slot::clemastine, Intake::continuous) {}

 protected:
  void prepare(const Patient& patient) override {
    const double half_life = personal(p_.clemastine_half_life, response_of(patient, slot_), 1e-2, 1e2);
    loss_per_day_ = k_ln2 / half_life;
    double mg_per_day = 0.0;
    for (const Dosing& line : regimen_.doses) {
      mg_per_day += mg_of(line.dose, *patient.profile) / line.every_day.value_or(1.0);
    }
    target_ = k_ug_per_mg * mg_per_day * p_.clemastine_bioavailability.value /
              (loss_per_day_ * p_.clemastine_volume.value);
  }
  int settle(const Patient&) override {
    level_ = target_;
    return 0;
  }
  void elapse(int days, const Patient&) override {
    const double goal = stopped_ ? 0.0 : target_;
    level_ = goal + (level_ - goal) * math::exp(-loss_per_day_ * days);
    if (std::abs(level_ - goal) < k_steady * target_) level_ = goal;
  }
  void act(int, const Patient&, disease::Levers<double>& levers) const override {
    const double occupied = level_ / (level_ + p_.clemastine_half_effect.value);
    levers.remyelination = 1.0 + (p_.clemastine_remyelination.value - 1.0) * occupied;
  }
  int refresh_days() const override {
    return level_ == (stopped_ ? 0.0 : target_) ? k_never : 1;  // not biology: step
  }
  int other_harms(int day, const Patient& patient, CourseSink& sink) override {
    if (!harms_drawn_ && !resumed_) {
      harms_drawn_ = true;
      if (harm_happens(patient, start_, slot_, k_fatigue_number, p_.clemastine_fatigue.value)) {
        sink.harm({"fatigue", 1, day, day + 90, false});  // not biology: recorded for three months
      }
    }
    return k_never;
  }
  bool gone() const override { return level_ == 0.0; }

 private:
  double loss_per_day_ = 1.0;
  double target_ = 1.0;  // ug/L at steady intake
  double level_ = 0.0;   // ug/L
  bool harms_drawn_ = false;
};

}  // namespace

HORTEGA_THERAPY(clemastine) {
  return {[](const Regimen& r, const Parameters& p) -> std::unique_ptr<Course> {
            return std::make_unique<Clemastine>(r, p);
          },
          [](const Parameters& p) { return as_long_as_taken(p.visits_oral); }};
}

}  // namespace hortega::therapy
