// SPDX-License-Identifier: Apache-2.0
//
// One replicate: participants drawn from the pool, each with a fresh future, seen at visits, scanned,
// treated, lost.
//
// Order within a day: what was due from before (unscheduled examination, scheduled visit, scan), then
// therapy, then the person's day. So day 0 is seen before anything is given.
#include "hortega/trial/simulate.hpp"

#include "hortega/core/math.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/disease/symptoms.hpp"
#include "hortega/endpoints/relapses.hpp"
#include "hortega/trial/switching.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>

namespace hortega::trial {

namespace {

constexpr int k_mortality_review_day = 91;
// Unscheduled examinations are given on every fourth day. Every stretch of the day loop ends there at the
// latest, so that the day on which a person is seen depends on the person alone, never on where the block
// happens to stop for somebody else (counterfactual twins).
constexpr int k_clinic_day = 4;
// A copy's number holds the replicate below and how often the life was enrolled above.
constexpr std::uint32_t k_copy_shift = 20;
constexpr std::uint32_t k_most_copies = (1U << (32U - k_copy_shift)) - 1U;

// The first multiple of `period` after `day`.
int next_multiple(int day, int period) { return (day / period + 1) * period; }

// Neurostatus ambulation score of the EDSS step that walking alone sets (docs/endpoints.md).
std::uint8_t ambulation_score(double step) {
  constexpr struct {
    double edss;
    std::uint8_t score;
  } table[] = {{10.0, 16}, {9.5, 15}, {9.0, 14}, {8.5, 13}, {8.0, 12}, {7.5, 11}, {7.0, 10},
               {6.5, 8},   {6.0, 6},  {5.5, 4},  {5.0, 3},  {4.5, 2},  {2.0, 1}};
  for (const auto& row : table) {
    if (step >= row.edss) return row.score;
  }
  return 0;
}

struct Days {
  std::vector<int> edss;
  std::vector<int> mri;
  int follow_up = 0;
};

// One participant while simulated.
struct Lane {
  Participant record;
  const cohort::Candidate* candidate = nullptr;
  cohort::Bedside bedside;
  cohort::RelapseJudge judge;
  std::int64_t life_day0 = 0;
  bool followed = false;
  int dropout_day = endpoints::kNever;
  int cut_day = endpoints::kNever;
  int regimen_start = 0;
  bool regimen_begun = false;
  bool cells_ready = false;            // a product of cells passed its tests
  std::vector<JoinedRegimen> to_join;  // days from randomisation; in order
  SequenceState sequence;
  int examination_day = endpoints::kNever;  // unscheduled, for the last relapse
  double last_edss = 0.0;
  double last_t2_seen = 0.0;
  double last_t1_seen = 0.0;
  double loss_at_start = 0.0;
  double activity_at_start = 0.0;
  double grade_shift = 0.0;
  bool scanned = false;
  std::optional<cohort::Pregnancy> pregnancy;  // the last, if any
  bool treatment_changed = false;              // since the courses were last brought to today
};

class ReplicateBlock {
 public:
  ReplicateBlock(const Protocol& protocol, const Environment& environment, const Recruitment& recruitment,
                 const disease::Rates& rates, const ConductRules& rules, const Days& days, const Watch* watch)
      : protocol_(protocol),
        environment_(environment),
        p_(recruitment.disease),
        rates_(rates),
        rules_(rules),
        days_(days),
        scan_noise_(environment.parameters->get("scan_volume_noise").value),
        switching_(protocol),
        watch_(watch) {
    block_.seed = protocol.seed;
  }

  void add(const cohort::Candidate& candidate, Participant record) {
    Lane& l = lanes_[static_cast<std::size_t>(n_)];
    disease::Person who = candidate.person;
    who.copy = record.copy;
    disease::put(block_, static_cast<std::size_t>(n_), who);
    l.candidate = &candidate;
    l.record = std::move(record);
    l.life_day0 = who.life_day;
    l.followed = true;
    l.judge = candidate.history.judge;
    const Arm& a = protocol_.arms[l.record.arm];
    const double washout_day = candidate.on_prior_therapy && !a.keep_prior_therapy ? a.washout_day : 0.0;
    l.regimen_start = static_cast<int>(std::lround(std::max(choice(l).start_day, washout_day)));
    l.loss_at_start = who.state.brain_loss_percent;
    l.activity_at_start = who.state.activity;
    l.last_t2_seen = who.state.t2_seen;
    l.last_t1_seen = who.state.t1_seen;
    l.last_edss = candidate.edss;
    plan_end(l);
    // Expectation pulls the arms of a comparison apart, half each way; one arm alone has nothing to compare.
    if (protocol_.arms.size() > 1) {
      const double half = 0.5 * rules_.expectation_grade;
      l.grade_shift = protocol_.arms[l.record.arm].experimental ? -half : half;
    }
    ++n_;
  }

