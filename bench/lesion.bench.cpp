// SPDX-License-Identifier: Apache-2.0
//
// Speed of the tissue scale: the implicit field solver on 512 x 512 voxels with five substrates (rate in
// voxel-substrate-steps), explicit stencils on a block beside what a plain copy reaches on the same memory,
// mechanics of cells with their neighbours, and a section of 10 mm over a year.
#include <benchmark/benchmark.h>

#include <cstring>
#include <string>
#include <vector>

#include "hortega/core/parallel.hpp"
#include "hortega/lesion/fields.hpp"

namespace {

using namespace hortega;

void implicit_fields(benchmark::State& state) {
  core::set_threads(static_cast<int>(state.range(0)));
  const lesion::Grid grid{512, 512, 1, 0.02, 0.02};
  lesion::Fields fields(grid, std::vector<lesion::Substrate>(5, {0.1, 3.0}), 1.0 / 12.0);
  for (std::size_t s = 0; s < 5; ++s) fields.source_row(s, 250)[250] = 1.0;
  for (auto _ : state) fields.step();
  state.SetItemsProcessed(state.iterations() * 5 * 512 * 512);
  state.SetLabel(std::string(lesion::kernel::name_of(lesion::kernel::current_isa())));
  core::set_threads(0);
}
BENCHMARK(implicit_fields)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

constexpr std::size_t k_side = 318;
constexpr std::int64_t k_block_bytes = 2 * 8 * k_side * k_side * k_side;

void explicit_block(benchmark::State& state) {
  core::set_threads(static_cast<int>(state.range(0)));
  const lesion::Grid grid{k_side, k_side, k_side, 0.05, 0.0};
  const double step = 0.9 * lesion::largest_explicit_step_day(0.1, 0.0, 0.05, 3);
  lesion::Fields fields(grid, {{0.1, 0.0}}, step, lesion::Sources::none);
  fields.row(0, 100, 100)[100] = 1.0;
  fields.explicit_step();  // memory is handed out when it is first touched
  for (auto _ : state) fields.explicit_step();
  state.SetBytesProcessed(state.iterations() * k_block_bytes);
  core::set_threads(0);
}
BENCHMARK(explicit_block)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

// Reads and writes as much as a stencil must at least.
void copy_block(benchmark::State& state) {
  core::set_threads(static_cast<int>(state.range(0)));
  const std::size_t numbers = k_side * k_side * k_side;
  std::vector<double> from(numbers, 1.0);
  std::vector<double> to(numbers, 0.0);
  for (auto _ : state) {
    core::parallel_for(k_side, [&](std::size_t z) {
      const std::size_t plane = k_side * k_side;
      const double* in = from.data() + z * plane;
      double* out = to.data() + z * plane;
      for (std::size_t i = 0; i < plane; ++i) out[i] = in[i] * 0.5;
      benchmark::DoNotOptimize(out);
    });
  }
  state.SetBytesProcessed(state.iterations() * k_block_bytes);
  core::set_threads(0);
}
BENCHMARK(copy_block)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
