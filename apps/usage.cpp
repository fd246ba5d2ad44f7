// SPDX-License-Identifier: Apache-2.0
// The search for unknown subcommands and options.
#include "usage.hpp"

#include <fmt/format.h>

#include <cctype>

#include "hortega/core/problems.hpp"

namespace hortega::apps {
namespace {

std::string hint(const std::string& nearest) {
  return nearest.empty() ? std::string() : fmt::format(", did you mean '{}'?", nearest);
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

}  // namespace

std::string misspelled_usage(const CLI::App& app, const std::vector<std::string>& arguments) {
  const CLI::App* command = &app;
  for (const auto& argument : arguments) {
    if (argument == "--") break;
    const bool number = argument.size() > 1 &&
                        (std::isdigit(static_cast<unsigned char>(argument[1])) != 0 || argument[1] == '.');
    if (argument.size() > 1 && argument[0] == '-' && !number) {
      const std::string name =
          argument[1] == '-' ? argument.substr(0, argument.find('=')) : argument.substr(0, 2);
      if (command->get_option_no_throw(name) != nullptr) continue;
      return fmt::format("unknown option '{}'{}", name,
                         hint(core::nearest_spelling(name, option_names(*command))));
    }
    if (command != &app) continue;
    std::vector<std::string> names;
    for (const CLI::App* known : app.get_subcommands([](const CLI::App*) { return true; })) {
      names.push_back(known->get_name());
      if (known->get_name() == argument) command = known;
    }
    if (command == &app) {
      return fmt::format("unknown subcommand '{}'{}", argument,
                         hint(core::nearest_spelling(argument, names)));
    }
  }
  return {};
}

}  // namespace hortega::apps
