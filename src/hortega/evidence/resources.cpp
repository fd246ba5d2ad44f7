// SPDX-License-Identifier: Apache-2.0
#include "hortega/evidence/resources.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace hortega::evidence {

namespace {

using economics::k_measures;
using economics::Measure;

constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();
// Steps of 0.05 up to 50, so that days and visits keep their numbers; beyond it bins of 0.5 %.
constexpr double k_step = 0.05;
constexpr double k_linear = 50.0;
constexpr double k_width = 0.005;
constexpr std::uint32_t k_linear_bins = 1000;  // k_linear / k_step
constexpr std::uint32_t k_bins = 4500;         // up to 2e9

std::uint32_t bin_of(double x) {
  if (!(x > 0.0)) return 0;
  const double bin = x <= k_linear ? std::round(x / k_step)
                                   : k_linear_bins + std::round(std::log(x / k_linear) / std::log1p(k_width));
  return static_cast<std::uint32_t>(std::min(bin, static_cast<double>(k_bins - 1)));
}

double value_of(std::uint32_t bin) {
  if (bin <= k_linear_bins) return bin / (k_linear_bins / k_linear);
  return k_linear * std::exp((bin - k_linear_bins) * std::log1p(k_width));
}

std::size_t slot(Measure m, std::size_t arm, std::size_t arms) {
  return static_cast<std::size_t>(m) * arms + arm;
}

}  // namespace

ResourceTally tally_resources(std::span<const economics::Account> accounts,
                              std::span<const std::size_t> arm_of, std::size_t arms) {
  ResourceTally tally;
  tally.sum.assign(k_measures * arms, 0.0);
  tally.count.assign(k_measures * arms, 0);
  std::vector<std::uint32_t> index;
  std::set<std::string> not_priced;
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    for (std::size_t m = 0; m < k_measures; ++m) {
      const double x = accounts[i].of[m];
      if (!std::isfinite(x)) continue;
      const std::size_t at = m * arms + arm_of[i];
      tally.sum[at] += x;
      ++tally.count[at];
      index.push_back(static_cast<std::uint32_t>(at) * k_bins + bin_of(x));
    }
    not_priced.insert(accounts[i].not_priced.begin(), accounts[i].not_priced.end());
  }
  std::sort(index.begin(), index.end());
  for (const std::uint32_t i : index) {
    if (tally.cells.empty() || tally.cells.back().index != i) tally.cells.push_back({i, 0});
    ++tally.cells.back().count;
  }
  tally.not_priced.assign(not_priced.begin(), not_priced.end());
  return tally;
}

double row_value(const ResourceTally& tally, const economics::Row& row, std::size_t arm, std::size_t arms) {
  const std::size_t top = slot(row.measure, arm, arms), bottom = slot(row.per, arm, arms);
  const double over = row.is_ratio() ? tally.sum[bottom] : static_cast<double>(tally.count[top]);
  return over > 0.0 ? tally.sum[top] / over : k_nan;
}

PeopleQuantiles people_quantiles(std::span<const ResourceTally* const> tallies, const economics::Row& row,
                                 std::size_t arm, std::size_t arms) {
  if (row.is_ratio()) return {k_nan, k_nan, k_nan};
  const auto first = static_cast<std::uint32_t>(slot(row.measure, arm, arms)) * k_bins;
  std::vector<std::uint64_t> histogram(k_bins, 0);
  std::uint64_t n = 0;
  for (const ResourceTally* tally : tallies) {
    auto at = std::lower_bound(tally->cells.begin(), tally->cells.end(), first,
                               [](const ResourceTally::Cell& c, std::uint32_t i) { return c.index < i; });
    for (; at != tally->cells.end() && at->index < first + k_bins; ++at) {
      histogram[at->index - first] += at->count;
      n += at->count;
    }
  }
  if (n == 0) return {k_nan, k_nan, k_nan};
  const auto ranked = [&](std::uint64_t rank) {
    std::uint64_t seen = 0;
    for (std::uint32_t bin = 0; bin < k_bins; ++bin) {
      seen += histogram[bin];
      if (seen > rank) return value_of(bin);
    }
    return value_of(k_bins - 1);
  };
  const auto quantile = [&](double p) {
    const double position = p * static_cast<double>(n - 1);
    const auto below = static_cast<std::uint64_t>(std::floor(position));
    const double fraction = position - static_cast<double>(below);
    const double low = ranked(below);
    return fraction > 0.0 ? low + fraction * (ranked(below + 1) - low) : low;
  };
  return {quantile(0.1), quantile(0.5), quantile(0.9)};
}

}  // namespace hortega::evidence
