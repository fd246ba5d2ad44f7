// SPDX-License-Identifier: Apache-2.0
// Confirmed worsening: the six series of docs/endpoints.md (results of msprog 77b905c and MSoutcomes 0.2.1),
// each preset of data/evidence/PROTOCOLS.md 7, and the edges of the options.
#include "hortega/endpoints/worsening.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "people.hpp"

namespace hortega::endpoints {
namespace {

using testing::Person;

const WorseningOptions& options_of(WorseningPreset preset) { return worsening_preset(preset).options; }

/// Day of the event, or nothing.
std::optional<int> event_day(Person& person, const WorseningOptions& options) {
  const auto result = time_to_confirmed_change(person.view(), options);
  return result.event ? std::optional<int>(result.day) : std::nullopt;
}

Person s1() { return Person{2, 2, 3, 3, 3}; }
Person s2() { return Person{2, 3, 2.5, 3, 3}; }
Person s3() { return Person{0, 1, 1, 1.5, 1.5}; }
Person s4() { return Person{5.5, 6, 6, 6, 6}; }
Person s5() { return Person{2, 3.5, 3, 3, 3}.relapse(70); }
Person s6() { return Person{2, 2, 3, 3, 3}.relapse(275); }

TEST(WorseningVectors, MsprogTwelveWeeks) {
  const auto& rule = options_of(WorseningPreset::msprog);
  const std::optional<int> expected[] = {168, 252, 252, 84, 84, 168};
  Person people[] = {s1(), s2(), s3(), s4(), s5(), s6()};
  for (std::size_t k = 0; k < 6; ++k) EXPECT_EQ(event_day(people[k], rule), expected[k]) << "S" << k + 1;
}

TEST(WorseningVectors, MsprogSustainedLengths) {
  // Column "msprog CDP12": sustained for 168 days from onset in S1, 84 in S2.
  std::vector<ConfirmedChange> changes;
  Person first = s1(), second = s2();
  confirmed_changes(first.view(), options_of(WorseningPreset::msprog), changes);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].sustained_until_day - changes[0].day, 168);
  EXPECT_EQ(changes[0].confirmed_day, 252);
  confirmed_changes(second.view(), options_of(WorseningPreset::msprog), changes);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].sustained_until_day - changes[0].day, 84);
}

TEST(WorseningVectors, MsprogTwentyFourWeeks) {
  const auto rule = with_confirmation(options_of(WorseningPreset::msprog), weeks(24));
  const std::optional<int> expected[] = {168, std::nullopt, std::nullopt, 84, 84, 168};
  Person people[] = {s1(), s2(), s3(), s4(), s5(), s6()};
  for (std::size_t k = 0; k < 6; ++k) EXPECT_EQ(event_day(people[k], rule), expected[k]) << "S" << k + 1;
  const auto censored = time_to_confirmed_change(people[1].view(), rule);
  EXPECT_EQ(censored.day, 336);
  EXPECT_EQ(censored.censoring, Censoring::last_visit);
}

TEST(WorseningVectors, MsoutcomesAt84And90_75Days) {
  const auto at_84 = with_confirmation(options_of(WorseningPreset::msbase), 84);
  const auto& at_90_75 = options_of(WorseningPreset::msbase);
  EXPECT_DOUBLE_EQ(at_90_75.confirmation_days, 90.75);
  const std::optional<int> expected_84[] = {168, 252, 252, std::nullopt, 84, 168};
  const std::optional<int> expected_90[] = {168, std::nullopt, std::nullopt, std::nullopt, 84, 168};
  Person people[] = {s1(), s2(), s3(), s4(), s5(), s6()};
  for (std::size_t k = 0; k < 6; ++k) {
    EXPECT_EQ(event_day(people[k], at_84), expected_84[k]) << "S" << k + 1;
    EXPECT_EQ(event_day(people[k], at_90_75), expected_90[k]) << "S" << k + 1;
  }
}

