// SPDX-License-Identifier: Apache-2.0
// Published results as data: the rows of data/evidence/published.csv (columns explained in its README).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hortega/core/problems.hpp"

namespace hortega::evidence {

/// What a row may be used for (data/evidence/README.md).
enum class Role { calibration, validation, input, context, design, model };
std::string_view name(Role role);

/// Was the number read in a stored text, or remembered?
enum class Status { verified, memory };
std::string_view name(Status status);

/// One published result. Texts are as in the file; numbers are read from them where there are any.
struct PublishedRow {
  std::string id;
  Role role = Role::context;
  std::string study, year, arm, population;
  std::optional<double> n;  ///< first number of the cell: people, or what the cell says
  std::string n_text, age, duration_y, edss, prior_arr, intervention, endpoint;
  std::optional<double> time_months;  ///< first number of the cell
  std::string time_text;
  std::vector<double> values;  ///< the numbers of the value cell in their order; empty for words
  std::string value_text, unit;
  std::optional<double> ci_low, ci_high;
  std::optional<double> ci_level;  ///< percent; empty where the cell has none or names a spread (IQR, range)
  std::string ci_level_text, citation;
  Status status = Status::memory;
  std::string note;
  core::Place place;

  bool is_outcome() const { return role == Role::calibration || role == Role::validation; }
};

/// The numbers in a text: "26 vs 32" has two, "0-2.8" has 0 and 2.8, "-0.5 -> +1" has -0.5 and 1. A sign
/// counts where no digit, letter or point stands before it.
std::vector<double> numbers_in(std::string_view text);

class PublishedRows {
 public:
  /// Throws core::InputError with every problem: a file that is no CSV, missing columns, unknown role or
  /// status, an id used twice, a limit of an interval that is no number.
  static PublishedRows load(const std::string& path);
  static PublishedRows parse(std::string_view text, const std::string& name);

  const std::vector<PublishedRow>& rows() const { return rows_; }
  const PublishedRow* find(std::string_view id) const;  ///< nullptr if there is none
  /// Indices of the rows whose study begins with one of the prefixes, in the order of the file.
  std::vector<std::size_t> of_studies(const std::vector<std::string>& prefixes) const;

 private:
  std::vector<PublishedRow> rows_;
  std::unordered_map<std::string, std::size_t> by_id_;
};

}  // namespace hortega::evidence
