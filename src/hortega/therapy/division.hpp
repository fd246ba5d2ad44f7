// SPDX-License-Identifier: Apache-2.0
//
// Division kinetics of cells in culture (mesenchymal cells): a two-type branching process. Dividing cells P
// divide at a rate; a division is symmetric (P -> 2 P), asymmetric (P -> P + D) or differentiating (P -> 2
// D), where D are cells that divide no more (differentiated, or senescent); P die at another rate. Mean,
// variance and extinction are closed forms of the linear birth-death process (Kendall 1948, Ann Math Stat
// 19:1; Bailey 1964, ch. 8).
#pragma once

namespace hortega::therapy {

struct DivisionRates {
  double division_per_day = 0.0;
  double symmetric = 1.0;  // shares of divisions; the three sum to one
  double asymmetric = 0.0;
  double differentiating = 0.0;
  double death_per_day = 0.0;  // of dividing cells
};

/// Growth rate of the dividing cells, 1/day: division (symmetric - differentiating) - death.
double net_growth_per_day(const DivisionRates& r);

/// Mean number of dividing cells after `days`, from `cells`.
double dividing_mean(const DivisionRates& r, double cells, double days);

/// Variance of the number of dividing cells after `days`, from exactly `cells` that act independently.
double dividing_variance(const DivisionRates& r, double cells, double days);

/// Mean number of cells that no longer divide, made within `days`, none at the start.
double differentiated_mean(const DivisionRates& r, double cells, double days);

/// Probability that no dividing cell is left after `days`.
double extinction_probability(const DivisionRates& r, double cells, double days);

}  // namespace hortega::therapy
