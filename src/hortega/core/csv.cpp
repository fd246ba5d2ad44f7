// SPDX-License-Identifier: Apache-2.0
// CSV as RFC 4180 has it.
#include "hortega/core/csv.hpp"

#include "hortega/core/problems.hpp"

namespace hortega::core {
namespace {

class CsvReader {
 public:
  CsvReader(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  CsvTable read() {
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = line_start_ = 3;
    CsvTable table;
    CsvRecord record;
    while (next(record)) {
      if (table.columns.empty()) {
        table.columns = std::move(record.fields);
      } else if (record.fields.size() != table.columns.size()) {
        tell(record.line, "has " + std::to_string(record.fields.size()) + " fields",
             "the header has " + std::to_string(table.columns.size()));
      } else {
        table.records.push_back(std::move(record));
      }
    }
    if (table.columns.empty()) tell(0, "is empty", "a header line and records");
    problems_.throw_if_any();
    return table;
  }

 private:
  // Reads the next record that is not an empty line; false at the end.
  bool next(CsvRecord& record) {
    while (at_ < text_.size() && (text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n")) skip_line_end();
    if (at_ >= text_.size()) return false;
    record = {line_, {}, {}};
    for (;;) {
      record.columns.push_back(static_cast<int>(at_ - line_start_) + 1);
      record.fields.push_back(field());
      if (at_ < text_.size() && text_[at_] == ',') {
        ++at_;
        continue;
      }
      skip_line_end();
      return true;
    }
  }

  std::string field() {
    if (at_ < text_.size() && text_[at_] == '"') return quoted();
    const std::size_t from = at_;
    while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n') ++at_;
    std::string_view out = text_.substr(from, at_ - from);
    if (!out.empty() && out.back() == '\r' && (at_ == text_.size() || text_[at_] == '\n'))
      out.remove_suffix(1);
    return std::string(out);
  }

  std::string quoted() {
    const int first_line = line_;
    std::string out;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\n') {
        ++line_;
        line_start_ = at_ + 1;
      }
      if (text_[at_] != '"') {
        out += text_[at_];
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        out += text_[at_++];
      } else {
        ++at_;
        if (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n' && text_.substr(at_, 2) != "\r\n") {
          tell(line_, "has text after a closing quote", "a comma or the end of the line");
          while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n') ++at_;
        }
        return out;
      }
    }
    tell(first_line, "opens a quote that is never closed", "a field ends with a quote if it begins with one");
    return out;
  }

  void skip_line_end() {
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ < text_.size() && text_[at_] == '\n') {
      line_start_ = ++at_;
      ++line_;
    }
  }

  void tell(int line, std::string message, std::string allowed) {
    Problem problem;
    problem.place = {name_, line, line > 0 ? 1 : 0, line > 0 ? line_of(text_, line) : std::string()};
    problem.message = (line > 0 ? "the record " : "the table ") + std::move(message);
    problem.allowed = std::move(allowed);
    problems_.add(std::move(problem));
  }

  std::string_view text_;
  const std::string& name_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  int line_ = 1;
  Problems problems_;
};

}  // namespace

CsvTable parse_csv(std::string_view text, const std::string& name) { return CsvReader(text, name).read(); }

}  // namespace hortega::core
