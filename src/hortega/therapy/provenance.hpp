// SPDX-License-Identifier: Apache-2.0
//
// Where the cells of a regimen come from, as attributes that a person may not want.
#pragma once

#include "hortega/therapy/regimen.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hortega::therapy {

enum class Provenance : std::uint8_t { own, donor, induced, embryonic, fetal };

/// Attributes of a regimen's cells; none for a regimen without cells.
std::vector<Provenance> provenance_of(const Regimen& regimen);

/// True if the regimen has an attribute that is not wanted.
bool is_excluded(const Regimen& regimen, const std::vector<Provenance>& unwanted);

/// The words that inputs and outputs use: "own", "donor", "induced", "embryonic", "fetal".
std::string_view name_of(Provenance provenance);
/// All of them, for the schema of an input.
std::vector<std::pair<std::string, Provenance>> provenance_names();
/// Throws InputError that names the nearest word.
Provenance provenance_by_name(std::string_view name);

}  // namespace hortega::therapy
