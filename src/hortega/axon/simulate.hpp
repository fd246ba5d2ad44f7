// SPDX-License-Identifier: Apache-2.0
// Fibres under stimuli: the runs of a simulation and what is recorded of them.
#pragma once

#include <cstddef>
#include <vector>

#include "hortega/axon/fibre.hpp"
#include "hortega/axon/kernel.hpp"

namespace hortega::axon {

/// A current into the axon at a node; depolarising if positive.
struct Pulse {
  double start_ms = 0.0;
  double duration_ms = 0.0;
  double amplitude_na = 0.0;
};

struct Stimulus {
  int node = 0;
  std::vector<Pulse> pulses;
};

struct Settings {
  double dt_us = 1.0;
  double duration_ms = 1.0;
  int refine = 1;                  ///< cuts each compartment of the fibre into so many
  double trace_every_us = 0.0;     ///< 0: every step
  double snapshot_every_us = 0.0;  ///< of all compartments; 0: none
  Isa isa = Isa::best;
};

struct Job {
  const Fibre* fibre = nullptr;
  Stimulus stimulus;
};

/// Potentials of all compartments at one moment, mV from rest.
struct Snapshot {
  double t_ms = 0.0;
  std::vector<double> inside_mv;
  std::vector<double> periaxonal_mv;
};

/// What a fibre did. Potentials are mV from rest unless they say otherwise.
struct Recording {
  double interval_ms = 0.0;  ///< between samples; sample 0 is at time 0
  std::vector<double> node_position_um;
  std::size_t samples = 0;
  std::vector<double> node_mv;  ///< [node][sample]
  double rest_mv = 0.0;

  std::vector<Compartment> compartments;
  std::vector<std::size_t> active;  ///< indices of compartments with channels
  std::vector<std::vector<double>>
      charge_fc;                    ///< [channel][active]: outward charge through the channel (pA ms)
  std::vector<double> work_aj;      ///< [active]: work of channels and leak against u, aJ (pA mV ms)
  std::vector<Snapshot> snapshots;  ///< the first one is of time 0

  [[nodiscard]] const double* node(std::size_t k) const { return node_mv.data() + k * samples; }
};

/// Runs all jobs, in threads and lanes; what comes out depends on neither. Throws std::invalid_argument for
/// fibres or settings that cannot be run, among them more than 4 GiB of records.
std::vector<Recording> simulate(const std::vector<Job>& jobs, const Settings& settings);

Recording simulate(const Fibre& fibre, const Stimulus& stimulus, const Settings& settings);

}  // namespace hortega::axon
