// SPDX-License-Identifier: Apache-2.0
#include "hortega/economics/prices.hpp"

namespace hortega::economics {

namespace {

using endpoints::Resource;

struct DrugPrice {
  const char* drug;
  const char* parameter;
};

constexpr DrugPrice k_drugs[] = {
    {"interferon beta-1a", "price_interferon_beta_1a"},
    {"glatiramer acetate", "price_glatiramer_acetate"},
    {"dimethyl fumarate", "price_dimethyl_fumarate"},
    {"fingolimod", "price_fingolimod"},
    {"siponimod", "price_siponimod"},
    {"teriflunomide", "price_teriflunomide"},
    {"natalizumab", "price_natalizumab"},
    {"ocrelizumab", "price_ocrelizumab"},
    {"ofatumumab", "price_ofatumumab"},
    {"rituximab", "price_rituximab"},
    {"alemtuzumab", "price_alemtuzumab"},
    {"cladribine", "price_cladribine"},
    {"mitoxantrone", "price_mitoxantrone"},
    {"cyclophosphamide", "price_cyclophosphamide"},
    {"methylprednisolone", "price_methylprednisolone"},
    {"clemastine", "price_clemastine"},
    {"tacrolimus", "price_tacrolimus"},
    {"mycophenolate mofetil", "price_mycophenolate_mofetil"},
    {"carmustine", "price_carmustine"},
    {"etoposide", "price_etoposide"},
    {"cytarabine", "price_cytarabine"},
    {"melphalan", "price_melphalan"},
    {"busulfan", "price_busulfan"},
    {"fludarabine", "price_fludarabine"},
    {"methotrexate", "price_methotrexate"},
    {"atg", "price_atg"},
    {"filgrastim", "price_filgrastim"},
    {"calcineurin inhibitor", "price_calcineurin_inhibitor"},
    {"mycophenolate", "price_mycophenolate"},
};

struct PlacePrice {
  Resource what;
  const char* parameter;
};

constexpr PlacePrice k_places[] = {
    {Resource::infusion, "price_infusion"},
    {Resource::visit, "price_visit"},
    {Resource::apheresis, "price_apheresis"},
    {Resource::ward_day, "price_ward_day"},
    {Resource::transplant_day, "price_transplant_day"},
    {Resource::graft_storage, "price_graft_storage"},
    {Resource::graft_selection, "price_graft_selection"},
    {Resource::related_donor, "price_related_donor"},
    {Resource::unrelated_donor, "price_unrelated_donor"},
    {Resource::cord_unit, "price_cord_unit"},
    {Resource::lumbar_injection, "price_lumbar_injection"},
    {Resource::catheter, "price_catheter"},
    {Resource::neurosurgery, "price_neurosurgery"},
    {Resource::mri, "price_mri"},
};

}  // namespace

Prices Prices::load(const core::ParameterSet& set) {
  Prices p;
  for (const DrugPrice& d : k_drugs) p.drugs_[d.drug] = set.get(d.parameter).value;
  for (const PlacePrice& x : k_places) p.places_[x.what] = set.get(x.parameter).value;
  p.places_[Resource::cell_product] = 1.0;  // told in euros
  p.intensive_day_ = set.get("price_intensive_day").value;
  p.malignancy_ = set.get("price_malignancy").value;
  p.stay_serious_ = set.get("stay_serious").value;
  p.stay_grave_ = set.get("stay_grave").value;
  p.intensive_stay_ = set.get("intensive_stay").value;
  return p;
}

std::optional<double> Prices::of(Resource what, std::string_view item) const {
  if (what == Resource::drug) {
    const auto found = drugs_.find(item);
    return found == drugs_.end() ? std::nullopt : std::optional(found->second);
  }
  const auto found = places_.find(what);
  return found == places_.end() ? 0.0 : found->second;
}

}  // namespace hortega::economics
