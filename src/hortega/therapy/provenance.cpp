// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/provenance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace hortega::therapy {

namespace {
constexpr std::pair<std::string_view, Provenance> k_names[] = {{"own", Provenance::own},
                                                               {"donor", Provenance::donor},
                                                               {"induced", Provenance::induced},
                                                               {"embryonic", Provenance::embryonic},
                                                               {"fetal", Provenance::fetal}};
}

std::vector<Provenance> provenance_of(const Regimen& regimen) {
  if (regimen.kind == RegimenKind::autologous_transplant) return {Provenance::own};
  if (regimen.kind == RegimenKind::allogeneic_transplant) return {Provenance::donor};
  if (regimen.product)
    return {regimen.product->donor == CellDonor::self ? Provenance::own : Provenance::donor};
  if (!regimen.progenitors) return {};
  switch (regimen.progenitors->line) {
    case ProgenitorLine::own_induced:
      return {Provenance::own, Provenance::induced};
    case ProgenitorLine::banked_induced:
      return {Provenance::donor, Provenance::induced};
    case ProgenitorLine::embryonic:
      return {Provenance::donor, Provenance::embryonic};
    case ProgenitorLine::fetal:
      break;
  }
  return {Provenance::donor, Provenance::fetal};
}

bool is_excluded(const Regimen& regimen, const std::vector<Provenance>& unwanted) {
  const std::vector<Provenance> has = provenance_of(regimen);
  return std::any_of(has.begin(), has.end(), [&](Provenance p) {
    return std::find(unwanted.begin(), unwanted.end(), p) != unwanted.end();
  });
}

std::string_view name_of(Provenance provenance) {
  for (const auto& [name, value] : k_names) {
    if (value == provenance) return name;
  }
  return {};
}

std::vector<std::pair<std::string, Provenance>> provenance_names() {
  std::vector<std::pair<std::string, Provenance>> all;
  for (const auto& [name, value] : k_names) all.emplace_back(std::string(name), value);
  return all;
}

Provenance provenance_by_name(std::string_view wanted) {
  std::vector<std::string> all;
  for (const auto& [name, value] : k_names) {
    if (name == wanted) return value;
    all.emplace_back(name);
  }
  throw core::InputError(core::Problem{{},
                                       "provenance",
                                       fmt::format("no provenance '{}'", wanted),
                                       core::quoted_list(all),
                                       core::nearest_spelling(wanted, all)});
}

}  // namespace hortega::therapy
