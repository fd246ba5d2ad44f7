// SPDX-License-Identifier: Apache-2.0
//
// Infections of a person, whatever they are treated with: one hazard by the lymphocytes, B cells and
// antibodies that there are, however many courses took them. Transplants tell their own for a time
// (hsct_harms.hpp).
#pragma once

#include "hortega/therapy/course.hpp"
#include "hortega/therapy/response.hpp"

namespace hortega::therapy {

/// What all courses of a person leave of the defence.
class Defence {
 public:
  /// A course that has just been brought to today.
  void add(const Course& course);
  const Parameters* parameters() const { return parameters_; }  // null: no course reads any
  double blocked() const { return blocked_; }                   // share of the activation of T cells
  bool told_elsewhere() const { return told_elsewhere_; }

 private:
  const Parameters* parameters_ = nullptr;
  double blocked_ = 0.0;
  bool told_elsewhere_ = false;
};

/// Serious infections by thinning from the first course on, also when none is left; community infections by a
/// lever.
class Infections {
 public:
  /// Call after all courses were brought to today, with their composed levers; multiplies levers.infection.
  /// `defence` is of the courses that there were today.
  void update(const Defence& defence, int day, const Patient& patient, CourseSink& sink,
              disease::Levers<double>& levers);
  int due() const { return clock_.due(); }

 private:
  const Parameters* p_ = nullptr;  // of the first course that reads any
  HarmClock clock_{slot_index(Slot::none)};
};

}  // namespace hortega::therapy
