// SPDX-License-Identifier: Apache-2.0
//
// Progenitor transplantation shown by experiment: residual pluripotent cells and immunosuppression each move
// what they should, and so do route, number and line.
#include "harness.hpp"

#include "hortega/therapy/graft_protection.hpp"
#include "hortega/therapy/progenitor_graft.hpp"
#include "hortega/therapy/progenitor_harms.hpp"
#include "hortega/therapy/progenitor_product.hpp"
#include "hortega/therapy/provenance.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hortega::therapy {
namespace {

using testing::Life;
using testing::Options;
using testing::world;
using State = disease::State<double>;
using Levers = disease::Levers<double>;

struct Someone {
  explicit Someone(std::uint32_t person = 3)
      : state(disease::make_person(world().disease, 7, person).state),
        profile(disease::make_profile(world().disease, 7, person)),
        patient{{7, person, 0}, &world().disease, &profile, state, 3.0, {}} {}
  disease::State<double> state;
  disease::Profile profile;
  Patient patient;
  Life sink;
};

Regimen first_in_human() { return world().library.find("opc-banked-intracerebral"); }

double tumours(const std::vector<Life>& lives) {
  return testing::share(lives, [](const Life& l) {
    return l.had("teratoma found by surveillance") || l.had("teratoma with symptoms");
  });
}

/// Chances large enough to be counted in hundreds of people: what is asked is which way they move.
Parameters with_tumours() {
  Parameters p = world().therapy;
  p.teratoma_chance = {1e-3, 0.0};
  p.graft_survival_brain = {0.1, 0.0};
  p.progenitor_residual.spread = 0.0;
  p.graft_rejection = {0.05, 0.0};
  p.graft_mismatch_banked = {1.0, 0.0};
  return p;
}

TEST(Tumours, FollowTheSingleHit) {
  EXPECT_EQ(tumour_chance(0.0, 1e9), 0.0);
  EXPECT_EQ(tumour_chance(3e-6, 0.0), 0.0);
  EXPECT_NEAR(tumour_chance(3e-6, 1e5), 0.26,
              0.01);  // 0 of 14 animals with 1e5 cells: chance (0.74)^14 = 1.5 %
  EXPECT_NEAR(tumour_chance(3e-6, 1e6), 0.95, 0.01);  // 10 of 10 with 1e6 (PMC6332789, table 1)
  EXPECT_NEAR(tumour_chance(0.5, 2.0), 0.75, 1e-12);
}

TEST(Tumours, ComeWithResidualPluripotentCells) {
  const Parameters p = with_tumours();
  Options o;
  o.people = 600;
  o.days = 365 * 4;
  o.therapy = &p;
  const auto share = [&](double residual) {
    Regimen r = first_in_human();
    r.progenitors->cells = 1e7;
    r.progenitors->residual_pluripotent = residual;
    return tumours(testing::run(r, o));
  };
  EXPECT_EQ(share(0.0), 0.0);
  const double few = share(1e-5);   // 1e7 x 1e-5 = 100 cells given: 1 - (1 - 1e-3)^100 = 9.5 %
  const double many = share(1e-4);  // a thousand: 63 %
  EXPECT_NEAR(few, 0.095, 0.04);
  EXPECT_NEAR(many, 0.63, 0.08);
}

TEST(Tumours, CountCellsGivenAndNotThoseThatSettled) {
  // The source injected 1e5 and 1e6 cells (PMC6332789, table 1); how many settled it does not say.
  Parameters p = with_tumours();
  Options o;
  o.people = 200;
  o.days = 365 * 4;
  o.therapy = &p;
  Regimen r = first_in_human();
  r.progenitors->cells = 1e7;
  r.progenitors->residual_pluripotent = 1e-4;
  const double many_settle = tumours(testing::run(r, o));
  p.graft_survival_brain = {0.005, 0.0};
  EXPECT_EQ(tumours(testing::run(r, o)), many_settle);
  EXPECT_GT(many_settle, 0.5);  // 63 % of a thousand cells with a chance of 1e-3 each
}

TEST(Tumours, ImmunosuppressionSparesThemAndOwnCellsNeedNone) {
  const Parameters p = with_tumours();
  Options o;
  o.people = 600;
  o.days = 365 * 3;
  o.therapy = &p;
  Regimen protected_graft = first_in_human();
  protected_graft.progenitors->residual_pluripotent = 2e-5;
  protected_graft.progenitors->cells = 1e7;
  Regimen bare = protected_graft;
  bare.doses.clear();
  Regimen own = bare;
  own.progenitors->line = ProgenitorLine::own_induced;
  own.progenitors->ready = true;
  const double with = tumours(testing::run(protected_graft, o));
  const double without = tumours(testing::run(bare, o));
  const double of_own = tumours(testing::run(own, o));
  EXPECT_GT(with, without + 0.03);    // rejection clears what makes tumours, unless drugs stop it
  EXPECT_GT(of_own, without + 0.03);  // own cells are not rejected at all
}

TEST(Tumours, SurveillanceFindsThemBeforeSymptoms) {
  const Parameters p = with_tumours();
  Options o;
  o.people = 400;
  o.days = 365 * 6;
  o.therapy = &p;
  Regimen watched = first_in_human();
  watched.progenitors->residual_pluripotent = 1e-4;
  Regimen unwatched = watched;
  unwatched.progenitors->surveillance_every_day.reset();
  const auto symptoms = [](const std::vector<Life>& lives) {
    return testing::share(lives, [](const Life& l) { return l.had("teratoma with symptoms"); });
  };
  const auto seen = testing::run(watched, o);
  const auto unseen = testing::run(unwatched, o);
  EXPECT_LT(symptoms(seen), 0.1 * symptoms(unseen));
  EXPECT_NEAR(tumours(seen), tumours(unseen), 0.05);  // it finds, it does not prevent
}

TEST(Graft, ProtectionKeepsItAndItsEndLetsItGo) {
  Someone who;
  const Parameters& p = world().therapy;
  const Regimen r = first_in_human();
  ProgenitorProduct product = make_progenitors(p, *r.progenitors, who.patient, 0);
  product.mismatch = 1.0;
  ProgenitorGraft kept;
  ProgenitorGraft left;
  kept.give(p, *r.progenitors, product, who.patient);
  left.give(p, *r.progenitors, product, who.patient);
  for (int week = 0; week < 26; ++week) {
    kept.elapse(p, 7, 0.9);
    left.elapse(p, 7, 0.0);
  }
  EXPECT_NEAR(kept.unrejected(), std::exp(-0.1 * p.graft_rejection.value * 182), 1e-9);
  EXPECT_NEAR(left.unrejected(), std::exp(-p.graft_rejection.value * 182), 1e-9);
  product.mismatch = 0.0;
  ProgenitorGraft own;
  own.give(p, *r.progenitors, product, who.patient);
  own.elapse(p, 5000, 0.0);
  EXPECT_EQ(own.unrejected(), 1.0);
}

TEST(Graft, AnotherCoursesDrugsProtectItToo) {
  Regimen unprotected = world().library.find("hnsc-ventricular-24e6");
  unprotected.doses.clear();
  const auto grafted = [&](bool tacrolimus) {
    Options o;
    o.people = 32;
    o.days = 364;
    o.begin = [&, tacrolimus](Treatment& t, int day, const Patient& who, CourseSink& sink) {
      t.start(unprotected, day, who, sink);
      if (tacrolimus) t.start(world().library.find("tacrolimus-mycophenolate"), day, who, sink);
    };
    double sum = 0.0;
    testing::run("none", o, [&](const Life&, int day, const State&, const Levers& l) {
      if (day == 364) sum += l.trophic;
    });
    return 1.0 - sum / o.people;  // what is spared by living cells
  };
  EXPECT_GT(grafted(true), 2.0 * grafted(false));
  EXPECT_GT(grafted(false), 0.0);
}

TEST(Graft, CellsSpreadMatureAndAddMyelinWithTime) {
  Someone who;
  Parameters p = world().therapy;
  p.graft_migration.spread = 0.0;
  p.graft_survival_brain.spread = 0.0;
  const Regimen r = first_in_human();
  const ProgenitorProduct product = make_progenitors(p, *r.progenitors, who.patient, 0);
  ProgenitorGraft graft;
  graft.give(p, *r.progenitors, product, who.patient);
  const LesionBed bed{10.0, 0.0};
  EXPECT_EQ(myelinating_cells_added(p, graft, bed), 0.0);
  double before = 0.0;
  for (int month = 0; month < 6; ++month) {
    graft.elapse(p, 30, 1.0);
    EXPECT_GT(myelinating_cells_added(p, graft, bed), before);
    before = myelinating_cells_added(p, graft, bed);
  }
  EXPECT_NEAR(graft.distance_mm(p), 0.05 * 120.0, 1e-9);  // and no further
  EXPECT_GT(graft.matured(p), 0.8);
  // Old lesions block most of them; young ones do not.
  EXPECT_NEAR(myelinating_cells_added(p, graft, {10.0, 1.0}) / myelinating_cells_added(p, graft, bed),
              1.0 / p.graft_chronic_permission.value, 1e-9);
  // No lesion, no myelin; never more than healthy tissue holds.
  EXPECT_EQ(myelinating_cells_added(p, graft, {0.0, 1.0}), 0.0);
  p.graft_doublings = {30.0, 0.0};
  EXPECT_LE(myelinating_cells_added(p, graft, {10.0, 1.0}), 1.0);
}

TEST(Graft, MoreTractsReachMoreAndLumbarCellsSettleLeast) {
  Someone who;
  const Parameters& p = world().therapy;
  ProgenitorPlan plan = *first_in_human().progenitors;
  const auto after = [&](ProgenitorRoute route, int tracts) {
    plan.route = route;
    plan.tracts = tracts;
    ProgenitorGraft g;
    g.give(p, plan, make_progenitors(p, plan, who.patient, 0), who.patient);
    g.elapse(p, 120, 1.0);
    return std::pair(g.reach(p), g.settled_share());
  };
  EXPECT_NEAR(after(ProgenitorRoute::intracerebral, 8).first,
              8.0 * after(ProgenitorRoute::intracerebral, 1).first, 1e-9);
  EXPECT_GT(after(ProgenitorRoute::ventricular, 1).first, after(ProgenitorRoute::intracerebral, 8).first);
  EXPECT_GT(after(ProgenitorRoute::intracerebral, 1).second, after(ProgenitorRoute::ventricular, 1).second);
  EXPECT_GT(after(ProgenitorRoute::ventricular, 1).second, after(ProgenitorRoute::intrathecal, 1).second);
}

TEST(Product, OwnCellsTakeMonthsAndMayFail) {
  const Parameters& p = world().therapy;
  ProgenitorPlan plan = *first_in_human().progenitors;
  plan.ready = false;
  plan.line = ProgenitorLine::own_induced;
  int failed = 0;
  double shortest = 1e9;
  double longest = 0.0;
  for (std::uint32_t person = 0; person < 2000; ++person) {
    Someone who(person);
    const ProgenitorProduct product = make_progenitors(p, plan, who.patient, 0);
    failed += product.usable ? 0 : 1;
    shortest = std::min(shortest, product.days);
    longest = std::max(longest, product.days);
    EXPECT_EQ(product.mismatch, 0.0);
  }
  EXPECT_NEAR(failed / 2000.0, 0.04, 0.015);  // two batches of which each fails in a fifth
  EXPECT_NEAR(shortest, 270.0 + 75.0 + 45.0, 1e-9);
  EXPECT_NEAR(longest, 270.0 + 2.0 * (75.0 + 45.0), 1e-9);
  plan.line = ProgenitorLine::banked_induced;
  Someone who;
  EXPECT_LT(make_progenitors(p, plan, who.patient, 0).days, 60.0);
  plan.line = ProgenitorLine::fetal;
  plan.residual_pluripotent.reset();
  EXPECT_EQ(make_progenitors(p, plan, who.patient, 0).residual_share, 0.0);
}

TEST(Product, ProvenanceCanBeExcluded) {
  const RegimenLibrary& all = world().library;
  EXPECT_TRUE(is_excluded(all.find("hnsc-ventricular-24e6"), {Provenance::fetal}));
  EXPECT_FALSE(is_excluded(all.find("hnsc-ventricular-24e6"), {Provenance::embryonic}));
  EXPECT_TRUE(
      is_excluded(all.find("opc-embryonic-intracerebral"), {Provenance::fetal, Provenance::embryonic}));
  EXPECT_FALSE(is_excluded(all.find("opc-own-intracerebral"),
                           {Provenance::fetal, Provenance::embryonic, Provenance::donor}));
  EXPECT_FALSE(is_excluded(all.find("ocrelizumab"), {Provenance::own, Provenance::donor, Provenance::fetal}));
  EXPECT_TRUE(is_excluded(all.find("ahsct-cy-atg"), {Provenance::own}));
  EXPECT_TRUE(is_excluded(all.find("allo-cord"), {Provenance::donor}));
  EXPECT_TRUE(is_excluded(all.find("msc-fat-it-repeated"), {Provenance::donor}));
  EXPECT_FALSE(is_excluded(all.find("msc-fat-it-repeated"), {Provenance::own}));
  EXPECT_TRUE(is_excluded(all.find("msc-marrow-iv"), {Provenance::own}));
  EXPECT_EQ(provenance_by_name("embryonic"), Provenance::embryonic);
  EXPECT_THROW(provenance_by_name("embrionic"), core::InputError);
}

TEST(Course, WaitsForTheCellsAndTellsWhatTheyCost) {
  Options o;
  o.people = 64;
  o.days = 700;
  const auto lives = testing::run("opc-own-intracerebral", o);
  int given = 0;
  for (const Life& l : lives) {
    const auto cells = l.milestones.find(Milestone::cells_given);
    if (cells == l.milestones.end()) {
      EXPECT_TRUE(l.milestones.count(Milestone::product_failure));
      continue;
    }
    ++given;
    EXPECT_GE(cells->second.first, 390);
    EXPECT_GE(l.milestones.at(Milestone::product_cost).second, world().therapy.progenitor_own_cost.value);
  }
  EXPECT_GT(given, 50);
}

TEST(Course, ImmunosuppressionBringsItsOwnHarms) {
  Options o;
  o.people = 600;
  o.days = 365;
  const Regimen with = first_in_human();
  Regimen without = with;
  without.doses.clear();
  const auto diabetes = [&](const Regimen& r) {
    return testing::share(testing::run(r, o), [](const Life& l) { return l.had("diabetes mellitus"); });
  };
  EXPECT_GT(diabetes(with), 0.04);
  EXPECT_EQ(diabetes(without), 0.0);
}

TEST(Course, NoStrengthLeavesTheDiseaseAlone) {
  Parameters p = world().therapy;
  p.graft_trophic = {0.0, 0.0};
  p.graft_survival_brain = {0.0, 0.0};
  p.protection_on_autoimmunity = {0.0, 0.0};
  p.community_by_lymphopenia = {0.0, 0.0};
  p.graft_bleeding = {0.0, 0.0};
  Options o;
  o.days = 728;
  o.therapy = &p;
  const auto tissue = [](const std::string& id, const Options& options) {
    std::vector<double> all;
    testing::run(id, options, [&](const Life&, int day, const State& s, const Levers&) {
      if (day == 728) all.insert(all.end(), {s.bare[1], s.lost[2], s.remyelinated[6], s.lesions});
    });
    return all;
  };
  EXPECT_EQ(tissue("opc-banked-intracerebral", o), tissue("none", o));
}

TEST(Course, ManyCellsRepairAndFewDoNot) {
  // The doses of today's trials against what healthy white matter holds (oligodendrocyte_density): thousands
  // of times as many are needed before bare fibres become fewer.
  Parameters p = world().therapy;
  p.graft_chronic_permission = {1.0, 0.0};
  p.graft_mismatch_banked = {0.0, 0.0};
  p.graft_trophic = {0.0, 0.0};
  p.protection_on_autoimmunity = {0.0, 0.0};
  const auto bare = [&](double cells) {
    Regimen r = world().library.find("hnsc-ventricular-24e6");
    r.progenitors->line = ProgenitorLine::banked_induced;
    r.progenitors->cells = cells;
    Options o;
    o.people = 48;
    o.years_before = 15;
    o.days = 365 * 4;
    o.every = 365;
    o.therapy = &p;
    double sum = 0.0;
    testing::run(r, o, [&](const Life&, int day, const State& s, const Levers&) {
      if (day == 365 * 4) {
        for (std::size_t k = 0; k < 7; ++k) sum += s.bare[k];
      }
    });
    return sum;
  };
  const double none = bare(1.0);
  const double trial = bare(24e6);
  const double huge = bare(1e11);
  EXPECT_NEAR(trial, none, 0.02 * none);
  EXPECT_LT(huge, 0.95 * none);
}

}  // namespace
}  // namespace hortega::therapy
