// SPDX-License-Identifier: Apache-2.0
// Calibration against problems whose posterior is known.
#include "hortega/evidence/calibration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "calibration_model.hpp"
#include "hortega/core/files.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/evidence/linear_response.hpp"
#include "support/temporary_folder.hpp"

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

// The search sees no population alone: its design has two, its steps others, and where it ends is judged by
// the mean over four that it has not seen before.
TEST(Calibration, TheModeIsNotThatOfOnePopulation) {
  TestModel model = random_model(12, 6, 0.3, 3);
  const std::vector<Target> targets = targets_of(model, 0.4, 5);
  model.mc_se = 0.2;
  std::map<std::vector<double>, std::set<std::uint64_t>> seeds_at;
  std::set<std::uint64_t> seeds;
  const auto noting = [&](std::span<const double> theta, std::uint64_t seed) {
    seeds_at[{theta.begin(), theta.end()}].insert(seed);
    seeds.insert(seed);
    return model(theta, seed);
  };
  Journal journal({}, core::sha256_hex(""), in_turn(noting), 16);
  const Calibration fit = calibrate(std::vector<double>(6, 0.3), targets, journal, without_tau(60));
  EXPECT_GE(fit.mode.seeds, 2 + 1 + 4);
  const std::set<std::uint64_t>& at_mode = seeds_at.at(fit.mode.theta);
  ASSERT_GE(at_mode.size(), 4U);
  // Mean over all populations of the mode; the last four are among them, at most one or two others.
  std::vector<std::vector<Prediction>> there;
  there.reserve(at_mode.size());
  for (const std::uint64_t seed : at_mode) there.push_back(model(fit.mode.theta, seed));
  for (std::size_t j = 0; j < targets.size(); ++j) {
    double nearest = 1e300;
    // Of all sets of four of them one has the mean that the search reports.
    std::vector<bool> chosen(there.size(), false);
    std::fill(chosen.begin(), chosen.begin() + 4, true);
    do {
      double mean = 0.0;
      for (std::size_t k = 0; k < there.size(); ++k) mean += chosen[k] ? there[k][j].mean / 4.0 : 0.0;
      nearest = std::min(nearest, std::fabs(mean - fit.mode.predictions[j].mean));
    } while (std::prev_permutation(chosen.begin(), chosen.end()));
    EXPECT_LT(nearest, 1e-12);
  }
}

// 45 variables, as many as the person has; rows that answer to a fifth of them.
TEST(Calibration, LocalisationDropsWhatChanceMadeAndKeepsWhatIsThere) {
  TestModel model = random_model(40, 45, 0.8, 17);
  model.mc_se = 0.2;
  const std::vector<Target> targets = targets_of(model, 0.3, 18);
  const FitNoise noise(19);
  std::vector<std::vector<double>> thetas;
  std::vector<std::vector<Prediction>> predictions;
  std::vector<int> seeds;
  for (std::uint32_t i = 0; i < 200; ++i) {
    std::vector<double> theta;
    for (std::uint32_t k = 0; k < 45; ++k) theta.push_back(0.6 * noise.normal(FitNoise::Kind::prior, i, k));
    seeds.push_back(static_cast<int>(i % 4));
    predictions.push_back(model(theta, 1 + i % 4));
    thetas.push_back(std::move(theta));
  }
  const Likelihood likelihood(targets, predictions.front(), {});
  const Cloud cloud = make_cloud(likelihood, thetas, predictions, seeds);
  const MatrixXd plain = fit_response(cloud, 0.0, Localise::no).slope;
  const MatrixXd localised = fit_response(cloud, 0.0, Localise::yes).slope;
  double spurious_plain = 0.0;
  double spurious_localised = 0.0;
  double kept = 0.0;
  double strong = 0.0;
  for (Index j = 0; j < 40; ++j) {
    for (Index k = 0; k < 45; ++k) {
      const double truth = model.slope(j, k);
      if (truth == 0.0) {
        spurious_plain += plain(j, k) * plain(j, k);
        spurious_localised += localised(j, k) * localised(j, k);
      } else if (std::abs(truth) > 0.2) {
        kept += localised(j, k) * truth;
        strong += truth * truth;
      }
    }
  }
  // Of a standard normal t the garrote leaves E[t^2 (1 - 2/t^2)^2; t^2 > 2] = 0.29.
  EXPECT_LT(spurious_localised, 0.4 * spurious_plain);
  EXPECT_NEAR(kept / strong, 1.0, 0.05);
}

TEST(Calibration, LocalisationDoesNotBiasThePosterior) {
  for (const std::uint64_t problem : {11U, 12U, 13U}) {
    TestModel model = random_model(30, 25, 0.8, problem);
    const std::vector<Target> targets = targets_of(model, 0.3, problem + 100);
    model.mc_se = 0.15;
    const Gaussian exact = exact_posterior(model, targets, 0.3 * 0.3 + 0.15 * 0.15);
    const Gaussian sample = sample_moments(run(model, targets, without_tau(200)));
    double variance = 0.0;
    double off = 0.0;
    for (Index k = 0; k < 25; ++k) {
      variance += sample.covariance(k, k) / exact.covariance(k, k) / 25.0;
      off += std::pow(sample.mean(k) - exact.mean(k), 2) / exact.covariance(k, k) / 25.0;
    }
    // A tenth wider at most: a member's own Monte Carlo noise moves it too. 25 variances of 200 draws: 2 %.
    EXPECT_NEAR(variance, 1.06, 0.12) << problem;
    // Means off by a fifth of a standard deviation at most (200 draws alone: 0.07, noise of the seeds
    // besides).
    EXPECT_LT(off, 0.04) << problem;
  }
}

