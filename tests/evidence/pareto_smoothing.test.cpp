// SPDX-License-Identifier: Apache-2.0
// Importance weights where the answer is known.
#include "hortega/evidence/pareto_smoothing.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

#include "reference.hpp"

namespace hortega::evidence {
namespace {

/// The quantiles of a standard normal at (i - 1/2) / n: draws without luck.
std::vector<double> standard_normals(std::size_t n) {
  std::vector<double> x(n);
  for (std::size_t i = 0; i < n; ++i)
    x[i] =
        boost::math::quantile(boost::math::normal(), (static_cast<double>(i) + 0.5) / static_cast<double>(n));
  return x;
}

TEST(GeneralisedPareto, AgreesWithMaximumLikelihood) {
  const Reference reference("validation.csv");
  for (const char* shape : {"-0.2", "0.3", "0.9"}) {
    const double k = std::stod(shape);
    std::vector<double> x;
    for (int i = 1; i <= 400; ++i) x.push_back(2.0 * std::expm1(-k * std::log1p(-(i - 0.5) / 400.0)) / k);
    const GeneralisedPareto fit = fit_generalised_pareto(x);
    // Two estimators of one sample of 400 differ by much less than their standard error, about (1 + k) / 20.
    EXPECT_NEAR(fit.k, reference[std::string("pareto_") + shape + "_k"], 0.02) << shape;
    EXPECT_NEAR(fit.sigma, reference[std::string("pareto_") + shape + "_sigma"], 0.06) << shape;
    EXPECT_NEAR(fit.k, k, 0.03) << shape;
  }
  EXPECT_THROW(fit_generalised_pareto(std::vector<double>{1, 2, 3, 4}), std::invalid_argument);
  EXPECT_THROW(fit_generalised_pareto(std::vector<double>(10, 1.0)), std::invalid_argument);
}

TEST(ParetoSmoothing, TurnsOneNormalIntoAShiftedOne) {
  // Target N(0.5, 1) from draws of N(0, 1): ratio exp(x / 2 - 1/8), mean square exp(1/4).
  const auto x = standard_normals(2000);
  std::vector<double> log_ratio;
  for (const double value : x) log_ratio.push_back(0.5 * value - 0.125);
  const SmoothedWeights w = pareto_smoothed(log_ratio);
  double mean = 0.0, square = 0.0, sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sum += w.weight[i];
    mean += w.weight[i] * x[i];
    square += w.weight[i] * x[i] * x[i];
  }
  EXPECT_NEAR(sum, 1.0, 1e-12);
  EXPECT_NEAR(mean, 0.5, 0.005);
  EXPECT_NEAR(square - mean * mean, 1.0, 0.02);
  EXPECT_LT(w.pareto_k, 0.5);
  EXPECT_NEAR(w.effective_size, 2000.0 / std::exp(0.25), 25.0);
}

TEST(ParetoSmoothing, FindsTheTailOfAWiderTarget) {
  // Target N(0, s^2) from draws of N(0, 1): the ratio grows as exp(x^2 (1 - 1/s^2) / 2), so that
  // P(ratio > t) falls as t^(-1/k) with k = 1 - 1/s^2.
  std::mt19937_64 bits(3);
  for (const double s : {1.3, 2.0}) {
    double k = 0.0;
    constexpr int repeats = 20;
    for (int r = 0; r < repeats; ++r) {
      std::vector<double> log_ratio;
      for (int i = 0; i < 4000; ++i) {
        const double u = (static_cast<double>(bits() >> 11U) + 0.5) * 0x1p-53;
        const double x = boost::math::quantile(boost::math::normal(), u);
        log_ratio.push_back(0.5 * x * x * (1.0 - 1.0 / (s * s)) - std::log(s));
      }
      k += pareto_smoothed(log_ratio).pareto_k / repeats;
    }
    // A finite tail sees k from below (the density of a normal also falls by 1/x); a mean over 20 sets.
    EXPECT_NEAR(k, 1.0 - 1.0 / (s * s), 0.12) << s;
    if (s == 2.0) {
      EXPECT_GT(k, largest_usable_k(200));
    }
  }
}

TEST(ParetoSmoothing, SmoothingLowersTheErrorOfAMean) {
  // With k about .6, means by smoothed weights scatter less than by raw ones.
  std::mt19937_64 bits(11);
  double raw_error = 0.0, smooth_error = 0.0;
  for (int r = 0; r < 200; ++r) {
    std::vector<double> x, log_ratio;
    double raw = 0.0, sum = 0.0;
    for (int i = 0; i < 200; ++i) {
      const double u = (static_cast<double>(bits() >> 11U) + 0.5) * 0x1p-53;
      x.push_back(boost::math::quantile(boost::math::normal(), u));
      log_ratio.push_back(0.5 * x.back() * x.back() * 0.6);
      sum += std::exp(log_ratio.back()), raw += std::exp(log_ratio.back()) * x.back();
    }
    const SmoothedWeights w = pareto_smoothed(log_ratio);
    double smooth = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) smooth += w.weight[i] * x[i];
    raw_error += raw / sum * raw / sum, smooth_error += smooth * smooth;  // the truth is 0
  }
  EXPECT_LT(smooth_error, raw_error);
}

TEST(ParetoSmoothing, EdgeCases) {
  const SmoothedWeights alike = pareto_smoothed(std::vector<double>(100, -3.0));
  EXPECT_DOUBLE_EQ(alike.effective_size, 100.0);
  EXPECT_EQ(alike.pareto_k, -std::numeric_limits<double>::infinity());
  const double gone = -std::numeric_limits<double>::infinity();
  const SmoothedWeights few = pareto_smoothed(std::vector<double>{0.0, std::log(3.0), gone});
  EXPECT_DOUBLE_EQ(few.weight[0], 0.25);
  EXPECT_DOUBLE_EQ(few.weight[2], 0.0);
  EXPECT_EQ(few.pareto_k, std::numeric_limits<double>::infinity());  // no tail to fit: never trusted
  EXPECT_THROW(pareto_smoothed(std::vector<double>{gone, gone}), std::invalid_argument);
  EXPECT_THROW(pareto_smoothed(std::vector<double>{std::nan("")}), std::invalid_argument);
  EXPECT_NEAR(largest_usable_k(200), 1.0 - 1.0 / std::log10(200.0), 1e-15);
  EXPECT_DOUBLE_EQ(largest_usable_k(100000), 0.7);
}

}  // namespace
}  // namespace hortega::evidence
