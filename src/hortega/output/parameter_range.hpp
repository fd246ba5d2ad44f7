// SPDX-License-Identifier: Apache-2.0
// The part of a number's spread that the model's parameters make, as a range that the number can take.
#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "hortega/evidence/summary.hpp"

namespace hortega::output {

/// From fewer draws of the posterior its part of a spread cannot be told from chance: pages then show none.
inline constexpr int k_least_draws_shown = 20;

/// 95 % about `mean` for a standard deviation between draws, kept inside what the estimator can give: on the
/// logit for percentages of people, on the logarithm for ratios, what is never negative and what reductions
/// leave, else symmetric.
/// Nothing if `draws` are too few, or chance hides the part.
std::optional<std::pair<double, double>> parameter_range(double mean, double sd_parameters,
                                                         std::string_view estimator, int draws);

}  // namespace hortega::output
