// SPDX-License-Identifier: Apache-2.0
// trajectories.nc: quantiles over time by arm and measure, and sampled people, as NetCDF-4.
#pragma once

#include <filesystem>

#include "hortega/evidence/summary.hpp"

namespace hortega::output {

/// Writes the file as it stands (rename it yourself). Variables: `<measure>_mean`, `<measure>_quantile`,
/// `<measure>_n` over (arm, day of that measure[, quantile]); `person_*` for the examples: EDSS by visit,
/// relapses by number, scans. Throws core::RunError with path and reason.
void write_trajectories(const evidence::RunSummary& summary, const std::filesystem::path& path);

}  // namespace hortega::output
