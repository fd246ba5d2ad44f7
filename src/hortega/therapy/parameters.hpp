// SPDX-License-Identifier: Apache-2.0
//
// The parameters of the therapies, by name. Values, units, spreads, sources and grades stand in
// data/parameters/therapy.toml and therapy_drugs.toml (drugs), therapy_hsct.toml and therapy_allo.toml
// (transplantation), therapy_progenitors.toml and resources.toml (what they use up); nothing biological
// stands in code.
#pragma once

#include "hortega/core/parameters.hpp"

#include <map>
#include <string>
#include <string_view>

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

#define HORTEGA_ALLOGENEIC_PARAMETERS(X) \
  X(allo_precursors_sibling) X(allo_precursors_unrelated) X(allo_precursors_haploidentical) X(allo_precursors_cord) \
  X(allo_cord_naivety) X(allo_t_cells_blood) X(allo_t_cells_marrow) X(allo_t_cells_cord) X(allo_cd34_blood) \
  X(allo_cd34_marrow) X(allo_cd34_cord) X(allo_cord_progenitors) X(allo_calcineurin_block) \
  X(allo_mycophenolate_block) X(allo_methotrexate_kill) X(allo_methotrexate_mucosa) X(allo_cyclophosphamide_kill) \
  X(allo_growth) X(allo_loss) X(allo_presentation_time) X(allo_presentation_by_mucosa) \
  X(allo_presentation_by_damage) X(allo_host_kill) X(allo_graft_kill) X(allo_rejection_floor) X(allo_thymic_renewal) \
  X(allo_donor_memory_reactive) X(allo_donor_repertoire) X(allo_thymic_loss) X(allo_skin) X(allo_liver) \
  X(allo_upper_gut) X(allo_lower_gut) X(allo_tissue_healing) X(allo_steroid_kill) X(allo_steroid_course) \
  X(allo_death_grade_3) X(allo_death_grade_4) X(allo_death_by_infection) X(allo_memory_gain) X(allo_memory_time) \
  X(allo_steroid_memory) X(allo_chronic) X(allo_chronic_healing) X(allo_chronic_skin) X(allo_chronic_mouth) \
  X(allo_chronic_eyes) X(allo_chronic_gut) X(allo_chronic_liver) X(allo_chronic_lungs) X(allo_chronic_joints) \
  X(allo_chronic_genital) X(allo_chronic_organ) X(allo_death_moderate) X(allo_death_severe) \
  X(allo_block_of_protection) X(allo_steroid_protection) X(allo_malignancy_factor) \
  X(fludarabine_kill_t) X(fludarabine_kill_b) X(fludarabine_kill_marrow) X(fludarabine_cns) \
  X(fludarabine_volume) X(fludarabine_mucosa)
#define HORTEGA_MORE_DRUG_PARAMETERS(X) \
  X(natalizumab_kept) X(natalizumab_kept_fade) X(s1p_kept) X(s1p_kept_fade) \
  X(ofatumumab_half_life) X(ofatumumab_volume) X(ofatumumab_kill) X(ofatumumab_half_kill) X(ofatumumab_first_reaction) \
  X(ofatumumab_later_reaction) \
  X(rituximab_half_life) X(rituximab_volume) X(rituximab_kill) X(rituximab_half_kill) X(rituximab_first_reaction) \
  X(rituximab_later_reaction) \
  X(teriflunomide_half_life) X(teriflunomide_block) X(teriflunomide_half_effect) X(teriflunomide_lymphocytes) \
  X(teriflunomide_alopecia) X(teriflunomide_liver) \
  X(cladribine_kill_t) X(cladribine_kill_b) X(cladribine_kill_memory_b) X(cladribine_death_time) X(cladribine_cns) \
  X(pulse_nadir) X(pulse_nadir_day) X(pulse_recovery_day) X(pulse_nausea) X(pulse_cystitis) X(pulse_menopause) \
  X(pulse_malignancy) X(pulse_malignancy_delay) \
  X(clemastine_half_life) X(clemastine_volume) X(clemastine_bioavailability) X(clemastine_half_effect) \
  X(clemastine_remyelination) X(clemastine_fatigue) \
  X(tacrolimus_clearance) X(tacrolimus_volume) X(tacrolimus_half_block) X(tacrolimus_tremor) X(tacrolimus_diabetes) \
  X(tacrolimus_kidney) \
  X(mycophenolate_clearance) X(mycophenolate_half_life) X(mycophenolate_half_block) X(mycophenolate_diarrhoea) \
  X(protection_on_autoimmunity)

