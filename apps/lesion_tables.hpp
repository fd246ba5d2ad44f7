// SPDX-License-Identifier: Apache-2.0
// hortega lesion tables: data/tables/lesion.nc from a design of runs through an emulator.
#pragma once

#include <cstdint>
#include <filesystem>

#include "hortega/core/value.hpp"
#include "hortega/lesion/parameters.hpp"

namespace hortega::apps {

struct LesionTableSettings {
  int runs = 400;       ///< as many as the shipped table is made from
  int full_checks = 5;  ///< runs of the design that are repeated on the full piece of tissue
  std::uint64_t seed = 1;
  std::filesystem::path file;  ///< empty: tables/lesion.nc of the data folder
  bool refit = false;          ///< take the runs that the file holds, and make those that it lacks
  bool resume = false;         ///< likewise those that a build cut off left in FILE.runs
};

/// Runs the design, fits and tests the emulators, writes the table. Returns what a reader should know
/// of it. Each run made is kept in FILE.runs until the table stands. Throws InputError when it is to refit a
/// table of other parameters, axes or seed, or to go on with such runs.
core::Value build_lesion_table(const lesion::TissueParameters& parameters,
                               const LesionTableSettings& settings);

}  // namespace hortega::apps