  void run() {
    for (auto lane = static_cast<std::size_t>(n_); lane < disease::k_block; ++lane) {
      disease::put(block_, lane, lanes_[0].candidate->person);
      block_.alive[lane] = 0;
    }
    fill_baselines();
    for (today_ = 0; anybody();) {
      examine_and_scan();
      end_follow_up();
      if (!anybody()) break;
      treat();
      if (watch_ != nullptr && today_ % k_clinic_day == 0) show();
      const int step = next_stop() - today_;
      disease::advance(rates_, block_, step, events_);
      today_ += step;
      note_events();
      note_reports(step);
      if (today_ % k_mortality_review_day == 0) review_mortality();
      if (today_ % k_mortality_review_day == 0 && protocol_.population.pregnancy == Pregnancy::allowed)
        ask_for_pregnancy();
    }
  }

  std::vector<Participant> take_records() {
    std::vector<Participant> out;
    out.reserve(static_cast<std::size_t>(n_));
    for (int i = 0; i < n_; ++i) out.push_back(std::move(lanes_[static_cast<std::size_t>(i)].record));
    return out;
  }

 private:
  // Tells the lane's record what a course does.
  class Listener final : public cohort::BedsideListener {
   public:
    Listener(Lane& lane, int today) : lane_(lane), today_(today) {}
    void harm(therapy::Harm h) override {
      h.start_day -= static_cast<int>(lane_.life_day0);
      if (h.end_day != therapy::k_never) h.end_day -= static_cast<int>(lane_.life_day0);
      lane_.record.harms.push_back(std::move(h));
    }
    void milestone(therapy::Milestone what, int life_day, double value) override {
      const int day = life_day - static_cast<int>(lane_.life_day0);
      lane_.record.milestones.push_back({what, day, value});
      Participant& r = lane_.record;
      if (what == therapy::Milestone::mobilisation && r.mobilisation_day == endpoints::kNever)
        r.mobilisation_day = day;
      if (what == therapy::Milestone::graft && r.transplant_day == endpoints::kNever) r.transplant_day = day;
      if (what == therapy::Milestone::stopped && r.stopped_day == endpoints::kNever) r.stopped_day = day;
      // Mesenchymal cells are told as infusions, after the product that passed.
      if (what == therapy::Milestone::product_ready) lane_.cells_ready = true;
      const bool cells = what == therapy::Milestone::cells_given ||
                         (what == therapy::Milestone::infusion && lane_.cells_ready);
      if (cells && r.gives_cells && r.switches.empty() && r.first_cells_day == endpoints::kNever)
        r.first_cells_day = day;
    }
    void use(therapy::Use u) override {
      const auto day0 = static_cast<int>(lane_.life_day0);
      u.from_day -= day0;
      if (u.to_day != therapy::k_never) u.to_day -= day0;
      std::vector<endpoints::Use>& all = lane_.record.uses;
      const auto same = std::find_if(all.rbegin(), all.rend(), [&](const endpoints::Use& before) {
        return u.each_day && before.each_day && before.what == u.what && before.from_day == u.from_day &&
               before.item == u.item;
      });
      if (same == all.rend()) {
        all.push_back(std::move(u));
      } else {
        *same = std::move(u);
      }
    }
    void death(const std::string& cause) override {
      Participant& r = lane_.record;
      if (r.death_day != endpoints::kNever) return;
      r.death_day = today_;
      r.treatment_death = true;
      r.death_cause = cause;
    }

   private:
    Lane& lane_;
    int today_;
  };

  const Arm& arm(const Lane& l) const { return protocol_.arms[l.record.arm]; }
  const RegimenChoice& choice(const Lane& l) const {
    for (const RegimenChoice& c : arm(l).regimens) {
      if (c.regimen == l.record.regimen) return c;
    }
    return arm(l).regimens.front();
  }
  core::StreamKey key(std::size_t lane) const {
    return {block_.seed, block_.person[lane], block_.copy[lane]};
  }
  std::size_t lane_of(const Lane& l) const { return static_cast<std::size_t>(&l - lanes_.data()); }
  bool anybody() const {
    return std::any_of(lanes_.begin(), lanes_.end(), [](const Lane& l) { return l.followed; });
  }

  therapy::Patient patient(const Lane& l) {
    const std::size_t lane = lane_of(l);
    therapy::Patient who;
    who.key = key(lane);
    who.parameters = &p_;
    who.profile = &l.candidate->profile;
    who.state = disease::view_of(block_, lane);
    who.last_edss = l.last_edss;
    who.setting.calendar_year = protocol_.study.year;
    who.setting.experienced_centre = protocol_.study.experienced_centre;
    return who;
  }

  void plan_end(Lane& l) {
    const std::size_t lane = lane_of(l);
    core::Draws d(key(lane), core::Purpose::dropout, 0);
    const double day = dropout_day(protocol_.dropout, arm(l).id, d.exponential());
    if (day < static_cast<double>(days_.follow_up)) l.dropout_day = 1 + static_cast<int>(day);
    if (protocol_.accrual.data_cut_day) {
      l.cut_day = std::max(
          1, static_cast<int>(std::lround(*protocol_.accrual.data_cut_day)) - l.record.enrolment_day);
    }
  }

