// SPDX-License-Identifier: Apache-2.0
//
// The rival hypotheses: each switch does what its name says, and at nought changes nothing (the reference of
// deterministic_limit.py holds there).
#include "hortega/disease/equations.hpp"
#include "hortega/disease/kernel.hpp"
#include "hortega/disease/person.hpp"
#include "people.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hortega::disease {
namespace {

core::ParameterSet with(const std::string& name, double value) {
  core::ParameterSet set =
      core::ParameterSet::read_directory(std::string(HORTEGA_SOURCE_DIR) + "/data/parameters");
  set.set(name, value);
  return set;
}

// Effector cells years after a depletion that spared a share of the reactive T cells.
double effector_after(const core::ParameterSet& set, double spared, int years) {
  const Parameters p = load_parameters(set);
  const Rates r = make_rates(p);
  Person who = make_person(p, 3, 1);
  State<double>& s = who.state;
  s.naive = s.naive_reactive = s.bulk_memory = s.memory = s.effector = s.treg = spared;
  if (spared < 1.0) s.repertoire = 0.05;  // a new one from the thymus, as after transplantation
  const Levers<double> none = no_levers();
  const Steady<double> steady = steady_of(r, who.traits, none);
  for (int day = 0; day < 365 * years; ++day) {
    s.memory = s.memory < who.traits.clone_threshold ? 0.0 : s.memory;
    for (int i = 0; i < r.substeps; ++i) step_immunity(r, s, none, steady);
  }
  return s.effector;
}

TEST(Rivals, GradedRegrowthHasNoThreshold) {
  // Co-operative memory: a hundredth left stays down for years; graded, with clones enough, it comes back.
  core::ParameterSet graded = with("graded_regrowth", 1.0);
  graded.set("reactive_clones", 2000.0);
  const core::ParameterSet cooperative = with("graded_regrowth", 0.0);
  EXPECT_GT(effector_after(graded, 0.01, 3), 3.0 * effector_after(cooperative, 0.01, 3));
  EXPECT_GT(effector_after(graded, 0.01, 3), 0.05);
}

TEST(Rivals, TheUntreatedRestIsTheSame) {
  // One is the rest of both (but for the naive precursors, a few per cent).
  EXPECT_NEAR(effector_after(with("graded_regrowth", 1.0), 1.0, 1),
              effector_after(with("graded_regrowth", 0.0), 1.0, 1), 0.1);
}

TEST(Rivals, ClonesDieOutAsPoissonSays) {
  // 100 clones, a share s survives: none is left with probability exp(-100 s).
  core::ParameterSet set = with("graded_regrowth", 1.0);
  set.set("reactive_clones", 100.0);
  const Parameters p = load_parameters(set);
  constexpr int n = 4000;
  for (const double s : {0.002, 0.01, 0.03}) {
    int gone = 0;
    for (std::uint32_t person = 0; person < n; ++person)
      gone += s < make_person(p, 9, person).traits.clone_threshold;
    const double expected = std::exp(-100.0 * s);
    EXPECT_NEAR(gone / static_cast<double>(n), expected, 4.0 * std::sqrt(expected * (1.0 - expected) / n))
        << s;
  }
  EXPECT_EQ(make_person(load_parameters(with("graded_regrowth", 0.0)), 9, 1).traits.clone_threshold, 0.0);
}

TEST(Rivals, AgeAloneLightsNoCompartment) {
  const Rates lit = make_rates(load_parameters(with("age_driven_progression", 0.0)));
  const Rates alone = make_rates(load_parameters(with("age_driven_progression", 1.0)));
  EXPECT_GT(lit.compartment_self_drive, 0.0);
  EXPECT_EQ(alone.compartment_self_drive, 0.0);
  EXPECT_GT(alone.age_loss_step, lit.age_loss_step);
}

}  // namespace
}  // namespace hortega::disease
