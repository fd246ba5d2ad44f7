// SPDX-License-Identifier: Apache-2.0
// What the page of a study of fibres concludes.
#include "hortega/output/axon_page.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace hortega::output {
namespace {

axon::CaseResult case_of(const char* name, double celsius) {
  axon::CaseResult one;
  one.name = name;
  one.celsius = celsius;
  return one;
}

/// A case that conducts, with this much more delay than the intact fibre.
axon::CaseResult conducting(const char* name, double celsius, std::optional<double> extra_ms) {
  axon::CaseResult one = case_of(name, celsius);
  one.transmitted = true;
  one.velocity_m_per_s = 2.0;
  one.delay_ms = 1.5;
  one.extra_delay_ms = extra_ms;
  return one;
}

axon::Study study() {
  axon::Study all;
  all.intact = conducting("intact", 37.0, {});
  all.intact_at.push_back({50.0, false, {}, {}, false});
  axon::CaseResult under_way = case_of("slow", 37.0);
  under_way.still_under_way = true;
  all.cases = {conducting("late", 37.0, 0.7),
               conducting("early", 37.0, -0.25),
               conducting("same", 37.0, -0.001),
               conducting("hot", 50.0, {}),
               case_of("bare", 37.0),
               under_way};
  return all;
}

// Every case stands in one list, whatever is known of it.
TEST(AxonPage, AnswerNamesEachCaseOnce) {
  EXPECT_EQ(
      axon_answer(study()),
      "The intact fibre conducts at 2.00 m/s at 37 °C. A spike comes through, with this much more delay than "
      "in "
      "the intact fibre at the same temperature: late (+0.70 ms); early (−0.25 ms); same (0.00 ms); hot (no "
      "delay to compare with). Blocked: bare. Not decided, the record ended: slow.");
}

TEST(AxonPage, AnIntactFibreOfAnEarlyEndIsNotBlocked) {
  axon::Study all;
  all.intact = case_of("intact", 37.0);
  all.intact.still_under_way = true;
  EXPECT_EQ(axon_answer(all), "The record ended before a spike came through the intact fibre.");
  all.intact.still_under_way = false;
  EXPECT_EQ(axon_answer(all), "No spike comes through the intact fibre.");
}

TEST(AxonPage, SummaryHasTheIntactFibreAtOtherTemperaturesAndNoEnergyWhereItIsUnknown) {
  const core::Value summary = axon_summary(study());
  const core::Value::Array& at = *summary.find("intact_at")->array();
  ASSERT_EQ(at.size(), 1U);
  EXPECT_EQ(*at[0].find("celsius")->real(), 50.0);
  EXPECT_TRUE(at[0].find("delay_ms")->is_null());
  EXPECT_TRUE(summary.find("intact")->find("atp_per_um")->is_null());
}

}  // namespace
}  // namespace hortega::output
