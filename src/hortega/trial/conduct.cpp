// SPDX-License-Identifier: Apache-2.0
#include "hortega/trial/conduct.hpp"

#include "hortega/core/math.hpp"

#include <algorithm>
#include <string>

namespace hortega::trial {

namespace {

// The parameters of a class of studies.
struct ClassParameters {
  const char* subtle_reporting;
  const char* fever_slips;
  const char* expectation;
  const char* symptom_reports;
};

ClassParameters parameters_of(ConductClass c) {
  switch (c) {
    case ConductClass::blinded:
      break;
    case ConductClass::rater_blinded:
      return {"subtle_reporting_rater_blinded", "fever_slips_rater_blinded", "expectation_rater_blinded",
              "symptom_reports_rater_blinded"};
    case ConductClass::open:
      return {"subtle_reporting_open", "fever_slips_open", "expectation_open", "symptom_reports_open"};
    case ConductClass::registry:
      return {"subtle_reporting_registry", "fever_slips_registry", "expectation_registry",
              "symptom_reports_registry"};
  }
  return {"subtle_reporting_blinded", "fever_slips_blinded", "expectation_blinded",
          "symptom_reports_blinded"};
}

}  // namespace

ConductRules conduct_rules(const core::ParameterSet& parameters, const StudyFacts& study, bool enabled) {
  const auto value = [&](const std::string& name) { return parameters.get(name).value; };
  ConductRules r;
  r.relapse.subtle_noticed = value("relapse_subtle_noticed");
  r.steroid_share = value("steroid_share");
  if (!enabled) return r;
  const ClassParameters c = parameters_of(study.conduct_class);
  const double years = study.year - value("era_reference_year");
  const double era = math::exp(-value("era_reporting_slope") * years);
  r.relapse.subtle_noticed = std::min(1.0, r.relapse.subtle_noticed * value(c.subtle_reporting) * era);
  r.relapse.fever_slips = value(c.fever_slips);
  r.attend_probability = value("attend_probability");
  r.attend_delay_day = value("attend_delay");
  r.expectation_grade = value(c.expectation);
  r.symptom_reports_per_year = value(c.symptom_reports);
  return r;
}

}  // namespace hortega::trial
