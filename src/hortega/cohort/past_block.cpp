// SPDX-License-Identifier: Apache-2.0
#include "hortega/cohort/past_block.hpp"

#include "hortega/core/math.hpp"

#include <algorithm>
#include <cmath>

namespace hortega::cohort {

namespace {

constexpr int k_review_day = 91;  // a quarter, as in the pool of lives
constexpr int k_stretch_day = 7;
constexpr std::size_t k_weeks_of_scan = 16;   // a scan of the record may fall on any of these before its day
constexpr double k_age_tolerance_year = 1.0;  // of the first symptom
constexpr std::uint32_t k_rating_copies = 0x40000000U;  // luck of raters alone
constexpr const char* k_steroid = "methylprednisolone";

class DeathListener final : public BedsideListener {
 public:
  explicit DeathListener(bool& dead) : dead_(dead) {}
  void harm(therapy::Harm) override {}
  void milestone(therapy::Milestone, int, double) override {}
  void death(const std::string&) override { dead_ = true; }

 private:
  bool& dead_;
};

// The same person, but with the biological onset at this age.
disease::Parameters with_onset_age(disease::Parameters p, double age_year) {
  constexpr double k_width_year = 1e-3;
  p.onset_age_mean = {age_year, 1.0};
  p.onset_age_low.value = age_year - k_width_year;
  p.onset_age_high.value = age_year + k_width_year;
  return p;
}

struct Lane {
  const PastLife* life = nullptr;
  PastResult* result = nullptr;
  disease::Profile profile;
  History history;
  Bedside bedside;
  std::optional<std::uint32_t> first_day;
  std::size_t next_item = 0;
  std::size_t next_branch = 0;
  double log_sum = 0.0;
  std::array<int, k_weeks_of_scan> enhancing{};
  std::size_t weeks = 0;
  std::vector<double> t2_at;  // of each scan: lesions seen on the day that it is compared with
  bool finished = false;
  bool dead_by_therapy = false;
  bool steroids_due = false;  // for a relapse of this stretch
};

class Block {
 public:
  Block(const disease::Parameters& p, const disease::Rates& rates, const Past& past,
        const CourseFactory& courses, const ConditionOptions& options, Until until,
        std::size_t last_checkpoint, std::span<const PastLife> lives, std::span<PastResult> results)
      : p_(p),
        rates_(rates),
        past_(past),
        courses_(courses),
        options_(options),
        until_(until),
        last_checkpoint_(last_checkpoint) {
    block_.seed = options.seed;
    rule_.subtle_noticed = p.relapse_subtle_noticed.value;
    for (std::size_t l = 0; l < disease::k_block; ++l) {
      Lane& lane = lanes_[l];
      const PastLife& life = lives[std::min(l, lives.size() - 1)];
      const disease::Parameters own = with_onset_age(p, life.onset_age_year);
      disease::put(block_, l, disease::make_person(own, options.seed, life.person));
      lane.life = &life;
      if (l >= lives.size()) {
        block_.alive[l] = 0;
        lane.finished = true;
        continue;
      }
      lane.profile = disease::make_profile(own, options.seed, life.person);
      lane.result = &results[l];
      lane.log_sum = life.log_prior;
      lane.t2_at.assign(past.person->scans.size(), 0.0);
      if (std::isinf(life.log_prior)) lane.finished = true;
    }
  }

  void run() {
    while (!std::all_of(lanes_.begin(), lanes_.end(), [](const Lane& l) { return l.finished; })) {
      for (int gone = 0; gone < k_review_day;) {
        const int step = std::min(k_stretch_day, k_review_day - gone);
        disease::advance(rates_, block_, step, events_);
        gone += step;
        note_events();
        for (std::size_t l = 0; l < disease::k_block; ++l) {
          if (!lanes_[l].finished) each_stretch(lanes_[l], l);
        }
      }
      review();
    }
  }

 private:
  core::StreamKey key(std::size_t l) const { return {block_.seed, block_.person[l], block_.copy[l]}; }

  therapy::Patient patient(std::size_t l, double edss) {
    therapy::Patient who;
    who.key = key(l);
    who.parameters = &p_;
    who.profile = &lanes_[l].profile;
    who.state = disease::view_of(block_, l);
    who.last_edss = edss;
    who.setting = options_.setting;
    return who;
  }

  void update(Lane& lane, std::size_t l) {
    DeathListener listener(lane.dead_by_therapy);
    lane.bedside.update(block_, l, patient(l, 0.0), listener);
    if (lane.dead_by_therapy) fail(lane);
  }

  void begin(Lane& lane, std::size_t l, std::unique_ptr<therapy::Course> course) {
    DeathListener listener(lane.dead_by_therapy);
    lane.bedside.begin(std::move(course), block_, l, patient(l, 0.0), listener);
    update(lane, l);
  }

