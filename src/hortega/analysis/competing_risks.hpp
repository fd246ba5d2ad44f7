// SPDX-License-Identifier: Apache-2.0
// Competing risks: the Aalen-Johansen cumulative incidence of each cause.
#pragma once

#include <cstdint>
#include <vector>

#include "hortega/analysis/inference.hpp"
#include "hortega/analysis/survival.hpp"

namespace hortega::analysis {

/// Cumulative incidence of causes 1 .. n_causes, one row per distinct time of the sample, ascending.
struct CumulativeIncidence {
  std::vector<double> time;
  std::vector<std::int64_t> at_risk;
  std::vector<double> event_free;              ///< Kaplan-Meier survival from every cause
  std::vector<std::vector<double>> incidence;  ///< [cause - 1][row]
  std::vector<std::vector<double>> variance;   ///< [cause - 1][row]
  std::vector<std::vector<double>> lower,
      upper;  ///< log-log interval of the incidence; [0, 0] before an event
  double confidence = k_confidence;
};

/// Statuses above n_causes throw. The variance is the infinitesimal jackknife of R's survfit (multi-state),
/// here in closed form: without delayed entry its contributions at different times are orthogonal, so that
/// the joint variance of the event-free probability and of the incidence follows a recursion in O(n). The
/// interval is on the scale log(-log F), which stays inside [0, 1] (survfit with conf.type = "log-log").
CumulativeIncidence aalen_johansen(const SurvivalSample& sample, std::int32_t n_causes,
                                   double confidence = k_confidence);

/// The incidence of one cause at time t (right-continuous). O(log n).
struct IncidenceAt {
  double incidence = 0.0;
  double variance = 0.0;
  Interval interval;
};

IncidenceAt incidence_at(const CumulativeIncidence& curves, std::int32_t cause, double t);

}  // namespace hortega::analysis
