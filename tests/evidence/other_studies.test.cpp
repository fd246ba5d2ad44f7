// SPDX-License-Identifier: Apache-2.0
// The mean of the other studies against the same formulas in another program, and which studies it takes.
#include "hortega/evidence/other_studies.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "reference.hpp"

namespace hortega::evidence {
namespace {

// The made-up studies of reference/validation.py.
const std::vector<double> k_errors = {0.23, 0.31, 0.50, 0.42, 0.21, 0.61, 0.29};

TEST(RandomEffects, AgreesWithTheFormulasInAnotherProgram) {
  const Reference reference("validation.csv");
  const std::vector<std::pair<std::string, std::vector<double>>> cases = {
      {"alike", {-0.54, -0.09, -0.84, -0.34, -0.56, -1.01, -0.63}},
      {"apart", {0.4, -1.2, 0.9, -0.1, -1.8, 1.1, 0.2}}};
  for (const auto& [name, values] : cases) {
    const RandomEffects pooled = dersimonian_laird(values, k_errors);
    EXPECT_EQ(pooled.studies, 7U);
    EXPECT_NEAR(pooled.q, reference["dl_" + name + "_q"], 1e-12);
    EXPECT_NEAR(pooled.between_sd, reference["dl_" + name + "_tau"], 1e-12);
    EXPECT_NEAR(pooled.mean, reference["dl_" + name + "_mean"], 1e-13);
    EXPECT_NEAR(pooled.standard_error, reference["dl_" + name + "_se"], 1e-13);
    const GuessInterval next = prediction_interval(pooled, 0.25, 0.9);
    // SciPy 1.10 gives t quantiles to ten digits.
    EXPECT_NEAR(next.low, reference["dl_" + name + "_low_90"], 1e-9);
    EXPECT_NEAR(next.high, reference["dl_" + name + "_high_90"], 1e-9);
  }
  EXPECT_GT(dersimonian_laird(cases[1].second, k_errors).between_sd, 0.5);
}

TEST(RandomEffects, RefusesWhatIsNoStudy) {
  EXPECT_THROW(dersimonian_laird({}, {}), std::invalid_argument);
  EXPECT_THROW(dersimonian_laird(std::vector<double>{1.0}, std::vector<double>{0.0}), std::invalid_argument);
  const RandomEffects one = dersimonian_laird(std::vector<double>{1.0}, std::vector<double>{0.5});
  EXPECT_DOUBLE_EQ(one.mean, 1.0);
  EXPECT_DOUBLE_EQ(one.standard_error, 0.5);
  EXPECT_DOUBLE_EQ(one.between_sd, 0.0);
  EXPECT_THROW(prediction_interval(one, 0.5, 0.9), std::invalid_argument);
}

Target target(const std::string& family, double y, double se) {
  Target t;
  t.family = family, t.y = y, t.se = se, t.link = Link::log;
  return t;
}

TEST(OtherStudies, TakesOtherFamiliesOfTheSameKeyOnce) {
  std::vector<Target> targets = {target("a", 0.0, 0.1), target("a", 9.0, 0.1), target("b", 1.0, 0.1),
                                 target("b", 2.0, 0.3), target("c", 3.0, 0.1), target("d", 50.0, 0.1),
                                 target("e", 70.0, 0.1)};
  targets[6].why_not_scored = "no interval";
  const std::vector<std::string> keys = {"k", "k", "k", "k", "k", "other", "k"};
  const RandomEffects pooled = other_studies(targets, keys, 0);
  // Family b counts once, 1.5 with variance (.01 + .09) / 2; c as it is. Its own second row does not count.
  const RandomEffects expected =
      dersimonian_laird(std::vector<double>{1.5, 3.0}, std::vector<double>{std::sqrt(0.05), 0.1});
  EXPECT_EQ(pooled.studies, 2U);
  EXPECT_DOUBLE_EQ(pooled.mean, expected.mean);
  EXPECT_EQ(other_studies(targets, keys, 5).studies, 0U);
  targets[4].link = Link::identity;
  EXPECT_EQ(other_studies(targets, keys, 0).studies, 1U);
  const std::vector<std::string> none(7);
  EXPECT_EQ(other_studies(targets, none, 0).studies, 0U);
}

}  // namespace
}  // namespace hortega::evidence
