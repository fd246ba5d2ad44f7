// SPDX-License-Identifier: Apache-2.0
//
// Days of the calendar in inputs: "2024-03-15", or "2024-03" where only the month is known.
#pragma once

#include "hortega/core/codec.hpp"

#include <compare>
#include <string>

namespace hortega::cohort {

/// Days since 1 January 1970 (proleptic Gregorian calendar).
struct Date {
  int day = 0;
  friend auto operator<=>(const Date&, const Date&) = default;
};

inline int days_between(Date from, Date to) { return to.day - from.day; }
/// "2024-03-15"
std::string text_of(Date date);

/// Reads "2024-03-15", or "2024-03" as the 15th of that month.
class DateCodec {
 public:
  using Target = Date;
  bool accepts(const core::Value& value) const { return value.text() != nullptr; }
  bool read(const core::Value& value, const std::string& path, core::Reader& reader, Date& out) const;
  core::Value write(const Date& date) const { return core::Value(text_of(date)); }
  core::Shape shape() const;
};

}  // namespace hortega::cohort
