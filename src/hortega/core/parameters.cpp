// SPDX-License-Identifier: Apache-2.0
#include "hortega/core/parameters.hpp"

#include "hortega/core/document.hpp"
#include "hortega/core/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

namespace hortega::core {

namespace {

InputError outside(const std::string& key, double value, std::string allowed) {
  return InputError(Problem{
      {"--set", 0, 0, {}}, key, fmt::format("{:g} is outside its range", value), std::move(allowed), {}});
}

// Reads the passports of one file; tells every problem before giving up.
class PassportReader {
 public:
  PassportReader(const Document& document, Problems& problems) : document_(document), problems_(problems) {}

  void read(std::vector<Passport>& out) {
    for (const auto& [name, value] : *document_.root().table()) {
      if (value.table() == nullptr) {
        tell(value.key_position, name, "a parameter is a table",
             "[name] with value, unit, spread, source, grade, range");
        continue;
      }
      out.push_back(read_one(name, value));
    }
  }

 private:
  void tell(const Position& position, const std::string& key, std::string message, std::string allowed = {},
            std::string suggestion = {}) {
    problems_.add(
        {document_.place(position), key, std::move(message), std::move(allowed), std::move(suggestion)});
  }

  Passport read_one(const std::string& name, const Value& table) {
    static const std::vector<std::string> known = {"value",        "unit",   "spread", "spread_reason",
                                                   "spread_range", "source", "grade",  "range",
                                                   "reason",       "note"};
    for (const auto& [key, value] : *table.table()) {
      if (std::find(known.begin(), known.end(), key) == known.end()) {
        std::string path = name;
        path.append(".").append(key);
        tell(value.key_position, path, "unknown key '" + key + "'", "known: " + quoted_list(known),
             nearest_spelling(key, known));
      }
    }
    Passport p;
    p.name = name;
    p.file = document_.name();
    p.line = table.key_position.line > 0 ? table.key_position.line : table.position.line;
    p.value = number(table, name, "value");
    p.spread = number(table, name, "spread");
    if (p.spread < 0.0) {
      tell(table.find("spread")->position, name + ".spread", fmt::format("spread {:g} is negative", p.spread),
           "0 or more");
    }
    p.unit = text(table, name, "unit", Needed::yes);
    p.source = text(table, name, "source", Needed::yes);
    p.spread_reason = text(table, name, "spread_reason", p.spread == 0.0 ? Needed::yes : Needed::no);
    const std::string grade = text(table, name, "grade", Needed::yes);
    if (grade.size() == 1 && std::string("ABCDF").find(grade) != std::string::npos) {
      p.grade = grade[0];
    } else if (!grade.empty()) {
      tell(table.find("grade")->position, name + ".grade", "grade '" + grade + "'", "one of A, B, C, D, F");
    }
    p.reason = text(table, name, "reason", p.grade == 'D' ? Needed::yes : Needed::no);
    p.note = text(table, name, "note", Needed::no);
    read_range(table, name, p);
    read_spread_range(table, name, p);
    return p;
  }

  void read_range(const Value& table, const std::string& name, Passport& p) {
    const Value* range = table.find("range");
    if (range == nullptr || range->array() == nullptr || range->array()->size() != 2) {
      tell(range != nullptr ? range->position : table.key_position, name + ".range", "no range",
           "[low, high]");
      return;
    }
    p.low = as_number((*range->array())[0]);
    p.high = as_number((*range->array())[1]);
    if (!(p.low <= p.value && p.value <= p.high)) {
      tell(range->position, name + ".range", fmt::format("value {:g} lies outside its range", p.value),
           fmt::format("{:g} to {:g}", p.low, p.high));
    }
  }

  void read_spread_range(const Value& table, const std::string& name, Passport& p) {
    const Value* range = table.find("spread_range");
    if (range == nullptr) return;
    if (range->array() != nullptr && range->array()->size() == 2) {
      p.spread_low = as_number((*range->array())[0]);
      p.spread_high = as_number((*range->array())[1]);
      if (0.0 <= p.spread_low && p.spread_low < p.spread_high) {
        if (p.spread_low <= p.spread && p.spread <= p.spread_high) return;
        tell(range->position, name + ".spread_range",
             fmt::format("spread {:g} lies outside its range", p.spread),
             fmt::format("{:g} to {:g}", p.spread_low, p.spread_high));
        return;
      }
    }
    tell(range->position, name + ".spread_range", "no range", "[low, high] from 0 on");
  }

