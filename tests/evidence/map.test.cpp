// SPDX-License-Identifier: Apache-2.0
// Every published outcome row has its place in map.toml, and the reader tells what is wrong and where.
#include "hortega/evidence/map.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace hortega::evidence {
namespace {

using ::testing::HasSubstr;

const std::string k_data = std::string(HORTEGA_SOURCE_DIR) + "/data";
const std::string k_head = "format = \"hortega-evidence-map\"\nversion = 1\n";

PublishedRows committed_rows() { return PublishedRows::load(k_data + "/evidence/published.csv"); }
core::Document committed_map() { return core::Document::load(k_data + "/evidence/map.toml"); }

// Two outcome rows and one that is none.
PublishedRows small_rows() {
  return PublishedRows::parse(
      "id,role,study,year,arm,population,n,age,duration_y,edss,prior_arr,intervention,endpoint,time_months,"
      "value,"
      "unit,ci_low,ci_high,ci_level,citation,status,note\n"
      "E1,calibration,S,2000,A,,50,,,,,,worsening,12,10,%,,,,c,verified,\n"
      "E2,validation,S,2000,A vs B,,,,,,,,new lesions,12,77 / 83,%,,,,c,verified,\n"
      "E3,context,S,2000,,,,,,,,,x,12,1,%,,,,c,memory,\n",
      "rows.csv");
}
const std::string k_first =
    "[[row]]\nid = \"E1\"\nprotocol = \"p\"\narm = \"A\"\nendpoint = \"worse\"\nestimator = \"percent\"\n";
const std::string k_second = "[[row]]\nid = \"E2\"\nnone = \"not an outcome\"\n";

std::string problem_of(const std::string& entries) {
  try {
    read_evidence_map(core::Document::parse(k_head + entries, "map.toml"), small_rows());
  } catch (const core::InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(EvidenceMap, NamesEveryOutcomeRowOnce) {
  const PublishedRows published = committed_rows();
  const EvidenceMap map = read_evidence_map(committed_map(), published);
  std::set<std::string> mapped;
  for (const MapEntry& e : map.entries) mapped.insert(e.id);
  for (const PublishedRow& row : published.rows())
    EXPECT_EQ(mapped.count(row.id) > 0, row.is_outcome())
        << row.id << " " << row.study << ": " << row.endpoint;
}

TEST(EvidenceMap, AgreesWithTheCommittedProtocols) {
  const EvidenceMap map = read_evidence_map(committed_map(), committed_rows());
  EXPECT_NO_THROW(check_against_protocols(map, k_data + "/protocols"));
}

TEST(EvidenceMap, CountsRowsAndReasons) {
  const PublishedRows published = committed_rows();
  const MapCounts counts = count(read_evidence_map(committed_map(), published));
  int outcomes = 0, reasons = 0;
  for (const PublishedRow& row : published.rows()) outcomes += row.is_outcome() ? 1 : 0;
  for (const auto& [reason, n] : counts.reasons) {
    EXPECT_GT(reason.size(), 15u) << reason;
    reasons += n;
  }
  EXPECT_EQ(counts.total(), outcomes);
  EXPECT_EQ(reasons, counts.none);
  EXPECT_GT(counts.mapped, 100);  // the rows of the protocols that are written
}

TEST(EvidenceMap, RefusesAnUnmappedRow) {
  const std::string message = problem_of(k_first);
  EXPECT_THAT(message, HasSubstr("'E2' is not mapped (S: new lesions)"));
  EXPECT_THAT(problem_of(k_first + k_second), "no error");
}

TEST(EvidenceMap, RefusesTheCommittedMapWithoutOneEntry) {
  const PublishedRows published = committed_rows();
  core::Document document = committed_map();
  core::Value root = document.root();
  root.find("row")->array()->erase(root.find("row")->array()->begin());
  const auto shorter = core::Document::parse(core::to_toml(root), "map.toml");
  try {
    read_evidence_map(shorter, published);
    FAIL() << "an unmapped row was taken";
  } catch (const core::InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("'E0001' is not mapped"));
    EXPECT_EQ(error.problems().size(), 1u);
  }
}

TEST(EvidenceMap, TellsUnknownAndRepeatedIdsWithTheirPlace) {
  std::string message = problem_of(k_first + k_second + "[[row]]\nid = \"E4\"\nnone = \"x\"\n");
  EXPECT_THAT(message, HasSubstr("'E4' is no published row"));
  EXPECT_THAT(message, HasSubstr("map.toml:13:"));
  message = problem_of(k_first + k_second + "[[row]]\nid = \"E3\"\nnone = \"x\"\n");
  EXPECT_THAT(message, HasSubstr("'E3' has role context"));
  message = problem_of(k_first + k_first + k_second);
  EXPECT_THAT(message, HasSubstr("'E1' is mapped more than once"));
}

TEST(EvidenceMap, ABiasIsOfAStudyThatIsThere) {
  const auto bias = [](const std::string& study) {
    return "[[bias]]\nstudy = \"" + study + "\"\nsd = 1.0\nreason = \"r\"\n";
  };
  EXPECT_EQ(problem_of(k_first + k_second + bias("S")), "no error");
  EXPECT_THAT(problem_of(k_first + k_second + bias("Sx")),
              HasSubstr("no published outcome is of a study 'Sx'"));
}

TEST(EvidenceMap, OnlyAStudySetAsideCanHaveBeenLookedAtAllTheSame) {
  EXPECT_THAT(problem_of(k_first + k_second + "[[looked_at]]\nstudy = \"S\"\nreason = \"r\"\n"),
              HasSubstr("no study 'S' is set aside"));
  // FREEDOMS: docs/mended.md starts from its hazard ratio among others.
  const EvidenceMap map = read_evidence_map(committed_map(), committed_rows());
  ASSERT_EQ(map.looked_at.size(), 1U);
  EXPECT_EQ(map.looked_at[0].study, "FREEDOMS");
}

TEST(EvidenceMap, TakesTheNumbersOfACellApart) {
  const std::string part = "[[row]]\nid = \"E2\"\nnone = \"not an outcome\"\npart = ";
  EXPECT_EQ(problem_of(k_first + part + "1\n" + part + "2\n"), "no error");
  EXPECT_THAT(problem_of(k_first + part + "1\n" + part + "1\n"), HasSubstr("are not 1, 2"));
  EXPECT_THAT(problem_of(k_first + part + "1\n"), HasSubstr("are not 1, 2"));
  EXPECT_THAT(problem_of(k_first + part + "1\n" + part + "2\n" + part + "3\n"),
              HasSubstr("split in 3 parts"));
}

TEST(EvidenceMap, RefusesEntriesThatDoNotNameAStatistic) {
  EXPECT_THAT(problem_of("[[row]]\nid = \"E1\"\n" + k_second), HasSubstr("neither `protocol` nor `none`"));
  EXPECT_THAT(problem_of(k_first + "none = \"x\"\n" + k_second), HasSubstr("names a statistic too"));
  EXPECT_THAT(problem_of("[[row]]\nid = \"E1\"\nprotocol = \"p\"\narm = \"A\"\nendpoint = \"w\"\nestimator = "
                         "\"hazard_ratio\"\n" +
                         k_second),
              HasSubstr("needs `contrast` of two arms"));
  EXPECT_THAT(problem_of(k_first + "estimater = \"x\"\n" + k_second), HasSubstr("estimater: unknown key"));
  EXPECT_THAT(problem_of(k_first + "time = \"12 kg\"\n" + k_second), HasSubstr("'kg' is no unit of time"));
}

class AgainstProtocols : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ofstream(directory_ / "p.toml")
        << "[[arm]]\nid = \"A\"\n[[endpoint]]\nid = \"worse\"\nkind = \"cdw\"\n";
  }

