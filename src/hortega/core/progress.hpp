// SPDX-License-Identifier: Apache-2.0
// A progress bar with the expected time of arrival, on a terminal's stderr only.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace hortega::core {

/// Shows how far a piece of work is. Nothing is printed in the first second, nor when stderr is no terminal.
/// tick() may be called from several threads.
class Progress {
 public:
  enum class Show { on_terminal, never, always };

  Progress(std::string label, std::int64_t total, Show show = Show::on_terminal);
  /// Clears the line.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void tick(std::int64_t done = 1);

  /// The line for `done` of `total` after `elapsed_s` seconds, `width` characters at most: "label [####    ]
  /// 40 %  ETA 0:12".
  static std::string line(const std::string& label, std::int64_t done, std::int64_t total, double elapsed_s,
                          int width);

 private:
  using Clock = std::chrono::steady_clock;
  void draw(double elapsed_s);

  std::string label_;
  std::int64_t total_;
  bool shown_;
  Clock::time_point start_;
  std::atomic<std::int64_t> done_{0};
  std::atomic<std::int64_t> next_draw_ms_{1000};
  std::mutex mutex_;
  bool drawn_ = false;
};

}  // namespace hortega::core
