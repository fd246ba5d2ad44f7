// SPDX-License-Identifier: Apache-2.0
//
// The constants of the tissue model, by name as in data/parameters/lesion/lesion.toml without the prefix
// `tissue_`; units and sources stand there.
#pragma once

#include "hortega/core/parameters.hpp"

namespace hortega::lesion {

struct TissueParameters {
  double cell_density = 0.0;
  double oligodendrocyte_share = 0.0;
  double microglia_share = 0.0;
  double progenitor_share = 0.0;
  double territory = 0.0;
  double venule_radius = 0.0;
  double cell_radius = 0.0;
  double signal_range = 0.0;
  double chemokine_range = 0.0;
  double signal_relaxation = 0.0;
  double plasma_range = 0.0;
  double plasma_clearance = 0.0;
  double barrier_opening = 0.0;
  double barrier_half = 0.0;
  double barrier_closing = 0.0;
  double enhancing_plasma = 0.0;
  double t_motility = 0.0;
  double t_death = 0.0;
  double t_reactivation = 0.0;
  double t_secretion = 0.0;
  double monocyte_entry = 0.0;
  double monocyte_entry_half = 0.0;
  double macrophage_motility = 0.0;
  double macrophage_chemotaxis = 0.0;
  double macrophage_attraction_half = 0.0;
  double macrophage_death = 0.0;
  double macrophage_turning = 0.0;
  double macrophage_secretion = 0.0;
  double macrophage_chemokine = 0.0;
  double debris_chemokine = 0.0;
  double t_chemokine = 0.0;
  double phagocytosis = 0.0;
  double foam_load = 0.0;
  double resolving_regulator = 0.0;
  double resolving_trophic = 0.0;
  double debris_clearance = 0.0;
  double clearance_age_slope = 0.0;
  double oligodendrocyte_death = 0.0;
  double oligodendrocyte_half = 0.0;
  double myelination = 0.0;
  double axon_acute = 0.0;
  double axon_bare = 0.0;
  double progenitor_motility = 0.0;
  double progenitor_division = 0.0;
  double progenitor_expansion = 0.0;
  double progenitor_differentiation = 0.0;
  double progenitor_age_slope = 0.0;
  double progenitor_death = 0.0;
  double inhibition_cytokine = 0.0;
  double inhibition_debris = 0.0;
  double inhibition_plasma = 0.0;
  double inhibition_laden = 0.0;
  double repair_window = 0.0;
  double trophic_half = 0.0;
  double trophic_gain = 0.0;
  double regulator_half = 0.0;
  double iron_uptake = 0.0;
  double laden_life = 0.0;
  double laden_harm = 0.0;
  double mesenchymal_life = 0.0;
  double mesenchymal_regulator = 0.0;
  double mesenchymal_trophic = 0.0;
  double mesenchymal_motility = 0.0;
  double graft_death = 0.0;
  double iron_uptake_spread = 0.0;  ///< standard deviation of the logarithm, between lesions
};

/// Throws InputError that names a parameter that is not there.
TissueParameters load_tissue_parameters(const core::ParameterSet& set);

}  // namespace hortega::lesion
