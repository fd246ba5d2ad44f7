// SPDX-License-Identifier: Apache-2.0
// Replicates in parallel, the finished ones kept on disk in blocks.
#include "resumable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "hortega/core/interrupt.hpp"
#include "hortega/core/parallel.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/core/progress.hpp"
#include "hortega/evidence/checkpoint.hpp"

namespace hortega::apps {

namespace {

// A block takes a second or so: little is lost, and writing costs nothing beside simulating.
constexpr std::size_t k_block = 8;

class Blocks {
 public:
  Blocks(const Series& series, SeriesResult& out)
      : series_(series),
        out_(out),
        done_(out.results.size()),
        missing_((out.results.size() + k_block - 1) / k_block) {
    for (std::size_t block = 0; block < missing_.size(); ++block)
      missing_[block] = last(block) - block * k_block;
  }

  // Reads the files that are there; marks what they give.
  void take_over() {
    for (std::size_t block = 0; block < missing_.size(); ++block) {
      std::error_code error;
      if (!std::filesystem::exists(path(block), error)) continue;
      evidence::Checkpoint file = evidence::read_checkpoint(path(block), series_.digest);
      if (!file.rejected.empty()) {
        fmt::print(stderr, "{} is not used: {}\n", path(block).string(), file.rejected);
        continue;
      }
      for (evidence::ReplicateResult& result : file.results) {
        const auto i = static_cast<std::size_t>(result.number);
        if (i / k_block != block || i >= out_.results.size() || done_[i]) continue;
        out_.results[i] = std::move(result);
        out_.taken_over[i] = true;
        done_[i] = true;
        --missing_[block];
      }
    }
  }

  bool is_done(std::size_t i) const { return done_[i]; }

  // The replicate is in its place; whoever finishes a block writes it.
  void finish(std::size_t i) {
    done_[i] = true;
    if (missing_[i / k_block].fetch_sub(1, std::memory_order_acq_rel) == 1) write(i / k_block);
  }

  // After an interrupt: the blocks that are finished in part.
  void write_unfinished() {
    for (std::size_t block = 0; block < missing_.size(); ++block) {
      if (missing_[block] > 0) write(block);
    }
  }

 private:
  std::size_t last(std::size_t block) const { return std::min((block + 1) * k_block, out_.results.size()); }

  std::filesystem::path path(std::size_t block) const {
    return series_.directory / fmt::format("{}-{:06}.bin", series_.name, block * k_block);
  }

  void write(std::size_t block) {
    std::vector<const evidence::ReplicateResult*> results;
    for (std::size_t i = block * k_block; i < last(block); ++i) {
      if (done_[i]) results.push_back(&out_.results[i]);
    }
    if (!results.empty()) evidence::write_checkpoint(path(block), results, series_.digest);
  }

  const Series& series_;
  SeriesResult& out_;
  std::vector<std::atomic<bool>> done_;
  std::vector<std::atomic<std::size_t>> missing_;
};

}  // namespace

int SeriesResult::count_taken_over() const {
  return static_cast<int>(std::count(taken_over.begin(), taken_over.end(), true));
}

SeriesResult run_series(const Series& series,
                        const std::function<evidence::ReplicateResult(int number)>& make) {
  SeriesResult out;
  const auto n = static_cast<std::size_t>(series.replicates);
  out.results.resize(n);
  out.taken_over.assign(n, false);
  std::error_code error;
  std::filesystem::create_directories(series.directory, error);
  if (error) throw core::RunError(series.directory.string() + ": " + error.message());
  Blocks blocks(series, out);
  if (series.resume == Resume::yes) blocks.take_over();
  core::Progress progress(series.label, series.replicates - out.count_taken_over());
  std::atomic<bool> failed = false;
  try {
    core::parallel_for(n, [&](std::size_t i) {
      if (blocks.is_done(i) || failed) return;
      try {
        out.results[i] = make(static_cast<int>(i));
        blocks.finish(i);
      } catch (...) {
        failed = true;
        throw;
      }
      progress.tick();
    });
  } catch (const core::Interrupted&) {
    blocks.write_unfinished();
    throw;
  }
  return out;
}

}  // namespace hortega::apps
