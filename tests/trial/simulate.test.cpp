// SPDX-License-Identifier: Apache-2.0
//
// A replicate is a pure function of seed and number; treating one person changes nobody else; conduct is a
// layer that can be taken off; records hold together.
#include "hortega/core/parallel.hpp"
#include "hortega/disease/kernel.hpp"
#include "small_trial.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace hortega::trial {
namespace {

using testing::environment;
using testing::protocol;
using testing::text_of;

const Recruitment& recruited() {
  static const Recruitment r = recruit(protocol(), environment(), ThinPool::allow);
  return r;
}

TEST(Replicates, AreTheSameOnEveryThreadAndInstructionSet) {
  const disease::Isa before = disease::current_isa();
  std::set<std::string> all;
  for (const disease::Isa isa : disease::available_isas()) {
    for (const int threads : {1, 2, 3}) {
      if (isa != before && threads != 2) continue;
      disease::choose_isa(isa);
      core::set_threads(threads);
      const Recruitment r = recruit(protocol(), environment(), ThinPool::allow);
      std::vector<std::string> replicates(4);
      core::parallel_for(4, [&](std::size_t i) {
        replicates[i] = text_of(simulate_replicate(protocol(), environment(), r, static_cast<int>(i)));
      });
      std::string text;
      for (const std::string& one : replicates) text += one;
      all.insert(text);
      EXPECT_EQ(all.size(), 1U) << disease::name_of(isa) << ", " << threads << " threads";
    }
  }
  core::set_threads(0);
  disease::choose_isa(before);
}

std::vector<int> people_by_arm(int n, const std::vector<double>& allocation) {
  Protocol p = protocol();
  p.population.n = n;
  p.arms.resize(1);
  while (p.arms.size() < allocation.size()) p.arms.push_back(p.arms.front());
  for (std::size_t a = 0; a < allocation.size(); ++a) p.arms[a].allocation = allocation[a];
  std::vector<int> count(allocation.size(), 0);
  for (const Participant& one : simulate_replicate(p, environment(), recruited(), 0).participants)
    ++count[one.arm];
  return count;
}

TEST(Allocation, IsWhatTheProtocolStates) {
  EXPECT_EQ(people_by_arm(20, {1, 1}), (std::vector<int>{10, 10}));
  EXPECT_EQ(people_by_arm(21, {9, 12}), (std::vector<int>{9, 12}));            // ASTIMS
  EXPECT_EQ(people_by_arm(16, {3, 3, 2}), (std::vector<int>{6, 6, 4}));        // PDA-001
  EXPECT_EQ(people_by_arm(33, {3, 8}), (std::vector<int>{9, 24}));             // NurOwn's ratio
  EXPECT_EQ(people_by_arm(10, {144, 769, 343}), (std::vector<int>{1, 6, 3}));  // shares 1.15, 6.12, 2.73
  EXPECT_EQ(people_by_arm(10, {0.25, 0.75}), (std::vector<int>{3, 7}));  // 2.5 and 7.5: the first gets it
}

TEST(Replicates, DifferByNumberAndSeed) {
  const std::string zero = text_of(simulate_replicate(protocol(), environment(), recruited(), 0));
  EXPECT_EQ(zero, text_of(simulate_replicate(protocol(), environment(), recruited(), 0)));
  EXPECT_NE(zero, text_of(simulate_replicate(protocol(), environment(), recruited(), 1)));
  Protocol other = protocol();
  other.seed += 1;
  EXPECT_NE(zero, text_of(simulate_replicate(other, environment(), recruited(), 0)));
}

// Must show 5: treating one person changes no other person's bytes.
TEST(Twins, TreatingOneChangesNobodyElse) {
  Protocol p = protocol();
  for (const int number : {0, 1, 2}) {
    const Replicate as_planned = simulate_replicate(p, environment(), recruited(), number);
    for (const std::size_t chosen : {std::size_t{0}, std::size_t{3}, std::size_t{30}, std::size_t{59}}) {
      // The nearest participant of the drug arm who stays gets another drug, on another schedule.
      auto who = std::find_if(as_planned.participants.begin() + static_cast<std::ptrdiff_t>(chosen / 2),
                              as_planned.participants.end(), [](const Participant& x) {
                                return x.arm == 0 && x.end_of_follow_up_day > 365;
                              });
      ASSERT_NE(who, as_planned.participants.end());
      const auto other = environment({0.1, 28, who->person, 1.9, 3});
      const Replicate twin = simulate_replicate(p, other, recruited(), number);
      ASSERT_EQ(twin.participants.size(), as_planned.participants.size());
      for (std::size_t i = 0; i < twin.participants.size(); ++i) {
        const std::string a = text_of(as_planned.participants[i]);
        const std::string b = text_of(twin.participants[i]);
        if (twin.participants[i].person == who->person) {
          EXPECT_NE(a, b) << "the other drug does nothing";
        } else {
          EXPECT_EQ(a, b) << "participant " << i << " of replicate " << number;
        }
      }
    }
  }
}

TEST(SamePeople, EveryArmGetsThemWithTheSameLuck) {
  Protocol p = protocol();
  p.population.same_people = true;
  p.arms[0].regimens = {{"none", 1.0, 0.0, {}}};  // a course that does what the placebo's does
  p.study.conduct_class = ConductClass::blinded;
  p.conduct.enabled = false;
  const Replicate same = simulate_replicate(p, environment(), recruited(), 0);
  ASSERT_EQ(same.participants.size(), 60U);
  std::set<std::uint32_t> people;
  for (std::size_t i = 0; i < same.participants.size(); i += 2) {
    Participant a = same.participants[i];
    const Participant& b = same.participants[i + 1];
    EXPECT_EQ(a.arm, 0U);
    EXPECT_EQ(b.arm, 1U);
    people.insert(a.person);
    // All but number, arm and name of the regimen.
    a.number = b.number;
    a.arm = b.arm;
    a.regimen = b.regimen;
    EXPECT_EQ(text_of(a), text_of(b)) << "pair " << i / 2;
  }
  EXPECT_EQ(people.size(), 30U);
  // The drug's arm differs, the other keeps its bytes.
  p.arms[0].regimens = {{"drug", 1.0, 0.0, {}}};
  const Replicate treated = simulate_replicate(p, environment(), recruited(), 0);
  int changed = 0;
  for (std::size_t i = 0; i < treated.participants.size(); i += 2) {
    EXPECT_EQ(text_of(treated.participants[i + 1]), text_of(same.participants[i + 1]));
    changed += text_of(treated.participants[i]) == text_of(same.participants[i]) ? 0 : 1;
  }
  EXPECT_GT(changed, 20);
}

TEST(Replicates, RecordsHoldTogether) {
  int unscheduled = 0;
  int relapses = 0;
  int lost = 0;
  for (int number = 0; number < 5; ++number) {
    const Replicate r = simulate_replicate(protocol(), environment(), recruited(), number);
    ASSERT_EQ(r.participants.size(), 60U);
    std::set<std::uint32_t> people;
    for (const Participant& p : r.participants) {
      EXPECT_TRUE(people.insert(p.person).second) << "one life twice in a replicate";
      ASSERT_FALSE(p.visits.empty());
      EXPECT_EQ(p.visits.front().day, 0);
      EXPECT_EQ(p.visits.front().edss, p.baseline.edss);
      EXPECT_EQ(p.visits.size(), p.snfl_pg_per_ml.size());
      EXPECT_EQ(p.visits.size(), p.lymphocytes_1e9_per_l.size());
      for (const double count : p.lymphocytes_1e9_per_l) EXPECT_TRUE(count > 0.05 && count < 20.0) << count;
      for (std::size_t i = 1; i < p.visits.size(); ++i) EXPECT_GT(p.visits[i].day, p.visits[i - 1].day);
      EXPECT_LE(p.visits.back().day, p.end_of_follow_up_day);
      EXPECT_LE(p.end_of_follow_up_day, 731);
      for (const auto& s : p.scans) EXPECT_TRUE(s.day >= 0 && s.day <= p.end_of_follow_up_day);
      for (std::size_t i = 1; i < p.relapses.size(); ++i)
        EXPECT_GE(p.relapses[i].onset_day, p.relapses[i - 1].onset_day);
      for (const auto& x : p.relapses) {
        EXPECT_LE(x.onset_day, p.end_of_follow_up_day);
        relapses += x.onset_day >= 0 ? 1 : 0;
      }
      for (const auto& v : p.visits) unscheduled += v.scheduled ? 0 : 1;
      lost += p.end_reason == EndReason::dropped_out ? 1 : 0;
      EXPECT_GE(p.baseline.relapses_1y, 1);
      EXPECT_GE(p.baseline.age_year, 18.0);
      EXPECT_EQ(p.baseline.phenotype, Phenotype::relapsing);
    }
    int allocated = 0;
    for (const auto& a : r.consort.arms) {
      allocated += a.allocated;
      EXPECT_EQ(a.allocated, 30);  // permuted blocks of two
      EXPECT_EQ(a.allocated, a.completed + a.dropped_out + a.data_cut + a.died);
    }
    EXPECT_EQ(allocated, 60);
  }
  EXPECT_GT(relapses, 20);
  EXPECT_GT(unscheduled, 10);
  EXPECT_GT(lost, 5);
}

TEST(Replicates, ADrugThatBlocksEntryShowsInRelapsesAndScans) {
  double relapses[2] = {0, 0};
  double gd[2] = {0, 0};
  double lymphocytes[2] = {0, 0};
  for (int number = 0; number < 10; ++number) {
    const Replicate r = simulate_replicate(protocol(), environment(), recruited(), number);
    for (const Participant& p : r.participants) {
      relapses[p.arm] += static_cast<double>(std::count_if(
          p.relapses.begin(), p.relapses.end(), [](const auto& x) { return x.onset_day >= 0 && !x.pseudo; }));
      for (const auto& s : p.scans) gd[p.arm] += s.day > 0 ? s.gd_count : 0;
      lymphocytes[p.arm] += p.lymphocytes_1e9_per_l.back();
    }
  }
  EXPECT_LT(relapses[0], 0.5 * relapses[1]);
  EXPECT_LT(gd[0], 0.3 * gd[1]);                    // a tenth of the traffic
  EXPECT_LT(lymphocytes[0], 0.3 * lymphocytes[1]);  // and of the count in blood
}

TEST(Replicates, ALifeEnrolledTwiceGetsTwoFutures) {
  // Fewer lives than places: the pool is gone through again, each copy with its own future.
  Recruitment r = recruited();
  const std::size_t keep = 20;
  for (std::size_t i = keep; i < r.weight.size(); ++i) r.weight[i] = 0.0;
  const Replicate twice = simulate_replicate(protocol(), environment(), r, 0);
  std::map<std::uint32_t, std::set<std::uint32_t>> copies;
  for (const Participant& p : twice.participants) {
    EXPECT_TRUE(copies[p.person].insert(p.copy).second) << "the same person with the same future twice";
  }
  EXPECT_EQ(copies.size(), keep);
}

bool becomes_pregnant(const Participant& p) {
  return std::any_of(p.milestones.begin(), p.milestones.end(),
                     [](const auto& m) { return m.what == endpoints::Milestone::conception; });
}

TEST(Pregnancies, OnlyWhereTheProtocolAllowsThemAndTheSameInBothArms) {
  Protocol p = protocol();
  p.population.n = 200;
  const Recruitment& recruitment = recruited();
  const disease::Parameters& d = recruitment.disease;
  for (const cohort::Candidate& c : recruitment.pool.candidates) {
    if (c.history.pregnancies.empty()) continue;
    EXPECT_TRUE(c.profile.female);
    EXPECT_FALSE(cohort::pregnant_or_post_partum(d, c.history.pregnancies.back(), c.person.life_day));
  }
  for (const Participant& who : simulate_replicate(p, environment(), recruitment, 0).participants)
    EXPECT_FALSE(becomes_pregnant(who));

  p.population.pregnancy = Pregnancy::allowed;
  const Replicate planned = simulate_replicate(p, environment(), recruitment, 0);
  std::swap(p.arms[0], p.arms[1]);
  const Replicate swapped = simulate_replicate(p, environment(), recruitment, 0);
  int pregnancies = 0;
  int past = 0;
  for (std::size_t i = 0; i < planned.participants.size(); ++i) {
    const Participant& a = planned.participants[i];
    const Participant& b = swapped.participants[i];
    ASSERT_EQ(a.person, b.person);
    pregnancies += becomes_pregnant(a) ? 1 : 0;
    past += a.baseline.pregnancies;
    const int seen_by_both = std::min(a.end_of_follow_up_day, b.end_of_follow_up_day);
    const auto conceptions = [&](const Participant& who) {
      std::vector<int> days;
      for (const auto& m : who.milestones) {
        if (m.what == endpoints::Milestone::conception && m.day < seen_by_both) days.push_back(m.day);
      }
      return days;
    };
    EXPECT_EQ(conceptions(a), conceptions(b));
    EXPECT_TRUE(a.baseline.female || !becomes_pregnant(a));
  }
  EXPECT_GT(pregnancies, 0);
  EXPECT_GT(past, 0);
}

TEST(Conduct, OffLeavesBiologyWhateverTheClass) {
  Protocol open = protocol();
  open.study.conduct_class = ConductClass::open;
  Protocol blinded = protocol();
  blinded.study.conduct_class = ConductClass::blinded;
  const auto run = [&](const Protocol& p, ConductSwitch s) {
    return text_of(simulate_replicate(p, environment(), recruited(), 0, s));
  };
  const std::string biology = run(open, ConductSwitch::off);
  EXPECT_EQ(biology, run(blinded, ConductSwitch::off));
  Protocol disabled = open;
  disabled.conduct.enabled = false;
  EXPECT_EQ(biology, run(disabled, ConductSwitch::as_protocol));
  EXPECT_NE(biology, run(open, ConductSwitch::as_protocol));
  const ConductRules off = conduct_rules(testing::parameter_set(), open.study, false);
  EXPECT_EQ(off.attend_probability, 1.0);
  EXPECT_EQ(off.expectation_grade, 0.0);
  EXPECT_EQ(off.relapse.fever_slips, 0.0);
  EXPECT_EQ(off.symptom_reports_per_year, 0.0);
  EXPECT_EQ(off.relapse.subtle_noticed, testing::parameter_set().get("relapse_subtle_noticed").value);
}

// Poisson with the rate of the class (at most one in a window of 28 days), whoever the person is; 1.0 a year
// over 4 replicates of 60 people and two years less drop-out.
TEST(Conduct, ReportsWithoutAnAttackComeAtTheRateOfTheClass) {
  Protocol open = protocol();
  open.study.conduct_class = ConductClass::open;
  open.visits.missed_share = 0.0;
  const auto count = [&](double rate, double& years) {
    core::ParameterSet set = testing::parameter_set();
    set.set("symptom_reports_open", rate);
    Environment e = environment();
    e.parameters = &set;
    int relapses = 0;
    years = 0.0;
    for (int number = 0; number < 4; ++number) {
      for (const Participant& p : simulate_replicate(open, e, recruited(), number).participants) {
        years += p.end_of_follow_up_day / 365.25;
        for (const auto& r : p.relapses) relapses += !r.pseudo && r.onset_day >= 0;
      }
    }
    return relapses;
  };
  double years = 0.0;
  const int without = count(0.0, years), with = count(1.0, years);
  // Some fall within 30 days of a relapse and are the same one.
  const double expected = years;
  EXPECT_GT(with - without, 0.75 * expected);
  EXPECT_LT(with - without, expected + 4.0 * std::sqrt(expected));
}

TEST(Conduct, TheBaselineIsRatedBeforeTheArmIsKnown) {
  Protocol open = protocol();
  open.study.conduct_class = ConductClass::open;
  const Replicate on = simulate_replicate(open, environment(), recruited(), 0);
  const Replicate off = simulate_replicate(open, environment(), recruited(), 0, ConductSwitch::off);
  for (std::size_t i = 0; i < on.participants.size(); ++i)
    EXPECT_EQ(on.participants[i].baseline.edss, off.participants[i].baseline.edss);
}

TEST(Recruitment, NobodyQualifiesIsAnErrorThatSaysWhere) {
  Protocol p = protocol();
  p.population.lives = 200;
  // Nobody of 18.5 years has been ill for 15: biological onset is at 8 or later. (Lives end at the highest
  // age: quick.)
  p.population.eligibility.age_day = std::vector<double>{18 * 365.25, 18.5 * 365.25};
  p.population.eligibility.duration_day = std::vector<double>{15 * 365.25, 50 * 365.25};
  try {
    recruit(p, environment(), ThinPool::allow);
    FAIL() << "somebody qualified";
  } catch (const core::InputError& e) {
    EXPECT_NE(std::string(e.what()).find("nobody of"), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find("duration"), std::string::npos) << e.what();
  }
}

TEST(Recruitment, ForSeveralTrialsAtOnceIsForOneAfterTheOther) {
  Protocol treated = protocol();
  treated.population.prior_therapy = "drug";
  treated.population.prior_therapy_share = 0.4;
  treated.population.eligibility.edss = std::vector<double>{1.0, 6.0};
  const std::vector<Protocol> both = {protocol(), treated};
  const auto together = recruit_together(both, environment(), {300}, 5);
  for (std::size_t i = 0; i < both.size(); ++i) {
    Protocol alone = both[i];
    alone.seed = 5;
    alone.population.lives = 300;
    const Recruitment r = recruit(alone, environment(), ThinPool::allow);
    ASSERT_TRUE(together[i].has_value());
    ASSERT_EQ(together[i]->pool.candidates.size(), r.pool.candidates.size());
    EXPECT_EQ(together[i]->weight, r.weight);
    const auto text = [&](const Recruitment& from) {
      return text_of(simulate_replicate(alone, environment(), from, 0));
    };
    EXPECT_EQ(text(*together[i]), text(r)) << i;
  }
}

TEST(Recruitment, AThinTrialAmongSeveralGetsMoreLivesAsIfAlone) {
  Protocol thin = protocol();
  thin.population.phenotypes = {Phenotype::primary_progressive};
  thin.population.eligibility.activity.clear();
  const std::vector<Protocol> both = {protocol(), thin};
  const auto few = recruit_together(both, environment(), {300}, 5);
  const auto grown = recruit_together(both, environment(), {300, 1200, 1e9}, 5);
  ASSERT_TRUE(grown[0].has_value() && grown[1].has_value());
  EXPECT_EQ(grown[1]->report.lives, 1200);
  // From 300 + 300 + 600 lives what 1,200 give at once, although those that relapsed first were let go.
  Protocol alone = thin;
  alone.seed = 5;
  alone.population.lives = 1200;
  const Recruitment r = recruit(alone, environment(), ThinPool::allow);
  ASSERT_EQ(grown[1]->person, r.person);
  EXPECT_EQ(grown[1]->weight, r.weight);
  // Enough lives: no more are asked for.
  const double effective = few[0]->report.effective_share * few[0]->report.qualifying;
  const auto enough = recruit_together({protocol()}, environment(), {300, 1200, effective}, 5);
  EXPECT_EQ(enough[0]->report.lives, 300);
}

TEST(Recruitment, AgeIsTiltedToThePublishedMean) {
  Protocol p = protocol();
  const double before = [&] {
    double sum = 0.0;
    for (const auto& c : recruited().pool.candidates) sum += c.age_year();
    return sum / static_cast<double>(recruited().pool.candidates.size());
  }();
  p.population.baseline.age.mean = before + 2.0;
  const Recruitment r = recruit(p, environment(), ThinPool::allow);
  double age = 0.0;
  for (std::size_t i = 0; i < r.weight.size(); ++i) age += r.weight[i] * r.pool.candidates[i].age_year();
  EXPECT_NEAR(age, before + 2.0, 1e-3);
  ASSERT_EQ(r.report.moments.size(), 1U);
  EXPECT_NEAR(r.report.moments[0].before, before, 1e-9);
  EXPECT_LT(r.report.effective_share, 1.0);
  EXPECT_GT(r.report.effective_share, 0.5);
}

TEST(Recruitment, SpreadsAreReportedAsStandardDeviations) {
  double n = 0.0, sum = 0.0, square = 0.0;
  for (const auto& c : recruited().pool.candidates) {
    n += 1.0;
    sum += c.age_year();
    square += c.age_year() * c.age_year();
  }
  const double mean = sum / n, sd = std::sqrt(square / n - mean * mean);
  Protocol p = protocol();
  p.population.baseline.age.mean = mean + 1.0;
  p.population.baseline.age.sd = sd - 0.5;
  const Recruitment r = recruit(p, environment(), ThinPool::allow);
  ASSERT_EQ(r.report.moments.size(), 2U);
  EXPECT_EQ(r.report.moments[1].name, "age, years SD");
  EXPECT_NEAR(r.report.moments[1].target, sd - 0.5, 1e-9);
  EXPECT_NEAR(r.report.moments[1].before, sd, 1e-6) << "about their own mean, which is a year off the target";
  EXPECT_NEAR(r.report.moments[1].after, sd - 0.5, 0.05);
}

TEST(Recruitment, CoursesGetTheirShareAndTheirOwnMean) {
  Protocol p = protocol();
  p.population.phenotypes = {Phenotype::relapsing, Phenotype::secondary_progressive};
  p.population.eligibility.edss.reset();
  p.population.eligibility.activity.clear();
  const Recruitment plain = recruit(p, environment(), ThinPool::allow);
  const auto relapsing = [](const cohort::Candidate& c) {
    return c.history.course == cohort::Course::relapsing;
  };
  double n = 0.0, age = 0.0;
  for (const auto& c : plain.pool.candidates) {
    n += relapsing(c) ? 1.0 : 0.0;
    age += relapsing(c) ? c.age_year() : 0.0;
  }
  const double share = n / static_cast<double>(plain.pool.candidates.size());
  ASSERT_GT(share, 0.2);
  ASSERT_LT(share, 0.98);
  CourseBaseline course;
  course.phenotypes = {Phenotype::relapsing};
  course.share = share - 0.1;
  course.age.mean = age / n + 1.0;
  course.age.sd = 8.0;
  p.population.baseline.courses = {course};
  const Recruitment r = recruit(p, environment(), ThinPool::allow);
  double weight = 0.0, mean = 0.0, square = 0.0;
  for (std::size_t i = 0; i < r.weight.size(); ++i) {
    if (!relapsing(r.pool.candidates[i])) continue;
    const double off = r.pool.candidates[i].age_year() - *course.age.mean;
    weight += r.weight[i];
    mean += r.weight[i] * off;
    square += r.weight[i] * off * off;
  }
  EXPECT_NEAR(weight, course.share, 1e-4);
  EXPECT_NEAR(mean / weight, 0.0, 1e-3);
  EXPECT_NEAR(square / weight, 64.0, 1e-1);
  ASSERT_EQ(r.report.moments.size(), 3U);
  EXPECT_EQ(r.report.moments[1].name, "age, years, relapsing");
  EXPECT_NEAR(r.report.moments[1].before, age / n, 1e-9) << "the mean of the course, not of everybody";
  EXPECT_NEAR(r.report.moments[1].after, *course.age.mean, 1e-3);
  // The SD as the protocol says it; before, that of the course.
  double off = 0.0;
  for (const auto& c : plain.pool.candidates)
    off += relapsing(c) ? (c.age_year() - age / n) * (c.age_year() - age / n) : 0.0;
  EXPECT_EQ(r.report.moments[2].name, "age, years SD, relapsing");
  EXPECT_DOUBLE_EQ(r.report.moments[2].target, 8.0);
  EXPECT_NEAR(r.report.moments[2].before, std::sqrt(off / n), 1e-9);
  EXPECT_NEAR(r.report.moments[2].after, 8.0, 0.05);
}

TEST(Schedule, DaysOf) {
  Schedule s;
  s.at_day = {91.31, 0.0, 30.4, 91.4, 2000.0, -5.0};
  EXPECT_EQ(days_of(s, 731.0), (std::vector<int>{0, 30, 91}));
  Schedule regular;
  regular.every_day = 30.4368;  // a month
  regular.until_day = 182.62;   // six
  EXPECT_EQ(days_of(regular, 731.0), (std::vector<int>{30, 61, 91, 122, 152, 183}));
  EXPECT_EQ(days_of(regular, 100.0), (std::vector<int>{30, 61, 91}));
  EXPECT_TRUE(days_of(Schedule{}, 731.0).empty());
}

}  // namespace
}  // namespace hortega::trial