  // The life fits no longer: the checkpoints that are left are impossible.
  void fail(Lane& lane) {
    lane.log_sum = k_impossible;
    lane.finished = true;
  }

  void checkpoint(Lane& lane, std::size_t l, double log_probability) {
    lane.log_sum += log_probability;
    lane.result->log_at.push_back(lane.log_sum);
    lane.result->life_day_at.push_back(block_.life_day[l]);
    if (std::isinf(lane.log_sum)) lane.finished = true;
    if (lane.result->log_at.size() > last_checkpoint_ && last_checkpoint_ + 1 < count_checkpoints(past_))
      lane.finished = true;
  }

  void note_events() {
    for (int i = 0; i < events_.count; ++i) {
      const disease::Event& e = events_.event[i];
      Lane& lane = lanes_[e.lane];
      if (lane.finished) continue;
      if (e.kind == disease::EventKind::death) {
        fail(lane);
      } else if (e.kind == disease::EventKind::attack || e.kind == disease::EventKind::fever) {
        if (lane.history.judge.judge(rule_, key(e.lane), e) == Judgement::relapse) note_relapse(lane, e);
      }
    }
  }

  void note_relapse(Lane& lane, const disease::Event& e) {
    lane.history.relapse_days.push_back(e.life_day);
    core::Draws d(key(e.lane), core::Purpose::reporting, e.life_day, 4);
    lane.steroids_due = lane.steroids_due || d.happens(past_.steroid_share);
    if (!lane.first_day && lane.history.course == Course::no_symptoms_yet)
      begin_symptoms(lane, e.lane, e.life_day);
  }

  // The first symptom: must be of the right kind, at the person's age.
  void begin_symptoms(Lane& lane, std::size_t l, std::uint32_t life_day) {
    lane.first_day = life_day;
    lane.result->first_symptom_day = life_day;
    const bool progressive = lane.history.course == Course::primary_progressive;
    if (progressive != (past_.person->course == Course::primary_progressive)) return fail(lane);
    if (until_ == Until::first_symptom) {
      lane.finished = true;
      return;
    }
    const double age = lane.life->onset_age_year + static_cast<double>(life_day) / 365.25;
    if (std::fabs(age - past_.person->age_at_first_symptom_year()) > k_age_tolerance_year) return fail(lane);
    checkpoint(lane, l, 0.0);
  }

  // ---- what the record holds ----

  void each_stretch(Lane& lane, std::size_t l) {
    const std::uint32_t today = block_.life_day[l];
    lane.enhancing[lane.weeks++ % k_weeks_of_scan] =
        static_cast<int>(std::lround(disease::view_of(block_, l).enhancing()));
    if (until_ == Until::first_symptom) {
      // An onset so early that the youngest age of onset could not make up for it.
      const double lag = static_cast<double>(today) / 365.25;
      if (lag > past_.person->age_at_first_symptom_year() - p_.onset_age_low.value) fail(lane);
      return;
    }
    if (lane.steroids_due) {
      lane.steroids_due = false;
      begin(lane, l, courses_(k_steroid));
      if (lane.finished) return;
    }
    if (lane.first_day) {
      while (!lane.finished && lane.next_item < past_.items.size() &&
             today >= *lane.first_day + static_cast<std::uint32_t>(past_.items[lane.next_item].day))
        meet(lane, l, past_.items[lane.next_item++]);
      if (!lane.finished && today >= *lane.first_day + static_cast<std::uint32_t>(past_.duration_day))
        arrive(lane, l);
    } else if (lane.life->onset_age_year + static_cast<double>(today) / 365.25 >
               past_.person->age_at_first_symptom_year() + k_age_tolerance_year) {
      fail(lane);  // too late
    }
    if (lane.finished) return;
    if (lane.bedside.next_due() <= static_cast<int>(today)) update(lane, l);
    const auto& branches = lane.life->branches;
    while (lane.next_branch < branches.size() && branches[lane.next_branch].first <= today)
      block_.copy[l] = branches[lane.next_branch++].second;
  }

  void meet(Lane& lane, std::size_t l, const PastItem& item) {
    switch (item.kind) {
      case PastItem::Kind::drug_stop:
        lane.bedside.stop_all(static_cast<int>(block_.life_day[l]));
        update(lane, l);
        break;
      case PastItem::Kind::drug_start:
        begin(lane, l, courses_(past_.person->drugs[item.index].regimen));
        break;
      case PastItem::Kind::t2_reference:
        lane.t2_at[item.index] = disease::view_of(block_, l).t2_seen();
        break;
      case PastItem::Kind::scan:
        checkpoint(lane, l, log_scan(lane, l, item.index));
        break;
      case PastItem::Kind::edss:
        checkpoint(lane, l, log_edss(l, past_.person->edss[item.index].value));
        break;
      case PastItem::Kind::relapses:
        checkpoint(lane, l, log_relapses(lane, past_.windows[item.index]));
        break;
    }
  }

