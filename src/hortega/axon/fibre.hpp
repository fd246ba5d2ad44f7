// SPDX-License-Identifier: Apache-2.0
// A fibre as a row of pieces, and the compartments that the solver sees.
//
// Double cable: the inside of the axon and, under myelin, the periaxonal space are two conductors side by
// side. Where the membrane is exposed (nodes, bare stretches) the outside is at earth, and only there can
// channels stand.
#pragma once

#include <cstddef>
#include <vector>

#include "hortega/axon/membrane.hpp"

namespace hortega::axon {

/// A stretch of fibre with the same properties all along.
struct Piece {
  double length_um = 0.0;
  double diameter_um = 0.0;               ///< of the axon
  double axial_resistivity_ohm_cm = 0.0;  ///< of axoplasm and of what fills the periaxonal space
  double capacitance_uf_per_cm2 = 0.0;    ///< of the axon's membrane
  double leak_ms_per_cm2 = 0.0;  ///< of the axon's membrane; reverses at rest unless channels stand here
  double leak_shift_mv = 0.0;    ///< where channels stand: its reversal less the membrane's leak reversal
  int segments = 1;              ///< compartments that it is cut into

  /// A seal's width is tuned for its number of compartments, far longer than the space constant within it: it
  /// is a lumped resistance and is not cut further.
  bool lumped = false;

  bool myelinated = false;
  double periaxonal_width_nm = 0.0;
  double myelin_capacitance_pf_per_um = 0.0;  ///< of the whole sheath, per length of fibre
  double myelin_conductance_ns_per_um = 0.0;

  /// Conductance density of each channel of the membrane; empty: none. Only where the membrane is exposed.
  std::vector<double> channel_ms_per_cm2;
  /// Exposed membrane may have a narrow space to cross on the way to earth at its middle (the MRG node has);
  /// 0: none.
  double exposed_periaxonal_width_nm = 0.0;
  int node = -1;  ///< number of the node of Ranvier that this piece is, -1 if it is none
};

struct Fibre {
  Membrane membrane;
  double celsius = 0.0;
  std::vector<Piece> pieces;  ///< begins and ends with a piece that has channels

  [[nodiscard]] double length_um() const;
  [[nodiscard]] int nodes() const;
};

/// Throws std::invalid_argument if a number is not finite, a length is not positive, channels lie under
/// myelin, or an end has no channels.
void check(const Fibre& fibre);

/// One compartment with what its neighbours need. pF, nS, um.
struct Compartment {
  double position_um = 0.0;  ///< of its middle
  double length_um = 0.0;
  double capacitance_pf = 0.0;
  double leak_ns = 0.0;
  double leak_source_pa = 0.0;  ///< leak times (its reversal - rest); 0 without channels
  bool exposed = true;
  bool active = false;
  double myelin_pf = 0.0;
  double myelin_ns = 0.0;
  double axial_next_ns = 0.0;        ///< inside, to the next compartment
  double periaxonal_next_ns = 0.0;   ///< between myelinated neighbours
  double periaxonal_earth_ns = 0.0;  ///< to earth, at the ends of a sheath
  std::vector<double> channel_ns;
  int piece = 0;
  int node = -1;
};

/// Cuts the fibre; each piece that is not lumped into `segments * refine` compartments, those with channels
/// as well.
std::vector<Compartment> compartments(const Fibre& fibre, int refine = 1);

int compartments_of(const Piece& piece, int refine);

}  // namespace hortega::axon