  void fill_baselines() {
    for (int i = 0; i < n_; ++i) {
      Lane& l = lanes_[static_cast<std::size_t>(i)];
      const cohort::Candidate& c = *l.candidate;
      BaselineRecord& b = l.record.baseline;
      b.age_year = c.age_year();
      b.female = c.profile.female;
      b.weight_kg = c.profile.weight_kg;
      b.duration_years = c.duration_years();
      b.phenotype = c.history.course == cohort::Course::secondary_progressive
                        ? Phenotype::secondary_progressive
                    : c.history.course == cohort::Course::primary_progressive ? Phenotype::primary_progressive
                                                                              : Phenotype::relapsing;
      b.relapses_1y = c.history.relapses_within(c.person.life_day, 365.25);
      b.relapses_2y = c.history.relapses_within(c.person.life_day, 730.5);
      b.gd_count = c.gd_count;
      b.t2_volume_ml = c.t2_volume_ml;
      // Relapses of the past belong to the record: definitions ask for stability before baseline.
      for (const std::uint32_t day : c.history.relapse_days) {
        endpoints::Relapse past;
        past.onset_day = static_cast<int>(static_cast<std::int64_t>(day) - l.life_day0);
        if (past.onset_day > -1096) l.record.relapses.push_back(past);
      }
      if (c.on_prior_therapy) {
        const therapy::Patient who = patient(l);
        l.bedside.resume(environment_.courses(protocol_.population.prior_therapy),
                         static_cast<int>(c.person.life_day), who);
        if (!arm(l).keep_prior_therapy) l.bedside.stop_all(static_cast<int>(c.person.life_day));
      }
      b.pregnancies = static_cast<int>(c.history.pregnancies.size());
      if (!c.history.pregnancies.empty()) {
        l.pregnancy = c.history.pregnancies.back();
        if (cohort::pregnant_or_post_partum(p_, *l.pregnancy, c.person.life_day)) {
          l.bedside.resume(cohort::make_pregnancy_course(*l.pregnancy), static_cast<int>(c.person.life_day),
                           patient(l));
        }
      }
    }
  }

  // ---- seeing ----

  bool due(const std::vector<int>& days) const {
    return std::binary_search(days.begin(), days.end(), today_);
  }

  void examine_and_scan() {
    const bool scheduled = today_ == 0 || due(days_.edss);
    const bool any_unscheduled = std::any_of(lanes_.begin(), lanes_.end(), [&](const Lane& l) {
      return l.followed && l.examination_day <= today_;
    });
    if (scheduled || any_unscheduled) {
      std::array<double, disease::k_block> shift{};
      // Expectation begins with the therapy: the baseline is rated before anybody knows the arm.
      for (std::size_t i = 0; i < disease::k_block; ++i) shift[i] = today_ > 0 ? lanes_[i].grade_shift : 0.0;
      disease::observe(rates_, block_, disease::RaterNoise::on, shift.data(), seen_);
      for (Lane& l : lanes_) {
        if (!l.followed) continue;
        const bool unscheduled = l.examination_day <= today_;
        if (scheduled && !missed(l)) {
          add_visit(l, true);
        } else if (unscheduled) {
          add_visit(l, false);
        } else {
          continue;
        }
        const bool steroids = unscheduled && judge_relapse(l);
        look_for_failure(l, scheduled ? Look::scheduled_visit : Look::unscheduled_visit);
        // After a switch, which would stop them with the rest.
        if (steroids) give_steroids(l);
      }
    }
    if ((today_ == 0 && !days_.mri.empty()) || due(days_.mri)) {
      for (Lane& l : lanes_) {
        if (!l.followed) continue;
        add_scan(l);
        look_for_failure(l, Look::scan);
      }
    }
  }

  bool missed(const Lane& l) const {
    if (today_ == 0 || protocol_.visits.missed_share <= 0.0) return false;
    const std::size_t lane = lane_of(l);
    core::Draws d(key(lane), core::Purpose::missed_visit, block_.life_day[lane]);
    return d.happens(protocol_.visits.missed_share);
  }

  void add_visit(Lane& l, bool scheduled) {
    const std::size_t lane = lane_of(l);
    endpoints::Visit v;
    v.day = today_;
    v.edss = seen_.edss[lane];
    for (std::size_t k = 0; k < disease::k_systems; ++k)
      v.fs[k] = static_cast<std::uint8_t>(seen_.grade[k][lane]);
    v.ambulation = ambulation_score(seen_.ambulation_edss[lane]);
    v.t25fw_s = static_cast<float>(seen_.t25fw_s[lane]);
    v.nhpt_dominant_s = static_cast<float>(seen_.nhpt_s[lane]);
    v.sdmt = static_cast<float>(seen_.sdmt[lane]);
    v.scheduled = scheduled;
    const disease::State<double> s = disease::state_of(block_, lane);
    add_outside_view(l, s, v);
    l.record.visits.push_back(v);
    l.record.snfl_pg_per_ml.push_back(disease::serum_nfl_pg_per_ml(p_, l.candidate->profile, s));
    constexpr std::size_t seen = offsetof(disease::Levers<double>, lymphocytes_seen) / sizeof(double);
    disease::Levers<double> levers = disease::no_levers();
    levers.lymphocytes_seen = block_.levers[seen][lane];
    l.record.lymphocytes_1e9_per_l.push_back(disease::lymphocyte_count(p_, l.candidate->profile, s, levers));
    if (today_ == 0) l.record.baseline.edss = v.edss;
    l.last_edss = v.edss;
  }

