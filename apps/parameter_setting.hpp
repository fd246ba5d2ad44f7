// SPDX-License-Identifier: Apache-2.0
// --set parameter.NAME=VALUE: one parameter by hand, or by NAME.spread how much people differ in it.
#pragma once

#include <string>
#include <string_view>

#include "hortega/core/parameters.hpp"

namespace hortega::apps {

/// Whether a --set names a parameter and not a key of the input file.
bool is_parameter_setting(std::string_view setting);

struct ParameterSetting {
  std::string name;  ///< NAME or NAME.spread
  double value = 0.0;
  std::string unit;  ///< as written after the value; empty: none
  /// NAME of either.
  std::string passport() const;
};

/// Takes `parameter.NAME=VALUE` apart, or `parameter.NAME=VALUE UNIT`. Throws InputError if VALUE is no
/// number.
ParameterSetting read_parameter_setting(const std::string& setting);

/// Throws InputError for a name that is not in the set, with the nearest and with `allowed`, for a value
/// outside the passport's range, for another unit than the passport's, and for the spread of a parameter
/// that has none.
void set_parameter(core::ParameterSet& parameters, const ParameterSetting& setting,
                   const std::string& allowed);

/// Throws InputError for a --set whose key is the name of a parameter: `parameter.` is missing before it.
void refuse_bare_parameter(const core::ParameterSet& parameters, const std::string& setting);

}  // namespace hortega::apps
