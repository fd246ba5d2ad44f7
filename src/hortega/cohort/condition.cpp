// SPDX-License-Identifier: Apache-2.0
#include "hortega/cohort/condition.hpp"

#include "hortega/cohort/past_block.hpp"
#include "hortega/core/math.hpp"
#include "hortega/core/parallel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace hortega::cohort {

namespace {

// One life of the search as it stands.
struct Particle {
  PastLife life;
  std::uint32_t ancestor = 0;
  double log_before = 0.0;  // of the record up to the last resampling
};

std::vector<PastResult> live_all(const disease::Parameters& p, const disease::Rates& rates, const Past& past,
                                 const CourseFactory& courses, const ConditionOptions& options, Until until,
                                 std::size_t last_checkpoint, const std::vector<PastLife>& lives) {
  std::vector<PastResult> results(lives.size());
  const std::size_t blocks = (lives.size() + disease::k_block - 1) / disease::k_block;
  core::parallel_for(blocks, [&](std::size_t b) {
    const std::size_t first = b * disease::k_block;
    const std::size_t n = std::min(disease::k_block, lives.size() - first);
    live_through(p, rates, past, courses, options, until, last_checkpoint, std::span(lives).subspan(first, n),
                 std::span(results).subspan(first, n));
  });
  return results;
}

// Log density of the prior of the age at onset, without its constant; -inf outside.
double log_onset_density(const disease::Parameters& p, double age_year) {
  if (age_year < p.onset_age_low.value || age_year > p.onset_age_high.value) return k_impossible;
  const double z = (age_year - p.onset_age_mean.value) / p.onset_age_mean.spread;
  // Not without the spread, which differs between draws of the parameters.
  return -0.5 * z * z - math::log(p.onset_age_mean.spread);
}

// Lives of the person's sex; their onset moved so that the first symptom falls on the person's age.
std::vector<Particle> begin_lives(const disease::Parameters& p, const disease::Rates& rates, const Past& past,
                                  const CourseFactory& courses, const ConditionOptions& options,
                                  Conditioned& out) {
  const bool female = past.person->sex == Sex::female;
  std::vector<PastLife> lives;
  for (std::uint32_t number = options.first_person; static_cast<int>(lives.size()) < options.lives;
       ++number) {
    const disease::Profile profile = disease::make_profile(p, options.seed, number);
    if (profile.female == female) lives.push_back({number, profile.onset_age_year, 0.0, {}});
  }
  const std::vector<PastResult> first =
      live_all(p, rates, past, courses, options, Until::first_symptom, 0, lives);
  out.begun = static_cast<int>(lives.size());
  std::vector<Particle> particles;
  for (std::size_t i = 0; i < lives.size(); ++i) {
    Particle one{lives[i], lives[i].person, 0.0};
    one.life.log_prior = k_impossible;
    if (first[i].first_symptom_day) {
      one.life.onset_age_year = past.person->age_at_first_symptom_year() -
                                static_cast<double>(*first[i].first_symptom_day) / 365.25;
      one.life.log_prior = log_onset_density(p, one.life.onset_age_year);
    }
    particles.push_back(std::move(one));
  }
  return particles;
}

struct Weights {
  std::vector<double> of;  // sum to 1
  double log_mean = k_impossible;
};

Weights normalised(const std::vector<double>& logs) {
  Weights w;
  const double most = *std::max_element(logs.begin(), logs.end());
  w.of.assign(logs.size(), 0.0);
  if (std::isinf(most)) return w;
  double sum = 0.0;
  for (std::size_t i = 0; i < logs.size(); ++i) sum += w.of[i] = math::exp(logs[i] - most);
  for (double& x : w.of) x /= sum;
  w.log_mean = most + math::log(sum / static_cast<double>(logs.size()));
  return w;
}

// Systematic resampling: which particle each of `count` places goes to.
std::vector<std::size_t> places(const std::vector<double>& weights, std::size_t count, double u) {
  const auto n = static_cast<double>(count);
  std::vector<std::size_t> of;
  double sum = 0.0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    sum += weights[i];
    while (of.size() < count && (static_cast<double>(of.size()) + u) / n < sum) of.push_back(i);
  }
  while (of.size() < count) of.push_back(weights.size() - 1);
  return of;
}

std::vector<double> gained(const std::vector<PastResult>& results, const std::vector<Particle>& particles,
                           std::size_t checkpoint) {
  std::vector<double> logs(results.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    const double at = results[i].log_at[checkpoint];
    logs[i] = std::isinf(at) ? k_impossible : at - particles[i].log_before;
  }
  return logs;
}

}  // namespace

double effective_number(std::span<const double> weights) {
  double sum = 0.0;
  double squares = 0.0;
  for (const double w : weights) {
    sum += w;
    squares += w * w;
  }
  return squares > 0.0 ? sum * sum / squares : 0.0;
}

double Conditioned::effective_ancestors() const {
  std::map<std::uint32_t, double> of;
  for (const ConditionedLife& life : lives) of[life.ancestor] += life.weight;
  std::vector<double> weights;
  weights.reserve(of.size());
  for (const auto& [ancestor, weight] : of) weights.push_back(weight);
  return effective_number(weights);
}

