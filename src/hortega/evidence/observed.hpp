// SPDX-License-Identifier: Apache-2.0
// A participant as an analysis sees them: time counted from the endpoint's origin, and nothing after the day
// at which the estimand stops looking.
#pragma once

#include <span>
#include <vector>

#include "hortega/endpoints/record.hpp"
#include "hortega/trial/participant.hpp"
#include "hortega/trial/protocol.hpp"

namespace hortega::evidence {

/// Last day (from randomisation) that the analysis looks at: a switch that censors; a switch away from the
/// allocated treatment, where the estimand is hypothetical; that or the end of the allocated treatment, where
/// it is while-on-treatment; else endpoints::kNever.
int last_day_analysed(const trial::Participant& participant, const trial::Protocol& protocol);

/// The graft of the allocated treatment (not of a rescue), days from randomisation; endpoints::kNever if
/// none.
int allocated_transplant_day(const trial::Participant& participant);

/// A view; the participant outlives it. Days of `record` count from the origin: from entry they are the
/// participant's own tables cut short, else a shifted copy.
class Observed {
 public:
  /// Origin::endpoint counts from randomisation here; the caller subtracts.
  Observed(const trial::Participant& participant, const trial::Protocol& protocol, trial::Origin origin);
  Observed(Observed&&) noexcept = default;
  Observed& operator=(Observed&&) noexcept = default;

  const trial::Participant& participant() const { return *participant_; }
  const endpoints::PersonRecord& record() const { return record_; }
  std::span<const double> snfl_pg_per_ml() const { return snfl_; }  ///< one a visit of the record, or empty
  std::span<const double> lymphocytes_1e9_per_l() const { return lymphocytes_; }  ///< as snfl_pg_per_ml
  int origin_day() const { return origin_day_; }                                  ///< from randomisation
  bool dead() const { return record_.death_day <= record_.end_of_follow_up_day; }
  /// Is a day (from randomisation) inside follow-up and what is analysed?
  bool sees(int day) const { return day <= last_day_; }

 private:
  const trial::Participant* participant_;
  endpoints::PersonRecord record_;
  std::span<const double> snfl_, lymphocytes_;
  int origin_day_ = 0;
  int last_day_ = 0;
  std::vector<endpoints::Visit> visits_;
  std::vector<endpoints::Relapse> relapses_;
  std::vector<endpoints::Scan> scans_;
};

}  // namespace hortega::evidence
