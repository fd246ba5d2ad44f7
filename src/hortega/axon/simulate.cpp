// SPDX-License-Identifier: Apache-2.0
// Fibres laid out for the kernel, and taken back from it.
#include "hortega/axon/simulate.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "hortega/core/interrupt.hpp"
#include "hortega/core/parallel.hpp"

namespace hortega::axon {

namespace {

using kernel::Block;
using kernel::Chunk;
using kernel::n_coefficients;

// A block's coefficients and states should stay in a core's second-level cache.
constexpr std::size_t k_cache_bytes = 768 * 1024;
constexpr std::size_t k_most_bytes = std::size_t{4} << 30;
constexpr double k_most_steps = 1e8;

/// Coefficients of one passive compartment, indexed by kernel::Coefficient.
using Coefficients = std::vector<double>;

/// The passive compartments between two active ones, factorised.
struct Run {
  std::vector<Coefficients> compartments;
  double coupling = 0.0;       // between the active compartments at its ends
  bool single = true;          // without a sheath
  double left_diagonal = 0.0;  // what it adds to their diagonals
  double right_diagonal = 0.0;
};

/// Where a single cable's coefficients stand among those of a double one.
constexpr std::size_t k_of_single[] = {kernel::twice_c_over_dt, kernel::inverse_11, kernel::axial_next,
                                       kernel::from_left_inside};

std::size_t count_of(const Chunk& chunk) {
  return chunk.single ? std::size_t{kernel::n_single_coefficients} : std::size_t{n_coefficients};
}

Run factorise(const std::vector<Compartment>& all, std::size_t before, std::size_t after, double dt_ms) {
  Run run;
  const double into = all[before].axial_next_ns;
  const std::size_t n = after - before - 1;
  if (n == 0) {
    run.coupling = run.left_diagonal = run.right_diagonal = into;
    return run;
  }
  // Pivots of the block LDL' factorisation, from left to right.
  double b_in = 0.0, b_peri = 0.0, i11 = 0.0, i12 = 0.0, i22 = 0.0;
  for (std::size_t k = 0; k < n; ++k) {
    const Compartment& c = all[before + 1 + k];
    const Compartment& previous = all[before + k];
    Coefficients x(n_coefficients, 0.0);
    x[kernel::twice_c_over_dt] = 2.0 * c.capacitance_pf / dt_ms;
    const double membrane = x[kernel::twice_c_over_dt] + c.leak_ns;
    double d11 = membrane + previous.axial_next_ns + c.axial_next_ns - b_in * b_in * i11;
    if (c.exposed) {
      i11 = 1.0 / d11;
      i12 = i22 = 0.0;
    } else {
      run.single = false;
      x[kernel::twice_myelin_c_over_dt] = 2.0 * c.myelin_pf / dt_ms;
      const double d12 = -membrane - b_in * b_peri * i12;
      const double d22 = membrane + x[kernel::twice_myelin_c_over_dt] + c.myelin_ns + c.periaxonal_earth_ns +
                         c.periaxonal_next_ns + (k > 0 ? previous.periaxonal_next_ns : 0.0) -
                         b_peri * b_peri * i22;
      const double determinant = d11 * d22 - d12 * d12;
      i11 = d22 / determinant;
      i12 = -d12 / determinant;
      i22 = d11 / determinant;
    }
    x[kernel::inverse_11] = i11;
    x[kernel::inverse_12] = i12;
    x[kernel::inverse_22] = i22;
    x[kernel::axial_next] = b_in = c.axial_next_ns;
    x[kernel::periaxonal_next] = b_peri = k + 1 < n ? c.periaxonal_next_ns : 0.0;
    run.compartments.push_back(std::move(x));
  }
  // Response to 1 mV in the active compartment before: forward, then back with the one after it at rest.
  std::vector<double> w_in(n), w_peri(n);
  for (std::size_t k = 0; k < n; ++k) {
    const Coefficients& x = run.compartments[k];
    const double y_in = k == 0 ? into : run.compartments[k - 1][kernel::axial_next] * w_in[k - 1];
    const double y_peri = k == 0 ? 0.0 : run.compartments[k - 1][kernel::periaxonal_next] * w_peri[k - 1];
    w_in[k] = x[kernel::inverse_11] * y_in + x[kernel::inverse_12] * y_peri;
    w_peri[k] = x[kernel::inverse_12] * y_in + x[kernel::inverse_22] * y_peri;
  }
  double in = 0.0, peri = 0.0;
  for (std::size_t k = n; k-- > 0;) {
    Coefficients& x = run.compartments[k];
    const double a = k + 1 < n ? x[kernel::axial_next] * in : 0.0;
    const double b = x[kernel::periaxonal_next] * peri;
    in = w_in[k] + (x[kernel::inverse_11] * a + x[kernel::inverse_12] * b);
    peri = w_peri[k] + (x[kernel::inverse_12] * a + x[kernel::inverse_22] * b);
    x[kernel::from_left_inside] = in;
    x[kernel::from_left_periaxonal] = peri;
  }
  const Coefficients& last = run.compartments.back();
  const double out = last[kernel::axial_next];
  run.coupling = out * last[kernel::from_left_inside];
  run.left_diagonal = into - into * run.compartments.front()[kernel::from_left_inside];
  run.right_diagonal = out - out * (last[kernel::inverse_11] * out);
  return run;
}

std::size_t steps_of(const Settings& s) {
  if (!(s.dt_us > 0.0) || !std::isfinite(s.dt_us))
    throw std::invalid_argument("the time step is not above 0");
  if (!(s.duration_ms > 0.0) || !std::isfinite(s.duration_ms))
    throw std::invalid_argument("the duration is not above 0");
  const double steps = std::ceil(s.duration_ms / (1e-3 * s.dt_us) - 1e-9);
  if (steps > k_most_steps) throw std::invalid_argument("more than 1e8 time steps are asked for");
  return static_cast<std::size_t>(steps);
}

std::size_t every(double interval_us, double dt_us) {
  return interval_us <= 0.0 ? 1 : static_cast<std::size_t>(std::max(1.0, std::round(interval_us / dt_us)));
}

/// Mean current (pA) of the pulses over each step.
std::vector<double> currents(const Stimulus& stimulus, std::size_t steps, double dt_ms) {
  std::vector<double> pa(steps, 0.0);
  for (const Pulse& p : stimulus.pulses) {
    if (!(p.duration_ms > 0.0) || !std::isfinite(p.duration_ms) || !std::isfinite(p.amplitude_na) ||
        !std::isfinite(p.start_ms) || p.start_ms < 0.0)
      throw std::invalid_argument("a pulse has no start from 0 on, duration above 0 and finite amplitude");
    const double first = p.start_ms / dt_ms, last = (p.start_ms + p.duration_ms) / dt_ms;
    const auto stop = static_cast<std::size_t>(std::min(static_cast<double>(steps), std::ceil(last)));
    for (auto k = static_cast<std::size_t>(std::min(first, static_cast<double>(steps))); k < stop; ++k) {
      const auto at = static_cast<double>(k);
      pa[k] += 1e3 * p.amplitude_na * std::max(0.0, std::min(at + 1.0, last) - std::max(at, first));
    }
  }
  return pa;
}

/// Fibres side by side, with all memory of their block.
class Layout {
 public:
  Layout(const std::vector<const Job*>& jobs, const Settings& settings, Isa isa)
      : jobs_(jobs), settings_(settings), isa_(isa), lanes_(lanes_of(isa)) {
    for (const Job* job : jobs) {
      compartments_.push_back(compartments(*job->fibre, settings.refine));
      auto& active = active_.emplace_back();
      for (std::size_t i = 0; i < compartments_.back().size(); ++i)
        if (compartments_.back()[i].active) active.push_back(i);
      block_.n_sites = std::max(block_.n_sites, active.size());
    }
    block_.width = jobs.size() == 1 ? 1 : lanes_;
    block_.dt_ms = 1e-3 * settings.dt_us;
    lay_out_active();
    lay_out_runs();
  }

