// SPDX-License-Identifier: Apache-2.0
// The codecs that need no template, and where problems and places are told.
#include "hortega/core/codec.hpp"

#include <fmt/format.h>

#include <cctype>

namespace hortega::core {
namespace {

bool is_bare_key(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
  });
}

/// The number that a text was meant to be: "3" for '3'.
std::string number_in(const Value& value) {
  if (value.text() == nullptr) return {};
  const auto number = parse_quantity(*value.text(), Kind::dimensionless);
  return number.ok() ? fmt::format("{}", number.value) : std::string();
}

/// The internal unit as it reads behind a limit.
std::string_view limit_unit(Kind kind) { return kind == Kind::time ? "days" : internal_unit(kind); }

/// A number and something behind it that may be a unit; whether it fits the kind is more than a pattern can
/// say.
constexpr const char* k_quantity_pattern =
    R"(^\s*-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*((?![eE][+-]?[0-9])[^\s0-9.,].*|1(0\^|e)?[0-9]*/.+)$)";

}  // namespace

std::string join_path(const std::string& path, std::string_view key) {
  const std::string part = is_bare_key(key) ? std::string(key) : fmt::format("\"{}\"", key);
  return path.empty() ? part : path + "." + part;
}

std::string join_path(const std::string& path, std::size_t index) {
  return fmt::format("{}[{}]", path, index);
}

Position Locations::position(std::string path) const {
  for (;;) {
    const auto found = positions_.find(path);
    if (found != positions_.end()) return found->second;
    const auto cut = path.find_last_of(".[");
    if (path.empty() || cut == std::string::npos) break;
    path.resize(cut);
  }
  return {};
}

Place Locations::place(const std::string& path) const {
  return sources_ ? place_in(*sources_, position(path)) : Place{};
}

Problem Locations::problem(const std::string& path, std::string message, std::string allowed,
                           std::string suggestion) const {
  return {place(path), path, std::move(message), std::move(allowed), std::move(suggestion)};
}

void Reader::problem(const Position& at, const std::string& path, std::string message, std::string allowed,
                     std::string suggestion) {
  problems_.add({document_.place(at), path, std::move(message), std::move(allowed), std::move(suggestion)});
}

void Reader::wrong_type(const Value& value, const std::string& path, std::string_view wanted,
                        std::string suggestion) {
  const bool has_text = value.text() != nullptr || value.integer() != nullptr || value.real() != nullptr;
  const std::string found = has_text ? fmt::format("{} ({})", type_name(value.type()), show(value))
                                     : std::string(type_name(value.type()));
  problem(value.position, path, fmt::format("must be {}, not {}", wanted, found), {}, std::move(suggestion));
}

std::string Interval::text(std::string_view unit) const {
  const auto number = [&](double x) {
    return unit.empty() ? fmt::format("{}", x) : fmt::format("{} {}", x, unit);
  };
  if (std::isfinite(low) && std::isfinite(high)) {
    if (!low_open && !high_open) return fmt::format("{} to {}", number(low), number(high));
    return fmt::format("{} {} and {} {}", low_open ? "above" : "at least", number(low),
                       high_open ? "below" : "at most", number(high));
  }
  if (std::isfinite(low)) return fmt::format("{} {}", low_open ? "above" : "at least", number(low));
  if (std::isfinite(high)) return fmt::format("{} {}", high_open ? "below" : "at most", number(high));
  return {};
}

void Interval::to_json_schema(Value& json) const {
  if (std::isfinite(low)) json.set(low_open ? "exclusiveMinimum" : "minimum", low);
  if (std::isfinite(high)) json.set(high_open ? "exclusiveMaximum" : "maximum", high);
}

bool NumberCodec::accepts(const Value& value) const {
  return value.real() != nullptr || value.integer() != nullptr;
}

bool NumberCodec::read(const Value& value, const std::string& path, Reader& reader, double& out) const {
  if (!accepts(value)) {
    reader.wrong_type(value, path, "a number", number_in(value));
    return false;
  }
  const double number = value.real() != nullptr ? *value.real() : static_cast<double>(*value.integer());
  if (!std::isfinite(number)) {
    reader.problem(value.position, path, fmt::format("{} is no finite number", show(value)),
                   interval_.text());
    return false;
  }
  if (!interval_.contains(number)) {
    const std::string meant = meaning_.empty() ? "" : "; " + meaning_;
    reader.problem(value.position, path, fmt::format("{} is out of range", show(value)),
                   interval_.text() + meant);
    return false;
  }
  out = number;
  return true;
}

