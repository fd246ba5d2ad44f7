// SPDX-License-Identifier: Apache-2.0
//
// The score of an animal with EAE: halves between the thresholds, from the loss of function that walking has.
#include "hortega/disease/paralysis.hpp"
#include "hortega/disease/immunisation.hpp"
#include "hortega/disease/person.hpp"

#include <gtest/gtest.h>

namespace hortega::disease {
namespace {

TEST(ParalysisScore, RisesInHalvesFromLimpTailToMoribund) {
  const ParalysisScale scale{{0.1, 0.3, 0.5, 0.7, 0.9}};
  EXPECT_EQ(paralysis_score(scale, 0.0), 0.0);
  EXPECT_EQ(paralysis_score(scale, 0.0999), 0.0);
  EXPECT_EQ(paralysis_score(scale, 0.1), 1.0);
  EXPECT_EQ(paralysis_score(scale, 0.21), 1.5);
  EXPECT_EQ(paralysis_score(scale, 0.3), 2.0);
  EXPECT_EQ(paralysis_score(scale, 0.61), 3.5);
  EXPECT_EQ(paralysis_score(scale, 0.89), 4.5);
  EXPECT_EQ(paralysis_score(scale, 0.9), k_dead_score);
  EXPECT_EQ(paralysis_score(scale, 2.0), k_dead_score);
}

struct Mouse {
  Parameters parameters;
  Immunisation immunisation;
  Mouse() {
    const std::string folder = std::string(HORTEGA_SOURCE_DIR) + "/data/parameters";
    const core::ParameterSet mouse = core::ParameterSet::read_directory(folder + "/mouse");
    parameters = load_parameters(core::ParameterSet::read_directory(folder));
    take_mouse_numbers(parameters, mouse);
    immunisation = load_immunisation(mouse);
  }
};

TEST(Immunisation, LeavesTraitsAndTissueAndPrimesNobodyElse) {
  const Mouse mouse;
  const Person primed = make_animal(mouse.parameters, mouse.immunisation, Primed::yes, 7, 3);
  const Person left = make_animal(mouse.parameters, mouse.immunisation, Primed::no, 7, 3);
  const Person person = make_person(mouse.parameters, 7, 3);
  EXPECT_EQ(primed.traits.reserve, person.traits.reserve);
  EXPECT_EQ(primed.state.memory, 0.0);
  EXPECT_EQ(primed.state.barrier, 0.0);
  EXPECT_EQ(left.state.stimulus, 0.0);
  EXPECT_GT(primed.state.stimulus, 20.0);
  EXPECT_EQ(primed.state.naive_reactive, mouse.immunisation.reactive_precursors.value);
  EXPECT_NE(primed.state.stimulus,
            make_animal(mouse.parameters, mouse.immunisation, Primed::yes, 7, 4).state.stimulus);
}

TEST(MotorLoss, IsThatOfTheCordAndNoneInHealth) {
  const Mouse mouse;
  Person animal = make_animal(mouse.parameters, mouse.immunisation, Primed::no, 7, 3);
  const Rates rates = make_rates(mouse.parameters);
  EXPECT_EQ(motor_loss(rates, animal.state, animal.traits), 0.0);
  animal.state.blocked[index(System::visual)] = 0.9;
  EXPECT_EQ(motor_loss(rates, animal.state, animal.traits), 0.0);
  animal.state.blocked[index(System::pyramidal)] = 0.5;
  EXPECT_DOUBLE_EQ(motor_loss(rates, animal.state, animal.traits), 0.5 / animal.traits.reserve);
}

}  // namespace
}  // namespace hortega::disease
