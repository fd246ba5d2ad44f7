// SPDX-License-Identifier: Apache-2.0
// ADaM datasets against the rules of Dataset-JSON 1.1 (cdisc-org/DataExchange-DatasetJson) and ADaM, by a
// validator of our own.
#include "hortega/output/adam.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "example_run.hpp"

namespace hortega::output {
namespace {

using Json = nlohmann::ordered_json;

const std::string k_study = "SIM-0123abcd";

/// What a Dataset-JSON file does not keep of the rules; empty if it is right.
std::vector<std::string> faults_of(const Json& file) {
  std::vector<std::string> faults;
  const auto fault = [&](const std::string& text) { faults.push_back(text); };
  const std::vector<std::string> order = {"datasetJSONCreationDateTime",
                                          "datasetJSONVersion",
                                          "fileOID",
                                          "dbLastModifiedDateTime",
                                          "originator",
                                          "sourceSystem",
                                          "studyOID",
                                          "metaDataVersionOID",
                                          "metaDataRef",
                                          "itemGroupOID",
                                          "records",
                                          "name",
                                          "label",
                                          "columns",
                                          "rows"};
  std::size_t last = 0;
  for (const auto& [key, value] : file.items()) {
    const auto at = std::find(order.begin(), order.end(), key);
    if (at == order.end()) {
      fault("unknown attribute " + key);
      continue;
    }
    const auto place = static_cast<std::size_t>(at - order.begin());
    if (place < last) fault("attribute out of order: " + key);
    last = place;
  }
  for (const char* required : {"datasetJSONCreationDateTime", "datasetJSONVersion", "itemGroupOID", "records",
                               "name", "label", "columns"})
    if (!file.contains(required)) fault(std::string("missing ") + required);
  if (!faults.empty()) return faults;
  if (!std::regex_match(file["datasetJSONVersion"].get<std::string>(),
                        std::regex("^1.1(.(0|([1-9][0-9]*)))?$")))
    fault("version");
  if (!std::regex_match(
          file["datasetJSONCreationDateTime"].get<std::string>(),
          std::regex("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$")))
    fault("creation time");
  if (file.contains("sourceSystem") &&
      (!file["sourceSystem"].contains("name") || !file["sourceSystem"].contains("version")))
    fault("sourceSystem");
  const auto& columns = file["columns"];
  std::set<std::string> names;
  const std::set<std::string> types = {"string",  "integer",  "decimal", "float", "double",
                                       "boolean", "datetime", "date",    "time",  "URI"};
  const std::set<std::string> allowed = {"itemOID",        "name",   "label",         "dataType",
                                         "targetDataType", "length", "displayFormat", "keySequence"};
  for (const auto& column : columns) {
    for (const auto& [key, value] : column.items())
      if (allowed.find(key) == allowed.end()) fault("column attribute " + key);
    for (const char* required : {"itemOID", "name", "label", "dataType"})
      if (!column.contains(required)) fault(std::string("column without ") + required);
    const std::string name = column["name"], label = column["label"];
    if (!std::regex_match(name, std::regex("[A-Z][A-Z0-9]{0,7}"))) fault("variable name " + name);
    if (label.empty() || label.size() > 40) fault("label of " + name);
    if (!names.insert(name).second) fault("variable twice: " + name);
    if (types.find(column["dataType"]) == types.end()) fault("type of " + name);
    if (column.contains("targetDataType") && column["targetDataType"] != "integer" &&
        column["targetDataType"] != "decimal")
      fault("target type of " + name);
    if (column.contains("length") && column["length"].get<int>() < 1) fault("length of " + name);
    if (column.contains("keySequence") && column["keySequence"].get<int>() < 1) fault("key of " + name);
  }
  if (file["rows"].size() != file["records"].get<std::size_t>()) fault("records");
  std::set<std::string> keys;
  for (const auto& row : file["rows"]) {
    if (row.size() != columns.size()) {
      fault("row of another length");
      continue;
    }
    std::string key;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto& value = row[i];
      const std::string type = columns[i]["dataType"], name = columns[i]["name"];
      if (columns[i].contains("keySequence")) {
        if (value.is_null()) fault("missing key " + name);
        key += value.dump() + "|";
      }
      if (value.is_null()) continue;
      if (type == "string" && (!value.is_string() || value.get<std::string>().size() > columns[i]["length"]))
        fault("text in " + name);
      if (type == "integer" && !value.is_number_integer()) fault("integer in " + name);
      if (type == "float" && !value.is_number()) fault("number in " + name);
      if (type == "date" && (!value.is_string() ||
                             !std::regex_match(value.get<std::string>(), std::regex("\\d{4}-\\d\\d-\\d\\d"))))
        fault("date in " + name);
    }
    if (!keys.insert(key).second) fault("key twice: " + key);
  }
  return faults;
}

std::map<std::string, AdamDataset> datasets() {
  const auto summary = example::summary();
  std::map<std::string, AdamDataset> out;
  for (auto& set : adam_datasets(summary, example::context(summary).times, k_study)) {
    const std::string name = set.name;
    out[name] = std::move(set);
  }
  return out;
}

Json json_of(const AdamDataset& set) {
  return Json::parse(adam_dataset_json(set, k_study, "2026-01-31T12:00:00Z"));
}

Json cell(const Json& file, std::size_t row, const std::string& name) {
  for (std::size_t i = 0; i < file["columns"].size(); ++i)
    if (file["columns"][i]["name"] == name) return file["rows"][row][i];
  return "no such column";
}

TEST(Adam, DatasetsKeepTheRulesOfDatasetJson) {
  const auto sets = datasets();
  ASSERT_EQ(sets.size(), 8U);
  for (const auto& [name, set] : sets) {
    EXPECT_FALSE(set.rows.empty()) << name;
    const auto faults = faults_of(json_of(set));
    EXPECT_TRUE(faults.empty()) << name << ": " << (faults.empty() ? "" : faults.front());
  }
}

TEST(Adam, SymptomsUtilityAndTestsHaveTheirCodes) {
  const auto sets = datasets();
  const auto value_of = [&](const char* set, const std::string& code) {
    const Json file = json_of(sets.at(set));
    for (std::size_t row = 0; row < file["rows"].size(); ++row)
      if (cell(file, row, "PARAMCD") == code) return cell(file, row, "AVAL");
    return Json("no such parameter");
  };
  EXPECT_NEAR(value_of("ADQS", "EQ5DUT").get<double>(), 0.6, 1e-6);
  EXPECT_EQ(value_of("ADQS", "SYMFATIG"), 4.0);
  EXPECT_EQ(value_of("ADQS", "SYMBLAD"), 3.0);
  EXPECT_EQ(value_of("ADQS", "SYMCOGN"), 5.0);
  EXPECT_EQ(value_of("ADFT", "LCLA25"), 38.0);
  EXPECT_EQ(value_of("ADFT", "VEPP100"), 112.0);
  EXPECT_EQ(value_of("ADMRI", "BHVOL"), 1.25);
  EXPECT_EQ(value_of("ADMRI", "PRL"), 3.0);
}

TEST(Adam, TheValidatorSeesFaults) {
  const Json good = json_of(datasets().at("ADSL"));
  const auto with = [&](auto change) {
    Json bad = good;
    change(bad);
    return faults_of(bad).size();
  };
  EXPECT_EQ(faults_of(good).size(), 0U);
  EXPECT_GT(with([](Json& j) { j["datasetJSONVersion"] = "1.0.0"; }), 0U);
  EXPECT_GT(with([](Json& j) { j["records"] = 3; }), 0U);
  EXPECT_GT(with([](Json& j) { j["surprise"] = 1; }), 0U);
  EXPECT_GT(with([](Json& j) { j["rows"].push_back(j["rows"][0]); }), 0U);
  EXPECT_GT(with([](Json& j) { j["columns"][0]["name"] = "TOOLONGNAME"; }), 0U);
  EXPECT_GT(with([](Json& j) { j["rows"][0][6] = "1"; }), 0U);
  EXPECT_GT(with([](Json& j) { j.erase("label"); }), 0U);
}

TEST(Adam, SubjectsAreDatedFromTheReferenceAndMarkedAsSimulated) {
  const Json adsl = json_of(datasets().at("ADSL"));
  ASSERT_EQ(adsl["rows"].size(), 24U);
  EXPECT_EQ(adsl["originator"], "Hortega (simulated data)");
  EXPECT_EQ(cell(adsl, 0, "STUDYID"), k_study);
  EXPECT_EQ(cell(adsl, 0, "USUBJID"), k_study + "-00001");
  EXPECT_EQ(cell(adsl, 0, "RANDDT"), "2000-01-03");
  EXPECT_EQ(cell(adsl, 1, "RANDDT"), "2000-02-07");  // enrolled 35 days later
  EXPECT_EQ(cell(adsl, 0, "TRTSDT"), "2000-01-31");  // 28 days to mobilisation
  EXPECT_EQ(cell(adsl, 0, "CD34DOSE"), 5.5);
  EXPECT_EQ(cell(adsl, 0, "DISCHDY"), 13.0);
  EXPECT_TRUE(cell(adsl, 1, "DISCHDY").is_null());
  EXPECT_TRUE(cell(adsl, 0, "DTCELL").is_null());  // own cells
  EXPECT_TRUE(cell(adsl, 1, "CD34DOSE").is_null());
  // Crossed over at 800: no treatment of the allocated arm after that; 800 - 0 + 1 days.
  EXPECT_EQ(cell(adsl, 3, "TRTDURD"), 801);
}

TEST(Adam, ARegimenOfCellsIsNoTreatmentUntilTheFirstCells) {
  auto summary = example::summary();
  using endpoints::Milestone;
  auto& given = summary.first.participants[0];
  given.gives_cells = true, given.first_dose_day = 0, given.first_cells_day = 54;
  given.milestones = {{Milestone::product_ready, 54, 54.0},
                      {Milestone::product_cost, 54, 9000.0},
                      {Milestone::product_batches, 54, 2.0},
                      {Milestone::product_passages, 54, 3.0},
                      {Milestone::product_cells, 54, 150.0},
                      {Milestone::product_potency, 54, 0.75},
                      {Milestone::product_senescent, 54, 0.0625},
                      {Milestone::batch_too_few, 54, 1.0},
                      {Milestone::infusion, 54, 105.0}};
  auto& none = summary.first.participants[2];
  none.gives_cells = true, none.first_dose_day = 0, none.first_cells_day = endpoints::kNever;
  none.milestones = {{Milestone::product_failure, 90, 90.0}, {Milestone::batch_weak, 90, 2.0}};
  std::map<std::string, Json> sets;
  for (const auto& set : adam_datasets(summary, example::context(summary).times, k_study))
    sets[set.name] = json_of(set);
  const Json& adsl = sets.at("ADSL");
  EXPECT_EQ(cell(adsl, 0, "TRTSDT"), "2000-02-26");  // 54 days after 2000-01-03
  EXPECT_EQ(cell(adsl, 0, "SAFFL"), "Y");
  EXPECT_EQ(cell(adsl, 2, "SAFFL"), "N");
  EXPECT_TRUE(cell(adsl, 2, "TRTSDT").is_null());
  EXPECT_TRUE(cell(adsl, 2, "TRT01A").is_null());
  const Json& adex = sets.at("ADEX");
  EXPECT_TRUE(faults_of(adex).empty());
  std::map<std::string, double> told, failed;
  for (std::size_t row = 0; row < adex["rows"].size(); ++row) {
    auto& of = cell(adex, row, "USUBJID") == k_study + "-00001" ? told : failed;
    of[cell(adex, row, "PARAMCD").get<std::string>()] = cell(adex, row, "AVAL").get<double>();
  }
  EXPECT_EQ(told, (std::map<std::string, double>{{"BATCHES", 2.0},
                                                 {"CELLS", 105.0},
                                                 {"CELLSMAD", 150.0},
                                                 {"FAILFEW", 1.0},
                                                 {"MAKECOST", 9000.0},
                                                 {"MAKEDY", 54.0},
                                                 {"PASSAGES", 3.0},
                                                 {"POTENCY", 0.75},
                                                 {"SENESC", 0.0625}}));
  EXPECT_EQ(failed, (std::map<std::string, double>{{"FAILDY", 90.0}, {"FAILWEAK", 2.0}}));
}

TEST(Adam, TimesHaveTheCodesOfTheList) {
  const auto summary = example::summary();
  const auto times = adtte_times(summary, example::times(summary));
  const auto of = [&](std::size_t participant, const std::string& code) {
    for (const auto& t : times)
      if (t.participant == participant && t.paramcd == code) return t;
    return PersonTime{};
  };
  // Confirmation over 6 months is the 24 weeks of the list.
  EXPECT_EQ(of(0, "CDP24").start_day, 0);
  EXPECT_EQ(of(0, "TTRELAP").start_day, 56);  // origin: transplant
  EXPECT_EQ(of(3, "CDP24").cnsr, 7);          // rescued at 800, the estimand ends there
  EXPECT_EQ(of(9, "CDP24").cnsr, 0);
  EXPECT_EQ(of(9, "CDP24").day, 700);
  EXPECT_EQ(of(9, "CDP24").evntdesc, "Progression");
  std::set<int> codes;
  for (const auto& t : times) {
    codes.insert(t.cnsr);
    EXPECT_LE(t.param.size(), 200U);
    EXPECT_LE(t.paramcd.size(), 8U);
    const auto reason = summary.first.participants[t.participant].end_reason;
    EXPECT_TRUE(t.cnsr != 1 || reason == trial::EndReason::completed);
    EXPECT_TRUE(t.cnsr != 2 || reason == trial::EndReason::dropped_out);
  }
  EXPECT_EQ(codes, (std::set<int>{0, 1, 2, 7}));
}

TEST(Adam, EndpointsOfOneKindGetTheirOwnCodes) {
  auto summary = example::summary();
  summary.protocol.endpoints[3] = summary.protocol.endpoints[0];
  summary.protocol.endpoints[3].id = "again";
  std::vector<evidence::PersonTime> times = {{0, 0, 5, true, false, {}}, {0, 3, 6, true, false, {}}};
  const auto named = adtte_times(summary, times);
  ASSERT_EQ(named.size(), 2U);
  EXPECT_EQ(named[0].paramcd, "CDP24");
  EXPECT_EQ(named[1].paramcd, "CDP242");
  EXPECT_NE(named[0].param, named[1].param);  // one to one with PARAMCD
  EXPECT_EQ(named[1].param, "Days to Progression (CDP242)");
}

TEST(Adam, ParamIsWholeAndWhereItIsTooLongEndsWithAWord) {
  auto summary = example::summary();
  const std::vector<evidence::PersonTime> times = {{0, 3, 6, true, false, {}}};
  const auto param = [&](const std::string& label) {
    summary.protocol.endpoints[3].label = label;
    return adtte_times(summary, times).at(0).param;
  };
  // 8 characters of "Days to " and 40 more: cut in a word as long as PARAM had 40.
  EXPECT_EQ(param("Onset with an attack (else progressive)."),
            "Days to Onset with an attack (else progressive).");
  // "Days to" and n words of six letters after a space are 7 + 7 n characters: 196 with 27, 203 with 28.
  std::string words, kept = "Days to";
  for (int i = 0; i < 30; ++i) words += "attack ";
  for (int i = 0; i < 27; ++i) kept += " attack";
  EXPECT_EQ(param(words + "attack"), kept);
  // One long word is cut between characters: "é" has two bytes, "Days to x" nine, and byte 200 would be the
  // first half of the 96th.
  std::string accents = "x", most = "Days to x";
  for (int i = 0; i < 120; ++i) accents += "é";
  for (int i = 0; i < 95; ++i) most += "é";
  EXPECT_EQ(param(accents), most);
}

TEST(Adam, BetterHasACodeOfItsOwn) {
  auto summary = example::summary();
  auto& walk = summary.protocol.endpoints[3];
  walk.kind = trial::EndpointKind::t25fw;
  walk.worsening = 0.2;
  const std::vector<evidence::PersonTime> times = {{0, 3, 6, true, false, {}}};
  EXPECT_EQ(adtte_times(summary, times).at(0).paramcd, "TTT25FW");
  walk.worsening.reset();
  walk.improvement = 0.2;
  EXPECT_EQ(adtte_times(summary, times).at(0).paramcd, "TTT25FWI");
}

TEST(Adam, EdssHasBaselineAndChange) {
  const Json adedss = json_of(datasets().at("ADEDSS"));
  std::size_t baselines = 0;
  std::size_t changes = 0;
  for (std::size_t i = 0; i < adedss["rows"].size(); ++i) {
    if (cell(adedss, i, "PARAMCD") != "EDSS") continue;
    if (cell(adedss, i, "ABLFL") == "Y") {
      ++baselines;
      EXPECT_EQ(cell(adedss, i, "ADY"), 1);  // there is no day 0
      EXPECT_EQ(cell(adedss, i, "AVISIT"), "BASELINE");
      EXPECT_TRUE(cell(adedss, i, "CHG").is_null());
    } else {
      ++changes;
      EXPECT_DOUBLE_EQ(cell(adedss, i, "CHG").get<double>(),
                       cell(adedss, i, "AVAL").get<double>() - cell(adedss, i, "BASE").get<double>());
    }
  }
  EXPECT_EQ(baselines, 24U);
  EXPECT_GE(changes, 3 * 24U);  // days 183, 365 and 731 at least
}

TEST(Adam, DatesAreThoseOfTheCalendar) {
  EXPECT_EQ(reference_date(0), "2000-01-03");
  EXPECT_EQ(reference_date(57), "2000-02-29");  // 2000 is a leap year
  EXPECT_EQ(reference_date(58), "2000-03-01");
  EXPECT_EQ(reference_date(-3), "1999-12-31");
  EXPECT_EQ(reference_date(36581), "2100-02-28");  // 2100 is none
  EXPECT_EQ(reference_date(36582), "2100-03-01");
}

TEST(Adam, CsvHasTheSameCells) {
  const auto sets = datasets();
  const std::string csv = adam_csv(sets.at("ADAE"));
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), static_cast<long>(sets.at("ADAE").rows.size()) + 1);
  EXPECT_NE(csv.find("febrile neutropenia,2000-03-03,61,2000-03-09,7,DAYS,3,Y,N,Y"), std::string::npos)
      << csv;
}

}  // namespace
}  // namespace hortega::output
