// SPDX-License-Identifier: Apache-2.0
//
// A dose as prescribed: of a drug (fixed, per body weight or per body surface) or of cells (fixed or per body
// weight); and what it comes to in a person.
#pragma once

#include "hortega/core/codec.hpp"
#include "hortega/disease/person.hpp"

#include <string>

namespace hortega::therapy {

enum class DoseBasis { fixed, body_weight, body_surface, cells, cells_per_body_weight };

/// Amount in mg, mg/kg, mg/m2, cells or cells/kg by basis.
struct Dose {
  double amount = 0.0;
  DoseBasis basis = DoseBasis::fixed;
};

/// A dose of cells is no dose of a drug, and the other way round: the regimen's check keeps them apart.
bool is_cells(const Dose& dose);
double cells_of(const Dose& dose, const disease::Profile& profile);
double mg_of(const Dose& dose, const disease::Profile& profile);
double mg_per_kg_of(const Dose& dose, const disease::Profile& profile);
double mg_per_m2_of(const Dose& dose, const disease::Profile& profile);

/// Reads "300 mg", "50 mg/kg", "140 mg/m2" (or ug, g), "2e7 cells" or "1e6 cells/kg" into a Dose.
class DoseCodec {
 public:
  using Target = Dose;
  bool accepts(const core::Value& value) const { return value.text() != nullptr; }
  bool read(const core::Value& value, const std::string& path, core::Reader& reader, Dose& out) const;
  core::Value write(const Dose& dose) const;
  core::Shape shape() const;
};

}  // namespace hortega::therapy
