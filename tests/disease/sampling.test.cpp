// SPDX-License-Identifier: Apache-2.0
//
// What is drawn has the distribution intended: lesion births, infections and their season, how long lesions
// enhance. Each test is shown to fail for a sampler that is a little off.
#include "hortega/core/random.hpp"
#include "hortega/disease/equations.hpp"
#include "people.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace hortega::disease {
namespace {

using testing::parameters;

constexpr double k_z_accept = 4.0;  // false alarm in one of 16,000 runs; the seed is fixed
constexpr double k_most_expected = 5.0;
constexpr std::uint32_t k_people = 2000;

struct Counts {
  double expected = 0.0;
  double seen = 0.0;
  double wild = 0.0;        // expected on days that are left out
  double dispersion = 0.0;  // sum of (n - expected)^2 / expected over person-days
  double dispersion_variance = 0.0;
  double z() const { return (seen - expected) / std::sqrt(expected); }
};

// Births over a year; what is expected is asked of the state each morning. `lie` is what the test believes.
Counts births(double rate_factor, double lie) {
  Rates r = make_rates(parameters());
  r.lesion_rate_day *= rate_factor;
  Counts c;
  Events events;
  double days = 0.0;
  for (std::uint32_t first = 0; first < k_people; first += k_block) {
    Block block = testing::block_of(parameters(), 31, first);
    for (int day = 0; day < 365; ++day) {
      double expected[k_block];
      double before[k_block];
      for (std::size_t lane = 0; lane < k_block; ++lane) {
        const Person who = take(block, lane);
        expected[lane] = lie * lesion_births_expected(r, who.state, who.traits, who.levers);
        before[lane] = who.state.lesions;
      }
      advance(r, block, 1, events);
      for (std::size_t lane = 0; lane < k_block; ++lane) {
        const double n = state_of(block, lane).lesions - before[lane];
        // A day has at most 16 births (kernel); of a Poisson number of mean 5 fewer than one in 50,000 lies
        // beyond. What is expected in the morning chooses the days, so nothing is bent.
        if (expected[lane] > k_most_expected) {
          c.wild += expected[lane];
          continue;
        }
        c.expected += expected[lane];
        c.seen += n;
        // Rare births have a dispersion too wild to sum; it is judged where at least a tenth of a lesion is
        // expected.
        if (expected[lane] < 0.1) continue;
        c.dispersion += (n - expected[lane]) * (n - expected[lane]) / expected[lane] - 1.0;
        c.dispersion_variance += 2.0 + 1.0 / expected[lane];
        ++days;
      }
    }
  }
  EXPECT_GT(days, 1000.0);
  return c;
}

TEST(Sampling, BirthsAreAsManyAsExpected) {
  const Counts c = births(1.0, 1.0);
  EXPECT_GT(c.expected, 10000.0);
  EXPECT_LT(c.wild, 0.1 * c.expected) << "the days that are left out hold few";
  EXPECT_LT(std::fabs(c.z()), k_z_accept);
  EXPECT_GT(std::fabs(births(1.0, 1.06).z()), k_z_accept) << "6 % too many go unseen";
}

TEST(Sampling, BirthsOfADayArePoisson) {
  const Counts c = births(4.0, 1.0);
  EXPECT_LT(std::fabs(c.z()), k_z_accept);
  const double z = c.dispersion / std::sqrt(c.dispersion_variance);
  EXPECT_LT(std::fabs(z), k_z_accept);
  // A sampler of at most one birth a day has the variance expected * (1 - expected): seen by the same
  // statistic.
  double missing = 0.0;
  double variance = 0.0;
  core::Draws d({1, 2, 3}, core::Purpose::test, 0);
  for (int i = 0; i < 100000; ++i) {
    const double n = d.happens(0.2) ? 1.0 : 0.0;
    missing += (n - 0.2) * (n - 0.2) / 0.2 - 1.0;
    variance += 2.0 + 1.0 / 0.2;
  }
  EXPECT_GT(std::fabs(missing / std::sqrt(variance)), k_z_accept);
}

TEST(Sampling, InfectionsHaveTheirRateAndSeason) {
  const Rates r = make_rates(parameters());
  double expected = 0.0;
  double expected_cos = 0.0;
  double variance_cos = 0.0;
  double seen = 0.0;
  double seen_cos = 0.0;
  double stimulus = 0.0;
  Events events;
  for (std::uint32_t first = 0; first < k_people; first += k_block) {
    Block block = testing::block_of(parameters(), 32, first);
    for (int day = 0; day < 3 * 365; ++day) {
      double cosine[k_block];
      for (std::size_t lane = 0; lane < k_block; ++lane) {
        const Person who = take(block, lane);
        cosine[lane] = who.state.season_cos;
        const double rate =
            r.infection_rate_day * who.traits.infection_factor * (1.0 + r.season_amplitude * cosine[lane]);
        expected += rate;
        expected_cos += rate * cosine[lane];
        variance_cos += rate * cosine[lane] * cosine[lane];
      }
      advance(r, block, 1, events);
      for (int i = 0; i < events.count; ++i) {
        if (events.event[i].kind != EventKind::infection) continue;
        seen += 1.0;
        seen_cos += cosine[events.event[i].lane];
        stimulus += events.event[i].with;
      }
    }
  }
  EXPECT_GT(expected, 5000.0);
  EXPECT_LT(std::fabs(seen - expected) / std::sqrt(expected), k_z_accept);
  EXPECT_GT(std::fabs(seen - 1.06 * expected) / std::sqrt(expected), k_z_accept);
  EXPECT_LT(std::fabs(seen_cos - expected_cos) / std::sqrt(variance_cos), k_z_accept);
  EXPECT_GT(std::fabs(seen_cos) / std::sqrt(variance_cos), k_z_accept) << "a flat year goes unseen";
  // Exponential stimulus: its mean has a standard error of mean / sqrt(n).
  EXPECT_LT(std::fabs(stimulus / seen - r.stimulus_mean) * std::sqrt(seen) / r.stimulus_mean, k_z_accept);
  // The year as a whole: the personal factor is log-normal with median one, so that its mean is
  // exp(spread^2 / 2), within four of its standard errors over the people.
  const auto& rate = parameters().infection_rate;
  const double spread2 = rate.spread * rate.spread;
  const double mean_rate = rate.value * std::exp(0.5 * spread2);
  const double error = mean_rate * std::sqrt(std::expm1(spread2) / k_people);
  EXPECT_NEAR(expected / (3.0 * k_people), mean_rate, k_z_accept * error);
}

double normal_below(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

// Kolmogorov-Smirnov statistic times sqrt(n) against a log-normal between its cuts.
double ks(std::vector<double> x, double median, double log_sd, double shortest, double longest) {
  std::sort(x.begin(), x.end());
  const auto n = static_cast<double>(x.size());
  double d = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i] <= shortest || x[i] >= longest) continue;  // atoms at the cuts
    const double p = normal_below(std::log(x[i] / median) / log_sd);
    d = std::max(
        {d, std::fabs(p - static_cast<double>(i) / n), std::fabs(p - static_cast<double>(i + 1) / n)});
  }
  return d * std::sqrt(n);
}