  std::string problem_of(const std::string& entry) const {
    const EvidenceMap map =
        read_evidence_map(core::Document::parse(k_head + entry + k_second, "map.toml"), small_rows());
    try {
      check_against_protocols(map, directory_.string());
    } catch (const core::InputError& error) {
      return error.what();
    }
    return "no error";
  }

  static std::string entry(const std::string& protocol, const std::string& arm, const std::string& endpoint,
                           const std::string& estimator) {
    return "[[row]]\nid = \"E1\"\nprotocol = \"" + protocol + "\"\narm = \"" + arm + "\"\nendpoint = \"" +
           endpoint + "\"\nestimator = \"" + estimator + "\"\n";
  }

  testing_support::TemporaryFolder temporary_;
  std::filesystem::path directory_ = temporary_.path();
};

TEST_F(AgainstProtocols, NamesMustExist) {
  EXPECT_EQ(problem_of(entry("p", "A", "worse", "percent")), "no error");
  EXPECT_EQ(problem_of(entry("p", "all", "worse", "percent")), "no error");
  EXPECT_THAT(problem_of(entry("q", "A", "worse", "percent")), HasSubstr("there is no protocol 'q'"));
  EXPECT_EQ(problem_of(entry("q", "A", "worse", "percent") + "planned = true\n"), "no error");
  EXPECT_THAT(problem_of(entry("p", "A", "worse", "percent") + "planned = true\n"), HasSubstr("is written"));
}

