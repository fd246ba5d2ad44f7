// SPDX-License-Identifier: Apache-2.0
//
// What a person is treated with over time: a plan of regimens, each with its start and the condition that
// ends it; the courses that run, their levers composed; switching when a regimen fails.
#pragma once

#include "hortega/therapy/courses.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace hortega::therapy {

/// One regimen of a plan.
struct Step {
  const Regimen* regimen = nullptr;
  int start_day = 0;            // day of life; for a step that follows a failure, ignored
  std::optional<int> stop_day;  // day of life
  /// Asked once each time the plan is updated: true means that the regimen failed today, and the next
  /// fallback begins.
  std::function<bool(int day, const Patient&)> failed;
};

struct Plan {
  std::vector<Step> steps;                // by their start days
  std::vector<const Regimen*> fallbacks;  // tried in order, each after the failure of what runs
  int washout_day = 0;                    // between the stop of what failed and the start of the fallback
};

class Treatment {
 public:
  Treatment(Plan plan, const Parameters& parameters) : plan_(std::move(plan)), p_(parameters) {}

  /// Brings all courses to today and composes their levers. Death, harms and pulses go to the sink.
  void update(int day, const Patient& patient, CourseSink& sink, disease::Levers<double>& levers);
  /// First day on which update must be called again.
  int next_due() const;

  /// Starts a regimen today, beside what runs.
  void start(const Regimen& regimen, int day, const Patient& patient, CourseSink& sink);
  /// As if the regimen had begun long ago.
  void resume(const Regimen& regimen, int day, const Patient& patient);
  /// Stops what runs; it washes out.
  void stop_all(int day);
  /// Stops what runs and starts another after a washout.
  void switch_to(const Regimen& regimen, int day, int washout_day);

  /// Regimens that are being given (not those that wash out).
  std::vector<const Regimen*> current() const;

 private:
  struct Running {
    const Regimen* regimen;
    std::unique_ptr<Course> course;
    disease::Levers<double> levers;
    bool stopped = false;
    std::optional<int> stop_day;
    std::function<bool(int, const Patient&)> failed;
  };
  struct Pending {
    const Regimen* regimen;
    int day;
  };

  Running& launch(const Regimen& regimen);

  Plan plan_;
  const Parameters& p_;
  std::size_t next_step_ = 0;
  std::size_t next_fallback_ = 0;
  std::vector<Running> running_;
  std::vector<Pending> pending_;
};

}  // namespace hortega::therapy
