// SPDX-License-Identifier: Apache-2.0
// Mixtures of normals.
#include "hortega/evidence/predictive.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <boost/math/distributions/normal.hpp>

namespace hortega::evidence {
namespace {

constexpr double k_log_sqrt_2pi = 0.91893853320467274178;

double standard_cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

double component_cdf(double mean, double sd, double x) {
  if (sd <= 0.0) return x >= mean ? 1.0 : 0.0;
  return standard_cdf((x - mean) / sd);
}

}  // namespace

double cdf(const NormalMixture& mixture, double x) {
  double sum = 0.0;
  for (std::size_t i = 0; i < mixture.mean.size(); ++i)
    sum += mixture.weight[i] * component_cdf(mixture.mean[i], mixture.sd[i], x);
  return std::min(sum, 1.0);
}

double quantile(const NormalMixture& mixture, double p) {
  if (mixture.mean.empty()) throw std::invalid_argument("a mixture without components has no quantile");
  if (!(p > 0.0 && p < 1.0)) throw std::invalid_argument("a quantile needs a probability between 0 and 1");
  const double z = boost::math::quantile(boost::math::normal(), p);
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (std::size_t i = 0; i < mixture.mean.size(); ++i) {
    if (mixture.weight[i] <= 0.0) continue;
    const double q = mixture.mean[i] + z * mixture.sd[i];
    low = std::min(low, q), high = std::max(high, q);
  }
  // Rounding may leave the cdf just short of p at the upper end: the answer is then that end.
  while (true) {
    const double middle = 0.5 * (low + high);
    if (!(middle > low && middle < high)) return high;
    (cdf(mixture, middle) >= p ? high : low) = middle;
  }
}

double log_density(const NormalMixture& mixture, double x) {
  double highest = -std::numeric_limits<double>::infinity();
  std::vector<double> terms;
  for (std::size_t i = 0; i < mixture.mean.size(); ++i) {
    if (mixture.weight[i] <= 0.0 || mixture.sd[i] <= 0.0) continue;
    const double z = (x - mixture.mean[i]) / mixture.sd[i];
    terms.push_back(std::log(mixture.weight[i]) - k_log_sqrt_2pi - std::log(mixture.sd[i]) - 0.5 * z * z);
    highest = std::max(highest, terms.back());
  }
  if (!std::isfinite(highest)) return highest;
  double sum = 0.0;
  for (const double term : terms) sum += std::exp(term - highest);
  return highest + std::log(sum);
}

MixtureMoments moments(const NormalMixture& mixture) {
  MixtureMoments m;
  for (std::size_t i = 0; i < mixture.mean.size(); ++i) {
    m.mean += mixture.weight[i] * mixture.mean[i];
    m.variance_within += mixture.weight[i] * mixture.sd[i] * mixture.sd[i];
  }
  for (std::size_t i = 0; i < mixture.mean.size(); ++i)
    m.variance_between += mixture.weight[i] * (mixture.mean[i] - m.mean) * (mixture.mean[i] - m.mean);
  return m;
}

double interval_score(double low, double high, double y, double level) {
  const double penalty = 2.0 / (1.0 - level);
  double score = high - low;
  if (y < low) score += penalty * (low - y);
  if (y > high) score += penalty * (y - high);
  return score;
}

NormalMixture predictive(const DrawPredictions& draws, std::size_t target, BetweenStudies between,
                         std::span<const double> weight, double* defined_share) {
  NormalMixture mixture;
  if (defined_share) *defined_share = 0.0;
  const bool with = between == BetweenStudies::included;
  if (with && draws.between_study_sd.empty()) return mixture;
  double all = 0.0, defined = 0.0;
  std::vector<double> mc_variance;
  for (std::size_t d = 0; d < draws.draws(); ++d) {
    const double w = weight.empty() ? 1.0 : weight[d];
    all += w;
    const Prediction& p = draws.by_draw[d].at(target);
    if (w <= 0.0 || !std::isfinite(p.mean) || !std::isfinite(p.sd_study)) continue;
    const double tau = with ? draws.between_study_sd[d].at(target) : 0.0;
    if (!std::isfinite(tau)) continue;
    defined += w;
    mixture.weight.push_back(w);
    mixture.mean.push_back(p.mean);
    mixture.sd.push_back(std::hypot(p.sd_study, tau));
    mc_variance.push_back(std::isfinite(p.mc_se) ? p.mc_se * p.mc_se : 0.0);
  }
  if (defined <= 0.0) return {};
  if (defined_share) *defined_share = defined / all;
  double sum_of_squares = 0.0;
  for (double& w : mixture.weight) {
    w /= defined;
    sum_of_squares += w * w;
  }
  // Of draws with people of their own only the error of the mean over draws is missing from their spread.
  const double missing = draws.people == People::own_of_each_draw ? sum_of_squares : 1.0;
  for (std::size_t i = 0; i < mixture.sd.size(); ++i)
    mixture.sd[i] = std::sqrt(mixture.sd[i] * mixture.sd[i] + missing * mc_variance[i]);
  return mixture;
}

NormalMixture predictive(const DrawPredictions& draws, std::size_t target, BetweenStudies between,
                         double* defined_share) {
  return predictive(draws, target, between, draws.weight, defined_share);
}

}  // namespace hortega::evidence
