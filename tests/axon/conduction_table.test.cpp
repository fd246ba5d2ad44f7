// SPDX-License-Identifier: Apache-2.0
// The shipped table of conduction: up to date, a sample of it simulated again, and read between its points.
#include "hortega/axon/conduction_table.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "axon/fibres.hpp"
#include "hortega/axon/conduction_file.hpp"
#include "hortega/core/problems.hpp"
#include "support/temporary_folder.hpp"

namespace hortega::axon {
namespace {

using testing::parameters;

const ConductionTable& shipped() {
  static const ConductionTable table =
      read_conduction_table(std::string(HORTEGA_SOURCE_DIR) + "/data/tables/conduction.nc");
  return table;
}

const std::string k_mix = "optic-nerve";

// Any change of a parameter or an axis asks for `hortega axon tables`.
TEST(ConductionTable, IsOfThePresentParametersAndAxes) {
  EXPECT_EQ(shipped().parameters_sha256, table_digest(parameters(), table_axes()))
      << "rebuild it: hortega axon tables";
  EXPECT_EQ(shipped().axes.length_mm, table_axes().length_mm);
}

// One fibre of the grid in all its states, simulated again: the same numbers.
TEST(ConductionTable, ASampleComesOutAgain) {
  const TableModel model = load_table_model(parameters());
  const TableAxes axes = table_axes();
  const std::size_t d = 4, t = 5;
  const FibreResponses again = fibre_responses(model, axes, axes.diameter_um[d], axes.celsius[t]);
  const FibreResponses& stored = shipped().fibres[d * axes.celsius.size() + t];
  EXPECT_DOUBLE_EQ(again.velocity_m_per_s, stored.velocity_m_per_s);
  ASSERT_EQ(again.state.size(), stored.state.size());
  for (std::size_t s = 0; s < again.state.size(); ++s) {
    EXPECT_DOUBLE_EQ(again.state[s].critical_um, stored.state[s].critical_um) << s;
    ASSERT_EQ(again.state[s].delay_ms.size(), stored.state[s].delay_ms.size()) << s;
    for (std::size_t k = 0; k < again.state[s].delay_ms.size(); ++k)
      EXPECT_DOUBLE_EQ(again.state[s].delay_ms[k], stored.state[s].delay_ms[k]) << s << ", " << k;
  }
}

TEST(ConductionTable, TractsFollowFromFibres) {
  ConductionTable table = shipped();
  mix_fibres(load_table_model(parameters()), table);
  ASSERT_EQ(table.transmitted_fraction.size(), shipped().transmitted_fraction.size());
  for (std::size_t k = 0; k < table.transmitted_fraction.size(); ++k) {
    EXPECT_DOUBLE_EQ(table.transmitted_fraction[k], shipped().transmitted_fraction[k]);
    EXPECT_DOUBLE_EQ(table.delay_ms[k], shipped().delay_ms[k]);
  }
}

// Velocity of the intact fibres: it grows with diameter and with temperature, and at 37 °C it is 2.6 to 2.8
// m/s for each um of the fibre's outer diameter (2.65 to 2.76 where this was written; docs/axon.md says
// what is published). A diameter scaled otherwise, or another sheath, leaves the range.
TEST(ConductionTable, IntactVelocityGrowsWithDiameterAndTemperature) {
  const TableModel model = load_table_model(parameters());
  const ConductionTable& t = shipped();
  const auto velocity = [&t](std::size_t d, std::size_t celsius) {
    return t.fibres[d * t.axes.celsius.size() + celsius].velocity_m_per_s;
  };
  constexpr std::size_t body = 3;
  ASSERT_EQ(t.axes.celsius[body], 37.0);
  for (std::size_t d = 0; d < t.axes.diameter_um.size(); ++d) {
    const double axon_um = t.axes.diameter_um[d];
    const int wraps = wraps_of_g_ratio(model.fibre, axon_um, model.periaxonal_width_nm, model.g_ratio);
    const double sheath_nm = model.periaxonal_width_nm + 2.0 * wraps * model.fibre.membrane_spacing_nm;
    const double per_um = velocity(d, body) / (axon_um + 2e-3 * sheath_nm);
    EXPECT_GT(per_um, 2.6) << axon_um;
    EXPECT_LT(per_um, 2.8) << axon_um;
    for (std::size_t k = 0; k < t.axes.celsius.size(); ++k) {
      const double thinner = d > 0 ? velocity(d - 1, k) : 0.0, cooler = k > 0 ? velocity(d, k - 1) : 0.0;
      EXPECT_GT(velocity(d, k), thinner) << axon_um << ", " << t.axes.celsius[k];
      EXPECT_GT(velocity(d, k), cooler) << axon_um << ", " << t.axes.celsius[k];
    }
  }
}

TEST(ConductionTable, LengthAndHeatBlockBareAxonsAndSheathsHelp) {
  const ConductionTable& t = shipped();
  double before = 1.0;
  for (double mm = 0.0; mm < 1.0; mm += 0.01) {
    const double now = t.at(k_mix, Lesion::fresh, 0.0, 37.0, mm).transmitted_fraction;
    EXPECT_LE(now, before + 1e-12) << mm;
    before = now;
  }
  // Through a millimetre only thin fibres get, whose nodes lie close together.
  EXPECT_LT(before, 0.2);
  for (std::size_t d = 0; d < t.axes.diameter_um.size(); ++d) {
    const double critical_um = t.fibres[d * t.axes.celsius.size() + 3].state[0].critical_um;
    if (t.axes.diameter_um[d] > 0.8) {
      EXPECT_LT(critical_um, 300.0) << t.axes.diameter_um[d];
    } else if (t.axes.diameter_um[d] < 0.5) {
      EXPECT_GT(critical_um, 500.0) << t.axes.diameter_um[d];
    }
  }
  before = 1.0;
  for (double celsius = 33.0; celsius <= 40.0; celsius += 0.25) {
    const double now = t.at(k_mix, Lesion::fresh, 0.0, celsius, 0.25).transmitted_fraction;
    EXPECT_LE(now, before + 1e-12) << celsius;
    before = now;
  }
  EXPECT_LT(before, 0.5 * t.at(k_mix, Lesion::fresh, 0.0, 36.0, 0.25).transmitted_fraction);
  // Repaired fibres conduct, the slower the fewer wraps, and the later the longer the lesion.
  EXPECT_EQ(t.at(k_mix, Lesion::fresh, 0.3, 37.0, 5.0).transmitted_fraction, 1.0);
  EXPECT_GT(t.at(k_mix, Lesion::fresh, 0.15, 37.0, 5.0).delay_ms,
            t.at(k_mix, Lesion::fresh, 0.5, 37.0, 5.0).delay_ms);
  EXPECT_GT(t.at(k_mix, Lesion::adapted, 0.0, 37.0, 2.0).delay_ms,
            t.at(k_mix, Lesion::adapted, 0.0, 37.0, 1.0).delay_ms);
}

TEST(ConductionTable, ReadsBetweenAndBeyondItsPoints) {
  const ConductionTable& t = shipped();
  const auto same = [](const Conduction& a, const Conduction& b) {
    EXPECT_DOUBLE_EQ(a.transmitted_fraction, b.transmitted_fraction);
    EXPECT_DOUBLE_EQ(a.delay_ms, b.delay_ms);
  };
  const std::size_t at = t.index(0, Lesion::fresh, 0, 3, 8);
  const Conduction there = t.at(k_mix, Lesion::fresh, 0.0, t.axes.celsius[3], t.axes.length_mm[8]);
  EXPECT_DOUBLE_EQ(there.transmitted_fraction, t.transmitted_fraction[at]);
  EXPECT_DOUBLE_EQ(there.delay_ms, t.delay_ms[at]);
  same(t.at(k_mix, Lesion::fresh, 0.0, 20.0, 0.2), t.at(k_mix, Lesion::fresh, 0.0, 33.0, 0.2));
  same(t.at(k_mix, Lesion::fresh, 0.0, 44.0, 0.2), t.at(k_mix, Lesion::fresh, 0.0, 40.0, 0.2));
  same(t.at(k_mix, Lesion::fresh, 2.0, 37.0, 0.2), t.at(k_mix, Lesion::fresh, 1.0, 37.0, 0.2));
  same(t.at(k_mix, Lesion::fresh, 0.0, 37.0, -1.0), {1.0, 0.0});
  const double five = t.at(k_mix, Lesion::fresh, 0.3, 37.0, 5.0).delay_ms;
  const double two = t.at(k_mix, Lesion::fresh, 0.3, 37.0, 2.0).delay_ms;
  EXPECT_NEAR(t.at(k_mix, Lesion::fresh, 0.3, 37.0, 8.0).delay_ms, five + (five - two), 1e-9);
  EXPECT_THROW((void)t.at("femoral", Lesion::fresh, 0.0, 37.0, 0.2), std::invalid_argument);
  EXPECT_THROW((void)t.at(k_mix, Lesion::fresh, 0.0, std::nan(""), 0.2), std::invalid_argument);
}

// Straight lines beyond the longest simulated lesion are right where the delay grows evenly within it.
TEST(ConductionTable, DelaysOfRepairedFibresGrowEvenly) {
  int compared = 0;
  for (const FibreResponses& fibre : shipped().fibres) {
    for (std::size_t s = 1; s < 4; ++s) {
      const FibreResponse& r = fibre.state[s];
      if (std::isfinite(r.critical_um)) continue;
      ++compared;
      const auto slope = [&r](std::size_t k) {
        return (r.delay_ms[k + 1] - r.delay_ms[k]) / (r.length_um[k + 1] - r.length_um[k]);
      };
      EXPECT_NEAR(slope(3) / slope(2), 1.0, 0.03) << s;
    }
  }
  EXPECT_GT(compared, 150);  // of 9 diameters at 7 temperatures with 3 sheaths: few are blocked
}

TEST(ConductionTable, SurvivesItsFile) {
  const hortega::testing_support::TemporaryFolder folder;
  const std::string path = (folder.path() / "conduction.nc").string();
  write_conduction_table(shipped(), path);
  const ConductionTable back = read_conduction_table(path);
  EXPECT_EQ(back.mix, shipped().mix);
  EXPECT_EQ(back.transmitted_fraction, shipped().transmitted_fraction);
  EXPECT_EQ(back.delay_ms, shipped().delay_ms);
  EXPECT_EQ(back.fibres[7].state[0].delay_ms, shipped().fibres[7].state[0].delay_ms);
  EXPECT_THROW(read_conduction_table((folder.path() / "absent.nc").string()), core::RunError);
  std::ofstream(folder.path() / "no.nc") << "no table";
  EXPECT_THROW(read_conduction_table((folder.path() / "no.nc").string()), core::RunError);
}

}  // namespace
}  // namespace hortega::axon
