// SPDX-License-Identifier: Apache-2.0
// Coverage and ranks on synthetic data, without an engine.
#include "hortega/evidence/simulation_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "calibration_model.hpp"

namespace hortega::evidence {
namespace {

TEST(Probe, Sbc) {
  for (const double curvature : {0.0, 0.15}) {
    TestModel model = random_model(8, 5, 0.2, 21);
    model.curvature = curvature;
    model.mc_se = 0.05;
    const std::vector<Target> targets = targets_of(model, 0.2, 22);
    CalibrationSettings settings;
    settings.smoother.members = 100;
    settings.mode.evaluations = 30;
    const SimulationCheck check = sbc(model, 5, targets, 100, 9, settings);
    std::printf("curvature %.2f: inside 50 %.3f, inside 90 %.3f; tau %.2f %.2f\n", curvature,
                check.all_inside_50, check.all_inside_90, check.inside_50.back(), check.inside_90.back());
    for (std::size_t k = 0; k <= 5; ++k) {
      std::vector<int> r;
      for (auto& x : check.ranks) r.push_back(x[k]);
      std::printf("  p %.3f in50 %.2f in90 %.2f\n", uniformity(r, check.draws, 10).p, check.inside_50[k],
                  check.inside_90[k]);
    }
  }
}

}  // namespace
}  // namespace hortega::evidence
