// SPDX-License-Identifier: Apache-2.0
// Cumulative incidence against R's multi-state survfit, and what it must satisfy.
#include "hortega/analysis/competing_risks.hpp"

#include "reference.hpp"

namespace hortega::analysis {
namespace {

using test::agrees;
using test::Named;

TEST(AalenJohansen, AgreesWithSurvfit) {
  const Named r = test::read_reference("survival");
  const Named table = test::read_table("three_arm.csv");
  const SurvivalSample all(table.at("time"), test::integers(table.at("cause")));
  const auto arm = test::integers(table.at("arm"));
  for (std::int32_t k = 0; k < 3; ++k) {
    const CumulativeIncidence curves = aalen_johansen(all.only(arm, k), 2);
    EXPECT_TRUE(agrees(curves.event_free, r.at("cif" + std::to_string(k) + ".event_free")));
    for (std::size_t j = 0; j < 2; ++j) {
      const std::string name = "cif" + std::to_string(k) + "." + std::to_string(j + 1);
      SCOPED_TRACE(name);
      EXPECT_TRUE(agrees(curves.incidence[j], r.at(name + ".incidence")));
      EXPECT_TRUE(agrees(curves.variance[j], r.at(name + ".variance")));
      auto lower = curves.lower[j];
      auto upper = curves.upper[j];
      for (std::size_t i = 0; i < lower.size();
           ++i) {  // R leaves the interval of an incidence of 0 undefined
        if (curves.incidence[j][i] == 0.0) lower[i] = upper[i] = std::nan("");
      }
      EXPECT_TRUE(agrees(lower, r.at(name + ".lower")));
      EXPECT_TRUE(agrees(upper, r.at(name + ".upper")));
    }
  }
}

TEST(AalenJohansen, OfOneCauseIsOneMinusKaplanMeierWithGreenwood) {
  const Named table = test::read_table("gehan.csv");
  const SurvivalSample sample(table.at("time"), test::integers(table.at("status")));
  const CumulativeIncidence curves = aalen_johansen(sample, 1);
  const KaplanMeierCurve curve = kaplan_meier(sample);
  for (std::size_t i = 0; i < curve.time.size(); ++i) {
    EXPECT_NEAR(curves.incidence[0][i], 1.0 - curve.survival[i], 1e-14);
    EXPECT_NEAR(curves.variance[0][i], curve.variance[i], 1e-15);
  }
}

TEST(AalenJohansen, LooksUpTimesAndRefusesUnknownCauses) {
  const std::vector<double> time{1, 2, 2, 3};
  const SurvivalSample sample(time, std::vector<std::int32_t>{1, 2, 1, 0});
  const CumulativeIncidence curves = aalen_johansen(sample, 2);
  EXPECT_EQ(incidence_at(curves, 1, 0.5).incidence, 0.0);
  EXPECT_DOUBLE_EQ(incidence_at(curves, 1, 2.5).incidence, 0.5);   // 1/4 + 3/4 * 1/3
  EXPECT_DOUBLE_EQ(incidence_at(curves, 2, 9.0).incidence, 0.25);  // 3/4 * 1/3
  EXPECT_THROW(incidence_at(curves, 3, 1.0), std::invalid_argument);
  EXPECT_THROW(aalen_johansen(sample, 1), std::invalid_argument);
}

// Two exponential causes with rates 0.3 and 0.5: the incidence of the first at 2 is 0.3/0.8 (1 - exp(-1.6)).
// z-bound 4.5 on the mean over 400 samples; one minus Kaplan-Meier, the common mistake, is rejected by it.
TEST(AalenJohansen, IsUnbiasedWhereOneMinusKaplanMeierIsNot) {
  test::Random random(11);
  const double truth = 0.3 / 0.8 * (1.0 - std::exp(-1.6));
  const int replicates = 400;
  double sum = 0.0, squares = 0.0, wrong_sum = 0.0, wrong_squares = 0.0;
  for (int r = 0; r < replicates; ++r) {
    std::vector<double> time;
    std::vector<std::int32_t> status;
    for (int i = 0; i < 100; ++i) {
      const double first = random.exponential(0.3);
      const double second = random.exponential(0.5);
      const double censor = random.exponential(0.15);
      time.push_back(std::min({first, second, censor}));
      status.push_back(censor < std::min(first, second) ? 0 : (first < second ? 1 : 2));
    }
    const SurvivalSample sample(time, status);
    const double error = incidence_at(aalen_johansen(sample, 2), 1, 2.0).incidence - truth;
    const double wrong = 1.0 - survival_at(kaplan_meier(sample.cause_specific(1)), 2.0).survival - truth;
    sum += error;
    squares += error * error;
    wrong_sum += wrong;
    wrong_squares += wrong * wrong;
  }
  const auto z = [&](double s, double q) { return s / std::sqrt(q - s * s / replicates); };
  EXPECT_LT(std::fabs(z(sum, squares)), 4.5);
  EXPECT_GT(z(wrong_sum, wrong_squares), 4.5);
}

}  // namespace
}  // namespace hortega::analysis
