// SPDX-License-Identifier: Apache-2.0
//
// What is asked of a person outside the day loop: the hazard of death by age, sex and EDSS, and serum
// neurofilament by age and by what axon loss releases.
#include "hortega/disease/person.hpp"

#include "hortega/core/random.hpp"
#include "hortega/disease/equations.hpp"
#include "people.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hortega::disease {
namespace {

using testing::parameters;

// Standard errors allowed: false alarm in one of 16,000 comparisons; the seeds are fixed.
constexpr double k_errors = 4.0;

double deaths_per_year(bool female, double age_year, double edss) {
  return 365.25 * death_hazard_per_day(parameters(), female, age_year, edss);
}

TEST(Death, WithoutDisabilityIsThatOfTheLifeTable) {
  // The two passports print the life table at 50: .0025 a year for women, .0045 for men. Half a unit of the
  // last digit printed.
  EXPECT_NEAR(deaths_per_year(true, 50.0, 0.0), 0.0025, 0.00005);
  EXPECT_NEAR(deaths_per_year(false, 50.0, 0.0), 0.0045, 0.00005);
  // Gompertz: the logarithm rises by the same for each year of age, in both sexes (death_gompertz_slope; the
  // life table between 40 and 85).
  const double slope = parameters().death_gompertz_slope.value;
  for (const bool female : {true, false}) {
    for (const double age : {40.0, 60.0, 85.0}) {
      const double ratio = deaths_per_year(female, age, 0.0) / deaths_per_year(female, 50.0, 0.0);
      EXPECT_NEAR(std::log(ratio), slope * (age - 50.0), 1e-9) << age;
    }
  }
}

TEST(Death, IsMultipliedByDisabilityAboveTheThresholdAlone) {
  const Parameters& p = parameters();
  const double threshold = p.death_edss_threshold.value;
  ASSERT_GT(threshold, 0.5);
  for (const bool female : {true, false}) {
    const double at_none = deaths_per_year(female, 55.0, 0.0);
    EXPECT_EQ(deaths_per_year(female, 55.0, threshold - 0.5), at_none) << "no one lives longer for being ill";
    EXPECT_EQ(deaths_per_year(female, 55.0, threshold), at_none);
    // death_edss_slope is per EDSS step above death_edss_threshold. The passports' 0.35 and 4 give
    // exp(0.7) = 2.01 at EDSS 6.
    const double at_six = std::exp(p.death_edss_slope.value * (6.0 - threshold));
    EXPECT_NEAR(deaths_per_year(female, 55.0, 6.0) / at_none, at_six, 1e-9);
  }
}

TEST(Death, ComesAtTheHazardThatIsSetAndThatOfTheLevers) {
  // One in a thousand a day by the review and as much by a lever, for 200 days: of 1,600 people
  // 1 - 0.998^200 = 0.330 die, with a binomial standard error of 0.0118. Without the lever 0.181 would.
  constexpr std::uint32_t k_people = 1600;
  const Rates r = make_rates(parameters());
  Levers<double> levers = no_levers();
  levers.death = 0.001;
  Events events;
  int dead = 0;
  int told = 0;
  for (std::uint32_t first = 0; first < k_people; first += k_block) {
    Block block = testing::block_of(parameters(), 61, first);
    for (std::size_t lane = 0; lane < k_block; ++lane) {
      set_death_hazard(block, lane, 0.001);
      set_levers(block, lane, levers);
    }
    for (int day = 0; day < 200; day += 8) {
      advance(r, block, 8, events);
      for (int i = 0; i < events.count; ++i) told += events.event[i].kind == EventKind::death ? 1 : 0;
    }
    for (std::size_t lane = 0; lane < k_block; ++lane) dead += block.alive[lane] == 0 ? 1 : 0;
  }
  const double share = 1.0 - std::pow(0.998, 200.0);
  const double error = std::sqrt(share * (1.0 - share) / k_people);
  EXPECT_NEAR(static_cast<double>(dead) / k_people, share, k_errors * error);
  EXPECT_EQ(told, dead) << "nobody dies twice";
}

TEST(Neurofilament, HalvesInItsHalfLife) {
  // Nothing in the model depends on it, so two people who are alike but for what an axon loss released differ
  // by what is left of that: a half after nfl_decay days.
  const Rates r = make_rates(parameters());
  Block block = testing::block_of(parameters(), 62, 0);
  Person who = take(block, 0);
  for (std::size_t lane = 1; lane < k_block; ++lane) put(block, lane, who);
  who.state.nfl = 100.0;
  put(block, 0, who);
  Events events;
  for (int day = 1; day <= 120; ++day) {
    advance(r, block, 1, events);
    const double left = state_of(block, 0).nfl - state_of(block, 1).nfl;
    EXPECT_NEAR(left, 100.0 * std::exp2(-day / parameters().nfl_decay.value), 1e-9) << day;
  }
}

TEST(Neurofilament, IsReleasedByTheShareOfFibresLost) {
  const Parameters& p = parameters();
  const Rates r = make_rates(p);
  const Person who = make_person(p, 63, 0);
  // Acutely, nfl_acute for the mean over the systems of what a lesion cuts.
  core::Draws d({9, 9, 9}, core::Purpose::test, 0);
  int with_loss = 0;
  for (int i = 0; i < 200; ++i) {
    double u[16];
    for (double& x : u) x = d.uniform();
    State<double> s = who.state;
    s.nfl = 0.0;
    for (std::size_t k = 0; k < k_systems; ++k) s.bare[k] = 0.05;  // bare fibres are cut too
    bool eloquent = false;
    lesion_birth(r, s, who.traits, true, u, eloquent);
    double lost = 0.0;
    for (std::size_t k = 0; k < k_systems; ++k) lost += (s.lost[k] - who.state.lost[k]) / k_systems;
    with_loss += lost > 0.0 ? 1 : 0;
    EXPECT_NEAR(s.nfl, p.nfl_acute.value * lost, 1e-9);
  }
  EXPECT_GT(with_loss, 20);
  // Slowly, nfl_slow for the mean share of a step.
  State<double> s = who.state;
  s.nfl = 0.0;
  step_markers(r, s, no_levers(), 0.01);
  EXPECT_NEAR(s.nfl, 0.01 * p.nfl_slow.value, 1e-12);
}

TEST(Neurofilament, OfSerumIsTheBaselineOfTheAgeAndWhatWasReleased) {
  // nfl_baseline is that of healthy adults near 35 years, and nfl_age_slope its relative rise a year: both
  // passports.
  const Parameters& p = parameters();
  Profile profile;
  State<double> s = make_person(p, 64, 0).state;
  s.nfl = 0.0;
  const auto at = [&](double age_year) {
    s.age_year = age_year;
    return serum_nfl_pg_per_ml(p, profile, s);
  };
  EXPECT_NEAR(at(35.0), p.nfl_baseline.value, 1e-12);
  EXPECT_NEAR(at(55.0), p.nfl_baseline.value * std::exp(20.0 * p.nfl_age_slope.value), 1e-9);
  EXPECT_NEAR(at(25.0), p.nfl_baseline.value * std::exp(-10.0 * p.nfl_age_slope.value), 1e-9);
  const double bare = at(45.0);
  s.nfl = 3.0;
  EXPECT_NEAR(at(45.0), bare + 3.0, 1e-12);
  // A person's own factor is on the baseline, not on what axons release.
  profile.nfl_factor = 2.0;
  EXPECT_NEAR(at(45.0), 2.0 * bare + 3.0, 1e-12);
}

TEST(Neurofilament, DiffersBetweenPeopleByItsSpread) {
  // Log-normal with median one: over n people the mean of the logarithm has the standard error
  // spread / sqrt(n), its standard deviation spread / sqrt(2 n).
  constexpr int k_people = 4000;
  const double spread = parameters().nfl_baseline.spread;
  double sum = 0.0;
  double squares = 0.0;
  for (std::uint32_t i = 0; i < k_people; ++i) {
    const double z = std::log(make_profile(parameters(), 65, i).nfl_factor);
    sum += z;
    squares += z * z;
  }
  const double mean = sum / k_people;
  EXPECT_NEAR(mean, 0.0, k_errors * spread / std::sqrt(k_people));
  EXPECT_NEAR(std::sqrt(squares / k_people - mean * mean), spread,
              k_errors * spread / std::sqrt(2.0 * k_people));
}

}  // namespace
}  // namespace hortega::disease
