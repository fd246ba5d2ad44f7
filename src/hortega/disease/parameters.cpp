// SPDX-License-Identifier: Apache-2.0
#include "hortega/disease/parameters.hpp"

#include "hortega/disease/conduction.hpp"
#include "hortega/disease/lesion_fate.hpp"

namespace hortega::disease {

Parameters load_parameters(const core::ParameterSet& set) {
  Parameters p;
#define HORTEGA_X(name) p.name = set.get(#name);
  HORTEGA_DISEASE_PARAMETERS(HORTEGA_X)
#undef HORTEGA_X
  p.conduction = &conduction_table();
  p.lesions = &lesion_table();
  return p;
}

}  // namespace hortega::disease
