// SPDX-License-Identifier: Apache-2.0
// Reading a file of baselines.
#include "hortega/cohort/baselines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

#include "hortega/core/csv.hpp"
#include "hortega/core/document.hpp"
#include "hortega/core/problems.hpp"

namespace hortega::cohort {

namespace {

constexpr std::size_t k_most_problems = 1000;

const std::vector<std::string>& matched_columns() {
  static const std::vector<std::string> names = {"subject",     "age",           "sex",       "phenotype",
                                                 "onset_age",   "disease_years", "edss",      "relapses_1y",
                                                 "relapses_2y", "gd_count",      "new_t2_1y", "t2_vol_ml"};
  return names;
}

// The other columns of patients.csv: known, but nothing of them decides who resembles whom.
const std::vector<std::string>& known_columns() {
  static const std::vector<std::string> names = {"dmt_prior_n", "dmt_he_failed", "weight_kg", "height_cm",
                                                 "lvef",        "dlco",          "crcl",      "pregnant",
                                                 "country",     "lat",           "lon"};
  return names;
}

class BaselineReader {
 public:
  BaselineReader(std::string_view text, const std::string& name)
      : text_(text), table_(core::parse_csv(text, name)) {
    out_.file = name;
  }

  Baselines read() {
    read_header();
    problems_.throw_if_any();
    std::map<std::string, int> line_of_subject;
    for (const core::CsvRecord& record : table_.records) {
      read_row(record);
      const BaselineRow& row = out_.rows.back();
      const auto [first, is_new] = line_of_subject.emplace(row.subject, row.line);
      if (!row.subject.empty() && !is_new)
        tell(record, "subject", fmt::format("'{}' is there twice", shown(row.subject)),
             fmt::format("first in line {}", first->second));
      if (problems_.size() >= k_most_problems) break;
    }
    problems_.throw_if_any();
    if (out_.rows.empty()) {
      throw core::InputError(
          core::Problem{{out_.file, 0, 0, {}}, {}, "the file holds nobody", "one row a person", {}});
    }
    return std::move(out_);
  }

 private:
  static std::string shown(const std::string& text) {
    constexpr std::size_t k_longest = 60;
    return text.size() <= k_longest ? text : text.substr(0, k_longest) + "...";
  }

  void read_header() {
    for (std::size_t i = 0; i < table_.columns.size(); ++i) {
      const std::string& name = table_.columns[i];
      const auto is = [&](const std::vector<std::string>& names) {
        return std::find(names.begin(), names.end(), name) != names.end();
      };
      if (is(matched_columns())) {
        if (!column_.emplace(name, i).second)
          tell_header("'" + name + "' is there twice", "each column once");
        continue;
      }
      if (!is(known_columns())) {
        const std::string meant = core::nearest_spelling(name, matched_columns());
        if (!meant.empty()) {
          tell_header("'" + shown(name) + "' is no column of a file of baselines",
                      "columns: " + core::quoted_list(matched_columns()), meant);
          continue;
        }
      }
      out_.unmatched_columns.push_back(name);
    }
    if (column_.count("subject") == 0)
      tell_header("there is no column 'subject'", "columns: " + core::quoted_list(matched_columns()));
    if (column_.size() < 2)
      tell_header("no column says anything of the people",
                  "columns: " + core::quoted_list(matched_columns()));
  }

  void tell_header(std::string message, std::string allowed, std::string suggestion = {}) {
    problems_.add({{out_.file, 1, 1, core::line_of(text_, 1)},
                   {},
                   std::move(message),
                   std::move(allowed),
                   std::move(suggestion)});
  }

  void tell(const core::CsvRecord& record, const std::string& column, std::string message,
            std::string allowed, std::string suggestion = {}) {
    const int at = record.columns[column_.at(column)];
    problems_.add({{out_.file, record.line, at, core::line_of(text_, record.line)},
                   column,
                   std::move(message),
                   std::move(allowed),
                   std::move(suggestion)});
  }

  // The text of a cell; nothing when the column or the value is missing.
  std::optional<std::string> cell(const core::CsvRecord& record, const std::string& column) const {
    const auto at = column_.find(column);
    if (at == column_.end()) return std::nullopt;
    std::string text = record.fields[at->second];
    text.erase(0, text.find_first_not_of(" \t"));
    text.erase(text.find_last_not_of(" \t") + 1);
    if (text.empty() || text == "NA") return std::nullopt;
    return text;
  }

