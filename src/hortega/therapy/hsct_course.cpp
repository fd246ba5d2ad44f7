// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/hsct_course.hpp"

#include "hortega/therapy/days.hpp"
#include "hortega/therapy/drug_course.hpp"

namespace hortega::therapy {

namespace {

constexpr double k_ln10 = 2.302585092994046;  // not biology: ln 10
constexpr int k_failure_day = 30;  // not biology: no neutrophils by then is a failure (PMC11161398, table 1)
// Calendar of the numerics, not biology: daily until day 100, weekly for the rest of the first year.
constexpr int k_daily_days = 100;
constexpr int k_weekly_days = 365;
constexpr int k_marrow_days = 70;
// not biology: exp(-1/7), mucosa heals within weeks; only the aplasia sees it
const double k_mucosa_heals = math::exp(-1.0 / 7.0);
constexpr std::uint32_t k_malignancy_number = 40;
constexpr std::uint32_t k_graft_number = 1;  // of the person's response draws

}  // namespace

TransplantCourse::TransplantCourse(const Regimen& regimen, const Parameters& parameters)
    : regimen_(regimen),
      p_(parameters),
      uses_(regimen, parameters),
      malignancy_(slot_index(Slot::transplant, k_malignancy_number)) {}

void TransplantCourse::begin(int day, const Patient& patient, CourseSink& sink) {
  start_ = last_ = day;
  sensitivity_ = math::exp(p_.conditioning_sensitivity.spread * response_of(patient, Slot::transplant));
  infections_.begin(p_, patient);
  attempt_ = 0;
  mobilise(day, patient, sink);
  next_due_ = day;
}

void TransplantCourse::resume(int, const Patient&) { phase_ = Phase::finished; }

void TransplantCourse::mobilise(int day, const Patient& patient, CourseSink& sink) {
  phase_ = Phase::mobilisation;
  mobilised_day_ = day;
  const Mobilisation& plan = *regimen_.mobilisation;
  apheresis_day_ = day + whole(plan.apheresis_day);
  neutropenia_day_ = k_never;
  sink.milestone(Milestone::mobilisation, day, attempt_ + 1);
  uses_.mobilise(day, *patient.profile, sink);
  if (plan.cyclophosphamide) {
    Kill kill = kill_of(p_, ConditioningDrug::cyclophosphamide, *plan.cyclophosphamide, *patient.profile);
    kill.volume_percent = 0.0;  // the doses of mobilisation are those of ordinary oncology
    pulse_kill(kill, sink);
    log10_t_ = 0.0;  // cells recover before conditioning; the graft's share counts from there
    neutropenia_day_ = apheresis_day_ - 1;
  }
}

void TransplantCourse::apheresis(int day, const Patient& patient, CourseSink& sink) {
  const Mobilisation& plan = *regimen_.mobilisation;
  const Collection c = collect(p_, plan, patient, attempt_);
  uses_.collect(day, c.sessions, sink);
  if (1e6 * c.cd34_e6_per_kg < plan.minimum_per_kg) {
    sink.milestone(Milestone::mobilisation_failure, day, c.cd34_e6_per_kg);
    if (++attempt_ < plan.attempts) {
      mobilised_day_ = day + whole(p_.cd34_second_attempt_wait.value);
      apheresis_day_ = k_never;  // until the second mobilisation begins
      return;
    }
    sink.milestone(Milestone::stopped, day, 0.0);
    phase_ = Phase::finished;
    return;
  }
  sink.milestone(Milestone::apheresis, day, c.cd34_e6_per_kg);
  uses_.store(day, sink);
  graft_e6_per_kg_ = c.cd34_e6_per_kg;
  graft_day_ = mobilised_day_ + whole(regimen_.graft->day);
  conditioning_day_ = graft_day_;
  for (const Conditioning& drug : regimen_.conditioning) {
    for (const int offset : drug.days) conditioning_day_ = std::min(conditioning_day_, graft_day_ + offset);
  }
  conditioning_day_ = std::max(conditioning_day_, day + 1);
  phase_ = Phase::waiting;
}

double TransplantCourse::t_remaining() const {
  const double killed = math::exp(-k_ln10 * log10_t_ * sensitivity_);
  // What the graft will return counts as spared: pools can be cut, not filled, from here.
  return killed + graft_t_share(p_, *regimen_.graft) * (1.0 - killed);
}

void TransplantCourse::pulse_kill(const Kill& kill, CourseSink& sink) {
  const double before = t_remaining();
  log10_t_ += kill.t;
  sink.pulse(pulse_of(p_, kill, sensitivity_, t_remaining() / before));
}

void TransplantCourse::give_conditioning(int day, const Patient& patient, CourseSink& sink) {
  const std::optional<Kill> kill =
      condition(p_, regimen_.conditioning, day - graft_day_, *patient.profile, atg_, counts_, exposure_);
  if (!kill) return;
  uses_.condition(day, graft_day_, *patient.profile, sink);
  mucosa_ += kill->mucosa;
  pulse_kill(*kill, sink);
}

void TransplantCourse::give_graft(int day, const Patient& patient, CourseSink& sink) {
  const double thawed = regimen_.graft->frozen ? p_.graft_thaw_recovery.value : 1.0;
  // How many progenitors a CD34+ cell stands for differs between people.
  const double worth =
      math::exp(p_.graft_progenitor_share.spread * response_of(patient, Slot::transplant, k_graft_number));
  counts_.infuse(p_, worth, graft_e6_per_kg_, thawed);
  sink.milestone(Milestone::graft, day, graft_e6_per_kg_);
  disease::Pulse pulse;
  pulse.repertoire = p_.new_repertoire.value;
  sink.pulse(pulse);
  toxicities_ = draw_organ_toxicity(p_, patient, day, exposure_);
  draw_late_harms(p_, patient, day, late_);
  malignancy_.start(day, p_.second_malignancy_rate.value, patient.key);
}

void TransplantCourse::rebuild(int day, const Patient& patient, CourseSink& sink) {
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
    pulse.thymic_rebound =
        p_.thymic_rebound_size.value * math::exp(-p_.thymic_rebound_age_slope.value *
                                                 (patient.state.age_year() - 30.0));  // not biology: scale
    sink.pulse(pulse);
  }
}

