// SPDX-License-Identifier: Apache-2.0
#include "hortega/output/picture.hpp"

#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>

#include "hortega/core/problems.hpp"

namespace hortega::output {

namespace {

void put_u32(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>((value >> shift) & 0xFFU));
}

void put_chunk(std::string& out, const char* type, const std::string& data) {
  put_u32(out, static_cast<std::uint32_t>(data.size()));
  const std::string body = type + data;
  out += body;
  put_u32(out, static_cast<std::uint32_t>(
                   crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()))));
}

}  // namespace

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

std::string png(const Picture& picture) {
  std::string out("\x89PNG\r\n\x1a\n", 8);
  std::string head;
  put_u32(head, static_cast<std::uint32_t>(picture.width));
  put_u32(head, static_cast<std::uint32_t>(picture.height));
  head += std::string("\x08\x03\x00\x00\x00", 5);  // 8 bits, palette, deflate, one filter set, no interlace
  put_chunk(out, "IHDR", head);
  std::string palette;
  for (const Colour& c : picture.palette) {
    for (const std::uint8_t part : c) palette.push_back(static_cast<char>(part));
  }
  put_chunk(out, "PLTE", palette);
  std::string raw;
  raw.reserve((picture.width + 1) * picture.height);
  for (std::size_t y = 0; y < picture.height; ++y) {
    raw.push_back('\0');
    raw.append(reinterpret_cast<const char*>(picture.pixels.data()) + y * picture.width, picture.width);
  }
  uLongf size = compressBound(static_cast<uLong>(raw.size()));
  std::string packed(size, '\0');
  if (compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(raw.data()),
                static_cast<uLong>(raw.size()), Z_BEST_COMPRESSION) != Z_OK)
    throw core::RunError("a picture could not be compressed");
  packed.resize(size);
  put_chunk(out, "IDAT", packed);
  put_chunk(out, "IEND", "");
  return out;
}

std::string png_data_uri(const std::string& bytes) {
  static constexpr char k_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out = "data:image/png;base64,";
  out.reserve(out.size() + bytes.size() * 4 / 3 + 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k)
      group =
          group << 8 | (k < have ? static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i + k])) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      out.push_back(k <= have ? k_digits[(group >> (18 - 6 * k)) & 63U] : '=');
  }
  return out;
}

std::string nifti_labels(const std::vector<std::uint8_t>& labels, std::size_t nx, std::size_t ny,
                         std::size_t nz, double dx_mm, double dz_mm, const std::string& description) {
  if (labels.size() != nx * ny * nz) throw std::logic_error("as many labels as voxels");
  constexpr std::size_t k_header = 348;
  constexpr std::size_t k_data = 352;
  std::string out(k_data, '\0');
  const auto put = [&out](std::size_t at, const auto& value) {
    std::memcpy(out.data() + at, &value, sizeof value);
  };
  put(0, static_cast<std::int32_t>(k_header));
  const std::int16_t dim[8] = {
      3, static_cast<std::int16_t>(nx), static_cast<std::int16_t>(ny), static_cast<std::int16_t>(nz), 1, 1, 1,
      1};
  put(40, dim);
  put(70, std::int16_t{2});  // unsigned char
  put(72, std::int16_t{8});
  const float pixdim[8] = {
      1.0F, static_cast<float>(dx_mm), static_cast<float>(dx_mm), static_cast<float>(dz_mm), 1.0F, 1.0F, 1.0F,
      1.0F};
  put(76, pixdim);
  put(108, static_cast<float>(k_data));
  put(112, 1.0F);            // scl_slope
  put(123, std::int8_t{2});  // mm
  std::memcpy(out.data() + 148, description.data(), std::min<std::size_t>(79, description.size()));
  put(254, std::int16_t{1});  // sform: scanner coordinates
  const float rows[3][4] = {{static_cast<float>(dx_mm), 0.0F, 0.0F, 0.0F},
                            {0.0F, static_cast<float>(dx_mm), 0.0F, 0.0F},
                            {0.0F, 0.0F, static_cast<float>(dz_mm), 0.0F}};
  put(280, rows);
  std::memcpy(out.data() + 344, "n+1", 4);
  out.append(reinterpret_cast<const char*>(labels.data()), labels.size());
  return out;
}

}  // namespace hortega::output
