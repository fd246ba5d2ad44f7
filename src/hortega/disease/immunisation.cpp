// SPDX-License-Identifier: Apache-2.0
#include "hortega/disease/immunisation.hpp"

#include "hortega/core/math.hpp"
#include "hortega/core/random.hpp"
#include "hortega/disease/equations.hpp"
#include "hortega/disease/person.hpp"

namespace hortega::disease {

Immunisation load_immunisation(const core::ParameterSet& set) {
  return {set.get("mouse_adjuvant_help"), set.get("mouse_reactive_precursors")};
}

void take_mouse_numbers(Parameters& p, const core::ParameterSet& mouse) {
#define HORTEGA_X(name) \
  if (mouse.contains("mouse_" #name)) p.name = mouse.get("mouse_" #name);
  HORTEGA_DISEASE_PARAMETERS(HORTEGA_X)
#undef HORTEGA_X
  // What an experiment of weeks does not have, whatever its numbers: dendritic cells present the peptide
  // (mice without B cells fall ill by MOG35-55, and mice carry no Epstein-Barr virus), nothing depletes
  // lymphocytes, nobody ages.
  p.memory_b_share = p.ebv_share = p.niche_expansion_rate = p.age_axon_loss_alone = {};
  // Scales: of sites the cord, whose lesions the score reads; help without adjuvant, over which it is told.
  p.site_cord = p.stimulus_baseline = {.value = 1.0};
}

Person make_animal(const Parameters& p, const Immunisation& how, Primed primed, std::uint64_t seed,
                   std::uint32_t number) {
  Person animal = make_person(p, seed, number);
  State<double>& s = animal.state;
  // The only thing that still reads an animal's age is the table of lesions, whose ages are people's and
  // whose ratios are to a lesion of this age. So they add none: a mouse's shares are its own.
  s.age_year = k_reference_age_lesion;
  s.repertoire = how.reactive_precursors.value;
  s.naive_reactive = s.naive * s.repertoire;
  s.memory = s.effector = s.treg = 0.0;
  s.cytokines = s.barrier = 0.0;
  s.stimulus = 0.0;
  if (primed == Primed::yes) {
    // A trait like those of make_person, which have day 0: this one has the day after.
    core::Draws draws({seed, number, 0}, core::Purpose::traits, 1);
    s.stimulus = p.stimulus_baseline.value * how.adjuvant_help.value *
                 math::exp(how.adjuvant_help.spread * draws.normal());
  }
  return animal;
}

}  // namespace hortega::disease
