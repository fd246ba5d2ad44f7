// SPDX-License-Identifier: Apache-2.0
//
// Graft-versus-host disease from the strength of the donor's reaction: acute by organ stage and MAGIC grade
// (Harris 2016, Biol Blood Marrow Transplant 22:4), chronic by NIH organ score and global severity (Jagasia
// 2015, Biol Blood Marrow Transplant 21:389).
#pragma once

#include "hortega/therapy/course.hpp"
#include "hortega/therapy/parameters.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace hortega::therapy {

inline constexpr std::size_t k_acute_organs = 4;    // skin, liver, upper gut, lower gut
inline constexpr std::size_t k_chronic_organs = 8;  // those of the NIH

/// MAGIC grade 0 to 4 of the stages of skin, liver (0-4), upper gut (0-1), lower gut (0-4).
int magic_grade(const std::array<int, k_acute_organs>& stages);

/// NIH global severity, 0 none, 1 mild, 2 moderate, 3 severe, of organ scores 0-3; the lungs count more.
int nih_severity(const std::array<int, k_chronic_organs>& scores);

/// Names in the order of the arrays.
extern const std::array<std::string_view, k_acute_organs> k_acute_organ_names;
extern const std::array<std::string_view, k_chronic_organs> k_chronic_organ_names;

class GraftVersusHost {
 public:
  /// Susceptibility of each organ, drawn once a person.
  void begin(const Parameters& p, const Patient& patient);
  /// One day under a reaction of this strength (relative to the T cells of a body).
  void advance_day(const Parameters& p, double reaction, double blocked);
  /// Tells what has become worse since the last call: each new organ stage and grade once.
  void tell(int day, CourseSink& sink);

  int acute_grade() const { return grade_; }
  int chronic_severity() const { return severity_; }
  int worst_acute_grade() const { return told_grade_; }
  const std::array<int, k_acute_organs>& stages() const { return stages_; }
  const std::array<int, k_chronic_organs>& scores() const { return scores_; }
  double gut_damage() const { return acute_[3]; }
  /// Systemic steroids are taken (from grade II, or moderate chronic disease, until a course after it).
  bool treated() const { return treated_days_ > 0; }
  /// Nothing left that needs watching.
  bool quiet() const;

 private:
  std::array<double, k_acute_organs> acute_weight_{};
  std::array<double, k_acute_organs> acute_{};
  std::array<int, k_acute_organs> stages_{};
  std::array<int, k_acute_organs> told_stages_{};
  std::array<double, k_chronic_organs> chronic_weight_{};
  std::array<double, k_chronic_organs> chronic_{};
  std::array<int, k_chronic_organs> scores_{};
  std::array<int, k_chronic_organs> told_scores_{};
  double memory_ = 0.0;
  int grade_ = 0, told_grade_ = 0;
  int severity_ = 0, told_severity_ = 0;
  int treated_days_ = 0;
};

}  // namespace hortega::therapy
