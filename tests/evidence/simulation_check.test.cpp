// SPDX-License-Identifier: Apache-2.0
// Coverage and ranks on synthetic data, without an engine.
#include "hortega/evidence/simulation_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "calibration_model.hpp"
#include "hortega/core/files.hpp"

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

TEST(Probe, Big) {
  for (const double curvature : {0.0, 0.1, 0.3}) {
    TestModel model = random_model(100, 45, 0.8, 31);
    model.slope *= 1.0;
    model.curvature = curvature;
    model.mc_se = 0.08;
    std::vector<Target> targets = targets_of(model, 0.2, 22);
    for (std::size_t j = 0; j < targets.size(); ++j) targets[j].family = "f" + std::to_string(j / 3);
    CalibrationSettings settings;
    for (int iterations : {2, 3, 5}) {
    settings.smoother.iterations = iterations;
    const SimulationCheck check = sbc(model, 45, targets, 8, 9, settings);
    std::printf("curvature %.2f iterations %d: inside 50 %.3f, inside 90 %.3f; tau %.2f %.2f\n", curvature, iterations, check.all_inside_50, check.all_inside_90, check.inside_50.back(), check.inside_90.back());
    std::fflush(stdout);
    }
    Journal journal({}, core::sha256_hex(""), in_turn(model), 16);
    settings.smoother.iterations = 4;
    const Calibration fit = calibrate(std::vector<double>(45, 0.3), targets, journal, settings);
    std::printf("mode: evals %d seeds %d conv %d obj %.2f tau %.3f; losses prior %.1f mode %.1f (fitted seed %.1f) mean %.1f draws %.1f; notconv %d\n",
       fit.mode.evaluations, fit.mode.seeds, fit.mode.converged, fit.mode.objective, fit.mode.tau, fit.prior_mean.loss.with_tau, fit.at_mode.loss.with_tau, fit.mode_on_fitted_seed.with_tau, fit.posterior_mean.loss.with_tau, fit.posterior.with_tau, fit.not_converged);
    for (auto& h : fit.history) std::printf("   J %.1f acc %.2f tau %.3f\n", h.objective, h.accepted, h.tau);
  }
}

}  // namespace
}  // namespace hortega::evidence
