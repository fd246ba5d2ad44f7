// SPDX-License-Identifier: Apache-2.0
// The progress line, and silence where there is no terminal or nothing to wait for.
#include "hortega/core/progress.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "hortega/core/version.hpp"

namespace hortega::core {
namespace {

TEST(Progress, LineShowsShareAndTimeLeft) {
  // 40 of 100 in 8 s: 60 left at 5 a second is 12 s.
  EXPECT_EQ(Progress::line("lives", 40, 100, 8.0, 60),
            "lives [############                  ]  40 %  ETA 0:12");
  EXPECT_EQ(Progress::line("lives", 0, 100, 2.0, 60),
            "lives [                              ]   0 %  ETA --:--");
  EXPECT_EQ(Progress::line("lives", 100, 100, 9.0, 60),
            "lives [##############################] 100 %  ETA 0:00");
  EXPECT_EQ(Progress::line("lives", 1, 1000, 10.0, 60),
            "lives [                              ]   0 %  ETA 2:46:30");
  // More done than announced is still 100 %; a narrow terminal gets no bar.
  EXPECT_EQ(Progress::line("lives", 120, 100, 9.0, 26), "lives 100 %  ETA 0:00");
  EXPECT_LE(Progress::line("a long label", 1, 2, 9.0, 10).size(), 10U);
}

TEST(Progress, IsSilentWhereStderrIsNoTerminalOrTheWorkIsShort) {
  ::testing::internal::CaptureStderr();
  {
    Progress piped("piped", 10);
    std::this_thread::sleep_for(std::chrono::milliseconds(1050));
    piped.tick();
    Progress brief("brief", 10, Progress::Show::always);
    brief.tick(10);
  }
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST(Progress, CountsTicksOfManyThreadsAndClearsItsLine) {
  ::testing::internal::CaptureStderr();
  {
    Progress progress("work", 401, Progress::Show::always);
    std::this_thread::sleep_for(std::chrono::milliseconds(1010));
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&progress] {
        for (int i = 0; i < 100; ++i) progress.tick();
      });
    }
    for (auto& thread : threads) thread.join();
    std::this_thread::sleep_for(std::chrono::milliseconds(250));  // until the next drawing is due
    progress.tick();
  }
  const std::string text = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(text.substr(0, 7), "\rwork [");
  EXPECT_NE(text.find("] 100 %  ETA 0:00"), std::string::npos) << text;  // a tick that is lost leaves 99 %
  EXPECT_EQ(text.substr(text.size() - 4), "\r\033[K");
}

TEST(Version, NamesProjectAndCompiler) {
  EXPECT_EQ(version_line("avx2"), "hortega " + std::string(version()) + " (" + std::string(compiler()) +
                                      ", " + std::string(build_flags()) + ", avx2)");
  EXPECT_FALSE(version().empty());
  EXPECT_NE(compiler().find(' '), std::string_view::npos);
}

}  // namespace
}  // namespace hortega::core
