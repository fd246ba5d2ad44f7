// SPDX-License-Identifier: Apache-2.0
// Which simulated lives resemble a row of a file of baselines.
#include <algorithm>
#include <array>
#include <set>

#include "hortega/cohort/baselines.hpp"
#include "hortega/core/math.hpp"
#include "hortega/core/parallel.hpp"

namespace hortega::cohort {

namespace {

// Bandwidths: the standard deviation of the kernel in each column. They are a choice about the use of a file,
// not about biology: as narrow as the measurement is sharp or the effect on outcomes small, as wide as it
// takes for tens of lives of a pool of 20,000 to stand behind a row.
constexpr double k_age_years = 3.0;  // outcomes change over decades of age; a trial's spread is 8-10 years
constexpr double k_duration_years = 2.0;  // the first symptom is remembered to a year or two
constexpr double k_edss = 0.5;            // one step, about the disagreement of two raters
constexpr double k_relapses = 0.5;        // a count: the neighbouring one weighs exp(-2) = 14 %
// Lesion counts are skewed and one scan is one moment of a fluctuating process: on the scale log(1 + n),
// where 0 and 1 are 0.69 apart and 10 and 14 are 0.31.
constexpr double k_log_lesions = 0.4;
// Volumes vary by a third between scanners and readers: on the scale log(1 + mL).
constexpr double k_log_volume = 0.35;

// Lives whose weight is below exp(-12.5), five bandwidths away in one column, are not kept.
constexpr double k_furthest = 12.5;

struct Features {
  bool female = false;
  Course course = Course::no_symptoms_yet;
  std::array<double, 8> x{};
};

struct Target {
  double value = 0.0;
  bool given = false;
};

constexpr std::array<double, 8> k_bandwidth = {k_age_years, k_duration_years, k_edss,        k_relapses,
                                               k_relapses,  k_log_lesions,    k_log_lesions, k_log_volume};

double log1p_of(double x) { return math::log(1.0 + x); }

Features features_of(const Candidate& c) {
  const std::uint32_t today = c.person.life_day;
  Features f;
  f.female = c.profile.female;
  f.course = c.history.course;
  f.x = {c.age_year(),
         c.duration_years(),
         c.edss,
         static_cast<double>(c.history.relapses_within(today, 365.25)),
         static_cast<double>(c.history.relapses_within(today, 730.5)),
         log1p_of(static_cast<double>(c.gd_count)),
         log1p_of(static_cast<double>(c.history.new_t2_within(today, 365.25))),
         log1p_of(c.t2_volume_ml)};
  return f;
}

template <class T>
Target plain(const std::optional<T>& x) {
  return x ? Target{static_cast<double>(*x), true} : Target{};
}
template <class T>
Target logged(const std::optional<T>& x) {
  return x ? Target{log1p_of(static_cast<double>(*x)), true} : Target{};
}

RowMatch match(const BaselineRow& row, const std::vector<Features>& lives) {
  const std::array<Target, 8> target = {
      plain(row.age_year),    plain(row.disease_years), plain(row.edss),       plain(row.relapses_1y),
      plain(row.relapses_2y), logged(row.gd_count),     logged(row.new_t2_1y), logged(row.t2_volume_ml)};
  RowMatch m;
  double total = 0.0;
  double square = 0.0;
  for (std::size_t i = 0; i < lives.size(); ++i) {
    const Features& life = lives[i];
    if (row.female && *row.female != life.female) continue;
    if (row.course && *row.course != life.course) continue;
    double distance = 0.0;
    for (std::size_t k = 0; k < target.size(); ++k) {
      if (!target[k].given) continue;
      const double z = (life.x[k] - target[k].value) / k_bandwidth[k];
      distance += 0.5 * z * z;
    }
    if (distance > k_furthest) continue;
    const double w = math::exp(-distance);
    total += w;
    square += w * w;
    m.candidate.push_back(static_cast<std::uint32_t>(i));
    m.cumulative.push_back(total);
  }
  for (double& c : m.cumulative) c /= total;
  if (!m.cumulative.empty()) {
    m.cumulative.back() = 1.0;
    m.effective_lives = total * total / square;
  }
  return m;
}

}  // namespace

std::vector<RowMatch> match_rows(std::span<const BaselineRow> rows, const Pool& pool) {
  std::vector<Features> lives;
  lives.reserve(pool.candidates.size());
  for (const Candidate& c : pool.candidates) lives.push_back(features_of(c));
  std::vector<RowMatch> matches(rows.size());
  core::parallel_for(rows.size(), [&](std::size_t i) { matches[i] = match(rows[i], lives); });
  return matches;
}

std::vector<double> pooled_weights(std::span<const RowMatch> matches, std::size_t candidates) {
  std::vector<double> weight(candidates, 0.0);
  double rows = 0.0;
  for (const RowMatch& m : matches) {
    double before = 0.0;
    for (std::size_t k = 0; k < m.candidate.size(); ++k) {
      weight[m.candidate[k]] += m.cumulative[k] - before;
      before = m.cumulative[k];
    }
    if (!m.candidate.empty()) rows += 1.0;
  }
  for (double& w : weight) w /= std::max(rows, 1.0);
  return weight;
}

std::vector<std::size_t> draw_for_rows(std::span<const RowMatch> matches, std::size_t n, std::uint64_t seed,
                                       std::uint32_t replicate) {
  // Words 3 and 4 of a row's draws of selection; a pool's draws use the words before (tilt.cpp, pool.cpp).
  constexpr std::uint32_t k_order = 3;
  constexpr std::uint32_t k_life = 4;
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t row = 0; row < matches.size(); ++row) {
    if (matches[row].candidate.empty()) continue;
    const core::Words w = core::draw({seed, static_cast<std::uint32_t>(row), replicate + 1},
                                     core::Purpose::selection, 0, k_order);
    order.emplace_back(core::to_uniform(w[0], w[1]), row);
  }
  std::sort(order.begin(), order.end());
  std::vector<std::size_t> chosen;
  std::set<std::size_t> used;
  for (std::size_t i = 0; i < n && !order.empty(); ++i) {
    const std::size_t row = order[i % order.size()].second;
    const RowMatch& m = matches[row];
    const auto round = static_cast<std::uint32_t>(i / order.size());
    core::Draws d({seed, static_cast<std::uint32_t>(row), replicate + 1}, core::Purpose::selection, 1 + round,
                  k_life);
    // Drawn again while the life is taken: the same as drawing from the rest by weight. After so many tries
    // hardly anything is left, and the life gets another copy.
    constexpr int k_most_tries = 200;
    std::size_t life = 0;
    for (int attempt = 0; attempt < k_most_tries; ++attempt) {
      const auto at = std::lower_bound(m.cumulative.begin(), m.cumulative.end(), d.uniform());
      life = m.candidate[static_cast<std::size_t>(at - m.cumulative.begin())];
      if (used.count(life) == 0) break;
    }
    used.insert(life);
    chosen.push_back(life);
  }
  return chosen;
}

}  // namespace hortega::cohort
