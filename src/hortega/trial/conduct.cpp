// SPDX-License-Identifier: Apache-2.0
#include "hortega/trial/conduct.hpp"

#include "hortega/core/math.hpp"

#include <algorithm>
#include <string>

namespace hortega::trial {

namespace {

// Names of the parameters of each class of studies.
struct ClassNames {
  const char* subtle_reporting;
  const char* expectation;
  const char* fever_slips;
};

ClassNames names_of(ConductClass c) {
  switch (c) {
    case ConductClass::blinded:
      return {"subtle_reporting_blinded", "expectation_blinded", "fever_slips_blinded"};
    case ConductClass::rater_blinded:
      return {"subtle_reporting_rater_blinded", "expectation_rater_blinded", "fever_slips_rater_blinded"};
    case ConductClass::open:
      return {"subtle_reporting_open", "expectation_open", "fever_slips_open"};
    case ConductClass::registry:
      break;
  }
  return {"subtle_reporting_registry", "expectation_registry", "fever_slips_registry"};
}

}  // namespace

ConductRules conduct_rules(const core::ParameterSet& parameters, const StudyFacts& study, bool enabled) {
  const auto value = [&](const std::string& name) { return parameters.get(name).value; };
  ConductRules r;
  r.relapse.refractory_day = static_cast<int>(value("relapse_refractory"));
  r.relapse.subtle_noticed = value("relapse_subtle_noticed");
  r.steroid_share = value("steroid_share");
  if (!enabled) return r;
  const ClassNames names = names_of(study.conduct_class);
  const double years = study.year - value("era_reference_year");
  const double era = math::exp(-value("era_reporting_slope") * years);
  r.relapse.subtle_noticed = std::min(1.0, r.relapse.subtle_noticed * value(names.subtle_reporting) * era);
  r.relapse.fever_slips = value(names.fever_slips);
  r.attend_probability = value("attend_probability");
  r.attend_delay_day = value("attend_delay");
  r.expectation_grade = value(names.expectation);
  return r;
}

}  // namespace hortega::trial
