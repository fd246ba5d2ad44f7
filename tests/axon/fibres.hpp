// SPDX-License-Identifier: Apache-2.0
// The published fibres, for the tests of axon/.
#pragma once

#include <string>
#include <vector>

#include "hortega/axon/halter_clark.hpp"
#include "hortega/axon/mcintyre.hpp"
#include "hortega/axon/measures.hpp"

namespace hortega::axon::testing {

inline const core::ParameterSet& parameters() {
  static const auto set =
      core::ParameterSet::read_directory(std::string(HORTEGA_SOURCE_DIR) + "/data/parameters/axon");
  return set;
}

inline const HalterClark& halter_clark() {
  static const HalterClark model = load_halter_clark(parameters());
  return model;
}

inline const McIntyre& mcintyre() {
  static const McIntyre model = load_mcintyre(parameters());
  return model;
}

constexpr double k_body_celsius = 37.0;

/// Geometry of Carcamo2017OpticNerveAxon.m (Arancibia-Carcamo 2017): 51 nodes, segments of 139.26 / 66 um.
struct Shape {
  std::vector<Node> nodes;
  std::vector<Internode> internodes;
  Fibre fibre(double celsius = k_body_celsius) const {
    return halter_clark_fibre(halter_clark(), celsius, nodes, internodes);
  }
};

inline Shape optic_nerve(std::size_t n_nodes = 51) {
  Shape shape;
  shape.nodes.assign(n_nodes, Node{1.02, 0.7274, halter_clark().node_density_ms_per_cm2});
  Internode i;
  i.length_um = 139.26;
  i.diameter_um = 0.8201;
  i.wraps = 7;
  i.periaxonal_width_nm = 15.0;
  i.segment_um = 139.26 / 66.0;
  i.seal_length_um = i.segment_um;
  i.seal_width_nm = 0.007719692;
  shape.internodes.assign(n_nodes - 1, i);
  return shape;
}

/// Carcamo2017CortexAxon.m: 86 segments, the two at each end sealed.
inline Shape cortex() {
  Shape shape;
  shape.nodes.assign(51, Node{1.5, 0.6404, halter_clark().node_density_ms_per_cm2});
  Internode i;
  i.length_um = 81.7;
  i.diameter_um = 0.7308;
  i.wraps = 5;
  i.periaxonal_width_nm = 15.0;
  i.segment_um = 81.7 / 86.0;
  i.seal_length_um = 2.0 * i.segment_um;
  i.seal_width_nm = 0.012255632;
  shape.internodes.assign(50, i);
  return shape;
}

/// 3 nA for 10 us into the first node, as in the paper's program.
inline Stimulus paper_stimulus() { return {0, {{0.0, 0.01, 3.0}}}; }

inline Settings settings(double dt_us, double duration_ms) {
  Settings s;
  s.dt_us = dt_us;
  s.duration_ms = duration_ms;
  return s;
}

/// Row of the paper's table for the 10 um fibre.
inline McIntyreGeometry ten_um() { return {10.0, 6.9, 3.3, 1150.0, 46.0, 120}; }

}  // namespace hortega::axon::testing
