// SPDX-License-Identifier: Apache-2.0
#include "hortega/output/population.hpp"

#include <fmt/format.h>

#include "hortega/output/words.hpp"

namespace hortega::output {

std::string lives_words(const trial::PopulationReport& population) {
  if (population.pools < 2) return show_count(population.lives) + " lives";
  const std::string least = show_count(population.smallest_pool);
  const std::string most = show_count(population.largest_pool);
  return fmt::format("{} pools of {} lives", show_count(population.pools),
                     least == most ? least : least + " to " + most);
}

}  // namespace hortega::output
