// SPDX-License-Identifier: Apache-2.0
//
// The reader of protocols: the committed ones are read without a problem; each kind of mistake gives its
// message.
#include "hortega/trial/protocol.hpp"
#include "hortega/core/document.hpp"
#include "hortega/trial/doubts.hpp"
#include "hortega/trial/experiment.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace hortega::trial {
namespace {

const std::filesystem::path k_folder = std::filesystem::path(HORTEGA_SOURCE_DIR) / "data/protocols";

TEST(ProtocolFiles, AreAllReadWithoutProblems) {
  int read = 0;
  for (const auto& entry : std::filesystem::directory_iterator(k_folder)) {
    if (entry.path().extension() != ".toml") continue;
    SCOPED_TRACE(entry.path().filename().string());
    const core::Document document = core::Document::load(entry.path().string());
    if (*document.root().find("format")->text() == experiment_schema().format_name()) continue;  // of mice
    const Protocol p = protocol_schema().read(document).value;
    EXPECT_EQ(p.id, entry.path().stem().string());
    EXPECT_FALSE(days_of(p.visits.edss, p.accrual.follow_up_day).empty());
    EXPECT_TRUE(
        std::any_of(p.endpoints.begin(), p.endpoints.end(), [](const EndpointSpec& e) { return e.primary; }));
    ++read;
  }
  EXPECT_GE(read, 8);
}

TEST(ProtocolFiles, MistIsReadAsWritten) {
  const Protocol p = protocol_schema().read(core::Document::load((k_folder / "mist.toml").string())).value;
  EXPECT_EQ(p.population.n, 110);
  ASSERT_EQ(p.arms.size(), 2U);
  EXPECT_EQ(p.arms[1].regimens.size(), 6U);
  EXPECT_NEAR((*p.population.eligibility.age_day)[0], 18 * 365.2422, 0.5);
  EXPECT_NEAR(p.arms[0].regimens[0].start_day, 28.0, 1e-9);
  ASSERT_EQ(p.population.eligibility.activity.size(), 1U);
  ASSERT_EQ(p.population.eligibility.activity[0].any.size(), 2U);
  EXPECT_EQ(p.population.eligibility.activity[0].any[1].gd_at_least, 1);
  EXPECT_EQ(p.analysis.estimand, Estimand::hypothetical);
}

const char* const k_good = R"(format = "hortega-protocol"
version = 1
id = "t"
title = "T"
question = "Q?"
[population]
n = 20
[population.eligibility]
[[arm]]
id = "a"
regimens = [{ regimen = "none" }]
[[arm]]
id = "b"
regimens = [{ regimen = "none" }]
[accrual]
follow_up = "1 years"
[visits]
edss = ["6 months", "12 months"]
[[endpoint]]
id = "relapse"
kind = "relapse"
)";

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

std::string complaint(const std::string& text) {
  try {
    static_cast<void>(protocol_schema().read(core::Document::parse(text, "t.toml")));
  } catch (const core::InputError& e) {
    return e.what();
  }
  return {};
}

TEST(ProtocolMistakes, TheTextTheyStartFromHasNone) { EXPECT_EQ(complaint(k_good), ""); }

struct Mistake {
  const char* what;
  const char* with;
  std::vector<std::string> said;
};