  std::optional<double> number(const core::CsvRecord& record, const std::string& column, double low,
                               double high, double step = 0.0) {
    const auto text = cell(record, column);
    if (!text) return std::nullopt;
    double value = 0.0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    const std::string allowed = step > 0.0 ? fmt::format("{:g} to {:g} in steps of {:g}", low, high, step)
                                           : fmt::format("{:g} to {:g}", low, high);
    if (error != std::errc() || end != text->data() + text->size() || !std::isfinite(value)) {
      tell(record, column, "'" + shown(*text) + "' is no number", allowed);
      return std::nullopt;
    }
    const bool off_step = step > 0.0 && std::fabs(value / step - std::round(value / step)) > 1e-9;
    if (value < low || value > high || off_step) {
      tell(record, column, fmt::format("{:g} is out of range", value), allowed);
      return std::nullopt;
    }
    return value;
  }

  std::optional<int> count(const core::CsvRecord& record, const std::string& column, double most) {
    const auto value = number(record, column, 0.0, most, 1.0);
    if (!value) return std::nullopt;
    return static_cast<int>(*value);
  }

  template <class T>
  std::optional<T> word(const core::CsvRecord& record, const std::string& column,
                        const std::vector<std::pair<std::string, T>>& words) {
    const auto text = cell(record, column);
    if (!text) return std::nullopt;
    std::vector<std::string> names;
    for (const auto& [name, value] : words) {
      if (name == *text) return value;
      names.push_back(name);
    }
    tell(record, column, "'" + shown(*text) + "' is unknown", "one of " + core::quoted_list(names),
         core::nearest_spelling(*text, names));
    return std::nullopt;
  }

  void read_row(const core::CsvRecord& record) {
    BaselineRow& row = out_.rows.emplace_back();
    row.line = record.line;
    row.subject = cell(record, "subject").value_or("");
    if (row.subject.empty()) tell(record, "subject", "the row has no subject", "a name");
    row.age_year = number(record, "age", 5, 100);
    row.female = word<bool>(record, "sex", {{"F", true}, {"M", false}, {"female", true}, {"male", false}});
    row.course = word<Course>(record, "phenotype",
                              {{"RRMS", Course::relapsing},
                               {"SPMS", Course::secondary_progressive},
                               {"PPMS", Course::primary_progressive},
                               {"relapsing", Course::relapsing},
                               {"secondary-progressive", Course::secondary_progressive},
                               {"primary-progressive", Course::primary_progressive}});
    const auto onset_age = number(record, "onset_age", 1, 100);
    row.disease_years = number(record, "disease_years", 0, 80);
    row.edss = number(record, "edss", 0, 9.5, 0.5);
    constexpr double k_most_relapses = 40;
    constexpr double k_most_lesions = 255;  // what a simulated scan counts to
    row.relapses_1y = count(record, "relapses_1y", k_most_relapses);
    row.relapses_2y = count(record, "relapses_2y", k_most_relapses);
    row.gd_count = count(record, "gd_count", k_most_lesions);
    row.new_t2_1y = count(record, "new_t2_1y", k_most_lesions);
    row.t2_volume_ml = number(record, "t2_vol_ml", 0, 300);
    complete(record, onset_age, row);
    if (row.relapses_1y && row.relapses_2y && *row.relapses_1y > *row.relapses_2y)
      tell(record, "relapses_2y", "fewer relapses in two years than in the last of them",
           fmt::format("at least {}", *row.relapses_1y));
  }

  void complete(const core::CsvRecord& record, const std::optional<double>& onset_age, BaselineRow& row) {
    if (!onset_age) return;
    if (row.age_year && row.disease_years) {
      constexpr double k_rounding_years = 1.5;  // ages in whole years, each rounded its own way
      if (std::fabs(*row.age_year - *onset_age - *row.disease_years) > k_rounding_years)
        tell(record, "onset_age", "age, onset_age and disease_years contradict each other",
             "age = onset_age + disease_years");
    } else if (row.age_year) {
      if (*row.age_year < *onset_age) {
        tell(record, "onset_age", "the onset lies after the age", "at most the age");
      } else {
        row.disease_years = *row.age_year - *onset_age;
      }
    } else if (row.disease_years) {
      row.age_year = *onset_age + *row.disease_years;
    }
  }

  std::string_view text_;
  core::CsvTable table_;
  std::map<std::string, std::size_t> column_;
  Baselines out_;
  core::Problems problems_;
};

}  // namespace

Baselines parse_baselines(std::string_view text, const std::string& name) {
  return BaselineReader(text, name).read();
}

Baselines load_baselines(const std::string& path) {
  return parse_baselines(core::load_text(path, core::Document::k_max_bytes), path);
}

}  // namespace hortega::cohort
