// SPDX-License-Identifier: Apache-2.0
// report.html: one file that says what was asked, what came out, and what it rests on; opens offline.
#pragma once

#include <string>

#include "hortega/evidence/summary.hpp"
#include "hortega/output/write_run.hpp"

namespace hortega::output {

/// The whole page. Every text of the protocol is escaped; figures are drawn by the embedded Vega-Lite under a
/// content security policy that allows no request.
std::string report_html(const evidence::RunSummary& summary, const RunContext& context,
                        const std::string& results_hash);

/// The answer to the protocol's question in one plain sentence, from the primary endpoint's contrast and the
/// numbers of its arms. Plain text, not HTML.
std::string answer_sentence(const evidence::RunSummary& summary);

}  // namespace hortega::output
