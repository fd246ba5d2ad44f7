// SPDX-License-Identifier: Apache-2.0
//
// What a person says and what tests of the eyes show: symptoms as people name them, low-contrast letters, the
// latency of visual evoked potentials, utility. Maps from the state on the day of a visit, computed only
// there (never in the day loop), in plain double on every machine, so that they are the same for every
// instruction set and number of lanes.
#pragma once

#include "hortega/core/random.hpp"
#include "hortega/disease/kernel.hpp"
#include "hortega/disease/parameters.hpp"
#include "hortega/disease/rates.hpp"
#include "hortega/disease/state.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hortega::disease {

/// The symptoms that people with multiple sclerosis name (docs/model.md), each with a severity from 0 (none)
/// to 10 (worst imaginable).
enum class Symptom : std::size_t {
  fatigue,
  pain,
  numbness,
  walking,
  vision,
  coordination,
  bladder,
  mood,
  cognition
};
inline constexpr std::size_t k_symptoms = 9;
inline constexpr std::array<std::string_view, k_symptoms> k_symptom_names = {
    "fatigue", "pain", "numbness", "walking", "vision", "coordination", "bladder", "mood", "cognition"};
inline constexpr std::size_t index(Symptom s) { return static_cast<std::size_t>(s); }

struct OutsideView {
  std::array<double, k_symptoms> severity{};
  double low_contrast_letters = 0.0;  // Sloan chart at 2.5 % contrast, both eyes, of 60
  double vep_ms = 0.0;                // P100 latency, mean of the two eyes
};

/// The view of one person today. Draws depend on person, copy and day alone; a person's own best in the tests
/// of the eyes on the person alone.
OutsideView outside_view(const Parameters& p, const Rates& r, const State<double>& s,
                         const Traits<double>& traits, const core::StreamKey& key, std::uint32_t life_day,
                         RaterNoise noise);

/// Was there a relapse in the 183 days before (the window of Hawton & Green 2016)?
enum class RecentRelapse : std::uint8_t { no, yes };
inline constexpr int k_recent_relapse_day = 183;

/// EQ-5D utility of an EDSS step: straight lines between whole steps of a published table, the last from step
/// 9 on; less a decrement after a recent relapse.
double utility(const Parameters& p, double edss, RecentRelapse relapse);

}  // namespace hortega::disease
