// SPDX-License-Identifier: Apache-2.0
// Label maps as NIfTI-1 (Cox et al. 2004), for viewers of brain images.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hortega::output {

/// A label map in one file (unsigned bytes, voxel sizes in mm): x fastest, as many labels as voxels.
/// Throws std::logic_error if sizes differ.
std::string nifti_labels(const std::vector<std::uint8_t>& labels, std::size_t nx, std::size_t ny,
                         std::size_t nz, double dx_mm, double dz_mm, const std::string& description);

}  // namespace hortega::output
