// SPDX-License-Identifier: Apache-2.0
// Screening of many inputs by their elementary effects (Morris 1991, doi:10.1080/00401706.1991.10484804),
// with mu* (Campolongo, Cariboni & Saltelli 2007, doi:10.1016/j.envsoft.2006.10.004).
//
// Radial design (Campolongo, Saltelli & Cariboni 2011, doi:10.1016/j.cpc.2010.12.039): from each of r base
// points every input moves alone, so that r (k + 1) evaluations give r effects of each of k inputs. The base
// points are Sobol's. The step is half the range for all inputs (theirs varies): where the outcome is noisy a
// short step would only magnify the noise. An effect is the change of the outcome per whole range.
//
// Noise: a stochastic model is run with one seed for a base point and its moves (common random numbers), with
// another for the next base point. What of an effect is noise is measured by the caller: the same effects
// once more with other seeds, `pooled_sd` of the repeats. Mean |effect| is above 0 for noise alone; an input
// whose mu* is not above what noise alone gives in 95 of 100 screenings is named as below noise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "hortega/analysis/inference.hpp"

namespace hortega::analysis {

/// Evaluation 0 of a base point is the point itself, evaluation 1 + j has input j moved.
class RadialDesign {
 public:
  /// Throws std::invalid_argument with fewer than two base points, no input, or more than
  /// k_most_sobol_dimensions.
  RadialDesign(std::size_t inputs, std::size_t base_points, std::uint64_t seed);

  std::size_t inputs() const { return inputs_; }
  std::size_t base_points() const { return base_points_; }
  std::size_t evaluations() const { return base_points_ * (inputs_ + 1); }
  /// Base point of evaluation e, from which its seed follows.
  std::size_t base_of(std::size_t e) const { return e / (inputs_ + 1); }
  /// Where evaluation e is in the unit cube.
  std::vector<double> point(std::size_t e) const;
  /// The step of input j from base point b: +1/2 or -1/2.
  double step(std::size_t b, std::size_t j) const;

 private:
  std::size_t inputs_;
  std::size_t base_points_;
  std::vector<double> base_;  // row-major
};

/// Of one input; intervals by bootstrap over the base points.
struct ElementaryEffects {
  std::vector<double> effects;  ///< one a base point where both ends are finite
  double mu = 0.0;              ///< mean: direction
  double mu_star = 0.0;         ///< mean of the absolute values: strength
  double sigma = 0.0;           ///< sd: curvature, interaction and noise
  Interval mu_interval, mu_star_interval, sigma_interval;
  double noise_mu_star = 0.0;  ///< 95 % quantile of mu* if there were nothing but noise
  bool above_noise = false;
};

struct MorrisSettings {
  double effect_noise_sd = 0.0;  ///< sd of one effect from seed to seed; 0: the outcome has no noise
  int bootstrap = 1000;
  double confidence = 0.95;
  std::uint64_t seed = 1;
};

/// `outcomes`: one for each evaluation of the design; NaN where the model gave none. An input without two
/// effects has NaN and is not above noise. Throws std::invalid_argument if the number differs.
std::vector<ElementaryEffects> elementary_effects(const RadialDesign& design,
                                                  std::span<const double> outcomes,
                                                  const MorrisSettings& settings = {});

/// Inputs by mu*, strongest first; those without a number last, equal ones in order.
std::vector<std::size_t> by_strength(std::span<const ElementaryEffects> effects);

/// Square root of the pooled variance within groups of repeats (of the same thing with other seeds); values
/// that are not finite are left out. NaN if no group has two.
double pooled_sd(std::span<const std::vector<double>> groups);

}  // namespace hortega::analysis
