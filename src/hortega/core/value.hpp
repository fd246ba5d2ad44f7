// SPDX-License-Identifier: Apache-2.0
// A tree of values as TOML and JSON know them, each with its place in the source; written as either.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace hortega::core {

/// Where a value stands: line and column from 1 (0: not from a text), and which text of its Document.
struct Position {
  int line = 0;
  int column = 0;
  int source = 0;
};

/// A TOML or JSON value. Tables keep the order in which their keys were written.
class Value {
 public:
  using Array = std::vector<Value>;
  using Table = std::vector<std::pair<std::string, Value>>;
  /// TOML dates and times, which Hortega's inputs do not use; kept only to be named in messages.
  struct DateTime {
    std::string text;
  };
  enum class Type { null, boolean, integer, real, text, array, table, date_time };

  Value() = default;
  Value(bool v) : data_(v) {}                           // NOLINT(google-explicit-constructor)
  Value(double v) : data_(v) {}                         // NOLINT(google-explicit-constructor)
  Value(const char* v) : data_(std::string(v)) {}       // NOLINT(google-explicit-constructor)
  Value(std::string_view v) : data_(std::string(v)) {}  // NOLINT(google-explicit-constructor)
  Value(std::string v) : data_(std::move(v)) {}         // NOLINT(google-explicit-constructor)
  Value(Array v) : data_(std::move(v)) {}               // NOLINT(google-explicit-constructor)
  Value(Table v) : data_(std::move(v)) {}               // NOLINT(google-explicit-constructor)
  Value(DateTime v) : data_(std::move(v)) {}            // NOLINT(google-explicit-constructor)
  template <std::integral I>
  requires(!std::same_as<I, bool>) Value(I v)  // NOLINT(google-explicit-constructor)
      : data_(static_cast<std::int64_t>(v)) {}

  Type type() const { return static_cast<Type>(data_.index()); }
  bool is_null() const { return type() == Type::null; }
  const bool* boolean() const { return std::get_if<bool>(&data_); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&data_); }
  const double* real() const { return std::get_if<double>(&data_); }
  const std::string* text() const { return std::get_if<std::string>(&data_); }
  const Array* array() const { return std::get_if<Array>(&data_); }
  const Table* table() const { return std::get_if<Table>(&data_); }
  Array* array() { return std::get_if<Array>(&data_); }
  Table* table() { return std::get_if<Table>(&data_); }

  /// The value under `key`, or nullptr if this is no table or has no such key.
  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);

  /// Appends `key = value` to this table (a null value becomes a table first) and returns *this.
  Value& set(std::string key, Value value);

  /// Of the value; of a table, its header or opening brace.
  Position position;
  /// Of the key under which the value stands (line 0 for array items and for the root).
  Position key_position;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Table, DateTime> data_;
};

/// "a string", "a table": for messages.
std::string_view type_name(Value::Type type);

/// The value as it would be typed, shortened to some 60 characters: for messages.
std::string show(const Value& value);

/// JSON text, indented by two blanks, with a final line break. Keys keep their order; null is written as
/// null. Numbers round-trip. Throws std::invalid_argument for nan and infinities.
std::string to_json(const Value& value);

/// TOML text of a table with a final line break: plain keys first, then [tables] and [[arrays of tables]];
/// null members are left out. Throws std::invalid_argument if the root is no table, or for nan and
/// infinities.
std::string to_toml(const Value& table);

}  // namespace hortega::core
