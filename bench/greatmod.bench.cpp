// SPDX-License-Identifier: Apache-2.0
//
// The GreatMod net (disease/greatmod.hpp): 1,000 exact stochastic runs of two years on all cores, as the
// authors timed theirs (1,420 s on two processors, exec-times of their repository), and one deterministic run
// of 30 days (theirs: 0.07 s).
#include "hortega/disease/greatmod.hpp"

#include <benchmark/benchmark.h>

namespace {

namespace greatmod = hortega::disease::greatmod;

void stochastic_two_years(benchmark::State& state) {
  const greatmod::Scenario scenario{
      greatmod::multiple_sclerosis,
      {greatmod::two_year_antigen_h.begin(), greatmod::two_year_antigen_h.end()},
      {17520.0}};
  for (auto _ : state) benchmark::DoNotOptimize(greatmod::simulate_ssa_ensemble(scenario, 1, 1000));
}
BENCHMARK(stochastic_two_years)->Unit(benchmark::kSecond)->MeasureProcessCPUTime()->UseRealTime();

void stochastic_one_run(benchmark::State& state) {
  const greatmod::Scenario scenario{
      greatmod::multiple_sclerosis,
      {greatmod::two_year_antigen_h.begin(), greatmod::two_year_antigen_h.end()},
      {17520.0}};
  std::uint32_t run = 0;
  std::uint64_t reactions = 0;
  greatmod::State sample;
  for (auto _ : state) reactions += greatmod::simulate_ssa(scenario, 1, run++, &sample);
  state.counters["reactions"] =
      benchmark::Counter(static_cast<double>(reactions), benchmark::Counter::kIsRate);
}
BENCHMARK(stochastic_one_run)->Unit(benchmark::kMillisecond);

void deterministic_30_days(benchmark::State& state) {
  const greatmod::Scenario scenario{greatmod::multiple_sclerosis, {greatmod::two_year_antigen_h[0]}, {720.0}};
  for (auto _ : state) benchmark::DoNotOptimize(greatmod::solve_ode(scenario));
}
BENCHMARK(deterministic_30_days)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
