// SPDX-License-Identifier: Apache-2.0
// The validation page and its files: what they say, that they agree with each other, and that the page asks
// for nothing.
#include "hortega/output/validation_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <regex>
#include <string>

#include <nlohmann/json.hpp>

#include "example_validation.hpp"
#include "hortega/core/csv.hpp"
#include "hortega/core/files.hpp"
#include "hortega/output/credibility.hpp"
#include "hortega/output/words.hpp"

namespace hortega::output {
namespace {

using nlohmann::json;
using testing::HasSubstr;

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

std::string page(const ValidationReport& report) { return validation_html(report, std::string(64, 'c')); }

TEST(ValidationReport, HeadlineJsonAgreesWithTheRowsOfTheCsv) {
  const ValidationReport report = example::validation();
  const json headline = json::parse(validation_headline_json(report));
  const core::CsvTable table = core::parse_csv(validation_csv(report), "validation.csv");
  const auto column = [&](const std::string& name) {
    return static_cast<std::size_t>(std::find(table.columns.begin(), table.columns.end(), name) -
                                    table.columns.begin());
  };
  for (const char* group : {"set_aside", "used", "fitted"}) {
    int rows = 0, inside_50 = 0, inside_90 = 0;
    double score = 0.0;
    for (const auto& record : table.records) {
      if (record.fields[column("group")] != group || !record.fields[column("not_scored")].empty()) continue;
      ++rows;
      inside_50 += record.fields[column("inside_50")] == "Y" ? 1 : 0;
      inside_90 += record.fields[column("inside_90")] == "Y" ? 1 : 0;
      score += std::stod(record.fields[column("interval_score")]);
    }
    ASSERT_GT(rows, 20) << group;
    const json& part = headline.at(group);
    EXPECT_EQ(part.at("rows_scored"), rows);
    EXPECT_NEAR(part.at("inside_50").get<double>(), static_cast<double>(inside_50) / rows, 1e-8);
    EXPECT_NEAR(part.at("inside_90").get<double>(), static_cast<double>(inside_90) / rows, 1e-8);
    EXPECT_NEAR(part.at("interval_score").get<double>(), score / rows, 1e-7);
    EXPECT_EQ(part.at("baselines").size(), 2U);
    EXPECT_TRUE(part.at("between_study_term").get<bool>());
  }
  const json all = json::parse(validation_json(report));
  EXPECT_EQ(all.at("headline"), headline);
  EXPECT_EQ(all.at("rows").size(), report.input.targets.size());
  EXPECT_EQ(all.at("studies_left_out").size(), 5U);
}

TEST(ValidationReport, GivesTheHeadlineWithoutEachStudyThatWasSetAside) {
  ValidationReport report = example::validation();
  report.looked_at = {{"Boffa", "on a <page>"}, {"AFFIRM", "fitted: not of the headline"}};
  const json whole = json::parse(validation_headline_json(report)).at("set_aside");
  const json& studies = whole.at("by_study");
  ASSERT_EQ(studies.size(), 4U);  // Boffa, Das, Kalincik, Kvistad
  int rows = 0, inside_50 = 0, inside_90 = 0;
  for (const json& study : studies) {
    int of_study = 0, of_study_90 = 0;
    for (const auto& row : report.result.rows) {
      if (!row.why_not_scored.empty()) continue;
      if (report.input.targets[row.target].family != study.at("study").get<std::string>()) continue;
      ++of_study;
      of_study_90 += row.main.shown()->inside_90 ? 1 : 0;
    }
    const json &alone = study.at("alone"), &rest = study.at("without_it");
    EXPECT_EQ(alone.at("rows_scored"), of_study);
    EXPECT_EQ(alone.at("rows_inside_90"), of_study_90);
    EXPECT_EQ(rest.at("rows_scored").get<int>(), whole.at("rows_scored").get<int>() - of_study);
    EXPECT_EQ(rest.at("rows_inside_90").get<int>(), whole.at("rows_inside_90").get<int>() - of_study_90);
    EXPECT_EQ(rest.at("studies"), 3);
    EXPECT_EQ(study.contains("looked_at"), study.at("study") == "Boffa");
    rows += alone.at("rows_scored").get<int>();
    inside_50 += alone.at("rows_inside_50").get<int>(), inside_90 += alone.at("rows_inside_90").get<int>();
  }
  EXPECT_EQ(whole.at("rows_scored"), rows);
  EXPECT_EQ(whole.at("rows_inside_50"), inside_50);
  EXPECT_EQ(whole.at("rows_inside_90"), inside_90);
  const json& rest = studies.at(0).at("without_it");
  ASSERT_EQ(studies.at(0).at("study"), "Boffa");
  const std::string words = looked_at_words(report);
  EXPECT_THAT(words, HasSubstr("Boffa was set aside too, but its rows were read while the model was mended "
                               "(on a <page>): without it " +
                               std::to_string(rest.at("rows_inside_90").get<int>()) + " of " +
                               std::to_string(rest.at("rows_scored").get<int>())));
  EXPECT_FALSE(has(words, "AFFIRM"));
  EXPECT_TRUE(has(credibility_markdown(report), words));
  EXPECT_TRUE(has(page(report), "(on a &lt;page&gt;): without it"));
  EXPECT_EQ(count(page(report), ">read while the model was mended<"), 1U);
  report.looked_at.clear();
  EXPECT_EQ(looked_at_words(report), "");
  EXPECT_EQ(count(page(report), "read while the model was mended"), 0U);
}

TEST(ValidationReport, ReductionsHaveTheirLowerLimitFirst) {
  const core::CsvTable table = core::parse_csv(validation_csv(example::validation()), "validation.csv");
  int reductions = 0;
  for (const auto& record : table.records) {
    const auto at = [&](const std::string& name) {
      return record.fields[static_cast<std::size_t>(
          std::find(table.columns.begin(), table.columns.end(), name) - table.columns.begin())];
    };
    if (at("low_90").empty()) continue;
    EXPECT_LT(std::stod(at("low_90")), std::stod(at("low_50")));
    EXPECT_LT(std::stod(at("high_50")), std::stod(at("high_90")));
    reductions += at("link") == "log_rest" ? 1 : 0;
  }
  EXPECT_EQ(reductions, 12);
}

TEST(ValidationReport, SaysTheFindingInWords) {
  ValidationReport report = example::validation();
  const auto& tally = report.result.headlines[0].shown();
  EXPECT_THAT(validation_answer(report), HasSubstr("that were set aside before any change to the model, " +
                                                   std::to_string(tally.inside_90) + " ("));
  for (auto& target : report.input.targets) target.set_aside = false;
  report.result = evidence::validate(report.input);
  EXPECT_THAT(validation_answer(report), HasSubstr("that were looked at while the model was built"));
  for (auto& target : report.input.targets) target.why_not_scored = "no number";
  report.result = evidence::validate(report.input);
  EXPECT_EQ(validation_answer(report), "No published number could be scored.");
  EXPECT_TRUE(has(page(report), "No row was scored."));
}

TEST(ValidationReport, CallsAnEngineThatIsTooSureByItsName) {
  ValidationReport report = example::validation();
  for (auto& draw : report.input.main.draws.by_draw)
    for (auto& p : draw) p.sd_study *= 0.05;
  report.input.main.draws.between_study_sd.clear();
  report.result = evidence::validate(report.input);
  EXPECT_THAT(validation_answer(report), HasSubstr("It claims to know more than it does."));
  EXPECT_THAT(credibility_markdown(report), HasSubstr("| Not met: "));
}

TEST(ValidationReport, HoldsItsSectionsAndEveryRow) {
  const ValidationReport report = example::validation();
  const std::string html = page(report);
  std::size_t at = html.find("class=\"headline\"");
  ASSERT_NE(at, std::string::npos);
  for (const char* id : {"scores", "one-by-one", "forest", "worst", "rows", "studies", "facts", "left-out",
                         "credibility", "methods", "repeat"}) {
    const std::size_t next = html.find("<h2 id=\"" + std::string(id) + "\"");
    ASSERT_NE(next, std::string::npos) << id;
    EXPECT_GT(next, at) << id;
    at = next;
  }
  std::size_t scored = 0;
  for (const auto& row : report.result.rows) scored += row.why_not_scored.empty() ? 1 : 0;
  EXPECT_EQ(count(html, "<a class=\"frow\""), scored);
  EXPECT_EQ(count(html, "<tr id=\"row-"), report.result.rows.size());
  EXPECT_TRUE(has(html, "Conduct off"));
  EXPECT_TRUE(has(html, "Made-up numbers &amp; nothing else."));
  EXPECT_TRUE(has(html, "✗ fails"));
  EXPECT_FALSE(std::regex_search(html, std::regex("[>( ]-?(nan|inf)[< ),]")));
}

TEST(ValidationReport, AsksForNothingOutsideAndEscapes) {
  ValidationReport report = example::validation();
  report.input.targets[0].study = "A <script>alert(1)</script>";
  report.input.targets[0].text = "\"><img src=x>";
  report.left_out[0].reason = "</ul><b>";
  report.notices = {"<i>"};
  const std::string html = page(report);
  EXPECT_FALSE(has(html, "<script>alert"));
  EXPECT_FALSE(has(html, "<img"));
  EXPECT_FALSE(has(html, "</ul><b>"));
  EXPECT_FALSE(has(html, "<i>"));
  EXPECT_TRUE(has(html, "default-src 'none'"));
  EXPECT_EQ(count(html, "http:"), 0U);
  EXPECT_EQ(count(html, "https:"), 0U);
  EXPECT_EQ(count(html, "<link"), 0U);
  EXPECT_EQ(count(html, " src=\""), 0U);
  EXPECT_LT(html.size(), 1'000'000U);  // it needs no figure library
}

TEST(ValidationReport, TextNamesHeadlineBaselinesAndTheWorst) {
  const ValidationReport report = example::validation();
  const std::string text = validation_text(report);
  EXPECT_TRUE(has(text, "Set aside"));
  EXPECT_TRUE(has(text, "baseline: prior"));
  EXPECT_TRUE(has(text, "baseline: other studies"));
  const auto worst = evidence::worst_rows(report.result, 10);
  ASSERT_EQ(worst.size(), 10U);
  for (const std::size_t i : worst) EXPECT_TRUE(has(text, report.input.targets[i].row_id));
}

TEST(ValidationReport, WritesItsFilesWithTheirHash) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("hortega_validation_" + std::to_string(::getpid()));
  const WrittenValidation written = write_validation(example::validation(), folder.string());
  // sha256sum's own lines, as the page says.
  const std::string command = "cd '" + folder.string() +
                              "' && LC_ALL=C sha256sum validation.csv validation.json | sha256sum > hash.txt";
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(core::read_file(folder / "hash.txt").substr(0, 64), written.results_sha256);
  EXPECT_TRUE(has(core::read_file(folder / "validation.html"), written.results_sha256));
  EXPECT_TRUE(has(core::read_file(folder / "credibility.md"), "## Eight categories of evidence"));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace hortega::output
