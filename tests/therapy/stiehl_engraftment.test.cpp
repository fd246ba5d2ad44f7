// SPDX-License-Identifier: Apache-2.0
//
// The Stiehl lineage model against another program. Agreement with SciPy: melphalan_autograft.test.cpp.
#include "hortega/therapy/stiehl_engraftment.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hortega::therapy {
namespace {

TEST(StiehlEngraftment, DerivedConstantsArePublished) {
  const StiehlDerived d = stiehl_derived({});
  EXPECT_NEAR(d.feedback_kg, 1.75e-9, 1e-15);
  EXPECT_NEAR(d.self_renewal_committed, 0.849075, 5e-7);
  EXPECT_NEAR(d.division_committed_per_day, 0.4595, 1e-12);
}

TEST(StiehlEngraftment, EngraftmentDaysByDose) {
  // Another program, not reviewed: from (dose, 0, 0) to 0.5e9/L.
  EXPECT_NEAR(stiehl_engraftment_day(1e6, 0.0), 26.8, 0.05);
  EXPECT_NEAR(stiehl_engraftment_day(2e6, 0.0), 24.7, 0.05);
  EXPECT_NEAR(stiehl_engraftment_day(5e6, 0.0), 21.8, 0.05);
  EXPECT_NEAR(stiehl_engraftment_day(1e7, 0.0), 19.6, 0.05);
  EXPECT_LT(stiehl_engraftment_day(5e6, 5e7), stiehl_engraftment_day(5e6, 0.0))
      << "committed cells shorten it";
  EXPECT_TRUE(std::isinf(stiehl_engraftment_day(0.0, 0.0)));
}

TEST(StiehlEngraftment, SteadyStateHoldsAndKillLowersIt) {
  const StiehlParameters p;
  StiehlEngraftment<double> model(p, {p.stem_per_kg, p.committed_per_kg, p.mature_per_kg});
  model.advance(100.0 * 24.0, 1200);
  EXPECT_NEAR(model.mature_per_kg() / p.mature_per_kg, 1.0, 1e-9);
  StiehlInputs<double> conditioning;
  conditioning.kill_committed_per_day = 1.0;
  model.advance(10.0 * 24.0, 480, conditioning);
  EXPECT_LT(model.mature_per_kg(), 0.1 * p.mature_per_kg);
}

}  // namespace
}  // namespace hortega::therapy