TEST(StepRules, AsTheTablesState) {
  // docs/endpoints.md and data/evidence/PROTOCOLS.md 7.
  struct Row {
    StepRule rule;
    double at_0, at_1, at_1_5, at_5, at_5_5, at_6, at_6_5;
  };
  const Row rows[] = {{steps::msprog, 1.5, 1, 1, 1, .5, .5, .5},
                      {steps::msbase, 1.5, 1, 1, 1, 1, .5, .5},
                      {steps::opera, 1, 1, 1, 1, 1, .5, .5},
                      {steps::one, 1, 1, 1, 1, 1, 1, 1},
                      {steps::one_not_at_zero, 1.5, 1, 1, 1, 1, 1, 1},
                      {steps::freedoms, 1, 1, 1, 1, .5, .5, .5},
                      {steps::improvement_msbase, 1.5, 1.5, 1.5, 1, 1, 1, .5}};
  for (const auto& row : rows) {
    EXPECT_EQ(row.rule.threshold(0), row.at_0);
    EXPECT_EQ(row.rule.threshold(1), row.at_1);
    EXPECT_EQ(row.rule.threshold(1.5), row.at_1_5);
    EXPECT_EQ(row.rule.threshold(5), row.at_5);
    EXPECT_EQ(row.rule.threshold(5.5), row.at_5_5);
    EXPECT_EQ(row.rule.threshold(6), row.at_6);
    EXPECT_EQ(row.rule.threshold(6.5), row.at_6_5);
  }
  // SDMT: min(4 points, 20 %): 3 points from 15, 4 from 50.
  EXPECT_NEAR(steps::sdmt_4_or_20_percent.threshold(15), 3, 1e-5);
  EXPECT_EQ(steps::sdmt_4_or_20_percent.threshold(50), 4);
}

TEST(Presets, AreFoundByNameAndSayWhatTheyAre) {
  EXPECT_EQ(worsening_presets().size(), 14u);
  for (const auto& info : worsening_presets()) {
    EXPECT_EQ(&worsening_preset(info.preset), &info);
    EXPECT_EQ(find_worsening_preset(info.name), &info);
    EXPECT_FALSE(definition(info.options).empty());
  }
  EXPECT_EQ(find_worsening_preset("operas"), nullptr);
}

TEST(Presets, DefinitionSentence) {
  EXPECT_EQ(
      definition(options_of(WorseningPreset::msprog)),
      "Worsening of EDSS: increase of at least 1.5 from baseline 0, 1.0 from baseline up to 5.0, 0.5 above, "
      "confirmed over 84 days (12 weeks) (7 days earlier to 730.5 days later) at any visit, holding at all "
      "visits "
      "between. Baseline: first visit more than 30 days after a relapse, fixed. Confirmation not within 30 "
      "days "
      "after a relapse. Censored at the last visit.");
}

TEST(Presets, MistCountsNoOnsetBeforeTheYearAndAsksForSixMonths) {
  const auto& mist = options_of(WorseningPreset::mist);
  // Visits 6, 12 months, then yearly. Worse at 6 months only: no event.
  Person early = Person{2}.visit(183, 3).visit(365, 2).visit(731, 2);
  EXPECT_EQ(event_day(early, mist), std::nullopt);
  // Worse from 6 months on: the first visit that may be the onset is that of 12 months.
  Person lasting = Person{2}.visit(183, 3).visit(365, 3).visit(731, 3);
  EXPECT_EQ(event_day(lasting, mist), 365);
  // Seen twice, three months apart only.
  Person short_run = Person{2}.visit(365, 3).visit(456, 3).visit(731, 2);
  EXPECT_EQ(event_day(short_run, mist), std::nullopt);
  // Half a step from 6.0 is not enough at any baseline.
  Person half = Person{6}.visit(365, 6.5).visit(731, 6.5);
  EXPECT_EQ(event_day(half, mist), std::nullopt);
}

TEST(Presets, TheThresholdSplitsDifferAsPublished) {
  // 5.5 -> 6.0, held: counts where 0.5 is enough above 5.0 (FREEDOMS, EXPAND), not where the split is
  // above 5.5.
  Person person{5.5, 6, 6, 6, 6};
  person.view();
  EXPECT_EQ(event_day(person, options_of(WorseningPreset::opera)), std::nullopt);
  EXPECT_EQ(event_day(person, options_of(WorseningPreset::affirm)), std::nullopt);
  EXPECT_EQ(event_day(person, options_of(WorseningPreset::freedoms)), 84);
  EXPECT_EQ(event_day(person, options_of(WorseningPreset::expand)), 84);
  // 0 -> 1.0: OPERA, FREEDOMS and MIST count it, AFFIRM and CARE-MS ask 1.5.
  Person from_zero{0, 1, 1, 1, 1};
  EXPECT_EQ(event_day(from_zero, options_of(WorseningPreset::opera)), 84);
  EXPECT_EQ(event_day(from_zero, options_of(WorseningPreset::freedoms)), 84);
  EXPECT_EQ(event_day(from_zero, options_of(WorseningPreset::affirm)), std::nullopt);
  EXPECT_EQ(event_day(from_zero, options_of(WorseningPreset::care_ms)), std::nullopt);
}

