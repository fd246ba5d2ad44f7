// SPDX-License-Identifier: Apache-2.0
// Files: digests, CSV quoting, and failures of writing that leave nothing behind.
#include "hortega/core/files.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>

#include "hortega/core/problems.hpp"

namespace hortega::core {
namespace {

namespace fs = std::filesystem;

class Files : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("hortega-files-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }
  fs::path folder_;
};

std::string reason_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const RunError& error) {
    return error.what();
  }
  return "no error";
}

// NIST, Secure Hash Standard examples (SHA256.pdf) and the short and long messages of FIPS 180-2, appendix B.
TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(
      sha256_hex(
          "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnop"
          "qrsmnopqrstnopqrstu"),
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, IsTheSameInPiecesOfAnySize) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += static_cast<char>(i * 7 % 256);
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const auto part = std::string_view(text).substr(0, length);
    Sha256 sha;
    for (std::size_t at = 0; at < length; at += 13) sha.update(part.substr(at, 13));
    EXPECT_EQ(sha.hex(), sha256_hex(part)) << length;
  }
}

TEST_F(Files, WritesReadsReplacesAndDigests) {
  const auto path = folder_ / "a.txt";
  write_file_atomically(path, "one");
  write_file_atomically(path, "abc");
  EXPECT_EQ(read_file(path), "abc");
  EXPECT_EQ(sha256_of_file(path), sha256_hex("abc"));
  EXPECT_EQ(entries(), 1U);
}

TEST_F(Files, ReadingWhatIsNotThereSaysWhy) {
  EXPECT_EQ(reason_of([&] { read_file(folder_ / "none"); }),
            (folder_ / "none").string() + ": cannot be read: No such file or directory");
  EXPECT_EQ(reason_of([&] { read_file(folder_); }), folder_.string() + ": cannot be read: Is a directory");
}

TEST_F(Files, ADirectoryIsNotReplaced) {
  EXPECT_EQ(reason_of([&] { write_file_atomically(folder_, "x"); }),
            folder_.string() + ": cannot be written: Is a directory");
}

TEST_F(Files, APathBelowAFileIsRefused) {
  write_file_atomically(folder_ / "file", "x");
  EXPECT_EQ(reason_of([&] { write_file_atomically(folder_ / "file" / "b", "x"); }),
            (folder_ / "file" / "b").string() + ": cannot be written: Not a directory");
  EXPECT_EQ(reason_of([&] { OutputDirectory(folder_ / "file" / "out" / "deep"); }),
            (folder_ / "file" / "out" / "deep").string() +
                ": cannot be created: " + (folder_ / "file").string() + " is a file, not a directory");
  EXPECT_EQ(entries(), 1U);
}

TEST_F(Files, AFullDiskIsTold) {
  EXPECT_EQ(reason_of([] { write_file_atomically("/dev/full", "x"); }),
            "/dev/full: cannot be written: No space left on device");
}

TEST_F(Files, AFileSizeLimitLeavesTheOldFileAndNothingElse) {
  const auto path = folder_ / "limited.txt";
  write_file_atomically(path, "old");
  // The limit holds for a process, so a child takes it; without ignore_write_signals it would be killed.
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ignore_write_signals();
    const rlimit limit{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const std::string reason = reason_of([&] { write_file_atomically(path, std::string(5000, 'x')); });
    ::_exit(reason == path.string() + ": cannot be written: File too large" ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  EXPECT_EQ(read_file(path), "old");
  EXPECT_EQ(entries(), 1U);
}

TEST_F(Files, OutputDirectoryMakesFolders) {
  const OutputDirectory out(folder_ / "a" / "b");
  out.write("tables/one.csv", "x\n");
  EXPECT_EQ(read_file(folder_ / "a" / "b" / "tables" / "one.csv"), "x\n");
  EXPECT_THROW(OutputDirectory(fs::path()), RunError);
}

TEST(CsvWriter, QuotesByRfc4180) {
  CsvWriter csv({"name", "a,b", "x"});
  csv.cell("plain").cell("say \"hi\"").cell(1.0 / 3.0).end_row();
  csv.cell("two\nlines").empty().cell(std::nan("")).end_row();
  csv.cell(7).cell(std::int64_t{-8}).cell(std::size_t{9}).end_row();
  csv.cell(-std::numeric_limits<double>::infinity()).cell(1.0 / 3.0, 3).cell(2.0).end_row();
  EXPECT_EQ(csv.text(),
            "name,\"a,b\",x\n"
            "plain,\"say \"\"hi\"\"\",0.3333333333\n"
            "\"two\nlines\",,\n"
            "7,-8,9\n"
            "-Inf,0.333,2\n");
  csv.cell("short");
  EXPECT_THROW(csv.end_row(), std::logic_error);
}

}  // namespace
}  // namespace hortega::core
