// SPDX-License-Identifier: Apache-2.0
//
// Mesenchymal cells: made (product_mesenchymal), given by a route, carried through the body
// (mesenchymal_body), and what they do while they live, or while the host's macrophages that took them up do
// (rival: msc_host_macrophages = 1). Everything fades with the cells or with those macrophages; nothing that
// they do to tissue is known to be more than none (docs/mesenchymal.md).
#include "hortega/therapy/drug_course.hpp"
#include "hortega/therapy/late_harms.hpp"
#include "hortega/therapy/mesenchymal_body.hpp"
#include "hortega/therapy/product_mesenchymal.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

namespace hortega::therapy {

namespace {

// not biology from here: numbers of draws, attempts, steps and what is taken as gone
enum Number : std::uint32_t {
  k_sensitised = 1,
  k_headache,
  k_fever,
  k_pain,
  k_nausea,
  k_meningitis,
  k_arachnoiditis,
  k_thrombosis,
  k_stroke,
  k_bleeding,
  k_ectopic,
};
constexpr std::uint32_t k_width = 16;  // numbers of one route
constexpr int k_attempts_before = 8;   // a bank is made until a batch passes
constexpr int k_attempts_after = 2;    // harvests that a person is asked for
constexpr double k_gone_share = 1e-3;
constexpr double k_e6 = 1e6;
constexpr double k_e8 = 1e8;
// not biology to here

CellRoute route_of(const std::string& route) {
  if (route == "intrathecal") return CellRoute::intrathecal;
  if (route == "intra-arterial") return CellRoute::intra_arterial;
  if (route == "intralesional") return CellRoute::intralesional;
  return CellRoute::intravenous;
}

/// x / (x + half), 0 without cells.
double saturation(double x, double half) { return x > 0.0 ? x / (x + half) : 0.0; }

class Mesenchymal final : public DrugCourse {
 public:
  Mesenchymal(const Regimen& regimen, const Parameters& parameters)
      : DrugCourse(regimen, parameters, Slot::mesenchymal, Intake::single_doses),
        plan_(*regimen.product),
        body_(parameters) {}
  bool gives_cells() const override { return true; }

