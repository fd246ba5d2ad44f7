// SPDX-License-Identifier: Apache-2.0
//
// Baseline kernels (one person in plain double; two by SSE2) and the choice between instruction sets at run
// time.
#include "hortega/disease/kernel.hpp"

#include "hortega/core/problems.hpp"
#include "hortega/disease/kernel_impl.hpp"

#include <atomic>
#include <stdexcept>

namespace hortega::disease {

namespace kernel {
using Two = core::Lanes<xsimd::sse2>;
template void advance_block<double>(const Rates&, Block&, int, Events&);
template void observe_block<double>(const Rates&, const Block&, RaterNoise, const double*, Observation&);
template void advance_block<Two>(const Rates&, Block&, int, Events&);
template void observe_block<Two>(const Rates&, const Block&, RaterNoise, const double*, Observation&);
}  // namespace kernel

// Defined in the files of their instruction sets; declared by signature because the batch types themselves do
// not exist in a baseline file.
namespace kernel {
void advance_block_avx2(const Rates&, Block&, int, Events&);
void observe_block_avx2(const Rates&, const Block&, RaterNoise, const double*, Observation&);
void advance_block_avx512(const Rates&, Block&, int, Events&);
void observe_block_avx512(const Rates&, const Block&, RaterNoise, const double*, Observation&);
}  // namespace kernel

namespace {

using AdvanceFunction = void (*)(const Rates&, Block&, int, Events&);
using ObserveFunction = void (*)(const Rates&, const Block&, RaterNoise, const double*, Observation&);

struct Functions {
  AdvanceFunction advance;
  ObserveFunction observe;
};

constexpr Functions k_functions[] = {
    {&kernel::advance_block<double>, &kernel::observe_block<double>},
    {&kernel::advance_block<core::Lanes<xsimd::sse2>>, &kernel::observe_block<core::Lanes<xsimd::sse2>>},
    {&kernel::advance_block_avx2, &kernel::observe_block_avx2},
    {&kernel::advance_block_avx512, &kernel::observe_block_avx512}};

bool has(Isa isa) {
  switch (isa) {
    case Isa::one:
    case Isa::sse2:
      return true;
    case Isa::avx2:
      return __builtin_cpu_supports("avx2") != 0;
    case Isa::avx512:
      return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512cd") != 0 &&
             __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512bw") != 0;
  }
  return false;
}

std::atomic<int> chosen{-1};

}  // namespace

std::string_view name_of(Isa isa) {
  constexpr std::string_view names[] = {"one", "sse2", "avx2", "avx512"};
  return names[static_cast<std::size_t>(isa)];
}

std::vector<Isa> available_isas() {
  std::vector<Isa> all;
  for (const Isa isa : {Isa::one, Isa::sse2, Isa::avx2, Isa::avx512}) {
    if (has(isa)) all.push_back(isa);
  }
  return all;
}

Isa current_isa() {
  if (chosen < 0) chosen = static_cast<int>(available_isas().back());
  return static_cast<Isa>(chosen.load());
}

void choose_isa(Isa isa) {
  if (!has(isa)) {
    throw core::RunError("this processor has no " + std::string(name_of(isa)) + " instructions");
  }
  chosen = static_cast<int>(isa);
}

void advance(const Rates& rates, Block& block, int days, Events& events) {
  if (days < 0 || days > k_longest_stretch) throw std::logic_error("advance: a stretch has 0 to 8 days");
  k_functions[static_cast<std::size_t>(current_isa())].advance(rates, block, days, events);
  // Narrow lanes take the block in several goes: bring the events into the order of lane, then day (insertion
  // sort: few, nearly sorted; stable, so the order within a day is that of the day's program).
  for (int i = 1; i < events.count; ++i) {
    const Event e = events.event[i];
    int j = i;
    for (; j > 0; --j) {
      const Event& before = events.event[j - 1];
      if (before.lane < e.lane || (before.lane == e.lane && before.life_day <= e.life_day)) break;
      events.event[j] = before;
    }
    events.event[j] = e;
  }
}

void observe(const Rates& rates, const Block& block, RaterNoise noise, const double* grade_shift,
             Observation& out) {
  k_functions[static_cast<std::size_t>(current_isa())].observe(rates, block, noise, grade_shift, out);
}

}  // namespace hortega::disease
