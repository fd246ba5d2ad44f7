// SPDX-License-Identifier: Apache-2.0
#include "hortega/output/nifti.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace hortega::output {

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