  double log_scan(const Lane& lane, std::size_t l, std::size_t index) const {
    const KnownScan& scan = past_.person->scans[index];
    const disease::StateView s = disease::view_of(block_, l);
    const RecordNoise& n = past_.noise;
    double sum = 0.0;
    if (scan.t2_count) sum += log_t2_count(*scan.t2_count, s.t2_seen(), n.t2_count_log_error);
    if (scan.new_t2) {
      const auto seen = static_cast<int>(std::lround(s.t2_seen() - lane.t2_at[index]));
      sum += log_recorded_count(*scan.new_t2, std::max(0, seen), n.t2_new_recorded_share,
                                n.lesions_recorded_extra);
    }
    if (scan.gd_count) {
      // The life's lesions do not keep the record's days: any week of the last sixteen may be that of the
      // scan.
      const std::size_t weeks = std::min(lane.weeks, k_weeks_of_scan);
      double mean = 0.0;
      for (std::size_t i = 0; i < weeks; ++i)
        mean += math::exp(log_recorded_count(*scan.gd_count, lane.enhancing[i], n.gd_recorded_share,
                                             n.lesions_recorded_extra));
      sum += mean > 0.0 ? math::log(mean / static_cast<double>(weeks)) : k_impossible;
    }
    return sum;
  }

  // Ratings of this life on this day by raters of the model's noise.
  double log_edss(std::size_t l, double recorded) {
    disease::Person who = disease::take(block_, l);
    std::vector<double> ratings;
    disease::Observation seen;
    for (int first = 0; first < options_.ratings; first += static_cast<int>(disease::k_block)) {
      for (std::size_t i = 0; i < disease::k_block; ++i) {
        who.copy = k_rating_copies + static_cast<std::uint32_t>(first) + static_cast<std::uint32_t>(i);
        disease::put(raters_, i, who);
      }
      raters_.seed = block_.seed;
      disease::observe(rates_, raters_, disease::RaterNoise::on, nullptr, seen);
      ratings.insert(ratings.end(), std::begin(seen.edss), std::end(seen.edss));
    }
    ratings.resize(static_cast<std::size_t>(options_.ratings));
    const double probability = edss_probability(recorded, ratings, past_.noise.edss_half_step);
    return probability > 0.0 ? math::log(probability) : k_impossible;
  }

  double log_relapses(const Lane& lane, const RelapseWindow& window) const {
    const auto from = *lane.first_day + static_cast<std::uint32_t>(window.from_day);
    const auto to = *lane.first_day + static_cast<std::uint32_t>(window.to_day);
    const auto happened =
        static_cast<int>(std::count_if(lane.history.relapse_days.begin(), lane.history.relapse_days.end(),
                                       [&](std::uint32_t day) { return day > from && day <= to; }));
    const double years = static_cast<double>(window.to_day - window.from_day) / 365.25;
    return log_recorded_count(window.recorded, happened, past_.noise.relapse_recorded_share,
                              past_.noise.relapse_recorded_extra * years);
  }

  // The person's day.
  void arrive(Lane& lane, std::size_t l) {
    const std::uint32_t today = block_.life_day[l];
    const std::vector<Pregnancy>& pregnancies = lane.history.pregnancies;
    if (!pregnancies.empty() && pregnant_or_post_partum(p_, pregnancies.back(), today)) return fail(lane);
    // The quarterly review that names the course may not have come yet.
    const Course lived =
        lane.history.course == Course::no_symptoms_yet ? Course::relapsing : lane.history.course;
    checkpoint(lane, l, log_course(past_.person->course, lived, past_.noise.course_other_share));
    if (lane.finished) return;
    lane.finished = true;
    const disease::StateView s = disease::view_of(block_, l);
    Candidate c;
    c.person = disease::take(block_, l);
    c.person.female = lane.profile.female;
    c.person.onset_age_year = lane.profile.onset_age_year;
    c.history = lane.history;
    c.history.first_symptom_day = lane.first_day;
    c.history.course = lived;
    c.profile = lane.profile;
    c.edss = past_.person->last_edss().value;
    c.gd_count = static_cast<int>(std::lround(s.enhancing()));
    c.t2_volume_ml = s.t2_volume_ml();
    c.on_prior_therapy = !past_.person->drug_today().empty();
    lane.result->candidate = std::move(c);
  }

