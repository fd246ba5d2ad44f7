// SPDX-License-Identifier: Apache-2.0
// Spikes, velocities, safety and price.
#include "hortega/axon/measures.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

namespace hortega::axon {

namespace {

/// Time and value of the top of the parabola through three samples around `k`.
std::pair<double, double> top(const double* v, std::size_t k, std::size_t n) {
  const auto at = static_cast<double>(k);
  if (k == 0 || k + 1 >= n) return {at, v[k]};
  const double curvature = v[k - 1] - 2.0 * v[k] + v[k + 1];
  if (!(curvature < 0.0)) return {at, v[k]};
  const double shift = 0.5 * (v[k - 1] - v[k + 1]) / curvature;
  return {at + shift, v[k] - 0.5 * 0.5 * (v[k - 1] - v[k + 1]) * shift};
}

/// Time (in samples) at which the line from sample k to k + 1 passes `level`.
double passage(const double* v, std::size_t k, double level) {
  return static_cast<double>(k) + (level - v[k]) / (v[k + 1] - v[k]);
}

double half_width(const double* v, std::size_t peak, std::size_t n, double half, double interval_ms) {
  std::size_t up = peak, down = peak;
  while (up > 0 && v[up - 1] >= half) --up;
  while (down + 1 < n && v[down] >= half) ++down;
  if (up == 0 || v[down] >= half) return 0.0;
  return (passage(v, down - 1, half) - passage(v, up - 1, half)) * interval_ms;
}

}  // namespace

std::vector<Spike> spikes(const Recording& r, std::size_t node, double threshold_mv) {
  if (node >= r.node_position_um.size()) throw std::invalid_argument("the fibre has no such node");
  std::vector<Spike> found;
  const double* v = r.node(node);
  const double level = threshold_mv - r.rest_mv;
  for (std::size_t k = 0; k + 1 < r.samples; ++k) {
    if (!(v[k] < level && v[k + 1] >= level)) continue;
    Spike s;
    s.arrival_ms = passage(v, k, level) * r.interval_ms;
    std::size_t end = k + 1;
    while (end + 1 < r.samples && v[end + 1] >= level) ++end;
    const auto highest = static_cast<std::size_t>(std::max_element(v + k + 1, v + end + 1) - v);
    const auto [at, peak] = top(v, highest, r.samples);
    s.peak_ms = at * r.interval_ms;
    s.peak_mv = peak + r.rest_mv;
    s.half_width_ms = half_width(v, highest, r.samples, 0.5 * peak, r.interval_ms);
    found.push_back(s);
    k = end;
  }
  return found;
}

std::optional<double> velocity_m_per_s(const Recording& r, std::size_t from, std::size_t to) {
  const auto a = spikes(r, from), b = spikes(r, to);
  if (a.empty() || b.empty() || !(b.front().peak_ms > a.front().peak_ms)) return {};
  return 1e-3 * (r.node_position_um[to] - r.node_position_um[from]) / (b.front().peak_ms - a.front().peak_ms);
}

std::optional<double> arrival_velocity_m_per_s(const Recording& r, std::size_t from, std::size_t to,
                                               double threshold_mv) {
  const auto a = spikes(r, from, threshold_mv), b = spikes(r, to, threshold_mv);
  if (a.empty() || b.empty() || !(b.front().arrival_ms > a.front().arrival_ms)) return {};
  return 1e-3 * (r.node_position_um[to] - r.node_position_um[from]) /
         (b.front().arrival_ms - a.front().arrival_ms);
}

std::optional<double> charge_ratio(const Recording& r, std::size_t node) {
  // The node's compartments are neighbours; current comes in on one side and leaves on the other.
  std::size_t first = r.compartments.size(), last = 0;
  for (const std::size_t i : r.active) {
    if (r.compartments[i].node != static_cast<int>(node)) continue;
    first = std::min(first, i);
    last = std::max(last, i);
  }
  if (first == 0 || last + 1 >= r.compartments.size() || first > last || r.snapshots.size() < 3) return {};
  if (spikes(r, node).empty()) return {};
  const auto in = [&](const Snapshot& s) {
    return r.compartments[first - 1].axial_next_ns * (s.inside_mv[first - 1] - s.inside_mv[first]);
  };
  const auto out = [&](const Snapshot& s) {
    return r.compartments[last].axial_next_ns * (s.inside_mv[last] - s.inside_mv[last + 1]);
  };
  // From the moment at which the node rises at a hundredth of its fastest rise to its peak.
  const auto v = [&](const Snapshot& s) { return s.inside_mv[first]; };
  const auto rise = [&](std::size_t k) {
    return (v(r.snapshots[k]) - v(r.snapshots[k - 1])) / (r.snapshots[k].t_ms - r.snapshots[k - 1].t_ms);
  };
  std::size_t peak = 0, steepest = 1;
  for (std::size_t k = 1; k < r.snapshots.size(); ++k)
    if (v(r.snapshots[k]) > v(r.snapshots[peak])) peak = k;
  for (std::size_t k = 1; k <= peak; ++k)
    if (rise(k) > rise(steepest)) steepest = k;
  std::size_t begin = steepest;
  while (begin > 1 && rise(begin - 1) >= 1e-2 * rise(steepest)) --begin;
  double received = 0.0, passed = 0.0, own = 0.0;
  for (std::size_t k = begin; k <= peak; ++k) {
    const Snapshot& a = r.snapshots[k - 1];
    const Snapshot& b = r.snapshots[k];
    const double dt = b.t_ms - a.t_ms;
    received += 0.5 * (in(a) + in(b)) * dt;
    passed += 0.5 * (out(a) + out(b)) * dt;
    for (std::size_t i = first; i <= last; ++i)
      own += r.compartments[i].capacitance_pf * (b.inside_mv[i] - a.inside_mv[i]);
  }
  if (!(received > 0.0)) return {};
  return (own + passed) / received;
}

std::optional<double> atp_per_um(const Recording& r, const Membrane& membrane, int stimulated_node) {
  constexpr double elementary_charge_fc = 1.602176634e-4;  // not biology: the SI's elementary charge
  constexpr double ions_per_atp = 3.0;                     // not biology: stoichiometry of the sodium pump
  const int nodes = static_cast<int>(r.node_position_um.size());
  const auto near = [&](int node) { return std::abs(node - stimulated_node) <= 1; };
  // Compartments from the node before the stimulated one to the node after it.
  std::size_t first = r.compartments.size(), last = 0;
  for (std::size_t i = 0; i < r.compartments.size(); ++i) {
    if (r.compartments[i].node < 0 || !near(r.compartments[i].node)) continue;
    first = std::min(first, i);
    last = std::max(last, i);
  }
  const auto left_out = [&](std::size_t i) { return i >= first && i <= last; };
  const double duration_ms = static_cast<double>(r.samples - 1) * r.interval_ms;
  double sodium_fc = 0.0;
  for (std::size_t k = 0; k < membrane.channels.size(); ++k) {
    const Channel& channel = membrane.channels[k];
    if (!channel.carries_sodium) continue;
    const double farthest_mv = std::abs(channel.reversal_mv - membrane.rest_mv);
    for (int node = 0; node < nodes; ++node) {
      if (near(node)) continue;
      const double* v = r.node(static_cast<std::size_t>(node));
      if (std::any_of(v, v + r.samples, [&](double mv) { return std::abs(mv) > farthest_mv; })) return {};
    }
    const double at_rest = channel.open_share(membrane.rest_mv) * (membrane.rest_mv - channel.reversal_mv);
    for (std::size_t a = 0; a < r.active.size(); ++a) {
      if (left_out(r.active[a])) continue;
      sodium_fc -= r.charge_fc[k][a] - r.compartments[r.active[a]].channel_ns[k] * at_rest * duration_ms;
    }
  }
  double length_um = 0.0;
  for (std::size_t i = 0; i < r.compartments.size(); ++i)
    if (!left_out(i)) length_um += r.compartments[i].length_um;
  if (!(length_um > 0.0) || sodium_fc < 0.0) return {};
  return sodium_fc / (ions_per_atp * elementary_charge_fc * length_um);
}

}  // namespace hortega::axon
