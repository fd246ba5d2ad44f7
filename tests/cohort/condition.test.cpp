// SPDX-License-Identifier: Apache-2.0
//
// Conditioning on one person's record: the estimate of the record's probability does not depend on
// resampling, lives fit what they must fit, and two pasts with one EDSS lead to different people.
#include "hortega/cohort/condition.hpp"

#include "hortega/core/parallel.hpp"
#include "hortega/therapy/courses.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

namespace hortega::cohort {
namespace {

struct World {
  core::ParameterSet set =
      core::ParameterSet::read_directory(std::string(HORTEGA_SOURCE_DIR) + "/data/parameters");
  disease::Parameters disease = disease::load_parameters(set);
  therapy::Parameters therapy = therapy::load_parameters(set);
  therapy::RegimenLibrary regimens =
      therapy::RegimenLibrary::read_directory(std::string(HORTEGA_SOURCE_DIR) + "/data/regimens");
  RecordNoise noise = load_record_noise(
      core::ParameterSet::read_directory(std::string(HORTEGA_SOURCE_DIR) + "/data/parameters/person"));
  CourseFactory courses = [this](const std::string& id) {
    return therapy::make_course(regimens.find(id), therapy);
  };
};

const World& world() {
  static const World w;
  return w;
}

KnownPerson file(const std::string& name) {
  return read_known_person(core::Document::load(std::string(HORTEGA_SOURCE_DIR) + "/data/people/" + name))
      .value;
}

Conditioned conditioned(const KnownPerson& person, int lives, std::uint64_t seed = 3,
                        double resample_below = 0.5, int begun_per_life_kept = 2) {
  ConditionOptions o;
  o.seed = seed;
  o.lives = lives;
  o.resample_below = resample_below;
  o.begun_per_life_kept = begun_per_life_kept;
  return condition(world().disease, person, world().noise, world().courses, o);
}

// Two years of relapsing disease, one relapse and one EDSS.
KnownPerson short_record() {
  KnownPerson p;
  p.sex = Sex::male;
  p.today = {20000};
  p.first_symptom = {20000 - 730};
  p.age_day = 30.0 * 365.25;
  p.edss = {{{20000 - 5}, 2.0}};
  p.relapses = {{{20000 - 200}, true}};
  return p;
}

TEST(EffectiveNumber, CountsEqualWeightsAndIgnoresNone) {
  EXPECT_DOUBLE_EQ(effective_number(std::vector<double>{1, 1, 1, 1}), 4.0);
  EXPECT_DOUBLE_EQ(effective_number(std::vector<double>{0, 3, 0}), 1.0);
  EXPECT_DOUBLE_EQ(effective_number(std::vector<double>{1, 3}), 16.0 / 10.0);
  EXPECT_DOUBLE_EQ(effective_number(std::vector<double>{}), 0.0);
}

TEST(Condition, LivesAreWhoTheyMustBe) {
  const KnownPerson person = short_record();
  const Conditioned c = conditioned(person, 200);
  ASSERT_GT(c.lives.size(), 10U);
  double sum = 0.0;
  for (const ConditionedLife& life : c.lives) {
    sum += life.weight;
    EXPECT_FALSE(life.candidate.profile.female);
    EXPECT_NEAR(life.candidate.age_year(), 30.0,
                1.1);  // a year of tolerance, and days to the end of a stretch
    EXPECT_NEAR(life.candidate.duration_years(), 730 / 365.25, 8 / 365.25);
    EXPECT_NE(life.candidate.history.course, Course::primary_progressive);
  }
  EXPECT_NEAR(sum, 1.0, 1e-9);
}

TEST(Condition, ResamplingLeavesTheRecordsProbabilityAlone) {
  // Both are unbiased estimates of one number; 6 seeds each. Standard errors from the seeds themselves.
  const KnownPerson person = short_record();
  std::vector<double> plain;
  std::vector<double> resampled;
  int resamplings = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    plain.push_back(std::exp(conditioned(person, 160, seed, 0.0).log_probability));
    const Conditioned c = conditioned(person, 160, seed + 100, 0.9, 2);
    resampled.push_back(std::exp(c.log_probability));
    resamplings += c.resamplings;
  }
  EXPECT_GT(resamplings, 5);
  const auto mean_and_se2 = [](const std::vector<double>& x) {
    const double n = static_cast<double>(x.size());
    const double mean = std::accumulate(x.begin(), x.end(), 0.0) / n;
    double squares = 0.0;
    for (const double v : x) squares += (v - mean) * (v - mean);
    return std::pair(mean, squares / (n - 1.0) / n);
  };
  const auto [a, se2_a] = mean_and_se2(plain);
  const auto [b, se2_b] = mean_and_se2(resampled);
  EXPECT_LT(std::fabs(a - b), 3.5 * std::sqrt(se2_a + se2_b)) << a << " " << b;
}

TEST(Condition, IsTheSameForAnyNumberOfThreads) {
  const KnownPerson person = short_record();
  core::set_threads(1);
  const Conditioned one = conditioned(person, 90);
  core::set_threads(3);
  const Conditioned three = conditioned(person, 90);
  core::set_threads(0);
  ASSERT_EQ(one.lives.size(), three.lives.size());
  EXPECT_EQ(one.log_probability, three.log_probability);
  for (std::size_t i = 0; i < one.lives.size(); ++i) {
    EXPECT_EQ(one.lives[i].weight, three.lives[i].weight);
    const auto& here = one.lives[i].candidate.person.state;
    const auto& there = three.lives[i].candidate.person.state;
    EXPECT_EQ(here.t2_volume_ml, there.t2_volume_ml);
    EXPECT_EQ(here.memory, there.memory);
    EXPECT_EQ(here.effector, there.effector);
    EXPECT_EQ(here.naive, there.naive);
  }
}

TEST(Condition, AnImpossibleRecordHasNoLives) {
  KnownPerson person = short_record();
  person.edss = {{{20000 - 700}, 9.5}, {{20000 - 5}, 0.0}};
  const Conditioned c = conditioned(person, 40);
  EXPECT_TRUE(c.lives.empty());
  EXPECT_TRUE(std::isinf(c.log_probability));
}

// Kills B cells at a rate, at once and until it is stopped.
class KillsB final : public therapy::Course {
 public:
  explicit KillsB(double per_day) : per_day_(per_day) {}
  void begin(int day, const therapy::Patient&, therapy::CourseSink&) override { due_ = day; }
  void resume(int day, const therapy::Patient&) override { due_ = day; }
  void update(int, const therapy::Patient&, therapy::CourseSink&, disease::Levers<double>& levers) override {
    levers.kill_b = stopped_ ? 0.0 : per_day_;
    due_ = therapy::k_never;
  }
  int next_due() const override { return due_; }
  void stop(int day) override {
    stopped_ = true;
    due_ = day;
  }
  bool finished() const override { return stopped_ && due_ == therapy::k_never; }

