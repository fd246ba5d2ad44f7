// SPDX-License-Identifier: Apache-2.0
//
// The equations of one untreated person, one day at a time, as templates over the number type.
//
// They start from a fitted prototype and add what its misfits asked for (docs/model.md marks both): survivors
// of depletion expand into the empty niche (bulk_memory), a tissue-resident memory pool (resident), lesions
// whose size and eloquence differ between people (lesion_size, silent_share), a state of remyelinated fibres,
// neurofilament weighted to acute loss. Linear decays are integrated exactly over a step and flows between
// tissue fractions are shares of what is there, so that pools stay positive and the fractions of a system sum
// to one by construction.
#pragma once

#include "hortega/core/lanes.hpp"
#include "hortega/core/math.hpp"
#include "hortega/disease/rates.hpp"
#include "hortega/disease/state.hpp"

namespace hortega::disease {

/// Reference ages of the age factors f_*: where each factor is 1. A choice of scale, not a measurement.
inline constexpr double k_reference_age_thymus = 30.0;       // not biology: scale
inline constexpr double k_reference_age_compartment = 40.0;  // not biology: scale
inline constexpr double k_reference_age_lesion = 35.0;       // not biology: scale
inline constexpr double k_reference_age_axon_loss = 45.0;    // not biology: scale
inline constexpr double k_reference_age_atrophy = 25.0;      // not biology: scale

/// Relaxes x towards target; keep = exp(-dt/tau), exact for a target held over the step.
template <class T>
T relax(const T& x, const T& target, double keep) {
  return target + (x - target) * T(keep);
}

/// What a step needs that traits and levers alone decide: made once for a stretch of days.
template <class T>
struct Steady {
  T survive_t, survive_b;  // shares of a step's deaths by continuous killing
  T feeding;               // of compartmentalised inflammation by resident memory
  T resolve;               // share of blocked fibres that resolve in a step
  T repair;                // late remyelination of a step, before age and inflammation
  T smoulder;              // slow axon loss of a step per unit of microglial activation
  T toxic;                 // axon loss of a step by a therapy
};

template <class T>
Steady<T> steady_of(const Rates& r, const Traits<T>& trait, const Levers<T>& lever) {
  const T one(1.0);
  const T dt(r.dt_day);
  // 1/(1+x) stays positive for any rate of killing.
  return {
      one / (one + lever.kill_t * dt),
      one / (one + lever.kill_b * dt),
      trait.compartment_propensity * T(r.compartment_feeding),
      core::min(T(0.25), T(r.resolve_block) * lever.recovery),  // not biology: at most a quarter in a step
      T(r.late_remyelination_step) * trait.remyelination_capacity * lever.remyelination,
      T(r.smouldering_step) * trait.axon_vulnerability,
      lever.toxic_axon * dt};
}

/// Flux of effector cells into the CNS (1 untreated). Entry and egress are levers.
template <class T>
T traffic(const State<T>& s, const Levers<T>& lever) {
  return s.effector * lever.entry * lever.egress;
}

/// Lesion births expected on a day: traffic through the barrier as far as it is open, and a little from
/// tissue-resident memory behind it.
template <class T>
T lesion_births_expected(const Rates& r, const State<T>& s, const Traits<T>& trait, const Levers<T>& lever) {
  return T(r.lesion_rate_day) * trait.lesion_propensity *
         (s.barrier + T(r.resident_lesion_share) * s.resident) * lever.barrier_seal;
}

/// Immunity outside the CNS and inflammation inside it, over one step.
template <class T>
void step_immunity(const Rates& r, State<T>& s, const Levers<T>& lever, const Steady<T>& steady) {
  using core::max;
  using core::min;
  using core::select;
  const T one(1.0);
  const T survive_t = steady.survive_t;
  const T survive_b = steady.survive_b;

  // Thymus: output falls with age; after depletion it rebounds for a while (docs/model.md).
  const T output = s.f_thymus * (one + s.thymic_rebound);
  s.naive = relax(s.naive, output, r.keep_naive) * survive_t;
  s.naive_reactive = relax(s.naive_reactive, output * s.repertoire, r.keep_naive) * survive_t;
  s.thymic_rebound = s.thymic_rebound * T(r.keep_rebound);

  // Empty niche: below the set point memory cells divide; CNS-reactive ones take part less than others
  // (homeostatic expansion after depletion; docs/model.md).
  const T count = T(r.naive_count_share) * s.naive + T(1.0 - r.naive_count_share) * s.bulk_memory;
  const T vacancy = max(T(0.0), one - count * T(r.per_niche_set_point));
  const T expansion = one + T(r.niche_expansion_step) * vacancy;
  const T expansion_reactive = one + T(r.niche_expansion_step * r.niche_share_reactive) * vacancy;
  s.bulk_memory = relax(s.bulk_memory, one, r.keep_bulk) * expansion * survive_t;

  // Activation: memory B cells present antigen, a part of them because they carry Epstein-Barr virus;
  // infections help, regulatory cells restrain (docs/model.md).
  // The naive pool enters by its square root: only the product of that exponent with the thymic decline is
  // identified.
  const T presentation = T(1.0 - r.memory_b_share) + T(r.memory_b_share * (1.0 - r.ebv_share)) * s.memory_b +
                         T(r.memory_b_share * r.ebv_share) * s.ebv;
  const T help = T(r.stimulus_baseline) + s.stimulus;  // over its mean, below
  const T drive = presentation * core::square_root(s.naive_reactive) * help * lever.activation;
  // Restrained by regulatory cells, for activation and cytokines alike: (1 + k_R) / (1 + k_R R), 1 untreated.
  // Co-operative in the precursors: P^2 / (P^2 + k^2), 1 in the untreated. The rival (graded_regrowth) is
  // linear at few precursors, k P / (k P + k^2) = P / (P + k): few cells grow back as surely as many, only
  // later, unless chance leaves none (Traits::clone_threshold). One division serves all.
  const T precursors = s.memory + T(r.naive_precursor_share) * s.naive_reactive;
  const T square_p = precursors * (T(r.precursors_square) * precursors + T(r.precursors_linear));
  const T saturating = square_p + T(r.cooperativity_square);
  const T divided = T(1.0 + r.treg_restraint) / (saturating * (one + T(r.treg_restraint) * s.treg));
  const T recruited = drive * T(r.recruitment_over_stimulus) * square_p * divided;

  // Cytokine tone: effector cells and infections for, regulatory cells against. The barrier opens with
  // traffic, the more so the higher the tone.
  const T tone =
      (T(1.0 - r.cytokine_infection_share) * s.effector + T(r.infection_tone_over_stimulus) * help) *
      divided * saturating;
  s.cytokines = relax(s.cytokines, tone, r.keep_cytokines);
  const T opening = T(1.0 - r.barrier_by_cytokines) + T(r.barrier_by_cytokines) * s.cytokines;
  s.barrier = relax(s.barrier, traffic(s, lever) * opening, r.keep_barrier);

  const T effector = s.effector;
  const auto bloom = s.treg > T(r.treg_bloom_ratio) * effector + T(r.treg_bloom_offset);
  const T keep_treg = select(bloom, T(r.keep_treg_bloom), T(r.keep_treg));
  const T treg_target = effector + lever.treg_gain;
  s.treg = treg_target + (s.treg - treg_target) * keep_treg;
  s.memory = relax(s.memory, effector, r.keep_memory) * expansion_reactive * survive_t;
  s.effector = relax(effector, recruited, r.keep_effector) * survive_t;
  // The virus lives in memory B cells, refills them slowly, and spreads where T cells are few. Plasma cells
  // live for decades, express no CD20, and are replaced from memory B cells.
  s.ebv = relax(s.ebv, s.memory_b * (one + T(r.ebv_surveillance) * vacancy), r.keep_ebv) * survive_b;
  s.plasma = relax(s.plasma, s.memory_b, r.keep_plasma);
  s.memory_b = relax(s.memory_b, one, r.keep_memory_b) * survive_b;
  s.naive_b = relax(s.naive_b, one, r.keep_naive_b) * survive_b;
  s.stimulus = s.stimulus * T(r.keep_stimulus);
  s.fever = s.fever * T(r.keep_fever);

  // Inside the CNS (docs/model.md). Resident memory is laid down by traffic and feeds the compartment, which
  // sustains itself above a threshold.
  const T j = effector * lever.entry * lever.egress;
  const T square = s.compartment * s.compartment;
  const T fourth = square * square;
  const T compartment_target =
      steady.feeding * s.resident + T(r.compartment_self_drive) * s.f_compartment * fourth / (one + fourth);
  s.resident = relax(s.resident, j, r.keep_resident);
  T bare_mean(0.0);
  for (std::size_t k = 0; k < k_systems; ++k) bare_mean = bare_mean + s.bare[k];
  bare_mean = bare_mean * T(1.0 / k_systems);
  const T microglia_target =
      (T(r.microglia_by_compartment) * s.compartment + T(r.microglia_by_bare_axons) * bare_mean) *
      lever.microglia;
  s.microglia = relax(s.microglia, microglia_target, r.keep_microglia);
  s.compartment = relax(s.compartment, compartment_target, r.keep_compartment);
  s.activity = s.activity * T(r.keep_activity);
}

/// Fibres of each system over one step: blocked ones recover or stay bare, bare ones are remyelinated late or
/// die, intact and remyelinated ones smoulder away (docs/model.md). Both kinds of remyelination go with the
/// cells that can make myelin: oligodendrocytes that survived (Yeung 2019: those of shadow plaques are old)
/// and, for a part, progenitors, which mature where age, inflammation and debris permit it. No dynamic model
/// of human remyelination with these pools was found: the form is ours, linear in each pool.
/// Returns the mean share of fibres lost in the step.
template <class T>
T step_tissue(const Rates& r, State<T>& s, const Levers<T>& lever, const Steady<T>& steady) {
  using core::max;
  using core::min;
  const T one(1.0);
  const T quarter(0.25);  // not biology: no flow takes more than a quarter of a pool in one step
  const T permit = steady.repair * s.f_remyelination /
                   (one + s.activity + T(r.remyelination_microglia_block) * s.microglia);
  const T maturing = T(r.differentiation_over_late);
  const T cleared = min(quarter, T(r.debris_clearance_step) * s.f_remyelination);  // phagocytes age too
  const T slow_factor = s.f_axon_loss * lever.trophic;
  const T smoulder = (T(r.age_loss_step) + steady.smoulder * s.microglia) * slow_factor;
  const T bare_extra = T(r.bare_loss_step) * (T(r.bare_loss_base) + s.microglia) * slow_factor;
  const T toxic = steady.toxic;
  T lost_total(0.0);
  for (std::size_t k = 0; k < k_systems; ++k) {
    const T blocked = s.blocked[k];
    const T bare = s.bare[k];
    const T remyelinated = s.remyelinated[k];
    const T intact = max(T(0.0), one - blocked - bare - remyelinated - s.lost[k]);
    const T die = min(quarter, T(r.length[k]) * smoulder + toxic);
    const T die_bare = min(quarter, die + bare_extra);
    const T myelinating =
        T(1.0 - r.progenitor_share) * s.oligodendrocytes[k] + T(r.progenitor_share) * s.progenitors[k];
    const T permitted = min(quarter, permit * (one - s.debris[k]));
    const T matured = min(quarter, permitted * maturing) * s.progenitors[k] * (one - s.oligodendrocytes[k]);
    const T resolved = blocked * steady.resolve;
    // Cells of a graft myelinate where the person's own would, at the same pace.
    const T repaired = min(quarter * bare, bare * permitted * (myelinating + lever.grafted));
    const T lost_bare = bare * die_bare;
    const T lost_remyelinated = remyelinated * die;
    const T lost_now = intact * die + lost_bare + lost_remyelinated;
    s.blocked[k] = blocked - resolved;
    // Every lesion's block resolves at one rate, so the mean share that stays bare of what is blocked holds
    // until the next lesion is born.
    s.bare[k] = bare + resolved * (one - (one - s.stays_bare[k]) * myelinating) - repaired - lost_bare;
    s.remyelinated[k] = remyelinated + repaired - lost_remyelinated;
    s.lost[k] = s.lost[k] + lost_now;
    s.oligodendrocytes[k] =
        s.oligodendrocytes[k] + matured + T(r.oligodendrocyte_exchange_step) * (one - s.oligodendrocytes[k]);
    s.progenitors[k] = relax(s.progenitors[k] - matured, one, r.keep_progenitors);
    s.debris[k] = s.debris[k] - s.debris[k] * cleared;
    lost_total = lost_total + lost_now;
  }
  return lost_total * T(1.0 / k_systems);
}

/// T2 lesion volume, brain volume and neurofilament, over one step.
template <class T>
void step_markers(const Rates& r, State<T>& s, const Levers<T>& lever, const T& lost_now) {
  using core::max;
  const T ageing =
      T(r.atrophy_base_step) + T(r.atrophy_slope_step) * max(T(0.0), s.age_year - T(k_reference_age_atrophy));
  const T toxic = s.toxic_volume * T(r.toxic_volume_flow) + lever.toxic_volume * T(r.dt_day);
  s.brain_loss_percent = s.brain_loss_percent + ageing + T(r.atrophy_by_axon_loss * 100.0) * lost_now + toxic;
  s.toxic_volume = s.toxic_volume * T(r.keep_toxic_volume);
  s.nfl = s.nfl * T(r.keep_nfl) + T(r.nfl_slow) * lost_now;
  // Old lesions shrink, or expand slowly where they keep a rim.
  s.t2_volume_ml = s.t2_volume_ml * T(r.keep_t2) * (T(1.0) + T(r.t2_expansion_step) * s.rim_part);
  s.f_thymus = s.f_thymus * T(r.grow_thymus);
  s.f_compartment = s.f_compartment * T(r.grow_compartment);
  s.f_remyelination = s.f_remyelination * T(r.grow_remyelination);
  s.f_axon_loss = s.f_axon_loss * T(r.grow_axon_loss);
  s.age_year = s.age_year + T(r.dt_day / 365.25);
}

/// Area of a section through a lesion relative to that through the lesion of median volume, from the natural
/// logarithm of its volume relative to the median: lesions of one shape.
template <class T>
T relative_section(const T& log_volume) {
  return math::exp(T(2.0 / 3.0) * log_volume);  // not biology: an area of a volume
}

/// What one lesion does on the day of its birth, in the lanes of `born`. u[16] are its uniforms. Returns the
/// days for which it enhances; sets `eloquent` where the lesion reaches fibres of a system. What becomes of
/// it is the table's (lesion_fate.hpp).
template <class T>
T lesion_birth(const Rates& r, State<T>& s, const Traits<T>& trait, const core::Mask<T>& born,
               const T (&u)[16], core::Mask<T>& eloquent) {
  using core::max;
  using core::min;
  using core::select;
  const T zero(0.0);
  const T one(1.0);
  // Lanes without a lesion ask for the median, which needs no tail of the quantile.
  const T half(0.5);
  const T z_size = math::normal_quantile(select(born, u[0], half));
  const T z_volume = math::normal_quantile(select(born, u[1], half));
  const T z_duration = math::normal_quantile(select(born, u[2], half));
  const T size = trait.lesion_size;
  const T hit = min(T(r.hit_cap), T(r.hit_median) * size * math::exp(T(r.hit_log_sd) * z_size));
  const T log_volume = math::log(size) + T(r.volume_log_sd) * (T(r.volume_size_correlation) * z_size +
                                                               T(r.volume_own_share) * z_volume);
  const T volume = T(r.volume_median) * math::exp(log_volume);
  const T duration = min(T(r.enhancement_longest),
                         max(one, T(r.enhancement_median) * math::exp(T(r.enhancement_log_sd) * z_duration)));
  eloquent = born && (u[3] >= trait.silent_share);
  const T z_iron = math::normal_quantile(select(born, u[12], half));
  const Fate<T> fate = fate_of(r.fates, born, relative_section(log_volume), s.age_year,
                               T(r.log_iron_median) + T(r.log_iron_sd) * z_iron);

  // Marks of the person that do not depend on eloquence.
  s.lesions = s.lesions + select(born, one, zero);
  const core::Mask<T> seen = born && (u[4] < T(r.t2_detection));
  s.t2_seen = s.t2_seen + select(seen, one, zero);
  // Chronic black holes: lesions whose axons were destroyed, more often where transection is. Their part of
  // the T2 volume is kept, so that it shrinks and expands with the whole. Likewise the part with a rim.
  const T t2_added = T(r.t2_residual_share) * volume;
  const core::Mask<T> hole = born && (u[11] < T(r.t1_share) * fate.transected);
  s.t1_seen = s.t1_seen + select(hole && seen, one, zero);
  const core::Mask<T> rim = seen && (u[13] < fate.rim);
  s.rims = s.rims + select(rim, one, zero);
  const T t1_now = s.t1_part * s.t2_volume_ml + select(hole, T(r.t1_core_share) * t2_added, zero);
  const T rim_now = s.rim_part * s.t2_volume_ml + select(rim, t2_added, zero);
  s.t1_part = select(born, t1_now / (s.t2_volume_ml + t2_added), s.t1_part);
  s.rim_part = select(born, rim_now / (s.t2_volume_ml + t2_added), s.rim_part);
  s.t2_volume_ml = s.t2_volume_ml + select(born, t2_added, zero);
  s.brain_loss_percent = s.brain_loss_percent + select(born, T(r.atrophy_per_ml) * volume, zero);
  s.activity = s.activity + select(born, T(r.activity_per_lesion), zero);
  s.enhancing = s.enhancing + select(born, one, zero);

  const T transected =
      min(T(0.9), T(r.transection_share) * fate.transected);  // not biology: a share below one
  // Not remyelinated in the window after the attack.
  const T stays_bare = min(T(r.demyelinated_share_cap),
                           T(r.demyelinated_share) * fate.stays_bare / trait.remyelination_capacity);
  T acute_loss(0.0);
  for (std::size_t k = 0; k < k_systems; ++k) {
    T weight(r.site_weight[k_sites - 1][k]);
    for (std::size_t site = k_sites - 1; site-- > 0;) {
      weight = select(u[5] < T(r.site_cumulative[site]), T(r.site_weight[site][k]), weight);
    }
    // How much of the site's share of this system is reached: uniform with mean 1, by rotating one uniform.
    // The rotation is the fraction of k times the golden ratio.
    constexpr double k_golden = 0.6180339887498949;  // not biology: golden ratio
    const double turns = static_cast<double>(k) * k_golden;
    T reach = u[6] + T(turns - static_cast<double>(static_cast<int>(turns)));
    reach = select(reach >= one, reach - one, reach);
    const T share =
        select(eloquent, min(T(0.95), hit * weight * T(2.0) * reach), zero);  // not biology: below one
    const T intact = max(zero, one - s.blocked[k] - s.bare[k] - s.remyelinated[k] - s.lost[k]);
    const T from_intact = share * intact;
    const T from_remyelinated = share * s.remyelinated[k];
    const T from_bare = share * T(r.bare_transection_share) * s.bare[k];
    const T lost_now = transected * (from_intact + from_remyelinated) + from_bare;
    const T blocked_now = (one - transected) * (from_intact + from_remyelinated);
    const T blocked = s.blocked[k] + blocked_now;
    const T mixed = (s.blocked[k] * s.stays_bare[k] + blocked_now * stays_bare) / blocked;
    s.stays_bare[k] = select(blocked_now > zero, mixed, s.stays_bare[k]);
    s.blocked[k] = blocked;
    s.remyelinated[k] = s.remyelinated[k] - from_remyelinated;
    s.bare[k] = s.bare[k] - from_bare;
    s.lost[k] = s.lost[k] + lost_now;
    s.oligodendrocytes[k] = s.oligodendrocytes[k] * (one - T(r.oligodendrocyte_loss) * share);
    s.progenitors[k] = s.progenitors[k] * (one - T(r.progenitor_loss) * share);
    s.debris[k] = s.debris[k] + share * (one - s.debris[k]);
    acute_loss = acute_loss + lost_now;
  }
  s.nfl = s.nfl + T(r.nfl_acute / k_systems) * acute_loss;
  return duration;
}

}  // namespace hortega::disease
