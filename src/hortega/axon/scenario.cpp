// SPDX-License-Identifier: Apache-2.0
// Keys of a scenario, their limits, and the fibres that they describe.
#include "hortega/axon/scenario.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "hortega/axon/halter_clark.hpp"
#include "hortega/axon/mcintyre.hpp"

namespace hortega::axon {

namespace {

constexpr int k_most_nodes = 2000;
constexpr double k_most_um = 1e5;
constexpr double k_most_compartments = 1e6;
constexpr double k_most_hz = 1e4;

core::Schema<CentralFibre> central_schema() {
  core::Schema<CentralFibre> s(
      "A central axon (Halter and Clark 1991; Arancibia-Carcamo 2017), all internodes alike.");
  s.text("source", &CentralFibre::source).required().doc("Where these numbers come from.");
  s.integer("nodes", &CentralFibre::nodes).required().range(3, k_most_nodes).doc("Nodes of Ranvier.");
  s.number("node_length_um", &CentralFibre::node_length_um)
      .required()
      .above(0)
      .at_most(100)
      .doc("Length of a node.");
  s.number("node_diameter_um", &CentralFibre::node_diameter_um)
      .required()
      .above(0)
      .at_most(100)
      .doc("Diameter of the axon at the node.");
  s.number("internode_length_um", &CentralFibre::internode_length_um)
      .required()
      .above(0)
      .at_most(k_most_um)
      .doc("Length of an internode.");
  s.number("axon_diameter_um", &CentralFibre::axon_diameter_um)
      .required()
      .above(0)
      .at_most(100)
      .doc("Diameter of the axon within the internode.");
  s.integer("wraps", &CentralFibre::wraps)
      .required()
      .range(0, 1000)
      .doc("Wraps of myelin, two membranes each; 0: bare.");
  s.number("periaxonal_width_nm", &CentralFibre::periaxonal_width_nm)
      .required()
      .above(0)
      .at_most(1000)
      .doc("Width of the periaxonal space.");
  s.number("seal_length_um", &CentralFibre::seal_length_um)
      .required()
      .above(0)
      .at_most(k_most_um)
      .doc("Length of the narrow periaxonal space at each end of the sheath.");
  s.number("seal_width_nm", &CentralFibre::seal_width_nm)
      .required()
      .above(0)
      .at_most(1000)
      .doc("Width of the periaxonal space there.");
  s.number("segment_um", &CentralFibre::segment_um)
      .required()
      .above(0)
      .at_most(k_most_um)
      .doc("Length of a compartment, about.");
  return s;
}

core::Schema<MotorFibre> motor_schema() {
  core::Schema<MotorFibre> s("A motor axon (McIntyre, Richardson and Grill 2002).");
  s.text("source", &MotorFibre::source).required().doc("Where these numbers come from.");
  s.integer("nodes", &MotorFibre::nodes).required().range(3, k_most_nodes).doc("Nodes of Ranvier.");
  const auto length = [&s](const char* key, double MotorFibre::*member, const char* doc) {
    s.number(key, member).required().above(0).at_most(k_most_um).doc(doc);
  };
  length("fibre_diameter_um", &MotorFibre::fibre_diameter_um, "Outer diameter of the sheath.");
  length("axon_diameter_um", &MotorFibre::axon_diameter_um, "Diameter of the axon within the internode.");
  length("node_diameter_um", &MotorFibre::node_diameter_um, "Diameter of node and attachment (MYSA).");
  length("node_to_node_um", &MotorFibre::node_to_node_um, "Distance between nodes.");
  length("paranode_length_um", &MotorFibre::paranode_length_um, "Length of a paranodal segment (FLUT).");
  s.integer("lamellae", &MotorFibre::lamellae).required().range(1, 1000).doc("Lamellae of the sheath.");
  s.integer("segments_each", &MotorFibre::segments_each)
      .required()
      .range(1, 1000)
      .doc("Compartments of each segment of the internode.");
  return s;
}

core::Schema<Change> change_schema() {
  core::Schema<Change> s("A departure from the intact fibre.");
  s.integers("internodes", &Change::internodes)
      .required()
      .size(2, 2)
      .doc("First and last internode changed, numbered from 1.");
  s.integer("wraps", &Change::wraps).range(0, 1000).doc("Wraps left or made; 0: bare.");
  s.number("bare_um", &Change::bare_um).at_least(0).doc("Length without sheath, half at each end.");
  s.number("bare_channel_share", &Change::bare_channel_share)
      .range(0, 1)
      .doc("Channels of the bare membrane as a share of the node's density; absent: it is passive.");
  s.number("bare_potassium_factor", &Change::bare_potassium_factor)
      .at_least(0)
      .at_most(100)
      .doc("Potassium channels of the bare membrane in multiples of that share; the leak stays.");
  s.integer("split", &Change::split)
      .range(1, 100)
      .doc("Short internodes, with new nodes, in the place of each.");
  s.number("length_um", &Change::length_um).above(0).at_most(k_most_um).doc("Length of the internode.");
  s.number("seal_width_factor", &Change::seal_width_factor)
      .above(0)
      .at_most(1000)
      .doc("The seal's width in multiples of the intact one; absent: intact wraps / wraps.");
  s.number("seal_length_um", &Change::seal_length_um)
      .above(0)
      .at_most(k_most_um)
      .doc("Length of the seal at each end of the sheath.");
  s.number("leak_factor", &Change::leak_factor)
      .at_least(0)
      .at_most(100)
      .doc("Leak of the axon's membrane where it has no channels, in multiples of the intact one.");
  s.number("node_length_um", &Change::node_length_um)
      .above(0)
      .at_most(100)
      .doc("Length of the nodes at these internodes.");
  s.number("node_sodium_factor", &Change::node_sodium_factor)
      .at_least(0)
      .at_most(100)
      .doc("Their density of sodium channels in multiples of the intact one.");
  s.number("node_potassium_factor", &Change::node_potassium_factor)
      .at_least(0)
      .at_most(100)
      .doc("Their density of potassium channels in multiples of the intact one; the leak stays.");
  s.check([](const Change& c, const core::Report& r) {
    if (c.internodes[0] < 1 || c.internodes[1] < c.internodes[0])
      r.problem("internodes", "the first internode comes after the last, or is below 1",
                "[first, last], from 1");
  });
  return s;
}

core::Schema<Case> case_schema() {
  core::Schema<Case> s("A state of the fibre that is run beside the others.");
  s.text("name", &Case::name).required().doc("What the report calls it.");
  s.number("celsius", &Case::celsius).range(0, 60).doc("Temperature; absent: the scenario's.");
  s.tables("change", &Case::changes, change_schema()).doc("Departures from the intact fibre, in order.");
  return s;
}

core::Schema<Shock> shock_schema() {
  core::Schema<Shock> s("The current that starts a spike.");
  s.integer("node", &Shock::node).at_least(1).doc("Node it enters, from 1.");
  s.number("amplitude_na", &Shock::amplitude_na).required().range(-1000, 1000).doc("Amplitude.");
  s.number("duration_ms", &Shock::duration_ms).required().above(0).at_most(1000).doc("Duration.");
  return s;
}

core::Schema<Measure> measure_schema() {
  core::Schema<Measure> s("What is asked of the fibre; nodes are those of the intact fibre, from 1.");
  s.integer("from_node", &Measure::from_node)
      .required()
      .at_least(1)
      .doc("Velocity and delay are taken from here");
  s.integer("to_node", &Measure::to_node)
      .required()
      .at_least(2)
      .doc("to here, where a spike counts as transmitted.");
  s.numbers("train_hz", &Measure::train_hz).size(0, 12).doc("Frequencies of trains of stimuli.");
  s.integer("train_pulses", &Measure::train_pulses).range(2, 1000).doc("Stimuli in a train.");
  s.boolean("refractory", &Measure::refractory).doc("Search the refractory period.");
  s.boolean("safety", &Measure::safety).doc("Search the safety factor.");
  s.check([](const Measure& m, const core::Report& r) {
    if (m.to_node <= m.from_node) r.problem("to_node", "it does not come after from_node", "above from_node");
    for (const double hz : m.train_hz)
      if (!(hz > 0.0 && hz <= k_most_hz))
        r.problem("train_hz", "a frequency is outside its limits", "above 0, at most 10000");
  });
  return s;
}

core::Schema<Run> run_schema() {
  core::Schema<Run> s("The simulation.");
  s.number("dt_us", &Run::dt_us).above(0).at_most(50).doc("Time step.");
  s.number("duration_ms", &Run::duration_ms)
      .required()
      .above(0)
      .at_most(1e4)
      .doc("Time followed after the last stimulus.");
  return s;
}

int internodes_of(const Scenario& s) {
  return (s.model == Model::halter_clark ? s.fibre->nodes : s.motor_fibre->nodes) - 1;
}

void check_scenario(const Scenario& s, const core::Report& r) {
  const bool central = s.model == Model::halter_clark;
  if (central && !s.fibre) r.problem("model", "'halter-clark' needs a table [fibre]");
  if (!central && !s.motor_fibre) r.problem("model", "'mcintyre' needs a table [motor_fibre]");
  if (central && s.motor_fibre) r.problem("motor_fibre", "'halter-clark' has no such table", "[fibre]");
  if (!central && s.fibre) r.problem("fibre", "'mcintyre' has no such table", "[motor_fibre]");
  if (central ? !s.fibre : !s.motor_fibre) return;
  const int nodes = internodes_of(s) + 1;
  const std::string all = "1 to " + std::to_string(nodes);
  if (s.stimulus.node > nodes) r.problem("stimulus.node", "the fibre has no such node", all);
  if (s.measure.to_node > nodes) r.problem("measure.to_node", "the fibre has no such node", all);
  for (std::size_t k = 0; k < s.cases.size(); ++k) {
    const std::string path = "case[" + std::to_string(k) + "]";
    if (!central && !s.cases[k].changes.empty())
      r.problem(path + ".change", "changes are of central axons; this model's internodes are alike",
                "model = \"halter-clark\"; for channels of all nodes alike, --set parameter.mrg_NAME=VALUE");
    for (std::size_t c = 0; c < s.cases[k].changes.size(); ++c) {
      if (s.cases[k].changes[c].internodes[1] > internodes_of(s))
        r.problem(path + ".change[" + std::to_string(c) + "].internodes", "the fibre has no such internode",
                  "1 to " + std::to_string(internodes_of(s)));
    }
  }
}

struct CentralRow {
  std::vector<Node> nodes;
  std::vector<Internode> internodes;
  std::vector<std::size_t> node_of;
};

CentralRow central_row(const CentralFibre& f, const std::vector<Change>& changes, const HalterClark& model) {
  const Node node{f.node_length_um, f.node_diameter_um, model.node_density_ms_per_cm2};
  const Internode internode{
      f.internode_length_um, f.axon_diameter_um, f.wraps,      0.0, f.periaxonal_width_nm,
      f.seal_length_um,      f.seal_width_nm,    f.segment_um, {}};
  std::vector<Internode> all(static_cast<std::size_t>(f.nodes - 1), internode);
  std::vector<int> split(all.size(), 1);
  std::vector<Node> nodes(all.size() + 1, node);
  for (const Change& c : changes) {
    const auto first = static_cast<std::size_t>(c.internodes[0] - 1),
               last = static_cast<std::size_t>(c.internodes[1] - 1);
    for (std::size_t k = first; k <= last; ++k) {
      Internode& i = all[k];
      if (c.wraps) {
        i.wraps = *c.wraps;
        // One loop of the seal per wrap: with fewer its space is wider (Arancibia-Carcamo's program).
        if (i.wraps > 0 && f.wraps > 0) i.seal_width_nm = f.seal_width_nm * f.wraps / i.wraps;
      }
      if (c.seal_width_factor) i.seal_width_nm = f.seal_width_nm * *c.seal_width_factor;
      if (c.seal_length_um) i.seal_length_um = *c.seal_length_um;
      if (c.leak_factor) i.leak_factor = *c.leak_factor;
      if (c.length_um) i.length_um = *c.length_um;
      if (c.bare_um) i.bare_um = *c.bare_um;
      if (c.bare_channel_share) {
        i.bare_density_ms_per_cm2.clear();
        if (*c.bare_channel_share > 0.0)
          for (const double density : model.node_density_ms_per_cm2)
            i.bare_density_ms_per_cm2.push_back(density * *c.bare_channel_share);
      }
      if (c.bare_potassium_factor) i.bare_potassium_factor = *c.bare_potassium_factor;
      if (c.split) split[k] = *c.split;
    }
    for (std::size_t k = first; k <= last + 1; ++k) {
      if (c.node_length_um) nodes[k].length_um = *c.node_length_um;
      if (c.node_sodium_factor)
        for (std::size_t channel = 0; channel < model.membrane.channels.size(); ++channel)
          if (model.membrane.channels[channel].carries_sodium)
            nodes[k].density_ms_per_cm2[channel] = node.density_ms_per_cm2[channel] * *c.node_sodium_factor;
      if (c.node_potassium_factor) nodes[k].potassium_factor = *c.node_potassium_factor;
    }
  }
  // A factor on channels that nothing has would change nothing, and look as if it had.
  for (const Change& c : changes) {
    const auto has_channels = [](const Internode& i) {
      return (i.wraps == 0 || i.bare_um > 0.0) && !i.bare_density_ms_per_cm2.empty();
    };
    if (c.bare_potassium_factor &&
        std::none_of(all.begin() + (c.internodes[0] - 1), all.begin() + c.internodes[1], has_channels))
      throw std::invalid_argument(
          "bare_potassium_factor: no bare membrane of these internodes has channels (bare_channel_share)");
  }
  CentralRow row;
  for (std::size_t k = 0; k < all.size(); ++k) {
    row.node_of.push_back(row.nodes.size());
    row.nodes.push_back(nodes[k]);
    Internode piece = all[k];
    // The new nodes take their length from the internodes: the fibre keeps its length.
    piece.length_um = (all[k].length_um - (split[k] - 1) * nodes[k].length_um) / split[k];
    for (int n = 0; n < split[k]; ++n) {
      if (n > 0) row.nodes.push_back(nodes[k]);
      row.internodes.push_back(piece);
    }
  }
  row.node_of.push_back(row.nodes.size());
  row.nodes.push_back(nodes.back());
  return row;
}

}  // namespace

core::Schema<Scenario> scenario_schema() {
  core::Schema<Scenario> s("A fibre, its states and what is asked of it.");
  s.format("hortega-axon", 1);
  s.text("title", &Scenario::title).required().doc("Title of the report.");
  s.text("about", &Scenario::about).may_be_empty().doc("What the scenario shows, in a sentence or two.");
  s.choice("model", &Scenario::model, {{"halter-clark", Model::halter_clark}, {"mcintyre", Model::mcintyre}})
      .required()
      .doc("Equations of the fibre.");
  s.number("celsius", &Scenario::celsius).required().range(0, 60).doc("Temperature.");
  s.table("fibre", &Scenario::fibre, central_schema()).doc("Geometry, for halter-clark.");
  s.table("motor_fibre", &Scenario::motor_fibre, motor_schema()).doc("Geometry, for mcintyre.");
  s.tables("case", &Scenario::cases, case_schema())
      .size(0, 12)
      .distinct("name")
      .doc("States run beside the intact fibre.");
  s.table("stimulus", &Scenario::stimulus, shock_schema()).doc("The stimulus.");
  s.table("measure", &Scenario::measure, measure_schema()).doc("What is measured.");
  s.table("run", &Scenario::run, run_schema()).doc("The simulation.");
  s.check(check_scenario);
  return s;
}

CaseFibre case_fibre(const Scenario& s, const Case& one, const core::ParameterSet& parameters) {
  CaseFibre made;
  const double celsius = one.celsius.value_or(s.celsius);
  if (s.model == Model::mcintyre) {
    const MotorFibre& f = *s.motor_fibre;
    made.fibre = mcintyre_fibre(load_mcintyre(parameters),
                                {f.fibre_diameter_um, f.axon_diameter_um, f.node_diameter_um,
                                 f.node_to_node_um, f.paranode_length_um, f.lamellae},
                                celsius, f.nodes, f.segments_each);
    for (int k = 0; k < f.nodes; ++k) made.node_of.push_back(static_cast<std::size_t>(k));
    made.wraps.assign(static_cast<std::size_t>(f.nodes - 1), f.lamellae);
  } else {
    const HalterClark model = load_halter_clark(parameters);
    const CentralRow row = central_row(*s.fibre, one.changes, model);
    made.fibre = halter_clark_fibre(model, celsius, row.nodes, row.internodes);
    made.node_of = row.node_of;
    for (const Internode& i : row.internodes) made.wraps.push_back(i.bare_um >= i.length_um ? 0 : i.wraps);
  }
  double at_um = 0.0;
  for (const Piece& p : made.fibre.pieces) {
    if (p.node > 0) made.internode_end_um.push_back(at_um);
    at_um += p.length_um;
    if (p.node >= 0 && at_um < made.fibre.length_um() && p.node + 1 < made.fibre.nodes())
      made.internode_start_um.push_back(at_um);
  }
  double compartments = 0.0;
  for (const Piece& p : made.fibre.pieces) compartments += p.segments;
  if (compartments > k_most_compartments)
    throw std::invalid_argument("the fibre has more than a million compartments: make segment_um longer");
  check(made.fibre);
  return made;
}

void judge(const core::Read<Scenario>& read, const core::ParameterSet& parameters) {
  core::Problems problems;
  const auto attempt = [&](const Case& one, const std::string& path) {
    try {
      (void)case_fibre(read.value, one, parameters);
      return true;
    } catch (const std::invalid_argument& error) {
      problems.add(read.places.problem(path, error.what()));
      return false;
    }
  };
  const bool central = read.value.model == Model::halter_clark;
  // A fault of the fibre itself is told once.
  if (attempt({}, central ? "fibre" : "motor_fibre"))
    for (std::size_t k = 0; k < read.value.cases.size(); ++k)
      attempt(read.value.cases[k], "case[" + std::to_string(k) + "]");
  problems.throw_if_any();
}

}  // namespace hortega::axon
