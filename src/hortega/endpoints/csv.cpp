// SPDX-License-Identifier: Apache-2.0
// Reading tables of visits, relapses and scans.
#include "hortega/endpoints/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "hortega/core/files.hpp"
#include "hortega/endpoints/edss.hpp"

namespace hortega::endpoints {
namespace {

constexpr std::size_t kMostProblems = 1000;
constexpr std::size_t kLongestExcerpt = 4096;  // a longer line is not text that a person would look at

/// A cell as messages quote it: garbage can be megabytes long.
std::string shown(const std::string& text) { return text.size() <= 60 ? text : text.substr(0, 60) + "..."; }

struct Cell {
  std::string text;
  int line = 0;
  int column = 0;
  std::size_t line_start = 0;  // offset of the line in the text
};

/// Splits a text into rows of cells (RFC 4180).
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = line_start_ = 3;
  }

  /// The next row that is not blank; false at the end.
  bool next(std::vector<Cell>& row) {
    do {
      if (at_ >= text_.size()) return false;
      read_row(row);
    } while (row.size() == 1 && row[0].text.empty());
    return true;
  }
  /// Did the text end inside quotes?
  bool open_quote() const { return open_quote_; }

 private:
  void read_row(std::vector<Cell>& row) {
    row.clear();
    for (;;) {
      Cell cell{{}, line_, column_, line_start_};
      const char end = at_ < text_.size() && text_[at_] == '"' ? quoted(cell) : plain(cell);
      row.push_back(std::move(cell));
      if (end != ',') return;
    }
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\n'; }

  void step() {
    const char c = text_[at_++];
    if (c == '\n') {
      ++line_;
      column_ = 1;
      line_start_ = at_;
    } else if ((static_cast<unsigned char>(c) & 0xC0) !=
               0x80) {  // not a continuation byte: one code point more
      ++column_;
    }
  }

  /// Reads to the separator and over it; returns it (',' or '\n').
  char plain(Cell& cell) {
    const std::size_t from = at_;
    while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n') step();
    std::string_view body = text_.substr(from, at_ - from);
    while (!body.empty() && (body.back() == '\r' || body.back() == ' ' || body.back() == '\t'))
      body.remove_suffix(1);
    while (!body.empty() && (body.front() == ' ' || body.front() == '\t')) body.remove_prefix(1);
    cell.text += body;
    return over_separator();
  }

  char quoted(Cell& cell) {
    step();
    for (;;) {
      if (at_ >= text_.size()) {
        open_quote_ = true;
        return '\n';
      }
      if (text_[at_] == '"') {
        step();
        if (at_ >= text_.size() || text_[at_] != '"') break;
      }
      cell.text += text_[at_];
      step();
    }
    return plain(
        cell);  // what stands between the closing quote and the separator is kept, and judged as text
  }

  char over_separator() {
    const char separator = peek();
    if (at_ < text_.size()) step();
    return separator;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  int line_ = 1;
  int column_ = 1;
  bool open_quote_ = false;
};

/// A column that a table may have: our name first, then its aliases (those of msprog and MSoutcomes).
struct ColumnRule {
  std::vector<std::string_view> names;
};

// Near enough to a name of ours to look misspelt, and yet columns in their own right: what cohorts carry, and
// the baseline that MSoutcomes takes from outside.
constexpr std::array<std::string_view, 3> k_foreign_columns = {"sex", "bedss", "base.date"};

/// Do two names differ in capitals alone?
bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

class Table {
 public:
  Table(const CsvSource& source, std::vector<ColumnRule> columns, core::Problems& problems)
      : source_(source), columns_(std::move(columns)), reader_(source.text), problems_(problems) {
    index_.assign(columns_.size(), -1);
    for (const auto& column : columns_)
      candidates_.insert(candidates_.end(), column.names.begin(), column.names.end());
  }

  /// Reads the header. False if the table cannot be read at all; the problem is told.
  bool read_header(std::vector<std::string>& ignored) {
    if (source_.text.find('\0') != std::string_view::npos) {
      tell({}, {}, "this is not a text file (it holds zero bytes)", "a CSV table in UTF-8");
      return false;
    }
    if (!reader_.next(row_)) {
      tell({}, {}, "the table is empty", "a header row, then one row a record");
      return false;
    }
    width_ = row_.size();
    for (const auto& [separator, name] : {std::pair{';', "semicolons"}, {'\t', "tabs"}}) {
      if (width_ > 1 || row_[0].text.find(separator) == std::string::npos) continue;
      tell(row_[0], {}, fmt::format("the columns are separated by {}", name),
           "commas between columns, and a point in decimal numbers");
      return false;
    }
    for (std::size_t k = 0; k < row_.size(); ++k) place_column(k, ignored);
    return true;
  }

  bool has(std::size_t column) const { return index_[column] >= 0; }
  /// Tells that a column is needed.
  void need(const std::string& what) {
    tell(row_.empty() ? Cell{} : row_[0], {}, "the header has no column " + what, "columns: " + all_names());
  }

  bool next_row() {
    while (problems_.size() < kMostProblems && reader_.next(row_)) {
      if (row_.size() == width_) return true;
      tell(row_[0], {}, fmt::format("the row has {} cells", row_.size()),
           fmt::format("the header has {}", width_));
    }
    if (reader_.open_quote()) tell(row_.empty() ? Cell{} : row_[0], {}, "a quote is never closed", {});
    return false;
  }

  const Cell& cell(std::size_t column) const { return row_[static_cast<std::size_t>(index_[column])]; }
  bool missing(std::size_t column) const {
    return !has(column) || cell(column).text.empty() || cell(column).text == "NA";
  }

  void tell(std::size_t column, std::string message, std::string allowed) {
    tell(cell(column), std::string(columns_[column].names[0]), std::move(message), std::move(allowed));
  }

  /// A number in [low, high]; nothing if missing or wrong (which is told).
  std::optional<double> number(std::size_t column, double low, double high) {
    if (missing(column)) return std::nullopt;
    const std::string& text = cell(column).text;
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
      tell(column, fmt::format("'{}' is not a number", shown(text)), range(low, high));
      return std::nullopt;
    }
    if (value < low || value > high) {
      tell(column, fmt::format("{} is out of range", shown(text)), range(low, high));
      return std::nullopt;
    }
    return value;
  }

  std::optional<int> integer(std::size_t column, int low, int high) {
    const auto value = number(column, low, high);
    if (!value) return std::nullopt;
    if (*value != std::floor(*value)) {
      tell(column, shown(cell(column).text) + " is not a whole number", range(low, high));
      return std::nullopt;
    }
    return static_cast<int>(*value);
  }

  /// Days from 1970-01-01 of a date YYYY-MM-DD.
  std::optional<int> date(std::size_t column) {
    const std::string& text = cell(column).text;
    int part[3] = {0, 0, 0};
    const std::size_t at[3] = {0, 5, 8}, length[3] = {4, 2, 2};
    bool good = text.size() == 10 && text[4] == '-' && text[7] == '-';
    for (std::size_t k = 0; good && k < 3; ++k) {
      const char* end = text.data() + at[k] + length[k];
      const auto result = std::from_chars(text.data() + at[k], end, part[k]);
      good = result.ec == std::errc() && result.ptr == end && part[k] > 0;
    }
    if (good) {
      const std::chrono::year_month_day day{std::chrono::year{part[0]},
                                            std::chrono::month{static_cast<unsigned>(part[1])},
                                            std::chrono::day{static_cast<unsigned>(part[2])}};
      if (day.ok()) return static_cast<int>(std::chrono::sys_days{day}.time_since_epoch().count());
    }
    tell(column, fmt::format("'{}' is not a date", shown(text)), "YYYY-MM-DD, such as 2024-03-31");
    return std::nullopt;
  }

  const std::string& file() const { return source_.file; }

 private:
  static std::string range(double low, double high) {
    return fmt::format("{:g} to {:g}, or empty if missing", low, high);
  }

  void place_column(std::size_t k, std::vector<std::string>& ignored) {
    const std::string& name = row_[k].text;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      for (const auto known : columns_[c].names) {
        if (!same_name(name, known)) continue;
        if (index_[c] >= 0) {
          tell(row_[k], name, fmt::format("column '{}' stands twice", columns_[c].names[0]), {});
        } else {
          index_[c] = static_cast<int>(k);
        }
        return;
      }
    }
    const bool foreign = std::any_of(k_foreign_columns.begin(), k_foreign_columns.end(),
                                     [&](std::string_view other) { return same_name(name, other); });
    const std::string near = foreign ? std::string() : core::nearest_spelling(name, candidates_);
    if (near.empty()) {
      ignored.push_back(source_.file + ": " + shown(name));
    } else {
      problems_.add({place(row_[k]), name, fmt::format("unknown column '{}'", shown(name)), {}, near});
    }
  }

