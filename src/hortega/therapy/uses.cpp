// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/uses.hpp"

#include "hortega/therapy/days.hpp"
#include "hortega/therapy/registry.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace hortega::therapy {

namespace {

constexpr double k_days_per_year = 365.25;  // not biology
constexpr const char* k_filgrastim = "filgrastim";
// Calendar of visits after a transplant: weekly or so until day 100, more rarely for the rest of the year.
constexpr int k_early_days = 100;
constexpr int k_late_days = 365;

std::string name_of(ConditioningDrug drug) {
  switch (drug) {
    case ConditioningDrug::cyclophosphamide:
      return "cyclophosphamide";
    case ConditioningDrug::carmustine:
      return "carmustine";
    case ConditioningDrug::etoposide:
      return "etoposide";
    case ConditioningDrug::cytarabine:
      return "cytarabine";
    case ConditioningDrug::melphalan:
      return "melphalan";
    case ConditioningDrug::busulfan:
      return "busulfan";
    case ConditioningDrug::atg:
      return "atg";
    case ConditioningDrug::rituximab:
      return "rituximab";
    case ConditioningDrug::alemtuzumab:
      return "alemtuzumab for conditioning";
    case ConditioningDrug::fludarabine:
      break;
  }
  return "fludarabine";
}

void tell_donor(const Donor& donor, int day, CourseSink& sink) {
  switch (donor.kind) {
    case DonorKind::matched_sibling:
    case DonorKind::haploidentical:
      sink.use(used_once(Resource::related_donor, "donor", day, 1.0));
      return;
    case DonorKind::matched_unrelated:
      sink.use(used_once(Resource::unrelated_donor, "donor", day, 1.0));
      return;
    case DonorKind::cord_blood:
      sink.use(used_once(Resource::cord_unit, "donor", day, 1.0));
      return;
  }
}

void tell_prophylaxis(const std::vector<Prophylaxis>& drugs, int graft_day, const disease::Profile& profile,
                      CourseSink& sink) {
  for (const Prophylaxis& drug : drugs) {
    if (drug.drug == ProphylaxisDrug::methotrexate) {
      for (const int day : drug.days)
        sink.use(used_once(Resource::drug, "methotrexate", graft_day + day,
                           drug.dose ? mg_of(*drug.dose, profile) : 0.0));
      continue;
    }
    const bool calcineurin = drug.drug == ProphylaxisDrug::calcineurin_inhibitor;
    sink.use(used_daily(Resource::drug, calcineurin ? "calcineurin inhibitor" : "mycophenolate",
                        graft_day + drug.from_day, graft_day + drug.to_day, 1.0));
  }
}

}  // namespace

Use used_once(Resource what, std::string item, int day, double amount) {
  return {what, std::move(item), day, day, amount, false};
}

Use used_daily(Resource what, std::string item, int from, int to, double a_day) {
  return {what, std::move(item), from, to, a_day, true};
}

Use intake_of(const Dosing& line, const disease::Profile& profile, int start_day) {
  const int from = start_day + whole(line.at_day.empty() ? 0.0 : line.at_day.front());
  const double every = line.every_day.value_or(1.0);
  const int to = line.times ? from + whole(*line.times * every) : k_never;
  return used_daily(Resource::drug, line.drug, from, to, mg_of(line.dose, profile) / every);
}

Watching a_year_after_doses(const core::Parameter& visits_per_year) {
  return {visits_per_year.value, k_days_per_year};
}

Watching watching_of(RegimenKind kind, const Parameters& p) {
  switch (kind) {
    case RegimenKind::graft_protection:
      return as_long_as_taken(p.visits_protection);
    case RegimenKind::mesenchymal:
      return a_year_after_doses(p.visits_cells);
    case RegimenKind::none:
    case RegimenKind::placebo:
    case RegimenKind::steroid:
    case RegimenKind::autologous_transplant:
    case RegimenKind::allogeneic_transplant:
    case RegimenKind::progenitors:
      return {};  // nothing to watch, or told by the course itself
    case RegimenKind::of_own_file:
      break;
  }
  return therapy_of(kind)->watching(p);
}

