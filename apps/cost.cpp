// SPDX-License-Identifier: Apache-2.0
// What a run will cost.
#include "cost.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>

#include "draws.hpp"
#include "hortega/core/parallel.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/disease/person.hpp"
#include "hortega/evidence/checkpoint.hpp"

namespace hortega::apps {

namespace {

constexpr int k_lives_tried = 256;
constexpr int k_people_tried = 64;
constexpr int k_conduct_replicates = 100;  // enough for the share of conduct in a mean

class StopWatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// Memory of this process now (pages in use, from the second field of statm).
double memory_in_use_bytes() {
  std::ifstream statm("/proc/self/statm");
  double total = 0.0;
  double resident = 0.0;
  statm >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double bytes_of(const cohort::Candidate& c) {
  return static_cast<double>(sizeof(c) + c.history.reviews.capacity() * sizeof(cohort::Review) +
                             c.history.relapse_days.capacity() * sizeof(std::uint32_t));
}

// Lives are followed from onset to the oldest age at which they could enter.
double years_followed(const trial::Protocol& protocol, const disease::Parameters& disease) {
  double years = 0.0;
  for (std::uint32_t person = 0; person < k_lives_tried; ++person) {
    const disease::Profile profile = disease::make_profile(disease, protocol.seed, person);
    years += std::max(0.0, trial::latest_age_year(protocol.population) - profile.onset_age_year);
  }
  return years / k_lives_tried;
}

// Time, person-years and bytes of one participant.
struct Participation {
  double seconds = 0.0;
  double years = 0.0;
  double result_bytes = 0.0;  // of a whole replicate
};

Participation try_participants(const trial::Protocol& protocol, const RunInputs& in,
                               const trial::Environment& environment, const trial::Recruitment& recruitment) {
  const StopWatch watch;
  const trial::Replicate replicate = trial::simulate_replicate(protocol, environment, recruitment, 0);
  const evidence::ReplicateResult result = in.estimation().estimate(replicate);
  Participation out;
  out.seconds = watch.seconds() / protocol.population.n;
  for (const trial::Participant& p : replicate.participants)
    out.years += static_cast<double>(p.end_of_follow_up_day) / endpoints::kDaysPerYear;
  out.years /= protocol.population.n;
  const evidence::ReplicateResult* one = &result;
  out.result_bytes = static_cast<double>(evidence::checkpoint_bytes({&one, 1}, std::string(64, '0')).size());
  return out;
}

}  // namespace

int replicates_without_conduct(const trial::Protocol& protocol) {
  return protocol.conduct.enabled ? std::min(protocol.replicates, k_conduct_replicates) : 0;
}

Cost estimate_cost(const RunInputs& in) {
  Cost cost;
  cost.without_conduct = replicates_without_conduct(in.protocol);
  trial::Protocol sample = in.protocol;
  sample.population.source = "lives";
  sample.population.baseline = {};
  sample.population.lives = k_lives_tried;
  sample.population.n = std::min(sample.population.n, k_people_tried);
  const trial::Environment environment = in.environment();
  cost.lives_tried = k_lives_tried;
  cost.draws = draws_of_run(posterior_of_data(), std::nullopt, in.protocol.replicates);
  const double lives = lives_of_run(in.protocol, cost.draws);
  cost.pool_person_years = lives * years_followed(in.protocol, disease::load_parameters(in.parameters));
  const StopWatch pool_watch;
  try {
    const trial::Recruitment recruitment =
        trial::recruit(sample, environment, trial::ThinPool::allow, k_lives_tried);
    cost.seconds = pool_watch.seconds() * lives / k_lives_tried;
    cost.qualified = recruitment.report.qualifying;
    const Participation one = try_participants(sample, in, environment, recruitment);
    const double replicates = in.protocol.replicates + cost.without_conduct;
    const double participants = replicates * in.protocol.population.n;
    cost.replicate_person_years = participants * one.years;
    cost.seconds += participants * one.seconds / std::min<double>(core::threads(), replicates);
    double candidate_bytes = 0.0;
    for (const cohort::Candidate& c : recruitment.pool.candidates) candidate_bytes += bytes_of(c);
    cost.memory_mb = candidate_bytes * lives / k_lives_tried + one.result_bytes * replicates;
  } catch (const core::InputError&) {
    cost.seconds = pool_watch.seconds() * lives / k_lives_tried;  // none of the lives tried qualifies
  }
  cost.memory_mb = (cost.memory_mb + memory_in_use_bytes()) / 1e6;
  return cost;
}

namespace {

std::string pool_words(const Cost& cost, const trial::Protocol& protocol) {
  if (cost.draws == 0) return fmt::format("a pool of {} lives", protocol.population.lives);
  return fmt::format(
      "{} pools of {} lives, one a draw of the posterior, each growing to {} (and the time with it) where "
      "the "
      "published baseline asks for more",
      cost.draws, lives_of_draw(protocol), protocol.population.lives);
}

}  // namespace

std::string cost_words(const Cost& cost, const trial::Protocol& protocol) {
  const auto rounded = [](double x) {
    const double unit = x > 0.0 ? std::pow(10.0, std::max(0.0, std::floor(std::log10(x)) - 1.0)) : 1.0;
    return fmt::format("{:.0f}", std::round(x / unit) * unit);
  };
  if (cost.qualified == 0) {
    return fmt::format(
        "  {} (about {} person-years, {} s with {} threads); none of {} lives tried meets "
        "the "
        "criteria, so neither the replicates' cost nor whether anybody qualifies is known",
        pool_words(cost, protocol), rounded(cost.pool_person_years), rounded(std::ceil(cost.seconds)),
        core::threads(), cost.lives_tried);
  }
  const std::string again = cost.without_conduct > 0
                                ? fmt::format(", {} of them again without conduct", cost.without_conduct)
                                : std::string();
  return fmt::format(
      "  simulates about {} person-years: {} in {} ({} of {} tried qualify), {} in {} "
      "replicates "
      "of {} people{}\n  takes about {} s on this machine with {} threads, and {} MB of memory",
      rounded(cost.pool_person_years + cost.replicate_person_years), rounded(cost.pool_person_years),
      pool_words(cost, protocol), cost.qualified, cost.lives_tried, rounded(cost.replicate_person_years),
      protocol.replicates, protocol.population.n, again, rounded(std::ceil(cost.seconds)), core::threads(),
      rounded(cost.memory_mb));
}

}  // namespace hortega::apps
