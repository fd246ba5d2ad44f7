// SPDX-License-Identifier: Apache-2.0
//
// The observation models of a person's record against their closed forms.
#include "hortega/cohort/record_noise.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace hortega::cohort {
namespace {

TEST(RecordedCount, IsPoissonWhereNothingHappened) {
  // exp(-0.3), 0.3 exp(-0.3), 0.3^2 / 2 exp(-0.3)
  EXPECT_NEAR(std::exp(log_recorded_count(0, 0, 0.8, 0.3)), 0.7408182206817179, 1e-12);
  EXPECT_NEAR(std::exp(log_recorded_count(1, 0, 0.8, 0.3)), 0.22224546620451537, 1e-12);
  EXPECT_NEAR(std::exp(log_recorded_count(2, 0, 0.8, 0.3)), 0.0333368199306773, 1e-12);
}

TEST(RecordedCount, IsBinomialWithoutFalseReports) {
  // R: dbinom(0:3, 3, 0.85) = 0.003375 0.057375 0.325125 0.614125
  EXPECT_NEAR(std::exp(log_recorded_count(0, 3, 0.85, 0.0)), 0.003375, 1e-12);
  EXPECT_NEAR(std::exp(log_recorded_count(1, 3, 0.85, 0.0)), 0.057375, 1e-12);
  EXPECT_NEAR(std::exp(log_recorded_count(2, 3, 0.85, 0.0)), 0.325125, 1e-12);
  EXPECT_NEAR(std::exp(log_recorded_count(3, 3, 0.85, 0.0)), 0.614125, 1e-12);
  EXPECT_TRUE(std::isinf(log_recorded_count(4, 3, 0.85, 0.0)));
}

TEST(RecordedCount, IsExactWhereNothingIsMissed) {
  EXPECT_EQ(log_recorded_count(2, 2, 1.0, 0.0), 0.0);
  EXPECT_TRUE(std::isinf(log_recorded_count(1, 2, 1.0, 0.0)));
  EXPECT_NEAR(log_recorded_count(3, 2, 1.0, 0.1), std::log(0.1) - 0.1, 1e-12);
}

TEST(RecordedCount, SumsToOneWithTheMeanOfItsParts) {
  double sum = 0.0;
  double mean = 0.0;
  for (int k = 0; k < 60; ++k) {
    const double p = std::exp(log_recorded_count(k, 5, 0.7, 0.4));
    sum += p;
    mean += k * p;
  }
  EXPECT_NEAR(sum, 1.0, 1e-12);
  EXPECT_NEAR(mean, 5 * 0.7 + 0.4, 1e-10);
}

TEST(RecordedEdss, IsTheKernelsMeanOverRatings) {
  const std::vector<double> ratings = {2.0, 2.0, 2.5, 3.0};
  // Two ratings stay with 0.7 each, the one a step above comes down with 0.15.
  EXPECT_NEAR(edss_probability(2.0, ratings, 0.3), (2 * 0.7 + 0.15) / 4, 1e-12);
  EXPECT_EQ(edss_probability(4.0, ratings, 0.3), 0.0);
}

TEST(RecordedEdss, SumsToOneOverTheScale) {
  const std::vector<double> ratings = {0.0, 1.0, 4.5, 10.0};
  double sum = edss_probability(0.0, ratings, 0.4);
  for (int twice = 2; twice <= 20; ++twice) sum += edss_probability(0.5 * twice, ratings, 0.4);
  EXPECT_NEAR(sum, 1.0, 1e-12);
  // 0 and 1.0 are neighbours: the scale has no 0.5.
  EXPECT_NEAR(edss_probability(1.0, std::vector<double>{0.0}, 0.4), 0.2, 1e-12);
}

TEST(RecordedT2Count, IsNormalInTheLogarithmOfOneMore) {
  // By hand: 9 recorded of 4 is log(10 / 5) = 0.693147, over 0.4 z = 1.732868, -z^2 / 2 = -1.501416.
  EXPECT_NEAR(log_t2_count(9, 4.0, 0.4), -1.501416, 1e-6);
  EXPECT_NEAR(log_t2_count(4, 9.0, 0.4), -1.501416, 1e-6);
  // Half the error is twice the z: -4 * 1.501416.
  EXPECT_NEAR(log_t2_count(9, 4.0, 0.2), -6.005663, 1e-6);
  EXPECT_NEAR(log_t2_count(7, 7.0, 0.4), 0.0, 1e-12);
  // None is a count as well: log(2 / 1) over 0.4 again.
  EXPECT_NEAR(log_t2_count(0, 1.0, 0.4), -1.501416, 1e-6);
  EXPECT_NEAR(log_t2_count(0, 0.0, 0.4), 0.0, 1e-12);
}

TEST(RecordedCourse, TakesTheTwoLateFormsForEachOther) {
  EXPECT_NEAR(std::exp(log_course(Course::relapsing, Course::relapsing, 0.15)), 0.85, 1e-12);
  EXPECT_NEAR(std::exp(log_course(Course::secondary_progressive, Course::relapsing, 0.15)), 0.15, 1e-12);
  EXPECT_TRUE(std::isinf(log_course(Course::primary_progressive, Course::relapsing, 0.15)));
  EXPECT_EQ(log_course(Course::primary_progressive, Course::primary_progressive, 0.15), 0.0);
}

}  // namespace
}  // namespace hortega::cohort
