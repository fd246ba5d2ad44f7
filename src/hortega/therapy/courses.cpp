// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/courses.hpp"

#include "hortega/therapy/drug_course.hpp"
#include "hortega/therapy/registry.hpp"

namespace hortega::therapy {

std::unique_ptr<Course> make_course(const Regimen& regimen, const Parameters& p) {
  switch (regimen.kind) {
    case RegimenKind::steroid:
      return make_steroid(regimen, p);
    case RegimenKind::autologous_transplant:
      return make_transplant(regimen, p);
    case RegimenKind::allogeneic_transplant:
      return make_allogeneic_transplant(regimen, p);
    case RegimenKind::graft_protection:
      return make_graft_protection(regimen, p);
    case RegimenKind::progenitors:
      return make_progenitor_course(regimen, p);
    case RegimenKind::mesenchymal:
      return make_mesenchymal(regimen, p);
    case RegimenKind::none:
    case RegimenKind::placebo:
      return make_inert(regimen, p);
    case RegimenKind::of_own_file:
      break;
  }
  return therapy_of(regimen.kind)->make(regimen, p);
}

}  // namespace hortega::therapy
