// SPDX-License-Identifier: Apache-2.0
// Published model with its own constants: Velez de Mendizabal 2011, doi:10.1186/1752-0509-5-114
//
// People of the Velez model, and the choice of instruction set (see velez.hpp).
#include "hortega/disease/velez.hpp"

#include "hortega/core/parallel.hpp"
#include "hortega/core/random.hpp"
#include "hortega/disease/velez_kernel.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace hortega::disease::velez {

template void simulate_block<double>(Block&);
template void simulate_block<core::Lanes<xsimd::sse2>>(Block&);

namespace {

constexpr double k_days_per_year = 365.0;
constexpr std::size_t k_block_people = 128;

// "Days" of the random stream: which list a draw is for.
constexpr std::uint32_t k_effector_stream = 0;
constexpr std::uint32_t k_regulatory_stream = 1;
constexpr std::uint32_t k_growth_stream = 2;

std::vector<double> poisson_days(const core::StreamKey& key, std::uint32_t stream, int days) {
  core::Draws draws(key, core::Purpose::verification, stream);
  std::vector<double> at;
  at.reserve(static_cast<std::size_t>(days) / 3 + 16);
  const double mean_gap = k_days_per_year / published.impulses_per_year;
  for (double t = mean_gap * draws.exponential(); t < days; t += mean_gap * draws.exponential())
    at.push_back(t);
  at.push_back(std::numeric_limits<double>::infinity());
  return at;
}

using BlockFunction = void (*)(Block&);

BlockFunction block_function(Lanes lanes) {
  switch (lanes) {
    case Lanes::best:
      if (available(Lanes::avx512)) return block_function(Lanes::avx512);
      if (available(Lanes::avx2)) return block_function(Lanes::avx2);
      return block_function(Lanes::sse2);
    case Lanes::one:
      return &simulate_block<double>;
    case Lanes::sse2:
      return &simulate_block<core::Lanes<xsimd::sse2>>;
    case Lanes::avx2:
      return &simulate_block<core::Lanes<xsimd::avx2>>;
    case Lanes::avx512:
      return &simulate_block<core::Lanes<xsimd::avx512bw>>;
  }
  throw std::invalid_argument("unknown instruction set");
}

}  // namespace

bool available(Lanes lanes) {
  const auto architectures = xsimd::available_architectures();
  switch (lanes) {
    case Lanes::avx2:
      return architectures.avx2 != 0;
    case Lanes::avx512:
      return architectures.avx512bw != 0;
    default:
      return true;
  }
}

Person draw_person(std::uint64_t seed, std::uint32_t person, int days) {
  const core::StreamKey key{seed, person, 0};
  core::Draws growth(key, core::Purpose::verification, k_growth_stream);
  const auto between = [&](double low, double high) { return low + (high - low) * growth.uniform(); };
  Person p;
  p.effector_growth = between(k_effector_growth_low, k_effector_growth_high);
  p.regulatory_growth = between(k_regulatory_growth_low, k_regulatory_growth_high);
  p.effector_influx_day = poisson_days(key, k_effector_stream, days);
  p.regulatory_influx_day = poisson_days(key, k_regulatory_stream, days);
  return p;
}

Courses simulate(std::uint64_t seed, std::uint32_t first_person, std::size_t n_people, int days,
                 double tolerance, Lanes lanes) {
  if (days < 1 || !(tolerance > 0.0))
    throw std::invalid_argument("velez: days and tolerance must be positive");
  if (!available(lanes)) throw std::invalid_argument("velez: instruction set not available here");
  const BlockFunction run = block_function(lanes);
  Courses courses;
  courses.effector_cells.resize(n_people * static_cast<std::size_t>(days));
  courses.final_state.resize(n_people);
  const std::size_t n_blocks = (n_people + k_block_people - 1) / k_block_people;
  std::vector<std::uint64_t> steps(n_blocks, 0);
  core::parallel_for(n_blocks, [&](std::size_t b) {
    const std::size_t first = b * k_block_people;
    const std::size_t n = std::min(k_block_people, n_people - first);
    std::vector<Person> people(n);
    std::vector<double> effector_growth(n);
    std::vector<double> regulatory_growth(n);
    std::vector<const double*> effector_influx(n);
    std::vector<const double*> regulatory_influx(n);
    std::vector<double> states(n * n_variables);
    for (std::size_t i = 0; i < n; ++i) {
      people[i] = draw_person(seed, first_person + static_cast<std::uint32_t>(first + i), days);
      effector_growth[i] = people[i].effector_growth;
      regulatory_growth[i] = people[i].regulatory_growth;
      effector_influx[i] = people[i].effector_influx_day.data();
      regulatory_influx[i] = people[i].regulatory_influx_day.data();
    }
    Block block{n,
                days,
                tolerance,
                effector_growth.data(),
                regulatory_growth.data(),
                effector_influx.data(),
                regulatory_influx.data(),
                courses.effector_cells.data() + first * static_cast<std::size_t>(days),
                reinterpret_cast<double(*)[n_variables]>(states.data()),
                0};
    run(block);
    for (std::size_t i = 0; i < n; ++i)
      std::copy_n(states.data() + i * n_variables, n_variables, courses.final_state[first + i].data());
    steps[b] = block.steps;
  });
  for (const std::uint64_t s : steps) courses.steps += s;
  return courses;
}

}  // namespace hortega::disease::velez
