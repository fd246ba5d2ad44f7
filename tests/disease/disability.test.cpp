// SPDX-License-Identifier: Apache-2.0
//
// The EDSS rules are written twice: in lanes here and for visit tables in endpoints/. The two agree over
// every combination of grades and every step of walking.
#include "hortega/disease/disability.hpp"
#include "hortega/endpoints/edss.hpp"
#include "people.hpp"

#include <gtest/gtest.h>

namespace hortega::disease {
namespace {

constexpr std::uint8_t k_highest[k_systems] = {6, 5, 6, 5, 6, 6, 5};

template <class Check>
void for_all_grades(Check check) {
  endpoints::FunctionalGrades g{};
  while (true) {
    check(g);
    std::size_t k = 0;
    while (k < k_systems && g[k] == k_highest[k]) g[k++] = 0;
    if (k == k_systems) return;
    ++g[k];
  }
}

double step_in_lanes(const endpoints::FunctionalGrades& g) {
  double grade[k_systems];
  for (std::size_t k = 0; k < k_systems; ++k) grade[k] = g[k];
  return edss_of_grades(grade);
}

TEST(Disability, TheStepOfTheGradesAgreesForAllCombinations) {
  int compared = 0;
  int different = 0;
  for_all_grades([&](const endpoints::FunctionalGrades& g) {
    ++compared;
    const double here = step_in_lanes(g);
    const double there = endpoints::functional_system_step(g);
    if (here != there && ++different <= 5) {
      std::string text;
      for (const auto x : g) text += std::to_string(x) + " ";
      ADD_FAILURE() << text << ": " << here << " here, " << there << " in endpoints";
    }
  });
  EXPECT_EQ(compared, 7 * 6 * 7 * 6 * 7 * 7 * 6);
  EXPECT_EQ(different, 0);
}

// Ambulation score of each step of walk_edss (docs/endpoints.md).
constexpr std::uint8_t k_score[13] = {1, 2, 3, 4, 6, 8, 10, 11, 12, 13, 14, 15, 16};

TEST(Disability, WalkingAndGradesTogetherAgree) {
  const Rates rates = make_rates(testing::parameters());
  int different = 0;
  for_all_grades([&](const endpoints::FunctionalGrades& g) {
    const double step = step_in_lanes(g);
    // Walking unrestricted, limited, and 500 m: where grades still count.
    const double below = rates.walk_threshold[0] * 0.5;
    if (edss_of_walking(rates, step, below) != endpoints::edss(g, 0)) ++different;
    for (std::size_t i = 0; i < 2; ++i) {
      if (edss_of_walking(rates, step, rates.walk_threshold[i]) != endpoints::edss(g, k_score[i]))
        ++different;
    }
  });
  EXPECT_EQ(different, 0);
  for (std::size_t i = 2; i < 13; ++i) {
    const endpoints::FunctionalGrades g{1, 1, 3, 2, 2, 1, 0};
    EXPECT_EQ(edss_of_walking(rates, step_in_lanes(g), rates.walk_threshold[i]),
              endpoints::edss(g, k_score[i]));
  }
}

TEST(Disability, ThresholdsOfWalkingRise) {
  const Rates rates = make_rates(testing::parameters());
  for (std::size_t i = 1; i < 13; ++i) EXPECT_GT(rates.walk_threshold[i], rates.walk_threshold[i - 1]);
}

TEST(Disability, WholeGradesRoundAndStayInTheirRange) {
  EXPECT_EQ(whole_grade(2.49, 0), 2.0);
  EXPECT_EQ(whole_grade(2.51, 0), 3.0);
  EXPECT_EQ(whole_grade(-0.7, 3), 0.0);
  EXPECT_EQ(whole_grade(7.9, index(System::pyramidal)), 6.0);
  EXPECT_EQ(whole_grade(7.9, index(System::cerebral)), 5.0);
}

TEST(Disability, HeatAndAnAttackNearbyBlockBareFibres) {
  const Rates rates = make_rates(testing::parameters());
  const Heat<double> cool = heat_of(rates, -1.0), normal = heat_of(rates, 0.0), hot = heat_of(rates, 1.0);
  for (std::size_t k = 0; k < k_systems; ++k) {
    const double rest = bare_loss_of_function(rates, k, 0.0, normal);
    EXPECT_GT(rest, 0.0);
    EXPECT_LT(bare_loss_of_function(rates, k, 0.0, cool), rest);
    EXPECT_GT(bare_loss_of_function(rates, k, 0.0, hot), rest);
    EXPECT_GT(bare_loss_of_function(rates, k, 0.1, normal), rest);
    EXPECT_EQ(bare_loss_of_function(rates, k, 1.0, normal), 1.0);  // as many blocked as there are
  }
}

TEST(Disability, AnAttackLeavesBareFibresOfOtherSystemsAlone) {
  const disease::Parameters& p = testing::parameters();
  const Rates rates = make_rates(p);
  Person person = make_person(p, 1, 1);
  State<double>& s = person.state;
  constexpr std::size_t near = index(System::pyramidal), far = index(System::cerebellar);
  s.bare[near] = s.bare[far] = 0.2;
  double before[k_systems], after[k_systems], walk = 0.0;
  grades_of(rates, s, person.traits, 0.0, BlockedFibres::counted, before, walk);
  s.blocked[near] = 0.1;
  s.activity = 5.0;  // lesions elsewhere, many of them
  grades_of(rates, s, person.traits, 0.0, BlockedFibres::counted, after, walk);
  EXPECT_EQ(after[far], before[far]);
  // More than the blocked fibres alone take.
  const double reserve = person.traits.reserve;
  const double alone = grade_of_loss(
      rates, loss_of_function(rates, near, s, 0.0, heat_of(rates, 0.0), reserve) + 0.1 / reserve);
  EXPECT_GT(after[near], alone);
  grades_of(rates, s, person.traits, 0.0, BlockedFibres::ignored, after, walk);
  EXPECT_EQ(after[near], before[near]);
}

}  // namespace
}  // namespace hortega::disease