 protected:
  void prepare(const Patient& patient) override {
    own_ = plan_.donor == CellDonor::self;
    const bool born = plan_.source == CellSource::cord || plan_.source == CellSource::placenta;
    const double age = patient.state.age_year();
    ManufactureOrder order;
    if (own_)
      order.donor_age_year = age;
    else if (!born)
      order.donor_age_year = plan_.donor_age_day ? *plan_.donor_age_day / 365.25 : p_.msc_donor_age.value;
    order.needed_e6 = needed_e6(patient);
    order.attempts = plan_.ready == CellReady::before_start ? k_attempts_before : k_attempts_after;
    product_ = plan_.ready == CellReady::supplied ? supplied(order.needed_e6)
                                                  : make_mesenchymal_cells(p_, plan_, order, patient.key);
    stock_e6_ = product_.cells_e6;
    // Who will make antibodies against a donor is decided once: published shares do not rise with the doses.
    double share = own_ ? 0.0 : p_.msc_sensitised.value;
    if (born) share *= p_.msc_born_visibility.value;
    if (plan_.hla_matched) share *= p_.msc_matched_visibility.value;
    sensitised_ =
        core::Draws(patient.key, core::Purpose::response, 0, slot_index(slot_, k_sensitised)).happens(share);
    // Own cells protect tissue less the longer the disease has lasted.
    tissue_quality_ =
        own_ ? math::exp(-p_.msc_own_loss.value * (age - patient.profile->onset_age_year)) : 1.0;
    if (plan_.induced) tissue_quality_ *= p_.msc_induction.value;
    immune_quality_ = own_ ? 1.0 - p_.msc_own_immune_loss.value : 1.0;
  }
  int lead_days(const Patient&) override {
    return plan_.ready == CellReady::after_harvest ? static_cast<int>(std::lround(product_.days)) : 0;
  }
  void dose(int day, const Dosing& line, const Patient& patient, CourseSink& sink) override {
    if (!told_) {
      told_ = true;
      sink.milestone(product_.usable() ? Milestone::product_ready : Milestone::product_failure, day,
                     product_.days);
      sink.milestone(Milestone::product_cost, day, product_.cost_eur);
      if (plan_.ready != CellReady::supplied) tell_making(day, sink);
      book_product(day, sink);
    }
    given_ = false;
    if (!product_.usable()) return;
    const double wanted = cells_of(line.dose, *patient.profile) / k_e6;
    const double given = plan_.frozen ? std::min(wanted, stock_e6_) : wanted;
    if (plan_.frozen) {
      stock_e6_ -= given;
    } else if (last_dose_day_ != k_never && day != last_dose_day_) {
      // Fresh cells for a later dose are another culture.
      sink.milestone(Milestone::product_cost, day, product_.cost_eur);
      sink.use(used_once(Resource::cell_product, regimen_.id, day, product_.cost_eur));
    }
    if (given <= 0.0) return;
    given_ = true;
    if (!own_ && day - first_dose_day_ > p_.msc_sensitisation_time.value && first_dose_day_ != k_never) {
      immune_ = immune_ || sensitised_;
    }
    if (first_dose_day_ == k_never) first_dose_day_ = day;
    last_dose_day_ = day;
    const double living = given * product_.viable_share;
    const double before = body_.living().sum();
    const double stun = plan_.frozen ? 1.0 - p_.msc_thaw_function.value : 0.0;
    body_.give(route_of(line.route), living, given - living, meets(patient));
    stun_ = (stun_ * before + stun * living) / std::max(before + living, k_gone_share);
    sink.milestone(Milestone::infusion, day, given);
    harms_of(day, line, given, patient, sink);
    book_route(day, route_of(line.route), sink);
  }
  bool given() const override { return given_; }
  void book_dose(int, const Dosing&, const Patient&, CourseSink&) override {}  // told by dose()
  void elapse(int days, const Patient& patient) override {
    body_.elapse(days, meets(patient));
    stun_ *= math::exp(-days / p_.msc_thaw_recovery.value);
  }
  void act(int, const Patient& patient, disease::Levers<double>& levers) const override {
    if (body_.gone(k_gone_share)) return;
    const double days = refresh_days();
    const CellExposure x = body_.mean_over(days, meets(patient));
    const bool host = p_.msc_host_macrophages.value > 0.5;
    // Cells that act: living ones that are not stunned by the thaw, or the macrophages that dead ones
    // changed.
    const double thaw = days / p_.msc_thaw_recovery.value;
    const double awake = 1.0 - stun_ * (1.0 - math::exp(-thaw)) / thaw;
    const double able = host ? p_.msc_macrophage_gain.value : product_.potency * awake;
    const double outside =
        able *
        (host ? x.engulfed.outside : immune_quality_ * (x.living.lung + x.living.organs + x.living.vessels));
    const double in_csf = able * (host ? x.engulfed.csf : x.living.csf);
    const double in_tissue = able * (host ? x.engulfed.tissue : x.living.tissue);
    const double at_vessels = host ? 0.0 : able * x.living.vessels;
    const double in_graft = host ? 0.0 : able * x.living.graft;

    // Against T cells what counts in vitro is the number of cells to each lymphocyte.
    const double periphery =
        saturation(p_.msc_reach.value * outside * k_e6 / p_.body_lymphocytes.value, p_.msc_half_ratio.value);
    // On tissue, cells per volume: the part of the CNS that the CSF reaches, where they were injected, the
    // rest.
    const double half = p_.msc_half_density.value;  // 1e6 cells/mL
    const double csf = p_.msc_csf_reach.value * saturation(in_csf / p_.csf_volume.value, half);
    const double graft_share = std::min(1.0, p_.msc_graft_reach.value / p_.cns_volume.value);
    const double graft = graft_share * saturation(in_graft / p_.msc_graft_reach.value, half);
    const double spread = saturation((in_tissue + at_vessels) / p_.cns_volume.value, half);
    const double tissue = 1.0 - (1.0 - csf) * (1.0 - graft) * (1.0 - spread);
    const double vessels = 1.0 - (1.0 - csf) * (1.0 - saturation(at_vessels / p_.cns_volume.value, half));

    const disease::StateView& s = patient.state;
    const double out = periphery * licence(s.cytokines());
    const double wall = vessels * licence(s.barrier());
    const double in = tissue * licence(s.activity() + s.compartment());
    levers.activation = 1.0 - p_.msc_activation.value * out;
    levers.treg_gain = p_.msc_treg_gain.value * out;
    levers.barrier_seal = 1.0 - p_.msc_barrier_seal.value * wall;
    levers.microglia = 1.0 - p_.msc_microglia.value * in;
    // Trophic factors are secreted with or without inflammation.
    const double trophic = std::min(1.0, tissue * tissue_quality_);
    levers.trophic = 1.0 - p_.msc_trophic.value * trophic;
    levers.remyelination = 1.0 + p_.msc_remyelination.value * trophic;
  }
  int refresh_days() const override {
    if (body_.gone(k_gone_share)) return k_never;
    // Supplied cells are those of experiments, whose disease lasts weeks: a week's mean would blur it.
    if (plan_.ready == CellReady::supplied || body_.in_vessels()) return 1;
    return 7;  // not biology: step
  }
  int other_harms(int day, const Patient&, CourseSink& sink) override {
    late_.tell(day, sink);
    return late_.due();
  }
  bool gone() const override { return body_.gone(k_gone_share) && late_.empty(); }

