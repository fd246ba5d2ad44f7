// SPDX-License-Identifier: Apache-2.0
// Families of studies, and those that were set aside before the model was mended: the list may change only
// with published.csv.
#include "hortega/evidence/holdout.hpp"

#include <gmock/gmock.h>

namespace hortega::evidence {
namespace {

TEST(Holdout, WorksOnTheSamePeopleAreOneFamily) {
  EXPECT_EQ(study_family("EXPAND (Kappos)"), "EXPAND");
  EXPECT_EQ(study_family("EXPAND active SPMS subgroup (abstract 043)"), "EXPAND");
  EXPECT_EQ(study_family("CARE-MS I"), "CARE");
  EXPECT_EQ(study_family("MSBase/OFSEP cessation (Roos)"), "MSBase");
  EXPECT_EQ(study_family("PIRA/RAW OPERA pooled (Kappos)"), "OPERA");
  EXPECT_EQ(study_family("FREEDOMS"), "FREEDOMS");
}

TEST(Holdout, IsAThirdByTheHashOfTheNameAndNeverAFittedFamily) {
  const auto rows = PublishedRows::load(std::string(HORTEGA_SOURCE_DIR) + "/data/evidence/published.csv");
  const std::set<std::string> aside = families_set_aside(rows);
  std::set<std::string> fitted, validated;
  for (const PublishedRow& row : rows.rows()) {
    if (row.role == Role::calibration) fitted.insert(study_family(row.study));
    if (row.role == Role::validation) validated.insert(study_family(row.study));
  }
  for (const std::string& family : fitted) EXPECT_EQ(aside.count(family), 0U) << family;
  for (const std::string& family : fitted) validated.erase(family);
  // Binomial, 66 families: 22 expected, sd 3.8.
  EXPECT_GT(aside.size() * 5, validated.size());
  EXPECT_LT(aside.size() * 2, validated.size());
  // By sha256sum of the name: the first eight hexadecimal digits are a multiple of three.
  EXPECT_THAT(aside, testing::IsSupersetOf({"FREEDOMS", "Kalincik", "ASTIMS"}));
  EXPECT_EQ(aside.count("EXPAND"), 0U);
}

}  // namespace
}  // namespace hortega::evidence