TEST(Presets, OratorioCountsDropOutBeforeConfirmation) {
  Person person{3, 3, 4};
  EXPECT_EQ(event_day(person, options_of(WorseningPreset::oratorio)), std::nullopt);  // study end
  person.record.dropped_out = true;
  EXPECT_EQ(event_day(person, options_of(WorseningPreset::oratorio)), 168);
  EXPECT_EQ(event_day(person, options_of(WorseningPreset::opera)), std::nullopt);
  person.record.end_of_follow_up_day = 168 + 84;  // confirmation was due and was missed
  EXPECT_EQ(event_day(person, options_of(WorseningPreset::oratorio)), std::nullopt);
}

TEST(Presets, ExpandConfirmsAtScheduledVisitsOnly) {
  Person person{4, 5, 5};
  person.visits[2].scheduled = false;
  EXPECT_EQ(event_day(person, options_of(WorseningPreset::expand)), std::nullopt);
  EXPECT_EQ(event_day(person, options_of(WorseningPreset::freedoms)), 84);
}

TEST(Presets, TransplantCohortsTakeTheValueBeforeTheGraft) {
  // 3.0 at inclusion, 4.0 before the graft: 4.0 is the reference, so 4.0 held after it is no worsening.
  Person person = Person{3}.visit(60, 4).visit(240, 4).visit(420, 4).visit(800, 4);
  person.record.transplant_day = 70;
  EXPECT_EQ(event_day(person, options_of(WorseningPreset::atkins)), std::nullopt);
  EXPECT_EQ(event_day(person, options_of(WorseningPreset::mist)), 420);
  // Muraro: 12 months.
  Person later = Person{4}.visit(180, 5).visit(365, 5).visit(550, 5);
  later.record.transplant_day = 5;
  EXPECT_EQ(event_day(later, options_of(WorseningPreset::ebmt)), 180);
  later.visits.pop_back();
  EXPECT_EQ(event_day(later, options_of(WorseningPreset::ebmt)), std::nullopt);
  EXPECT_EQ(event_day(later, options_of(WorseningPreset::burman)), 180);
  // Boffa: last-value rule.
  Person at_end = Person{4}.visit(180, 4).visit(365, 5);
  EXPECT_EQ(event_day(at_end, options_of(WorseningPreset::boffa)), 365);
  EXPECT_EQ(event_day(at_end, options_of(WorseningPreset::burman)), std::nullopt);
}

TEST(Options, PetrouIsUnconfirmed) {
  Person person{4, 5, 4};
  const auto result = time_to_confirmed_change(person.view(), options_of(WorseningPreset::petrou));
  EXPECT_TRUE(result.event);
  EXPECT_EQ(result.day, 84);
  EXPECT_EQ(result.confirmed_day, kNever);
}

TEST(Options, IntermediateVisits) {
  WorseningOptions rule = with_confirmation({}, weeks(24));
  Person person{2, 3, 2, 3, 3};
  EXPECT_EQ(event_day(person, rule), std::nullopt);
  rule.intermediate = IntermediateVisits::ignored;
  EXPECT_EQ(event_day(person, rule), 84);  // day 252, 168 days later, is worse again
}

TEST(Options, ConfirmationWindowEdges) {
  WorseningOptions rule;  // 84 days, 7 before, 730.5 after
  Person too_early = Person{2}.visit(100, 3).visit(176, 3);
  EXPECT_EQ(event_day(too_early, rule), std::nullopt);
  Person earliest = Person{2}.visit(100, 3).visit(177, 3);
  EXPECT_EQ(event_day(earliest, rule), 100);
  Person latest = Person{2}.visit(100, 3).visit(100 + 84 + 730, 3);
  EXPECT_EQ(event_day(latest, rule), 100);
  Person too_late = Person{2}.visit(100, 3).visit(100 + 84 + 731, 3);
  EXPECT_EQ(event_day(too_late, rule), std::nullopt);
  rule.tolerance_after_days = kNoLimit;
  EXPECT_EQ(event_day(too_late, rule), 100);
}

TEST(Options, EitherOfTwoConfirmations) {
  WorseningOptions rule;
  rule.tolerance_before_days = rule.tolerance_after_days = 7;
  Person person = Person{2}.visit(100, 3).visit(268, 3);
  EXPECT_EQ(event_day(person, rule), std::nullopt);
  rule.second_confirmation_days = 168;
  EXPECT_EQ(event_day(person, rule), 100);
}

