// SPDX-License-Identifier: Apache-2.0
// Evaluations kept on disk: taken over bit by bit, or not at all.
#include "hortega/evidence/evaluation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "hortega/core/files.hpp"
#include "hortega/core/problems.hpp"
#include "support/temporary_folder.hpp"

namespace hortega::evidence {
namespace {

using testing::HasSubstr;

class JournalOnDisk : public testing::Test {
 protected:
  Journal journal(const std::string& digest = core::sha256_hex("this fit")) {
    return Journal(file_, digest, in_turn(model_), 2);
  }
  static std::vector<Job> jobs(double first) {
    return {{{first, 1.0}, 7}, {{first, -2.0}, 8}, {{9.0, 0.5}, 7}};
  }

  testing_support::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "journal.bin";
  int calls_ = 0;
  ForwardModel model_ = [this](std::span<const double> theta, std::uint64_t seed) -> std::vector<Prediction> {
    ++calls_;
    if (theta[0] == 9.0) throw core::RunError("nobody qualifies");
    return {{theta[0] / 3.0, std::nan(""), -0.0}, {static_cast<double>(seed), 1.0, 2.0}};
  };
};

TEST_F(JournalOnDisk, TakesOverWhatIsThere) {
  Journal first = journal();
  first(jobs(0.1));
  EXPECT_EQ(calls_, 3);
  Journal second = journal();
  EXPECT_EQ(second.rejected(), "");
  const auto results = second(jobs(0.1));
  EXPECT_EQ(calls_, 3);
  EXPECT_EQ(second.taken_over(), 3U);
  EXPECT_EQ(results[0].predictions[0].mean, 0.1 / 3.0);
  EXPECT_TRUE(std::isnan(results[0].predictions[0].sd_study));
  EXPECT_TRUE(std::signbit(results[0].predictions[0].mc_se));
  EXPECT_EQ(results[1].predictions[1].mean, 8.0);
  EXPECT_EQ(results[2].failure, "nobody qualifies");
  EXPECT_TRUE(results[2].predictions.empty());
  second(jobs(0.2));
  EXPECT_EQ(calls_, 6);
  EXPECT_EQ(second.evaluated(), 3U);
}

TEST_F(JournalOnDisk, AnotherWayThrowsAwayTheRest) {
  Journal first = journal();
  first(jobs(0.1));
  first(jobs(0.2));
  Journal second = journal();
  second(jobs(0.1));
  const auto other = second(jobs(0.3));
  EXPECT_EQ(calls_, 9);
  EXPECT_EQ(other[0].predictions[0].mean, 0.3 / 3.0);
  EXPECT_THAT(second.rejected(), HasSubstr("from evaluation 4 on"));
}

TEST_F(JournalOnDisk, OtherDigestsAndDamageAreRefused) {
  Journal first = journal();
  first(jobs(0.1));
  EXPECT_THAT(journal(core::sha256_hex("another fit")).rejected(), HasSubstr("belongs to other"));
  const std::string bytes = core::read_file(file_);
  core::write_file_atomically(file_, bytes.substr(0, bytes.size() - 9));
  EXPECT_THAT(journal().rejected(), HasSubstr("cut short or damaged"));
  core::write_file_atomically(file_, "HORTEGA");
  EXPECT_THAT(journal().rejected(), HasSubstr("no file of evaluations"));
}

}  // namespace
}  // namespace hortega::evidence