#define HORTEGA_PROGENITOR_PARAMETERS(X) \
  X(progenitor_own_line_days) X(progenitor_differentiation_days) X(progenitor_release_days) X(progenitor_bank_days) \
  X(progenitor_batch_failure) X(progenitor_purity) X(progenitor_fetal_lineage) X(progenitor_residual) \
  X(progenitor_own_cost) X(progenitor_bank_cost) \
  X(graft_survival_brain) X(graft_survival_ventricle) X(graft_survival_lumbar) X(graft_doublings) \
  X(graft_doubling_period) X(graft_migration) X(graft_migration_period) X(graft_tract_length) X(white_matter_volume) \
  X(lesion_csf_distance) X(graft_lesion_preference) X(oligodendrocyte_density) X(graft_maturation) \
  X(graft_maturation_steepness) \
  X(graft_chronic_permission) X(graft_rejection) X(graft_mismatch_banked) X(graft_trophic) X(graft_trophic_half) \
  X(teratoma_chance) X(teratoma_take) X(teratoma_visible) X(teratoma_symptoms) X(teratoma_axons) \
  X(graft_bleeding) X(graft_bleeding_axons) X(ventricular_complication) X(lumbar_headache)
#define HORTEGA_MESENCHYMAL_PARAMETERS(X) \
  X(msc_yield_marrow) X(msc_yield_fat) X(msc_yield_cord) X(msc_yield_placenta) X(msc_yield_age_slope) \
  X(msc_doubling_marrow) X(msc_doubling_fat) X(msc_doubling_cord) X(msc_doubling_placenta) \
  X(msc_lifespan_marrow) X(msc_lifespan_fat) X(msc_lifespan_cord) X(msc_lifespan_placenta) \
  X(msc_senescence_width) X(msc_primary_doublings) X(msc_full_layer) X(msc_contact_order) X(msc_longest_passage) \
  X(msc_detached) X(msc_potency) X(msc_potency_age_slope) X(msc_homing_loss) \
  X(msc_donor_age) \
  X(msc_thaw_viability) X(msc_thaw_function) X(msc_thaw_recovery) \
  X(msc_senescent_limit) X(msc_karyotype_failure) X(msc_contamination) X(msc_potency_floor) X(msc_release_day) \
  X(msc_cost_harvest) X(msc_cost_day) X(msc_cost_cells) X(msc_cost_tests) X(consumer_prices_2021) \
  X(msc_lung_trapping) X(msc_lung_release) X(msc_vascular_half_life) X(msc_cns_arrest) X(brain_blood_flow) \
  X(msc_homing_by_barrier) X(msc_transmigration) X(msc_tissue_half_life) X(msc_csf_half_life) \
  X(msc_csf_migration) X(msc_macrophage_half_life) \
  X(msc_host_macrophages) X(msc_macrophage_gain) X(msc_half_ratio) X(msc_reach) X(body_lymphocytes) \
  X(msc_half_density) X(csf_volume) X(msc_csf_reach) X(msc_graft_reach) X(cns_volume) \
  X(msc_licence_half) X(msc_unlicensed) X(msc_own_loss) X(msc_own_immune_loss) X(msc_induction) \
  X(msc_activation) X(msc_treg_gain) X(msc_barrier_seal) X(msc_microglia) X(msc_trophic) X(msc_remyelination) \
  X(msc_sensitised) X(msc_sensitised_clearance) X(msc_sensitisation_time) X(msc_born_visibility) \
  X(msc_matched_visibility) \
  X(msc_it_headache_own) X(msc_it_headache_other) X(msc_it_fever_own) X(msc_it_fever_other) X(msc_it_pain_own) \
  X(msc_it_pain_other) X(msc_it_nausea) X(msc_meningitis) X(msc_arachnoiditis) X(msc_iv_fever_base) \
  X(msc_iv_fever_ratio) X(msc_thrombosis) X(msc_procoagulant) X(msc_ia_stroke) X(msc_graft_bleeding) \
  X(msc_ectopic) X(msc_ectopic_time)

#define HORTEGA_USE_PARAMETERS(X) \
  X(mobilisation_stay) X(neurosurgery_stay) X(g_csf_time) X(g_csf_after_graft) X(transplant_visit_early) \
  X(transplant_visit_late) X(visits_injected) X(visits_oral) X(visits_infused) X(visits_pulsed) \
  X(visits_alemtuzumab) X(visits_alemtuzumab_time) X(visits_protection) X(visits_cells)
// clang-format on

struct Parameters {
#define HORTEGA_X(name) core::Parameter name;
  HORTEGA_DRUG_PARAMETERS(HORTEGA_X)
  HORTEGA_TRANSPLANT_PARAMETERS(HORTEGA_X)
  HORTEGA_ALLOGENEIC_PARAMETERS(HORTEGA_X)
  HORTEGA_MORE_DRUG_PARAMETERS(HORTEGA_X)
  HORTEGA_PROGENITOR_PARAMETERS(HORTEGA_X)
  HORTEGA_MESENCHYMAL_PARAMETERS(HORTEGA_X)
  HORTEGA_USE_PARAMETERS(HORTEGA_X)
#undef HORTEGA_X
  /// A parameter of data/parameters/therapy*.toml that is not listed above, for therapies that come with
  /// files of their own (registry.hpp). Throws InputError naming it if there is none. Not for the day loop:
  /// keep the answer.
  core::Parameter own(std::string_view name) const;
  std::map<std::string, core::Parameter, std::less<>> not_listed;
};

/// Takes the parameters by name; a missing one is an InputError that names it.
Parameters load_parameters(const core::ParameterSet& set);

}  // namespace hortega::therapy
