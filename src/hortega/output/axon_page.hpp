// SPDX-License-Identifier: Apache-2.0
// What `hortega axon` writes: the page of a study of fibres with its pictures and film, tables and a summary.
#pragma once

#include <string>
#include <vector>

#include "hortega/axon/study.hpp"
#include "hortega/core/value.hpp"

namespace hortega::output {

/// The finding in a sentence or two.
std::string axon_answer(const axon::Study& study);

/// The page. It opens offline and asks for nothing. `command`: how to repeat it.
std::string axon_html(const axon::Study& study, const std::string& command);

/// Everything measured; `conduction_velocity_m_per_s` at the root is the intact fibre's, `intact_at` the
/// intact fibre at the cases' other temperatures, with which their extra delays compare.
core::Value axon_summary(const axon::Study& study);

/// One row a case; and the arrival at every node of every case.
std::string axon_cases_csv(const axon::Study& study);
std::string axon_nodes_csv(const axon::Study& study);

/// Potential over length (to the right) and time (downwards), with axes and the sheath above.
std::string space_time_svg(const axon::CaseResult& one);

}  // namespace hortega::output