  void review() {
    disease::observe(rates_, block_, disease::RaterNoise::on, nullptr, seen_);
    for (std::size_t l = 0; l < disease::k_block; ++l) {
      Lane& lane = lanes_[l];
      if (lane.finished) continue;
      const disease::StateView s = disease::view_of(block_, l);
      Review r;
      r.life_day = block_.life_day[l];
      r.edss = static_cast<float>(seen_.edss[l]);
      r.t2_seen = static_cast<float>(s.t2_seen());
      r.gd = static_cast<std::uint8_t>(std::clamp(s.enhancing(), 0.0, 255.0));
      r.pyramidal = static_cast<std::uint8_t>(seen_.grade[2][l]);
      add_review(lane.history, r);
      disease::set_death_hazard(
          block_, l,
          disease::death_hazard_per_day(p_, lane.profile.female, s.age_year(), seen_.edss_hidden[l]));
      if (!lane.first_day && lane.history.first_symptom_day)
        begin_symptoms(lane, l, *lane.history.first_symptom_day);
      if (!lane.finished && until_ == Until::today) maybe_conceive(lane, l, s.age_year());
    }
  }

  void maybe_conceive(Lane& lane, std::size_t l, double age_year) {
    if (!lane.profile.female) return;
    const std::uint32_t today = block_.life_day[l];
    std::vector<Pregnancy>& all = lane.history.pregnancies;
    if (!all.empty() && pregnant_or_post_partum(p_, all.back(), today)) return;
    const auto begun = conceive(p_, key(l), age_year, lane.history.first_symptom_day.has_value(), today);
    if (!begun) return;
    all.push_back(*begun);
    begin(lane, l, make_pregnancy_course(*begun));
  }

  const disease::Parameters& p_;
  const disease::Rates& rates_;
  const Past& past_;
  const CourseFactory& courses_;
  const ConditionOptions& options_;
  Until until_;
  std::size_t last_checkpoint_;
  disease::Block block_;
  disease::Block raters_;
  disease::Events events_;
  disease::Observation seen_;
  RelapseRule rule_;
  std::array<Lane, disease::k_block> lanes_;
};

}  // namespace

Past make_past(const KnownPerson& person, const RecordNoise& noise) {
  Past past;
  past.person = &person;
  past.noise = noise;
  past.windows = relapse_windows(person);
  past.duration_day = static_cast<int>(std::lround(person.duration_day()));
  int treated = 0;
  for (const KnownRelapse& r : person.relapses) treated += r.treated ? 1 : 0;
  if (!person.relapses.empty())
    past.steroid_share = static_cast<double>(treated) / static_cast<double>(person.relapses.size());
  const auto add = [&](int day, PastItem::Kind kind, std::size_t index) {
    past.items.push_back({day, kind, index});
  };
  for (std::size_t i = 0; i < person.drugs.size(); ++i) {
    add(person.offset_day(person.drugs[i].from), PastItem::Kind::drug_start, i);
    if (person.drugs[i].to) add(person.offset_day(*person.drugs[i].to), PastItem::Kind::drug_stop, i);
  }
  for (std::size_t i = 0; i < person.scans.size(); ++i) {
    add(person.offset_day(person.scans[i].on), PastItem::Kind::scan, i);
    if (person.scans[i].compared_with)
      add(person.offset_day(*person.scans[i].compared_with), PastItem::Kind::t2_reference, i);
  }
  for (std::size_t i = 0; i < person.edss.size(); ++i) {
    const bool in_relapse =
        std::any_of(person.relapses.begin(), person.relapses.end(), [&](const KnownRelapse& r) {
          const int since = days_between(r.on, person.edss[i].on);
          return since >= 0 && since < noise.relapse_in_edss_day;
        });
    if (!in_relapse) add(person.offset_day(person.edss[i].on), PastItem::Kind::edss, i);
  }
  for (std::size_t i = 0; i < past.windows.size(); ++i)
    add(past.windows[i].to_day, PastItem::Kind::relapses, i);
  std::stable_sort(past.items.begin(), past.items.end(), [](const PastItem& a, const PastItem& b) {
    return a.day != b.day ? a.day < b.day : a.kind < b.kind;
  });
  return past;
}

std::size_t count_checkpoints(const Past& past) {
  const auto seen = std::count_if(past.items.begin(), past.items.end(), [](const PastItem& item) {
    return item.kind == PastItem::Kind::scan || item.kind == PastItem::Kind::edss ||
           item.kind == PastItem::Kind::relapses;
  });
  return static_cast<std::size_t>(seen) + 2;
}

void live_through(const disease::Parameters& parameters, const disease::Rates& rates, const Past& past,
                  const CourseFactory& courses, const ConditionOptions& options, Until until,
                  std::size_t last_checkpoint, std::span<const PastLife> lives,
                  std::span<PastResult> results) {
  Block block(parameters, rates, past, courses, options, until, last_checkpoint, lives, results);
  block.run();
  const std::size_t checkpoints = count_checkpoints(past);
  for (PastResult& r : results) {
    r.log_at.resize(checkpoints, k_impossible);
    r.life_day_at.resize(checkpoints, 0);
  }
}

}  // namespace hortega::cohort
