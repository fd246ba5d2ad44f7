// SPDX-License-Identifier: Apache-2.0
// Pieces of the Halter-Clark axon.
#include "hortega/axon/halter_clark.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>

namespace hortega::axon {

namespace {

int segments(double length_um, double segment_um) {
  return static_cast<int>(std::clamp(std::round(length_um / segment_um), 1.0, 1e6));
}

void check(const Internode& i, std::size_t number) {
  const auto refuse = [number](const std::string& what) {
    throw std::invalid_argument("internode " + std::to_string(number + 1) + ": " + what);
  };
  if (!(i.length_um > 0.0)) refuse("its length is not above 0");
  if (i.wraps < 0) refuse("it has a negative number of wraps");
  if (!(i.bare_um >= 0.0) || i.bare_um > i.length_um)
    refuse("its bare length is not between 0 and its length");
  if (!(i.segment_um > 0.0)) refuse("its segments are not longer than 0");
  const double covered = i.length_um - i.bare_um;
  if (i.wraps > 0 && covered > 0.0) {
    if (!(i.seal_length_um > 0.0) || !(i.seal_width_nm > 0.0)) refuse("its sheath has no seal");
    if (2.0 * i.seal_length_um >= covered) refuse("its sheath is not longer than its two seals");
  }
}

/// Channels of exposed membrane and the leak that keeps it at rest. Potassium channels that are blocked or
/// laid bare leave the leak's conductance as it was for the channels of `density`: a blocker of channels
/// opens no leak. Its reversal moves instead, so that the membrane rests where passive membrane does, and
/// where the fibre begins.
void expose(Piece& piece, const Membrane& membrane, const std::vector<double>& density,
            double potassium_factor) {
  piece.channel_ms_per_cm2 = density;
  piece.leak_ms_per_cm2 = membrane.balancing_leak(density);
  if (potassium_factor == 1.0) return;
  for (std::size_t k = 0; k < membrane.channels.size(); ++k)
    if (!membrane.channels[k].carries_sodium) piece.channel_ms_per_cm2[k] *= potassium_factor;
  piece.leak_shift_mv = membrane.rest_mv +
                        membrane.resting_current(piece.channel_ms_per_cm2) / piece.leak_ms_per_cm2 -
                        membrane.leak_reversal_mv;
}

}  // namespace

HalterClark load_halter_clark(const core::ParameterSet& p) {
  HalterClark m;
  m.membrane = halter_clark_membrane(p);
  m.node_density_ms_per_cm2 = {p.get("halter_fast_sodium_density").value,
                               p.get("halter_persistent_sodium_density").value,
                               p.get("halter_slow_potassium_density").value};
  m.membrane_capacitance_uf_per_cm2 = p.get("halter_membrane_capacitance").value;
  m.myelin_conductance_ms_per_cm2 = p.get("halter_myelin_conductance").value;
  m.axolemma_conductance_ms_per_cm2 = p.get("halter_axolemma_conductance").value;
  m.axial_resistivity_ohm_cm = p.get("halter_axial_resistivity").value;
  m.membrane_spacing_nm = p.get("halter_membrane_spacing").value;
  return m;
}

Sheath sheath(const HalterClark& model, double axon_diameter_um, double periaxonal_width_nm, int wraps) {
  double elastance = 0.0, resistance = 0.0;
  for (int k = 0; k < 2 * wraps; ++k) {
    const double radius_um =
        0.5 * axon_diameter_um + 1e-3 * (periaxonal_width_nm + k * model.membrane_spacing_nm);
    const double area_um = 1e-2 * 2.0 * std::numbers::pi * radius_um;  // um2 per um, and uF/cm2 to pF/um2
    elastance += 1.0 / (model.membrane_capacitance_uf_per_cm2 * area_um);
    resistance += 1.0 / (model.myelin_conductance_ms_per_cm2 * area_um);
  }
  return {1.0 / elastance, 1.0 / resistance};
}

int wraps_of_g_ratio(const HalterClark& model, double axon_diameter_um, double periaxonal_width_nm,
                     double g_ratio) {
  const double thickness_nm = 1e3 * 0.5 * axon_diameter_um * (1.0 / g_ratio - 1.0) - periaxonal_width_nm;
  return static_cast<int>(std::max(1.0, std::ceil(thickness_nm / (2.0 * model.membrane_spacing_nm))));
}

Fibre halter_clark_fibre(const HalterClark& model, double celsius, const std::vector<Node>& nodes,
                         const std::vector<Internode>& internodes) {
  if (nodes.size() != internodes.size() + 1)
    throw std::invalid_argument("a fibre has one node more than internodes");
  Fibre fibre;
  fibre.membrane = model.membrane;
  fibre.celsius = celsius;
  Piece common;
  common.axial_resistivity_ohm_cm = model.axial_resistivity_ohm_cm;
  common.capacitance_uf_per_cm2 = model.membrane_capacitance_uf_per_cm2;
  for (std::size_t k = 0; k < nodes.size(); ++k) {
    Piece node = common;
    node.length_um = nodes[k].length_um;
    node.diameter_um = nodes[k].diameter_um;
    expose(node, model.membrane, nodes[k].density_ms_per_cm2, nodes[k].potassium_factor);
    node.node = static_cast<int>(k);
    fibre.pieces.push_back(node);
    if (k == internodes.size()) break;

    const Internode& i = internodes[k];
    check(i, k);
    Piece axon = common;
    axon.diameter_um = i.diameter_um;
    axon.leak_ms_per_cm2 = i.leak_factor * model.axolemma_conductance_ms_per_cm2;
    Piece bare = axon;
    if (!i.bare_density_ms_per_cm2.empty())
      expose(bare, model.membrane, i.bare_density_ms_per_cm2, i.bare_potassium_factor);
    const auto add = [&fibre, &i](Piece piece, double length_um) {
      piece.length_um = length_um;
      piece.segments = segments(length_um, i.segment_um);
      fibre.pieces.push_back(piece);
    };
    if (i.wraps == 0 || i.bare_um >= i.length_um) {
      add(bare, i.length_um);
      continue;
    }
    const auto covered = [&](double width_nm) {
      Piece piece = axon;
      piece.myelinated = true;
      piece.periaxonal_width_nm = width_nm;
      const Sheath s = sheath(model, i.diameter_um, width_nm, i.wraps);
      piece.myelin_capacitance_pf_per_um = s.capacitance_pf_per_um;
      piece.myelin_conductance_ns_per_um = s.conductance_ns_per_um;
      return piece;
    };
    if (i.bare_um > 0.0) add(bare, 0.5 * i.bare_um);
    Piece seal = covered(i.seal_width_nm);
    seal.lumped = true;
    add(seal, i.seal_length_um);
    add(covered(i.periaxonal_width_nm), i.length_um - i.bare_um - 2.0 * i.seal_length_um);
    add(seal, i.seal_length_um);
    if (i.bare_um > 0.0) add(bare, 0.5 * i.bare_um);
  }
  return fibre;
}

}  // namespace hortega::axon
