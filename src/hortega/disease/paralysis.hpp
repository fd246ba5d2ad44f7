// SPDX-License-Identifier: Apache-2.0
//
// The clinical score of an animal with EAE, 0 to 5, from the same loss of function that sets a person's
// walking.
#pragma once

#include "hortega/core/parameters.hpp"
#include "hortega/disease/rates.hpp"
#include "hortega/disease/state.hpp"

#include <array>

namespace hortega::disease {

// not biology from here: steps of the scale
inline constexpr double k_dead_score = 5.0;
inline constexpr double k_least_ill_score = 1.0;  // a limp tail
// not biology to here

/// Loss of motor function at which each grade is reached: 1 limp tail, 2 weak hind limbs, 3 paralysed hind
/// limbs, 4 fore limbs as well, 5 moribund or dead (the scale of Zappia 2005,
/// doi:10.1182/blood-2005-04-1496).
struct ParalysisScale {
  std::array<double, 5> threshold{};
};

/// Takes `mouse_score_...`. Throws InputError for a missing one, or if they do not rise.
ParalysisScale load_paralysis_scale(const core::ParameterSet& set);

/// Loss of motor function, 0 to about 1: the person's weighted loss of walking (disability.hpp), noise-free.
double motor_loss(const Rates& rates, const State<double>& state, const Traits<double>& traits);

/// The score in halves: between two thresholds the upper half of the way counts half a grade more.
double paralysis_score(const ParalysisScale& scale, double motor_loss);

}  // namespace hortega::disease
