// SPDX-License-Identifier: Apache-2.0
// The kinds of input file that the program knows, as `hortega check` and `hortega schema` see them.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "hortega/core/document.hpp"
#include "hortega/core/schema.hpp"

namespace hortega::core {

/// A kind of input. A layer makes one for each of its inputs by make_input_kind; apps/ lists them.
struct InputKind {
  std::string name;    ///< as typed after `hortega schema`: "protocol"
  std::string format;  ///< as it stands in the file: "hortega-protocol"
  std::string doc;     ///< one sentence
  std::function<Value()> json_schema;
  std::function<std::string()> markdown;
  /// Reads and judges a document; returns what is worth telling about a good one (may be empty). Throws
  /// InputError.
  std::function<std::string(const Document&)> check;
};

/// The kind of a schema that has a format. `judge` makes the checks that need more than the schema, throws
/// InputError and returns what is worth telling; it may be empty.
template <class T>
InputKind make_input_kind(std::string name, std::string doc, Schema<T> schema,
                          std::function<std::string(const Read<T>&)> judge) {
  InputKind kind;
  kind.format = schema.format_name();
  kind.json_schema = [schema] { return schema.json_schema(); };
  kind.markdown = [schema, name] { return schema.markdown("The " + name + " file"); };
  kind.check = [schema, judge = std::move(judge)](const Document& document) {
    const Read<T> input = schema.read(document);
    return judge ? judge(input) : std::string();
  };
  kind.name = std::move(name);
  kind.doc = std::move(doc);
  return kind;
}

/// The kind that the `format` key of a document names. Throws InputError if it is missing or unknown.
const InputKind& kind_of(const Document& document, const std::vector<InputKind>& kinds);

/// The kind of that name, or nullptr.
const InputKind* find_kind(const std::string& name, const std::vector<InputKind>& kinds);

}  // namespace hortega::core
