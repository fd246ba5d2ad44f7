// SPDX-License-Identifier: Apache-2.0
//
// Natalizumab: concentration by one compartment, saturation of alpha-4 integrin by concentration, entry by
// saturation. Washout brings traffic back over two to four months, and with it the cells that gathered in the
// blood. PML is rare and comes after years of use.
#include "hortega/therapy/drug_course.hpp"
#include "hortega/therapy/kept_cells.hpp"
#include "hortega/therapy/registry.hpp"

namespace hortega::therapy {

namespace {

constexpr double k_gone_mg_per_l = 0.01;  // not biology: what is taken as gone
constexpr std::uint32_t k_antibody_number = 1;
constexpr std::uint32_t k_reaction_number = 2;
constexpr std::uint32_t k_pml_number = 3;

class Natalizumab final : public DrugCourse {
 public:
  Natalizumab(const Regimen& regimen, const Parameters& parameters)
      : DrugCourse(regimen, parameters, Slot::natalizumab, Intake::single_doses),
        pml_(slot_index(Slot::natalizumab, k_pml_number)) {}

 protected:
  void prepare(const Patient& patient) override {
    const double half_life = personal(p_.natalizumab_half_life, response_of(patient, slot_), 1.0, 60.0);
    // Volume from the published pair of clearance and half-life; a person's half-life is his clearance.
    volume_l_ = p_.natalizumab_clearance.value * p_.natalizumab_half_life.value / k_ln2;
    const double antibodies =
        core::Draws(patient.key, core::Purpose::response, 0, slot_index(slot_, k_antibody_number))
                .happens(p_.natalizumab_antibody_share.value)
            ? p_.natalizumab_antibody_clearance.value
            : 1.0;
    loss_per_day_ = k_ln2 / half_life * antibodies;
  }
  int settle(const Patient& patient) override {
    const Dosing& line = regimen_.doses.back();
    const double every = line.every_day.value_or(28.0);  // not biology: a prescription without interval
    const int since = static_cast<int>(every / 2.0);
    const double after =
        mg_of(line.dose, *patient.profile) / volume_l_ / (1.0 - math::exp(-loss_per_day_ * every));
    concentration_ = after * math::exp(-loss_per_day_ * since);
    kept_.settle(saturation());
    return since;
  }
  void dose(int day, const Dosing& line, const Patient& patient, CourseSink& sink) override {
    concentration_ += mg_of(line.dose, *patient.profile) / volume_l_;
    sink.milestone(Milestone::infusion, day, line.dose.amount);
    if (harm_happens(patient, day, slot_, k_reaction_number, p_.natalizumab_reaction.value)) {
      sink.harm({"infusion related reaction", 2, day, day + 1, false});
    }
  }
  void elapse(int days, const Patient&) override {
    concentration_ *= math::exp(-loss_per_day_ * days);
    kept_.elapse(days, saturation(), p_.natalizumab_kept_fade.value);
  }
  void act(int, const Patient&, disease::Levers<double>& levers) const override {
    const double by_integrin = 1.0 - p_.natalizumab_entry_floor.value;
    const double bound = saturation();
    // Cells that gathered because the integrin was bound need it to enter: they do as far as it is there
    // again (cells under the drug carry less of it, which returns in step with saturation, E0980) and free.
    const double free = 1.0 - bound;
    levers.entry =
        1.0 - by_integrin * bound + by_integrin * free * free * p_.natalizumab_kept.value * kept_.level();
    levers.lymphocytes_seen = 1.0 + (p_.natalizumab_lymphocytosis.value - 1.0) * bound;
  }
  int refresh_days() const override { return 7; }  // not biology: step
  int other_harms(int day, const Patient& patient, CourseSink& sink) override {
    if (!pml_started_) {
      pml_started_ = true;
      pml_.start(day, p_.natalizumab_pml_rate.value, patient.key);
    } else if (pml_.due() <= day) {
      const bool long_enough = resumed_ || day - start_ >= p_.natalizumab_pml_latency.value;
      if (pml_.happens(day, !stopped_ && long_enough ? p_.natalizumab_pml_rate.value : 0.0, patient.key)) {
        sink.harm({"progressive multifocal leukoencephalopathy", 4, day, day + 180,
                   true});  // not biology: half a year
      }
    }
    return pml_.due();
  }
  bool gone() const override { return concentration_ < k_gone_mg_per_l && kept_.gone(); }

 private:
  static constexpr double k_ln2 = 0.6931471805599453;
  double saturation() const {
    return concentration_ / (concentration_ + p_.natalizumab_half_saturation.value);
  }
  KeptCells kept_;
  double volume_l_ = 1.0;
  double loss_per_day_ = 0.0;
  double concentration_ = 0.0;
  HarmClock pml_;
  bool pml_started_ = false;
};

}  // namespace

HORTEGA_THERAPY(natalizumab) {
  return {[](const Regimen& r, const Parameters& p) -> std::unique_ptr<Course> {
            return std::make_unique<Natalizumab>(r, p);
          },
          [](const Parameters& p) { return as_long_as_taken(p.visits_infused); }};
}

}  // namespace hortega::therapy
