// SPDX-License-Identifier: Apache-2.0
//
// Trial conduct: what makes the numbers of a study differ from its biology. Reporting of mild relapses,
// attendance, adjudication of fever, symptoms without an attack, rater expectation, era; by class of study,
// never by study (data/parameters/conduct.toml). Off by one key.
#pragma once

#include "hortega/cohort/history.hpp"
#include "hortega/core/parameters.hpp"
#include "hortega/disease/parameters.hpp"
#include "hortega/trial/protocol.hpp"

namespace hortega::trial {

/// What holds in one study.
struct ConductRules {
  cohort::RelapseRule relapse;
  double attend_probability = 1.0;
  double attend_delay_day = 1.0;  // mean of an exponential, cut at 14
  double steroid_share = 0.0;
  // Relapses reported with no attack behind them (old deficits that fluctuate), per year; the examination
  // decides whether one is confirmed, as it does for an attack.
  double symptom_reports_per_year = 0.0;
  double expectation_grade =
      0.0;  // shift between arms, half each way; 0 in single-arm studies of biology alone
};

/// The rules of a study's class and year; with conduct disabled, everybody attends, nobody expects, no fever
/// slips through, and reporting is the natural one.
ConductRules conduct_rules(const core::ParameterSet& parameters, const StudyFacts& study, bool enabled);

}  // namespace hortega::trial
