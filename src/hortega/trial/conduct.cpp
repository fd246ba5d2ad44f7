// SPDX-License-Identifier: Apache-2.0
#include "hortega/trial/conduct.hpp"

#include "hortega/core/math.hpp"

#include <algorithm>
#include <string>

namespace hortega::trial {

namespace {

std::string class_name(ConductClass c) {
  switch (c) {
    case ConductClass::blinded:
      return "blinded";
    case ConductClass::rater_blinded:
      return "rater_blinded";
    case ConductClass::open:
      return "open";
    case ConductClass::registry:
      return "registry";
  }
  return "blinded";
}

}  // namespace

ConductRules conduct_rules(const core::ParameterSet& parameters, const StudyFacts& study, bool enabled) {
  const auto value = [&](const std::string& name) { return parameters.get(name).value; };
  ConductRules r;
  r.relapse.refractory_day = static_cast<int>(value("relapse_refractory"));
  r.relapse.subtle_noticed = value("relapse_subtle_noticed");
  r.steroid_share = value("steroid_share");
  if (!enabled) return r;
  const std::string c = class_name(study.conduct_class);
  const double years = study.year - value("era_reference_year");
  const double era = math::exp(-value("era_reporting_slope") * years);
  r.relapse.subtle_noticed = std::min(1.0, r.relapse.subtle_noticed * value("subtle_reporting_" + c) * era);
  r.relapse.fever_slips = value("fever_slips_" + c);
  r.attend_probability = value("attend_probability");
  r.attend_delay_day = value("attend_delay");
  r.expectation_grade = value("expectation_" + c);
  return r;
}

}  // namespace hortega::trial
