// SPDX-License-Identifier: Apache-2.0
//
// The pool of lives: the same whatever the threads, grown piecewise or at once; a candidate meets its
// criteria.
#include "hortega/cohort/pool.hpp"
#include "hortega/core/parallel.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <numeric>

namespace hortega::cohort {
namespace {

const disease::Parameters& parameters() {
  static const disease::Parameters p = disease::load_parameters(
      core::ParameterSet::read_directory(std::string(HORTEGA_SOURCE_DIR) + "/data/parameters"));
  return p;
}

std::unique_ptr<therapy::Course> no_courses(const std::string&) {
  ADD_FAILURE() << "nobody takes anything here";
  return nullptr;
}

int adults_with_a_relapse(const Screening& s) {
  if (s.age_year < 18.0 || s.age_year > 50.0) return 0;
  if (s.history->relapses_within(s.life_day, 365.25) < 1) return 1;
  return k_qualifies;
}

Pool pool(int lives, std::uint32_t first = 0) {
  PoolOptions options;
  options.seed = 5;
  options.lives = lives;
  options.latest_age_year = 50.0;
  return make_pool(parameters(), options, adults_with_a_relapse, no_courses, first);
}

void expect_same(const Pool& a, const Pool& b) {
  ASSERT_EQ(a.candidates.size(), b.candidates.size());
  EXPECT_EQ(a.excluded_by, b.excluded_by);
  for (std::size_t i = 0; i < a.candidates.size(); ++i) {
    const Candidate& x = a.candidates[i];
    const Candidate& y = b.candidates[i];
    EXPECT_EQ(x.person.person, y.person.person);
    EXPECT_EQ(x.person.life_day, y.person.life_day);
    EXPECT_EQ(x.person.enhancement_ends, y.person.enhancement_ends);
    // Bytes are what is promised. NOLINTNEXTLINE(bugprone-suspicious-memory-comparison)
    EXPECT_EQ(std::memcmp(&x.person.state, &y.person.state, sizeof x.person.state), 0);
    EXPECT_EQ(x.history.relapse_days, y.history.relapse_days);
    EXPECT_EQ(x.edss, y.edss);
  }
}

TEST(Pool, IsTheSameForAnyNumberOfThreads) {
  core::set_threads(1);
  const Pool one = pool(203);  // not a multiple of a block
  for (const int threads : {2, 3}) {
    core::set_threads(threads);
    expect_same(pool(203), one);
  }
  core::set_threads(0);
  EXPECT_GT(one.candidates.size(), 100U);
  const auto excluded = std::accumulate(one.excluded_by.begin(), one.excluded_by.end(), std::int64_t{0});
  EXPECT_EQ(static_cast<std::int64_t>(one.candidates.size()) + excluded, 203);
}

TEST(Pool, GrownPiecewiseIsThatMadeAtOnce) {
  Pool both = pool(96);
  const Pool more = pool(96, 96);
  for (const Candidate& c : more.candidates) both.candidates.push_back(c);
  for (std::size_t i = 0; i < both.excluded_by.size(); ++i) both.excluded_by[i] += more.excluded_by[i];
  expect_same(both, pool(192));
}

TEST(Pool, SearchedTogetherIsSearchedOneByOne) {
  const Criteria women = [](const Screening& s) { return s.female && s.edss >= 2.0 ? k_qualifies : 0; };
  PoolOptions options;
  options.seed = 5;
  options.lives = 96;
  const std::vector<Pool> together = make_pools(
      parameters(), options,
      {{adults_with_a_relapse, 40.0, false}, {women, 60.0, false}, {women, 60.0, true}}, no_courses);
  ASSERT_EQ(together.size(), 3U);
  options.latest_age_year = 40.0;
  expect_same(together[0], make_pool(parameters(), options, adults_with_a_relapse, no_courses));
  options.latest_age_year = 60.0;
  expect_same(together[1], make_pool(parameters(), options, women, no_courses));
  options.from_onset = true;
  expect_same(together[2], make_pool(parameters(), options, women, no_courses));
  EXPECT_FALSE(together[0].candidates.empty());
  EXPECT_FALSE(together[1].candidates.empty());
}

TEST(Pool, CandidatesMeetTheCriteriaWithTheirWholePast) {
  const Pool p = pool(300);
  ASSERT_GT(p.candidates.size(), 100U);
  for (const Candidate& c : p.candidates) {
    EXPECT_GE(c.age_year(), 18.0);
    EXPECT_LE(c.age_year(), 50.0);
    EXPECT_GE(c.history.relapses_within(c.person.life_day, 365.25), 1);
    EXPECT_NEAR(c.age_year(), c.profile.onset_age_year + c.person.life_day / 365.25, 1e-6);
    ASSERT_TRUE(c.history.first_symptom_day.has_value());
    EXPECT_GE(c.duration_years(), 0.0);
    EXPECT_EQ(c.history.reviews.back().life_day, c.person.life_day);
  }
}

}  // namespace
}  // namespace hortega::cohort
