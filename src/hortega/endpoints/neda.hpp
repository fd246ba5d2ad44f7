// SPDX-License-Identifier: Apache-2.0
// No evidence of disease activity, NEDA-3 and NEDA-4, at a landmark and as time to first failure
// (docs/endpoints.md).
#pragma once

#include "hortega/endpoints/worsening.hpp"

namespace hortega::endpoints {

enum class NedaLevel : std::uint8_t { neda3, neda4 };
enum class BrainLossLimit : std::uint8_t { below, at_most };  ///< loss < limit, or <= limit

struct NedaOptions {
  NedaLevel level = NedaLevel::neda3;
  int from_day = 0;        ///< relapses and worsening count from here
  int rebaseline_day = 0;  ///< MRI reference: the scan nearest to this day within mri_window_days (HSCT: 180)
  WorseningOptions worsening = {};
  RelapseCounting relapses = {};
  double brain_loss_limit_percent_per_year = 0.4;
  BrainLossLimit brain_loss = BrainLossLimit::below;
  int brain_minimum_days = 337;  ///< shortest interval whose loss is annualised: a year less the MRI window
  int mri_window_days = 28;
  int visit_window_days = 14;
};

/// Each component: yes = free of activity.
struct NedaComponents {
  Ternary no_relapse = Ternary::unknown;
  Ternary no_worsening = Ternary::unknown;
  Ternary no_mri_activity = Ternary::unknown;
  Ternary no_brain_loss = Ternary::unknown;
};
/// No if any needed component failed; else unknown if any is unknown; else yes.
Ternary neda(const NedaComponents& components, NedaLevel level);

/// Components over (reference, to_day]; `to_day` must be reached by follow-up, visit and scan (within
/// windows), or the component is unknown unless it failed before.
NedaComponents neda_components(const PersonRecord& person, int to_day, const NedaOptions& options);
inline Ternary neda(const PersonRecord& person, int to_day, const NedaOptions& options) {
  return neda(neda_components(person, to_day, options), options.level);
}

/// Time to the first evidence of disease activity of any component. Who was never scanned is not at risk
/// (Censoring::no_baseline).
TimeToEvent time_to_disease_activity(const PersonRecord& person, const NedaOptions& options);

std::string definition(const NedaOptions& options);

}  // namespace hortega::endpoints
