// SPDX-License-Identifier: Apache-2.0
// Reads the committed data sets and R's committed answers, and says when a number agrees with R's.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <limits>
#include <map>
#include <random>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace hortega::analysis::test {

using Named = std::map<std::string, std::vector<double>>;

inline std::string directory() { return std::string(HORTEGA_SOURCE_DIR) + "/tests/analysis/"; }

inline std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
  return cells;
}

inline double number(const std::string& text) {
  return text == "NA" ? std::numeric_limits<double>::quiet_NaN() : std::stod(text);
}

/// A table with a header line, by column.
inline Named read_table(const std::string& name) {
  std::ifstream in(directory() + "data/" + name);
  std::string line;
  if (!std::getline(in, line)) throw std::runtime_error("cannot read " + name);
  const std::vector<std::string> header = split(line);
  Named table;
  while (std::getline(in, line)) {
    const auto cells = split(line);
    for (std::size_t j = 0; j < header.size(); ++j) table[header[j]].push_back(number(cells.at(j)));
  }
  return table;
}

/// Lines `name,value,value,...` as reference/common.R writes them.
inline Named read_answers(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path);
  Named answers;
  for (std::string line; std::getline(in, line);) {
    const auto cells = split(line);
    auto& values = answers[cells.at(0)];
    for (std::size_t j = 1; j < cells.size(); ++j) values.push_back(number(cells[j]));
  }
  return answers;
}

inline Named read_reference(const std::string& judge) {
  return read_answers(directory() + "reference/" + judge + ".csv");
}

inline std::vector<std::int32_t> integers(const std::vector<double>& values) {
  std::vector<std::int32_t> result;
  for (const double v : values) result.push_back(static_cast<std::int32_t>(v));
  return result;
}

/// The values whose key is `wanted`.
inline std::vector<double> where(const std::vector<double>& values, const std::vector<double>& key,
                                 double wanted) {
  std::vector<double> result;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (key[i] == wanted) result.push_back(values[i]);
  }
  return result;
}

/// Relative tolerance, or absolute 1e-12 near 0; NaN (R's NA) agrees with NaN alone.
inline ::testing::AssertionResult agrees(std::span<const double> ours, std::span<const double> theirs,
                                         double relative = 1e-8) {
  if (ours.size() != theirs.size()) {
    return ::testing::AssertionFailure() << ours.size() << " values against " << theirs.size();
  }
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (std::isnan(theirs[i]) && std::isnan(ours[i])) continue;
    if (!(std::fabs(ours[i] - theirs[i]) <= relative * std::fabs(theirs[i]) + 1e-12)) {
      return ::testing::AssertionFailure() << "value " << i << ": " << ours[i] << " against " << theirs[i]
                                           << ", difference " << ours[i] - theirs[i];
    }
  }
  return ::testing::AssertionSuccess();
}

inline ::testing::AssertionResult agrees(double ours, double theirs, double relative = 1e-8) {
  return agrees(std::span<const double>(&ours, 1), std::span<const double>(&theirs, 1), relative);
}

/// Columns side by side, by rows; a name "1" is a column of ones and "arm=2" an indicator.
inline std::vector<double> design(const Named& table, const std::vector<std::string>& columns) {
  const std::size_t rows = table.begin()->second.size();
  std::vector<double> values;
  for (std::size_t i = 0; i < rows; ++i) {
    for (const auto& column : columns) {
      const auto equal = column.find('=');
      if (column == "1") {
        values.push_back(1.0);
      } else if (equal == std::string::npos) {
        values.push_back(table.at(column)[i]);
      } else {
        values.push_back(table.at(column.substr(0, equal))[i] == std::stod(column.substr(equal + 1)) ? 1.0
                                                                                                     : 0.0);
      }
    }
  }
  return values;
}

/// Seeded variates by inversion, the same on every standard library.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  /// In (0, 1).
  double uniform() { return (static_cast<double>(engine_() >> 11) + 0.5) * 0x1p-53; }
  double exponential(double rate) { return -std::log(uniform()) / rate; }
  std::int32_t poisson(double mean) {
    double arrival = exponential(1.0);
    std::int32_t count = 0;
    for (; arrival < mean; ++count) arrival += exponential(1.0);
    return count;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace hortega::analysis::test
