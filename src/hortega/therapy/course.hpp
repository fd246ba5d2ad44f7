// SPDX-License-Identifier: Apache-2.0
//
// A course: one regimen in one person, as a process in time. It sees the patient, sets levers, and tells what
// happens (pulses, harms, milestones, death). It is asked again on the day it names, never every day.
#pragma once

#include "hortega/core/random.hpp"
#include "hortega/disease/person.hpp"
#include "hortega/disease/state.hpp"
#include "hortega/endpoints/clinical_events.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace hortega::therapy {

struct Parameters;

/// Days are days of life since biological onset (they key the random draws); the trial converts.
inline constexpr int k_never = std::numeric_limits<int>::max();

/// Where and when a therapy is given.
struct Setting {
  double calendar_year = 2015.0;  // not biology: a date
  bool experienced_centre = true;
};

/// What a therapy may know of a person: nothing hidden but the state that its kinetics need (pools, weight,
/// age).
struct Patient {
  core::StreamKey key;
  const disease::Parameters* parameters = nullptr;
  const disease::Profile* profile = nullptr;
  disease::StateView state;
  double last_edss = 0.0;  // as last seen at a visit
  Setting setting;
  double graft_protection = 0.0;  // by the person's other courses, see Course::graft_protection
};

using endpoints::Harm;
using endpoints::Milestone;
using endpoints::Resource;
using endpoints::Use;

/// Receives what a course does.
class CourseSink {
 public:
  virtual ~CourseSink() = default;
  virtual void pulse(const disease::Pulse& pulse) = 0;  // applied at the start of today
  virtual void harm(Harm harm) = 0;
  virtual void milestone(Milestone what, int day, double value) = 0;  // value: CD34 dose, days, ... by kind
  virtual void death(const std::string& cause) = 0;                   // today, related to the therapy
  // Who keeps no books need not listen.
  // NOLINTNEXTLINE(performance-unnecessary-value-param): who does keeps it
  virtual void use(Use) {}
};

class Course {
 public:
  virtual ~Course() = default;
  /// The regimen begins today.
  virtual void begin(int day, const Patient& patient, CourseSink& sink) = 0;
  /// As if it had begun long ago (people who enter a trial on a drug): steady state, no loading, no harm
  /// drawn.
  virtual void resume(int day, const Patient& patient) = 0;
  /// Brings the course to today; called on next_due() and whenever the day loop stops. Writes today's levers.
  virtual void update(int day, const Patient& patient, CourseSink& sink, disease::Levers<double>& levers) = 0;
  /// First day on which update must be called again.
  virtual int next_due() const = 0;
  /// No more doses from today; what is in the body washes out (levers fade in later updates).
  virtual void stop(int day) = 0;
  /// Share of the activation of T cells against a graft that this course's drugs block today, 0 to 1. What
  /// the courses of a person block together stands in Patient::graft_protection (protection_together).
  virtual double graft_protection() const { return 0.0; }
  /// It gives cells that were made for it: whoever got none was not treated, though the regimen began.
  virtual bool gives_cells() const { return false; }
  /// The parameters that it reads, by which the person's infections go (infections.hpp); null if none.
  virtual const Parameters* parameters() const { return nullptr; }
  /// It tells the person's serious infections itself today.
  virtual bool tells_infections() const { return false; }
  /// True once nothing of it is left.
  virtual bool finished() const = 0;
};

}  // namespace hortega::therapy
