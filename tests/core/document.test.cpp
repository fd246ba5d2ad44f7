// SPDX-License-Identifier: Apache-2.0
// Input files that are none, overrides, rendering of problems, spelling.
#include "hortega/core/document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <string>

#include "hortega/core/files.hpp"
#include "hortega/core/problems.hpp"
#include "sample_schema.hpp"

namespace hortega::core {
namespace {

using ::testing::HasSubstr;

std::string told_of_file(const std::string& path) {
  try {
    Document::load(path);
    return "good";
  } catch (const InputError& error) {
    return error.what();
  }
}

TEST(Document, RefusesFilesThatAreNoInput) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("hortega-document-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const auto file = [&](const char* name, const std::string& text) {
    write_file_atomically(folder / name, text);
    return (folder / name).string();
  };
  EXPECT_EQ(told_of_file(file("good.toml", "a = 1\n")), "good");
  EXPECT_EQ(told_of_file(folder.string()),
            folder.string() + ": error: this is a directory (a file is needed)\n");
  const std::string none = (folder / "none.toml").string();
  EXPECT_EQ(told_of_file(none), none + ": error: there is no such file\n");
  const std::string below = (folder / "good.toml" / "x.toml").string();
  EXPECT_EQ(told_of_file(below), below + ": error: there is no such file\n");
  const std::string binary = file("binary.toml", std::string("a = \"\0\"", 7));
  EXPECT_EQ(told_of_file(binary),
            binary + ": error: this is no text file: it holds NUL bytes (UTF-8 text is needed)\n");
  const std::string large = file("large.toml", std::string(10'000'000, 'x'));
  EXPECT_EQ(told_of_file(large), large + ": error: the file is too large (at most 5 MB are read)\n");
  EXPECT_EQ(told_of_file("/dev/zero"), "/dev/zero: error: the file is too large (at most 5 MB are read)\n");
  std::filesystem::remove_all(folder);
}

TEST(Document, DeepNestingAndOddKeysAreErrorsNotCrashes) {
  for (const std::string& text :
       {"a = " + std::string(100'000, '['), std::string("[=]"), std::string("[,x]"), std::string("[\x01"),
        std::string("[!x]"), std::string("a."), std::string("a = {"), std::string("\xEF\xBB\xBF["),
        std::string("[[a]]\n[a.b]\n[[a.b]]")}) {
    EXPECT_THROW(Document::parse(text, "t.toml"), InputError) << text.substr(0, 20);
  }
}

TEST(Document, KeepsTheOrderOfTheFile) {
  const auto document = Document::parse("z = 1\na = 2\n[m]\ny = 1\nb = 2\n[c]\n", "t.toml");
  std::string order;
  for (const auto& [key, value] : *document.root().table()) order += key;
  EXPECT_EQ(order, "zamc");
  EXPECT_EQ(document.root().find("m")->table()->front().first, "y");
}

/// What the sample schema says after an override.
std::string told_after(const std::string& assignment) {
  try {
    auto document = Document::parse(sample::good_text(), "t.toml");
    document.set(assignment);
    return to_toml(sample::trial_schema().write(sample::trial_schema().read(document).value));
  } catch (const InputError& error) {
    return error.what();
  }
}

TEST(Document, OverridesAreReadLikeTheFile) {
  EXPECT_THAT(told_after("follow_up=12 weeks"), HasSubstr("follow_up = \"84 days\"\n"));
  EXPECT_THAT(told_after("follow_up = \"12 weeks\""), HasSubstr("follow_up = \"84 days\"\n"));
  EXPECT_THAT(told_after("arm.HSCT.allocation=2"), HasSubstr("id = \"HSCT\"\nallocation = 2\n"));
  EXPECT_THAT(told_after("arm[1].id=X"), HasSubstr("id = \"X\"\n"));
  EXPECT_THAT(told_after("edss.mean=4"), HasSubstr("[edss]\nmean = 4.0\n"));
  EXPECT_THAT(told_after("marks.\"a.b\"=own"), HasSubstr("[marks]\n\"a.b\" = \"own\"\n"));
}

TEST(Document, WrongOverridesAreToldWithTheirPlace) {
  EXPECT_EQ(
      told_after("follow_up=12"),
      "--set:1:11: error: follow_up: 12 has no unit (time is written as a string: \"12 days\", \"12 weeks\", "
      "\"12 months\" or \"12 years\")\n    1 | follow_up=12\n      |           ^\n");
  EXPECT_EQ(told_after("folow_up=\"3 days\""),
            "--set:1:10: error: folow_up: unknown key in the file, did you mean 'follow_up'?\n"
            "    1 | folow_up=\"3 days\"\n      |          ^\n");
  EXPECT_EQ(told_after("arm.HCST.allocation=2"),
            "--set:1:1: error: there is no item 'HCST' in the list ('HSCT' or 'DMT'), did you mean 'HSCT'?\n"
            "    1 | arm.HCST.allocation=2\n      | ^\n");
  EXPECT_THAT(told_after("nokey"), HasSubstr("there is no '=' (write KEY=VALUE)"));
  EXPECT_THAT(told_after("a..b=1"), HasSubstr("'a..b' is no key"));
  EXPECT_THAT(told_after("id.x=3"), HasSubstr("what stands before 'x' is a string, not a table"));
  EXPECT_THAT(told_after("arm[7].id=X"), HasSubstr("there is no item '7' in the list"));
  EXPECT_THAT(told_after("seed=1\nid = \"x\""), HasSubstr("seed: must be a whole number"));
}

TEST(Problems, AreThrownTogetherInTheOrderOfTheText) {
  Problems problems;
  problems.throw_if_any();
  problems.add({{"b.toml", 1, 1, "x"}, "", "third", "", ""});
  problems.add({{"a.toml", 9, 4, "x"}, "", "second", "", ""});
  problems.add({{"a.toml", 9, 2, "x"}, "", "first", "", ""});
  try {
    problems.throw_if_any();
    FAIL();
  } catch (const InputError& error) {
    ASSERT_EQ(error.problems().size(), 3U);
    EXPECT_EQ(error.problems()[0].message, "first");
    EXPECT_EQ(error.problems()[2].message, "third");
  }
}

TEST(Problems, RenderingIsSafeForTerminals) {
  // Tabs keep the caret in place, other control characters and broken UTF-8 are shown as `?`.
  EXPECT_EQ(render(Problem{{"a", 1, 4, "\tx\033[2J\xff"}, "k", "m\033", "", ""}),
            "a:1:4: error: k: m?\n    1 | \tx?[2J?\n      | \t  ^\n");
  const std::string wide =
      render(Problem{{"a", 1, 501, std::string(500, 'x') + "y" + std::string(500, 'z')}, "", "m", "", ""});
  EXPECT_THAT(wide, HasSubstr("..." + std::string(50, 'x') + "y" + std::string(49, 'z') + "...\n"));
  EXPECT_THAT(wide, HasSubstr("|" + std::string(54, ' ') + "^\n"));
  EXPECT_EQ(render(Problem{{"a", 1, 3, "\u00E9\u00E9x"}, "", "m", "", ""}),
            "a:1:3: error: m\n    1 | \u00E9\u00E9x\n      |   ^\n");
  EXPECT_EQ(render(Problem{{"a", 0, 0, ""}, "", "m", "", ""}, Colour::on),
            "\033[1ma:\033[0m \033[1;31merror:\033[0m m\n");
  const std::vector<Problem> many(50, Problem{{"a", 1, 1, ""}, "", "m", "", ""});
  EXPECT_THAT(render(many), HasSubstr("... and 10 more problems\n"));
}

TEST(Problems, NearestSpellingHasASaneCutOff) {
  const std::vector<std::string> words{"follow_up", "duration", "data_cut", "n", "id"};
  EXPECT_EQ(nearest_spelling("folow_up", words), "follow_up");
  EXPECT_EQ(nearest_spelling("Follow-Up", words), "follow_up");
  EXPECT_EQ(nearest_spelling("duraiton", words), "duration");  // neighbours swapped
  EXPECT_EQ(nearest_spelling("datacut", words), "data_cut");
  EXPECT_EQ(nearest_spelling("ids", words), "id");
  EXPECT_EQ(nearest_spelling("m", words), "");  // one letter for another says nothing
  EXPECT_EQ(nearest_spelling("replicates", words), "");
  EXPECT_EQ(nearest_spelling("", words), "");
  EXPECT_EQ(nearest_spelling(std::string(100'000, 'a'), words), "");
}

TEST(Problems, TheNearestWordsComeFirst) {
  const std::vector<std::string> words = {"msc-marrow", "natalizumab", "msc-marrow-iv", "msc-fat"};
  // One letter away, then four; msc-fat shares less.
  EXPECT_EQ(nearest_words("msc-marow", words, 2), (std::vector<std::string>{"msc-marrow", "msc-marrow-iv"}));
  EXPECT_EQ(nearest_words("msc-marow", words, 9).size(), 4U);
  EXPECT_TRUE(nearest_words("x", {}, 3).empty());
}

TEST(Value, NumbersKeepTheirBitsInTomlAndJson) {
  for (const double x : {0.1, 1.0 / 3.0, 1e300, 5e-324, -0.0, 1.0, 1e16, 123456789.0}) {
    const std::string toml = to_toml(Value(Value::Table{{"x", x}}));
    const auto document = Document::parse(toml, "t.toml");
    const double* back = document.root().find("x")->real();
    ASSERT_NE(back, nullptr) << toml;
    EXPECT_EQ(*back, x);
    EXPECT_EQ(std::signbit(*back), std::signbit(x));
  }
  EXPECT_THROW(to_toml(Value(Value::Table{{"x", std::nan("")}})), std::invalid_argument);
  EXPECT_THROW(to_json(Value(std::numeric_limits<double>::infinity())), std::invalid_argument);
  EXPECT_EQ(to_json(Value(Value::Table{{"b", 1}, {"a", Value()}})), "{\n  \"b\": 1,\n  \"a\": null\n}\n");
}

}  // namespace
}  // namespace hortega::core
