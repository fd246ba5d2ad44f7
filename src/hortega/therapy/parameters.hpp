// SPDX-License-Identifier: Apache-2.0
//
// The parameters of the therapies, by name. Values, units, spreads, sources and grades stand in
// data/parameters/therapy.toml (drugs) and therapy_hsct.toml (transplantation); nothing biological stands in
// code.
#pragma once

#include "hortega/core/parameters.hpp"

namespace hortega::therapy {

// clang-format off
#define HORTEGA_DRUG_PARAMETERS(X) \
  X(natalizumab_half_life) X(natalizumab_clearance) X(natalizumab_half_saturation) X(natalizumab_entry_floor) \
  X(natalizumab_lymphocytosis) X(natalizumab_antibody_share) X(natalizumab_antibody_clearance) \
  X(natalizumab_reaction) X(natalizumab_pml_rate) X(natalizumab_pml_latency) \
  X(interferon_entry) X(interferon_onset) X(interferon_fade) X(interferon_flu_like) \
  X(glatiramer_activation) X(glatiramer_onset) X(glatiramer_fade) X(glatiramer_reaction) \
  X(dimethyl_fumarate_entry) X(dimethyl_fumarate_onset) X(dimethyl_fumarate_fade) X(dimethyl_fumarate_lymphocytes) \
  X(dimethyl_fumarate_flushing) \
  X(fingolimod_half_life) X(fingolimod_retention) X(fingolimod_half_effect) X(fingolimod_bradycardia) \
  X(fingolimod_macular_oedema) \
  X(siponimod_half_life) X(siponimod_retention) X(siponimod_half_effect) X(siponimod_microglia) \
  X(siponimod_bradycardia) \
  X(ocrelizumab_half_life) X(ocrelizumab_volume) X(ocrelizumab_weight_exponent) X(ocrelizumab_kill) \
  X(ocrelizumab_half_kill) X(ocrelizumab_first_reaction) X(ocrelizumab_later_reaction) \
  X(alemtuzumab_pool_survival) X(alemtuzumab_blood_survival) X(alemtuzumab_b_survival) X(alemtuzumab_treg_survival) \
  X(alemtuzumab_reference_dose) X(alemtuzumab_half_dose) X(alemtuzumab_redistribution) X(alemtuzumab_reaction) \
  X(reconstitution_thyroid) X(reconstitution_itp) X(reconstitution_latency) \
  X(mitoxantrone_kill_t) X(mitoxantrone_kill_b) X(mitoxantrone_nadir_neutrophils) X(mitoxantrone_nadir_day) \
  X(mitoxantrone_recovery_day) X(mitoxantrone_cardiac_dose) X(mitoxantrone_cardiac_slope) X(mitoxantrone_leukaemia) \
  X(steroid_seal) X(steroid_fade) X(steroid_recovery) X(steroid_insomnia) \
  X(serious_infection_rate) X(infection_by_lymphopenia) X(infection_by_b_depletion) X(community_by_lymphopenia)

#define HORTEGA_TRANSPLANT_PARAMETERS(X) \
  X(cd34_yield) X(cd34_yield_age_slope) X(cd34_yield_reference_age) X(cd34_yield_without_chemotherapy) \
  X(cd34_later_session) X(cd34_second_attempt) X(cd34_second_attempt_wait) X(mobilisation_flare) \
  X(mobilisation_flare_duration) X(mobilisation_neutropenia) \
  X(cyclophosphamide_kill_t) X(cyclophosphamide_kill_b) X(cyclophosphamide_kill_marrow) X(cyclophosphamide_cns) \
  X(cyclophosphamide_volume) X(cyclophosphamide_mucosa) \
  X(carmustine_kill_t) X(carmustine_kill_b) X(carmustine_kill_marrow) X(carmustine_cns) X(carmustine_volume) \
  X(carmustine_mucosa) \
  X(etoposide_kill_t) X(etoposide_kill_b) X(etoposide_kill_marrow) X(etoposide_cns) X(etoposide_volume) \
  X(etoposide_mucosa) \
  X(cytarabine_kill_t) X(cytarabine_kill_b) X(cytarabine_kill_marrow) X(cytarabine_cns) X(cytarabine_volume) \
  X(cytarabine_mucosa) \
  X(melphalan_kill_t) X(melphalan_kill_b) X(melphalan_kill_marrow) X(melphalan_cns) X(melphalan_volume) \
  X(melphalan_mucosa) \
  X(busulfan_kill_t) X(busulfan_kill_b) X(busulfan_kill_marrow) X(busulfan_cns) X(busulfan_volume) X(busulfan_mucosa) \
  X(conditioning_sensitivity) X(toxic_axon_by_volume) X(compartment_resistance) X(treg_sensitivity) \
  X(atg_half_life) X(atg_kill) X(atg_half_kill) X(atg_b_share) \
  X(rituximab_kill_b) X(transplant_alemtuzumab_kill_t) \
  X(graft_t_cells) X(body_t_cells) X(graft_selection_log) \
  X(melphalan_clearance) \
  X(melphalan_slope) X(neutrophil_transit) X(neutrophil_half_life) X(neutrophil_feedback) X(neutrophil_feedback_gcsf) \
  X(marrow_feedback_floor) X(graft_progenitor_share) X(graft_homing) X(graft_thaw_recovery) \
  X(platelet_transit) X(platelet_life) X(platelet_feedback) X(platelet_feedback_floor) X(platelet_maturing_share) X(platelet_kill_share) \
  X(platelet_graft_share) X(platelet_transfusion_trigger) X(platelet_transfusion_rise) \
  X(febrile_neutropenia_rate) X(sepsis_rate) X(sepsis_by_mucosa) X(sepsis_by_edss) X(fatality) X(fatality_by_age) \
  X(fatality_by_edss) X(fatality_by_year) X(fatality_by_inexperience) X(fatality_by_mucosa) \
  X(lymphopenic_infection_rate) X(lymphopenic_infection_scale) X(lymphopenic_serious_share) \
  X(lymphopenic_fatality) \
  X(cmv_carriers) X(cmv_rate) X(ebv_carriers) X(ebv_rate) X(reactivation_scale) X(reactivation_lag) \
  X(reactivation_treated) X(zoster_rate) X(zoster_by_lymphopenia) \
  X(venoocclusive_dose) X(venoocclusive_slope) X(venoocclusive_fatality) X(cardiac_dose) X(cardiac_slope) \
  X(cardiac_fatality) X(pneumonitis_dose) X(pneumonitis_slope) X(pneumonitis_fatality) X(mucositis_threshold) \
  X(new_repertoire) X(thymic_rebound_size) X(thymic_rebound_age_slope) X(thymic_rebound_day) X(treg_bloom_level) \
  X(treg_bloom_day) X(transplant_autoimmunity_share) X(ovarian_failure_age) X(ovarian_failure_slope) \
  X(ovarian_window_age) X(amenorrhoea_duration) X(venoocclusive_day) X(cardiac_day) X(pneumonitis_day) \
  X(mucositis_day) X(second_malignancy_rate) X(discharge_after_engraftment)
// clang-format on

struct Parameters {
#define HORTEGA_X(name) core::Parameter name;
  HORTEGA_DRUG_PARAMETERS(HORTEGA_X)
  HORTEGA_TRANSPLANT_PARAMETERS(HORTEGA_X)
#undef HORTEGA_X
};

/// Takes the parameters by name; a missing one is an InputError that names it.
Parameters load_parameters(const core::ParameterSet& set);

}  // namespace hortega::therapy
