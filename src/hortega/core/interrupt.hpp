// SPDX-License-Identifier: Apache-2.0
// Ctrl-C: a long piece of work asks now and then whether it should stop, and leaves in order.
#pragma once

#include <exception>

namespace hortega::core {

/// The run was interrupted and can be resumed: exit code 128 + signal number (130 for Ctrl-C).
class Interrupted : public std::exception {
 public:
  const char* what() const noexcept override { return "interrupted"; }
};

/// From now on SIGINT and SIGTERM end the process at once with exit code 128 + signal. Called at start of a
/// program.
void exit_on_interrupt();

/// From now on SIGINT and SIGTERM are noted, for work that polls and leaves in order; a second one ends the
/// process at once with the same exit code.
void watch_for_interrupts();

/// The signal that was noted, or 0. Cheap enough for every block of a loop; safe in any thread.
int interrupting_signal();

/// Throws Interrupted if a signal was noted.
void throw_if_interrupted();

}  // namespace hortega::core
