// SPDX-License-Identifier: Apache-2.0
#include "hortega/cohort/pool.hpp"

#include "hortega/core/parallel.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace hortega::cohort {

namespace {

constexpr int k_review_day = 91;  // a quarter
constexpr int k_stretch_day = 7;
constexpr int k_criteria = 16;
// Lives that share a block's lanes one after another. Lives end decades apart; with one life a lane half of
// the lanes' days were nobody's. More would leave too few tasks for many threads.
constexpr int k_lives_a_task = 64;

class NoListener final : public BedsideListener {
 public:
  void harm(therapy::Harm) override {}
  void milestone(therapy::Milestone, int, double) override {}
  void death(const std::string&) override {}
};

// How one search stands with one life.
struct Found {
  int qualifying_moments = 0;
  int best_failed = 0;  // criteria are tested in order: the later the first failure, the nearer the life came
  bool done = false;
  std::optional<Candidate> kept;
};

// One lane of the pool.
struct Life {
  disease::Profile profile;
  History history;
  Bedside bedside;
  bool on_prior_therapy = false;
  bool prior_decided = false;
  bool finished = false;
  std::vector<Found>* found = nullptr;  // one a search
};

class PoolBlock {
 public:
  PoolBlock(const disease::Parameters& p, const disease::Rates& rates, const PoolOptions& options,
            const std::vector<PoolSearch>& searches, const CourseFactory& courses, std::uint32_t first_person,
            int n)
      : p_(p),
        rates_(rates),
        options_(options),
        searches_(searches),
        courses_(courses),
        first_person_(first_person),
        found_(static_cast<std::size_t>(n)) {
    block_.seed = options.seed;
    rule_.subtle_noticed = p.relapse_subtle_noticed.value;
    for (std::size_t lane = 0; lane < disease::k_block; ++lane) {
      if (next_ < found_.size()) {
        admit_next(lane);
        continue;
      }
      disease::put(block_, lane, disease::make_person(p, options.seed, first_person));
      block_.alive[lane] = 0;
      lives_[lane].finished = true;
    }
  }

  void run() {
    while (!std::all_of(lives_.begin(), lives_.end(), [](const Life& l) { return l.finished; })) {
      for (int gone = 0; gone < k_review_day;) {
        const int step = std::min(k_stretch_day, k_review_day - gone);
        disease::advance(rates_, block_, step, events_);
        gone += step;
        note_events();
        update_courses();
      }
      review();
      for (std::size_t lane = 0; lane < disease::k_block; ++lane) {
        if (lives_[lane].finished && next_ < found_.size()) admit_next(lane);
      }
    }
  }

  /// Of each life in order of person, one a search.
  std::vector<std::vector<Found>>& found() { return found_; }

 private:
  void admit_next(std::size_t lane) {
    const auto person = first_person_ + static_cast<std::uint32_t>(next_);
    disease::put(block_, lane, disease::make_person(p_, options_.seed, person));
    lives_[lane] = Life{};
    lives_[lane].profile = disease::make_profile(p_, options_.seed, person);
    lives_[lane].found = &found_[next_];
    lives_[lane].found->resize(searches_.size());
    ++next_;
  }

  core::StreamKey key(std::size_t lane) const {
    return {block_.seed, block_.person[lane], block_.copy[lane]};
  }

  therapy::Patient patient(std::size_t lane, double edss) {
    therapy::Patient who;
    who.key = key(lane);
    who.parameters = &p_;
    who.profile = &lives_[lane].profile;
    who.state = disease::view_of(block_, lane);
    who.last_edss = edss;
    who.setting = options_.setting;
    return who;
  }

  void note_events() {
    for (int i = 0; i < events_.count; ++i) {
      const disease::Event& e = events_.event[i];
      Life& life = lives_[e.lane];
      if (life.finished) continue;
      if (e.kind == disease::EventKind::death) {
        life.finished = true;
      } else if (e.kind == disease::EventKind::attack || e.kind == disease::EventKind::fever) {
        if (life.history.judge.judge(rule_, key(e.lane), e) == Judgement::relapse) {
          life.history.relapse_days.push_back(e.life_day);
        }
      }
    }
  }

  void update_courses() {
    for (std::size_t lane = 0; lane < disease::k_block; ++lane) {
      Life& life = lives_[lane];
      if (life.finished || life.bedside.next_due() > static_cast<int>(block_.life_day[lane])) continue;
      life.bedside.update(block_, lane, patient(lane, 0.0), nobody_);
    }
  }

