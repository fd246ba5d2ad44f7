// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/rests_on.hpp"

#include "hortega/therapy/registry.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>

namespace hortega::therapy {

namespace {

constexpr std::string_view k_conditioning_drugs[] = {
    "cyclophosphamide", "carmustine", "etoposide", "cytarabine",  "melphalan",
    "busulfan",         "atg",        "rituximab", "alemtuzumab", "fludarabine"};

std::string with_underscores(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '-' || c == ' '; }, '_');
  return text;
}

bool named_after(std::string_view name, std::string_view stem) {
  return !stem.empty() && name.size() > stem.size() && name.starts_with(stem) && name[stem.size()] == '_';
}

// Words after which parameters of a regimen's process are named.
std::vector<std::string> stems_of(const Regimen& regimen) {
  std::vector<std::string> stems = {with_underscores(regimen.id)};
  for (const Dosing& d : regimen.doses) stems.push_back(with_underscores(d.drug));
  if (regimen.kind == RegimenKind::steroid) stems.emplace_back("steroid");
  // What protects a graft holds back the disease too: a donor's graft by its prophylaxis.
  if (regimen.kind == RegimenKind::graft_protection || regimen.kind == RegimenKind::progenitors ||
      (regimen.kind == RegimenKind::allogeneic_transplant && !regimen.prophylaxis.empty()))
    stems.emplace_back("protection");
  if (const Therapy* therapy = therapy_of(regimen.kind)) {
    stems.emplace_back(therapy->kind);
    if (!therapy->stem.empty()) stems.emplace_back(therapy->stem);
  }
  return stems;
}

// Processes whose numbers have a file of their own.
bool read_by_cells(const Regimen& regimen, const core::Passport& p) {
  const std::string file = std::filesystem::path(p.file).filename().string();
  return (regimen.kind == RegimenKind::mesenchymal && file == "therapy_mesenchymal.toml") ||
         (regimen.kind == RegimenKind::progenitors && file == "therapy_progenitors.toml");
}

bool read_by_transplant(const Regimen& regimen, const core::Passport& p) {
  if (named_after(p.name, "reconstitution")) return true;
  const bool donor = regimen.kind == RegimenKind::allogeneic_transplant;
  const std::string file = std::filesystem::path(p.file).filename().string();
  if (file != "therapy_hsct.toml" && !(donor && file == "therapy_allo.toml")) return false;
  // A donor's cells are not collected from the person.
  if (donor && (named_after(p.name, "cd34") || named_after(p.name, "mobilisation"))) return false;
  for (std::size_t i = 0; i < std::size(k_conditioning_drugs); ++i) {
    if (!named_after(p.name, k_conditioning_drugs[i])) continue;
    const bool given =
        std::any_of(regimen.conditioning.begin(), regimen.conditioning.end(),
                    [&](const Conditioning& c) { return static_cast<std::size_t>(c.drug) == i; }) ||
        (k_conditioning_drugs[i] == "cyclophosphamide" && regimen.mobilisation &&
         regimen.mobilisation->cyclophosphamide);
    if (!given) return false;
  }
  if (p.name == "transplant_alemtuzumab_kill_t")
    return std::any_of(regimen.conditioning.begin(), regimen.conditioning.end(),
                       [](const Conditioning& c) { return c.drug == ConditioningDrug::alemtuzumab; });
  return true;
}

}  // namespace

std::vector<std::string> parameters_of(const Regimen& regimen, const core::ParameterSet& set) {
  std::vector<std::string> names;
  if (regimen.kind == RegimenKind::none || regimen.kind == RegimenKind::placebo) return names;
  const bool transplant = regimen.kind == RegimenKind::autologous_transplant ||
                          regimen.kind == RegimenKind::allogeneic_transplant;
  const std::vector<std::string> stems = stems_of(regimen);
  constexpr std::string_view k_shared[] = {"serious_infection_rate", "infection_by_lymphopenia",
                                           "infection_by_b_depletion", "community_by_lymphopenia"};
  for (const core::Passport& p : set.all()) {
    if (!std::filesystem::path(p.file).filename().string().starts_with("therapy")) continue;
    const bool own = std::any_of(stems.begin(), stems.end(),
                                 [&](const std::string& stem) { return named_after(p.name, stem); });
    const bool shared = std::find(std::begin(k_shared), std::end(k_shared), p.name) != std::end(k_shared);
    if (own || shared || read_by_cells(regimen, p) || (transplant && read_by_transplant(regimen, p)))
      names.push_back(p.name);
  }
  return names;
}

}  // namespace hortega::therapy
