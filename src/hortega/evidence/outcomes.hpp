// SPDX-License-Identifier: Apache-2.0
// What one person contributes to an endpoint: a time, a count over an exposure, a value at a visit, a
// landmark answer.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "hortega/evidence/endpoint_plan.hpp"
#include "hortega/evidence/observed.hpp"

namespace hortega::evidence {

enum class TimeStatus : std::uint8_t { censored = 0, event = 1, competing = 2 };

/// Days from the origin, >= 0. People who are not at risk (no baseline, already there, no graft, no origin)
/// do not count.
struct PersonOutcome {
  bool at_risk = false;
  double day = 0.0;
  TimeStatus status = TimeStatus::censored;
  endpoints::Censoring censoring = endpoints::Censoring::none;
};

/// `earlier` holds this person's outcomes of the endpoints before this one (components, origin). Endpoints
/// without a time give at_risk = false.
PersonOutcome time_of(const EndpointPlan& plan, const Observed& person,
                      std::span<const PersonOutcome> earlier);

/// Events, and what they are counted over. Relapses and adverse events: years. Lesions: scans with the count,
/// and years to the last of them.
struct PersonCount {
  bool known = false;
  int count = 0;
  double years = 0.0;
  int scans = 0;
};

/// Over [0, horizon_day]; a scan up to 28 days later belongs to the horizon's visit.
PersonCount count_of(const EndpointPlan& plan, const Observed& person, double horizon_day);

/// A measure at a visit and at baseline, NaN if missing.
struct PersonValue {
  double baseline = endpoints::kMissing;
  double value = endpoints::kMissing;
  double years = endpoints::kMissing;  ///< between the two visits
};

/// At the scheduled visit (scan) with the measure that is nearest to `day`, at most 28 days away (45 where
/// the origin is not randomisation, as visits are planned from there). Engraftment: its day, whatever `day`
/// is. Brain volume: percent of that at the baseline scan, baseline 100.
PersonValue value_of(const EndpointPlan& plan, const Observed& person, double day);

/// Engraftment: did the count never fall below the threshold (then there is no day of engraftment, and the
/// person is not at risk of it)? None without a graft.
std::optional<bool> stayed_above(const EndpointPlan& plan, const Observed& person);

/// NEDA at a landmark.
endpoints::Ternary neda_at(const EndpointPlan& plan, const Observed& person, double day);

/// Worsenings confirmed up to a day (28 days later at most), by their relation to relapses (of all measures
/// where the plan is composite).
struct PersonShares {
  int pira = 0, raw = 0, neither = 0;
};
PersonShares shares_of(const EndpointPlan& plan, const Observed& person, double horizon_day);

/// Does a harm's term mean this? It holds every word asked ("infusion related reaction" is an "infusion
/// reaction"); infections that are called otherwise (sepsis, zoster, ...) are an "infection";
/// "non-haematological toxicity" is every harm that is not of the blood count or the graft.
bool is_term(std::string_view harm, std::string_view asked);

}  // namespace hortega::evidence
