// SPDX-License-Identifier: Apache-2.0
// The fibre's solver: what tests/axon/neuron/neuron_fibres.py has NEURON do, here. One thread; 10 ms in steps
// of 0.005 ms.
//
// Compare `steps` (time steps of a fibre per second) of the same run on the same machine with NEURON's.
#include <benchmark/benchmark.h>

#include <string>

#include "hortega/axon/mcintyre.hpp"
#include "hortega/axon/measures.hpp"
#include "hortega/core/parallel.hpp"

namespace {

using namespace hortega;

constexpr double k_duration_ms = 10.0;
constexpr double k_dt_us = 5.0;

axon::Fibre motor_axon() {
  static const auto model = axon::load_mcintyre(
      core::ParameterSet::read_directory(std::string(HORTEGA_SOURCE_DIR) + "/data/parameters/axon"));
  return axon::mcintyre_fibre(model, {10.0, 6.9, 3.3, 1150.0, 46.0, 120}, 37.0, 21);
}

// Hodgkin and Huxley 1952 with rest at -65 mV, as NEURON's hh; nodes ten times as dense, passive internodes
// of ten compartments (neuron_fibres.py: HodgkinHuxleyCable).
axon::Fibre hodgkin_huxley_cable() {
  using enum axon::RateForm;
  axon::Fibre fibre;
  fibre.celsius = 6.3;
  const auto gate = [](int power, axon::Rate opening, axon::Rate closing) {
    return axon::Gate{power, opening, closing, 3.0, 6.3};
  };
  fibre.membrane.rest_mv = -65.0;
  fibre.membrane.leak_reversal_mv = -54.3;
  fibre.membrane.channels = {
      {"sodium",
       50.0,
       true,
       {gate(3, {linoid, 0.1, -40.0, 10.0}, {exponential, 4.0, -65.0, 18.0}),
        gate(1, {exponential, 0.07, -65.0, 20.0}, {sigmoid, 1.0, -35.0, 10.0})}},
      {"potassium", -77.0, false, {gate(4, {linoid, 0.01, -55.0, 10.0}, {exponential, 0.125, -65.0, 80.0})}}};
  for (int k = 0; k < 20; ++k) {
    axon::Piece node;
    node.length_um = 1.0;
    node.diameter_um = 3.0;
    node.axial_resistivity_ohm_cm = 70.0;
    node.capacitance_uf_per_cm2 = 1.0;
    node.leak_ms_per_cm2 = 3.0;
    node.channel_ms_per_cm2 = {1200.0, 360.0};
    node.node = k;
    fibre.pieces.push_back(node);
    if (k == 19) break;
    axon::Piece internode = node;
    internode.length_um = 300.0;
    internode.diameter_um = 5.0;
    internode.capacitance_uf_per_cm2 = 0.01;
    internode.leak_ms_per_cm2 = 0.01;
    internode.channel_ms_per_cm2.clear();
    internode.segments = 10;
    internode.node = -1;
    fibre.pieces.push_back(internode);
  }
  return fibre;
}

void run(benchmark::State& state, const axon::Fibre& fibre, std::size_t n) {
  core::set_threads(1);
  axon::Settings settings;
  settings.dt_us = k_dt_us;
  settings.duration_ms = k_duration_ms;
  settings.isa = static_cast<axon::Isa>(state.range(0));
  const std::vector<axon::Job> jobs(n, {&fibre, {0, {{0.0, 0.1, 2.0}}}});
  double arrival_ms = 0.0;
  for (auto _ : state) {
    const auto recordings = axon::simulate(jobs, settings);
    const auto spikes = axon::spikes(recordings.back(), recordings.back().node_position_um.size() - 3);
    if (spikes.empty())
      state.SkipWithError("no spike came through");
    else
      arrival_ms = spikes.front().arrival_ms;
  }
  const double steps = k_duration_ms / (1e-3 * k_dt_us) * static_cast<double>(n);
  state.counters["steps"] = benchmark::Counter(steps, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["arrival_ms"] = arrival_ms;
  state.SetLabel(std::string(axon::name_of(axon::resolve(settings.isa))));
}

void isas(benchmark::internal::Benchmark* b) {
  for (const axon::Isa isa : axon::available_isas()) b->Arg(static_cast<int>(isa));
  b->Unit(benchmark::kMillisecond);
}

void BM_MotorAxonOne(benchmark::State& state) { run(state, motor_axon(), 1); }
void BM_MotorAxon96(benchmark::State& state) { run(state, motor_axon(), 96); }
void BM_Cable100(benchmark::State& state) { run(state, hodgkin_huxley_cable(), 100); }

BENCHMARK(BM_MotorAxonOne)->Apply(isas);
BENCHMARK(BM_MotorAxon96)->Apply(isas);
BENCHMARK(BM_Cable100)->Apply(isas);

}  // namespace

BENCHMARK_MAIN();