  std::string all_names() const {
    std::string text;
    for (const auto& column : columns_) text += (text.empty() ? "" : ", ") + std::string(column.names[0]);
    return text;
  }

  core::Place place(const Cell& cell) const {
    if (cell.line == 0) return {source_.file, 0, 0, {}};
    const auto rest = source_.text.substr(cell.line_start);
    std::string_view line = rest.substr(0, rest.find('\n'));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.size() > kLongestExcerpt) line = {};
    return {source_.file, cell.line, cell.column, std::string(line)};
  }

  void tell(const Cell& cell, std::string key, std::string message, std::string allowed) {
    problems_.add({place(cell), std::move(key), std::move(message), std::move(allowed), {}});
  }

  const CsvSource& source_;
  std::vector<ColumnRule> columns_;
  CsvReader reader_;
  core::Problems& problems_;
  std::vector<std::string> candidates_;  // every name of every column
  std::vector<int> index_;
  std::vector<Cell> row_;
  std::size_t width_ = 0;
};

enum VisitColumn : std::size_t {
  v_subject,
  v_day,
  v_date,
  v_edss,
  v_vis,
  v_bst,
  v_pyr,
  v_cer,
  v_sen,
  v_bb,
  v_men,
  v_amb,
  v_t25fw,
  v_nhpt_dom,
  v_nhpt_non,
  v_sdmt,
  v_low_contrast,
  v_vep,
  v_eq5d,
  v_relapse_flag,
  v_days_post_relapse
};
std::vector<ColumnRule> visit_columns() {
  return {{{"subject", "id"}},
          {{"day", "visit_day"}},
          {{"date", "dateEDSS"}},
          {{"edss"}},
          {{"vis", "FSvis"}},
          {{"bst", "FSbstem"}},
          {{"pyr", "FSpyr"}},
          {{"cer", "FScrbl"}},
          {{"sen", "FSsens"}},
          {{"bb", "FSsph"}},
          {{"men", "FScereb"}},
          {{"amb", "FSamb"}},
          {{"t25fw_s", "t25fw"}},
          {{"nhpt_dom_s", "nhpt"}},
          {{"nhpt_non_s"}},
          {{"sdmt"}},
          {{"low_contrast_letters", "lcla"}},
          {{"vep_ms", "vep"}},
          {{"eq5d"}},
          {{"relapse_flag"}},
          {{"daysPostRelapse"}}};
}
enum RelapseColumn : std::size_t { r_subject, r_day, r_date, r_end, r_severity, r_steroid };
std::vector<ColumnRule> relapse_columns() {
  return {{{"subject", "id"}}, {{"onset_day", "visit_day"}},
          {{"date"}},          {{"end_day", "end_date"}},
          {{"severity"}},      {{"steroid"}}};
}
enum ScanColumn : std::size_t { m_subject, m_day, m_date, m_gd, m_new_t2, m_enl_t2, m_t2_volume, m_pbvc };
std::vector<ColumnRule> scan_columns() {
  return {{{"subject", "id"}}, {{"day"}},    {{"date"}},      {{"gd_count"}},
          {{"new_t2"}},        {{"enl_t2"}}, {{"t2_vol_ml"}}, {{"pbvc_pct"}}};
}

