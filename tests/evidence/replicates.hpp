// SPDX-License-Identifier: Apache-2.0
// Small trials made by hand.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "hortega/evidence/comparison.hpp"
#include "hortega/evidence/default_quantities.hpp"
#include "hortega/evidence/estimates.hpp"

namespace hortega::evidence::made {

inline trial::EndpointSpec endpoint(std::string id, trial::EndpointKind kind, std::string preset = {}) {
  trial::EndpointSpec spec;
  spec.id = std::move(id);
  spec.kind = kind;
  spec.preset = std::move(preset);
  return spec;
}

/// Arms A and B, 732 days of follow-up, EDSS every 12 weeks, scans every 24 weeks, treatment policy, A
/// against B.
inline trial::Protocol protocol(std::vector<trial::EndpointSpec> endpoints) {
  trial::Protocol p;
  p.id = "made";
  for (const char* id : {"A", "B"}) {
    trial::Arm arm;
    arm.id = id;
    p.arms.push_back(arm);
  }
  p.accrual.follow_up_day = 732;
  p.visits.edss.every_day = 84;
  p.visits.mri.every_day = 168;
  p.endpoints = std::move(endpoints);
  p.analysis.contrasts = {{"A", "B"}};
  return p;
}

/// Followed from day 0 to the end, with an EDSS on days 0, 84, 168, ...
inline trial::Participant person(std::size_t arm, std::vector<double> edss = {}, int end_day = 732) {
  trial::Participant p;
  p.arm = arm;
  p.end_of_follow_up_day = end_day;
  for (std::size_t i = 0; i < edss.size(); ++i) {
    endpoints::Visit visit;
    visit.day = static_cast<int>(84 * i);
    visit.edss = edss[i];
    p.visits.push_back(visit);
  }
  p.baseline.edss = edss.empty() ? 0.0 : edss.front();
  return p;
}

inline void relapse(trial::Participant& p, int day) {
  endpoints::Relapse r;
  r.onset_day = day;
  p.relapses.push_back(r);
}

inline void scan(trial::Participant& p, int day, int gd, int new_t2, double t2_ml = 5.0, double brain = 0.0) {
  endpoints::Scan s;
  s.day = day;
  s.gd_count = gd;
  s.new_or_enlarging_t2 = new_t2;
  s.t2_volume_ml = t2_ml;
  s.brain_volume_change_percent = brain;
  p.scans.push_back(s);
}

inline void die(trial::Participant& p, int day, bool of_treatment) {
  p.death_day = p.end_of_follow_up_day = day;
  p.treatment_death = of_treatment;
  p.end_reason = trial::EndReason::died;
}

inline trial::Replicate replicate(std::vector<trial::Participant> people, int number = 0) {
  trial::Replicate r;
  r.number = number;
  r.participants = std::move(people);
  for (std::size_t i = 0; i < r.participants.size(); ++i)
    r.participants[i].number = static_cast<std::uint32_t>(i);
  return r;
}

inline Quantity of_arm(std::string endpoint, std::string estimator, std::string arm, double day = 0.0) {
  return {std::move(endpoint), std::move(estimator), std::move(arm), "", day, ""};
}
inline Quantity contrast(std::string endpoint, std::string estimator, double day = 0.0) {
  return {std::move(endpoint), std::move(estimator), "A", "B", day, ""};
}

/// One number of one replicate.
inline Outcome outcome(const trial::Protocol& p, const trial::Replicate& r, const Quantity& q) {
  const std::vector<Quantity> asked{q};
  const Estimation estimation(p, asked);
  const auto result = estimation.estimate(r);
  for (std::size_t i = 0; i < estimation.quantities().size(); ++i) {
    if (same_question(estimation.quantities()[i], q)) return result.outcomes.at(i);
  }
  ADD_FAILURE() << "not estimated: " << q.estimator << " of " << q.endpoint;
  return {};
}
inline double value(const trial::Protocol& p, const trial::Replicate& r, const Quantity& q) {
  return outcome(p, r, q).value;
}

}  // namespace hortega::evidence::made
