// SPDX-License-Identifier: Apache-2.0
//
// Making mesenchymal cells: isolation, primary culture, passages with senescence by cumulative doublings and
// contact inhibition (Mancuso 2009, PMC6495932), losses, release tests, price (docs/mesenchymal.md).
#pragma once

#include "hortega/core/random.hpp"
#include "hortega/therapy/parameters.hpp"
#include "hortega/therapy/product.hpp"

namespace hortega::therapy {

/// A culture: cells that divide and cells that no longer do.
struct Culture {
  double dividing = 0.0;
  double senescent = 0.0;
  double doublings = 0.0;  // cumulative, since the first passage
  double cells() const { return dividing + senescent; }
  double senescent_share() const { return cells() > 0.0 ? senescent / cells() : 1.0; }
};

/// How a batch's cells grow: its doubling time, and the doublings at which half of the divisions end in
/// senescence.
struct Growth {
  double doubling_day = 1.0;
  double lifespan_doublings = 1.0;
};

Growth growth_of(const Parameters& p, CellSource source);

/// Grows for `days` from `start` at confluency `density` (share of a full layer); `noise` is a standard
/// normal of the batch and passage for chance in divisions.
Culture grow(const Parameters& p, const Growth& growth, Culture start, double density, double days,
             double noise);

/// One passage: seeded at `density` of a full layer and harvested at `confluency`, or after the longest
/// passage that is allowed. `days` is set to how long it took.
Culture passage(const Parameters& p, const Growth& growth, const Culture& start, double density,
                double confluency, double noise, double& days);

/// Whose product is made, and how many cells are needed.
struct ManufactureOrder {
  double donor_age_year = 0.0;
  double needed_e6 = 0.0;
  int attempts = 1;
};

/// Makes batches until one passes or the attempts are used up; a pure function of the key.
CellProduct make_mesenchymal_cells(const Parameters& p, const ProductPlan& plan,
                                   const ManufactureOrder& order, const core::StreamKey& key);

/// One setting of a process: so many passages, each harvested after so long.
struct ProcessSetting {
  int passages = 1;
  double harvest_day = 1.0;
  double density = 0.1;  // share of a full layer that is seeded
};
/// Limits that a setting has to keep (Hirono 2025, doi:10.1002/bit.29001, asks for the same three).
struct ProcessLimits {
  double senescent_share = 0.1;
  double confluency = 0.9;  // not biology: a limit of the process
  double fold = 100.0;      // cells harvested for each cell of the first passage
};
/// Share of simulated batches that keep all limits.
double feasible_share(const Parameters& p, CellSource source, const ProcessSetting& setting,
                      const ProcessLimits& limits, int batches, std::uint64_t seed);

}  // namespace hortega::therapy
