// SPDX-License-Identifier: Apache-2.0
// The solver itself: order of convergence, books of charge and energy, and results that depend neither on
// lanes nor on threads.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "axon/fibres.hpp"
#include "hortega/core/parallel.hpp"

namespace hortega::axon {
namespace {

using testing::optic_nerve;
using testing::paper_stimulus;
using testing::settings;
using testing::Shape;

/// A short fibre in which everything occurs: thin sheath, bare ends, bare passive and bare active internodes.
Shape patchwork() {
  Shape shape = optic_nerve(9);
  shape.internodes[2].wraps = 2;
  shape.internodes[3].bare_um = 20.0;
  shape.internodes[4].wraps = 0;
  shape.internodes[4].length_um = 40.0;
  shape.internodes[5].wraps = 0;
  shape.internodes[5].length_um = 30.0;
  shape.internodes[5].bare_density_ms_per_cm2 = {200.0, 0.4, 10.0};
  shape.nodes[6].length_um = 1.5;
  return shape;
}

double arrival(const Fibre& fibre, std::size_t node, double dt_us, int refine = 1) {
  Settings s = settings(dt_us, 1.2);
  s.refine = refine;
  const Recording r = simulate(fibre, {0, {{0.0, 0.1, 0.5}}}, s);
  const auto found = spikes(r, node);
  return found.empty() ? std::nan("") : found.front().arrival_ms;
}

// Halving the step divides the error by four. The stimulus begins and ends on multiples of all steps.
TEST(Solver, SecondOrderInTime) {
  const Fibre fibre = optic_nerve(12).fibre();
  const double coarse = arrival(fibre, 9, 4.0), middle = arrival(fibre, 9, 2.0),
               fine = arrival(fibre, 9, 1.0), finest = arrival(fibre, 9, 0.5);
  const double order = std::log2((coarse - middle) / (middle - fine));
  const double order_finer = std::log2((middle - fine) / (fine - finest));
  RecordProperty("order", std::to_string(order_finer));
  EXPECT_NEAR(order, 2.0, 0.3);
  EXPECT_NEAR(order_finer, 2.0, 0.15);
  // What is left at 1 us.
  EXPECT_LT(std::abs(fine - finest) / finest, 5e-4);
}

TEST(Solver, SecondOrderInSpace) {
  const Fibre fibre = optic_nerve(12).fibre();
  // Thirds, so that the middle of a node stays the middle of a compartment.
  const double one = arrival(fibre, 9, 1.0, 1), three = arrival(fibre, 9, 1.0, 3),
               nine = arrival(fibre, 9, 1.0, 9);
  const double order = std::log((one - three) / (three - nine)) / std::log(3.0);
  RecordProperty("order", std::to_string(order));
  EXPECT_NEAR(order, 2.0, 0.3);
  EXPECT_LT(std::abs(one - nine) / nine, 5e-3);
}

// Unconditionally stable: with absurd steps the fibre is wrong, but never beyond what its batteries allow.
TEST(Solver, AbsurdStepsStayFinite) {
  for (const double dt_us : {20.0, 100.0, 1000.0, 100000.0}) {
    const Recording r =
        simulate(patchwork().fibre(), {0, {{0.0, 0.1, 0.5}}}, settings(dt_us, 1000.0 * dt_us * 1e-3));
    for (const double v : r.node_mv) {
      ASSERT_TRUE(std::isfinite(v)) << dt_us;
      ASSERT_LT(std::abs(v), 1e4) << dt_us;
    }
  }
}

struct Books {
  double stored_charge = 0.0;  // of all membranes that face the outside, fC
  double stored_energy = 0.0;  // aJ
};

Books books(const Recording& r, const Snapshot& s) {
  Books b;
  for (std::size_t i = 0; i < r.compartments.size(); ++i) {
    const Compartment& c = r.compartments[i];
    const double across = s.inside_mv[i] - s.periaxonal_mv[i], sheath = s.periaxonal_mv[i];
    b.stored_charge += c.exposed ? c.capacitance_pf * across : c.myelin_pf * sheath;
    b.stored_energy += 0.5 * (c.capacitance_pf * across * across + c.myelin_pf * sheath * sheath);
  }
  return b;
}

// Charge in by the electrode = charge stored + charge gone through membranes; work of the electrode = energy
// stored + lost in membranes, axoplasm and periaxonal space. The scheme keeps both in every step, to
// rounding.
TEST(Solver, ChargeAndEnergyBalance) {
  Settings s = settings(2.0, 0.6);
  s.snapshot_every_us = 2.0;
  constexpr double amplitude_na = 0.5, pulse_ms = 0.1;
  const Recording r = simulate(patchwork().fibre(), {0, {{0.0, pulse_ms, amplitude_na}}}, s);
  ASSERT_EQ(r.snapshots.size(), 301U);
  double through = 0.0, work = 0.0, lost = 0.0, size_charge = 0.0, size_energy = 0.0;
  for (std::size_t k = 1; k < r.snapshots.size(); ++k) {
    const Snapshot &a = r.snapshots[k - 1], &b = r.snapshots[k];
    const double dt = b.t_ms - a.t_ms;
    const auto inside = [&](std::size_t i) { return 0.5 * (a.inside_mv[i] + b.inside_mv[i]); };
    const auto peri = [&](std::size_t i) { return 0.5 * (a.periaxonal_mv[i] + b.periaxonal_mv[i]); };
    if (b.t_ms <= pulse_ms + 1e-9) work += dt * 1e3 * amplitude_na * inside(0);
    for (std::size_t i = 0; i < r.compartments.size(); ++i) {
      const Compartment& c = r.compartments[i];
      const double across = inside(i) - peri(i);
      if (!c.active) lost += dt * c.leak_ns * across * across;
      if (c.exposed && !c.active) through += dt * c.leak_ns * across;
      through += dt * (c.myelin_ns + c.periaxonal_earth_ns) * peri(i);
      lost += dt * (c.myelin_ns + c.periaxonal_earth_ns) * peri(i) * peri(i);
      if (i + 1 == r.compartments.size()) continue;
      const double axial = inside(i) - inside(i + 1), beside = peri(i) - peri(i + 1);
      lost += dt * (c.axial_next_ns * axial * axial + c.periaxonal_next_ns * beside * beside);
    }
  }
  for (std::size_t a = 0; a < r.active.size(); ++a) {
    const Compartment& c = r.compartments[r.active[a]];
    double current = 0.0;
    for (const auto& channel : r.charge_fc) current += channel[a], size_charge += std::abs(channel[a]);
    for (std::size_t k = 1; k < r.snapshots.size(); ++k) {
      const double u =
          0.5 * (r.snapshots[k - 1].inside_mv[r.active[a]] + r.snapshots[k].inside_mv[r.active[a]]);
      current += (r.snapshots[k].t_ms - r.snapshots[k - 1].t_ms) * (c.leak_ns * u - c.leak_source_pa);
    }
    through += current;
    lost += r.work_aj[a];
    size_energy += std::abs(r.work_aj[a]);
  }
  const Books first = books(r, r.snapshots.front()), last = books(r, r.snapshots.back());
  const double injected = 1e3 * amplitude_na * pulse_ms;
  EXPECT_GT(size_charge, 10.0 * injected);  // a spike went by: the books are not of nothing
  EXPECT_NEAR(injected, last.stored_charge - first.stored_charge + through, 1e-9 * size_charge);
  EXPECT_NEAR(work, last.stored_energy - first.stored_energy + lost, 1e-9 * size_energy);
  // The books see an error: without the periaxonal space they do not close.
  double without = 0.0;
  for (std::size_t i = 0; i < r.compartments.size(); ++i)
    without += r.compartments[i].myelin_pf * r.snapshots.back().periaxonal_mv[i];
  EXPECT_GT(std::abs(without), 1e-6 * size_charge);
}

TEST(Solver, RestStaysAtRest) {
  const Recording r = simulate(patchwork().fibre(), {0, {}}, settings(5.0, 5.0));
  for (const double v : r.node_mv) EXPECT_LT(std::abs(v), 1e-9);
}

bool same_bytes(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

// A mix of fibres of unlike length, temperature and stimulus.
TEST(Solver, LanesAndThreadsGiveOneResult) {
  std::vector<Fibre> fibres;
  fibres.reserve(11);
  for (int k = 0; k < 11; ++k) {
    Shape shape = k % 3 == 0 ? patchwork() : optic_nerve(static_cast<std::size_t>(4 + k % 3));
    shape.internodes[1].wraps = 1 + k % 7;
    for (Internode& i : shape.internodes) i.segment_um *= 6.0, i.seal_length_um *= 2.0;
    fibres.push_back(shape.fibre(34.0 + k));
  }
  std::vector<Job> jobs;
  jobs.reserve(fibres.size());
  for (std::size_t k = 0; k < fibres.size(); ++k)
    jobs.push_back({&fibres[k], {1, {{0.05, 0.1 + 0.003 * static_cast<double>(k), 0.4}}}});
  Settings s = settings(2.0, 0.8);
  s.snapshot_every_us = 200.0;
  s.isa = Isa::one;
  const auto reference = simulate(jobs, s);
  const auto compare = [&](const std::vector<Recording>& other, const std::string& what) {
    ASSERT_EQ(other.size(), reference.size());
    for (std::size_t k = 0; k < other.size(); ++k) {
      EXPECT_TRUE(same_bytes(other[k].node_mv, reference[k].node_mv)) << what << ", fibre " << k;
      EXPECT_TRUE(same_bytes(other[k].work_aj, reference[k].work_aj)) << what << ", fibre " << k;
      EXPECT_TRUE(same_bytes(other[k].snapshots.back().inside_mv, reference[k].snapshots.back().inside_mv));
      EXPECT_TRUE(
          same_bytes(other[k].snapshots.back().periaxonal_mv, reference[k].snapshots.back().periaxonal_mv));
    }
  };
  EXPECT_GT(*std::max_element(reference[1].node_mv.begin(), reference[1].node_mv.end()),
            80.0);  // there is a spike
  for (const Isa isa : available_isas()) {
    s.isa = isa;
    compare(simulate(jobs, s), std::string(name_of(isa)));
    std::vector<Recording> alone;
    alone.reserve(jobs.size());
    for (const Job& job : jobs) alone.push_back(simulate(*job.fibre, job.stimulus, s));
    compare(alone, std::string(name_of(isa)) + ", one at a time");
  }
  const int threads = core::threads();
  for (const int n : {1, 3}) {
    core::set_threads(n);
    compare(simulate(jobs, s), std::to_string(n) + " threads");
  }
  core::set_threads(threads);
}

// Fibres of as many pieces, whose stimulated node is not the same of their compartments with channels.
TEST(Solver, NeighboursDoNotMoveTheStimulus) {
  Shape before = optic_nerve(6), after = before;
  for (Shape* s : {&before, &after}) {
    Internode& bare = s->internodes[s == &before ? 1 : 4];
    bare.wraps = 0;
    bare.bare_density_ms_per_cm2 = {200.0, 0.4, 10.0};
    s->internodes[s == &before ? 4 : 1].wraps = 0;
    for (Internode& i : s->internodes) i.segment_um *= 6.0, i.seal_length_um *= 2.0;
  }
  const Fibre fibres[] = {before.fibre(), after.fibre()};
  ASSERT_EQ(fibres[0].pieces.size(), fibres[1].pieces.size());
  const Stimulus stimulus{3, {{0.0, 0.1, 0.5}}};
  const Settings s = settings(2.0, 0.5);
  const auto together = simulate({{&fibres[0], stimulus}, {&fibres[1], stimulus}}, s);
  for (std::size_t k = 0; k < 2; ++k)
    EXPECT_TRUE(same_bytes(together[k].node_mv, simulate(fibres[k], stimulus, s).node_mv)) << k;
}

TEST(Solver, RefusesRunsThatCannotBe) {
  const Fibre fibre = optic_nerve(4).fibre();
  EXPECT_NO_THROW(simulate(fibre, paper_stimulus(), settings(1.0, 1.0)));
  EXPECT_THROW(simulate(fibre, paper_stimulus(), settings(0.0, 1.0)), std::invalid_argument);
  EXPECT_THROW(simulate(fibre, paper_stimulus(), settings(1.0, -1.0)), std::invalid_argument);
  EXPECT_THROW(simulate(fibre, paper_stimulus(), settings(1e-6, 1e3)), std::invalid_argument);
  EXPECT_THROW(simulate(fibre, {9, {}}, settings(1.0, 1.0)), std::invalid_argument);
  EXPECT_THROW(simulate(fibre, {0, {{0.0, -1.0, 1.0}}}, settings(1.0, 1.0)), std::invalid_argument);
  Settings much = settings(0.1, 1000.0);
  much.snapshot_every_us = 0.1;
  EXPECT_THROW(simulate(fibre, paper_stimulus(), much), std::invalid_argument);
}

}  // namespace
}  // namespace hortega::axon