  void review() {
    disease::observe(rates_, block_, disease::RaterNoise::on, nullptr, seen_);
    for (std::size_t lane = 0; lane < disease::k_block; ++lane) {
      Life& life = lives_[lane];
      if (life.finished) continue;
      const disease::StateView s = disease::view_of(block_, lane);
      const std::uint32_t today = block_.life_day[lane];
      Review r;
      r.life_day = today;
      r.edss = static_cast<float>(seen_.edss[lane]);
      r.t2_seen = static_cast<float>(s.t2_seen());
      r.gd = static_cast<std::uint8_t>(std::clamp(s.enhancing(), 0.0, 255.0));
      r.pyramidal = static_cast<std::uint8_t>(seen_.grade[2][lane]);
      add_review(life.history, r);
      disease::set_death_hazard(
          block_, lane,
          disease::death_hazard_per_day(p_, life.profile.female, s.age_year(), seen_.edss_hidden[lane]));
      start_prior_therapy(life, lane, today);
      maybe_conceive(life, lane, s.age_year());
      screen(life, lane, s, r);
      life.finished = true;
      for (std::size_t i = 0; i < searches_.size(); ++i) {
        const PoolSearch& wanted = searches_[i];
        Found& found = (*life.found)[i];
        if (s.age_year() > wanted.latest_age_year || (wanted.open && !wanted.open(life.history.course)))
          found.done = true;
        life.finished = life.finished && found.done;
      }
    }
  }

  void start_prior_therapy(Life& life, std::size_t lane, std::uint32_t today) {
    constexpr double k_after_first_symptom_day =
        365.25;  // a choice of ours: nobody is on a drug in the first year after onset
    if (life.prior_decided || options_.prior_therapy == "none" || !life.history.first_symptom_day ||
        static_cast<double>(today - *life.history.first_symptom_day) < k_after_first_symptom_day) {
      return;
    }
    life.prior_decided = true;
    if (prior_therapy_draw(block_.seed, block_.person[lane]) >= options_.prior_therapy_share) return;
    life.on_prior_therapy = true;
    const therapy::Patient who = patient(lane, seen_.edss[lane]);
    life.bedside.begin(courses_(options_.prior_therapy), block_, lane, who, nobody_);
    life.bedside.update(block_, lane, who, nobody_);
  }

  void maybe_conceive(Life& life, std::size_t lane, double age_year) {
    if (!life.profile.female) return;
    const std::uint32_t today = block_.life_day[lane];
    std::vector<Pregnancy>& all = life.history.pregnancies;
    if (!all.empty() && pregnant_or_post_partum(p_, all.back(), today)) return;
    const auto begun = conceive(p_, key(lane), age_year, life.history.first_symptom_day.has_value(), today);
    if (!begun) return;
    all.push_back(*begun);
    const therapy::Patient who = patient(lane, seen_.edss[lane]);
    life.bedside.begin(make_pregnancy_course(*begun), block_, lane, who, nobody_);
    life.bedside.update(block_, lane, who, nobody_);
  }

  void screen(Life& life, std::size_t lane, const disease::StateView& s, const Review& r) {
    if (!life.history.first_symptom_day) return;
    Screening screening;
    screening.history = &life.history;
    screening.female = life.profile.female;
    screening.age_year = s.age_year();
    screening.life_day = r.life_day;
    screening.edss = seen_.edss[lane];
    screening.gd_count = r.gd;
    screening.pyramidal = r.pyramidal;
    screening.t2_volume_ml = s.t2_volume_ml();
    screening.on_prior_therapy = life.on_prior_therapy;
    const std::vector<Pregnancy>& pregnancies = life.history.pregnancies;
    screening.pregnant_or_post_partum =
        !pregnancies.empty() && pregnant_or_post_partum(p_, pregnancies.back(), r.life_day);
    for (std::size_t i = 0; i < searches_.size(); ++i) {
      Found& found = (*life.found)[i];
      if (!found.done) search(searches_[i], found, life, lane, screening);
    }
  }

