// SPDX-License-Identifier: Apache-2.0
// Spelling of subcommands and options, looked at before CLI11 parses: it would call `runn x` a missing
// subcommand and take the 3 of `run --sed 3 f` for the input file.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace hortega::apps {

/// What is wrong with the names in the arguments (without the program's), or an empty text.
std::string misspelled_usage(const CLI::App& app, const std::vector<std::string>& arguments);

}  // namespace hortega::apps