TEST_F(AgainstProtocols, ExperimentsAndTrialsAreToldApart) {
  std::ofstream(directory_ / "mice.toml")
      << "format = \"hortega-experiment\"\n[[arm]]\nid = \"A\"\n[[endpoint]]\nid = "
         "\"ill\"\nkind = \"incidence\"\n";
  EXPECT_EQ(problem_of(entry("mice", "A", "ill", "percent") + "experiment = true\n"), "no error");
  EXPECT_THAT(problem_of(entry("mice", "A", "ill", "percent")), HasSubstr("is an experiment"));
  EXPECT_THAT(problem_of(entry("p", "A", "worse", "percent") + "experiment = true\n"),
              HasSubstr("is a trial of people"));
  EXPECT_THAT(problem_of(entry("p", "B", "worse", "percent")), HasSubstr("p has no arm 'B'"));
  EXPECT_THAT(problem_of(entry("p", "A", "worst", "percent")), HasSubstr("did you mean 'worse'"));
  EXPECT_THAT(problem_of(entry("p", "A", "worse", "percent") + "subgroup = \"young\"\n"),
              HasSubstr("no subgroup 'young'"));
  EXPECT_THAT(problem_of(entry("p", "A", "worse", "per_scan")),
              HasSubstr("'per_scan' cannot be made from an endpoint of kind 'cdw'"));
}

TEST(Estimators, StandInTheOrderOfTheirEnum) {
  for (std::size_t i = 0; i < estimators().size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(estimators()[i].estimator), i);
    EXPECT_EQ(&info(estimators()[i].estimator), &estimators()[i]);
  }
}

TEST(Estimators, FitWhatEndpointsYield) {
  EXPECT_TRUE(fits(Estimator::hazard_ratio, "relapse"));
  EXPECT_TRUE(fits(Estimator::rate, "relapse"));
  EXPECT_TRUE(fits(Estimator::share_percent, "pira"));
  EXPECT_FALSE(fits(Estimator::rate, "edss"));
  EXPECT_FALSE(fits(Estimator::mean, "death"));
  EXPECT_FALSE(fits(Estimator::share_percent, "cdw"));
  EXPECT_TRUE(fits(Estimator::not_below_percent, "platelet_engraftment"));
  EXPECT_FALSE(fits(Estimator::not_below_percent, "trm"));
  EXPECT_TRUE(fits(Estimator::km_percent, "low_contrast"));
  EXPECT_FALSE(fits(Estimator::km_percent, "vep"));
  EXPECT_FALSE(fits(Estimator::percent, "no such kind"));
}

}  // namespace
}  // namespace hortega::evidence
