// SPDX-License-Identifier: Apache-2.0
//
// Own elementary functions against libm in long double, and one person against lanes, bit for bit.
#include "hortega/core/math.hpp"

#include "hortega/core/random.hpp"

#include <Random123/philox.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>

namespace hortega::core {
namespace {

using Pair = Lanes<xsimd::sse2>;

template <class F>
void expect_same_bits(F f, double x) {
  double lane[2];
  store(lane, f(Pair(x)));
  const double alone = f(x);
  ASSERT_EQ(std::bit_cast<std::uint64_t>(lane[0]), std::bit_cast<std::uint64_t>(alone)) << "at " << x;
  ASSERT_EQ(std::bit_cast<std::uint64_t>(lane[1]), std::bit_cast<std::uint64_t>(alone)) << "at " << x;
}

TEST(Math, ExpAgreesWithLibmAndBetweenLanes) {
  for (int i = -200000; i <= 200000; ++i) {
    const double x = i * 0.0035;
    const long double truth = std::exp(static_cast<long double>(x));
    if (x > -708 && x < 709) {
      ASSERT_NEAR(static_cast<double>((static_cast<long double>(math::exp(x)) - truth) / truth), 0.0, 5e-16)
          << x;
    }
    if (i % 7 == 0) expect_same_bits([](const auto& v) { return math::exp(v); }, x);
  }
  EXPECT_EQ(math::exp(-800.0), 0.0);
  EXPECT_EQ(math::exp(0.0), 1.0);
}

TEST(Math, LogAgreesWithLibmAndBetweenLanes) {
  for (int i = -300000; i <= 300000; ++i) {
    const double x = std::exp(i * 0.0023);
    const long double truth = std::log(static_cast<long double>(x));
    ASSERT_NEAR(math::log(x), static_cast<double>(truth),
                3e-16 * std::max(1.0, std::fabs(static_cast<double>(truth))))
        << x;
    if (i % 7 == 0) expect_same_bits([](const auto& v) { return math::log(v); }, x);
  }
  EXPECT_EQ(math::log(1.0), 0.0);
}

TEST(Math, NormalQuantileInvertsTheDistribution) {
  for (int i = 1; i < 100000; ++i) {
    const double p = i / 100000.0;
    const double z = math::normal_quantile(p);
    ASSERT_NEAR(0.5 * std::erfc(-z / std::sqrt(2.0)), p, 2e-15) << p;
    if (i % 7 == 0) expect_same_bits([](const auto& v) { return math::normal_quantile(v); }, p);
  }
  // Values of R's qnorm (R 4.2.2, itself AS 241).
  EXPECT_NEAR(math::normal_quantile(1e-9), -5.9978070150076869, 1e-13);
  EXPECT_NEAR(math::normal_quantile(1e-20), -9.2623400897984999, 1e-12);
  EXPECT_NEAR(math::normal_quantile(0.975), 1.959963984540054, 1e-15);
}

TEST(Random, PhiloxGivesTheAuthorsKnownAnswers) {
  // Random123 1.14, kat_vectors: zero and pi vectors of philox4x32-10.
  EXPECT_EQ(philox({0, 0, 0, 0}, 0), (Words{0x6627e8d5U, 0xe169c58dU, 0xbc57ac4cU, 0x9b00dbd8U}));
  EXPECT_EQ(philox({0x243f6a88U, 0x85a308d3U, 0x13198a2eU, 0x03707344U}, 0x299f31d0a4093822ULL),
            (Words{0xd16cfe09U, 0x94fdccebU, 0x5001e420U, 0x24126ea1U}));
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const r123::Philox4x32::ctr_type counter{{i, i * 7919U, ~i, i ^ 0xABCDU}};
    const r123::Philox4x32::key_type key{{i * 31U, i * 17U}};
    const auto theirs = r123::Philox4x32()(counter, key);
    const std::uint64_t seed = (static_cast<std::uint64_t>(i * 17U) << 32) | (i * 31U);
    EXPECT_EQ(philox({i, i * 7919U, ~i, i ^ 0xABCDU}, seed),
              (Words{theirs[0], theirs[1], theirs[2], theirs[3]}));
  }
}

TEST(Random, LanesGiveWhatOnePersonGets) {
  const std::uint32_t person[2] = {17, 4000000000U};
  const std::uint32_t copy[2] = {0, 500};
  const std::uint32_t day[2] = {purpose_and_day(Purpose::daily, 12345), purpose_and_day(Purpose::lesion, 99)};
  double out[4][2];
  draw_lanes<Pair>(0x123456789ABCDEFULL, person, copy, day, 3, out);
  for (std::size_t lane = 0; lane < 2; ++lane) {
    const Words words = philox({person[lane], copy[lane], day[lane], 3}, 0x123456789ABCDEFULL);
    for (std::size_t w = 0; w < 4; ++w) EXPECT_EQ(out[w][lane], to_uniform(words[w]));
  }
}

TEST(Random, UniformsStayInsideTheOpenInterval) {
  EXPECT_GT(to_uniform(0U), 0.0);
  EXPECT_LT(to_uniform(0xFFFFFFFFU), 1.0);
  EXPECT_GT(to_uniform(0U, 0U), 0.0);
  EXPECT_LT(to_uniform(0xFFFFFFFFU, 0xFFFFFFFFU), 1.0);
}

// Moments of n draws against theory; z is the number of standard errors. The biased sampler shows that it can
// fail.
double z_of_mean(double bias) {
  const int n = 200000;
  double sum = 0.0;
  for (int i = 0; i < n; ++i) {
    Draws d({42, static_cast<std::uint32_t>(i), 0}, Purpose::test, 1);
    sum += d.normal() + bias;
  }
  return sum / std::sqrt(static_cast<double>(n));
}

TEST(Random, NormalsHaveMeanZeroAndABiasedSamplerIsCaught) {
  EXPECT_LT(std::fabs(z_of_mean(0.0)), 4.0);
  EXPECT_GT(std::fabs(z_of_mean(0.02)), 4.0);
}

}  // namespace
}  // namespace hortega::core
