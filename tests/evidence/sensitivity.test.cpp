// SPDX-License-Identifier: Apache-2.0
// The stages of a sensitivity analysis on an engine whose answer is known.
#include "hortega/evidence/sensitivity.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "hortega/core/parallel.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/core/random.hpp"

namespace hortega::evidence {
namespace {

core::ParameterSet the_set() {
  return core::ParameterSet::read_directory(HORTEGA_SOURCE_DIR "/data/parameters");
}

// Where a parameter stands in its range, 0 to 1 on its scale.
double position(const core::ParameterSet& set, const SensitivityVariable& v) {
  const FreeParameter& p = v.parameter;
  const core::Parameter at = set.get(p.passport());
  return prior_quantile(p.theta(p.part() == FreeParameter::Part::spread ? at.spread : at.value));
}

// Three variables make the first outcome, one of them the second; the third outcome is chance alone.
struct Known {
  std::vector<SensitivityVariable> variables = sensitivity_variables(the_set());
  // The first in the middle of its range, so that both ends are away from the value.
  std::size_t a =
      static_cast<std::size_t>(std::find_if(variables.begin(), variables.end(),
                                            [](const SensitivityVariable& v) {
                                              return std::fabs(position(the_set(), v) - 0.5) < 0.2;
                                            }) -
                               variables.begin());
  std::size_t b = a + 30, c = a + 90;
  double a_at_value = position(the_set(), variables[a]);

  TrialOutcomes operator()(const core::ParameterSet& set, std::uint64_t seed, TrialSize size) const {
    core::Draws draws({seed, 0, 0}, core::Purpose::test, 0);
    const double noise = (size == TrialSize::large ? 0.02 : 0.05);
    const double x = position(set, variables[a]);
    const double y = position(set, variables[b]);
    const double z = position(set, variables[c]);
    const double effect = -1.0 + 1.5 * (x - a_at_value) + 0.5 * y * z;
    return {{effect + noise * draws.normal(), 3.0 * z + noise * draws.normal(), draws.normal()},
            effect < -0.5 ? 0.9 : 0.2};
  }
};

SensitivitySettings small() {
  SensitivitySettings s;
  s.base_points = 4;
  s.strongest = 5;
  s.design_points = 64;
  s.folds = 5;
  s.realisations = 5;
  s.sobol_points = 256;
  return s;
}

TEST(Sensitivity, VariablesAreOfEveryGrade) {
  const core::ParameterSet set = the_set();
  const auto variables = sensitivity_variables(set);
  EXPECT_GE(variables.size(), set.all().size());
  for (const char grade : {'A', 'B', 'D', 'F'}) {
    EXPECT_TRUE(std::any_of(variables.begin(), variables.end(),
                            [&](const SensitivityVariable& v) { return v.grade == grade; }));
  }
  // Those of a calibration, with the same ranges.
  const FreeParameters fitted(set);
  for (const FreeParameter& p : fitted.all()) {
    const auto at = std::find_if(variables.begin(), variables.end(), [&](const SensitivityVariable& v) {
      return v.parameter.name() == p.name();
    });
    ASSERT_NE(at, variables.end()) << p.name();
    EXPECT_EQ(at->parameter.low(), p.low());
    EXPECT_EQ(at->parameter.high(), p.high());
  }
}

TEST(Sensitivity, FindsWhatMakesTheOutcome) {
  const core::ParameterSet set = the_set();
  const Known known;
  const Sensitivity s = sensitivity(set, {"effect", "second", "chance"}, known, small());
  const auto& v = s.variables;
  ASSERT_GE(s.strongest.size(), 3U);
  for (const std::size_t j : {known.a, known.b, known.c})
    EXPECT_NE(std::find(s.strongest.begin(), s.strongest.end(), j), s.strongest.end())
        << v[j].parameter.name();
  EXPECT_EQ(s.failed, 0);

  // d effect / d x is 1.5 over the whole of the cube.
  EXPECT_NEAR(s.outcomes[0].effects[known.a].mu, 1.5, 0.05);
  EXPECT_NEAR(s.outcomes[1].effects[known.c].mu, 3.0, 0.05);
  EXPECT_FALSE(s.outcomes[0].effects[known.a + 1].above_noise);

  EXPECT_GT(s.outcomes[0].held_out.q2, 0.9);
  EXPECT_TRUE(s.outcomes[0].refused.empty()) << s.outcomes[0].refused;
  EXPECT_NEAR(s.outcomes[0].noise_sd, 0.02, 0.01);
  EXPECT_FALSE(s.outcomes[2].refused.empty());
  const auto first = [&](std::size_t outcome, std::size_t variable) {
    const auto at = std::find(s.strongest.begin(), s.strongest.end(), variable) - s.strongest.begin();
    return s.outcomes[outcome].sobol.of[static_cast<std::size_t>(at)].first;
  };
  // Variances of 1.5 x (0.1875), y z / 2 (main effects of y and z 1/192 each, interaction 1/576): 0.1996.
  EXPECT_NEAR(first(0, known.a), 0.9391, 0.03);
  EXPECT_NEAR(first(0, known.b), 0.0261, 0.03);
  EXPECT_NEAR(first(1, known.c), 1.0, 0.03);

  EXPECT_EQ(s.bars.front().bar.name, v[known.a].parameter.name());
  EXPECT_NE(s.bars.front().flip, analysis::Flip::none);
  EXPECT_NEAR(s.bars.front().swing, 1.5, 0.1);
  const auto moved = std::count_if(s.bars.begin(), s.bars.end(), [](const auto& b) { return b.above_noise; });
  EXPECT_EQ(moved, 3);
}

TEST(Sensitivity, SameForAnyThreads) {
  const core::ParameterSet set = the_set();
  const Known known;
  SensitivitySettings settings = small();
  settings.base_points = 2;
  settings.design_points = 40;
  const auto at = [&](int threads) {
    core::set_threads(threads);
    const Sensitivity s = sensitivity(set, {"effect", "second", "chance"}, known, settings);
    core::set_threads(0);
    std::vector<double> all{s.outcomes[0].held_out.q2, s.at_value.effect};
    for (const auto& e : s.outcomes[0].effects) all.push_back(e.mu_star);
    for (const auto& i : s.outcomes[0].sobol.of) all.push_back(i.total_interval.upper);
    for (const auto& b : s.bars) all.push_back(b.swing);
    return all;
  };
  EXPECT_EQ(at(1), at(3));
}

TEST(Sensitivity, TrialsThatCannotBeHadAreCounted) {
  const core::ParameterSet set = the_set();
  const Known known;
  SensitivitySettings settings = small();
  settings.base_points = 2;
  const TrialEngine engine = [&](const core::ParameterSet& at, std::uint64_t seed, TrialSize size) {
    if (position(at, known.variables[known.b]) > 0.999)
      throw core::InputError(core::Problem{{"protocol", 0, 0, {}}, {}, "nobody qualifies", {}, {}});
    return known(at, seed, size);
  };
  const Sensitivity s = sensitivity(set, {"effect", "second", "chance"}, engine, settings);
  EXPECT_EQ(s.failed, 2);  // the high end of one range, with two seeds
  const auto bar = std::find_if(s.bars.begin(), s.bars.end(), [&](const analysis::RankedBar& b) {
    return b.bar.name == s.variables[known.b].parameter.name();
  });
  EXPECT_TRUE(std::isnan(bar->bar.high.found.effect));
  EXPECT_TRUE(std::isfinite(bar->swing));
}

}  // namespace
}  // namespace hortega::evidence
