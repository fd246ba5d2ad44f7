// SPDX-License-Identifier: Apache-2.0
//
// Person files: what they say, and what is refused with its place.
#include "hortega/cohort/known_person.hpp"
#include "hortega/cohort/condition.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hortega::cohort {
namespace {

using testing::HasSubstr;

const char* const k_person = R"(format = "hortega-person"
version = 1
id = "x"
sex = "female"
age = "30 years"
today = "2026-03-01"
first_symptom = "2024-03-01"
course = "relapsing"
[[edss]]
on = "2026-01"
value = 2.0
)";

core::Read<KnownPerson> read(const std::string& more, const std::string& from = {},
                             const std::string& to = {}) {
  std::string text = k_person;
  if (!from.empty()) text.replace(text.find(from), from.size(), to);
  return read_known_person(core::Document::parse(text + more, "x.toml"));
}

std::string refused(const std::string& more, const std::string& from = {}, const std::string& to = {}) {
  try {
    read(more, from, to);
  } catch (const core::InputError& error) {
    return error.what();
  }
  return "taken";
}

TEST(Calendar, CountsDays) {
  const KnownPerson p = read({}).value;
  EXPECT_EQ(p.today.day, 20513);  // date -d 2026-03-01 +%s, over 86400
  EXPECT_EQ(text_of(p.today), "2026-03-01");
  EXPECT_EQ(text_of(p.edss.front().on), "2026-01-15");
  EXPECT_EQ(p.duration_day(), 730.0);
}

TEST(KnownPerson, IsSortedByDay) {
  const KnownPerson p =
      read(
          "[[relapse]]\non = \"2025-06-01\"\n[[relapse]]\non = \"2024-12-01\"\ntreated = true\n"
          "[[drug]]\nregimen = \"b\"\nfrom = \"2025-06-01\"\n[[drug]]\nregimen = \"a\"\nfrom = "
          "\"2024-06-01\"\nto = "
          "\"2025-06-01\"\n")
          .value;
  EXPECT_TRUE(p.relapses.front().treated);
  EXPECT_EQ(p.drugs.front().regimen, "a");
  EXPECT_EQ(p.drug_today(), "b");
  EXPECT_EQ(p.relapses_within(365), 1);
}

TEST(KnownPerson, RefusesWithThePlace) {
  EXPECT_THAT(refused("", "2026-01", "2026-13"), HasSubstr("x.toml:10"));
  EXPECT_THAT(refused("", "2026-01", "2026-13"), HasSubstr("is no date"));
  EXPECT_THAT(refused("", "value = 2.0", "value = 0.5"), HasSubstr("no step of the EDSS"));
  EXPECT_THAT(refused("", "on = \"2026-01\"", "on = \"2025-01\""),
              HasSubstr("no EDSS of the last half year"));
  EXPECT_THAT(refused("", "\"female\"", "\"femal\""), HasSubstr("did you mean 'female'?"));
  EXPECT_THAT(refused("[[relapse]]\non = \"2023-01-01\"\n"), HasSubstr("before the first symptom"));
  EXPECT_THAT(refused("[[relapse]]\non = \"2026-04-01\"\n"), HasSubstr("after today"));
  EXPECT_THAT(refused("[[mri]]\non = \"2026-02-01\"\nnew_t2 = 1\n"), HasSubstr("compared_with"));
  EXPECT_THAT(refused("[[drug]]\nregimen = \"a\"\nfrom = \"2025-01-01\"\n[[drug]]\nregimen = \"b\"\nfrom = "
                      "\"2025-06-01\"\n"),
              HasSubstr("'a' is still taken when 'b' begins"));
}

TEST(RelapseWindows, CoverTheTimeSinceTheFirstAttack) {
  // Two years: the last year, and the first without its first month.
  const std::vector<RelapseWindow> windows =
      relapse_windows(read("[[relapse]]\non = \"2024-03-20\"\n[[relapse]]\non = \"2024-12-01\"\n"
                           "[[relapse]]\non = \"2025-12-01\"\n")
                          .value);
  ASSERT_EQ(windows.size(), 2U);
  EXPECT_EQ(windows[0].from_day, 30);
  EXPECT_EQ(windows[0].to_day, 365);
  EXPECT_EQ(windows[1].to_day, 730);
  EXPECT_EQ(windows[0].recorded, 1);  // the one of March 2024 is the first attack itself
  EXPECT_EQ(windows[1].recorded, 1);
}

TEST(NotUsed, NamesAnEdssOfARelapse) {
  const KnownPerson p = read("[[relapse]]\non = \"2025-12-20\"\n").value;
  ASSERT_EQ(not_used(p).size(), 1U);
  EXPECT_THAT(not_used(p).front(), HasSubstr("2026-01-15"));
  EXPECT_TRUE(not_used(read({}).value).empty());
}

}  // namespace
}  // namespace hortega::cohort
