// SPDX-License-Identifier: Apache-2.0
// Loading of input files: what a file must be before it is parsed, the parsing by toml++, and overrides.
#include "hortega/core/document.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <sstream>
#include <tuple>

namespace hortega::core {
namespace {

Position position_of(const toml::source_region& region) {
  return {static_cast<int>(region.begin.line), static_cast<int>(region.begin.column), 0};
}

Value value_of(const toml::node& node);

/// toml++ sorts keys by name; inputs are told and written in the order of the file.
Value::Table table_of(const toml::table& table) {
  Value::Table members;
  for (const auto& [key, node] : table) {
    Value value = value_of(node);
    value.key_position = position_of(key.source());
    members.emplace_back(std::string(key.str()), std::move(value));
  }
  std::stable_sort(members.begin(), members.end(), [](const auto& a, const auto& b) {
    const auto& p = a.second.key_position;
    const auto& q = b.second.key_position;
    return std::tie(p.line, p.column) < std::tie(q.line, q.column);
  });
  return members;
}

Value value_of(const toml::node& node) {
  Value value;
  if (const auto* table = node.as_table()) {
    value = Value(table_of(*table));
  } else if (const auto* array = node.as_array()) {
    Value::Array items;
    for (const auto& item : *array) items.push_back(value_of(item));
    value = Value(std::move(items));
  } else if (const auto* text = node.as_string()) {
    value = Value(text->get());
  } else if (const auto* integer = node.as_integer()) {
    value = Value(integer->get());
  } else if (const auto* real = node.as_floating_point()) {
    value = Value(real->get());
  } else if (const auto* boolean = node.as_boolean()) {
    value = Value(boolean->get());
  } else {
    value = Value(Value::DateTime{"date or time"});
  }
  value.position = position_of(node.source());
  return value;
}

InputError file_error(const std::string& path, std::string message, std::string allowed = {}) {
  return InputError(Problem{{path, 0, 0, {}}, {}, std::move(message), std::move(allowed), {}});
}

void place_all(Value& value, const Position& position) {
  value.position = position;
  value.key_position = position;
  if (auto* array = value.array()) {
    for (auto& item : *array) place_all(item, position);
  }
  if (auto* table = value.table()) {
    for (auto& [key, item] : *table) place_all(item, position);
  }
}

/// The value of an override: TOML if it is TOML, otherwise the text itself (a shell takes quotes away).
Value override_value(std::string_view text) {
  try {
    const toml::table table = toml::parse("value = " + std::string(text), std::string_view{"override"});
    if (table.size() == 1) return value_of(*table.get("value"));
  } catch (const toml::parse_error&) {
    // Not TOML: a string without its quotes.
  }
  return Value(std::string(text));
}

/// `a."b.c".d[2]` taken apart into a, b.c, d, 2; nothing if a quote or bracket is left open or a part is
/// empty.
std::optional<std::vector<std::string>> split_key(std::string_view key) {
  std::vector<std::string> parts;
  while (!key.empty()) {
    if (key.front() == '"' || key.front() == '[') {
      const auto end = key.find(key.front() == '"' ? '"' : ']', 1);
      if (end == std::string_view::npos) return std::nullopt;
      parts.emplace_back(key.substr(1, end - 1));
      key.remove_prefix(end + 1);
    } else {
      const auto end = std::min(key.find_first_of(".["), key.size());
      parts.emplace_back(key.substr(0, end));
      key.remove_prefix(end);
    }
    if (parts.back().empty()) return std::nullopt;
    if (!key.empty() && key.front() == '.') {
      key.remove_prefix(1);
      if (key.empty()) return std::nullopt;
    } else if (!key.empty() && key.front() != '[') {
      return std::nullopt;
    }
  }
  if (parts.empty()) return std::nullopt;
  return parts;
}

Value* item_of(Value::Array& array, const std::string& part, std::vector<std::string>& ids) {
  for (auto& item : array) {
    const Value* id = item.find("id");
    if (id == nullptr || id->text() == nullptr) continue;
    if (*id->text() == part) return &item;
    ids.push_back(*id->text());
  }
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
  const bool whole = error == std::errc() && end == part.data() + part.size();
  return whole && index < array.size() ? &array[index] : nullptr;
}

}  // namespace

std::string load_text(const std::string& path, std::size_t max_bytes) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) throw file_error(path, "there is no such file");
  if (error) throw file_error(path, "the file cannot be read", error.message());
  if (std::filesystem::is_directory(status))
    throw file_error(path, "this is a directory", "a file is needed");
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file) throw file_error(path, "the file cannot be read", std::strerror(errno));
  std::string text(max_bytes + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get()) != 0) throw file_error(path, "the file cannot be read", std::strerror(errno));
  if (text.size() > max_bytes) {
    throw file_error(path, "the file is too large",
                     fmt::format("at most {} MB are read", static_cast<double>(max_bytes) / 1e6));
  }
  if (text.find('\0') != std::string::npos) {
    throw file_error(path, "this is no text file: it holds NUL bytes", "UTF-8 text is needed");
  }
  text.shrink_to_fit();
  return text;
}

