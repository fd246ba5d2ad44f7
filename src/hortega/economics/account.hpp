// SPDX-License-Identifier: Apache-2.0
//
// What one simulated person used of a health service because of the therapy, and what it cost: from what the
// courses told, serious events, and relapses that were seen. Counted from randomisation until the follow-up
// ends: who has left costs nothing more. Direct costs of treatment only: no care for disability, no visits
// and scans of the trial itself, no work lost; nothing is discounted.
#pragma once

#include "hortega/economics/prices.hpp"
#include "hortega/trial/participant.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace hortega::economics {

enum class Measure : std::uint8_t {
  cost,
  cost_drugs,
  cost_cells,       // products, donors, collection, freezing
  cost_hospital,    // beds, operations, malignancies
  cost_outpatient,  // visits, day care, scans
  cost_first_year,
  cost_later,  // after the first year
  hospital_days,
  intensive_days,
  visits,
  weeks_to_dose,  // NaN: never given
  failed_products,
  failed_collections,
  steroid_courses,
  years,        // followed
  years_later,  // of them, after the first
};
inline constexpr std::size_t k_measures = 16;

/// One person's account.
struct Account {
  std::array<double, k_measures> of{};
  std::vector<std::string> not_priced;  // drugs without a price, left out of the costs
  double operator[](Measure m) const { return of[static_cast<std::size_t>(m)]; }
};

/// Until the end of follow-up, or the day `until` if that comes first.
Account account_of(const trial::Participant& person, const Prices& prices, int until = endpoints::kNever);

/// Measure::cost of the account until that day.
double cost_until(const trial::Participant& person, const Prices& prices, int day);

/// A row of what is reported: a measure's mean over people, or the sum of one over the sum of another.
struct Row {
  std::string id, label, unit, definition;
  Measure measure = Measure::cost;
  Measure per = Measure::cost;  // equal to `measure`: per person
  bool is_ratio() const { return per != measure; }
};
/// In the order of print.
std::span<const Row> rows();

}  // namespace hortega::economics
