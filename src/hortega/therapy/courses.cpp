// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/courses.hpp"

#include "hortega/therapy/drug_course.hpp"

namespace hortega::therapy {

std::unique_ptr<Course> make_course(const Regimen& regimen, const Parameters& p) {
  switch (regimen.kind) {
    case RegimenKind::interferon:
      return make_interferon(regimen, p);
    case RegimenKind::glatiramer:
      return make_glatiramer(regimen, p);
    case RegimenKind::dimethyl_fumarate:
      return make_dimethyl_fumarate(regimen, p);
    case RegimenKind::fingolimod:
      return make_fingolimod(regimen, p);
    case RegimenKind::siponimod:
      return make_siponimod(regimen, p);
    case RegimenKind::natalizumab:
      return make_natalizumab(regimen, p);
    case RegimenKind::anti_cd20:
      return make_anti_cd20(regimen, p);
    case RegimenKind::alemtuzumab:
      return make_alemtuzumab(regimen, p);
    case RegimenKind::mitoxantrone:
      return make_mitoxantrone(regimen, p);
    case RegimenKind::steroid:
      return make_steroid(regimen, p);
    case RegimenKind::autologous_transplant:
      return make_transplant(regimen, p);
    case RegimenKind::none:
    case RegimenKind::placebo:
      break;
  }
  return make_inert(regimen, p);
}

}  // namespace hortega::therapy
