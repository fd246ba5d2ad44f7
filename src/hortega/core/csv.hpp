// SPDX-License-Identifier: Apache-2.0
// CSV as RFC 4180 has it: quoted fields may hold commas, line breaks and doubled quotes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hortega::core {

struct CsvRecord {
  int line = 0;  ///< of the record's first character, from 1
  std::vector<std::string> fields;
  std::vector<int> columns;  ///< where each field begins in its line, in bytes from 1
};

struct CsvTable {
  std::vector<std::string> columns;  ///< of the first record
  std::vector<CsvRecord> records;    ///< each with as many fields as there are columns
};

/// Reads a text whose first record names the columns; `name` is what messages call it. Lines end with LF or
/// CRLF; empty lines are skipped. Throws core::InputError with every record that has another number of
/// fields, and for an empty text, a quote that is never closed or text beside a quoted field.
CsvTable parse_csv(std::string_view text, const std::string& name);

}  // namespace hortega::core
