// SPDX-License-Identifier: Apache-2.0
// Voltage-gated channels of an exposed membrane, after Hodgkin and Huxley: which gates, how fast, at what
// temperature.
#pragma once

#include <string>
#include <vector>

#include "hortega/core/parameters.hpp"

namespace hortega::axon {

/// The voltage dependence of a rate, with x = (V - midpoint) / slope.
enum class RateForm {
  linoid,       ///< scale * slope * x / (1 - exp(-x)); grows linearly where x > 0
  sigmoid,      ///< scale / (1 + exp(-x))
  exponential,  ///< scale * exp(-x)
};

/// A rate in 1/ms at the gate's reference temperature: `scale` in 1/(ms mV) for linoids, else in 1/ms. A
/// negative slope turns the curve round.
struct Rate {
  RateForm form = RateForm::linoid;
  double scale = 0.0;
  double midpoint_mv = 0.0;
  double slope_mv = 1.0;

  [[nodiscard]] double per_ms(double v_mv) const;
  bool operator==(const Rate&) const = default;
};

/// x' = opening (1 - x) - closing x, both rates times q10^((T - reference) / 10 degC).
struct Gate {
  int power = 1;
  Rate opening;
  Rate closing;
  double q10 = 1.0;
  double reference_celsius = 0.0;

  [[nodiscard]] double speed(double celsius) const;
  [[nodiscard]] double steady(double v_mv) const;
  bool operator==(const Gate&) const = default;
};

struct Channel {
  std::string name;
  double reversal_mv = 0.0;
  bool carries_sodium = false;  ///< counts in the energy of a spike: three sodium ions cost one ATP
  std::vector<Gate> gates;

  /// Share of the channels open in the steady state.
  [[nodiscard]] double open_share(double v_mv) const;
  bool operator==(const Channel&) const = default;
};

/// The channels that a fibre has, with what is common to all of its membrane.
struct Membrane {
  std::vector<Channel> channels;
  double rest_mv = 0.0;
  double leak_reversal_mv = 0.0;

  /// Current at rest through channels of these densities (one per channel), in the densities' unit times mV.
  [[nodiscard]] double resting_current(const std::vector<double>& density) const;
  /// Leak conductance density that makes the current at rest zero. Throws std::invalid_argument if none does.
  [[nodiscard]] double balancing_leak(const std::vector<double>& density) const;
  [[nodiscard]] std::size_t channel(const std::string& name) const;
  bool operator==(const Membrane&) const = default;
};

/// Node channels of the Halter-Clark axon (Richardson 2000, doi:10.1007/BF02345013): fast sodium, persistent
/// sodium, slow potassium; parameters `halter_*`. Densities in S/cm2 come with it.
Membrane halter_clark_membrane(const core::ParameterSet& parameters);

/// Node channels of the motor axon of McIntyre, Richardson and Grill 2002 (doi:10.1152/jn.00353.2001);
/// `mrg_*`.
Membrane mcintyre_membrane(const core::ParameterSet& parameters);

}  // namespace hortega::axon