TEST(Options, RelapsesNearBaselineEventAndConfirmation) {
  // Baseline within 30 days of a relapse is passed over: 3.5 in the relapse, 2 after it, then 3 held.
  Person at_baseline{3.5, 2, 3, 3};
  at_baseline.relapse(-20);
  EXPECT_EQ(event_day(at_baseline, {}), 168);
  at_baseline.relapses[0].onset_day = -31;
  EXPECT_EQ(event_day(at_baseline, {}), std::nullopt);

  // A visit 10 days after a relapse cannot confirm; the next can.
  Person at_confirmation{2, 3, 3, 3};
  at_confirmation.relapse(158);
  EXPECT_EQ(time_to_confirmed_change(at_confirmation.view(), {}).confirmed_day, 252);
  at_confirmation.relapses[0].pseudo = true;
  EXPECT_EQ(time_to_confirmed_change(at_confirmation.view(), {}).confirmed_day, 168);

  Person at_event{2, 3, 3, 3, 3};
  at_event.relapse(80);
  WorseningOptions rule;
  EXPECT_EQ(event_day(at_event, rule), 84);
  rule.relapse_to_event_days = 30;
  EXPECT_EQ(event_day(at_event, rule), 168);
}

TEST(Options, SustainedToTheEnd) {
  WorseningOptions rule;
  Person person{2, 3, 3, 3, 2.5};
  EXPECT_EQ(event_day(person, rule), 84);
  rule.sustained_days = 84;
  EXPECT_EQ(event_day(person, rule), 84);
  rule.sustained_days = kNoLimit;
  EXPECT_EQ(event_day(person, rule), std::nullopt);
}

TEST(Options, RovingBaselines) {
  // 4 -> 3 confirmed, then 4 held: worsening of the improved value only where improvement moves the baseline.
  Person improves{4, 3, 3, 4, 4};
  WorseningOptions rule;
  EXPECT_EQ(event_day(improves, rule), std::nullopt);
  rule.baseline = Baseline::roving_improvement;
  EXPECT_EQ(event_day(improves, rule), 252);
  rule.baseline = Baseline::roving_worsening;
  EXPECT_EQ(event_day(improves, rule), std::nullopt);
  rule.baseline = Baseline::roving;
  EXPECT_EQ(event_day(improves, rule), 252);

  // Two steps of 1.0, each confirmed.
  Person stairs{2, 3, 3, 4, 4};
  std::vector<ConfirmedChange> changes;
  confirmed_changes(stairs.view(), {}, changes);
  EXPECT_EQ(changes.size(), 1u);
  confirmed_changes(stairs.view(), rule, changes);
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].day, 84);
  EXPECT_EQ(changes[1].day, 252);
  EXPECT_EQ(changes[1].baseline_day, 168);
  EXPECT_EQ(changes[1].baseline_value, 3);
}

TEST(Options, BaselineMovedToTheMildestOfTheConfirmation) {
  // MSoutcomes: 2 -> 4, 3, 3 within 90.75 days: the new baseline is 3, so 4 held later is a second event.
  WorseningOptions rule = options_of(WorseningPreset::msbase);
  Person person = Person{2}.visit(100, 4).visit(150, 3).visit(200, 4).visit(300, 4).visit(400, 4);
  std::vector<ConfirmedChange> changes;
  confirmed_changes(person.view(), rule, changes);
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[1].baseline_value, 3);
  EXPECT_EQ(changes[1].day, 200);
  rule.moved_baseline = MovedBaseline::confirming_visit;
  confirmed_changes(person.view(), rule, changes);
  EXPECT_EQ(changes.size(), 1u);
}

TEST(Options, RebaselineAfterRelapse) {
  // 2, relapse at day 70, 3 from then on: nothing rises from the level after the relapse.
  Person left_behind{2, 3, 3, 3, 3};
  left_behind.relapse(70);
  WorseningOptions rule;
  EXPECT_EQ(event_day(left_behind, rule), 84);
  rule.after_relapse = AfterRelapse::rebaseline;
  EXPECT_EQ(event_day(left_behind, rule), std::nullopt);
  Person then_worse{2, 3, 3, 4, 4, 4};
  then_worse.relapse(70);
  EXPECT_EQ(event_day(then_worse, rule), 252);
}

