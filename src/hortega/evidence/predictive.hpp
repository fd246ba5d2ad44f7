// SPDX-License-Identifier: Apache-2.0
// The predictive distribution of one published number: a mixture of normals over parameter draws, on the
// link's scale; its quantiles, and the score of an interval.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "hortega/evidence/forward.hpp"

namespace hortega::evidence {

/// Components of equal length. Weights are not negative and add to 1, standard deviations are not negative
/// (0: a point).
struct NormalMixture {
  std::vector<double> weight, mean, sd;
};

/// P(X <= x).
double cdf(const NormalMixture& mixture, double x);

/// The smallest x with cdf(x) >= p, p in (0, 1), by bisection between the components' own quantiles; exact to
/// the last bits. Throws std::invalid_argument for an empty mixture or p outside (0, 1).
double quantile(const NormalMixture& mixture, double p);

/// Logarithm of the density at x; minus infinity where it is 0.
double log_density(const NormalMixture& mixture, double x);

/// Law of total variance: what the components' means differ by, and what a component varies by.
struct MixtureMoments {
  double mean = 0.0;
  double variance_between = 0.0;  ///< of the components' means
  double variance_within = 0.0;   ///< mean of the components' variances
};
MixtureMoments moments(const NormalMixture& mixture);

/// Interval score of a central interval of the given level (Gneiting & Raftery 2007, J Am Stat Assoc 102:359,
/// equation 43): its width, and 2/(1 - level) for every unit by which y lies outside. Smaller is better.
double interval_score(double low, double high, double y, double level);

/// Does every draw have its own simulated people? Then the differences between the draws' means hold the
/// error of finitely many people already, but for what is left of it in their mean.
enum class People { own_of_each_draw, same_for_all_draws };

/// What the engine gave for each draw of the parameters.
struct DrawPredictions {
  std::vector<std::vector<Prediction>> by_draw;  ///< [draw][target]
  std::vector<double> weight;                    ///< of the draws, in any unit; empty: all equal
  /// [draw][target], on the link's scale: how much studies differ beyond chance and people. Empty: not known.
  std::vector<std::vector<double>> between_study_sd;
  People people = People::own_of_each_draw;

  std::size_t draws() const { return by_draw.size(); }
};

enum class BetweenStudies { left_out, included };

/// The mixture for one target. Draws that give no number there are left out and the others' weights made to
/// add to 1; `defined_share` (if asked for) is the weight of those that give one. Empty if none does, or if
/// the between-study term is asked for and not known.
NormalMixture predictive(const DrawPredictions& draws, std::size_t target, BetweenStudies between,
                         double* defined_share = nullptr);

/// The same with other weights of the draws (of equal length): for re-weighting.
NormalMixture predictive(const DrawPredictions& draws, std::size_t target, BetweenStudies between,
                         std::span<const double> weight, double* defined_share = nullptr);

}  // namespace hortega::evidence
