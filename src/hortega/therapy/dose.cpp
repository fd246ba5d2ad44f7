// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/dose.hpp"

#include "hortega/core/quantity.hpp"

#include <utility>

namespace hortega::therapy {

namespace {
constexpr std::pair<DoseBasis, core::Kind> k_kinds[] = {
    {DoseBasis::fixed, core::Kind::dose_mass},
    {DoseBasis::body_weight, core::Kind::dose_per_body_weight},
    {DoseBasis::body_surface, core::Kind::dose_per_body_area},
    {DoseBasis::cells, core::Kind::cells},
    {DoseBasis::cells_per_body_weight, core::Kind::cells_per_body_weight}};
}

bool is_cells(const Dose& dose) {
  return dose.basis == DoseBasis::cells || dose.basis == DoseBasis::cells_per_body_weight;
}

double cells_of(const Dose& dose, const disease::Profile& profile) {
  return dose.basis == DoseBasis::cells_per_body_weight ? dose.amount * profile.weight_kg : dose.amount;
}

double mg_of(const Dose& dose, const disease::Profile& profile) {
  switch (dose.basis) {
    case DoseBasis::body_weight:
      return dose.amount * profile.weight_kg;
    case DoseBasis::body_surface:
      return dose.amount * disease::body_surface_m2(profile);
    case DoseBasis::fixed:
    case DoseBasis::cells:
    case DoseBasis::cells_per_body_weight:
      break;
  }
  return dose.amount;
}

double mg_per_kg_of(const Dose& dose, const disease::Profile& profile) {
  return dose.basis == DoseBasis::body_weight ? dose.amount : mg_of(dose, profile) / profile.weight_kg;
}

double mg_per_m2_of(const Dose& dose, const disease::Profile& profile) {
  return dose.basis == DoseBasis::body_surface ? dose.amount
                                               : mg_of(dose, profile) / disease::body_surface_m2(profile);
}

bool DoseCodec::read(const core::Value& value, const std::string& path, core::Reader& reader,
                     Dose& out) const {
  if (value.text() == nullptr) {
    reader.wrong_type(value, path,
                      "a dose such as \"300 mg\", \"50 mg/kg\", \"140 mg/m2\" or \"1e6 cells/kg\"");
    return false;
  }
  for (const auto& [basis, kind] : k_kinds) {
    const core::QuantityResult result = core::parse_quantity(*value.text(), kind);
    if (!result.ok()) continue;
    if (!(result.value > 0.0)) {
      reader.problem(value.position, path, core::show(value) + " is no dose", "above 0");
      return false;
    }
    out = {result.value, basis};
    return true;
  }
  reader.problem(value.position, path, core::show(value) + " is no dose",
                 "a number with mg, mg/kg, mg/m2, cells or cells/kg, e.g. \"50 mg/kg\"");
  return false;
}

core::Value DoseCodec::write(const Dose& dose) const {
  for (const auto& [basis, kind] : k_kinds) {
    if (basis == dose.basis) return core::format_quantity(dose.amount, kind);
  }
  return {};
}

core::Shape DoseCodec::shape() const {
  core::Shape shape;
  shape.type = "dose, e.g. `\"300 mg\"`, `\"50 mg/kg\"`, `\"140 mg/m2\"`, `\"1e6 cells/kg\"`";
  shape.allowed = "above 0";
  shape.json.set("type", "string").set("examples", core::Value::Array{core::Value("50 mg/kg")});
  return shape;
}

}  // namespace hortega::therapy