  std::vector<Recording> run() {
    const std::size_t steps = steps_of(settings_);
    const std::size_t trace_every = every(settings_.trace_every_us, settings_.dt_us);
    const std::size_t n_active = block_.n_sites * block_.width;
    const std::size_t traced = steps / trace_every;
    const std::size_t snapshot_every =
        settings_.snapshot_every_us > 0.0 ? every(settings_.snapshot_every_us, settings_.dt_us) : steps;
    start_recordings(steps, traced, snapshot_every);
    std::vector<double> stimulus(steps * block_.width, 0.0);
    for (std::size_t f = 0; f < jobs_.size(); ++f) {
      const std::vector<double> pa = currents(jobs_[f]->stimulus, steps, block_.dt_ms);
      for (std::size_t k = 0; k < steps; ++k) stimulus[k * block_.width + f] = pa[k];
    }
    block_.stimulus_site = site_of_node(0, jobs_[0]->stimulus.node);
    // Stretches end where a snapshot is due; traces count from the start of each stretch, so these are whole
    // numbers of trace intervals.
    const std::size_t stretch = settings_.snapshot_every_us > 0.0
                                    ? (snapshot_every + trace_every - 1) / trace_every * trace_every
                                    : std::max(trace_every, std::size_t{4096} / trace_every * trace_every);
    std::vector<double> trace(stretch / trace_every * n_active);
    block_.trace = trace.data();
    block_.trace_every = trace_every;
    if (settings_.snapshot_every_us > 0.0) take_snapshots(0.0);
    std::size_t sample = 1;
    for (std::size_t done = 0; done < steps;) {
      block_.steps = std::min(stretch, steps - done);
      block_.stimulus = stimulus.data() + done * block_.width;
      advance(block_, isa_);
      core::throw_if_interrupted();
      done += block_.steps;
      sample = take_traces(trace, block_.steps / trace_every, sample);
      if (settings_.snapshot_every_us > 0.0) take_snapshots(static_cast<double>(done) * block_.dt_ms);
    }
    for (std::size_t f = 0; f < jobs_.size(); ++f) finish(f);
    return std::move(recordings_);
  }

