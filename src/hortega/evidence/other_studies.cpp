// SPDX-License-Identifier: Apache-2.0
// Random-effects mean of the other studies.
#include "hortega/evidence/other_studies.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include <boost/math/distributions/students_t.hpp>

namespace hortega::evidence {

RandomEffects dersimonian_laird(std::span<const double> values, std::span<const double> standard_errors) {
  if (values.empty() || values.size() != standard_errors.size())
    throw std::invalid_argument("random effects need a standard error for each of at least one value");
  double sum_w = 0.0, sum_wy = 0.0, sum_w2 = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double se = standard_errors[i];
    if (!(se > 0.0) || !std::isfinite(se) || !std::isfinite(values[i]))
      throw std::invalid_argument("random effects need finite values with positive standard errors");
    const double w = 1.0 / (se * se);
    sum_w += w, sum_wy += w * values[i], sum_w2 += w * w;
  }
  const double fixed = sum_wy / sum_w;
  RandomEffects result;
  result.studies = values.size();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double z = (values[i] - fixed) / standard_errors[i];
    result.q += z * z;
  }
  const double c = sum_w - sum_w2 / sum_w;
  const double degrees = static_cast<double>(values.size()) - 1.0;
  const double tau2 = c > 0.0 ? std::max(0.0, (result.q - degrees) / c) : 0.0;
  double sum_v = 0.0, sum_vy = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double v = 1.0 / (standard_errors[i] * standard_errors[i] + tau2);
    sum_v += v, sum_vy += v * values[i];
  }
  result.mean = sum_vy / sum_v;
  result.standard_error = 1.0 / std::sqrt(sum_v);
  result.between_sd = std::sqrt(tau2);
  return result;
}

GuessInterval prediction_interval(const RandomEffects& pooled, double standard_error, double level) {
  if (pooled.studies < 2) throw std::invalid_argument("an interval for the next study needs two studies");
  const boost::math::students_t distribution(static_cast<double>(pooled.studies) - 1.0);
  const double t = boost::math::quantile(distribution, 0.5 + 0.5 * level);
  const double sd =
      std::sqrt(pooled.between_sd * pooled.between_sd + pooled.standard_error * pooled.standard_error +
                standard_error * standard_error);
  return {pooled.mean - t * sd, pooled.mean + t * sd};
}

RandomEffects other_studies(std::span<const Target> targets, std::span<const std::string> keys,
                            std::size_t left_out) {
  struct Sums {
    double y = 0.0, variance = 0.0, n = 0.0;
  };
  std::map<std::string, Sums> by_family;
  const Target& mine = targets[left_out];
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const Target& t = targets[i];
    if (keys[left_out].empty() || keys[i] != keys[left_out] || t.link != mine.link) continue;
    if (t.family == mine.family || !t.why_not_scored.empty()) continue;
    if (!std::isfinite(t.y) || !(t.se > 0.0) || !std::isfinite(t.se)) continue;
    Sums& sums = by_family[t.family];
    sums.y += t.y, sums.variance += t.se * t.se, sums.n += 1.0;
  }
  if (by_family.empty()) return {};
  std::vector<double> values, errors;
  for (const auto& [family, sums] : by_family) {
    values.push_back(sums.y / sums.n);
    errors.push_back(std::sqrt(sums.variance / sums.n));
  }
  return dersimonian_laird(values, errors);
}

}  // namespace hortega::evidence