TEST(Calibration, InfersHowMuchStudiesDiffer) {
  const TestModel model = random_model(60, 6, 0.3, 41);
  const FitNoise noise(43);
  for (const double tau : {0.0, 0.3}) {
    std::vector<Target> targets = targets_of(model, 0.1, 42);
    for (std::size_t j = 0; j < targets.size(); ++j)
      targets[j].y += tau * noise.normal(FitNoise::Kind::truth, 3, static_cast<std::uint32_t>(j));
    CalibrationSettings settings;
    settings.smoother.members = 100;
    settings.mode.evaluations = 40;
    const Calibration fit = run(model, targets, settings);
    // 54 degrees of freedom: standard error 0.3 / sqrt(108) = 0.03; at 0 the posterior ends near 0.1.
    EXPECT_NEAR(fit.tau, tau, tau == 0.0 ? 0.08 : 0.09);
  }
}

TEST(Calibration, UnseenSeedsAreUnseen) {
  const TestModel model = random_model(8, 3, 0.0, 5);
  std::vector<std::uint64_t> used;
  const ForwardModel noted = [&](std::span<const double> theta, std::uint64_t seed) {
    used.push_back(seed);
    return model(theta, seed);
  };
  CalibrationSettings settings = without_tau(30);
  Journal journal({}, core::sha256_hex(""), in_turn(noted), 16);
  const Calibration fit =
      calibrate(std::vector<double>(3, 0.0), targets_of(model, 0.2, 6), journal, settings);
  ASSERT_EQ(fit.unseen_seeds.size(), 2U);
  const std::size_t last = 30 + 3 * 2;
  ASSERT_EQ(used.size(), 1U + static_cast<std::size_t>(fit.mode.evaluations) + 2 * 30 + last);
  for (std::size_t i = 0; i < used.size(); ++i) {
    const bool unseen = used[i] == fit.unseen_seeds[0] || used[i] == fit.unseen_seeds[1];
    EXPECT_EQ(unseen, i >= used.size() - last) << i;
  }
  EXPECT_GT(fit.prior_mean.loss.sampling, fit.posterior_mean.loss.sampling);
}

// A fit that is cut off after every kind of evaluation ends with the same bytes.
TEST(Calibration, KilledAndResumedGivesTheSameBytes) {
  TestModel model = random_model(8, 4, 0.0, 51);
  model.mc_se = 0.05;
  const std::vector<Target> targets = targets_of(model, 0.2, 52);
  CalibrationSettings settings;
  settings.smoother.members = 40;
  settings.mode.evaluations = 30;
  const std::vector<double> start(4, 0.2);
  const std::string digest = calibration_digest(start, targets, settings, "test");
  const testing_support::TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "killed.bin";
  struct Killed {};
  int until = 0;
  const ForwardModel mortal = [&](std::span<const double> theta, std::uint64_t seed) {
    if (--until < 0) throw Killed();
    return model(theta, seed);
  };
  const auto bytes_of = [&](const Calibration& fit) {
    std::string out;
    for (const CalibratedDraw& draw : fit.draws) {
      for (const double x : draw.theta) out += std::to_string(std::bit_cast<std::uint64_t>(x)) + " ";
      out += std::to_string(std::bit_cast<std::uint64_t>(draw.tau)) + "\n";
    }
    return out + std::to_string(std::bit_cast<std::uint64_t>(fit.posterior.with_tau));
  };
  int deaths = 0;
  std::string resumed;
  for (const int lives : {5, 20, 30, 60, 37, 100000}) {
    until = lives;
    Journal journal(file, digest, in_turn(mortal), 7);
    EXPECT_EQ(journal.rejected(), "");
    try {
      resumed = bytes_of(calibrate(start, targets, journal, settings));
      EXPECT_GT(journal.taken_over(), 0U);
      EXPECT_GT(journal.evaluated(), 0U);
    } catch (const Killed&) {
      ++deaths;
    }
  }
  EXPECT_EQ(deaths, 5);
  Journal whole({}, digest, in_turn(model), 64);
  EXPECT_EQ(resumed, bytes_of(calibrate(start, targets, whole, settings)));
}

TEST(Calibration, PlacesWhereTheEngineCannotRunAreLeftOut) {
  const TestModel model = random_model(10, 4, 0.0, 61);
  const std::vector<Target> targets = targets_of(model, 0.3, 62);
  const ForwardModel fragile = [&](std::span<const double> theta, std::uint64_t seed) {
    if (theta[0] > 0.8) throw core::RunError("nobody qualifies");
    auto out = model(theta, seed);
    if (theta[1] > 1.0) out[3].mean = std::nan("");
    return out;
  };
  CalibrationSettings settings = without_tau(60);
  Journal journal({}, core::sha256_hex(""), in_turn(fragile), 16);
  const Calibration fit = calibrate(std::vector<double>(4, 0.0), targets, journal, settings);
  EXPECT_GT(fit.effective, 30.0);
  for (const CalibratedDraw& draw : fit.draws) {
    if (draw.weight > 0.0) {
      EXPECT_LE(draw.theta[0], 0.8);
    }
  }
}

TEST(Calibration, RefusesTooFewMembers) {
  const TestModel model = random_model(10, 4, 0.0, 61);
  // As many as variables, seeds of an iteration (4), and ten to spare.
  try {
    run(model, targets_of(model, 0.3, 62), without_tau(17));
    FAIL() << "taken";
  } catch (const core::InputError& error) {
    EXPECT_NE(std::string(error.what()).find("17 members for 4 variables (at least 18)"), std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace hortega::evidence
