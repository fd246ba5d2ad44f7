// SPDX-License-Identifier: Apache-2.0
#include "hortega/disease/rates.hpp"

#include "hortega/core/math.hpp"

namespace hortega::disease {

namespace {
constexpr double k_days_per_year = 365.25;
}  // namespace

void one_day_of_year(double& c, double& s) {
  // Taylor series: the angle is 0.0172, eight terms are exact.
  const double angle = 6.283185307179586 / k_days_per_year;
  c = 1.0;
  s = angle;
  double term_c = 1.0;
  double term_s = angle;
  for (int n = 1; n < 8; ++n) {
    term_c *= -angle * angle / ((2.0 * n - 1.0) * (2.0 * n));
    term_s *= -angle * angle / ((2.0 * n) * (2.0 * n + 1.0));
    c += term_c;
    s += term_s;
  }
}

Rates make_rates(const Parameters& p, int substeps) {
  Rates r{};
  const double dt = 1.0 / substeps;
  const auto keep = [dt](const core::Parameter& tau_day) { return math::exp(-dt / tau_day.value); };
  const auto per_step = [dt](const core::Parameter& per_year) {
    return per_year.value / k_days_per_year * dt;
  };
  const auto grow = [dt](const core::Parameter& per_year) {
    return math::exp(per_year.value / k_days_per_year * dt);
  };
  r.substeps = substeps;
  r.dt_day = dt;

  r.keep_naive = keep(p.naive_turnover);
  r.keep_rebound = keep(p.thymic_rebound_decay);
  r.keep_bulk = keep(p.bulk_memory_turnover);
  r.keep_effector = keep(p.effector_turnover);
  r.keep_treg = keep(p.treg_turnover);
  r.keep_treg_bloom = keep(p.treg_bloom_turnover);
  r.keep_memory = keep(p.memory_turnover);
  r.keep_memory_b = keep(p.memory_b_turnover);
  r.keep_naive_b = keep(p.naive_b_turnover);
  r.keep_ebv = keep(p.ebv_turnover);
  r.keep_plasma = keep(p.plasma_turnover);
  r.keep_stimulus = keep(p.stimulus_decay);
  r.keep_fever = keep(p.fever_decay);
  r.keep_resident = keep(p.resident_memory_turnover);
  r.keep_compartment = keep(p.compartment_turnover);
  r.keep_activity = keep(p.lesion_activity_decay);
  r.keep_microglia = keep(p.microglia_turnover);
  r.keep_toxic_volume = keep(p.toxic_volume_decay);
  r.toxic_volume_flow = 1.0 - r.keep_toxic_volume;
  r.keep_nfl = math::exp(-0.6931471805599453 * dt / p.nfl_decay.value);
  r.keep_progenitors = keep(p.progenitor_turnover);
  r.keep_cytokines = keep(p.cytokine_turnover);
  r.keep_barrier = keep(p.barrier_turnover);
  r.keep_t2 = math::exp(-p.t2_resolution.value / k_days_per_year * dt);
  r.resolve_block = 1.0 - keep(p.block_recovery);

  r.grow_thymus = math::exp(-p.thymic_decline.value / k_days_per_year * dt);
  r.grow_compartment = grow(p.compartment_age_slope);
  r.grow_remyelination = math::exp(-p.remyelination_age_slope.value / k_days_per_year * dt);
  r.grow_axon_loss = grow(p.axon_loss_age_slope);
  one_day_of_year(r.season_cos, r.season_sin);
  r.season_amplitude = p.infection_season_amplitude.value;

  r.infection_rate_day = p.infection_rate.value / k_days_per_year;
  r.stimulus_mean = p.infection_stimulus.value;
  r.fever_mean = p.fever_rise.value;
  r.stimulus_baseline = p.stimulus_baseline.value;
  // Mean of U: infections a day, times their mean stimulus, times how long it lasts (U0 of docs/model.md).
  const double stimulus_reference =
      r.infection_rate_day * p.infection_stimulus.value * p.stimulus_decay.value;
  r.naive_precursor_share = p.naive_precursor_share.value;
  r.treg_bloom_ratio = p.treg_bloom_ratio.value;
  r.treg_bloom_offset = p.treg_bloom_offset.value;
  r.treg_restraint = p.treg_restraint.value;
  r.cooperativity_square = p.memory_cooperativity.value * p.memory_cooperativity.value;
  r.precursors_square = 1.0 - p.graded_regrowth.value;
  r.precursors_linear = p.graded_regrowth.value * p.memory_cooperativity.value;
  const double recruitment_at_rest = (r.precursors_square + r.precursors_linear + r.cooperativity_square) /
                                     (r.precursors_square + r.precursors_linear);
  r.recruitment_over_stimulus = recruitment_at_rest / (r.stimulus_baseline + stimulus_reference);
  r.memory_b_share = p.memory_b_share.value;
  r.ebv_share = p.ebv_share.value;
  r.ebv_surveillance = p.ebv_surveillance.value;
  r.per_niche_set_point = 1.0 / p.niche_set_point.value;
  r.niche_expansion_step = p.niche_expansion_rate.value * dt;
  r.niche_share_reactive = p.niche_share_reactive.value;
  r.naive_count_share = p.naive_count_share.value;
  r.cytokine_infection_share = p.cytokine_infection_share.value;
  r.infection_tone_over_stimulus = r.cytokine_infection_share / (r.stimulus_baseline + stimulus_reference);
  r.barrier_by_cytokines = p.barrier_by_cytokines.value;
  r.resident_lesion_share = p.resident_lesion_share.value;
  r.compartment_feeding = p.compartment_feeding.value;
  const double compartment_drives = 1.0 - p.age_driven_progression.value;
  r.compartment_self_drive = compartment_drives * p.compartment_self_drive.value;
  r.microglia_by_compartment = p.microglia_by_compartment.value;
  r.microglia_by_bare_axons = p.microglia_by_bare_axons.value;

  r.lesion_rate_day = p.lesion_rate.value / k_days_per_year;
  r.activity_per_lesion =
      k_days_per_year / (p.lesion_activity_reference.value * p.lesion_activity_decay.value);
  r.hit_median = p.lesion_hit.value;
  r.hit_log_sd = p.lesion_hit.spread;
  r.hit_cap = p.lesion_hit_cap.value;
  r.volume_median = p.lesion_volume.value;
  r.volume_log_sd = p.lesion_volume.spread;
  r.volume_size_correlation = p.lesion_volume_size_correlation.value;
  r.volume_own_share = core::square_root(1.0 - r.volume_size_correlation * r.volume_size_correlation);
  r.t2_residual_share = p.t2_residual_share.value;
  // Lesions with a rim grow where the others shrink.
  r.t2_expansion_step = per_step(p.t2_expansion) + per_step(p.t2_resolution);
  r.log_iron_median = math::log(p.lesion_iron_uptake.value);
  r.log_iron_sd = p.lesion_iron_uptake.spread;
  r.rim_end_day = 1.0 / (p.rim_life.value * k_days_per_year);
  r.t2_detection = p.t2_detection.value;
  r.t1_share = p.t1_share.value;
  r.t1_core_share = p.t1_core_share.value;
  r.enhancement_median = p.enhancement_duration.value;
  r.enhancement_log_sd = p.enhancement_duration.spread;
  r.enhancement_longest = p.enhancement_longest.value;

  const double share[k_sites] = {p.site_optic_nerve.value, p.site_cord.value, p.site_brainstem.value,
                                 p.site_cerebellum.value, p.site_hemisphere.value};
  double total = 0.0;
  for (const double s : share) total += s;
  double sum = 0.0;
  for (std::size_t s = 0; s < k_sites; ++s) {
    sum += share[s] / total;
    r.site_cumulative[s] = sum;
  }
  const auto weight = [&r](Site site, System system) -> double& {
    return r.site_weight[static_cast<std::size_t>(site)][index(system)];
  };
  weight(Site::optic_nerve, System::visual) = p.optic_nerve_visual.value;
  weight(Site::cord, System::pyramidal) = p.cord_pyramidal.value;
  weight(Site::cord, System::sensory) = p.cord_sensory.value;
  weight(Site::cord, System::bowel_bladder) = p.cord_bowel_bladder.value;
  weight(Site::cord, System::cerebellar) = p.cord_cerebellar.value;
  weight(Site::brainstem, System::brainstem) = p.brainstem_brainstem.value;
  weight(Site::brainstem, System::cerebellar) = p.brainstem_cerebellar.value;
  weight(Site::brainstem, System::pyramidal) = p.brainstem_pyramidal.value;
  weight(Site::brainstem, System::sensory) = p.brainstem_sensory.value;
  weight(Site::brainstem, System::bowel_bladder) = p.brainstem_bowel_bladder.value;
  weight(Site::cerebellum, System::cerebellar) = p.cerebellum_cerebellar.value;
  weight(Site::cerebellum, System::brainstem) = p.cerebellum_brainstem.value;
  weight(Site::cerebellum, System::pyramidal) = p.cerebellum_pyramidal.value;
  weight(Site::hemisphere, System::cerebral) = p.hemisphere_cerebral.value;
  weight(Site::hemisphere, System::pyramidal) = p.hemisphere_pyramidal.value;
  weight(Site::hemisphere, System::sensory) = p.hemisphere_sensory.value;
  weight(Site::hemisphere, System::bowel_bladder) = p.hemisphere_bowel_bladder.value;

  r.fates = fates_of(p);
  r.transection_share = p.transection_share.value;
  r.bare_transection_share = p.bare_transection_share.value;
  r.demyelinated_share = p.demyelinated_share.value;
  r.demyelinated_share_cap = p.demyelinated_share_cap.value;
  r.late_remyelination_step = per_step(p.late_remyelination);
  r.remyelination_microglia_block = p.remyelination_microglia_block.value;
  r.oligodendrocyte_loss = p.oligodendrocyte_loss.value;
  r.progenitor_loss = p.progenitor_loss.value;
  r.progenitor_share = p.remyelination_by_progenitors.value;
  r.oligodendrocyte_exchange_step = per_step(p.oligodendrocyte_exchange);
  r.differentiation_over_late = per_step(p.progenitor_differentiation) / r.late_remyelination_step;
  r.debris_clearance_step = dt / p.debris_clearance.value;
  r.bare_loss_step = per_step(p.bare_axon_loss);
  r.bare_loss_base = p.bare_axon_loss_base.value;
  r.smouldering_step = per_step(p.smouldering_loss);
  r.age_loss_step = compartment_drives * per_step(p.age_axon_loss) +
                    p.age_driven_progression.value * per_step(p.age_axon_loss_alone);
  r.length[index(System::visual)] = p.length_visual.value;
  r.length[index(System::brainstem)] = p.length_brainstem.value;
  r.length[index(System::pyramidal)] = p.length_pyramidal.value;
  r.length[index(System::cerebellar)] = p.length_cerebellar.value;
  r.length[index(System::sensory)] = p.length_sensory.value;
  r.length[index(System::bowel_bladder)] = p.length_bowel_bladder.value;
  r.length[index(System::cerebral)] = p.length_cerebral.value;

  r.conduction = conduction_of(p);
  r.body_celsius = p.body_temperature.value;
  r.inflammation_conduction = p.inflammation_conduction.value;
  r.loss_threshold = p.loss_threshold.value;
  r.grade_half_loss = p.grade_half_loss.value;
  r.grade_scale = p.grade_scale.value;
  r.walk_weight[index(System::pyramidal)] = p.walk_pyramidal.value * p.walk_amplitude.value;
  r.walk_weight[index(System::cerebellar)] = p.walk_cerebellar.value * p.walk_amplitude.value;
  r.walk_weight[index(System::sensory)] = p.walk_sensory.value * p.walk_amplitude.value;
  const double thresholds[13] = {p.walk_limited.value,    p.walk_500m.value,      p.walk_300m.value,
                                 p.walk_200m.value,       p.walk_100m.value,      p.walk_two_aids.value,
                                 p.walk_wheelchair.value, p.walk_few_steps.value, p.walk_chair.value,
                                 p.walk_bed_arms.value,   p.walk_bed.value,       p.walk_helpless.value,
                                 p.walk_terminal.value};
  for (std::size_t i = 0; i < 13; ++i) {
    r.walk_threshold[i] = thresholds[0] + p.walk_step_width.value * (thresholds[i] - thresholds[0]);
  }

  r.relapse_block = p.relapse_block.value;
  // Rater noise of one grade has a part of its own and one that all systems share; squares add to that
  // of rater_noise.
  r.rater_shared = p.rater_noise.value * p.rater_noise_shared.value;
  r.rater_white =
      p.rater_noise.value * core::square_root(1.0 - p.rater_noise_shared.value * p.rater_noise_shared.value);
  r.slow_fluctuation = p.slow_fluctuation.value;
  r.slow_period_day = p.slow_fluctuation_period.value;
  r.walk_noise = p.walk_noise.value;
  r.t25fw_best = p.t25fw_best.value;
  r.t25fw_slope = p.t25fw_slope.value;
  r.t25fw_noise = p.t25fw_noise.value;
  r.nhpt_best = p.nhpt_best.value;
  r.nhpt_slope = p.nhpt_slope.value;
  r.nhpt_noise = p.nhpt_noise.value;
  r.sdmt_best = p.sdmt_best.value;
  r.sdmt_slope = p.sdmt_slope.value;
  r.sdmt_noise = p.sdmt_noise.value;

  r.atrophy_base_step = per_step(p.atrophy_at_25);
  r.atrophy_slope_step = per_step(p.atrophy_age_slope);
  r.atrophy_by_axon_loss = p.atrophy_by_axon_loss.value;
  r.atrophy_per_ml = p.atrophy_by_lesion.value;
  r.oedema_volume = p.oedema_volume.value;
  r.nfl_acute = p.nfl_acute.value;
  r.nfl_slow = p.nfl_slow.value;
  return r;
}

}  // namespace hortega::disease
