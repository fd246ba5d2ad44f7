// SPDX-License-Identifier: Apache-2.0
//
// The aplasia model against the published model from which it grew, where both apply.
#include "harness.hpp"
#include "hortega/therapy/hsct_marrow.hpp"
#include "hortega/therapy/melphalan_autograft.hpp"

#include <gtest/gtest.h>

namespace hortega::therapy {
namespace {

TEST(Marrow, AgreesWithThePublishedModelUnderMelphalanAlone) {
  // 200 mg/m2 at 1.9 m2, G-CSF from 216 h (another implementation: nadir 0.2075e9/L at 235.3 h, above the
  // feedback's floor).
  const MyelosuppressionParameters<double> typical = melphalan_typical(GcsfStart::day_7);
  MelphalanAutograft<double> published(typical);
  Marrow ours = make_neutrophils(testing::world().therapy, typical.baseline_e9_per_l);
  published.bolus(380.0);
  ours.melphalan(380.0, false);
  for (int day = 0; day < 18; ++day) {
    MarrowInputs<double> in;
    in.gcsf_on = day >= 9 ? 1.0 : 0.0;
    published.advance(24.0, 480, in);
    ours.advance_day(day >= 9);
    // The published store that G-CSF releases (0.056e9/L) is not in ours.
    EXPECT_NEAR(ours.count(), published.neutrophils_e9_per_l(),
                0.03 * published.neutrophils_e9_per_l() + 0.06)
        << day;
  }
}

TEST(Marrow, WithoutAGraftMyeloablationLastsLonger) {
  Marrow with = make_neutrophils(testing::world().therapy, 4.0);
  Marrow without = make_neutrophils(testing::world().therapy, 4.0);
  with.kill(8.0, 0.0);
  without.kill(8.0, 0.0);
  with.infuse(6.0 * testing::world().therapy.graft_progenitor_share.value);
  int day_with = 0;
  int day_without = 0;
  for (int day = 1; day < 60; ++day) {
    with.advance_day(false);
    without.advance_day(false);
    if (with.count() < 0.5) day_with = day;
    if (without.count() < 0.5) day_without = day;
    EXPECT_GE(without.count(), 0.0);
  }
  EXPECT_GT(day_without, day_with + 3);
}

}  // namespace
}  // namespace hortega::therapy
