// SPDX-License-Identifier: Apache-2.0
// Quantities with units: what is read, and what is refused with which words.
#include "hortega/core/quantity.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace hortega::core {
namespace {

struct Good {
  const char* text;
  Kind kind;
  double value;  // by hand from the definition of the unit; exact
};

TEST(Quantity, ReadsUnitsIntoTheInternalUnitExactly) {
  const std::vector<Good> cases{
      {"200 mg/kg", Kind::dose_per_body_weight, 200},
      {"16 ug/kg", Kind::dose_per_body_weight, 0.016},
      {"16 \u00B5g/kg", Kind::dose_per_body_weight, 0.016},
      {"16 \u03BCg/kg", Kind::dose_per_body_weight, 0.016},
      {"2 mcg/kg", Kind::dose_per_body_weight, 0.002},
      {"0.2 g/kg", Kind::dose_per_body_weight, 200},
      {"10 ug/kg/d", Kind::dose_per_body_weight_rate, 0.01},
      {"2 g/m2", Kind::dose_per_body_area, 2000},
      {"2 g/m^2", Kind::dose_per_body_area, 2000},
      {"2 g/m\u00B2", Kind::dose_per_body_area, 2000},
      {"200 mg/m2/day", Kind::dose_per_body_area_rate, 200},
      {"300 mg", Kind::dose_mass, 300},
      {"0.5 mg/day", Kind::dose_mass_rate, 0.5},
      {"1e6 cells/kg", Kind::cells_per_body_weight, 1e6},
      {"4e6cells/kg", Kind::cells_per_body_weight, 4e6},
      {"1e8 cells", Kind::cells, 1e8},
      {"0.5 1e9/L", Kind::cell_concentration, 0.5},
      {"0.5 10^9/L", Kind::cell_concentration, 0.5},
      {"500 cells/uL", Kind::cell_concentration, 0.5},
      {"500 /uL", Kind::cell_concentration, 0.5},
      {"200 cells/mm3", Kind::cell_concentration, 0.2},
      {"6 months", Kind::time, 182.625},  // 6 x 30.4375 d
      {" 6\tmonths ", Kind::time, 182.625},
      {"18 years", Kind::time, 6574.5},  // 18 x 365.25 d
      {"2 yr", Kind::time, 730.5},
      {"3 weeks", Kind::time, 21},
      {"5d", Kind::time, 5},
      {"36 hours", Kind::time, 1.5},
      {"90 min", Kind::time, 0.0625},
      {"-3 days", Kind::time, -3},
      {"5 %", Kind::fraction, 0.05},
      {"5%", Kind::fraction, 0.05},
      {"0.05", Kind::fraction, 0.05},
      {"1.5", Kind::dimensionless, 1.5},
      {"1 1/year", Kind::rate, 1 / 365.25},
      {"1/year", Kind::rate, 1 / 365.25},
      {"8 MIU", Kind::activity, 8e6},
      {"800 cGy", Kind::radiation_dose, 8},
      {"1200 EUR", Kind::money_eur, 1200},
      {"1200 \u00A3", Kind::money_gbp, 1200},
      {"70 kg", Kind::mass, 70},
      {"70000 g", Kind::mass, 70},
      {"5 um", Kind::length, 0.005},
      {"1.8 m2", Kind::area, 1.8},
      {"0.3 L", Kind::volume, 300},
      {"10 mL/min", Kind::volume_rate, 14.4},  // x 1440 min / 1000
      {"8 ug/mL", Kind::concentration, 8},
      {"30 nmol/L", Kind::molar_concentration, 30},
      {"110 patients", Kind::people, 110},
      {"3 lesions", Kind::lesions, 3},
  };
  for (const auto& c : cases) {
    const auto result = parse_quantity(c.text, c.kind);
    EXPECT_TRUE(result.ok()) << c.text << ": " << result.message;
    EXPECT_EQ(result.value, c.value) << c.text;
  }
}

struct Bad {
  const char* text;
  Kind kind;
  const char* message;
  const char* suggestion;
};

TEST(Quantity, RefusesWhatDoesNotFitAndSuggestsWhatDoes) {
  const std::vector<Bad> cases{
      {"6 monts", Kind::time, "'monts' is no known unit", "6 months"},
      {"10 dayz", Kind::time, "'dayz' is no known unit", "10 days"},
      {"6 m", Kind::time, "'m' is no unit of time", "6 months"},
      {"6 a", Kind::time, "'a' is no unit of time", ""},  // the are, an area
      {"6", Kind::time, "'6' has no unit", ""},  // of days, weeks, months and years none is the likely one
      {"300", Kind::dose_mass, "'300' has no unit", "300 mg"},
      {"6 mg", Kind::time, "'mg' is no unit of time", ""},
      {"6 Julian_year", Kind::time, "'Julian_year' is no known unit", ""},
      {"days", Kind::time, "'days' does not begin with a number", ""},
      {"", Kind::time, "the quantity is empty", ""},
      {"nan days", Kind::time, "'nan days' is no finite number", ""},
      {"inf days", Kind::time, "'inf days' is no finite number", ""},
      {"1e999 days", Kind::time, "the number of '1e999 days' is too large or too small", ""},
      {"2,5 days", Kind::time, "'2,5 days' has ',' inside its number", "2.5 days"},
      {"1 000 days", Kind::time, "'1 000 days' has a blank inside its number", ""},
      {"37 degC", Kind::time, "'degC' is no known unit", ""},
      {"6 m 2", Kind::length, "a unit has no blanks inside", ""},
      {"5 %", Kind::dose_per_body_weight, "'%' is no unit of dose per body weight", ""},
      {"5 mg/kg", Kind::fraction, "'mg/kg' is no unit of fraction", ""},
      {"200 mg/m2", Kind::dose_per_body_weight, "'mg/m2' is no unit of dose per body weight", ""},
      {"5 mg/g", Kind::dose_per_body_weight, "'mg/g' is no unit of dose per body weight", ""},
      {"200 mg kg-1", Kind::dose_per_body_weight, "a unit has no blanks inside", ""},
      {"200 mg/kgs", Kind::dose_per_body_weight, "'kgs' is no known unit", "200 mg/kg"},
      {"1e6 cels/kg", Kind::cells_per_body_weight, "'cels' is no known unit", "1e6 cells/kg"},
      {"1e6 people/kg", Kind::cells_per_body_weight, "'people/kg' is no unit of cells per body weight", ""},
      {"2x10^6 cells/kg", Kind::cells_per_body_weight,
       "'2x10^6 cells/kg' has a power of ten that is not understood", "2e6 cells/kg"},
      {"0.5 10*9/L", Kind::cell_concentration, "'*' in a unit is ambiguous", "0.5 1e9/L"},
      {"10^9/L", Kind::cell_concentration, "'10^9/L' has no number before its unit", "1 10^9/L"},
      {"10 mg/(kg day)", Kind::dose_per_body_weight_rate, "a unit has no blanks inside", "10 mg/kg/day"},
      {"5 mL/min/1.73m2", Kind::volume_rate, "'1.73m2' is no unit", ""},
      {"1200 EUR", Kind::money_gbp, "'EUR' is no unit of amount in pounds", ""},
      {"1.5 mg", Kind::dimensionless, "'mg' is no unit of number", ""},
      {"3 mg/", Kind::dose_mass, "the unit ends with '/'", "3 mg"},
  };
  for (const auto& c : cases) {
    const auto result = parse_quantity(c.text, c.kind);
    EXPECT_FALSE(result.ok()) << c.text << " was read as " << result.value;
    EXPECT_EQ(result.message, c.message) << c.text;
    EXPECT_EQ(result.suggestion, c.suggestion) << c.text;
  }
}

TEST(Quantity, ABareNumberOfTimeIsShownWithItsUnits) {
  EXPECT_EQ(parse_quantity("18", Kind::time).allowed,
            "time: '18 days', '18 weeks', '18 months' or '18 years'");
  EXPECT_EQ(with_likely_units("0.1", Kind::rate, '"'),
            "\"0.1 1/day\", \"0.1 1/week\", \"0.1 1/month\" or \"0.1 1/year\"");
  EXPECT_EQ(with_likely_units("300", Kind::dose_mass, '"'), "");
}

TEST(Quantity, SuggestionsCanBeRead) {
  for (const auto& [text, kind] : {std::pair{"6 monts", Kind::time},
                                   {"1e6 cels/kg", Kind::cells_per_body_weight},
                                   {"2x10^6 cells/kg", Kind::cells_per_body_weight},
                                   {"6", Kind::dose_mass}}) {
    const auto bad = parse_quantity(text, kind);
    EXPECT_TRUE(parse_quantity(bad.suggestion, kind).ok()) << bad.suggestion;
  }
}

TEST(Quantity, EveryKindReadsItsExampleItsUsualUnitsAndItsOwnWriting) {
  for (int i = 0; i <= static_cast<int>(Kind::money_usd); ++i) {
    const Kind kind = static_cast<Kind>(i);
    EXPECT_TRUE(parse_quantity(example_of(kind), kind).ok()) << example_of(kind);
    for (const auto& unit : usual_units(kind)) EXPECT_TRUE(parse_quantity("2 " + unit, kind).ok()) << unit;
    for (const double value : {0.1, 1.0 / 3.0, 182.625, 1e-9, 6.02214076e23, 0.0}) {
      const std::string text = format_quantity(value, kind);
      const auto back = parse_quantity(text, kind);
      EXPECT_TRUE(back.ok()) << text << ": " << back.message;
      EXPECT_EQ(back.value, value) << text;
    }
  }
}

TEST(Quantity, CanBeReadByThreadsAtTheSameTime) {
  std::vector<std::thread> threads;
  std::vector<int> good(4, 0);
  for (std::size_t t = 0; t < good.size(); ++t) {
    threads.emplace_back([&good, t] {
      for (int i = 0; i < 200; ++i)
        good[t] += parse_quantity("6 months", Kind::time).value == 182.625 ? 1 : 0;
    });
  }
  for (auto& thread : threads) thread.join();
  for (const int count : good) EXPECT_EQ(count, 200);
}

}  // namespace
}  // namespace hortega::core