/// May a table be read by days, by dates, or by either? Of a table that cannot be read: either.
struct Calendars {
  bool days = true, dates = true;
};
Calendars calendars_of(const CsvSource& source, std::vector<ColumnRule> columns, std::size_t day,
                       std::size_t date) {
  if (!source.given) return {};
  core::Problems unheard;  // told when the table is read in earnest
  std::vector<std::string> ignored;
  Table table(source, std::move(columns), unheard);
  if (!table.read_header(ignored) || (!table.has(day) && !table.has(date))) return {};
  return {table.has(day), table.has(date)};
}

constexpr int kFirstDay = -40'000, kLastDay = 40'000;                 // over a hundred years either way
constexpr double kLongestTest_s = 600;                                // both tests are stopped long before
constexpr double kMostLetters = 60;                                   // of one Sloan chart
constexpr double kShortestLatency_ms = 50, kLongestLatency_ms = 400;  // P100: about 100 in health
constexpr double kWorstUtility = -1;                                  // value sets end between -0.6 and -0.2

/// Builds the subjects; keeps calendar dates until the first visit of each is known.
class Builder {
 public:
  /// `prefer_dates`: tables that have days and dates are read by their dates.
  Builder(core::Problems& problems, bool prefer_dates) : problems_(problems), dates_(prefer_dates) {}

