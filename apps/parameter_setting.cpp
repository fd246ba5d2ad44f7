// SPDX-License-Identifier: Apache-2.0
// A parameter set by hand: its name and its value, or what is wrong with them.
#include "parameter_setting.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>
#include <vector>

#include "hortega/core/problems.hpp"
#include "hortega/evidence/free_parameters.hpp"

namespace hortega::apps {

namespace {

constexpr std::string_view k_prefix = "parameter.";
constexpr std::string_view k_spread = ".spread";

[[noreturn]] void refuse(std::string message, std::string allowed, std::string suggestion = {}) {
  throw core::InputError(
      core::Problem{{"--set", 0, 0, {}}, {}, std::move(message), std::move(allowed), std::move(suggestion)});
}

std::string passport_of(const std::string& name) {
  return name.ends_with(k_spread) ? name.substr(0, name.size() - k_spread.size()) : name;
}

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

void check_unit(const core::Passport& passport, const ParameterSetting& setting) {
  const bool of_spread = setting.name != setting.passport();
  if (setting.unit.empty() || (!of_spread && setting.unit == passport.unit)) return;
  const bool has_unit = !of_spread && passport.unit != "1";
  refuse(fmt::format("'{}' is not the unit of {}", setting.unit, setting.name),
         has_unit ? fmt::format("a number in {0}: {1:g}, or '{1:g} {0}'", passport.unit, passport.value)
                  : "a number without a unit");
}

}  // namespace

bool is_parameter_setting(std::string_view setting) { return setting.starts_with(k_prefix); }

std::string ParameterSetting::passport() const { return passport_of(name); }

ParameterSetting read_parameter_setting(const std::string& setting) {
  const std::string assignment = setting.substr(k_prefix.size());
  const std::size_t equals = assignment.find('=');
  const std::string text = equals == std::string::npos ? "" : assignment.substr(equals + 1);
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (end == text.c_str()) refuse("'" + setting + "' sets no number", "parameter.NAME=VALUE");
  return {assignment.substr(0, equals), value, trimmed(end)};
}

void set_parameter(core::ParameterSet& parameters, const ParameterSetting& setting,
                   const std::string& allowed) {
  if (!parameters.contains(setting.passport())) {
    std::vector<std::string> names;
    for (const core::Passport& p : parameters.all()) names.push_back(p.name);
    refuse("no parameter is called '" + setting.passport() + "'", allowed,
           core::nearest_spelling(setting.passport(), names));
  }
  const core::Passport& passport = parameters.find(setting.passport());
  check_unit(passport, setting);
  if (setting.name != setting.passport() && passport.spread == 0.0 && passport.spread_high == 0.0)
    refuse(fmt::format("'{}' has no spread: that of its passport is 0", setting.passport()),
           "a parameter whose spread `hortega params` lists");
  evidence::set_variable(parameters, setting.name, setting.value);
}

void refuse_bare_parameter(const core::ParameterSet& parameters, const std::string& setting) {
  const std::string name = trimmed(setting.substr(0, setting.find('=')));
  if (!parameters.contains(passport_of(name))) return;
  refuse(fmt::format("'{}' is a parameter, not a key of the file", name), "parameter.NAME=VALUE",
         "parameter." + name);
}

}  // namespace hortega::apps
