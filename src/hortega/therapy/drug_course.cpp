// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/drug_course.hpp"

#include <limits>

namespace hortega::therapy {

namespace {
constexpr double k_days_per_year = 365.25;  // not biology
int later(int day, int days) { return days == k_never ? k_never : day + days; }
}  // namespace

DrugCourse::DrugCourse(const Regimen& regimen, const Parameters& parameters, Slot slot, Intake intake)
    : regimen_(regimen), p_(parameters), slot_(slot), intake_(intake) {}

int DrugCourse::next_dose() const {
  int day = k_never;
  for (const int next : next_) day = std::min(day, next);
  return day;
}

void DrugCourse::schedule_from(int regimen_day) {
  next_.clear();
  if (intake_ == Intake::continuous) return;
  for (const Dosing& line : regimen_.doses) {
    const int day = next_dose_day(line, regimen_day);
    next_.push_back(day == k_never ? k_never : start_ + day);
  }
}

void DrugCourse::begin(int day, const Patient& patient, CourseSink&) {
  start_ = last_ = next_due_ = day;
  prepare(patient);
  start_ = day + lead_days(patient);
  schedule_from(0);
}

void DrugCourse::resume(int day, const Patient& patient) {
  start_ = last_ = next_due_ = day;
  resumed_ = true;
  prepare(patient);
  const int since = settle(patient);
  next_.clear();
  if (intake_ == Intake::continuous) return;
  for (const Dosing& line : regimen_.doses) {
    // Maintenance goes on; loading doses and finished courses do not come back.
    next_.push_back(line.every_day && !line.times
                        ? day + std::max(0, static_cast<int>(std::floor(*line.every_day + 0.5)) - since)
                        : k_never);
  }
}

void DrugCourse::book_start(const Patient& patient, CourseSink& sink) {
  booked_ = true;
  const Watching watching = watching_of(regimen_.kind, p_);
  if (watching.visits_per_year > 0.0 && watching.days_after_dose == 0.0)
    running_.start(
        used_daily(Resource::visit, regimen_.id, start_, k_never, watching.visits_per_year / k_days_per_year),
        sink);
  if (intake_ != Intake::continuous) return;
  for (const Dosing& line : regimen_.doses) running_.start(intake_of(line, *patient.profile, start_), sink);
}

// Therapies that act beyond their doses are watched for a time after each.
void DrugCourse::book_watching(int day, CourseSink& sink) const {
  const Watching watching = watching_of(regimen_.kind, p_);
  if (watching.days_after_dose == 0.0) return;
  const int until = day + static_cast<int>(std::floor(watching.days_after_dose + 0.5));
  sink.use(
      used_daily(Resource::visit, regimen_.id, start_, until, watching.visits_per_year / k_days_per_year));
}

void DrugCourse::book_dose(int day, const Dosing& line, const Patient& patient, CourseSink& sink) {
  if (regimen_.kind == RegimenKind::steroid && doses_given_ == 0)
    sink.use(used_once(Resource::steroid_course, line.drug, day, 1.0));
  sink.use(used_once(Resource::drug, line.drug, day, mg_of(line.dose, *patient.profile)));
  if (line.route == "intravenous" && infused_day_ != day) {
    infused_day_ = day;
    sink.use(used_once(Resource::infusion, regimen_.id, day, 1.0));
  }
}

void DrugCourse::update(int day, const Patient& patient, CourseSink& sink, disease::Levers<double>& levers) {
  levers = disease::no_levers();
  if (finished_) return;
  if (!booked_ && !stopped_) book_start(patient, sink);
  // Doses that fell due since the last call, in order.
  for (int due = next_dose(); due <= day && !stopped_; due = next_dose()) {
    elapse(due - last_, patient);
    last_ = std::max(last_, due);
    for (std::size_t i = 0; i < next_.size(); ++i) {
      if (next_[i] != due) continue;
      dose(due, regimen_.doses[i], patient, sink);
      if (given()) {
        book_dose(due, regimen_.doses[i], patient, sink);
        book_watching(due, sink);
      }
      ++doses_given_;
      if (resumed_) {
        next_[i] = due + static_cast<int>(std::floor(*regimen_.doses[i].every_day + 0.5));
      } else {
        const int next = next_dose_day(regimen_.doses[i], due - start_ + 1);
        next_[i] = next == k_never ? k_never : start_ + next;
      }
    }
  }
  if (stopped_) running_.stop(stop_day_, sink);
  if (stopped_ && last_ < stop_day_) {  // it was taken until then, whenever it was last asked
    stopped_ = false;
    elapse(stop_day_ - last_, patient);
    stopped_ = true;
    last_ = stop_day_;
  }
  elapse(day - last_, patient);
  last_ = day;
  if (stopped_ && gone()) {
    finished_ = true;
    next_due_ = k_never;
    return;
  }
  act(day, patient, levers);
  settle_due(day, other_harms(day, patient, sink));
}

int DrugCourse::days_ahead(int day) const {
  const int until = std::min(stopped_ ? k_never : next_dose(), later(day, refresh_days()));
  return until == k_never ? 0 : std::max(1, until - day);
}

void DrugCourse::settle_due(int day, int harm_due) {
  next_due_ = std::min({stopped_ ? k_never : next_dose(), later(day, refresh_days()), harm_due});
  if (next_due_ <= day) next_due_ = day + 1;
}

void DrugCourse::stop(int day) {
  if (stopped_ || finished_) return;
  stopped_ = true;
  stop_day_ = day;
  next_due_ = std::min(next_due_, day);
}

}  // namespace hortega::therapy
