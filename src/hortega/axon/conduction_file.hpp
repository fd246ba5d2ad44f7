// SPDX-License-Identifier: Apache-2.0
// data/tables/conduction.nc: the table of conduction as NetCDF-4.
#pragma once

#include <string>

#include "hortega/axon/conduction_table.hpp"

namespace hortega::axon {

/// Throws core::RunError.
void write_conduction_table(const ConductionTable& table, const std::string& path);

/// Throws core::RunError if the file is not there or is no such table.
ConductionTable read_conduction_table(const std::string& path);

}  // namespace hortega::axon
