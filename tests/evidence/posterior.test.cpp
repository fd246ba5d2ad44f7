// SPDX-License-Identifier: Apache-2.0
// The posterior's files, and what its checks say.
#include "hortega/evidence/posterior.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "calibration_model.hpp"
#include "hortega/core/files.hpp"
#include "hortega/core/problems.hpp"
#include "support/temporary_folder.hpp"

namespace hortega::evidence {
namespace {

using testing::HasSubstr;

std::string told(const std::function<void()>& action) {
  try {
    action();
  } catch (const core::InputError& error) {
    return error.what();
  }
  return "taken";
}

class PosteriorFiles : public testing::Test {
 protected:
  PosteriorFiles() {
    const core::OutputDirectory out(folder_ / "parameters");
    std::string text;
    for (const std::string name : {"rate", "size", "share"})
      text += "[" + name + "]\nvalue = 0.5\nunit = \"1\"\nspread = 0.2\nsource = \"E0001\"\ngrade = \"F\"\n" +
              "range = [0.1, 0.9]\n";
    out.write("a.toml", text);
    set_ = core::ParameterSet::read_directory((folder_ / "parameters").string());
  }

  // Rows that see theta_0, and theta_1 + theta_2 alone. `shift` moves the published values of the former.
  Calibration fit(double shift) {
    TestModel model;
    model.slope = Eigen::MatrixXd::Zero(6, 3);
    model.slope.col(0).head(3).setOnes();
    model.slope.block(3, 1, 3, 2).setOnes();
    model.intercept = Eigen::VectorXd::Zero(6);
    targets_ = targets_of(model, 0.2, 3);
    for (std::size_t j = 0; j < 3; ++j) targets_[j].y = shift;
    for (std::size_t j = 3; j < 6; ++j) targets_[j].y = 0.4;
    targets_.push_back(targets_.back());
    targets_.back().role = "validation";
    const ForwardModel with_validation = [model](std::span<const double> theta, std::uint64_t seed) {
      auto out = model(theta, seed);
      out.push_back(out.back());
      return out;
    };
    settings_.smoother.members = 120;
    settings_.mode.evaluations = 20;
    Journal journal({}, core::sha256_hex(""), in_turn(with_validation), 16);
    return calibrate(std::vector<double>(3, 0.0), targets_, journal, settings_);
  }

  Posterior posterior(double shift = 0.5) {
    const Calibration done = fit(shift);
    return make_posterior(FreeParameters(set_), targets_, done, settings_, "hortega 0",
                          core::sha256_hex("d"));
  }

