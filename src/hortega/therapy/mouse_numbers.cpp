// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/mouse_numbers.hpp"

namespace hortega::therapy {

void take_mouse_numbers(Parameters& p, const core::ParameterSet& mouse) {
#define HORTEGA_X(name) \
  if (mouse.contains("mouse_" #name)) p.name = mouse.get("mouse_" #name);
  HORTEGA_MESENCHYMAL_PARAMETERS(HORTEGA_X)
#undef HORTEGA_X
  p.msc_sensitised = {};  // cells of the animal's own strain: nothing foreign
}

}  // namespace hortega::therapy