  void read_visits(const CsvSource& source) {
    Table table(source, visit_columns(), problems_);
    if (!table.read_header(result_.ignored_columns)) return;
    if (!check_key_columns(table, v_subject, v_day, v_date, "day")) return;
    bool grades = table.has(v_amb);
    for (std::size_t c = v_vis; c <= v_men; ++c) grades = grades && table.has(c);
    if (!table.has(v_edss) && !grades) {
      table.need("edss (nor all of vis, bst, pyr, cer, sen, bb, men, amb to compute it from)");
      return;
    }
    dates_ = !table.has(v_day) || (dates_ && table.has(v_date));
    const bool flags = table.has(v_relapse_flag) || table.has(v_days_post_relapse);
    result_.relapses_given = result_.relapses_given || flags;
    while (table.next_row()) {
      const auto day = day_of(table, v_day, v_date);
      Subject* subject = table.missing(v_subject) ? nullptr : &subject_named(table.cell(v_subject).text);
      if (subject == nullptr) table.tell(v_subject, "the subject is missing", "a name or number");
      const Visit visit = read_visit(table, day.value_or(0));
      const auto flag = table.integer(v_relapse_flag, 0, 1);
      const auto days_post_relapse = table.integer(v_days_post_relapse, kFirstDay, kLastDay);
      if (subject == nullptr || !day) continue;
      const auto who = static_cast<std::uint64_t>(subject - result_.subjects.data());
      if (!seen_.insert(who << 32 | static_cast<std::uint32_t>(visit.day)).second) {
        table.tell(dates_ ? v_date : v_day, "the subject has another visit on this day", "one visit a day");
      }
      subject->visits.push_back(visit);
      if (flag.value_or(0) == 1) add_onset(*subject, visit.day);
      // MSoutcomes takes the absolute value.
      if (days_post_relapse) add_onset(*subject, visit.day - std::abs(*days_post_relapse));
    }
  }

  void read_relapses(const CsvSource& source) {
    Table table(source, relapse_columns(), problems_);
    if (!table.read_header(result_.ignored_columns)) return;
    if (!check_key_columns(table, r_subject, r_day, r_date, "onset_day") ||
        !same_calendar(table, r_day, r_date))
      return;
    result_.relapses_given = true;
    for (auto& subject : result_.subjects) subject.relapses.clear();  // the table is the better source
    while (table.next_row()) {
      Subject* subject = known_subject(table, r_subject);
      const auto day = day_of(table, r_day, r_date);
      Relapse relapse;
      std::optional<int> end;
      if (!table.missing(r_end)) end = dates_ ? table.date(r_end) : table.integer(r_end, kFirstDay, kLastDay);
      if (day && end && *end < *day)
        table.tell(r_end, "the relapse ends before it begins", "its onset or later");
      if (!table.missing(r_severity)) {
        const std::string& text = table.cell(r_severity).text;
        if (text == "mild") {
          relapse.severity = RelapseSeverity::mild;
        } else if (text == "moderate") {
          relapse.severity = RelapseSeverity::moderate;
        } else if (text == "severe") {
          relapse.severity = RelapseSeverity::severe;
        } else if (text != "unknown") {
          table.tell(r_severity, fmt::format("'{}' is no severity", shown(text)),
                     "mild, moderate, severe or unknown");
        }
      }
      relapse.steroids = table.integer(r_steroid, 0, 1).value_or(0) == 1;
      if (subject == nullptr || !day) continue;
      relapse.onset_day = *day;
      if (end) relapse.end_day = *end;
      subject->relapses.push_back(relapse);
    }
  }

