// SPDX-License-Identifier: Apache-2.0
#include "hortega/disease/person.hpp"

#include "hortega/core/math.hpp"
#include "hortega/core/random.hpp"
#include "hortega/disease/equations.hpp"

#include <algorithm>
#include <array>

namespace hortega::disease {

namespace {

// Order of the draws: part of the results, append only.
struct TraitDraws {
  double lesion, compartment, axon, remyelination, reserve, size, silent, infection, sex, onset, season,
      weight, height, lymphocytes, neutrophils, platelets, nfl, clones;
};

TraitDraws draw_traits(std::uint64_t seed, std::uint32_t person) {
  core::Draws d({seed, person, 0}, core::Purpose::traits, 0);
  TraitDraws t{};
  t.lesion = d.normal();
  t.compartment = d.normal();
  t.axon = d.normal();
  t.remyelination = d.normal();
  t.reserve = d.normal();
  t.size = d.normal();
  t.silent = d.normal();
  t.infection = d.normal();
  t.sex = d.uniform();
  t.onset = d.uniform();
  t.season = d.uniform();
  t.weight = d.normal();
  t.height = d.normal();
  t.lymphocytes = d.normal();
  t.neutrophils = d.normal();
  t.platelets = d.normal();
  t.nfl = d.normal();
  t.clones = d.uniform();
  return t;
}

double log_normal_mean_one(double sd, double z) { return math::exp(sd * z - 0.5 * sd * sd); }

// Standard normal distribution function by bisection of its quantile: only called once per person.
double normal_below(double z) {
  double low = 1e-12;
  double high = 1.0 - 1e-12;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (math::normal_quantile(middle) < z ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

// Normal age at onset, truncated to its bounds by inversion. The bounds' probabilities cost 120 quantiles and
// are the same for everybody of a run: kept per thread, by the numbers that they follow from.
double onset_age(const Parameters& p, double u) {
  struct Bounds {
    std::array<double, 4> of{};
    double low = 0.0;
    double high = 1.0;
  };
  static thread_local Bounds bounds;
  const core::Parameter& age = p.onset_age_mean;
  const std::array<double, 4> of = {age.value, age.spread, p.onset_age_low.value, p.onset_age_high.value};
  if (bounds.of != of) {
    bounds = {of, normal_below((p.onset_age_low.value - age.value) / age.spread),
              normal_below((p.onset_age_high.value - age.value) / age.spread)};
  }
  return age.value + age.spread * math::normal_quantile(bounds.low + u * (bounds.high - bounds.low));
}

}  // namespace

Profile make_profile(const Parameters& p, std::uint64_t seed, std::uint32_t person) {
  const TraitDraws t = draw_traits(seed, person);
  Profile f;
  f.female = t.sex < p.female_share.value;
  f.onset_age_year = onset_age(p, t.onset);
  const core::Parameter& weight = f.female ? p.weight_female : p.weight_male;
  const core::Parameter& height = f.female ? p.height_female : p.height_male;
  f.weight_kg = weight.value * math::exp(weight.spread * t.weight);
  f.height_cm = height.value * math::exp(height.spread * t.height);
  f.lymphocytes_1e9_per_l = p.lymphocyte_count.value * math::exp(p.lymphocyte_count.spread * t.lymphocytes);
  f.neutrophils_1e9_per_l = p.neutrophil_count.value * math::exp(p.neutrophil_count.spread * t.neutrophils);
  f.platelets_1e9_per_l = p.platelet_count.value * math::exp(p.platelet_count.spread * t.platelets);
  f.nfl_factor = math::exp(p.nfl_baseline.spread * t.nfl);
  return f;
}

Person make_person(const Parameters& p, std::uint64_t seed, std::uint32_t person) {
  const TraitDraws t = draw_traits(seed, person);
  Person who;
  who.person = person;
  who.female = t.sex < p.female_share.value;
  who.onset_age_year = onset_age(p, t.onset);

  const double rho = p.propensity_correlation.value;
  const double z_compartment = rho * t.lesion + core::square_root(1.0 - rho * rho) * t.compartment;
  who.traits.lesion_propensity = log_normal_mean_one(p.lesion_propensity.spread, t.lesion);
  who.traits.compartment_propensity = log_normal_mean_one(p.compartment_propensity.spread, z_compartment);
  who.traits.axon_vulnerability = log_normal_mean_one(p.axon_vulnerability.spread, t.axon);
  who.traits.remyelination_capacity = math::exp(p.remyelination_capacity.spread * t.remyelination);
  who.traits.reserve = math::exp(p.reserve.spread * t.reserve);
  who.traits.lesion_size = math::exp(p.lesion_size.spread * t.size);
  const double odds =
      p.silent_share.value / (1.0 - p.silent_share.value) * math::exp(p.silent_share.spread * t.silent);
  who.traits.silent_share = odds / (1.0 + odds);
  who.traits.infection_factor = math::exp(p.infection_rate.spread * t.infection);
  // Of N clones a share s that survives leaves none with probability exp(-N s): so below -ln(u) / N, with one
  // u for a person's life, the more deeply depleted are the surer to be without.
  who.traits.clone_threshold = -p.graded_regrowth.value * math::log(t.clones) / p.reactive_clones.value;

  State<double>& s = who.state;
  const double age = who.onset_age_year;
  s.age_year = age;
  s.f_thymus = math::exp(-p.thymic_decline.value * (age - k_reference_age_thymus));
  s.f_compartment = math::exp(p.compartment_age_slope.value * (age - k_reference_age_compartment));
  s.f_remyelination = math::exp(-p.remyelination_age_slope.value * (age - k_reference_age_lesion));
  s.f_axon_loss = math::exp(p.axon_loss_age_slope.value * (age - k_reference_age_axon_loss));
  s.naive = s.f_thymus;
  s.naive_reactive = s.naive;
  s.repertoire = 1.0;
  s.bulk_memory = 1.0;
  s.memory = 1.0;
  s.effector = 1.0;
  s.treg = 1.0;
  s.memory_b = 1.0;
  s.naive_b = 1.0;
  s.ebv = 1.0;
  s.plasma = 1.0;
  s.cytokines = 1.0;
  s.barrier = 1.0;
  for (std::size_t k = 0; k < k_systems; ++k) s.oligodendrocytes[k] = s.progenitors[k] = 1.0;
  s.stimulus = p.infection_rate.value * p.infection_stimulus.value * p.stimulus_decay.value / 365.25;
  // Phase of the year at onset: start at the turn and rotate by whole days.
  double turn_cos = 0.0;
  double turn_sin = 0.0;
  one_day_of_year(turn_cos, turn_sin);
  double c = 1.0;
  double q = 0.0;
  const auto days = static_cast<int>(t.season * 365.25);
  for (int i = 0; i < days; ++i) {
    const double next = turn_cos * c - turn_sin * q;
    q = turn_sin * c + turn_cos * q;
    c = next;
  }
  s.season_cos = c;
  s.season_sin = q;
  return who;
}

double death_hazard_per_day(const Parameters& p, bool female, double age_year, double edss) {
  const double a = female ? p.death_gompertz_female.value : p.death_gompertz_male.value;
  const double excess = std::max(0.0, edss - p.death_edss_threshold.value);
  return a * math::exp(p.death_gompertz_slope.value * age_year + p.death_edss_slope.value * excess) / 365.25;
}

double lymphocyte_count(const Parameters& p, const Profile& profile, const StateView& s,
                        const Levers<double>& levers) {
  const double t_cells =
      p.naive_count_share.value * s.naive() + (1.0 - p.naive_count_share.value) * s.bulk_memory();
  const double b = p.lymphocyte_b_share.value;
  return profile.lymphocytes_1e9_per_l * ((1.0 - b) * t_cells + b * 0.5 * (s.naive_b() + s.memory_b())) *
         levers.lymphocytes_seen;
}

double serum_nfl_pg_per_ml(const Parameters& p, const Profile& profile, const StateView& s) {
  return p.nfl_baseline.value * profile.nfl_factor *
             math::exp(p.nfl_age_slope.value * (s.age_year() - k_reference_age_lesion)) +
         s.nfl();
}

double body_surface_m2(const Profile& profile) {
  return core::square_root(profile.weight_kg * profile.height_cm / 3600.0);  // not biology: unit conversion
}

}  // namespace hortega::disease
