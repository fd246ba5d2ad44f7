// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/division.hpp"

#include "hortega/core/math.hpp"

#include <algorithm>
#include <cmath>

namespace hortega::therapy {

namespace {

constexpr double k_flat = 1e-6;  // not biology: below this, (e^x - 1) / x by its series

/// (e^x - 1) / x, 1 at 0.
double growth_factor(double x) { return std::abs(x) < k_flat ? 1.0 + 0.5 * x : (math::exp(x) - 1.0) / x; }

}  // namespace

double net_growth_per_day(const DivisionRates& r) {
  return r.division_per_day * (r.symmetric - r.differentiating) - r.death_per_day;
}

double dividing_mean(const DivisionRates& r, double cells, double days) {
  return cells * math::exp(net_growth_per_day(r) * days);
}

double dividing_variance(const DivisionRates& r, double cells, double days) {
  // A division changes the number of P by +1, 0 or -1, a death by -1: intensity of squared jumps.
  const double jumps = r.division_per_day * (r.symmetric + r.differentiating) + r.death_per_day;
  const double x = net_growth_per_day(r) * days;
  return cells * jumps * days * math::exp(x) * growth_factor(x);
}

double differentiated_mean(const DivisionRates& r, double cells, double days) {
  const double made = r.division_per_day * (r.asymmetric + 2.0 * r.differentiating);
  return cells * made * days * growth_factor(net_growth_per_day(r) * days);
}

double extinction_probability(const DivisionRates& r, double cells, double days) {
  const double birth = r.division_per_day * r.symmetric;
  const double death = r.division_per_day * r.differentiating + r.death_per_day;
  const double t = days * growth_factor((birth - death) * days);
  const double one = death * t / (1.0 + birth * t);  // for a single cell
  return one <= 0.0 ? 0.0 : math::exp(cells * math::log(std::min(one, 1.0)));
}

}  // namespace hortega::therapy
