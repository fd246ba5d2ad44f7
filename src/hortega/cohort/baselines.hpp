// SPDX-License-Identifier: Apache-2.0
// Real baselines in place of published moments: a file of people (patients.csv, docs/baselines.md), each
// row matched to the simulated lives that resemble it.
//
// Columns: subject, age, sex, phenotype, onset_age, disease_years, edss, relapses_1y, relapses_2y, gd_count,
// new_t2_1y, t2_vol_ml. Only `subject` must be there; an empty cell or NA is missing and matches everybody.
// Other columns of patients.csv are known and not matched; any further column is ignored unless its name is
// nearly one of these.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hortega/cohort/pool.hpp"

namespace hortega::cohort {

/// One row; what is missing is empty.
struct BaselineRow {
  std::string subject;
  int line = 0;
  std::optional<double> age_year;
  std::optional<bool> female;
  std::optional<Course> course;
  std::optional<double> disease_years;  ///< since the first clinical event
  std::optional<double> edss;
  std::optional<int> relapses_1y, relapses_2y;
  std::optional<int> gd_count;
  std::optional<int> new_t2_1y;
  std::optional<double> t2_volume_ml;
};

struct Baselines {
  std::string file;
  std::vector<BaselineRow> rows;
  std::vector<std::string> unmatched_columns;  ///< of the file, not used: for a note to the user
};

/// Reads a text; `name` is what messages call it. Onset age and age, or onset age and duration, give the
/// third. Throws core::InputError with every problem (the first 1000), each with line, column and excerpt.
Baselines parse_baselines(std::string_view text, const std::string& name);
/// The same from a file.
Baselines load_baselines(const std::string& path);

/// The lives that resemble one row. Weights are those of a product of Gaussian kernels, one for each column
/// given (bandwidths: baselines.cpp); sex and phenotype must agree.
struct RowMatch {
  std::vector<std::uint32_t> candidate;  ///< indices into Pool::candidates, ascending
  std::vector<double> cumulative;        ///< of the weights, ends with 1
  double effective_lives = 0.0;          ///< (sum w)^2 / sum w^2; 0 when nobody resembles the row
};

/// Fewer effective lives than this behind a row make its copies nearly one person: the run refuses.
inline constexpr double k_least_lives_per_row = 5.0;

/// One match for each row (all threads).
std::vector<RowMatch> match_rows(std::span<const BaselineRow> rows, const Pool& pool);

/// The weight of each candidate when every row counts the same: what the pool looks like after matching.
std::vector<double> pooled_weights(std::span<const RowMatch> matches, std::size_t candidates);

/// For n participants: rows in an order of the replicate's own (all rows before any comes again), each with a
/// life drawn by the row's weights, not drawn before in this replicate as long as the row has others. Rows
/// without any life are passed over. A function of seed and replicate.
std::vector<std::size_t> draw_for_rows(std::span<const RowMatch> matches, std::size_t n, std::uint64_t seed,
                                       std::uint32_t replicate);

}  // namespace hortega::cohort
