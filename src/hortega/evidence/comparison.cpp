// SPDX-License-Identifier: Apache-2.0
// A run beside what was published of the same studies.
#include "hortega/evidence/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>

#include "hortega/evidence/default_quantities.hpp"

namespace hortega::evidence {
namespace {

constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();

bool is_of(const MapEntry& entry, const trial::Protocol& protocol) {
  return entry.is_mapped() && entry.protocol == protocol.id;
}

Simulated simulated(const Estimate& estimate, Scale scale) {
  Simulated out{estimate.mean, {estimate.mean, estimate.mean}, analysis::k_confidence};
  const double half = analysis::normal_half_width(analysis::k_confidence) * estimate.mc_error;
  if (!std::isfinite(half)) return out;
  if (scale == Scale::logarithmic && estimate.mean > 0.0) {
    const double factor = std::exp(half / estimate.mean);
    out.interval = {estimate.mean / factor, estimate.mean * factor};
  } else {
    out.interval = {estimate.mean - half, estimate.mean + half};
  }
  return out;
}

// Is the row from a study that the protocol re-enacts, so that replicates are as large as it was?
enum class Study { re_enacted, other };

ComparisonRow compared_row(const RunSummary& summary, const PublishedRow& row, const MapEntry& entry,
                           Study study) {
  const Quantity quantity = quantity_of(entry);
  const Estimate* estimate = find_estimate(summary, quantity);
  if (estimate == nullptr)
    throw std::invalid_argument("row " + row.id + ": the run has no " + quantity.estimator + " of " +
                                quantity.endpoint);
  PublishedStatistic statistic = published_statistic(row, entry);
  if (study == Study::re_enacted) {
    const double people = entry.denominator ? *entry.denominator : row.n.value_or(0.0);
    derive_from_replicates(statistic, estimate->sd * spread_in_fewer(estimate->n, people));
  }
  const Comparison comparison = compare(statistic, simulated(*estimate, statistic.scale));
  ComparisonRow out;
  out.row_id = row.id;
  out.role = name(row.role);
  out.status = name(row.status);
  out.study = row.study;
  out.endpoint_text = row.endpoint;
  out.unit = unit_of(row, entry);
  out.published = statistic.value.value_or(k_nan);
  out.published_low = statistic.interval ? statistic.interval->lower : k_nan;
  out.published_high = statistic.interval ? statistic.interval->upper : k_nan;
  out.interval_derived = is_derived(statistic.basis);
  out.simulated = *estimate;
  out.verdict = comparison.verdict;
  out.z = comparison.z.value_or(k_nan);
  out.citation = row.citation;
  out.why = comparison.why;
  if (out.verdict == Verdict::outside) out.remark = entry.remark.value_or("");
  return out;
}

std::string reason_of(const MapEntry& entry) {
  if (entry.none) return *entry.none;
  if (entry.planned) return "waits for the protocol " + *entry.protocol + ", which is not written yet";
  return "given by the protocol " + *entry.protocol;
}

}  // namespace

Quantity quantity_of(const MapEntry& entry) {
  Estimator estimator = *entry.estimator;
  if (estimator == Estimator::events) estimator = Estimator::percent;
  if (estimator == Estimator::count) estimator = Estimator::mean_count;
  Quantity quantity;
  quantity.endpoint = *entry.endpoint;
  quantity.estimator = info(estimator).name;
  quantity.arm = entry.contrast.empty() ? *entry.arm : entry.contrast.at(0);
  if (!entry.contrast.empty()) quantity.reference = entry.contrast.at(1);
  quantity.time_day = entry.time_day.value_or(0.0);
  quantity.subgroup = entry.subgroup.value_or("");
  return quantity;
}

std::string unit_of(const PublishedRow& row, const MapEntry& entry) {
  switch (info(*entry.estimator).unit) {
    case Unit::percent:
      return "%";
    case Unit::months:
      return "months";
    case Unit::years:
      return "years";
    case Unit::per_person:
      return "per person";
    case Unit::per_person_year:
      return "per person-year";
    case Unit::per_scan:
      return "per scan";
    case Unit::measurement:
      return row.unit == "mm3" ? "mL" : row.unit;
    case Unit::ratio:
      return "ratio";
  }
  return {};
}

std::vector<Quantity> quantities_of(const EvidenceMap& map, const trial::Protocol& protocol) {
  std::vector<Quantity> quantities;
  for (const auto& entry : map.entries) {
    if (!is_of(entry, protocol)) continue;
    const Quantity quantity = quantity_of(entry);
    const auto same = [&](const Quantity& known) { return same_question(known, quantity); };
    if (std::none_of(quantities.begin(), quantities.end(), same)) quantities.push_back(quantity);
  }
  return quantities;
}

void compare_with_published(RunSummary& summary, const EvidenceMap& map, const PublishedRows& published) {
  summary.comparisons.clear();
  summary.unmapped.clear();
  const auto& named = summary.protocol.study.evidence;
  const auto indices = published.of_studies(named);
  const std::set<std::size_t> of_study(indices.begin(), indices.end());
  const auto& rows = published.rows();
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const PublishedRow& row = rows[r];
    if (!row.is_outcome()) continue;
    for (const auto& entry : map.entries) {
      if (entry.id != row.id) continue;
      if (is_of(entry, summary.protocol))
        summary.comparisons.push_back(
            compared_row(summary, row, entry, of_study.count(r) > 0 ? Study::re_enacted : Study::other));
      else if (of_study.count(r) > 0)
        summary.unmapped.push_back({row.id, row.endpoint, reason_of(entry)});
    }
  }
}

const Estimate* find_estimate(const RunSummary& summary, const Quantity& quantity) {
  const auto at =
      std::find_if(summary.estimates.begin(), summary.estimates.end(),
                   [&](const Estimate& estimate) { return same_question(estimate.quantity, quantity); });
  return at == summary.estimates.end() ? nullptr : &*at;
}

}  // namespace hortega::evidence
