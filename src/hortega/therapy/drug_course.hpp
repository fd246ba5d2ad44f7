// SPDX-License-Identifier: Apache-2.0
//
// What courses of drugs have in common: doses by schedule, kinetics between them, stopping and washing out. A
// drug adds its kinetics and what they do to the levers.
#pragma once

#include "hortega/therapy/course.hpp"
#include "hortega/therapy/parameters.hpp"
#include "hortega/therapy/regimen.hpp"
#include "hortega/therapy/response.hpp"
#include "hortega/therapy/uses.hpp"

namespace hortega::therapy {

/// Single doses matter (infusions), or the drug is taken so often that only its level does.
enum class Intake { single_doses, continuous };

class DrugCourse : public Course {
 public:
  DrugCourse(const Regimen& regimen, const Parameters& parameters, Slot slot, Intake intake);
  void begin(int day, const Patient& patient, CourseSink& sink) final;
  void resume(int day, const Patient& patient) final;
  void update(int day, const Patient& patient, CourseSink& sink, disease::Levers<double>& levers) final;
  int next_due() const final { return next_due_; }
  void stop(int day) final;
  bool finished() const final { return finished_; }
  const Parameters* parameters() const final { return &p_; }

 protected:
  /// What is drawn or computed for the person before the first dose.
  virtual void prepare(const Patient&) {}
  /// Days from the decision to the first day of the schedule: cells that have to be made first.
  virtual int lead_days(const Patient&) { return 0; }
  /// Kinetics as after long use; returns days since the last dose of a schedule (ignored if there is none).
  virtual int settle(const Patient&) { return 0; }
  /// A dose is given today (kinetics are at today).
  virtual void dose(int /*day*/, const Dosing&, const Patient&, CourseSink&) {}
  /// The body's clearance and adaptation over some days.
  virtual void elapse(int /*days*/, const Patient&) {}
  /// Today's levers, from neutral ones.
  virtual void act(int /*day*/, const Patient&, disease::Levers<double>&) const {}
  /// Days until the levers have to be written anew; k_never when steady.
  virtual int refresh_days() const { return k_never; }
  /// Days from `day` until the levers are written anew, by a dose or by refresh_days().
  int days_ahead(int day) const;
  /// Harms other than infections and those of single doses; also says when it must be asked again.
  virtual int other_harms(int /*day*/, const Patient&, CourseSink&) { return k_never; }
  /// Nothing left after stopping?
  virtual bool gone() const { return true; }
  /// False where dose() had nothing to give: then nothing is booked.
  virtual bool given() const { return true; }
  /// What a dose used up; of drugs the mg and, by vein, a place in day care.
  virtual void book_dose(int day, const Dosing& line, const Patient& patient, CourseSink& sink);

  const Regimen& regimen_;
  const Parameters& p_;
  const Slot slot_;
  const Intake intake_;
  int start_ = 0;
  bool stopped_ = false;
  bool resumed_ = false;
  int doses_given_ = 0;

 private:
  int next_dose() const;
  void schedule_from(int regimen_day);
  void settle_due(int day, int harm_due);
  void book_start(const Patient& patient, CourseSink& sink);
  void book_watching(int day, CourseSink& sink) const;

  RunningUses running_;
  bool booked_ = false;        // the start
  int infused_day_ = k_never;  // the last
  std::vector<int> next_;      // life day of the next dose of each line
  int last_ = 0;
  int stop_day_ = k_never;
  int next_due_ = k_never;
  bool finished_ = false;
};

/// What an effect that fades exponentially is worth on average over the days to come, in what it is today.
inline double mean_while_fading(double days, double time_constant_day) {
  const double x = days / time_constant_day;
  return x > 0.0 ? (1.0 - math::exp(-x)) / x : 1.0;
}

/// Level (0 to 1) of an effect that builds up and fades with its own time constants: for drugs without usable
/// pharmacokinetics.
class SteadyLevel {
 public:
  void settle() { level_ = 1.0; }
  void elapse(int days, bool on, double onset_day, double fade_day) {
    const double target = on ? 1.0 : 0.0;
    level_ = target + (level_ - target) * math::exp(-days / (on ? onset_day : fade_day));
    if (std::abs(level_ - target) < k_settled) level_ = target;
  }
  double level() const { return level_; }
  bool moving(bool on) const { return level_ != (on ? 1.0 : 0.0); }

 private:
  static constexpr double k_settled = 0.01;  // not biology: the rest is ignored
  double level_ = 0.0;
};

std::unique_ptr<Course> make_graft_protection(const Regimen&, const Parameters&);
std::unique_ptr<Course> make_steroid(const Regimen&, const Parameters&);
std::unique_ptr<Course> make_inert(const Regimen&, const Parameters&);
std::unique_ptr<Course> make_progenitor_course(const Regimen&, const Parameters&);
std::unique_ptr<Course> make_transplant(const Regimen&, const Parameters&);
std::unique_ptr<Course> make_allogeneic_transplant(const Regimen&, const Parameters&);
std::unique_ptr<Course> make_mesenchymal(const Regimen&, const Parameters&);

}  // namespace hortega::therapy
