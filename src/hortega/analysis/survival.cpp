// SPDX-License-Identifier: Apache-2.0
// The sorted sample, Kaplan-Meier curve, median and restricted mean.
#include "hortega/analysis/survival.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace hortega::analysis {
namespace {

constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();

// First time at which a band falls to one half, with print.survfit's rule for a step at exactly one half.
std::optional<double> time_below_half(const std::vector<double>& time, const std::vector<double>& level) {
  const double tolerance = std::sqrt(std::numeric_limits<double>::epsilon());
  for (std::size_t i = 0; i < time.size(); ++i) {
    if (std::isnan(level[i]) || !(level[i] < 0.5 + tolerance)) continue;
    if (std::fabs(level[i] - 0.5) < tolerance) {
      for (std::size_t j = i + 1; j < time.size(); ++j) {
        if (level[j] < level[i]) return 0.5 * (time[i] + time[j]);
      }
    }
    return time[i];
  }
  return std::nullopt;
}

}  // namespace

SurvivalSample::SurvivalSample(std::span<const double> time, std::span<const std::int32_t> status) {
  if (time.size() != status.size()) throw std::invalid_argument("time and status differ in length");
  for (std::size_t i = 0; i < time.size(); ++i) {
    if (!std::isfinite(time[i]) || time[i] < 0.0)
      throw std::invalid_argument("a time is negative or not finite");
    if (status[i] < 0) throw std::invalid_argument("a status is negative");
  }
  person_.resize(time.size());
  std::iota(person_.begin(), person_.end(), std::size_t{0});
  std::sort(person_.begin(), person_.end(),
            [&](std::size_t a, std::size_t b) { return time[a] != time[b] ? time[a] < time[b] : a < b; });
  time_.reserve(time.size());
  status_.reserve(time.size());
  for (const std::size_t i : person_) {
    time_.push_back(time[i]);
    status_.push_back(status[i]);
  }
}

SurvivalSample SurvivalSample::only(std::span<const std::int32_t> group, std::int32_t wanted) const {
  if (group.size() != size()) throw std::invalid_argument("group has another length than the sample");
  std::vector<std::size_t> renumbered(size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < group.size(); ++i) {
    renumbered[i] = count;
    if (group[i] == wanted) ++count;
  }
  SurvivalSample result;
  result.time_.reserve(count);
  result.status_.reserve(count);
  result.person_.reserve(count);
  for (std::size_t i = 0; i < size(); ++i) {
    if (group[person_[i]] != wanted) continue;
    result.time_.push_back(time_[i]);
    result.status_.push_back(status_[i]);
    result.person_.push_back(renumbered[person_[i]]);
  }
  return result;
}

SurvivalSample SurvivalSample::cause_specific(std::int32_t cause) const {
  SurvivalSample result(*this);
  for (auto& status : result.status_) status = status == cause ? 1 : 0;
  return result;
}

KaplanMeierCurve kaplan_meier(const SurvivalSample& sample, double confidence) {
  const double z = normal_half_width(confidence);
  KaplanMeierCurve curve;
  curve.confidence = confidence;
  const auto time = sample.time();
  const auto status = sample.status();
  const std::size_t n = sample.size();
  double survival = 1.0;
  double log_variance = 0.0;  // Greenwood's sum d / (y (y - d)): the variance of log S
  for (std::size_t i = 0; i < n;) {
    std::int64_t events = 0;
    std::size_t j = i;
    for (; j < n && time[j] == time[i]; ++j) events += status[j] > 0 ? 1 : 0;
    const auto at_risk = static_cast<std::int64_t>(n - i);
    const auto y = static_cast<double>(at_risk);
    const auto d = static_cast<double>(events);
    if (events == at_risk) {
      survival = 0.0;
    } else if (events > 0) {
      survival *= (y - d) / y;
      log_variance += d / (y * (y - d));
    }
    curve.time.push_back(time[i]);
    curve.at_risk.push_back(at_risk);
    curve.events.push_back(events);
    curve.censored.push_back(static_cast<std::int64_t>(j - i) - events);
    curve.survival.push_back(survival);
    curve.variance.push_back(survival * survival * log_variance);
    if (survival > 0.0 && survival < 1.0) {
      const double centre = std::log(-std::log(survival));
      const double width = z * std::sqrt(log_variance) / std::log(survival);
      curve.lower.push_back(std::exp(-std::exp(centre - width)));
      curve.upper.push_back(std::exp(-std::exp(centre + width)));
    } else {
      curve.lower.push_back(k_nan);
      curve.upper.push_back(k_nan);
    }
    i = j;
  }
  return curve;
}

SurvivalAt survival_at(const KaplanMeierCurve& curve, double t) {
  SurvivalAt at;
  at.lower = at.upper = k_nan;
  const auto later = std::upper_bound(curve.time.begin(), curve.time.end(), t);
  if (later != curve.time.begin()) {
    const auto i = static_cast<std::size_t>(later - curve.time.begin()) - 1;
    at.survival = curve.survival[i];
    at.variance = curve.variance[i];
    at.lower = curve.lower[i];
    at.upper = curve.upper[i];
  }
  const auto not_before = std::lower_bound(curve.time.begin(), curve.time.end(), t);
  if (not_before != curve.time.end()) {
    at.at_risk = curve.at_risk[static_cast<std::size_t>(not_before - curve.time.begin())];
  } else {
    at.beyond_follow_up = at.survival > 0.0;
  }
  return at;
}

MedianSurvival median_survival(const KaplanMeierCurve& curve) {
  return {time_below_half(curve.time, curve.survival), time_below_half(curve.time, curve.lower),
          time_below_half(curve.time, curve.upper)};
}

RestrictedMean restricted_mean(const KaplanMeierCurve& curve, double tau) {
  if (!(tau > 0.0) || !std::isfinite(tau)) throw std::invalid_argument("tau must be finite and positive");
  RestrictedMean result;
  const auto end = static_cast<std::size_t>(std::upper_bound(curve.time.begin(), curve.time.end(), tau) -
                                            curve.time.begin());
  // Backwards: `area` is the area under S from the time at hand to tau, which weighs that time's Greenwood
  // term.
  double area = 0.0;
  double right = tau;
  for (std::size_t i = end; i-- > 0;) {
    area += curve.survival[i] * (right - curve.time[i]);
    right = curve.time[i];
    const auto y = static_cast<double>(curve.at_risk[i]);
    const auto d = static_cast<double>(curve.events[i]);
    if (d > 0.0 && d < y) result.variance += area * area * d / (y * (y - d));
  }
  result.mean = area + right;
  const double half = normal_half_width(curve.confidence) * std::sqrt(result.variance);
  result.interval = {result.mean - half, result.mean + half};
  result.extrapolated = curve.time.empty() || (curve.time.back() < tau && curve.survival.back() > 0.0);
  return result;
}

RestrictedMeanDifference restricted_mean_difference(const RestrictedMean& a, const RestrictedMean& b,
                                                    double confidence) {
  RestrictedMeanDifference result;
  result.difference = a.mean - b.mean;
  result.standard_error = std::sqrt(a.variance + b.variance);
  if (result.standard_error > 0.0) {
    result.z = result.difference / result.standard_error;
    result.p = two_sided_p(result.z);
  }
  const double half = normal_half_width(confidence) * result.standard_error;
  result.interval = {result.difference - half, result.difference + half};
  return result;
}

}  // namespace hortega::analysis
