// SPDX-License-Identifier: Apache-2.0
// Relapses: merging, confirmation, severity, counts, times, recovery (docs/endpoints.md).
#include "hortega/endpoints/relapses.hpp"

#include <gtest/gtest.h>

#include "people.hpp"

namespace hortega::endpoints {
namespace {

using testing::Person;

TEST(MergeRelapses, ThirtyDaysFromTheRunningOnset) {
  Person person{2, 2};
  person.relapse(0).relapse(29).relapse(30).relapse(100);
  person.relapses[1].severity = RelapseSeverity::severe;
  person.relapses[1].peak_edss = 4;
  person.relapses[0].confirmed = false;
  std::vector<Relapse> merged;
  merge_relapses(person.view().relapses, merged);
  ASSERT_EQ(merged.size(), 3u);
  EXPECT_EQ(merged[0].onset_day, 0);
  EXPECT_EQ(merged[0].severity, RelapseSeverity::severe);
  EXPECT_EQ(merged[0].peak_edss, 4);
  EXPECT_TRUE(merged[0].confirmed);
  EXPECT_EQ(merged[1].onset_day, 30);
  EXPECT_EQ(merged[2].onset_day, 100);
}

TEST(MergeRelapses, PseudoRelapsesAreDropped) {
  Person person{2};
  person.relapse(0).relapse(50);
  person.relapses[0].pseudo = true;
  std::vector<Relapse> merged;
  merge_relapses(person.view().relapses, merged);
  ASSERT_EQ(merged.size(), 1u);
  EXPECT_EQ(merged[0].onset_day, 50);
}

TEST(ProtocolConfirmed, ByEdssOrByGradesWithinAWeek) {
  Person person = Person{2}.visit(105, 2.5).relapse(100);
  EXPECT_EQ(protocol_confirmed(person.view(), person.relapses[0]), Ternary::yes);
  person.visits[1].edss = 2;
  EXPECT_EQ(protocol_confirmed(person.view(), person.relapses[0]), Ternary::no);
  person.visits[0].fs = {0, 0, 1, 0, 1, 0, 0};
  person.visits[1].fs = {0, 0, 1, 0, 1, 3, 2};  // bowel and bladder, cerebral do not count
  EXPECT_EQ(protocol_confirmed(person.view(), person.relapses[0]), Ternary::no);
  person.visits[1].fs = {0, 0, 2, 0, 1, 0, 0};  // +1 in one system
  EXPECT_EQ(protocol_confirmed(person.view(), person.relapses[0]), Ternary::no);
  person.visits[1].fs = {0, 0, 2, 0, 2, 0, 0};  // +1 in two
  EXPECT_EQ(protocol_confirmed(person.view(), person.relapses[0]), Ternary::yes);
  person.visits[1].fs = {0, 0, 3, 0, 1, 0, 0};  // +2 in one
  EXPECT_EQ(protocol_confirmed(person.view(), person.relapses[0]), Ternary::yes);
  person.visits[1].day = 108;  // eight days after onset
  EXPECT_EQ(protocol_confirmed(person.view(), person.relapses[0]), Ternary::unknown);
}

TEST(ProtocolConfirmed, ComparesWithTheLastStableVisit) {
  // EDSS 3.5 ten days after an earlier relapse is not stable: the reference is 2.0 before it.
  Person person = Person{2}.visit(70, 3.5).visit(102, 3).relapse(60).relapse(100);
  EXPECT_EQ(protocol_confirmed(person.view(), person.relapses[1]), Ternary::yes);
}

TEST(Severity, ByEdssAndGrades) {
  Visit before, during;
  before.edss = 2;
  const auto by_edss = [&](double edss) {
    during.edss = edss;
    return severity_from_change(before, during);
  };
  EXPECT_EQ(by_edss(2), RelapseSeverity::unknown);
  EXPECT_EQ(by_edss(2.5), RelapseSeverity::mild);
  EXPECT_EQ(by_edss(3), RelapseSeverity::moderate);
  EXPECT_EQ(by_edss(4), RelapseSeverity::moderate);
  EXPECT_EQ(by_edss(4.5), RelapseSeverity::severe);
  EXPECT_EQ(severity_from_change(before, before, true), RelapseSeverity::severe);
  before.edss = during.edss = kMissing;
  before.fs = {0, 0, 0, 0, 0, 0, 0};
  const auto by_grades = [&](const FunctionalGrades& grades) {
    during.fs = grades;
    return severity_from_change(before, during);
  };
  EXPECT_EQ(by_grades({1, 1, 1, 0, 0, 0, 0}), RelapseSeverity::mild);
  EXPECT_EQ(by_grades({1, 1, 1, 1, 0, 0, 0}), RelapseSeverity::moderate);
  EXPECT_EQ(by_grades({2, 2, 0, 0, 0, 0, 0}), RelapseSeverity::moderate);
  EXPECT_EQ(by_grades({2, 2, 2, 0, 0, 0, 0}), RelapseSeverity::severe);
  EXPECT_EQ(by_grades({3, 0, 0, 0, 0, 0, 0}), RelapseSeverity::severe);
}

TEST(Recovery, AtSixMonths) {
  const auto at_183 = [](double late) {
    Person person = Person{2}.visit(105, 4).visit(283, late).relapse(100);
    return recovery(person.view(), person.relapses[0]);
  };
  EXPECT_EQ(at_183(2), Recovery::complete);
  EXPECT_EQ(at_183(1.5), Recovery::complete);
  EXPECT_EQ(at_183(3), Recovery::partial);
  EXPECT_EQ(at_183(4), Recovery::none);
  EXPECT_EQ(at_183(kMissing), Recovery::unknown);
  Person again = Person{2}.visit(105, 4).visit(283, 3).relapse(100).relapse(270);
  EXPECT_EQ(recovery(again.view(), again.relapses[0]), Recovery::unknown);
}

TEST(RelapseExposure, RateIsTotalOverTotal) {
  // ARR = total relapses / total years: 3 in one year and 0 in three years make 0.75, not the mean of
  // personal rates 1.5.
  Person many{2, 2};
  many.record.end_of_follow_up_day = 3000;
  many.relapse(10).relapse(20).relapse(100).relapse(200).relapse(400);
  many.record.end_of_follow_up_day = 365;
  Person none{2};
  none.record.end_of_follow_up_day = 1096;
  auto sum = relapse_exposure(many.view(), 0, 5000);
  EXPECT_EQ(sum.relapses, 3);  // day 20 belongs to day 10; day 400 lies beyond follow-up
  sum += relapse_exposure(none.view(), 0, 5000);
  EXPECT_NEAR(sum.annualised_rate(), 3 / ((365 + 1096) / 365.25), 1e-12);
  EXPECT_TRUE(is_missing(RelapseExposure{}.annualised_rate()));
}

TEST(RelapseExposure, OfAWindow) {
  Person person{2};
  person.record.end_of_follow_up_day = 730;
  person.relapse(-10).relapse(5).relapse(364).relapse(365).relapse(500);
  EXPECT_EQ(relapse_exposure(person.view(), 0, 365).relapses,
            1);  // day 5 continues day -10, day 365 is outside
  RelapseCounting every;
  every.gap_days = 0;
  EXPECT_EQ(relapse_exposure(person.view(), 0, 365, every).relapses, 2);
  person.relapses[2].confirmed = false;
  every.kind = RelapseKind::confirmed;
  EXPECT_EQ(relapse_exposure(person.view(), 0, 365, every).relapses, 1);
  person.record.death_day = 100;
  EXPECT_NEAR(relapse_exposure(person.view(), 0, 365).years, 100 / 365.25, 1e-12);
}

TEST(RelapseExposure, FlagsThePeriTransplantWindow) {
  Person person{2};
  person.record.end_of_follow_up_day = 730;
  person.record.mobilisation_day = 20;
  person.record.transplant_day = 50;
  person.relapse(10).relapse(45).relapse(80).relapse(300);
  const auto sum = relapse_exposure(person.view(), 0, 730);
  EXPECT_EQ(sum.relapses, 4);
  EXPECT_EQ(sum.peri_transplant, 2);
  EXPECT_TRUE(is_peri_transplant(person.record, 80));
  EXPECT_FALSE(is_peri_transplant(person.record, 81));
  EXPECT_TRUE(is_peri_transplant(person.record, 92, 42));
  EXPECT_FALSE(is_peri_transplant(person.record, 19));
}

TEST(TimeToFirstRelapse, EventAndCensoring) {
  Person person{2};
  person.record.end_of_follow_up_day = 730;
  person.relapse(-50).relapse(400);
  auto first = time_to_first_relapse(person.view());
  EXPECT_TRUE(first.event);
  EXPECT_EQ(first.day, 400);
  EXPECT_EQ(relapse_free(person.record, 0, 365), Ternary::yes);
  EXPECT_EQ(relapse_free(person.record, 0, 401), Ternary::no);
  EXPECT_EQ(relapse_free(person.record, 401, 730), Ternary::yes);
  EXPECT_EQ(relapse_free(person.record, 401, 800), Ternary::unknown);
  person.record.death_day = 200;
  person.record.end_of_follow_up_day = 200;
  first = time_to_first_relapse(person.view());
  EXPECT_FALSE(first.event);
  EXPECT_EQ(first.day, 200);
  EXPECT_EQ(first.censoring, Censoring::death);
}

}  // namespace
}  // namespace hortega::endpoints
