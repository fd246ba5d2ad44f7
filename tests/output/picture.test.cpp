// SPDX-License-Identifier: Apache-2.0
// Base64 against RFC 4648, levels and palettes; that a PNG can be read is shown by
// tests/program/axon_test.py.
#include "hortega/output/picture.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

namespace hortega::output {
namespace {

TEST(Picture, Base64OfTheStandard) {
  // RFC 4648, section 10.
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64(std::string("\xff\x00\xfe", 3)), "/wD+");
}

TEST(Picture, LevelsEndAtTheLimits) {
  EXPECT_EQ(level(-200.0, -95.0, 45.0), 0);
  EXPECT_EQ(level(-25.0, -95.0, 45.0), 128);
  EXPECT_EQ(level(1e9, -95.0, 45.0), 255);
}

TEST(Picture, PaletteGrowsLighter) {
  // The ends of viridis (matplotlib).
  EXPECT_EQ(palette().front(), (Colour{68, 1, 84}));
  EXPECT_EQ(palette().back(), (Colour{253, 231, 37}));
  double before = -1.0;
  for (const auto& c : palette()) {
    // Luma of Rec. 601.
    const double luma = 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2];
    EXPECT_GE(luma, before - 0.6);  // rounding of the three parts
    before = luma;
  }
}

TEST(Picture, RampsEndAtTheirColours) {
  const auto all = ramp({0, 10, 250}, {100, 10, 50}, 5);
  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(all[0], (Colour{0, 10, 250}));
  EXPECT_EQ(all[1], (Colour{25, 10, 200}));
  EXPECT_EQ(all[4], (Colour{100, 10, 50}));
}

TEST(Picture, RefusesALevelWithoutAColour) {
  EXPECT_EQ(png({1, 2, {0, 1}, ramp({0, 0, 0}, {255, 255, 255}, 2)}).substr(1, 3), "PNG");
  EXPECT_THROW(png({1, 2, {0, 2}, ramp({0, 0, 0}, {255, 255, 255}, 2)}), std::invalid_argument);
  EXPECT_THROW(png({1, 1, {0}, {}}), std::invalid_argument);
}

TEST(Picture, RefusesAWrongNumberOfLevels) {
  EXPECT_THROW(png({1, 2, 3}, 2, 2), std::invalid_argument);
  EXPECT_THROW(png({}, 0, 0), std::invalid_argument);
  EXPECT_EQ(png({0, 255, 3, 7}, 2, 2).substr(1, 3), "PNG");
}

}  // namespace
}  // namespace hortega::output