bool TransplantCourse::organ_toxicity(int day, CourseSink& sink) {
  for (OrganToxicity& t : toxicities_) {
    if (t.harm.start_day != day) continue;
    sink.harm(t.harm);
    if (t.fatal) {
      sink.death(t.harm.term);
      return true;
    }
  }
  return false;
}

void TransplantCourse::transplant_day(int day, const Patient& patient, CourseSink& sink) {
  if (!counts_.started()) {
    sink.milestone(Milestone::conditioning, day, 0.0);
    uses_.admit(day, graft_day_, *patient.profile, sink);
    counts_.start(p_, *patient.profile, day, k_failure_day);
    log10_t_ = 0.0;
    last_ = day - 1;
  }
  if (day == last_) return;  // asked again on one day
  const int days = day - last_;
  atg_.elapse(p_, days);
  if (day <= graft_day_ + k_failure_day) give_conditioning(day, patient, sink);
  if (day == graft_day_) give_graft(day, patient, sink);
  for (int d = day - days + 1; d <= day && d <= graft_day_ + k_marrow_days; ++d) {
    counts_.advance_day(p_, d, graft_day_, regimen_.graft->g_csf_from_day, sink);
    mucosa_ *= k_mucosa_heals;
  }
  const bool after = day > graft_day_;
  if (after) uses_.follow(day, graft_day_, graft_day_ + k_marrow_days, counts_, *patient.profile, sink);
  if (after) rebuild(day, patient, sink);
  if (after && organ_toxicity(day, sink)) {
    phase_ = Phase::finished;
    return;
  }
  const DayCounts counts{counts_.neutrophils_e9_per_l(), t_level(patient), mucosa_};
  if (infections_.step(p_, patient, day, days, counts, after, sink)) phase_ = Phase::finished;
}

