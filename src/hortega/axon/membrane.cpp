// SPDX-License-Identifier: Apache-2.0
// Channels as data/parameters/axon/axon.toml gives them.
#include "hortega/axon/membrane.hpp"

#include <stdexcept>
#include <string_view>

#include "hortega/core/math.hpp"

namespace hortega::axon {

namespace {

// Below this |x| a linoid is its series; the next term is x^4 / 720.
constexpr double k_series = 1e-3;

/// x / (1 - exp(-x)).
double linoid(double x) {
  if (x < k_series && x > -k_series) return 1.0 + x * (0.5 + x / 12.0);
  return x / (1.0 - math::exp(-x));
}

// Names of a rate's three parameters, in full so that each can be searched for.
struct RateNames {
  RateForm form;
  std::string_view scale, midpoint, slope;
};

Rate rate(const core::ParameterSet& p, const RateNames& names) {
  return {names.form, p.get(names.scale).value, p.get(names.midpoint).value, p.get(names.slope).value};
}

Gate gate(const core::ParameterSet& p, int power, const RateNames& opening, const RateNames& closing,
          std::string_view q10, std::string_view reference) {
  return {power, rate(p, opening), rate(p, closing), p.get(q10).value, p.get(reference).value};
}

}  // namespace

double Rate::per_ms(double v_mv) const {
  const double x = (v_mv - midpoint_mv) / slope_mv;
  switch (form) {
    case RateForm::linoid:
      return scale * slope_mv * linoid(x);
    case RateForm::sigmoid:
      return scale / (1.0 + math::exp(-x));
    case RateForm::exponential:
      return scale * math::exp(-x);
  }
  throw std::logic_error("unknown form of a rate");
}

double Gate::speed(double celsius) const { return math::power(q10, (celsius - reference_celsius) / 10.0); }

double Gate::steady(double v_mv) const {
  const double open = opening.per_ms(v_mv);
  return open / (open + closing.per_ms(v_mv));
}

double Channel::open_share(double v_mv) const {
  double share = 1.0;
  for (const Gate& g : gates) {
    const double x = g.steady(v_mv);
    for (int k = 0; k < g.power; ++k) share *= x;
  }
  return share;
}

double Membrane::resting_current(const std::vector<double>& density) const {
  double current = 0.0;
  for (std::size_t k = 0; k < channels.size(); ++k)
    current += density.at(k) * channels[k].open_share(rest_mv) * (rest_mv - channels[k].reversal_mv);
  return current;
}

double Membrane::balancing_leak(const std::vector<double>& density) const {
  const double current = resting_current(density);
  const double drive = leak_reversal_mv - rest_mv;
  if (current == 0.0) return 0.0;
  if (!(current / drive >= 0.0)) {
    throw std::invalid_argument(
        "no leak conductance makes these channels rest at the resting potential: their current at rest flows "
        "the "
        "same way as the leak's");
  }
  return current / drive;
}

std::size_t Membrane::channel(const std::string& name) const {
  for (std::size_t k = 0; k < channels.size(); ++k)
    if (channels[k].name == name) return k;
  throw std::invalid_argument("the membrane has no channel '" + name + "'");
}

Membrane halter_clark_membrane(const core::ParameterSet& p) {
  using enum RateForm;
  constexpr std::string_view reference = "halter_reference_celsius";
  const double e_na = p.get("halter_sodium_reversal").value;
  Membrane membrane;
  membrane.rest_mv = p.get("halter_resting_potential").value;
  membrane.leak_reversal_mv = p.get("halter_leak_reversal").value;
  membrane.channels = {
      {"fast_sodium",
       e_na,
       true,
       {gate(p, 3, {linoid, "halter_m_opening_scale", "halter_m_opening_midpoint", "halter_m_opening_slope"},
             {linoid, "halter_m_closing_scale", "halter_m_closing_midpoint", "halter_m_closing_slope"},
             "halter_m_q10", reference),
        gate(p, 1, {linoid, "halter_h_opening_scale", "halter_h_opening_midpoint", "halter_h_opening_slope"},
             {sigmoid, "halter_h_closing_scale", "halter_h_closing_midpoint", "halter_h_closing_slope"},
             "halter_h_q10", reference)}},
      {"persistent_sodium",
       e_na,
       true,
       {gate(p, 3, {linoid, "halter_p_opening_scale", "halter_p_opening_midpoint", "halter_p_opening_slope"},
             {linoid, "halter_p_closing_scale", "halter_p_closing_midpoint", "halter_p_closing_slope"},
             "halter_p_q10", reference)}},
      {"slow_potassium",
       p.get("halter_potassium_reversal").value,
       false,
       {gate(p, 1, {linoid, "halter_s_opening_scale", "halter_s_opening_midpoint", "halter_s_opening_slope"},
             {linoid, "halter_s_closing_scale", "halter_s_closing_midpoint", "halter_s_closing_slope"},
             "halter_s_q10", reference)}}};
  return membrane;
}

Membrane mcintyre_membrane(const core::ParameterSet& p) {
  using enum RateForm;
  constexpr std::string_view sodium_reference = "mrg_sodium_reference_celsius";
  const double e_na = p.get("mrg_sodium_reversal").value;
  Membrane membrane;
  membrane.rest_mv = p.get("mrg_resting_potential").value;
  membrane.leak_reversal_mv = p.get("mrg_leak_reversal").value;
  membrane.channels = {
      {"fast_sodium",
       e_na,
       true,
       {gate(p, 3, {linoid, "mrg_m_opening_scale", "mrg_m_opening_midpoint", "mrg_m_opening_slope"},
             {linoid, "mrg_m_closing_scale", "mrg_m_closing_midpoint", "mrg_m_closing_slope"}, "mrg_m_q10",
             sodium_reference),
        gate(p, 1, {linoid, "mrg_h_opening_scale", "mrg_h_opening_midpoint", "mrg_h_opening_slope"},
             {sigmoid, "mrg_h_closing_scale", "mrg_h_closing_midpoint", "mrg_h_closing_slope"}, "mrg_h_q10",
             sodium_reference)}},
      {"persistent_sodium",
       e_na,
       true,
       {gate(p, 3, {linoid, "mrg_p_opening_scale", "mrg_p_opening_midpoint", "mrg_p_opening_slope"},
             {linoid, "mrg_p_closing_scale", "mrg_p_closing_midpoint", "mrg_p_closing_slope"}, "mrg_m_q10",
             sodium_reference)}},
      {"slow_potassium",
       p.get("mrg_potassium_reversal").value,
       false,
       {gate(p, 1, {sigmoid, "mrg_s_opening_scale", "mrg_s_opening_midpoint", "mrg_s_opening_slope"},
             {sigmoid, "mrg_s_closing_scale", "mrg_s_closing_midpoint", "mrg_s_closing_slope"}, "mrg_s_q10",
             "mrg_potassium_reference_celsius")}}};
  return membrane;
}

}  // namespace hortega::axon
