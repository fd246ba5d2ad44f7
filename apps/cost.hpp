// SPDX-License-Identifier: Apache-2.0
// What a run will cost, from a fraction of a second of the same work.
#pragma once

#include <string>

#include "inputs.hpp"

namespace hortega::apps {

struct Cost {
  int lives_tried = 0;
  int qualified = 0;                    ///< of the lives tried
  int draws = 0;                        ///< of the posterior, each with a pool of its own
  int without_conduct = 0;              ///< replicates simulated again without conduct
  double pool_person_years = 0.0;       ///< at most: death shortens it
  double replicate_person_years = 0.0;  ///< all replicates
  double seconds = 0.0;                 ///< wall time with all threads, without the report
  double memory_mb = 0.0;
};

/// Simulates some lives and some participants of the run on this machine and scales up. The pool may grow
/// beyond what the protocol asks if few of its lives carry the baseline; that is not foreseen.
Cost estimate_cost(const RunInputs& inputs);

/// Two lines for people.
std::string cost_words(const Cost& cost, const trial::Protocol& protocol);

/// Replicates that a run simulates again without conduct.
int replicates_without_conduct(const trial::Protocol& protocol);

}  // namespace hortega::apps
