// SPDX-License-Identifier: Apache-2.0
// PNG (W3C 2003), eight bits with a palette.
#include "hortega/output/picture.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "hortega/output/deflate.hpp"

namespace hortega::output {
namespace {

void append_u32(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>((value >> shift) & 0xFFU);
}

std::uint32_t crc32(std::string_view bytes) {
  static const auto table = [] {
    std::array<std::uint32_t, 256> t{};
    for (std::uint32_t n = 0; n < 256; ++n) {
      std::uint32_t c = n;
      for (int k = 0; k < 8; ++k) c = (c & 1U) != 0 ? 0xEDB88320U ^ (c >> 1) : c >> 1;
      t[n] = c;
    }
    return t;
  }();
  std::uint32_t c = 0xFFFFFFFFU;
  for (const char byte : bytes) c = table[(c ^ static_cast<unsigned char>(byte)) & 0xFFU] ^ (c >> 8);
  return ~c;
}

void append_chunk(std::string& out, std::string_view type, std::string_view data) {
  append_u32(out, static_cast<std::uint32_t>(data.size()));
  const std::string body = std::string(type) + std::string(data);
  out += body;
  append_u32(out, crc32(body));
}

}  // namespace

const Palette& palette() {
  // Nine colours of the viridis scale (van der Walt and Smith, CC0), straight lines between.
  static const Palette all = [] {
    constexpr std::array<std::array<int, 3>, 9> anchors = {{{68, 1, 84},
                                                            {71, 45, 123},
                                                            {59, 82, 139},
                                                            {44, 114, 142},
                                                            {33, 145, 140},
                                                            {40, 174, 128},
                                                            {94, 201, 98},
                                                            {173, 220, 48},
                                                            {253, 231, 37}}};
    Palette p{};
    for (std::size_t i = 0; i < 256; ++i) {
      const double at = static_cast<double>(i) / 255.0 * 8.0;
      const auto k = std::min<std::size_t>(7, static_cast<std::size_t>(at));
      for (std::size_t c = 0; c < 3; ++c)
        p[i][c] = static_cast<std::uint8_t>(
            std::lround(anchors[k][c] + (at - static_cast<double>(k)) * (anchors[k + 1][c] - anchors[k][c])));
    }
    return p;
  }();
  return all;
}

std::vector<Colour> ramp(const Colour& from, const Colour& to, std::size_t count) {
  std::vector<Colour> all;
  all.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    Colour c{};
    for (std::size_t k = 0; k < 3; ++k) {
      const double share = count < 2 ? 0.0 : static_cast<double>(i) / static_cast<double>(count - 1);
      c[k] = static_cast<std::uint8_t>(std::lround(from[k] + share * (to[k] - from[k])));
    }
    all.push_back(c);
  }
  return all;
}

std::uint8_t level(double value, double low, double high) {
  return static_cast<std::uint8_t>(std::lround(255.0 * std::clamp((value - low) / (high - low), 0.0, 1.0)));
}

std::string png(const std::vector<std::uint8_t>& levels, std::size_t width, std::size_t height,
                std::size_t scale) {
  return png({width, height, levels, {palette().begin(), palette().end()}}, scale);
}

std::string png(const Picture& picture, std::size_t scale) {
  const auto& [width, height, levels, palette] = picture;
  if (levels.size() != width * height || width == 0 || height == 0 || scale == 0)
    throw std::invalid_argument("a picture needs as many levels as it has points");
  if (palette.empty() || palette.size() > 256 ||
      *std::max_element(levels.begin(), levels.end()) >= palette.size())
    throw std::invalid_argument("a picture needs a colour for each level, at most 256");
  std::string out("\x89PNG\r\n\x1a\n", 8);
  std::string header;
  append_u32(header, static_cast<std::uint32_t>(width * scale));
  append_u32(header, static_cast<std::uint32_t>(height * scale));
  header += std::string("\x08\x03\x00\x00\x00", 5);  // eight bits, palette
  append_chunk(out, "IHDR", header);
  std::string colours;
  for (const Colour& colour : palette)
    for (const std::uint8_t part : colour) colours += static_cast<char>(part);
  append_chunk(out, "PLTE", colours);
  std::string rows;
  rows.reserve((width * scale + 1) * height * scale);
  for (std::size_t y = 0; y < height; ++y) {
    std::string row(1, '\0');  // no filter
    for (std::size_t x = 0; x < width; ++x) row.append(scale, static_cast<char>(levels[y * width + x]));
    for (std::size_t k = 0; k < scale; ++k) rows += row;
  }
  append_chunk(out, "IDAT", zlib_stream(rows));
  append_chunk(out, "IEND", {});
  return out;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t k = 0; k < 3; ++k)
      three = (three << 8) | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      out += i + k <= bytes.size() ? digits[(three >> (18 - 6 * k)) & 0x3FU] : '=';
  }
  return out;
}

}  // namespace hortega::output