TEST(ProtocolMistakes, EachIsTold) {
  const std::vector<Mistake> mistakes = {
      {"n = 20", "n = -20", {"population.n: -20 is out of range"}},
      {"n = 20", "nn = 20", {"population.nn: unknown key", "did you mean 'n'?"}},
      {"n = 20", "n = nan", {"population.n: must be a whole number"}},
      {"follow_up = \"1 years\"", "follow_up = \"1 kg\"", {"accrual.follow_up: 'kg' is no unit of time"}},
      {"follow_up = \"1 years\"", "", {"'follow_up' is missing in [accrual]"}},
      {"kind = \"relapse\"", "kind = \"relaps\"", {"'relaps' is unknown, did you mean 'relapse'?"}},
      {"kind = \"relapse\"", "kind = \"edss_milestone\"", {"a milestone needs `edss`"}},
      {"kind = \"relapse\"",
       "kind = \"relapse\"\nimprovement = 0.2",
       {"improvement", "no test to do better in", "low_contrast"}},
      {"kind = \"relapse\"", "kind = \"t25fw\"\nimprovement = 8", {"a time cannot fall by all of itself"}},
      {"kind = \"relapse\"",
       "kind = \"nhpt\"\nimprovement = 0.2\nworsening = 0.2",
       {"counts worsening or improvement"}},
      {"[population.eligibility]\n",
       "[population.eligibility]\nedss = [5.0, 2.0]\n",
       {"the lower limit is above the upper one"}},
      {"[population.eligibility]\n",
       "[population.eligibility]\nstable = { no_relapse_within = \"12 months\" }\n"
       "activity = [{ any = [{ relapses_at_least = 1, within = \"6 months\" }] }]\n",
       {"asks for relapses in a time in which `stable` allows none"}},
      {"[population.eligibility]\n",
       "[population.eligibility]\nactivity = [{ any = [{ within = \"6 months\" }] }]\n",
       {"an activity rule asks for nothing"}},
      {"id = \"b\"", "id = \"a\"", {"arm[1].id: 'a' stands twice"}},
      {"regimens = [{ regimen = \"none\" }]\n[[arm]]",
       "regimens = []\n[[arm]]",
       {"arm[0].regimens: the list is empty"}},
      {"follow_up = \"1 years\"",
       "follow_up = \"1 years\"\nduration = \"2 years\"\ndata_cut = \"1 years\"",
       {"the data cut falls before the last enrolment"}},
      {"[visits]", "[analysis]\ncontrasts = [[\"a\", \"c\"]]\n[visits]", {"no arm 'c'"}},
      {"[visits]", "[analysis]\ncontrasts = [[\"a\"]]\n[visits]", {"a contrast has two arms"}},
      {"[visits]",
       "[rescue]\ntrigger = \"worse\"\narms = [\"a\"]\nregimen = \"none\"\n[visits]",
       {"no endpoint 'worse'"}},
      {"[visits]", "[dropout]\nrate_per_year = { aa = 0.1 }\n[visits]", {"no arm 'aa'"}},
      {"n = 20", "n = 1", {"population.n", "an arm would stay empty", "at least 2"}},
      {"follow_up = \"1 years\"", "follow_up = \"121 years\"", {"follow_up", "120 years"}},
      {"n = 20", "n = 21\nsame_people = true", {"as many people in every arm", "a multiple of 2"}},
      {"[visits]",
       "[analysis]\ncontrasts = [[\"a\", \"a\"]]\n[visits]",
       {"analysis.contrasts[0]", "the arm 'a' is compared with itself"}},
      // 1 year is 365.25 days, 12 months are 365.25 too, 24 weeks 168.
      {"kind = \"relapse\"",
       "kind = \"cdw\"\nconfirmation = \"12 months\"",
       {"endpoint[0].confirmation", "over 365 days in a follow-up of 365 days", "shorter than accrual"}},
      {"follow_up = \"1 years\"\n[visits]\nedss = [\"6 months\", \"12 months\"]\n"
       "[[endpoint]]\nid = \"relapse\"\nkind = \"relapse\"",
       "follow_up = \"1 years\"\nduration = \"12 weeks\"\ndata_cut = \"20 weeks\"\n[visits]\n"
       "edss = [\"6 months\"]\n[[endpoint]]\nid = \"w\"\nkind = \"cdw\"\nconfirmation = \"24 weeks\"",
       {"over 168 days in a follow-up of 140 days"}},
      {"edss = [\"6 months\", \"12 months\"]",
       "edss = [\"13 months\", \"2 years\"]",
       {"visits.edss: none of them falls within the follow-up of 365 days"}},
      {"edss = [\"6 months\", \"12 months\"]",
       "edss = { every = \"2 years\", until = \"4 years\" }",
       {"visits.edss: none of them falls within"}},
      {"edss = [\"6 months\", \"12 months\"]",
       "edss = [\"6 months\"]\nmri = { every = \"6 months\", until = \"3 months\" }",
       {"visits.mri: none of them falls within"}},
      {"kind = \"relapse\"",
       "kind = \"neda3\"",
       {"endpoint[0].kind", "'relapse' is seen on scans, but nobody is scanned", "visits.mri"}},
      {"kind = \"relapse\"", "kind = \"brain_volume\"", {"nobody is scanned"}},
      {"[visits]",
       "[dropout]\nrate_per_year = 5\n[visits]",
       {"dropout.rate_per_year: 5 is out of range", "0 to 1; as a rate, 0.05 is 5 % a year"}},
      {"[visits]",
       "[dropout]\nrate_per_year = { a = 0.1, b = 5 }\n[visits]",
       {"dropout.rate_per_year.b: 5 is out of range", "0.05 is 5 % a year"}},
      {"[population.eligibility]\n",
       "[population.baseline]\nage = { mean = 70 }\n[population.eligibility]\n"
       "age = [\"18 years\", \"55 years\"]\n",
       {"population.baseline.age.mean", "70 lies outside of population.eligibility.age", "18 to 55 years"}},
      {"[population.eligibility]\n",
       "[population.baseline]\nedss = { mean = 1.5 }\n[population.eligibility]\nedss = [2.0, 6.0]\n",
       {"population.baseline.edss.mean", "1.5 lies outside of population.eligibility.edss", "2 to 6"}},
      {"[population.eligibility]\n",
       "[[population.baseline.course]]\nphenotypes = [\"relapsing\"]\nshare = 0.5\n"
       "duration_years = { mean = 12 }\n[population.eligibility]\nduration = [\"0 years\", \"10 years\"]\n",
       {"population.baseline.course[0].duration_years.mean", "12 lies outside", "0 to 10 years"}},
  };
  for (const Mistake& m : mistakes) {
    const std::string message = complaint(replaced(k_good, m.what, m.with));
    EXPECT_NE(message, "") << m.with;
    for (const std::string& said : m.said)
      EXPECT_NE(message.find(said), std::string::npos) << m.with << "\n" << message;
    EXPECT_NE(message.find("t.toml"), std::string::npos) << "where? " << message;
  }
}