Document Document::load(const std::string& path) { return parse(load_text(path, k_max_bytes), path); }

Document Document::parse(std::string text, std::string name) {
  Document document;
  document.sources_ =
      std::make_shared<const std::vector<Source>>(std::vector<Source>{{std::move(name), std::move(text)}});
  const Source& source = document.sources_->front();
  try {
    document.root_ = Value(table_of(toml::parse(source.text, std::string_view{source.name})));
  } catch (const toml::parse_error& error) {
    throw InputError(Problem{document.place(position_of(error.source())),
                             {},
                             "this is no valid TOML: " + std::string(error.description()),
                             {},
                             {}});
  }
  return document;
}

void Document::set(std::string_view assignment) {
  auto sources = *sources_;
  sources.push_back({"--set", std::string(assignment)});
  sources_ = std::make_shared<const std::vector<Source>>(sources);
  const int source = static_cast<int>(sources.size()) - 1;
  const auto fail = [&](std::string message, std::string allowed, std::string suggestion = {}) {
    throw InputError(
        Problem{place({1, 1, source}), {}, std::move(message), std::move(allowed), std::move(suggestion)});
  };
  const auto equals = assignment.find('=');
  if (equals == std::string_view::npos) fail("there is no '='", "write KEY=VALUE");
  std::string key(assignment.substr(0, equals));
  while (!key.empty() && key.back() == ' ') key.pop_back();
  const auto parts = split_key(key);
  if (!parts) fail(fmt::format("'{}' is no key", key), "write table.key or arm.ID.key");
  std::string_view value_text = assignment.substr(equals + 1);
  while (!value_text.empty() && value_text.front() == ' ') value_text.remove_prefix(1);

  Value* at = &root_;
  for (const auto& part : *parts) {
    const bool last = &part == &parts->back();
    Value* next = nullptr;
    if (at->array() != nullptr) {
      std::vector<std::string> ids;
      next = item_of(*at->array(), part, ids);
      if (next == nullptr) {
        fail(fmt::format("there is no item '{}' in the list", part), ids.empty() ? "" : quoted_list(ids),
             nearest_spelling(part, ids));
      }
    } else if (at->table() != nullptr) {
      next = at->find(part);
      if (next == nullptr) {
        Value fresh = last ? Value() : Value(Value::Table{});
        place_all(fresh, {1, 1, source});
        at->set(part, std::move(fresh));
        next = at->find(part);
      }
    } else {
      fail(fmt::format("what stands before '{}' is {}, not a table", part, type_name(at->type())), "");
    }
    at = next;
  }
  *at = override_value(value_text);
  const auto column = static_cast<int>(value_text.data() - assignment.data()) + 1;
  place_all(*at, {1, column, source});
}

Place Document::place(const Position& position) const { return place_in(*sources_, position); }

Place place_in(const std::vector<Source>& sources, const Position& position) {
  const Source& source = sources.at(static_cast<std::size_t>(position.source));
  if (position.line < 1) return {source.name, 0, 0, {}};
  return {source.name, position.line, position.column, line_of(source.text, position.line)};
}

}  // namespace hortega::core
