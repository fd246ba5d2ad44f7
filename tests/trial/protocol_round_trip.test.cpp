// SPDX-License-Identifier: Apache-2.0
// A protocol that is written with every default made explicit says the same when it is read again.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "hortega/core/document.hpp"
#include "hortega/trial/experiment.hpp"
#include "hortega/trial/protocol.hpp"

namespace hortega::trial {
namespace {

std::vector<std::string> protocol_files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(HORTEGA_SOURCE_DIR "/data/protocols")) {
    if (entry.path().extension() != ".toml") continue;
    const core::Document document = core::Document::load(entry.path().string());
    if (*document.root().find("format")->text() == experiment_schema().format_name()) continue;  // of mice
    files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

class ProtocolFile : public testing::TestWithParam<std::string> {};

TEST_P(ProtocolFile, SaysTheSameWhenItIsReadAgain) {
  const Protocol first = read_protocol(core::Document::load(GetParam())).value;
  const std::string written = core::to_toml(protocol_schema().write(first));
  const Protocol second = read_protocol(core::Document::parse(written, "written.toml")).value;
  EXPECT_EQ(core::to_toml(protocol_schema().write(second)), written);
  // Values that the text could round, and what the reader resolves beside the table.
  EXPECT_EQ(second.seed, first.seed);
  EXPECT_EQ(second.accrual.duration_day, first.accrual.duration_day);
  EXPECT_EQ(second.accrual.data_cut_day, first.accrual.data_cut_day);
  EXPECT_EQ(second.population.eligibility.age_day, first.population.eligibility.age_day);
  EXPECT_EQ(second.visits.edss.at_day, first.visits.edss.at_day);
  EXPECT_EQ(second.visits.edss.every_day, first.visits.edss.every_day);
  EXPECT_EQ(second.dropout.by_arm, first.dropout.by_arm);
  ASSERT_EQ(second.endpoints.size(), first.endpoints.size());
  for (std::size_t i = 0; i < first.endpoints.size(); ++i) {
    EXPECT_EQ(second.endpoints[i].origin, first.endpoints[i].origin) << first.endpoints[i].id;
    EXPECT_EQ(second.endpoints[i].origin_endpoint, first.endpoints[i].origin_endpoint);
    EXPECT_EQ(second.endpoints[i].confirmation_day, first.endpoints[i].confirmation_day);
  }
}

INSTANTIATE_TEST_SUITE_P(All, ProtocolFile, testing::ValuesIn(protocol_files()), [](const auto& test) {
  std::string name = std::filesystem::path(test.param).stem().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace hortega::trial
