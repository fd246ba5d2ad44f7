// SPDX-License-Identifier: Apache-2.0
//
// An animal that is made ill: healthy until peptide in adjuvant primes its T cells (experimental autoimmune
// encephalomyelitis, docs/mouse.md). The same state and the same equations as a person's; only where they
// start differs.
#pragma once

#include "hortega/core/parameters.hpp"
#include "hortega/disease/parameters.hpp"
#include "hortega/disease/state.hpp"

#include <cstdint>

namespace hortega::disease {

/// What the disease of an animal needs beyond the person's parameters.
struct Immunisation {
  core::Parameter adjuvant_help;        // stimulus on day 0, over the help without; spread between animals
  core::Parameter reactive_precursors;  // reactive naive T cells of a healthy animal
};

/// Takes the parameters `mouse_...`; a missing one is an InputError that names it.
Immunisation load_immunisation(const core::ParameterSet& set);

/// A mouse's numbers in place of the people's: `mouse_x` of `mouse` for x, where there is one.
void take_mouse_numbers(Parameters& p, const core::ParameterSet& mouse);

/// Was the animal given peptide in adjuvant on day 0, or nothing?
enum class Primed { yes, no };

/// The animal on day 0 (life_day 0): traits as make_person draws them, no CNS-reactive memory, effector or
/// regulatory cell, a closed barrier, tissue intact; the adjuvant's help if primed. Of the age that ratios of
/// the table of lesions are to. A pure function of seed and number.
Person make_animal(const Parameters& p, const Immunisation& how, Primed primed, std::uint64_t seed,
                   std::uint32_t number);

}  // namespace hortega::disease
