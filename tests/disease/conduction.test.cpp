// SPDX-License-Identifier: Apache-2.0
//
// The person's conduction is the table's: at its temperatures to the last digits, in the directions that
// heat, cold and intact myelin ask for, and nothing runs without the table.
#include "hortega/disease/conduction.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include "hortega/axon/conduction_file.hpp"
#include "hortega/axon/conduction_table.hpp"
#include "hortega/core/math.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/disease/disability.hpp"
#include "people.hpp"
#include "support/temporary_folder.hpp"

namespace hortega::disease {
namespace {

using axon::Lesion;

const axon::ConductionTable& table() {
  static const axon::ConductionTable t =
      axon::read_conduction_table(std::string(HORTEGA_SOURCE_DIR) + "/data/tables/conduction.nc");
  return t;
}

/// Mean over n equally likely lesions of what fails, straight from the table.
double failing(const Parameters& p, std::string_view mix, double celsius, double adapted, double wraps,
               std::size_t n) {
  double sum = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    const double z = math::normal_quantile((static_cast<double>(i) + 0.5) / static_cast<double>(n));
    const double mm = p.bare_length.value * std::exp(p.bare_length.spread * z);
    sum += 1.0 - adapted * table().at(mix, Lesion::adapted, wraps, celsius, mm).transmitted_fraction -
           (1.0 - adapted) * table().at(mix, Lesion::fresh, wraps, celsius, mm).transmitted_fraction;
  }
  return sum / static_cast<double>(n);
}

TEST(PersonConduction, IsTheTableAtItsTemperatures) {
  const Parameters& p = testing::parameters();
  const Rates r = make_rates(p);
  const double adapted = p.bare_adapted_share.value, wraps = p.remyelinated_wraps.value;
  for (std::size_t k = 0; k < k_systems; ++k) {
    for (const double celsius : table().axes.celsius) {
      const Heat<double> heat = heat_of(r, celsius - r.body_celsius);
      const double bare = bare_loss_of_function(r, k, 0.0, heat);
      EXPECT_NEAR(bare, failing(p, k_system_mixes[k], celsius, adapted, 0.0, 100), 1e-12) << k << celsius;
      EXPECT_NEAR(at_heat(r.conduction.remyelinated_loss[k], heat),
                  failing(p, k_system_mixes[k], celsius, 0.0, wraps, 100), 1e-12);
      // A hundred lesions stand for all of them.
      EXPECT_NEAR(bare, failing(p, k_system_mixes[k], celsius, adapted, 0.0, 20000), 2e-3) << k << celsius;
    }
  }
  const auto delay = [&](Lesion state, double wrap_share, const char* mix, double celsius) {
    return table().at(mix, state, wrap_share, celsius, p.optic_lesion_length.value).delay_ms;
  };
  for (const double celsius : table().axes.celsius) {
    const Heat<double> heat = heat_of(r, celsius - r.body_celsius);
    EXPECT_NEAR(at_heat(r.conduction.optic_nerve.bare, heat),
                delay(Lesion::adapted, 0.0, "optic-nerve", celsius), 1e-12);
    EXPECT_NEAR(at_heat(r.conduction.optic_nerve.remyelinated, heat),
                delay(Lesion::fresh, wraps, "optic-nerve", celsius), 1e-12);
    EXPECT_NEAR(at_heat(r.conduction.optic_radiation.bare, heat),
                delay(Lesion::adapted, 0.0, "callosal", celsius), 1e-12);
  }
}

TEST(PersonConduction, RunsStraightBetweenTemperaturesAndStopsAtTheEnds) {
  const Rates r = make_rates(testing::parameters());
  const std::size_t k = index(System::pyramidal);
  const auto at = [&](double celsius) {
    return bare_loss_of_function(r, k, 0.0, heat_of(r, celsius - r.body_celsius));
  };
  EXPECT_NEAR(at(37.25), 0.75 * at(37.0) + 0.25 * at(38.0), 1e-12);
  EXPECT_NEAR(at(34.0), 0.5 * (at(33.0) + at(35.0)), 1e-12);
  EXPECT_EQ(at(20.0), at(33.0));
  EXPECT_EQ(at(45.0), at(40.0));
}

// A walk of loss over the person: heat worsens and cold betters who has bare fibres, and nobody else.
TEST(PersonConduction, HeatAndColdActOnBareFibresOnly) {
  const Parameters& p = testing::parameters();
  const Rates r = make_rates(p);
  Person who = make_person(p, 1, 1);
  const auto walk = [&](double fever) {
    double grade[k_systems], loss = 0.0;
    grades_of(r, who.state, who.traits, fever, BlockedFibres::counted, grade, loss);
    return loss;
  };
  for (std::size_t k = 0; k < k_systems; ++k) {
    who.state.lost[k] = 0.1;
    who.state.blocked[k] = 0.05;
    who.state.remyelinated[k] = 0.2;
  }
  for (const double fever : {-4.0, -1.0, 0.5, 2.0, 3.0}) EXPECT_EQ(walk(fever), walk(0.0)) << fever;
  for (std::size_t k = 0; k < k_systems; ++k) who.state.bare[k] = 0.1;
  EXPECT_GT(walk(0.5), walk(0.0));
  EXPECT_GT(walk(2.0), walk(0.5));
  EXPECT_LT(walk(-1.0), walk(0.0));
  EXPECT_LT(walk(-4.0), walk(-1.0));
}

// Long stretches block and channels along the axon rescue, at the parameters' own scale.
TEST(PersonConduction, FollowsLengthAndAdaptation) {
  const auto loss = [](double length_mm, double adapted) {
    Parameters p = testing::parameters();
    p.bare_length.value = length_mm;
    p.bare_adapted_share.value = adapted;
    const Rates r = make_rates(p);
    return bare_loss_of_function(r, index(System::pyramidal), 0.0, heat_of(r, 0.0));
  };
  EXPECT_LT(loss(0.02, 0.0), 1e-6);
  EXPECT_GT(loss(0.7, 0.0), loss(0.3, 0.0));
  EXPECT_GT(loss(5.0, 0.0), 0.9);
  EXPECT_LT(loss(0.7, 1.0), loss(0.7, 0.5));
  EXPECT_LT(loss(0.7, 0.5), loss(0.7, 0.0));
}

// The message names the file; a table of other things is refused as well.
TEST(PersonConduction, AMissingOrForeignTableIsTold) {
  const hortega::testing_support::TemporaryFolder folder;
  const auto told = [](const std::filesystem::path& file) {
    try {
      (void)read_person_conduction(file.string());
    } catch (const core::InputError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const std::filesystem::path absent = folder.path() / "absent.nc";
  EXPECT_NE(told(absent).find(absent.string()), std::string::npos);
  EXPECT_NE(told(absent).find("hortega axon tables"), std::string::npos);
  std::ofstream(folder.path() / "text.nc") << "no table";
  EXPECT_NE(told(folder.path() / "text.nc").find("no table of conduction"), std::string::npos);
  axon::ConductionTable other = table();
  other.mix[0] = "sciatic";
  axon::write_conduction_table(other, (folder.path() / "mix.nc").string());
  EXPECT_NE(told(folder.path() / "mix.nc").find("'optic-nerve'"), std::string::npos);
  other = table();
  other.transmitted_fraction[5] = 1.5;
  axon::write_conduction_table(other, (folder.path() / "share.nc").string());
  EXPECT_NE(told(folder.path() / "share.nc").find("transmitted_fraction"), std::string::npos);
}

}  // namespace
}  // namespace hortega::disease
