// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/parameters.hpp"

namespace hortega::therapy {

Parameters load_parameters(const core::ParameterSet& set) {
  Parameters p;
#define HORTEGA_X(name) p.name = set.get(#name);
  HORTEGA_DRUG_PARAMETERS(HORTEGA_X)
  HORTEGA_TRANSPLANT_PARAMETERS(HORTEGA_X)
  HORTEGA_ALLOGENEIC_PARAMETERS(HORTEGA_X)
  HORTEGA_MORE_DRUG_PARAMETERS(HORTEGA_X)
  HORTEGA_PROGENITOR_PARAMETERS(HORTEGA_X)
  HORTEGA_MESENCHYMAL_PARAMETERS(HORTEGA_X)
  HORTEGA_USE_PARAMETERS(HORTEGA_X)
#undef HORTEGA_X
  return p;
}

}  // namespace hortega::therapy