 private:
  double* array() {
    auto& values = memory_.emplace_back(block_.n_padded, 0.0);
    return values.data();
  }
  double* array(std::size_t n) {
    auto& values = memory_.emplace_back(std::max<std::size_t>(n, 1), 0.0);
    return values.data();
  }

  void lay_out_active() {
    const Membrane& membrane = jobs_[0]->fibre->membrane;
    const std::size_t w = block_.width;
    // Room for the runs of the last chunk and for what they give to the right.
    block_.n_padded = ((block_.n_sites + 1) * w + 2 * lanes_) / lanes_ * lanes_;
    std::size_t n_gates = 0;
    for (const Channel& channel : membrane.channels) {
      channels_.push_back({channel.reversal_mv - membrane.rest_mv, channel.gates.size()});
      for (const Gate& gate : channel.gates) gates_.push_back({gate.power, gate.opening, gate.closing});
      n_gates += channel.gates.size();
    }
    const std::size_t n = block_.n_padded;
    block_.channels = channels_.data();
    block_.n_channels = channels_.size();
    block_.gates = gates_.data();
    block_.rest_mv = membrane.rest_mv;
    block_.u = array();
    block_.gate = gate_ = array(n_gates * n);
    double* speed = array(n_gates * n);
    double* density = array(channels_.size() * n);
    twice_c_ = array(), diagonal_ = array(), next_ = array();
    double* source = array();
    double* leak = array();
    for (std::size_t a = 0; a < n; ++a) diagonal_[a] = 1.0;
    std::size_t g = 0;
    for (const Channel& channel : membrane.channels) {
      for (const Gate& gate : channel.gates) {
        const double steady = gate.steady(membrane.rest_mv);
        for (std::size_t a = 0; a < n; ++a) gate_[g * n + a] = steady;
        for (std::size_t f = 0; f < jobs_.size(); ++f)
          for (std::size_t s = 0; s < active_[f].size(); ++s)
            speed[g * n + s * w + f] = gate.speed(jobs_[f]->fibre->celsius) * block_.dt_ms;
        ++g;
      }
    }
    for (std::size_t f = 0; f < jobs_.size(); ++f) {
      for (std::size_t s = 0; s < active_[f].size(); ++s) {
        const Compartment& c = compartments_[f][active_[f][s]];
        const std::size_t a = s * w + f;
        for (std::size_t k = 0; k < channels_.size(); ++k) density[k * n + a] = c.channel_ns[k];
        twice_c_[a] = 2.0 * c.capacitance_pf / block_.dt_ms;
        diagonal_[a] = twice_c_[a] + c.leak_ns;
        source[a] = c.leak_source_pa;
        leak[a] = c.leak_ns;
      }
    }
    block_.gate_speed = speed, block_.density = density, block_.twice_c = twice_c_,
    block_.diagonal = diagonal_;
    block_.source = source, block_.next = next_, block_.leak = leak;
    block_.charge = array(channels_.size() * n);
    block_.work = array();
    block_.scratch = array((6 + channels_.size()) * n);
  }