void RunningUses::start(Use use, CourseSink& sink) {
  sink.use(use);
  all_.push_back(std::move(use));
}

void RunningUses::stop(int day, CourseSink& sink) {
  for (Use& use : all_) {
    if (use.to_day <= day) continue;
    use.to_day = std::max(use.from_day, day);
    sink.use(use);
  }
  all_.clear();
}

void TransplantUses::mobilise(int day, const disease::Profile& profile, CourseSink& sink) const {
  const Mobilisation& plan = *regimen_.mobilisation;
  if (plan.cyclophosphamide) {
    sink.use(used_once(Resource::drug, "cyclophosphamide", day, mg_of(*plan.cyclophosphamide, profile)));
    if (regimen_.graft->outpatient) {
      sink.use(used_once(Resource::infusion, "mobilisation", day, 1.0));
    } else {
      sink.use(
          used_daily(Resource::ward_day, "mobilisation", day, day + whole(p_.mobilisation_stay.value), 1.0));
    }
  }
  const int collected = day + whole(plan.apheresis_day);
  sink.use(used_daily(Resource::drug, k_filgrastim, std::max(day, collected - whole(p_.g_csf_time.value)),
                      collected, mg_of(plan.g_csf, profile)));
}

void TransplantUses::collect(int day, int sessions, CourseSink& sink) const {
  sink.use(used_once(Resource::apheresis, "apheresis", day, sessions));
}

void TransplantUses::store(int day, CourseSink& sink) const {
  if (regimen_.graft->frozen) sink.use(used_once(Resource::graft_storage, "graft", day, 1.0));
  if (regimen_.graft->cd34_selected) sink.use(used_once(Resource::graft_selection, "graft", day, 1.0));
}

Use TransplantUses::stay(int to) const {
  return used_daily(regimen_.graft->outpatient ? Resource::infusion : Resource::transplant_day, "transplant",
                    admitted_, to, 1.0);
}

void TransplantUses::admit(int day, int graft_day, const disease::Profile& profile, CourseSink& sink) {
  admitted_ = day;
  if (regimen_.donor) tell_donor(*regimen_.donor, day, sink);
  tell_prophylaxis(regimen_.prophylaxis, graft_day, profile, sink);
  sink.use(stay(k_never));
}

void TransplantUses::condition(int day, int graft_day, const disease::Profile& profile,
                               CourseSink& sink) const {
  for (const Conditioning& drug : regimen_.conditioning) {
    if (std::find(drug.days.begin(), drug.days.end(), day - graft_day) == drug.days.end()) continue;
    sink.use(used_once(Resource::drug, name_of(drug.drug), day, mg_of(drug.dose, profile)));
  }
}

void TransplantUses::follow(int day, int graft_day, int latest, const BloodCounts& counts,
                            const disease::Profile& profile, CourseSink& sink) {
  const int first = graft_day + regimen_.graft->g_csf_from_day;
  const double mg = p_.g_csf_after_graft.value * profile.weight_kg;
  if (!growing_ && !recovered_ && !counts.recovered() && day >= first) {
    growing_ = true;
    sink.use(used_daily(Resource::drug, k_filgrastim, first, k_never, mg));
  }
  if (!recovered_ && (counts.recovered() || day >= latest)) {
    recovered_ = true;
    if (growing_) sink.use(used_daily(Resource::drug, k_filgrastim, first, day, mg));
  }
  if (home_ || !(counts.discharged() || day >= latest)) return;
  home_ = true;
  // Counts that never fell are known as such only weeks later; the bed was free long before.
  const int left = counts.spared() ? graft_day + whole(p_.discharge_after_engraftment.value) : day;
  sink.use(stay(left));
  const int early = std::max(left, graft_day + k_early_days);
  sink.use(used_daily(Resource::visit, "after the transplant", left, early,
                      1.0 / p_.transplant_visit_early.value));
  sink.use(used_daily(Resource::visit, "year of the transplant", early, graft_day + k_late_days,
                      1.0 / p_.transplant_visit_late.value));
}

}  // namespace hortega::therapy
