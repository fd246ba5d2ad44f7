// SPDX-License-Identifier: Apache-2.0
//
// When a participant changes regimen: the steps of the arm's sequence, asked of what was recorded so far.
#pragma once

#include "hortega/endpoints/worsening.hpp"
#include "hortega/trial/participant.hpp"
#include "hortega/trial/protocol.hpp"

#include <optional>
#include <vector>

namespace hortega::trial {

/// The published definition of worsening or improvement that an endpoint names, with its own confirmation and
/// earliest day; `msbase` when it names none. Throws InputError for an unknown preset.
endpoints::WorseningOptions worsening_options(const EndpointSpec& endpoint);

/// What was just done: worsening is judged at scheduled visits, relapses and harms at any, lesions on scans.
enum class Look : std::uint8_t { scheduled_visit, unscheduled_visit, scan };

/// Where a participant stands in the sequence of the arm.
struct SequenceState {
  std::size_t next = 0;                   // first step that may still be taken
  int taken_since = endpoints::kNever;    // start of what is taken; kNever: before it, or washing out
  int reference_day = 0;                  // worsening counts from the last visit up to this day
  std::optional<std::size_t> waiting;     // step decided, in washout
  int waiting_until = endpoints::kNever;  // its start
  int stop_day = endpoints::kNever;       // planned end of what is taken
};

class SwitchRules {
 public:
  explicit SwitchRules(const Protocol& protocol);

  const std::vector<SequenceStep>& steps(std::size_t arm) const { return steps_[arm]; }
  /// Whether a step's failure was seen by today, by this look. Participant: as recorded up to today.
  bool failed(const Participant& participant, std::size_t step, const SequenceState& state, int today,
              Look look) const;
  /// First day on which a planned step is due; kNever if none is left.
  int planned_day(std::size_t arm, const SequenceState& state) const;
  /// The planned step due today, if any.
  std::optional<std::size_t> planned(std::size_t arm, const SequenceState& state, int today) const;

 private:
  std::vector<std::vector<SequenceStep>> steps_;                     // by arm
  std::vector<std::vector<endpoints::WorseningOptions>> worsening_;  // of each step
};

}  // namespace hortega::trial
