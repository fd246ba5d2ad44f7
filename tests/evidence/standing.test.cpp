// SPDX-License-Identifier: Apache-2.0
//
// Who is inside the studies of a therapy, and which published numbers stand behind it.
#include "hortega/evidence/standing.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace hortega::evidence {
namespace {

trial::Protocol study(const std::string& id, const std::string& regimen) {
  trial::Protocol p;
  p.id = id;
  trial::Arm arm;
  arm.id = "A";
  arm.regimens.push_back({regimen, 1.0, 0.0, {}});
  p.arms.push_back(arm);
  p.population.phenotypes = {trial::Phenotype::relapsing};
  p.population.eligibility.age_day = {{18 * 365.25, 55 * 365.25}};
  p.population.baseline.edss = {3.0, 1.0};
  p.accrual.follow_up_day = 3 * 365.25;
  return p;
}

TEST(Standing, SaysWhyAStudyWouldHaveKeptThePersonOut) {
  const trial::Protocol p = study("s", "drug");
  EXPECT_TRUE(reasons_outside(p, {40, 3.0, 5, trial::Phenotype::relapsing, 0}).empty());
  EXPECT_TRUE(reasons_outside(p, {40, 5.0, 5, trial::Phenotype::relapsing, 0}).empty());  // mean and 2 sd
  EXPECT_EQ(reasons_outside(p, {40, 5.5, 5, trial::Phenotype::relapsing, 0}).size(), 1U);
  const auto reasons = reasons_outside(p, {67, 7.0, 5, trial::Phenotype::secondary_progressive, 0});
  ASSERT_EQ(reasons.size(), 3U);
  EXPECT_NE(reasons[1].find("age 67 years, studied 18 to 55"), std::string::npos) << reasons[1];
}

TEST(Standing, CountsTheRowsOfTheArmThatGivesIt) {
  trial::Protocol two = study("two", "drug");
  trial::Arm other;
  other.id = "B";
  other.regimens.push_back({"placebo", 1.0, 0.0, {}});
  two.arms.push_back(other);
  const std::vector<ValidatedRow> rows = {{"E1", "set_aside", "two", "A", "", true},
                                          {"E2", "fitted", "two", "A / B", "", false},
                                          {"E3", "fitted", "two", "B", "", true},
                                          {"E4", "used", "else", "A", "", true}};
  const PersonFacts person{40, 3.0, 5, trial::Phenotype::relapsing, 0};
  const Standing of_drug = standing_of("drug", {two, study("else", "third")}, rows, person);
  ASSERT_EQ(of_drug.studies.size(), 1U);
  EXPECT_EQ(of_drug.studies[0].rows, 2);
  EXPECT_EQ(of_drug.studies[0].rows_inside, 1);
  EXPECT_EQ(of_drug.studies[0].set_aside, 1);
  EXPECT_TRUE(of_drug.inside());
  EXPECT_DOUBLE_EQ(of_drug.longest_follow_up_year(), 3.0);
  // Nothing is what a placebo arm takes.
  EXPECT_EQ(standing_of("none", {two}, rows, person).studies[0].rows, 2);
  EXPECT_FALSE(standing_of("unheard-of", {two}, rows, person).inside());
}

// What has a study is not yet held against one: a scored row must name an arm that gives it.
TEST(Standing, IsValidatedByAnyScoredRowWhoeverThePerson) {
  trial::Protocol two = study("two", "drug");
  trial::Arm other;
  other.id = "B";
  other.regimens.push_back({"cells", 1.0, 0.0, {}});
  two.arms.push_back(other);
  const std::vector<trial::Protocol> protocols = {two, study("design", "new-drug"), study("new", "drug")};
  const std::vector<ValidatedRow> rows = {{"E1", "set_aside", "two", "A", "", false},
                                          {"E2", "fitted", "new", "A (men)", "", true}};
  const PersonFacts inside{40, 3.0, 5, trial::Phenotype::relapsing, 0};
  const PersonFacts outside{70, 3.0, 5, trial::Phenotype::relapsing, 0};
  for (const PersonFacts& person : {inside, outside}) {
    const Standing drug = standing_of("drug", protocols, rows, person);
    EXPECT_EQ(drug.rows_scored(), 2);  // E1 missed its range and counts: it was held against it
    EXPECT_TRUE(drug.validated());
    // Its study has rows, but of the other arm.
    const Standing cells = standing_of("cells", protocols, rows, person);
    EXPECT_EQ(cells.rows_scored(), 0);
    EXPECT_FALSE(cells.validated());
    EXPECT_FALSE(standing_of("new-drug", protocols, rows, person).validated());  // nor has this study any
    EXPECT_FALSE(standing_of("unheard-of", protocols, rows, person).validated());
  }
  EXPECT_TRUE(standing_of("cells", protocols, rows, inside).inside());
  EXPECT_FALSE(standing_of("drug", protocols, rows, outside).inside());
  EXPECT_TRUE(is_no_therapy("none"));
  EXPECT_TRUE(is_no_therapy("placebo"));
  EXPECT_FALSE(is_no_therapy("drug"));
}

// A study that is planned has shown nothing, and numbers of other people are told as such.
TEST(Standing, FollowUpIsThatOfStudiesWithNumbersOfSuchPeople) {
  trial::Protocol planned = study("planned", "drug");  // would let the person in; no row
  planned.population.phenotypes = {trial::Phenotype::secondary_progressive};
  planned.accrual.follow_up_day = 6 * 365.25;
  const trial::Protocol of_others = study("relapsing", "drug");
  const std::vector<ValidatedRow> rows = {{"E1", "used", "relapsing", "A", "", true}};
  const PersonFacts progressive{40, 3.0, 5, trial::Phenotype::secondary_progressive, 0};
  const Standing s = standing_of("drug", {planned, of_others}, rows, progressive);
  EXPECT_TRUE(s.inside());
  EXPECT_TRUE(s.validated());
  EXPECT_EQ(s.longest_follow_up_year(), 0.0);
  EXPECT_EQ(s.other_people(), "relapsing MS");
  // Somebody whom the study with numbers would have let in; its follow-up is three years.
  const PersonFacts relapsing{40, 3.0, 5, trial::Phenotype::relapsing, 0};
  const Standing inside = standing_of("drug", {planned, of_others}, rows, relapsing);
  EXPECT_DOUBLE_EQ(inside.longest_follow_up_year(), 3.0);
  EXPECT_EQ(inside.other_people(), "");
  // Of the right course, but too old.
  const PersonFacts old{60, 3.0, 5, trial::Phenotype::relapsing, 0};
  EXPECT_EQ(standing_of("drug", {of_others}, rows, old).other_people(), "age 60 years, studied 18 to 55");
  // Without any number nobody else's are told.
  EXPECT_EQ(standing_of("drug", {planned}, rows, progressive).other_people(), "");
}

// Rows of everybody concern each arm; those of an arm whose name begins alike do not.
TEST(Standing, TellsAllFromAnArmThatBeginsSo) {
  trial::Protocol two = study("two", "drug");
  two.arms[0].id = "allo-HSCT";
  trial::Arm other;
  other.id = "B";
  other.regimens.push_back({"cells", 1.0, 0.0, {}});
  two.arms.push_back(other);
  const PersonFacts person{40, 3.0, 5, trial::Phenotype::relapsing, 0};
  const std::vector<ValidatedRow> of_arm = {{"E1", "used", "two", "allo-HSCT", "", true}};
  EXPECT_TRUE(standing_of("drug", {two}, of_arm, person).validated());
  EXPECT_FALSE(standing_of("cells", {two}, of_arm, person).validated());
  const std::vector<ValidatedRow> of_all = {{"E1", "used", "two", "all", "", true},
                                            {"E2", "used", "two", "all (relapsing)", "", true}};
  EXPECT_EQ(standing_of("cells", {two}, of_all, person).rows_scored(), 2);
}

TEST(Standing, EveryShippedStudyAndRowCanBeRead) {
  const std::string data = std::string(HORTEGA_SOURCE_DIR) + "/data";
  const std::vector<trial::Protocol> protocols = read_protocols(data + "/protocols");
  const std::vector<ValidatedRow> rows = read_validated_rows(data + "/validation.csv");
  EXPECT_GT(rows.size(), 150U);
  for (const ValidatedRow& row : rows) {
    const bool known = std::any_of(protocols.begin(), protocols.end(),
                                   [&](const trial::Protocol& p) { return p.id == row.protocol; });
    EXPECT_TRUE(known) << row.row << " " << row.protocol;
  }
  const PersonFacts person{34, 3.0, 6, trial::Phenotype::relapsing, 2};
  for (const char* regimen : {"ahsct-cy-atg", "natalizumab", "none"})
    EXPECT_TRUE(standing_of(regimen, protocols, rows, person).inside()) << regimen;
  // Those whose rows data/validation.csv names: of AFFIRM, OPERA and the placebo arms.
  for (const char* regimen : {"natalizumab", "ocrelizumab", "interferon-beta", "none", "placebo"})
    EXPECT_TRUE(standing_of(regimen, protocols, rows, person).validated()) << regimen;
}

}  // namespace
}  // namespace hortega::evidence
