// SPDX-License-Identifier: Apache-2.0
//
// Infection, organ toxicity and death around a transplant: hazards of events from the day's counts, and the
// probability that an event kills, from age, disability, era and centre. No mortality is a constant.
#pragma once

#include "hortega/therapy/hsct_kill.hpp"
#include "hortega/therapy/late_harms.hpp"
#include "hortega/therapy/response.hpp"

namespace hortega::therapy {

/// Probability that an event kills, from its base at age 36, EDSS 3.5, year 2015, experienced centre.
double fatality(const Parameters& p, const Patient& patient, double base, double mucosa);

/// What the day's blood looks like.
struct DayCounts {
  double neutrophils_e9_per_l = 0.0;
  double t_level = 1.0;  // relative to health
  double mucosa = 0.0;   // damage still there, 1 = a course of BEAM
};

/// Infections and reactivations from conditioning to a year after the graft.
class TransplantInfections {
 public:
  /// Who carries latent viruses.
  void begin(const Parameters& p, const Patient& patient);
  /// Hazards over the `days` that end today. Returns true if the person dies of one (told to the sink).
  bool step(const Parameters& p, const Patient& patient, int day, int days, const DayCounts& counts,
            bool after_graft, CourseSink& sink);
  /// Infections by neutropenia of a mobilisation with chemotherapy.
  bool mobilisation(const Parameters& p, const Patient& patient, int day, double neutropenic_days,
                    CourseSink& sink);
  int due() const { return viruses_.due(); }

 private:
  bool sepsis(const Parameters& p, const Patient& patient, int day, double u_event, double u_death,
              double exposure_day, double mucosa, CourseSink& sink);
  bool cmv_carrier_ = false;
  bool ebv_carrier_ = false;
  bool cmv_done_ = false;
  bool ebv_done_ = false;
  bool zoster_done_ = false;
  bool fever_ = false;
  LateHarms viruses_;
};

/// Totals of a conditioning that organs feel.
struct Exposure {
  double busulfan_mg_per_kg = 0.0;
  double cyclophosphamide_mg_per_kg = 0.0;
  double carmustine_mg_per_m2 = 0.0;
  double mucosa = 0.0;
};

/// An organ toxicity to come.
struct OrganToxicity {
  Harm harm;
  bool fatal = false;
};

/// Drawn on the day of the graft: mucositis, veno-occlusive disease, heart, lung.
std::vector<OrganToxicity> draw_organ_toxicity(const Parameters& p, const Patient& patient, int graft_day,
                                               const Exposure& exposure);

/// Late harms: ovaries by age, thyroid and platelets.
void draw_late_harms(const Parameters& p, const Patient& patient, int graft_day, LateHarms& late);

}  // namespace hortega::therapy
