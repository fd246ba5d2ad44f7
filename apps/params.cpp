// SPDX-License-Identifier: Apache-2.0
// hortega params: the parameters and their passports.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "command.hpp"
#include "hortega/core/data_path.hpp"
#include "hortega/core/parameters.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/core/value.hpp"

namespace hortega::apps {

namespace {

core::Value as_value(const core::Passport& p) {
  core::Value v{core::Value::Table{}};
  v.set("name", p.name).set("value", p.value).set("unit", p.unit).set("spread", p.spread);
  v.set("grade", std::string(1, p.grade)).set("source", p.source);
  v.set("range", core::Value::Array{p.low, p.high});
  if (p.spread_high > 0.0) v.set("spread_range", core::Value::Array{p.spread_low, p.spread_high});
  if (!p.spread_reason.empty()) v.set("spread_reason", p.spread_reason);
  if (!p.reason.empty()) v.set("reason", p.reason);
  if (!p.note.empty()) v.set("note", p.note);
  return v;
}

void show(const core::Passport& p) {
  const std::string spreads =
      p.spread_high > 0.0 ? fmt::format(" ({:g} to {:g})", p.spread_low, p.spread_high) : "";
  fmt::print("{} = {:g} {}\n  grade {}   range {:g} to {:g}   spread between people {:g}{}\n  source: {}\n",
             p.name, p.value, p.unit == "1" ? "" : p.unit, p.grade, p.low, p.high, p.spread, spreads,
             p.source);
  if (!p.reason.empty()) fmt::print("  assumed because: {}\n", p.reason);
  if (!p.spread_reason.empty()) fmt::print("  no spread because: {}\n", p.spread_reason);
  if (!p.note.empty()) fmt::print("  note: {}\n", p.note);
  fmt::print("  {}:{}\n", p.file, p.line);
}

[[noreturn]] void refuse(const std::string& name, const std::string& folder,
                         std::initializer_list<const core::ParameterSet*> sets) {
  std::vector<std::string> names;
  for (const core::ParameterSet* some : sets)
    for (const core::Passport& p : some->all()) names.push_back(p.name);
  throw core::InputError(core::Problem{{folder, 0, 0, {}},
                                       {},
                                       fmt::format("no parameter '{}'", name),
                                       "hortega params lists them",
                                       core::nearest_spelling(name, names)});
}

// Those with the word in their names; all of an empty word.
std::vector<core::Passport> with_word(const std::string& word,
                                      std::initializer_list<const core::ParameterSet*> sets) {
  std::vector<core::Passport> found;
  for (const core::ParameterSet* some : sets) {
    for (const core::Passport& p : some->all()) {
      if (p.name.find(word) != std::string::npos) found.push_back(p);
    }
  }
  return found;
}

void print_all(const std::vector<core::Passport>& passports, bool json) {
  if (json) {
    core::Value::Array all;
    for (const core::Passport& p : passports) all.push_back(as_value(p));
    fmt::print("{}", core::to_json(core::Value(all)));
    return;
  }
  fmt::print("{:<34} {:>12} {:<12} {:>7} {:<5} {}\n", "name", "value", "unit", "spread", "grade", "source");
  for (const core::Passport& p : passports) {
    fmt::print("{:<34} {:>12g} {:<12} {:>7g} {:<5} {:.60}\n", p.name, p.value, p.unit, p.spread, p.grade,
               p.source);
  }
}

void run(const std::string& name, bool json) {
  const std::filesystem::path folder = core::data_folder() / "parameters";
  const core::ParameterSet set = core::ParameterSet::read_directory(folder.string());
  // The fibre's, the tissue's, the mouse's and a record's own: the person's scale does not read them.
  const core::ParameterSet fibre = core::ParameterSet::read_directory((folder / "axon").string());
  const core::ParameterSet tissue = core::ParameterSet::read_directory((folder / "lesion").string());
  const core::ParameterSet mouse = core::ParameterSet::read_directory((folder / "mouse").string());
  const core::ParameterSet record = core::ParameterSet::read_directory((folder / "person").string());
  const auto sets = {&set, &fibre, &tissue, &mouse, &record};
  if (!name.empty()) {
    const auto has = [&](const core::ParameterSet* some) { return some->contains(name); };
    const auto* const found = std::find_if(sets.begin(), sets.end(), has);
    if (found == sets.end()) {
      const std::vector<core::Passport> some = with_word(name, sets);
      if (some.empty()) refuse(name, folder.string(), sets);
      print_all(some, json);
      return;
    }
    const core::Passport& p = (*found)->find(name);
    if (json) {
      fmt::print("{}", core::to_json(as_value(p)));
    } else {
      show(p);
    }
    return;
  }
  print_all(with_word("", sets), json);
}

}  // namespace

void add_params(CLI::App& app) {
  auto name = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  CLI::App* command =
      app.add_subcommand("params", "List the model's parameters with value, unit, source and grade");
  command->add_option(
      "name", *name,
      "One parameter, with everything known about it; or a word: all that have it in their names");
  command->add_flag("--json", *json, "Print as JSON");
  command->footer("Example:\n  hortega params memory_cooperativity");
  command->callback([name, json] { run(*name, *json); });
}

}  // namespace hortega::apps
