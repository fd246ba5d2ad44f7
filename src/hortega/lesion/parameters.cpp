// SPDX-License-Identifier: Apache-2.0
#include "hortega/lesion/parameters.hpp"

namespace hortega::lesion {

TissueParameters load_tissue_parameters(const core::ParameterSet& set) {
  TissueParameters p;
  p.cell_density = set.get("tissue_cell_density").value;
  p.oligodendrocyte_share = set.get("tissue_oligodendrocyte_share").value;
  p.microglia_share = set.get("tissue_microglia_share").value;
  p.progenitor_share = set.get("tissue_progenitor_share").value;
  p.territory = set.get("tissue_territory").value;
  p.venule_radius = set.get("tissue_venule_radius").value;
  p.cell_radius = set.get("tissue_cell_radius").value;
  p.signal_range = set.get("tissue_signal_range").value;
  p.chemokine_range = set.get("tissue_chemokine_range").value;
  p.signal_relaxation = set.get("tissue_signal_relaxation").value;
  p.plasma_range = set.get("tissue_plasma_range").value;
  p.plasma_clearance = set.get("tissue_plasma_clearance").value;
  p.barrier_opening = set.get("tissue_barrier_opening").value;
  p.barrier_half = set.get("tissue_barrier_half").value;
  p.barrier_closing = set.get("tissue_barrier_closing").value;
  p.enhancing_plasma = set.get("tissue_enhancing_plasma").value;
  p.t_motility = set.get("tissue_t_motility").value;
  p.t_death = set.get("tissue_t_death").value;
  p.t_reactivation = set.get("tissue_t_reactivation").value;
  p.t_secretion = set.get("tissue_t_secretion").value;
  p.monocyte_entry = set.get("tissue_monocyte_entry").value;
  p.monocyte_entry_half = set.get("tissue_monocyte_entry_half").value;
  p.macrophage_motility = set.get("tissue_macrophage_motility").value;
  p.macrophage_chemotaxis = set.get("tissue_macrophage_chemotaxis").value;
  p.macrophage_attraction_half = set.get("tissue_macrophage_attraction_half").value;
  p.macrophage_death = set.get("tissue_macrophage_death").value;
  p.macrophage_turning = set.get("tissue_macrophage_turning").value;
  p.macrophage_secretion = set.get("tissue_macrophage_secretion").value;
  p.macrophage_chemokine = set.get("tissue_macrophage_chemokine").value;
  p.debris_chemokine = set.get("tissue_debris_chemokine").value;
  p.t_chemokine = set.get("tissue_t_chemokine").value;
  p.phagocytosis = set.get("tissue_phagocytosis").value;
  p.foam_load = set.get("tissue_foam_load").value;
  p.resolving_regulator = set.get("tissue_resolving_regulator").value;
  p.resolving_trophic = set.get("tissue_resolving_trophic").value;
  p.debris_clearance = set.get("tissue_debris_clearance").value;
  p.clearance_age_slope = set.get("tissue_clearance_age_slope").value;
  p.oligodendrocyte_death = set.get("tissue_oligodendrocyte_death").value;
  p.oligodendrocyte_half = set.get("tissue_oligodendrocyte_half").value;
  p.myelination = set.get("tissue_myelination").value;
  p.axon_acute = set.get("tissue_axon_acute").value;
  p.axon_bare = set.get("tissue_axon_bare").value;
  p.progenitor_motility = set.get("tissue_progenitor_motility").value;
  p.progenitor_division = set.get("tissue_progenitor_division").value;
  p.progenitor_expansion = set.get("tissue_progenitor_expansion").value;
  p.progenitor_differentiation = set.get("tissue_progenitor_differentiation").value;
  p.progenitor_age_slope = set.get("tissue_progenitor_age_slope").value;
  p.progenitor_death = set.get("tissue_progenitor_death").value;
  p.inhibition_cytokine = set.get("tissue_inhibition_cytokine").value;
  p.inhibition_debris = set.get("tissue_inhibition_debris").value;
  p.inhibition_plasma = set.get("tissue_inhibition_plasma").value;
  p.inhibition_laden = set.get("tissue_inhibition_laden").value;
  p.repair_window = set.get("tissue_repair_window").value;
  p.trophic_half = set.get("tissue_trophic_half").value;
  p.trophic_gain = set.get("tissue_trophic_gain").value;
  p.regulator_half = set.get("tissue_regulator_half").value;
  p.iron_uptake = set.get("tissue_iron_uptake").value;
  p.laden_life = set.get("tissue_laden_life").value;
  p.laden_harm = set.get("tissue_laden_harm").value;
  p.mesenchymal_life = set.get("tissue_mesenchymal_life").value;
  p.mesenchymal_regulator = set.get("tissue_mesenchymal_regulator").value;
  p.mesenchymal_trophic = set.get("tissue_mesenchymal_trophic").value;
  p.mesenchymal_motility = set.get("tissue_mesenchymal_motility").value;
  p.graft_death = set.get("tissue_graft_death").value;
  p.iron_uptake_spread = set.get("tissue_iron_uptake").spread;
  return p;
}

}  // namespace hortega::lesion
