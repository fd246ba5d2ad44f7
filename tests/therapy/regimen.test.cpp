// SPDX-License-Identifier: Apache-2.0
//
// Regimens: every file of the library reads; wrong ones are told with their place.
#include "harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>

namespace hortega::therapy {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Regimen read(const std::string& text) {
  return regimen_schema().read(core::Document::parse(text, "r.toml")).value;
}

const std::string k_head =
    "format = \"hortega-regimen\"\nversion = 1\nid = \"x\"\nlabel = \"X\"\nsource = \"s\"\n";

std::string problem_of(const std::string& text) {
  try {
    read(text);
  } catch (const core::InputError& e) {
    return e.what();
  }
  return "no problem";
}

TEST(Regimen, LibraryHoldsWhatProtocolsName) {
  const RegimenLibrary& library = testing::world().library;
  for (const char* id :
       {"none", "placebo", "interferon-beta", "glatiramer", "dimethyl-fumarate", "fingolimod", "siponimod",
        "natalizumab", "ocrelizumab", "ocrelizumab-ppms", "alemtuzumab", "mitoxantrone", "methylprednisolone",
        "ahsct-cy-atg", "ahsct-beam-atg", "ahsct-bu-cy-atg"}) {
    EXPECT_TRUE(library.contains(id)) << id;
  }
  for (const Regimen& regimen : library.all())
    EXPECT_NE(make_course(regimen, testing::world().therapy), nullptr);
}

TEST(Regimen, UnknownNameSuggestsTheNearest) {
  try {
    testing::world().library.find("natalizumabb");
    FAIL() << "found";
  } catch (const core::InputError& e) {
    EXPECT_EQ(e.problems().front().suggestion, "natalizumab");
    // Not the whole library: three of them, the nearest first.
    EXPECT_THAT(e.problems().front().allowed, StartsWith("nearest: 'natalizumab', "));
    EXPECT_EQ(std::count(e.problems().front().allowed.begin(), e.problems().front().allowed.end(), '\''), 6);
  }
}

TEST(Regimen, WrongInputIsTold) {
  EXPECT_THAT(problem_of(k_head + "kind = \"natalizumab\"\n"), HasSubstr("without a dose"));
  EXPECT_THAT(problem_of(k_head + "kind = \"natalizumb\"\n"), HasSubstr("did you mean 'natalizumab'?"));
  EXPECT_THAT(
      problem_of(k_head +
                 "kind = \"natalizumab\"\n[[dose]]\ndrug = \"n\"\nroute = \"iv\"\ndose = \"300 days\"\n"),
      HasSubstr("is no dose"));
  EXPECT_THAT(
      problem_of(k_head +
                 "kind = \"natalizumab\"\n[[dose]]\ndrug = \"n\"\nroute = \"iv\"\ndose = \"-3 mg\"\n"),
      HasSubstr("is no dose"));
  EXPECT_THAT(problem_of(k_head + "kind = \"autologous_transplant\"\n"), HasSubstr("without a graft"));
  EXPECT_THAT(problem_of(k_head + "kind = \"placebo\"\n[graft]\nday = \"3 days\"\n"),
              HasSubstr("no transplant"));
}

TEST(Regimen, WrongCellsAreTold) {
  const std::string cells = k_head + "kind = \"mesenchymal\"\n";
  const std::string product = "[product]\nsource = \"marrow\"\ndonor = \"self\"\ntissue = 20.0\n";
  const auto dose = [](const std::string& amount, const std::string& route, const std::string& more = {}) {
    return "[[dose]]\ndrug = \"c\"\nroute = \"" + route + "\"\ndose = \"" + amount + "\"\n" + more;
  };
  EXPECT_THAT(problem_of(cells + dose("1e6 cells/kg", "intrathecal")), HasSubstr("nobody makes"));
  EXPECT_THAT(problem_of(cells + product), HasSubstr("without a dose"));
  EXPECT_THAT(problem_of(cells + product + dose("3 mg", "intrathecal")), HasSubstr("in mg"));
  EXPECT_THAT(problem_of(cells + product + dose("1e6 cells/kg", "oral")), HasSubstr("intra-arterial"));
  EXPECT_THAT(problem_of(cells + product + dose("1e6 cells/kg", "intrathecal", "every = \"6 months\"\n")),
              HasSubstr("without an end"));
  EXPECT_THAT(problem_of(cells + "[product]\nsource = \"cord\"\ndonor = \"self\"\ntissue = 20.0\n" +
                         dose("1e6 cells/kg", "intrathecal")),
              HasSubstr("own cord"));
  EXPECT_THAT(problem_of(k_head + "kind = \"natalizumab\"\n" + dose("1e6 cells/kg", "intravenous")),
              HasSubstr("a dose of cells"));
  EXPECT_THAT(problem_of(k_head + "kind = \"natalizumab\"\n" + product + dose("300 mg", "intravenous")),
              HasSubstr("without cells"));
}

TEST(Regimen, TimesWithoutEveryMustBeTheDaysOfAt) {
  const auto dose = [](const std::string& more) {
    return k_head + "kind = \"natalizumab\"\n[[dose]]\ndrug = \"n\"\nroute = \"iv\"\ndose = \"300 mg\"\n" +
           more;
  };
  const std::string one_day = problem_of(dose("times = 4\n"));
  EXPECT_THAT(one_day, HasSubstr("dose[0].times: 4 doses on 1 day"));
  EXPECT_THAT(one_day, HasSubstr("`every` beside `times`, or `at` with 4 days"));
  EXPECT_THAT(problem_of(dose("times = 2\nat = [\"0 days\", \"7 days\", \"14 days\"]\n")),
              HasSubstr("2 doses on 3 days"));
  EXPECT_EQ(problem_of(dose("times = 2\nat = [\"0 days\", \"7 days\"]\n")), "no problem");
  EXPECT_EQ(problem_of(dose("times = 1\n")), "no problem");
  EXPECT_EQ(problem_of(dose("times = 4\nevery = \"28 days\"\n")), "no problem");
}

TEST(Regimen, CellsThatContradictThemselvesAreTold) {
  const auto cells = [](const std::string& autologous, const std::string& donor, const std::string& amount) {
    return k_head + "kind = \"mesenchymal\"\nautologous = " + autologous +
           "\n[product]\nsource = \"marrow\"\ndonor = \"" + donor +
           "\"\ntissue = 20.0\n[[dose]]\ndrug = \"c\"\nroute = \"intravenous\"\ndose = \"" + amount + "\"\n";
  };
  EXPECT_EQ(problem_of(cells("true", "self", "1e6 cells/kg")), "no problem");
  EXPECT_EQ(problem_of(cells("false", "other", "1e10 cells")), "no problem");
  EXPECT_EQ(problem_of(cells("false", "other", "1e9 cells/kg")), "no problem");
  EXPECT_THAT(problem_of(cells("true", "other", "1e6 cells/kg")),
              HasSubstr("autologous: says otherwise than product.donor (false)"));
  EXPECT_THAT(problem_of(cells("false", "self", "1e6 cells/kg")), HasSubstr("product.donor (true)"));
  EXPECT_THAT(problem_of(cells("false", "other", "2e10 cells")),
              HasSubstr("dose[0].dose: 2e+10 cells (at most 1e+10)"));
  EXPECT_THAT(problem_of(cells("false", "other", "2e9 cells/kg")), HasSubstr("at most 1e+09 per kg"));
}

TEST(Regimen, ProgenitorsBeyondWhatCanBePutInAreTold) {
  const auto cells = [](const std::string& more) {
    return k_head + "kind = \"progenitors\"\n[progenitors]\nline = \"fetal\"\nroute = \"intracerebral\"\n" +
           more;
  };
  EXPECT_EQ(problem_of(cells("cells = \"2e7 cells\"\ntracts = 100\n")), "no problem");
  EXPECT_THAT(problem_of(cells("cells = \"2e7 cells\"\ntracts = 101\n")),
              HasSubstr("tracts: 101 tracts (at most 100)"));
  EXPECT_THAT(problem_of(cells("cells = \"2e10 cells\"\ntracts = 8\n")), HasSubstr("at most 1e+10"));
  EXPECT_THAT(problem_of(cells("cells_per_kg = \"2e9 cells/kg\"\ntracts = 8\n")),
              HasSubstr("at most 1e+09 per kg"));
}

TEST(Regimen, AProblemOfADoseStandsAtItsKey) {
  const std::string dose = "[[dose]]\ndrug = \"c\"\ndose = \"1e6 cells\"\nat = [\"0 days\"]\nroute = ";
  const std::string text =
      k_head +
      "kind = \"mesenchymal\"\nautologous = true\n[product]\nsource = \"marrow\"\ndonor = \"self\"\n"
      "tissue = 20.0\n" +
      dose + "\"intravenous\"\n" + dose + "\"oral\"\n";
  const auto line =
      1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find("\"oral\"")), '\n');
  try {
    read(text);
    FAIL() << "read";
  } catch (const core::InputError& e) {
    ASSERT_EQ(e.problems().size(), 1U);
    EXPECT_EQ(e.problems().front().key, "dose[1].route");
    EXPECT_EQ(e.problems().front().place.line, line);
  }
}

