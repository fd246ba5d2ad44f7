// SPDX-License-Identifier: Apache-2.0
// The signal handler behind interrupting_signal().
#include "hortega/core/interrupt.hpp"

#include <unistd.h>

#include <atomic>
#include <csignal>

namespace hortega::core {
namespace {

std::atomic<int> g_signal{0};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may touch lock-free atomics only");

extern "C" void note_signal(int signal) {
  if (g_signal.exchange(signal) != 0) _exit(128 + signal);
}

extern "C" void leave_at_once(int signal) { _exit(128 + signal); }

void handle_with(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

void exit_on_interrupt() { handle_with(leave_at_once); }

void watch_for_interrupts() { handle_with(note_signal); }

int interrupting_signal() { return g_signal.load(std::memory_order_relaxed); }

void throw_if_interrupted() {
  if (interrupting_signal() != 0) throw Interrupted();
}

}  // namespace hortega::core
