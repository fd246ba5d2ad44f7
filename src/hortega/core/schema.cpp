// SPDX-License-Identifier: Apache-2.0
// The parts of a schema that do not depend on the struct: unknown and missing keys, JSON Schema, the
// reference.
#include "hortega/core/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace hortega::core {

void Report::problem(const std::string& key, std::string message, std::string allowed,
                     std::string suggestion) const {
  std::string path = path_;
  if (!key.empty()) path += (path.empty() ? "" : ".") + key;
  reader_.problems().add(
      reader_.locations().problem(path, std::move(message), std::move(allowed), std::move(suggestion)));
}

namespace detail {
namespace {

/// More known keys than this are not listed in a message: the nearest spelling and the reference say it
/// better.
constexpr std::size_t k_most_listed_keys = 16;

std::string table_words(const std::string& path) { return path.empty() ? "the file" : "[" + path + "]"; }

std::string escaped_cell(std::string text) {
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2))
    text.insert(at, "\\");
  return text;
}

void markdown_of(const TableShape& table, const std::string& path, std::string& out) {
  out += "| key | type | allowed | default | meaning |\n|---|---|---|---|---|\n";
  for (const auto& field : table.fields) {
    std::string absent = field.required ? "**required**" : "";
    if (!field.default_text.empty()) absent = "`" + field.default_text + "`";
    out += fmt::format("| `{}` | {} | {} | {} | {} |\n", field.key, escaped_cell(field.shape.type),
                       escaped_cell(field.shape.allowed), escaped_cell(absent), escaped_cell(field.doc));
  }
  for (const auto& field : table.fields) {
    if (!field.shape.table) continue;
    const std::string here = (path.empty() ? "" : path + ".") + field.key + field.shape.table_suffix;
    out += fmt::format("\n## `{}`\n\n", here);
    const std::string& doc = field.shape.table->doc.empty() ? field.doc : field.shape.table->doc;
    if (!doc.empty()) out += doc + "\n\n";
    markdown_of(*field.shape.table, here, out);
  }
}

}  // namespace

std::vector<std::string> tell_unknown_keys(const Value& table, const std::vector<std::string>& known,
                                           const std::string& path, Reader& reader) {
  std::vector<std::string> meant;
  for (const auto& [key, value] : *table.table()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::string nearest = nearest_spelling(key, known);
    if (!nearest.empty()) meant.push_back(nearest);
    const std::string allowed = known.size() <= k_most_listed_keys ? "known: " + quoted_list(known) : "";
    reader.problem(value.key_position.line > 0 ? value.key_position : value.position, join_path(path, key),
                   fmt::format("unknown key in {}", table_words(path)), known.empty() ? "" : allowed,
                   nearest);
  }
  return meant;
}

void tell_missing_key(const Value& table, const std::string& key, const Shape& shape, const std::string& path,
                      Reader& reader) {
  std::string expected = "expected: " + shape.type;
  // Of a choice the type says nothing without the words; the reference marks them otherwise than a message.
  if (shape.type.ends_with("one of")) {
    std::string words = " " + shape.allowed;
    std::replace(words.begin(), words.end(), '`', '\'');
    expected += words;
  }
  reader.problem(table.position, path, fmt::format("'{}' is missing in {}", key, table_words(path)),
                 std::move(expected));
}

bool check_format(const Value& root, const std::string& format, int version, Reader& reader) {
  const std::string first_lines =
      fmt::format("begin the file with: format = \"{}\", version = {}", format, version);
  const Value* name = root.find("format");
  if (name == nullptr) {
    reader.problem({}, "", "'format' is missing", first_lines);
    return false;
  }
  if (name->text() == nullptr || *name->text() != format) {
    reader.problem(name->position, "format", fmt::format("{} is not what is read here", show(*name)),
                   fmt::format("\"{}\" is", format),
                   name->text() ? nearest_spelling(*name->text(), {format}) : "");
    return false;
  }
  const Value* number = root.find("version");
  if (number == nullptr) {
    reader.problem({}, "", "'version' is missing", first_lines);
    return false;
  }
  if (number->integer() == nullptr || *number->integer() != version) {
    reader.problem(number->position, "version",
                   fmt::format("version {} of {} is unknown", show(*number), format),
                   fmt::format("this program reads version {}", version));
    return false;
  }
  return true;
}

bool check_distinct(const Value& tables, const std::string& key, const std::string& path, Reader& reader) {
  if (tables.array() == nullptr) return true;
  std::set<std::string> seen;
  bool ok = true;
  for (std::size_t i = 0; i < tables.array()->size(); ++i) {
    const Value* id = (*tables.array())[i].find(key);
    if (id == nullptr || id->text() == nullptr || seen.insert(*id->text()).second) continue;
    reader.problem(id->position, join_path(join_path(path, i), key),
                   fmt::format("{} stands twice", show(*id)),
                   fmt::format("each {} of [[{}]] once", key, path));
    ok = false;
  }
  return ok;
}

Shape table_shape(std::shared_ptr<const TableShape> table, Value json) {
  Shape shape;
  shape.type = "table";
  shape.json = std::move(json);
  shape.table = std::move(table);
  return shape;
}

Value table_json(const TableShape& table) {
  Value json;
  json.set("type", "object");
  if (!table.doc.empty()) json.set("description", table.doc);
  Value properties{Value::Table{}};
  Value::Array required;
  for (const auto& field : table.fields) {
    Value property = field.shape.json;
    if (!field.doc.empty()) property.set("description", field.doc);
    properties.set(field.key, std::move(property));
    if (field.required) required.emplace_back(field.key);
  }
  json.set("properties", std::move(properties));
  if (!required.empty()) json.set("required", std::move(required));
  json.set("additionalProperties", false);
  return json;
}

std::string markdown(const TableShape& root, const std::string& title) {
  std::string out = "# " + title + "\n\n";
  if (!root.doc.empty()) out += root.doc + "\n\n";
  markdown_of(root, "", out);
  return out;
}

std::string default_text(const Value& value) {
  if (value.is_null() || value.table() != nullptr) return {};
  if (value.text() != nullptr && value.text()->empty()) return {};
  if (value.array() != nullptr && value.array()->empty()) return {};
  // As it would be typed after `key = `.
  const std::string line = to_toml(Value(Value::Table{{"k", value}}));
  return line.substr(4, line.size() - 5);
}

void add_format_to_json(Value& json, const std::string& format, int version) {
  Value* properties = json.find("properties");
  properties->find("format")->set("const", format);
  properties->find("version")->set("const", version);
}

void add_format_to_shape(TableShape& table, const std::string& format, int version) {
  FieldShape name;
  name.key = "format";
  name.shape = as_text().shape();
  name.shape.type = fmt::format("`\"{}\"`", format);
  name.required = true;
  name.doc = "What kind of input this is.";
  FieldShape number;
  number.key = "version";
  number.shape = as_integer<int>().shape();
  number.shape.type = fmt::format("`{}`", version);
  number.required = true;
  number.doc = "Version of the format.";
  table.fields.push_back(std::move(name));
  table.fields.push_back(std::move(number));
}

}  // namespace detail
}  // namespace hortega::core