TEST(Regimen, DosesByBasis) {
  disease::Profile profile;
  profile.weight_kg = 80.0;
  profile.height_cm = 180.0;  // Mosteller: sqrt(80 * 180 / 3600) = 2 m2
  const Regimen r = read(
      k_head +
      "kind = \"mitoxantrone\"\n[[dose]]\ndrug = \"m\"\nroute = \"iv\"\ndose = \"12 mg/m2\"\nevery = \"3 "
      "months\"\ntimes = 3\n");
  EXPECT_NEAR(mg_of(r.doses[0].dose, profile), 24.0, 1e-12);
  EXPECT_NEAR(mg_per_kg_of(r.doses[0].dose, profile), 0.3, 1e-12);
  EXPECT_EQ(next_dose_day(r.doses[0], 0), 0);
  EXPECT_EQ(next_dose_day(r.doses[0], 1), 91);
  EXPECT_EQ(next_dose_day(r.doses[0], 92), 183);
  EXPECT_EQ(next_dose_day(r.doses[0], 184), k_never);  // three doses in all
  EXPECT_NEAR(cells_of({1.5e6, DoseBasis::cells_per_body_weight}, profile), 1.2e8, 1.0);
  EXPECT_NEAR(cells_of({2e7, DoseBasis::cells}, profile), 2e7, 1e-6);
}

}  // namespace
}  // namespace hortega::therapy
