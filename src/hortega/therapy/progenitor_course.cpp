// SPDX-License-Identifier: Apache-2.0
//
// Progenitor transplantation as a process: the product is made, cells are put in, drugs keep them from
// rejection, they spread, mature and make myelin where lesions permit it; what can go wrong does so by the
// cells and the drugs given.
#include "hortega/therapy/drug_course.hpp"
#include "hortega/therapy/graft_protection.hpp"
#include "hortega/therapy/progenitor_graft.hpp"
#include "hortega/therapy/progenitor_harms.hpp"
#include "hortega/therapy/uses.hpp"

namespace hortega::therapy {

namespace {

constexpr double k_million = 1e6;
constexpr double k_days_per_year = 365.25;  // not biology
constexpr double k_few_cells = 1.0;         // not biology: fewer are none
constexpr std::uint32_t k_first_drug_harm = 8;
// Calendar of the numerics, not biology: weekly in the first year, monthly after it.
constexpr int k_weekly_days = 365;
constexpr int k_week = 7;
constexpr int k_month = 28;

class ProgenitorCourse final : public Course {
 public:
  ProgenitorCourse(const Regimen& regimen, const Parameters& parameters)
      : regimen_(regimen),
        plan_(*regimen.progenitors),
        p_(parameters),
        drugs_(parameters, regimen.doses, Slot::progenitors, k_first_drug_harm) {}

  void begin(int day, const Patient& patient, CourseSink&) override {
    product_ = make_progenitors(p_, plan_, patient, day);
    ready_day_ = day + static_cast<int>(std::floor(product_.days + 0.5));
    last_ = day;
    next_due_ = ready_day_;
  }
  void resume(int, const Patient&) override { finished_ = true; }  // a graft of long ago is not modelled
  void update(int day, const Patient& patient, CourseSink& sink, disease::Levers<double>& levers) override;
  int next_due() const override { return finished_ ? k_never : next_due_; }
  /// Before the graft it is called off; afterwards the drugs that protect it are stopped.
  void stop(int day) override {
    if (finished_ || stopped_) return;
    stopped_ = true;
    stop_day_ = day;
    if (!graft_.given()) finished_ = true;
    next_due_ = std::min(next_due_, day);
  }
  bool finished() const override { return finished_; }
  double graft_protection() const override { return drugs_.blocked(); }
  bool gives_cells() const override { return true; }
  const Parameters* parameters() const override { return &p_; }

 private:
  void give(int day, const Patient& patient, CourseSink& sink);
  void live(int day, const Patient& patient, CourseSink& sink);
  void book_product(int day, CourseSink& sink) const;
  void book_graft(int day, const Patient& patient, CourseSink& sink);

