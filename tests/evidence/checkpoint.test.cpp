// SPDX-License-Identifier: Apache-2.0
// Finished replicates on disk: what is written comes back bit by bit, and nothing else is taken.
#include "hortega/evidence/checkpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "hortega/core/files.hpp"
#include "support/temporary_folder.hpp"

namespace hortega::evidence {
namespace {

using testing::HasSubstr;

ReplicateResult sample(int number) {
  ReplicateResult r;
  r.number = number;
  r.outcomes = {{1.0 / 3.0, std::numeric_limits<double>::quiet_NaN(), 55.0},
                {-0.0, 0.04, std::numeric_limits<double>::infinity()}};
  r.survival = {1.0, 0.9, 0.1 + 0.2};
  r.at_risk = {110.0, 99.0, 0.0};
  r.bands.cells = {{7, 3}, {4'000'000'000U, 1}};
  r.bands.sum = {2.5};
  r.bands.count = {4};
  r.harms = {{"febrile neutropenia", 1, 5, 4, 3, 0}, {"", 0, 1, 0, 0, 0}};
  r.cells.days = {{19, 2}, {2081, 1}};
  r.cells.sum = {3.0, 0.0, 0.25};
  r.model.sum = {1.5, std::numeric_limits<double>::quiet_NaN()};
  r.model.states = {3, 0, 52};
  r.people = {55, 54};
  r.flow = {55, -1, 0};
  return r;
}

std::string bytes_of(const std::vector<ReplicateResult>& results, std::string_view digest) {
  std::vector<const ReplicateResult*> pointers;
  pointers.reserve(results.size());
  for (const auto& r : results) pointers.push_back(&r);
  return checkpoint_bytes(pointers, digest);
}

const std::string k_digest = core::sha256_hex("this run");

TEST(Checkpoint, GivesBackEveryBit) {
  const std::vector<ReplicateResult> written = {sample(8), sample(11)};
  const std::string bytes = bytes_of(written, k_digest);
  const Checkpoint read = parse_checkpoint(bytes, k_digest);
  ASSERT_EQ(read.rejected, "");
  ASSERT_EQ(read.results.size(), 2U);
  const ReplicateResult& r = read.results[1];
  EXPECT_EQ(r.number, 11);
  EXPECT_EQ(r.outcomes[0].value, 1.0 / 3.0);
  EXPECT_TRUE(std::isnan(r.outcomes[0].p));
  EXPECT_TRUE(std::signbit(r.outcomes[1].value));
  EXPECT_EQ(r.outcomes[1].n, std::numeric_limits<double>::infinity());
  EXPECT_EQ(r.survival, written[1].survival);
  EXPECT_EQ(r.bands.cells[1].index, 4'000'000'000U);
  EXPECT_EQ(r.harms[0].term, "febrile neutropenia");
  EXPECT_EQ(r.harms[0].serious, 3U);
  EXPECT_EQ(r.cells.days[1].index, 2081U);
  EXPECT_EQ(r.cells.sum, written[1].cells.sum);
  EXPECT_TRUE(std::isnan(r.model.sum[1]));
  EXPECT_EQ(r.model.states, written[1].model.states);
  EXPECT_EQ(r.people, written[1].people);
  EXPECT_EQ(r.flow, written[1].flow);
  // Whatever was forgotten above would not be written again.
  EXPECT_EQ(bytes_of(read.results, k_digest), bytes);
}

TEST(Checkpoint, TakesNothingOfAFileThatIsCutAnywhere) {
  const std::string bytes = bytes_of({sample(0)}, k_digest);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const Checkpoint read = parse_checkpoint(std::string_view(bytes).substr(0, size), k_digest);
    ASSERT_TRUE(read.results.empty()) << size;
    ASSERT_THAT(read.rejected, HasSubstr("cut short")) << size;
  }
}

TEST(Checkpoint, TakesNothingOfAFileWithOneWrongBit) {
  const std::string good = bytes_of({sample(0)}, k_digest);
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    ASSERT_NE(parse_checkpoint(bad, k_digest).rejected, "") << at;
  }
}

TEST(Checkpoint, TakesNothingOfAnotherRun) {
  const Checkpoint read = parse_checkpoint(bytes_of({sample(0)}, core::sha256_hex("another")), k_digest);
  EXPECT_TRUE(read.results.empty());
  EXPECT_THAT(read.rejected, HasSubstr("another protocol"));
}

TEST(Checkpoint, LengthsThatLieAreRejectedEvenUnderAGoodDigest) {
  std::string bytes = bytes_of({sample(0)}, k_digest);
  bytes.resize(bytes.size() - 64);
  bytes[bytes.size() - 12 - 8] = '\x7f';  // the length of the last list of three ints
  bytes += core::sha256_hex(bytes);
  EXPECT_THAT(parse_checkpoint(bytes, k_digest).rejected, HasSubstr("do not add up"));
}

TEST(Checkpoint, AFileThatIsNotThereIsRejected) {
  const testing_support::TemporaryFolder folder;
  EXPECT_NE(read_checkpoint((folder.path() / "no-such-checkpoint").string(), k_digest).rejected, "");
}

TEST(Checkpoint, FilesGiveBackWhatWasWritten) {
  const testing_support::TemporaryFolder folder;
  const std::string path = (folder.path() / "kept.bin").string();
  const ReplicateResult r = sample(3);
  const ReplicateResult* one = &r;
  write_checkpoint(path, {&one, 1}, k_digest);
  const Checkpoint read = read_checkpoint(path, k_digest);
  EXPECT_EQ(read.rejected, "");
  ASSERT_EQ(read.results.size(), 1U);
  EXPECT_EQ(bytes_of(read.results, k_digest), bytes_of({r}, k_digest));
}

}  // namespace
}  // namespace hortega::evidence
