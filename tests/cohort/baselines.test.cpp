// SPDX-License-Identifier: Apache-2.0
// Files of baselines: what is read, how mistakes are told, and who resembles whom.
#include "hortega/cohort/baselines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "hortega/core/problems.hpp"

namespace hortega::cohort {
namespace {

using testing::HasSubstr;

std::string problems_of(const std::string& text) {
  try {
    parse_baselines(text, "people.csv");
  } catch (const core::InputError& error) {
    return error.what();
  }
  return "";
}

TEST(BaselineFile, ReadsWhatIsThereAndLeavesOutWhatIsMissing) {
  const Baselines b = parse_baselines(
      "subject,age,sex,phenotype,edss,relapses_1y,relapses_2y,gd_count,t2_vol_ml,weight_kg\n"
      "A1,34.5,F,RRMS,3.5,2,3,,7.25,61\n"
      "A2,NA,male,SPMS,,,,0,,\n",
      "people.csv");
  ASSERT_EQ(b.rows.size(), 2U);
  EXPECT_EQ(b.rows[0].subject, "A1");
  EXPECT_EQ(b.rows[0].age_year, 34.5);
  EXPECT_EQ(b.rows[0].female, true);
  EXPECT_EQ(b.rows[0].course, Course::relapsing);
  EXPECT_EQ(b.rows[0].relapses_2y, 3);
  EXPECT_EQ(b.rows[0].gd_count, std::nullopt);
  EXPECT_EQ(b.rows[0].t2_volume_ml, 7.25);
  EXPECT_EQ(b.rows[1].line, 3);
  EXPECT_EQ(b.rows[1].age_year, std::nullopt);
  EXPECT_EQ(b.rows[1].female, false);
  EXPECT_EQ(b.rows[1].gd_count, 0);
  EXPECT_THAT(b.unmatched_columns, testing::ElementsAre("weight_kg"));
}

TEST(BaselineFile, OnsetAgeGivesDurationOrAge) {
  const Baselines b =
      parse_baselines("subject,age,onset_age,disease_years\na,40,32,\nb,,30,5\nc,40,31,8\n", "people.csv");
  EXPECT_EQ(b.rows[0].disease_years, 8.0);
  EXPECT_EQ(b.rows[1].age_year, 35.0);
  EXPECT_EQ(b.rows[2].disease_years, 8.0);  // a year of rounding is no contradiction
}

TEST(BaselineFile, TellsEveryMistakeWithItsPlace) {
  const std::string told = problems_of(
      "subject,age,sex,edss,relapses_1y,relapses_2y\n"
      "a,34,F,3.3,1,1\n"
      "a,-4,Q,3.0,1,1\n"
      "c,old,M,3.0,3,2\n"
      ",30,M,3.0,1.5,2\n");
  EXPECT_THAT(told, HasSubstr("people.csv:2:8: error: edss: 3.3 is out of range (0 to 9.5 in steps of 0.5)"));
  EXPECT_THAT(told, HasSubstr("people.csv:3:1: error: subject: 'a' is there twice (first in line 2)"));
  EXPECT_THAT(told, HasSubstr("people.csv:3:3: error: age: -4 is out of range"));
  EXPECT_THAT(told, HasSubstr("people.csv:3:6: error: sex: 'Q' is unknown"));
  EXPECT_THAT(told, HasSubstr("people.csv:4:3: error: age: 'old' is no number"));
  EXPECT_THAT(told, HasSubstr("people.csv:4:14: error: relapses_2y: fewer relapses in two years"));
  EXPECT_THAT(told, HasSubstr("people.csv:5:1: error: subject: the row has no subject"));
  EXPECT_THAT(told, HasSubstr("people.csv:5:12: error: relapses_1y: 1.5 is out of range"));
  EXPECT_THAT(told, HasSubstr("c,old,M,3.0,3,2\n"));  // the excerpt
}

TEST(BaselineFile, TellsColumnsThatWereProbablyMeant) {
  EXPECT_THAT(problems_of("subject,agee\na,3\n"), HasSubstr("did you mean 'age'?"));
  EXPECT_THAT(problems_of("age\n3\n"), HasSubstr("there is no column 'subject'"));
  EXPECT_THAT(problems_of("subject,age,age\na,30,30\n"), HasSubstr("'age' is there twice"));
  EXPECT_THAT(problems_of("subject,age\n"), HasSubstr("holds nobody"));
  EXPECT_THAT(problems_of("subject,age\na\n"), HasSubstr("has 1 fields"));
  EXPECT_THAT(problems_of("subject,age,onset_age,disease_years\na,40,20,3\n"),
              HasSubstr("contradict each other"));
}

// Lives of 20 to 59 years, every second a woman, EDSS 2 and 4 in turn by pairs.
Pool ladder() {
  Pool pool;
  for (int i = 0; i < 400; ++i) {
    Candidate c;
    c.person.person = static_cast<std::uint32_t>(i);
    c.person.life_day = 10000;
    c.person.state.age_year = 20.0 + 0.1 * i;
    c.profile.female = i % 2 == 0;
    c.history.course = Course::relapsing;
    c.edss = i % 4 < 2 ? 2.0 : 4.0;
    pool.candidates.push_back(std::move(c));
  }
  pool.lives = 400;
  return pool;
}

TEST(Matching, SexAgreesAndAgeIsNear) {
  const Pool pool = ladder();
  BaselineRow row;
  row.female = true;
  row.age_year = 40.0;
  const std::vector<RowMatch> m = match_rows({&row, 1}, pool);
  double mean = 0.0;
  double variance = 0.0;
  double before = 0.0;
  for (std::size_t k = 0; k < m[0].candidate.size(); ++k) {
    const Candidate& c = pool.candidates[m[0].candidate[k]];
    ASSERT_TRUE(c.profile.female);
    const double w = m[0].cumulative[k] - before;
    before = m[0].cumulative[k];
    mean += w * c.age_year();
    variance += w * (c.age_year() - 40.0) * (c.age_year() - 40.0);
  }
  EXPECT_NEAR(mean, 40.0, 0.05);
  EXPECT_NEAR(std::sqrt(variance), 3.0, 0.02);  // the kernel's bandwidth on an even ladder
  // sum w over a Gaussian of sd 3 on a grid of 0.2: (3 sqrt(2 pi) / 0.2)^2 / (3 sqrt(pi) / 0.2).
  EXPECT_NEAR(m[0].effective_lives, 3.0 * 2.0 * std::sqrt(std::acos(-1.0)) / 0.2, 0.5);
}

TEST(Matching, MissingMatchesEverybodyAndTheImpossibleNobody) {
  const Pool pool = ladder();
  std::vector<BaselineRow> rows(3);
  rows[1].course = Course::primary_progressive;
  rows[2].edss = 9.0;
  const std::vector<RowMatch> m = match_rows(rows, pool);
  EXPECT_EQ(m[0].candidate.size(), 400U);
  EXPECT_NEAR(m[0].effective_lives, 400.0, 1e-9);
  EXPECT_TRUE(m[1].candidate.empty());
  EXPECT_EQ(m[1].effective_lives, 0.0);
  EXPECT_TRUE(m[2].candidate.empty());
}

TEST(Matching, PooledWeightsCountEveryRowTheSame) {
  const Pool pool = ladder();
  std::vector<BaselineRow> rows(2);
  rows[0].female = true;
  rows[1].female = false;
  rows[1].edss = 4.0;
  const std::vector<RowMatch> m = match_rows(rows, pool);
  const std::vector<double> w = pooled_weights(m, pool.candidates.size());
  double women = 0.0;
  double all = 0.0;
  for (std::size_t i = 0; i < w.size(); ++i) {
    all += w[i];
    if (pool.candidates[i].profile.female) women += w[i];
  }
  EXPECT_NEAR(all, 1.0, 1e-12);
  EXPECT_NEAR(women, 0.5, 1e-12);
}

TEST(Matching, DrawsEveryRowOnceBeforeAnyAgainAndNoLifeTwice) {
  const Pool pool = ladder();
  std::vector<BaselineRow> rows(4);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].age_year = 25.0 + 10.0 * static_cast<double>(i);
  const std::vector<RowMatch> m = match_rows(rows, pool);
  const std::vector<std::size_t> chosen = draw_for_rows(m, 40, 7, 3);
  ASSERT_EQ(chosen.size(), 40U);
  EXPECT_EQ(std::set<std::size_t>(chosen.begin(), chosen.end()).size(), 40U);
  // Four rows ten years apart: each round of four has one person near each.
  for (std::size_t round = 0; round < 10; ++round) {
    std::set<int> decades;
    for (std::size_t i = 0; i < 4; ++i) {
      const double age = pool.candidates[chosen[4 * round + i]].age_year();
      int nearest = 0;
      for (int k = 1; k < 4; ++k) {
        if (std::fabs(age - 25.0 - 10.0 * k) < std::fabs(age - 25.0 - 10.0 * nearest)) nearest = k;
      }
      decades.insert(nearest);
    }
    EXPECT_GE(decades.size(), 3U);  // 3 sd reach over the middle between two rows now and then
  }
  EXPECT_EQ(draw_for_rows(m, 40, 7, 3), chosen);
  EXPECT_NE(draw_for_rows(m, 40, 7, 4), chosen);
}

TEST(Matching, FrequenciesFollowTheWeights) {
  const Pool pool = ladder();
  BaselineRow row;
  row.age_year = 40.0;
  const std::vector<RowMatch> m = match_rows({&row, 1}, pool);
  double mean = 0.0;
  constexpr int k_draws = 4000;
  for (int i = 0; i < k_draws; ++i) {
    mean += pool.candidates[draw_for_rows(m, 1, 11, static_cast<std::uint32_t>(i)).front()].age_year() / k_draws;
  }
  EXPECT_NEAR(mean, 40.0, 4.0 * 3.0 / std::sqrt(static_cast<double>(k_draws)));  // four standard errors
}

TEST(Matching, TooFewLivesAreDrawnAgain) {
  Pool pool = ladder();
  pool.candidates.resize(2);
  const std::vector<BaselineRow> rows(1);
  const std::vector<std::size_t> chosen = draw_for_rows(match_rows(rows, pool), 5, 1, 0);
  ASSERT_EQ(chosen.size(), 5U);
  EXPECT_EQ(std::set<std::size_t>(chosen.begin(), chosen.end()).size(), 2U);
}

}  // namespace
}  // namespace hortega::cohort
