// SPDX-License-Identifier: Apache-2.0
// The page of a comparison whose numbers are known.
#include "hortega/output/options_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

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

// More utility is better; symptoms come by assumed maps and have no colour, nor has what may be nought.
TEST(OptionsPage, TellsSymptomsAndUtilityWithTheirRanges) {
  const std::string html = options_html(report());
  EXPECT_THAT(html, HasSubstr("<h2 id=\"symptoms\">"));
  EXPECT_THAT(html, HasSubstr("<strong>from EDSS and relapses alone</strong>"));
  EXPECT_THAT(html, HasSubstr("0.650"));
  EXPECT_THAT(html, HasSubstr("luck and people 0.600 to 0.700"));  // half of 0.1 about 0.65
  EXPECT_THAT(html, HasSubstr("parameters 0.625 to 0.675"));       // a quarter
  EXPECT_THAT(html, HasSubstr("<span class=\"better\">+0.050</span><span class=\"range\">+0.010 to +0.090"));
  EXPECT_THAT(html, HasSubstr("<span class=\"\">\u22120.40</span>"));
  EXPECT_THAT(html, HasSubstr("<span class=\"\">0.00</span><span class=\"range\">\u22120.20 to +0.20"));
  EXPECT_THAT(html, HasSubstr("<td class=\"n\">\u2013</td>"));  // of nobody
  EXPECT_THAT(html, Not(HasSubstr(">nan")));
  EXPECT_THAT(html, HasSubstr("differences of a few tenths are not noticeable"));
  // As of counts: luck and people, then parameters.
  EXPECT_THAT(options_text(report()), HasSubstr("0.650* (0.600 to 0.700; 0.625 to 0.675)"));
  OptionsReport r = report();
  r.measures[0].amount[0].assign(trial::k_horizons, amount_of(0.65, 0.1));
  for (evidence::Amount& a : r.measures[0].amount[0]) a.parameters.reset();
  EXPECT_THAT(options_text(r), HasSubstr("0.650* (0.600 to 0.700; -)"));
  EXPECT_THAT(options_html(r), HasSubstr("parameters not told from chance"));
  EXPECT_THAT(symptoms_csv(r), HasSubstr("\neq5d,\"EQ-5D utility, mean over the years\",utility,5,a,,0.65,"
                                         "0.45,0.85,0.6,0.7,,,0.55,0.75,0\n"));
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
  EXPECT_THAT(options_text(r), HasSubstr("  B: Drug B\n     n" + of_it));
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
  EXPECT_THAT(options_text(r), HasSubstr("  B: Drug B\n     p" + of_whole));
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

OutcomeRow& outcome_of(OptionsReport& r, const std::string& id) {
  for (OutcomeRow& row : r.outcomes) {
    if (row.spec.id == id) return row;
  }
  throw std::out_of_range(id);
}

TEST(OptionsPage, SaysWhereNumbersAreOfOtherPeople) {
  OptionsReport r = report();
  r.options[0].standing = {standing_with("drug", 3)};
  r.options[1].standing = {standing_with("cells", 2)};
  const std::string others = "eld against published numbers in other people only (relapsing MS)";
  EXPECT_THAT(options_html(r), Not(HasSubstr(others)));
  evidence::StudyStanding& study = r.options[1].standing[0].studies[0];
  study.outside = {"course secondary progressive, studied relapsing"};
  study.other_course = "relapsing";
  r.warnings = {"a number was edited"};
  const std::string html = options_html(r);
  EXPECT_THAT(html, HasSubstr("<p class=\"advice\"><strong>Drug B</strong>: h" + others + ".</p>"));
  EXPECT_THAT(html, HasSubstr("<p class=\"advice\">a number was edited.</p>"));
  EXPECT_THAT(html, HasSubstr("<li>H" + others));
  EXPECT_THAT(options_text(r), HasSubstr("  B: Drug B\n     h" + others));
  const auto json = nlohmann::json::parse(options_json(r));
  EXPECT_EQ(json["options"][1]["other_people_only"], "h" + others);
  EXPECT_FALSE(json["options"][0].contains("other_people_only"));
  EXPECT_EQ(json["warnings"], (nlohmann::json{"a number was edited", "Drug B: h" + others}));
}

// Five years are beyond a study of two: in the answer, the pictures, the terminal's table.
TEST(OptionsPage, StarsWhatNoStudyFollowed) {
  OptionsReport r = report();
  r.options[0].standing = {standing_with("drug", 3)};
  r.options[0].standing[0].studies[0].follow_up_year = 6.0;
  r.options[1].standing = {standing_with("cells", 2)};  // two years
  outcome_of(r, "worsening_free").frequency[0][2].per_100 = 80.0;
  outcome_of(r, "worsening_free").frequency[1][2].per_100 = 70.0;
  const std::string answer = options_answer(r);
  EXPECT_THAT(answer, HasSubstr("\nA: 80 alive without worsening\n"));
  EXPECT_THAT(answer, HasSubstr("\nB: 70* alive without worsening;"));
  EXPECT_THAT(answer, HasSubstr("\n* longer than any study"));
  EXPECT_THAT(options_text(r), HasSubstr("70* ("));
  EXPECT_THAT(options_text(r), Not(HasSubstr("80* (")));
  EXPECT_THAT(options_html(r), HasSubstr("<span class=\"big\">70</span><span class=\"far\">*</span> of 100"));
  EXPECT_THAT(options_html(r), HasSubstr("<span class=\"big\">80</span> of 100"));
  r.options[1].standing[0].studies[0].follow_up_year = 5.0;
  EXPECT_THAT(options_answer(r), Not(HasSubstr("*")));
}

// To be read aloud: a line for each option, differences in words, deaths where the treatment kills.
TEST(OptionsPage, AnswersInALineForEachOption) {
  OptionsReport r = report();
  for (OptionColumn& o : r.options) {
    o.standing = {standing_with("drug", 3)};
    o.standing[0].studies[0].follow_up_year = 10.0;
  }
  OutcomeRow& row = outcome_of(r, "worsening_free");
  row.frequency[0][2].per_100 = 98.0;
  row.frequency[1][2].per_100 = 70.0;
  row.difference[0][2].per_100 = 28.0;
  row.difference[0][2].both = {12.0, 44.0};
  outcome_of(r, "treatment_death").frequency[0][2].per_100 = 0.6;
  EXPECT_EQ(options_answer(r),
            "Of 100 people with a past like this, five years from now:\n"
            "A: 98 alive without worsening; the treatment itself kills 0.6\n"
            "B: 70 alive without worsening; 28 fewer than A (12 to 44)\n"
            "A is Drug A; B is Drug B.");
  row.difference[0][2].both = {-3.0, 44.0};
  EXPECT_THAT(options_answer(r), HasSubstr("no clear difference from A (44 fewer to 3 more)"));
  row.difference[0][2].per_100 = -5.0;
  row.difference[0][2].both = {-9.0, -1.0};
  EXPECT_THAT(options_answer(r), HasSubstr("5 more than A (1 to 9)"));
  EXPECT_THAT(options_html(r),
              HasSubstr("<li>A: 98 alive without worsening; the treatment itself kills 0.6</li>"));
}

TEST(OptionsPage, TellsNoughtByTheNumberSimulated) {
  OptionsReport r = report();
  r.followed = 4000;
  OutcomeRow& row = outcome_of(r, "treatment_death");
  row.frequency[0][2].simulation_limit = 0.0749;  // 100 (1 - 0.05^(1/4000)), told rounded up
  row.difference[0][2].simulation_limit = 0.0749;
  const std::string html = options_html(r);
  EXPECT_THAT(html, HasSubstr("simulated:</span><span class=\"range\">fewer than 0.1</span>"));
  EXPECT_THAT(html, HasSubstr("<span class=\"range\">none among 4"));
  EXPECT_THAT(html, HasSubstr("<span class=\"range\">none differ among 4"));
  EXPECT_THAT(options_text(r), HasSubstr("0* (none among 4000: fewer than 0.1)"));
  EXPECT_THAT(options_text(r), HasSubstr("0 (fewer than 0.1 differ)"));
  EXPECT_THAT(options_csv(r),
              HasSubstr("\ntreatment_death,dead of the treatment,harm,5,a,0,0,0,,,0,0,0,0.0749,1\n"));
  EXPECT_THAT(differences_csv(r),
              HasSubstr("\ntreatment_death,dead of the treatment,harm,5,a,b,0,0,0,0,0,,,0,0,0,"
                        "0.0749\n"));
  const auto json = nlohmann::json::parse(options_json(r));
  for (const auto& outcome : json["outcomes"]) {
    if (outcome["id"] != "treatment_death") continue;
    const auto& five_years = outcome["at"][2];
    EXPECT_EQ(five_years["options"][0]["simulation_limit"], 0.0749);
    EXPECT_TRUE(five_years["options"][0]["parameters_95"].is_null());
    EXPECT_TRUE(five_years["options"][1]["simulation_limit"].is_null());
  }
}

TEST(OptionsPage, HasNoNumberForWhatIsNotSimulated) {
  OptionsReport r = report();
  OutcomeRow& row = outcome_of(r, "fertility");
  row.spec = *trial::told_of(row.spec, false, 2.0);
  const std::string html = options_html(r);
  EXPECT_THAT(html, HasSubstr("<th scope=\"row\">Infertility</th><td class=\"n quiet\">not simulated</td>"));
  EXPECT_THAT(html, Not(HasSubstr("<th scope=\"row\">Early menopause</th>")));
  EXPECT_THAT(html, HasSubstr("infertility of men"));  // among the harms that are not simulated
  EXPECT_THAT(options_text(r), HasSubstr("not simulated"));
  EXPECT_THAT(options_csv(r), HasSubstr("\nfertility,infertility,harm,5,a,,,,,,,,,,1\n"));
  EXPECT_THAT(differences_csv(r), HasSubstr("\nfertility,infertility,harm,5,a,b,,,,,,,,,,,\n"));
  const auto json = nlohmann::json::parse(options_json(r));
  const auto& last = json["outcomes"][r.outcomes.size() - 2];
  ASSERT_EQ(last["id"], "fertility");
  EXPECT_EQ(last["simulated"], false);
  EXPECT_TRUE(last["at"][2]["options"][0]["per_100"].is_null());
  EXPECT_TRUE(last["at"][2]["differences"][0]["per_100"].is_null());
}

TEST(OptionsPage, PicturesAWheelchairWhereAnAidIsNotTold) {
  OptionsReport r = report();
  const auto is = [](const char* id) { return [id](const OutcomeRow& row) { return row.spec.id == id; }; };
  r.outcomes.erase(std::find_if(r.outcomes.begin(), r.outcomes.end(), is("walking_aid")));
  EXPECT_THAT(options_html(r), HasSubstr("<h3>Needing a wheelchair (EDSS 7)</h3>"));
  r.outcomes.erase(std::find_if(r.outcomes.begin(), r.outcomes.end(), is("wheelchair")));
  const std::string html = options_html(r);
  EXPECT_THAT(html, Not(HasSubstr("wheelchair")));
  EXPECT_THAT(html, HasSubstr("<h3>Another serious infection</h3>"));
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
  // Above the first table, not far below.
  const std::size_t said = html.find("Parameters that the fit does not vary");
  ASSERT_NE(said, std::string::npos);
  EXPECT_LT(said, html.find("<table"));
}

// A list of which nothing stands out from chance says nothing.
TEST(OptionsPage, ListsParametersOnlyWhereOneStandsOut) {
  OptionsReport r = report();
  r.influences = {{"alive without a relapse", "Drug B", {{"lesion_rate", 0.5, false}, {"loss", 0.2, false}}}};
  EXPECT_THAT(options_html(r), Not(HasSubstr("<code>lesion_rate</code>")));
  EXPECT_THAT(options_html(r), HasSubstr("None stands out from chance"));
  r.influences[0].parameters[0].beyond_chance = true;
  EXPECT_THAT(options_html(r), HasSubstr("<code>lesion_rate</code> +0.50 <strong>beyond chance</strong>"));
  EXPECT_THAT(options_html(r), Not(HasSubstr("None stands out from chance")));
}

TEST(OptionsPage, PutsNoRangeOfPeopleUnderRangesOfMeans) {
  OptionsReport r = report();
  ResourceOptions cost;
  for (const economics::Row& row : economics::rows()) {
    if (row.id == "cost") cost.row = row;
  }
  ASSERT_EQ(cost.row.id, "cost");
  cost.amount.assign(2, std::vector<evidence::Amount>(trial::k_horizons, amount_of(126509.0, 2000.0)));
  cost.difference.assign(1, std::vector<evidence::Amount>(trial::k_horizons, amount_of(500.0, 100.0)));
  r.resources = {cost};
  EXPECT_THAT(options_text(r), HasSubstr("126509  "));
  EXPECT_THAT(options_text(r), HasSubstr("500 (400 to 600)"));
  EXPECT_THAT(options_text(r), Not(HasSubstr("122509")));  // 10 % of people
  EXPECT_THAT(options_html(r), HasSubstr("8 of 10 people: "));
  EXPECT_THAT(options_html(r), HasSubstr("A mean may lie outside of what 8 of 10 people take"));
}

TEST(OptionsPage, WritesWhatIsTakenUnrounded) {
  OptionsReport r = report();
  ResourceOptions days;
  for (const economics::Row& row : economics::rows()) {
    if (row.id == "hospital_days") days.row = row;
  }
  ASSERT_EQ(days.row.id, "hospital_days");
  days.amount.assign(2, std::vector<evidence::Amount>(trial::k_horizons, amount_of(126509.375, 0.5)));
  days.difference.assign(1, std::vector<evidence::Amount>(trial::k_horizons, amount_of(0.3125, 0.125)));
  r.resources = {days};
  const std::string csv = resources_csv(r);
  EXPECT_THAT(csv, HasSubstr("\nhospital_days,days in hospital,days,5,a,,126509.375,"));
  EXPECT_THAT(csv, HasSubstr("\nhospital_days,days in hospital,days,5,a,b,0.3125,"));
  EXPECT_THAT(options_text(r), HasSubstr("0.3 (0.2 to 0.4)"));
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
