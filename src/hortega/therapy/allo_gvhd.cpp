// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/allo_gvhd.hpp"

#include "hortega/core/math.hpp"
#include "hortega/core/random.hpp"

#include <algorithm>
#include <string>

namespace hortega::therapy {

namespace {

// not biology from here: stages and scores are steps of a damage whose scale they define, each twice the last
constexpr double k_steps[] = {1.0, 2.0, 4.0, 8.0};
constexpr std::size_t k_upper_gut = 2;
constexpr std::size_t k_lung = 5;
constexpr int k_acute_recorded = 60;
constexpr int k_chronic_recorded = 365;
constexpr std::uint32_t k_susceptibility_number = 8;
// not biology to here

int step_of(double damage, int highest) {
  int step = 0;
  while (step < highest && damage >= k_steps[step]) ++step;
  return step;
}

}  // namespace

const std::array<std::string_view, k_acute_organs> k_acute_organ_names = {"skin", "liver", "upper gut",
                                                                          "lower gut"};
const std::array<std::string_view, k_chronic_organs> k_chronic_organ_names = {
    "skin", "mouth", "eyes", "gut", "liver", "lungs", "joints and fascia", "genital tract"};

int magic_grade(const std::array<int, k_acute_organs>& stages) {
  const auto& [skin, liver, upper, lower] = stages;
  // not biology: the published table
  if (skin == 4 || liver == 4 || lower == 4) return 4;
  if (liver >= 2 || lower >= 2) return 3;
  if (skin == 3 || liver == 1 || upper == 1 || lower == 1) return 2;
  return skin > 0 ? 1 : 0;
}

int nih_severity(const std::array<int, k_chronic_organs>& scores) {
  const int highest = *std::max_element(scores.begin(), scores.end());
  const auto involved = std::count_if(scores.begin(), scores.end(), [](int s) { return s > 0; });
  if (involved == 0) return 0;
  // not biology: the published rule
  if (highest == 3 || scores[k_lung] >= 2) return 3;
  if (highest == 2 || involved >= 3 || scores[k_lung] == 1) return 2;
  return 1;
}

void GraftVersusHost::begin(const Parameters& p, const Patient& patient) {
  core::Draws d(patient.key, core::Purpose::allo_traits, 0, k_susceptibility_number);
  const core::Parameter* acute[] = {&p.allo_skin, &p.allo_liver, &p.allo_upper_gut, &p.allo_lower_gut};
  for (std::size_t k = 0; k < k_acute_organs; ++k) {
    acute_weight_[k] = acute[k]->value * math::exp(acute[k]->spread * d.normal());
  }
  const double together = p.allo_chronic.value * math::exp(p.allo_chronic.spread * d.normal());
  const double shares[] = {p.allo_chronic_skin.value,   p.allo_chronic_mouth.value,
                           p.allo_chronic_eyes.value,   p.allo_chronic_gut.value,
                           p.allo_chronic_liver.value,  p.allo_chronic_lungs.value,
                           p.allo_chronic_joints.value, p.allo_chronic_genital.value};
  for (std::size_t k = 0; k < k_chronic_organs; ++k) {
    chronic_weight_[k] = together * shares[k] * math::exp(p.allo_chronic_organ.spread * d.normal()) *
                         p.allo_chronic_organ.value;
  }
}

void GraftVersusHost::advance_day(const Parameters& p, double reaction, double blocked) {
  for (std::size_t k = 0; k < k_acute_organs; ++k) {
    acute_[k] += acute_weight_[k] * reaction - acute_[k] / p.allo_tissue_healing.value;
    stages_[k] = step_of(acute_[k], k == k_upper_gut ? 1 : 4);
  }
  grade_ = magic_grade(stages_);
  // Memory of the reaction outlives it; once the drugs are tapered it drives fibrosis.
  memory_ += p.allo_memory_gain.value * reaction - memory_ / p.allo_memory_time.value;
  if (treated_days_ > 0) memory_ *= 1.0 - p.allo_steroid_memory.value;
  for (std::size_t k = 0; k < k_chronic_organs; ++k) {
    chronic_[k] +=
        chronic_weight_[k] * memory_ * (1.0 - blocked) - chronic_[k] / p.allo_chronic_healing.value;
    scores_[k] = step_of(chronic_[k], 3);
  }
  severity_ = nih_severity(scores_);
  if (grade_ >= 2 || severity_ >= 2) {
    treated_days_ = static_cast<int>(p.allo_steroid_course.value);
  } else if (treated_days_ > 0) {
    --treated_days_;
  }
}

void GraftVersusHost::tell(int day, CourseSink& sink) {
  for (std::size_t k = 0; k < k_acute_organs; ++k) {
    if (stages_[k] <= told_stages_[k]) continue;
    told_stages_[k] = stages_[k];
    sink.harm({"acute " + std::string(k_acute_organ_names[k]) + " GvHD", stages_[k], day,
               day + k_acute_recorded, stages_[k] >= 3});
  }
  if (grade_ > told_grade_) {
    told_grade_ = grade_;
    sink.harm({"acute graft-versus-host disease", grade_, day, day + k_acute_recorded, grade_ >= 3});
  }
  for (std::size_t k = 0; k < k_chronic_organs; ++k) {
    if (scores_[k] <= told_scores_[k]) continue;
    told_scores_[k] = scores_[k];
    sink.harm({"chronic " + std::string(k_chronic_organ_names[k]) + " GvHD", scores_[k], day,
               day + k_chronic_recorded, scores_[k] >= 3});
  }
  if (severity_ > told_severity_) {
    told_severity_ = severity_;
    sink.harm(
        {"chronic graft-versus-host disease", severity_, day, day + k_chronic_recorded, severity_ >= 3});
  }
}

bool GraftVersusHost::quiet() const { return grade_ == 0 && severity_ == 0 && treated_days_ == 0; }

}  // namespace hortega::therapy
