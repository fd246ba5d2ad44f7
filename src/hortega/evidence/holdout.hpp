// SPDX-License-Identifier: Apache-2.0
// Which studies were set aside before the model was mended: they choose nothing, and the headline is theirs.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "hortega/evidence/published.hpp"

namespace hortega::evidence {

/// What works on the same people share: the first word of the study up to a blank, hyphen or slash
/// ("EXPAND (Kappos)" and "EXPAND active SPMS subgroup (abstract 043)" are EXPAND). One work is named after
/// its definition instead of its trial: "PIRA/RAW OPERA pooled" is OPERA.
std::string study_family(std::string_view study);

/// Families that are set aside: a third, by the first 32 bits of the SHA-256 of the family's name (a multiple
/// of three), of those with a validation row and no calibration row.
std::set<std::string> families_set_aside(const PublishedRows& rows);

}  // namespace hortega::evidence
