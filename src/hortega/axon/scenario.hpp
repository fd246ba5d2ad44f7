// SPDX-License-Identifier: Apache-2.0
// The input file of `hortega axon`: a fibre, what is wrong with it in each case, and what is asked of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hortega/axon/fibre.hpp"
#include "hortega/core/schema.hpp"

namespace hortega::axon {

enum class Model { halter_clark, mcintyre };

/// Geometry of a central axon with all internodes alike.
struct CentralFibre {
  std::string source;
  int nodes = 0;
  double node_length_um = 0.0;
  double node_diameter_um = 0.0;
  double internode_length_um = 0.0;
  double axon_diameter_um = 0.0;
  int wraps = 0;
  double periaxonal_width_nm = 0.0;
  double seal_length_um = 0.0;
  double seal_width_nm = 0.0;
  double segment_um = 0.0;
};

struct MotorFibre {
  std::string source;
  int nodes = 0;
  double fibre_diameter_um = 0.0;
  double axon_diameter_um = 0.0;
  double node_diameter_um = 0.0;
  double node_to_node_um = 0.0;
  double paranode_length_um = 0.0;
  int lamellae = 0;
  int segments_each = 0;
};

/// A departure from the intact fibre in some internodes, numbered from 1.
struct Change {
  std::vector<int> internodes;               ///< first and last
  std::optional<int> wraps;                  ///< 0: bare
  std::optional<double> bare_um;             ///< length without sheath at the ends together
  std::optional<double> bare_channel_share;  ///< channels of bare membrane, as a share of the node's density
  std::optional<double> bare_potassium_factor;  ///< on their potassium channels
  std::optional<int> split;                     ///< so many short internodes in the place of each
  std::optional<double> length_um;
  std::optional<double> seal_width_factor;
  std::optional<double> seal_length_um;
  std::optional<double> leak_factor;     ///< on the leak of membrane without channels
  std::optional<double> node_length_um;  ///< of the nodes that end these internodes
  std::optional<double> node_sodium_factor;
  std::optional<double> node_potassium_factor;
};

struct Case {
  std::string name;
  std::optional<double> celsius;
  std::vector<Change> changes;
};

struct Shock {
  int node = 1;
  double amplitude_na = 0.0;
  double duration_ms = 0.0;
};

struct Measure {
  int from_node = 0;
  int to_node = 0;
  std::vector<double> train_hz;
  int train_pulses = 10;
  bool refractory = true;
  bool safety = true;
};

struct Run {
  double dt_us = 1.0;
  double duration_ms = 0.0;
};

struct Scenario {
  std::string title;
  std::string about;
  Model model = Model::halter_clark;
  double celsius = 0.0;
  std::optional<CentralFibre> fibre;
  std::optional<MotorFibre> motor_fibre;
  std::vector<Case> cases;
  Shock stimulus;
  Measure measure;
  Run run;
};

core::Schema<Scenario> scenario_schema();

/// A fibre of the scenario and where the intact fibre's nodes are in it.
struct CaseFibre {
  Fibre fibre;
  std::vector<std::size_t> node_of;  ///< number here of the intact fibre's node k
  std::vector<int> wraps;            ///< of each internode, for drawing
  std::vector<double> internode_start_um, internode_end_um;
};

/// The fibre of a case. Throws std::invalid_argument with what is wrong.
CaseFibre case_fibre(const Scenario& scenario, const Case& one, const core::ParameterSet& parameters);

/// Builds every fibre of the scenario; throws core::InputError that names the case where one cannot be.
void judge(const core::Read<Scenario>& read, const core::ParameterSet& parameters);

}  // namespace hortega::axon
