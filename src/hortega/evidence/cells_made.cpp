// SPDX-License-Identifier: Apache-2.0
#include "hortega/evidence/cells_made.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace hortega::evidence {

namespace {

using endpoints::Milestone;

constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint32_t k_most_days = 2048;
constexpr double k_week = 7.0;

enum Number : std::size_t {
  k_people,
  k_without_cells,
  k_no_batch,
  k_ready,
  k_batches,
  k_too_few,
  k_senescent,
  k_karyotype,
  k_contaminated,
  k_weak,
  k_passages,
  k_potency,
  k_told,  // people whose product tells passages and potency
};
static_assert(k_told + 1 == k_cells_numbers);

constexpr std::array<std::pair<Milestone, Number>, 5> k_failures = {
    {{Milestone::batch_too_few, k_too_few},
     {Milestone::batch_senescent, k_senescent},
     {Milestone::batch_karyotype, k_karyotype},
     {Milestone::batch_contaminated, k_contaminated},
     {Milestone::batch_weak, k_weak}}};

// The first that was told of it.
std::optional<double> told(const trial::Participant& person, Milestone what) {
  for (const trial::MilestoneRecord& m : person.milestones)
    if (m.what == what) return m.value;
  return std::nullopt;
}

// Type 7, in weeks.
double quantile(const std::vector<std::uint64_t>& days, std::uint64_t n, double p) {
  if (n == 0) return k_nan;
  const double position = p * static_cast<double>(n - 1);
  const auto below = static_cast<std::uint64_t>(std::floor(position));
  const auto ranked = [&](std::uint64_t rank) {
    std::uint64_t seen = 0;
    for (std::size_t day = 0; day < days.size(); ++day) {
      seen += days[day];
      if (seen > rank) return static_cast<double>(day);
    }
    return static_cast<double>(days.size() - 1);
  };
  const double fraction = position - static_cast<double>(below);
  const double low = ranked(below);
  return (fraction > 0.0 ? low + fraction * (ranked(below + 1) - low) : low) / k_week;
}

}  // namespace

CellsTally tally_cells(const trial::Replicate& replicate, std::size_t arms) {
  CellsTally tally;
  std::vector<std::uint32_t> days;
  for (const trial::Participant& person : replicate.participants) {
    if (!person.gives_cells) continue;
    if (tally.sum.empty()) tally.sum.assign(arms * k_cells_numbers, 0.0);
    double* const sum = tally.sum.data() + person.arm * k_cells_numbers;
    sum[k_people] += 1.0;
    if (person.first_cells_day == endpoints::kNever) sum[k_without_cells] += 1.0;
    if (told(person, Milestone::product_failure)) sum[k_no_batch] += 1.0;
    sum[k_batches] += told(person, Milestone::product_batches).value_or(0.0);
    for (const auto& [what, number] : k_failures) sum[number] += told(person, what).value_or(0.0);
    const std::optional<double> ready = told(person, Milestone::product_ready);
    if (!ready) continue;
    sum[k_ready] += 1.0;
    const double day = std::clamp(std::round(*ready), 0.0, static_cast<double>(k_most_days - 1));
    days.push_back(static_cast<std::uint32_t>(person.arm) * k_most_days + static_cast<std::uint32_t>(day));
    const std::optional<double> passages = told(person, Milestone::product_passages);
    const std::optional<double> potency = told(person, Milestone::product_potency);
    if (!passages || !potency) continue;
    sum[k_told] += 1.0;
    sum[k_passages] += *passages;
    sum[k_potency] += *potency;
  }
  std::sort(days.begin(), days.end());
  for (const std::uint32_t i : days) {
    if (tally.days.empty() || tally.days.back().index != i) tally.days.push_back({i, 0});
    ++tally.days.back().count;
  }
  return tally;
}

std::vector<CellsMadeRow> combine_cells(std::span<const CellsTally* const> tallies,
                                        const trial::Protocol& protocol) {
  const std::size_t arms = protocol.arms.size();
  std::vector<double> all(arms * k_cells_numbers, 0.0);
  std::vector<std::vector<std::uint64_t>> days(arms, std::vector<std::uint64_t>(k_most_days, 0));
  for (const CellsTally* tally : tallies) {
    for (std::size_t i = 0; i < tally->sum.size(); ++i) all.at(i) += tally->sum[i];
    for (const CellsTally::Cell& c : tally->days)
      days.at(c.index / k_most_days)[c.index % k_most_days] += c.count;
  }
  std::vector<CellsMadeRow> rows;
  for (std::size_t a = 0; a < arms; ++a) {
    const double* const sum = all.data() + a * k_cells_numbers;
    if (!(sum[k_people] > 0.0)) continue;
    const auto share = [](double part, double whole) { return whole > 0.0 ? 100.0 * part / whole : k_nan; };
    CellsMadeRow row;
    row.arm = protocol.arms[a].id;
    row.people = sum[k_people];
    row.without_cells = sum[k_without_cells];
    row.no_batch = sum[k_no_batch];
    row.batches = sum[k_batches] / sum[k_people];
    double told_why = 0.0;
    for (const auto& [what, number] : k_failures) told_why += sum[number];
    row.too_few = share(sum[k_too_few], sum[k_batches]);
    row.senescent = share(sum[k_senescent], sum[k_batches]);
    row.karyotype = share(sum[k_karyotype], sum[k_batches]);
    row.contaminated = share(sum[k_contaminated], sum[k_batches]);
    row.weak = share(sum[k_weak], sum[k_batches]);
    // What neither passed nor failed for a reason that is told.
    row.other = share(std::max(0.0, sum[k_batches] - sum[k_ready] - told_why), sum[k_batches]);
    row.passages = sum[k_told] > 0.0 ? sum[k_passages] / sum[k_told] : k_nan;
    row.potency = sum[k_told] > 0.0 ? sum[k_potency] / sum[k_told] : k_nan;
    const auto n = static_cast<std::uint64_t>(sum[k_ready]);
    row.weeks_q10 = quantile(days[a], n, 0.1);
    row.weeks_median = quantile(days[a], n, 0.5);
    row.weeks_q90 = quantile(days[a], n, 0.9);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace hortega::evidence
