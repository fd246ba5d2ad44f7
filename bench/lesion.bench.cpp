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
#include "hortega/core/random.hpp"
#include "hortega/lesion/cells.hpp"
#include "hortega/lesion/fields.hpp"
#include "hortega/lesion/tissue.hpp"

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

// Sorting and mechanics of cells that lie as densely as in tissue (100,000 per mm3), each with its
// neighbours: about two within reach.
void cell_mechanics(benchmark::State& state) {
  core::set_threads(static_cast<int>(state.range(0)));
  const lesion::Grid grid{64, 64, 64, 0.02, 0.0};
  lesion::Cells cells(grid);
  const double side = 64 * 0.02;
  constexpr std::uint32_t k_cells = 209715;
  for (std::uint32_t i = 0; i < k_cells; ++i) {
    const auto words = core::draw({1, i, 0}, core::Purpose::test, 0, 0);
    cells.add(lesion::CellKind::macrophage, side * core::to_uniform(words[0]),
              side * core::to_uniform(words[1]), side * core::to_uniform(words[2]));
  }
  for (auto _ : state) {
    cells.sort();
    cells.relax(0.0085);
  }
  state.SetItemsProcessed(state.iterations() * k_cells);
  core::set_threads(0);
}
BENCHMARK(cell_mechanics)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

// 10 mm at 20 um, a year in steps of four hours, one attack.
void section_of_a_year(benchmark::State& state) {
  core::set_threads(static_cast<int>(state.range(0)));
  const auto parameters = lesion::load_tissue_parameters(
      core::ParameterSet::read_directory(HORTEGA_SOURCE_DIR "/data/parameters/lesion"));
  for (auto _ : state) {
    lesion::TissueSettings settings;
    settings.grid = {500, 500, 1, 0.02, 0.02};
    settings.attacks = {{0.0, 14.0, 120000.0}};
    settings.step_day = 1.0 / 6.0;
    settings.age_years = 35.0;
    settings.iron_uptake = 0.1;
    lesion::Tissue tissue(settings, parameters);
    while (tissue.day() < 365.0) tissue.step();
    benchmark::DoNotOptimize(tissue.measure().lesion);
  }
  core::set_threads(0);
}
BENCHMARK(section_of_a_year)->Arg(1)->Arg(2)->UseRealTime()->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace

BENCHMARK_MAIN();
