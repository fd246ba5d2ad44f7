// SPDX-License-Identifier: Apache-2.0
// Ctrl-C: noted by work that polls, at once otherwise.
#include "hortega/core/interrupt.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

namespace hortega::core {
namespace {

/// Exit code of a child process that does `work`; -1 if it was killed by a signal.
int exit_code_of(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    work();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Interrupt, NothingIsThrownWithoutASignal) {
  EXPECT_EQ(interrupting_signal(), 0);
  EXPECT_NO_THROW(throw_if_interrupted());
}

TEST(Interrupt, EndsAProgramThatDoesNotPoll) {
  EXPECT_EQ(exit_code_of([] {
              exit_on_interrupt();
              std::raise(SIGINT);
            }),
            130);
}

TEST(Interrupt, IsThrownWhereTheWorkPolls) {
  EXPECT_EQ(exit_code_of([] {
              watch_for_interrupts();
              std::raise(SIGTERM);
              try {
                throw_if_interrupted();
              } catch (const Interrupted&) {
                ::_exit(interrupting_signal());
              }
            }),
            SIGTERM);
}

TEST(Interrupt, ASecondOneEndsTheProcess) {
  EXPECT_EQ(exit_code_of([] {
              watch_for_interrupts();
              std::raise(SIGINT);
              std::raise(SIGINT);
            }),
            130);
}

}  // namespace
}  // namespace hortega::core