  void lay_out_runs() {
    const std::size_t w = block_.width;
    const std::size_t n_runs = (block_.n_sites - 1) * w;
    std::vector<Run> runs(n_runs);
    for (std::size_t f = 0; f < jobs_.size(); ++f) {
      for (std::size_t s = 0; s + 1 < active_[f].size(); ++s) {
        Run run = factorise(compartments_[f], active_[f][s], active_[f][s + 1], block_.dt_ms);
        next_[s * w + f] = run.coupling;
        diagonal_[s * w + f] += run.left_diagonal;
        diagonal_[(s + 1) * w + f] += run.right_diagonal;
        runs[s * w + f] = std::move(run);
      }
    }
    std::size_t coefficients = 0, state = 0;
    for (std::size_t first = 0; first < n_runs; first += lanes_) {
      Chunk chunk;
      chunk.uniform = chunk.single = true;
      const Run* one = nullptr;
      for (std::size_t r = first; r < std::min(n_runs, first + lanes_); ++r) {
        if (r % w >= jobs_.size()) continue;  // a lane without a fibre
        chunk.compartments = std::max(chunk.compartments, runs[r].compartments.size());
        chunk.uniform = chunk.uniform && (one == nullptr || one->compartments == runs[r].compartments);
        chunk.single = chunk.single && runs[r].single;
        one = &runs[r];
      }
      chunk.coefficients = coefficients;
      chunk.state = state;
      coefficients += chunk.compartments * count_of(chunk) * (chunk.uniform ? 1 : lanes_);
      state += chunk.compartments * (chunk.single ? 1 : 2) * lanes_;
      chunks_.push_back(chunk);
    }
    double* values = array(coefficients);
    for (std::size_t r = 0; r < n_runs; ++r) {
      const Chunk& chunk = chunks_[r / lanes_];
      const std::size_t padding = chunk.compartments - runs[r].compartments.size();
      for (std::size_t i = 0; i < runs[r].compartments.size(); ++i)
        for (std::size_t c = 0; c < count_of(chunk); ++c) {
          const std::size_t at = (padding + i) * count_of(chunk) + c;
          values[chunk.coefficients + (chunk.uniform ? at : at * lanes_ + r % lanes_)] =
              runs[r].compartments[i][chunk.single ? k_of_single[c] : c];
        }
    }
    block_.n_runs = n_runs;
    for (const Run& run : runs) run_length_.push_back(run.compartments.size());
    block_.coefficients = values;
    block_.state = state_ = array(state);
    block_.pivot_state = array(state);
    block_.chunks = chunks_.data();
    block_.n_chunks = chunks_.size();
  }

