// SPDX-License-Identifier: Apache-2.0
#include "hortega/cohort/record_noise.hpp"

#include "hortega/core/math.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace hortega::cohort {

namespace {

constexpr double k_impossible = -std::numeric_limits<double>::infinity();

// not biology from here: the steps of Kurtzke's scale are 0, 1, 1.5, 2, ... 10
int step_number(double edss) { return edss < 0.5 ? 0 : static_cast<int>(std::lround(2.0 * edss)) - 1; }
constexpr int k_last_step = 19;
// not biology to here

double moved_by_half_steps(int from, int to, double half_step) {
  const int apart = std::abs(from - to);
  if (apart > 1) return 0.0;
  if (apart == 1) return 0.5 * half_step;
  const bool at_end = from == 0 || from == k_last_step;
  return 1.0 - (at_end ? 0.5 : 1.0) * half_step;
}

}  // namespace

RecordNoise load_record_noise(const core::ParameterSet& set) {
  RecordNoise n;
  n.relapse_recorded_share = set.get("relapse_recorded_share").value;
  n.relapse_recorded_extra = set.get("relapse_recorded_extra").value;
  n.edss_half_step = set.get("edss_record_half_step").value;
  n.t2_new_recorded_share = set.get("t2_new_recorded_share").value;
  n.gd_recorded_share = set.get("gd_recorded_share").value;
  n.lesions_recorded_extra = set.get("lesions_recorded_extra").value;
  n.t2_count_log_error = set.get("t2_count_log_error").value;
  n.course_other_share = set.get("course_other_share").value;
  n.relapse_in_edss_day = set.get("relapse_in_edss").value;
  return n;
}

double log_recorded_count(int recorded, int happened, double share, double extra) {
  if (recorded < 0 || happened < 0) return k_impossible;
  // Sum over k of the events that are among those recorded: Binomial(happened, share) at k times Poisson at
  // the rest. Terms go from k to k + 1 by their ratios.
  double binomial = 1.0;
  for (int i = 0; i < happened; ++i) binomial *= 1.0 - share;
  double poisson = math::exp(-extra);  // at 0
  std::vector<double> poisson_at(static_cast<std::size_t>(recorded) + 1);
  for (int j = 0; j <= recorded; ++j) {
    poisson_at[static_cast<std::size_t>(j)] = poisson;
    poisson *= extra / static_cast<double>(j + 1);
  }
  const int most = std::min(recorded, happened);
  double sum = 0.0;
  for (int k = 0; k <= most; ++k) {
    // Anew where all are surely recorded: 1 - share is nought and no ratio exists.
    const double at_k = share < 1.0 ? binomial : (k == happened ? 1.0 : 0.0);
    sum += at_k * poisson_at[static_cast<std::size_t>(recorded - k)];
    if (share < 1.0)
      binomial *= static_cast<double>(happened - k) / static_cast<double>(k + 1) * share / (1.0 - share);
  }
  return sum > 0.0 ? math::log(sum) : k_impossible;
}

double edss_probability(double recorded, std::span<const double> ratings, double half_step) {
  const int to = step_number(recorded);
  double sum = 0.0;
  for (const double rating : ratings) sum += moved_by_half_steps(step_number(rating), to, half_step);
  return ratings.empty() ? 0.0 : sum / static_cast<double>(ratings.size());
}

double log_t2_count(int recorded, double lesions, double log_error) {
  const double z =
      (math::log(static_cast<double>(recorded) + 1.0) - math::log(std::max(0.0, lesions) + 1.0)) / log_error;
  return -0.5 * z * z;
}

double log_course(Course recorded, Course lived, double other_share) {
  if (recorded == lived) return recorded == Course::primary_progressive ? 0.0 : math::log(1.0 - other_share);
  const auto either = [](Course c) { return c == Course::relapsing || c == Course::secondary_progressive; };
  return either(recorded) && either(lived) && other_share > 0.0 ? math::log(other_share) : k_impossible;
}

}  // namespace hortega::cohort
