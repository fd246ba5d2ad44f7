// SPDX-License-Identifier: Apache-2.0
//
// What becomes of a person's lesions: the same as the table of the tissue's scale says, from the birth of a
// lesion to the fibres that stay bare and the rims that fade.
#include "hortega/disease/lesion_fate.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "hortega/core/problems.hpp"
#include "hortega/disease/equations.hpp"
#include "people.hpp"
#include "support/temporary_folder.hpp"

namespace hortega::disease {
namespace {

using testing::parameters;

const LesionFates& fates() {
  static const LesionFates f = fates_of(parameters());
  return f;
}

double of_table(const char* output, double t_cells, double age_year, double iron) {
  const lesion::LesionTable& table = *parameters().lesions;
  const double inputs[] = {t_cells, age_year, iron};
  return table.at(table.output(output), inputs);
}

// Section, relative to the reference (100,000 T cells per mm at 35 years and the median of iron), of the
// lesion that so many T cells make there.
double section_of(double t_cells) {
  const double iron = parameters().lesion_iron_uptake.value;
  return of_table("size", t_cells, 35.0, iron) / of_table("size", 100000.0, 35.0, iron);
}

Fate<double> fate(double t_cells, double age_year, double iron) {
  return fate_of<double>(fates(), true, section_of(t_cells), age_year, std::log(iron));
}

// On the points of the table, between them, and beyond its ends.
TEST(LesionFate, IsThatOfTheTable) {
  const double bare = 1.0 - of_table("repaired_fraction", 90000.0, 35.0, 0.05);
  const double cut = of_table("transected_fraction", 90000.0, 35.0, 0.05);
  const Fate<double> middle = fate(90000.0, 35.0, 0.05);
  for (const double t_cells : {20000.0, 33000.0, 80000.0, 200000.0, 250000.0, 400000.0}) {
    for (const double age : {10.0, 20.0, 33.0, 45.0, 61.0, 70.0, 85.0}) {
      for (const double iron : {0.001, 0.005, 0.012, 0.08, 0.2, 0.4, 0.9}) {
        const Fate<double> f = fate(t_cells, age, iron);
        EXPECT_NEAR(f.stays_bare / middle.stays_bare,
                    (1.0 - of_table("repaired_fraction", t_cells, age, iron)) / bare, 1e-9);
        EXPECT_NEAR(f.transected / middle.transected,
                    of_table("transected_fraction", t_cells, age, iron) / cut, 1e-9);
        EXPECT_NEAR(f.rim, of_table("chronic_active_probability", t_cells, age, iron), 1e-9);
      }
    }
  }
  const Fate<double> none = fate_of<double>(fates(), false, 1.0, 35.0, -3.0);
  EXPECT_EQ(none.stays_bare, 0.0);
  EXPECT_EQ(none.rim, 0.0);
}

// So that demyelinated_share, transection_share and t1_share keep their meaning: of lesions as they come.
TEST(LesionFate, IsOneInTheMeanOfLesionsAtTheReferenceAge) {
  const Parameters& p = parameters();
  const double sd = std::hypot(p.lesion_volume.spread, p.lesion_size.spread);
  constexpr int k_steps = 301;  // of the trapezoidal rule over six standard deviations either way
  double bare = 0.0;
  double cut = 0.0;
  double weights = 0.0;
  for (int i = 0; i < k_steps; ++i) {
    for (int j = 0; j < k_steps; ++j) {
      const double z_volume = -6.0 + 12.0 * i / (k_steps - 1);
      const double z_iron = -6.0 + 12.0 * j / (k_steps - 1);
      const double weight = std::exp(-0.5 * (z_volume * z_volume + z_iron * z_iron));
      const Fate<double> f =
          fate_of<double>(fates(), true, std::pow(std::exp(sd * z_volume), 2.0 / 3.0), 35.0,
                          std::log(p.lesion_iron_uptake.value) + p.lesion_iron_uptake.spread * z_iron);
      bare += weight * f.stays_bare;
      cut += weight * f.transected;
      weights += weight;
    }
  }
  EXPECT_NEAR(bare / weights, 1.0, 0.005);  // forty quantiles against the integral
  EXPECT_NEAR(cut / weights, 1.0, 0.005);
}

TEST(LesionFate, GoesWithAgeIronAndSizeAsInTheTissue) {
  EXPECT_GT(fate(100000.0, 65.0, 0.035).stays_bare, fate(100000.0, 25.0, 0.035).stays_bare);
  EXPECT_GT(fate(100000.0, 35.0, 0.2).stays_bare, 2.0 * fate(100000.0, 35.0, 0.035).stays_bare);
  EXPECT_GT(fate(100000.0, 35.0, 0.2).rim, 0.5);
  EXPECT_LT(fate(100000.0, 35.0, 0.02).rim, 0.2);
  EXPECT_GT(fate(200000.0, 35.0, 0.035).transected, fate(40000.0, 35.0, 0.035).transected);
}

// The tissue draws iron for its own lesions; a person's are the same.
TEST(LesionFate, IronIsThatOfTheTissue) {
  const auto tissue =
      core::ParameterSet::read_directory(std::string(HORTEGA_SOURCE_DIR) + "/data/parameters/lesion");
  EXPECT_EQ(parameters().lesion_iron_uptake.value, tissue.get("tissue_iron_uptake").value);
  EXPECT_EQ(parameters().lesion_iron_uptake.spread, tissue.get("tissue_iron_uptake").spread);
}

TEST(LesionFate, ATableThatIsNoneIsRefusedWithItsName) {
  const hortega::testing_support::TemporaryFolder folder;
  const auto told = [](const std::string& path) {
    try {
      read_person_lesions(path);
    } catch (const core::InputError& error) {
      return core::render(error.problems());
    }
    return std::string();
  };
  const std::string absent = (folder.path() / "absent.nc").string();
  EXPECT_NE(told(absent).find(absent), std::string::npos);
  const std::string other = (folder.path() / "other.nc").string();
  lesion::LesionTable(
      {{"t_cells_per_mm", "", "mm-1", {1.0, 2.0}, true}, {"iron_uptake", "", "1", {0.1, 0.2}, true}},
      {{"size", "", "mm2", {1.0, 2.0, 3.0, 4.0}, 0.0, 0.0, 0.0}}, "too small")
      .write(other);
  EXPECT_NE(told(other).find(other), std::string::npos);
  EXPECT_NE(told(other).find("age_years"), std::string::npos);
  EXPECT_NE(told(other).find("hortega lesion tables"), std::string::npos);
}

// A lesion on the optic nerve (its only system: vision), of average size and reach, with this iron.
void strike(State<double>& s, const Traits<double>& trait, const Rates& r, double u_iron) {
  double u[16];
  for (double& x : u) x = 0.5;
  u[3] = 1.0 - 1e-9;  // not silent
  u[5] = 1e-9;        // the first site
  u[12] = u_iron;
  bool eloquent = false;
  lesion_birth(r, s, trait, true, u, eloquent);
}

// Each lesion leaves its own share bare, though their blocks resolve together.
TEST(LesionFate, WhatStaysBareIsCarriedToTheEndOfTheBlock) {
  const Rates r = make_rates(parameters());
  Person who = make_person(parameters(), 4, 2);
  who.traits.lesion_size = who.traits.remyelination_capacity = 1.0;
  const std::size_t k = index(System::visual);
  const auto destined = [&](const std::vector<double>& irons) {
    State<double> s = who.state;
    s.age_year = 35.0;
    double bare = 0.0;
    for (const double u : irons) {
      const double before = s.blocked[k];
      const double was = s.blocked[k] * s.stays_bare[k];
      strike(s, who.traits, r, u);
      EXPECT_GT(s.blocked[k], before);
      bare = s.blocked[k] * s.stays_bare[k];
      EXPECT_GT(bare, was);
    }
    return std::pair(s, bare);
  };
  const double median = destined({0.5}).second;
  const double laden = destined({0.95}).second;
  EXPECT_GT(laden, 2.0 * median);  // of the same size, with 6 times the iron
  auto [s, both] = destined({0.5, 0.95});
  EXPECT_GT(both, laden);
  EXPECT_LE(both, (median + laden) * (1.0 + 1e-12));  // the second meets fewer fibres
  // Block resolves; nothing else moves: cells whole, no loss, no late repair.
  Rates still = r;
  still.late_remyelination_step = still.bare_loss_step = still.smouldering_step = still.age_loss_step = 0.0;
  still.differentiation_over_late = 0.0;
  s.oligodendrocytes[k] = s.progenitors[k] = 1.0;
  const Levers<double> none = no_levers();
  const Steady<double> steady = steady_of(still, who.traits, none);
  for (int day = 0; day < 3000; ++day) step_tissue(still, s, none, steady);
  EXPECT_NEAR(s.blocked[k], 0.0, 1e-12);
  EXPECT_NEAR(s.bare[k], both, 1e-12);
}

TEST(Rims, AreThoseOfAMinorityOfTheLesionsSeen) {
  const Rates r = make_rates(parameters());
  Events events;
  double seen = 0.0;
  double rims = 0.0;
  double with_one = 0.0;
  double with_four = 0.0;
  for (std::uint32_t first = 0; first < 400; first += k_block) {
    Block block = testing::block_of(parameters(), 9, first);
    for (int week = 0; week < 520; ++week) advance(r, block, 7, events);
    for (std::size_t lane = 0; lane < k_block; ++lane) {
      const State<double> s = state_of(block, lane);
      EXPECT_LE(s.rims, s.t2_seen);
      EXPECT_GE(s.rims, 0.0);
      EXPECT_EQ(s.rims, std::round(s.rims));
      EXPECT_GE(s.rim_part, 0.0);
      EXPECT_LE(s.rim_part, 1.0);
      EXPECT_EQ(s.rims == 0.0, s.rim_part == 0.0);
      seen += s.t2_seen;
      rims += s.rims;
      with_one += s.rims >= 1.0 ? 1.0 / 400.0 : 0.0;
      with_four += s.rims >= 4.0 ? 1.0 / 400.0 : 0.0;
    }
  }
  std::printf(
      "ten years from onset: %.1f lesions seen, %.1f %% with a rim; people with one %.0f %%, four %.0f %%\n",
      seen / 400.0, 100.0 * rims / seen, 100.0 * with_one, 100.0 * with_four);
  // Published: 5.4, 9 and 13 % of lesions (E1082, E1081, E1083); nothing was fitted to them, and
  // docs/lesion.md shows that ours are more. So: from the least that was published to twice the most.
  EXPECT_GT(rims / seen, 0.054);
  EXPECT_LT(rims / seen, 2.0 * 0.13);
}

// Exponentially, within three standard errors of 800 x 6 rims; the volume's part goes with them.
TEST(Rims, FadeWithTheirLife) {
  Rates r = make_rates(parameters());
  r.lesion_rate_day = 0.0;
  constexpr double k_rims = 6.0;
  constexpr std::uint32_t k_people = 800;
  const int days = static_cast<int>(parameters().rim_life.value * 365.25);
  Events events;
  double left = 0.0;
  double part = 0.0;
  for (std::uint32_t first = 0; first < k_people; first += k_block) {
    Block block = testing::block_of(parameters(), 12, first);
    for (std::size_t lane = 0; lane < k_block; ++lane) {
      block.state[testing::state_index("rims")][lane] = k_rims;
      block.state[testing::state_index("rim_part")][lane] = 0.3;
    }
    for (int gone = 0; gone < days; gone += k_longest_stretch)
      advance(r, block, std::min(k_longest_stretch, days - gone), events);
    for (std::size_t lane = 0; lane < k_block; ++lane) {
      left += state_of(block, lane).rims / (k_rims * k_people);
      part += state_of(block, lane).rim_part / (0.3 * k_people);
    }
  }
  const double expected = std::exp(-1.0);
  const double error = std::sqrt(expected * (1.0 - expected) / (k_rims * k_people));
  EXPECT_NEAR(left, expected, 3.0 * error);
  EXPECT_NEAR(part, left, 1e-9);
}

TEST(Rims, LetTheirLesionsGrowWhereOthersShrink) {
  Rates r = make_rates(parameters());
  r.lesion_rate_day = r.rim_end_day = 0.0;
  Events events;
  Block block = testing::block_of(parameters(), 12, 0);
  for (std::size_t lane = 0; lane < k_block; ++lane) {
    block.state[testing::state_index("t2_volume_ml")][lane] = 5.0;
    block.state[testing::state_index("rim_part")][lane] = lane == 0 ? 0.0 : 1.0;
    block.state[testing::state_index("rims")][lane] = lane == 0 ? 0.0 : 1.0;
  }
  for (int day = 0; day < 365; ++day) advance(r, block, 1, events);
  // To first order in the step of a day.
  EXPECT_NEAR(std::log(state_of(block, 0).t2_volume_ml / 5.0), -parameters().t2_resolution.value, 1e-3);
  EXPECT_NEAR(std::log(state_of(block, 1).t2_volume_ml / 5.0), parameters().t2_expansion.value, 1e-3);
}

}  // namespace
}  // namespace hortega::disease
