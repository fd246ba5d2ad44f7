// SPDX-License-Identifier: Apache-2.0
// A scenario run: the intact fibre and each case, measured.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "hortega/axon/measures.hpp"
#include "hortega/axon/scenario.hpp"

namespace hortega::axon {

struct TrainResult {
  double hz = 0.0;
  int given = 0;
  int arrived = 0;  ///< spikes at `to_node`
};

/// Potential inside the axon over length and time, thinned for a picture.
struct SpaceTime {
  double length_um = 0.0;
  double duration_ms = 0.0;
  std::size_t columns = 0;       ///< positions, evenly spaced
  std::size_t rows = 0;          ///< moments, evenly spaced
  std::vector<float> inside_mv;  ///< absolute, [row][column]
};

struct CaseResult {
  std::string name;
  double celsius = 0.0;
  bool transmitted = false;                ///< a single spike comes to `to_node`
  std::optional<double> velocity_m_per_s;  ///< from peak to peak between the two nodes
  std::optional<double> delay_ms;          ///< of the arrival at `to_node` after that at `from_node`
  std::optional<double> extra_delay_ms;    ///< over the intact fibre's at this temperature
  std::optional<double> refractory_ms;     ///< shortest interval of two stimuli of which both come through
  /// Density of fast sodium channels over the least at which the spike still comes through; 1 at the brink of
  /// block.
  std::optional<double> safety_factor;
  std::optional<double> charge_ratio;    ///< the least of the nodes between
  std::optional<int> charge_ratio_node;  ///< where it is, from 1, as numbered in this case
  /// Of one spike, away from the stimulus. Nothing if the record ended before the spike did, or where
  /// measures.hpp gives nothing.
  std::optional<double> atp_per_um;
  double peak_mv = 0.0;  ///< at from_node
  double half_width_ms = 0.0;
  int reached_node = 0;  ///< farthest node that fired, from 1
  double reached_um = 0.0;
  bool still_under_way = false;  ///< the record ended before the spike did
  std::vector<TrainResult> trains;
  std::vector<double> node_position_um;
  std::vector<std::optional<double>> arrival_ms;  ///< first spike at each node
  SpaceTime picture;
  CaseFibre fibre;
};

/// A single spike along the intact fibre at a temperature that some case has and the scenario has not.
struct IntactAt {
  double celsius = 0.0;
  bool transmitted = false;
  std::optional<double> velocity_m_per_s;
  std::optional<double> delay_ms;
  bool still_under_way = false;
};

struct Study {
  Scenario scenario;
  CaseResult intact;
  std::vector<IntactAt> intact_at;  ///< by temperature, ascending
  std::vector<CaseResult> cases;
};

/// What a scenario asks for, at most: searches and trains are counted whole, though a fibre that blocks needs
/// none.
struct StudyCost {
  std::size_t fibres = 0;          ///< the intact one, also at other temperatures, and the cases
  std::size_t compartments = 0;    ///< of the longest of them
  double steps = 0.0;              ///< of time, of a single spike
  double runs = 0.0;               ///< of a spike, a pair or a train along a fibre
  double compartment_steps = 0.0;  ///< steps times compartments, over all runs
};

/// Throws std::invalid_argument for a fibre that cannot be built.
StudyCost study_cost(const Scenario& scenario, const core::ParameterSet& parameters);

/// The same in a line for people.
std::string cost_words(const StudyCost& cost);

/// Pieces of work that run_study reports as done.
std::size_t steps_of(const Scenario& scenario);

/// Runs everything the scenario asks. `done` is called after each piece of work, from any thread. Throws
/// std::invalid_argument for what cannot be run.
Study run_study(const Scenario& scenario, const core::ParameterSet& parameters,
                const std::function<void()>& done = {});

}  // namespace hortega::axon
