// SPDX-License-Identifier: Apache-2.0
// Reading of visits, relapses and scans, and what is said when they are wrong.
#include "hortega/endpoints/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "hortega/endpoints/pira.hpp"

namespace hortega::endpoints {
namespace {

using ::testing::HasSubstr;

Observed read(std::string_view visits, std::string_view relapses = {}, std::string_view mri = {}) {
  return read_observed({"v.csv", visits, true}, {"r.csv", relapses, !relapses.empty()},
                       {"m.csv", mri, !mri.empty()});
}

/// The problems of an input, none if it is good.
std::vector<core::Problem> problems_of(std::string_view visits, std::string_view relapses = {},
                                       std::string_view mri = {}) {
  try {
    read(visits, relapses, mri);
  } catch (const core::InputError& error) {
    return error.problems();
  }
  return {};
}

TEST(ReadVisits, OwnNamesAndEveryColumn) {
  const auto observed = read(
      "subject,day,edss,vis,bst,pyr,cer,sen,bb,men,amb,t25fw_s,nhpt_dom_s,nhpt_non_s,sdmt,relapse_flag\n"
      "A,84,3.0,0,0,3,0,0,0,0,1,5.5,20.1,22.0,50,0\n"
      "A,0,2.5,0,0,2,2,0,0,0,1,5.0,,NA,51,0\n"
      "\"B, the second\",0,,0,0,2,2,2,0,0,1,,,,,0\r\n");
  ASSERT_EQ(observed.subjects.size(), 2u);
  const auto& a = observed.subjects[0];
  ASSERT_EQ(a.visits.size(), 2u);
  EXPECT_EQ(a.visits[0].day, 0);  // sorted
  EXPECT_EQ(a.visits[1].edss, 3.0);
  EXPECT_EQ(a.visits[1].fs[2], 3);
  EXPECT_FLOAT_EQ(a.visits[1].nhpt_dominant_s, 20.1f);
  EXPECT_TRUE(std::isnan(a.visits[0].nhpt_dominant_s));
  EXPECT_TRUE(std::isnan(a.visits[0].nhpt_non_dominant_s));
  EXPECT_EQ(a.end_of_follow_up_day, 84);
  EXPECT_EQ(observed.subjects[1].name, "B, the second");
  EXPECT_EQ(observed.subjects[1].visits[0].edss, 3.0);  // computed: (0,0,2,2,2,0,0,1), docs/endpoints.md
  EXPECT_TRUE(observed.relapses_given);
  EXPECT_FALSE(observed.scans_given);
}

TEST(ReadVisits, MsprogNamesWithDates) {
  const auto observed =
      read("id,EDSS,date\n1,2,2020-03-01\n1,3,2021-03-01\n2,4,2019-12-31\n", "id,date\n1,2020-02-20\n");
  ASSERT_EQ(observed.subjects.size(), 2u);
  EXPECT_EQ(observed.subjects[0].visits[1].day, 365);
  EXPECT_EQ(observed.subjects[0].relapses[0].onset_day, -10);  // 2020 is a leap year
}

TEST(ReadVisits, MsprogToyDataWithDatesDaysAndTests) {
  // Columns of toydata_visits and toydata_relapses of msprog 1.0 (vignette0): both have dates and days.
  const std::string visits =
      "id,date,visit_day,EDSS,SDMT\n1,2021-09-23,0,5.5,54\n1,2021-11-03,41,5.5,54\n1,2022-01-19,118,6,57\n";
  const auto by_day = read(visits, "id,date,visit_day\n1,2021-10-03,10\n");
  const auto by_date = read(visits, "id,date\n1,2021-10-03\n");
  for (const auto& observed : {by_day, by_date}) {
    const auto& subject = observed.subjects.at(0);
    EXPECT_EQ(subject.visits.at(2).day, 118);
    EXPECT_EQ(subject.relapses.at(0).onset_day, 10);
    EXPECT_FLOAT_EQ(subject.visits.at(2).sdmt, 57);
  }
  EXPECT_THAT(problems_of("id,visit_day,EDSS\n1,0,2\n", "id,date\n1,2021-10-03\n").at(0).message,
              HasSubstr("visits count days"));
}

TEST(ReadVisits, TestsOfEyesAndUtility) {
  const auto observed = read(
      "Subject,DAY,Edss,T25FW,NHPT,low_contrast_letters,vep_ms,EQ5D\n"
      "a,0,2,5.1,20,40,108.5,0.81\na,90,2,NA,,33,112,-0.1\n");
  const auto& visits = observed.subjects.at(0).visits;
  EXPECT_FLOAT_EQ(visits[0].t25fw_s, 5.1f);
  EXPECT_FLOAT_EQ(visits[0].nhpt_dominant_s, 20.0f);
  EXPECT_FLOAT_EQ(visits[1].low_contrast_letters, 33.0f);
  EXPECT_FLOAT_EQ(visits[1].vep_ms, 112.0f);
  EXPECT_FLOAT_EQ(visits[1].eq5d, -0.1f);
  EXPECT_THAT(problems_of("subject,day,edss,low_contrast_letters\na,0,2,61\n").at(0).message,
              HasSubstr("out of range"));
  EXPECT_THAT(problems_of("subject,day,edss,eq5d\na,0,2,1.2\n").at(0).message, HasSubstr("out of range"));
}

TEST(ReadVisits, MsoutcomesNamesAndDaysPostRelapse) {
  const auto observed = read(
      "ID,dateEDSS,EDSS,FSpyr,FScrbl,FSbstem,FSsens,FSsph,FSvis,FScereb,FSamb,daysPostRelapse\n"
      "p,2020-01-01,2,1,2,3,4,5,6,0,1,\n"
      "p,2020-03-25,3.5,1,1,1,1,1,1,1,1,14\n"
      "p,2020-04-24,3.5,1,1,1,1,1,1,1,1,44\n");
  const auto& subject = observed.subjects.at(0);
  EXPECT_EQ(subject.visits[0].fs, (FunctionalGrades{6, 3, 1, 2, 4, 5, 0}));
  ASSERT_EQ(subject.relapses.size(), 1u);  // both visits point at the same onset
  EXPECT_EQ(subject.relapses[0].onset_day, 70);
}

TEST(ReadVisits, ARelapseTableReplacesFlags) {
  const std::string visits = "subject,day,edss,relapse_flag\n1,0,2,0\n1,84,3,1\n";
  EXPECT_EQ(read(visits).subjects[0].relapses.at(0).onset_day, 84);
  const auto observed =
      read(visits, "subject,onset_day,end_day,severity,steroid\n1,80,120,moderate,1\n1,10,,,\n");
  ASSERT_EQ(observed.subjects[0].relapses.size(), 2u);
  EXPECT_EQ(observed.subjects[0].relapses[0].onset_day, 10);
  EXPECT_EQ(observed.subjects[0].relapses[0].end_day, kNever);
  EXPECT_EQ(observed.subjects[0].relapses[1].severity, RelapseSeverity::moderate);
  EXPECT_TRUE(observed.subjects[0].relapses[1].steroids);
}

TEST(ReadScans, NewAndEnlargingAreAdded) {
  const auto observed =
      read("subject,day,edss\n1,0,2\n", {},
           "subject,day,gd_count,new_t2,enl_t2,t2_vol_ml,pbvc_pct\n1,0,2,,,11.5,0\n1,365,0,1,2,,-0.4\n");
  const auto& scans = observed.subjects[0].scans;
  ASSERT_EQ(scans.size(), 2u);
  EXPECT_EQ(scans[0].new_or_enlarging_t2, kMissingCount);
  EXPECT_EQ(scans[1].new_or_enlarging_t2, 3);
  EXPECT_TRUE(is_missing(scans[1].t2_volume_ml));
  EXPECT_EQ(observed.subjects[0].end_of_follow_up_day, 365);
}

TEST(ReadVisits, SaysEveryProblemWithItsPlace) {
  const auto problems = problems_of(
      "subject,day,edss,vis\n"
      "1,0,2.25,0\n"
      "1,x,2,7\n"
      "1,84\n"
      ",168,3,0\n"
      "1,252,nan,0\n"
      "1,0,2,0\n");
  ASSERT_EQ(problems.size(), 7u);
  const auto at = [&](std::size_t k) { return std::pair{problems[k].place.line, problems[k].place.column}; };
  EXPECT_THAT(problems[0].message, HasSubstr("not on the scale"));
  EXPECT_EQ(at(0), (std::pair{2, 5}));
  EXPECT_EQ(problems[0].place.excerpt, "1,0,2.25,0");
  EXPECT_EQ(problems[0].key, "edss");
  EXPECT_THAT(problems[1].message, HasSubstr("'x' is not a number"));
  EXPECT_EQ(at(1), (std::pair{3, 3}));
  EXPECT_EQ(at(2), (std::pair{3, 7}));  // visual grade 7
  EXPECT_THAT(problems[3].message, HasSubstr("2 cells"));
  EXPECT_THAT(problems[4].message, HasSubstr("subject is missing"));
  EXPECT_EQ(at(4), (std::pair{5, 1}));
  EXPECT_THAT(problems[5].message, HasSubstr("not a number"));
  EXPECT_THAT(problems[6].message, HasSubstr("another visit"));
}

TEST(ReadVisits, ColumnsCountCodePoints) {
  const auto problems = problems_of("subject,day,edss\nJos\xC3\xA9,0,11\n");
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].place.column, 8);
}

