// SPDX-License-Identifier: Apache-2.0
// The motor axon of McIntyre, Richardson and Grill 2002 (doi:10.1152/jn.00353.2001), a second fibre by the
// same solver.
#pragma once

#include "hortega/axon/fibre.hpp"

namespace hortega::axon {

/// Channels and membranes, from parameters `mrg_*`.
struct McIntyre {
  Membrane membrane;
  std::vector<double> node_density_ms_per_cm2;
  double node_leak_ms_per_cm2 = 0.0;
  double membrane_capacitance_uf_per_cm2 = 0.0;
  double lamella_capacitance_uf_per_cm2 = 0.0;
  double lamella_conductance_ms_per_cm2 = 0.0;
  double attachment_conductance_ms_per_cm2 = 0.0;
  double axolemma_conductance_ms_per_cm2 = 0.0;
  double axial_resistivity_ohm_cm = 0.0;
  double narrow_periaxonal_nm = 0.0;
  double wide_periaxonal_nm = 0.0;
  double node_length_um = 0.0;
  double attachment_length_um = 0.0;
};

McIntyre load_mcintyre(const core::ParameterSet& parameters);

/// One fibre diameter's row of the paper's table.
struct McIntyreGeometry {
  double fibre_diameter_um = 0.0;
  double axon_diameter_um = 0.0;
  double node_diameter_um = 0.0;  ///< also of the axon under the attachment (MYSA)
  double node_to_node_um = 0.0;
  double paranode_length_um = 0.0;  ///< of a FLUT segment
  int lamellae = 0;
};

/// Each internode: attachment, paranode, six segments, paranode, attachment, each cut into `segments_each`.
Fibre mcintyre_fibre(const McIntyre& model, const McIntyreGeometry& geometry, double celsius, int nodes,
                     int segments_each = 1);

}  // namespace hortega::axon
