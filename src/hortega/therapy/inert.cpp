// SPDX-License-Identifier: Apache-2.0
//
// Nothing is given, or a placebo: levers stay neutral; infections happen at their usual rate.
#include "hortega/therapy/drug_course.hpp"

namespace hortega::therapy {

namespace {

class Inert final : public DrugCourse {
 public:
  Inert(const Regimen& regimen, const Parameters& parameters)
      : DrugCourse(regimen, parameters, Slot::none, Intake::continuous) {}
};

}  // namespace

std::unique_ptr<Course> make_inert(const Regimen& r, const Parameters& p) {
  return std::make_unique<Inert>(r, p);
}

}  // namespace hortega::therapy