TEST(ReadVisits, HeaderProblems) {
  EXPECT_THAT(problems_of("").at(0).message, HasSubstr("empty"));
  EXPECT_THAT(problems_of("day,edss\n0,2\n").at(0).message, HasSubstr("no column subject"));
  EXPECT_THAT(problems_of("subject,edss\n1,2\n").at(0).message, HasSubstr("no column day"));
  EXPECT_THAT(problems_of("subject,day,pyr\n1,0,2\n").at(0).message, HasSubstr("no column edss"));
  const auto misspelt = problems_of("subject,day,edsss\n1,0,2\n");
  EXPECT_EQ(misspelt.at(1).suggestion,
            "edss");  // after "no column edss", which belongs to the start of the header
  EXPECT_THAT(problems_of("subject,day,edss,EDSS\n1,0,2,2\n").at(0).message, HasSubstr("twice"));
  EXPECT_THAT(problems_of("subject,day,edss\n").at(0).message, HasSubstr("no visits"));
  EXPECT_THAT(problems_of(std::string_view("subject\0,day,edss\n", 18)).at(0).message,
              HasSubstr("zero bytes"));
  EXPECT_FALSE(problems_of("subject,day,edss\n\"1,0,2\n").empty());
}

TEST(ReadVisits, ForeignColumnsAreNamedNotRefused) {
  const auto observed = read("subject,day,edss,country\n1,0,2,IT\n");
  ASSERT_EQ(observed.ignored_columns.size(), 1u);
  EXPECT_EQ(observed.ignored_columns[0], "v.csv: country");
}

