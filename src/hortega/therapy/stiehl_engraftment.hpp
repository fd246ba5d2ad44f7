// SPDX-License-Identifier: Apache-2.0
// Published model with its own constants: Stiehl 2015 (myelo package, healthy branch)
//
// Engraftment by the lineage model of Stiehl and Marciniak-Czochra, healthy branch, with feedback of mature
// cells on self-renewal (stiehl15.R of radivot/myelo on GitHub; the paper was not read): stem C1 -> committed
// C2 -> neutrophils C3, all per kg of body weight. A stepper, so that a transplant process can drive it.
#pragma once

#include "hortega/core/lanes.hpp"

#include <array>
#include <cstddef>

namespace hortega::therapy {

/// Published constants (per day; cells per kg at steady state). The remaining three follow from the steady
/// state: see StiehlDerived.
struct StiehlParameters {
  double self_renewal_stem = 0.85;     // a1
  double division_stem_per_day = 0.1;  // p1
  double loss_mature_per_day = 2.3;    // d3
  double stem_per_kg = 1e7;
  double committed_per_kg = 2e9;
  double mature_per_kg = 4e8;
};

/// What makes the published counts a steady state.
struct StiehlDerived {
  double feedback_kg;                 // k of s = 1 / (1 + k C3)
  double self_renewal_committed;      // a2
  double division_committed_per_day;  // p2
};
StiehlDerived stiehl_derived(const StiehlParameters& p);

/// 0.5e9/L neutrophils in cells per kg, by the model's steady state of 4e8/kg for 5e9/L.
inline constexpr double k_engrafted_mature_per_kg = 4e7;

/// Extra loss of cells (conditioning still in the body, graft failure), per day; 0 in the published model.
template <class T>
struct StiehlInputs {
  T kill_stem_per_day = T(0.0);
  T kill_committed_per_day = T(0.0);
};

/// One person (T = double) or several (lanes). Fixed-step Runge-Kutta 4.
template <class T>
class StiehlEngraftment {
 public:
  using State = std::array<T, 3>;

  explicit StiehlEngraftment(const StiehlParameters& p, const State& start = {T(0.0), T(0.0), T(0.0)})
      : p_(p), derived_(stiehl_derived(p)), state_(start) {}

  /// Adds graft cells, per kg.
  void infuse(const T& stem_per_kg, const T& committed_per_kg) {
    state_[0] = state_[0] + stem_per_kg;
    state_[1] = state_[1] + committed_per_kg;
  }

  /// Advances by `hours` in `steps` equal steps; steps of half an hour are accurate to 1e-6.
  void advance(double hours, int steps, const StiehlInputs<T>& in = {}) {
    const double h = hours / 24.0 / steps;
    for (int n = 0; n < steps; ++n) {
      const State k1 = slope(state_, in);
      const State k2 = slope(moved(k1, 0.5 * h), in);
      const State k3 = slope(moved(k2, 0.5 * h), in);
      const State k4 = slope(moved(k3, h), in);
      for (std::size_t i = 0; i < 3; ++i)
        state_[i] = state_[i] + T(h / 6.0) * ((k1[i] + k4[i]) + T(2.0) * (k2[i] + k3[i]));
    }
  }

  const State& state() const { return state_; }
  T mature_per_kg() const { return state_[2]; }

 private:
  State moved(const State& k, double h) const {
    return {state_[0] + T(h) * k[0], state_[1] + T(h) * k[1], state_[2] + T(h) * k[2]};
  }
  State slope(const State& x, const StiehlInputs<T>& in) const {
    const T s = T(1.0) / (T(1.0) + T(derived_.feedback_kg) * x[2]);
    const T stem_divisions = T(p_.division_stem_per_day) * x[0];
    const T committed_divisions = T(derived_.division_committed_per_day) * x[1];
    const T renewal_1 = T(2.0 * p_.self_renewal_stem) * s;
    const T renewal_2 = T(2.0 * derived_.self_renewal_committed) * s;
    return {(renewal_1 - T(1.0)) * stem_divisions - in.kill_stem_per_day * x[0],
            (T(2.0) - renewal_1) * stem_divisions + (renewal_2 - T(1.0)) * committed_divisions -
                in.kill_committed_per_day * x[1],
            (T(2.0) - renewal_2) * committed_divisions - T(p_.loss_mature_per_day) * x[2]};
  }

  StiehlParameters p_;
  StiehlDerived derived_;
  State state_;
};

extern template class StiehlEngraftment<double>;

/// Days from an infusion into empty marrow to 0.5e9/L neutrophils; infinity if not within 365 days.
double stiehl_engraftment_day(double stem_per_kg, double committed_per_kg);

}  // namespace hortega::therapy
