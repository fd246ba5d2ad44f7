// SPDX-License-Identifier: Apache-2.0
//
// What making cells took, over people and replicates, against sums by hand.
#include "hortega/evidence/cells_made.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

namespace hortega::evidence {
namespace {

using endpoints::Milestone;

trial::Participant person(std::size_t arm, std::vector<trial::MilestoneRecord> told, int first_cells_day) {
  trial::Participant p;
  p.arm = arm;
  p.first_dose_day = 0;
  p.gives_cells = true;
  p.first_cells_day = first_cells_day;
  p.milestones = std::move(told);
  return p;
}

TEST(CellsMade, SumsOverPeopleOfTheArmsThatGiveCells) {
  trial::Protocol protocol;
  protocol.arms.resize(3);
  protocol.arms[0].id = "drug", protocol.arms[1].id = "own", protocol.arms[2].id = "progenitors";
  trial::Replicate replicate;
  trial::Participant drug;
  drug.first_dose_day = 0;
  replicate.participants = {
      drug,
      // The second batch passed, after 42 days; the first had too few cells.
      person(1,
             {{Milestone::product_ready, 42, 42.0},
              {Milestone::product_batches, 42, 2.0},
              {Milestone::product_passages, 42, 2.0},
              {Milestone::product_potency, 42, 0.8},
              {Milestone::batch_too_few, 42, 1.0}},
             42),
      person(1,
             {{Milestone::product_ready, 56, 56.0},
              {Milestone::product_batches, 56, 1.0},
              {Milestone::product_passages, 56, 4.0},
              {Milestone::product_potency, 56, 0.6}},
             56),
      person(1,
             {{Milestone::product_failure, 90, 90.0},
              {Milestone::product_batches, 90, 2.0},
              {Milestone::product_passages, 90, 6.0},
              {Milestone::batch_senescent, 90, 1.0},
              {Milestone::batch_weak, 90, 1.0}},
             endpoints::kNever),
      // Lost before the cells were made.
      person(1, {}, endpoints::kNever),
      person(2, {{Milestone::product_ready, 70, 70.0}, {Milestone::product_batches, 70, 2.0}}, 70)};
  const CellsTally tally = tally_cells(replicate, 3);
  const std::vector<const CellsTally*> twice = {&tally, &tally};
  const std::vector<CellsMadeRow> rows = combine_cells(twice, protocol);
  ASSERT_EQ(rows.size(), 2U);
  const CellsMadeRow& own = rows[0];
  EXPECT_EQ(own.arm, "own");
  EXPECT_DOUBLE_EQ(own.people, 8.0);
  EXPECT_DOUBLE_EQ(own.without_cells, 4.0);
  EXPECT_DOUBLE_EQ(own.no_batch, 2.0);
  EXPECT_DOUBLE_EQ(own.batches, 5.0 / 4.0);  // 2 + 1 + 2 + 0 of four people
  EXPECT_DOUBLE_EQ(own.too_few, 20.0);       // of these five
  EXPECT_DOUBLE_EQ(own.senescent, 20.0);
  EXPECT_DOUBLE_EQ(own.weak, 20.0);
  EXPECT_DOUBLE_EQ(own.karyotype + own.contaminated + own.other, 0.0);
  EXPECT_DOUBLE_EQ(own.passages, 3.0);  // 2 and 4: those of a batch that failed do not count
  EXPECT_DOUBLE_EQ(own.potency, 0.7);
  EXPECT_DOUBLE_EQ(own.weeks_q10, 6.0);  // 42, 42, 56, 56 days
  EXPECT_DOUBLE_EQ(own.weeks_median, 7.0);
  EXPECT_DOUBLE_EQ(own.weeks_q90, 8.0);
  const CellsMadeRow& progenitors = rows[1];
  EXPECT_DOUBLE_EQ(progenitors.without_cells, 0.0);
  EXPECT_DOUBLE_EQ(progenitors.other, 50.0);  // one of two batches failed, and why is not told
  EXPECT_TRUE(std::isnan(progenitors.passages));
  EXPECT_DOUBLE_EQ(progenitors.weeks_median, 10.0);
}

TEST(CellsMade, NothingWhereNoRegimenGivesCells) {
  trial::Protocol protocol;
  protocol.arms.resize(1);
  trial::Replicate replicate;
  replicate.participants.resize(3);
  const CellsTally tally = tally_cells(replicate, 1);
  EXPECT_TRUE(tally.sum.empty());
  const std::vector<const CellsTally*> all = {&tally};
  EXPECT_TRUE(combine_cells(all, protocol).empty());
}

}  // namespace
}  // namespace hortega::evidence