  void read_scans(const CsvSource& source) {
    Table table(source, scan_columns(), problems_);
    if (!table.read_header(result_.ignored_columns)) return;
    if (!check_key_columns(table, m_subject, m_day, m_date, "day") || !same_calendar(table, m_day, m_date))
      return;
    result_.scans_given = true;
    while (table.next_row()) {
      Subject* subject = known_subject(table, m_subject);
      const auto day = day_of(table, m_day, m_date);
      Scan scan;
      scan.gd_count = table.integer(m_gd, 0, 1000).value_or(kMissingCount);
      const auto new_t2 = table.integer(m_new_t2, 0, 1000);
      const auto enlarging = table.integer(m_enl_t2, 0, 1000);
      if (new_t2) scan.new_or_enlarging_t2 = *new_t2 + enlarging.value_or(0);
      scan.t2_volume_ml = table.number(m_t2_volume, 0, 1000).value_or(kMissing);
      scan.brain_volume_change_percent = table.number(m_pbvc, -50, 50).value_or(kMissing);
      if (subject == nullptr || !day) continue;
      scan.day = *day;
      subject->scans.push_back(scan);
    }
  }

  Observed finish() {
    for (auto& subject : result_.subjects) {
      const auto by_day = [](const auto& a, const auto& b) { return a.day < b.day; };
      std::stable_sort(subject.visits.begin(), subject.visits.end(), by_day);
      std::stable_sort(subject.scans.begin(), subject.scans.end(), by_day);
      std::stable_sort(subject.relapses.begin(), subject.relapses.end(),
                       [](const Relapse& a, const Relapse& b) { return a.onset_day < b.onset_day; });
      if (dates_ && !subject.visits.empty()) {
        const int origin = subject.visits.front().day;
        for (auto& visit : subject.visits) visit.day -= origin;
        for (auto& scan : subject.scans) scan.day -= origin;
        for (auto& relapse : subject.relapses) {
          relapse.onset_day -= origin;
          if (relapse.end_day != kNever) relapse.end_day -= origin;
        }
      }
      int end = 0;
      if (!subject.visits.empty()) end = std::max(end, subject.visits.back().day);
      if (!subject.scans.empty()) end = std::max(end, subject.scans.back().day);
      if (!subject.relapses.empty()) end = std::max(end, subject.relapses.back().onset_day);
      subject.end_of_follow_up_day = end;
    }
    return std::move(result_);
  }

 private:
  Visit read_visit(Table& table, int day) {
    static constexpr std::array<int, kFunctionalSystems> highest{6, 5, 6, 5, 6, 6, 5};
    Visit visit;
    visit.day = day;
    for (std::size_t k = 0; k < kFunctionalSystems; ++k) {
      if (const auto grade = table.integer(v_vis + k, 0, highest[k]))
        visit.fs[k] = static_cast<std::uint8_t>(*grade);
    }
    if (const auto score = table.integer(v_amb, 0, 16)) visit.ambulation = static_cast<std::uint8_t>(*score);
    if (const auto value = table.number(v_edss, 0, 10)) {
      if (valid_edss(*value)) {
        visit.edss = *value;
      } else {
        table.tell(v_edss, fmt::format("{:g} is not on the scale", *value), "0, or 1 to 10 in half steps");
      }
    } else if (table.missing(v_edss)) {
      visit.edss = edss(visit.fs, visit.ambulation);
    }
    const auto test = [&](std::size_t column, double low, double high) {
      const auto value = table.number(column, low, high);
      return value ? static_cast<float>(*value) : std::numeric_limits<float>::quiet_NaN();
    };
    visit.t25fw_s = test(v_t25fw, 0.5, kLongestTest_s);
    visit.nhpt_dominant_s = test(v_nhpt_dom, 1, kLongestTest_s);
    visit.nhpt_non_dominant_s = test(v_nhpt_non, 1, kLongestTest_s);
    visit.sdmt = test(v_sdmt, 0, 110);
    visit.low_contrast_letters = test(v_low_contrast, 0, kMostLetters);
    visit.vep_ms = test(v_vep, kShortestLatency_ms, kLongestLatency_ms);
    visit.eq5d = test(v_eq5d, kWorstUtility, 1);
    return visit;
  }

  static bool check_key_columns(Table& table, std::size_t subject, std::size_t day, std::size_t date,
                                const std::string& day_name) {
    if (!table.has(subject)) table.need("subject");
    if (!table.has(day) && !table.has(date)) table.need(day_name + " (or date)");
    return table.has(subject) && (table.has(day) || table.has(date));
  }

