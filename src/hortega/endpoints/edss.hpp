// SPDX-License-Identifier: Apache-2.0
// EDSS from functional-system grades and ambulation score (Kurtzke 1983, Neurology 33:1444, as tabulated by
// Neurostatus; docs/endpoints.md).
#pragma once

#include "hortega/endpoints/record.hpp"

namespace hortega::endpoints {

/// Does cerebral grade 1 (mild fatigue) count as "one grade 1" towards EDSS 1.0 and 1.5? Kurtzke: no;
/// the program edss.js (GitHub adobrasinovic/edss): yes.
enum class CerebralGradeOne : std::uint8_t { ignored, counts };

/// Raw visual grade 0-6 -> 0,1,2,2,3,3,4; kMissingGrade outside the range.
std::uint8_t converted_visual(std::uint8_t raw);
/// Raw bowel and bladder grade 0-6 -> 0,1,2,3,3,4,5; kMissingGrade outside the range.
std::uint8_t converted_bowel_bladder(std::uint8_t raw);
/// Are all seven grades present and inside their raw ranges?
bool valid_grades(const FunctionalGrades& raw);

/// Step 0-5.0 set by the functional systems alone; NaN if a grade is missing or out of range.
double functional_system_step(const FunctionalGrades& raw, CerebralGradeOne rule = CerebralGradeOne::ignored);

/// EDSS in {0, 1.0, 1.5, ..., 10.0}. Ambulation 3-16 sets it alone (grades may then be missing); below,
/// grades and walking together. NaN if what is needed is missing or out of range.
double edss(const FunctionalGrades& raw, std::uint8_t ambulation,
            CerebralGradeOne rule = CerebralGradeOne::ignored);

/// Is this a value that the scale has (0, or a half step from 1.0 to 10.0)?
bool valid_edss(double value);

}  // namespace hortega::endpoints