  // Symptoms, tests of the eyes, utility. Expectation is not in what people say of themselves.
  void add_outside_view(const Lane& l, const disease::State<double>& s, endpoints::Visit& v) const {
    const std::size_t lane = lane_of(l);
    const disease::OutsideView seen = disease::outside_view(
        p_, rates_, s, l.candidate->person.traits, key(lane), block_.life_day[lane], disease::RaterNoise::on);
    v.low_contrast_letters = static_cast<float>(seen.low_contrast_letters);
    v.vep_ms = static_cast<float>(seen.vep_ms);
    static_assert(endpoints::kSymptoms == disease::k_symptoms);
    for (std::size_t i = 0; i < disease::k_symptoms; ++i)
      v.symptoms[i] = static_cast<float>(seen.severity[i]);
    const bool recent =
        std::any_of(l.record.relapses.begin(), l.record.relapses.end(), [&](const endpoints::Relapse& r) {
          return !r.pseudo && r.onset_day <= today_ && r.onset_day > today_ - disease::k_recent_relapse_day;
        });
    v.eq5d = static_cast<float>(
        disease::utility(p_, v.edss, recent ? disease::RecentRelapse::yes : disease::RecentRelapse::no));
  }

  // The examination after a relapse: confirmed if it shows a change, graded by it. True: steroids are given.
  bool judge_relapse(Lane& l) {
    l.examination_day = endpoints::kNever;
    auto relapse = std::find_if(l.record.relapses.rbegin(), l.record.relapses.rend(),
                                [](const endpoints::Relapse& r) { return !r.pseudo; });
    if (relapse == l.record.relapses.rend()) return false;
    const endpoints::Visit& now = l.record.visits.back();
    const endpoints::Visit* before = nullptr;
    for (const endpoints::Visit& v : l.record.visits) {
      if (v.day < relapse->onset_day) before = &v;
    }
    if (before != nullptr) {
      relapse->severity = endpoints::severity_from_change(*before, now);
      relapse->confirmed =
          endpoints::protocol_confirmed(l.record.record(), *relapse) == endpoints::Ternary::yes;
    }
    relapse->peak_edss =
        std::max(endpoints::is_missing(relapse->peak_edss) ? 0.0 : relapse->peak_edss, now.edss);
    const std::size_t lane = lane_of(l);
    const bool worth = relapse->severity == endpoints::RelapseSeverity::moderate ||
                       relapse->severity == endpoints::RelapseSeverity::severe;
    core::Draws d(key(lane), core::Purpose::reporting, block_.life_day[lane], 2);
    relapse->steroids = worth && d.happens(rules_.steroid_share);
    return relapse->steroids;
  }

  void give_steroids(Lane& l) {
    const std::size_t lane = lane_of(l);
    Listener listener(l, today_);
    l.bedside.begin(environment_.courses("methylprednisolone"), block_, lane, patient(l), listener);
    l.bedside.update(block_, lane, patient(l), listener);
  }

  void add_scan(Lane& l) {
    const std::size_t lane = lane_of(l);
    const disease::State<double> s = disease::state_of(block_, lane);
    endpoints::Scan scan;
    scan.day = today_;
    scan.gd_count = static_cast<int>(std::lround(s.enhancing));
    scan.new_or_enlarging_t2 =
        l.scanned ? static_cast<int>(std::lround(s.t2_seen - l.last_t2_seen)) : endpoints::kMissingCount;
    scan.new_t1 =
        l.scanned ? static_cast<int>(std::lround(s.t1_seen - l.last_t1_seen)) : endpoints::kMissingCount;
    scan.rims = static_cast<int>(std::lround(s.rims));
    scan.t2_volume_ml = s.t2_volume_ml;
    scan.t1_volume_ml = s.t1_part * s.t2_volume_ml;
    core::Draws d(key(lane), core::Purpose::mri, block_.life_day[lane]);
    // Oedema of active lesions hides atrophy; when it goes, volume seems to be lost (pseudo-atrophy).
    scan.brain_volume_change_percent =
        l.scanned ? l.loss_at_start - s.brain_loss_percent +
                        rates_.oedema_volume * (s.activity - l.activity_at_start) + scan_noise_ * d.normal()
                  : 0.0;
    if (!l.scanned) {
      l.loss_at_start = s.brain_loss_percent;
      l.activity_at_start = s.activity;
      l.record.baseline.gd_count = scan.gd_count;
      l.record.baseline.t2_volume_ml = s.t2_volume_ml;
    }
    l.scanned = true;
    l.last_t2_seen = s.t2_seen;
    l.last_t1_seen = s.t1_seen;
    l.record.scans.push_back(scan);
  }

  void review_mortality() {
    disease::observe(rates_, block_, disease::RaterNoise::off, nullptr, seen_);
    for (Lane& l : lanes_) {
      if (!l.followed) continue;
      const std::size_t lane = lane_of(l);
      const disease::StateView s = disease::view_of(block_, lane);
      disease::set_death_hazard(block_, lane,
                                disease::death_hazard_per_day(p_, l.candidate->profile.female, s.age_year(),
                                                              seen_.edss_hidden[lane]));
    }
  }

  // ---- pregnancy ----

