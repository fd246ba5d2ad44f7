// SPDX-License-Identifier: Apache-2.0
//
// Speed of the tissue scale: the implicit field solver on 512 x 512 voxels with five substrates (rate in
// voxel-substrate-steps), explicit stencils on a block beside what STREAM's triad reaches on the same memory,
// mechanics of cells with their neighbours, a section of 10 mm over a year, and a look into the table.
#include <benchmark/benchmark.h>
#include <immintrin.h>

#include <optional>
#include <string>
#include <vector>
#include <xsimd/xsimd.hpp>

#include "hortega/core/parallel.hpp"
#include "hortega/core/random.hpp"
#include "hortega/lesion/cells.hpp"
#include "hortega/lesion/fields.hpp"
#include "hortega/lesion/table.hpp"
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
// A stencil reads and writes each number once at least.
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

// Past the cache, as the stencil stores: an ordinary store fetches the line first, a fourth number moved and
// not counted.
[[gnu::target("avx2")]] void triad_wide(double* out, const double* a, const double* b, std::size_t n) {
  const __m256d three = _mm256_set1_pd(3.0);
  for (std::size_t i = 0; i < n; i += 4)
    _mm256_stream_pd(out + i,
                     _mm256_add_pd(_mm256_load_pd(a + i), _mm256_mul_pd(three, _mm256_load_pd(b + i))));
  _mm_sfence();
}

// What memory gives: a = b + 3 c (McCalpin's STREAM), counted as there: two numbers read, one written.
void triad_block(benchmark::State& state) {
  core::set_threads(static_cast<int>(state.range(0)));
  using Aligned = std::vector<double, xsimd::aligned_allocator<double, 64>>;
  constexpr std::size_t plane = k_side * k_side;
  static_assert(plane % 4 == 0);
  Aligned out(k_side * plane, 0.0);
  const Aligned a(k_side * plane, 1.0);
  const Aligned b(k_side * plane, 2.0);
  const bool wide = __builtin_cpu_supports("avx2") != 0;
  for (auto _ : state) {
    core::parallel_for(k_side, [&](std::size_t z) {
      double* to = out.data() + z * plane;
      const double* left = a.data() + z * plane;
      const double* right = b.data() + z * plane;
      if (wide) {
        triad_wide(to, left, right, plane);
      } else {
        for (std::size_t i = 0; i < plane; ++i) to[i] = left[i] + 3.0 * right[i];
      }
      benchmark::DoNotOptimize(to);
    });
  }
  state.SetBytesProcessed(state.iterations() * 3 * k_block_bytes / 2);
  core::set_threads(0);
}
BENCHMARK(triad_block)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

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

// The shipped table asked for one outcome of one lesion: as it is (eight axes), and cut to three.
void table_lookup(benchmark::State& state) {
  const auto whole = lesion::LesionTable::read(HORTEGA_SOURCE_DIR "/data/tables/lesion.nc");
  std::vector<double> inputs = {100000.0, 14.0, 35.0, 0.9, 0.03, 0.0, 0.0, 20.0};
  std::vector<std::optional<double>> fixed(inputs.begin(), inputs.end());
  const std::vector<std::size_t> open = {whole.axis("t_cells_per_mm"), whole.axis("age_years"),
                                         whole.axis("iron_uptake")};
  for (const std::size_t axis : open) fixed[axis].reset();
  const bool is_cut = state.range(0) < static_cast<std::int64_t>(inputs.size());
  const lesion::LesionTable table = is_cut ? whole.cut(fixed) : whole;
  if (is_cut) inputs = {inputs[open[0]], inputs[open[1]], inputs[open[2]]};
  const std::size_t output = table.output("repaired_fraction");
  for (auto _ : state) {
    inputs[0] = inputs[0] < 200000.0 ? inputs[0] + 1.0 : 30000.0;
    benchmark::DoNotOptimize(table.at(output, inputs));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(table_lookup)->ArgName("axes")->Arg(8)->Arg(3)->Unit(benchmark::kNanosecond);

}  // namespace

BENCHMARK_MAIN();
