// SPDX-License-Identifier: Apache-2.0
// The embedded figure libraries are whole, and are the versions that package.json pins.
#include "hortega/output/vega.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <string>

namespace hortega::output {
namespace {

std::string pinned(const std::string& package) {
  std::ifstream file(std::string(HORTEGA_SOURCE_DIR) + "/package.json");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  std::smatch found;
  // An exact version: a range such as ^6.4.0 does not match.
  const std::regex pattern("\"" + package + "\": \"([0-9]+\\.[0-9]+\\.[0-9]+)\"");
  return std::regex_search(text, found, pattern) ? found[1].str() : std::string();
}

TEST(VegaBundle, ScriptsAreWholeAndOfThePinnedVersions) {
  const VegaBundle bundle = vega_bundle();
  const struct {
    std::string_view script;
    std::string name;
  } libraries[] = {{bundle.vega, "vega"}, {bundle.vega_lite, "vega-lite"}, {bundle.vega_embed, "vega-embed"}};
  for (const auto& library : libraries) {
    const std::string version = pinned(library.name);
    ASSERT_FALSE(version.empty()) << library.name;
    EXPECT_NE(library.script.find('"' + version + '"'), std::string_view::npos) << library.name;
    EXPECT_EQ(library.script.substr(0, 10), "!function(") << library.name;
  }
  // The name that each script defines for a page.
  EXPECT_NE(bundle.vega.find(".vega={}"), std::string_view::npos);
  EXPECT_NE(bundle.vega_lite.find(".vegaLite={}"), std::string_view::npos);
  EXPECT_NE(bundle.vega_embed.find(".vegaEmbed="), std::string_view::npos);
}

TEST(VegaBundle, LicencesAreTheirOwn) {
  const VegaBundle licences = vega_licences();
  for (const std::string_view text : {licences.vega, licences.vega_lite, licences.vega_embed}) {
    EXPECT_NE(text.find("Copyright (c) 2015"), std::string_view::npos);
    EXPECT_NE(text.find("Redistribution and use"), std::string_view::npos);
  }
}

}  // namespace
}  // namespace hortega::output
