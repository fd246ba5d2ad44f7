// SPDX-License-Identifier: Apache-2.0
// Pieces of the motor axon.
#include "hortega/axon/mcintyre.hpp"

#include <numbers>
#include <stdexcept>

namespace hortega::axon {

McIntyre load_mcintyre(const core::ParameterSet& p) {
  McIntyre m;
  m.membrane = mcintyre_membrane(p);
  m.node_density_ms_per_cm2 = {p.get("mrg_fast_sodium_density").value,
                               p.get("mrg_persistent_sodium_density").value,
                               p.get("mrg_slow_potassium_density").value};
  m.node_leak_ms_per_cm2 = p.get("mrg_leak_density").value;
  m.membrane_capacitance_uf_per_cm2 = p.get("mrg_membrane_capacitance").value;
  m.lamella_capacitance_uf_per_cm2 = p.get("mrg_lamella_capacitance").value;
  m.lamella_conductance_ms_per_cm2 = p.get("mrg_lamella_conductance").value;
  m.attachment_conductance_ms_per_cm2 = p.get("mrg_attachment_conductance").value;
  m.axolemma_conductance_ms_per_cm2 = p.get("mrg_axolemma_conductance").value;
  m.axial_resistivity_ohm_cm = p.get("mrg_axial_resistivity").value;
  m.narrow_periaxonal_nm = p.get("mrg_narrow_periaxonal_width").value;
  m.wide_periaxonal_nm = p.get("mrg_wide_periaxonal_width").value;
  m.node_length_um = p.get("mrg_node_length").value;
  m.attachment_length_um = p.get("mrg_attachment_length").value;
  return m;
}

Fibre mcintyre_fibre(const McIntyre& m, const McIntyreGeometry& g, double celsius, int nodes,
                     int segments_each) {
  constexpr int inner = 6;
  if (nodes < 2) throw std::invalid_argument("a motor axon has at least two nodes");
  if (g.lamellae < 1) throw std::invalid_argument("a motor axon has at least one lamella");
  const double inner_um =
      (g.node_to_node_um - m.node_length_um - 2.0 * m.attachment_length_um - 2.0 * g.paranode_length_um) /
      inner;
  if (!(inner_um > 0.0))
    throw std::invalid_argument("the distance between nodes leaves no room for attachments and paranodes");
  Fibre fibre;
  fibre.membrane = m.membrane;
  fibre.celsius = celsius;
  Piece common;
  common.axial_resistivity_ohm_cm = m.axial_resistivity_ohm_cm;
  common.capacitance_uf_per_cm2 = m.membrane_capacitance_uf_per_cm2;
  const auto covered = [&](double length_um, double diameter_um, double conductance, double width_nm) {
    Piece p = common;
    p.length_um = length_um;
    p.diameter_um = diameter_um;
    p.leak_ms_per_cm2 = conductance;
    p.segments = segments_each;
    p.myelinated = true;
    p.periaxonal_width_nm = width_nm;
    // The sheath has the fibre's circumference; its membranes are in series.
    const double area_um = 1e-2 * std::numbers::pi * g.fibre_diameter_um / (2.0 * g.lamellae);
    p.myelin_capacitance_pf_per_um = m.lamella_capacitance_uf_per_cm2 * area_um;
    p.myelin_conductance_ns_per_um = m.lamella_conductance_ms_per_cm2 * area_um;
    return p;
  };
  const Piece attachment = covered(m.attachment_length_um, g.node_diameter_um,
                                   m.attachment_conductance_ms_per_cm2, m.narrow_periaxonal_nm);
  const Piece paranode = covered(g.paranode_length_um, g.axon_diameter_um, m.axolemma_conductance_ms_per_cm2,
                                 m.wide_periaxonal_nm);
  const Piece segment =
      covered(inner_um, g.axon_diameter_um, m.axolemma_conductance_ms_per_cm2, m.wide_periaxonal_nm);
  for (int k = 0; k < nodes; ++k) {
    Piece node = common;
    node.length_um = m.node_length_um;
    node.diameter_um = g.node_diameter_um;
    node.channel_ms_per_cm2 = m.node_density_ms_per_cm2;
    node.leak_ms_per_cm2 = m.node_leak_ms_per_cm2;
    node.exposed_periaxonal_width_nm = m.narrow_periaxonal_nm;
    // Its half length of narrow space is part of the way to earth: cut further, that way would shorten.
    node.lumped = true;
    node.node = k;
    fibre.pieces.push_back(node);
    if (k + 1 == nodes) break;
    fibre.pieces.push_back(attachment);
    fibre.pieces.push_back(paranode);
    for (int s = 0; s < inner; ++s) fibre.pieces.push_back(segment);
    fibre.pieces.push_back(paranode);
    fibre.pieces.push_back(attachment);
  }
  return fibre;
}

}  // namespace hortega::axon
