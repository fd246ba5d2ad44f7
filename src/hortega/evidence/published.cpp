// SPDX-License-Identifier: Apache-2.0
// Published results as data.
#include "hortega/evidence/published.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "hortega/core/csv.hpp"
#include "hortega/core/document.hpp"

namespace hortega::evidence {
namespace {

constexpr std::array k_columns = {
    "id",         "role",    "study",     "year",         "arm",      "population",  "n",     "age",
    "duration_y", "edss",    "prior_arr", "intervention", "endpoint", "time_months", "value", "unit",
    "ci_low",     "ci_high", "ci_level",  "citation",     "status",   "note"};

constexpr std::array<std::pair<Role, std::string_view>, 6> k_roles = {{{Role::calibration, "calibration"},
                                                                       {Role::validation, "validation"},
                                                                       {Role::input, "input"},
                                                                       {Role::context, "context"},
                                                                       {Role::design, "design"},
                                                                       {Role::model, "model"}}};
constexpr std::array<std::pair<Status, std::string_view>, 2> k_statuses = {
    {{Status::verified, "verified"}, {Status::memory, "memory"}}};

template <class E, std::size_t N>
std::vector<std::string> words(const std::array<std::pair<E, std::string_view>, N>& table) {
  std::vector<std::string> out;
  for (const auto& entry : table) out.emplace_back(entry.second);
  return out;
}

template <class E, std::size_t N>
std::string_view word(const std::array<std::pair<E, std::string_view>, N>& table, E value) {
  for (const auto& [key, text] : table)
    if (key == value) return text;
  return {};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::optional<double> first(const std::vector<double>& numbers) {
  return numbers.empty() ? std::nullopt : std::optional<double>(numbers.front());
}

// The whole text as one number; empty if it is anything else.
std::optional<double> whole_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

// Cells of one record by the name of their column.
class Cells {
 public:
  Cells(const core::CsvRecord& record, const std::array<std::size_t, k_columns.size()>& column)
      : record_(record), column_(column) {}
  const std::string& operator()(std::string_view name) const {
    const auto at = std::find(k_columns.begin(), k_columns.end(), name) - k_columns.begin();
    return record_.fields[column_[static_cast<std::size_t>(at)]];
  }

 private:
  const core::CsvRecord& record_;
  const std::array<std::size_t, k_columns.size()>& column_;
};

void tell(core::Problems& problems, const core::Place& place, std::string_view column, std::string message,
          std::string allowed = {}, std::string suggestion = {}) {
  problems.add({place, std::string(column), std::move(message), std::move(allowed), std::move(suggestion)});
}

template <class E, std::size_t N>
E choose(const std::array<std::pair<E, std::string_view>, N>& table, const std::string& text,
         std::string_view column, const core::Place& place, core::Problems& problems) {
  for (const auto& [value, name] : table)
    if (name == text) return value;
  tell(problems, place, column, "'" + text + "' is no known " + std::string(column),
       core::quoted_list(words(table)), core::nearest_spelling(text, words(table)));
  return table.front().first;
}

std::optional<double> limit(const std::string& text, std::string_view column, const core::Place& place,
                            core::Problems& problems) {
  if (text.empty()) return std::nullopt;
  const auto value = whole_number(text);
  if (!value) tell(problems, place, column, "'" + text + "' is no number", "a number or nothing");
  return value;
}

PublishedRow read_row(const Cells& cell, const core::Place& place, core::Problems& problems) {
  PublishedRow row;
  row.place = place;
  row.id = cell("id");
  if (row.id.empty()) tell(problems, place, "id", "a row has no id");
  row.role = choose(k_roles, cell("role"), "role", place, problems);
  row.status = choose(k_statuses, cell("status"), "status", place, problems);
  row.study = cell("study"), row.year = cell("year"), row.arm = cell("arm");
  row.population = cell("population"), row.age = cell("age"), row.duration_y = cell("duration_y");
  row.edss = cell("edss"), row.prior_arr = cell("prior_arr"), row.intervention = cell("intervention");
  row.endpoint = cell("endpoint"), row.unit = cell("unit");
  row.citation = cell("citation"), row.note = cell("note");
  row.n_text = cell("n"), row.n = first(numbers_in(row.n_text));
  row.time_text = cell("time_months"), row.time_months = first(numbers_in(row.time_text));
  row.value_text = cell("value"), row.values = numbers_in(row.value_text);
  row.ci_low = limit(cell("ci_low"), "ci_low", place, problems);
  row.ci_high = limit(cell("ci_high"), "ci_high", place, problems);
  row.ci_level_text = cell("ci_level"), row.ci_level = whole_number(row.ci_level_text);
  return row;
}

std::array<std::size_t, k_columns.size()> columns_of(const core::CsvTable& table, const std::string& name) {
  std::array<std::size_t, k_columns.size()> column{};
  core::Problems problems;
  for (std::size_t i = 0; i < k_columns.size(); ++i) {
    const auto at = std::find(table.columns.begin(), table.columns.end(), k_columns[i]);
    if (at == table.columns.end())
      tell(problems, {name, 1, 1, {}}, k_columns[i],
           "the column '" + std::string(k_columns[i]) + "' is missing", {},
           core::nearest_spelling(k_columns[i], table.columns));
    column[i] = static_cast<std::size_t>(at - table.columns.begin());
  }
  problems.throw_if_any();
  return column;
}

}  // namespace

std::string_view name(Role role) { return word(k_roles, role); }
std::string_view name(Status status) { return word(k_statuses, status); }

std::vector<double> numbers_in(std::string_view text) {
  std::vector<double> out;
  std::size_t at = 0;
  while (at < text.size()) {
    const bool free = at == 0 || !(is_digit(text[at - 1]) || is_letter(text[at - 1]) || text[at - 1] == '.');
    const bool sign =
        (text[at] == '-' || text[at] == '+') && free && at + 1 < text.size() && is_digit(text[at + 1]);
    if (!sign && !is_digit(text[at])) {
      ++at;
      continue;
    }
    const std::size_t from = at + (sign ? 1 : 0);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data() + from, text.data() + text.size(), value);
    if (error == std::errc()) out.push_back(sign && text[at] == '-' ? -value : value);
    at = static_cast<std::size_t>(end - text.data());
  }
  return out;
}

PublishedRows PublishedRows::load(const std::string& path) {
  constexpr std::size_t k_max_bytes = 50'000'000;
  return parse(core::load_text(path, k_max_bytes), path);
}

PublishedRows PublishedRows::parse(std::string_view text, const std::string& name) {
  const core::CsvTable table = core::parse_csv(text, name);
  const auto column = columns_of(table, name);
  PublishedRows out;
  core::Problems problems;
  for (const core::CsvRecord& record : table.records) {
    const core::Place place{name, record.line, 1, core::line_of(text, record.line)};
    PublishedRow row = read_row(Cells(record, column), place, problems);
    const auto [entry, is_new] = out.by_id_.emplace(row.id, out.rows_.size());
    if (!is_new)
      tell(problems, place, "id", "'" + row.id + "' is used twice",
           "first in line " + std::to_string(out.rows_[entry->second].place.line));
    out.rows_.push_back(std::move(row));
  }
  problems.throw_if_any();
  return out;
}

const PublishedRow* PublishedRows::find(std::string_view id) const {
  const auto at = by_id_.find(std::string(id));
  return at == by_id_.end() ? nullptr : &rows_[at->second];
}

std::vector<std::size_t> PublishedRows::of_studies(const std::vector<std::string>& prefixes) const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const auto begins = [&](const std::string& prefix) { return rows_[i].study.rfind(prefix, 0) == 0; };
    if (std::any_of(prefixes.begin(), prefixes.end(), begins)) out.push_back(i);
  }
  return out;
}

}  // namespace hortega::evidence
