// SPDX-License-Identifier: Apache-2.0
// The log-rank test and its Fleming-Harrington weightings, for any number of groups and strata.
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include "hortega/analysis/survival.hpp"

namespace hortega::analysis {
namespace {

// Positions in the sample's time order, one list a stratum.
std::vector<std::vector<std::size_t>> split_by_stratum(const SurvivalSample& sample,
                                                       std::span<const std::int32_t> stratum) {
  std::map<std::int32_t, std::vector<std::size_t>> lists;
  const auto person = sample.person();
  for (std::size_t i = 0; i < sample.size(); ++i)
    lists[stratum.empty() ? 0 : stratum[person[i]]].push_back(i);
  std::vector<std::vector<std::size_t>> result;
  result.reserve(lists.size());
  for (auto& entry : lists) result.push_back(std::move(entry.second));
  return result;
}

double weight_at(FlemingHarrington weight, double survival) {
  double value = 1.0;
  if (weight.rho != 0.0) value *= std::pow(survival, weight.rho);
  if (weight.gamma != 0.0) value *= std::pow(1.0 - survival, weight.gamma);
  return value;
}

// Adds one stratum's weighted observed and expected events and their hypergeometric covariance.
void add_stratum(const SurvivalSample& sample, std::span<const std::int32_t> group,
                 const std::vector<std::size_t>& positions, FlemingHarrington weight, LogRankResult& result) {
  const std::size_t groups = result.observed.size();
  const auto time = sample.time();
  const auto status = sample.status();
  const auto person = sample.person();
  Eigen::ArrayXd at_risk = Eigen::ArrayXd::Zero(static_cast<Eigen::Index>(groups));
  Eigen::ArrayXd leaving = at_risk;
  for (const std::size_t i : positions) at_risk(group[person[i]]) += 1.0;
  double y = static_cast<double>(positions.size());
  double survival = 1.0;  // pooled Kaplan-Meier just before the time at hand
  for (std::size_t i = 0; i < positions.size();) {
    const double now = time[positions[i]];
    const double w = weight_at(weight, survival);
    leaving.setZero();
    double d = 0.0;
    std::size_t j = i;
    for (; j < positions.size() && time[positions[j]] == now; ++j) {
      const auto g = static_cast<std::size_t>(group[person[positions[j]]]);
      leaving(group[person[positions[j]]]) += 1.0;
      if (status[positions[j]] > 0) {
        d += 1.0;
        result.observed[g] += w;
      }
    }
    if (d > 0.0) {
      const double scale = y > 1.0 ? w * w * d * (y - d) / (y - 1.0) : 0.0;
      for (std::size_t g = 0; g < groups; ++g) {
        const double share = at_risk(static_cast<Eigen::Index>(g)) / y;
        result.expected[g] += w * d * share;
        for (std::size_t h = 0; h < groups; ++h) {
          result.covariance[g * groups + h] +=
              scale * share * ((g == h ? 1.0 : 0.0) - at_risk(static_cast<Eigen::Index>(h)) / y);
        }
      }
      survival *= (y - d) / y;
    }
    at_risk -= leaving;
    y -= static_cast<double>(j - i);
    i = j;
  }
}

ChiSquareTest quadratic_form(const LogRankResult& result) {
  const std::size_t groups = result.observed.size();
  std::vector<std::size_t> used;
  for (std::size_t g = 0; g < groups; ++g) {
    if (result.expected[g] > 0.0) used.push_back(g);
  }
  ChiSquareTest test;
  if (used.size() < 2) return test;
  used.erase(used.begin());
  const auto size = static_cast<Eigen::Index>(used.size());
  Eigen::MatrixXd covariance(size, size);
  Eigen::VectorXd difference(size);
  for (Eigen::Index a = 0; a < size; ++a) {
    const std::size_t g = used[static_cast<std::size_t>(a)];
    difference(a) = result.observed[g] - result.expected[g];
    for (Eigen::Index b = 0; b < size; ++b) {
      covariance(a, b) = result.covariance[g * groups + used[static_cast<std::size_t>(b)]];
    }
  }
  const Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(covariance);
  if (!(covariance.diagonal().maxCoeff() > 0.0)) return test;
  if (qr.rank() == size) {
    test.statistic = difference.dot(qr.solve(difference));
  } else {
    test.statistic = difference.dot(covariance.completeOrthogonalDecomposition().solve(difference));
  }
  test.df = static_cast<int>(qr.rank());
  test.p = chi_square_p(test.statistic, test.df);
  return test;
}

}  // namespace

LogRankResult log_rank(const SurvivalSample& sample, std::span<const std::int32_t> group,
                       std::int32_t n_groups, std::span<const std::int32_t> stratum,
                       FlemingHarrington weight) {
  if (group.size() != sample.size()) throw std::invalid_argument("group has another length than the sample");
  if (!stratum.empty() && stratum.size() != sample.size()) {
    throw std::invalid_argument("stratum has another length than the sample");
  }
  if (n_groups < 1) throw std::invalid_argument("there must be at least one group");
  if (std::any_of(group.begin(), group.end(), [&](std::int32_t g) { return g < 0 || g >= n_groups; })) {
    throw std::invalid_argument("a group lies outside 0 .. n_groups-1");
  }
  if (weight.rho < 0.0 || weight.gamma < 0.0)
    throw std::invalid_argument("rho and gamma must not be negative");
  const auto groups = static_cast<std::size_t>(n_groups);
  LogRankResult result;
  result.observed.assign(groups, 0.0);
  result.expected.assign(groups, 0.0);
  result.covariance.assign(groups * groups, 0.0);
  for (const auto& positions : split_by_stratum(sample, stratum)) {
    add_stratum(sample, group, positions, weight, result);
  }
  result.test = quadratic_form(result);
  return result;
}

}  // namespace hortega::analysis
