// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/infections.hpp"

#include "hortega/therapy/graft_protection.hpp"

namespace hortega::therapy {

void Defence::add(const Course& course) {
  if (course.parameters() != nullptr) parameters_ = course.parameters();
  blocked_ = protection_together(blocked_, course.graft_protection());
  told_elsewhere_ = told_elsewhere_ || course.tells_infections();
}

void Infections::update(const Defence& defence, int day, const Patient& patient, CourseSink& sink,
                        disease::Levers<double>& levers) {
  const double missing =
      functional_lymphopenia(lymphopenia(patient, levers.lymphocytes_seen), defence.blocked());
  const double antibodies = antibody_factor(patient);
  if (defence.parameters() != nullptr)
    levers.infection *= community_factor(*defence.parameters(), missing) * antibodies;
  if (p_ == nullptr) {
    p_ = defence.parameters();
    if (p_ == nullptr) return;
    // Nobody has fewer cells and antibodies than none.
    const double most = serious_infection_per_year(*p_, 1.0, 0.0) *
                        (1.0 + patient.parameters->infection_by_antibody_loss.value);
    clock_.start(day, most, patient.key);
  } else if (clock_.due() <= day) {
    const double rate = defence.told_elsewhere()
                            ? 0.0
                            : antibodies * serious_infection_per_year(*p_, missing, b_level(patient));
    if (clock_.happens(day, rate, patient.key))
      sink.harm({"serious infection", 3, day, day + 14, true});  // not biology: recorded for two weeks
  }
}

}  // namespace hortega::therapy
