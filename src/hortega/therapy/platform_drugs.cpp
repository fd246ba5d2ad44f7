// SPDX-License-Identifier: Apache-2.0
//
// Interferon beta, glatiramer and dimethyl fumarate: drugs for which no measurement ties exposure to a lever.
// Each has one lever strength (docs/drugs.md), building up and fading with a time constant of its own.
#include "hortega/therapy/drug_course.hpp"
#include "hortega/therapy/registry.hpp"

namespace hortega::therapy {

namespace {

/// Where the one lever of a drug stands in the parameters.
struct Platform {
  double disease::Levers<double>::*lever;
  const core::Parameter* strength;
  const core::Parameter* onset;
  const core::Parameter* fade;
  const core::Parameter* lymphocytes;  // null: the count does not change
  const char* reaction;
  const core::Parameter* reaction_share;
  Slot slot;
};

constexpr std::uint32_t k_reaction_number = 1;

class PlatformDrug final : public DrugCourse {
 public:
  PlatformDrug(const Regimen& regimen, const Parameters& parameters, const Platform& drug)
      : DrugCourse(regimen, parameters, drug.slot, Intake::continuous), drug_(drug) {}

 protected:
  void prepare(const Patient& patient) override {
    // The person's response acts on what the drug leaves.
    residual_ = personal(*drug_.strength, response_of(patient, slot_), 0.0, 1.0);
  }
  int settle(const Patient&) override {
    level_.settle();
    return 0;
  }
  void elapse(int days, const Patient&) override {
    level_.elapse(days, !stopped_, drug_.onset->value, drug_.fade->value);
  }
  void act(int, const Patient&, disease::Levers<double>& levers) const override {
    levers.*drug_.lever = 1.0 - (1.0 - residual_) * level_.level();
    if (drug_.lymphocytes != nullptr) {
      levers.lymphocytes_seen = 1.0 - (1.0 - drug_.lymphocytes->value) * level_.level();
    }
  }
  int refresh_days() const override { return level_.moving(!stopped_) ? 7 : k_never; }  // not biology: step
  int other_harms(int day, const Patient& patient, CourseSink& sink) override {
    if (!reaction_drawn_ && !resumed_) {
      reaction_drawn_ = true;
      if (harm_happens(patient, start_, slot_, k_reaction_number, drug_.reaction_share->value)) {
        sink.harm({drug_.reaction, 1, day, day + 90, false});  // not biology: recorded for three months
      }
    }
    return k_never;
  }
  bool gone() const override { return level_.level() == 0.0; }

 private:
  const Platform drug_;
  SteadyLevel level_;
  double residual_ = 1.0;
  bool reaction_drawn_ = false;
};

}  // namespace

HORTEGA_THERAPY(interferon) {
  return {[](const Regimen& r, const Parameters& p) -> std::unique_ptr<Course> {
            return std::make_unique<PlatformDrug>(
                r, p,
                Platform{&disease::Levers<double>::entry, &p.interferon_entry, &p.interferon_onset,
                         &p.interferon_fade, nullptr, "influenza-like illness", &p.interferon_flu_like,
                         Slot::interferon});
          },
          [](const Parameters& p) { return as_long_as_taken(p.visits_injected); }};
}

HORTEGA_THERAPY(glatiramer) {
  return {[](const Regimen& r, const Parameters& p) -> std::unique_ptr<Course> {
            return std::make_unique<PlatformDrug>(
                r, p,
                Platform{&disease::Levers<double>::activation, &p.glatiramer_activation, &p.glatiramer_onset,
                         &p.glatiramer_fade, nullptr, "immediate post-injection reaction",
                         &p.glatiramer_reaction, Slot::glatiramer});
          },
          [](const Parameters& p) { return as_long_as_taken(p.visits_injected); }};
}

HORTEGA_THERAPY(dimethyl_fumarate) {
  return {
      [](const Regimen& r, const Parameters& p) -> std::unique_ptr<Course> {
        return std::make_unique<PlatformDrug>(
            r, p,
            Platform{&disease::Levers<double>::entry, &p.dimethyl_fumarate_entry, &p.dimethyl_fumarate_onset,
                     &p.dimethyl_fumarate_fade, &p.dimethyl_fumarate_lymphocytes, "flushing",
                     &p.dimethyl_fumarate_flushing, Slot::dimethyl_fumarate});
      },
      [](const Parameters& p) { return as_long_as_taken(p.visits_oral); }};
}

}  // namespace hortega::therapy
