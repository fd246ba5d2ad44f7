// SPDX-License-Identifier: Apache-2.0
// Sobol's sequence by Boost.Random, with a digital shift.
#include "hortega/analysis/low_discrepancy.hpp"

#include <boost/random/sobol.hpp>
#include <stdexcept>

#include "hortega/core/random.hpp"

namespace hortega::analysis {

std::vector<double> sobol_points(std::size_t n, std::size_t dimensions, std::uint64_t seed) {
  if (dimensions == 0 || dimensions > k_most_sobol_dimensions)
    throw std::invalid_argument("Sobol's sequence has no such dimension");
  using Engine = boost::random::sobol_engine<std::uint32_t, 32U>;
  Engine engine(dimensions);
  std::vector<std::uint32_t> shift(dimensions);
  for (std::size_t j = 0; j < dimensions; ++j) {
    shift[j] = core::draw({seed, static_cast<std::uint32_t>(j), 0}, core::Purpose::verification, 0, 0)[0];
  }
  std::vector<double> points;
  points.reserve(n * dimensions);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < dimensions; ++j) {
      const std::uint32_t word = i == 0 ? 0U : engine();  // Boost leaves the origin out
      points.push_back(core::to_uniform(word ^ shift[j]));
    }
  }
  return points;
}

}  // namespace hortega::analysis
