// SPDX-License-Identifier: Apache-2.0
// The list of all kinds of input, each made by the layer that reads it.
#include "command.hpp"
#include "hortega/therapy/regimen.hpp"
#include "hortega/trial/protocol.hpp"

namespace hortega::apps {

const std::vector<core::InputKind>& input_kinds() {
  static const std::vector<core::InputKind> kinds = {
      core::make_input_kind<trial::Protocol>("protocol",
                                             "A trial: population, arms, visits, endpoints, analysis.",
                                             trial::protocol_schema(), {}),
      core::make_input_kind<therapy::Regimen>("regimen", "A therapy: what is given, how much, when.",
                                              therapy::regimen_schema(), {})};
  return kinds;
}

}  // namespace hortega::apps
