// SPDX-License-Identifier: Apache-2.0
// EDSS from grades: vectors of the table in docs/endpoints.md, and every combination of grades against a
// second statement of the rule.
#include "hortega/endpoints/edss.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace hortega::endpoints {
namespace {

struct Vector {
  FunctionalGrades raw;  // vis bst pyr cer sen bb men
  std::uint8_t ambulation;
  double edss;
};

// By the table of docs/endpoints.md. None of them depends on cerebral grade 1, so both options give the same.
const Vector kVectors[] = {
    {{0, 0, 0, 0, 0, 0, 0}, 0, 0.0}, {{1, 0, 0, 0, 0, 0, 0}, 0, 1.0}, {{1, 1, 0, 0, 0, 0, 0}, 0, 1.5},
    {{0, 0, 0, 0, 0, 0, 0}, 1, 2.0}, {{0, 0, 2, 0, 0, 0, 0}, 1, 2.0}, {{0, 0, 2, 2, 0, 0, 0}, 1, 2.5},
    {{0, 0, 2, 2, 2, 0, 0}, 1, 3.0}, {{0, 0, 3, 0, 0, 0, 0}, 1, 3.0}, {{0, 0, 3, 2, 0, 0, 0}, 1, 3.5},
    {{0, 0, 3, 3, 1, 0, 0}, 1, 3.5}, {{0, 0, 3, 3, 2, 0, 0}, 1, 4.0}, {{0, 0, 2, 2, 2, 2, 2}, 1, 3.5},
    {{6, 0, 0, 0, 0, 0, 0}, 1, 4.0}, {{0, 0, 0, 0, 0, 4, 0}, 1, 3.0}, {{0, 0, 4, 2, 0, 0, 0}, 1, 4.5},
    {{0, 0, 3, 2, 2, 2, 0}, 1, 4.0}, {{0, 0, 4, 3, 3, 3, 0}, 1, 5.0}, {{0, 5, 0, 0, 0, 0, 0}, 1, 5.0},
    {{0, 0, 1, 0, 0, 0, 0}, 2, 4.5}, {{3, 1, 3, 3, 2, 2, 1}, 4, 5.5}, {{2, 1, 4, 3, 3, 3, 2}, 6, 6.0},
    {{2, 1, 4, 3, 3, 3, 2}, 9, 6.5}};

TEST(Edss, AgreesWithTheVectors) {
  for (const auto& v : kVectors) {
    EXPECT_EQ(edss(v.raw, v.ambulation, CerebralGradeOne::ignored), v.edss);
    EXPECT_EQ(edss(v.raw, v.ambulation, CerebralGradeOne::counts), v.edss);
  }
}

TEST(Edss, CerebralGradeOneIsAnOption) {
  // Kurtzke: "0.0 ... cerebral grade 1 acceptable"; edss.js counts it (GitHub adobrasinovic/edss).
  EXPECT_EQ(edss({0, 0, 0, 0, 0, 0, 1}, 0), 0.0);
  EXPECT_EQ(edss({0, 0, 0, 0, 0, 0, 1}, 0, CerebralGradeOne::counts), 1.0);
  EXPECT_EQ(edss({0, 0, 1, 0, 0, 0, 1}, 0), 1.0);
  EXPECT_EQ(edss({0, 0, 1, 0, 0, 0, 1}, 0, CerebralGradeOne::counts), 1.5);
}

TEST(Edss, AmbulationAloneSetsFiveAndAbove) {
  const double expected[] = {5.0, 5.5, 6.0, 6.0, 6.0, 6.5, 6.5, 7.0, 7.5, 8.0, 8.5, 9.0, 9.5, 10.0};
  for (std::uint8_t a = 3; a <= 16; ++a) {
    EXPECT_EQ(edss({0, 0, 0, 0, 0, 0, 0}, a), expected[a - 3]) << int{a};
    EXPECT_EQ(edss(kMissingGrades, a), expected[a - 3]) << int{a};
  }
}

TEST(Edss, MissingOrImpossibleGradesGiveNoScore) {
  EXPECT_TRUE(is_missing(edss(kMissingGrades, 1)));
  EXPECT_TRUE(is_missing(edss({7, 0, 0, 0, 0, 0, 0}, 0)));
  EXPECT_TRUE(is_missing(edss({0, 6, 0, 0, 0, 0, 0}, 0)));
  EXPECT_TRUE(is_missing(edss({0, 0, 0, 0, 0, 0, 6}, 0)));
  EXPECT_TRUE(is_missing(edss({0, 0, 0, 0, 0, 0, 0}, 17)));
  EXPECT_TRUE(is_missing(edss({0, 0, 0, 0, 0, 0, 0}, kMissingGrade)));
  EXPECT_EQ(converted_visual(7), kMissingGrade);
  EXPECT_EQ(converted_bowel_bladder(6), 5);
}

TEST(Edss, ScaleHasNoHalf) {
  EXPECT_TRUE(valid_edss(0));
  EXPECT_FALSE(valid_edss(0.5));
  EXPECT_TRUE(valid_edss(1));
  EXPECT_TRUE(valid_edss(9.5));
  EXPECT_FALSE(valid_edss(2.25));
  EXPECT_FALSE(valid_edss(10.5));
  EXPECT_FALSE(valid_edss(kMissing));
}

// The same rule said another way: grades sorted from the worst, matched as words against ordered patterns. A
// pattern's k-th letter is the least that the k-th worst grade must be; the first pattern that fits gives the
// step. The patterns follow Kurtzke's combinations ("one 4 with another 2", "five 3", "six 2") and not the
// counting rows of edss.cpp.
double edss_by_patterns(std::array<int, 7> converted, int ambulation) {
  struct Pattern {
    const char* worst_first;
    double step;
  };
  static const Pattern patterns[] = {
      {"5", 5.0},   {"44", 5.0},  {"4333", 5.0}, {"333333", 5.0}, {"42", 4.5}, {"33333", 4.5}, {"4", 4.0},
      {"333", 4.0}, {"332", 4.0}, {"3222", 4.0}, {"222222", 4.0}, {"33", 3.5}, {"32", 3.5},    {"22222", 3.5},
      {"3", 3.0},   {"222", 3.0}, {"22", 2.5},   {"2", 2.0},      {"11", 1.5}, {"1", 1.0},     {"", 0.0}};
  std::sort(converted.begin(), converted.end(), std::greater<>());
  double step = -1;
  for (const auto& pattern : patterns) {
    bool fits = true;
    for (std::size_t k = 0; pattern.worst_first[k] != '\0'; ++k)
      fits = fits && converted[k] >= pattern.worst_first[k] - '0';
    if (fits) {
      step = pattern.step;
      break;
    }
  }
  return std::max(step, ambulation == 1 ? 2.0 : ambulation == 2 ? 4.5 : 0.0);
}

TEST(Edss, EveryCombinationAgreesWithASecondStatement) {
  const int visual[] = {0, 1, 2, 2, 3, 3, 4}, bladder[] = {0, 1, 2, 3, 3, 4, 5};
  long checked = 0, wrong = 0, below_a_grade = 0;
  FunctionalGrades g{};
  for (g[0] = 0; g[0] <= 6; ++g[0])
    for (g[1] = 0; g[1] <= 5; ++g[1])
      for (g[2] = 0; g[2] <= 6; ++g[2])
        for (g[3] = 0; g[3] <= 5; ++g[3])
          for (g[4] = 0; g[4] <= 6; ++g[4])
            for (g[5] = 0; g[5] <= 6; ++g[5])
              for (g[6] = 0; g[6] <= 5; ++g[6]) {
                const std::array<int, 7> c{visual[g[0]], g[1], g[2], g[3], g[4], bladder[g[5]], g[6]};
                for (std::uint8_t a = 0; a <= 2; ++a) {
                  const double score = edss(g, a, CerebralGradeOne::counts);
                  wrong += score != edss_by_patterns(c, a);
                  // Consistency: EDSS is not below any converted grade, up to 5.
                  below_a_grade += score < std::min(5, *std::max_element(c.begin(), c.end()));
                  ++checked;
                }
              }
  EXPECT_EQ(checked, 1555848);  // 7*6*7*6*7*7*6 grades, 3 scores
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(below_a_grade, 0);
}

}  // namespace
}  // namespace hortega::endpoints