 private:
  double per_day_;
  int due_ = therapy::k_never;
  bool stopped_ = false;
};

TEST(Condition, ThePastIsLivedUnderItsDrugsFromTheirFirstDayToTheirLast) {
  constexpr double k_kill = 0.1;  // a day
  const CourseFactory courses = [](const std::string& id) {
    return std::make_unique<KillsB>(id == "kills-b" ? k_kill : 0.0);  // steroids for the relapse do nothing
  };
  ConditionOptions o;
  o.seed = 3;
  o.lives = 120;
  const auto lives_of = [&](const std::vector<KnownDrug>& drugs) {
    KnownPerson person = short_record();
    person.drugs = drugs;
    return condition(world().disease, person, world().noise, courses, o).lives;
  };
  // A pool that relaxes to 1 with time constant tau and of which 1 / (1 + kill) survives a day settles at
  // x = s (1 - k) / (1 - s k), where s = 1 / (1 + kill) and k = exp(-1 / tau); the rest of a start fades by
  // (s k)^days, nothing after a year. Left alone for n days, 1 - x fades by k^n.
  const auto settled = [&](double tau) {
    const double s = 1.0 / (1.0 + k_kill), k = std::exp(-1.0 / tau);
    return s * (1.0 - k) / (1.0 - s * k);
  };
  const double memory = world().disease.memory_b_turnover.value;
  const double naive = world().disease.naive_b_turnover.value;
  ASSERT_LT(settled(memory), 0.5);

  const auto untreated = lives_of({});
  ASSERT_FALSE(untreated.empty());
  for (const ConditionedLife& life : untreated) {
    EXPECT_NEAR(life.candidate.person.state.memory_b, 1.0, 1e-12);
    EXPECT_NEAR(life.candidate.person.state.naive_b, 1.0, 1e-12);
    EXPECT_FALSE(life.candidate.on_prior_therapy);
  }
  const auto treated = lives_of({{"kills-b", {20000 - 400}, std::nullopt}});
  ASSERT_FALSE(treated.empty());
  for (const ConditionedLife& life : treated) {
    EXPECT_NEAR(life.candidate.person.state.memory_b, settled(memory), 1e-9);
    EXPECT_NEAR(life.candidate.person.state.naive_b, settled(naive), 1e-9);
    EXPECT_TRUE(life.candidate.on_prior_therapy);
  }
  // Taken for 300 days and stopped 100 days ago. A life meets its record at the ends of weeks: 14 or 15.
  const auto stopped = lives_of({{"kills-b", {20000 - 400}, Date{20000 - 100}}});
  ASSERT_FALSE(stopped.empty());
  for (const ConditionedLife& life : stopped) {
    const double seen = life.candidate.person.state.memory_b;
    const auto after = [&](double days) { return 1.0 - (1.0 - settled(memory)) * std::exp(-days / memory); };
    EXPECT_LT(std::min(std::fabs(seen - after(98.0)), std::fabs(seen - after(105.0))), 1e-9) << seen;
    EXPECT_FALSE(life.candidate.on_prior_therapy);
  }
}

TEST(SlowCondition, TheSameEdssAfterDifferentPastsIsNotTheSamePerson) {
  const KnownPerson ana = file("ana.toml");
  const KnownPerson bea = file("bea.toml");
  ASSERT_EQ(ana.last_edss().value, bea.last_edss().value);
  const auto means = [](const Conditioned& c) {
    double propensity = 0.0;
    double lesions = 0.0;
    for (const ConditionedLife& l : c.lives) {
      propensity += l.weight * l.candidate.person.traits.lesion_propensity;
      lesions += l.weight * l.candidate.person.state.t2_seen;
    }
    return std::pair(propensity, lesions);
  };
  const auto [ana_propensity, ana_lesions] = means(conditioned(ana, 4000));
  const auto [bea_propensity, bea_lesions] = means(conditioned(bea, 4000));
  EXPECT_GT(ana_propensity, 1.5 * bea_propensity);
  EXPECT_GT(ana_lesions, 1.3 * bea_lesions);
}

}  // namespace
}  // namespace hortega::cohort
