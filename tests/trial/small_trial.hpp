// SPDX-License-Identifier: Apache-2.0
//
// A small trial for the tests of trial/: two arms, few lives, courses that only turn levers.
#pragma once

#include "hortega/core/parameters.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/trial/simulate.hpp"

#include <cstdint>
#include <memory>
#include <ostream>
#include <sstream>
#include <string>

namespace hortega::trial::testing {

inline const core::ParameterSet& parameter_set() {
  static const core::ParameterSet set =
      core::ParameterSet::read_directory(std::string(HORTEGA_SOURCE_DIR) + "/data/parameters");
  return set;
}

/// A course that sets entry to a level and is due every so many days.
class Switch final : public therapy::Course {
 public:
  /// `other` gets `other_entry` instead, every `other_days` (k_nobody: nobody does).
  struct Plan {
    double entry = 1.0;
    int every_day = 28;
    std::uint32_t other = 0xFFFFFFFFU;
    double other_entry = 1.0;
    int other_every_day = 28;
  };
  explicit Switch(const Plan& plan) : plan_(plan) {}
  void begin(int day, const therapy::Patient& who, therapy::CourseSink& sink) override {
    sink.milestone(therapy::Milestone::infusion, day, plan_.entry);
    start(day, who);
  }
  void resume(int day, const therapy::Patient& who) override { start(day, who); }
  void update(int day, const therapy::Patient&, therapy::CourseSink&,
              disease::Levers<double>& levers) override {
    levers.entry = levers.lymphocytes_seen = stopped_ ? 1.0 : entry_;
    due_ = stopped_ ? therapy::k_never : day + every_day_;
  }
  int next_due() const override { return due_; }
  void stop(int day) override {
    stopped_ = true;
    due_ = day;
  }
  bool finished() const override { return stopped_ && due_ == therapy::k_never; }

 private:
  void start(int day, const therapy::Patient& who) {
    const bool other = who.key.person == plan_.other;
    entry_ = other ? plan_.other_entry : plan_.entry;
    every_day_ = other ? plan_.other_every_day : plan_.every_day;
    due_ = day;
  }
  Plan plan_;
  double entry_ = 1.0;
  int every_day_ = 28;
  int due_ = 0;
  bool stopped_ = false;
};

inline Environment environment(const Switch::Plan& drug = {0.1, 28, 0xFFFFFFFFU, 1.0, 28}) {
  Environment e;
  e.parameters = &parameter_set();
  e.courses = [drug](const std::string& regimen) -> std::unique_ptr<therapy::Course> {
    if (regimen == "drug") return std::make_unique<Switch>(drug);
    if (regimen == "none" || regimen == "placebo" || regimen == "methylprednisolone")
      return std::make_unique<Switch>(Switch::Plan{});
    throw core::InputError(core::Problem{{}, "regimen", "no regimen '" + regimen + "'", {}, {}});
  };
  return e;
}

inline Protocol protocol() {
  Protocol p;
  p.id = "small";
  p.title = "A small trial";
  p.question = "Do levers show?";
  p.seed = 77;
  p.study.year = 2005;
  p.population.lives = 600;
  p.population.n = 60;
  p.population.phenotypes = {Phenotype::relapsing};
  p.population.eligibility.age_day = std::vector<double>{18 * 365.25, 55 * 365.25};
  p.population.eligibility.edss = std::vector<double>{0.0, 5.0};
  ActivityRule rule;
  rule.relapses_at_least = 1;
  p.population.eligibility.activity = {{{rule}}};
  Arm drug;
  drug.id = "drug";
  drug.experimental = true;
  drug.regimens = {{"drug", 1.0, 0.0, {}}};
  Arm placebo;
  placebo.id = "placebo";
  placebo.regimens = {{"placebo", 1.0, 0.0, {}}};
  p.arms = {drug, placebo};
  p.accrual.duration_day = 365;
  p.accrual.follow_up_day = 731;
  p.visits.edss.every_day = 91.3125;
  p.visits.edss.until_day = 731;
  p.visits.mri.at_day = {0, 182, 365, 731};
  p.visits.missed_share = 0.05;
  p.dropout.by_arm[""] = 0.05;
  return p;
}

/// Every recorded number of a participant, to the bit.
inline std::string text_of(const Participant& p) {
  std::ostringstream o;
  o << std::hexfloat;
  const auto put = [&o](const auto&... x) { ((o << x << ' '), ...); };
  put(p.number, p.person, p.copy, p.arm, p.regimen, p.enrolment_day);
  const BaselineRecord& b = p.baseline;
  put(b.age_year, b.female, b.weight_kg, b.duration_years, static_cast<int>(b.phenotype), b.edss,
      b.relapses_1y, b.relapses_2y, b.pregnancies, b.gd_count, b.t2_volume_ml);
  for (const auto& v : p.visits) {
    put("v", v.day, v.edss, static_cast<int>(v.ambulation), v.t25fw_s, v.nhpt_dominant_s, v.sdmt,
        v.scheduled);
    for (const auto g : v.fs) put(static_cast<int>(g));
    put(v.low_contrast_letters, v.vep_ms, v.eq5d);
    for (const float severity : v.symptoms) put(severity);
  }
  for (const double x : p.snfl_pg_per_ml) put(x);
  for (const auto& r : p.relapses)
    put("r", r.onset_day, r.end_day, static_cast<int>(r.severity), r.peak_edss, r.confirmed, r.steroids,
        r.pseudo);
  for (const auto& s : p.scans)
    put("s", s.day, s.gd_count, s.new_or_enlarging_t2, s.new_t1, s.rims, s.t2_volume_ml, s.t1_volume_ml,
        s.brain_volume_change_percent);
  for (const auto& h : p.harms) put("h", h.term, h.grade, h.start_day, h.end_day, h.serious);
  for (const auto& m : p.milestones) put("m", static_cast<int>(m.what), m.day, m.value);
  put(p.end_of_follow_up_day, static_cast<int>(p.end_reason), p.death_day, p.ms_death, p.treatment_death,
      p.death_cause, p.first_dose_day, p.mobilisation_day, p.transplant_day, p.rescue_day, p.censor_day,
      p.stopped_day);
  for (const auto& s : p.switches)
    put("w", s.day, static_cast<int>(s.on), s.regimen, s.start_day, s.allocated);
  return o.str();
}

inline std::string text_of(const Replicate& r) {
  std::string all;
  for (const Participant& p : r.participants) all += text_of(p) + "\n";
  return all;
}

}  // namespace hortega::trial::testing
