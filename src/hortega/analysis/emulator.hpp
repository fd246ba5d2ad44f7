// SPDX-License-Identifier: Apache-2.0
// A Gaussian process in place of a slow, noisy model (Sacks et al. 1989; Rasmussen & Williams 2006).
//
//   y(x) = h(x)' beta + f(x) + noise,   h = (1, x_1, ..., x_d),   noise ~ N(0, g s^2), the "nugget"
//   cov f(x), f(x') = s^2 (1 + sqrt(5) r + 5 r^2 / 3) exp(-sqrt(5) r),   r^2 = sum ((x_i - x'_i) / l_i)^2
//
// (Matern 5/2 with a length for each input.) The lengths l_i and the ratio g maximise the restricted
// likelihood, beta and s^2 profiled out (generalised least squares): plain maximum likelihood would take the
// d + 1 coefficients for known. Each 1 / l_i has an exponential prior of mean 2 (compare Gu, Wang & Berger
// 2018, doi:10.1214/17-AOS1648): in many dimensions short lengths make of the process a noise of its own,
// which the likelihood cannot tell from the nugget. Lengths are kept within [0.05, 50] and g within [1e-6,
// 1e4].
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "hortega/analysis/sobol_indices.hpp"

namespace hortega::analysis {

struct EmulatorSettings {
  int starts = 3;  ///< of the search for lengths and nugget: two fixed, the others drawn
  int iterations = 100;
  std::uint64_t seed = 1;
};

struct Emulated {
  double mean = 0.0;
  double variance = 0.0;  ///< of the outcome without its noise
};

class Emulator {
 public:
  /// `points`: row-major, one row of `inputs` numbers (the unit cube) for each outcome. Throws
  /// std::invalid_argument if sizes differ, a number is not finite, the outcome does not vary, or there are
  /// fewer than inputs + 5 points.
  Emulator(std::span<const double> points, std::size_t inputs, std::span<const double> outcomes,
           const EmulatorSettings& settings = {});

  std::size_t inputs() const;
  double mean(std::span<const double> x) const;
  Emulated predict(std::span<const double> x) const;
  /// A function that the process may be, given the outcomes (Matheron's rule; Wilson et al. 2020,
  /// arXiv:2002.09309; prior by 512 random Fourier features, Rahimi & Recht 2007). Mean and variance are
  /// those of `predict` over many seeds; where noise is next to nothing a few rare realisations carry the
  /// variance.
  Outcome realisation(std::uint64_t seed) const;

  double noise_sd() const;
  double process_sd() const;
  const std::vector<double>& lengths() const;
  /// beta_0 at the origin, then the slopes.
  const std::vector<double>& coefficients() const;
  /// Restricted log likelihood of the outcomes, without its constant.
  double log_likelihood() const;

 private:
  struct Fit;
  std::shared_ptr<const Fit> fit_;
};

/// What the emulator says of points that it was not fitted to.
struct HeldOut {
  /// 1 - sum (y - predicted)^2 / sum (y - mean of the points fitted to)^2. Noise in y counts against it: it
  /// cannot pass `ceiling`.
  double q2 = 0.0;
  double ceiling = 0.0;           ///< 1 - noise variance / variance of y
  double inside_90 = 0.0;         ///< share of outcomes inside their 90 % range, noise included
  std::vector<double> predicted;  ///< in the order of the points
};

/// By k folds drawn with the seed; lengths and nugget are fitted anew without each. Throws as Emulator.
HeldOut held_out(std::span<const double> points, std::size_t inputs, std::span<const double> outcomes,
                 int folds = 10, const EmulatorSettings& settings = {});

/// Below this Q2 an emulator says nothing about its model.
inline constexpr double k_least_q2 = 0.8;

/// Indices of the model behind an emulator: means over `realisations` of it, with intervals that hold what is
/// not known of it besides the number of points (Le Gratiet, Cannamela & Iooss 2014, doi:10.1137/130926869).
/// `settings.bootstrap` resamples in all. Throws std::invalid_argument if Q2 is below k_least_q2.
SobolIndices sobol_indices(const Emulator& emulator, const HeldOut& held_out, const SobolSettings& settings,
                           int realisations = 40);

}  // namespace hortega::analysis
