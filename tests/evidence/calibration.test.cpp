// SPDX-License-Identifier: Apache-2.0
// Calibration against problems whose posterior is known.
#include "hortega/evidence/calibration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "calibration_model.hpp"
#include "hortega/core/files.hpp"
#include "hortega/core/problems.hpp"

namespace hortega::evidence {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct Gaussian {
  VectorXd mean;
  MatrixXd covariance;
};

// Conjugate: precision I + G' C^-1 G.
Gaussian exact_posterior(const TestModel& model, const std::vector<Target>& targets, double variance) {
  VectorXd y(static_cast<Index>(targets.size()));
  for (Index j = 0; j < y.size(); ++j) y(j) = targets[static_cast<std::size_t>(j)].y - model.intercept(j);
  MatrixXd precision = model.slope.transpose() * model.slope / variance;
  precision.diagonal().array() += 1.0;
  Gaussian out;
  out.covariance = precision.inverse();
  out.mean = out.covariance * (model.slope.transpose() * y) / variance;
  return out;
}

Gaussian sample_moments(const Calibration& fit) {
  const auto n = static_cast<Index>(fit.draws.size());
  MatrixXd theta(n, static_cast<Index>(fit.draws.front().theta.size()));
  for (Index i = 0; i < n; ++i)
    theta.row(i) = Eigen::Map<const Eigen::RowVectorXd>(fit.draws[static_cast<std::size_t>(i)].theta.data(),
                                                        theta.cols());
  Gaussian out;
  out.mean = theta.colwise().mean().transpose();
  const MatrixXd centred = theta.rowwise() - out.mean.transpose();
  out.covariance = centred.transpose() * centred / static_cast<double>(n - 1);
  return out;
}

Calibration run(const TestModel& model, const std::vector<Target>& targets,
                const CalibrationSettings& settings) {
  Journal journal({}, core::sha256_hex(""), in_turn(model), 16);
  const std::vector<double> start(static_cast<std::size_t>(model.slope.cols()), 0.3);
  return calibrate(start, targets, journal, settings);
}

CalibrationSettings without_tau(int members) {
  CalibrationSettings settings;
  settings.smoother.members = members;
  settings.mode.evaluations = 60;
  settings.likelihood.tau_scale = 0.0;
  return settings;
}

TEST(Calibration, GivesTheExactPosteriorOfALinearProblem) {
  const TestModel model = random_model(12, 6, 0.3, 3);
  const std::vector<Target> targets = targets_of(model, 0.4, 5);
  const Gaussian exact = exact_posterior(model, targets, 0.16);
  const int members = 1000;
  for (const Localise localise : {Localise::yes, Localise::no}) {
    CalibrationSettings settings = without_tau(members);
    settings.smoother.localise = localise;
    const Calibration fit = run(model, targets, settings);
    EXPECT_EQ(fit.not_converged, 0);
    const Gaussian sample = sample_moments(fit);
    // Standard errors of a mean and of a covariance of `members` draws; 4 of them for 27 numbers.
    for (Index k = 0; k < 6; ++k) {
      const double sd = std::sqrt(exact.covariance(k, k));
      EXPECT_NEAR(sample.mean(k), exact.mean(k), 4.0 * sd / std::sqrt(members));
      for (Index l = 0; l <= k; ++l) {
        const double both =
            exact.covariance(k, k) * exact.covariance(l, l) + exact.covariance(k, l) * exact.covariance(k, l);
        EXPECT_NEAR(sample.covariance(k, l), exact.covariance(k, l), 4.0 * std::sqrt(both / members));
      }
    }
  }
}

TEST(Calibration, TheModeOfALinearProblemIsItsPosteriorMean) {
  const TestModel model = random_model(12, 6, 0.3, 3);
  const std::vector<Target> targets = targets_of(model, 0.4, 5);
  const Calibration fit = run(model, targets, without_tau(60));
  const Gaussian exact = exact_posterior(model, targets, 0.16);
  EXPECT_TRUE(fit.mode.converged);
  EXPECT_LE(fit.mode.evaluations, 60);
  // It stops when a step promises less than 0.1 in log posterior: 0.45 posterior standard deviations.
  const VectorXd off = Eigen::Map<const VectorXd>(fit.mode.theta.data(), 6) - exact.mean;
  EXPECT_LT(off.dot(exact.covariance.inverse() * off), 0.3);
}

TEST(Probe, Localisation) {
  for (const std::uint64_t problem : {11, 12, 13}) {
    TestModel model = random_model(30, 25, 0.8, problem);
    const std::vector<Target> targets = targets_of(model, 0.3, problem + 100);
    model.mc_se = 0.15;
    const Gaussian exact = exact_posterior(model, targets, 0.09 + 0.0225);
    for (const Localise localise : {Localise::yes, Localise::no}) {
      for (const int members : {60, 200}) {
        CalibrationSettings settings = without_tau(members);
        settings.smoother.localise = localise;
        const Calibration fit = run(model, targets, settings);
        const Gaussian sample = sample_moments(fit);
        double ratio = 0.0;
        double off = 0.0;
        for (Index k = 0; k < 25; ++k) {
          ratio += sample.covariance(k, k) / exact.covariance(k, k) / 25.0;
          off += std::pow(sample.mean(k) - exact.mean(k), 2) / exact.covariance(k, k) / 25.0;
        }
        std::printf(
            "%d localise %d members %d: variance ratio %.3f, mean off^2 %.3f (expected %.3f) notconv %d acc "
            "%.2f\n",
            int(problem), localise == Localise::yes, members, ratio, off, 1.0 / members, fit.not_converged,
            fit.history.back().accepted);
      }
    }
  }
}

}  // namespace
}  // namespace hortega::evidence
