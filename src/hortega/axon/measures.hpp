// SPDX-License-Identifier: Apache-2.0
// What is read off a recording: when spikes come by, how fast, how safely, at what price.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "hortega/axon/simulate.hpp"

namespace hortega::axon {

/// A spike at a node: upward passage through the threshold, between samples by a straight line, and the
/// largest value until the potential falls below it again, between samples by a parabola.
struct Spike {
  double arrival_ms = 0.0;
  double peak_ms = 0.0;
  double peak_mv = 0.0;        ///< absolute
  double half_width_ms = 0.0;  ///< at half of the height above rest; 0 if the record ends before
};

/// Potential (absolute, mV) above which a node has fired.
inline constexpr double k_threshold_mv = -20.0;  // not biology: the definition of an arrival

std::vector<Spike> spikes(const Recording& recording, std::size_t node, double threshold_mv = k_threshold_mv);

/// Mean velocity (m/s) of the first spike between two nodes by its peaks; nothing if it did not reach both.
std::optional<double> velocity_m_per_s(const Recording& recording, std::size_t from, std::size_t to);
/// The same by passages through the threshold.
std::optional<double> arrival_velocity_m_per_s(const Recording& recording, std::size_t from, std::size_t to,
                                               double threshold_mv);

/// Charge ratio of a node (the safety factor of Shaw and Rudy 1997, doi:10.1161/01.RES.81.5.727): (charge
/// into the node's own capacitance + charge passed on) / charge received, from the foot of its upstroke to
/// its peak; from snapshots. Nothing without a spike, with too few snapshots, or where the node sends more
/// back than it got.
std::optional<double> charge_ratio(const Recording& recording, std::size_t node);

/// ATP molecules for pumping out the sodium that came in beyond what comes in at rest, per um of fibre; three
/// ions a molecule. The fibre from the stimulated node to the nodes next to it is left out, its length as
/// well: there the stimulus moves sodium as much as the spike does. Nothing if no fibre is left, if less
/// sodium came in than at rest, or if a node of the rest was driven farther from rest than the reversal of
/// sodium lies, as no spike drives it.
std::optional<double> atp_per_um(const Recording& recording, const Membrane& membrane, int stimulated_node);

}  // namespace hortega::axon