  enum class Needed { yes, no };

  static double as_number(const Value& value) {
    if (const double* real = value.real()) return *real;
    if (const std::int64_t* whole = value.integer()) return static_cast<double>(*whole);
    return std::nan("");
  }

  double number(const Value& table, const std::string& name, const std::string& key) {
    const Value* value = table.find(key);
    const double x = value != nullptr ? as_number(*value) : std::nan("");
    if (!std::isfinite(x)) {
      tell(value != nullptr ? value->position : table.key_position, name + "." + key,
           value != nullptr ? "'" + key + "' is " + show(*value) : "'" + key + "' is missing",
           "a finite number");
      return 0.0;
    }
    return x;
  }

  std::string text(const Value& table, const std::string& name, const std::string& key, Needed needed) {
    const Value* value = table.find(key);
    if (value != nullptr && value->text() != nullptr && !value->text()->empty()) return *value->text();
    if (value != nullptr || needed == Needed::yes) {
      tell(value != nullptr ? value->position : table.key_position, name + "." + key,
           "'" + key + "' is missing or no text", "a sentence");
    }
    return {};
  }

  const Document& document_;
  Problems& problems_;
};

}  // namespace

ParameterSet ParameterSet::read_directory(const std::string& directory) {
  std::error_code error;
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path().string());
  }
  if (error || files.empty()) {
    throw InputError(Problem{{directory, 0, 0, {}}, {}, "no parameter files", "a directory with *.toml", {}});
  }
  std::sort(files.begin(), files.end());
  ParameterSet set;
  Problems problems;
  for (const std::string& file : files) {
    const Document document = Document::load(file);
    std::vector<Passport> here;
    PassportReader(document, problems).read(here);
    for (Passport& p : here) {
      if (set.contains(p.name)) {
        problems.add({{p.file, p.line, 1, line_of(document.text(), p.line)},
                      p.name,
                      "parameter '" + p.name + "' stands twice",
                      "first in " + set.find(p.name).file,
                      {}});
      }
      set.passports_.push_back(std::move(p));
    }
  }
  problems.throw_if_any();
  return set;
}

bool ParameterSet::contains(std::string_view name) const {
  return std::any_of(passports_.begin(), passports_.end(), [&](const Passport& p) { return p.name == name; });
}

const Passport& ParameterSet::find(std::string_view name) const {
  for (const Passport& p : passports_) {
    if (p.name == name) return p;
  }
  std::vector<std::string> names;
  for (const Passport& p : passports_) names.push_back(p.name);
  const std::string folder = passports_.empty()
                                 ? "data/parameters"
                                 : std::filesystem::path(passports_.front().file).parent_path().string();
  throw InputError(Problem{{folder, 0, 0, {}},
                           {},
                           fmt::format("no parameter '{}'", name),
                           "hortega params lists them",
                           nearest_spelling(name, names)});
}

Parameter ParameterSet::get(std::string_view name) const {
  const Passport& p = find(name);
  return {p.value, p.spread};
}

void ParameterSet::set(std::string_view name, double value) {
  const Passport& passport = find(name);
  if (!(value >= passport.low && value <= passport.high)) {
    throw outside(passport.name, value,
                  fmt::format("{:g} to {:g}{}", passport.low, passport.high,
                              passport.unit == "1" ? "" : " " + passport.unit));
  }
  for (Passport& p : passports_) {
    if (p.name == name) p.value = value;
  }
}

void ParameterSet::set_spread(std::string_view name, double spread) {
  const Passport& passport = find(name);
  const bool limited = passport.spread_high > 0.0;
  if (!(spread >= passport.spread_low && (!limited || spread <= passport.spread_high) &&
        std::isfinite(spread))) {
    throw outside(
        passport.name + ".spread", spread,
        limited ? fmt::format("{:g} to {:g}", passport.spread_low, passport.spread_high) : "0 or more");
  }
  for (Passport& p : passports_) {
    if (p.name == name) p.spread = spread;
  }
}

}  // namespace hortega::core
