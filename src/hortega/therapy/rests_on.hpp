// SPDX-License-Identifier: Apache-2.0
//
// Which parameters a regimen's process reads, by name: so that an answer can say what it rests on.
#pragma once

#include "hortega/core/parameters.hpp"
#include "hortega/therapy/regimen.hpp"

#include <string>
#include <vector>

namespace hortega::therapy {

/// Names of the parameters of the therapies (passports of files whose name begins with "therapy") that the
/// regimen may read, in the order of the set: those named after its kind, its drugs or itself
/// ("natalizumab_clearance"), those of infections, for cells the file of their process, and for a transplant
/// therapy_hsct.toml (with a donor therapy_allo.toml too) but the properties of drugs that it lacks; where a
/// graft is protected, those of that protection. Empty for what does nothing.
std::vector<std::string> parameters_of(const Regimen& regimen, const core::ParameterSet& set);

}  // namespace hortega::therapy
