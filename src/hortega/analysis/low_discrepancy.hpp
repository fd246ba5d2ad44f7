// SPDX-License-Identifier: Apache-2.0
// Sobol's quasi-random sequence: points that fill a cube more evenly than random ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hortega::analysis {

/// Most dimensions for which there are direction numbers.
inline constexpr std::size_t k_most_sobol_dimensions = 3667;

/// The first n points of Sobol's sequence, the origin included, with the direction numbers of Joe & Kuo 2008
/// (doi:10.1137/070709359) as Boost.Random has them, shifted digit by digit (Owen 2003) with `seed`: a random
/// set that keeps the net's evenness. Row-major, n x dimensions, each in the open interval (0, 1). Best with
/// n a power of two. Throws std::invalid_argument for 0 or too many dimensions.
std::vector<double> sobol_points(std::size_t n, std::size_t dimensions, std::uint64_t seed);

}  // namespace hortega::analysis
