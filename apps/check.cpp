// SPDX-License-Identifier: Apache-2.0
// hortega check FILE...: judge inputs before anything runs.
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "command.hpp"

namespace hortega::apps {
namespace {

struct Options {
  std::vector<std::string> files;
  bool json = false;
};

core::Value problem_value(const core::Problem& problem) {
  core::Value value;
  value.set("file", problem.place.file).set("line", problem.place.line).set("column", problem.place.column);
  value.set("key", problem.key).set("message", problem.message).set("allowed", problem.allowed);
  return value.set("suggestion", problem.suggestion);
}

void check(const Options& options, ExitCode& exit) {
  core::Value::Array results;
  for (const auto& file : options.files) {
    core::Value result;
    result.set("file", file);
    core::Value::Array problems;
    try {
      const auto document = core::Document::load(file);
      const auto& kind = core::kind_of(document, input_kinds());
      const std::string told = kind.check(document);
      result.set("kind", kind.name);
      if (!told.empty()) result.set("note", told);
      if (!options.json) fmt::print("{}: good {}\n{}", file, kind.name, told.empty() ? "" : told + "\n");
    } catch (const core::InputError& error) {
      for (const auto& problem : error.problems()) problems.push_back(problem_value(problem));
      if (!options.json) fmt::print(stderr, "{}", core::render(error.problems(), stderr_colour()));
      exit = ExitCode::bad_input;
    }
    result.set("good", problems.empty());
    result.set("problems", std::move(problems));
    results.push_back(std::move(result));
  }
  if (options.json) fmt::print("{}", core::to_json(results));
}

}  // namespace

void add_check(CLI::App& app, ExitCode& exit) {
  auto options = std::make_shared<Options>();
  auto* command =
      app.add_subcommand("check", "Judge input files: every problem with its place; nothing is run");
  command->add_option("files", options->files, "Input files (TOML)")->required();
  command->add_flag("--json", options->json, "Print the findings as JSON on stdout");
  command->footer("Example:\n  hortega check data/protocols/mist.toml");
  command->callback([options, &exit] { check(*options, exit); });
}

}  // namespace hortega::apps
