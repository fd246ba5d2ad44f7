// SPDX-License-Identifier: Apache-2.0
// The report's figures that are drawn here as SVG: the CONSORT flow and simulated beside published.
#pragma once

#include <string>

#include "hortega/evidence/summary.hpp"

namespace hortega::output {

/// CONSORT flow, once for wide and once for narrow screens (the style sheet shows one).
std::string flow_drawing(const evidence::RunSummary& summary);

/// One comparison on its own scale: published value with interval above, simulated mean with its Monte Carlo
/// interval and the range of 95 % of trials below. Logarithmic for ratios. The width is that of the page.
std::string comparison_drawing(const evidence::ComparisonRow& row);

}  // namespace hortega::output
