// SPDX-License-Identifier: Apache-2.0
#include "hortega/cohort/calendar.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <string_view>

namespace hortega::cohort {

namespace {

std::optional<int> digits(std::string_view text) {
  int n = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    n = 10 * n + (c - '0');
  }
  return n;
}

std::optional<Date> parse(std::string_view text) {
  const bool month_only = text.size() == 7;
  if (!month_only && text.size() != 10) return std::nullopt;
  if (text[4] != '-' || (!month_only && text[7] != '-')) return std::nullopt;
  constexpr int k_middle = 15;  // not biology: of a month whose day is not known
  const auto year = digits(text.substr(0, 4));
  const auto month = digits(text.substr(5, 2));
  const auto day = month_only ? std::optional<int>(k_middle) : digits(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return Date{static_cast<int>(std::chrono::sys_days(date).time_since_epoch().count())};
}

}  // namespace

std::string text_of(Date date) {
  const std::chrono::year_month_day ymd{std::chrono::sys_days(std::chrono::days(date.day))};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
                     static_cast<unsigned>(ymd.day()));
}

bool DateCodec::read(const core::Value& value, const std::string& path, core::Reader& reader,
                     Date& out) const {
  if (value.text() == nullptr) {
    reader.wrong_type(value, path, "a date such as \"2024-03-15\" or \"2024-03\"");
    return false;
  }
  const auto date = parse(*value.text());
  if (!date) {
    reader.problem(value.position, path, core::show(value) + " is no date",
                   "year-month-day or year-month, e.g. \"2024-03-15\"");
    return false;
  }
  out = *date;
  return true;
}

core::Shape DateCodec::shape() const {
  core::Shape shape;
  shape.type = "date, e.g. `\"2024-03-15\"`, or `\"2024-03\"` where only the month is known";
  shape.json.set("type", "string").set("pattern", "^\\d{4}-\\d{2}(-\\d{2})?$");
  return shape;
}

}  // namespace hortega::cohort
