// SPDX-License-Identifier: Apache-2.0
// What one would guess without any model: the mean of the other studies of the same endpoint, with an
// interval for the next study.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "hortega/evidence/forward.hpp"

namespace hortega::evidence {

/// Random-effects mean of studies (DerSimonian & Laird 1986, Control Clin Trials 7:177).
struct RandomEffects {
  std::size_t studies = 0;
  double mean = 0.0;
  double standard_error = 0.0;
  double between_sd = 0.0;  ///< tau, the root of the method-of-moments variance, cut at 0
  double q = 0.0;           ///< Cochran's heterogeneity statistic
};

/// From at least one value with positive finite standard errors; one value gives itself with tau 0. Throws
/// std::invalid_argument otherwise.
RandomEffects dersimonian_laird(std::span<const double> values, std::span<const double> standard_errors);

/// What the next study of standard error `standard_error` will find, central interval of the given level:
/// mean -+ t sqrt(tau^2 + se(mean)^2 + standard_error^2). t has studies - 1 degrees of freedom (Higgins,
/// Thompson & Spiegelhalter 2009 take studies - 2, which two studies do not have). At least two studies.
struct GuessInterval {
  double low = 0.0, high = 0.0;
};
GuessInterval prediction_interval(const RandomEffects& pooled, double standard_error, double level);

/// For the target `left_out`: the other families' values of the targets that share its key, on the link's
/// scale, pooled. A family with several such values counts once, with their mean and the mean of their
/// variances (its people are the same). Targets that are not scored are left out. `keys` has a text for each
/// target that says what is alike (endpoint kind, statistic, class of arms); with an empty one nothing is.
RandomEffects other_studies(std::span<const Target> targets, std::span<const std::string> keys,
                            std::size_t left_out);

}  // namespace hortega::evidence
