// SPDX-License-Identifier: Apache-2.0
// The likelihood against values computed by hand.
#include "hortega/evidence/likelihood.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "hortega/core/problems.hpp"

namespace hortega::evidence {
namespace {

Target target(const std::string& family, Link link, double y, double se) {
  Target t;
  t.row_id = "E0001";
  t.role = "calibration";
  t.family = family;
  t.link = link;
  t.y = y;
  t.se = se;
  t.people = 100.0;
  return t;
}

double log_normal_density(double x, double variance) {
  return -0.5 * (x * x / variance + std::log(2.0 * M_PI * variance));
}

TEST(Likelihood, ByHand) {
  const std::vector<Target> targets = {target("a", Link::log, 1.0, 0.3), target("a", Link::logit, 0.0, 0.4),
                                       target("b", Link::identity, -0.5, 0.1)};
  // The third: people differ by 0.12 * sqrt(100) = 1.2.
  const std::vector<Prediction> predictions = {{0.8, 0.3, 0.05}, {0.5, 0.4, 0.0}, {-0.2, 0.12, 0.02}};
  const Likelihood likelihood(targets, predictions, {});
  const double w = 1.0 / 1.3;  // two rows of one study, rho = 0.3
  const double tau = 0.2;
  EXPECT_NEAR(likelihood.log_likelihood(predictions, tau),
              w * log_normal_density(0.2, 0.09 + 0.0025 + 0.04) + w * log_normal_density(-0.5, 0.16 + 0.04) +
                  log_normal_density(-0.3, 0.01 + 0.0004 + 0.04 * 1.44),
              1e-12);
  const Loss loss = likelihood.loss(predictions, tau);
  EXPECT_NEAR(loss.sampling, w * 0.04 / 0.0925 + w * 0.25 / 0.16 + 0.09 / 0.0104, 1e-12);
  EXPECT_LT(loss.with_tau, loss.sampling);
  EXPECT_NEAR(likelihood.log_prior(0.25), std::log(2.0) + log_normal_density(0.25, 0.0625), 1e-12);
}

TEST(Likelihood, AStudyUnderSuspicionMayBeFurtherOff) {
  std::vector<Target> targets = {target("a", Link::logit, 1.0, 0.3), target("b", Link::identity, -0.5, 0.1)};
  for (Target& t : targets) t.study_bias = 1.0;
  // The second: people differ by 0.12 * sqrt(100) = 1.2.
  const std::vector<Prediction> predictions = {{0.8, 0.3, 0.05}, {-0.2, 0.12, 0.02}};
  const Likelihood likelihood(targets, predictions, {});
  EXPECT_NEAR(likelihood.variance(0, 0.2), 0.09 + 0.0025 + (0.04 + 1.0), 1e-12);
  EXPECT_NEAR(likelihood.variance(1, 0.2), 0.01 + 0.0004 + (0.04 + 1.0) * 1.44, 1e-12);
}

TEST(Likelihood, ManyRowsOfOneStudyCountAsFewerThanFour) {
  const std::vector<Target> targets(50, target("one", Link::log, 0.0, 0.1));
  const Likelihood likelihood(targets, std::vector<Prediction>(50), {});
  double total = 0.0;
  for (const ScoredRow& row : likelihood.rows()) total += row.weight;
  EXPECT_NEAR(total, 50.0 / (1.0 + 49.0 * 0.3), 1e-12);
}

TEST(Likelihood, LeavesOutWithReasons) {
  std::vector<Target> targets(5, target("a", Link::log, 0.0, 0.1));
  targets[0].role = "validation";
  targets[1].why_not_scored = "n is not known";
  targets[2].set_aside = true;
  targets[3].se = 0.0;
  const Likelihood likelihood(targets, std::vector<Prediction>(5), {});
  ASSERT_EQ(likelihood.rows().size(), 1U);
  EXPECT_EQ(likelihood.rows()[0].target, 4U);
  EXPECT_EQ(likelihood.rows()[0].weight, 1.0);
  ASSERT_EQ(likelihood.left_out().size(), 4U);
  EXPECT_EQ(likelihood.left_out()[0].reason, "role validation: only compared");
  EXPECT_EQ(likelihood.left_out()[1].reason, "n is not known");
  EXPECT_EQ(likelihood.left_out()[2].reason, "set aside");
  EXPECT_EQ(likelihood.left_out()[3].reason, "its error is not known");
  targets[4].role = "validation";
  EXPECT_THROW(Likelihood(targets, std::vector<Prediction>(5), {}), core::InputError);
}

TEST(Likelihood, AnUndefinedNumberIsFarOff) {
  const std::vector<Target> targets = {target("a", Link::log, 0.0, 0.1)};
  const std::vector<Prediction> nowhere = {{std::nan(""), 0.1, std::nan("")}};
  const Likelihood likelihood(targets, nowhere, {});
  EXPECT_EQ(likelihood.loss(nowhere, 0.0).sampling, 25.0);
}

}  // namespace
}  // namespace hortega::evidence
