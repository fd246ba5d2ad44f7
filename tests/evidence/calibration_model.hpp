// SPDX-License-Identifier: Apache-2.0
// Models without an engine, for the tests of calibration: linear, and slightly curved, with or without Monte
// Carlo noise.
#pragma once

#include <Eigen/Dense>
#include <bit>
#include <cmath>
#include <string>
#include <vector>

#include "hortega/evidence/fit_noise.hpp"
#include "hortega/evidence/forward.hpp"

namespace hortega::evidence {

struct TestModel {
  Eigen::MatrixXd slope;
  Eigen::VectorXd intercept;
  double curvature = 0.0;  ///< of each row along its slope
  double mc_se = 0.0;      ///< noise of each prediction, half of it shared by all with the same seed

  std::vector<Prediction> operator()(std::span<const double> theta, std::uint64_t seed) const {
    const Eigen::Map<const Eigen::VectorXd> t(theta.data(), static_cast<Eigen::Index>(theta.size()));
    const Eigen::VectorXd linear = slope * t;
    const FitNoise shared(seed);
    // Any change of theta is another sample of people's fates.
    std::uint64_t bits = seed;
    for (const double x : theta) bits = bits * 6364136223846793005ULL + std::bit_cast<std::uint64_t>(x);
    const FitNoise own(bits);
    std::vector<Prediction> out;
    for (Eigen::Index j = 0; j < linear.size(); ++j) {
      const auto row = static_cast<std::uint32_t>(j);
      const double luck = std::sqrt(0.5) * (shared.normal(FitNoise::Kind::truth, 0, row) +
                                            own.normal(FitNoise::Kind::truth, 1, row));
      out.push_back(
          {intercept(j) + linear(j) + curvature * linear(j) * linear(j) + mc_se * luck, 0.3, mc_se});
    }
    return out;
  }
};

/// Entries from N(0, 1 / sqrt(variables)), a share of them zero.
inline TestModel random_model(int rows, int variables, double share_zero, std::uint64_t seed) {
  const FitNoise noise(seed);
  TestModel model;
  model.slope.resize(rows, variables);
  model.intercept.resize(rows);
  for (int j = 0; j < rows; ++j) {
    const auto row = static_cast<std::uint32_t>(j);
    model.intercept(j) = noise.normal(FitNoise::Kind::truth, row, 999);
    for (int k = 0; k < variables; ++k) {
      const auto column = static_cast<std::uint32_t>(k);
      const bool zero = noise.uniform(FitNoise::Kind::order, row, column) < share_zero;
      model.slope(j, k) =
          zero ? 0.0
               : noise.normal(FitNoise::Kind::prior, row, column) / std::sqrt(variables * (1.0 - share_zero));
    }
  }
  return model;
}

/// One study a row, published values drawn around what the model gives at a truth from the prior.
inline std::vector<Target> targets_of(const TestModel& model, double se, std::uint64_t seed) {
  const FitNoise noise(seed);
  Eigen::VectorXd truth(model.slope.cols());
  for (Eigen::Index k = 0; k < truth.size(); ++k)
    truth(k) = noise.normal(FitNoise::Kind::truth, 7, static_cast<std::uint32_t>(k));
  const Eigen::VectorXd linear = model.slope * truth;
  std::vector<Target> out;
  for (Eigen::Index j = 0; j < linear.size(); ++j) {
    Target t;
    t.row_id = "E" + std::to_string(1000 + j);
    t.role = "calibration";
    t.study = t.family = "study " + std::to_string(j);
    t.link = Link::log;
    t.se = se;
    t.people = 100.0;
    t.y = model.intercept(j) + linear(j) + model.curvature * linear(j) * linear(j) +
          se * noise.normal(FitNoise::Kind::observation, 7, static_cast<std::uint32_t>(j));
    out.push_back(t);
  }
  return out;
}

}  // namespace hortega::evidence
