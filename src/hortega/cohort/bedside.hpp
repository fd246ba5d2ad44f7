// SPDX-License-Identifier: Apache-2.0
//
// The courses that one person is on: composes their levers, applies their pulses, passes on what they tell;
// and the infections that the person catches under them.
#pragma once

#include "hortega/disease/person.hpp"
#include "hortega/therapy/course.hpp"
#include "hortega/therapy/infections.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hortega::cohort {

/// Makes the course of a regimen by its id ("none" and "placebo" included). Throws InputError for unknown
/// ids.
using CourseFactory = std::function<std::unique_ptr<therapy::Course>(const std::string& regimen)>;

/// Told what courses do; the trial records it, the pool of lives ignores it.
class BedsideListener {
 public:
  virtual ~BedsideListener() = default;
  virtual void harm(therapy::Harm harm) = 0;
  virtual void milestone(therapy::Milestone what, int life_day, double value) = 0;
  virtual void death(const std::string& cause) = 0;
  // Who keeps no books need not listen.
  // NOLINTNEXTLINE(performance-unnecessary-value-param): who does keeps it
  virtual void use(therapy::Use) {}
};

class Bedside {
 public:
  /// Starts a course today (begin) or takes it as running for long (resume).
  void begin(std::unique_ptr<therapy::Course> course, disease::Block& block, std::size_t lane,
             const therapy::Patient& patient, BedsideListener& listener);
  void resume(std::unique_ptr<therapy::Course> course, int life_day, const therapy::Patient& patient);
  /// Stops all courses that run; what is in the body washes out.
  void stop_all(int life_day);
  /// Nobody watches the person any more.
  void clear() {
    courses_.clear();
    infections_ = {};
  }
  bool empty() const { return courses_.empty(); }
  /// First life day on which update has something to do.
  int next_due() const;
  /// Updates all courses and then infections, and sets the lane's levers. Courses that are finished are
  /// dropped. patient.state must look at the block's lane, so that a later course sees the pulses of an
  /// earlier one.
  void update(disease::Block& block, std::size_t lane, const therapy::Patient& patient,
              BedsideListener& listener);

 private:
  std::vector<std::unique_ptr<therapy::Course>> courses_;
  therapy::Infections infections_;
};

}  // namespace hortega::cohort
