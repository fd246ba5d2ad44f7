// SPDX-License-Identifier: Apache-2.0
// Pictures of numbers: PNG files with a palette, without a library.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hortega::output {

/// Red, green, blue.
using Colour = std::array<std::uint8_t, 3>;

/// 256 levels; dark blue to yellow, lighter all the way, so that it reads in grey as
/// well.
using Palette = std::array<Colour, 256>;
const Palette& palette();

/// Level of a value between `low` (0) and `high` (255).
std::uint8_t level(double value, double low, double high);

/// `count` colours from one to the other, both included.
std::vector<Colour> ramp(const Colour& from, const Colour& to, std::size_t count);

struct Picture {
  std::size_t width = 0;
  std::size_t height = 0;
  std::vector<std::uint8_t> levels;  ///< rows from the top; each an index into the palette
  std::vector<Colour> palette;       ///< at most 256
};

/// A PNG of it, each level a square of `scale` pixels. Throws std::invalid_argument if there are not as many
/// levels as points or a level has no colour.
std::string png(const Picture& picture, std::size_t scale = 1);

/// The same in palette(): `width` x `height` levels, row by row from the top; each level fills a square of
/// `scale` pixels. Throws std::invalid_argument if the levels are not so many.
std::string png(const std::vector<std::uint8_t>& levels, std::size_t width, std::size_t height,
                std::size_t scale = 1);

std::string base64(std::string_view bytes);

}  // namespace hortega::output