  void search(const PoolSearch& wanted, Found& found, const Life& life, std::size_t lane,
              const Screening& screening) {
    const int failed = wanted.from_onset ? k_qualifies : wanted.criteria(screening);
    if (failed != k_qualifies) {
      if (found.qualifying_moments == 0) found.best_failed = std::max(found.best_failed, failed);
      return;
    }
    // Reservoir of size one: each qualifying moment is kept with equal probability.
    ++found.qualifying_moments;
    const double u =
        core::to_uniform(core::draw(key(lane), core::Purpose::selection, screening.life_day, 0)[0]);
    if (u * static_cast<double>(found.qualifying_moments) >= 1.0 && found.kept) return;
    Candidate c;
    c.person = disease::take(block_, lane);
    c.person.female = life.profile.female;
    c.person.onset_age_year = life.profile.onset_age_year;
    c.history = life.history;
    c.profile = life.profile;
    c.edss = screening.edss;
    c.gd_count = screening.gd_count;
    c.t2_volume_ml = screening.t2_volume_ml;
    c.on_prior_therapy = life.on_prior_therapy;
    found.kept = std::move(c);
    if (wanted.from_onset) found.done = true;
  }

  const disease::Parameters& p_;
  const disease::Rates& rates_;
  const PoolOptions& options_;
  const std::vector<PoolSearch>& searches_;
  const CourseFactory& courses_;
  disease::Block block_;
  disease::Events events_;
  disease::Observation seen_;
  RelapseRule rule_;
  NoListener nobody_;
  std::uint32_t first_person_;
  std::size_t next_ = 0;  // first life that has had no lane yet
  std::vector<std::vector<Found>> found_;
  std::array<Life, disease::k_block> lives_;
};

}  // namespace

double Candidate::duration_years() const {
  if (!history.first_symptom_day) return 0.0;
  return (static_cast<double>(person.life_day) - static_cast<double>(*history.first_symptom_day)) / 365.25;
}

double prior_therapy_draw(std::uint64_t seed, std::uint32_t person) {
  return core::to_uniform(core::draw({seed, person, 0}, core::Purpose::selection, 0, 1)[0]);
}

std::vector<Pool> make_pools(const disease::Parameters& parameters, const PoolOptions& options,
                             const std::vector<PoolSearch>& searches, const CourseFactory& courses,
                             std::uint32_t first_person) {
  const disease::Rates rates = disease::make_rates(parameters);
  const auto n_blocks = (static_cast<std::size_t>(options.lives) + k_lives_a_task - 1) / k_lives_a_task;
  struct BlockResult {
    std::vector<Candidate> candidates;
    std::array<std::int64_t, k_criteria> excluded{};
  };
  std::vector<std::vector<BlockResult>> results(n_blocks, std::vector<BlockResult>(searches.size()));
  core::parallel_for(n_blocks, [&](std::size_t b) {
    const int first = static_cast<int>(b) * k_lives_a_task;
    const int n = std::min(k_lives_a_task, options.lives - first);
    PoolBlock block(parameters, rates, options, searches, courses,
                    first_person + static_cast<std::uint32_t>(first), n);
    block.run();
    for (std::vector<Found>& found : block.found()) {
      for (std::size_t i = 0; i < searches.size(); ++i) {
        BlockResult& r = results[b][i];
        if (found[i].kept) {
          r.candidates.push_back(std::move(*found[i].kept));
        } else {
          ++r.excluded[static_cast<std::size_t>(std::clamp(found[i].best_failed, 0, k_criteria - 1))];
        }
      }
    }
  });
  std::vector<Pool> pools(searches.size());
  for (std::size_t i = 0; i < searches.size(); ++i) {
    Pool& pool = pools[i];
    pool.lives = options.lives;
    pool.excluded_by.assign(k_criteria, 0);
    for (std::vector<BlockResult>& of_block : results) {
      BlockResult& r = of_block[i];
      for (Candidate& c : r.candidates) pool.candidates.push_back(std::move(c));
      for (std::size_t k = 0; k < r.excluded.size(); ++k) pool.excluded_by[k] += r.excluded[k];
    }
  }
  return pools;
}

Pool make_pool(const disease::Parameters& parameters, const PoolOptions& options, const Criteria& criteria,
               const CourseFactory& courses, std::uint32_t first_person, std::function<bool(Course)> open) {
  return std::move(make_pools(parameters, options,
                              {{criteria, options.latest_age_year, options.from_onset, std::move(open)}},
                              courses, first_person)
                       .front());
}

}  // namespace hortega::cohort