Shape NumberCodec::shape() const {
  Shape shape;
  shape.type = "number";
  shape.allowed = interval_.text();
  shape.json.set("type", "number");
  interval_.to_json_schema(shape.json);
  return shape;
}

bool QuantityCodec::accepts(const Value& value) const {
  return value.text() != nullptr || value.real() != nullptr || value.integer() != nullptr;
}

bool QuantityCodec::read(const Value& value, const std::string& path, Reader& reader, double& out) const {
  const bool number = value.real() != nullptr || value.integer() != nullptr;
  if (number && bare_number_allowed(kind_)) {
    return NumberCodec().interval(interval_).read(value, path, reader, out);
  }
  if (number) {
    const auto& units = usual_units(kind_);
    const std::string likely = with_likely_units(show(value), kind_, '"');
    if (!likely.empty()) {
      reader.problem(value.position, path, fmt::format("{} has no unit", show(value)),
                     fmt::format("{} is written as a string: {}", kind_name(kind_), likely));
    } else {
      reader.problem(
          value.position, path, fmt::format("{} has no unit", show(value)),
          fmt::format("{} is written as a string, e.g. \"{}\"", kind_name(kind_), example_of(kind_)),
          units.empty() ? "" : fmt::format("\"{} {}\"", show(value), units.front()));
    }
    return false;
  }
  if (value.text() == nullptr) {
    reader.wrong_type(value, path, fmt::format("{} as a string", kind_name(kind_)));
    return false;
  }
  const QuantityResult result = parse_quantity(*value.text(), kind_);
  if (!result.ok()) {
    reader.problem(value.position, path, result.message, result.allowed, result.suggestion);
    return false;
  }
  if (!interval_.contains(result.value)) {
    reader.problem(value.position, path, fmt::format("{} is out of range", show(value)),
                   interval_.text(limit_unit(kind_)));
    return false;
  }
  out = result.value;
  return true;
}

Value QuantityCodec::write(double value) const {
  if (bare_number_allowed(kind_)) return value;
  return format_quantity(value, kind_);
}

Shape QuantityCodec::shape() const {
  Shape shape;
  const std::string example(example_of(kind_));
  shape.type = fmt::format("{}, e.g. `{}`", kind_name(kind_),
                           bare_number_allowed(kind_) ? example : "\"" + example + "\"");
  shape.allowed = interval_.text(limit_unit(kind_));
  Value text;
  text.set("type", "string");
  if (!bare_number_allowed(kind_)) text.set("pattern", k_quantity_pattern);
  text.set("examples", Value::Array{example});
  if (bare_number_allowed(kind_)) {
    Value number;
    number.set("type", "number");
    interval_.to_json_schema(number);
    shape.json.set("anyOf", Value::Array{number, text});
  } else {
    shape.json = text;
  }
  return shape;
}

bool Integer64Codec::read(const Value& value, const std::string& path, Reader& reader,
                          std::int64_t& out) const {
  if (value.integer() == nullptr) {
    std::string suggestion;
    if (const double* real = value.real();
        real != nullptr && std::abs(*real) < 1e15 && *real == std::round(*real)) {
      suggestion = fmt::format("{}", static_cast<std::int64_t>(*real));
    }
    if (value.text() != nullptr) suggestion = number_in(value);
    reader.wrong_type(value, path, "a whole number", std::move(suggestion));
    return false;
  }
  if (*value.integer() < low_ || *value.integer() > high_) {
    reader.problem(value.position, path, fmt::format("{} is out of range", show(value)), shape().allowed);
    return false;
  }
  out = *value.integer();
  return true;
}

Shape Integer64Codec::shape() const {
  // Limits that stem from the type alone are not worth telling, but for "not negative".
  constexpr std::int64_t k_told = std::numeric_limits<std::int32_t>::max();
  const bool low = low_ > -k_told;
  const bool high = high_ < k_told;
  Shape shape;
  shape.type = "whole number";
  if (low && high) {
    shape.allowed = fmt::format("{} to {}", low_, high_);
  } else if (low) {
    shape.allowed = fmt::format("at least {}", low_);
  } else if (high) {
    shape.allowed = fmt::format("at most {}", high_);
  } else {
    shape.allowed = "";
  }
  shape.json.set("type", "integer");
  if (low) shape.json.set("minimum", low_);
  if (high) shape.json.set("maximum", high_);
  return shape;
}

