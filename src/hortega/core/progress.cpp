// SPDX-License-Identifier: Apache-2.0
// Drawing of the progress bar.
#include "hortega/core/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

namespace hortega::core {
namespace {

constexpr std::int64_t k_redraw_ms = 200;

int terminal_width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

std::string clock_text(double seconds) {
  const auto s = static_cast<std::int64_t>(std::ceil(std::min(seconds, 3.6e6)));
  if (s >= 3600) return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
  return fmt::format("{}:{:02}", s / 60, s % 60);
}

}  // namespace

Progress::Progress(std::string label, std::int64_t total, Show show)
    : label_(std::move(label)),
      total_(total),
      shown_(total > 0 &&
             (show == Show::always || (show == Show::on_terminal && isatty(STDERR_FILENO) == 1))),
      start_(Clock::now()) {}

Progress::~Progress() {
  if (drawn_) std::fputs("\r\033[K", stderr);
}

void Progress::tick(std::int64_t done) {
  done_.fetch_add(done, std::memory_order_relaxed);
  if (!shown_) return;
  const auto elapsed = Clock::now() - start_;
  const auto elapsed_ms = std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count();
  std::int64_t due = next_draw_ms_.load(std::memory_order_relaxed);
  // One of the threads that find the drawing due does it; the others go on.
  if (elapsed_ms < due || !next_draw_ms_.compare_exchange_strong(due, elapsed_ms + k_redraw_ms)) return;
  draw(std::chrono::duration<double>(elapsed).count());
}

void Progress::draw(double elapsed_s) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto done = done_.load(std::memory_order_relaxed);
  fmt::print(stderr, "\r{}\033[K", line(label_, done, total_, elapsed_s, terminal_width() - 1));
  std::fflush(stderr);
  drawn_ = true;
}

std::string Progress::line(const std::string& label, std::int64_t done, std::int64_t total, double elapsed_s,
                           int width) {
  const double share = std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0);
  std::string eta = "--:--";
  if (share > 0.0) eta = clock_text(elapsed_s * (1.0 - share) / share);
  const std::string tail = fmt::format(" {:3.0f} %  ETA {}", std::floor(100.0 * share), eta);
  const int room = width - static_cast<int>(label.size() + tail.size()) - 3;
  if (room < 5) return (label + tail).substr(0, static_cast<std::size_t>(std::max(width, 0)));
  const int cells = std::min(room, 30);
  const int full = static_cast<int>(share * cells);
  return fmt::format("{} [{}{}]{}", label, std::string(static_cast<std::size_t>(full), '#'),
                     std::string(static_cast<std::size_t>(cells - full), ' '), tail);
}

}  // namespace hortega::core