TEST(Sampling, EnhancementLastsAsIntended) {
  const Rates r = make_rates(parameters());
  std::vector<double> durations;
  core::Draws d({9, 9, 9}, core::Purpose::test, 0);
  Person who = make_person(parameters(), 1, 1);
  for (int i = 0; i < 20000; ++i) {
    double u[16];
    for (double& x : u) x = d.uniform();
    State<double> s = who.state;
    bool eloquent = false;
    durations.push_back(lesion_birth(r, s, who.traits, true, u, eloquent));
  }
  constexpr double k_critical = 1.95;  // 0.1 % (Smirnov)
  const double low = 1.0;              // a day at least
  const double high = r.enhancement_longest;
  EXPECT_LT(ks(durations, r.enhancement_median, r.enhancement_log_sd, low, high), k_critical);
  EXPECT_GT(ks(durations, 1.05 * r.enhancement_median, r.enhancement_log_sd, low, high), k_critical);
  EXPECT_GT(ks(durations, r.enhancement_median, 1.2 * r.enhancement_log_sd, low, high), k_critical);
  EXPECT_GE(*std::min_element(durations.begin(), durations.end()), low);
  EXPECT_LE(*std::max_element(durations.begin(), durations.end()), high);
}

TEST(Sampling, LesionsEnhancingFollowLittlesLaw) {
  // Mean number enhancing = births a day x mean duration: the booked ends carry the durations drawn.
  const Rates r = make_rates(parameters());
  double lesion_days = 0.0;
  double births_seen = 0.0;
  Events events;
  for (std::uint32_t first = 0; first < k_people; first += k_block) {
    Block block = testing::block_of(parameters(), 33, first);
    for (int day = 0; day < 2 * 365; ++day) {
      advance(r, block, 1, events);
      for (std::size_t lane = 0; lane < k_block; ++lane) lesion_days += state_of(block, lane).enhancing;
    }
    for (std::size_t lane = 0; lane < k_block; ++lane) {
      const State<double> s = state_of(block, lane);
      births_seen += s.lesions - 0.5 * s.enhancing;  // half of the last ones' days lie behind the end
    }
  }
  const double mean = r.enhancement_median * std::exp(0.5 * r.enhancement_log_sd * r.enhancement_log_sd);
  EXPECT_NEAR(lesion_days / births_seen, mean, 0.03 * mean);
}

TEST(Sampling, FewerBirthsAreASubsetOfMore) {
  // Twins keep their lesions: with half the traffic no lesion is new, some are missing.
  const Rates r = make_rates(parameters());
  Block full = testing::block_of(parameters(), 34, 0);
  Block half = testing::block_of(parameters(), 34, 0);
  for (std::size_t lane = 0; lane < k_block; ++lane) {
    Levers<double> levers = no_levers();
    levers.barrier_seal = 0.5;
    set_levers(half, lane, levers);
  }
  Events events;
  int fewer = 0;
  for (int day = 0; day < 3650; ++day) {
    double before[2][k_block];
    for (std::size_t lane = 0; lane < k_block; ++lane) {
      before[0][lane] = state_of(full, lane).lesions;
      before[1][lane] = state_of(half, lane).lesions;
    }
    advance(r, full, 1, events);
    advance(r, half, 1, events);
    for (std::size_t lane = 0; lane < k_block; ++lane) {
      const double n_full = state_of(full, lane).lesions - before[0][lane];
      const double n_half = state_of(half, lane).lesions - before[1][lane];
      EXPECT_LE(n_half, n_full);
      fewer += n_half < n_full ? 1 : 0;
    }
  }
  EXPECT_GT(fewer, 20);
}

}  // namespace
}  // namespace hortega::disease
