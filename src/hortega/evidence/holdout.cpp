// SPDX-License-Identifier: Apache-2.0
// Which studies were set aside before the model was mended.
#include "hortega/evidence/holdout.hpp"

#include <cstdint>

#include "hortega/core/files.hpp"

namespace hortega::evidence {

std::string study_family(std::string_view study) {
  if (study.substr(0, 14) == "PIRA/RAW OPERA") return "OPERA";
  return std::string(study.substr(0, study.find_first_of(" -/")));
}

std::set<std::string> families_set_aside(const PublishedRows& rows) {
  std::set<std::string> fitted, aside;
  for (const PublishedRow& row : rows.rows()) {
    if (row.role == Role::calibration) fitted.insert(study_family(row.study));
  }
  for (const PublishedRow& row : rows.rows()) {
    const std::string family = study_family(row.study);
    if (row.role != Role::validation || fitted.count(family) > 0) continue;
    const auto bits =
        static_cast<std::uint32_t>(std::stoul(core::sha256_hex(family).substr(0, 8), nullptr, 16));
    if (bits % 3 == 0) aside.insert(family);
  }
  return aside;
}

}  // namespace hortega::evidence
