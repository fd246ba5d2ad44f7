// SPDX-License-Identifier: Apache-2.0
//
// From fibres to disability: loss of function of each system, functional-system grades, walking, EDSS; as
// templates over the number type. The EDSS rules are Kurtzke's (docs/endpoints.md); endpoints/ states them a
// second time for visit tables, and a test holds the two together.
#pragma once

#include "hortega/core/lanes.hpp"
#include "hortega/core/math.hpp"
#include "hortega/disease/rates.hpp"
#include "hortega/disease/state.hpp"

namespace hortega::disease {

/// Where a body temperature lies between the table's: the share of each step that it has passed.
template <class T>
struct Heat {
  T passed[k_heat_steps];
};

/// `fever`: K above the person's normal temperature.
template <class T>
Heat<T> heat_of(const Rates& r, const T& fever) {
  const T celsius = T(r.body_celsius) + fever;
  Heat<T> heat;
  for (std::size_t i = 0; i < k_heat_steps; ++i) {
    heat.passed[i] = core::min(
        T(1.0), core::max(T(0.0), (celsius - T(r.conduction.celsius[i])) * T(r.conduction.per_step[i])));
  }
  return heat;
}

template <class T>
T at_heat(const OfHeat& f, const Heat<T>& heat) {
  T y(f.coldest);
  for (std::size_t i = 0; i < k_heat_steps; ++i) y = y + T(f.step[i]) * heat.passed[i];
  return y;
}

/// Share of the bare fibres of system k that do not conduct: what the table says at this temperature (so
/// that heat worsens by itself: Uhthoff's phenomenon), and of the others those that inflammation stops. It
/// does so beside fibres of the same system that an attack blocks, because nitric oxide and cytokines reach
/// what lies near a lesion and block bare fibres first, whether or not they have adapted (Redford 1997,
/// doi:10.1093/brain/120.12.2149; Smith and Lassmann 2002, doi:10.1016/S1474-4422(02)00102-3). The table
/// knows no inflammation. A prototype of ours let every lesion act everywhere.
template <class T>
T bare_loss_of_function(const Rates& r, std::size_t k, const T& blocked, const Heat<T>& heat) {
  const T one(1.0);
  const T spared = core::max(T(0.0), one - T(r.inflammation_conduction) * blocked);
  return one - (one - at_heat(r.conduction.bare_loss[k], heat)) * spared;
}

/// Loss of function of system k, 0 to about 1: lost fibres, blocked fibres, and the bare and remyelinated
/// ones that do not conduct; plasticity (reserve) divides it. `blocked`: the state's, or nought to leave
/// today's attack out.
template <class T>
T loss_of_function(const Rates& r, std::size_t k, const State<T>& s, const T& blocked, const Heat<T>& heat,
                   const T& reserve) {
  return (s.lost[k] + bare_loss_of_function(r, k, blocked, heat) * s.bare[k] +
          at_heat(r.conduction.remyelinated_loss[k], heat) * s.remyelinated[k] + blocked) /
         reserve;
}

/// Continuous functional-system grade of a loss (docs/model.md): none below the threshold, saturating.
template <class T>
T grade_of_loss(const Rates& r, const T& loss) {
  const T s = core::max(T(0.0), loss - T(r.loss_threshold));
  return T(r.grade_scale) * s / (s + T(r.grade_half_loss));
}

// not biology from here: a rounding trick, and the rules of Kurtzke's scale (docs/endpoints.md)

/// Nearest whole number (ties to even), by the magic-number trick; exact for |x| < 2^51.
template <class T>
T round_whole(const T& x) {
  return (x + T(6755399441055744.0)) - T(6755399441055744.0);
}

/// Whole grades in 0..6 (visual, pyramidal, sensory, bowel and bladder) or 0..5.
template <class T>
T whole_grade(const T& grade, std::size_t system) {
  const bool six = system == index(System::visual) || system == index(System::pyramidal) ||
                   system == index(System::sensory) || system == index(System::bowel_bladder);
  return core::min(core::max(round_whole(grade), T(0.0)), T(six ? 6.0 : 5.0));
}

/// The EDSS step that whole grades give (docs/endpoints.md). Cerebral grade 1 does not count.
template <class T>
T edss_of_grades(const T (&grade)[k_systems]) {
  using core::select;
  const T one(1.0);
  const T zero(0.0);
  T n[6] = {zero, zero, zero, zero, zero, zero};
  for (std::size_t k = 0; k < k_systems; ++k) {
    T g = grade[k];
    if (k == index(System::visual)) {
      g = g - select(g > T(2.5), one, zero) - select(g > T(4.5), one, zero);
    } else if (k == index(System::bowel_bladder)) {
      g = g - select(g > T(3.5), one, zero);
    } else if (k == index(System::cerebral)) {
      g = select(g < T(1.5), zero, g);
    }
    n[1] = n[1] + select((g > T(0.5)) && (g < T(1.5)), one, zero);
    n[2] = n[2] + select((g > T(1.5)) && (g < T(2.5)), one, zero);
    n[3] = n[3] + select((g > T(2.5)) && (g < T(3.5)), one, zero);
    n[4] = n[4] + select((g > T(3.5)) && (g < T(4.5)), one, zero);
    n[5] = n[5] + select(g > T(4.5), one, zero);
  }
  const auto at_least = [](const T& count, double k) { return count > T(k - 0.5); };
  // The table read from its last row up, so that the first matching row wins.
  T step = select(at_least(n[1], 2), T(1.5), select(at_least(n[1], 1), T(1.0), zero));
  step = select(at_least(n[2], 1), T(2.0), step);
  step = select(at_least(n[2], 2), T(2.5), step);
  step = select(at_least(n[2], 3), T(3.0), step);
  step = select(at_least(n[2], 5), T(3.5), step);
  step = select(at_least(n[2], 6), T(4.0), step);
  const auto three = at_least(n[3], 1);
  step = select(three, T(3.0), step);
  step = select(three && at_least(n[2], 1), T(3.5), step);
  step = select(three && at_least(n[2], 3), T(4.0), step);
  step = select(at_least(n[3], 2), T(3.5), step);
  step = select(at_least(n[3], 2) && at_least(n[2], 1), T(4.0), step);
  step = select(at_least(n[3], 3), T(4.0), step);
  step = select(at_least(n[3], 5), T(4.5), step);
  const auto four = at_least(n[4], 1);
  step = select(four, T(4.0), step);
  step = select(four && at_least(n[3] + n[2], 1), T(4.5), step);
  step = select(at_least(n[5], 1) || at_least(n[4], 2) || (four && at_least(n[3], 3)) || at_least(n[3], 6),
                T(5.0), step);
  return step;
}

// not biology to here

/// Joins the step of the grades with walking: limited walking sets a floor, walking under 300 m sets the
/// step.
template <class T>
T edss_of_walking(const Rates& r, const T& step_of_grades, const T& walk_loss) {
  using core::max;
  using core::select;
  T edss = step_of_grades;
  edss = select(walk_loss >= T(r.walk_threshold[0]), max(step_of_grades, T(walk_edss[0])), edss);
  edss = select(walk_loss >= T(r.walk_threshold[1]), max(step_of_grades, T(walk_edss[1])), edss);
  for (std::size_t i = 2; i < 13; ++i)
    edss = select(walk_loss >= T(r.walk_threshold[i]), T(walk_edss[i]), edss);
  return edss;
}

/// Which moment of a person the disability is asked for: as it is, or with today's attack taken away.
enum class BlockedFibres { counted, ignored };

/// Grades without rater noise and the loss of walking.
template <class T>
void grades_of(const Rates& r, const State<T>& s, const Traits<T>& traits, const T& fever,
               BlockedFibres blocked, T (&grade)[k_systems], T& walk_loss) {
  const Heat<T> heat = heat_of(r, fever);
  walk_loss = T(0.0);
  for (std::size_t k = 0; k < k_systems; ++k) {
    const T seen_blocked = blocked == BlockedFibres::counted ? s.blocked[k] : T(0.0);
    const T loss = loss_of_function(r, k, s, seen_blocked, heat, traits.reserve);
    grade[k] = grade_of_loss(r, loss);
    walk_loss = walk_loss + T(r.walk_weight[k]) * loss;
  }
}

/// Largest share of a system's fibres that the heat gained since `fever_before` blocks. Out of line: it is
/// asked for on few days, and inlined the day loop takes 7 % longer.
template <class T>
[[gnu::noinline]] T most_blocked_by_heat(const Rates& r, const State<T>& s, const T& fever_before) {
  const Heat<T> now = heat_of(r, s.fever);
  const Heat<T> before = heat_of(r, fever_before);
  T most(0.0);
  for (std::size_t k = 0; k < k_systems; ++k) {
    const T rise =
        bare_loss_of_function(r, k, s.blocked[k], now) - bare_loss_of_function(r, k, s.blocked[k], before);
    most = core::max(most, s.bare[k] * rise);
  }
  return most;
}

/// EDSS without rater noise.
template <class T>
T noise_free_edss(const Rates& r, const State<T>& s, const Traits<T>& traits, const T& fever,
                  BlockedFibres blocked) {
  T grade[k_systems];
  T walk_loss;
  grades_of(r, s, traits, fever, blocked, grade, walk_loss);
  T whole[k_systems];
  for (std::size_t k = 0; k < k_systems; ++k) whole[k] = whole_grade(grade[k], k);
  return edss_of_walking(r, edss_of_grades(whole), walk_loss);
}

}  // namespace hortega::disease
