// SPDX-License-Identifier: Apache-2.0
//
// Autologous transplantation shown by experiment: each published dependence comes out of the process, none is
// a constant.
#include "harness.hpp"

#include <gtest/gtest.h>

namespace hortega::therapy {
namespace {

using testing::Life;
using testing::Options;
using testing::world;
using State = disease::State<double>;
using Levers = disease::Levers<double>;

double deaths(const std::string& id, Options o) {
  o.days = 450;
  o.people = 1200;
  return testing::share(testing::run(id, o), [](const Life& l) { return l.dead; });
}

/// Everybody collects this many CD34+ cells.
Parameters with_cd34(double e6_per_kg) {
  Parameters p = world().therapy;
  p.cd34_yield = {e6_per_kg, 0.0};
  p.cd34_yield_age_slope.value = 0.0;
  return p;
}

Regimen with_atg(double factor) {
  Regimen r = world().library.find("ahsct-cy-atg");
  for (Conditioning& c : r.conditioning) {
    if (c.drug == ConditioningDrug::atg) c.dose.amount *= factor;
  }
  return r;
}

TEST(Transplant, EngraftsNearPublishedDays) {
  Options o;
  o.people = 240;
  o.days = 120;
  const auto cy = testing::run("ahsct-cy-atg", o);
  const auto beam = testing::run("ahsct-beam-atg", o);
  // Means of day 9 and 11 in 130 people with autoimmune disease (E0736, E0737; the graft's two shares were
  // fitted to them); BEAM about day 11 and 18 (data/evidence/NOTES.md 2, memory, not fitted).
  EXPECT_NEAR(testing::mean(testing::values(cy, Milestone::anc_engraftment)), 9.0, 1.5);
  EXPECT_NEAR(testing::mean(testing::values(cy, Milestone::platelet_engraftment)), 11.0, 2.5);
  EXPECT_NEAR(testing::mean(testing::values(beam, Milestone::anc_engraftment)), 11.0, 2.0);
  EXPECT_NEAR(testing::mean(testing::values(beam, Milestone::platelet_engraftment)), 18.0, 4.0);
  EXPECT_GT(testing::mean(testing::values(beam, Milestone::anc_engraftment)),
            testing::mean(testing::values(cy, Milestone::anc_engraftment)));  // myeloablative slower (E0738)
  // Yield: median 6.3e6/kg, failure rare (0 of 39; E0731, E0734).
  EXPECT_NEAR(testing::median(testing::values(cy, Milestone::graft)), 6.3, 1.2);
  EXPECT_LT(testing::share(
                cy, [](const Life& l) { return l.milestones.count(Milestone::mobilisation_failure) > 0; }),
            0.03);
}

TEST(Transplant, WhoNeverFallsBelowHasNoDayOfEngraftment) {
  Options o;
  o.people = 64;
  o.days = 120;
  Parameters p = world().therapy;
  p.cyclophosphamide_kill_marrow.value = 1e-4;  // a marrow that hardly notices
  o.therapy = &p;
  const auto spared = testing::run("ahsct-cy-atg", o);
  const auto grafts = testing::values(spared, Milestone::graft).size();
  ASSERT_GT(grafts, 55U);
  EXPECT_EQ(testing::values(spared, Milestone::anc_engraftment).size(), 0U);
  EXPECT_EQ(testing::values(spared, Milestone::platelet_engraftment).size(), 0U);
  EXPECT_EQ(testing::values(spared, Milestone::anc_not_below).size(), grafts);
  EXPECT_EQ(testing::values(spared, Milestone::platelet_not_below).size(), grafts);
  EXPECT_EQ(testing::values(spared, Milestone::discharge).size(), grafts);
  // Platelets kept above the threshold by transfusion are no platelets that never fell.
  Parameters early = world().therapy;
  early.platelet_transfusion_trigger.value = 21.0;
  o.therapy = &early;
  const auto supported = testing::run("ahsct-bu-cy-atg", o);
  const auto engrafted = testing::values(supported, Milestone::platelet_engraftment);
  EXPECT_GT(engrafted.size(), 16U);
  for (const double day : engrafted) EXPECT_GT(day, 3.0);
  EXPECT_EQ(testing::values(supported, Milestone::platelet_not_below).size(), 0U);
}

TEST(Transplant, MoreCd34CellsEngraftEarlier) {
  Options o;
  o.people = 64;
  o.days = 120;
  std::vector<double> day;
  for (const double dose : {2.1, 6.0, 20.0}) {
    const Parameters p = with_cd34(dose);
    o.therapy = &p;
    Regimen r = world().library.find("ahsct-beam-atg");
    r.mobilisation->sessions = 1;
    day.push_back(testing::mean(testing::values(testing::run(r, o), Milestone::anc_engraftment)));
  }
  EXPECT_GT(day[0], day[1] + 0.4);  // E0738: higher dose, faster
  EXPECT_GT(day[1], day[2] + 0.4);
}

TEST(Transplant, PoorMobilisersFailOrTryAgain) {
  Options o;
  o.people = 32;
  o.days = 120;
  Parameters p = with_cd34(1.0);
  o.therapy = &p;
  Regimen r = world().library.find("ahsct-cy-atg");
  r.mobilisation->sessions = 1;
  auto lives = testing::run(r, o);
  EXPECT_EQ(testing::values(lives, Milestone::graft).size(), 0U);
  EXPECT_GT(testing::values(lives, Milestone::mobilisation_failure).size(), 28U);
  p = with_cd34(1.5);  // 1.5 times as much at the second attempt: enough
  lives = testing::run(r, o);
  EXPECT_GT(testing::values(lives, Milestone::graft).size(), 28U);
  EXPECT_GT(testing::values(lives, Milestone::mobilisation_failure).size(), 28U);
}

TEST(Transplant, MobilisationFlaresWithoutCyclophosphamide) {
  // G-CSF alone made autoimmune disease flare more often than after cyclophosphamide (p = 0.003, Burt 2001,
  // Bone Marrow Transplant 28:1).
  struct Flare {
    double lesions = 0.0, activation = 0.0, cd34 = 0.0;
  };
  const auto flare = [](const std::optional<Dose>& cyclophosphamide, bool steroid) {
    Options o;
    o.people = 1600;
    o.days = 21;
    o.every = 3;
    Regimen r = world().library.find("ahsct-beam-atg-gcsf");
    r.mobilisation->cyclophosphamide = cyclophosphamide;
    r.mobilisation->steroid = steroid;
    Flare f;
    const auto lives = testing::run(r, o, [&](const Life&, int day, const State&, const Levers& l) {
      if (day == 3) f.activation += l.activation / o.people;
    });
    for (const Life& life : lives) f.lesions += life.births;
    f.cd34 = testing::median(testing::values(lives, Milestone::apheresis));
    return f;
  };
  const auto cy = world().library.find("ahsct-beam-atg").mobilisation->cyclophosphamide;
  const Flare chemotherapy = flare(cy, false);
  const Flare alone = flare(std::nullopt, false);
  const Flare sealed = flare(std::nullopt, true);
  EXPECT_GT(alone.lesions, 1.1 * chemotherapy.lesions);
  EXPECT_LT(sealed.lesions, alone.lesions);  // what the steroid is given for
  EXPECT_NEAR(chemotherapy.activation, 1.0, 1e-9);
  EXPECT_GT(alone.activation, 1.0);
  EXPECT_DOUBLE_EQ(sealed.activation, alone.activation);
  // Cyclophosphamide brought more in 21 of 22 people who had both (Bone Marrow Transplant 2000;26:717).
  EXPECT_LT(alone.cd34, chemotherapy.cd34);
}

TEST(Transplant, AtgDoseMovesLymphocytesInfectionsAndReactivation) {
  struct Outcome {
    double nadir = 0.0, viruses = 0.0, infections = 0.0;
  };
  const auto outcome = [](double factor) {
    Options o;
    o.people = 600;
    o.days = 300;
    o.every = 10;
    std::map<const Life*, double> nadir;
    const auto lives =
        testing::run(with_atg(factor), o, [&](const Life& life, int, const State& s, const Levers& l) {
          const double count = disease::lymphocyte_count(world().disease, life.profile, s, l);
          const auto found = nadir.try_emplace(&life, count).first;
          found->second = std::min(found->second, count);
        });
    Outcome x;
    std::vector<double> all;
    for (const auto& [life, count] : nadir) all.push_back(count);
    x.nadir = testing::median(all);
    for (const Life& life : lives) {
      x.viruses += life.had("cytomegalovirus reactivation") + life.had("Epstein-Barr virus reactivation");
      x.infections += life.had("infection") + life.had("serious infection");
    }
    return x;
  };
  const Outcome low = outcome(0.3);
  const Outcome usual = outcome(1.0);
  const Outcome high = outcome(2.0);
  EXPECT_GT(low.nadir, usual.nadir);
  EXPECT_GT(usual.nadir, high.nadir);
  EXPECT_LT(low.viruses, 0.85 * usual.viruses);
  EXPECT_LT(usual.viruses, high.viruses);
  EXPECT_LT(low.infections, high.infections);
}

TEST(Transplant, ThymusReturnsLessWithAge) {
  Options o;
  o.people = 160;
  o.days = 760;
  o.every = 760;
  std::vector<double> young;
  std::vector<double> old;
  testing::run("ahsct-cy-atg", o, [&](const Life&, int day, const State& s, const Levers&) {
    if (day != 760) return;
    // Relative to what the person's age gives without a transplant.
    const double relative = s.naive / s.f_thymus;
    (s.age_year < 36.0 ? young : old).push_back(relative);
  });
  ASSERT_GT(young.size(), 20U);
  ASSERT_GT(old.size(), 20U);
  EXPECT_GT(testing::mean(young), 1.2 * testing::mean(old));
}

TEST(Transplant, EdssEraCentreAndIntensityMoveDeath) {
  Options reference;
  reference.edss = 5.0;
  reference.setting = {2000.0, true};
  const double base = deaths("ahsct-beam-atg", reference);
  Options mild = reference;
  mild.edss = 2.5;
  Options recent = reference;
  recent.setting.calendar_year = 2018.0;
  Options novice = reference;
  novice.setting.experienced_centre = false;
  EXPECT_LT(deaths("ahsct-beam-atg", mild), 0.8 * base);
  EXPECT_LT(deaths("ahsct-beam-atg", recent), 0.6 * base);
  EXPECT_GT(deaths("ahsct-beam-atg", novice), 1.5 * base);
  EXPECT_GT(deaths("ahsct-bu-cy-atg", reference), deaths("ahsct-cy-atg", reference));
  // A modern transplant at moderate disability kills few: 0 to 1.4 % in series after 2000
  // (data/evidence/NOTES.md 2; not fitted).
  EXPECT_LT(deaths("ahsct-cy-atg", Options{}), 0.015);
}

TEST(Transplant, ConditioningMovesVolumeLoss) {
  const auto lost = [](const std::string& id) {
    Options o;
    o.people = 120;
    o.days = 900;
    o.every = 900;
    std::map<const Life*, double> start;
    double sum = 0.0;
    int n = 0;
    testing::run(id, o, [&](const Life& life, int day, const State& s, const Levers&) {
      if (day == 0) start[&life] = s.brain_loss_percent;
      if (day == 900) {
        sum += s.brain_loss_percent - start[&life];
        ++n;
      }
    });
    return sum / n;
  };
  const double cy = lost("ahsct-cy-atg");
  const double beam = lost("ahsct-beam-atg");
  const double busulfan = lost("ahsct-bu-cy-atg");
  EXPECT_GT(busulfan, cy + 1.0);  // busulfan dose predicted the loss (Lee 2017)
  EXPECT_GT(busulfan, beam + 1.0);
}

TEST(Transplant, DepthOfDepletionDecidesTheMemoryLoop) {
  const auto memory = [](const std::string& id) {
    Options o;
    o.people = 300;
    o.days = 365 * 7;
    o.every = 365 * 7;
    std::vector<double> m;
    testing::run(id, o, [&](const Life&, int day, const State& s, const Levers&) {
      if (day > 0) m.push_back(s.memory);
    });
    return m;
  };
  const auto above = [](const std::vector<double>& m) {
    return static_cast<double>(std::count_if(m.begin(), m.end(), [](double x) { return x > 0.03; })) /
           static_cast<double>(m.size());
  };
  const double cy_atg = above(memory("ahsct-cy-atg"));
  const double beam = above(memory("ahsct-beam-atg"));
  const double alemtuzumab = above(memory("alemtuzumab"));
  const double light = above(memory("ahsct-cy-rituximab"));
  EXPECT_LT(cy_atg, 0.25);  // most stay below the separatrix (near 0.02-0.03), a minority fails
  EXPECT_GT(cy_atg, 0.005);
  EXPECT_LT(beam, cy_atg);
  EXPECT_GT(alemtuzumab, 0.6);  // survivors expand: most are above it
  EXPECT_GT(light, cy_atg);
}

TEST(Transplant, ResidentMemoryIsReachedByWhatCrossesTheBarrier) {
  const auto resident = [](const std::string& id) {
    Options o;
    o.people = 64;
    o.days = 120;
    o.every = 120;
    double sum = 0.0;
    testing::run(id, o, [&](const Life&, int day, const State& s, const Levers&) {
      if (day > 0) sum += s.resident / 64.0;
    });
    return sum;
  };
  EXPECT_LT(resident("ahsct-beam-atg"), resident("ahsct-cy-atg"));
  EXPECT_LT(resident("ahsct-bu-cy-atg"), resident("ahsct-beam-atg"));
  EXPECT_GT(resident("alemtuzumab"), 1.5 * resident("ahsct-cy-atg"));
}

TEST(Transplant, IsCalledOffBeforeConditioningOnly) {
  for (const int stop : {15, 33}) {  // conditioning of ahsct-cy-atg begins on day 30
    Options o;
    o.people = 16;
    o.days = 100;
    auto first = std::make_shared<std::map<const Treatment*, int>>();
    o.daily = [stop, first](Treatment& t, int day) {
      const int begun = first->try_emplace(&t, day).first->second;
      if (day - begun == stop) t.stop_all(day);
    };
    o.every = 1;
    const auto grafts = testing::values(testing::run("ahsct-cy-atg", o), Milestone::graft).size();
    if (stop == 15) {
      EXPECT_EQ(grafts, 0U);
    } else {
      EXPECT_GE(grafts, 14U);
    }
  }
}

TEST(Transplant, SameSeedSameFate) {
  Options o;
  o.people = 24;
  o.days = 400;
  const auto a = testing::run("ahsct-beam-atg", o);
  const auto b = testing::run("ahsct-beam-atg", o);
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(a[i].harms.size(), b[i].harms.size());
    for (std::size_t k = 0; k < a[i].harms.size(); ++k) {
      EXPECT_EQ(a[i].harms[k].term, b[i].harms[k].term);
      EXPECT_EQ(a[i].harms[k].start_day, b[i].harms[k].start_day);
    }
    EXPECT_EQ(a[i].milestones, b[i].milestones);
  }
}

TEST(Transplant, YoungWomenKeepTheirOvariesMoreOften) {
  Options o;
  o.people = 400;
  o.days = 120;
  int young = 0, young_lost = 0, old = 0, old_lost = 0;
  std::map<const Life*, double> age;
  const auto lives =
      testing::run("ahsct-cy-atg", o, [&](const Life& l, int day, const State& s, const Levers&) {
        if (day == 0) age[&l] = s.age_year;
      });
  // `age` is keyed by the life's place during the run; its vector was moved out unchanged.
  for (const Life& l : lives) {
    const double years = age.at(&l);
    if (!l.profile.female || years > 45.0) continue;
    (years < 32.0 ? young : old) += 1;
    if (l.had("premature menopause")) (years < 32.0 ? young_lost : old_lost) += 1;
  }
  EXPECT_LT(young_lost, 0.35 * young);  // E0166, E0168: strongly by age
  EXPECT_GT(old_lost, 0.5 * old);
}

}  // namespace
}  // namespace hortega::therapy
