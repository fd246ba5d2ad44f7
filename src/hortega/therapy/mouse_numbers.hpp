// SPDX-License-Identifier: Apache-2.0
//
// Mesenchymal cells with a mouse's numbers: the same process, other volumes, times and strengths
// (data/parameters/mouse/cells.toml).
#pragma once

#include "hortega/core/parameters.hpp"
#include "hortega/therapy/parameters.hpp"

namespace hortega::therapy {

/// `mouse_x` of `mouse` in place of x, where there is one; mesenchymal cells alone have any.
void take_mouse_numbers(Parameters& p, const core::ParameterSet& mouse);

}  // namespace hortega::therapy
