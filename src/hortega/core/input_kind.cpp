// SPDX-License-Identifier: Apache-2.0
// Telling the kind of an input file.
#include "hortega/core/input_kind.hpp"

#include <fmt/format.h>

namespace hortega::core {

const InputKind& kind_of(const Document& document, const std::vector<InputKind>& kinds) {
  std::vector<std::string> formats;
  formats.reserve(kinds.size());
  for (const auto& kind : kinds) formats.push_back(kind.format);
  const Value* format = document.root().find("format");
  if (format == nullptr) {
    throw InputError(
        Problem{document.place({}), {}, "'format' is missing", "allowed: " + quoted_list(formats), {}});
  }
  for (const auto& kind : kinds) {
    if (format->text() != nullptr && *format->text() == kind.format) return kind;
  }
  const std::string nearest = format->text() != nullptr ? nearest_spelling(*format->text(), formats) : "";
  throw InputError(Problem{document.place(format->position), "format", show(*format) + " is unknown",
                           "allowed: " + quoted_list(formats), nearest});
}

const InputKind* find_kind(const std::string& name, const std::vector<InputKind>& kinds) {
  for (const auto& kind : kinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

}  // namespace hortega::core
