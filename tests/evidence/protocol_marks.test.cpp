// SPDX-License-Identifier: Apache-2.0
// Every fact of a shipped protocol says how well it is known, and every mark belongs to a key.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include "hortega/core/document.hpp"
#include "hortega/evidence/published.hpp"

namespace hortega::evidence {
namespace {

const std::filesystem::path k_data = std::filesystem::path(HORTEGA_SOURCE_DIR) / "data";

std::vector<std::filesystem::path> protocols() {
  std::vector<std::filesystem::path> out;
  for (const auto& entry : std::filesystem::directory_iterator(k_data / "protocols"))
    if (entry.path().extension() == ".toml") out.push_back(entry.path());
  return out;
}

// The value under a dotted path; items of arrays of tables are named by their id.
const core::Value* find_path(const core::Value& root, const std::string& path) {
  const core::Value* at = &root;
  std::string rest = path;
  while (at != nullptr && !rest.empty()) {
    const std::string key = rest.substr(0, rest.find('.'));
    rest = rest.find('.') == std::string::npos ? "" : rest.substr(rest.find('.') + 1);
    if (at->array() == nullptr) {
      at = at->find(key);
      continue;
    }
    const core::Value* found = nullptr;
    for (const core::Value& item : *at->array()) {
      const core::Value* id = item.find("id");
      if (id != nullptr && id->text() != nullptr && *id->text() == key) found = &item;
    }
    at = found;
  }
  return at;
}

// Paths of the keys that state a fact about the study.
std::vector<std::string> facts(const core::Value& root) {
  std::vector<std::string> out;
  const auto keys_of = [&](const std::string& path, const std::vector<std::string>& ours) {
    const core::Value* table = find_path(root, path);
    if (table == nullptr || table->table() == nullptr) return;
    for (const auto& [key, value] : *table->table())
      if (std::find(ours.begin(), ours.end(), key) == ours.end()) out.push_back(path + "." + key);
  };
  keys_of("study", {"evidence"});
  keys_of("population", {"source", "lives", "eligibility", "baseline"});
  keys_of("population.eligibility", {});
  keys_of("population.baseline", {});
  keys_of("accrual", {});
  keys_of("visits", {});
  keys_of("dropout", {});
  keys_of("rescue", {});
  for (const core::Value& arm : *root.find("arm")->array())
    keys_of("arm." + *arm.find("id")->text(), {"id", "label", "experimental"});
  return out;
}

TEST(ProtocolMarks, StandBesideEveryFact) {
  ASSERT_GE(protocols().size(), 8u);
  for (const auto& path : protocols()) {
    const auto document = core::Document::load(path.string());
    const core::Value* marks = document.root().find("marks");
    ASSERT_NE(marks, nullptr) << path;
    for (const std::string& fact : facts(document.root()))
      EXPECT_NE(marks->find(fact), nullptr) << path.filename() << ": " << fact << " has no mark";
  }
}

TEST(ProtocolMarks, BelongToAKeyAndSayHowWellItIsKnown) {
  const PublishedRows published = PublishedRows::load((k_data / "evidence/published.csv").string());
  const std::string sources = core::load_text((k_data / "protocols/README.md").string(), 1'000'000);
  const std::regex grade("^(v [SE][0-9]|[hml](:|;| |$)|own: ).*");
  const std::regex source("\\b(S[0-9]{1,2}|E[0-9]{4})\\b");
  for (const auto& path : protocols()) {
    const auto document = core::Document::load(path.string());
    for (const auto& [key, value] : *document.root().find("marks")->table()) {
      EXPECT_NE(find_path(document.root(), key), nullptr) << path.filename() << ": mark of nothing: " << key;
      ASSERT_NE(value.text(), nullptr) << path.filename() << ": " << key;
      const std::string& mark = *value.text();
      EXPECT_TRUE(std::regex_match(mark, grade)) << path.filename() << ": " << key << " = " << mark;
      for (std::sregex_iterator at(mark.begin(), mark.end(), source), end; at != end; ++at) {
        const std::string name = at->str();
        const bool known = name[0] == 'E' ? published.find(name) != nullptr
                                          : sources.find("\n- " + name + ":") != std::string::npos;
        EXPECT_TRUE(known) << path.filename() << ": " << key << " cites the unknown " << name;
      }
    }
  }
}

}  // namespace
}  // namespace hortega::evidence
