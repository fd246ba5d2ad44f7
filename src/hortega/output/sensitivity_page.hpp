// SPDX-License-Identifier: Apache-2.0
// The page of `hortega run --sensitivity`: what moves a trial's conclusion, and how much of each outcome's
// variance the strongest parameters make.
#pragma once

#include <string>

#include "hortega/evidence/sensitivity.hpp"

namespace hortega::output {

struct SensitivityPage {
  const evidence::Sensitivity& result;
  std::string trial;         ///< title of the protocol
  std::string conclusion;    ///< what the effect is, in words: "hazard ratio of worsening, HSCT over DMT"
  bool logarithmic = false;  ///< the effect is the logarithm of a ratio, and shown as the ratio
  double effort = 1.0;       ///< share of the usual simulations
  std::string command;       ///< how to repeat it
};

/// The finding in one sentence.
std::string sensitivity_answer(const SensitivityPage& page);

/// The page. It opens offline and asks for nothing.
std::string sensitivity_html(const SensitivityPage& page);

}  // namespace hortega::output
