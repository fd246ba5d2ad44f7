// SPDX-License-Identifier: Apache-2.0
//
// What courses use up, as they tell it: doses and the places where they are given, drugs taken day by day,
// visits that watch over them, and the books of a transplant. Nothing here acts on the disease, and nothing
// has a price (economics/).
#pragma once

#include "hortega/therapy/course.hpp"
#include "hortega/therapy/hsct_counts.hpp"
#include "hortega/therapy/parameters.hpp"
#include "hortega/therapy/regimen.hpp"

#include <string>
#include <vector>

namespace hortega::therapy {

Use used_once(Resource what, std::string item, int day, double amount);
/// From the day on until `to`, k_never if that is not known.
Use used_daily(Resource what, std::string item, int from, int to, double a_day);

/// The drug of a line that is taken all the time (mg a day), from the first day of its schedule until its
/// `times` are used up.
Use intake_of(const Dosing& line, const disease::Profile& profile, int start_day);

/// How closely a therapy is watched in clinic.
struct Watching {
  double visits_per_year = 0.0;
  double days_after_dose = 0.0;  // 0: as long as it is taken
};
inline Watching as_long_as_taken(const core::Parameter& visits_per_year) {
  return {visits_per_year.value, 0.0};
}
Watching a_year_after_doses(const core::Parameter& visits_per_year);
Watching watching_of(RegimenKind kind, const Parameters& p);

/// Drugs and visits that run until a course stops: told when it starts, told again with their end.
class RunningUses {
 public:
  void start(Use use, CourseSink& sink);
  /// Those that would run beyond the day end on it.
  void stop(int day, CourseSink& sink);

 private:
  std::vector<Use> all_;
};

/// The books of an autologous or allogeneic transplant. Days are days of life.
class TransplantUses {
 public:
  /// Regimen and parameters must outlive it.
  TransplantUses(const Regimen& regimen, const Parameters& p) : regimen_(regimen), p_(p) {}
  /// Drugs of a mobilisation, and the bed that cyclophosphamide takes.
  void mobilise(int day, const disease::Profile& profile, CourseSink& sink) const;
  void collect(int day, int sessions, CourseSink& sink) const;
  /// What becomes of the person's own cells, once there are enough.
  void store(int day, CourseSink& sink) const;
  /// First day of conditioning: the donor was found by then; the bed is taken, or the daily place of an
  /// outpatient.
  void admit(int day, int graft_day, const disease::Profile& profile, CourseSink& sink);
  /// Drugs of the conditioning on a day.
  void condition(int day, int graft_day, const disease::Profile& profile, CourseSink& sink) const;
  /// Each day from the graft on until home: G-CSF, discharge, the visits that follow. Who never engrafts goes
  /// home by `latest`.
  void follow(int day, int graft_day, int latest, const BloodCounts& counts, const disease::Profile& profile,
              CourseSink& sink);

 private:
  Use stay(int to) const;
  const Regimen& regimen_;
  const Parameters& p_;
  int admitted_ = k_never;
  bool growing_ = false;  // G-CSF is given
  bool recovered_ = false;
  bool home_ = false;
};

}  // namespace hortega::therapy
