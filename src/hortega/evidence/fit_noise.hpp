// SPDX-License-Identifier: Apache-2.0
// The chance that calibration itself uses (draws of the prior, perturbed observations, seeds of the engine):
// each number is a function of the calibration's seed and of what it is for.
#pragma once

#include <cstdint>

#include "hortega/core/random.hpp"

namespace hortega::evidence {

class FitNoise {
 public:
  explicit FitNoise(std::uint64_t seed) : seed_(seed) {}

  /// Seeds of the engine. Those of `unseen` are never used by the fit.
  enum class Use : std::uint32_t { fit = 1, unseen = 2, truth = 3, another_fit = 4 };
  std::uint64_t engine_seed(Use use, std::uint32_t number) const {
    const core::Words w = core::philox({number, static_cast<std::uint32_t>(use), 0, k_seeds}, seed_);
    return (static_cast<std::uint64_t>(w[0]) << 32) | w[1];
  }

  enum class Kind : std::uint32_t { prior = 1, observation = 2, truth = 3, truth_observation = 4, order = 5 };
  double uniform(Kind kind, std::uint32_t member, std::uint32_t item) const {
    const core::Words w = core::philox({member, item, static_cast<std::uint32_t>(kind), k_noise}, seed_);
    return core::to_uniform(w[0], w[1]);
  }
  double normal(Kind kind, std::uint32_t member, std::uint32_t item) const {
    return math::normal_quantile(uniform(kind, member, item));
  }

 private:
  static constexpr std::uint32_t k_seeds = 0x5EED;
  static constexpr std::uint32_t k_noise = 0x401E;
  std::uint64_t seed_;
};

}  // namespace hortega::evidence