 private:
  /// Cells for all doses if they are kept frozen, for the largest day of doses if each is made fresh.
  double needed_e6(const Patient& patient) const {
    double sum = 0.0;
    std::map<int, double> by_day;
    for (const Dosing& line : regimen_.doses) {
      const double e6 = cells_of(line.dose, *patient.profile) / k_e6;
      for (int day = next_dose_day(line, 0); day != k_never; day = next_dose_day(line, day + 1)) {
        sum += e6;
        by_day[day] += e6;
      }
    }
    if (plan_.frozen) return sum;
    double most = 0.0;
    for (const auto& [day, e6] : by_day) most = std::max(most, e6);
    return most;
  }
  /// Cells as the sources of their effects had them.
  static CellProduct supplied(double cells_e6) {
    CellProduct cells;
    cells.cells_e6 = cells_e6;
    cells.potency = cells.homing = 1.0;
    return cells;
  }
  BodyState meets(const Patient& patient) const {
    return {patient.state.barrier(), product_.homing, immune_ ? p_.msc_sensitised_clearance.value : 1.0};
  }
  /// Share of the immune effects that inflammation switches on (interferon gamma, IDO, PGE2).
  double licence(double inflammation) const {
    return p_.msc_unlicensed.value +
           (1.0 - p_.msc_unlicensed.value) * saturation(inflammation, p_.msc_licence_half.value);
  }

  void tell_making(int day, CourseSink& sink) const {
    sink.milestone(Milestone::product_batches, day, product_.attempts);
    sink.milestone(Milestone::product_passages, day, product_.passages);
    sink.milestone(Milestone::product_cells, day, product_.cells_e6);
    sink.milestone(Milestone::product_potency, day, product_.potency);
    sink.milestone(Milestone::product_senescent, day, product_.senescent_share);
    constexpr std::array<std::pair<BatchFailure, Milestone>, k_batch_failures - 1> reasons = {
        {{BatchFailure::too_few, Milestone::batch_too_few},
         {BatchFailure::senescent, Milestone::batch_senescent},
         {BatchFailure::karyotype, Milestone::batch_karyotype},
         {BatchFailure::contaminated, Milestone::batch_contaminated},
         {BatchFailure::weak, Milestone::batch_weak}}};
    for (const auto& [why, what] : reasons) {
      const int failed = product_.failed[static_cast<std::size_t>(why)];
      if (failed > 0) sink.milestone(what, day, failed);
    }
  }
  void book_product(int day, CourseSink& sink) const {
    sink.use(used_once(Resource::cell_product, regimen_.id, day, product_.cost_eur));
    const int failed = product_.attempts - (product_.usable() ? 1 : 0);
    if (failed > 0) sink.use(used_once(Resource::failed_batch, regimen_.id, day, failed));
    // A bank stands before anybody asks for it; own cells are harvested, anew for each attempt.
    if (!own_) return;
    sink.use(used_once(Resource::harvest, regimen_.id, day, product_.attempts));
    if (plan_.ready == CellReady::before_start)
      sink.use(used_once(Resource::wait_for_cells, regimen_.id, day, product_.days));
  }
  void book_route(int day, CellRoute route, CourseSink& sink) const {
    switch (route) {
      case CellRoute::intravenous:
        sink.use(used_once(Resource::infusion, regimen_.id, day, 1.0));
        return;
      case CellRoute::intrathecal:
        sink.use(used_once(Resource::lumbar_injection, regimen_.id, day, 1.0));
        return;
      case CellRoute::intra_arterial:
        sink.use(used_once(Resource::catheter, regimen_.id, day, 1.0));
        return;
      case CellRoute::intralesional:
        sink.use(used_once(Resource::neurosurgery, regimen_.id, day, 1.0));
        sink.use(used_daily(Resource::ward_day, regimen_.id, day,
                            day + static_cast<int>(std::lround(p_.neurosurgery_stay.value)), 1.0));
        return;
    }
  }