void TransplantCourse::update(int day, const Patient& patient, CourseSink& sink,
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
  if (phase_ == Phase::mobilisation) {
    if (apheresis_day_ == k_never && day >= mobilised_day_) mobilise(day, patient, sink);
    if (day >= neutropenia_day_) {
      const double g_per_m2 = 1e-3 * mg_per_m2_of(*regimen_.mobilisation->cyclophosphamide, *patient.profile);
      neutropenia_day_ = k_never;
      if (infections_.mobilisation(p_, patient, day, p_.mobilisation_neutropenia.value * g_per_m2, sink)) {
        phase_ = Phase::finished;
      }
    }
    if (phase_ == Phase::mobilisation && day >= apheresis_day_) apheresis(day, patient, sink);
  }
  if (phase_ == Phase::waiting && day >= conditioning_day_) phase_ = Phase::transplant;
  if (phase_ == Phase::transplant || phase_ == Phase::rebuilding) {
    transplant_day(day, patient, sink);
    if (phase_ != Phase::finished && day >= graft_day_ + k_daily_days) phase_ = Phase::rebuilding;
    if (phase_ == Phase::rebuilding && day >= graft_day_ + k_weekly_days) phase_ = Phase::late;
  }
  if (graft_day_ != k_never && day > graft_day_ && phase_ != Phase::finished) {
    late_.tell(day, sink);
    if (malignancy_.due() <= day && malignancy_.happens(day, p_.second_malignancy_rate.value, patient.key)) {
      sink.harm({"second malignancy", 4, day, day + 365, true});  // not biology: recorded for a year
      malignancy_.stop();
    }
  }
  last_ = day;
  if (phase_ != Phase::finished) write_levers(day, patient, levers);
  plan_next(day);
}

void TransplantCourse::write_levers(int day, const Patient& patient, disease::Levers<double>& levers) const {
  const bool collecting = phase_ == Phase::mobilisation || phase_ == Phase::waiting;
  // A second mobilisation is a day to come while it is waited for.
  if (collecting && day >= mobilised_day_ && day - mobilised_day_ < p_.mobilisation_flare_duration.value) {
    // G-CSF stirs up immune cells; cyclophosphamide before it takes the flare away, a steroid closes the
    // barrier to it.
    const Mobilisation& plan = *regimen_.mobilisation;
    if (!plan.cyclophosphamide) levers.activation = p_.mobilisation_flare.value;
    if (plan.steroid)
      levers.barrier_seal = personal(p_.steroid_seal, response_of(patient, Slot::steroid), 0.0, 1.0);
  }
  if (phase_ != Phase::transplant && phase_ != Phase::rebuilding) return;
  levers.kill_t = atg_.kill_per_day(p_) * sensitivity_;
  levers.kill_b = levers.kill_t * p_.atg_b_share.value;
  if (day - graft_day_ <= k_marrow_days) {
    levers.neutrophils = counts_.neutrophil_level();
    levers.platelets = counts_.platelet_level();
  }
}

void TransplantCourse::plan_next(int day) {
  const int flare_ends = mobilised_day_ + whole(p_.mobilisation_flare_duration.value);
  switch (phase_) {
    case Phase::finished:
      next_due_ = k_never;
      return;
    case Phase::mobilisation:
      if (apheresis_day_ == k_never) {
        next_due_ = mobilised_day_;
      } else {
        next_due_ = std::min(apheresis_day_, neutropenia_day_);
        if (flare_ends > day) next_due_ = std::min(next_due_, flare_ends);
      }
      break;
    case Phase::waiting:
      next_due_ = conditioning_day_;
      if (flare_ends > day) next_due_ = std::min(next_due_, flare_ends);
      break;
    case Phase::transplant:
      next_due_ = day + 1;
      break;
    case Phase::rebuilding: {
      next_due_ = day + 7;
      for (const OrganToxicity& t : toxicities_) {
        if (t.harm.start_day > day) next_due_ = std::min(next_due_, t.harm.start_day);
      }
      break;
    }
    case Phase::late:
      next_due_ = std::min(late_.due(), malignancy_.due());
      break;
  }
  if (phase_ == Phase::late && next_due_ == k_never) phase_ = Phase::finished;
  if (next_due_ <= day) next_due_ = day + 1;
}

void TransplantCourse::stop(int day) {
  if (phase_ != Phase::mobilisation && phase_ != Phase::waiting) return;
  cancelled_ = true;
  next_due_ = std::min(next_due_, day);
}

std::unique_ptr<Course> make_transplant(const Regimen& regimen, const Parameters& p) {
  return std::make_unique<TransplantCourse>(regimen, p);
}

}  // namespace hortega::therapy
