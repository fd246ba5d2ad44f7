// SPDX-License-Identifier: Apache-2.0
//
// Who is seen, when, and how they are rated: expectation by arm, visits missed, relapses attended, drop-out,
// the data cut, and who comes with a prior therapy.
#include "hortega/disease/kernel.hpp"
#include "small_trial.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace hortega::trial {
namespace {

using testing::environment;
using testing::parameter_set;
using testing::protocol;

// Standard errors allowed: false alarm in one of 16,000 comparisons; the seeds are fixed.
constexpr double k_errors = 4.0;

const Recruitment& recruited() {
  static const Recruitment r = recruit(protocol(), environment(), ThinPool::allow);
  return r;
}

// The small trial with nothing given, nobody lost, missed or seen out of turn.
Protocol quiet() {
  Protocol p = protocol();
  for (Arm& arm : p.arms) arm.regimens = {{"none", 1.0, 0.0, {}}};
  p.visits.mri = {};
  p.visits.unscheduled = false;
  p.visits.missed_share = 0.0;
  p.dropout = {};
  return p;
}

double binomial_error(double share, double n) { return std::sqrt(share * (1.0 - share) / n); }

// What a rater sees of a participant on a day, with this shift: the life of the pool advanced by the kernel
// alone, with the luck of the participant's copy.
disease::Observation rated(const Participant& who, std::uint64_t seed, int day, double shift) {
  const std::vector<cohort::Candidate>& all = recruited().pool.candidates;
  const auto life = std::find_if(all.begin(), all.end(),
                                 [&](const cohort::Candidate& c) { return c.person.person == who.person; });
  disease::Observation seen{};
  EXPECT_NE(life, all.end());
  if (life == all.end()) return seen;
  disease::Person person = life->person;
  person.copy = who.copy;
  person.levers = disease::no_levers();
  disease::Block block;
  block.seed = seed;
  for (std::size_t lane = 0; lane < disease::k_block; ++lane) disease::put(block, lane, person);
  static const disease::Rates rates = disease::make_rates(recruited().disease);
  disease::Events events;
  for (int today = 0; today < day;) {
    const int step = std::min(day - today, disease::k_longest_stretch);
    disease::advance(rates, block, step, events);
    today += step;
  }
  std::array<double, disease::k_block> shifts{};
  shifts.fill(shift);
  disease::observe(rates, block, disease::RaterNoise::on, shifts.data(), seen);
  return seen;
}

TEST(Conduct, ExpectationRatesEachArmHalfOfItAway) {
  // Half of expectation_open per system: the experimental arm better, the other worse; one arm alone has
  // nothing to be compared with. Exactly what the kernel sees of the same life with that shift.
  constexpr int k_day = 28;
  core::ParameterSet set = parameter_set();
  set.set("expectation_open", 0.5);
  Environment e = environment();
  e.parameters = &set;
  Protocol two = quiet();
  two.study.conduct_class = ConductClass::open;
  two.visits.edss = {};
  two.visits.edss.at_day = {k_day};
  two.accrual.follow_up_day = k_day;
  ASSERT_TRUE(two.arms[0].experimental && !two.arms[1].experimental);
  Protocol one = two;
  one.arms.resize(1);

  for (const Protocol& p : {two, one}) {
    std::array<double, 2> moved{};  // grades and EDSS against a rater who expects nothing, by arm
    int compared = 0;
    for (const Participant& who : simulate_replicate(p, e, recruited(), 0).participants) {
      if (who.visits.back().day != k_day) continue;  // died
      ++compared;
      const double shift = p.arms.size() == 1 ? 0.0 : who.arm == 0 ? -0.25 : 0.25;
      const disease::Observation expected = rated(who, p.seed, k_day, shift);
      const disease::Observation plain = rated(who, p.seed, k_day, 0.0);
      const endpoints::Visit& seen = who.visits.back();
      EXPECT_EQ(seen.edss, expected.edss[0]) << who.number;
      moved[who.arm] += seen.edss - plain.edss[0];
      for (std::size_t k = 0; k < disease::k_systems; ++k) {
        EXPECT_EQ(seen.fs[k], expected.grade[k][0]) << who.number << ", system " << k;
        moved[who.arm] += seen.fs[k] - plain.grade[k][0];
      }
    }
    EXPECT_GT(compared, 55);
    if (p.arms.size() == 1) {
      EXPECT_EQ(moved[0], 0.0);
    } else {
      EXPECT_LT(moved[0], -5.0);
      EXPECT_GT(moved[1], 5.0);
    }
  }
}

TEST(Conduct, ScheduledVisitsAreMissedAtTheirShareEachForItself) {
  constexpr double k_missed = 0.3;
  Protocol p = quiet();
  p.visits.missed_share = k_missed;
  const std::size_t planned = days_of(p.visits.edss, p.accrual.follow_up_day).size();
  ASSERT_EQ(planned, 8U);
  double people = 0.0, seen = 0.0, always_there = 0.0;
  for (int number = 0; number < 4; ++number) {
    for (const Participant& who : simulate_replicate(p, environment(), recruited(), number).participants) {
      EXPECT_EQ(who.visits.front().day, 0) << "nobody misses the baseline";
      if (who.end_reason != EndReason::completed) continue;  // died
      ASSERT_LE(who.visits.size(), planned + 1);
      people += 1.0;
      seen += static_cast<double>(who.visits.size() - 1);
      always_there += who.visits.size() == planned + 1 ? 1.0 : 0.0;
    }
  }
  EXPECT_GT(people, 200.0);
  // Binomial, visit by visit; and, since each is missed for itself, 0.7^8 = 0.058 of the people miss none.
  const double visits = people * static_cast<double>(planned);
  EXPECT_NEAR(1.0 - seen / visits, k_missed, k_errors * binomial_error(k_missed, visits));
  const double none = std::pow(1.0 - k_missed, static_cast<double>(planned));
  EXPECT_NEAR(always_there / people, none, k_errors * binomial_error(none, people));
}

TEST(Conduct, RelapsesAreAttendedAtTheirShare) {
  // Attended, a relapse has the EDSS of its examination, at most 14 days after the onset and then on the next
  // day of the clinic, one in four: before day 19. Relapses come 30 days apart at least.
  for (const double attended_share : {parameter_set().get("attend_probability").value, 0.5}) {
    core::ParameterSet set = parameter_set();
    set.set("attend_probability", attended_share);
    set.set("symptom_reports_open", 1.0);  // enough of them
    Environment e = environment();
    e.parameters = &set;
    Protocol p = quiet();
    p.study.conduct_class = ConductClass::open;
    p.visits.unscheduled = true;
    double reported = 0.0, attended = 0.0;
    for (int number = 0; number < 3; ++number) {
      for (const Participant& who : simulate_replicate(p, e, recruited(), number).participants) {
        for (const endpoints::Relapse& r : who.relapses) {
          if (r.pseudo || r.onset_day < 0 || r.onset_day + 19 > who.end_of_follow_up_day) continue;
          reported += 1.0;
          attended += endpoints::is_missing(r.peak_edss) ? 0.0 : 1.0;
          EXPECT_TRUE(!r.confirmed || !endpoints::is_missing(r.peak_edss)) << "confirmed by nobody";
        }
      }
    }
    EXPECT_GT(reported, 200.0);
    EXPECT_NEAR(attended / reported, attended_share, k_errors * binomial_error(attended_share, reported));
  }
}

TEST(Dropout, ComesAtTheHazardOfTheArm) {
  // Exponential: by day t, 1 - exp(-rate t) of those randomised have left; a binomial share. Deaths, a few in
  // a thousand, are far below the standard error.
  Protocol p = quiet();
  p.visits.edss = {};
  p.visits.edss.at_day = {365.0};
  p.dropout.by_arm = {{"drug", 0.2}, {"", 0.6}};
  const std::array<double, 2> per_year = {0.2, 0.6};
  const std::array<int, 2> days = {365, 730};
  std::array<std::array<double, 2>, 2> left{};
  std::array<double, 2> people{};
  for (int number = 0; number < 15; ++number) {
    for (const Participant& who : simulate_replicate(p, environment(), recruited(), number).participants) {
      people[who.arm] += 1.0;
      for (std::size_t i = 0; i < days.size(); ++i) {
        left[who.arm][i] +=
            who.end_reason == EndReason::dropped_out && who.end_of_follow_up_day <= days[i] ? 1.0 : 0.0;
      }
    }
  }
  for (std::size_t arm = 0; arm < 2; ++arm) {
    EXPECT_GT(people[arm], 400.0);
    for (std::size_t i = 0; i < days.size(); ++i) {
      const double expected = 1.0 - std::exp(-per_year[arm] * days[i] / 365.25);
      EXPECT_NEAR(left[arm][i] / people[arm], expected, k_errors * binomial_error(expected, people[arm]))
          << p.arms[arm].id << " by day " << days[i];
    }
  }
}

TEST(Replicates, NobodyIsSeenAfterTheDataCut) {
  // The cut is a day of the calendar: 600 days after the first enrolment, so each is followed for what is
  // left of them after their own. Exact.
  constexpr int k_cut = 600;
  Protocol p = protocol();
  p.accrual.data_cut_day = k_cut;
  p.visits.mri.at_day = {0, 182, 365, 500, 600};
  int cut = 0;
  int earliest = k_cut, latest = 0;
  for (int number = 0; number < 2; ++number) {
    for (const Participant& who : simulate_replicate(p, environment(), recruited(), number).participants) {
      const int last = k_cut - who.enrolment_day;
      earliest = std::min(earliest, who.enrolment_day);
      latest = std::max(latest, who.enrolment_day);
      EXPECT_LE(who.end_of_follow_up_day, last);
      EXPECT_NE(who.end_reason, EndReason::completed) << "two years were planned";
      for (const auto& v : who.visits) EXPECT_LE(v.day, last);
      for (const auto& s : who.scans) EXPECT_LE(s.day, last);
      for (const auto& r : who.relapses) EXPECT_LE(r.onset_day, last);
      for (const auto& h : who.harms) EXPECT_LE(h.end_day, last);
      if (who.end_reason != EndReason::data_cut) continue;
      ++cut;
      EXPECT_EQ(who.end_of_follow_up_day, last);
    }
  }
  EXPECT_GT(cut, 80);
  EXPECT_LT(earliest, 60);
  EXPECT_GT(latest, 300);
}

TEST(Recruitment, TheProtocolsShareComesWithThePriorTherapy) {
  // One that does nothing, among people ill for two years (it begins a year after the first symptom): who is
  // on it has nothing to do with who qualifies, or with age. So the share is binomial over the candidates,
  // and still the same under weights w that age alone asks for, with a variance of p (1 - p) sum w^2.
  constexpr double k_share = 0.4;
  Protocol p = protocol();
  p.population.prior_therapy = "placebo";
  p.population.prior_therapy_share = k_share;
  p.population.eligibility.activity.clear();
  p.population.eligibility.duration_day = std::vector<double>{2 * 365.25, 40 * 365.25};
  const Recruitment plain = recruit(p, environment(), ThinPool::allow);
  const auto n = static_cast<double>(plain.pool.candidates.size());
  ASSERT_GT(n, 200.0);
  double on = 0.0, age = 0.0;
  for (const cohort::Candidate& c : plain.pool.candidates) {
    on += c.on_prior_therapy ? 1.0 : 0.0;
    age += c.age_year();
    EXPECT_EQ(c.on_prior_therapy, cohort::prior_therapy_draw(p.seed, c.person.person) < k_share);
  }
  EXPECT_NEAR(on / n, k_share, k_errors * binomial_error(k_share, n));

  p.population.baseline.age.mean = age / n + 3.0;
  const Recruitment tilted = recruit(p, environment(), ThinPool::allow);
  double weight = 0.0, square = 0.0;
  for (std::size_t i = 0; i < tilted.weight.size(); ++i) {
    weight += tilted.pool.candidates[i].on_prior_therapy ? tilted.weight[i] : 0.0;
    square += tilted.weight[i] * tilted.weight[i];
  }
  EXPECT_LT(tilted.report.effective_share, 1.0);
  EXPECT_NEAR(weight, k_share, k_errors * std::sqrt(k_share * (1.0 - k_share) * square));
}

}  // namespace
}  // namespace hortega::trial