  void harms_of(int day, const Dosing& line, double given_e6, const Patient& patient, CourseSink& sink) {
    const CellRoute route = route_of(line.route);
    const auto base = static_cast<std::uint32_t>(route) * k_width;
    const auto harm = [&](Number number, double share, const char* term, int grade, int lasts, bool serious) {
      if (harm_happens(patient, day, slot_, base + number, share))
        sink.harm({term, grade, day, day + lasts, serious});
    };
    const auto ectopic = [&] {
      core::Draws d(patient.key, core::Purpose::harm, static_cast<std::uint32_t>(day),
                    slot_index(slot_, base + k_ectopic));
      if (!d.happens(p_.msc_ectopic.value)) return;
      const int shows = day + 1 + static_cast<int>(p_.msc_ectopic_time.value * d.exponential());
      late_.add({"ectopic tissue in the nervous system", 3, shows, shows + 365, true});
    };
    switch (route) {
      case CellRoute::intrathecal: {
        const auto of = [&](const core::Parameter& own, const core::Parameter& other) {
          return own_ ? own.value : other.value;
        };
        harm(k_headache, of(p_.msc_it_headache_own, p_.msc_it_headache_other), "headache", 2, 4, false);
        harm(k_fever, of(p_.msc_it_fever_own, p_.msc_it_fever_other), "fever", 1, 2, false);
        harm(k_pain, of(p_.msc_it_pain_own, p_.msc_it_pain_other), "pain at the puncture", 1, 3, false);
        harm(k_nausea, p_.msc_it_nausea.value, "nausea", 1, 2, false);
        harm(k_meningitis, p_.msc_meningitis.value, "bacterial meningitis", 4, 21, true);
        harm(k_arachnoiditis, p_.msc_arachnoiditis.value, "arachnoiditis", 3, 90, true);
        ectopic();
        return;
      }
      case CellRoute::intra_arterial:
        harm(k_stroke, p_.msc_ia_stroke.value * given_e6 * k_e6 / k_e8, "ischaemic stroke", 3, 90, true);
        [[fallthrough]];
      case CellRoute::intravenous: {
        harm(k_fever, p_.msc_iv_fever_base.value * p_.msc_iv_fever_ratio.value, "fever", 1, 2, false);
        const double tissue_factor = plan_.source == CellSource::marrow ? 1.0 : p_.msc_procoagulant.value;
        harm(k_thrombosis, p_.msc_thrombosis.value * tissue_factor * given_e6 * k_e6 / k_e8,
             "thromboembolic event", 3, 90, true);
        return;
      }
      case CellRoute::intralesional:
        harm(k_bleeding, p_.msc_graft_bleeding.value, "intracranial haemorrhage", 3, 30, true);
        ectopic();
        return;
    }
  }

  const ProductPlan plan_;
  MesenchymalBody body_;
  CellProduct product_;
  LateHarms late_;
  double stock_e6_ = 0.0;
  double stun_ = 0.0;  // mean share of function that living cells lack since the thaw
  double tissue_quality_ = 1.0;
  double immune_quality_ = 1.0;  // against T cells, of cells of people with MS beside those of others
  bool own_ = true;
  bool told_ = false;
  bool sensitised_ = false;
  bool immune_ = false;
  bool given_ = false;  // the last dose
  int first_dose_day_ = k_never;
  int last_dose_day_ = k_never;
};

}  // namespace

std::unique_ptr<Course> make_mesenchymal(const Regimen& r, const Parameters& p) {
  return std::make_unique<Mesenchymal>(r, p);
}

}  // namespace hortega::therapy
