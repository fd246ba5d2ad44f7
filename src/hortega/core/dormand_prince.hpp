// SPDX-License-Identifier: Apache-2.0
//
// The Dormand-Prince 5(4) pair with step-size control, for the small systems of ordinary differential
// equations of the engine (pharmacokinetics, published models re-implemented). Coefficients: Dormand &
// Prince, J Comput Appl Math 1980;6:19. Elementary functions are ours, so a run gives the same bits on any
// machine.
#pragma once

#include "hortega/core/math.hpp"

#include <array>
#include <cstddef>
#include <stdexcept>

namespace hortega::core {

/// Error of one step allowed per component: absolute + relative * |x|.
struct Tolerance {
  double relative = 1e-9;
  double absolute = 1e-12;
};

/// Integrates x' = f(t, x) for N components. `Derivative` is called as f(t, x, dxdt) with double and
/// std::array<double, N>. Times are in the unit of f.
template <std::size_t N, class Derivative>
class DormandPrince {
 public:
  using State = std::array<double, N>;

  DormandPrince(Derivative derivative, Tolerance tolerance, double first_step)
      : derivative_(derivative), tolerance_(tolerance), step_(first_step) {}

  /// Forgets the derivative kept from the last step: call after x or f changed from outside.
  void restart() { has_slope_ = false; }

  /// One step of size h from (t, x) into x_new; returns its error norm (at most 1 is acceptable). Nothing is
  /// kept until accept() is called.
  double attempt(double t, const State& x, double h, State& x_new) {
    if (!has_slope_) derivative_(t, x, k1_);
    has_slope_ = true;
    State stage;
    State k2;
    State k3;
    State k4;
    State k5;
    State k6;
    for (std::size_t i = 0; i < N; ++i) stage[i] = x[i] + h * (1.0 / 5.0) * k1_[i];
    derivative_(t + h * (1.0 / 5.0), stage, k2);
    for (std::size_t i = 0; i < N; ++i) stage[i] = x[i] + h * (3.0 / 40.0 * k1_[i] + 9.0 / 40.0 * k2[i]);
    derivative_(t + h * (3.0 / 10.0), stage, k3);
    for (std::size_t i = 0; i < N; ++i)
      stage[i] = x[i] + h * (44.0 / 45.0 * k1_[i] - 56.0 / 15.0 * k2[i] + 32.0 / 9.0 * k3[i]);
    derivative_(t + h * (4.0 / 5.0), stage, k4);
    for (std::size_t i = 0; i < N; ++i) {
      stage[i] = x[i] + h * (19372.0 / 6561.0 * k1_[i] - 25360.0 / 2187.0 * k2[i] + 64448.0 / 6561.0 * k3[i] -
                             212.0 / 729.0 * k4[i]);
    }
    derivative_(t + h * (8.0 / 9.0), stage, k5);
    for (std::size_t i = 0; i < N; ++i) {
      stage[i] = x[i] + h * (9017.0 / 3168.0 * k1_[i] - 355.0 / 33.0 * k2[i] + 46732.0 / 5247.0 * k3[i] +
                             49.0 / 176.0 * k4[i] - 5103.0 / 18656.0 * k5[i]);
    }
    derivative_(t + h, stage, k6);
    for (std::size_t i = 0; i < N; ++i) {
      x_new[i] = x[i] + h * (35.0 / 384.0 * k1_[i] + 500.0 / 1113.0 * k3[i] + 125.0 / 192.0 * k4[i] -
                             2187.0 / 6784.0 * k5[i] + 11.0 / 84.0 * k6[i]);
    }
    derivative_(t + h, x_new, k7_);
    double sum = 0.0;
    for (std::size_t i = 0; i < N; ++i) {
      const double error = h * (71.0 / 57600.0 * k1_[i] - 71.0 / 16695.0 * k3[i] + 71.0 / 1920.0 * k4[i] -
                                17253.0 / 339200.0 * k5[i] + 22.0 / 525.0 * k6[i] - 1.0 / 40.0 * k7_[i]);
      const double scale =
          tolerance_.absolute + tolerance_.relative * core::max(magnitude(x[i]), magnitude(x_new[i]));
      sum += (error / scale) * (error / scale);
    }
    return square_root(sum / static_cast<double>(N));
  }

  /// Takes the step last attempted.
  void accept() { k1_ = k7_; }

  /// The size that the controller wants after a step of size h with this error norm.
  static double next_step(double h, double error) {
    if (!(error < 1e10)) return 0.1 * h;
    const double factor = 0.9 * math::power(core::max(error, 1e-10), -0.2);
    return h * core::min(5.0, core::max(0.2, factor));
  }

  /// Advances x from t to t_end exactly. Throws std::runtime_error if the step size underflows.
  void advance(double t, double t_end, State& x) {
    while (t < t_end) {
      const bool last = t + step_ >= t_end;
      const double h = last ? t_end - t : step_;
      const double error = attempt(t, x, h, trial_);
      if (error <= 1.0) {
        x = trial_;
        accept();
        t = last ? t_end : t + h;
        if (!last || error > 0.1) step_ = next_step(h, error);
      } else {
        step_ = next_step(h, error);
        if (t + step_ == t)
          throw std::runtime_error("step size underflow in an ordinary differential equation");
      }
    }
  }

  double step() const { return step_; }
  void set_step(double h) { step_ = h; }

 private:
  static double magnitude(double x) { return x < 0.0 ? -x : x; }

  Derivative derivative_;
  Tolerance tolerance_;
  double step_;
  bool has_slope_ = false;
  State k1_{};
  State k7_{};
  State trial_{};
};

}  // namespace hortega::core