  bool same_calendar(Table& table, std::size_t day, std::size_t date) {
    if (table.has(dates_ ? date : day)) return true;
    problems_.add({{table.file(), 1, 1, {}},
                   {},
                   dates_ ? "this table counts days, but visits give dates"
                          : "this table gives dates, but visits count days",
                   "the same in all tables",
                   {}});
    return false;
  }

  std::optional<int> day_of(Table& table, std::size_t day, std::size_t date) {
    const std::size_t column = dates_ ? date : day;
    if (table.missing(column)) {
      table.tell(column, "the day is missing", "every row has one");
      return std::nullopt;
    }
    return column == day ? table.integer(day, kFirstDay, kLastDay) : table.date(date);
  }

  Subject& subject_named(const std::string& name) {
    const auto [found, is_new] = index_.try_emplace(name, result_.subjects.size());
    if (is_new) {
      result_.subjects.emplace_back();
      result_.subjects.back().name = name;
    }
    return result_.subjects[found->second];
  }

  Subject* known_subject(Table& table, std::size_t column) {
    const auto found = table.missing(column) ? index_.end() : index_.find(table.cell(column).text);
    if (found != index_.end()) return &result_.subjects[found->second];
    table.tell(column, fmt::format("subject '{}' has no visits", shown(table.cell(column).text)),
               "a subject of the visits table");
    return nullptr;
  }

  static void add_onset(Subject& subject, int onset_day) {
    for (const auto& known : subject.relapses) {
      if (known.onset_day == onset_day) return;
    }
    Relapse relapse;
    relapse.onset_day = onset_day;
    subject.relapses.push_back(relapse);
  }

  core::Problems& problems_;
  Observed result_;
  std::unordered_map<std::string, std::size_t> index_;
  std::unordered_set<std::uint64_t> seen_;  // subject and day of each visit
  bool dates_ = false;                      // dates, not days
};

std::string text_of(const std::string& file) {
  const auto refused = [&](std::string message) {
    return core::InputError(core::Problem{{file, 0, 0, {}}, {}, std::move(message), "a CSV table", {}});
  };
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (status.type() == std::filesystem::file_type::not_found) throw refused("there is no such file");
  if (std::filesystem::is_directory(status)) throw refused("this is a directory");
  try {
    return core::read_file(file);
  } catch (const core::RunError& failure) {
    throw refused(failure.what());
  }
}

}  // namespace

PersonRecord Subject::record() const {
  PersonRecord person;
  person.visits = visits;
  person.relapses = relapses;
  person.scans = scans;
  person.end_of_follow_up_day = end_of_follow_up_day;
  return person;
}

Observed read_observed(const CsvSource& visits, const CsvSource& relapses, const CsvSource& mri) {
  core::Problems problems;
  // Days are taken where all tables have them; dates where only they are common to all.
  bool prefer_dates = false;
  if (relapses.given || mri.given) {
    const auto of_visits = calendars_of(visits, visit_columns(), v_day, v_date);
    const auto of_relapses = calendars_of(relapses, relapse_columns(), r_day, r_date);
    const auto of_scans = calendars_of(mri, scan_columns(), m_day, m_date);
    prefer_dates = !(of_visits.days && of_relapses.days && of_scans.days) && of_visits.dates &&
                   of_relapses.dates && of_scans.dates;
  }
  Builder builder(problems, prefer_dates);
  builder.read_visits(visits);
  // Without a readable table of visits the others can only repeat that nobody is known.
  const bool known = problems.empty();
  if (relapses.given && known) builder.read_relapses(relapses);
  if (mri.given && known) builder.read_scans(mri);
  problems.throw_if_any();
  auto observed = builder.finish();
  if (observed.subjects.empty()) {
    throw core::InputError(
        core::Problem{{visits.file, 0, 0, {}}, {}, "the table has no visits", "at least one row", {}});
  }
  return observed;
}

Observed read_observed_files(const std::string& visits, const std::string& relapses, const std::string& mri) {
  const std::string visit_text = text_of(visits);
  const std::string relapse_text = relapses.empty() ? std::string() : text_of(relapses);
  const std::string mri_text = mri.empty() ? std::string() : text_of(mri);
  return read_observed({visits, visit_text, true}, {relapses, relapse_text, !relapses.empty()},
                       {mri, mri_text, !mri.empty()});
}

}  // namespace hortega::endpoints
