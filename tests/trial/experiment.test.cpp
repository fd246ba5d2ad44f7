// SPDX-License-Identifier: Apache-2.0
//
// An experiment in mice: untreated animals as published, cells that act by mechanism alone, no number of
// people in any of it, and bad input told with its place.
#include "hortega/trial/experiment.hpp"
#include "../support/temporary_folder.hpp"
#include "hortega/core/document.hpp"
#include "hortega/disease/kernel.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <functional>

namespace hortega::trial {
namespace {

const std::string k_data = std::string(HORTEGA_SOURCE_DIR) + "/data";

ExperimentInputs inputs() {
  return {core::ParameterSet::read_directory(k_data + "/parameters"),
          core::ParameterSet::read_directory(k_data + "/parameters/mouse"),
          therapy::RegimenLibrary::read_directory(k_data + "/regimens/mouse")};
}

core::Read<Experiment> committed(const std::vector<std::string>& settings = {}) {
  core::Document document = core::Document::load(k_data + "/protocols/eae-msc.toml");
  for (const std::string& setting : settings) document.set(setting);
  return experiment_schema().read(document);
}

/// Many animals of the committed groups, with every number at its value.
Experiment large(int animals) {
  Experiment e = committed({"priors=[]"}).value;
  for (ExperimentArm& arm : e.arms) arm.n = animals;
  return e;
}

struct Moments {
  double n = 0.0, mean = 0.0, sd = 0.0;
};
Moments moments(ExperimentMeasure measure, const std::vector<AnimalCourse>& animals, int last_day = 0) {
  Moments m;
  double squares = 0.0;
  for (const AnimalCourse& animal : animals) {
    const auto x = measure_of(measure, animal, last_day);
    if (!x) continue;
    m.n += 1.0;
    m.mean += *x;
    squares += *x * *x;
  }
  m.mean /= m.n;
  m.sd = std::sqrt(squares / m.n - m.mean * m.mean);
  return m;
}

std::vector<double> all_scores(const ExperimentReplicate& r) {
  std::vector<double> out;
  for (const auto& arm : r.arms) {
    for (const AnimalCourse& animal : arm) {
      out.insert(out.end(), animal.score.begin(), animal.score.end());
      out.push_back(animal.axon_loss_percent);
      out.push_back(animal.lesions);
    }
  }
  return out;
}

TEST(Experiment, UntreatedMiceFallIllAsPublished) {
  Experiment e = large(600);
  e.arms.resize(1);
  e.contrasts.clear();
  const auto animals = simulate_experiment(e, inputs(), 0, 0).arms[0];
  // E1301, E1305 (82 and 88 %) and two studies in which all fell ill (E1308, E1313).
  const Moments ill = moments(ExperimentMeasure::incidence, animals);
  EXPECT_GE(ill.mean, 0.82);
  // E1311 9.0, E1306 13.6, E1302 14.5 days.
  const Moments onset = moments(ExperimentMeasure::onset_day, animals);
  EXPECT_GT(onset.mean, 9.0);
  EXPECT_LT(onset.mean, 14.5);
  // E1303 2.6, E1307 3.05, E1309 3.5, E1314 3.7.
  const Moments most = moments(ExperimentMeasure::max_score, animals);
  EXPECT_GT(most.mean, 2.6 - 0.1);
  EXPECT_LT(most.mean, 3.7);
  // E1308: 30.4 to day 30; E1313: 56.6 (SD 18.3) to day 35.
  EXPECT_GT(moments(ExperimentMeasure::cumulative_score, animals, 35).mean, 30.4);
  EXPECT_LT(moments(ExperimentMeasure::cumulative_score, animals, 35).mean, 56.6 + 18.3);
}

TEST(Experiment, MiceThatWereNotImmunisedStayWell) {
  Experiment e = large(200);
  e.arms.resize(1);
  e.arms[0].immunised = false;
  e.contrasts.clear();
  e.follow_up_day = 120;
  const ExperimentReplicate replicate = simulate_experiment(e, inputs(), 0, 0);
  for (const AnimalCourse& animal : replicate.arms[0]) {
    EXPECT_FALSE(onset_of(animal));
    EXPECT_LE(animal.lesions, 2.0);
  }
  // A loop below one is not nought: an infiltrate now and then, against a hundred in three weeks of disease.
  EXPECT_LT(moments(ExperimentMeasure::lesions, replicate.arms[0]).mean, 0.2);
}

TEST(Experiment, NoNumberOfPeopleMovesAMouse) {
  const Experiment e = large(2);
  const ExperimentInputs at_value = inputs();
  std::vector<std::vector<double>> expected;
  for (std::size_t h = 0; h < e.hypotheses.size(); ++h)
    expected.push_back(all_scores(simulate_experiment(e, at_value, h, 0)));
  std::vector<std::string> moved;
  const auto check = [&](const std::string& name, const std::function<void(core::ParameterSet&)>& change) {
    ExperimentInputs in = at_value;
    change(in.people);
    for (std::size_t h = 0; h < e.hypotheses.size(); ++h)
      if (all_scores(simulate_experiment(e, in, h, 0)) != expected[h]) moved.push_back(name);
  };
  for (const core::Passport& p : at_value.people.all()) {
    const double end = p.value == p.high ? p.low : p.high;
    check(p.name, [&](core::ParameterSet& people) { people.set(p.name, end); });
    if (p.spread > 0.0) {
      const double other = p.spread_high > p.spread_low ? p.spread_high : 0.5 * p.spread;
      check(p.name + ".spread", [&](core::ParameterSet& people) { people.set_spread(p.name, other); });
    }
  }
  EXPECT_THAT(moved, testing::IsEmpty());
}

TEST(Experiment, CellsWithoutStrengthDoNothing) {
  Experiment e = large(4);
  ExperimentInputs in = inputs();
  for (const char* name : {"mouse_msc_activation", "mouse_msc_barrier_seal", "mouse_msc_microglia",
                           "mouse_msc_trophic", "mouse_msc_remyelination", "mouse_msc_treg_gain"})
    in.mouse.set(name, 0.0);
  const auto with = all_scores(simulate_experiment(e, in, 1, 0));
  for (ExperimentArm& arm : e.arms) arm.regimen.clear();
  EXPECT_EQ(with, all_scores(simulate_experiment(e, in, 1, 0)));
}

TEST(Experiment, TheEarlierTheCellsTheBetter) {
  // Nothing says so but the mechanism: what cells hold back is priming and growth of T cells, which are over
  // when animals have settled. Groups of 400 tell differences of about .15 standard deviations.
  const Experiment e = large(400);
  const ExperimentReplicate r = simulate_experiment(e, inputs(), 1, 0);
  std::vector<double> difference;
  const Moments control = moments(ExperimentMeasure::clinical_score, r.arms[0]);
  for (std::size_t a = 1; a < r.arms.size(); ++a) {
    const Moments m = moments(ExperimentMeasure::clinical_score, r.arms[a]);
    difference.push_back((m.mean - control.mean) / std::sqrt(0.5 * (m.sd * m.sd + control.sd * control.sd)));
  }
  EXPECT_LT(difference[0], difference[1] - 0.2);  // before onset, at onset
  EXPECT_LT(difference[1], difference[2]);        // at the peak
  EXPECT_GT(difference[3], -0.2);                 // settled: none to be seen
}

TEST(Experiment, IsTheSameOnEveryInstructionSet) {
  const Experiment e = large(5);  // 25 animals: a block that is not full
  const ExperimentInputs in = inputs();
  const disease::Isa before = disease::current_isa();
  std::vector<double> first;
  for (const disease::Isa isa : disease::available_isas()) {
    disease::choose_isa(isa);
    const auto scores = all_scores(simulate_experiment(e, in, 1, 3));
    if (first.empty()) first = scores;
    EXPECT_EQ(scores, first) << disease::name_of(isa);
  }
  disease::choose_isa(before);
}

TEST(Experiment, PriorsAreDrawnFromTheirRangesAndSharedByHypotheses) {
  Experiment e = large(3);
  e.priors = {"mouse_adjuvant_help"};
  e.hypotheses[1].parameters = e.hypotheses[0].parameters;
  const ExperimentInputs in = inputs();
  const auto first = all_scores(simulate_experiment(e, in, 0, 0));
  EXPECT_EQ(first, all_scores(simulate_experiment(e, in, 1, 0)));
  e.priors.clear();
  EXPECT_NE(first, all_scores(simulate_experiment(e, in, 0, 0)));
}

std::string refusal(const std::vector<std::string>& settings) {
  try {
    check_experiment(committed(settings), inputs(), {"msc-marrow-iv", "natalizumab"});
  } catch (const core::InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(ExperimentFile, IsReadAsWrittenAndSaysTheSameAgain) {
  const Experiment e = committed().value;
  EXPECT_EQ(e.arms.size(), 5U);
  EXPECT_EQ(e.arms[1].start_day, 3.0);
  EXPECT_EQ(e.hypotheses[1].parameters.at("mouse_msc_host_macrophages"), 1.0);
  const std::string written = core::to_toml(experiment_schema().write(e));
  const Experiment again = experiment_schema().read(core::Document::parse(written, "written.toml")).value;
  EXPECT_EQ(core::to_toml(experiment_schema().write(again)), written);
}

TEST(ExperimentFile, MistakesAreToldWithTheirPlace) {
  EXPECT_EQ(refusal({}), "accepted");
  EXPECT_THAT(refusal({"arm.at-onset.regimen=msc-marrow-iv"}),
              testing::AllOf(testing::HasSubstr("the regimen 'msc-marrow-iv' is for people"),
                             testing::HasSubstr("msc-syngeneic-once")));
  EXPECT_THAT(refusal({"arm.at-onset.regimen=msc-syngeneic-onse"}),
              testing::HasSubstr("did you mean 'msc-syngeneic-once'"));
  EXPECT_THAT(refusal({"priors=[\"msc_reach\"]"}), testing::HasSubstr("no parameter of a mouse"));
  EXPECT_THAT(refusal({"hypothesis[0].parameters.mouse_msc_reach=5000"}), testing::HasSubstr("1 to 1000"));
  EXPECT_THAT(refusal({"arm.at-onset.n=0"}), testing::HasSubstr("arm[2].n: 0 is out of range"));
  EXPECT_THAT(refusal({"contrasts=[[\"at-onset\", \"contrl\"]]"}), testing::HasSubstr("no arm 'contrl'"));
  EXPECT_THAT(refusal({"follow_up=20 days"}),  // cells on day 24
              testing::HasSubstr("nothing is seen of a dose after the follow-up"));
}

TEST(ExperimentInputs, AnotherUnitThanThePeoplesIsRefused) {
  const testing_support::TemporaryFolder folder;
  for (const char* file : {"eae.toml", "cells.toml"}) {
    std::string text = core::load_text(k_data + "/parameters/mouse/" + file, 1'000'000);
    const std::string was = "[mouse_effector_turnover]\nvalue = 4.0\nunit = \"day\"";
    if (const auto at = text.find(was); at != std::string::npos)
      text.replace(at, was.size(), "[mouse_effector_turnover]\nvalue = 4.0\nunit = \"hour\"");
    std::ofstream(folder.path() / file) << text;
  }
  ExperimentInputs in = inputs();
  in.mouse = core::ParameterSet::read_directory(folder.path().string());
  try {
    check_experiment(committed(), in, {});
    FAIL() << "accepted";
  } catch (const core::InputError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("'mouse_effector_turnover' has the unit 'hour'"));
    EXPECT_THAT(error.what(), testing::HasSubstr("eae.toml"));
  }
}

}  // namespace
}  // namespace hortega::trial
