// SPDX-License-Identifier: Apache-2.0
//
// What the time-stepping kernel works on, and the choice of instruction set.
//
// Crank-Nicolson with gates at half steps (Hines 1984): second order in time. One step solves (2C/dt + G) x*
// = (2C/dt) x
// + sources for the middle of the step and goes on to 2 x* - x. The compartments with channels ("active",
// always exposed) are few; the passive ones between two of them form a run whose matrix never changes, so it
// is factorised once and only its effect on its two ends enters the small tridiagonal system of the active
// ones. Runs, active compartments and fibres are laid out side by side in lanes; every value is made by the
// same operations in the same order whatever the width.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "hortega/axon/membrane.hpp"

namespace hortega::axon {

enum class Isa : std::uint8_t { best, one, sse2, avx2, avx512 };

std::string_view name_of(Isa isa);
/// The widest that this processor has, for Isa::best; the others as they are. Throws core::RunError if it
/// lacks them.
Isa resolve(Isa isa);
std::vector<Isa> available_isas();
/// Values side by side.
std::size_t lanes_of(Isa isa);

namespace kernel {

/// Coefficients of a passive compartment in a run, in the order in which a chunk holds them.
enum Coefficient : std::size_t {
  twice_c_over_dt,
  twice_myelin_c_over_dt,
  inverse_11,  ///< inverse of the compartment's 2x2 pivot (symmetric)
  inverse_12,
  inverse_22,
  axial_next,  ///< to the next compartment of the run, or from the last one to the active compartment after
               ///< it
  periaxonal_next,
  from_left_inside,  ///< response of the run to 1 mV in the active compartment before it
  from_left_periaxonal,
  n_coefficients,
};

struct KernelGate {
  int power = 1;
  Rate opening;
  Rate closing;
};

struct KernelChannel {
  double reversal_from_rest_mv = 0.0;
  std::size_t n_gates = 0;  ///< its gates follow those of the channel before it
};

/// The same for a run without a sheath: a single cable.
enum SingleCoefficient : std::size_t {
  single_twice_c_over_dt,
  single_inverse,
  single_axial_next,
  single_from_left,
  n_single_coefficients,
};

/// Runs side by side, one per lane, each padded in front with compartments of zeros. Offsets in doubles.
struct Chunk {
  std::size_t compartments = 0;
  bool uniform = false;          ///< all its runs are alike: coefficients stand once
  bool single = false;           ///< none of its compartments has a sheath: no periaxonal state
  std::size_t coefficients = 0;  ///< [compartment][Coefficient or SingleCoefficient][lane, or once]
  std::size_t state = 0;         ///< [compartment][inside, periaxonal][lane], mV from rest
};

/// Fibres side by side (`width`: 1 or as many as there are lanes). Active compartment s of fibre f has index
/// s * width + f, and so has the run after it. Arrays over active compartments are padded to n_padded.
struct Block {
  std::size_t width = 1;
  std::size_t n_sites = 0;   ///< active compartments of a fibre
  std::size_t n_padded = 0;  ///< a multiple of the lanes, with room for the run after the last
  double dt_ms = 0.0;
  const KernelChannel* channels = nullptr;
  std::size_t n_channels = 0;
  const KernelGate* gates = nullptr;
  double rest_mv = 0.0;

  // over active compartments
  double* u = nullptr;                 ///< mV from rest
  double* gate = nullptr;              ///< [gate of all channels in order][active]
  const double* gate_speed = nullptr;  ///< [gate][active] times dt
  const double* density = nullptr;     ///< [channel][active], nS
  const double* twice_c = nullptr;     ///< 2C/dt
  const double* diagonal = nullptr;    ///< 2C/dt + leak + what neighbours take, without channels
  const double* source = nullptr;      ///< pA, constant
  const double* next = nullptr;        ///< coupling to the active compartment after it, through the run
  double* charge = nullptr;            ///< [channel][active], pA ms so far
  double* work = nullptr;              ///< [active], pA mV ms so far: current of channels and leak times u
  const double* leak = nullptr;        ///< nS
  double* scratch = nullptr;           ///< (6 + n_channels) * n_padded

  // runs
  std::size_t n_runs = 0;  ///< (n_sites - 1) * width; lanes of the last chunk beyond them count for nothing
  const Chunk* chunks = nullptr;
  std::size_t n_chunks = 0;
  const double* coefficients = nullptr;
  double* state = nullptr;
  double* pivot_state = nullptr;  ///< scratch as large as state

  const double* stimulus = nullptr;  ///< [step][width], pA
  std::size_t stimulus_site = 0;
  std::size_t steps = 0;
  std::size_t trace_every = 1;
  double* trace = nullptr;  ///< [step / trace_every][n_sites * width], mV from rest, after each traced step
};

}  // namespace kernel

/// Runs the block's steps.
void advance(kernel::Block& block, Isa isa);

}  // namespace hortega::axon
