// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/graft_protection.hpp"

#include "hortega/therapy/drug_course.hpp"

#include <fmt/format.h>

namespace hortega::therapy {

namespace {

constexpr double k_ln2 = 0.6931471805599453;     // not biology: ln 2
constexpr double k_ug_per_mg = 1000.0;           // not biology: units
constexpr double k_settled = 0.01;               // not biology: share taken as steady or gone
constexpr std::uint32_t k_clearance_number = 1;  // of the person's response draws
// Numbers of the draws of harms, from the first one of the slot's owner.
constexpr std::uint32_t k_tremor = 0;
constexpr std::uint32_t k_diarrhoea = 1;
constexpr std::uint32_t k_diabetes = 2;
constexpr std::uint32_t k_kidney = 3;

bool is_tacrolimus(const Dosing& line) { return line.drug == "tacrolimus"; }
bool is_mycophenolate(const Dosing& line) { return line.drug == "mycophenolate mofetil"; }

int first_day(const Dosing& line) { return static_cast<int>(std::floor(line.at_day.front() + 0.5)); }
double interval(const Dosing& line) { return line.every_day.value_or(1.0); }
/// The day after the last that a dose covers.
int last_day(const Dosing& line) {
  if (!line.times) return line.every_day ? k_never : first_day(line) + 1;
  return first_day(line) + static_cast<int>(std::floor(interval(line) * *line.times + 0.5));
}

double approach(double from, double goal, double loss_per_day, int days) {
  const double level = goal + (from - goal) * math::exp(-loss_per_day * days);
  return std::abs(level - goal) <= k_settled * std::max(goal, k_settled) ? goal : level;
}

}  // namespace

ProtectionIntake protection_intake(const std::vector<Dosing>& lines, const disease::Profile& profile,
                                   int day) {
  ProtectionIntake intake;
  for (const Dosing& line : lines) {
    if (day < first_day(line) || day >= last_day(line)) continue;
    const double mg_per_day = mg_of(line.dose, profile) / interval(line);
    if (is_tacrolimus(line)) intake.tacrolimus_mg_per_day += mg_per_day;
    if (is_mycophenolate(line)) intake.mycophenolate_mg_per_day += mg_per_day;
  }
  return intake;
}

int next_protection_change(const std::vector<Dosing>& lines, int day) {
  int next = k_never;
  for (const Dosing& line : lines) {
    for (const int change : {first_day(line), last_day(line)}) {
      if (change > day) next = std::min(next, change);
    }
  }
  return next;
}

void check_graft_protection(const std::vector<Dosing>& lines, const core::Report& report) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Dosing& line = lines[i];
    if (!is_tacrolimus(line) && !is_mycophenolate(line)) {
      report.problem(fmt::format("dose[{}].drug", i),
                     fmt::format("'{}' is no drug that protects a graft here", line.drug),
                     "tacrolimus, mycophenolate mofetil");
    }
    if (line.at_day.size() > 1) {
      report.problem(fmt::format("dose[{}].at", i), "several days of a drug that is taken all the time",
                     "one first day in `at`");
    }
  }
}

void ProtectionLevels::prepare(const Parameters& p, const Patient& patient) {
  clearance_factor_ = math::exp(p.tacrolimus_clearance.spread *
                                response_of(patient, Slot::graft_protection, k_clearance_number));
}

double ProtectionLevels::tacrolimus_goal(const Parameters& p, const ProtectionIntake& intake) const {
  return k_ug_per_mg * intake.tacrolimus_mg_per_day / (p.tacrolimus_clearance.value * clearance_factor_);
}

double ProtectionLevels::mycophenolic_goal(const Parameters& p, const ProtectionIntake& intake) const {
  return intake.mycophenolate_mg_per_day / p.mycophenolate_clearance.value;
}

void ProtectionLevels::settle(const Parameters& p, const ProtectionIntake& intake) {
  tacrolimus_ = tacrolimus_goal(p, intake);
  mycophenolic_ = mycophenolic_goal(p, intake);
}

void ProtectionLevels::elapse(const Parameters& p, const ProtectionIntake& intake, int days) {
  if (days <= 0) return;
  tacrolimus_ = approach(tacrolimus_, tacrolimus_goal(p, intake),
                         p.tacrolimus_clearance.value * clearance_factor_ / p.tacrolimus_volume.value, days);
  mycophenolic_ =
      approach(mycophenolic_, mycophenolic_goal(p, intake), k_ln2 / p.mycophenolate_half_life.value, days);
}

double ProtectionLevels::blocked(const Parameters& p) const {
  return protection_together(tacrolimus_ / (tacrolimus_ + p.tacrolimus_half_block.value),
                             mycophenolic_ / (mycophenolic_ + p.mycophenolate_half_block.value));
}

bool ProtectionLevels::moving(const Parameters& p, const ProtectionIntake& intake) const {
  return tacrolimus_ != tacrolimus_goal(p, intake) || mycophenolic_ != mycophenolic_goal(p, intake);
}

Immunosuppression::Immunosuppression(const Parameters& p, const std::vector<Dosing>& lines, Slot slot,
                                     std::uint32_t first_number)
    : p_(p),
      lines_(lines),
      slot_(slot),
      first_number_(first_number),
      diabetes_(slot_index(slot, first_number + k_diabetes)),
      kidney_(slot_index(slot, first_number + k_kidney)) {}

