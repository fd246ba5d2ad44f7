// SPDX-License-Identifier: Apache-2.0
//
// What must come out of untreated lives without being put in (docs/model.md), in bands generous enough for
// another calibration and narrow enough to fail for another mechanism. 2,000 lives from onset over 45 years,
// fixed seed.
#include "hortega/cohort/history.hpp"
#include "hortega/core/parallel.hpp"
#include "hortega/disease/person.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

namespace hortega::cohort {
namespace {

constexpr std::size_t k_people = 2000;
constexpr int k_years = 45;
constexpr int k_quarter_day = 91;
constexpr double k_day_per_year = 365.25;

struct Life {
  Course course = Course::no_symptoms_yet;
  double first_day = -1.0;
  double onset_age = 0.0;  // at the first symptom
  double progression_day = -1.0;
  double dss4 = -1.0;
  double dss6 = -1.0;
  double last_day = 0.0;
  std::vector<std::uint32_t> relapses;
  std::vector<double> t2;      // by review
  std::vector<double> volume;  // brain volume lost, percent
};

std::vector<Life> live() {
  const auto p = disease::load_parameters(
      core::ParameterSet::read_directory(std::string(HORTEGA_SOURCE_DIR) + "/data/parameters"));
  const disease::Rates rates = disease::make_rates(p);
  RelapseRule rule;
  rule.subtle_noticed = p.relapse_subtle_noticed.value;
  std::vector<Life> lives(k_people);
  core::parallel_for(k_people / disease::k_block, [&](std::size_t b) {
    disease::Block block;
    block.seed = 7;
    std::array<History, disease::k_block> history;
    std::array<disease::Profile, disease::k_block> profile;
    for (std::size_t lane = 0; lane < disease::k_block; ++lane) {
      const auto person = static_cast<std::uint32_t>(b * disease::k_block + lane);
      disease::put(block, lane, disease::make_person(p, 7, person));
      profile[lane] = disease::make_profile(p, 7, person);
    }
    disease::Events events;
    disease::Observation seen;
    std::array<std::array<double, 2>, disease::k_block> since;
    for (auto& s : since) s.fill(-1.0);
    for (int quarter = 0; quarter < 4 * k_years; ++quarter) {
      for (int week = 0; week < 13; ++week) {
        disease::advance(rates, block, 7, events);
        for (int i = 0; i < events.count; ++i) {
          const disease::Event& e = events.event[i];
          if (e.kind != disease::EventKind::attack && e.kind != disease::EventKind::fever) continue;
          History& h = history[e.lane];
          if (h.judge.judge(rule, {7, block.person[e.lane], 0}, e) == Judgement::relapse)
            h.relapse_days.push_back(e.life_day);
        }
      }
      disease::observe(rates, block, disease::RaterNoise::on, nullptr, seen);
      for (std::size_t lane = 0; lane < disease::k_block; ++lane) {
        if (block.alive[lane] == 0) continue;
        Life& life = lives[block.person[lane]];
        const disease::State<double> s = disease::state_of(block, lane);
        Review r;
        r.life_day = block.life_day[lane];
        r.edss = static_cast<float>(seen.edss[lane]);
        r.pyramidal = static_cast<std::uint8_t>(seen.grade[disease::index(disease::System::pyramidal)][lane]);
        add_review(history[lane], r);
        disease::set_death_hazard(
            block, lane,
            disease::death_hazard_per_day(p, profile[lane].female, s.age_year, seen.edss_hidden[lane]));
        life.last_day = block.life_day[lane];
        life.t2.push_back(s.t2_seen);
        life.volume.push_back(s.brain_loss_percent);
        // A milestone counts once held for half a year.
        const std::array<double, 2> steps = {4.0, 6.0};
        for (std::size_t i = 0; i < steps.size(); ++i) {
          double& reached = i == 0 ? life.dss4 : life.dss6;
          if (reached >= 0.0) continue;
          double& begun = since[lane][i];
          if (seen.edss_hidden[lane] < steps[i]) {
            begun = -1.0;
          } else if (begun < 0.0) {
            begun = life.last_day;
          } else if (life.last_day - begun >= 180.0) {
            reached = begun;
          }
        }
      }
    }
    for (std::size_t lane = 0; lane < disease::k_block; ++lane) {
      Life& life = lives[block.person[lane]];
      const History& h = history[lane];
      life.course = h.course;
      life.relapses = h.relapse_days;
      if (h.first_symptom_day) life.first_day = *h.first_symptom_day;
      if (h.progression_day) life.progression_day = *h.progression_day;
      life.onset_age = profile[lane].onset_age_year + life.first_day / k_day_per_year;
    }
  });
  return lives;
}

const std::vector<Life>& lives() {
  static const std::vector<Life> all = live();
  return all;
}

bool relapsing_onset(const Life& l) {
  return l.course == Course::relapsing || l.course == Course::secondary_progressive;
}

// Median by Kaplan-Meier of the times from `from` to `to` (negative: not reached, censored at the last day).
template <class Select, class From, class To>
double median_years(Select select, From from, To to) {
  std::vector<std::pair<double, bool>> times;
  for (const Life& l : lives()) {
    if (!select(l) || from(l) < 0.0) continue;
    times.emplace_back((to(l) >= 0.0 ? to(l) : l.last_day) - from(l), to(l) >= 0.0);
  }
  std::sort(times.begin(), times.end());
  double survival = 1.0;
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (times[i].second) survival *= 1.0 - 1.0 / static_cast<double>(times.size() - i);
    if (survival <= 0.5) return times[i].first / k_day_per_year;
  }
  return 1e9;
}

// Relapses a year among those of relapsing onset between two times after the first symptom.
template <class Select>
double relapse_rate(Select select, double from_year, double to_year) {
  double count = 0.0;
  double years = 0.0;
  for (const Life& l : lives()) {
    if (!relapsing_onset(l) || !select(l)) continue;
    const double begin = l.first_day + from_year * k_day_per_year;
    const double end = std::min(l.first_day + to_year * k_day_per_year, l.last_day);
    if (end <= begin) continue;
    years += (end - begin) / k_day_per_year;
    count += static_cast<double>(std::count_if(l.relapses.begin(), l.relapses.end(),
                                               [&](std::uint32_t d) { return d > begin && d <= end; }));
  }
  return count / years;
}

TEST(NaturalCourse, AllThreeCoursesComeFromOneMechanism) {
  std::array<int, 4> n{};
  for (const Life& l : lives()) ++n[static_cast<std::size_t>(l.course)];
  std::printf("courses: none %d, relapsing %d, secondary %d, primary %d\n", n[0], n[1], n[2], n[3]);
  const double with_symptoms = static_cast<double>(k_people) - n[0];
  const double primary = n[3] / with_symptoms;
  EXPECT_GT(primary, 0.04);  // Lyon 15 %, modern cohorts 10 %
  EXPECT_LT(primary, 0.30);
  EXPECT_GT(n[1], 100);
  // Of relapsing onset most convert in 45 years (Lyon: median 19 years).
  EXPECT_GT(n[2] / static_cast<double>(n[1] + n[2]), 0.4);
}

TEST(NaturalCourse, RelapsesBecomeRarerWithTimeAndAge) {
  const auto everybody = [](const Life&) { return true; };
  const double early = relapse_rate(everybody, 0.0, 5.0);
  const double middle = relapse_rate(everybody, 5.0, 10.0);
  const double late = relapse_rate(everybody, 15.0, 20.0);
  std::printf("relapses a year: %.2f, %.2f, %.2f in years 0-5, 5-10, 15-20\n", early, middle, late);
  EXPECT_GT(early, 0.25);
  EXPECT_LT(early, 1.5);
  EXPECT_GT(early, middle);
  EXPECT_GT(middle, late);
  EXPECT_LT(late, 0.75 * early);
  // Tremlett 2008 (doi:10.1136/jnnp.2008.145805): 17 % fewer every five years between years 5 and 30, more in
  // those who fell ill later; Schwehr 2020 (BeAMS, the same clinics, simulated): 22 to 37 % by age alone.
  const double last = relapse_rate(everybody, 25.0, 30.0);
  const double fall = 1.0 - std::pow(last / middle, 5.0 / 20.0);
  std::printf("relapses fall by %.0f %% every five years between years 5 and 30\n", 100.0 * fall);
  EXPECT_GT(fall, 0.10);
  EXPECT_LT(fall, 0.37);
  const double young = relapse_rate([](const Life& l) { return l.onset_age < 27.0; }, 0.0, 5.0);
  const double old = relapse_rate([](const Life& l) { return l.onset_age > 38.0; }, 0.0, 5.0);
  std::printf("in years 0-5 by age at onset: %.2f under 27, %.2f over 38\n", young, old);
  EXPECT_GT(young, 1.1 * old);
}

TEST(NaturalCourse, SeveralLesionsComeToARelapse) {
  double t2 = 0.0;
  double relapses = 0.0;
  for (const Life& l : lives()) {
    if (!relapsing_onset(l)) continue;
    const auto first = static_cast<std::size_t>(l.first_day / k_quarter_day) + 1;
    const std::size_t last = first + 32;  // eight years
    if (last >= l.t2.size()) continue;
    t2 += l.t2[last] - l.t2[first];
    const double begin = static_cast<double>((first + 1) * k_quarter_day);
    const double end = static_cast<double>((last + 1) * k_quarter_day);
    relapses += static_cast<double>(std::count_if(l.relapses.begin(), l.relapses.end(),
                                                  [&](std::uint32_t d) { return d > begin && d <= end; }));
  }
  std::printf("new T2 lesions per relapse: %.1f\n", t2 / relapses);
  EXPECT_GT(t2 / relapses, 4.0);  // published 5-10
  EXPECT_LT(t2 / relapses, 12.0);
}

TEST(NaturalCourse, WorseningAfterEdss4HardlyDependsOnThePast) {
  const auto dss4 = [](const Life& l) { return l.dss4; };
  const auto dss6 = [](const Life& l) { return l.dss6; };
  const double relapsing = median_years([](const Life& l) { return relapsing_onset(l); }, dss4, dss6);
  const double primary =
      median_years([](const Life& l) { return l.course == Course::primary_progressive; }, dss4, dss6);
  const double from_onset = median_years([](const Life& l) { return relapsing_onset(l); },
                                         [](const Life& l) { return l.first_day; }, dss4);
  std::printf("EDSS 4 to 6: %.1f years of relapsing onset, %.1f of primary progressive; onset to 4 %.1f\n",
              relapsing, primary, from_onset);
  EXPECT_GT(relapsing, 2.0);  // Lyon 5.7 and 5.4 years
  EXPECT_LT(relapsing, 12.0);
  EXPECT_LT(std::max(relapsing, primary) / std::min(relapsing, primary), 1.6);
  EXPECT_GT(from_onset, 6.0);  // Lyon 11.4
  EXPECT_LT(from_onset, 25.0);
}

TEST(NaturalCourse, AtrophyHasItsPublishedSpeed) {
  double loss = 0.0;
  double years = 0.0;
  for (const Life& l : lives()) {
    if (l.first_day < 0.0) continue;
    const auto first = static_cast<std::size_t>(l.first_day / k_quarter_day) + 4;
    const std::size_t last = first + 40;
    if (last >= l.volume.size()) continue;
    loss += l.volume[last] - l.volume[first];
    years += 40.0 * k_quarter_day / k_day_per_year;
  }
  std::printf("brain volume loss %.2f %%/year\n", loss / years);
  EXPECT_GT(loss / years, 0.4);  // published 0.5-0.7
  EXPECT_LT(loss / years, 0.9);
}

}  // namespace
}  // namespace hortega::cohort
