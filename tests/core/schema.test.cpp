// SPDX-License-Identifier: Apache-2.0
// One table gives reader, JSON Schema, reference and writer: what each says about good and malformed inputs.
#include "hortega/core/schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "hortega/core/input_kind.hpp"
#include "sample_schema.hpp"

namespace hortega::core {
namespace {

using sample::good_text;
using sample::Trial;
using sample::trial_schema;
using ::testing::HasSubstr;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

/// The messages about a text, or "good".
std::string told(const std::string& text) {
  try {
    trial_schema().read(Document::parse(text, "t.toml"));
    return "good";
  } catch (const InputError& error) {
    return error.what();
  }
}

TEST(Schema, ReadsAGoodFile) {
  const auto [trial, places] = trial_schema().read(Document::parse(good_text(), "t.toml"));
  EXPECT_EQ(trial.id, "mist");
  EXPECT_EQ(trial.follow_up_day, 60 * 30.4375);
  EXPECT_EQ(trial.visits_day, (std::vector<double>{0, 182.625, 365.25}));
  ASSERT_EQ(trial.arms.size(), 2U);
  EXPECT_EQ(trial.arms[0].dose_mg_per_kg, 6.0);
  EXPECT_EQ(trial.arms[1].dose_mg_per_kg, std::nullopt);
  // Defaults: of the member, of def(), and none for an optional.
  EXPECT_EQ(trial.alpha, 0.05);
  EXPECT_FALSE(trial.conduct);
  EXPECT_EQ(trial.replicates, std::nullopt);
  EXPECT_EQ(trial.edss.has_value(), false);
}

TEST(Schema, ReadsEverySpelling) {
  const auto text =
      replaced(good_text(), "visits = [\"0 months\", \"6 months\", \"12 months\"]",
               "visits = {every = \"12 weeks\", until = \"48 weeks\"}\n"
               "dropout = {HSCT = 0.1, DMT = 0}\norigin = \"transplant\"\nalpha = 0.01\n"
               "age = [\"18 years\", \"55 years\"]\nmissed_share = 0\nseed = 9223372036854775807\n"
               "edss = {mean = 3}\nmarks = {\"arm.dose\" = \"v S1\"}\ncontrast = [\"HSCT\", \"DMT\"]");
  const auto [trial, places] = trial_schema().read(Document::parse(text, "t.toml"));
  EXPECT_EQ(trial.visits_day, (std::vector<double>{0, 84, 168, 252, 336}));
  EXPECT_EQ(trial.dropout.by_arm.at("HSCT"), 0.1);
  EXPECT_EQ(trial.origin, sample::Origin::transplant);
  EXPECT_EQ(trial.age_day.at(1), 55 * 365.25);
  EXPECT_EQ(trial.seed, 9223372036854775807ULL);
  ASSERT_TRUE(trial.edss.has_value());
  EXPECT_EQ(trial.edss->mean, 3.0);
  EXPECT_EQ(trial.edss->sd, 1.0);
  EXPECT_EQ(trial.marks.at("arm.dose"), "v S1");
}

TEST(Schema, KnowsWhereEachKeyStands) {
  const auto [trial, places] = trial_schema().read(Document::parse(good_text(), "t.toml"));
  EXPECT_EQ(places.place("arm[0].dose").line, 8);
  EXPECT_EQ(places.place("arm[0].dose").column, 8);
  EXPECT_EQ(places.place("visits[1]").column, 23);
  // A key that was not written: the table around it.
  EXPECT_EQ(places.place("arm[1].allocation").line, 9);
  EXPECT_EQ(render(places.problem("visits[1]", "nobody is seen", "at least one visit")),
            "t.toml:5:23: error: visits[1]: nobody is seen (at least one visit)\n"
            "    5 | visits = [\"0 months\", \"6 months\", \"12 months\"]\n"
            "      |                       ^\n");
}

struct Malformed {
  const char* from;  // empty: the whole text
  const char* to;
  const char* message;
};

TEST(Schema, TellsMalformedInputsWithTheirPlace) {
  const std::vector<Malformed> cases{
      {"follow_up", "folow_up",
       "t.toml:4:1: error: folow_up: unknown key in the file, did you mean 'follow_up'?\n"
       "    4 | folow_up = \"60 months\"\n"
       "      | ^\n"},
      {"60 months", "60 monts",
       "t.toml:4:13: error: follow_up: 'monts' is no known unit (time, e.g. '6 months'), did you mean '60 "
       "months'?\n"
       "    4 | follow_up = \"60 monts\"\n"
       "      |             ^\n"},
      {"\"60 months\"", "60",
       "t.toml:4:13: error: follow_up: 60 has no unit (time is written as a string: \"60 days\", \"60 "
       "weeks\", "
       "\"60 months\" or \"60 years\")\n"
       "    4 | follow_up = 60\n"
       "      |             ^\n"},
      {"60 months", "60 mg",
       "t.toml:4:13: error: follow_up: 'mg' is no unit of time (time, e.g. '6 months')\n"
       "    4 | follow_up = \"60 mg\"\n"
       "      |             ^\n"},
      {"60 months", "-60 months",
       "t.toml:4:13: error: follow_up: '-60 months' is out of range (above 0 days)\n"
       "    4 | follow_up = \"-60 months\"\n"
       "      |             ^\n"},
      {"id = \"mist\"\n", "", "t.toml: error: 'id' is missing in the file (expected: name)\n"},
      {"id = \"mist\"", "id = \"mi st\"",
       "t.toml:3:6: error: id: 'mi st' is no name (letters, digits, '-' and '_', beginning with a letter or "
       "digit)\n"
       "    3 | id = \"mi st\"\n"
       "      |      ^\n"},
      {"id = \"mist\"", "id = 3",
       "t.toml:3:6: error: id: must be a string, not a whole number (3)\n"
       "    3 | id = 3\n"
       "      |      ^\n"},
      {"id = \"mist\"", "id = \"\"",
       "t.toml:3:6: error: id: the text is empty\n"
       "    3 | id = \"\"\n"
       "      |      ^\n"},
      {"version = 1", "version = 2",
       "t.toml:2:11: error: version: version 2 of sample-trial is unknown (this program reads version 1)\n"
       "    2 | version = 2\n"
       "      |           ^\n"},
      {"sample-trial", "sample-trail",
       "t.toml:1:10: error: format: 'sample-trail' is not what is read here (\"sample-trial\" is), did you "
       "mean "
       "'sample-trial'?\n"
       "    1 | format = \"sample-trail\"\n"
       "      |          ^\n"},
      {"format = \"sample-trial\"\n", "",
       "t.toml: error: 'format' is missing (begin the file with: format = \"sample-trial\", version = 1)\n"},
      {"id = \"DMT\"", "id = \"HSCT\"",
       "t.toml:10:6: error: arm[1].id: 'HSCT' stands twice (each id of [[arm]] once)\n"
       "   10 | id = \"HSCT\"\n"
       "      |      ^\n"},
      {"\"6 months\", \"12 months\"", "\"12 months\", \"6 months\"",
       "t.toml:5:36: error: visits[2]: '6 months' does not follow the item before it (items must increase)\n"
       "    5 | visits = [\"0 months\", \"12 months\", \"6 months\"]\n"
       "      |                                    ^\n"},
      {"id = \"mist\"", "id = \"mist\"\ncontrast = [\"HSCT\", \"DTM\"]",
       "t.toml:4:21: error: contrast[1]: 'DTM' is no arm (arms: 'HSCT' or 'DMT'), did you mean 'DMT'?\n"
       "    4 | contrast = [\"HSCT\", \"DTM\"]\n"
       "      |                     ^\n"},
      {"dose = \"6 mg/kg\"", "doze = \"6 mg/kg\"",
       "t.toml:8:1: error: arm[0].doze: unknown key in [arm[0]] (known: 'id', 'allocation' or 'dose'), did "
       "you mean "
       "'dose'?\n"
       "    8 | doze = \"6 mg/kg\"\n"
       "      | ^\n"},
      {"id = \"DMT\"", "allocation = 2",
       "t.toml:9:1: error: arm[1]: 'id' is missing in [arm[1]] (expected: name)\n"
       "    9 | [[arm]]\n"
       "      | ^\n"},
      {"visits = [\"0 months\", \"6 months\", \"12 months\"]", "visits = 3",
       "t.toml:5:10: error: visits: 3 does not fit (expected: list of: time, e.g. `\"6 months\"`, or table)\n"
       "    5 | visits = 3\n"
       "      |          ^\n"},
      {"[[arm]]", "[arm]",
       "t.toml:9:1: error: this is no valid TOML: Error while parsing table header: cannot redefine existing "
       "table "
       "'arm' as array-of-tables\n"
       "    9 | [[arm]]\n"
       "      | ^\n"},
      {"id = \"mist\"", "id = \"mist",
       "t.toml:3:11: error: this is no valid TOML: Error while parsing string: unescaped control characters "
       "other "
       "than TAB (U+0009) are explicitly prohibited\n"
       "    3 | id = \"mist\n"
       "      |           ^\n"},
      {"", "",
       "t.toml: error: 'format' is missing (begin the file with: format = \"sample-trial\", version = 1)\n"},
      {"", "x = [1, 2",
       "t.toml:1:10: error: this is no valid TOML: Error while parsing array: encountered end-of-file\n"
       "    1 | x = [1, 2\n"
       "      |          ^\n"},
      {"", "[!x]",
       "t.toml:1:2: error: this is no valid TOML: Error while parsing key: expected bare key starting "
       "character or "
       "string delimiter, saw '!'\n"
       "    1 | [!x]\n"
       "      |  ^\n"},
      {"", "a = 1\na = 2",
       "t.toml:2:5: error: this is no valid TOML: Error while parsing key-value pair: cannot redefine "
       "existing "
       "integer 'a'\n"
       "    2 | a = 2\n"
       "      |     ^\n"},
      {"", "\x01\x02\xff garbage",
       "t.toml:1:2: error: this is no valid TOML: Encountered invalid utf-8 sequence\n"
       "    1 | ??? garbage\n"
       "      |  ^\n"},
  };
  EXPECT_EQ(told(good_text()), "good");
  for (const auto& c : cases) {
    const std::string from = c.from;
    EXPECT_EQ(told(from.empty() ? c.to : replaced(good_text(), from, c.to)), c.message);
  }
}

TEST(Schema, CollectsAllProblemsInOnePass) {
  const std::string text = told(replaced(good_text(), "id = \"mist\"\n", R"(id = "mist"
alpha = nan
seed = -1
replicates = 2.0
conduct = "ture"
origin = "randomization"
phenotype = "relapsng"
age = ["55 years", "18 years"]
missed_share = "120 %"
dropout = -1
edss = {sd = 0}
marks = {a = 1}
stray = 1979-05-27
)"));
  for (const char* line : {
           "t.toml:4:9: error: alpha: nan is no finite number (above 0 and below 0.5)\n",
           "t.toml:5:8: error: seed: -1 is out of range (at least 0)\n",
           "t.toml:6:14: error: replicates: must be a whole number, not a number (2.0), did you mean '2'?\n",
           "t.toml:7:11: error: conduct: must be true or false, not a string ('ture'), did you mean "
           "'true'?\n",
           "t.toml:8:10: error: origin: 'randomization' is unknown (allowed: 'randomisation' or "
           "'transplant'), did "
           "you mean 'randomisation'?\n",
           "t.toml:9:13: error: phenotype: 'relapsng' is unknown (allowed: 'relapsing', "
           "'secondary-progressive' or "
           "'primary-progressive'), did you mean 'relapsing'?\n",
           "t.toml:10:20: error: age[1]: '18 years' does not follow the item before it (items must "
           "increase)\n",
           "t.toml:11:16: error: missed_share: '120 %' is out of range (0 to 1)\n",
           "t.toml:12:11: error: dropout: -1 is out of range (0 to 1)\n",
           "t.toml:13:8: error: edss: 'mean' is missing in [edss] (expected: number)\n",
           "t.toml:13:14: error: edss.sd: 0 is out of range (above 0)\n",
           "t.toml:14:14: error: marks.a: must be a string, not a whole number (1)\n",
           "t.toml:15:1: error: stray: unknown key in the file\n",
       }) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_EQ(std::count(text.begin(), text.end(), '^'), 13);
}

TEST(Schema, AMisspelledRequiredKeyIsToldOnce) {
  const std::string text = told(replaced(good_text(), "follow_up", "Follow-up"));
  EXPECT_THAT(text, HasSubstr("did you mean 'follow_up'?"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '^'), 1);
}

TEST(Schema, AMissingChoiceIsToldWithItsWords) {
  struct Pick {
    std::string colour;
    double share = 0.0;
  };
  Schema<Pick> schema("A pick.");
  schema.choice("colour", &Pick::colour, {"red", "dark blue", "green"}).required().doc("Which.");
  schema.number("share", &Pick::share).required().range(0, 1).doc("How much.");
  try {
    schema.read(Document::parse("", "p.toml"));
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(
        error.what(),
        "p.toml: error: 'colour' is missing in the file (expected: one of 'red', 'dark blue', 'green')\n"
        "p.toml: error: 'share' is missing in the file (expected: number)\n");
  }
}

TEST(Schema, WritesWhatItReadsBackTheSame) {
  const auto schema = trial_schema();
  for (const std::string& extra :
       {std::string(), std::string("dropout = {HSCT = 0.1}\n"),
        std::string("dropout = 0.25\nedss = {mean = 3.3}\n"),
        std::string(
            "age = [\"18 years\", \"55 years\"]\nmarks = {\"a.b\" = \"say \\\"hi\\\"\\n\\u0001\"}\n")}) {
    const auto text = replaced(good_text(), "[[arm]]", extra + "[[arm]]");
    const auto first = schema.read(Document::parse(text, "t.toml")).value;
    const std::string toml = to_toml(schema.write(first));
    const auto second = schema.read(Document::parse(toml, "resolved.toml")).value;
    EXPECT_EQ(to_toml(schema.write(second)), toml);
    EXPECT_EQ(second.follow_up_day, first.follow_up_day);
    EXPECT_EQ(second.visits_day, first.visits_day);
    EXPECT_EQ(second.marks, first.marks);
    EXPECT_EQ(second.dropout.by_arm, first.dropout.by_arm);
    // JSON holds the same.
    const auto json = nlohmann::json::parse(to_json(schema.write(first)));
    EXPECT_EQ(json.at("follow_up"), "1826.25 days");
    EXPECT_EQ(json.at("arm").at(1).at("id"), "DMT");
    EXPECT_EQ(json.at("conduct"), false);
  }
}

TEST(Schema, JsonSchemaStatesWhatTheReaderAsks) {
  const auto json = nlohmann::json::parse(to_json(trial_schema().json_schema()));
  EXPECT_EQ(json.at("$schema"), "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(json.at("required"), (nlohmann::json{"format", "version", "id", "follow_up", "arm"}));
  EXPECT_EQ(json.at("additionalProperties"), false);
  const auto& properties = json.at("properties");
  EXPECT_EQ(properties.at("format").at("const"), "sample-trial");
  EXPECT_EQ(properties.at("alpha").at("exclusiveMinimum"), 0.0);
  EXPECT_EQ(properties.at("alpha").at("default"), 0.05);
  EXPECT_EQ(properties.at("conduct").at("default"), false);
  EXPECT_EQ(properties.at("origin").at("enum").size(), 2U);
  EXPECT_EQ(properties.at("arm").at("items").at("required"), nlohmann::json{"id"});
  EXPECT_EQ(properties.at("visits").at("anyOf").size(), 2U);
  EXPECT_FALSE(properties.at("age").contains("default"));
}

TEST(Schema, JsonPatternOfQuantitiesTakesEveryExample) {
  int patterns = 0;
  for (int i = 0; i <= static_cast<int>(Kind::money_usd); ++i) {
    const Kind kind = static_cast<Kind>(i);
    const Value json = as_quantity(kind).shape().json;
    if (json.find("pattern") == nullptr) continue;
    ++patterns;
    const std::regex pattern(*json.find("pattern")->text());
    EXPECT_TRUE(std::regex_match(std::string(example_of(kind)), pattern)) << example_of(kind);
    EXPECT_TRUE(std::regex_match(format_quantity(-1.5e-9, kind), pattern)) << format_quantity(-1.5e-9, kind);
    for (const char* bad : {"60", "6.5", "1e6", "", "days", "2,5 days"}) {
      EXPECT_FALSE(std::regex_match(bad, pattern)) << bad;
    }
  }
  EXPECT_GT(patterns, 10);
}

TEST(Schema, ReferenceHasARowForEachKeyAndAHeadingForEachTable) {
  const std::string page = trial_schema().markdown("The sample");
  EXPECT_THAT(page, HasSubstr("# The sample\n\nA trial.\n\n| key | type | allowed | default | meaning |\n"));
  EXPECT_THAT(
      page,
      HasSubstr("| `alpha` | number | above 0 and below 0.5 | `0.05` | Two-sided significance level. |\n"));
  EXPECT_THAT(page, HasSubstr("| `follow_up` | time, e.g. `\"6 months\"` | above 0 days | **required** |"));
  EXPECT_THAT(page, HasSubstr("\n## `arm[]`\n\nAn arm of the trial.\n"));
  EXPECT_THAT(page, HasSubstr("| Dose \\| if any. |"));
}

TEST(InputKind, IsToldByTheFormatKey) {
  const std::vector<InputKind> kinds{make_input_kind<Trial>(
      "trial", "A trial.", trial_schema(),
      [](const Read<Trial>& input) { return "arms: " + std::to_string(input.value.arms.size()); })};
  const auto good = Document::parse(good_text(), "t.toml");
  EXPECT_EQ(kind_of(good, kinds).check(good), "arms: 2");
  EXPECT_EQ(find_kind("trail", kinds), nullptr);
  EXPECT_EQ(find_kind("trial", kinds)->json_schema().find("title")->text()->substr(0, 6), "sample");
  try {
    kind_of(Document::parse("format = \"sample-tial\"", "t.toml"), kinds);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(
        error.what(),
        "t.toml:1:10: error: format: 'sample-tial' is unknown (allowed: 'sample-trial'), did you mean "
        "'sample-trial'?\n    1 | format = \"sample-tial\"\n      |          ^\n");
  }
  EXPECT_THROW(kind_of(Document::parse("a = 1", "t.toml"), kinds), InputError);
}

}  // namespace
}  // namespace hortega::core
