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
    case RegimenKind::allogeneic_transplant:
      return make_allogeneic_transplant(regimen, p);
    case RegimenKind::teriflunomide:
      return make_teriflunomide(regimen, p);
    case RegimenKind::cladribine:
      return make_cladribine(regimen, p);
    case RegimenKind::ofatumumab:
      return make_ofatumumab(regimen, p);
    case RegimenKind::rituximab:
      return make_rituximab(regimen, p);
    case RegimenKind::cyclophosphamide:
      return make_cyclophosphamide(regimen, p);
    case RegimenKind::clemastine:
      return make_clemastine(regimen, p);
    case RegimenKind::graft_protection:
      return make_graft_protection(regimen, p);
    case RegimenKind::progenitors:
      return make_progenitor_course(regimen, p);
    case RegimenKind::mesenchymal:
      return make_mesenchymal(regimen, p);
    case RegimenKind::none:
    case RegimenKind::placebo:
      break;
  }
  return make_inert(regimen, p);
}

}  // namespace hortega::therapy
