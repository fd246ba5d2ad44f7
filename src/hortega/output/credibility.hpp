// SPDX-License-Identifier: Apache-2.0
// The credibility assessment in the form of ASME V&V 40 and of the FDA's eight categories of evidence. Its
// figures come from a validation; nothing is typed in by hand.
#pragma once

#include <string>

#include "hortega/output/validation_report.hpp"

namespace hortega::output {

/// As a section of the page.
std::string credibility_section(const ValidationReport& report);

/// As a page of the documentation (Markdown).
std::string credibility_markdown(const ValidationReport& report);

}  // namespace hortega::output
