// SPDX-License-Identifier: Apache-2.0
//
// Drugs shown by experiment: what they do to levers and cells follows from dose and kinetics.
#include "harness.hpp"

#include <gtest/gtest.h>

namespace hortega::therapy {
namespace {

using testing::Life;
using testing::Options;
using State = disease::State<double>;
using Levers = disease::Levers<double>;

/// Means over people of something, by day.
template <class F>
std::map<int, double> course_of(const std::string& id, Options o, F&& value) {
  std::map<int, double> sum;
  testing::run(id, o, [&](const Life& life, int day, const State& s, const Levers& l) {
    sum[day] += value(life, s, l);
  });
  for (auto& [day, total] : sum) total /= o.people;
  return sum;
}

/// Starts a regimen and stops it on a day.
Options stopping(const std::string& id, int stop, int days) {
  Options o;
  o.days = days;
  o.begin = [id](Treatment& t, int day, const Patient& p, CourseSink& sink) {
    t.start(testing::world().library.find(id), day, p, sink);
  };
  auto first = std::make_shared<std::map<const Treatment*, int>>();
  o.daily = [stop, first](Treatment& t, int day) {
    const int begun = first->try_emplace(&t, day).first->second;
    if (day - begun >= stop) t.stop_all(day);
  };
  return o;
}

TEST(Natalizumab, BlocksEntryAndLetsItReturnOverMonths) {
  Options o = stopping("natalizumab", 364, 364 + 28 * 9);
  const auto entry =
      course_of("natalizumab", o, [](const Life&, const State&, const Levers& l) { return l.entry; });
  EXPECT_LT(entry.at(336), 0.12);            // just after a dose: more than 80 % saturated (E0976)
  const double week_8 = entry.at(336 + 56);  // the last dose was on day 336
  const double week_16 = entry.at(336 + 112);
  EXPECT_GT(week_8, 0.3);
  EXPECT_LT(week_8, 0.85);   // markers begin to differ 8 weeks after the last dose (E0979)
  EXPECT_GT(week_16, 0.85);  // and are back at 16 weeks (E0980)
  EXPECT_NEAR(entry.at(364 + 28 * 9), 1.0, 0.01);
}

TEST(Natalizumab, RaisesTheCountAndLowersLesions) {
  Options o;
  o.people = 200;
  o.days = 364;
  const auto on = testing::run("natalizumab", o);
  const auto off = testing::run("none", o);
  double births_on = 0.0;
  double births_off = 0.0;
  for (std::size_t i = 0; i < on.size(); ++i) {
    births_on += on[i].births;
    births_off += off[i].births;
    EXPECT_LE(on[i].births, off[i].births)
        << i;  // fewer expected births are a subset: twins keep their lesions
  }
  EXPECT_LT(births_on, 0.3 * births_off);
}

TEST(Ocrelizumab, DepletesMoreThan98PercentAndBCellsReturn) {
  Options o = stopping("ocrelizumab", 340, 340 + 28 * 60);
  std::map<int, std::vector<double>> b;
  testing::run("ocrelizumab", o,
               [&](const Life&, int day, const State& s, const Levers&) { b[day].push_back(s.naive_b); });
  EXPECT_LT(testing::median(b.at(28)), 0.02);  // complete depletion by two weeks (E0973)
  EXPECT_LT(testing::median(b.at(336)), 0.02);
  // Repletion (here: 40 % of the person's own count, the lower limit of normal) a median 72 weeks (27-175)
  // after the last infusion, which was on day 336 (E0974).
  int repleted = 0;
  for (const auto& [day, values] : b) {
    if (repleted == 0 && day > 336 && testing::median(values) > 0.4) repleted = day - 336;
  }
  EXPECT_NEAR(repleted / 7.0, 72.0, 12.0);
}

TEST(S1pModulators, HoldLymphocytesByDoseAndReleaseThem) {
  const auto count = [](const Life&, const State&, const Levers& l) { return l.lymphocytes_seen; };
  Options o = stopping("fingolimod", 112, 112 + 84);
  o.every = 14;
  const auto fingolimod = course_of("fingolimod", o, count);
  EXPECT_NEAR(fingolimod.at(98), 0.30, 0.06);  // E0998
  EXPECT_GT(fingolimod.at(112 + 56), 0.85);    // normal in one to two months (E0999)
  o = stopping("siponimod", 112, 112 + 84);
  o.every = 7;
  const auto siponimod = course_of("siponimod", o, count);
  EXPECT_NEAR(siponimod.at(98), 0.25, 0.06);  // E1007
  EXPECT_GT(siponimod.at(126), 0.9);          // nine of ten normal within ten days (E1006)
  Options high;
  high.days = 112;
  EXPECT_LT(course_of("fingolimod-high", high, count).at(112), fingolimod.at(98));
}

TEST(Steroid, ClosesTheBarrierForWeeks) {
  Options o;
  o.people = 400;
  o.days = 30;
  o.every = 5;
  const auto seal = course_of("methylprednisolone", o,
                              [](const Life&, const State&, const Levers& l) { return l.barrier_seal; });
  EXPECT_LT(seal.at(0), 0.35);
  EXPECT_LT(seal.at(10), 0.75);
  EXPECT_GT(seal.at(30), seal.at(10));
  double on = 0.0;
  double off = 0.0;
  for (const Life& life : testing::run("methylprednisolone", o)) on += life.births;
  for (const Life& life : testing::run("none", o)) off += life.births;
  EXPECT_LT(on, 0.75 * off);
}

TEST(PlatformDrugs, BuildUpThenNeedNoMoreAsking) {
  disease::State<double> state = disease::make_person(testing::world().disease, 1, 1).state;
  disease::Profile profile = disease::make_profile(testing::world().disease, 1, 1);
  const Patient patient{{1, 1, 0}, &testing::world().disease, &profile, state, 2.0, {}};
  for (const char* id : {"interferon-beta", "glatiramer", "dimethyl-fumarate"}) {
    Life sink;
    const auto course = make_course(testing::world().library.find(id), testing::world().therapy);
    disease::Levers<double> levers = disease::no_levers();
    course->begin(0, patient, sink);
    int calls = 0;
    for (int day = 0; day < 3650; day = course->next_due()) {
      course->update(day, patient, sink, levers);
      ++calls;
      if (course->next_due() > 3650) break;
    }
    EXPECT_LT(calls, 100) << id;  // weekly while it builds up, then only rare events
    EXPECT_LT(levers.entry * levers.activation, 0.95) << id;
    // Resumed: at full strength on the first day.
    const auto resumed = make_course(testing::world().library.find(id), testing::world().therapy);
    disease::Levers<double> at_once = disease::no_levers();
    resumed->resume(0, patient);
    resumed->update(0, patient, sink, at_once);
    EXPECT_NEAR(at_once.entry * at_once.activation, levers.entry * levers.activation, 0.01) << id;
    // Stopped: fades and ends.
    course->stop(4000);
    for (int day = 4000; !course->finished() && day < 6000; day = course->next_due())
      course->update(day, patient, sink, levers);
    EXPECT_TRUE(course->finished()) << id;
    EXPECT_EQ(levers.entry, 1.0) << id;
    EXPECT_EQ(levers.activation, 1.0) << id;
  }
}

TEST(Alemtuzumab, EmptiesBloodFurtherThanTissueAndAutoimmunityFollows) {
  Options o;
  o.people = 200;
  o.days = 365 * 6;
  o.every = 5;
  std::vector<double> t_after;
  std::vector<double> tissue;
  const auto lives =
      testing::run("alemtuzumab", o, [&](const Life&, int day, const State& s, const Levers& l) {
        if (day == 5) t_after.push_back(s.bulk_memory * l.lymphocytes_seen);
        if (day == 5) tissue.push_back(s.bulk_memory);
      });
  EXPECT_LT(testing::median(t_after), 0.10);  // a few percent left in blood within days
  EXPECT_GT(testing::median(tissue), 0.10);
  const double thyroid =
      testing::share(lives, [](const Life& l) { return l.had("autoimmune thyroid disease"); });
  EXPECT_NEAR(thyroid, 0.35, 0.1);  // label: 37 % after two courses
}

TEST(Mitoxantrone, KillsBMoreThanTAndEnds) {
  Options o;
  o.days = 400;
  o.every = 20;
  std::vector<double> t;
  std::vector<double> b;
  testing::run("mitoxantrone", o, [&](const Life&, int day, const State& s, const Levers&) {
    if (day == 160) {
      t.push_back(s.bulk_memory);
      b.push_back(s.memory_b);
    }
  });
  EXPECT_LT(testing::median(b), 0.5 * testing::median(t));
}

}  // namespace
}  // namespace hortega::therapy