TEST(ProtocolMistakes, WhatIsJustPossibleIsNone) {
  // 24 weeks of confirmation in a year, a mean at the bound, a mean where everybody enters at onset whatever
  // the criteria, one visit of two after the end, the highest rate.
  EXPECT_EQ(complaint(replaced(k_good, "kind = \"relapse\"", "kind = \"cdw\"\nconfirmation = \"24 weeks\"")),
            "");
  EXPECT_EQ(complaint(replaced(k_good, "[population.eligibility]\n",
                               "[population.baseline]\nage = { mean = 55 }\n[population.eligibility]\n"
                               "age = [\"18 years\", \"55 years\"]\n")),
            "");
  EXPECT_EQ(complaint(replaced(k_good, "n = 20\n[population.eligibility]\n",
                               "n = 20\nstart = \"onset\"\n[population.baseline]\nage = { mean = 70 }\n"
                               "[population.eligibility]\nage = [\"18 years\", \"55 years\"]\n")),
            "");
  EXPECT_EQ(complaint(replaced(k_good, "\"12 months\"]", "\"13 months\"]")), "");
  EXPECT_EQ(complaint(replaced(k_good, "[visits]", "[dropout]\nrate_per_year = 1\n[visits]")), "");
}

std::string doubts_about(const std::string& text) {
  std::string all;
  for (const core::Problem& doubt : doubts(read_protocol(core::Document::parse(text, "t.toml"))))
    all += fmt::format("{}:{}: {}: {}\n", doubt.place.file, doubt.place.line, doubt.key, doubt.message);
  return all;
}

TEST(ProtocolDoubts, AreToldWithTheirPlace) {
  EXPECT_EQ(doubts_about(k_good), "");
  EXPECT_EQ(doubts_about(replaced(k_good, "\"12 months\"]", "\"13 months\"]")),
            "t.toml:18: visits.edss[1]: day 396 falls after the follow-up of 365 days, and is left out\n");
  // k_good has 21 lines.
  const std::string two = std::string(k_good) +
                          "primary = true\n[[endpoint]]\nid = \"edss\"\nkind = \"edss\"\nprimary = true\n"
                          "[marks]\n\"arm.c.regimens\" = \"own\"\n\"arm.a.regimens\" = \"own\"\n"
                          "\"endpoint.edss\" = \"own\"\n\"endpoint.eds\" = \"own\"\n";
  EXPECT_EQ(doubts_about(two),
            "t.toml:26: endpoint[1].primary: 2 endpoints are primary: the answer of a run is of the first, "
            "'relapse'\n"
            "t.toml:28: marks.\"arm.c.regimens\": the protocol has no arm 'c'\n"
            "t.toml:31: marks.\"endpoint.eds\": the protocol has no endpoint 'eds'\n");
}

TEST(ProtocolMistakes, AreToldTogether) {
  const std::string message =
      complaint(replaced(replaced(k_good, "n = 20", "n = -1"), "kind = \"relapse\"", "kind = \"x\""));
  EXPECT_NE(message.find("population.n: -1 is out of range"), std::string::npos) << message;
  EXPECT_NE(message.find("endpoint[0].kind: 'x' is unknown"), std::string::npos) << message;
}

}  // namespace
}  // namespace hortega::trial