  testing_support::TemporaryFolder temporary_;
  std::filesystem::path folder_ = temporary_.path();
  core::ParameterSet set_;
  std::vector<Target> targets_;
  CalibrationSettings settings_;
};

TEST_F(PosteriorFiles, RoundTrip) {
  const Posterior written = posterior();
  write_posterior(folder_, written);
  const Posterior read = read_posterior(folder_);
  EXPECT_EQ(read.names, (std::vector<std::string>{"rate", "size", "share"}));
  EXPECT_EQ(read.values, written.values);
  EXPECT_EQ(read.tau, written.tau);
  EXPECT_EQ(read.weight, written.weight);
  EXPECT_EQ(core::to_toml(read.record), core::to_toml(written.record));
  const core::ParameterSet drawn = with_draw(set_, read, 5);
  EXPECT_EQ(drawn.get("share").value, written.values[5][2]);
  EXPECT_EQ(*read.record.find("digest")->text(), core::sha256_hex("d"));
  EXPECT_EQ(read.record.find("row")->array()->size(), 6U);
  EXPECT_EQ(*(*read.record.find("left_out")->array())[0].find("reason")->text(),
            "role validation: only compared");
  // What no fit has seen is not fitted, whatever its role.
  std::vector<Target> targets = targets_;
  targets.push_back(targets.front());
  targets.back().row_id = "E9999", targets.back().fitted = true;
  mark_fitted(targets, read);
  EXPECT_TRUE(targets.front().fitted);
  EXPECT_FALSE(targets.back().fitted);
}

TEST_F(PosteriorFiles, DrawsOfAnotherCalibrationAreRefused) {
  write_posterior(folder_, posterior(0.4));
  const std::string draws = core::read_file(folder_ / "posterior.csv");
  write_posterior(folder_, posterior(0.5));
  core::write_file_atomically(folder_ / "posterior.csv", draws);
  EXPECT_THAT(told([&] { read_posterior(folder_); }),
              HasSubstr("these are not the draws that posterior.toml records"));
  std::filesystem::remove(folder_ / "posterior.csv");
  EXPECT_THAT(told([&] { read_posterior(folder_); }),
              HasSubstr("posterior.csv: error: there is no such file"));
}

TEST_F(PosteriorFiles, WithDrawNeedsTheParameters) {
  Posterior p = posterior();
  p.names[1] = "sise";
  EXPECT_THAT(told([&] { with_draw(set_, p, 0); }), HasSubstr("no parameter 'sise'"));
  p.names[1] = "size";
  p.values[0][1] = 0.95;
  EXPECT_THAT(told([&] { with_draw(set_, p, 0); }),
              HasSubstr("size: 0.95 is outside its range (0.1 to 0.9)"));
}

// What scripts/adopt-posterior leaves in a passport is no edit: the mode, or the mean of the draws.
TEST_F(PosteriorFiles, EditsAreWhatTheFitDidNotLeave) {
  const core::Value::Array variables = [] {
    core::Value::Array all;
    for (const std::string name : {"rate", "size.spread"}) {
      core::Value v;
      v.set("name", name).set("unit", "1").set("range", core::Value::Array{-1.0, 1.0});
      all.push_back(v.set("mode", name == "rate" ? 0.31415926 : 0.2718281));
    }
    return all;
  }();
  Posterior p;
  // On the scale of a range from -1 to 1 the prior is symmetric, so scores of x and -x cancel: the mean is 0
  // of the first, and that of three draws at one place is the place.
  p.names = {"rate", "size.spread", "share"};
  p.values = {{-0.4, 0.25, 0.7}, {0.4, 0.25, 0.7}, {0.0, 0.25, 0.7}};
  p.weight = {1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0};
  p.record.set("variable", variables);
  const auto edited = [&](double rate, double spread) {
    core::ParameterSet set = set_;
    set.set("rate", rate);
    set.set_spread("size", spread);
    return edited_variables(set, p);
  };
  using testing::ElementsAre;
  using testing::IsEmpty;
  EXPECT_THAT(edited(0.3142, 0.2718), IsEmpty());  // the mode to four digits
  EXPECT_THAT(edited(0.3141, 0.2718), ElementsAre("rate"));
  EXPECT_THAT(edited(0.3142, 0.25), IsEmpty());  // the mean of the draws
  EXPECT_THAT(edited(0.3142, 0.2501), ElementsAre("size.spread"));
  EXPECT_THAT(edited(0.5, 0.3), ElementsAre("rate", "size.spread"));
  // No passport may hold the mean of the first, 0; share is in the draws and not in the record.
  p.values[0][0] = p.values[1][0] = p.values[2][0] = 0.44;
  EXPECT_THAT(edited(0.44, 0.25), IsEmpty());
  // Drawn from a prior: what the passport held then.
  core::Value drawn;
  drawn.set("names", core::Value::Array{"other", "share"}).set("values", core::Value::Array{0.7, 0.5});
  p.record.set("from_prior", drawn);
  EXPECT_THAT(edited(0.44, 0.25), IsEmpty());  // of share the passport says 0.5
  set_.set("share", 0.7);
  EXPECT_THAT(edited(0.44, 0.25), ElementsAre("share"));
  // Draws of other parameters: with_draw tells those.
  core::Value other;
  other.set("name", "rat").set("mode", 0.3);
  p.names[0] = "rat";
  p.record = core::Value{core::Value::Table{}};
  p.record.set("variable", core::Value::Array{other});
  EXPECT_THAT(edited(0.5, 0.25), IsEmpty());
}

TEST_F(PosteriorFiles, WhatTheRowsSayShows) {
  const Calibration done = fit(0.5);
  const FreeParameters free(set_);
  const auto summaries = summarise(free, done);
  // Three rows with variance 0.04 + tau^2 on one variable with prior variance 1.
  EXPECT_GT(summaries[0].shrinkage, 0.9);
  EXPECT_LT(summaries[1].shrinkage, 0.75);
  EXPECT_FALSE(summaries[0].at_bound);
  EXPECT_NEAR(summaries[0].prior_mean, 0.5, 0.001);
  const auto pairs = trade_offs(free, done);
  ASSERT_EQ(pairs.size(), 1U);
  EXPECT_EQ(pairs[0].first + " " + pairs[0].second, "size share");
  EXPECT_LT(pairs[0].correlation, -0.8);
  for (const CalibrationCheck& c : check(free, done)) EXPECT_TRUE(c.passed) << c.name << ": " << c.detail;
}

TEST_F(PosteriorFiles, AParameterAtABoundFailsTheCheck) {
  const Calibration done = fit(3.5);
  const FreeParameters free(set_);
  EXPECT_TRUE(summarise(free, done)[0].at_bound);
  const CalibrationCheck bound = check(free, done).front();
  EXPECT_EQ(bound.name, "at_bound");
  EXPECT_FALSE(bound.passed);
  EXPECT_THAT(bound.detail, HasSubstr("rate ("));
  EXPECT_THAT(bound.detail, testing::Not(HasSubstr("size")));
}

}  // namespace
}  // namespace hortega::evidence