  void ask_for_pregnancy() {
    for (Lane& l : lanes_) {
      if (!l.followed || !l.candidate->profile.female) continue;
      const std::size_t lane = lane_of(l);
      const std::uint32_t life_day = block_.life_day[lane];
      if (l.pregnancy && cohort::pregnant_or_post_partum(p_, *l.pregnancy, life_day)) continue;
      const auto begun =
          cohort::conceive(p_, key(lane), disease::view_of(block_, lane).age_year(), true, life_day);
      if (!begun) continue;
      l.pregnancy = begun;
      Listener listener(l, today_);
      l.bedside.begin(cohort::make_pregnancy_course(*begun), block_, lane, patient(l), listener);
      l.bedside.update(block_, lane, patient(l), listener);
    }
  }

  // ---- treating ----

  void treat() {
    for (Lane& l : lanes_) {
      if (!l.followed) continue;
      const std::size_t lane = lane_of(l);
      SequenceState& q = l.sequence;
      Listener listener(l, today_);
      if (!l.regimen_begun && today_ >= l.regimen_start) {
        l.regimen_begun = true;
        l.record.first_dose_day = today_;
        std::unique_ptr<therapy::Course> course = environment_.courses(l.record.regimen);
        l.record.gives_cells = course->gives_cells();
        begin(l, std::move(course), choice(l).stop_day, listener);
        l.to_join = choice(l).with;
        for (JoinedRegimen& j : l.to_join) j.after_day += today_;
        std::stable_sort(l.to_join.begin(), l.to_join.end(),
                         [](const auto& a, const auto& b) { return a.after_day < b.after_day; });
      }
      if (today_ >= q.stop_day) end_as_planned(l);
      while (!l.to_join.empty() && today_ >= join_day(l)) {
        l.bedside.begin(environment_.courses(l.to_join.front().regimen), block_, lane, patient(l), listener);
        l.to_join.erase(l.to_join.begin());
        l.treatment_changed = true;
      }
      if (l.regimen_begun) {
        if (const auto step = switching_.planned(l.record.arm, q, today_)) take_step(l, *step);
      }
      if (q.waiting && today_ >= q.waiting_until) {
        const SequenceStep& step = switching_.steps(l.record.arm)[*q.waiting];
        l.record.switches.back().start_day = today_;
        q.waiting.reset();
        q.reference_day = today_;
        begin(l, environment_.courses(step.regimen), step.stop_day, listener);
      }
      if (l.treatment_changed || l.bedside.next_due() <= static_cast<int>(block_.life_day[lane]))
        l.bedside.update(block_, lane, patient(l), listener);
      l.treatment_changed = false;
      if (l.record.death_day == today_) finish(l, EndReason::died);
    }
  }

  void begin(Lane& l, std::unique_ptr<therapy::Course> course, std::optional<double> lasts_day,
             Listener& listener) {
    l.bedside.begin(std::move(course), block_, lane_of(l), patient(l), listener);
    l.treatment_changed = true;
    l.sequence.taken_since = today_;
    l.sequence.stop_day =
        lasts_day ? today_ + std::max(1, static_cast<int>(std::lround(*lasts_day))) : endpoints::kNever;
  }

  static int join_day(const Lane& l) { return static_cast<int>(std::lround(l.to_join.front().after_day)); }

  void stop(Lane& l) {
    l.to_join.clear();
    l.bedside.stop_all(static_cast<int>(block_.life_day[lane_of(l)]));
    l.treatment_changed = true;
    l.sequence.stop_day = endpoints::kNever;
  }

  // The end that the protocol states. The allocated treatment ends with it unless another step is planned.
  void end_as_planned(Lane& l) {
    stop(l);
    Participant& r = l.record;
    r.milestones.push_back({therapy::Milestone::stopped, today_, 0.0});
    const bool goes_on = switching_.planned_day(r.arm, l.sequence) != endpoints::kNever;
    if (!goes_on && r.stopped_day == endpoints::kNever) r.stopped_day = today_;
  }

  static const std::string& taken(const Lane& l) {
    return l.record.switches.empty() ? l.record.regimen : l.record.switches.back().regimen;
  }

  void look_for_failure(Lane& l, Look look) {
    const std::vector<SequenceStep>& steps = switching_.steps(l.record.arm);
    for (std::size_t i = l.sequence.next; i < steps.size(); ++i) {
      // To what is taken anyway is no switch.
      if (steps[i].regimen == taken(l)) continue;
      if (!switching_.failed(l.record, i, l.sequence, today_, look)) continue;
      // One draw per person and step: who declines, declines for good.
      core::Draws d(key(lane_of(l)), core::Purpose::rescue, static_cast<std::uint32_t>(i));
      if (!d.happens(steps[i].share)) continue;
      take_step(l, i);
      return;
    }
  }

  // Stops what is taken; treat() starts the step after its washout.
  void take_step(Lane& l, std::size_t i) {
    const SequenceStep& step = switching_.steps(l.record.arm)[i];
    SequenceState& q = l.sequence;
    Participant& r = l.record;
    stop(l);
    q.next = i + 1;
    q.taken_since = endpoints::kNever;
    q.waiting = i;
    q.waiting_until = today_ + static_cast<int>(std::lround(step.washout_day));
    r.switches.push_back({today_, step.on, step.regimen, endpoints::kNever, step.allocated});
    if (!step.allocated && r.rescue_day == endpoints::kNever) r.rescue_day = today_;
    if (step.censor && r.censor_day == endpoints::kNever) r.censor_day = today_;
  }

