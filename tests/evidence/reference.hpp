// SPDX-License-Identifier: Apache-2.0
// Values that another program computed: tests/evidence/reference/*.csv, each made by the script of its name.
#pragma once

#include <map>
#include <stdexcept>
#include <string>

#include "hortega/core/csv.hpp"
#include "hortega/core/files.hpp"

namespace hortega::evidence {

/// name -> value of a file with these two columns.
class Reference {
 public:
  explicit Reference(const std::string& file) {
    const std::string path = std::string(HORTEGA_SOURCE_DIR) + "/tests/evidence/reference/" + file;
    const core::CsvTable table = core::parse_csv(core::read_file(path), path);
    for (const auto& record : table.records) values_[record.fields.at(0)] = std::stod(record.fields.at(1));
  }
  double operator[](const std::string& name) const { return values_.at(name); }

 private:
  std::map<std::string, double> values_;
};

}  // namespace hortega::evidence
