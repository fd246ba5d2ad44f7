// SPDX-License-Identifier: Apache-2.0
//
// The parameters of the untreated person, by name. Values, units, spreads, sources and grades stand in
// data/parameters/disease.toml; nothing biological stands in code (CONTRIBUTING.md, rule 3).
#pragma once

#include "hortega/core/parameters.hpp"
#include "hortega/lesion/table.hpp"

namespace hortega::axon {
class ConductionTable;
}  // namespace hortega::axon

namespace hortega::disease {

// clang-format off
// X(name): one number.
#define HORTEGA_DISEASE_PARAMETERS(X) \
  X(onset_age_mean) X(onset_age_low) X(onset_age_high) X(female_share) \
  X(weight_female) X(weight_male) X(height_female) X(height_male) \
  X(lesion_propensity) X(compartment_propensity) X(propensity_correlation) X(axon_vulnerability) \
  X(remyelination_capacity) X(reserve) X(lesion_size) X(silent_share) \
  X(infection_rate) X(infection_season_amplitude) X(infection_stimulus) X(stimulus_decay) X(stimulus_baseline) \
  X(fever_rise) X(fever_decay) X(body_temperature) \
  X(thymic_decline) X(thymic_rebound_decay) X(naive_turnover) X(naive_precursor_share) \
  X(effector_turnover) X(treg_turnover) X(treg_bloom_turnover) X(treg_bloom_ratio) X(treg_bloom_offset) \
  X(treg_restraint) X(memory_turnover) X(memory_cooperativity) X(graded_regrowth) X(reactive_clones) \
  X(memory_b_share) X(memory_b_turnover) X(naive_b_turnover) X(ebv_share) X(ebv_turnover) X(ebv_surveillance) \
  X(plasma_turnover) X(infection_by_antibody_loss) \
  X(niche_set_point) X(niche_expansion_rate) X(niche_share_reactive) X(bulk_memory_turnover) X(naive_count_share) \
  X(cytokine_turnover) X(cytokine_infection_share) X(barrier_turnover) X(barrier_by_cytokines) \
  X(resident_memory_turnover) X(resident_lesion_share) \
  X(compartment_feeding) X(compartment_self_drive) X(compartment_age_slope) X(compartment_turnover) \
  X(microglia_by_compartment) X(microglia_by_bare_axons) X(microglia_turnover) \
  X(lesion_rate) X(lesion_activity_decay) X(lesion_activity_reference) X(lesion_hit) X(lesion_hit_cap) \
  X(lesion_volume) X(lesion_volume_size_correlation) X(lesion_iron_uptake) X(rim_life) X(t2_residual_share) X(t2_detection) X(enhancement_duration) \
  X(enhancement_longest) X(t2_resolution) X(t2_expansion) \
  X(site_optic_nerve) X(site_cord) X(site_brainstem) X(site_cerebellum) X(site_hemisphere) \
  X(cord_pyramidal) X(cord_sensory) X(cord_bowel_bladder) X(cord_cerebellar) \
  X(brainstem_brainstem) X(brainstem_cerebellar) X(brainstem_pyramidal) X(brainstem_sensory) \
  X(brainstem_bowel_bladder) X(cerebellum_cerebellar) X(cerebellum_brainstem) X(cerebellum_pyramidal) \
  X(hemisphere_cerebral) X(hemisphere_pyramidal) X(hemisphere_sensory) X(hemisphere_bowel_bladder) \
  X(optic_nerve_visual) \
  X(transection_share) X(bare_transection_share) X(demyelinated_share) \
  X(demyelinated_share_cap) X(block_recovery) \
  X(late_remyelination) X(remyelination_age_slope) X(remyelination_microglia_block) \
  X(oligodendrocyte_loss) X(progenitor_loss) X(remyelination_by_progenitors) X(oligodendrocyte_exchange) \
  X(progenitor_differentiation) X(progenitor_turnover) X(debris_clearance) \
  X(age_driven_progression) X(age_axon_loss_alone) \
  X(bare_axon_loss) X(bare_axon_loss_base) X(smouldering_loss) X(age_axon_loss) X(axon_loss_age_slope) \
  X(length_pyramidal) X(length_bowel_bladder) X(length_cerebellar) X(length_sensory) X(length_cerebral) \
  X(length_brainstem) X(length_visual) \
  X(bare_length) X(bare_adapted_share) X(remyelinated_wraps) X(inflammation_conduction) \
  X(loss_threshold) X(grade_half_loss) X(grade_scale) \
  X(walk_pyramidal) X(walk_cerebellar) X(walk_sensory) X(walk_amplitude) X(walk_step_width) \
  X(walk_limited) X(walk_500m) X(walk_300m) X(walk_200m) X(walk_100m) X(walk_two_aids) X(walk_wheelchair) \
  X(walk_few_steps) X(walk_chair) X(walk_bed_arms) X(walk_bed) X(walk_helpless) X(walk_terminal) \
  X(relapse_block) X(relapse_subtle_noticed) \
  X(rater_noise) X(rater_noise_shared) X(slow_fluctuation) X(slow_fluctuation_period) X(walk_noise) \
  X(t25fw_best) X(t25fw_slope) X(t25fw_noise) X(nhpt_best) X(nhpt_slope) X(nhpt_noise) \
  X(sdmt_best) X(sdmt_slope) X(sdmt_noise) \
  X(t1_share) X(t1_core_share) \
  X(low_contrast_best) X(low_contrast_loss) X(low_contrast_noise) \
  X(vep_normal) X(optic_lesion_length) X(vep_radiation_share) X(vep_noise) \
  X(symptom_half_loss) X(symptom_half_walk) X(symptom_fluctuation) \
  X(fatigue_baseline) X(fatigue_cytokines) X(fatigue_microglia) X(fatigue_cerebral) X(fatigue_walking) \
  X(fatigue_fever) X(pain_sensory) X(pain_pyramidal) X(pain_activity) \
  X(mood_fatigue) X(mood_disability) X(mood_activity) X(cognition_half_loss) \
  X(utility_edss_0) X(utility_edss_1) X(utility_edss_2) X(utility_edss_3) X(utility_edss_4) X(utility_edss_5) \
  X(utility_edss_6) X(utility_edss_7) X(utility_edss_8) X(utility_edss_9) X(utility_relapse) \
  X(atrophy_at_25) X(atrophy_age_slope) X(atrophy_by_axon_loss) X(atrophy_by_lesion) X(oedema_volume) \
  X(toxic_volume_decay) X(scan_volume_noise) \
  X(nfl_acute) X(nfl_slow) X(nfl_decay) X(nfl_baseline) X(nfl_age_slope) \
  X(death_gompertz_female) X(death_gompertz_male) X(death_gompertz_slope) X(death_edss_threshold) X(death_edss_slope) \
  X(birth_rate) X(birth_rate_age) X(birth_rate_with_symptoms) X(pregnancy_loss_share) X(pregnancy_loss_day) \
  X(pregnancy_duration) X(pregnancy_damping) X(pregnancy_treg_gain) X(postpartum_rebound) X(postpartum_duration) \
  X(lymphocyte_count) X(neutrophil_count) X(platelet_count) X(lymphocyte_b_share)
// clang-format on

struct Parameters {
#define HORTEGA_X(name) core::Parameter name;
  HORTEGA_DISEASE_PARAMETERS(HORTEGA_X)
#undef HORTEGA_X
  const axon::ConductionTable* conduction = nullptr;  // what fibres conduct; lives as long as the program
  const lesion::LesionTable* lesions = nullptr;       // what becomes of lesions; lives as long as the program
};

/// Takes the parameters by name, and the tables of conduction and of lesions of the data folder; a missing
/// one is an InputError that names the file and the parameter.
Parameters load_parameters(const core::ParameterSet& set);

}  // namespace hortega::disease
