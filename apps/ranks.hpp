// SPDX-License-Identifier: Apache-2.0
// Many processes for one calibration: under mpirun, where the program was built with HORTEGA_MPI; else one.
#pragma once

#include "hortega/evidence/evaluation.hpp"

namespace hortega::apps {

/// Holds MPI from construction to destruction. Rank 0 does the work and shares evaluations out; the others
/// serve it. Outside mpirun, or without MPI in the build, there is one rank and nothing happens.
class Ranks {
 public:
  Ranks();
  /// Rank 0 lets the others go, also when it leaves by an exception.
  ~Ranks();
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;

  int rank() const { return rank_; }
  int size() const { return size_; }

  /// Rank 0: job i goes to rank i mod size; results come back in the order of the jobs, so they are those of
  /// one rank, to the byte. `local` is what one rank does with its share.
  evidence::Evaluate shared_out(evidence::Evaluate local) const;
  /// The other ranks: evaluates what rank 0 sends until it lets go.
  void serve(const evidence::Evaluate& local) const;

 private:
  int rank_ = 0;
  int size_ = 1;
};

}  // namespace hortega::apps
