// SPDX-License-Identifier: Apache-2.0
#include "hortega/economics/prices.hpp"

#include <algorithm>

namespace hortega::economics {

namespace {

using endpoints::Resource;

constexpr std::string_view k_price = "price_";

// "interferon beta-1a" as passports spell it: price_interferon_beta_1a.
std::string in_passports(std::string_view drug) {
  std::string name(drug);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == ' ' || c == '-'; }, '_');
  return name;
}

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
  for (const core::Passport& x : set.all())
    if (x.name.starts_with(k_price)) p.drugs_[x.name.substr(k_price.size())] = x.value;
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
    const auto found = drugs_.find(in_passports(item));
    return found == drugs_.end() ? std::nullopt : std::optional(found->second);
  }
  const auto found = places_.find(what);
  return found == places_.end() ? 0.0 : found->second;
}

}  // namespace hortega::economics