std::vector<std::string> not_used(const KnownPerson& person) {
  std::vector<std::string> out;
  const Past past = make_past(person, {});
  for (std::size_t i = 0; i < person.edss.size(); ++i) {
    const bool used = std::any_of(past.items.begin(), past.items.end(), [&](const PastItem& item) {
      return item.kind == PastItem::Kind::edss && item.index == i;
    });
    if (!used)
      out.push_back(fmt::format("EDSS {:.1f} of {}: within 60 days of the onset of a relapse",
                                person.edss[i].value, text_of(person.edss[i].on)));
  }
  return out;
}

std::vector<RelapseWindow> relapse_windows(const KnownPerson& person) {
  constexpr int k_first_attack_day = 30;  // an onset so soon is the first attack (docs/endpoints.md)
  constexpr double k_ends_year[] = {1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0};
  constexpr int k_shortest_day = 183;
  const auto today = static_cast<int>(std::lround(person.duration_day()));
  int start = k_first_attack_day;
  if (person.relapses_known_from) start = std::max(start, person.offset_day(*person.relapses_known_from));
  if (person.course == Course::primary_progressive && !person.relapses_known_from) start = 0;
  std::vector<RelapseWindow> windows;
  int to = today;
  for (const double year : k_ends_year) {
    if (to <= start) break;
    int from = today - static_cast<int>(std::lround(365.25 * year));
    if (from < start + k_shortest_day) from = start;
    windows.push_back({from, to, 0});
    to = from;
  }
  if (to > start) windows.push_back({start, to, 0});
  std::reverse(windows.begin(), windows.end());
  for (RelapseWindow& w : windows) {
    for (const KnownRelapse& r : person.relapses) {
      const int day = person.offset_day(r.on);
      if (day > w.from_day && day <= w.to_day) ++w.recorded;
    }
  }
  return windows;
}

Conditioned condition(const disease::Parameters& p, const KnownPerson& person, const RecordNoise& noise,
                      const CourseFactory& courses, const ConditionOptions& options) {
  const disease::Rates rates = disease::make_rates(p);
  const Past past = make_past(person, noise);
  Conditioned out;
  out.log_probability = k_impossible;
  std::vector<Particle> particles = begin_lives(p, rates, past, courses, options, out);
  const std::size_t last = count_checkpoints(past) - 1;
  const std::size_t kept =
      std::max<std::size_t>(1, particles.size() / static_cast<std::size_t>(options.begun_per_life_kept));
  const double too_few = options.resample_below * static_cast<double>(kept);
  double log_probability = 0.0;
  std::size_t from = 0;  // first checkpoint that is not accounted for
  // The many that are begun need not be followed further than to where few of them are left.
  constexpr std::size_t k_ahead = 3;
  std::size_t to = std::min(last, k_ahead);
  while (true) {
    std::vector<PastLife> lives;
    lives.reserve(particles.size());
    for (const Particle& one : particles) lives.push_back(one.life);
    std::vector<PastResult> results = live_all(p, rates, past, courses, options, Until::today, to, lives);
    if (out.resamplings == 0) {
      out.at_onset = static_cast<int>(std::count_if(
          results.begin(), results.end(), [](const PastResult& r) { return !std::isinf(r.log_at.front()); }));
    }
    std::size_t at = from;
    Weights w = normalised(gained(results, particles, at));
    while (at < to && effective_number(w.of) >= too_few) {
      ++at;
      w = normalised(gained(results, particles, at));
    }
    if (std::isinf(w.log_mean)) return out;
    if (at < last && effective_number(w.of) >= too_few) {
      to = std::min(last, to + k_ahead);
      continue;
    }
    log_probability += w.log_mean;
    if (at == last) {
      for (std::size_t i = 0; i < particles.size(); ++i) {
        if (w.of[i] > 0.0 && results[i].candidate)
          out.lives.push_back({std::move(*results[i].candidate), w.of[i], particles[i].ancestor});
      }
      out.log_probability = log_probability;
      return out;
    }
    const auto stage = static_cast<std::uint32_t>(++out.resamplings);
    const double u = core::to_uniform(
        core::draw({options.seed, options.first_person, stage}, core::Purpose::selection, 0, 2)[0]);
    const std::vector<std::size_t> of = places(w.of, kept, u);
    std::vector<Particle> next;
    for (std::size_t k = 0; k < kept; ++k) {
      Particle one = particles[of[k]];
      one.log_before = results[of[k]].log_at[at];
      // The first of several keeps its luck.
      if (k > 0 && of[k - 1] == of[k])
        one.life.branches.emplace_back(
            results[of[k]].life_day_at[at],
            1 + stage * static_cast<std::uint32_t>(kept) + static_cast<std::uint32_t>(k));
      next.push_back(std::move(one));
    }
    particles = std::move(next);
    from = at + 1;
    to = last;
  }
}

}  // namespace hortega::cohort