ProtectionIntake Immunosuppression::intake(int day) const {
  return running_ ? protection_intake(lines_, *profile_, day - start_) : ProtectionIntake{};
}

bool Immunosuppression::intake_left(int day) const {
  const ProtectionIntake now = intake(day);
  return now.tacrolimus_mg_per_day > 0.0 || now.mycophenolate_mg_per_day > 0.0 ||
         next_protection_change(lines_, day - start_) != k_never;
}

void Immunosuppression::begin(int day, const Patient& patient) {
  running_ = true;
  start_ = last_ = day;
  profile_ = patient.profile;
  levels_.prepare(p_, patient);
}

void Immunosuppression::resume(int day, const Patient& patient) {
  begin(day, patient);
  drawn_ = true;
  levels_.settle(p_, intake(day));
}

void Immunosuppression::stop(int day, const Patient& patient) {
  if (!running_) return;
  advance(day, patient);
  running_ = false;
}

void Immunosuppression::advance(int day, const Patient&) {
  // In pieces of constant intake, so that it does not matter how often it is asked.
  while (profile_ != nullptr && last_ < day) {
    const int change = running_ ? next_protection_change(lines_, last_ - start_) : k_never;
    const int until = change == k_never ? day : std::min(day, start_ + change);
    levels_.elapse(p_, intake(last_), until - last_);
    last_ = until;
  }
}

void Immunosuppression::harms(int day, const Patient& patient, CourseSink& sink) {
  if (!running_) return;
  const ProtectionIntake now = intake(day);
  const auto once = [&](std::uint32_t number, const core::Parameter& share) {
    return harm_happens(patient, start_, slot_, first_number_ + number, share.value);
  };
  const bool tacrolimus = now.tacrolimus_mg_per_day > 0.0;
  if (!drawn_) {
    drawn_ = true;
    if (tacrolimus && once(k_tremor, p_.tacrolimus_tremor)) {
      sink.harm({"tremor", 1, day, day + 90, false});  // not biology: recorded for three months
    }
    if (now.mycophenolate_mg_per_day > 0.0 && once(k_diarrhoea, p_.mycophenolate_diarrhoea)) {
      sink.harm({"diarrhoea", 2, day, day + 30, false});  // not biology: recorded for a month
    }
    diabetes_.start(day, p_.tacrolimus_diabetes.value, patient.key);
    kidney_.start(day, p_.tacrolimus_kidney.value, patient.key);
  }
  const double intake_share = tacrolimus ? 1.0 : 0.0;
  if (diabetes_.due() <= day &&
      diabetes_.happens(day, intake_share * p_.tacrolimus_diabetes.value, patient.key)) {
    sink.harm({"diabetes mellitus", 2, day, day + 365, false});  // not biology: recorded for a year
    diabetes_.stop();
  }
  if (kidney_.due() <= day && kidney_.happens(day, intake_share * p_.tacrolimus_kidney.value, patient.key)) {
    sink.harm({"creatinine increased", 2, day, day + 60, false});  // not biology: recorded for two months
  }
}

int Immunosuppression::next_due(int day) const {
  if (profile_ == nullptr) return k_never;
  if (levels_.moving(p_, intake(day))) return day + 1;
  if (!running_) return k_never;
  const int change = next_protection_change(lines_, day - start_);
  const int due = change == k_never ? k_never : start_ + change;
  return intake_left(day) ? std::min({due, diabetes_.due(), kidney_.due()}) : k_never;
}

namespace {

/// Tacrolimus, mycophenolate mofetil or both, as drugs of their own.
class GraftProtectionCourse final : public DrugCourse {
 public:
  GraftProtectionCourse(const Regimen& regimen, const Parameters& parameters)
      : DrugCourse(regimen, parameters, Slot::graft_protection, Intake::continuous),
        drugs_(parameters, regimen.doses, Slot::graft_protection, k_first_harm) {}
  double graft_protection() const override { return drugs_.blocked(); }

 protected:
  void prepare(const Patient& patient) override {
    today_ = start_;
    drugs_.begin(start_, patient);
  }
  int settle(const Patient& patient) override {
    drugs_.resume(start_, patient);
    return 0;
  }
  void elapse(int days, const Patient& patient) override {
    if (stopped_ && drugs_.running()) drugs_.stop(today_, patient);
    today_ += days;
    drugs_.advance(today_, patient);
  }
  void act(int, const Patient&, disease::Levers<double>& levers) const override {
    levers.activation = 1.0 - p_.protection_on_autoimmunity.value * drugs_.blocked();
  }
  int refresh_days() const override {
    const int due = drugs_.next_due(today_);
    return due == k_never ? k_never : std::max(1, due - today_);
  }
  int other_harms(int day, const Patient& patient, CourseSink& sink) override {
    if (!stopped_) drugs_.harms(day, patient, sink);
    return k_never;  // refresh_days asks in time
  }
  bool gone() const override { return drugs_.gone(); }

 private:
  static constexpr std::uint32_t k_first_harm = 8;
  Immunosuppression drugs_;
  int today_ = 0;
};

}  // namespace

std::unique_ptr<Course> make_graft_protection(const Regimen& r, const Parameters& p) {
  return std::make_unique<GraftProtectionCourse>(r, p);
}

}  // namespace hortega::therapy
