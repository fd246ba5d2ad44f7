// SPDX-License-Identifier: Apache-2.0
// Pictures of a grid: indexed colours, written as PNG.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hortega::output {

using Colour = std::array<std::uint8_t, 3>;

struct Picture {
  std::size_t width = 0;
  std::size_t height = 0;
  std::vector<std::uint8_t> pixels;  ///< rows from the top; an index into the palette
  std::vector<Colour> palette;       ///< at most 256
};

/// `count` colours from one to the other.
std::vector<Colour> ramp(const Colour& from, const Colour& to, std::size_t count);

/// A PNG file (palette, deflate). Throws RunError.
std::string png(const Picture& picture);

/// "data:image/png;base64,...": for a page that asks for nothing.
std::string png_data_uri(const std::string& png_bytes);

/// A label map as NIfTI-1 (one file, unsigned bytes, voxel sizes in mm): x fastest, as many labels as voxels.
/// Throws std::logic_error if sizes differ.
std::string nifti_labels(const std::vector<std::uint8_t>& labels, std::size_t nx, std::size_t ny,
                         std::size_t nz, double dx_mm, double dz_mm, const std::string& description);

}  // namespace hortega::output
