// SPDX-License-Identifier: Apache-2.0
// The report: what it says, what it escapes, and that a browser without a network draws its figures.
#include "hortega/output/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <limits>
#include <regex>
#include <string>

#include <nlohmann/json.hpp>

#include "example_run.hpp"
#include "hortega/core/files.hpp"
#include "hortega/output/figures.hpp"
#include "hortega/output/population.hpp"
#include "hortega/output/words.hpp"

namespace hortega::output {
namespace {

using testing::HasSubstr;

/// Matchers would print the whole page, which is a megabyte.
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

std::string page(const evidence::RunSummary& summary) {
  return report_html(summary, example::context(summary), std::string(64, 'c'));
}

TEST(Report, AnswersInOneSentenceWithIntervals) {
  EXPECT_EQ(
      answer_sentence(example::summary()),
      "In 500 simulated trials of 110 people, progression came less often or later with HSCT than with DMT: "
      "hazard ratio 0.11 on average, 0.03 to 0.24 in 95\u00a0% of the trials; 99\u00a0% of the trials would "
      "show a difference (p\u00a0<\u00a0"
      "0.05); by the end of follow-up it had come to "
      "10\u00a0% (3.1\u00a0% to 20\u00a0%) of people with HSCT and to 66\u00a0% (49\u00a0% to 82\u00a0%) "
      "with "
      "DMT.");
}

TEST(Report, DoesNotClaimADirectionThatTheMeanDoesNotGive) {
  auto summary = example::summary();
  summary.estimates[0].mean = 0.99;
  summary.estimates[0].mc_error = 0.02;
  EXPECT_THAT(answer_sentence(summary), HasSubstr("came not clearly more or less often with HSCT"));
  summary.estimates[0].mean = 1.1;
  EXPECT_THAT(answer_sentence(summary), HasSubstr("came more often or earlier with HSCT"));
}

TEST(Report, SaysWhomDifferencesFavour) {
  auto summary = example::summary();
  summary.draws = 0;
  summary.estimates[0].significant_for_arm = 0.96;
  summary.estimates[0].significant_for_reference = 0.034;
  EXPECT_THAT(answer_sentence(summary),
              HasSubstr("99\u00a0% of the trials would show a difference (p\u00a0<\u00a00.05), 96\u00a0% in "
                        "favour of HSCT and 3.4\u00a0% of DMT; by the end"));
  summary.draws = 100;
  EXPECT_THAT(answer_sentence(summary),
              HasSubstr("3.4\u00a0% of DMT, averaged over what is not known of the parameters; by the end"));
}

TEST(Report, SaysInHowManyDrawsCellsDoNothing) {
  auto summary = example::summary();
  summary.draws = 2;
  summary.cells_do_nothing = {true, false};
  // Trials 0 and 2 are of the draw in which cells do nothing: one of two shows a difference, of the others
  // both.
  summary.replicate_values = {{0, 0, 1.0, 0.2},
                              {1, 0, 0.5, 0.01},
                              {2, 0, 0.9, 0.04},
                              {3, 0, 0.4, 0.001},
                              {0, 1, 4.0, 0.001}};  // of another estimate
  EXPECT_THAT(
      answer_sentence(summary),
      HasSubstr(
          " In 1 of the 2 draws mesenchymal cells do nothing (every strength none): there 50\u00a0% of the "
          "trials would show it, in the others 100\u00a0%."));
  summary.cells_do_nothing = {false, false};
  EXPECT_THAT(answer_sentence(summary),
              HasSubstr("In 0 of the 2 draws mesenchymal cells do nothing (every strength "
                        "none): in the others 75\u00a0% of the trials would show it."));
  summary.cells_do_nothing.clear();
  EXPECT_EQ(answer_sentence(summary).find("mesenchymal"), std::string::npos);
}

TEST(Report, TellsTheMakingOfCellsWhereSomeAreGiven) {
  auto summary = example::summary();
  EXPECT_FALSE(has(page(summary), "Making the cells"));
  evidence::CellsMadeRow row;
  row.arm = "HSCT", row.people = 200.0, row.without_cells = 50.0, row.no_batch = 20.0, row.batches = 1.25;
  row.too_few = 15.0, row.weak = 5.0, row.passages = 2.5, row.potency = 0.75;
  row.weeks_q10 = 5.0, row.weeks_median = 7.0, row.weeks_q90 = 9.0;
  summary.cells_made = {row};
  const std::string html = page(summary);
  EXPECT_TRUE(has(html, "<h2 id=\"cells\">Making the cells"));
  EXPECT_TRUE(has(html, "20\u00a0%<span class=\"range\">too few cells 15\u00a0%, potency 5"));
  EXPECT_TRUE(has(html, "people: 5"));
  EXPECT_TRUE(has(html, "<td class=\"n\">10\u00a0%</td><td class=\"n\">25\u00a0%</td>"));  // 20 and 50 of 200
}

TEST(Report, LeadsWithTheMedianWhereTrialsHadNoEventInAnArm) {
  auto summary = example::summary();
  auto& ratio = summary.estimates[0];  // hazard ratio 0.11, 0.03 to 0.24
  ratio.defined_share = 0.75;
  ratio.median = 0.08;
  ratio.low = 0.0;
  EXPECT_THAT(
      answer_sentence(summary),
      HasSubstr("came less often or later with HSCT than with DMT: hazard ratio 0.08 in the median "
                "trial, 0 to 0.24 in 95\u00a0% of the trials; in 25\u00a0% of the trials an arm had no "
                "event, and over the others the mean was 0.11; 99\u00a0% of the trials would show"))
      << "95 % of all trials lie below 1";
  // The trials that have a ratio speak for it, all of them together do not.
  ratio.high = std::numeric_limits<double>::infinity();
  EXPECT_THAT(answer_sentence(summary), HasSubstr("came not clearly more or less often"));
  EXPECT_THAT(answer_sentence(summary), HasSubstr("0.08 in the median trial, 0 to \u221e in 95"));
  ratio.defined_share = 0.4;
  EXPECT_THAT(answer_sentence(summary), HasSubstr("in 60\u00a0% of the trials an arm had no event; 99"))
      << "no mean of fewer than half of the trials";
  EXPECT_TRUE(has(page(summary), "median 0.08"));
  EXPECT_FALSE(has(page(example::summary()), "median 0.11"));
  // An interval that is not known is left out with its words.
  ratio.low = ratio.high = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(answer_sentence(summary), HasSubstr("0.08 in the median trial; in 60"));
}

TEST(Report, KeepsTheCapitalOfAnAbbreviation) {
  auto summary = example::summary();
  for (auto& endpoint : summary.protocol.endpoints) endpoint.label = "Gd+ lesions";
  EXPECT_THAT(answer_sentence(summary), HasSubstr("of 110 people, Gd+ lesions"));
  for (auto& endpoint : summary.protocol.endpoints) endpoint.label = "New lesions";
  EXPECT_THAT(answer_sentence(summary), HasSubstr("of 110 people, new lesions"));
}

TEST(Report, SaysWhatArmsGaveWhereThereIsNoContrast) {
  auto summary = example::summary();
  summary.protocol.analysis.contrasts.clear();
  EXPECT_THAT(answer_sentence(summary), HasSubstr("10\u00a0% (3.1\u00a0% to 20\u00a0%) with HSCT"));
  summary.estimates.clear();
  EXPECT_THAT(answer_sentence(summary), HasSubstr("could not be estimated"));
}

TEST(Report, HoldsItsSectionsInOrder) {
  const std::string html = page(example::summary());
  std::size_t at = html.find("class=\"headline\"");
  ASSERT_NE(at, std::string::npos);
  for (const char* id : {"comparison", "flow", "curves", "course", "symptoms", "harms", "resources", "people",
                         "general", "parameters", "population", "definitions", "repeat"}) {
    const std::size_t next = html.find("<h2 id=\"" + std::string(id) + "\"");
    ASSERT_NE(next, std::string::npos) << id;
    EXPECT_GT(next, at) << id;
    at = next;
  }
  EXPECT_TRUE(has(html, "Simulated data; research, not medical advice."));
  EXPECT_TRUE(has(html, "<th scope=\"row\">Fatigue</th><td class=\"n\">3.9</td>"));  // of example::summary()
  EXPECT_TRUE(has(html, "Redistribution and use"));  // the licences of what the file carries
}

TEST(Report, SaysWhatWasHeldAgainstPublishedResults) {
  auto summary = example::summary();
  summary.protocol.accrual.follow_up_day = 5.0 * 365.25;
  RunContext context = example::context(summary);
  const auto html = [&] { return report_html(summary, context, std::string(64, 'c')); };
  EXPECT_FALSE(has(html(), "<h2 id=\"trust\">"));
  evidence::Standing known{"natalizumab", {}};
  known.studies.push_back({"affirm", "AFFIRM", {}, 2.0, 4, 3, 0, 0});
  known.studies.push_back({"kalincik", "Kalincik", {}, 4.0, 2, 2, 2, 2});
  known.studies.push_back({"design", "A design", {}, 9.0, 0, 0, 0, 0});  // of nothing published
  evidence::Standing unscored{"clemastine", {}};
  unscored.studies.push_back({"rebuild", "ReBUILD", {}, 0.4, 0, 0, 0, 0});
  context.standing = {known, {"msc-<b>", {}}, unscored};
  const std::string page = html();
  EXPECT_TRUE(has(page,
                  "<code>natalizumab</code><span class=\"range\">affirm, kalincik</span></th><td "
                  "class=\"n\">5 of 6</td><td class=\"n\">2 of 2</td><td class=\"n\">4.0<span "
                  "class=\"range\">this trial is longer</span>"));
  EXPECT_TRUE(has(page,
                  "<code>msc-&lt;b&gt;</code><span class=\"range\">nothing says whether the engine is "
                  "right about it</span></th><td class=\"n\">none</td><td class=\"n\">none</td>"));
  // A study alone says nothing: the rule by which `hortega compare` refuses.
  EXPECT_TRUE(
      has(page,
          "<code>clemastine</code><span class=\"range\">nothing says whether the engine is right about "
          "it</span></th><td class=\"n\">none</td>"));
}

TEST(Report, SaysWhatTherapiesTakeWhereAccountsWereKept) {
  auto summary = example::summary();
  const std::string html = page(summary);
  EXPECT_TRUE(has(html, "What it takes"));
  EXPECT_TRUE(has(html, "Days in hospital"));
  EXPECT_TRUE(has(html, "HSCT minus DMT"));
  EXPECT_TRUE(has(html, "41\u202f230"));  // of example::summary()
  EXPECT_TRUE(has(html, "\u22121250"));
  EXPECT_FALSE(has(html, "tables/edss_states.csv"));
  summary.periods.resize(1);
  EXPECT_TRUE(has(page(summary), "tables/qalys_and_costs.csv"));
  EXPECT_TRUE(has(page(summary), "tables/edss_states.csv"));
  summary.not_priced = {"<b>"};
  EXPECT_TRUE(has(page(summary), "Without a price, so not in the costs: &lt;b&gt;."));
  summary.resources.clear();
  EXPECT_FALSE(has(page(summary), "What it takes"));
}

TEST(Report, EscapesTextsOfTheProtocolAndAsksForNothingOutside) {
  auto summary = example::summary();
  summary.protocol.title = "A & B <script>alert(1)</script>";
  summary.protocol.question = "\"><img src=x onerror=alert(1)>";
  summary.protocol.arms[0].label = "</script><b>";
  summary.protocol.arms[0].id = "H</script>";
  for (auto& curve : summary.curves)
    if (curve.arm == "HSCT") curve.arm = "H</script>";
  summary.examples[0].regimen = "</script><script>alert(2)</script>";
  const std::string html = page(summary);
  EXPECT_FALSE(has(html, "<script>alert"));
  EXPECT_FALSE(has(html, "<img src=x"));
  EXPECT_FALSE(has(html, "H</script>"));
  EXPECT_TRUE(has(html, "H\\u003c/script>"));
  EXPECT_FALSE(has(html, "//# sourceMappingURL"));
  EXPECT_TRUE(has(html, "default-src 'none'"));
  // Every script element that is opened is closed once: nothing inside ends one early.
  EXPECT_EQ(count(html, "<script>") + count(html, "<script type="), count(html, "</script>"));
  EXPECT_EQ(count(html, " src=\"http"), 0U);
  EXPECT_EQ(count(html, "<link"), 0U);
}

TEST(Report, EverySpecificationIsJson) {
  const std::string html = page(example::summary());
  const std::string open = "<script type=\"application/json\"";
  std::size_t specs = 0;
  for (std::size_t at = html.find(open); at != std::string::npos; at = html.find(open, at + 1), ++specs) {
    const std::size_t begin = html.find('>', at) + 1;
    const std::size_t end = html.find("</script>", begin);
    EXPECT_TRUE(nlohmann::json::accept(html.substr(begin, end - begin))) << html.substr(begin, 120);
  }
  // Six endpoints with curves, six measures, utility, four people.
  EXPECT_EQ(specs, 17U);
}

TEST(Report, SurvivesAnEmptyRunAndMissingNumbers) {
  evidence::RunSummary empty;
  EXPECT_TRUE(has(page(empty), "asks for no endpoint"));
  auto summary = example::summary();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (auto& row : summary.comparisons)
    row.simulated.mean = row.published = row.simulated.conduct_share = nan;
  for (auto& e : summary.estimates) e.mean = nan;
  for (auto& c : summary.curves) c.survival.assign(c.survival.size(), nan);
  for (auto& b : summary.bands) b.mean.assign(b.mean.size(), nan);
  const std::string html = page(summary);
  const std::string visible = html.substr(0, html.find("<footer>"));
  EXPECT_FALSE(std::regex_search(visible, std::regex("[>( ]-?(nan|inf)[< ),]")));
}

/// Three definitions in the families that figures show: one with all numbers, one whose trials had no event
/// in an arm now and then, one without a ratio.
evidence::RunSummary with_multiverse() {
  auto summary = example::summary();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const char* family : {"worsening", "pira", "raw"}) {
    for (int k = 0; k < 3; ++k) {
      evidence::MultiverseRow row;
      row.definition.id = (family == std::string("worsening") ? "" : std::string(family) + "-") + "name" +
                          std::to_string(k) + "-12w";
      row.definition.family = family;
      row.definition.preset = "name" + std::to_string(k);
      row.definition.confirmation_day = 84;
      row.definition.sentence = "Worsening as <name> has it.";
      if (k == 0) row.definition.own = {"progression"};
      row.arm = "HSCT";
      row.reference = "DMT";
      row.hazard_ratio.mean = k == 2 ? nan : 0.2 + 0.1 * k;
      row.hazard_ratio.low = k == 1 ? 0.0 : 0.1;
      row.hazard_ratio.high = k == 1 ? nan : 0.6;
      row.hazard_ratio.defined_share = k == 2 ? 0.1 : 1.0;
      row.hazard_ratio.significant_share = 0.9 - 0.2 * k;
      row.hazard_ratio.is_contrast = true;
      row.events.mean = k == 2 ? 0.0 : 3.0;
      summary.multiverse.push_back(row);
    }
  }
  return summary;
}

TEST(Report, ShowsTheMultiverseWhereThereIsOne) {
  EXPECT_FALSE(has(page(example::summary()), "id=\"multiverse\""));
  const std::string html = page(with_multiverse());
  EXPECT_TRUE(has(html, "<h2 id=\"multiverse\""));
  EXPECT_TRUE(has(html, "<a href=\"#multiverse\">"));
  EXPECT_EQ(count(html, "<script type=\"application/json\""), 20U);
  EXPECT_TRUE(has(html, "hazard ratio 0.2 (name0 12 weeks) to 0.3 (name1 12 weeks), significant in 70"));
  EXPECT_TRUE(has(html, "Worsening as &lt;name&gt; has it."));
  EXPECT_TRUE(has(html, "▸ name0-12w|90"));
  EXPECT_TRUE(has(html, "name2-12w|no event"));  // follow-up too short for it
  EXPECT_FALSE(
      std::regex_search(html.substr(0, html.find("<footer>")), std::regex("[>( ]-?(nan|inf)[< ),]")));
  // A protocol without contrast has a table and no forest.
  auto arms = with_multiverse();
  for (auto& row : arms.multiverse) row.reference.clear();
  EXPECT_EQ(count(page(arms), "<script type=\"application/json\""), 17U);
}

TEST(Report, DrawsNoCurveOfWhatHappensToNobody) {
  auto summary = example::summary();
  ASSERT_FALSE(has(page(summary), "In nobody of any arm"));
  summary.protocol.endpoints.push_back(
      example::endpoint("head", "Headache", trial::EndpointKind::adverse_event));
  const std::size_t before = count(page(summary), "Kaplan-Meier curves");
  for (const char* arm : {"HSCT", "DMT"}) summary.curves.push_back(example::curve("head", arm, 0.0, 0.0));
  EXPECT_TRUE(has(page(summary), "In nobody of any arm in 500 replicates, so not drawn: Headache."));
  EXPECT_EQ(count(page(summary), "Kaplan-Meier curves"), before);
  // One in a thousand, in one arm, is an event.
  summary.curves.back().survival.back() = 0.999;
  EXPECT_FALSE(has(page(summary), "In nobody of any arm"));
  EXPECT_GT(count(page(summary), "Kaplan-Meier curves"), before);
}

TEST(Report, TellsTheBaselineByArm) {
  auto summary = example::summary();
  auto& people = summary.first.participants;
  people.resize(3);
  const double age[] = {30.0, 40.0, 51.0}, edss[] = {2.0, 3.0, 4.0};
  for (std::size_t i = 0; i < 3; ++i) {
    people[i].arm = i < 2 ? 0 : 1;
    people[i].baseline.age_year = age[i], people[i].baseline.edss = edss[i];
    people[i].baseline.female = i != 1;
  }
  const std::string html = page(summary);
  const std::string arms =
      "<th scope=\"col\" class=\"n\">HSCT (n = 2)</th><th scope=\"col\" class=\"n\">DMT (n = 1)</th>";
  EXPECT_TRUE(has(html, arms));
  // 30 and 40: mean 35, SD sqrt(2 * 25 / 1) = 7.07; 2 and 3: 2.5, sqrt(0.5) = 0.707; one person has no SD.
  EXPECT_TRUE(has(html, "Age, years</th><td class=\"n\">35 (7.07)</td><td class=\"n\">51</td>"));
  EXPECT_TRUE(has(html, "EDSS</th><td class=\"n\">2.5 (0.707)</td><td class=\"n\">4</td>"));
  EXPECT_TRUE(has(html, "Women, %</th><td class=\"n\">50</td><td class=\"n\">100</td>"));
}

TEST(Report, TablesBelowCurvesStandAtRoundTimesWithTheEndAmongThem) {
  const auto told = [](double last_day, double unit) {
    std::vector<double> units;
    for (const double day : table_days(last_day)) units.push_back(day / unit);
    return units;
  };
  // Months of 30.4375 days to three years, then years of 365.25, days to 120.
  const auto are = [](const std::vector<double>& wanted) {
    return testing::Pointwise(testing::DoubleNear(1e-9), wanted);
  };
  EXPECT_THAT(told(731.0, 30.4375), are({0, 6, 12, 18, 24}));
  EXPECT_THAT(told(728.0, 30.4375), are({0, 6, 12, 18, 24})) << "104 weeks, which the axis ends at 24 months";
  EXPECT_THAT(told(365.25, 30.4375), are({0, 3, 6, 9, 12}));
  EXPECT_THAT(told(1096.0, 30.4375), are({0, 6, 12, 18, 24, 30, 36}));
  EXPECT_THAT(told(20 * 30.4375, 30.4375), are({0, 6, 12, 20})) << "18 is nearer to the end than half a step";
  EXPECT_THAT(told(21 * 30.4375, 30.4375), are({0, 6, 12, 18, 21}));
  EXPECT_THAT(told(14.5 * 30.4375, 30.4375), are({0, 3, 6, 9, 12}))
      << "no whole month: no column for the end";
  EXPECT_THAT(told(5 * 365.25, 365.25), are({0, 1, 2, 3, 4, 5}));
  EXPECT_THAT(told(10 * 365.25, 365.25), are({0, 2, 4, 6, 8, 10}));
  EXPECT_THAT(told(84.0, 1.0), are({0, 14, 28, 42, 56, 70, 84}));
}

TEST(Words, LivesAndTheirPools) {
  trial::PopulationReport population;
  population.lives = 9000;
  EXPECT_EQ(lives_words(population), "9000 lives");
  population.pools = 4, population.smallest_pool = population.largest_pool = 2250;
  EXPECT_EQ(lives_words(population), "4 pools of 2250 lives");
  population.smallest_pool = 2000, population.largest_pool = 3000;
  EXPECT_EQ(lives_words(population), "4 pools of 2000 to 3000 lives");
}

TEST(Words, HeadOfALabel) {
  const auto name = [](const char* label) {
    return endpoint_name(example::endpoint("e", label, trial::EndpointKind::gd));
  };
  EXPECT_EQ(name("Progression: EDSS +1.0 (+0.5 above 5.5), 6 months"), "Progression");
  EXPECT_EQ(name("Relapse or death, all follow-up"), "Relapse or death");
  EXPECT_EQ(name("Gd+ lesions on the scans of weeks 4, 12 and 24"),
            "Gd+ lesions on the scans of weeks 4, 12 and 24");
  EXPECT_EQ(name("EDSS above entry (+1.0, +0.5 above 5.0) up to the last visit"),
            "EDSS above entry (+1.0, +0.5 above 5.0) up to the last visit");
  EXPECT_EQ(name("Worsening"), "Worsening");
}

TEST(Words, Numbers) {
  EXPECT_EQ(show_number(0.0712), "0.0712");
  EXPECT_EQ(show_number(-1.7), "\u22121.7");
  EXPECT_EQ(show_number(66.66), "66.7");
  EXPECT_EQ(show_number(1234.4), "1234");
  EXPECT_EQ(show_number(20000), "20\u202f000");
  EXPECT_EQ(show_number(std::numeric_limits<double>::quiet_NaN()), "–");
  EXPECT_EQ(show_time(365.25), "12 months");
  EXPECT_EQ(show_time(1826.25), "5 years");
  EXPECT_EQ(show_time(100), "100 days");
  EXPECT_EQ(show_time(84), "84 days");
  EXPECT_EQ(escape_html("<a b='c'>&\""), "&lt;a b=&#39;c&#39;&gt;&amp;&quot;");
}

TEST(Report, DrawsItsFiguresOfflineInABrowser) {
  if (std::system("command -v chromium >/dev/null 2>&1") != 0) GTEST_SKIP() << "chromium is not installed";
  const auto folder =
      std::filesystem::temp_directory_path() / ("hortega_report_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  core::write_file_atomically(folder / "report.html", page(with_multiverse()));
  // A proxy that is not there: no request could be answered.
  const std::string command =
      "cd '" + folder.string() +
      "' && timeout 90 chromium --headless --no-sandbox --disable-gpu "
      "--user-data-dir=profile --proxy-server=127.0.0.1:9 --virtual-time-budget=8000 "
      "--window-size=1280,900 --dump-dom file://$PWD/report.html > dom.html 2> errors.txt";
  ASSERT_EQ(std::system(command.c_str()), 0) << core::read_file(folder / "errors.txt");
  const std::string dom = core::read_file(folder / "dom.html");
  std::filesystem::remove_all(folder);
  // The page's 20 figures are drawn by the script, each as one SVG of Vega's.
  EXPECT_EQ(count(dom, "class=\"marks\""), 20U);
  EXPECT_EQ(count(dom, "▸ name0-12w</text>"), 3U);  // named on the left axis, its power on the right
  // A curve is a path with many points: a figure without data has none.
  EXPECT_GT(count(dom, "aria-roledescription=\"line mark\""), 20U);
  EXPECT_FALSE(has(dom.substr(0, dom.find("<footer>")), "could not be drawn"));
}

}  // namespace
}  // namespace hortega::output
