// SPDX-License-Identifier: Apache-2.0
// hortega schema KIND: the JSON Schema of an input, or its reference page.
#include <fmt/format.h>

#include <memory>
#include <string>

#include "command.hpp"

namespace hortega::apps {
namespace {

struct Options {
  std::string kind;
  bool markdown = false;
};

void schema(const Options& options) {
  const auto* kind = core::find_kind(options.kind, input_kinds());
  if (kind == nullptr) {
    std::vector<std::string> names;
    for (const auto& known : input_kinds()) names.push_back(known.name);
    throw core::InputError(core::Problem{{},
                                         {},
                                         fmt::format("'{}' is no kind of input", options.kind),
                                         "allowed: " + core::quoted_list(names),
                                         core::nearest_spelling(options.kind, names)});
  }
  fmt::print("{}", options.markdown ? kind->markdown() : core::to_json(kind->json_schema()));
}

}  // namespace

void add_schema(CLI::App& app, ExitCode&) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("schema", "Print the JSON Schema (draft 2020-12) of a kind of input");
  std::string kinds;
  for (const auto& kind : input_kinds()) kinds += "\n  " + kind.name + ": " + kind.doc;
  command->add_option("kind", options->kind, "Kind of input:" + kinds)->required();
  command->add_flag("--markdown", options->markdown, "Print the reference page instead");
  command->footer("Example:\n  hortega schema " + input_kinds().front().name + " > " +
                  input_kinds().front().name + ".schema.json");
  command->callback([options] { schema(*options); });
}

}  // namespace hortega::apps
