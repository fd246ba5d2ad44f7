// SPDX-License-Identifier: Apache-2.0
//
// From a protocol's criteria and published baseline to a weighted pool of lives.
#include "hortega/core/parallel.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/trial/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <set>
#include <stdexcept>

namespace hortega::trial {

namespace {

// Not one in so many lives: more will not help, and the reader of the message should not wait for them.
constexpr int k_lives_without_hope = 20000;

enum Criterion : int { phenotype, age, edss, duration, activity, stable, worsening, pyramidal, pregnancy };

bool meets(const ActivityRule& rule, const cohort::Screening& s) {
  const cohort::History& h = *s.history;
  if (rule.relapses_at_least && h.relapses_within(s.life_day, rule.within_day) < *rule.relapses_at_least)
    return false;
  if (rule.gd_at_least && h.gd_within(s.life_day, rule.within_day) < *rule.gd_at_least) return false;
  if (rule.new_t2_at_least && h.new_t2_within(s.life_day, rule.within_day) < *rule.new_t2_at_least)
    return false;
  return true;
}

bool has_phenotype(const std::vector<Phenotype>& wanted, cohort::Course course) {
  if (wanted.empty()) return true;
  return std::any_of(wanted.begin(), wanted.end(), [&](Phenotype p) {
    switch (p) {
      case Phenotype::relapsing:
        return course == cohort::Course::relapsing;
      case Phenotype::secondary_progressive:
        return course == cohort::Course::secondary_progressive;
      case Phenotype::primary_progressive:
        return course == cohort::Course::primary_progressive;
    }
    return false;
  });
}

// Whether somebody whose course is this one can still come to have a wanted phenotype. Courses turn in one
// direction only (cohort::add_review).
std::function<bool(cohort::Course)> can_still_qualify(const Population& population) {
  const std::vector<Phenotype>& wanted = population.phenotypes;
  if (wanted.empty() || population.start == Start::onset) return {};
  return [&wanted](cohort::Course course) {
    switch (course) {
      case cohort::Course::no_symptoms_yet:
        return true;
      case cohort::Course::relapsing:
        return has_phenotype(wanted, cohort::Course::relapsing) ||
               has_phenotype(wanted, cohort::Course::secondary_progressive);
      default:
        return has_phenotype(wanted, course);
    }
  };
}

int first_failure(const Population& p, const cohort::Screening& s) {
  const Eligibility& e = p.eligibility;
  const cohort::History& h = *s.history;
  const auto within = [](const std::optional<std::vector<double>>& limits, double x) {
    return !limits || (x >= (*limits)[0] && x <= (*limits)[1]);
  };
  if (!has_phenotype(p.phenotypes, h.course)) return phenotype;
  if (!within(e.age_day, s.age_year * 365.25)) return age;
  if (!within(e.edss, s.edss)) return edss;
  if (!within(e.duration_day, s.duration_day())) return duration;
  for (const ActivityCriterion& c : e.activity) {
    if (std::none_of(c.any.begin(), c.any.end(), [&](const ActivityRule& r) { return meets(r, s); }))
      return activity;
  }
  if (e.stable.no_relapse_within_day && h.relapses_within(s.life_day, *e.stable.no_relapse_within_day) > 0)
    return stable;
  if (e.worsening && h.edss_rise_over(s.life_day, e.worsening->within_day) < e.worsening->at_least)
    return worsening;
  if (e.pyramidal_at_least && s.pyramidal < *e.pyramidal_at_least) return pyramidal;
  if (p.pregnancy == Pregnancy::excluded && s.pregnant_or_post_partum) return pregnancy;
  return cohort::k_qualifies;
}

// Protocols say SDs, weights are sought for squared deviations from the target mean: less the square of what
// the mean is off, these are variances.
void report_spreads_as_sd(const std::vector<cohort::TiltMoment>& moments, std::vector<MomentReport>& told) {
  for (std::size_t j = moments.size(); j-- > 1;) {
    if (moments[j].sd_name.empty()) continue;
    const MomentReport& mean = told[j - 1];
    const auto sd = [&mean](double square, double of_mean) {
      const double off = of_mean - mean.target;
      return std::sqrt(std::max(0.0, square - off * off));
    };
    told[j] = {moments[j].sd_name, std::sqrt(told[j].target), sd(told[j].before, mean.before),
               sd(told[j].after, mean.after)};
  }
}

// Adds a moment (and, with an sd, the second moment about the target mean).
template <class Get>
void add_moment(std::vector<cohort::TiltMoment>& moments, const cohort::Pool& pool, const std::string& name,
                const Moment& moment, Get get) {
  if (!moment.mean) return;
  cohort::TiltMoment first{name, {}, *moment.mean};
  cohort::TiltMoment second{name + " variance", {}, 0.0};
  for (const cohort::Candidate& c : pool.candidates) {
    const double x = get(c);
    first.value.push_back(x);
    second.value.push_back((x - *moment.mean) * (x - *moment.mean));
  }
  moments.push_back(std::move(first));
  if (moment.sd) {
    second.target = *moment.sd * *moment.sd;
    second.sd_name = name + " SD";
    moments.push_back(std::move(second));
  }
}

std::string_view course_name(Phenotype phenotype) {
  switch (phenotype) {
    case Phenotype::relapsing:
      return "relapsing";
    case Phenotype::secondary_progressive:
      return "secondary progressive";
    case Phenotype::primary_progressive:
      return "primary progressive";
  }
  return "";
}

// The share of a course, and its own moments. A deviation from the course's mean counts for its people alone
// and is divided by their share: under weights that give the share, the moment is the course's own mean.
void add_course(std::vector<cohort::TiltMoment>& moments, const cohort::Pool& pool,
                const CourseBaseline& course) {
  using cohort::Candidate;
  std::string name;
  for (const Phenotype p : course.phenotypes)
    name += (name.empty() ? "" : " or ") + std::string(course_name(p));
  const auto of_course = [&](const Candidate& c) {
    return has_phenotype(course.phenotypes, c.history.course);
  };
  Moment share;
  share.mean = course.share;
  add_moment(moments, pool, name + ", share", share,
             [&](const Candidate& c) { return of_course(c) ? 1.0 : 0.0; });
  const auto add = [&](const std::string& what, const Moment& moment, auto get) {
    if (!moment.mean) return;
    cohort::TiltMoment first{what + ", " + name, {}, *moment.mean};
    double sum = 0.0, square = 0.0, people = 0.0;
    for (const Candidate& c : pool.candidates) {
      const double off = of_course(c) ? get(c) - *moment.mean : 0.0;
      first.value.push_back(*moment.mean + off / course.share);
      sum += off;
      square += off * off;
      people += of_course(c) ? 1.0 : 0.0;
    }
    if (people > 0.0) first.plain_mean = *moment.mean + sum / people;
    moments.push_back(std::move(first));
    if (!moment.sd) return;
    const double variance = *moment.sd * *moment.sd;
    cohort::TiltMoment second{what + " variance, " + name, {}, variance};
    second.sd_name = what + " SD, " + name;
    for (const Candidate& c : pool.candidates) {
      const double off = get(c) - *moment.mean;
      second.value.push_back(variance + (of_course(c) ? (off * off - variance) / course.share : 0.0));
    }
    if (people > 0.0) second.plain_mean = square / people;
    moments.push_back(std::move(second));
  };
  add("age, years", course.age, [](const Candidate& c) { return c.age_year(); });
  add("EDSS", course.edss, [](const Candidate& c) { return c.edss; });
  add("duration, years", course.duration_years, [](const Candidate& c) { return c.duration_years(); });
  add("relapses in 1 y", course.relapses_1y, [](const Candidate& c) {
    return static_cast<double>(c.history.relapses_within(c.person.life_day, 365.25));
  });
}

std::vector<cohort::TiltMoment> moments_of(const Population& population, const cohort::Pool& pool) {
  using cohort::Candidate;
  const BaselineMoments& b = population.baseline;
  std::vector<cohort::TiltMoment> moments;
  add_moment(moments, pool, "age, years", b.age, [](const Candidate& c) { return c.age_year(); });
  add_moment(moments, pool, "EDSS", b.edss, [](const Candidate& c) { return c.edss; });
  add_moment(moments, pool, "duration, years", b.duration_years,
             [](const Candidate& c) { return c.duration_years(); });
  add_moment(moments, pool, "relapses in 1 y", b.relapses_1y, [](const Candidate& c) {
    return static_cast<double>(c.history.relapses_within(c.person.life_day, 365.25));
  });
  add_moment(moments, pool, "relapses in 2 y", b.relapses_2y, [](const Candidate& c) {
    return static_cast<double>(c.history.relapses_within(c.person.life_day, 730.5));
  });
  add_moment(moments, pool, "Gd+ lesions", b.gd_count,
             [](const Candidate& c) { return static_cast<double>(c.gd_count); });
  add_moment(moments, pool, "T2 volume, mL", b.t2_volume_ml,
             [](const Candidate& c) { return c.t2_volume_ml; });
  if (b.female_share) {
    Moment share;
    share.mean = b.female_share;
    add_moment(moments, pool, "women, share", share,
               [](const Candidate& c) { return c.profile.female ? 1.0 : 0.0; });
  }
  for (const CourseBaseline& course : b.courses) add_course(moments, pool, course);
  return moments;
}

[[noreturn]] void refuse(const std::string& key, const std::string& message, const std::string& allowed) {
  throw core::InputError(core::Problem{{"protocol", 0, 0, {}}, key, message, allowed, {}});
}

// The means of the file's columns, before and after matching.
std::vector<MomentReport> column_means(const cohort::Baselines& baselines, const cohort::Pool& pool,
                                       const std::vector<double>& weight) {
  using cohort::BaselineRow;
  using cohort::Candidate;
  std::vector<MomentReport> report;
  const auto add = [&](const std::string& name, auto of_row, auto of_life) {
    MomentReport m{name, 0.0, 0.0, 0.0};
    double rows = 0.0;
    for (const BaselineRow& row : baselines.rows) {
      const auto value = of_row(row);
      if (!value) continue;
      m.target += static_cast<double>(*value);
      rows += 1.0;
    }
    if (rows == 0.0) return;
    m.target /= rows;
    for (std::size_t i = 0; i < pool.candidates.size(); ++i) {
      const double x = static_cast<double>(of_life(pool.candidates[i]));
      m.before += x / static_cast<double>(pool.candidates.size());
      m.after += weight[i] * x;
    }
    report.push_back(std::move(m));
  };
  const auto relapses = [](double days) {
    return [days](const Candidate& c) { return c.history.relapses_within(c.person.life_day, days); };
  };
  add(
      "age, years", [](const BaselineRow& r) { return r.age_year; },
      [](const Candidate& c) { return c.age_year(); });
  add(
      "women, share", [](const BaselineRow& r) { return r.female; },
      [](const Candidate& c) { return c.profile.female; });
  add(
      "EDSS", [](const BaselineRow& r) { return r.edss; }, [](const Candidate& c) { return c.edss; });
  add(
      "duration, years", [](const BaselineRow& r) { return r.disease_years; },
      [](const Candidate& c) { return c.duration_years(); });
  add(
      "relapses in 1 y", [](const BaselineRow& r) { return r.relapses_1y; }, relapses(365.25));
  add(
      "relapses in 2 y", [](const BaselineRow& r) { return r.relapses_2y; }, relapses(730.5));
  add(
      "Gd+ lesions", [](const BaselineRow& r) { return r.gd_count; },
      [](const Candidate& c) { return c.gd_count; });
  add(
      "T2 volume, mL", [](const BaselineRow& r) { return r.t2_volume_ml; },
      [](const Candidate& c) { return c.t2_volume_ml; });
  return report;
}

// Matches the rows of a file; false while a row has too few lives behind it and the pool may still grow.
bool match_file(const cohort::Baselines& baselines, ThinPool thin, int most_lives, Recruitment& r) {
  r.rows = cohort::match_rows(baselines.rows, r.pool);
  std::size_t thinnest = 0;
  int thin_rows = 0;
  for (std::size_t i = 0; i < r.rows.size(); ++i) {
    if (r.rows[i].effective_lives < r.rows[thinnest].effective_lives) thinnest = i;
    if (r.rows[i].effective_lives < cohort::k_least_lives_per_row) ++thin_rows;
  }
  const bool none = r.rows[thinnest].effective_lives == 0.0;
  const bool is_thin = thin_rows > 0;
  const bool hopeless = none && r.pool.lives >= k_lives_without_hope;
  if (is_thin && !hopeless && r.pool.lives < most_lives && (none || thin != ThinPool::allow)) return false;
  if (none || (is_thin && thin == ThinPool::refuse)) {
    const cohort::BaselineRow& row = baselines.rows[thinnest];
    throw core::InputError(core::Problem{
        {baselines.file, row.line, 0, {}},
        {},
        none ? fmt::format("none of {} lives that qualify (of {}) resembles '{}'", r.pool.candidates.size(),
                           r.pool.lives, row.subject)
             : fmt::format("{} of {} rows rest on fewer than {:g} effective lives; '{}' on {:.1f}", thin_rows,
                           r.rows.size(), cohort::k_least_lives_per_row, row.subject,
                           r.rows[thinnest].effective_lives),
        none ? "people who meet the protocol's own criteria; leave out the row or loosen the criteria"
             : "leave cells of these rows empty, or accept it with --allow-thin",
        {}});
  }
  r.weight = cohort::pooled_weights(r.rows, r.pool.candidates.size());
  double square = 0.0;
  for (const double w : r.weight) square += w * w;
  r.report.lives = r.pool.lives;
  r.report.qualifying = static_cast<int>(r.pool.candidates.size());
  r.report.effective_share = 1.0 / (square * static_cast<double>(r.pool.candidates.size()));
  r.report.moments = column_means(baselines, r.pool, r.weight);
  for (std::size_t i = 0; i < r.rows.size(); ++i) {
    const cohort::BaselineRow& row = baselines.rows[i];
    r.report.rows.push_back({row.subject, row.line, r.rows[i].effective_lives});
  }
  return true;
}

void append(cohort::Pool& pool, cohort::Pool more) {
  for (cohort::Candidate& c : more.candidates) pool.candidates.push_back(std::move(c));
  for (std::size_t i = 0; i < pool.excluded_by.size(); ++i) pool.excluded_by[i] += more.excluded_by[i];
  pool.lives += more.lives;
}

void name_lives(Recruitment& r) {
  r.person.clear();
  for (const cohort::Candidate& c : r.pool.candidates) r.person.push_back(c.person.person);
}

// Doubles the pool, up to most_lives.
void grow(cohort::Pool& pool, int most_lives, const cohort::PoolOptions& options,
          const Population& population, const cohort::Criteria& criteria, const disease::Parameters& disease,
          const cohort::CourseFactory& courses) {
  cohort::PoolOptions more = options;
  more.lives = std::min(pool.lives, most_lives - pool.lives);
  append(pool, cohort::make_pool(disease, more, criteria, courses, static_cast<std::uint32_t>(pool.lives),
                                 can_still_qualify(population)));
}

// Lives on which a recruitment rests, by Kish's effective number.
double effective_lives(const PopulationReport& report) { return report.effective_share * report.qualifying; }

// Share of a population that takes the prior therapy.
double prior_share(const Population& population) {
  return population.prior_therapy == "none" ? 0.0 : population.prior_therapy_share;
}

// The lives from `first` on, `lives` of them, each into the pools of the protocols for which it qualifies at
// some time (`wanted`: indices into protocols and pools).
void add_lives(const std::vector<Protocol>& protocols, const std::vector<std::size_t>& wanted,
               const Environment& environment, const disease::Parameters& disease, std::uint64_t seed,
               int first, int lives, std::vector<cohort::Pool>& pools) {
  // One bank of lives a prior therapy; the untreated one serves everybody.
  std::vector<std::string> banks = {"none"};
  for (const std::size_t i : wanted) {
    const Population& population = protocols[i].population;
    const std::string& drug = population.prior_therapy;
    if (std::find(banks.begin(), banks.end(), drug) == banks.end() && prior_share(population) > 0.0)
      banks.push_back(drug);
  }
  for (const std::string& bank : banks) {
    cohort::PoolOptions options;
    options.seed = seed;
    options.lives = lives;
    options.prior_therapy = bank;
    options.prior_therapy_share = 1.0;
    options.setting.calendar_year = protocols.front().study.year;
    options.setting.experienced_centre = protocols.front().study.experienced_centre;
    std::vector<cohort::PoolSearch> searches;
    std::vector<std::size_t> of;
    for (const std::size_t i : wanted) {
      const Population& population = protocols[i].population;
      const double share = prior_share(population);
      if (bank == "none" ? share >= 1.0 : bank != population.prior_therapy || share <= 0.0) continue;
      of.push_back(i);
      searches.push_back({[&population](const cohort::Screening& s) { return first_failure(population, s); },
                          latest_age_year(population), population.start == Start::onset,
                          can_still_qualify(population)});
    }
    if (searches.empty()) continue;
    std::vector<cohort::Pool> found = cohort::make_pools(disease, options, searches, environment.courses,
                                                         static_cast<std::uint32_t>(first));
    for (std::size_t k = 0; k < of.size(); ++k) {
      const double share = prior_share(protocols[of[k]].population);
      for (cohort::Candidate& c : found[k].candidates) {
        const bool takes = cohort::prior_therapy_draw(seed, c.person.person) < share;
        if (takes == (bank != "none")) pools[of[k]].candidates.push_back(std::move(c));
      }
      pools[of[k]].excluded_by.assign(found[k].excluded_by.size(), 0);
    }
  }
  for (const std::size_t i : wanted) pools[i].lives = first + lives;
}

// Weights and report of a pool that was recruited with others.
void weigh(const Protocol& protocol, Recruitment& r) {
  std::sort(r.pool.candidates.begin(), r.pool.candidates.end(),
            [](const auto& a, const auto& b) { return a.person.person < b.person.person; });
  const auto moments = moments_of(protocol.population, r.pool);
  const cohort::TiltResult tilted =
      cohort::tilt_below(moments, r.pool.candidates.size(), 1.0 / protocol.population.n);
  r.weight = tilted.weight;
  r.copies = cohort::Copies::as_weighted;
  name_lives(r);
  r.report.lives = r.pool.lives;
  r.report.qualifying = static_cast<int>(r.pool.candidates.size());
  r.report.effective_share = tilted.effective_share;
}

}  // namespace

const std::vector<std::string>& criterion_names() {
  static const std::vector<std::string> names = {"phenotype", "age",    "EDSS",      "duration",
                                                 "activity",  "stable", "worsening", "pyramidal grade",
                                                 "pregnancy"};
  return names;
}

double latest_age_year(const Population& population) {
  constexpr double k_oldest_year = 75.0;  // lives are not followed further for recruitment
  return population.eligibility.age_day ? (*population.eligibility.age_day)[1] / 365.25 : k_oldest_year;
}

Recruitment recruit(const Protocol& protocol, const Environment& environment, ThinPool thin, int most_lives) {
  Recruitment r;
  r.disease = disease::load_parameters(*environment.parameters);
  const Population& population = protocol.population;
  cohort::PoolOptions options;
  options.seed = protocol.seed;
  options.lives = population.lives;
  options.prior_therapy = population.prior_therapy;
  options.prior_therapy_share = population.prior_therapy_share;
  options.from_onset = population.start == Start::onset;
  options.setting.calendar_year = protocol.study.year;
  options.setting.experienced_centre = protocol.study.experienced_centre;
  options.latest_age_year = latest_age_year(population);
  const cohort::Criteria criteria = [&population](const cohort::Screening& s) {
    return first_failure(population, s);
  };

  const bool from_file = population.source == "csv";
  cohort::Baselines baselines;
  if (from_file) baselines = cohort::load_baselines(population.csv);  // refuses before anything runs
  r.pool =
      cohort::make_pool(r.disease, options, criteria, environment.courses, 0, can_still_qualify(population));
  while (true) {
    if (from_file && match_file(baselines, thin, most_lives, r)) return r;
    if (from_file) {
      grow(r.pool, most_lives, options, population, criteria, r.disease, environment.courses);
      continue;
    }
    const std::vector<cohort::TiltMoment> moments = moments_of(population, r.pool);
    const std::size_t n = r.pool.candidates.size();
    const cohort::TiltResult tilted = cohort::tilt_below(moments, n, 1.0 / population.n);
    // The pool is thin when its weights rest on few lives, or when no weights meet the moments of which each
    // gives its life one place in a replicate at most.
    const bool is_thin = n == 0 || !tilted.converged || tilted.effective_share < k_least_effective_share;
    const bool hopeless = n == 0 && r.pool.lives >= k_lives_without_hope;
    if (!is_thin || hopeless || r.pool.lives >= most_lives || (thin == ThinPool::allow && n > 0)) {
      if (n == 0) {
        std::string nearest;
        for (std::size_t i = 0; i < criterion_names().size(); ++i) {
          if (r.pool.excluded_by[i] > 0)
            nearest += fmt::format("{}{} {}", nearest.empty() ? "" : ", ", criterion_names()[i],
                                   r.pool.excluded_by[i]);
        }
        refuse("population.eligibility",
               fmt::format("nobody of {} simulated lives ever meets the criteria", r.pool.lives),
               "lives lost at each criterion: " + nearest);
      }
      if (!tilted.converged && thin == ThinPool::refuse) {
        std::size_t worst = 0;
        for (std::size_t j = 1; j < moments.size(); ++j) {
          const auto miss = [&](std::size_t k) {
            return std::fabs(tilted.after[k] - moments[k].target) /
                   std::max(1e-9, std::fabs(moments[k].target));
          };
          if (miss(j) > miss(worst)) worst = j;
        }
        refuse("population.baseline",
               fmt::format("no weights of the {} qualifying lives meet the published baseline", n),
               fmt::format("furthest off: {}, wanted {:.3g}, reached {:.3g}", moments[worst].name,
                           moments[worst].target, tilted.after[worst]));
      }
      if (is_thin && thin == ThinPool::refuse) {
        refuse("population.baseline",
               fmt::format(
                   "the published baseline is met by too few lives: effective share {:.3f} of {} qualifying "
                   "(of {} lives)",
                   tilted.effective_share, n, r.pool.lives),
               fmt::format("at least {:.1f} of the pool and {} lives; loosen the moments, or accept it with "
                           "--allow-thin",
                           k_least_effective_share, population.n));
      }
      r.weight = tilted.weight;
      if (thin == ThinPool::grow && !tilted.converged) r.copies = cohort::Copies::as_weighted;
      name_lives(r);
      r.report.lives = r.pool.lives;
      r.report.qualifying = static_cast<int>(n);
      r.report.effective_share = tilted.effective_share;
      // What is enrolled: a life has one place in a replicate, whatever its weight.
      const std::vector<double> expected =
          cohort::places(r.weight, static_cast<std::size_t>(population.n), r.copies);
      const double all = std::accumulate(expected.begin(), expected.end(), 0.0);
      for (std::size_t j = 0; j < moments.size(); ++j) {
        const double enrolled_mean =
            std::inner_product(expected.begin(), expected.end(), moments[j].value.begin(), 0.0) / all;
        r.report.moments.push_back({moments[j].name, moments[j].target,
                                    moments[j].plain_mean.value_or(tilted.before[j]), enrolled_mean});
      }
      report_spreads_as_sd(moments, r.report.moments);
      return r;
    }
    grow(r.pool, most_lives, options, population, criteria, r.disease, environment.courses);
  }
}

std::vector<std::optional<Recruitment>> recruit_together(const std::vector<Protocol>& protocols,
                                                         const Environment& environment, SharedLives lives,
                                                         std::uint64_t seed) {
  std::vector<std::optional<Recruitment>> all(protocols.size());
  if (protocols.empty()) return all;
  for (const Protocol& p : protocols) {
    if (p.population.source == "csv")
      throw std::invalid_argument("recruit_together: " + p.id + " has a file of baselines");
  }
  const disease::Parameters disease = disease::load_parameters(*environment.parameters);
  std::vector<cohort::Pool> found(protocols.size());
  std::vector<std::size_t> wanted(protocols.size());
  std::iota(wanted.begin(), wanted.end(), std::size_t{0});
  int first = 0;
  int more = lives.first;
  while (!wanted.empty() && more > 0) {
    add_lives(protocols, wanted, environment, disease, seed, first, more, found);
    core::parallel_for(wanted.size(), [&](std::size_t k) {
      const std::size_t i = wanted[k];
      if (found[i].candidates.empty()) return;
      if (!all[i]) all[i].emplace().disease = disease;
      all[i]->pool = std::move(found[i]);
      weigh(protocols[i], *all[i]);
      found[i] = std::move(all[i]->pool);  // it may grow
    });
    std::erase_if(wanted, [&](std::size_t i) {
      return all[i] && effective_lives(all[i]->report) >= lives.effective_at_least;
    });
    first += more;
    more = std::min(first, lives.at_most - first);
  }
  for (std::size_t i = 0; i < protocols.size(); ++i) {
    if (all[i]) all[i]->pool = std::move(found[i]);
  }
  return all;
}

std::vector<std::size_t> enrolled(const Protocol& protocol, const Recruitment& recruitment, int replicate) {
  const auto n = static_cast<std::size_t>(protocol.population.n);
  const auto number = static_cast<std::uint32_t>(replicate);
  if (!recruitment.rows.empty()) return cohort::draw_for_rows(recruitment.rows, n, protocol.seed, number);
  return cohort::draw_by_weight(recruitment.weight, recruitment.person, n, protocol.seed, number,
                                recruitment.copies);
}

int distinct_lives(const Protocol& protocol, const Recruitment& recruitment, int replicates) {
  std::set<std::size_t> used;
  for (int i = 0; i < replicates; ++i) {
    for (const std::size_t c : enrolled(protocol, recruitment, i)) used.insert(c);
  }
  return static_cast<int>(used.size());
}

}  // namespace hortega::trial
