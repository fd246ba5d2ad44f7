// SPDX-License-Identifier: Apache-2.0
//
// The lesion of Weatherley et al. 2026 against an independent port of it (docs/lesion.md): dead
// oligodendrocytes of 1200, mean (SD) over five or three seeds.
#include "hortega/lesion/weatherley.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "hortega/core/parallel.hpp"

namespace {

using hortega::lesion::WeatherleyModel;
using hortega::lesion::WeatherleySettings;

struct Summary {
  double mean = 0.0;
  double sd = 0.0;
};

Summary summary(const std::vector<double>& values) {
  Summary s;
  for (const double v : values) s.mean += v / static_cast<double>(values.size());
  for (const double v : values) s.sd += (v - s.mean) * (v - s.mean) / static_cast<double>(values.size() - 1);
  s.sd = std::sqrt(s.sd);
  return s;
}

struct Outcome {
  Summary dead_150, dead_300, intact_300;
};

Outcome runs(const WeatherleySettings& settings, std::size_t seeds) {
  std::vector<double> half(seeds);
  std::vector<double> end(seeds);
  std::vector<double> intact(seeds);
  hortega::core::parallel_for(seeds, [&](std::size_t i) {
    WeatherleyModel model(settings, 100 + i);
    for (int s = 0; s < 10800; ++s) model.step();
    half[i] = model.dead();
    for (int s = 10800; s < settings.steps; ++s) model.step();
    end[i] = model.dead();
    intact[i] = model.intact();
  });
  return {summary(half), summary(end), summary(intact)};
}

// Two means of samples with their own scatter: within 3.5 standard errors, and a floor for small samples.
void expect_same(const Summary& ours, double n, double theirs, double their_sd, double their_n,
                 double floor) {
  const double error = std::sqrt(ours.sd * ours.sd / n + their_sd * their_sd / their_n);
  EXPECT_NEAR(ours.mean, theirs, std::max(floor, 3.5 * error)) << "SD " << ours.sd;
}

TEST(Weatherley, UntreatedScheduleFour) {
  const auto found = runs({4, 21600, 5760, false, false, 0.0}, 8);
  expect_same(found.dead_300, 8, 1192, 5, 5, 4);
  expect_same(found.dead_150, 8, 1160, 18, 5, 10);
}

TEST(Weatherley, UntreatedScheduleThree) {
  expect_same(runs({3, 21600, 5760, false, false, 0.0}, 6).dead_300, 6, 1151, 3, 3, 12);
}

TEST(Weatherley, BarrierClosedAtDay80) {
  expect_same(runs({4, 21600, 5760, true, false, 0.0}, 6).dead_300, 6, 1167, 8, 5, 6);
}

TEST(Weatherley, BarrierClosedAndProtected) {
  expect_same(runs({4, 21600, 5760, true, true, 0.0}, 6).dead_300, 6, 1104, 7, 5, 8);
}

TEST(Weatherley, BarrierClosedProtectedAndRestored) {
  const auto found = runs({4, 21600, 5760, true, true, 1.0}, 6);
  expect_same(found.dead_300, 6, 50, 4, 5, 8);
  EXPECT_NEAR(found.intact_300.mean, 0.95, 0.02);
}

TEST(Weatherley, ASeedIsARun) {
  WeatherleyModel a({}, 7);
  WeatherleyModel b({}, 7);
  WeatherleyModel c({}, 8);
  for (int s = 0; s < 4000; ++s) {
    a.step();
    b.step();
    c.step();
  }
  EXPECT_EQ(a.dead(), b.dead());
  EXPECT_EQ(a.covered(), b.covered());
  EXPECT_NE(a.covered(), c.covered());
}

}  // namespace
