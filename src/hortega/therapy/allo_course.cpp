// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/allo_course.hpp"

#include "hortega/therapy/days.hpp"
#include "hortega/therapy/drug_course.hpp"

#include <array>

namespace hortega::therapy {

namespace {

constexpr double k_ln10 = 2.302585092994046;  // not biology: ln 10
constexpr double k_ten = 10.0;                // not biology: base of the log kill
// Definitions, not biology: days after the graft without neutrophils that are a failure, longer for cord
// blood (no source read), and the days on which chimerism is measured.
constexpr int k_failure_day = 28;
constexpr int k_cord_failure_day = 42;
constexpr std::array<int, 5> k_chimerism_days = {28, 56, 100, 180, 365};
// Calendar of the numerics, not biology: daily until day 100, then weekly for two years and as long as there
// is graft-versus-host disease or a drug against it.
constexpr int k_daily_days = 100;
constexpr int k_watched_days = 730;
constexpr int k_marrow_days = 70;
constexpr int k_last_conditioning_day = 30;  // that a regimen may name
constexpr int k_failure_recorded_days = 30;
constexpr double k_days_per_year = 365.25;  // not biology
// not biology: exp(-1/7), mucosa heals within weeks; only the aplasia sees it
const double k_mucosa_heals = math::exp(-1.0 / 7.0);
constexpr std::uint32_t k_malignancy_number = 0;

}  // namespace

AllogeneicCourse::AllogeneicCourse(const Regimen& regimen, const Parameters& parameters)
    : regimen_(regimen),
      p_(parameters),
      uses_(regimen, parameters),
      malignancy_(slot_index(Slot::allogeneic_transplant, k_malignancy_number)) {}

void AllogeneicCourse::begin(int day, const Patient& patient, CourseSink&) {
  // The same trait as for an autologous transplant: one person's lymphocytes are equally sensitive to both.
  sensitivity_ = math::exp(p_.conditioning_sensitivity.spread * response_of(patient, Slot::transplant));
  core::Draws d(patient.key, core::Purpose::allo_traits, 0);
  vigour_ = math::exp(p_.allo_growth.spread * d.normal());
  donor_yield_ = d.normal();
  worth_ = math::exp(p_.graft_progenitor_share.spread * d.normal());
  handling_.calcineurin = math::exp(p_.allo_calcineurin_block.spread * d.normal());
  handling_.steroid = math::exp(p_.allo_steroid_kill.spread * d.normal());
  gvhd_.begin(p_, patient);
  infections_.begin(p_, patient);
  graft_day_ = day + whole(regimen_.graft->day);
  conditioning_day_ = graft_day_;
  for (const Conditioning& drug : regimen_.conditioning) {
    for (const int offset : drug.days) conditioning_day_ = std::min(conditioning_day_, graft_day_ + offset);
  }
  marrow_until_ = graft_day_ + k_marrow_days;
  phase_ = Phase::waiting;
  next_due_ = std::max(day, conditioning_day_);
}

void AllogeneicCourse::resume(int, const Patient&) { phase_ = Phase::finished; }

void AllogeneicCourse::stop(int day) {
  if (phase_ != Phase::waiting) return;
  cancelled_ = true;
  next_due_ = std::min(next_due_, day);
}

// What the graft will bring counts as spared: pools can be cut, not filled, from here.
double AllogeneicCourse::t_remaining() const {
  const double killed = math::exp(-k_ln10 * log10_t_ * sensitivity_);
  return killed + graft_.t_share * (1.0 - killed);
}

// Of the cells that a pool now holds, the CNS-reactive ones, relative to a pool that is all the host's.
double AllogeneicCourse::reactive_share() const {
  const double host = reaction_.host_share_at_graft();
  return host * reaction_.host_spared() + (1.0 - host) * p_.allo_donor_memory_reactive.value;
}

void AllogeneicCourse::drugs_of_day(int day, const Patient& patient, CourseSink& sink) {
  const int offset = day - graft_day_;
  const std::optional<Kill> kill =
      condition(p_, regimen_.conditioning, offset, *patient.profile, atg_, counts_, exposure_);
  mucosa_ += methotrexate_mucosa(p_, regimen_.prophylaxis, offset, *patient.profile);
  const double methotrexate = methotrexate_kill(p_, regimen_.prophylaxis, offset, *patient.profile);
  if (methotrexate > 0.0) counts_.kill(p_, methotrexate);
  if (!kill) return;
  uses_.condition(day, graft_day_, *patient.profile, sink);
  mucosa_ += kill->mucosa;
  if (offset > 0) {  // after the graft: donor's and host's resting cells alike
    sink.pulse(pulse_of(p_, *kill, sensitivity_, math::exp(-k_ln10 * kill->t * sensitivity_)));
    return;
  }
  log10_marrow_ += kill->marrow;
  const double before = t_remaining();
  log10_t_ += kill->t;
  sink.pulse(pulse_of(p_, *kill, sensitivity_, t_remaining() / before));
}

void AllogeneicCourse::give_graft(int day, const Patient& patient, CourseSink& sink) {
  const double thawed = regimen_.graft->frozen ? p_.graft_thaw_recovery.value : 1.0;
  const double cells = graft_.cd34_e6_per_kg * thawed;
  const double worth = worth_ * graft_.progenitors_per_cd34;
  counts_.infuse(p_, worth, graft_.cd34_e6_per_kg, thawed);
  sink.milestone(Milestone::graft, day, graft_.cd34_e6_per_kg);
  const double host_t = math::exp(-k_ln10 * log10_t_ * sensitivity_) * atg_survival_;
  reaction_.begin(p_, graft_, host_t, math::power(k_ten, -log10_marrow_),
                  p_.graft_progenitor_share.value * worth * cells, exposure_.mucosa, vigour_);
  replace_clones(sink);
  toxicities_ = draw_organ_toxicity(p_, patient, day, exposure_);
  draw_late_harms(p_, patient, day, late_);
  malignancy_.start(day, p_.second_malignancy_rate.value * p_.allo_malignancy_factor.value, patient.key);
}

// The donor's clones stand where the host's have gone: the count stays, what it reacts to does not.
void AllogeneicCourse::replace_clones(CourseSink& sink) {
  const double share = reactive_share();
  disease::Pulse pulse;
  pulse.reactive = std::min(1.0, share / told_reactive_);
  told_reactive_ = std::min(told_reactive_, share);
  const double donor = reaction_.donor_marrow_share();
  pulse.repertoire = donor * p_.allo_donor_repertoire.value + (1.0 - donor) * p_.new_repertoire.value;
  sink.pulse(pulse);
}

void AllogeneicCourse::lose_graft(int day, CourseSink& sink) {
  lost_ = true;
  counts_.lose(reaction_.donor_marrow_share_at_graft());
  if (!counts_.failed()) {
    sink.milestone(Milestone::graft_failure, day, 0.0);
    sink.harm({"graft failure", 4, day, day + k_failure_recorded_days, true});
  }
}

// After a failure the person's own marrow comes back, and its counts are watched as after a graft. Own cells
// kept for it are not modelled: what the conditionings here leave of the marrow brings the counts back as
// soon as they would.
void AllogeneicCourse::watch_failure(int day) {
  if (failure_watched_ || !(lost_ || counts_.failed())) return;
  failure_watched_ = true;
  marrow_until_ = std::max(marrow_until_, day + k_marrow_days);
}

void AllogeneicCourse::react(int day, const Patient& patient, CourseSink& sink) {
  const int offset = day - graft_day_;
  reaction_.kill_dividing(dividing_kill(p_, regimen_, offset, *patient.profile));
  Suppression s;
  s.blocked = blocked_today(day);
  s.kill_per_day = atg_.kill_per_day(p_) * sensitivity_;
  s.treat_per_day = gvhd_.treated() ? p_.allo_steroid_kill.value * handling_.steroid : 0.0;
  s.gut_damage = gvhd_.gut_damage();
  const bool before = reaction_.rejected();
  reaction_.advance_day(p_, s);
  if (reaction_.rejected() && !before) lose_graft(day, sink);
  gvhd_.advance_day(p_, reaction_.against_host(), s.blocked);
}

void AllogeneicCourse::rebuild(int day, const Patient& patient, CourseSink& sink) {
  const int since = day - graft_day_;
  if (!treg_done_ && since >= whole(p_.treg_bloom_day.value)) {
    treg_done_ = true;
    disease::Pulse pulse;
    pulse.treg_set = p_.treg_bloom_level.value;
    sink.pulse(pulse);
  }
  if (!thymus_done_ && since >= whole(p_.thymic_rebound_day.value)) {
    thymus_done_ = true;
    disease::Pulse pulse;
    // Graft-versus-host disease destroys thymic epithelium: what rebounds is less by its worst grade.
    pulse.thymic_rebound =
        p_.thymic_rebound_size.value *
        math::exp(-p_.thymic_rebound_age_slope.value *
                  (patient.state.age_year() - 30.0)) *  // not biology: scale
        math::power(1.0 - p_.allo_thymic_loss.value, static_cast<double>(gvhd_.worst_acute_grade()));
    sink.pulse(pulse);
  }
  while (next_chimerism_ < static_cast<int>(k_chimerism_days.size()) &&
         since >= k_chimerism_days[static_cast<std::size_t>(next_chimerism_)]) {
    ++next_chimerism_;
    sink.milestone(Milestone::donor_chimerism, day, 100.0 * (1.0 - reaction_.host_share()));  // percent
  }
}

bool AllogeneicCourse::organ_toxicity(int day, CourseSink& sink) {
  for (const OrganToxicity& t : toxicities_) {
    if (t.harm.start_day > day || t.harm.start_day <= last_) continue;
    sink.harm(t.harm);
    if (t.fatal) {
      sink.death(t.harm.term);
      return true;
    }
  }
  return false;
}

// Hazards by the disease that there is today, scaled by the person's frailty, era and centre as a sepsis is.
bool AllogeneicCourse::dies(int day, int days, const Patient& patient, CourseSink& sink) {
  core::Draws d(patient.key, core::Purpose::allo_course, static_cast<std::uint32_t>(day));
  const double u_acute = d.uniform();
  const double u_cause = d.uniform();
  const double u_chronic = d.uniform();
  const double frailty = fatality(p_, patient, p_.fatality.value, 0.0) / p_.fatality.value;
  const int grade = gvhd_.acute_grade();
  const double acute = grade == 4   ? p_.allo_death_grade_4.value
                       : grade == 3 ? p_.allo_death_grade_3.value
                                    : 0.0;
  if (u_acute < 1.0 - math::exp(-acute * frailty * days)) {
    // Gut and steroids let bacteria and moulds in; else the organs themselves fail.
    const bool infection = u_cause < p_.allo_death_by_infection.value;
    sink.harm({infection ? "serious infection" : "acute graft-versus-host disease", 5, day, day, true});
    sink.death(infection ? "infection in graft-versus-host disease" : "acute graft-versus-host disease");
    return true;
  }
  const int severity = gvhd_.chronic_severity();
  const double chronic = severity == 3   ? p_.allo_death_severe.value
                         : severity == 2 ? p_.allo_death_moderate.value
                                         : 0.0;
  if (u_chronic < 1.0 - math::exp(-chronic * frailty * days / k_days_per_year)) {
    sink.harm({"chronic graft-versus-host disease", 5, day, day, true});
    sink.death("chronic graft-versus-host disease");
    return true;
  }
  return false;
}

void AllogeneicCourse::transplant_day(int day, const Patient& patient, CourseSink& sink) {
  if (!counts_.started()) {
    sink.milestone(Milestone::conditioning, day, 0.0);
    uses_.admit(day, graft_day_, *patient.profile, sink);
    counts_.start(p_, *patient.profile, day,
                  regimen_.donor->source == GraftSource::cord ? k_cord_failure_day : k_failure_day);
    graft_ = graft_of(p_, *regimen_.donor, donor_yield_);
    last_ = day - 1;
  }
  if (day == last_) return;  // asked again on one day
  const int days = day - last_;
  if (day <= graft_day_) atg_survival_ *= math::exp(-atg_.kill_per_day(p_) * sensitivity_ * days);
  for (int d = day - days + 1; d <= day; ++d) {
    atg_.elapse(p_, 1);
    if (d <= graft_day_ + k_last_conditioning_day) drugs_of_day(d, patient, sink);
    if (d == graft_day_) give_graft(d, patient, sink);
    if (d > graft_day_) react(d, patient, sink);
    if (d > graft_day_) watch_failure(d);
    if (d > marrow_until_) continue;
    counts_.advance_day(p_, d, graft_day_, regimen_.graft->g_csf_from_day, sink);
    mucosa_ *= k_mucosa_heals;
  }
  if (day <= graft_day_) return;
  uses_.follow(day, graft_day_, marrow_until_, counts_, *patient.profile, sink);
  replace_clones(sink);
  rebuild(day, patient, sink);
  gvhd_.tell(day, sink);
  if (organ_toxicity(day, sink) || dies(day, days, patient, sink)) {
    phase_ = Phase::finished;
    return;
  }
  // T cells that drugs hold back protect as little as those that are not there.
  double function = 1.0 - blocked_today(day) * p_.allo_block_of_protection.value;
  if (gvhd_.treated()) function *= p_.allo_steroid_protection.value;
  const bool counted = day <= marrow_until_;
  const DayCounts counts{counted ? counts_.neutrophils_e9_per_l() : patient.profile->neutrophils_1e9_per_l,
                         t_level(patient) * function, mucosa_};
  if (infections_.step(p_, patient, day, days, counts, true, sink)) phase_ = Phase::finished;
}

void AllogeneicCourse::late_day(int day, const Patient& patient, CourseSink& sink) {
  late_.tell(day, sink);
  if (malignancy_.due() > day) return;
  // Immunosuppressed for chronic graft-versus-host disease, people have more of them.
  const double factor = gvhd_.chronic_severity() >= 2 ? p_.allo_malignancy_factor.value : 1.0;
  if (malignancy_.happens(day, p_.second_malignancy_rate.value * factor, patient.key)) {
    sink.harm({"second malignancy", 4, day, day + 365, true});  // not biology: recorded for a year
    malignancy_.stop();
  }
}

void AllogeneicCourse::update(int day, const Patient& patient, CourseSink& sink,
                              disease::Levers<double>& levers) {
  levers = disease::no_levers();
  if (phase_ == Phase::finished) {
    next_due_ = k_never;
    return;
  }
  if (cancelled_) {
    sink.milestone(Milestone::stopped, day, 0.0);
    phase_ = Phase::finished;
    next_due_ = k_never;
    return;
  }
  if (phase_ == Phase::waiting && day >= conditioning_day_) phase_ = Phase::transplant;
  if (phase_ == Phase::transplant) {
    transplant_day(day, patient, sink);
    const int since = day - graft_day_;
    if (phase_ == Phase::transplant && since >= k_watched_days && gvhd_.quiet() &&
        since >= prophylaxis_ends(regimen_.prophylaxis)) {
      phase_ = Phase::late;
    }
  }
  if (phase_ != Phase::finished && day > graft_day_) late_day(day, patient, sink);
  last_ = day;
  if (phase_ != Phase::finished) write_levers(day, levers);
  plan_next(day);
}

void AllogeneicCourse::write_levers(int day, disease::Levers<double>& levers) const {
  if (phase_ != Phase::transplant) return;
  levers.kill_t = atg_.kill_per_day(p_) * sensitivity_;
  levers.kill_b = levers.kill_t * p_.atg_b_share.value;
  if (day <= marrow_until_) {
    levers.neutrophils = counts_.neutrophil_level();
    levers.platelets = counts_.platelet_level();
  }
  // What holds back the donor's cells holds back those that attack the brain, as little as in other grafts.
  levers.activation = 1.0 - p_.protection_on_autoimmunity.value * blocked_today(day);
}

void AllogeneicCourse::plan_next(int day) {
  switch (phase_) {
    case Phase::finished:
      next_due_ = k_never;
      return;
    case Phase::waiting:
      next_due_ = conditioning_day_;
      break;
    case Phase::transplant:
      next_due_ = day - graft_day_ < k_daily_days ? day + 1 : day + 7;
      break;
    case Phase::late:
      next_due_ = std::min(late_.due(), malignancy_.due());
      break;
  }
  if (phase_ == Phase::late && next_due_ == k_never) phase_ = Phase::finished;
  if (next_due_ <= day) next_due_ = day + 1;
}

std::unique_ptr<Course> make_allogeneic_transplant(const Regimen& regimen, const Parameters& p) {
  return std::make_unique<AllogeneicCourse>(regimen, p);
}

}  // namespace hortega::therapy
