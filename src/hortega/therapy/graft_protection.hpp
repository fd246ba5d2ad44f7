// SPDX-License-Identifier: Apache-2.0
//
// Immunosuppression that keeps a graft from rejection: blood levels of tacrolimus and mycophenolic acid from
// the prescription, and the share of T-cell activation that they block. For every course that gives cells of
// a donor (progenitors, allogeneic transplantation) and for the drugs given alone.
#pragma once

#include "hortega/therapy/late_harms.hpp"
#include "hortega/therapy/parameters.hpp"
#include "hortega/therapy/regimen.hpp"
#include "hortega/therapy/response.hpp"

#include <vector>

namespace hortega::therapy {

/// Daily intake on a day of a prescription (mg/d); a dose repeated at intervals counts evenly over them.
struct ProtectionIntake {
  double tacrolimus_mg_per_day = 0.0;
  double mycophenolate_mg_per_day = 0.0;
};
ProtectionIntake protection_intake(const std::vector<Dosing>& lines, const disease::Profile& profile,
                                   int day);
/// First day after `day` on which the intake changes; k_never if none.
int next_protection_change(const std::vector<Dosing>& lines, int day);

/// Lines must name tacrolimus or mycophenolate mofetil; others are reported at `dose`.
void check_graft_protection(const std::vector<Dosing>& lines, const core::Report& report);

/// What blocks act together leave through: independent, 1 - (1 - a)(1 - b).
inline double protection_together(double a, double b) { return 1.0 - (1.0 - a) * (1.0 - b); }
/// What all courses of a person but one block together.
inline double protection_of_others(const std::vector<double>& courses, std::size_t but) {
  double all = 0.0;
  for (std::size_t k = 0; k < courses.size(); ++k) {
    if (k != but) all = protection_together(all, courses[k]);
  }
  return all;
}

/// The levels in one person, each of one compartment with a clearance of the person's own.
class ProtectionLevels {
 public:
  void prepare(const Parameters& p, const Patient& patient);
  /// As after long use.
  void settle(const Parameters& p, const ProtectionIntake& intake);
  void elapse(const Parameters& p, const ProtectionIntake& intake, int days);
  double tacrolimus_ug_per_l() const { return tacrolimus_; }
  double mycophenolic_acid_mg_per_l() const { return mycophenolic_; }
  /// Share of T-cell activation blocked: calcineurin by tacrolimus, guanosine synthesis by mycophenolic acid;
  /// independent of each other.
  double blocked(const Parameters& p) const;
  /// True while a level still changes by more than a hundredth of where it goes.
  bool moving(const Parameters& p, const ProtectionIntake& intake) const;
  bool gone() const { return tacrolimus_ == 0.0 && mycophenolic_ == 0.0; }

 private:
  double tacrolimus_goal(const Parameters& p, const ProtectionIntake& intake) const;
  double mycophenolic_goal(const Parameters& p, const ProtectionIntake& intake) const;
  double clearance_factor_ = 1.0;
  double tacrolimus_ = 0.0;    // ug/L, whole blood
  double mycophenolic_ = 0.0;  // mg/L, plasma
};

/// A prescription of these drugs running in a person: levels, and harms of the drugs other than infections
/// (those go with the share blocked: response.hpp, functional_lymphopenia).
class Immunosuppression {
 public:
  /// `lines` must outlive it. Draws of harms use numbers of the slot from `first_number` on (8 of them).
  Immunosuppression(const Parameters& p, const std::vector<Dosing>& lines, Slot slot,
                    std::uint32_t first_number);
  void begin(int day, const Patient& patient);
  void resume(int day, const Patient& patient);
  void stop(int day, const Patient& patient);
  /// Levels up to today; today is no earlier than at the last call.
  void advance(int day, const Patient& patient);
  /// Tells the harms that fell due; call on next_due().
  void harms(int day, const Patient& patient, CourseSink& sink);
  double blocked() const { return levels_.blocked(p_); }
  const ProtectionLevels& levels() const { return levels_; }
  bool running() const { return running_; }
  int next_due(int day) const;
  bool gone() const { return (!running_ || !intake_left(last_)) && levels_.gone(); }

 private:
  ProtectionIntake intake(int day) const;
  bool intake_left(int day) const;
  const Parameters& p_;
  const std::vector<Dosing>& lines_;
  Slot slot_;
  std::uint32_t first_number_;
  ProtectionLevels levels_;
  const disease::Profile* profile_ = nullptr;
  bool running_ = false;
  bool drawn_ = false;
  int start_ = 0;
  int last_ = 0;
  HarmClock diabetes_;
  HarmClock kidney_;
};

}  // namespace hortega::therapy
