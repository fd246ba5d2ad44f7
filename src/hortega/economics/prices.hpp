// SPDX-License-Identifier: Apache-2.0
//
// Unit costs in euros of 2024, from data/parameters/prices.toml, and how long a serious event keeps somebody
// in hospital (resources.toml).
#pragma once

#include "hortega/core/parameters.hpp"
#include "hortega/endpoints/clinical_events.hpp"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hortega::economics {

inline constexpr std::string_view k_currency = "EUR";
inline constexpr int k_price_year = 2024;

class Prices {
 public:
  /// Throws InputError that names a missing parameter.
  static Prices load(const core::ParameterSet& set);

  /// Of one unit (Resource); none for a drug without a price. What is paid with something else costs 0.
  std::optional<double> of(endpoints::Resource what, std::string_view item) const;
  double intensive_day() const { return intensive_day_; }
  double malignancy() const { return malignancy_; }
  /// Days in hospital by a serious event, and those of them in intensive care.
  double stay_day(int grade) const { return grade >= k_grave ? stay_grave_ : stay_serious_; }
  double intensive_stay_day(int grade) const { return grade >= k_grave ? intensive_stay_ : 0.0; }

 private:
  static constexpr int k_grave = 4;                   // CTCAE grade
  std::map<std::string, double, std::less<>> drugs_;  // by name, as passports spell it
  std::map<endpoints::Resource, double> places_;
  double intensive_day_ = 0.0, malignancy_ = 0.0;
  double stay_serious_ = 0.0, stay_grave_ = 0.0, intensive_stay_ = 0.0;
};

}  // namespace hortega::economics
