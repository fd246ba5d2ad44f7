// SPDX-License-Identifier: Apache-2.0
// --set parameter.NAME=VALUE: one parameter by hand.
#pragma once

#include <string>
#include <string_view>

#include "hortega/core/parameters.hpp"

namespace hortega::apps {

/// Whether a --set names a parameter and not a key of the input file.
bool is_parameter_setting(std::string_view setting);

struct ParameterSetting {
  std::string name;
  double value = 0.0;
};

/// Takes `parameter.NAME=VALUE` apart. Throws InputError if VALUE is no number.
ParameterSetting read_parameter_setting(const std::string& setting);

/// Throws InputError for a name that is not in the set, with the nearest and with `allowed`, and for a value
/// outside the passport's range.
void set_parameter(core::ParameterSet& parameters, const ParameterSetting& setting,
                   const std::string& allowed);

}  // namespace hortega::apps
