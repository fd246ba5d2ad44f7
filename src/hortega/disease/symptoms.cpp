// SPDX-License-Identifier: Apache-2.0
#include "hortega/disease/symptoms.hpp"

#include "hortega/core/math.hpp"
#include "hortega/disease/disability.hpp"

#include <algorithm>
#include <cmath>

namespace hortega::disease {

namespace {

// Burden to severity: none at 0, half the scale at 1, saturating.
double severity_of(double burden) {
  constexpr double k_worst = 10.0;
  return k_worst * burden / (1.0 + burden);
}

using Normals = std::array<double, 4>;

Normals normals(const core::StreamKey& key, core::Purpose purpose, std::uint32_t day, std::uint32_t part) {
  const core::Words words = core::draw(key, purpose, day, part);
  Normals z;
  for (std::size_t i = 0; i < z.size(); ++i) z[i] = math::normal_quantile(core::to_uniform(words[i]));
  return z;
}

// Slow personal fluctuation of each symptom: normals on a grid of days, joined by straight lines, as for the
// functional systems (which use parts 0 and 1 of the same stream). Four symptoms a part, in their order: a
// new one at the end shifts none before it.
std::array<double, k_symptoms> slow_fluctuation(const Rates& r, const core::StreamKey& key,
                                                std::uint32_t life_day) {
  const auto period = static_cast<std::uint32_t>(r.slow_period_day);
  const std::uint32_t before = life_day / period;
  const double share = static_cast<double>(life_day % period) / static_cast<double>(period);
  std::array<double, k_symptoms> slow{};
  for (std::uint32_t part = 0; 4 * part < k_symptoms; ++part) {
    const Normals a = normals(key, core::Purpose::fluctuation, before, 2 + part);
    const Normals b = normals(key, core::Purpose::fluctuation, before + 1, 2 + part);
    for (std::size_t i = 0; i < a.size() && 4 * part + i < k_symptoms; ++i)
      slow[4 * part + i] = a[i] + (b[i] - a[i]) * share;
  }
  return slow;
}

// Mean delay of those fibres of a system that conduct: bare ones, and, less, remyelinated ones with thin
// short internodes; blocked and lost fibres do not conduct and delay nothing. Where none conducts it is that
// of bare ones: the last response to be had.
double tract_delay_ms(const Rates& r, const State<double>& s, System system, const Delays& delays) {
  const std::size_t k = index(system);
  const Heat<double> heat = heat_of(r, s.fever);
  const double bare = s.bare[k] * (1.0 - bare_loss_of_function(r, k, s.blocked[k], heat));
  const double remyelinated = s.remyelinated[k] * (1.0 - at_heat(r.conduction.remyelinated_loss[k], heat));
  const double intact = std::max(0.0, 1.0 - s.blocked[k] - s.bare[k] - s.remyelinated[k] - s.lost[k]);
  const double conducting = intact + bare + remyelinated;
  if (conducting <= 0.0) return at_heat(delays.bare, heat);
  return (at_heat(delays.bare, heat) * bare + at_heat(delays.remyelinated, heat) * remyelinated) / conducting;
}

// Delay of the P100, in the optic nerves and in the optic radiations, which run through the hemispheres (in
// eyes without optic neuritis latency goes with lesions of the radiations: PMID 24833744).
double vep_delay_ms(const Parameters& p, const Rates& r, const State<double>& s) {
  return tract_delay_ms(r, s, System::visual, r.conduction.optic_nerve) +
         p.vep_radiation_share.value * tract_delay_ms(r, s, System::cerebral, r.conduction.optic_radiation);
}

}  // namespace

OutsideView outside_view(const Parameters& p, const Rates& r, const State<double>& s,
                         const Traits<double>& traits, const core::StreamKey& key, std::uint32_t life_day,
                         RaterNoise noise) {
  std::array<double, k_systems> loss{};
  double walk = 0.0;
  const Heat<double> heat = heat_of(r, s.fever);
  for (std::size_t k = 0; k < k_systems; ++k) {
    loss[k] = loss_of_function(r, k, s, s.blocked[k], heat, traits.reserve);
    walk += r.walk_weight[k] * loss[k];
  }
  const auto of = [&](System system) { return loss[index(system)]; };

  std::array<double, k_symptoms> slow{};
  Normals test{};
  if (noise == RaterNoise::on) {
    slow = slow_fluctuation(r, key, life_day);
    test = normals(key, core::Purpose::performance, life_day, 1);
  }
  OutsideView view;
  const auto feel = [&](Symptom symptom, double burden) {
    const std::size_t i = index(symptom);
    view.severity[i] = severity_of(std::max(0.0, burden) * math::exp(p.symptom_fluctuation.value * slow[i]));
  };
  const double half = 1.0 / p.symptom_half_loss.value;
  feel(Symptom::numbness, half * of(System::sensory));
  feel(Symptom::vision, half * of(System::visual));
  feel(Symptom::coordination, half * 0.5 * (of(System::cerebellar) + of(System::brainstem)));
  feel(Symptom::bladder, half * of(System::bowel_bladder));
  const double walking = walk / p.symptom_half_walk.value;
  feel(Symptom::walking, walking);
  feel(Symptom::pain, p.pain_sensory.value * of(System::sensory) +
                          p.pain_pyramidal.value * of(System::pyramidal) +
                          p.pain_activity.value * s.activity);
  // Fatigue: cytokines in blood and from microglia, a slowed brain, the effort of walking, heat.
  feel(Symptom::fatigue, p.fatigue_baseline.value + p.fatigue_cytokines.value * s.cytokines +
                             p.fatigue_microglia.value * s.microglia +
                             p.fatigue_cerebral.value * of(System::cerebral) +
                             p.fatigue_walking.value * walking + p.fatigue_fever.value * s.fever);
  constexpr double k_scale = 10.0;
  feel(Symptom::mood, p.mood_fatigue.value * view.severity[index(Symptom::fatigue)] / k_scale +
                          p.mood_disability.value * walking + p.mood_activity.value * s.activity);
  feel(Symptom::cognition, of(System::cerebral) / p.cognition_half_loss.value);

  const Normals own = normals({key.seed, key.person, 0}, core::Purpose::performance, 0, 0);
  constexpr double k_chart_letters = 60.0;  // not biology: letters on the chart
  view.low_contrast_letters =
      std::clamp(p.low_contrast_best.value + p.low_contrast_best.spread * own[0] -
                     p.low_contrast_loss.value * of(System::visual) + p.low_contrast_noise.value * test[0],
                 0.0, k_chart_letters);
  view.vep_ms =
      p.vep_normal.value + p.vep_normal.spread * own[1] + vep_delay_ms(p, r, s) + p.vep_noise.value * test[1];
  return view;
}

double utility(const Parameters& p, double edss, RecentRelapse relapse) {
  const std::array<double, 10> table = {
      p.utility_edss_0.value, p.utility_edss_1.value, p.utility_edss_2.value, p.utility_edss_3.value,
      p.utility_edss_4.value, p.utility_edss_5.value, p.utility_edss_6.value, p.utility_edss_7.value,
      p.utility_edss_8.value, p.utility_edss_9.value};
  const double x = std::clamp(edss, 0.0, static_cast<double>(table.size() - 1));
  const auto below = std::min(static_cast<std::size_t>(x), table.size() - 2);
  const double share = x - static_cast<double>(below);
  const double of_step = table[below] + (table[below + 1] - table[below]) * share;
  return of_step - (relapse == RecentRelapse::yes ? p.utility_relapse.value : 0.0);
}

}  // namespace hortega::disease
