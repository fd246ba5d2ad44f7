// SPDX-License-Identifier: Apache-2.0
// Published model with its own constants: OSU 11055 melphalan model (Wojciechowski app 2016), Friberg 2002
//
// Neutrophils under high-dose melphalan with an autograft and G-CSF: population model of study OSU 11055, 119
// patients (equations and estimates: model.R of wojjy001/melphalan-app on GitHub; cf. PMID 30343510), and the
// docetaxel model in which its form began (Friberg 2002, J Clin Oncol 20:4713; numbers: R package myelo). A
// stepper: whoever drives it gives doses, an extra kill effect, G-CSF and graft cells hour by hour.
#pragma once

#include "hortega/core/math.hpp"

#include <array>
#include <cstddef>

namespace hortega::therapy {

/// Constants of one person's model; times in h, doses in mg, neutrophils in 1e9/L (= K/uL).
template <class T>
struct MyelosuppressionParameters {
  // Drug: three compartments, elimination from the first.
  T elimination_per_h;  // k10
  T k12_per_h;
  T k21_per_h;
  T k13_per_h;
  T k31_per_h;
  T mg_per_unit;     // amount in the central compartment that makes one unit of concentration
  T slope_per_unit;  // kill effect of one unit of concentration
  // Cells: proliferating pool, three transit pools, circulation.
  T mean_transit_h;
  T neutrophil_loss_per_h;
  T baseline_e9_per_l;
  T feedback;  // exponent of (baseline / neutrophils)
  // G-CSF: a store released into the blood, and a stronger feedback.
  T feedback_gain_gcsf;
  T release_store_e9_per_l;
  T release_h;
};

/// When G-CSF starts after an autograft: the published model has two sets of estimates.
enum class GcsfStart { day_1, day_7 };

/// Typical patient of the melphalan model. G-CSF of day 1 begins 72 h and that of day 7 216 h after the
/// melphalan of day -2 (gcsf_start_h).
MyelosuppressionParameters<double> melphalan_typical(GcsfStart start);
constexpr double gcsf_start_h(GcsfStart start) { return start == GcsfStart::day_1 ? 72.0 : 216.0; }
inline constexpr double k_melphalan_infusion_h = 0.5;

/// Typical patient of Friberg's docetaxel model (concentration unit: umol/L).
MyelosuppressionParameters<double> friberg_docetaxel();

/// The same parameters for every lane.
template <class T>
MyelosuppressionParameters<T> broadcast(const MyelosuppressionParameters<double>& p) {
  return {T(p.elimination_per_h),
          T(p.k12_per_h),
          T(p.k21_per_h),
          T(p.k13_per_h),
          T(p.k31_per_h),
          T(p.mg_per_unit),
          T(p.slope_per_unit),
          T(p.mean_transit_h),
          T(p.neutrophil_loss_per_h),
          T(p.baseline_e9_per_l),
          T(p.feedback),
          T(p.feedback_gain_gcsf),
          T(p.release_store_e9_per_l),
          T(p.release_h)};
}

/// What acts on the marrow while the clock advances.
template <class T>
struct MarrowInputs {
  T infusion_mg_per_h = T(0.0);
  T extra_kill = T(0.0);  // further drugs, as a fraction of the proliferation rate, added to the drug's own
  T gcsf_on = T(0.0);     // 0 or 1
  T graft_e9_per_l_h =
      T(0.0);  // cells of the graft that enter the proliferating pool; 0 in the published model
};

/// The model of one person (T = double) or of several side by side (lanes). All pools start at steady state.
/// Fixed-step Runge-Kutta 4, so that a person's bits depend on no companion; 20 steps per hour are needed for
/// about 24 h after a dose, two suffice later.
template <class T>
class MelphalanAutograft {
 public:
  static constexpr std::size_t n_states = 9;
  using State = std::array<T, n_states>;
  enum Index : std::size_t {
    central,
    second,
    third,
    proliferating,
    transit_1,
    transit_2,
    transit_3,
    blood,
    store
  };

  explicit MelphalanAutograft(const MyelosuppressionParameters<T>& parameters) : p_(parameters) {
    transit_rate_ = T(4.0) / p_.mean_transit_h;
    const T pool = p_.neutrophil_loss_per_h * p_.baseline_e9_per_l / transit_rate_;
    state_ = {
        T(0.0), T(0.0), T(0.0), pool, pool, pool, pool, p_.baseline_e9_per_l, p_.release_store_e9_per_l};
  }

  void bolus(const T& dose_mg) { state_[central] = state_[central] + dose_mg; }
  /// Adds graft cells to the proliferating pool at once.
  void infuse_graft(const T& progenitors_e9_per_l) {
    state_[proliferating] = state_[proliferating] + progenitors_e9_per_l;
  }

  /// Advances by `hours` in `steps` equal steps with constant inputs.
  void advance(double hours, int steps, const MarrowInputs<T>& in) {
    const double h = hours / steps;
    for (int n = 0; n < steps; ++n) {
      const State k1 = slope(state_, in);
      const State k2 = slope(moved(k1, 0.5 * h), in);
      const State k3 = slope(moved(k2, 0.5 * h), in);
      const State k4 = slope(moved(k3, h), in);
      for (std::size_t i = 0; i < n_states; ++i) {
        state_[i] = state_[i] + T(h / 6.0) * ((k1[i] + k4[i]) + T(2.0) * (k2[i] + k3[i]));
      }
    }
  }

  T neutrophils_e9_per_l() const { return state_[blood]; }
  T concentration() const { return state_[central] / p_.mg_per_unit; }
  const State& state() const { return state_; }
  void set_state(const State& state) { state_ = state; }

 private:
  State moved(const State& k, double h) const {
    State x;
    for (std::size_t i = 0; i < n_states; ++i) x[i] = state_[i] + T(h) * k[i];
    return x;
  }
  State slope(const State& x, const MarrowInputs<T>& in) const {
    const T& k = transit_rate_;
    const T kill = p_.slope_per_unit * (x[central] / p_.mg_per_unit) + in.extra_kill;
    const T exponent = p_.feedback + p_.feedback_gain_gcsf * in.gcsf_on;
    const T feedback = math::power(p_.baseline_e9_per_l / x[blood], exponent);
    const T release = in.gcsf_on / p_.release_h * x[store];
    State d;
    d[central] = in.infusion_mg_per_h + p_.k21_per_h * x[second] + p_.k31_per_h * x[third] -
                 (p_.elimination_per_h + p_.k12_per_h + p_.k13_per_h) * x[central];
    d[second] = p_.k12_per_h * x[central] - p_.k21_per_h * x[second];
    d[third] = p_.k13_per_h * x[central] - p_.k31_per_h * x[third];
    d[proliferating] = k * x[proliferating] * ((T(1.0) - kill) * feedback - T(1.0)) + in.graft_e9_per_l_h;
    d[transit_1] = k * (x[proliferating] - x[transit_1]);
    d[transit_2] = k * (x[transit_1] - x[transit_2]);
    d[transit_3] = k * (x[transit_2] - x[transit_3]);
    d[blood] = k * x[transit_3] - p_.neutrophil_loss_per_h * x[blood] + release;
    d[store] = T(0.0) - release;
    return d;
  }

  MyelosuppressionParameters<T> p_;
  T transit_rate_;
  State state_;
};

extern template class MelphalanAutograft<double>;

}  // namespace hortega::therapy
