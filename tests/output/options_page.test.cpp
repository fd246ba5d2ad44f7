// SPDX-License-Identifier: Apache-2.0
// The page of a comparison whose numbers are known.
#include "hortega/output/options_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace hortega::output {
namespace {

using testing::HasSubstr;
using testing::Not;

evidence::Amount amount_of(double mean, double half) {
  evidence::Amount a;
  a.mean = mean;
  a.q10 = mean - 2.0 * half, a.q90 = mean + 2.0 * half;
  a.chance = {mean - 0.5 * half, mean + 0.5 * half};
  a.parameters = {mean - 0.25 * half, mean + 0.25 * half};
  a.both = {mean - half, mean + half};
  return a;
}

OutcomeRow row_of(const trial::OutcomeSpec& spec) {
  OutcomeRow row;
  row.spec = spec;
  row.frequency.assign(2, std::vector<evidence::Frequency>(trial::k_horizons));
  row.difference.assign(1, std::vector<evidence::Difference>(trial::k_horizons));
  return row;
}

MeasureOptions measure_of(const trial::MeasureSpec& spec, const evidence::Amount& first,
                          const evidence::Amount& second, const evidence::Amount& difference) {
  MeasureOptions m;
  m.spec = spec;
  m.amount = {std::vector<evidence::Amount>(trial::k_horizons, first),
              std::vector<evidence::Amount>(trial::k_horizons, second)};
  m.difference = {std::vector<evidence::Amount>(trial::k_horizons, difference)};
  return m;
}

OptionsReport report() {
  OptionsReport r;
  r.person_id = "someone";
  r.options.resize(2);
  r.options[0].id = "a", r.options[0].label = "Drug A";
  r.options[1].id = "b", r.options[1].label = "Drug B";
  r.draws = 4;
  for (const trial::OutcomeSpec& spec : trial::common_outcomes()) r.outcomes.push_back(row_of(spec));
  const std::vector<trial::MeasureSpec>& specs = trial::common_measures();
  r.measures.push_back(
      measure_of(specs[0], amount_of(0.65, 0.1), amount_of(0.6, 0.1), amount_of(0.05, 0.04)));
  r.measures.push_back(measure_of(specs[1], amount_of(3.2, 1.0), amount_of(3.6, 1.0), amount_of(-0.4, 0.3)));
  evidence::Amount nobody;
  nobody.mean = std::numeric_limits<double>::quiet_NaN();
  r.measures.push_back(measure_of(specs[2], amount_of(1.0, 0.5), nobody, amount_of(0.001, 0.2)));
  return r;
}

// More utility and less of a symptom are better; what may be nought has no colour.
TEST(OptionsPage, TellsSymptomsAndUtilityWithTheirRanges) {
  const std::string html = options_html(report());
  EXPECT_THAT(html, HasSubstr("<h2 id=\"symptoms\">"));
  EXPECT_THAT(html, HasSubstr("<strong>from EDSS and relapses alone</strong>"));
  EXPECT_THAT(html, HasSubstr("0.650"));
  EXPECT_THAT(html, HasSubstr("luck and people 0.600 to 0.700"));  // half of 0.1 about 0.65
  EXPECT_THAT(html, HasSubstr("parameters 0.625 to 0.675"));       // a quarter
  EXPECT_THAT(html, HasSubstr("<span class=\"better\">+0.050</span><span class=\"range\">+0.010 to +0.090"));
  EXPECT_THAT(html, HasSubstr("<span class=\"better\">\u22120.40</span>"));
  EXPECT_THAT(html, HasSubstr("<span class=\"\">0.00</span><span class=\"range\">\u22120.20 to +0.20"));
  EXPECT_THAT(html, HasSubstr("<td class=\"n\">\u2013</td>"));  // of nobody
  EXPECT_THAT(html, Not(HasSubstr(">nan")));
  EXPECT_THAT(options_text(report()), HasSubstr("0.650 (0.550 to 0.750)"));
}

TEST(OptionsPage, TellsWhatIsTakenTogetherFromWhatIsTakenInTurn) {
  OptionsReport r = report();
  EXPECT_THAT(options_html(r), Not(HasSubstr("gave these together")));
  r.options[0].parts = {"Drug A", "Drug C"};
  EXPECT_THAT(options_html(r), HasSubstr("gave these together"));
  EXPECT_THAT(options_html(r), Not(HasSubstr("Given one after another")));
  r.options[0].in_turn = 1;
  EXPECT_THAT(options_html(r), Not(HasSubstr("gave these together")));
  EXPECT_THAT(options_html(r), HasSubstr("Given one after another"));
  r.options[0].parts.insert(r.options[0].parts.begin() + 1, "Drug B");  // A and B, stopped for C
  EXPECT_THAT(options_html(r), HasSubstr("gave these together"));
  EXPECT_THAT(options_html(r), HasSubstr("Given one after another"));
}

evidence::Standing standing_with(const std::string& regimen, int rows) {
  evidence::Standing standing{regimen, {}};
  standing.studies.push_back({"study-of-" + regimen, "A study", {}, 2.0, rows, rows, 0, 0});
  return standing;
}

TEST(OptionsPage, SaysWhatNoPublishedNumberWasHeldAgainst) {
  const std::string of_it = "o published number was ever held against the engine for it";
  const std::string of_whole =
      "ublished numbers were held against the engine for each part, never for the combination";
  OptionsReport r = report();
  r.options[0].standing = {standing_with("drug", 3)};
  r.options[1].standing = {standing_with("cells", 0)};
  const std::string html = options_html(r);
  EXPECT_THAT(html, HasSubstr("<p class=\"advice\"><strong>Drug B</strong>: n" + of_it));  // under the answer
  EXPECT_THAT(html, HasSubstr("<li>N" + of_it));                                           // what it rests on
  EXPECT_THAT(html, Not(HasSubstr("<strong>Drug A</strong>")));
  EXPECT_THAT(options_text(r), HasSubstr("  2: Drug B\n     n" + of_it));
  auto json = nlohmann::json::parse(options_json(r));
  EXPECT_EQ(json["options"][0]["validated"], true);
  EXPECT_FALSE(json["options"][0].contains("not_validated"));
  EXPECT_EQ(json["options"][1]["validated"], false);
  EXPECT_THAT(json["options"][1]["not_validated"].get<std::string>(), HasSubstr("n" + of_it));

  // Together: as good as its weakest part, and never tried as a whole.
  r.options[1].standing = {standing_with("drug", 3), standing_with("other", 1)};
  r.options[1].parts = {"Drug A", "Drug C"};
  EXPECT_THAT(options_html(r), HasSubstr("<li>P" + of_whole));
  EXPECT_THAT(options_html(r), Not(HasSubstr("<strong>Drug B</strong>")));
  EXPECT_THAT(options_text(r), HasSubstr("  2: Drug B\n     p" + of_whole));
  json = nlohmann::json::parse(options_json(r));
  EXPECT_EQ(json["options"][1]["validated"], true);
  EXPECT_THAT(json["options"][1]["not_validated"].get<std::string>(), HasSubstr("p" + of_whole));
  r.options[1].standing.push_back(standing_with("cells", 0));
  r.options[1].parts.push_back("Cells");
  EXPECT_THAT(options_html(r),
              HasSubstr("<strong>Drug B</strong>: no published number was ever held against the "
                        "engine for &#39;cells&#39;, nor for the combination"));
  json = nlohmann::json::parse(options_json(r));
  EXPECT_EQ(json["options"][1]["validated"], false);
}

TEST(OptionsPage, TellsMildHarmsApart) {
  OptionsReport r = report();
  EXPECT_THAT(options_html(r), Not(HasSubstr("mild (grade 1)")));
  OutcomeRow fever =
      row_of({"mild: fever", "fever, mild", "Adverse event of CTCAE grade 1.", trial::Sense::harm, "fever"});
  fever.frequency[0][2].per_100 = 37.0;
  r.mild_harms = {fever};
  const std::string html = options_html(r);
  EXPECT_THAT(html, HasSubstr("Single kinds of harm, mild (grade 1), after 5 years"));
  EXPECT_THAT(html, HasSubstr("<th scope=\"row\">Fever, mild</th><td class=\"n\">37"));
  EXPECT_THAT(html, Not(HasSubstr("grade 2 or more, after")));
  EXPECT_THAT(options_csv(r), HasSubstr("\nmild: fever,\"fever, mild\",harm,5,a,37,"));
}

// Only what the fit varies can be ranked: the page must not say that it asked all parameters.
TEST(OptionsPage, RanksOnlyWhatTheFitVaries) {
  const std::string html = options_html(report());
  EXPECT_THAT(html, HasSubstr("Of the parameters that the fit varies, to know these better"));
  EXPECT_THAT(html, Not(HasSubstr("To know them better would move the answer most")));
}

TEST(OptionsPage, WritesSymptomsForOtherPrograms) {
  const std::string csv = symptoms_csv(report());
  EXPECT_THAT(csv, HasSubstr("\nfatigue,fatigue,severity 0-10,5,a,,3.2,"));
  EXPECT_THAT(csv, HasSubstr("\nfatigue,fatigue,severity 0-10,5,a,b,-0.4,"));
  EXPECT_THAT(csv, HasSubstr("\npain,pain,severity 0-10,5,b,,,,"));  // of nobody
  const auto json = nlohmann::json::parse(options_json(report()));
  ASSERT_EQ(json["symptoms"].size(), 3U);
  EXPECT_EQ(json["symptoms"][0]["sense"], "benefit");
  EXPECT_EQ(json["symptoms"][1]["sense"], "harm");
  const auto& five_years = json["symptoms"][0]["at"][2];
  EXPECT_EQ(five_years["years"], 5);
  EXPECT_EQ(five_years["options"][1]["mean"], 0.6);
  EXPECT_EQ(five_years["differences"][0]["mean"], 0.05);
  EXPECT_NEAR(five_years["differences"][0]["both_95"][0].get<double>(), 0.01, 1e-12);
  EXPECT_TRUE(json["symptoms"][2]["at"][2]["options"][1]["mean"].is_null());
}

}  // namespace
}  // namespace hortega::output