  const Regimen& regimen_;
  const ProgenitorPlan& plan_;
  const Parameters& p_;
  ProgenitorProduct product_;
  ProgenitorGraft graft_;
  Immunosuppression drugs_;
  Teratoma teratoma_;
  bool teratoma_drawn_ = false;
  RunningUses running_;
  int ready_day_ = k_never;
  int graft_day_ = k_never;
  int stop_day_ = k_never;
  int last_ = 0;
  int next_due_ = k_never;
  bool stopped_ = false;
  bool finished_ = false;
};

void ProgenitorCourse::book_product(int day, CourseSink& sink) const {
  sink.use(used_once(Resource::cell_product, regimen_.id, day, product_.cost_eur));
  const int failed = product_.attempts - (product_.usable ? 1 : 0);
  if (failed > 0) sink.use(used_once(Resource::failed_batch, regimen_.id, day, failed));
}

void ProgenitorCourse::book_graft(int day, const Patient& patient, CourseSink& sink) {
  if (plan_.route == ProgenitorRoute::intrathecal) {
    sink.use(used_once(Resource::lumbar_injection, regimen_.id, day, 1.0));
  } else {
    sink.use(used_once(Resource::neurosurgery, regimen_.id, day, 1.0));
    sink.use(used_daily(Resource::ward_day, regimen_.id, day,
                        day + static_cast<int>(std::floor(p_.neurosurgery_stay.value + 0.5)), 1.0));
  }
  if (plan_.surveillance_every_day)  // tumours are looked for as long as anybody is seen
    sink.use(used_daily(Resource::mri, regimen_.id, day, k_never, 1.0 / *plan_.surveillance_every_day));
  int last = day + static_cast<int>(k_days_per_year);
  for (const Dosing& line : regimen_.doses) {
    const Use intake = intake_of(line, *patient.profile, day);
    last = std::max(last, intake.to_day);
    running_.start(intake, sink);
  }
  running_.start(
      used_daily(Resource::visit, regimen_.id, day, last,
                 (regimen_.doses.empty() ? p_.visits_cells : p_.visits_protection).value / k_days_per_year),
      sink);
}

void ProgenitorCourse::give(int day, const Patient& patient, CourseSink& sink) {
  sink.milestone(Milestone::product_cost, day, product_.cost_eur);
  sink.milestone(Milestone::product_batches, day, product_.attempts);
  book_product(day, sink);
  if (!product_.usable) {
    sink.milestone(Milestone::product_failure, day, product_.days);
    sink.milestone(Milestone::stopped, day, 0.0);
    finished_ = true;
    return;
  }
  sink.milestone(Milestone::product_ready, day, product_.days);
  sink.milestone(Milestone::cells_given, day, product_.cells / k_million);
  graft_day_ = last_ = day;
  graft_.give(p_, plan_, product_, patient);
  drugs_.begin(day, patient);
  draw_procedure_harms(p_, plan_, patient, day, sink);
  book_graft(day, patient, sink);
}

void ProgenitorCourse::live(int day, const Patient& patient, CourseSink& sink) {
  // In weeks at most, so that rejection follows the levels of the drugs.
  while (last_ < day) {
    const int until = std::min(day, last_ + k_week);
    if (drugs_.running() && stopped_ && stop_day_ <= until) drugs_.stop(stop_day_, patient);
    drugs_.advance(until, patient);
    graft_.elapse(p_, until - last_, protection_together(drugs_.blocked(), patient.graft_protection));
    last_ = until;
  }
  drugs_.harms(day, patient, sink);
  const int taken = graft_day_ + static_cast<int>(p_.teratoma_take.value);
  if (!teratoma_drawn_ && day >= taken) {
    teratoma_drawn_ = true;
    // Of all that were given: the source of teratoma_chance counts cells injected, not those that settled.
    const double pluripotent = product_.cells * product_.residual_share * graft_.unrejected();
    teratoma_.draw(p_, plan_, pluripotent, patient, graft_day_, day);
  }
  teratoma_.tell(p_, day, sink);
}

void ProgenitorCourse::update(int day, const Patient& patient, CourseSink& sink,
                              disease::Levers<double>& levers) {
  levers = disease::no_levers();
  if (finished_) return;
  if (!graft_.given()) {
    if (day < ready_day_) return;
    give(day, patient, sink);
    if (finished_) return;
  }
  if (stopped_) running_.stop(stop_day_, sink);
  live(day, patient, sink);
  levers.grafted = myelinating_cells_added(p_, graft_, lesion_bed(patient.state));
  levers.trophic = trophic_factor(p_, graft_);
  levers.activation = 1.0 - p_.protection_on_autoimmunity.value * drugs_.blocked();
  const bool cells_gone = graft_.living(p_) < k_few_cells;
  if (cells_gone && drugs_.gone() && teratoma_drawn_ && teratoma_.due() == k_never) {
    finished_ = true;
    levers = disease::no_levers();
    return;
  }
  const int step = day - graft_day_ < k_weekly_days ? k_week : k_month;
  next_due_ = std::min({day + step, teratoma_.due(), std::max(day + 1, drugs_.next_due(day))});
  if (next_due_ <= day) next_due_ = day + 1;
}

}  // namespace

std::unique_ptr<Course> make_progenitor_course(const Regimen& r, const Parameters& p) {
  return std::make_unique<ProgenitorCourse>(r, p);
}

}  // namespace hortega::therapy
