// SPDX-License-Identifier: Apache-2.0
// Quantities with units as people write them ("200 mg/kg", "6 months"), read into one internal unit per kind.
//
// A kind is more than a dimension: mg/kg has no dimension, yet a dose per body weight is no fraction. Units
// are looked up in UDUNITS-2; the splitting of number and unit is ours, because UDUNITS reads `10*9/L` as 90
// per litre. Month = 30.4375 d and year = 365.25 d.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hortega::core {

enum class Kind {
  dimensionless,              ///< [1]
  fraction,                   ///< [1], "%" accepted
  time,                       ///< [day]
  rate,                       ///< [1/day]
  dose_mass,                  ///< [mg]
  dose_mass_rate,             ///< [mg/day]
  dose_per_body_weight,       ///< [mg/kg]
  dose_per_body_weight_rate,  ///< [mg/kg/day]
  dose_per_body_area,         ///< [mg/m2]
  dose_per_body_area_rate,    ///< [mg/m2/day]
  activity,                   ///< [IU], international units
  cells,                      ///< [cells]
  cells_per_body_weight,      ///< [cells/kg]
  cell_concentration,         ///< [1e9/L]
  people,                     ///< [people]
  lesions,                    ///< [lesions]
  mass,                       ///< [kg]
  length,                     ///< [mm]
  area,                       ///< [m2]
  volume,                     ///< [mL]
  volume_rate,                ///< [L/day], clearances and flows
  concentration,              ///< [mg/L], mass per volume
  molar_concentration,        ///< [nmol/L]
  radiation_dose,             ///< [Gy]
  money_eur,                  ///< [EUR]; currencies are never converted
  money_gbp,                  ///< [GBP]
  money_usd,                  ///< [USD]
};

/// The unit in which values of this kind are held, as it is typed in an input: `day`, `mg/kg`, `1e9/L`; empty
/// for pure numbers.
std::string_view internal_unit(Kind kind);

/// What people call the kind: "time", "dose per body weight".
std::string_view kind_name(Kind kind);

/// Units that may be typed for this kind, the usual ones first: for messages, docs and spelling hints.
const std::vector<std::string>& usual_units(Kind kind);

/// A number with each unit that is as likely as the next, in quotes: "'6 days', '6 weeks', '6 months' or
/// '6 years'". Empty for kinds of which one unit is the likely one (all but time and rate).
std::string with_likely_units(std::string_view number, Kind kind, char quote);

/// An example for messages and docs, e.g. `6 months`.
std::string_view example_of(Kind kind);

/// May a quantity of this kind be a bare number (dimensionless and fraction)?
bool bare_number_allowed(Kind kind);

/// Outcome of reading a quantity: a value in the kind's internal unit, or what is wrong (message not empty).
struct QuantityResult {
  double value = 0.0;
  std::string message;     ///< what is wrong: "'yaer' is no known unit"
  std::string allowed;     ///< what is allowed
  std::string suggestion;  ///< the whole quantity respelled, e.g. `6 months`; may be empty
  bool ok() const { return message.empty(); }
};

/// Reads "<number> <unit>" into the internal unit of `kind`. Finite numbers only. Takes a lock (UDUNITS keeps
/// its status in a global); throws RunError if the UDUNITS data base is not installed.
QuantityResult parse_quantity(std::string_view text, Kind kind);

/// "<number> <unit>" in the internal unit, the shortest text that parse_quantity reads back to the same
/// double.
std::string format_quantity(double value, Kind kind);

}  // namespace hortega::core