  std::size_t site_of_node(std::size_t f, int node) const {
    // A node cut into several compartments is represented by its middle one.
    std::vector<std::size_t> sites;
    for (std::size_t s = 0; s < active_[f].size(); ++s)
      if (compartments_[f][active_[f][s]].node == node) sites.push_back(s);
    if (node < 0 || sites.empty())
      throw std::invalid_argument("the fibre has no node " + std::to_string(node));
    return sites[sites.size() / 2];
  }

  void start_recordings(std::size_t steps, std::size_t traced, std::size_t snapshot_every) {
    std::size_t bytes = steps * block_.width * sizeof(double);
    for (std::size_t f = 0; f < jobs_.size(); ++f) {
      const std::size_t snapshots = settings_.snapshot_every_us > 0.0 ? steps / snapshot_every + 2 : 0;
      bytes += ((traced + 1) * static_cast<std::size_t>(jobs_[f]->fibre->nodes()) +
                snapshots * 2 * compartments_[f].size()) *
               sizeof(double);
    }
    if (bytes > k_most_bytes)
      throw std::invalid_argument(
          "the record of this run would take more than 4 GiB: ask for fewer steps, samples or snapshots");
    for (std::size_t f = 0; f < jobs_.size(); ++f) {
      Recording& r = recordings_.emplace_back();
      r.interval_ms = static_cast<double>(every(settings_.trace_every_us, settings_.dt_us)) * block_.dt_ms;
      r.rest_mv = jobs_[f]->fibre->membrane.rest_mv;
      r.samples = traced + 1;
      auto& sites = node_site_.emplace_back();
      for (int node = 0; node < jobs_[f]->fibre->nodes(); ++node) {
        sites.push_back(site_of_node(f, node));
        r.node_position_um.push_back(compartments_[f][active_[f][sites.back()]].position_um);
      }
      r.node_mv.assign(sites.size() * r.samples, 0.0);
    }
  }

  std::size_t take_traces(const std::vector<double>& trace, std::size_t n, std::size_t sample) {
    const std::size_t stride = block_.n_sites * block_.width;
    for (std::size_t f = 0; f < jobs_.size(); ++f)
      for (std::size_t k = 0; k < node_site_[f].size(); ++k) {
        double* out = recordings_[f].node_mv.data() + k * recordings_[f].samples + sample;
        for (std::size_t i = 0; i < n; ++i) out[i] = trace[i * stride + node_site_[f][k] * block_.width + f];
      }
    return sample + n;
  }

  void take_snapshots(double t_ms) {
    const std::size_t w = block_.width;
    for (std::size_t f = 0; f < jobs_.size(); ++f) {
      Snapshot s;
      s.t_ms = t_ms;
      s.inside_mv.assign(compartments_[f].size(), 0.0);
      s.periaxonal_mv.assign(compartments_[f].size(), 0.0);
      for (std::size_t site = 0; site < active_[f].size(); ++site) {
        s.inside_mv[active_[f][site]] = block_.u[site * w + f];
        const std::size_t r = site * w + f;
        if (site + 1 == active_[f].size()) continue;
        const Chunk& chunk = chunks_[r / lanes_];
        const std::size_t padding = chunk.compartments - run_length_[r];
        for (std::size_t i = 0; i < run_length_[r]; ++i) {
          const double* at =
              state_ + chunk.state + (padding + i) * (chunk.single ? 1 : 2) * lanes_ + r % lanes_;
          s.inside_mv[active_[f][site] + 1 + i] = at[0];
          if (!chunk.single) s.periaxonal_mv[active_[f][site] + 1 + i] = at[lanes_];
        }
      }
      recordings_[f].snapshots.push_back(std::move(s));
    }
  }

