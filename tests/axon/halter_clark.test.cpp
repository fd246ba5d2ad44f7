// SPDX-License-Identifier: Apache-2.0
// The Halter-Clark axon against published velocities and those of an independent implementation.
#include "hortega/axon/halter_clark.hpp"

#include <gtest/gtest.h>

#include "axon/fibres.hpp"

namespace hortega::axon {
namespace {

using testing::cortex;
using testing::halter_clark;
using testing::optic_nerve;
using testing::paper_stimulus;
using testing::settings;
using testing::Shape;

// Half a unit of the last digit of the values compared with, and what a step of 1 us is away from one of 0.1
// us (SecondOrderInTime of solver.test.cpp).
constexpr double k_tolerance = 0.0015;

/// Velocity between the peaks at two nodes, counted from 1 as in the paper's program; 0 if the spike does not
/// come.
double velocity(const Shape& shape, std::size_t from = 20, std::size_t to = 30, double duration_ms = 3.5) {
  const Recording r = simulate(shape.fibre(), paper_stimulus(), settings(1.0, duration_ms));
  return velocity_m_per_s(r, from - 1, to - 1).value_or(0.0);
}

Shape with_wraps(int wraps) {
  Shape shape = optic_nerve();
  for (Internode& i : shape.internodes) {
    // The seal is a stack of loops, one per wrap: its space widens as wraps are lost
    // (Carcamo2017OpticNerve.m).
    i.seal_width_nm *= static_cast<double>(i.wraps) / wraps;
    i.wraps = wraps;
  }
  return shape;
}

Shape with_nodes(double length_um, double density_factor) {
  Shape shape = optic_nerve();
  for (Node& node : shape.nodes) {
    node.length_um = length_um;
    for (double& density : node.density_ms_per_cm2) density *= density_factor;
  }
  return shape;
}

Shape with_bare(std::size_t n) {
  Shape shape = optic_nerve();
  for (std::size_t k = 0; k < n; ++k) shape.internodes[25 + k].wraps = 0;
  return shape;
}

// Published: 2.95 and 2.61 m/s (Arancibia-Carcamo 2017).
TEST(HalterClark, PublishedVelocities) {
  EXPECT_NEAR(velocity(optic_nerve()), 2.95, 0.005);
  EXPECT_NEAR(velocity(cortex()), 2.61, 0.005);
}

// g-ratios of 0.79 and 0.80 are 7 and 5 wraps (Carcamo2017*Axon.m).
TEST(HalterClark, WrapsOfTheGRatio) {
  EXPECT_EQ(wraps_of_g_ratio(halter_clark(), 0.8201, 15.0, 0.79), 7);
  EXPECT_EQ(wraps_of_g_ratio(halter_clark(), 0.7308, 15.0, 0.80), 5);
  EXPECT_EQ(wraps_of_g_ratio(halter_clark(), 0.7308, 15.0, 0.99), 1);
}

// 0.0800 S/cm2 keeps the node at -82 mV (an independent implementation of the published equations).
TEST(HalterClark, LeakThatKeepsTheNodeAtRest) {
  EXPECT_NEAR(halter_clark().membrane.balancing_leak(halter_clark().node_density_ms_per_cm2), 80.0, 0.05);
  EXPECT_THROW((void)halter_clark().membrane.balancing_leak({0.0, 0.0, 80.0}), std::invalid_argument);
}

// The series below: an independent implementation (block-tridiagonal Crank-Nicolson, step 0.1 us)
// of Arancibia-Carcamo 2017, doi:10.7554/eLife.23329.
TEST(HalterClark, NodeSeries) {
  EXPECT_NEAR(velocity(with_nodes(1.7, 1.0)), 3.048, k_tolerance);
  EXPECT_NEAR(velocity(with_nodes(0.5, 1.0)), 2.535, k_tolerance);
  EXPECT_NEAR(velocity(with_nodes(2.2, 1.02 / 2.2)), 2.759, k_tolerance);
  EXPECT_NEAR(velocity(with_nodes(0.5, 1.02 / 0.5)), 3.044, k_tolerance);
}

TEST(HalterClark, WrapSeries) {
  const double expected[] = {0.797, 1.311, 1.733, 2.095, 2.412, 2.695, 2.950};
  for (int wraps = 1; wraps <= 7; ++wraps)
    EXPECT_NEAR(velocity(with_wraps(wraps), 20, 30, 9.0), expected[wraps - 1], k_tolerance) << wraps;
}

TEST(HalterClark, SodiumDensityThatMatchesOneWrapLess) {
  Shape shape = optic_nerve();
  for (Node& node : shape.nodes) node.density_ms_per_cm2[0] *= 1.0 - 0.26;
  EXPECT_NEAR(velocity(shape), 2.695, k_tolerance);
}

// Carcamo2017OpticNerve.m matches one wrap less (above) in two more ways and prints their velocities side by
// side with it: internodes 36 % longer, as the program cuts them (90 segments of 2.11 um, one of them sealed
// at each end), and nodes of 0.625 um at the same density. The authors' figures are whole per cents and
// fortieths of a micrometre, so the match is held to 0.02 m/s, a thirteenth of what a wrap makes (2.950
// - 2.695).
TEST(HalterClark, InternodeAndNodeThatMatchOneWrapLess) {
  constexpr double six_wraps = 2.695, match = 0.02;
  Shape longer = optic_nerve();
  for (Internode& i : longer.internodes) i.length_um = 90.0 * i.segment_um;
  EXPECT_NEAR(longer.internodes.front().length_um, 189.9, 1e-9);
  EXPECT_NEAR(velocity(longer), six_wraps, match);
  EXPECT_NEAR(velocity(with_nodes(0.625, 1.0)), six_wraps, match);
}

TEST(HalterClark, BareInternodesInARowSlowThenBlock) {
  EXPECT_NEAR(velocity(with_bare(1), 20, 40, 5.0), 2.204, k_tolerance);
  EXPECT_NEAR(velocity(with_bare(2), 20, 40, 6.0), 1.247, k_tolerance);
  for (std::size_t n = 3; n <= 4; ++n) {
    const Recording r = simulate(with_bare(n).fibre(), paper_stimulus(), settings(1.0, 15.0));
    EXPECT_EQ(spikes(r, 20).size(), 1U) << n;  // it comes to the lesion
    EXPECT_TRUE(spikes(r, 35).empty()) << n;
  }
}

TEST(HalterClark, RefusesWhatIsNoFibre) {
  const auto refused = [](auto change) {
    Shape shape = optic_nerve(4);
    change(shape);
    EXPECT_THROW(simulate(shape.fibre(), paper_stimulus(), settings(1.0, 1.0)), std::invalid_argument);
  };
  EXPECT_NO_THROW(simulate(optic_nerve(4).fibre(), paper_stimulus(), settings(1.0, 1.0)));
  refused([](Shape& s) { s.internodes[1].length_um = -1.0; });
  refused([](Shape& s) { s.internodes[1].wraps = -1; });
  refused([](Shape& s) { s.internodes[1].bare_um = 200.0; });
  refused([](Shape& s) { s.internodes[1].seal_length_um = 100.0; });
  refused([](Shape& s) { s.nodes[0].length_um = 0.0; });
  refused([](Shape& s) { s.nodes[2].density_ms_per_cm2[0] = -1.0; });
  refused([](Shape& s) { s.nodes[2].potassium_factor = -1.0; });
  refused([](Shape& s) { s.internodes[1].leak_factor = -1.0; });
  refused([](Shape& s) { s.nodes.pop_back(); });
}

}  // namespace
}  // namespace hortega::axon