  void show() {
    for (const Lane& l : lanes_) {
      if (l.followed && l.record.number == watch_->number)
        watch_->see(today_, disease::take(block_, lane_of(l)));
    }
  }

  // ---- time ----

  int next_stop() const {
    static_assert(k_clinic_day <= disease::k_longest_stretch);
    int stop = std::min(next_multiple(today_, k_clinic_day), next_multiple(today_, k_mortality_review_day));
    const auto after = [&](const std::vector<int>& days) {
      const auto next = std::upper_bound(days.begin(), days.end(), today_);
      if (next != days.end()) stop = std::min(stop, *next);
    };
    after(days_.edss);
    after(days_.mri);
    for (std::size_t i = 0; i < disease::k_block; ++i) {
      const Lane& l = lanes_[i];
      if (!l.followed) continue;
      if (!l.regimen_begun) stop = std::min(stop, std::max(today_ + 1, l.regimen_start));
      if (!l.to_join.empty()) stop = std::min(stop, std::max(today_ + 1, join_day(l)));
      if (l.examination_day > today_) stop = std::min(stop, l.examination_day);
      for (const int day : {l.sequence.waiting ? l.sequence.waiting_until : endpoints::kNever,
                            l.sequence.stop_day, switching_.planned_day(l.record.arm, l.sequence)}) {
        if (day != endpoints::kNever) stop = std::min(stop, std::max(today_ + 1, day));
      }
      const int due_day = l.bedside.next_due();
      if (due_day != therapy::k_never) {
        stop = std::min(stop, std::max(today_ + 1, due_day - static_cast<int>(l.life_day0)));
      }
      for (const int end : {l.dropout_day, l.cut_day, days_.follow_up}) {
        if (end > today_) stop = std::min(stop, end);
      }
    }
    return stop;
  }

  void note_events() {
    for (int i = 0; i < events_.count; ++i) {
      const disease::Event& e = events_.event[i];
      Lane& l = lanes_[e.lane];
      if (!l.followed) continue;
      const int day = static_cast<int>(static_cast<std::int64_t>(e.life_day) - l.life_day0);
      switch (e.kind) {
        case disease::EventKind::infection:
          break;
        case disease::EventKind::attack:
        case disease::EventKind::fever:
          note_attack(l, e, day);
          break;
        case disease::EventKind::death:
          if (l.record.death_day == endpoints::kNever) {
            l.record.death_day = day;
            l.record.ms_death = ms_death(l, e);
            l.record.death_cause = l.record.ms_death ? "multiple sclerosis" : "other causes";
            finish(l, EndReason::died);
          }
          break;
      }
    }
  }

  // Of deaths above the background, the excess by disability is due to MS.
  bool ms_death(const Lane& l, const disease::Event& e) const {
    const disease::StateView s = disease::view_of(block_, e.lane);
    // Age on the day of death, not at the end of the stretch, which depends on the neighbours in the block.
    const double age_year = l.candidate->age_year() + static_cast<double>(l.record.death_day) / 365.25;
    const double background = disease::death_hazard_per_day(p_, l.candidate->profile.female, age_year, 0.0);
    const core::Words w = core::draw(key(e.lane), core::Purpose::daily, e.life_day, 1);
    return core::to_uniform(w[0]) * s.death_hazard() > background;
  }

  void note_attack(Lane& l, const disease::Event& e, int day) {
    const cohort::Judgement judgement = l.judge.judge(rules_.relapse, key(e.lane), e);
    if (judgement == cohort::Judgement::not_noticed) return;
    if (judgement == cohort::Judgement::same_relapse) return;
    add_relapse(l, e.life_day, day,
                judgement == cohort::Judgement::pseudo_relapse ? Reported::fever : Reported::relapse);
  }

  // What the study takes a report for.
  enum class Reported : std::uint8_t { relapse, fever };

  void add_relapse(Lane& l, std::uint32_t life_day, int day, Reported as) {
    endpoints::Relapse r;
    r.onset_day = day;
    // The peak is what an examination sees (judge_relapse), never the hidden state.
    r.pseudo = as == Reported::fever;
    r.confirmed = false;
    l.record.relapses.push_back(r);
    if (r.pseudo || !protocol_.visits.unscheduled) {
      l.record.relapses.back().confirmed = !r.pseudo && !protocol_.visits.unscheduled;
      return;
    }
    core::Draws d(key(lane_of(l)), core::Purpose::reporting, life_day, 1);
    if (!d.happens(rules_.attend_probability)) return;
    constexpr double k_latest_day = 14.0;
    const double delay = std::min(k_latest_day, rules_.attend_delay_day * d.exponential());
    l.examination_day = next_multiple(day + static_cast<int>(delay), k_clinic_day);
  }

