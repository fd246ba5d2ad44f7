// SPDX-License-Identifier: Apache-2.0
// hortega compare: one person's options, twin by twin.
#pragma once

#include <CLI/CLI.hpp>

namespace hortega::apps {

void add_compare(CLI::App& app);

}  // namespace hortega::apps
