// SPDX-License-Identifier: Apache-2.0
// A run beside what was published of the same studies.
#pragma once

#include <string>
#include <vector>

#include "hortega/evidence/map.hpp"
#include "hortega/evidence/published.hpp"
#include "hortega/evidence/summary.hpp"

namespace hortega::evidence {

/// What the map wants estimated of this protocol: give it to Estimation. A published number of people with an
/// event is compared as a percentage, a total as one per person (evidence/compare.hpp).
std::vector<Quantity> quantities_of(const EvidenceMap& map, const trial::Protocol& protocol);

/// Fills `comparisons` with the mapped outcome rows of the protocol and `unmapped` with the other outcome
/// rows of the studies that it names, in the order of published.csv. The simulated interval is that of the
/// mean over replicates (95 %, Monte Carlo). A number of those studies that has no interval takes the spread
/// between replicates. Throws std::invalid_argument if the run did not estimate a mapped quantity.
void compare_with_published(RunSummary& summary, const EvidenceMap& map, const PublishedRows& published);

/// What a mapped entry asks (a number of people is asked as a percentage, a total as one per person), and the
/// unit in which it is compared.
Quantity quantity_of(const MapEntry& entry);
std::string unit_of(const PublishedRow& row, const MapEntry& entry);

/// The estimate of a quantity, nullptr if the run has none (times within a day are the same).
const Estimate* find_estimate(const RunSummary& summary, const Quantity& quantity);

}  // namespace hortega::evidence
