// SPDX-License-Identifier: Apache-2.0
// What calibration and validation ask of the engine: given parameters, each published number as a simulated
// one.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace hortega::evidence {

/// The scale on which errors are nearly normal and studies differ by about as much: shares of people on the
/// logit, rates, counts, ratios and times on the logarithm, a reduction by x % on the logarithm of what is
/// left (1 - x/100, a ratio), the rest as they are.
enum class Link : std::uint8_t { identity, log, logit, log_rest };

/// One published number that a shipped protocol gives.
struct Target {
  std::string row_id;  ///< E0001 ...
  int part = 0;        ///< which of the row's numbers, from 1; 0: its only one
  std::string role;    ///< calibration, validation
  std::string status;  ///< verified, memory
  std::string study;   ///< as published.csv has it
  std::string family;  ///< study_family(study): works on the same people share one (evidence/holdout.hpp)
  bool set_aside = false;
  bool fitted = false;  ///< a fit has seen it: by its role, or by the record of the posterior in use
  std::string protocol, endpoint, estimator, arms;  ///< of the simulated number
  std::string text;                                 ///< the outcome as published
  std::string unit;
  Link link = Link::identity;
  double published = 0.0;               ///< in `unit`
  double low = 0.0, high = 0.0;         ///< its 95 % interval in `unit`
  double y = 0.0;                       ///< published, on the link's scale
  double se = 0.0;                      ///< its standard error there: sampling alone
  double people = 0.0;                  ///< behind it; 0 if not known
  bool differs_between_studies = true;  ///< else tau does not widen it
  bool is_range = false;                ///< several published values: low and high are theirs
  double study_bias = 0.0;              ///< what is peculiar to its study, beyond tau, as a multiple of h
  bool derived = false;                 ///< the interval was computed here from n and unit, not printed
  std::string why_not_scored;           ///< empty: y and se can be used
};

/// The simulated number, on the link's scale.
struct Prediction {
  double mean = 0.0;      ///< expected value: over many simulated studies
  double sd_study = 0.0;  ///< between simulated studies of the published size: chance and people
  double mc_se = 0.0;     ///< of `mean`: because finitely many people were simulated
};

/// Predictions of all targets at the free parameters `theta`, in the order of the targets. The seed decides
/// the people and their luck: the same seed gives the same bytes on any number of threads. A number that the
/// parameters make undefined is NaN. Throws core::RunError if the engine cannot run at `theta`.
using ForwardModel =
    std::function<std::vector<Prediction>(std::span<const double> theta, std::uint64_t seed)>;

}  // namespace hortega::evidence
