// SPDX-License-Identifier: Apache-2.0
//
// Sequences of an arm: planned steps, and switches on failure as visits, scans and reports showed it.
#include "hortega/core/document.hpp"
#include "hortega/endpoints/relapses.hpp"
#include "hortega/trial/switching.hpp"
#include "small_trial.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace hortega::trial {
namespace {

using testing::environment;
using testing::text_of;

const Recruitment& recruited() {
  static const Recruitment r = recruit(testing::protocol(), environment(), ThinPool::allow);
  return r;
}

SequenceStep on_relapse() {
  SequenceStep step;
  step.on = StepOn::relapse;
  step.regimen = "drug";
  step.washout_day = 30;
  return step;
}

// The placebo arm may change to the drug.
Protocol with_step(const SequenceStep& step) {
  Protocol p = testing::protocol();
  p.arms[1].sequence = {step};
  return p;
}

std::vector<Replicate> simulate(const Protocol& p, int replicates = 4) {
  std::vector<Replicate> all;
  for (int i = 0; i < replicates; ++i) all.push_back(simulate_replicate(p, environment(), recruited(), i));
  return all;
}

int first_confirmed(const Participant& p) {
  std::vector<endpoints::Relapse> merged;
  endpoints::merge_relapses(p.relapses, merged);
  for (const auto& r : merged)
    if (r.confirmed && r.onset_day >= p.first_dose_day) return r.onset_day;
  return endpoints::kNever;
}

TEST(Sequence, ASeenRelapseSwitchesAfterTheWashoutAndNobodyElse) {
  int switched = 0, stayed = 0;
  for (const Replicate& r : simulate(with_step(on_relapse()))) {
    int in_arm = 0;
    for (const Participant& p : r.participants) {
      const bool failed = p.arm == 1 && first_confirmed(p) != endpoints::kNever;
      if (p.switches.empty()) {
        ++stayed;
        EXPECT_FALSE(failed) << "person " << p.number << " relapsed on day " << first_confirmed(p);
        EXPECT_EQ(p.rescue_day, endpoints::kNever);
        continue;
      }
      ++switched, ++in_arm;
      ASSERT_TRUE(failed) << "person " << p.number << " of arm " << p.arm;
      ASSERT_EQ(p.switches.size(), 1U) << "a step is taken once";
      const RegimenSwitch& s = p.switches.front();
      EXPECT_EQ(s.regimen, "drug");
      EXPECT_EQ(p.rescue_day, s.day);
      EXPECT_EQ(p.censor_day, endpoints::kNever);
      // Seen at a visit on the day of the switch, not when it began.
      EXPECT_TRUE(
          std::any_of(p.visits.begin(), p.visits.end(), [&](const auto& v) { return v.day == s.day; }));
      EXPECT_GE(s.day, first_confirmed(p));
      if (s.start_day == endpoints::kNever) {
        EXPECT_LE(p.end_of_follow_up_day, s.day + 30);
        continue;
      }
      EXPECT_EQ(s.start_day, s.day + 30);
      EXPECT_TRUE(std::any_of(p.milestones.begin(), p.milestones.end(), [&](const auto& m) {
        return m.what == endpoints::Milestone::infusion && m.day == s.start_day && m.value == 0.1;
      })) << "the course of the drug begins then";
    }
    EXPECT_EQ(r.consort.arms[1].rescued, in_arm);
    EXPECT_EQ(r.consort.arms[0].rescued, 0);
    EXPECT_EQ(r.consort.arms[1].switched, 0) << "away from the allocated treatment, not within it";
  }
  EXPECT_GT(switched, 10);
  EXPECT_GT(stayed, 100);
}

// The drug lets a tenth of the traffic through: whoever switches has fewer Gd+ lesions than as if they had
// not.
TEST(Sequence, TheSwitchActs) {
  const std::vector<Replicate> with = simulate(with_step(on_relapse()));
  const std::vector<Replicate> without = simulate(testing::protocol());
  int lesions_with = 0, lesions_without = 0;
  for (std::size_t r = 0; r < with.size(); ++r) {
    for (std::size_t i = 0; i < with[r].participants.size(); ++i) {
      const Participant& a = with[r].participants[i];
      const Participant& b = without[r].participants[i];
      if (a.switches.empty()) {
        EXPECT_EQ(text_of(a), text_of(b)) << "a switch of others changes nobody";
        continue;
      }
      for (const auto& scan : a.scans) lesions_with += scan.day > a.switches[0].day + 90 ? scan.gd_count : 0;
      for (const auto& scan : b.scans)
        lesions_without += scan.day > a.switches[0].day + 90 ? scan.gd_count : 0;
    }
  }
  EXPECT_GT(lesions_without, 10);
  EXPECT_LT(lesions_with, lesions_without / 2);
}

TEST(Sequence, ASwitchWithinTheAllocatedTreatmentEndsNothing) {
  SequenceStep step = on_relapse();
  step.allocated = true;
  int switched = 0;
  for (const Replicate& r : simulate(with_step(step))) {
    int in_arm = 0;
    for (const Participant& p : r.participants) {
      in_arm += p.switches.empty() ? 0 : 1;
      EXPECT_EQ(p.rescue_day, endpoints::kNever);
    }
    EXPECT_EQ(r.consort.arms[1].switched, in_arm);
    EXPECT_EQ(r.consort.arms[1].rescued, 0);
    switched += in_arm;
  }
  EXPECT_GT(switched, 10);
}

TEST(Sequence, AShareOfNoneSwitchesNobody) {
  SequenceStep step = on_relapse();
  step.share = 0.0;
  for (const Replicate& r : simulate(with_step(step), 2))
    for (const Participant& p : r.participants) EXPECT_TRUE(p.switches.empty());
}

TEST(Sequence, ToWhatIsTakenAnywayIsNoSwitch) {
  SequenceStep step = on_relapse();
  step.regimen = "placebo";
  for (const Replicate& r : simulate(with_step(step), 2))
    for (const Participant& p : r.participants) EXPECT_TRUE(p.switches.empty());
}

TEST(Sequence, NoSwitchBeforeTheEarliestDay) {
  SequenceStep step = on_relapse();
  step.earliest_day = 365;
  int switched = 0;
  for (const Replicate& r : simulate(with_step(step))) {
    for (const Participant& p : r.participants) {
      for (const RegimenSwitch& s : p.switches) {
        EXPECT_GE(s.day, 365);
        ++switched;
      }
    }
  }
  EXPECT_GT(switched, 3);
}

TEST(Sequence, PeopleGoForwardOnlyAndFailureCountsFromTheStartOfWhatIsTaken) {
  Protocol p = with_step(on_relapse());
  p.arms[1].sequence.front().regimen = "none";
  p.arms[1].sequence.push_back(on_relapse());
  int twice = 0;
  for (const Replicate& r : simulate(p, 12)) {
    for (const Participant& who : r.participants) {
      for (std::size_t i = 0; i < who.switches.size(); ++i)
        EXPECT_EQ(who.switches[i].regimen, i == 0 ? "none" : "drug");
      if (who.switches.size() < 2) continue;
      ++twice;
      std::vector<endpoints::Relapse> merged;
      endpoints::merge_relapses(who.relapses, merged);
      EXPECT_TRUE(std::any_of(merged.begin(), merged.end(), [&](const auto& x) {
        return x.confirmed && x.onset_day >= who.switches[0].start_day && x.onset_day <= who.switches[1].day;
      })) << "the second switch needs a relapse on the second regimen";
    }
  }
  EXPECT_GT(twice, 2);
}

TEST(Sequence, LesionsOnAScanSwitchOnTheDayOfTheScan) {
  for (const StepOn on : {StepOn::gd, StepOn::new_t2}) {
    SequenceStep step = on_relapse();
    step.on = on;
    int switched = 0;
    for (const Replicate& r : simulate(with_step(step))) {
      for (const Participant& p : r.participants) {
        if (p.arm != 1) continue;
        const auto bad = std::find_if(p.scans.begin(), p.scans.end(), [&](const auto& s) {
          return s.day > 0 && (on == StepOn::gd ? s.gd_count : s.new_or_enlarging_t2) >= 1;
        });
        ASSERT_EQ(bad != p.scans.end(), !p.switches.empty()) << p.number;
        if (bad == p.scans.end()) continue;
        EXPECT_EQ(p.switches.front().day, bad->day);
        ++switched;
      }
    }
    EXPECT_GT(switched, 10);
  }
}

TEST(Sequence, PlannedStepsStartAndStopOnTheirDays) {
  Protocol p = testing::protocol();
  p.dropout = {};
  p.arms[1].regimens[0].stop_day = 100;
  SequenceStep step;
  step.regimen = "drug";
  step.start_day = 200;
  step.washout_day = 10;
  step.stop_day = 150;
  p.arms[1].sequence = {step};
  const Replicate r = simulate(p, 1).front();
  int planned = 0;
  for (const Participant& who : r.participants) {
    if (who.arm != 1 || who.end_of_follow_up_day < 400) continue;
    ++planned;
    ASSERT_EQ(who.switches.size(), 1U);
    EXPECT_EQ(who.switches[0].day, 200);
    EXPECT_EQ(who.switches[0].start_day, 210);
    EXPECT_EQ(who.rescue_day, endpoints::kNever);
    EXPECT_EQ(who.stopped_day, 360) << "the planned end of the last planned step";
    std::vector<int> stops;
    for (const auto& m : who.milestones)
      if (m.what == endpoints::Milestone::stopped) stops.push_back(m.day);
    EXPECT_EQ(stops, (std::vector<int>{100, 360}));
  }
  EXPECT_GT(planned, 20);  // of 30: nobody drops out
}

TEST(Sequence, RescueIsALastStepOfTheArmsItNames) {
  Protocol p = testing::protocol();
  EndpointSpec e;
  e.id = "relapse";
  p.endpoints = {e};
  p.rescue = Rescue{"relapse", {"placebo"}, 0.0, "drug", 1.0, true};
  SequenceStep step = on_relapse();
  step.washout_day = 0;
  step.censor = true;
  Protocol q = with_step(step);
  q.endpoints = p.endpoints;
  EXPECT_TRUE(steps_of(p, p.arms[0]).empty());
  ASSERT_EQ(steps_of(p, p.arms[1]).size(), 1U);
  const std::string by_rescue = text_of(simulate(p, 1).front());
  EXPECT_EQ(by_rescue, text_of(simulate(q, 1).front()));
  EXPECT_NE(by_rescue, text_of(simulate(testing::protocol(), 1).front()));
}

TEST(Sequence, WorseningAfterASwitchCountsFromTheVisitBeforeIt) {
  Protocol p = testing::protocol();
  EndpointSpec e;
  e.id = "cdw";
  e.kind = EndpointKind::cdw;
  e.preset = "expand";
  e.confirmation_day = 84;
  p.endpoints = {e};
  SequenceStep step = on_relapse();
  step.on = StepOn::worsening;
  step.trigger = "cdw";
  p.arms[1].sequence = {step};
  const SwitchRules rules(p);
  Participant who;
  who.arm = 1;
  const double edss[] = {3.0, 4.0, 4.0, 4.0, 4.0};
  for (int i = 0; i < 5; ++i) {
    endpoints::Visit v;
    v.day = 91 * i;
    v.edss = edss[i];
    who.visits.push_back(v);
  }
  SequenceState state;
  state.taken_since = 0;
  EXPECT_TRUE(rules.failed(who, 0, state, 364, Look::scheduled_visit));
  EXPECT_FALSE(rules.failed(who, 0, state, 364, Look::unscheduled_visit));
  state.taken_since = state.reference_day = 100;  // on day 91 the step was there
  EXPECT_FALSE(rules.failed(who, 0, state, 364, Look::scheduled_visit));
}

TEST(Dropout, PeriodsHaveHazardsOfTheirOwn) {
  Dropout d;
  d.by_arm[""] = 0.5;
  EXPECT_DOUBLE_EQ(dropout_day(d, "a", 0.25), 0.5 * 365.25);
  d.periods = {{365.25, {{"", 0.1}, {"b", 0.0}}}, {730.5, {{"", 0.2}}}};
  EXPECT_DOUBLE_EQ(dropout_day(d, "a", 0.05), 0.5 * 365.25);
  EXPECT_DOUBLE_EQ(dropout_day(d, "a", 0.2), 1.5 * 365.25);
  EXPECT_DOUBLE_EQ(dropout_day(d, "a", 0.8), 3.0 * 365.25);
  EXPECT_DOUBLE_EQ(dropout_day(d, "b", 0.1), 1.5 * 365.25);
  EXPECT_EQ(dropout_day(Dropout{}, "a", 0.1), std::numeric_limits<double>::infinity());
}

// ---- the file ----

const char* const k_protocol = R"(format = "hortega-protocol"
version = 1
id = "t"
title = "T"
question = "Q?"
[population]
n = 20
[[arm]]
id = "a"
regimens = [{ regimen = "none" }]
SEQUENCE
[accrual]
follow_up = "2 years"
[visits]
edss = ["6 months", "12 months"]
[[endpoint]]
id = "worse"
kind = "cdw"
[[endpoint]]
id = "edss"
kind = "edss"
)";

