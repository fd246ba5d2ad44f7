// SPDX-License-Identifier: Apache-2.0
// The page of a sensitivity analysis whose answer is known.
#include "hortega/output/sensitivity_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "hortega/core/random.hpp"

namespace hortega::output {
namespace {

using testing::HasSubstr;
using testing::Not;

// Two parameters make the effect; the second outcome is chance alone, so that its indices are refused.
const evidence::Sensitivity& analysis_of_two() {
  static const evidence::Sensitivity done = [] {
    const auto set = core::ParameterSet::read_directory(HORTEGA_SOURCE_DIR "/data/parameters");
    const double rate = set.get("lesion_rate").value;
    const auto engine = [&](const core::ParameterSet& at, std::uint64_t seed, evidence::TrialSize) {
      core::Draws draws({seed, 0, 0}, core::Purpose::test, 0);
      const double effect = -0.4 + std::log(at.get("lesion_rate").value / rate) +
                            0.1 * at.get("graded_regrowth").value + 0.01 * draws.normal();
      return evidence::TrialOutcomes{{effect, draws.normal()}, effect < -0.2 ? 0.9 : 0.1};
    };
    evidence::SensitivitySettings s;
    s.base_points = 2, s.strongest = 3, s.design_points = 40, s.folds = 4, s.realisations = 3,
    s.sobol_points = 64;
    return evidence::sensitivity(set, {"log hr", "deaths <b>"}, engine, s);
  }();
  return done;
}

TEST(SensitivityPage, SaysWhichParametersTurnTheConclusion) {
  const SensitivityPage page{analysis_of_two(), "A & B", "hazard ratio of worsening", true, 1.0,
                             "hortega run x"};
  EXPECT_THAT(sensitivity_answer(page), HasSubstr("1 of "));
  EXPECT_THAT(sensitivity_answer(page), HasSubstr("can turn the conclusion within its range; 2 move it."));
  const std::string html = sensitivity_html(page);
  EXPECT_THAT(html, HasSubstr("<code>lesion_rate</code>"));
  EXPECT_THAT(html, HasSubstr("turns the direction"));
  // As a ratio: exp(-0.4), 0.67, and chance.
  EXPECT_THAT(html, HasSubstr("Hazard ratio of worsening: 0.6"));
  EXPECT_THAT(html, HasSubstr("No shares of variance: "));
  EXPECT_THAT(html, HasSubstr("A &amp; B"));
  EXPECT_THAT(html, Not(HasSubstr("deaths <b>")));
  EXPECT_THAT(html, Not(HasSubstr("http://")));
  EXPECT_THAT(html, Not(HasSubstr("A quick look")));
}

TEST(SensitivityPage, SaysThatItIsAQuickLook) {
  const std::string html =
      sensitivity_html({analysis_of_two(), "A", "difference in EDSS", false, 0.25, "hortega run x"});
  EXPECT_THAT(html, HasSubstr("A quick look with 25"));
  EXPECT_THAT(html, HasSubstr("Difference in EDSS: −0."));
}

}  // namespace
}  // namespace hortega::output
