// SPDX-License-Identifier: Apache-2.0
//
// The parameters turned into what a day needs: decay factors, daily rates, the table of sites. Made once per
// run.
#pragma once

#include "hortega/disease/conduction.hpp"
#include "hortega/disease/lesion_fate.hpp"
#include "hortega/disease/parameters.hpp"
#include "hortega/disease/systems.hpp"

namespace hortega::disease {

struct Rates {
  int substeps = 1;
  double dt_day = 1.0;

  // Decay over one step, exp(-dt/tau).
  double keep_naive, keep_rebound, keep_bulk, keep_effector, keep_treg, keep_treg_bloom, keep_memory,
      keep_memory_b, keep_naive_b, keep_ebv, keep_plasma, keep_stimulus, keep_fever, keep_resident,
      keep_compartment, keep_activity, keep_microglia, keep_toxic_volume, keep_nfl, keep_progenitors, keep_t2,
      keep_cytokines, keep_barrier, resolve_block;
  // Age factors over one step.
  double grow_thymus, grow_compartment, grow_remyelination, grow_axon_loss;
  double season_cos, season_sin;  // rotation of one day
  double season_amplitude;

  double infection_rate_day, stimulus_mean, fever_mean, stimulus_baseline;
  double naive_precursor_share;
  double treg_bloom_ratio, treg_bloom_offset, treg_restraint;
  double cooperativity_square, precursors_square, precursors_linear, memory_b_share, ebv_share,
      ebv_surveillance;
  double recruitment_over_stimulus;     // recruitment at rest over the mean help of infections
  double infection_tone_over_stimulus;  // infections' share of the cytokine tone, over the same
  double per_niche_set_point, niche_expansion_step, niche_share_reactive, naive_count_share;
  double cytokine_infection_share, barrier_by_cytokines;
  double resident_lesion_share;
  double compartment_feeding, compartment_self_drive;
  double microglia_by_compartment, microglia_by_bare_axons;

  double lesion_rate_day, activity_per_lesion, hit_median, hit_log_sd, hit_cap;
  double volume_median, volume_log_sd, volume_size_correlation, volume_own_share, t2_residual_share,
      t2_detection, t1_share, t1_core_share;
  double t2_expansion_step;  // of the part with a rim, relative to the rest
  LesionFates fates;
  double log_iron_median, log_iron_sd;  // natural logarithm, between lesions
  double rim_end_day;                   // chance of one rim on a day
  double enhancement_median, enhancement_log_sd, enhancement_longest;
  double site_cumulative[k_sites];
  double site_weight[k_sites][k_systems];

  double transection_share, bare_transection_share, demyelinated_share, demyelinated_share_cap;
  double late_remyelination_step, remyelination_microglia_block;
  double oligodendrocyte_loss, progenitor_loss, progenitor_share, oligodendrocyte_exchange_step,
      differentiation_over_late, debris_clearance_step;  // differentiation over late remyelination
  double bare_loss_step, bare_loss_base, smouldering_step, age_loss_step, length[k_systems];

  Conduction conduction;  // of fibres, by body temperature
  double body_celsius, inflammation_conduction;
  double loss_threshold, grade_half_loss, grade_scale;
  double walk_weight[k_systems];
  double walk_threshold[13];  // ambulation scores of walk_edss

  double relapse_block;
  double rater_white, rater_shared, slow_fluctuation, walk_noise;
  double slow_period_day;
  double t25fw_best, t25fw_slope, t25fw_noise, nhpt_best, nhpt_slope, nhpt_noise, sdmt_best, sdmt_slope,
      sdmt_noise;

  double atrophy_base_step, atrophy_slope_step, atrophy_by_axon_loss, atrophy_per_ml, oedema_volume,
      toxic_volume_flow;
  double nfl_acute, nfl_slow;
};

/// EDSS steps that walking alone sets, by increasing loss; walk_threshold[i] is where walk_edss[i] begins.
// not biology from here: steps of the scale
inline constexpr double walk_edss[13] = {2.0, 4.5, 5.0, 5.5, 6.0, 6.5, 7.0, 7.5, 8.0, 8.5, 9.0, 9.5, 10.0};
// not biology to here

/// Cosine and sine of the year's phase advanced by one day.
void one_day_of_year(double& cosine, double& sine);

/// substeps: steps per day of the ordinary differential equations (1 in production; more to show
/// convergence).
Rates make_rates(const Parameters& p, int substeps = 1);

}  // namespace hortega::disease
