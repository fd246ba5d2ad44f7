// SPDX-License-Identifier: Apache-2.0
// The list of all kinds of input, each made by the layer that reads it.
#include "command.hpp"

namespace hortega::apps {

const std::vector<core::InputKind>& input_kinds() {
  static const std::vector<core::InputKind> kinds{};
  return kinds;
}

}  // namespace hortega::apps
