// SPDX-License-Identifier: Apache-2.0
//
// Who a person is: traits drawn once, the state at biological onset, and what is asked of a person outside
// the day loop (blood counts, background and excess mortality).
#pragma once

#include "hortega/disease/parameters.hpp"
#include "hortega/disease/state.hpp"

#include <cstdint>

namespace hortega::disease {

/// Traits that the day loop does not need.
struct Profile {
  bool female = false;
  double onset_age_year = 0.0;  // of biological onset
  double weight_kg = 0.0;
  double height_cm = 0.0;
  double lymphocytes_1e9_per_l = 0.0;  // healthy counts of this person
  double neutrophils_1e9_per_l = 0.0;
  double platelets_1e9_per_l = 0.0;
  double nfl_factor = 1.0;
};

/// Profile of a person; a pure function of seed and person (never of the copy).
Profile make_profile(const Parameters& p, std::uint64_t seed, std::uint32_t person);

/// The person at biological onset (life_day 0): immunity in its diseased resting point, tissue intact.
Person make_person(const Parameters& p, std::uint64_t seed, std::uint32_t person);

/// Death hazard per day: Gompertz background by age and sex, multiplied by EDSS above a threshold.
double death_hazard_per_day(const Parameters& p, bool female, double age_year, double edss);

/// Blood lymphocytes (1e9/L): T and B pools weighted by their share of a healthy count, times the levers'
/// factor.
double lymphocyte_count(const Parameters& p, const Profile& profile, const StateView& s,
                        const Levers<double>& levers);

/// Serum neurofilament (pg/mL): baseline by age, plus what axon loss releases.
double serum_nfl_pg_per_ml(const Parameters& p, const Profile& profile, const StateView& s);

/// Body surface area (m2), Mosteller 1987.
double body_surface_m2(const Profile& profile);

}  // namespace hortega::disease
