// SPDX-License-Identifier: Apache-2.0
// What a subcommand is: a function that adds itself to the command line. One file per subcommand; main.cpp
// lists them.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "hortega/core/input_kind.hpp"
#include "hortega/core/problems.hpp"

namespace hortega::apps {

enum class ExitCode { done = 0, run_failed = 1, bad_input = 2 };

// Each adds its subcommand, with a callback that does the work. The callback throws core::InputError (exit
// 2), core::RunError (1) or core::Interrupted (128 + signal), or sets `exit` after telling what is wrong by
// itself. A long command calls core::watch_for_interrupts first and polls; any other is ended at once by
// Ctrl-C. The help ends with an example (`footer`).
void add_check(CLI::App& app, ExitCode& exit);
void add_schema(CLI::App& app, ExitCode& exit);
void add_endpoints(CLI::App& app);
void add_axon(CLI::App& app);

void add_run(CLI::App& app);
void add_params(CLI::App& app);
void add_replay(CLI::App& app);
void add_calibrate(CLI::App& app, ExitCode& exit);
void add_validate(CLI::App& app);
void add_lesion(CLI::App& app);

/// The kinds of input that `check` and `schema` know. While there is none, these two subcommands are not
/// there.
const std::vector<core::InputKind>& input_kinds();

/// Reads the file that a command was given for one of the kinds of these names. Throws core::InputError that
/// names the command where it is of another kind.
core::Document load_input(const std::string& file, const std::vector<std::string>& kinds);

/// Colour on stderr: on a terminal, unless NO_COLOR is set.
core::Colour stderr_colour();

/// For seeds: CLI11 reads a negative number as a huge one.
inline CLI::Validator not_negative() {
  return CLI::Validator(
      [](std::string& text) {
        return text.starts_with('-') ? "a whole number from 0 up, not " + text : std::string();
      },
      "", "");
}

}  // namespace hortega::apps