bool TextCodec::read(const Value& value, const std::string& path, Reader& reader, std::string& out) const {
  const std::string* text = value.text();
  if (text == nullptr) {
    reader.wrong_type(value, path, "a string");
    return false;
  }
  if (!allowed_.empty() && std::find(allowed_.begin(), allowed_.end(), *text) == allowed_.end()) {
    reader.problem(value.position, path, fmt::format("{} is unknown", show(value)),
                   "allowed: " + quoted_list(allowed_), nearest_spelling(*text, allowed_));
    return false;
  }
  if (!may_be_empty_ && text->find_first_not_of(" \t\r\n") == std::string::npos) {
    reader.problem(value.position, path, "the text is empty");
    return false;
  }
  if (identifier_ && (!is_bare_key(*text) || text->front() == '-' || text->front() == '_')) {
    reader.problem(value.position, path, fmt::format("{} is no name", show(value)),
                   "letters, digits, '-' and '_', beginning with a letter or digit");
    return false;
  }
  out = *text;
  return true;
}

Shape TextCodec::shape() const {
  Shape shape;
  shape.type = identifier_ ? "name" : "text";
  shape.json.set("type", "string");
  if (!allowed_.empty()) {
    Value::Array words;
    for (const auto& word : allowed_) {
      shape.allowed += (shape.allowed.empty() ? "`" : ", `") + word + "`";
      words.emplace_back(word);
    }
    shape.type = "one of";
    shape.json.set("enum", std::move(words));
  } else if (identifier_) {
    shape.json.set("pattern", "^[A-Za-z0-9][A-Za-z0-9_-]*$");
  } else if (!may_be_empty_) {
    shape.json.set("pattern", "\\S");
  }
  return shape;
}

bool BooleanCodec::read(const Value& value, const std::string& path, Reader& reader, bool& out) const {
  if (value.boolean() == nullptr) {
    std::string suggestion;
    if (const auto* text = value.text()) suggestion = nearest_spelling(*text, {"true", "false"});
    reader.wrong_type(value, path, "true or false", std::move(suggestion));
    return false;
  }
  out = *value.boolean();
  return true;
}

Shape BooleanCodec::shape() const {
  Shape shape;
  shape.type = "`true` or `false`";
  shape.json.set("type", "boolean");
  return shape;
}

bool SizeLimit::check(const Value& list, std::size_t size, const std::string& path, Reader& reader) const {
  if (size >= low && size <= high) return true;
  reader.problem(list.position, path,
                 size == 0 ? "the list is empty" : fmt::format("the list has {} items", size), text());
  return false;
}

std::string SizeLimit::text() const {
  const bool bounded = high != std::numeric_limits<std::size_t>::max();
  const auto items = [](std::size_t n) { return fmt::format("{} item{}", n, n == 1 ? "" : "s"); };
  if (low == high) return "exactly " + items(low);
  if (low > 0 && bounded) return fmt::format("{} to {}", low, items(high));
  if (low > 0) return "at least " + items(low);
  return bounded ? "at most " + items(high) : "";
}

void SizeLimit::to_json_schema(Value& json) const {
  if (low > 0) json.set("minItems", low);
  if (high != std::numeric_limits<std::size_t>::max()) json.set("maxItems", high);
}

Shape list_shape(const Shape& item, const SizeLimit& size, std::string_view extra) {
  Shape shape;
  shape.type = item.table ? "list of tables" : "list of: " + item.type;
  for (const std::string& part : {item.allowed, size.text(), std::string(extra)}) {
    if (!part.empty()) shape.allowed += (shape.allowed.empty() ? "" : "; ") + part;
  }
  shape.json.set("type", "array").set("items", item.json);
  size.to_json_schema(shape.json);
  shape.table = item.table;
  shape.table_suffix = "[]" + item.table_suffix;
  return shape;
}

Shape either_shape(const Shape& first, const Shape& second) {
  Shape shape;
  shape.type = first.type + ", or " + second.type;
  shape.allowed = first.allowed;
  if (!second.allowed.empty() && second.allowed != first.allowed) {
    shape.allowed += (shape.allowed.empty() ? "" : "; or ") + second.allowed;
  }
  shape.json.set("anyOf", Value::Array{first.json, second.json});
  shape.table = first.table ? first.table : second.table;
  shape.table_suffix = first.table ? first.table_suffix : second.table_suffix;
  return shape;
}

}  // namespace hortega::core