TEST(Options, ConfirmationNotBeforeADay) {
  WorseningOptions rule = with_confirmation({}, 42);
  Person person = Person{2}.visit(20, 3).visit(70, 3);
  EXPECT_EQ(event_day(person, rule), 20);
  rule.confirmation_not_before_day = 90;
  EXPECT_EQ(event_day(person, rule), std::nullopt);
}

TEST(Options, CensoringAndDeath) {
  WorseningOptions rule;
  rule.censor_at = CensorAt::last_confirmable_visit;
  Person person{2, 2, 2, 2, 2};
  auto result = time_to_confirmed_change(person.view(), rule);
  EXPECT_FALSE(result.event);
  EXPECT_EQ(result.day, 252);  // a change at 252 could still have been confirmed at 336
  EXPECT_EQ(result.censoring, Censoring::last_confirmable_visit);

  person.record.death_day = 350;
  person.record.end_of_follow_up_day = 350;
  person.record.ms_death = true;
  rule.censor_at = CensorAt::last_visit;
  result = time_to_confirmed_change(person.view(), rule);
  EXPECT_FALSE(result.event);
  EXPECT_EQ(result.censoring, Censoring::death);
  rule.ms_death = MsDeath::counts;
  result = time_to_confirmed_change(person.view(), rule);
  EXPECT_TRUE(result.event);
  EXPECT_EQ(result.day, 350);
  person.record.ms_death = false;
  EXPECT_FALSE(time_to_confirmed_change(person.view(), rule).event);
}

TEST(Options, NobodySeenOrSeenOnce) {
  Person nobody{};
  EXPECT_EQ(time_to_confirmed_change(nobody.view(), {}).censoring, Censoring::no_baseline);
  Person once{2};
  const auto result = time_to_confirmed_change(once.view(), {});
  EXPECT_FALSE(result.event);
  EXPECT_EQ(result.day, 0);
  Person missing{kMissing, kMissing};
  EXPECT_EQ(time_to_confirmed_change(missing.view(), {}).censoring, Censoring::no_baseline);
}

TEST(Options, MissingValuesAreSkipped) {
  Person person{2, 3, kMissing, 3};
  EXPECT_EQ(event_day(person, {}), 84);
}

TEST(Options, ManyVisitsLeaveTheStack) {
  Person person{2};
  for (int k = 1; k <= 500; ++k) person.visit(7 * k, k < 300 ? 2 : 3);
  EXPECT_EQ(event_day(person, {}), 2100);
}

TEST(Improvement, MsbaseSteps) {
  const auto rule = as_improvement(options_of(WorseningPreset::msbase));
  Person from_1_5{1.5, 0.0, 0.0, 0.0};
  EXPECT_EQ(event_day(from_1_5, rule), 84);
  Person from_1_5_to_1{1.5, 1, 1, 1};
  EXPECT_EQ(event_day(from_1_5_to_1, rule), std::nullopt);
  Person from_6{6, 5, 5, 5};
  EXPECT_EQ(event_day(from_6, rule), 84);
  Person from_6_half{6, 5.5, 5.5, 5.5};
  EXPECT_EQ(event_day(from_6_half, rule), std::nullopt);
  Person from_6_5_half{6.5, 6, 6, 6};
  EXPECT_EQ(event_day(from_6_5_half, rule), 84);
}

TEST(Improvement, SdmtWorsensDownwards) {
  WorseningOptions rule;
  rule.measure = Measure::sdmt;
  rule.step = rule.improvement_step = steps::sdmt_4_or_20_percent;
  Person person{2, 2, 2, 2};
  const float falling[] = {50, 46, 45, 45}, rising[] = {50, 54, 55, 55};
  for (std::size_t k = 0; k < 4; ++k) person.visits[k].sdmt = falling[k];
  EXPECT_EQ(event_day(person, rule), 84);
  EXPECT_EQ(event_day(person, as_improvement(rule)), std::nullopt);
  for (std::size_t k = 0; k < 4; ++k) person.visits[k].sdmt = rising[k];
  EXPECT_EQ(event_day(person, rule), std::nullopt);
  EXPECT_EQ(event_day(person, as_improvement(rule)), 84);
}

TEST(Months, BothLengths) {
  EXPECT_DOUBLE_EQ(months(3, MonthLength::msbase_30_25), 90.75);  // MSoutcomes default
  EXPECT_DOUBLE_EQ(months(12), 365.25);
}

}  // namespace
}  // namespace hortega::endpoints
