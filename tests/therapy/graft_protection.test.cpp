// SPDX-License-Identifier: Apache-2.0
//
// Tacrolimus and mycophenolate: levels from doses, the share of T-cell activation that they block, what it
// costs, and that another course sees it.
#include "harness.hpp"

#include "hortega/therapy/graft_protection.hpp"

#include <gtest/gtest.h>

namespace hortega::therapy {
namespace {

using testing::Life;
using testing::Options;
using testing::world;

struct Someone {
  disease::State<double> state = disease::make_person(world().disease, 7, 3).state;
  disease::Profile profile = disease::make_profile(world().disease, 7, 3);
  Patient patient{{7, 3, 0}, &world().disease, &profile, state, 3.0, {}};
  Life sink;
};

std::vector<Dosing> lines(double tacrolimus_mg, double mycophenolate_mg, int days) {
  std::vector<Dosing> all(2);
  all[0].drug = "tacrolimus";
  all[0].dose = {tacrolimus_mg, DoseBasis::fixed};
  all[1].drug = "mycophenolate mofetil";
  all[1].dose = {mycophenolate_mg, DoseBasis::fixed};
  for (Dosing& line : all) {
    line.every_day = 1.0;
    line.times = days;
  }
  return all;
}

TEST(GraftProtection, LevelsAreThoseOfDoseAndClearance) {
  Someone who;
  Parameters p = world().therapy;
  p.tacrolimus_clearance.spread = 0.0;
  const auto doses = lines(3.6, 2000.0, 100);
  Immunosuppression drugs(p, doses, Slot::graft_protection, 8);
  drugs.begin(0, who.patient);
  drugs.advance(30, who.patient);
  // 1.8 mg twice a day gave an area of 109 ug h/L over 12 h, 9.1 ug/L (PMC7067455, table 2: means of a skewed
  // distribution, so a tenth off is as near as one gets).
  EXPECT_NEAR(drugs.levels().tacrolimus_ug_per_l(), 9.1, 0.9);
  EXPECT_NEAR(drugs.levels().mycophenolic_acid_mg_per_l(), 2000.0 / 480.0, 0.05);
  const double t = drugs.levels().tacrolimus_ug_per_l();
  const double m = drugs.levels().mycophenolic_acid_mg_per_l();
  const double tb = t / (t + p.tacrolimus_half_block.value);
  const double mb = m / (m + p.mycophenolate_half_block.value);
  EXPECT_NEAR(drugs.blocked(), 1.0 - (1.0 - tb) * (1.0 - mb), 1e-12);
  // The course ends on day 100: 1.2 d are a half-life of tacrolimus, 0.75 d one of mycophenolic acid.
  drugs.advance(100, who.patient);
  EXPECT_NEAR(drugs.levels().tacrolimus_ug_per_l(), t, 1e-9);
  drugs.advance(103, who.patient);
  EXPECT_NEAR(drugs.levels().tacrolimus_ug_per_l() / t, std::exp(-3.0 * 427.0 / 752.0), 0.005);
  drugs.advance(130, who.patient);
  EXPECT_TRUE(drugs.gone());
  EXPECT_EQ(drugs.blocked(), 0.0);
}

TEST(GraftProtection, HowOftenItIsAskedDoesNotMatter) {
  Someone who;
  const auto doses = lines(5.0, 1000.0, 20);
  Immunosuppression often(world().therapy, doses, Slot::graft_protection, 8);
  Immunosuppression once(world().therapy, doses, Slot::graft_protection, 8);
  often.begin(0, who.patient);
  once.begin(0, who.patient);
  for (int day = 1; day <= 22; ++day) often.advance(day, who.patient);
  once.advance(22, who.patient);
  EXPECT_NEAR(often.blocked(), once.blocked(), 0.01);
}

TEST(GraftProtection, MoreIsMoreAndNoneIsNone) {
  Someone who;
  double before = 0.0;
  for (const double mg : {0.5, 2.0, 5.0, 10.0, 20.0}) {
    const auto doses = lines(mg, 1.0, 50);
    Immunosuppression drugs(world().therapy, doses, Slot::graft_protection, 8);
    drugs.begin(0, who.patient);
    drugs.advance(40, who.patient);
    EXPECT_GT(drugs.blocked(), before);
    before = drugs.blocked();
  }
  EXPECT_EQ(protection_intake(lines(5.0, 1.0, 50), who.profile, 50).tacrolimus_mg_per_day, 0.0);
  EXPECT_EQ(protection_together(0.0, 0.0), 0.0);
}

TEST(GraftProtection, AnotherCourseSeesItButNotItself) {
  EXPECT_EQ(protection_of_others({0.4, 0.0}, 0), 0.0);
  EXPECT_DOUBLE_EQ(protection_of_others({0.4, 0.0}, 1), 0.4);
  EXPECT_DOUBLE_EQ(protection_of_others({0.4, 0.5, 0.0}, 2), 0.7);
}

TEST(GraftProtection, CostsInfectionsAndTheRest) {
  Options o;
  o.people = 600;
  o.days = 365 * 3;
  const auto on = testing::run("tacrolimus-mycophenolate", o);
  const auto off = testing::run("none", o);
  const auto infections = [](const std::vector<Life>& lives) {
    double n = 0.0;
    for (const Life& l : lives) {
      n += static_cast<double>(std::count_if(l.harms.begin(), l.harms.end(),
                                             [](const Harm& h) { return h.term == "serious infection"; }));
    }
    return n;
  };
  EXPECT_GT(infections(on), 1.2 * infections(off));
  // 15 % a year (tacrolimus_diabetes), told once.
  EXPECT_NEAR(testing::share(on, [](const Life& l) { return l.had("diabetes mellitus"); }),
              1.0 - std::exp(-0.45), 0.07);
  EXPECT_EQ(testing::share(off, [](const Life& l) { return l.had("diabetes mellitus"); }), 0.0);
}

TEST(GraftProtection, AnotherDrugIsRefused) {
  const std::string text =
      "format = \"hortega-regimen\"\nversion = 1\nid = \"x\"\nlabel = \"x\"\nkind = \"graft_protection\"\n"
      "source = \"a test\"\n[[dose]]\ndrug = \"aspirin\"\ndose = \"100 mg\"\nroute = \"oral\"\nevery = \"1 "
      "day\"\n";
  const core::Document document = core::Document::parse(text, "x.toml");
  core::Problems problems;
  core::Locations places(document);
  Regimen regimen;
  regimen_schema().read(document, problems, places, regimen);
  try {
    problems.throw_if_any();
    FAIL() << "taken";
  } catch (const core::InputError& error) {
    EXPECT_NE(std::string(error.what()).find("'aspirin' is no drug that protects a graft here"),
              std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace hortega::therapy
