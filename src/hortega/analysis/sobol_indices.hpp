// SPDX-License-Identifier: Apache-2.0
// Sobol's indices: which share of an outcome's variance each input makes alone (first order) and with all its
// interactions (total), over independent uniform inputs in the unit cube.
//
// Two samples A and B and, for each input i, A with its column i from B (Saltelli et al. 2010,
// doi:10.1016/j.cpc.2009.09.018), with V the variance of the outcomes of A and B together:
//   S_i  = mean( f(B) (f(AB_i) - f(A)) ) / V          their table 2 (b); f less its mean
//   ST_i = mean( (f(A) - f(AB_i))^2 ) / (2 V)         Jansen 1999, doi:10.1016/S0010-4655(98)00154-4
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "hortega/analysis/inference.hpp"

namespace hortega::analysis {

/// The outcome at a point of the unit cube. Called from many threads.
using Outcome = std::function<double(std::span<const double>)>;

/// A, B and all AB_i from one Sobol sequence of 2 x inputs dimensions.
class SaltelliDesign {
 public:
  /// `points`: rows of A. Throws std::invalid_argument with fewer than two, or without inputs.
  SaltelliDesign(std::size_t inputs, std::size_t points, std::uint64_t seed);

  std::size_t inputs() const { return inputs_; }
  std::size_t points() const { return points_; }
  std::size_t evaluations() const { return points_ * (inputs_ + 2); }
  /// The outcomes of row p: A, B, AB_0, AB_1, ... at p (inputs + 2) of the vector.
  std::vector<double> evaluate(const Outcome& outcome) const;

 private:
  std::size_t inputs_;
  std::size_t points_;
  std::vector<double> both_;  // row-major: A's columns, then B's
};

/// An index may come out a little below 0 or above 1: it is an estimate, and is not cut.
struct SobolIndex {
  double first = 0.0;
  double total = 0.0;
  Interval first_interval, total_interval;
};

struct SobolIndices {
  double mean = 0.0;
  double variance = 0.0;
  std::vector<SobolIndex> of;  ///< one an input; NaN where the outcome does not vary
};

struct SobolSettings {
  std::size_t points = 4096;  ///< best a power of two
  int bootstrap = 500;
  double confidence = 0.95;
  std::uint64_t seed = 1;
};

/// Indices from the outcomes of a design, with intervals by bootstrap over its rows. Those of quasi-random
/// points are too wide rather than too narrow. Throws std::invalid_argument if the number differs or one is
/// not finite.
SobolIndices sobol_indices(const SaltelliDesign& design, std::span<const double> outcomes,
                           const SobolSettings& settings);

/// First-order and total indices of one resample of the rows, one an input.
struct ResampledIndices {
  std::vector<double> first;
  std::vector<double> total;
};

/// The bootstrap itself: `n` resamples.
std::vector<ResampledIndices> resampled_indices(const SaltelliDesign& design,
                                                std::span<const double> outcomes, int n, std::uint64_t seed);

/// The interval of each input's indices from resamples.
void put_intervals(std::span<const ResampledIndices> resamples, double confidence,
                   std::vector<SobolIndex>& indices);

/// The same of a function.
SobolIndices sobol_indices(std::size_t inputs, const Outcome& outcome, const SobolSettings& settings = {});

}  // namespace hortega::analysis
