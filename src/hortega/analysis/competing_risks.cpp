// SPDX-License-Identifier: Apache-2.0
// The Aalen-Johansen estimator with its infinitesimal-jackknife variance by recursion.
#include "hortega/analysis/competing_risks.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace hortega::analysis {
namespace {

// The interval on the scale log(-log F); nothing has happened before the first event, so there it is [0, 0].
Interval log_log_interval(double probability, double variance, double z) {
  if (probability <= 0.0) return {0.0, 0.0};
  if (probability >= 1.0) return {1.0, 1.0};
  const double centre = std::log(-std::log(probability));
  const double width = z * std::sqrt(std::max(variance, 0.0)) / (probability * std::log(probability));
  return {std::exp(-std::exp(centre - width)), std::exp(-std::exp(centre + width))};
}

}  // namespace

CumulativeIncidence aalen_johansen(const SurvivalSample& sample, std::int32_t n_causes, double confidence) {
  if (n_causes < 1) throw std::invalid_argument("there must be at least one cause");
  const double z = normal_half_width(confidence);
  const auto causes = static_cast<std::size_t>(n_causes);
  const auto time = sample.time();
  const auto status = sample.status();
  if (std::any_of(status.begin(), status.end(), [&](std::int32_t s) { return s > n_causes; })) {
    throw std::invalid_argument("a status is above the number of causes");
  }
  CumulativeIncidence curves;
  curves.confidence = confidence;
  curves.incidence.resize(causes);
  curves.variance.resize(causes);
  curves.lower.resize(causes);
  curves.upper.resize(causes);

  double survival = 1.0;
  double variance_survival = 0.0;
  std::vector<double> incidence(causes, 0.0), variance(causes, 0.0), covariance(causes, 0.0), events(causes);
  const std::size_t n = sample.size();
  for (std::size_t i = 0; i < n;) {
    std::fill(events.begin(), events.end(), 0.0);
    double d = 0.0;
    std::size_t j = i;
    for (; j < n && time[j] == time[i]; ++j) {
      if (status[j] > 0) {
        events[static_cast<std::size_t>(status[j] - 1)] += 1.0;
        d += 1.0;
      }
    }
    const auto y = static_cast<double>(n - i);
    const double stay = (y - d) / y;
    const double scale = (survival / y) * (survival / y);
    for (std::size_t k = 0; k < causes; ++k) {
      const double hazard = events[k] / y;
      variance[k] += 2.0 * hazard * covariance[k] + hazard * hazard * variance_survival +
                     scale * (events[k] - events[k] * events[k] / y);
      covariance[k] =
          stay * (covariance[k] + hazard * variance_survival) - scale * (events[k] - d * events[k] / y);
      incidence[k] += survival * hazard;
    }
    variance_survival = stay * stay * variance_survival + scale * (d - d * d / y);
    survival *= stay;

    curves.time.push_back(time[i]);
    curves.at_risk.push_back(static_cast<std::int64_t>(n - i));
    curves.event_free.push_back(survival);
    for (std::size_t k = 0; k < causes; ++k) {
      curves.incidence[k].push_back(incidence[k]);
      curves.variance[k].push_back(variance[k]);
      const Interval interval = log_log_interval(incidence[k], variance[k], z);
      curves.lower[k].push_back(interval.lower);
      curves.upper[k].push_back(interval.upper);
    }
    i = j;
  }
  return curves;
}

IncidenceAt incidence_at(const CumulativeIncidence& curves, std::int32_t cause, double t) {
  if (cause < 1 || static_cast<std::size_t>(cause) > curves.incidence.size()) {
    throw std::invalid_argument("no such cause");
  }
  const auto k = static_cast<std::size_t>(cause - 1);
  const auto later = std::upper_bound(curves.time.begin(), curves.time.end(), t);
  if (later == curves.time.begin()) return {};
  const auto row = static_cast<std::size_t>(later - curves.time.begin()) - 1;
  return {curves.incidence[k][row], curves.variance[k][row], {curves.lower[k][row], curves.upper[k][row]}};
}

}  // namespace hortega::analysis