  // Symptoms without an attack, at most one report in four weeks: one draw a person and window of life.
  void note_reports(int step) {
    if (rules_.symptom_reports_per_year <= 0.0) return;
    constexpr std::uint32_t k_window_day = 28;
    const double chance = rules_.symptom_reports_per_year * k_window_day / 365.25;
    for (Lane& l : lanes_) {
      if (!l.followed) continue;
      const std::size_t lane = lane_of(l);
      const std::uint32_t end = block_.life_day[lane], begin = end - static_cast<std::uint32_t>(step);
      for (std::uint32_t window = begin / k_window_day; window <= (end - 1) / k_window_day; ++window) {
        core::Draws d(key(lane), core::Purpose::reporting, window, 3);
        if (!d.happens(chance)) continue;
        const std::uint32_t on =
            window * k_window_day + static_cast<std::uint32_t>(d.uniform() * k_window_day);
        if (on < begin || on >= end) continue;
        const auto life_day = static_cast<std::int64_t>(on);
        if (life_day - l.judge.last_onset_day() < rules_.relapse.refractory_day) continue;
        l.judge.set_last_onset(life_day);
        add_relapse(l, on, static_cast<int>(life_day - l.life_day0), Reported::relapse);
      }
    }
  }

  void end_follow_up() {
    for (Lane& l : lanes_) {
      if (!l.followed) continue;
      if (today_ >= l.dropout_day) {
        finish(l, EndReason::dropped_out);
      } else if (today_ >= l.cut_day) {
        finish(l, EndReason::data_cut);
      } else if (today_ >= days_.follow_up) {
        finish(l, EndReason::completed);
      }
    }
  }

  void finish(Lane& l, EndReason reason) {
    l.followed = false;
    l.record.end_reason = reason;
    l.record.end_of_follow_up_day = reason == EndReason::died ? l.record.death_day : today_;
    l.bedside.clear();
    // What lasts longer was seen until then.
    for (endpoints::Harm& h : l.record.harms)
      h.end_day = std::max(h.start_day, std::min(h.end_day, l.record.end_of_follow_up_day));
    std::sort(
        l.record.relapses.begin(), l.record.relapses.end(),
        [](const endpoints::Relapse& a, const endpoints::Relapse& b) { return a.onset_day < b.onset_day; });
  }

