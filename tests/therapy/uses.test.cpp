// SPDX-License-Identifier: Apache-2.0
//
// What courses tell that they used, against what their regimen prescribes.
#include "harness.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hortega::therapy {
namespace {

using testing::Life;
using testing::Options;
using testing::run;
using testing::world;

TEST(Uses, DosesByScheduleEachWithItsInfusion) {
  // 300 mg every 28 days: days 0, 28, ..., 364.
  Options o;
  o.people = 8;
  int seen = 0;
  for (const Life& life : run(world().library.find("natalizumab"), o)) {
    if (life.dead) continue;
    ++seen;
    EXPECT_DOUBLE_EQ(life.used(Resource::drug, "natalizumab", 364), 14 * 300.0);
    EXPECT_DOUBLE_EQ(life.used(Resource::infusion, "", 364), 14.0);
    EXPECT_NEAR(life.used(Resource::visit, "", 365), world().therapy.visits_infused.value * 365 / 365.25,
                1e-9);
  }
  EXPECT_GT(seen, 4);
}

TEST(Uses, TabletsUntilTheyAreStopped) {
  Options o;
  o.people = 8;
  int begun = -1;
  int seen = 0;
  o.daily = [&begun](Treatment& treatment, int day) {
    if (begun < 0) begun = day;
    if (day - begun == 100) treatment.stop_all(day);
  };
  o.every = 50;
  for (const Life& life : run(world().library.find("fingolimod"), o)) {
    if (life.dead) continue;
    ++seen;
    EXPECT_NEAR(life.used(Resource::drug, "fingolimod", 365), 100 * 0.5, 1e-9);
    EXPECT_NEAR(life.used(Resource::visit, "", 365), 100 * world().therapy.visits_oral.value / 365.25, 1e-9);
    EXPECT_DOUBLE_EQ(life.used(Resource::infusion, "", 365), 0.0);
  }
  EXPECT_GT(seen, 4);
}

TEST(Uses, ASteroidCourseIsThreeInfusions) {
  Options o;
  o.people = 8;
  for (const Life& life : run(world().library.find("methylprednisolone"), o)) {
    EXPECT_DOUBLE_EQ(life.used(Resource::steroid_course, "", 365), 1.0);
    EXPECT_DOUBLE_EQ(life.used(Resource::infusion, "", 365), 3.0);
    EXPECT_DOUBLE_EQ(life.used(Resource::drug, "methylprednisolone", 365), 3000.0);
  }
}

TEST(Uses, ATransplantTakesABedFromConditioningToDischarge) {
  Options o;
  o.people = 48;
  int grafted = 0;
  for (const Life& life : run(world().library.find("ahsct-cy-atg"), o)) {
    if (life.dead || !life.milestones.contains(Milestone::discharge)) continue;
    if (life.milestones.contains(Milestone::anc_not_below)) continue;  // home before that was known
    ++grafted;
    const int in = life.milestones.at(Milestone::conditioning).first;
    const int out = life.milestones.at(Milestone::discharge).first;
    const int graft = life.milestones.at(Milestone::graft).first;
    EXPECT_DOUBLE_EQ(life.used(Resource::transplant_day, "", 365), out - in);
    // 200 mg/kg and 2 g/m2 of cyclophosphamide, 6 mg/kg of globulin (data/regimens/ahsct-cy-atg.toml).
    const double surface = mg_of({1.0, DoseBasis::body_surface}, life.profile);
    const int attempts = static_cast<int>(life.milestones.at(Milestone::mobilisation).second);
    EXPECT_NEAR(life.used(Resource::drug, "cyclophosphamide", 365),
                200.0 * life.profile.weight_kg + 2000.0 * surface * attempts, 1e-6);
    EXPECT_NEAR(life.used(Resource::drug, "atg", 365), 6.0 * life.profile.weight_kg, 1e-9);
    EXPECT_GE(life.used(Resource::apheresis, "", 365), 1.0);
    EXPECT_DOUBLE_EQ(life.used(Resource::graft_storage, "", 365), 1.0);
    EXPECT_GT(life.used(Resource::drug, "filgrastim", graft), 0.0);
    EXPECT_GT(life.used(Resource::visit, "", 365), 0.0);
  }
  EXPECT_GT(grafted, 40);
}

TEST(Uses, AnOutpatientTakesNoBed) {
  Options o;
  o.people = 16;
  int grafted = 0;
  for (const Life& life : run(world().library.find("ahsct-mexico"), o)) {
    if (life.dead || !life.milestones.contains(Milestone::graft)) continue;
    ++grafted;
    EXPECT_DOUBLE_EQ(life.used(Resource::transplant_day, "", 365), 0.0);
    EXPECT_DOUBLE_EQ(life.used(Resource::ward_day, "", 365), 0.0);
    EXPECT_GT(life.used(Resource::infusion, "", 365), 5.0);
  }
  EXPECT_GT(grafted, 8);
}

TEST(Uses, ADonorIsFoundOnceAndPaidByKind) {
  Options o;
  o.people = 8;
  for (const Life& life : run(world().library.find("allo-cord"), o)) {
    EXPECT_DOUBLE_EQ(life.used(Resource::cord_unit, "", 365), 1.0);
    EXPECT_DOUBLE_EQ(life.used(Resource::unrelated_donor, "", 365), 0.0);
  }
}

TEST(Uses, CellsCostWhatTheirMakingCost) {
  Options o;
  o.people = 16;
  int seen = 0;
  for (const Life& life : run(world().library.find("msc-marrow-iv"), o)) {
    if (life.dead) continue;
    ++seen;
    EXPECT_DOUBLE_EQ(life.used(Resource::cell_product, "", 365),
                     life.milestones.at(Milestone::product_cost).second);
    EXPECT_DOUBLE_EQ(life.used(Resource::drug, "", 365), 0.0);
    EXPECT_GE(life.used(Resource::harvest, "", 365), 1.0);
    // Made before the regimen began: the person waited for them all the same.
    EXPECT_GT(life.used(Resource::wait_for_cells, "", 365), 14.0);
    EXPECT_DOUBLE_EQ(life.used(Resource::infusion, "", 365),
                     life.milestones.contains(Milestone::infusion) ? 1.0 : 0.0);
  }
  EXPECT_GT(seen, 8);
}

TEST(Uses, ProgenitorsTakeAnOperationAndDrugsForAsLongAsPrescribed) {
  Options o;
  o.people = 8;
  o.days = 700;
  int given = 0;
  for (const Life& life : run(world().library.find("hnsc-ventricular-10e6"), o)) {
    if (life.dead || !life.milestones.contains(Milestone::cells_given)) continue;
    ++given;
    EXPECT_DOUBLE_EQ(life.used(Resource::neurosurgery, "", 700), 1.0);
    // 0.05 mg/kg twice a day, 365 times (data/regimens).
    EXPECT_NEAR(life.used(Resource::drug, "tacrolimus", 700), 0.1 * life.profile.weight_kg * 183,
                0.1 * life.profile.weight_kg);
  }
  EXPECT_GT(given, 0);
}

}  // namespace
}  // namespace hortega::therapy
