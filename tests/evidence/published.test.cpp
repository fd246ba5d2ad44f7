// SPDX-License-Identifier: Apache-2.0
// The CSV reader and the published rows that are committed.
#include "hortega/evidence/published.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "hortega/core/csv.hpp"

namespace hortega::evidence {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string k_published = std::string(HORTEGA_SOURCE_DIR) + "/data/evidence/published.csv";
const std::string k_header =
    "id,role,study,year,arm,population,n,age,duration_y,edss,prior_arr,intervention,endpoint,time_months,"
    "value,"
    "unit,ci_low,ci_high,ci_level,citation,status,note\n";

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const core::InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Csv, ReadsQuotesLineBreaksAndBothLineEnds) {
  const core::CsvTable table = core::parse_csv("a,b\r\n\"x, \"\"y\"\"\",\"two\nlines\"\r\n\n,last", "t.csv");
  EXPECT_THAT(table.columns, ElementsAre("a", "b"));
  ASSERT_EQ(table.records.size(), 2u);
  EXPECT_THAT(table.records[0].fields, ElementsAre("x, \"y\"", "two\nlines"));
  EXPECT_EQ(table.records[0].line, 2);
  EXPECT_THAT(table.records[1].fields, ElementsAre("", "last"));
  EXPECT_EQ(table.records[1].line, 5);
}

TEST(Csv, TellsEveryBadRecordWithItsLine) {
  const std::string message =
      message_of([] { core::parse_csv("a,b\n1\n1,2\n1,2,3\n\"x\"y,2\n\"open", "t.csv"); });
  EXPECT_THAT(message, HasSubstr("t.csv:2:1"));
  EXPECT_THAT(message, HasSubstr("has 1 fields"));
  EXPECT_THAT(message, HasSubstr("t.csv:4:1"));
  EXPECT_THAT(message, HasSubstr("text after a closing quote"));
  EXPECT_THAT(message, HasSubstr("never closed"));
  EXPECT_THAT(message_of([] { core::parse_csv("", "t.csv"); }), HasSubstr("is empty"));
}

TEST(Numbers, AreTakenOutOfPrintedCells) {
  EXPECT_THAT(numbers_in("26 vs 32"), ElementsAre(26, 32));
  EXPECT_THAT(numbers_in("0-2.8"), ElementsAre(0, 2.8));
  EXPECT_THAT(numbers_in("-0.7 vs -1.0"), ElementsAre(-0.7, -1.0));
  EXPECT_THAT(numbers_in("5.1 -> 4.5"), ElementsAre(5.1, 4.5));
  EXPECT_THAT(numbers_in("~1000"), ElementsAre(1000));
  EXPECT_THAT(numbers_in("median 24 (mean 34)"), ElementsAre(24, 34));
  EXPECT_THAT(numbers_in("77 (I) / 83 (II)"), ElementsAre(77, 83));
  EXPECT_THAT(numbers_in("effective"), IsEmpty());
}

TEST(PublishedRows, HoldAllCommittedRows) {
  const PublishedRows published = PublishedRows::load(k_published);
  int calibration = 0, validation = 0, verified = 0;
  for (const PublishedRow& row : published.rows()) {
    calibration += row.role == Role::calibration ? 1 : 0;
    validation += row.role == Role::validation ? 1 : 0;
    verified += row.status == Status::verified ? 1 : 0;
    // What may be fitted or scored was read, not remembered, and says where.
    EXPECT_TRUE(!row.is_outcome() || !row.citation.empty()) << row.id;
    EXPECT_TRUE(!row.is_outcome() || row.status == Status::verified) << row.id;
  }
  // Counts of the table as it was assembled.
  EXPECT_EQ(published.rows().size(), 931u);
  EXPECT_EQ(calibration, 135);
  EXPECT_EQ(validation, 353);
  EXPECT_EQ(verified, 778);
}

TEST(PublishedRows, ReadOneRowWhole) {
  const PublishedRows published = PublishedRows::load(k_published);
  const PublishedRow* hazard = published.find("E0003");
  ASSERT_NE(hazard, nullptr);
  EXPECT_EQ(hazard->study, "MIST (Burt)");
  EXPECT_EQ(hazard->role, Role::calibration);
  EXPECT_EQ(hazard->n, 110);
  EXPECT_THAT(hazard->values, ElementsAre(0.07));
  EXPECT_EQ(hazard->unit, "HR");
  EXPECT_EQ(hazard->ci_low, 0.02);
  EXPECT_EQ(hazard->ci_high, 0.24);
  EXPECT_EQ(hazard->ci_level, 95);
  EXPECT_EQ(hazard->time_months, 60);  // "to 60"
  const PublishedRow* spread = published.find("E0004");
  ASSERT_NE(spread, nullptr);
  EXPECT_EQ(spread->ci_level, std::nullopt);
  EXPECT_EQ(spread->ci_level_text, "IQR");
  EXPECT_EQ(published.find("E9999"), nullptr);
}

TEST(PublishedRows, AreFoundByStudy) {
  const PublishedRows published = PublishedRows::load(k_published);
  const auto mist = published.of_studies({"MIST ("});
  EXPECT_EQ(mist.size(), 25u);
  for (std::size_t i : mist) EXPECT_EQ(published.rows()[i].study.substr(0, 5), "MIST ");
}

TEST(PublishedRows, TellEveryProblemOfAFile) {
  const std::string rows =
      "E1,calibraton,S,2000,,,,,,,,,e,,1,%,,,,c,verified,\n"
      "E1,validation,S,2000,,,,,,,,,e,,1,%,low,,,c,verified,\n"
      "E2,validation,S,2000,,,,,,,,,e,,1,%,,,,c,guessed,\n";
  const std::string message = message_of([&] { PublishedRows::parse(k_header + rows, "p.csv"); });
  EXPECT_THAT(message, HasSubstr("p.csv:2:1"));
  EXPECT_THAT(message, HasSubstr("'calibration'"));  // nearest spelling
  EXPECT_THAT(message, HasSubstr("'E1' is used twice"));
  EXPECT_THAT(message, HasSubstr("'low' is no number"));
  EXPECT_THAT(message, HasSubstr("'guessed'"));
  EXPECT_THAT(message_of([] { PublishedRows::parse("id,rol\n1,2\n", "p.csv"); }),
              HasSubstr("the column 'role' is missing"));
}

}  // namespace
}  // namespace hortega::evidence
