// SPDX-License-Identifier: Apache-2.0
//
// Allogeneic transplantation shown by experiment: donor match, prophylaxis and residual host cells each move
// what they should, and no rate of graft-versus-host disease or relapse is a constant.
#include "hortega/therapy/allo_donor.hpp"
#include "hortega/therapy/allo_gvhd.hpp"
#include "hortega/therapy/allo_reaction.hpp"

#include "harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hortega::therapy {
namespace {

using testing::Life;
using testing::Options;
using testing::world;
using State = disease::State<double>;
using Levers = disease::Levers<double>;

/// Highest grade of a harm among the first so many days after the graft; 0 if there was none.
int worst(const Life& life, const std::string& term, int days) {
  const auto graft = life.milestones.find(Milestone::graft);
  if (graft == life.milestones.end()) return 0;
  int grade = 0;
  for (const Harm& h : life.harms) {
    if (h.term == term && h.start_day - life.begin_day - graft->second.first <= days)
      grade = std::max(grade, h.grade);
  }
  return grade;
}

double acute(const std::vector<Life>& lives, int grade) {
  return testing::share(
      lives, [&](const Life& l) { return worst(l, "acute graft-versus-host disease", 100) >= grade; });
}

double chronic(const std::vector<Life>& lives) {
  return testing::share(
      lives, [](const Life& l) { return worst(l, "chronic graft-versus-host disease", 730) >= 1; });
}

Options options(int days = 180) {
  Options o;
  o.people = 400;
  o.years_before = 3;
  o.days = days;
  o.every = 180;
  return o;
}

Regimen sibling() { return world().library.find("allo-sibling-bu-cy"); }

TEST(Allogeneic, MagicGradesAsPublished) {
  // Harris 2016: skin, liver, upper gut, lower gut.
  EXPECT_EQ(magic_grade({0, 0, 0, 0}), 0);
  EXPECT_EQ(magic_grade({2, 0, 0, 0}), 1);
  EXPECT_EQ(magic_grade({3, 0, 0, 0}), 2);
  EXPECT_EQ(magic_grade({0, 1, 0, 0}), 2);
  EXPECT_EQ(magic_grade({0, 0, 1, 0}), 2);
  EXPECT_EQ(magic_grade({1, 0, 0, 1}), 2);
  EXPECT_EQ(magic_grade({3, 2, 0, 0}), 3);
  EXPECT_EQ(magic_grade({0, 0, 1, 3}), 3);
  EXPECT_EQ(magic_grade({4, 0, 0, 0}), 4);
  EXPECT_EQ(magic_grade({0, 4, 0, 0}), 4);
  EXPECT_EQ(magic_grade({0, 0, 0, 4}), 4);
}

TEST(Allogeneic, NihSeverityAsPublished) {
  // Jagasia 2015: skin, mouth, eyes, gut, liver, lungs, joints, genital tract.
  EXPECT_EQ(nih_severity({0, 0, 0, 0, 0, 0, 0, 0}), 0);
  EXPECT_EQ(nih_severity({1, 1, 0, 0, 0, 0, 0, 0}), 1);
  EXPECT_EQ(nih_severity({1, 1, 1, 0, 0, 0, 0, 0}), 2);
  EXPECT_EQ(nih_severity({2, 0, 0, 0, 0, 0, 0, 0}), 2);
  EXPECT_EQ(nih_severity({0, 0, 0, 0, 0, 1, 0, 0}), 2);
  EXPECT_EQ(nih_severity({0, 0, 0, 0, 0, 2, 0, 0}), 3);
  EXPECT_EQ(nih_severity({3, 0, 0, 0, 0, 0, 0, 0}), 3);
}

TEST(Allogeneic, ProphylaxisFollowsItsDays) {
  const Parameters& p = world().therapy;
  const Regimen r = sibling();  // calcineurin inhibitor from -1, tapered from 100 to 180
  const Handling typical;
  EXPECT_DOUBLE_EQ(blocked(p, r.prophylaxis, -2, typical), 0.0);
  EXPECT_NEAR(blocked(p, r.prophylaxis, 0, typical), p.allo_calcineurin_block.value, 1e-12);
  EXPECT_NEAR(blocked(p, r.prophylaxis, 99, typical), p.allo_calcineurin_block.value, 1e-12);
  EXPECT_LT(blocked(p, r.prophylaxis, 160, typical), 0.7 * p.allo_calcineurin_block.value);
  EXPECT_DOUBLE_EQ(blocked(p, r.prophylaxis, 180, typical), 0.0);
  Handling half;
  half.calcineurin = 0.5;  // half of the level keeps more than half of the block
  EXPECT_GT(blocked(p, r.prophylaxis, 50, half), 0.5 * p.allo_calcineurin_block.value);
  const Regimen haplo = world().library.find("allo-haplo-ptcy");
  disease::Profile profile;
  EXPECT_DOUBLE_EQ(dividing_kill(p, haplo, -3, profile), 0.0);
  EXPECT_NEAR(dividing_kill(p, haplo, 3, profile), 50.0 * p.allo_cyclophosphamide_kill.value, 1e-12);
}

TEST(Allogeneic, ExpansionIsAPowerOfPrecursors) {
  // Quiel 2011: tenfold precursors, expansion down by up to half a power of ten, so that the peak rises by
  // less than tenfold and does rise.
  const auto peak = [](double precursors) {
    DonorGraft graft;
    graft.precursors = precursors;
    graft.t_share = 0.04;
    AlloReaction r;
    r.begin(world().therapy, graft, 1e-6, 1e-6, 1e-3, 0.0, 1.0);
    double highest = 0.0;
    for (int day = 0; day < 200; ++day) {
      r.advance_day(world().therapy, {});
      highest = std::max(highest, r.against_host());
    }
    return highest;
  };
  const double few = peak(1e-5);
  const double ten = peak(1e-4);
  const double thousand = peak(1e-2);
  EXPECT_GT(ten, 1.05 * few);
  EXPECT_LT(ten, 10.0 * few);
  EXPECT_GT(thousand, 1.5 * few);
  EXPECT_LT(thousand, 100.0 * few);
}

TEST(Allogeneic, TheSideWithMoreCellsWins) {
  const Parameters& p = world().therapy;
  const auto run = [&](double host_t) {
    DonorGraft graft;
    graft.precursors = graft.host_precursors = 1e-3;
    graft.t_share = 0.04;
    AlloReaction r;
    r.begin(p, graft, host_t, 1e-6, 4e-4, 0.5, 1.0);
    for (int day = 0; day < 365; ++day) r.advance_day(p, {});
    return r;
  };
  const AlloReaction held = run(1e-5);
  EXPECT_FALSE(held.rejected());
  EXPECT_LT(held.host_share(), 0.05);
  EXPECT_GT(held.donor_marrow_share(), 0.95);
  EXPECT_LT(held.host_spared(), 0.5);
  const AlloReaction lost = run(1.0);  // no conditioning
  EXPECT_TRUE(lost.rejected());
  EXPECT_DOUBLE_EQ(lost.host_share(), 1.0);
}

TEST(Allogeneic, WithoutProphylaxisMoreAndWorseDisease) {
  Regimen none = sibling();
  none.prophylaxis.clear();
  const auto with = testing::run(sibling(), options());
  const auto without = testing::run(none, options());
  EXPECT_GT(acute(without, 2), acute(with, 2) + 0.15);
  EXPECT_GT(acute(without, 3), acute(with, 3) + 0.05);
  const auto dead = [](const Life& l) { return l.dead; };
  EXPECT_GT(testing::share(without, dead), testing::share(with, dead));
}

TEST(Allogeneic, MismatchedDonorsNeedMoreProphylaxis) {
  Regimen haplo = sibling();
  haplo.donor->kind = DonorKind::haploidentical;
  Regimen unrelated = sibling();
  unrelated.donor->kind = DonorKind::matched_unrelated;
  Regimen cyclophosphamide = haplo;  // 50 mg/kg on days 3 and 4
  Conditioning after = sibling().conditioning.back();
  after.dose.amount = 50.0;
  after.days = {3, 4};
  cyclophosphamide.conditioning.push_back(after);
  const double matched = acute(testing::run(sibling(), options()), 2);
  const double other = acute(testing::run(unrelated, options()), 2);
  const double half = acute(testing::run(haplo, options()), 2);
  const double treated = acute(testing::run(cyclophosphamide, options()), 2);
  EXPECT_GT(other, matched);
  EXPECT_GT(half, other);
  EXPECT_LT(treated, half);
}

TEST(Allogeneic, GlobulinLessensAcuteAndChronicDisease) {
  Regimen atg = sibling();
  Conditioning globulin;
  globulin.drug = ConditioningDrug::atg;
  globulin.dose = {1.5, DoseBasis::body_weight};
  globulin.days = {-3, -2, -1};  // 4.5 mg/kg
  atg.conditioning.push_back(globulin);
  const auto with = testing::run(atg, options(800));
  const auto without = testing::run(sibling(), options(800));
  EXPECT_LT(acute(with, 2), acute(without, 2));  // 13.7 against 27.0 % (E1201, E1202)
  EXPECT_LT(chronic(with), chronic(without));
}

TEST(Allogeneic, MoreTCellsMoreChronicDisease) {
  Regimen marrow = sibling();
  marrow.donor->source = GraftSource::marrow;
  // 65 against 53 % at a year with blood and marrow (E1205): the direction.
  EXPECT_GT(chronic(testing::run(sibling(), options(800))), chronic(testing::run(marrow, options(800))));
}

/// Mean CNS-reactive memory of those alive after a year and a half.
double memory_left(const Regimen& r, const Parameters& p) {
  Options o = options(540);
  o.therapy = &p;
  double sum = 0.0;
  int alive = 0;
  testing::run(r, o, [&](const Life&, int day, const State& s, const Levers&) {
    if (day < 540) return;
    sum += s.memory;
    ++alive;
  });
  return sum / alive;
}

TEST(Allogeneic, RelapseFollowsResidualHostCells) {
  Parameters none = world().therapy;
  none.allo_donor_memory_reactive.value = 0.0;
  Parameters weak = none;
  weak.allo_host_kill.value = 0.0;  // the donor's cells do not take the host's
  Regimen light = sibling();        // less conditioning leaves more of the host
  light.conditioning.erase(light.conditioning.begin());
  const double deep = memory_left(sibling(), none);
  EXPECT_GT(memory_left(sibling(), weak), 1.5 * deep);
  EXPECT_GT(memory_left(light, none), 1.5 * deep);
  Parameters donor = world().therapy;
  donor.allo_donor_memory_reactive.value = 1.0;  // a donor with as much memory against myelin
  EXPECT_GT(memory_left(sibling(), donor), deep);
}

TEST(Allogeneic, ChimerismIsToldAndGrows) {
  std::vector<double> late;
  for (const Life& l : testing::run(sibling(), options(500))) {
    const auto told = l.milestones.find(Milestone::donor_chimerism);
    if (told == l.milestones.end()) continue;
    EXPECT_GE(told->second.second, 0.0);
    EXPECT_LE(told->second.second, 100.0);
    late.push_back(told->second.second);
  }
  ASSERT_GT(late.size(), 200U);
  EXPECT_GT(testing::median(late), 90.0);
}

TEST(Allogeneic, IsCalledOffBeforeConditioningOnly) {
  for (const int stop : {20, 40}) {  // conditioning of allo-sibling-bu-cy begins on day 35
    Options o = options(100);
    o.people = 16;
    o.every = 1;
    auto first = std::make_shared<std::map<const Treatment*, int>>();
    o.daily = [stop, first](Treatment& t, int day) {
      const int begun = first->try_emplace(&t, day).first->second;
      if (day - begun == stop) t.stop_all(day);
    };
    const auto grafts = testing::values(testing::run("allo-sibling-bu-cy", o), Milestone::graft).size();
    if (stop == 20) {
      EXPECT_EQ(grafts, 0U);
    } else {
      EXPECT_GE(grafts, 15U);
    }
  }
}

TEST(Allogeneic, SameSeedSameFate) {
  Options o = options(500);
  o.people = 24;
  const auto a = testing::run("allo-haplo-ptcy", o);
  const auto b = testing::run("allo-haplo-ptcy", o);
  std::size_t harms = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(a[i].harms.size(), b[i].harms.size());
    harms += a[i].harms.size();
    for (std::size_t k = 0; k < a[i].harms.size(); ++k) {
      EXPECT_EQ(a[i].harms[k].term, b[i].harms[k].term);
      EXPECT_EQ(a[i].harms[k].grade, b[i].harms[k].grade);
      EXPECT_EQ(a[i].harms[k].start_day, b[i].harms[k].start_day);
    }
    EXPECT_EQ(a[i].milestones, b[i].milestones);
    EXPECT_EQ(a[i].dead, b[i].dead);
  }
  EXPECT_GT(harms, 0U);
}

TEST(Allogeneic, WrongRegimensAreTold) {
  const auto problem = [](const std::string& text) -> std::string {
    try {
      regimen_schema().read(core::Document::parse(text, "r.toml"));
    } catch (const core::InputError& e) {
      return e.what();
    }
    return "no problem";
  };
  const std::string head =
      "format = \"hortega-regimen\"\nversion = 1\nid = \"x\"\nlabel = \"X\"\nsource = \"s\"\n";
  const std::string allo = head + "kind = \"allogeneic_transplant\"\n";
  using ::testing::HasSubstr;
  EXPECT_THAT(problem(allo), HasSubstr("without a donor"));
  EXPECT_THAT(problem(allo + "[donor]\nkind = \"matched-sibling\"\nsource = \"cord\"\n"),
              HasSubstr("cord blood comes from a cord"));
  EXPECT_THAT(problem(allo + "[[prophylaxis]]\ndrug = \"methotrexate\"\n"), HasSubstr("without doses"));
  EXPECT_THAT(problem(head + "kind = \"placebo\"\n[donor]\nkind = \"matched-sibling\"\nsource = \"blood\"\n"),
              HasSubstr("no allogeneic transplant"));
}

}  // namespace
}  // namespace hortega::therapy