std::string complaint(const std::string& sequence) {
  std::string text = k_protocol;
  text.replace(text.find("SEQUENCE"), 8, sequence);
  try {
    read_protocol(core::Document::parse(text, "t.toml"));
  } catch (const core::InputError& e) {
    return e.what();
  }
  return {};
}

TEST(SequenceFile, IsRead) {
  EXPECT_EQ(complaint("[[arm.sequence]]\non = \"worsening\"\ntrigger = \"worse\"\nregimen = \"drug\"\n"
                      "washout = \"4 weeks\"\nshare = 0.5\n"
                      "[[arm.sequence]]\nstart = \"18 months\"\nregimen = \"drug\"\nstop = \"3 months\"\n"),
            "");
}

TEST(SequenceFile, MistakesAreTold) {
  const struct {
    std::string sequence;
    std::string said;
  } mistakes[] = {
      {"[[arm.sequence]]\nregimen = \"drug\"", "needs `start` or a failure to wait for"},
      {"[[arm.sequence]]\non = \"relapse\"", "'regimen' is missing in [arm[0].sequence[0]]"},
      {"[[arm.sequence]]\non = \"relaps\"\nregimen = \"drug\"", "did you mean 'relapse'?"},
      {"[[arm.sequence]]\non = \"relapse\"\nstart = \"1 months\"\nregimen = \"drug\"",
       "starts when the failure is seen"},
      {"[[arm.sequence]]\non = \"worsening\"\nregimen = \"drug\"", "needs `trigger`"},
      {"[[arm.sequence]]\non = \"worsening\"\ntrigger = \"wors\"\nregimen = \"drug\"", "no endpoint 'wors'"},
      {"[[arm.sequence]]\non = \"worsening\"\ntrigger = \"edss\"\nregimen = \"drug\"",
       "'edss' does not define worsening"},
      {"[[arm.sequence]]\non = \"relapse\"\ntrigger = \"worse\"\nregimen = \"drug\"", "waits for relapse"},
      {"[[arm.sequence]]\non = \"relapse\"\nterm = \"infection\"\nregimen = \"drug\"", "`term` names a harm"},
      {"[[arm.sequence]]\non = \"relapse\"\nallocated = true\ncensor = true\nregimen = \"drug\"",
       "does not end observation"},
      {"[[arm.sequence]]\non = \"new-t2\"\nregimen = \"drug\"", "nobody is scanned"},
      {"[[arm.sequence]]\nstart = \"25 months\"\nregimen = \"drug\"", "after the end of follow-up"},
      {"[[arm.sequence]]\nstart = \"6 months\"\nregimen = \"drug\"\nearliest = \"1 months\"",
       "not `earliest`"},
      {"[[arm.sequence]]\nstart = \"6 months\"\nregimen = \"drug\"\n"
       "[[arm.sequence]]\nstart = \"3 months\"\nregimen = \"drug\"",
       "before a step that stands before it"},
      {"[[arm.sequence]]\non = \"relapse\"\nwashout = \"-3 days\"\nregimen = \"drug\"",
       "washout: '-3 days' is out of range"},
      {"[dropout]\nperiod = [{ until = \"6 months\", rate_per_year = 0.1 }, { until = \"3 months\", "
       "rate_per_year = 0.1 }]",
       "ends before it begins"},
      {"[dropout]\nperiod = [{ until = \"6 months\", rate_per_year = { b = 0.1 } }]", "no arm 'b'"},
      {"[rescue]\ntrigger = \"edss\"\narms = [\"a\"]\nregimen = \"none\"", "is no failure of a treatment"},
  };
  for (const auto& m : mistakes) {
    const std::string message = complaint(m.sequence);
    EXPECT_NE(message.find(m.said), std::string::npos) << m.sequence << "\n" << message;
    EXPECT_NE(message.find("t.toml:"), std::string::npos) << "where? " << message;
  }
}

}  // namespace
}  // namespace hortega::trial