  const Protocol& protocol_;
  const Environment& environment_;
  const disease::Parameters& p_;
  const disease::Rates& rates_;
  const ConductRules& rules_;
  const Days& days_;
  double scan_noise_;
  SwitchRules switching_;
  const Watch* watch_;
  disease::Block block_;
  disease::Events events_;
  disease::Observation seen_;
  std::array<Lane, disease::k_block> lanes_;
  int n_ = 0;
  int today_ = 0;
};

// How many of n fall to each arm by its allocation: whole shares, the rest to the largest remainders.
std::vector<std::size_t> apportioned(const std::vector<Arm>& arms, std::size_t n) {
  double all = 0.0;
  for (const Arm& a : arms) all += a.allocation;
  std::vector<std::size_t> count, by_remainder;
  std::vector<double> remainder;
  std::size_t given = 0;
  for (std::size_t a = 0; a < arms.size(); ++a) {
    const double share = static_cast<double>(n) * arms[a].allocation / all;
    count.push_back(static_cast<std::size_t>(share));
    remainder.push_back(share - std::floor(share));
    by_remainder.push_back(a);
    given += count.back();
  }
  std::stable_sort(by_remainder.begin(), by_remainder.end(),
                   [&](std::size_t a, std::size_t b) { return remainder[a] > remainder[b]; });
  for (std::size_t i = 0; given < n; ++i, ++given) ++count[by_remainder[i % arms.size()]];
  return count;
}

// People of each arm in a block of randomisation: the allocation in lowest terms if it is in whole numbers
// and not longer than the trial, else one block of everybody.
std::vector<std::size_t> block_of(const Protocol& protocol) {
  std::vector<std::size_t> block;
  std::size_t common = 0, length = 0;
  bool whole = true;
  for (const Arm& a : protocol.arms) {
    block.push_back(static_cast<std::size_t>(std::max(0.0, a.allocation)));
    whole = whole && static_cast<double>(block.back()) == a.allocation;
    common = std::gcd(common, block.back());
  }
  const auto n = static_cast<std::size_t>(protocol.population.n);
  if (!whole || common == 0) return apportioned(protocol.arms, n);
  for (std::size_t& k : block) length += k /= common;
  return length > n ? apportioned(protocol.arms, n) : block;
}

// Arms in permuted order by allocation: blocks shuffled by the enrolment draws. With the same people in every
// arm, each in turn.
std::vector<std::size_t> allocate(const Protocol& protocol, std::uint32_t replicate) {
  if (protocol.population.same_people) {
    std::vector<std::size_t> in_turn(static_cast<std::size_t>(protocol.population.n));
    for (std::size_t i = 0; i < in_turn.size(); ++i) in_turn[i] = i % protocol.arms.size();
    return in_turn;
  }
  std::vector<std::size_t> one;
  const std::vector<std::size_t> block = block_of(protocol);
  for (std::size_t a = 0; a < block.size(); ++a) one.insert(one.end(), block[a], a);
  std::vector<std::size_t> all;
  core::Draws d({protocol.seed, 0, replicate + 1}, core::Purpose::enrolment, 0);
  while (all.size() < static_cast<std::size_t>(protocol.population.n)) {
    std::vector<std::size_t> shuffled = one;
    for (std::size_t i = shuffled.size(); i > 1; --i) {
      const auto j = static_cast<std::size_t>(d.uniform() * static_cast<double>(i));
      std::swap(shuffled[i - 1], shuffled[std::min(j, i - 1)]);
    }
    all.insert(all.end(), shuffled.begin(), shuffled.end());
  }
  all.resize(static_cast<std::size_t>(protocol.population.n));
  return all;
}

std::string draw_regimen(const Arm& arm, double u) {
  double total = 0.0;
  for (const RegimenChoice& c : arm.regimens) total += c.weight;
  double sum = 0.0;
  for (const RegimenChoice& c : arm.regimens) {
    sum += c.weight / total;
    if (u < sum) return c.regimen;
  }
  return arm.regimens.back().regimen;
}

Consort flow_of(const Protocol& protocol, const Recruitment& recruitment,
                const std::vector<Participant>& people) {
  Consort c;
  const auto& excluded = recruitment.pool.excluded_by;
  c.assessed = recruitment.pool.lives;
  c.excluded_phenotype = excluded[0];
  c.excluded_age = excluded[1];
  c.excluded_edss = excluded[2];
  c.excluded_activity = excluded[4];
  c.excluded_other = excluded[3] + excluded[5] + excluded[6] + excluded[7] + excluded[8];
  c.arms.resize(protocol.arms.size());
  for (const Participant& p : people) {
    Consort::ArmFlow& a = c.arms[p.arm];
    ++a.allocated;
    ++(p.treated_day() != endpoints::kNever ? a.received : a.not_received);
    if (p.rescue_day != endpoints::kNever) ++a.rescued;
    if (std::any_of(p.switches.begin(), p.switches.end(), [](const RegimenSwitch& x) { return x.allocated; }))
      ++a.switched;
    switch (p.end_reason) {
      case EndReason::completed:
        ++a.completed;
        break;
      case EndReason::data_cut:
        ++a.data_cut;
        break;
      case EndReason::dropped_out:
        ++a.dropped_out;
        break;
      case EndReason::died:
        ++a.died;
        break;
    }
  }
  return c;
}

}  // namespace

endpoints::PersonRecord Participant::record() const {
  endpoints::PersonRecord r;
  r.visits = visits;
  r.relapses = relapses;
  r.scans = scans;
  r.end_of_follow_up_day = end_of_follow_up_day;
  r.dropped_out = end_reason == EndReason::dropped_out;
  r.death_day = death_day;
  r.ms_death = ms_death;
  r.mobilisation_day = mobilisation_day;
  r.transplant_day = transplant_day;
  return r;
}

Replicate simulate_replicate(const Protocol& protocol, const Environment& environment,
                             const Recruitment& recruitment, int number, ConductSwitch conduct,
                             const Watch* watch) {
  const bool conduct_on = conduct == ConductSwitch::as_protocol && protocol.conduct.enabled;
  const ConductRules rules = conduct_rules(*environment.parameters, protocol.study, conduct_on);
  const disease::Rates rates = disease::make_rates(recruitment.disease);
  Days days;
  days.follow_up = static_cast<int>(std::lround(protocol.accrual.follow_up_day));
  days.edss = days_of(protocol.visits.edss, protocol.accrual.follow_up_day);
  days.mri = days_of(protocol.visits.mri, protocol.accrual.follow_up_day);

  const auto replicate = static_cast<std::uint32_t>(number);
  const auto n = static_cast<std::size_t>(protocol.population.n);
  const std::vector<std::size_t> chosen = enrolled(protocol, recruitment, number);
  std::map<std::size_t, std::uint32_t> times_enrolled;
  const std::size_t twins = protocol.population.same_people ? protocol.arms.size() : 1;
  std::uint32_t copy = 0;
  const std::vector<std::size_t> arms = allocate(protocol, replicate);

  Replicate result;
  result.number = number;
  for (std::size_t first = 0; first < n; first += disease::k_block) {
    ReplicateBlock block(protocol, environment, recruitment, rates, rules, days, watch);
    for (std::size_t i = first; i < std::min(n, first + disease::k_block); ++i) {
      const std::size_t life = chosen[i / twins];
      const cohort::Candidate& c = recruitment.pool.candidates[life];
      Participant who;
      who.number = static_cast<std::uint32_t>(i);
      who.person = c.person.person;
      // A life enrolled twice in one replicate (pool smaller than the trial) gets a copy of its own; a twin
      // has the same.
      if (i % twins == 0) {
        const std::uint32_t times = times_enrolled[life]++;
        if (times >= k_most_copies)
          throw core::RunError(fmt::format(
              "{}: one of {} lives that qualify would be enrolled more than {} times in one trial of {} "
              "people; more lives (population.lives) give more that qualify",
              protocol.id, recruitment.pool.candidates.size(), k_most_copies, n));
        copy = replicate + 1 + (times << k_copy_shift);
      }
      who.copy = copy;
      who.arm = arms[i];
      core::Draws d({protocol.seed, c.person.person, who.copy}, core::Purpose::enrolment, 1);
      who.enrolment_day = static_cast<int>(d.uniform() * protocol.accrual.duration_day);
      who.regimen = draw_regimen(protocol.arms[who.arm], d.uniform());
      block.add(c, std::move(who));
    }
    block.run();
    for (Participant& p : block.take_records()) result.participants.push_back(std::move(p));
  }
  result.consort = flow_of(protocol, recruitment, result.participants);
  return result;
}

}  // namespace hortega::trial
