// SPDX-License-Identifier: Apache-2.0
// Ranking of single-parameter changes.
#include "hortega/analysis/tornado.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace hortega::analysis {

namespace {

constexpr double k_sd_above_noise = 2.0;
constexpr double k_half = 0.5;

bool opposite(double a, double b) { return (a < 0.0 && b > 0.0) || (a > 0.0 && b < 0.0); }

RankedBar rank(const Finding& at_value, const TornadoBar& bar) {
  RankedBar r;
  r.bar = bar;
  r.effect = {at_value.effect, at_value.effect};
  bool direction = false;
  bool significance = false;
  for (const TornadoEnd& end : {bar.low, bar.high}) {
    if (!std::isfinite(end.found.effect)) continue;
    r.effect.lower = std::min(r.effect.lower, end.found.effect);
    r.effect.upper = std::max(r.effect.upper, end.found.effect);
    const double change = std::fabs(end.found.effect - at_value.effect);
    const bool above = change > 0.0 && change >= k_sd_above_noise * end.noise_sd;
    r.above_noise = r.above_noise || above;
    if (!above) continue;
    direction = direction || opposite(end.found.effect, at_value.effect);
    const double share = std::fabs(end.found.significant_share - at_value.significant_share);
    significance =
        significance || (share >= k_sd_above_noise * end.share_noise_sd &&
                         opposite(end.found.significant_share - k_half, at_value.significant_share - k_half));
  }
  r.swing = r.effect.upper - r.effect.lower;
  r.flip = direction && significance ? Flip::both
           : direction               ? Flip::direction
           : significance            ? Flip::significance
                                     : Flip::none;
  return r;
}

}  // namespace

std::vector<RankedBar> tornado(const Finding& at_value, std::span<const TornadoBar> bars) {
  std::vector<RankedBar> ranked;
  ranked.reserve(bars.size());
  for (const TornadoBar& bar : bars) ranked.push_back(rank(at_value, bar));
  std::sort(ranked.begin(), ranked.end(), [](const RankedBar& a, const RankedBar& b) {
    return a.swing != b.swing ? a.swing > b.swing : a.bar.name < b.bar.name;
  });
  return ranked;
}

std::vector<GradeSummary> by_grade(std::span<const RankedBar> ranked) {
  std::map<char, GradeSummary> grades;
  for (const RankedBar& r : ranked) {
    const auto [at, fresh] = grades.try_emplace(r.bar.grade);
    GradeSummary& g = at->second;
    if (fresh) {
      g.grade = r.bar.grade;
      g.effect = r.effect;
    }
    ++g.parameters;
    g.above_noise += r.above_noise ? 1 : 0;
    g.flips += r.flip != Flip::none ? 1 : 0;
    g.largest_swing = std::max(g.largest_swing, r.swing);
    g.effect = {std::min(g.effect.lower, r.effect.lower), std::max(g.effect.upper, r.effect.upper)};
  }
  std::vector<GradeSummary> all;
  all.reserve(grades.size());
  for (const auto& [grade, summary] : grades) all.push_back(summary);
  return all;
}

}  // namespace hortega::analysis
