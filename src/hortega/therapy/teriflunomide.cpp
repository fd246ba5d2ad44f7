// SPDX-License-Identifier: Apache-2.0
//
// Teriflunomide: the plasma level, which builds up and is lost over months, blocks the division of activated
// lymphocytes (dihydro-orotate dehydrogenase) by a saturating curve. Resting cells use the salvage pathway
// and stay.
#include "hortega/therapy/drug_course.hpp"
#include "hortega/therapy/late_harms.hpp"
#include "hortega/therapy/registry.hpp"

namespace hortega::therapy {

namespace {

constexpr double k_ln2 = 0.6931471805599453;  // not biology: ln 2
constexpr double k_licensed_mg = 14.0;        // not biology: the daily dose at which the level is 1
constexpr double k_none = 0.002;              // not biology: a level taken as none, or as steady
constexpr std::uint32_t k_hair_number = 1;
constexpr std::uint32_t k_liver_number = 2;

class Teriflunomide final : public DrugCourse {
 public:
  Teriflunomide(const Regimen& regimen, const Parameters& parameters)
      : DrugCourse(regimen, parameters, Slot::teriflunomide, Intake::continuous) {}

 protected:
  void prepare(const Patient& patient) override {
    const Dosing& line = regimen_.doses.back();
    target_ = mg_of(line.dose, *patient.profile) / k_licensed_mg / line.every_day.value_or(1.0);
    half_life_ = personal(p_.teriflunomide_half_life, response_of(patient, slot_), 1.0, 365.0);
  }
  int settle(const Patient&) override {
    level_ = target_;
    return 0;
  }
  void elapse(int days, const Patient&) override {
    const double goal = stopped_ ? 0.0 : target_;
    level_ = goal + (level_ - goal) * math::exp(-k_ln2 * days / half_life_);
    if (std::abs(level_ - goal) < k_none) level_ = goal;
  }
  void act(int, const Patient&, disease::Levers<double>& levers) const override {
    const double effect = this->effect();
    levers.activation = std::max(0.0, 1.0 - p_.teriflunomide_block.value * effect);
    levers.lymphocytes_seen = std::max(0.0, 1.0 - (1.0 - p_.teriflunomide_lymphocytes.value) * effect);
  }
  int refresh_days() const override {
    return level_ == (stopped_ ? 0.0 : target_) ? k_never : 7;  // not biology: step
  }
  int other_harms(int day, const Patient& patient, CourseSink& sink) override {
    if (!harms_drawn_ && !resumed_) {
      harms_drawn_ = true;
      if (harm_happens(patient, start_, slot_, k_hair_number, p_.teriflunomide_alopecia.value)) {
        late_.add({"alopecia", 1, day + 60, day + 180,
                   false});  // not biology: recorded in the third to sixth month
      }
      if (harm_happens(patient, start_, slot_, k_liver_number, p_.teriflunomide_liver.value)) {
        // Mostly within six months (label, 120ty.net, read 2026-11).
        late_.add({"alanine aminotransferase increased", 3, day + 90, day + 150, false});
      }
    }
    late_.tell(day, sink);
    return late_.due();
  }
  bool gone() const override { return level_ == 0.0 && late_.empty(); }

 private:
  /// 1 at the level of the licensed dose.
  double effect() const {
    const double half = p_.teriflunomide_half_effect.value;
    return level_ * (1.0 + half) / (level_ + half);
  }
  double target_ = 1.0;
  double half_life_ = 1.0;
  double level_ = 0.0;
  LateHarms late_;
  bool harms_drawn_ = false;
};

}  // namespace

HORTEGA_THERAPY(teriflunomide) {
  return {[](const Regimen& r, const Parameters& p) -> std::unique_ptr<Course> {
            return std::make_unique<Teriflunomide>(r, p);
          },
          [](const Parameters& p) { return as_long_as_taken(p.visits_oral); }};
}

}  // namespace hortega::therapy
