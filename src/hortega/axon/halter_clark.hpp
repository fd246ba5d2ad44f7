// SPDX-License-Identifier: Apache-2.0
// The myelinated axon of the central nervous system: double cable of Halter and Clark 1991
// (doi:10.1016/S0022-5193(05)80273-4) as parameterised by Arancibia-Carcamo et al. 2017
// (doi:10.7554/eLife.23329), with every internode its own.
#pragma once

#include <optional>
#include <vector>

#include "hortega/axon/fibre.hpp"

namespace hortega::axon {

/// Channels and membranes, from parameters `halter_*`.
struct HalterClark {
  Membrane membrane;
  std::vector<double> node_density_ms_per_cm2;  ///< fast sodium, persistent sodium, slow potassium
  double membrane_capacitance_uf_per_cm2 = 0.0;
  double myelin_conductance_ms_per_cm2 = 0.0;
  double axolemma_conductance_ms_per_cm2 = 0.0;
  double axial_resistivity_ohm_cm = 0.0;
  double membrane_spacing_nm = 0.0;
};

HalterClark load_halter_clark(const core::ParameterSet& parameters);

struct Node {
  double length_um = 0.0;
  double diameter_um = 0.0;
  std::vector<double> density_ms_per_cm2;  ///< one per channel
  double potassium_factor = 1.0;           ///< on the density of potassium channels; the leak stays as it was
};

/// An internode with its sheath. Its ends may be bare: the sheath stands in the middle.
struct Internode {
  double length_um = 0.0;
  double diameter_um = 0.0;
  int wraps = 0;         ///< of two membranes each; 0: bare all along
  double bare_um = 0.0;  ///< length without sheath, half at each end; the whole length: bare all along
  double periaxonal_width_nm = 0.0;
  double seal_length_um = 0.0;  ///< of the narrow periaxonal space at each end of the sheath
  double seal_width_nm = 0.0;
  double segment_um = 0.0;  ///< length of a compartment, about
  /// Channels of the bare membrane; empty: it is passive.
  std::vector<double> bare_density_ms_per_cm2;
  double bare_potassium_factor = 1.0;  ///< on the density of its potassium channels; the leak stays as it was
  double leak_factor = 1.0;            ///< on the leak of the axon's membrane where it has no channels
};

/// Capacitance (pF/um) and conductance (nS/um) of a sheath: its membranes in series, each as wide as where it
/// lies.
struct Sheath {
  double capacitance_pf_per_um = 0.0;
  double conductance_ns_per_um = 0.0;
};
Sheath sheath(const HalterClark& model, double axon_diameter_um, double periaxonal_width_nm, int wraps);

/// Wraps that give this ratio of axon to fibre diameter, at least one: the sheath's thickness without the
/// periaxonal space over a wrap's, rounded up, as Arancibia-Carcamo et al. count.
int wraps_of_g_ratio(const HalterClark& model, double axon_diameter_um, double periaxonal_width_nm,
                     double g_ratio);

/// node 0, internode 0, node 1, ... `nodes` is one longer than `internodes`. Throws std::invalid_argument.
Fibre halter_clark_fibre(const HalterClark& model, double celsius, const std::vector<Node>& nodes,
                         const std::vector<Internode>& internodes);

}  // namespace hortega::axon