  void finish(std::size_t f) {
    Recording& r = recordings_[f];
    const std::size_t n = block_.n_padded;
    r.charge_fc.resize(channels_.size());
    for (std::size_t s = 0; s < active_[f].size(); ++s) {
      const std::size_t a = s * block_.width + f;
      for (std::size_t k = 0; k < channels_.size(); ++k) r.charge_fc[k].push_back(block_.charge[k * n + a]);
      r.work_aj.push_back(block_.work[a]);
    }
    r.active = active_[f];
    r.compartments = std::move(compartments_[f]);
  }

  std::vector<const Job*> jobs_;
  const Settings& settings_;
  Isa isa_;
  std::size_t lanes_;
  std::vector<std::vector<Compartment>> compartments_;
  std::vector<std::vector<std::size_t>> active_;
  std::vector<std::vector<std::size_t>> node_site_;
  std::vector<kernel::KernelChannel> channels_;
  std::vector<kernel::KernelGate> gates_;
  std::vector<Chunk> chunks_;
  std::vector<std::size_t> run_length_;
  std::vector<std::vector<double>> memory_;  // vectors move, their values stay
  double* gate_ = nullptr;
  double* twice_c_ = nullptr;
  double* diagonal_ = nullptr;
  double* next_ = nullptr;
  double* state_ = nullptr;
  Block block_;
  std::vector<Recording> recordings_;
};

std::size_t compartment_count(const Fibre& fibre, int refine) {
  std::size_t n = 0;
  for (const Piece& p : fibre.pieces) n += static_cast<std::size_t>(compartments_of(p, refine));
  return n;
}

/// Compartments with channels before a node: fibres side by side are stimulated at the same of them.
std::size_t active_before(const Fibre& fibre, int node, int refine) {
  std::size_t n = 0;
  for (const Piece& p : fibre.pieces) {
    if (p.node == node) break;
    if (!p.channel_ms_per_cm2.empty()) n += static_cast<std::size_t>(compartments_of(p, refine));
  }
  return n;
}

}  // namespace

std::vector<Recording> simulate(const std::vector<Job>& jobs, const Settings& settings) {
  const Isa isa = resolve(settings.isa);
  const std::size_t lanes = lanes_of(isa);
  if (settings.refine < 1)
    throw std::invalid_argument("the fibre cannot be cut into fewer than its segments");
  std::vector<std::vector<const Job*>> groups;
  for (const Job& job : jobs) {
    if (job.fibre == nullptr) throw std::invalid_argument("a job has no fibre");
    check(*job.fibre);
    const std::size_t bytes =
        compartment_count(*job.fibre, settings.refine) * (n_coefficients + 4) * lanes * sizeof(double);
    const auto fits = [&](const std::vector<const Job*>& group) {
      return group.size() < lanes && group.back()->stimulus.node == job.stimulus.node &&
             active_before(*group.back()->fibre, job.stimulus.node, settings.refine) ==
                 active_before(*job.fibre, job.stimulus.node, settings.refine) &&
             group.back()->fibre->pieces.size() == job.fibre->pieces.size() &&
             group.back()->fibre->membrane == job.fibre->membrane;
    };
    if (!groups.empty() && bytes <= k_cache_bytes && fits(groups.back()))
      groups.back().push_back(&job);
    else
      groups.push_back({&job});
  }
  std::vector<std::vector<Recording>> results(groups.size());
  core::parallel_for(groups.size(),
                     [&](std::size_t g) { results[g] = Layout(groups[g], settings, isa).run(); });
  core::throw_if_interrupted();
  std::vector<Recording> all;
  all.reserve(jobs.size());
  for (auto& group : results)
    for (Recording& r : group) all.push_back(std::move(r));
  return all;
}

Recording simulate(const Fibre& fibre, const Stimulus& stimulus, const Settings& settings) {
  return std::move(simulate(std::vector<Job>{{&fibre, stimulus}}, settings).front());
}

}  // namespace hortega::axon
