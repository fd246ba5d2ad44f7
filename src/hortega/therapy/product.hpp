// SPDX-License-Identifier: Apache-2.0
//
// A cell product: whose cells, from which tissue, made how; and what came of making it. What a kind of cell
// needs beyond this stands in a file of its own (product_mesenchymal.hpp).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace hortega::therapy {

enum class CellDonor : std::uint8_t { self, other };
enum class CellSource : std::uint8_t { marrow, fat, cord, placenta };
/// Made before the regimen begins (a trial that randomises when the cells are there; a donor's bank), or from
/// a harvest on its first day: then doses wait for the cells. Supplied: cells come as they are, potent, alive
/// and as many as are asked for; neither their culture nor its price is simulated, and what
/// they do is followed by the day (experiments in animals).
enum class CellReady : std::uint8_t { before_start, after_harvest, supplied };

/// The making of a product, as a regimen states it.
struct ProductPlan {
  CellSource source = CellSource::marrow;
  CellDonor donor = CellDonor::self;
  std::optional<double> donor_age_day;  // of another donor; cord and placenta are of age 0
  bool hla_matched = false;             // another donor's cells
  double tissue = 0.0;                  // marrow in mL, fat and placenta in g, cord in cm
  int passages = 3;                     // at most, after the primary culture
  double seeding_per_cm2 = 0.0;
  double confluency = 0.0;  // share at which a passage is harvested
  bool frozen = false;
  bool induced = false;  // induced to secrete more trophic factors (MSC-NTF)
  CellReady ready = CellReady::before_start;
};

/// Why a batch could not be used.
enum class BatchFailure : std::uint8_t { none, too_few, senescent, karyotype, contaminated, weak };

inline constexpr std::size_t k_batch_failures = 6;  // with none

/// What was made: one batch that passed its release tests, or the failure of the last.
struct CellProduct {
  BatchFailure failure = BatchFailure::none;
  double cells_e6 = 0.0;  // before freezing
  double days = 0.0;      // from harvest to release, all attempts
  int passages = 0;
  int attempts = 1;
  std::array<int, k_batch_failures> failed = {};  // batches, by why
  double doublings = 0.0;                         // cumulative, since the first passage
  double senescent_share = 0.0;                   // of the cells
  double potency = 0.0;       // against T cells, of a young donor's cells early in culture and never frozen
  double homing = 0.0;        // to inflamed vessels, of cells of the first passage
  double viable_share = 1.0;  // as given
  double cost_eur = 0.0;      // of making, all attempts; euros of 2024
  bool usable() const { return failure == BatchFailure::none; }
};

}  // namespace hortega::therapy