TEST(ReadVisits, ColumnsInTheirOwnRightAreNotTakenForMisspelt) {
  // "sex" is one letter from "sen", MSoutcomes' "bEDSS" one from "edss".
  const auto observed = read("ID,dateEDSS,EDSS,bEDSS,base.date,sex\n1,2020-01-01,2,2,2020-01-01,F\n");
  EXPECT_EQ(observed.ignored_columns.size(), 3u);
  EXPECT_EQ(problems_of("subject,day,edss,FSpry\n1,0,2,1\n").at(0).suggestion, "FSpyr");
}

TEST(ReadVisits, OtherSeparatorsAreNamed) {
  EXPECT_THAT(problems_of("subject;day;edss\n1;0;2,5\n").at(0).message, HasSubstr("semicolons"));
  EXPECT_THAT(problems_of("subject\tday\tedss\n1\t0\t2\n").at(0).message, HasSubstr("tabs"));
}

TEST(ReadTables, MustAgreeOnSubjectsAndCalendar) {
  const std::string_view visits = "subject,day,edss\n1,0,2\n";
  EXPECT_THAT(problems_of(visits, "subject,onset_day\n2,0\n").at(0).message, HasSubstr("'2' has no visits"));
  EXPECT_THAT(problems_of(visits, "subject,date\n1,2020-01-01\n").at(0).message,
              HasSubstr("visits count days"));
  EXPECT_THAT(problems_of(visits, "subject,onset_day,severity\n1,0,awful\n").at(0).allowed,
              HasSubstr("moderate"));
  EXPECT_THAT(problems_of(visits, "subject,onset_day,end_day\n1,10,5\n").at(0).message,
              HasSubstr("ends before"));
  EXPECT_THAT(problems_of(visits, {}, "subject,day,gd_count\n1,0,-1\n").at(0).message,
              HasSubstr("out of range"));
  EXPECT_THAT(problems_of("subject,date,edss\n1,2021-02-29,2\n").at(0).message, HasSubstr("not a date"));
}

TEST(ReadVisits, GarbageIsRefusedBriefly) {
  std::string garbage = "subject,day,edss\n";
  for (int k = 0; k < 200'000; ++k) garbage += "\x01\x02,!!,}{" + std::to_string(k) + "\n";
  const auto told = problems_of(garbage);
  EXPECT_FALSE(told.empty());
  EXPECT_LE(told.size(), 1003u);
  EXPECT_FALSE(problems_of(std::string(10'000'000, 'x')).empty());
  EXPECT_FALSE(problems_of(std::string(1'000'000, ',')).empty());
}

TEST(ReadFiles, MissingFileAndDirectory) {
  EXPECT_THROW(read_observed_files("/nowhere/visits.csv"), core::InputError);
  EXPECT_THROW(read_observed_files(std::filesystem::temp_directory_path().string()), core::InputError);
}

TEST(ReadFiles, TheVectorsFromATableGiveTheSameAnswers) {
  // Series S5 of docs/endpoints.md.
  const auto observed = read("subject,day,edss\nS5,0,2\nS5,84,3.5\nS5,168,3\nS5,252,3\nS5,336,3\n",
                             "subject,onset_day\nS5,70\n");
  const auto person = observed.subjects[0].record();
  const auto events = pira_and_raw(person, pira_preset(PiraPreset::muller2023).options);
  EXPECT_TRUE(events.first_raw.event);
  EXPECT_EQ(events.first_raw.day, 84);
}

}  // namespace
}  // namespace hortega::endpoints
