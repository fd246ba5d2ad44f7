// SPDX-License-Identifier: Apache-2.0
//
// Division kinetics: closed forms against an exact simulation of the same process, and their limits.
#include "hortega/therapy/division.hpp"

#include "hortega/core/random.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hortega::therapy {
namespace {

struct Colony {
  int dividing = 0;
  int differentiated = 0;
};

// Gillespie's algorithm, exact.
Colony simulate(const DivisionRates& r, int cells, double days, std::uint32_t run) {
  core::Draws d({11, run, 0}, core::Purpose::test, 0);
  Colony x{cells, 0};
  const double rate = r.division_per_day + r.death_per_day;
  for (double t = 0.0; x.dividing > 0;) {
    t += d.exponential() / (rate * x.dividing);
    if (t > days) break;
    const double u = d.uniform() * rate;
    if (u < r.division_per_day * r.symmetric) {
      ++x.dividing;
    } else if (u < r.division_per_day * (r.symmetric + r.asymmetric)) {
      ++x.differentiated;
    } else if (u < r.division_per_day) {
      --x.dividing;
      x.differentiated += 2;
    } else {
      --x.dividing;
    }
  }
  return x;
}

class Division : public ::testing::TestWithParam<DivisionRates> {};

TEST_P(Division, MomentsAreThoseOfTheProcess) {
  const DivisionRates r = GetParam();
  constexpr int cells = 3, runs = 20000;
  constexpr double days = 2.5;
  double sum = 0.0, square = 0.0, made = 0.0, extinct = 0.0;
  for (std::uint32_t i = 0; i < runs; ++i) {
    const Colony x = simulate(r, cells, days, i);
    sum += x.dividing;
    square += static_cast<double>(x.dividing) * x.dividing;
    made += x.differentiated;
    extinct += x.dividing == 0 ? 1.0 : 0.0;
  }
  const double mean = sum / runs;
  const double variance = square / runs - mean * mean;
  const double se = std::sqrt(dividing_variance(r, cells, days) / runs);
  EXPECT_NEAR(mean, dividing_mean(r, cells, days), 4.0 * se);
  EXPECT_NEAR(variance, dividing_variance(r, cells, days), 0.06 * dividing_variance(r, cells, days));
  EXPECT_NEAR(made / runs, differentiated_mean(r, cells, days),
              0.03 * differentiated_mean(r, cells, days) + 1e-9);
  EXPECT_NEAR(extinct / runs, extinction_probability(r, cells, days), 0.012);
}

INSTANTIATE_TEST_SUITE_P(Rates, Division,
                         ::testing::Values(DivisionRates{0.7, 1.0, 0.0, 0.0, 0.0},    // all symmetric
                                           DivisionRates{0.7, 0.5, 0.2, 0.3, 0.1},    // a mixture
                                           DivisionRates{0.9, 0.3, 0.0, 0.7, 0.0},    // running out
                                           DivisionRates{0.8, 0.4, 0.2, 0.4, 0.0}));  // just held

TEST(DivisionLimits, AsymmetricDivisionKeepsTheNumberOfDividingCells) {
  const DivisionRates r{1.0, 0.0, 1.0, 0.0, 0.0};
  EXPECT_DOUBLE_EQ(dividing_mean(r, 100.0, 30.0), 100.0);
  EXPECT_DOUBLE_EQ(dividing_variance(r, 100.0, 30.0), 0.0);
  EXPECT_NEAR(differentiated_mean(r, 100.0, 30.0), 3000.0, 1e-9);
  EXPECT_EQ(extinction_probability(r, 100.0, 30.0), 0.0);
}

TEST(DivisionLimits, YuleProcess) {
  // Pure birth: variance n e^{lt} (e^{lt} - 1) (Bailey 1964, 8.2).
  const DivisionRates r{0.5, 1.0, 0.0, 0.0, 0.0};
  const double growth = std::exp(0.5 * 4.0);
  EXPECT_NEAR(dividing_mean(r, 10.0, 4.0), 10.0 * growth, 1e-9);
  EXPECT_NEAR(dividing_variance(r, 10.0, 4.0), 10.0 * growth * (growth - 1.0), 1e-8);
}

TEST(DivisionLimits, CriticalProcessDiesOutSlowly) {
  // Birth and death at rate l: q = l t / (1 + l t).
  const DivisionRates r{1.0, 0.5, 0.0, 0.5, 0.0};
  EXPECT_NEAR(extinction_probability(r, 1.0, 8.0), 4.0 / 5.0, 1e-9);
}

}  // namespace
}  // namespace hortega::therapy
