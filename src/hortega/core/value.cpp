// SPDX-License-Identifier: Apache-2.0
// Look-up in value trees, and their writing as JSON and TOML.
#include "hortega/core/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace hortega::core {
namespace {

nlohmann::ordered_json json_of(const Value& value) {
  using Json = nlohmann::ordered_json;
  switch (value.type()) {
    case Value::Type::null:
      return nullptr;
    case Value::Type::boolean:
      return *value.boolean();
    case Value::Type::integer:
      return *value.integer();
    case Value::Type::real:
      if (!std::isfinite(*value.real())) throw std::invalid_argument("JSON has no nan and no infinity");
      return *value.real();
    case Value::Type::text:
      return *value.text();
    case Value::Type::array: {
      Json array = Json::array();
      for (const auto& item : *value.array()) array.push_back(json_of(item));
      return array;
    }
    case Value::Type::table: {
      Json object = Json::object();
      for (const auto& [key, item] : *value.table()) object[key] = json_of(item);
      return object;
    }
    case Value::Type::date_time:
      break;
  }
  throw std::invalid_argument("JSON has no dates");
}

std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (u < 0x20 || u == 0x7F) {
      out += fmt::format("\\u{:04X}", u);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string toml_key(std::string_view key) {
  const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
  });
  return bare ? std::string(key) : toml_text(key);
}

/// A real as TOML wants it: with a point or an exponent, in the fewest digits that read back the same.
std::string toml_real(double value) {
  if (!std::isfinite(value)) throw std::invalid_argument("nan and infinities are not written");
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string toml_inline(const Value& value) {
  switch (value.type()) {
    case Value::Type::null:
      throw std::invalid_argument("TOML has no null");
    case Value::Type::boolean:
      return *value.boolean() ? "true" : "false";
    case Value::Type::integer:
      return fmt::format("{}", *value.integer());
    case Value::Type::real:
      return toml_real(*value.real());
    case Value::Type::text:
      return toml_text(*value.text());
    case Value::Type::array: {
      std::string out;
      for (const auto& item : *value.array()) out += (out.empty() ? "" : ", ") + toml_inline(item);
      return "[" + out + "]";
    }
    case Value::Type::table: {
      std::string out;
      for (const auto& [key, item] : *value.table()) {
        if (item.is_null()) continue;
        out += (out.empty() ? " " : ", ") + toml_key(key) + " = " + toml_inline(item);
      }
      return "{" + out + (out.empty() ? "}" : " }");
    }
    case Value::Type::date_time:
      break;
  }
  throw std::invalid_argument("dates are not written");
}

bool is_array_of_tables(const Value& value) {
  const auto* array = value.array();
  return array != nullptr && !array->empty() &&
         std::all_of(array->begin(), array->end(), [](const Value& item) { return item.table() != nullptr; });
}

void write_toml(const Value& table, const std::string& path, std::string& out) {
  for (const auto& [key, value] : *table.table()) {
    if (value.is_null() || value.table() != nullptr || is_array_of_tables(value)) continue;
    out += toml_key(key) + " = " + toml_inline(value) + "\n";
  }
  for (const auto& [key, value] : *table.table()) {
    const std::string here = path.empty() ? toml_key(key) : path + "." + toml_key(key);
    if (value.table() != nullptr) {
      out += "\n[" + here + "]\n";
      write_toml(value, here, out);
    } else if (is_array_of_tables(value)) {
      for (const auto& item : *value.array()) {
        out += "\n[[" + here + "]]\n";
        write_toml(item, here, out);
      }
    }
  }
}

}  // namespace

const Value* Value::find(std::string_view key) const {
  const Table* members = table();
  if (members == nullptr) return nullptr;
  for (const auto& [name, value] : *members) {
    if (name == key) return &value;
  }
  return nullptr;
}

Value* Value::find(std::string_view key) { return const_cast<Value*>(std::as_const(*this).find(key)); }

Value& Value::set(std::string key, Value value) {
  if (is_null()) data_ = Table{};
  Table* members = table();
  if (members == nullptr) throw std::logic_error("only a table has keys");
  if (Value* old = find(key)) {
    *old = std::move(value);
  } else {
    members->emplace_back(std::move(key), std::move(value));
  }
  return *this;
}

std::string_view type_name(Value::Type type) {
  switch (type) {
    case Value::Type::null:
      return "nothing";
    case Value::Type::boolean:
      return "true or false";
    case Value::Type::integer:
      return "a whole number";
    case Value::Type::real:
      return "a number";
    case Value::Type::text:
      return "a string";
    case Value::Type::array:
      return "a list";
    case Value::Type::table:
      return "a table";
    case Value::Type::date_time:
      return "a date or time";
  }
  return "";
}

std::string show(const Value& value) {
  constexpr std::size_t k_width = 60;
  std::string text;
  switch (value.type()) {
    case Value::Type::null:
      return "nothing";
    case Value::Type::real:
      text = std::isfinite(*value.real()) ? toml_real(*value.real()) : fmt::format("{}", *value.real());
      break;
    case Value::Type::date_time:
      return "a date or time";
    case Value::Type::array:
      return value.array()->empty() ? "[]" : "[...]";
    case Value::Type::table:
      return value.table()->empty() ? "{}" : "{...}";
    case Value::Type::text:
      text = "'" + *value.text() + "'";
      break;
    default:
      text = toml_inline(value);
      break;
  }
  if (text.size() > k_width) {
    std::size_t cut = k_width;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
    text = text.substr(0, cut) + "...";
  }
  return text;
}

std::string to_json(const Value& value) {
  return json_of(value).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string to_toml(const Value& table) {
  if (table.table() == nullptr) throw std::invalid_argument("a TOML document is a table");
  std::string out;
  write_toml(table, "", out);
  return out;
}

}  // namespace hortega::core
