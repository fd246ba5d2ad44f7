// SPDX-License-Identifier: Apache-2.0
// Counts that a replicate leaves behind for the bands over time and the table of harms: small, and added up
// exactly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "hortega/evidence/observed.hpp"
#include "hortega/evidence/summary.hpp"

namespace hortega::evidence {

/// Histograms of each measure in each arm on each planned day, kept sparse.
struct BandTally {
  struct Cell {
    std::uint32_t index = 0;  ///< (band * days + day) * bins + bin
    std::uint32_t count = 0;
  };
  std::vector<Cell> cells;           ///< ascending
  std::vector<double> sum;           ///< of the values, bands x days
  std::vector<std::uint32_t> count;  ///< people, bands x days
};

/// People of an arm with a harm.
struct HarmTally {
  std::string term;
  std::uint32_t arm = 0;
  std::uint32_t any = 0, grade3 = 0, serious = 0, death = 0;
};

/// What is tallied over time: EDSS, sNfL, blood lymphocytes, relapses so far, utility, tests of the eyes and
/// symptoms on days with EDSS visits, volumes and Gd+ lesions on days with scans; day 0 holds the last value
/// at or before it. A later value is the scheduled one nearest to the planned day, at most 28 days away;
/// relapses are those of people still followed. EDSS and counts are kept exactly, other values in bins of
/// 0.01e9 lymphocytes per litre, 0.04 % of brain volume, 0.8 % of sNfL, 1.1 % of T2 and T1 volume, 0.002 of
/// utility, 1/16 of a letter, 0.1 ms and 0.01 of a symptom; 0 of each and whole letters are bins, so
/// quantiles of people who all have 0 are 0.
class BandPlan {
 public:
  explicit BandPlan(const trial::Protocol& protocol);

  BandTally tally(std::span<const Observed> people, std::span<const std::size_t> arm_of) const;
  /// Mean and quantiles (type 7) over all people of all tallies.
  std::vector<Band> combine(std::span<const BandTally* const> tallies) const;

 private:
  std::vector<double> visit_day_, scan_day_;
  std::vector<std::string> arms_;
  std::size_t days_ = 0;  ///< of the longer schedule
};

/// People with each term in each arm, up to the last day analysed; sorted by term, then arm.
std::vector<HarmTally> tally_harms(std::span<const Observed> people, std::span<const std::size_t> arm_of);
/// Percentages of all people of all replicates; every term in every arm.
std::vector<HarmRow> combine_harms(std::span<const std::vector<HarmTally>* const> tallies,
                                   const trial::Protocol& protocol, std::span<const std::int64_t> people);

}  // namespace hortega::evidence
