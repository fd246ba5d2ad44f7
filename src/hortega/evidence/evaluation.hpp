// SPDX-License-Identifier: Apache-2.0
// The engine as calibration calls it: lists of parameter vectors in, predictions out; every result is kept on
// disk, so that a calibration that was cut off can go on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "hortega/evidence/forward.hpp"

namespace hortega::evidence {

/// One run of the engine: the variables in prior units, and the seed.
struct Job {
  std::vector<double> theta;
  std::uint64_t seed = 0;
  bool operator==(const Job&) const = default;
};

/// What a job gave. `failure` is not empty, and there are no predictions, if the engine cannot run there.
struct Evaluation {
  std::vector<Prediction> predictions;
  std::string failure;
};

/// Results of jobs, in their order; they depend on neither threads nor how jobs are shared out.
using Evaluate = std::function<std::vector<Evaluation>(std::span<const Job>)>;

/// One job after the other (the engine is parallel inside); core::RunError becomes `failure`.
Evaluate in_turn(ForwardModel model);

/// Evaluations with everything kept in a file. Calibration is deterministic given the results of its
/// evaluations; resumed, it goes the same way again and takes from the file what is there, so that its
/// result has the same bytes.
class Journal {
 public:
  /// Reads the file if there is one; `digest` (core::sha256_hex) is of everything that decides the results: a
  /// file of another digest, cut short or damaged is not used (`rejected` says why). Without a path nothing
  /// is kept. The file is written after every `batch` jobs.
  Journal(std::filesystem::path path, std::string digest, Evaluate evaluate, std::size_t batch);

  /// Throws core::Interrupted after a batch if the program was asked to stop, core::RunError if the file
  /// cannot be written. A job that is not the one at its place in the file (the calibration went another way:
  /// other arithmetic) throws away the rest of the file.
  std::vector<Evaluation> operator()(std::span<const Job> jobs);

  std::size_t taken_over() const { return taken_over_; }
  std::size_t evaluated() const { return evaluated_; }
  const std::string& rejected() const { return rejected_; }

 private:
  struct Entry {
    Job job;
    Evaluation evaluation;
  };
  template <class A, class E>
  static void members(A& a, E& entry);
  void read();
  void write() const;

  std::filesystem::path path_;
  std::string digest_;
  Evaluate evaluate_;
  std::size_t batch_;
  std::vector<Entry> entries_;
  std::size_t next_ = 0;  // place of the next job
  std::size_t taken_over_ = 0;
  std::size_t evaluated_ = 0;
  std::string rejected_;
};

}  // namespace hortega::evidence
