// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/hsct_course.hpp"

#include "hortega/therapy/drug_course.hpp"

namespace hortega::therapy {

namespace {

constexpr double k_ln10 = 2.302585092994046;  // not biology: ln 10
// Definitions of engraftment (ENDPOINTS 10.4), not biology: first of three days at the count, platelets
// without transfusion for a week; no neutrophils by day 30 is a graft failure.
constexpr double k_anc_threshold = 0.5;        // not biology: 1e9/L
constexpr double k_platelet_threshold = 20.0;  // not biology: 1e9/L
constexpr int k_engraftment_days = 3;
constexpr int k_transfusion_free_days = 7;
constexpr int k_failure_day = 30;
// Calendar of the numerics, not biology: daily until day 100, weekly for the rest of the first year.
constexpr int k_daily_days = 100;
constexpr int k_weekly_days = 365;
constexpr int k_marrow_days = 70;
constexpr std::uint32_t k_malignancy_number = 40;

int whole(double day) { return static_cast<int>(std::floor(day + 0.5)); }

}  // namespace

TransplantCourse::TransplantCourse(const Regimen& regimen, const Parameters& parameters)
    : regimen_(regimen), p_(parameters), malignancy_(slot_index(Slot::transplant, k_malignancy_number)) {}

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
  disease::Pulse pulse;
  const double before = t_remaining();
  log10_t_ += kill.t;
  pulse.naive = pulse.memory = pulse.effector = t_remaining() / before;
  pulse.treg = math::exp(-k_ln10 * kill.t * p_.treg_sensitivity.value * sensitivity_);
  pulse.memory_b = pulse.naive_b = math::exp(-k_ln10 * kill.b * sensitivity_);
  pulse.resident = math::exp(-k_ln10 * kill.cns_t * sensitivity_);
  pulse.compartment =
      math::exp(-k_ln10 * kill.cns_t * sensitivity_ * (1.0 - p_.compartment_resistance.value));
  pulse.toxic_volume_percent = kill.volume_percent;
  pulse.toxic_axon_share = 0.01 * kill.volume_percent * p_.toxic_axon_by_volume.value;  // percent to share
  sink.pulse(pulse);
}

void TransplantCourse::give_conditioning(int day, const Patient& patient, CourseSink& sink) {
  Kill kill;
  bool any = false;
  for (const Conditioning& c : regimen_.conditioning) {
    for (const int offset : c.days) {
      if (graft_day_ + offset != day) continue;
      any = true;
      kill += kill_of(p_, c.drug, c.dose, *patient.profile);
      switch (c.drug) {
        case ConditioningDrug::atg:
          atg_.add(mg_per_kg_of(c.dose, *patient.profile));
          break;
        case ConditioningDrug::melphalan:
          neutrophils_->melphalan(mg_of(c.dose, *patient.profile));
          platelets_->melphalan(mg_of(c.dose, *patient.profile));
          break;
        case ConditioningDrug::busulfan:
          exposure_.busulfan_mg_per_kg += mg_per_kg_of(c.dose, *patient.profile);
          break;
        case ConditioningDrug::cyclophosphamide:
          exposure_.cyclophosphamide_mg_per_kg += mg_per_kg_of(c.dose, *patient.profile);
          break;
        case ConditioningDrug::carmustine:
          exposure_.carmustine_mg_per_m2 += mg_per_m2_of(c.dose, *patient.profile);
          break;
        default:
          break;
      }
    }
  }
  if (!any) return;
  neutrophils_->kill(kill.marrow, 0.0);
  platelets_->kill(kill.marrow * p_.platelet_kill_share.value, p_.platelet_maturing_share.value);
  mucosa_ += kill.mucosa;
  exposure_.mucosa += kill.mucosa;
  pulse_kill(kill, sink);
}

void TransplantCourse::give_graft(int day, const Patient& patient, CourseSink& sink) {
  const double thawed = regimen_.graft->frozen ? p_.graft_thaw_recovery.value : 1.0;
  neutrophils_->infuse(p_.graft_progenitor_share.value * graft_e6_per_kg_ * thawed);
  platelets_->infuse(p_.platelet_graft_share.value * graft_e6_per_kg_ * thawed);
  sink.milestone(Milestone::graft, day, graft_e6_per_kg_);
  disease::Pulse pulse;
  pulse.repertoire = p_.new_repertoire.value;
  sink.pulse(pulse);
  toxicities_ = draw_organ_toxicity(p_, patient, day, exposure_);
  draw_late_harms(p_, patient, day, late_);
  malignancy_.start(day, p_.second_malignancy_rate.value, patient.key);
}

