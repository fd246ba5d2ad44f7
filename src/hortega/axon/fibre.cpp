// SPDX-License-Identifier: Apache-2.0
// From pieces to compartments.
#include "hortega/axon/fibre.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>

namespace hortega::axon {

namespace {

constexpr double k_pf_per_um2 = 1e-2;  // of 1 uF/cm2
constexpr double k_ns_per_um2 = 1e-2;  // of 1 mS/cm2

/// Conductance (nS) of a conductor of `area` um2 and `length` um: 1e9 / (rho * 1e4 ohm um) * area / length.
double conductance_ns(double area_um2, double length_um, double resistivity_ohm_cm) {
  return 1e5 * area_um2 / (resistivity_ohm_cm * length_um);
}

double in_series(double a, double b) { return a > 0.0 && b > 0.0 ? 1.0 / (1.0 / a + 1.0 / b) : 0.0; }

double axon_area_um2(const Piece& p) { return 0.5 * std::numbers::pi * p.diameter_um * 0.5 * p.diameter_um; }

double ring_area_um2(const Piece& p, double width_nm) {
  const double width_um = 1e-3 * width_nm;
  return std::numbers::pi * width_um * (p.diameter_um + width_um);
}

void refuse(std::size_t piece, const std::string& what) {
  throw std::invalid_argument("piece " + std::to_string(piece) + " of the fibre: " + what);
}

}  // namespace

double Fibre::length_um() const {
  double sum = 0.0;
  for (const Piece& p : pieces) sum += p.length_um;
  return sum;
}

int Fibre::nodes() const {
  int n = 0;
  for (const Piece& p : pieces) n += p.node >= 0 ? 1 : 0;
  return n;
}

void check(const Fibre& fibre) {
  if (fibre.pieces.empty()) throw std::invalid_argument("the fibre has no pieces");
  const auto positive = [](double x) { return x > 0.0 && std::isfinite(x); };
  const auto not_negative = [](double x) { return x >= 0.0 && std::isfinite(x); };
  if (!std::isfinite(fibre.celsius)) throw std::invalid_argument("the temperature is no number");
  for (std::size_t i = 0; i < fibre.pieces.size(); ++i) {
    const Piece& p = fibre.pieces[i];
    if (!positive(p.length_um)) refuse(i, "its length is not above 0");
    if (!positive(p.diameter_um)) refuse(i, "its diameter is not above 0");
    if (!positive(p.axial_resistivity_ohm_cm)) refuse(i, "its resistivity is not above 0");
    if (!positive(p.capacitance_uf_per_cm2)) refuse(i, "its capacitance is not above 0");
    if (!not_negative(p.leak_ms_per_cm2)) refuse(i, "its leak is negative");
    if (!std::isfinite(p.leak_shift_mv)) refuse(i, "no leak keeps it at rest");
    if (!not_negative(p.exposed_periaxonal_width_nm)) refuse(i, "its periaxonal width is negative");
    if (p.segments < 1) refuse(i, "it has no segments");
    if (p.myelinated) {
      if (!positive(p.periaxonal_width_nm)) refuse(i, "its periaxonal width is not above 0");
      if (!positive(p.myelin_capacitance_pf_per_um)) refuse(i, "its sheath has no capacitance");
      if (!not_negative(p.myelin_conductance_ns_per_um)) refuse(i, "its sheath has a negative conductance");
      if (!p.channel_ms_per_cm2.empty()) refuse(i, "channels lie under its myelin");
    }
    if (!p.channel_ms_per_cm2.empty() && p.channel_ms_per_cm2.size() != fibre.membrane.channels.size())
      refuse(i, "it does not say a density for each channel");
    for (const double density : p.channel_ms_per_cm2)
      if (!not_negative(density)) refuse(i, "a channel density is negative");
  }
  if (fibre.pieces.front().channel_ms_per_cm2.empty() || fibre.pieces.back().channel_ms_per_cm2.empty())
    throw std::invalid_argument("the fibre does not begin and end with a piece that has channels");
}

int compartments_of(const Piece& piece, int refine) { return piece.segments * (piece.lumped ? 1 : refine); }

std::vector<Compartment> compartments(const Fibre& fibre, int refine) {
  check(fibre);
  if (refine < 1) throw std::invalid_argument("the fibre cannot be cut into fewer than its segments");
  std::vector<Compartment> all;
  double at_um = 0.0;
  for (std::size_t i = 0; i < fibre.pieces.size(); ++i) {
    const Piece& p = fibre.pieces[i];
    const int n = compartments_of(p, refine);
    const double length = p.length_um / n;
    const double area = std::numbers::pi * p.diameter_um * length;
    Compartment c;
    c.length_um = length;
    c.capacitance_pf = k_pf_per_um2 * p.capacitance_uf_per_cm2 * area;
    c.exposed = !p.myelinated;
    c.active = !p.channel_ms_per_cm2.empty();
    c.leak_ns = k_ns_per_um2 * p.leak_ms_per_cm2 * area;
    if (c.active) {
      for (const double density : p.channel_ms_per_cm2) c.channel_ns.push_back(k_ns_per_um2 * density * area);
      c.leak_source_pa =
          c.leak_ns * (fibre.membrane.leak_reversal_mv + p.leak_shift_mv - fibre.membrane.rest_mv);
    }
    if (p.myelinated) {
      c.myelin_pf = p.myelin_capacitance_pf_per_um * length;
      c.myelin_ns = p.myelin_conductance_ns_per_um * length;
    }
    c.piece = static_cast<int>(i);
    c.node = p.node;
    for (int k = 0; k < n; ++k) {
      c.position_um = at_um + (k + 0.5) * length;
      all.push_back(c);
    }
    at_um += p.length_um;
  }
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    Compartment& a = all[i];
    Compartment& b = all[i + 1];
    const Piece& left = fibre.pieces[static_cast<std::size_t>(a.piece)];
    const Piece& right = fibre.pieces[static_cast<std::size_t>(b.piece)];
    // From middle to middle: half of each.
    a.axial_next_ns =
        in_series(conductance_ns(axon_area_um2(left), 0.5 * a.length_um, left.axial_resistivity_ohm_cm),
                  conductance_ns(axon_area_um2(right), 0.5 * b.length_um, right.axial_resistivity_ohm_cm));
    if (a.exposed && b.exposed) continue;
    const auto half = [](const Compartment& c, const Piece& p) {
      const double width = c.exposed ? p.exposed_periaxonal_width_nm : p.periaxonal_width_nm;
      return conductance_ns(ring_area_um2(p, width), 0.5 * c.length_um, p.axial_resistivity_ohm_cm);
    };
    if (!a.exposed && !b.exposed) {
      a.periaxonal_next_ns = in_series(half(a, left), half(b, right));
      continue;
    }
    Compartment& sheath = a.exposed ? b : a;
    const Piece& covered = a.exposed ? right : left;
    const Compartment& open = a.exposed ? a : b;
    const Piece& bare = a.exposed ? left : right;
    sheath.periaxonal_earth_ns += bare.exposed_periaxonal_width_nm > 0.0
                                      ? in_series(half(sheath, covered), half(open, bare))
                                      : half(sheath, covered);
  }
  return all;
}

}  // namespace hortega::axon
