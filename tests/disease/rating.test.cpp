// SPDX-License-Identifier: Apache-2.0
//
// What a visit sees of a person: the noise of a rating and the part of it that systems share, expectation,
// and the timed tests by the loss that each depends on.
#include "hortega/disease/disability.hpp"
#include "people.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

namespace hortega::disease {
namespace {

using testing::parameters;

// Standard errors allowed: false alarm in one of 16,000 comparisons; the seeds are fixed.
constexpr double k_errors = 4.0;
constexpr std::uint32_t k_ratings = 20000;

// A person whose every system has this grade before rounding, by fibres lost: the inverse of
// grade = scale s / (s + half), where s is the loss above its threshold.
Person of_grade(const Parameters& p, double grade) {
  Person who = make_person(p, 1, 1);
  who.traits.reserve = 1.0;
  const double above = grade * p.grade_half_loss.value / (p.grade_scale.value - grade);
  for (double& lost : who.state.lost) lost = grade > 0.0 ? p.loss_threshold.value + above : 0.0;
  return who;
}

Block all_lanes(const Person& who) {
  Block block;
  block.seed = 41;
  for (std::size_t lane = 0; lane < k_block; ++lane) put(block, lane, who);
  return block;
}

Observation without_noise(const Rates& r, const Person& who) {
  Observation seen;
  observe(r, all_lanes(who), RaterNoise::off, nullptr, seen);
  return seen;
}

// Calls each(seen, lane) for k_ratings raters' luck, where seen[i] is the visit on days[i].
template <class Each>
void for_ratings(const Rates& r, const Person& who, const std::vector<std::uint32_t>& days, Each each) {
  Block block = all_lanes(who);
  std::vector<Observation> seen(days.size());
  for (std::uint32_t first = 0; first < k_ratings; first += k_block) {
    for (std::size_t i = 0; i < days.size(); ++i) {
      for (std::size_t lane = 0; lane < k_block; ++lane) {
        block.copy[lane] = first + static_cast<std::uint32_t>(lane);
        block.life_day[lane] = days[i];
      }
      observe(r, block, RaterNoise::on, nullptr, seen[i]);
    }
    for (std::size_t lane = 0; lane < k_block; ++lane) each(seen, lane);
  }
}

double normal_above(double z) { return 0.5 * std::erfc(z / std::sqrt(2.0)); }

// Probability that two sums of one common normal and an own one each, of these standard deviations, both
// exceed `above`: over the common part by the midpoint rule.
double both_above(double above, double common, double own) {
  constexpr int k_steps = 4000;
  constexpr double k_reach = 8.0;
  constexpr double k_width = 2.0 * k_reach / k_steps;
  double sum = 0.0;
  for (int i = 0; i < k_steps; ++i) {
    const double z = -k_reach + (i + 0.5) * k_width;
    const double one = normal_above((above - common * z) / own);
    sum += std::exp(-0.5 * z * z) / std::sqrt(2.0 * 3.14159265358979324) * one * one * k_width;
  }
  return sum;
}

double share_of(int count) { return static_cast<double>(count) / k_ratings; }
double error_of(double share) { return std::sqrt(share * (1.0 - share) / k_ratings); }

// Graded 2.25, a system is rated 3 or more when the noise exceeds 0.25: the share of such ratings is the
// normal tail of the noise's standard deviation, and the share of pairs follows from what they have in
// common.
constexpr double k_grade = 2.25;
constexpr double k_above = 0.25;

TEST(RaterNoise, OfAGradeHasItsSpreadAndItsSharedPart) {
  Parameters p = parameters();
  p.slow_fluctuation.value = 0.0;
  const Rates r = make_rates(p);
  const Person who = of_grade(p, k_grade);
  ASSERT_NEAR(grade_of_loss(r, who.state.lost[0]), k_grade, 1e-9);
  std::array<int, k_systems> over{};
  std::array<int, k_systems - 1> both{};  // of neighbours in the order of systems
  for_ratings(r, who, {0}, [&](const std::vector<Observation>& seen, std::size_t lane) {
    for (std::size_t k = 0; k < k_systems; ++k) {
      const bool here = seen[0].grade[k][lane] > 2.5;
      over[k] += here ? 1 : 0;
      if (k > 0) both[k - 1] += here && seen[0].grade[k - 1][lane] > 2.5 ? 1 : 0;
    }
  });
  // rater_noise is the standard deviation of one grade's error; rater_noise_shared of it is the loading on
  // what all systems share (.5 beside .87 of their own, whose squares sum to one).
  const double sd = p.rater_noise.value;
  const double common = sd * p.rater_noise_shared.value;
  const double own = std::sqrt(sd * sd - common * common);
  const double one = normal_above(k_above / sd);
  const double two = both_above(k_above, common, own);
  ASSERT_GT(two - one * one, 2.0 * k_errors * error_of(two)) << "errors of their own would go unseen";
  for (std::size_t k = 0; k < k_systems; ++k)
    EXPECT_NEAR(share_of(over[k]), one, k_errors * error_of(one)) << k;
  for (std::size_t k = 0; k + 1 < k_systems; ++k)
    EXPECT_NEAR(share_of(both[k]), two, k_errors * error_of(two)) << k;
}

TEST(RaterNoise, OfTwoVisitsHasTheSlowFluctuationInCommon) {
  Parameters p = parameters();
  const double sd = std::hypot(p.rater_noise.value, p.slow_fluctuation.value);
  const double one = normal_above(k_above / sd);
  const double two = both_above(k_above, p.slow_fluctuation.value, p.rater_noise.value);
  ASSERT_GT(two - one * one, 2.0 * k_errors * error_of(two)) << "a fluctuation of each day's own goes unseen";
  const auto check = [&](const std::vector<std::uint32_t>& days, double expected) {
    std::array<int, k_systems> first{};
    std::array<int, k_systems> both{};
    for_ratings(make_rates(p), of_grade(p, k_grade), days,
                [&](const std::vector<Observation>& seen, std::size_t lane) {
                  for (std::size_t k = 0; k < k_systems; ++k) {
                    const bool here = seen[0].grade[k][lane] > 2.5;
                    first[k] += here ? 1 : 0;
                    both[k] += here && seen[1].grade[k][lane] > 2.5 ? 1 : 0;
                  }
                });
    for (std::size_t k = 0; k < k_systems; ++k) {
      EXPECT_NEAR(share_of(first[k]), one, k_errors * error_of(one)) << k;
      EXPECT_NEAR(share_of(both[k]), expected, k_errors * error_of(expected)) << k;
    }
  };
  // Two whole periods apart nothing is left of it.
  const auto period = static_cast<std::uint32_t>(p.slow_fluctuation_period.value);
  check({0, 2 * period}, one * one);
  // A period so long that a day does not move it: all of it is common to both visits.
  p.slow_fluctuation_period.value = 1e6;
  check({0, 1}, two);
}

TEST(Expectation, MovesTheMeanGradeByItself) {
  // Over grades that are spread evenly between halves, away from both ends of the scale, rounding is
  // unbiased: the mean of the whole grades moves by what is added to the grades, exactly on a grid that it
  // divides.
  const Parameters& p = parameters();
  const Rates r = make_rates(p);
  constexpr int k_grid = 400;  // 1.5 to 3.5 in steps of 0.005
  for (const double added : {-0.25, -0.075, 0.075, 0.25}) {
    double moved = 0.0;
    for (int first = 0; first < k_grid; first += static_cast<int>(k_block)) {
      Block block;
      block.seed = 41;
      for (std::size_t lane = 0; lane < k_block; ++lane)
        put(block, lane, of_grade(p, 1.5 + (first + static_cast<int>(lane) + 0.5) * 2.0 / k_grid));
      std::array<double, k_block> shift{};
      shift.fill(added);
      Observation with;
      Observation without;
      observe(r, block, RaterNoise::off, shift.data(), with);
      observe(r, block, RaterNoise::off, nullptr, without);
      for (std::size_t k = 0; k < k_systems; ++k) {
        for (std::size_t lane = 0; lane < k_block; ++lane)
          moved += with.grade[k][lane] - without.grade[k][lane];
      }
      // It is the rater's: timed tests and the state have none of it.
      for (std::size_t lane = 0; lane < k_block; ++lane) {
        EXPECT_EQ(with.t25fw_s[lane], without.t25fw_s[lane]);
        EXPECT_EQ(with.nhpt_s[lane], without.nhpt_s[lane]);
        EXPECT_EQ(with.sdmt[lane], without.sdmt[lane]);
        EXPECT_EQ(with.edss_hidden[lane], without.edss_hidden[lane]);
      }
    }
    EXPECT_NEAR(moved / (k_grid * static_cast<double>(k_systems)), added, 1e-9);
  }
}

TEST(TimedTests, WithoutLossAreTheBest) {
  const Parameters& p = parameters();
  const Observation seen = without_noise(make_rates(p), of_grade(p, 0.0));
  for (std::size_t lane = 0; lane < k_block; ++lane) {
    EXPECT_NEAR(seen.t25fw_s[lane], p.t25fw_best.value, 1e-12);
    EXPECT_NEAR(seen.nhpt_s[lane], p.nhpt_best.value, 1e-12);
    EXPECT_NEAR(seen.sdmt[lane], p.sdmt_best.value, 1e-12);
    EXPECT_EQ(seen.edss[lane], 0.0);
  }
}

TEST(TimedTests, TheWalkSlowsWithTheSquareOfTheLossOfWalking) {
  const Parameters& p = parameters();
  const Rates r = make_rates(p);
  for (const double lost : {0.2, 0.4}) {
    Person who = of_grade(p, 0.0);
    who.state.lost[index(System::pyramidal)] = lost;
    // Loss of walking by one system: its share of walking times the amplitude (walk_pyramidal,
    // walk_amplitude). Log-time rises by t25fw_slope for each unit of its square.
    const double walk = p.walk_amplitude.value * p.walk_pyramidal.value * lost;
    EXPECT_NEAR(std::log(without_noise(r, who).t25fw_s[0] / p.t25fw_best.value),
                p.t25fw_slope.value * walk * walk, 1e-9);
  }
  // Systems that do not walk.
  Person who = of_grade(p, 0.0);
  for (const System system : {System::visual, System::brainstem, System::bowel_bladder, System::cerebral})
    who.state.lost[index(system)] = 0.8;
  EXPECT_NEAR(without_noise(r, who).t25fw_s[0], p.t25fw_best.value, 1e-12);
}

TEST(TimedTests, PegsAndDigitsGoWithTheirGrades) {
  const Parameters& p = parameters();
  const Rates r = make_rates(p);
  // At grade_half_loss above the threshold a grade is half of grade_scale.
  const double half_grade = 0.5 * p.grade_scale.value;
  const double loss = p.loss_threshold.value + p.grade_half_loss.value;
  Person who = of_grade(p, 0.0);
  who.state.lost[index(System::cerebellar)] = loss;
  const double one = without_noise(r, who).nhpt_s[0];
  who.state.lost[index(System::sensory)] = loss;
  const double two = without_noise(r, who).nhpt_s[0];
  // nhpt_slope for each grade of the hand, the mean of cerebellar and sensory grade.
  EXPECT_NEAR(std::log(one / p.nhpt_best.value), 0.5 * p.nhpt_slope.value * half_grade, 1e-9);
  EXPECT_NEAR(std::log(two / p.nhpt_best.value), p.nhpt_slope.value * half_grade, 1e-9);
  EXPECT_NEAR(without_noise(r, who).sdmt[0], p.sdmt_best.value, 1e-12);
  who = of_grade(p, 0.0);
  who.state.lost[index(System::cerebral)] = loss;
  EXPECT_NEAR(without_noise(r, who).sdmt[0], p.sdmt_best.value - p.sdmt_slope.value * half_grade, 1e-9);
  EXPECT_NEAR(without_noise(r, who).nhpt_s[0], p.nhpt_best.value, 1e-12);
}

TEST(TimedTests, EndAtTheirLimits) {
  // 180 s of walking, 300 s of pegs (the tests' own limits), no digit at all. Steeper than the passports, so
  // that a loss of everything is beyond each of them.
  Rates r = make_rates(parameters());
  r.t25fw_slope = r.nhpt_slope = 5.0;
  r.sdmt_slope = 50.0;
  Person who = of_grade(parameters(), 0.0);
  for (double& lost : who.state.lost) lost = 1.0;
  const Observation seen = without_noise(r, who);
  EXPECT_EQ(seen.t25fw_s[0], 180.0);
  EXPECT_EQ(seen.nhpt_s[0], 300.0);
  EXPECT_EQ(seen.sdmt[0], 0.0);
}

TEST(TimedTests, HaveTheirNoise) {
  // Normal about the value without noise, in the logarithm for times: over n ratings the mean has the
  // standard error sd / sqrt(n), the standard deviation sd / sqrt(2 n).
  const Parameters& p = parameters();
  std::array<double, 3> sum{};
  std::array<double, 3> squares{};
  for_ratings(make_rates(p), of_grade(p, 0.0), {0},
              [&](const std::vector<Observation>& seen, std::size_t lane) {
                const std::array<double, 3> off = {std::log(seen[0].t25fw_s[lane] / p.t25fw_best.value),
                                                   std::log(seen[0].nhpt_s[lane] / p.nhpt_best.value),
                                                   seen[0].sdmt[lane] - p.sdmt_best.value};
                for (std::size_t i = 0; i < off.size(); ++i) {
                  sum[i] += off[i];
                  squares[i] += off[i] * off[i];
                }
              });
  const std::array<double, 3> sd = {p.t25fw_noise.value, p.nhpt_noise.value, p.sdmt_noise.value};
  for (std::size_t i = 0; i < sd.size(); ++i) {
    const double mean = sum[i] / k_ratings;
    EXPECT_NEAR(mean, 0.0, k_errors * sd[i] / std::sqrt(1.0 * k_ratings)) << i;
    EXPECT_NEAR(std::sqrt(squares[i] / k_ratings - mean * mean), sd[i],
                k_errors * sd[i] / std::sqrt(2.0 * k_ratings))
        << i;
  }
}

}  // namespace
}  // namespace hortega::disease