void TransplantCourse::marrow_day(int day, CourseSink& sink) {
  const bool after = day >= graft_day_;
  const bool gcsf = after && day - graft_day_ >= regimen_.graft->g_csf_from_day && anc_day_ == k_never;
  neutrophils_->advance_day(gcsf);
  platelets_->advance_day(false);
  if (platelets_->count() < p_.platelet_transfusion_trigger.value) {
    platelets_->transfuse(p_.platelet_transfusion_rise.value);
    last_transfusion_ = day;
    platelets_ok_ = 0;
  }
  mucosa_ *= math::exp(-1.0 / 7.0);  // not biology: mucosa heals within weeks; only the aplasia sees it
  if (!after) return;
  // Counted from the fall on: on the day of the graft the counts may not have fallen yet.
  const bool late = day - graft_day_ >= k_failure_day;
  neutrophils_low_ = neutrophils_low_ || neutrophils_->count() < k_anc_threshold;
  platelets_low_ = platelets_low_ || platelets_->count() < k_platelet_threshold;
  const bool neutrophils_counted = neutrophils_low_ || late;  // never below: engrafted from the start
  const bool platelets_counted = platelets_low_ || late;
  neutrophils_ok_ = neutrophils_counted && neutrophils_->count() >= k_anc_threshold ? neutrophils_ok_ + 1 : 0;
  if (anc_day_ == k_never && neutrophils_ok_ == k_engraftment_days) {
    anc_day_ = neutrophils_low_ ? day - k_engraftment_days + 1 : graft_day_;
    sink.milestone(Milestone::anc_engraftment, anc_day_, anc_day_ - graft_day_);
  }
  const bool unsupported = day - last_transfusion_ >= k_transfusion_free_days;
  platelets_ok_ =
      platelets_counted && unsupported && platelets_->count() >= k_platelet_threshold ? platelets_ok_ + 1 : 0;
  if (platelet_day_ == k_never && platelets_ok_ == k_engraftment_days) {
    platelet_day_ = platelets_low_ ? day - k_engraftment_days + 1 : graft_day_;
    sink.milestone(Milestone::platelet_engraftment, platelet_day_, platelet_day_ - graft_day_);
  }
  if (anc_day_ == k_never && !failure_told_ && late && neutrophils_ok_ == 0) {
    failure_told_ = true;
    sink.milestone(Milestone::graft_failure, day, 0.0);
    sink.harm({"graft failure", 4, day, day + k_failure_day, true});
  }
  if (!discharged_ && anc_day_ != k_never && day - anc_day_ >= whole(p_.discharge_after_engraftment.value)) {
    discharged_ = true;
    sink.milestone(Milestone::discharge, day, day - graft_day_);
  }
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
  if (!neutrophils_) {
    sink.milestone(Milestone::conditioning, day, 0.0);
    baseline_neutrophils_ = patient.profile->neutrophils_1e9_per_l;
    baseline_platelets_ = patient.profile->platelets_1e9_per_l;
    neutrophils_ = make_neutrophils(p_, baseline_neutrophils_);
    platelets_ = make_platelets(p_, baseline_platelets_);
    last_transfusion_ = day - k_transfusion_free_days;
    log10_t_ = 0.0;
    last_ = day - 1;
  }
  const int days = std::max(1, day - last_);
  atg_.elapse(p_, days);
  if (day <= graft_day_ + k_failure_day) give_conditioning(day, patient, sink);
  if (day == graft_day_) give_graft(day, patient, sink);
  for (int d = day - days + 1; d <= day && d <= graft_day_ + k_marrow_days; ++d) marrow_day(d, sink);
  const bool after = day > graft_day_;
  if (after) rebuild(day, patient, sink);
  if (after && organ_toxicity(day, sink)) {
    phase_ = Phase::finished;
    return;
  }
  const DayCounts counts{neutrophils_->count(), t_level(patient), mucosa_};
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
  if (phase_ == Phase::mobilisation && apheresis_day_ != k_never) {
    const Mobilisation& plan = *regimen_.mobilisation;
    const bool flares = !plan.cyclophosphamide && !plan.steroid;
    if (flares && day - mobilised_day_ < p_.mobilisation_flare_duration.value)
      levers.activation = p_.mobilisation_flare.value;
  }
  if (phase_ != Phase::transplant && phase_ != Phase::rebuilding) return;
  levers.kill_t = atg_.kill_per_day(p_) * sensitivity_;
  levers.kill_b = levers.kill_t * p_.atg_b_share.value;
  if (day - graft_day_ <= k_marrow_days) {
    levers.neutrophils = neutrophils_->count() / baseline_neutrophils_;
    levers.platelets = platelets_->count() / baseline_platelets_;
  }
  levers.infection = community_factor(p_, lymphopenia(patient, 1.0));
}

void TransplantCourse::plan_next(int day) {
  switch (phase_) {
    case Phase::finished:
      next_due_ = k_never;
      return;
    case Phase::mobilisation:
      if (apheresis_day_ == k_never) {
        next_due_ = mobilised_day_;
      } else {
        next_due_ = std::min(apheresis_day_, neutropenia_day_);
        const int flare_ends = mobilised_day_ + whole(p_.mobilisation_flare_duration.value);
        if (flare_ends > day) next_due_ = std::min(next_due_, flare_ends);
      }
      break;
    case Phase::waiting:
      next_due_ = conditioning_day_;
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
