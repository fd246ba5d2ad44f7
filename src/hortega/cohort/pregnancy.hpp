// SPDX-License-Identifier: Apache-2.0
//
// Pregnancy: physiology that damps the activation of immune cells while it lasts and lets it rebound after
// birth (PRIMS: Confavreux 1998, doi:10.1056/NEJM199807303390501; Vukusic 2004, doi:10.1093/brain/awh152).
// It acts through the same levers as a therapy and is composed with them at the bedside; no therapy stops it.
#pragma once

#include "hortega/core/random.hpp"
#include "hortega/disease/parameters.hpp"
#include "hortega/disease/state.hpp"
#include "hortega/therapy/course.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace hortega::cohort {

/// One pregnancy; days are days of life.
struct Pregnancy {
  std::uint32_t conception_day = 0;
  std::uint32_t end_day = 0;
  bool birth = true;  // false: lost early
};

/// Asked once a quarter of a woman who is neither pregnant nor has just given birth: the pregnancy that
/// begins today, if one does. The rate follows age, and is lower once symptoms of the disease are there.
/// Draws depend on person, copy and day alone, so twins in two arms have the same pregnancies.
std::optional<Pregnancy> conceive(const disease::Parameters& p, const core::StreamKey& key, double age_year,
                                  bool had_symptoms, std::uint32_t life_day);

/// Pregnant today, or still within the rebound after birth.
bool pregnant_or_post_partum(const disease::Parameters& p, const Pregnancy& pregnancy,
                             std::uint32_t life_day);

/// What the pregnancy does today: activation falls and regulatory cells rise in proportion to the time since
/// conception, up to term; afterwards activation starts above normal and comes back in a straight line. An
/// early end leaves the rebound that belongs to the time reached.
disease::Levers<double> pregnancy_levers(const disease::Parameters& p, const Pregnancy& pregnancy,
                                         std::uint32_t life_day);

/// The same as a process for Bedside: begin() tells of conception, later updates of the end.
std::unique_ptr<therapy::Course> make_pregnancy_course(const Pregnancy& pregnancy);

}  // namespace hortega::cohort
