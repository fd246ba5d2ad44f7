// SPDX-License-Identifier: Apache-2.0
//
// Mesenchymal cells in the body and what they do to the levers: shown by experiment.
#include "harness.hpp"
#include "hortega/therapy/mesenchymal_body.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hortega::therapy {
namespace {

using testing::Life;
using testing::Options;
using testing::world;
using State = disease::State<double>;
using Levers = disease::Levers<double>;

Regimen cells(const std::string& route, double per_kg, CellDonor donor = CellDonor::self,
              CellSource source = CellSource::marrow) {
  Regimen r;
  r.id = r.label = "cells";
  r.kind = RegimenKind::mesenchymal;
  ProductPlan plan;
  plan.source = source;
  plan.donor = donor;
  plan.tissue = 50.0;
  plan.passages = 6;
  plan.seeding_per_cm2 = 1000.0;
  plan.confluency = 0.8;
  r.product = plan;
  Dosing line;
  line.drug = "cells";
  line.dose = {per_kg, DoseBasis::cells_per_body_weight};
  line.route = route;
  r.doses = {line};
  return r;
}

Parameters with(const std::function<void(Parameters&)>& change) {
  Parameters p = world().therapy;
  change(p);
  return p;
}

struct Trace {
  std::map<int, double> trophic, activation, treg, microglia, seal, remyelination;
  std::vector<Life> lives;
};

// Mean strength of each lever (0: none) by day.
Trace trace(const Regimen& regimen, int days = 200, const Parameters* p = nullptr, int people = 24) {
  Trace t;
  Options o;
  o.people = people;
  o.days = days;
  o.every = 1;
  o.therapy = p;
  t.lives = testing::run(regimen, o, [&](const Life&, int day, const State&, const Levers& l) {
    const double n = people;
    t.trophic[day] += (1.0 - l.trophic) / n;
    t.activation[day] += (1.0 - l.activation) / n;
    t.treg[day] += l.treg_gain / n;
    t.microglia[day] += (1.0 - l.microglia) / n;
    t.seal[day] += (1.0 - l.barrier_seal) / n;
    t.remyelination[day] += (l.remyelination - 1.0) / n;
  });
  return t;
}

TEST(MesenchymalBody, KeepsCountOfTheCells) {
  const Parameters& p = world().therapy;
  for (const CellRoute route : {CellRoute::intravenous, CellRoute::intra_arterial, CellRoute::intrathecal,
                                CellRoute::intralesional}) {
    MesenchymalBody body(p);
    body.give(route, 70.0, 5.0, {1.0, 1.0, 1.0});
    for (int day = 0; day < 40; ++day) {
      body.elapse(1.0, {1.0, 1.0, 1.0});
      EXPECT_NEAR(body.living().sum() + body.died_e6(), body.given_e6(), 1e-9);
    }
  }
}

TEST(MesenchymalBody, InfusedCellsStayInTheLungAndDieWithinADay) {
  // Mice: the lung holds most at 15 min to 1 h (83 %), .01 % is left at 96 h, none is found alive outside the
  // lung (Lee 2009 in E0456; Eggenhofer 2012, E0451, E0453).
  MesenchymalBody body(world().therapy);
  body.give(CellRoute::intravenous, 100.0, 0.0, {1.0, 1.0, 1.0});
  body.elapse(1.0 / 24.0, {1.0, 1.0, 1.0});
  EXPECT_GT(body.living().lung, 70.0);
  EXPECT_LT(body.living().lung, 95.0);
  body.elapse(23.0 / 24.0, {1.0, 1.0, 1.0});
  EXPECT_LT(body.living().sum(), 20.0);
  body.elapse(3.0, {1.0, 1.0, 1.0});
  // About .01 % by E0456, which is from memory: within a factor of two.
  EXPECT_GT(body.living().lung, 0.5 * 0.01);
  EXPECT_LT(body.living().lung, 2.0 * 0.01);
  EXPECT_LT(body.living().vessels + body.living().tissue, 0.5);  // very few reach the brain
}

TEST(MesenchymalBody, ArteryHoldsMoreInTheBrainThanVeinAndInflammationHoldsMoreStill) {
  const auto held = [](CellRoute route, double barrier) {
    MesenchymalBody body(world().therapy);
    body.give(route, 100.0, 0.0, {barrier, 1.0, 1.0});
    return body.living().vessels;
  };
  EXPECT_GT(held(CellRoute::intra_arterial, 1.0), 10.0 * held(CellRoute::intravenous, 1.0));
  EXPECT_GT(held(CellRoute::intravenous, 1.0), 2.0 * held(CellRoute::intravenous, 0.0));
}

TEST(MesenchymalBody, CellsInTissueFadeOverAWeekAndAreGoneInAMonth) {
  // Bashyal 2023: human cells in brains of nude mice.
  MesenchymalBody body(world().therapy);
  body.give(CellRoute::intralesional, 100.0, 0.0, {0.0, 1.0, 1.0});
  body.elapse(7.0, {0.0, 1.0, 1.0});
  EXPECT_LT(body.living().graft, 40.0);
  body.elapse(23.0, {0.0, 1.0, 1.0});
  EXPECT_LT(body.living().graft, 1.0);
}

TEST(MesenchymalBody, MeanOfADayLiesBetweenItsEnds) {
  MesenchymalBody body(world().therapy);
  body.give(CellRoute::intravenous, 100.0, 0.0, {1.0, 1.0, 1.0});
  const double before = body.living().lung;
  const double mean = body.mean_over(1.0, {1.0, 1.0, 1.0}).living.lung;
  body.elapse(1.0, {1.0, 1.0, 1.0});
  EXPECT_LT(mean, before);
  EXPECT_GT(mean, body.living().lung);
  // Of x e^{-kt} over a day: x (1 - e^{-k}) / k.
  const double k = std::log(2.0) / world().therapy.msc_vascular_half_life.value;
  EXPECT_NEAR(mean, before * (1.0 - std::exp(-k)) / k, 0.01 * before);
}

TEST(Mesenchymal, MoreCellsActMore) {
  const Trace low = trace(cells("intrathecal", 1e4), 20);
  const Trace high = trace(cells("intrathecal", 1e6), 20);
  EXPECT_GT(low.trophic.at(1), 0.0);
  EXPECT_GT(high.trophic.at(1), low.trophic.at(1));
  EXPECT_GT(high.microglia.at(1), low.microglia.at(1));
  EXPECT_GT(high.remyelination.at(1), low.remyelination.at(1));
  const Trace few = trace(cells("intravenous", 1e5), 3);
  const Trace many = trace(cells("intravenous", 3e6), 3);
  EXPECT_GT(many.activation.at(0), few.activation.at(0));
  EXPECT_GT(many.treg.at(0), few.treg.at(0));
}

TEST(Mesenchymal, EffectsFadeWithTheCells) {
  const Trace t = trace(cells("intrathecal", 1e6), 360);
  EXPECT_GT(t.trophic.at(1), 0.01);
  EXPECT_LT(t.trophic.at(100), t.trophic.at(10));
  EXPECT_EQ(t.trophic.at(300), 0.0);
  const Trace iv = trace(cells("intravenous", 1e6), 60);
  EXPECT_LT(iv.activation.at(5), 0.05 * iv.activation.at(0));  // a pulse of a day
  EXPECT_EQ(iv.treg.at(60), 0.0);
}

TEST(Mesenchymal, RouteDecidesWhatIsReached) {
  const Trace it = trace(cells("intrathecal", 1e6), 10);
  const Trace iv = trace(cells("intravenous", 1e6), 10);
  const Trace ia = trace(cells("intra-arterial", 1e6), 10);
  const Trace graft = trace(cells("intralesional", 1e6), 10);
  EXPECT_GT(it.trophic.at(2), 5.0 * iv.trophic.at(2));
  EXPECT_GT(iv.activation.at(0), it.activation.at(0));
  EXPECT_GT(ia.seal.at(0), iv.seal.at(0));
  EXPECT_GT(graft.trophic.at(2), 0.0);
  EXPECT_LT(graft.trophic.at(2), it.trophic.at(2));  // a few mL of tissue
}

TEST(Mesenchymal, RivalMechanismActsAfterTheCellsAreGone) {
  const Parameters rival = with([](Parameters& p) { p.msc_host_macrophages.value = 1.0; });
  const Trace cells_act = trace(cells("intravenous", 1e6), 20);
  const Trace host_acts = trace(cells("intravenous", 1e6), 20, &rival);
  EXPECT_GT(cells_act.activation.at(0), 100.0 * cells_act.activation.at(6));
  EXPECT_GT(host_acts.activation.at(6), 0.2 * host_acts.activation.at(1));
  EXPECT_GT(host_acts.activation.at(6), 10.0 * cells_act.activation.at(6));
}

TEST(Mesenchymal, NoStrengthIsNoEffect) {
  const Parameters none = with([](Parameters& p) {
    p.msc_activation.value = p.msc_treg_gain.value = p.msc_barrier_seal.value = 0.0;
    p.msc_microglia.value = p.msc_trophic.value = p.msc_remyelination.value = 0.0;
  });
  Options o;
  o.people = 16;
  o.days = 120;
  o.therapy = &none;
  std::vector<State> with_cells, without;
  testing::run(cells("intrathecal", 1e6), o,
               [&](const Life&, int, const State& s, const Levers&) { with_cells.push_back(s); });
  testing::run("none", o, [&](const Life&, int, const State& s, const Levers&) { without.push_back(s); });
  ASSERT_EQ(with_cells.size(), without.size());
  for (std::size_t i = 0; i < without.size(); ++i) {
    EXPECT_EQ(with_cells[i].memory, without[i].memory) << i;
    EXPECT_EQ(with_cells[i].lost[2], without[i].lost[2]) << i;
  }
}

TEST(Mesenchymal, ThawedCellsAreWeakerForADay) {
  Regimen frozen = cells("intravenous", 1e6);
  frozen.product->frozen = true;
  const Trace fresh = trace(cells("intravenous", 1e6), 3);
  const Trace thawed = trace(frozen, 3);
  EXPECT_LT(thawed.activation.at(0), 0.85 * fresh.activation.at(0));
  Regimen frozen_it = cells("intrathecal", 1e6);
  frozen_it.product->frozen = true;
  const Trace it = trace(cells("intrathecal", 1e6), 8);
  const Trace it_thawed = trace(frozen_it, 8);
  EXPECT_NEAR(it_thawed.trophic.at(7), it.trophic.at(7),
              0.1 * it.trophic.at(7));  // recovered (Francois 2012)
}

TEST(Mesenchymal, SensitisedPeopleClearADonorsLaterDosesFaster) {
  const Parameters all = with([](Parameters& p) { p.msc_sensitised.value = 1.0; });
  const Parameters nobody = with([](Parameters& p) { p.msc_sensitised.value = 0.0; });
  Regimen twice = cells("intrathecal", 1e6, CellDonor::other);
  twice.doses[0].at_day = {0.0, 60.0};
  const Trace sensitised = trace(twice, 90, &all);
  const Trace naive = trace(twice, 90, &nobody);
  EXPECT_EQ(sensitised.trophic.at(10), naive.trophic.at(10));  // the first dose is not recognised in time
  EXPECT_LT(sensitised.trophic.at(75), 0.9 * naive.trophic.at(75));
  twice.product->donor = CellDonor::self;
  const Trace own = trace(twice, 90, &all);
  const Trace own_naive = trace(twice, 90, &nobody);
  EXPECT_EQ(own.trophic.at(75), own_naive.trophic.at(75));
}

TEST(Mesenchymal, ShareOfSensitisedPeopleFollowsSourceAndMatch) {
  const auto cleared = [](CellSource source, bool matched) {
    const Parameters p = with([](Parameters& q) { q.msc_sensitised_clearance.value = 20.0; });
    Regimen twice = cells("intrathecal", 1e6, CellDonor::other, source);
    twice.product->hla_matched = matched;
    twice.doses[0].at_day = {0.0, 60.0};
    Options o;
    o.people = 400;
    o.days = 75;
    o.every = 15;
    o.years_before = 2;
    o.therapy = &p;
    std::map<int, std::vector<double>> trophic;
    testing::run(twice, o, [&](const Life&, int day, const State&, const Levers& l) {
      trophic[day].push_back(1.0 - l.trophic);
    });
    double n = 0.0;
    for (std::size_t i = 0; i < trophic[75].size(); ++i)
      n += trophic[75][i] < 0.7 * trophic[15][i] ? 1.0 : 0.0;
    return n / o.people;
  };
  const double marrow = cleared(CellSource::marrow, false);
  EXPECT_NEAR(marrow, 0.115, 0.05);  // E1067
  EXPECT_LT(cleared(CellSource::cord, false), marrow);
  EXPECT_LT(cleared(CellSource::marrow, true), marrow);
}

TEST(Mesenchymal, WaitsForItsCellsAndTellsWhatTheyTook) {
  Regimen waits = cells("intrathecal", 1e6);
  waits.product->ready = CellReady::after_harvest;
  const Trace t = trace(waits, 120);
  int given = 0;
  for (const Life& life : t.lives) {
    const auto ready = life.milestones.find(Milestone::product_ready);
    if (ready == life.milestones.end()) continue;
    EXPECT_NEAR(ready->second.first, ready->second.second, 0.51);  // told on the day it is ready
    EXPECT_GT(ready->second.second, 14.0);
    EXPECT_GT(life.milestones.at(Milestone::product_cost).second, 2000.0);
    // One batch passed; every other that was begun failed for a reason that is told.
    double failed = 0.0;
    for (const Milestone why :
         {Milestone::batch_too_few, Milestone::batch_senescent, Milestone::batch_karyotype,
          Milestone::batch_contaminated, Milestone::batch_weak})
      failed += life.milestones.count(why) > 0 ? life.milestones.at(why).second : 0.0;
    EXPECT_EQ(life.milestones.at(Milestone::product_batches).second, failed + 1.0);
    // As many cells as the dose needs (1e6 a kg), and the potency that release asks for.
    EXPECT_GE(life.milestones.at(Milestone::product_cells).second, life.profile.weight_kg);
    EXPECT_GE(life.milestones.at(Milestone::product_potency).second, world().therapy.msc_potency_floor.value);
    EXPECT_LE(life.milestones.at(Milestone::product_senescent).second,
              world().therapy.msc_senescent_limit.value);
    if (life.milestones.count(Milestone::infusion) > 0) {
      ++given;
      EXPECT_EQ(life.milestones.at(Milestone::infusion).first, ready->second.first);
      EXPECT_NEAR(life.milestones.at(Milestone::infusion).second, life.profile.weight_kg, 1e-6);
    }
  }
  EXPECT_GT(given, 18);
}

TEST(Mesenchymal, HarmsOfInjectionsComeAsOftenAsInTrials) {
  // Own cells intrathecally, 1028 injections: headache 7.1 %, fever 7.9 % (E1065).
  Regimen r = cells("intrathecal", 1e5);
  Options o;
  o.people = 1000;
  o.days = 5;
  o.years_before = 1;
  const auto lives = testing::run(r, o);
  EXPECT_NEAR(testing::share(lives, [](const Life& l) { return l.had("headache"); }), 0.071, 0.025);
  EXPECT_NEAR(testing::share(lives, [](const Life& l) { return l.had("fever"); }), 0.079, 0.026);
  EXPECT_EQ(testing::share(lives, [](const Life& l) { return l.had("thromboembolic event"); }), 0.0);
  const auto iv = testing::run(cells("intravenous", 1e5), o);
  EXPECT_NEAR(testing::share(iv, [](const Life& l) { return l.had("fever"); }), 0.03 * 2.48, 0.026);
  EXPECT_EQ(testing::share(iv, [](const Life& l) { return l.had("headache"); }), 0.0);
}

TEST(Mesenchymal, OwnCellsOfLongDiseaseProtectLess) {
  const Parameters strong = with([](Parameters& p) { p.msc_own_loss.value = 0.1; });
  const Trace own = trace(cells("intrathecal", 1e6), 3, &strong);
  const Trace donor = trace(cells("intrathecal", 1e6, CellDonor::other), 3, &strong);
  EXPECT_LT(own.trophic.at(1), 0.75 * donor.trophic.at(1));  // six years of disease
  // Against T cells they are weaker at once, but not where the host's macrophages act.
  const Parameters weak = with([](Parameters& p) { p.msc_own_immune_loss.value = 0.7; });
  const Parameters equal = with([](Parameters& p) { p.msc_own_immune_loss.value = 0.0; });
  EXPECT_LT(trace(cells("intravenous", 1e6), 2, &weak).activation.at(0),
            0.6 * trace(cells("intravenous", 1e6), 2, &equal).activation.at(0));
  Regimen other = cells("intravenous", 1e6, CellDonor::other);
  EXPECT_EQ(trace(other, 2, &weak).activation.at(0), trace(other, 2, &equal).activation.at(0));
  Regimen induced = cells("intrathecal", 1e6);
  induced.product->induced = true;
  EXPECT_GT(trace(induced, 3).trophic.at(1), trace(cells("intrathecal", 1e6), 3).trophic.at(1));
}

}  // namespace
}  // namespace hortega::therapy
