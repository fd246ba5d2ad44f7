// SPDX-License-Identifier: Apache-2.0
//
// The rules by which a past is told: what counts as a relapse, windows before entry, and the course.
#include "hortega/cohort/history.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hortega::cohort {
namespace {

disease::Event attack(std::uint32_t day, double rise) {
  return {disease::EventKind::attack, 0, day, 2.0 + rise, 2.0};
}
disease::Event fever(std::uint32_t day, double rise) {
  return {disease::EventKind::fever, 0, day, 2.0 + rise, 2.0};
}

constexpr core::StreamKey k_key{1, 2, 0};

TEST(RelapseJudge, ARiseOfHalfAPointIsARelapseOnceAMonth) {
  RelapseJudge judge;
  const RelapseRule rule{30, 0.0, 0.0};
  EXPECT_EQ(judge.judge(rule, k_key, attack(100, 0.5)), Judgement::relapse);
  EXPECT_EQ(judge.judge(rule, k_key, attack(129, 2.0)), Judgement::same_relapse);
  EXPECT_EQ(judge.judge(rule, k_key, attack(130, 1.0)), Judgement::relapse);
  EXPECT_EQ(judge.last_onset_day(), 130);
  EXPECT_EQ(judge.judge(rule, k_key, attack(300, 0.0)), Judgement::not_noticed);
  EXPECT_EQ(judge.last_onset_day(), 130);
}

TEST(RelapseJudge, SubtleAttacksAndFeversByTheirProbability) {
  int noticed = 0;
  int slipped = 0;
  constexpr int k_n = 4000;
  for (std::uint32_t person = 0; person < k_n; ++person) {
    RelapseJudge judge;
    const RelapseRule rule{30, 0.3, 0.2};
    noticed += judge.judge(rule, {1, person, 0}, attack(10, 0.0)) == Judgement::relapse ? 1 : 0;
    const Judgement f = judge.judge(rule, {1, person, 0}, fever(200, 1.0));
    EXPECT_TRUE(f == Judgement::relapse || f == Judgement::pseudo_relapse);
    slipped += f == Judgement::relapse ? 1 : 0;
    EXPECT_EQ(judge.judge(rule, {1, person, 0}, fever(400, 0.0)), Judgement::not_noticed);
  }
  EXPECT_NEAR(noticed / static_cast<double>(k_n), 0.3, 4 * std::sqrt(0.21 / k_n));
  EXPECT_NEAR(slipped / static_cast<double>(k_n), 0.2, 4 * std::sqrt(0.16 / k_n));
}

TEST(RelapseJudge, APseudoRelapseDoesNotHideTheRelapseAfterIt) {
  RelapseJudge judge;
  const RelapseRule rule{30, 0.0, 0.0};
  EXPECT_EQ(judge.judge(rule, k_key, fever(100, 1.0)), Judgement::pseudo_relapse);
  EXPECT_EQ(judge.judge(rule, k_key, attack(105, 1.0)), Judgement::relapse);
}

Review review(std::uint32_t day, float edss, float t2 = 0.0F, std::uint8_t gd = 0) {
  return {day, edss, t2, gd, 3};
}

TEST(History, WindowsBeforeEntry) {
  History h;
  h.relapse_days = {100, 700, 900, 1000};
  EXPECT_EQ(h.relapses_within(1065, 365.25), 3);
  EXPECT_EQ(h.relapses_within(1066, 365.25), 2);  // 366 days ago is out
  EXPECT_EQ(h.relapses_within(1365, 365.25), 1);  // 365 days ago is in
  EXPECT_EQ(h.relapses_within(1366, 365.25), 0);
  EXPECT_EQ(h.last_relapse_day(), 1000U);
  EXPECT_FALSE(History{}.last_relapse_day().has_value());
  for (std::uint32_t i = 0; i < 5; ++i)
    add_review(h, review(91 * (i + 1), 2.0F + 0.5F * static_cast<float>(i), static_cast<float>(3 * i),
                         static_cast<std::uint8_t>(i == 1 ? 4 : 0)));
  EXPECT_EQ(h.gd_within(455, 300.0), 4);
  EXPECT_EQ(h.gd_within(455, 200.0), 0);
  EXPECT_EQ(h.new_t2_within(455, 365.0), 12);
  EXPECT_EQ(h.new_t2_within(455, 100.0), 3);
  EXPECT_DOUBLE_EQ(h.edss_rise_over(455, 364.0), 2.0);
  EXPECT_DOUBLE_EQ(h.edss_rise_over(455, 182.0), 1.0);
  EXPECT_DOUBLE_EQ(h.edss_rise_over(455, 2000.0), 0.0);  // nothing so long ago
}

TEST(Course, TheFirstRelapseMakesItRelapsing) {
  History h;
  add_review(h, review(91, 1.0F));
  EXPECT_EQ(h.course, Course::no_symptoms_yet);
  h.relapse_days = {120};
  add_review(h, review(182, 3.0F));
  EXPECT_EQ(h.course, Course::relapsing);
  EXPECT_EQ(h.first_symptom_day, 120U);
}

TEST(Course, DisabilityWithoutAnyRelapseIsPrimaryProgressive) {
  History h;
  add_review(h, review(91, 3.0F));
  EXPECT_EQ(h.course, Course::no_symptoms_yet) << "one review may be noise";
  add_review(h, review(182, 2.5F));
  add_review(h, review(273, 3.0F));
  EXPECT_EQ(h.course, Course::no_symptoms_yet);
  add_review(h, review(364, 3.5F));
  EXPECT_EQ(h.course, Course::primary_progressive);
  EXPECT_EQ(h.first_symptom_day, 273U);
  EXPECT_EQ(h.progression_day, 273U);
}

History relapsing(float edss, std::uint32_t reviews) {
  History h;
  h.relapse_days = {50};
  for (std::uint32_t i = 1; i <= reviews; ++i) add_review(h, review(91 * i, edss));
  return h;
}

TEST(Course, AConfirmedRiseWithoutRelapseIsSecondaryProgressive) {
  History h = relapsing(3.5F, 5);
  add_review(h, review(91 * 6, 4.5F));
  add_review(h, review(91 * 7, 4.5F));
  EXPECT_EQ(h.course, Course::relapsing) << "held for a quarter only";
  add_review(h, review(91 * 8, 4.5F));
  EXPECT_EQ(h.course, Course::secondary_progressive);
  EXPECT_EQ(h.progression_day, 91U * 6);
}

TEST(Course, ARiseByRelapseBelowFourOrNotHeldIsNot) {
  History by_relapse = relapsing(3.5F, 5);
  by_relapse.relapse_days.push_back(91 * 6 - 20);
  for (std::uint32_t i = 6; i < 12; ++i) add_review(by_relapse, review(91 * i, 4.5F));
  EXPECT_EQ(by_relapse.course, Course::relapsing);

  History below = relapsing(2.0F, 5);
  for (std::uint32_t i = 6; i < 12; ++i) add_review(below, review(91 * i, 3.5F));
  EXPECT_EQ(below.course, Course::relapsing);

  History not_held = relapsing(3.5F, 5);
  for (std::uint32_t i = 6; i < 12; ++i) add_review(not_held, review(91 * i, i == 8 ? 4.0F : 4.5F));
  // The dip at review 8 restarts it: 9 to 11 hold over half a year, but from a reference of 4.0 the rise is a
  // half.
  EXPECT_EQ(not_held.course, Course::relapsing);

  History half = relapsing(6.0F, 5);
  for (std::uint32_t i = 6; i < 10; ++i) add_review(half, review(91 * i, 6.5F));
  EXPECT_EQ(half.course, Course::secondary_progressive) << "from 6.0 on half a point suffices";
}

}  // namespace
}  // namespace hortega::cohort
