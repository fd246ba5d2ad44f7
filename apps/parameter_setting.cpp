// SPDX-License-Identifier: Apache-2.0
// A parameter set by hand: its name and its value, or what is wrong with them.
#include "parameter_setting.hpp"

#include <cstdlib>
#include <vector>

#include "hortega/core/problems.hpp"

namespace hortega::apps {

namespace {

constexpr std::string_view k_prefix = "parameter.";

}  // namespace

bool is_parameter_setting(std::string_view setting) { return setting.starts_with(k_prefix); }

ParameterSetting read_parameter_setting(const std::string& setting) {
  const std::string assignment = setting.substr(k_prefix.size());
  const std::size_t equals = assignment.find('=');
  char* end = nullptr;
  const std::string text = equals == std::string::npos ? "" : assignment.substr(equals + 1);
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0') {
    throw core::InputError(core::Problem{
        {"--set", 0, 0, {}}, {}, "'" + setting + "' sets no number", "parameter.NAME=VALUE", {}});
  }
  return {assignment.substr(0, equals), value};
}

void set_parameter(core::ParameterSet& parameters, const ParameterSetting& setting,
                   const std::string& allowed) {
  if (!parameters.contains(setting.name)) {
    std::vector<std::string> names;
    for (const core::Passport& p : parameters.all()) names.push_back(p.name);
    throw core::InputError(core::Problem{{"--set", 0, 0, {}},
                                         {},
                                         "no parameter is called '" + setting.name + "'",
                                         allowed,
                                         core::nearest_spelling(setting.name, names)});
  }
  parameters.set(setting.name, setting.value);
}

}  // namespace hortega::apps
