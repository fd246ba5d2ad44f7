// SPDX-License-Identifier: Apache-2.0
//
// When a participant may cross over: the trigger endpoint, asked of the record so far.
#pragma once

#include "hortega/endpoints/worsening.hpp"
#include "hortega/trial/participant.hpp"
#include "hortega/trial/protocol.hpp"

#include <string>

namespace hortega::trial {

/// The published definition of worsening or improvement that an endpoint names, with its own confirmation and
/// earliest day; `msbase` when it names none. Throws InputError for an unknown preset.
endpoints::WorseningOptions worsening_options(const EndpointSpec& endpoint);

class RescueRule {
 public:
  explicit RescueRule(const Protocol& protocol);
  bool applies(const std::string& arm) const;
  /// True when the trigger has happened (and was confirmed) by today.
  bool triggered(const Participant& participant, int today) const;

 private:
  const Rescue* rescue_ = nullptr;
  EndpointKind kind_ = EndpointKind::cdw;
  endpoints::WorseningOptions worsening_;
};

}  // namespace hortega::trial
